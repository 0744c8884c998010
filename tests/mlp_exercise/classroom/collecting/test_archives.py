"""Archives as they are: what is in them is found and read, or there is a reason."""

import errno
import io
import json
import os
import pickle
import random
import stat
import struct
import threading
import warnings
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_exercise.classroom.collecting import archives, directory, listing
from mlp_exercise.classroom.collecting.collect import Found, Handed, NoNotebook, find
from mlp_exercise.submission.notebook import LARGEST_FILE, NotMarked, Unreadable
from tests.mlp_exercise.classroom.collecting.malformed import check, malformed

NOTEBOOK = b'{"cells": []}'


def pack(*entries: str | tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """Return an archive of notebooks by their names, and of other files with what they are."""
    stream = io.BytesIO()
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        warnings.simplefilter("ignore")  # of names that are there twice
        for entry in entries:
            name, content = (entry, NOTEBOOK) if isinstance(entry, str) else entry
            archive.writestr(name, content)
    return stream.getvalue()


def info(name: str, **about: Any) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, (2026, 11, 24, 10, 0, 0))
    for key, value in about.items():
        setattr(made, key, value)
    return made


@pytest.fixture
def found_in(tmp_path: Path) -> Callable[[bytes], dict[str, Found]]:
    """Return what is found in an archive, by the names in it."""

    def found_in(data: bytes) -> dict[str, Found]:
        file = tmp_path / "class.zip"
        file.write_bytes(data)
        above = len(str(file)) + 1
        return {item.file[above:]: item for item in find(str(file))}

    return found_in


def reason(item: Found) -> str:
    assert isinstance(item, NoNotebook)
    return item.reason


def read(item: Found) -> bytes:
    assert isinstance(item, Handed)
    return item.content()


def test_an_archive_is_read_as_the_folder_that_was_packed(tmp_path: Path) -> None:
    names = ["ada/x.ipynb", "ada/y.py", "bob/z.heic", "c/d/é.IPYNB", "names.csv"]
    names += ["ada/.ipynb_checkpoints/x.ipynb", "__MACOSX/ada/._x.ipynb", "a/.git/x.py"]
    for name in names:
        file = tmp_path / "class" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(NOTEBOOK)
    (tmp_path / "class" / "empty").mkdir()
    packed = tmp_path / "packed" / "class.zip"
    packed.parent.mkdir()
    packed.write_bytes(pack(*names, ("empty/", b"")))

    def told(path: Path) -> list[tuple[str, str]]:
        return [
            (i.file[len(str(path)) :], "" if isinstance(i, Handed) else i.reason)
            for i in find(str(path))
        ]

    assert told(packed) == told(tmp_path / "class")


def test_nothing_is_written(tmp_path: Path, found_in: Any) -> None:
    found = found_in(pack("a/x.ipynb", ("b/work.zip", pack("y.ipynb"))))
    assert [read(item) for item in found.values()] == [NOTEBOOK, NOTEBOOK]
    assert [file.name for file in tmp_path.rglob("*")] == ["class.zip"]


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("../x.ipynb", "leads out"),
        ("a/../../x.ipynb", "leads out"),
        ("/etc/x.ipynb", "leads out"),
        ("C:\\x.ipynb", "leads out"),
        ("x" * 1001 + ".ipynb", "1007 letters"),
        ("d/" * 60 + "x.ipynb", "too deep"),
        ((info("x.ipynb", external_attr=(stat.S_IFLNK | 0o777) << 16), b"/"), "a link"),
        ((info("x.ipynb", external_attr=stat.S_IFIFO << 16), b""), "neither a file"),
        ((info("x.ipynb", compress_type=zipfile.ZIP_LZMA), NOTEBOOK), "unusual way"),
        (("x.ipynb", bytes(2 * 2**20)), "200 times larger"),
        ("x.7z", "a .7z file came"),
        ("x.tar.gz", "a .tar.gz file came"),
        (("x.zip", b"Rar!"), "a .zip file came: the archive cannot be read"),
        (("x.zip", pack(("a.py", b""))), "without notebooks came; in it: a.py"),
        (("x.zip", pack()), "without notebooks came; in it: nothing"),
    ],
)
def test_what_is_odd_has_a_reason_and_the_rest_is_read(
    found_in: Any, entry: Any, why: str
) -> None:
    found = found_in(pack("ada/x.ipynb", entry, "zoe/x.ipynb"))
    assert len(found) == 3
    assert read(found.pop("ada/x.ipynb")) == read(found.pop("zoe/x.ipynb")) == NOTEBOOK
    (odd,) = found.values()
    assert why in reason(odd)


