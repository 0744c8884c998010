import { workOut } from "./network.js";
