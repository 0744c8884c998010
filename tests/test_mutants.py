"""The session `mutants`: each module has tests, and the list of equivalent changes is true."""

import pytest

from tests.mutants.rooms import ROOMS, ROOT, Equivalent, Room, equivalents


@pytest.mark.parametrize("room", ROOMS.values(), ids=ROOMS.keys())
def test_each_module_has_tests_that_exist(room: Room) -> None:
    for file in room.files():
        assert room.tests(file), file
        assert all((ROOT / test).is_file() for test in room.tests(file)), file


@pytest.mark.parametrize("entry", equivalents(), ids=lambda entry: entry.before)
def test_a_change_that_none_can_notice_is_one_of_a_line_that_is_there(
    entry: Equivalent,
) -> None:
    text = (ROOT / entry.file).read_text("utf-8")
    lines = "\n".join(line.strip() for line in text.splitlines())
    assert f"\n{entry.before}\n" in f"\n{lines}\n"
    assert entry.before != entry.after
    assert entry.because