def test_names_are_read_whatever_system_wrote_them(found_in: Any) -> None:
    data = pack("ada\\x.ipynb", "./bob//x.ipynb", "zoë/x.ipynb", "zzz/x.ipynb")
    # Old programs write UTF-8 without saying so, and others what MS-DOS wrote.
    utf8, dos = "zoë".encode(), "zoë".encode("cp437")
    assert data.count(utf8) == 2
    silent = data.replace(b"\x00\x08", b"\x00\x00")
    assert silent != data
    expected = ["ada/x.ipynb", "bob/x.ipynb", "zoë/x.ipynb", "zzz/x.ipynb"]
    assert list(found_in(data)) == list(found_in(silent)) == expected
    old = found_in(pack("zoe/x.ipynb").replace(b"zoe", dos))
    assert list(old) == ["zoë/x.ipynb"]


def test_a_file_without_a_name_is_told(found_in: Any) -> None:
    data = bytearray(pack("ada/x.ipynb", "bob/x.ipynb"))
    begin = data.index(b"PK\1\2") + 46
    data[begin] = 0  # where Python ends a name
    found = found_in(bytes(data))
    assert "a name came that is none" in reason(found[""])
    assert read(found["bob/x.ipynb"]) == NOTEBOOK


def test_encrypted_files_are_told(found_in: Any) -> None:
    data = bytearray(pack("ada/x.ipynb", "bob/x.ipynb"))
    data[data.index(b"PK\1\2") + 8] |= 1
    found = found_in(bytes(data))
    assert "encrypted" in reason(found["ada/x.ipynb"])
    assert read(found["bob/x.ipynb"]) == NOTEBOOK


def test_of_two_files_of_one_name_the_later_is_read_as_when_unpacked(
    tmp_path: Path,
) -> None:
    file = tmp_path / "class.zip"
    file.write_bytes(pack(("a/x.ipynb", b"1"), ("a/x.ipynb", b"2")))
    first, last = find(str(file))
    assert "same name" in reason(first)
    assert read(last) == b"2"


def test_files_that_share_bytes_are_not_read_twice(found_in: Any) -> None:
    """Bombs are made so: many files of one content."""
    data = bytearray(pack("ada/x.ipynb", "bob/x.ipynb", "zoe/x.ipynb"))
    second = data.index(b"PK\1\2", data.index(b"PK\1\2") + 1)
    struct.pack_into("<I", data, second + 42, 0)  # where it begins
    found = found_in(bytes(data))
    told = [name for name, item in found.items() if isinstance(item, NoNotebook)]
    assert told == ["ada/x.ipynb"]
    assert "overlaps" in reason(found["ada/x.ipynb"])
    with pytest.raises(Unreadable, match="differ"):
        read(found["bob/x.ipynb"])
    assert read(found["zoe/x.ipynb"]) == NOTEBOOK


def test_a_large_file_is_read_no_further_than_needed(found_in: Any) -> None:
    noise = os.urandom(2**20)
    found = found_in(pack(("x.ipynb", noise * 17)))
    assert len(read(found["x.ipynb"])) == LARGEST_FILE + 1


