"""The table *What is tested when* says what is run once a week, and that is run."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_readme_lists_the_weekly_sessions() -> None:
    workflow = (ROOT / ".github/workflows/weekly.yml").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    (matrix,) = re.findall(r"session: \[(.*)\]", workflow)
    run = {*matrix.split(", "), *re.findall(r"nox -s (\w+)", workflow)}
    rows = re.findall(r"^\| `([a-z]+)` \|.*\|(.*)\|$", readme, re.MULTILINE)
    assert {name for name, weekly in rows if weekly.strip()} == run
