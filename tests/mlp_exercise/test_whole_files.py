"""A file appears when it is complete; until then, what was there stays as it was."""

import os
import stat
from pathlib import Path

import pytest

from mlp_exercise.whole_files import is_device, whole


@pytest.mark.parametrize("before", [None, "old"])
def test_what_is_written_takes_its_place_at_the_end(
    tmp_path: Path, before: str | None
) -> None:
    file = tmp_path / "file"
    if before:
        file.write_text(before)
        file.chmod(0o600)
    with whole(file) as unfinished:
        unfinished.write_text("new")
        assert (file.read_text() if file.exists() else None) == before
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [
        ("file", "new")
    ]
    assert not before or stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("before", [[], ["old"]])
@pytest.mark.parametrize("error", [OSError, ValueError, KeyboardInterrupt])
def test_what_fails_leaves_everything_as_it_was(
    tmp_path: Path, before: list[str], error: type[BaseException]
) -> None:
    file = tmp_path / "file"
    for text in before:
        file.write_text(text)

    def fail() -> None:
        with whole(file) as unfinished:
            unfinished.write_text("ne")
            raise error

    with pytest.raises(error):
        fail()
    assert [path.read_text() for path in tmp_path.iterdir()] == before


def test_several_in_a_folder_may_be_unfinished_at_once(tmp_path: Path) -> None:
    with whole(tmp_path / "a") as a, whole(tmp_path / "b") as b:
        a.write_text("1")
        b.write_text("2")
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a": "1", "b": "2"}


def test_an_error_has_the_name_that_was_given(tmp_path: Path) -> None:
    file = tmp_path / "no folder" / "file"
    with pytest.raises(FileNotFoundError, match=r"file'$"), whole(file) as unfinished:
        unfinished.write_text("new")


@pytest.mark.skipif(os.name == "nt", reason="no such device")
def test_a_device_takes_what_is_written_at_once(tmp_path: Path) -> None:
    null = Path(os.devnull)
    with whole(null) as file:
        assert file == null
    assert is_device(null)
    assert not is_device(tmp_path)
    assert not is_device(tmp_path / "nothing")
