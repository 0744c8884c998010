"""The table of versions, made without importing what it names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from course import versions

EXTENSIONS = Path(versions.__file__).parents[1]


def test_it_names_the_package_python_and_the_libraries() -> None:
    head, rule, *rows = versions.table("tiny_package", "1.2.0").splitlines()
    assert (head, rule) == ("| part | version |", "| --- | --- |")
    assert rows[0] == "| `tiny_package` | 1.2.0 |"
    assert len(rows) == 2 + len(versions.LIBRARIES)
    assert not any("+" in row for row in rows), "a build is no version"


def test_it_imports_no_library() -> None:
    code = (
        "import sys; from course.versions import table; table('p', '1');"
        "sys.exit(bool({'torch', 'matplotlib'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=EXTENSIONS, check=False)
    assert done.returncode == 0
