"""A course in a folder of its own, run by nbgrader's own commands, and by `mark`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from mlp_exercise.part1.variants import variant
from mlp_reference.worked_example import EXERCISE

Notebook = dict[str, Any]
Points = dict[str, float]


class Course:
    """One assignment of a course: ``source``, ``release``, ``submitted``, ``autograded``."""

    def __init__(
        self, folder: Path, name: str, exercise: str, seed: int | None
    ) -> None:
        self.folder, self.name, self.exercise, self.variant = (
            folder,
            name,
            exercise,
            seed,
        )
        self.example = EXERCISE if seed is None else variant(seed)
        self.marks: dict[str, Points] = {}
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        alone = {"HOME": str(folder / "home"), "JUPYTER_NO_CONFIG": "1"}
        kept_down = {"PIP_NO_INDEX": "1", "OMP_NUM_THREADS": "1"}
        self.environment = os.environ | alone | kept_down | {"PATH": programs}

    def path(self, *folders: str) -> Path:
        file = f"{self.exercise}.ipynb"
        return self.folder.joinpath(*folders, self.name, file)

    def read(self, *folders: str) -> Notebook:
        notebook: Notebook = json.loads(self.path(*folders).read_text("utf-8"))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
        return notebook

    def submit(self, student: str, notebook: Notebook) -> None:
        path = self.path("submitted", student)
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), "utf-8")

    def generate_assignment(self) -> None:
        self._run("nbgrader", "generate_assignment", self.name)

    def autograde(self) -> None:
        # Its own limit is 30 s by the clock.
        patient = "--ExecutePreprocessor.timeout=3600"
        self._run("nbgrader", "autograde", patient, self.name)

    def worth(self) -> Points:
        """Look up what every step is worth."""
        about = [cell["metadata"]["nbgrader"] for cell in self.read("source")["cells"]]
        return {_step(a["grade_id"]): a["points"] for a in about if a["grade"]}

    def grades(self, student: str) -> Points:
        """Read the points of every check from nbgrader's gradebook."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            found = gradebook.find_submission_notebook(
                self.exercise, self.name, student
            )
            points = {grade.name: grade.auto_score for grade in found.grades}
            assert found.score == sum(points.values())
            assert not found.needs_manual_grade
        return {_step(check): n for check, n in points.items()}

    def mark(self) -> None:
        """Let ``python -m mlp_exercise mark`` mark the very same files."""
        report = self._run("mlp_exercise", "mark", "submitted", "--format", "json")
        for sheet in json.loads(report):
            assert sheet["exercise"] == self.exercise
            points = {step["name"]: step["points"] for step in sheet["steps"]}
            assert sheet["points"] == sum(points.values())
            self.marks[Path(sheet["file"]).parts[1]] = points

    def _run(self, module: str, *arguments: str) -> str:
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def _step(check: str) -> str:
    return check.removeprefix("check_")