@pytest.mark.parametrize(
    ("bound", "value", "why"),
    [
        ("directory.MOST_ENTRIES", 2, "3 files came in one archive, 2 are read"),
        ("archives.LARGEST_DIRECTORY", 100, "its list of files is longer"),
    ],
)
def test_an_archive_beyond_measure_has_a_line(
    found_in: Any, monkeypatch: pytest.MonkeyPatch, bound: str, value: int, why: str
) -> None:
    monkeypatch.setattr(f"mlp_exercise.classroom.collecting.{bound}", value)
    found = found_in(pack("a/x.ipynb", "b/x.ipynb", "c/x.ipynb"))
    assert why in reason(found[""])


def test_bounds_on_notebooks_and_on_archives_within_archives(
    found_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = pack(("x.ipynb", os.urandom(2000)))
    data = pack("a/x.ipynb", "b/x.ipynb", ("c/w.zip", own))
    monkeypatch.setattr(archives, "LARGEST_FILE", 1000)
    monkeypatch.setattr(directory, "LARGEST_FILE", 1000)
    found = found_in(data)
    assert "larger than" in reason(found["c/w.zip"])
    monkeypatch.setattr(directory, "LARGEST_TOTAL", 1000 + len(NOTEBOOK))
    found = found_in(data)
    assert "GB of notebooks" in reason(found["a/x.ipynb"])
    assert read(found["b/x.ipynb"]) == NOTEBOOK


def test_archives_within_archives_end(found_in: Any) -> None:
    data = pack("x.ipynb")
    for _ in range(listing.NESTED):
        data = pack(("in.zip", data))
    (item,) = found_in(data).values()
    assert "too deep" in reason(item)
    own = pack(("ada/work.zip", pack("x.ipynb")))
    assert read(found_in(pack(("moodle.zip", own)))["moodle.zip/ada/work.zip/x.ipynb"])


def test_a_learner_s_archive_of_very_many_notebooks_is_read_as_far_as_is_usual(
    found_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_NOTEBOOKS", 2)
    own = pack("env/site/x.ipynb", "src/a.ipynb", "b.ipynb")
    found = found_in(pack(("Ada_1_assignsubmission_file/w.zip", own), "c/x.ipynb"))
    above = "Ada_1_assignsubmission_file/w.zip"
    names = [above, f"{above}/b.ipynb", f"{above}/src/a.ipynb", "c/x.ipynb"]
    assert list(found) == names
    assert "3 notebooks came in one archive, 2 are read" in reason(found[above])


@pytest.mark.parametrize("where", ["front", "back", "cut"])
def test_what_is_left_of_an_archive_is_not_taken_for_a_whole_one(
    found_in: Any, where: str
) -> None:
    """Cut off behind an archive that a learner has packed, it seems to be that one."""
    own = pack("ada/x.ipynb")
    data = {
        "front": b"noise" + own,
        "back": own + b"noise",
        "cut": pack(("bob/x.ipynb", NOTEBOOK), (info("ada.zip"), own)),
    }[where]
    if where == "cut":
        data = data[: data.index(own) + len(own)]
    found = found_in(data)
    assert "parts that it does not list" in reason(found[""])
    assert read(found["ada/x.ipynb"]) == NOTEBOOK


def test_zip64_is_read(found_in: Any) -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w") as archive,
        archive.open("ada/x.ipynb", "w", force_zip64=True) as file,
    ):
        file.write(NOTEBOOK)
    assert read(found_in(stream.getvalue())["ada/x.ipynb"]) == NOTEBOOK


@pytest.mark.parametrize(
    ("error", "here"),
    [
        (OSError(errno.EMFILE, "Too many open files"), True),
        (OSError(errno.EIO, "Input/output error"), True),
        (MemoryError(), True),
        # A damaged archive may name a place before its beginning.
        (OSError(errno.EINVAL, "Invalid argument"), False),
        (OSError("odd"), False),
        (zipfile.BadZipFile("odd"), False),
    ],
)
@pytest.mark.parametrize("name", ["class.zip", "class/ada.zip", "class/x.zip/y.zip"])
def test_what_this_machine_lacks_is_told_apart_from_what_is_damaged(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    here: bool,
    name: str,
) -> None:
    def fail(*_: object) -> NoReturn:
        raise error

    (tmp_path / "class").mkdir()
    file = tmp_path / name.removesuffix("/y.zip")
    file.write_bytes(
        pack(("y.zip", pack("x.ipynb"))) if "y" in name else pack("x.ipynb")
    )
    path = str(file if name == "class.zip" else file.parent)
    (item,) = find(path)
    assert read(item) == NOTEBOOK
    with monkeypatch.context() as patch:
        patch.setattr(zipfile.ZipFile, "open", fail)
        with pytest.raises(NotMarked) as raised:
            read(item)
    assert isinstance(raised.value, Unreadable) is not here
    monkeypatch.setattr(archives, "ZipFile", fail)
    (found,) = find(path)
    assert isinstance(found, NoNotebook)
    assert found.here is here
    assert found.reason.endswith(str(error) or "out of memory")


def test_what_this_machine_lacks_counts_more_than_what_is_damaged(
    found_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = archives.content

    def lacking(address: archives.Address, place: directory.Place) -> bytes:
        if place.name == "y.zip":
            raise NotMarked("too many open files")
        return content(address, place)

    monkeypatch.setattr(archives, "content", lacking)
    inner = pack(("a.zip", b"Rar!"), ("y.zip", pack("x.ipynb")), ("z.zip", b"Rar!"))
    (item,) = found_in(pack(("ada.zip", inner))).values()
    assert item.here
    assert reason(item).endswith("y.zip: a .zip file came: too many open files")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes")
def test_what_is_called_an_archive_and_has_no_end_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.zip")
    (item,) = find(str(tmp_path))
    assert reason(item) == "a .zip file came: it is neither a file nor a folder"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Count how many archives are opened, and check that each is closed."""
    count: list[int] = []
    streams = []

    class Counting(zipfile.ZipFile):
        def __init__(self, file: Any) -> None:
            count.append(1)
            streams.append(file.close.__self__)
            super().__init__(file)

    monkeypatch.setattr(archives, "ZipFile", Counting)
    yield count
    assert all(stream.closed for stream in streams)


def test_an_archive_is_opened_once_and_closed_when_interrupted(
    tmp_path: Path, opened: list[int]
) -> None:
    file = tmp_path / "class.zip"
    names = [f"learner {number}/x.ipynb" for number in range(200)]
    file.write_bytes(pack(*((name, json.dumps(name).encode()) for name in names)))
    with suppress(KeyboardInterrupt), archives.kept_open():
        items = list(find(str(file)))
        with ThreadPoolExecutor(8) as pool:
            contents = list(pool.map(read, items))
        assert sorted(map(json.loads, contents)) == sorted(names)
        assert len(opened) == 1
        raise KeyboardInterrupt
    assert not archives._shelf
    assert read(items[0])  # it can be read again, later


@pytest.mark.usefixtures("opened")
def test_few_archives_are_open_at_a_time(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}.zip").write_bytes(pack("x.ipynb", "y.ipynb"))
    with archives.kept_open():
        items = list(find(str(tmp_path)))
        assert len(archives._shelf) <= archives.MOST_OPEN
        together = threading.Barrier(4, timeout=600)

        def all_read(start: int) -> None:
            together.wait()
            for item in items[start:] + items[:start]:
                assert read(item) == NOTEBOOK

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(all_read, (0, 20, 40, 59)))
        assert len(archives._shelf) <= archives.MOST_OPEN
    assert not archives._shelf
    assert len(items) == 60


def test_archives_stay_open_while_they_are_read_and_while_there_is_room(
    tmp_path: Path, opened: list[int]
) -> None:
    files = [tmp_path / f"{number:02}.zip" for number in range(20)]
    for file in files:
        file.write_bytes(pack("x.ipynb"))
    (packed,) = archives.listed((str(files[0]), ()))
    opened.clear()
    with archives.kept_open():
        for file in files[: archives.MOST_OPEN - 2] * 3:
            assert archives.content((str(file), ()), packed.place) == NOTEBOOK
        assert len(opened) == archives.MOST_OPEN - 2
        with archives._opened((str(files[0]), ())) as archive:
            for file in files[1:]:
                assert archives.content((str(file), ()), packed.place) == NOTEBOOK
            assert archive.content(packed.place) == NOTEBOOK


def test_what_is_found_can_be_sent_to_another_process(tmp_path: Path) -> None:
    file = tmp_path / "class.zip"
    file.write_bytes(pack(("Ada_1_assignsubmission_file/w.zip", pack("x.ipynb"))))
    (item,) = find(str(file))
    sent = pickle.loads(pickle.dumps(item))  # noqa: S301 - it was made here
    assert read(sent) == NOTEBOOK
    assert sent.learner == item.learner


def test_an_archive_that_has_changed_is_told(tmp_path: Path) -> None:
    file = tmp_path / "class.zip"
    file.write_bytes(pack("a.ipynb", "b.ipynb"))
    items = list(find(str(file)))
    file.write_bytes(pack())
    with pytest.raises(Unreadable, match="changed"):
        read(items[1])
    file.unlink()
    with pytest.raises(Unreadable, match="cannot be read"):
        read(items[1])


@settings(max_examples=200)
@given(draw=st.randoms(use_true_random=False))
def test_malformed_archives_lose_nothing(
    tmp_path_factory: pytest.TempPathFactory, draw: random.Random
) -> None:
    file = tmp_path_factory.getbasetemp() / "malformed.zip"
    data, files = malformed(draw)
    file.write_bytes(data)
    check(file, files)


@pytest.mark.parametrize("within", [False, True])
def test_of_an_archive_that_is_replaced_nothing_is_read_under_another_name(
    tmp_path: Path, *, within: bool
) -> None:
    file = tmp_path / "class.zip"

    def put(*names: str) -> None:
        packed = pack(*((f"{name}/x.ipynb", name.encode()) for name in names))
        file.write_bytes(pack(("all.zip", packed)) if within else packed)

    put("ann", "bob")
    found = [item for item in find(str(file)) if isinstance(item, Handed)]
    put("aaron", "ann", "bob")
    for item in found:
        with pytest.raises(Unreadable, match="changed since it was listed"):
            item.content()
    put("ann", "bob")
    assert [item.content() for item in found] == [b"ann", b"bob"]


def test_archives_within_a_learner_s_have_a_bound_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[int]
) -> None:
    monkeypatch.setattr(listing, "MOST_PACKED", 50)
    inner = pack(*(f"{number}.txt" for number in range(20)))
    many = pack(("x.ipynb", NOTEBOOK), *((f"{n}.zip", inner) for n in range(30)))
    for who in ("ada", "bob"):
        (tmp_path / who).mkdir()
        (tmp_path / who / "work.zip").write_bytes(many)
    found = list(find(str(tmp_path)))
    assert len([item for item in found if isinstance(item, Handed)]) == 2
    told = [item for item in found if "packed together" in str(item)]
    assert {item.learner.name for item in told if item.learner} == {"ada", "bob"}
    assert len(opened) < 10


def test_a_number_of_files_that_is_told_nowhere_is_doubted(found_in: Any) -> None:
    data = pack("a/x.ipynb", "b/x.ipynb")
    place = data.rfind(b"PK\5\6") + 10
    found = found_in(data[:place] + b"\xff\xff" + data[place + 2 :])
    assert "2 files are listed in an archive of 65535" in reason(found[""])
