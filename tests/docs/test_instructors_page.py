"""What the instructor's page lists is what there is: options and platforms."""

import argparse
import re
from pathlib import Path

from mlp_exercise.classroom.collecting.platforms import PLATFORMS
from mlp_exercise.classroom.command import add_arguments

PAGE = Path(__file__).parents[2] / "docs" / "instructors.md"


def rows(heading: str) -> list[str]:
    """Return the first cells of the tables below a heading."""
    text = PAGE.read_text("utf-8")
    part = re.split(r"^#+ .*$", text.partition(f"# {heading}\n")[2], flags=re.M)[0]
    cells = re.findall(r"^\| (.+?) \|", part, re.M)
    return [cell for cell in cells if not cell.startswith("---")]


def options() -> set[str]:
    parser = argparse.ArgumentParser()
    add_arguments(parser, "mark")
    return {
        name
        for action in parser._actions
        for name in action.option_strings
        if name.startswith("--") and name != "--help"
    }


def test_every_option_is_in_the_table_and_no_other() -> None:
    named = [re.findall(r"--[a-z-]+", row) for row in rows("Know every option")]
    assert sorted(name for row in named for name in row) == sorted(options())


def test_an_option_that_the_page_mentions_exists() -> None:
    text = re.sub(r"^(python -m pip|dask|nbgrader) .*$", "", PAGE.read_text("utf-8"))
    handout = {"--class-list", "--output", "--salt", "--site", "--solved", "--force"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= options() | handout


def collected() -> list[list[str]]:
    """Return the rows of the table of platforms."""
    text = PAGE.read_text("utf-8").partition("## Collect it\n")[2].partition("\n## ")[0]
    lines = re.findall(r"^\| (.+) \|$", text, re.M)[2:]
    return [line.split(" | ") for line in lines]


def test_the_platforms_of_the_page_are_those_that_are_known() -> None:
    named = {re.split(r"\W", platform)[0].lower() for platform, *_ in collected()}
    assert named == {platform.name for platform in PLATFORMS}


def test_the_names_that_the_page_shows_are_recognised() -> None:
    for shown, archive, _ in collected():
        name = re.findall(r"`([^`]+)`", archive)[0]
        path = re.sub(r"….ipynb$|…$", "x.ipynb", name)
        known = {each.name for each in PLATFORMS if each.pattern.match(path)}
        assert re.split(r"\W", shown)[0].lower() in known, path
