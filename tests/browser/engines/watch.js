// What goes wrong on a page: the server puts this before the page's own programs, because
// WebDriver shows no console of WebKit.
window.complaints = [];
addEventListener(
  "error",
  ({ message, target }) => {
    if (target.rel === "next") return; // Firefox would fetch it early, where it may be kept
    complaints.push(message ?? `${target.src ?? target.href} could not be loaded`);
  },
  true, // what cannot be loaded is told to its element alone
);
addEventListener("unhandledrejection", ({ reason }) => complaints.push(`rejected: ${reason}`));
addEventListener("securitypolicyviolation", ({ blockedURI, violatedDirective }) =>
  complaints.push(`${violatedDirective} blocks ${blockedURI}`),
);
for (const kind of ["error", "warn"]) {
  const say = console[kind];
  console[kind] = (...words) => {
    complaints.push(`console.${kind}: ${words.join(" ")}`);
    say(...words);
  };
}
