import io
import os
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_exercise.classroom.batches.batch import Result, mark_all
from mlp_exercise.classroom.collecting import listing, metadata
from mlp_exercise.classroom.collecting.collect import Found, Handed, find
from mlp_exercise.classroom.collecting.metadata import Submission
from mlp_exercise.classroom.collecting.platforms import PLATFORMS
from mlp_exercise.classroom.files import FEEDBACK_NOTE
from mlp_exercise.submission.mark import Settings
from tests.mlp_exercise.classroom.collecting.test_archives import pack
from tests.mlp_exercise.classroom.collecting.test_metadata import GRADESCOPE


def mark(*paths: str | Path) -> list[Result]:
    return list(mark_all(map(str, paths), Settings(timeout=1.0)))


def test_folders_are_searched_in_sorted_order(tmp_path: Path) -> None:
    names = ["b/2.ipynb", "a.ipynb", "b/1.IPYNB", "b/c/é.ipynb"]
    skipped = [".ipynb_checkpoints/a.ipynb", "b/__MACOSX/a.ipynb", "b/._2.ipynb"]
    for name in [*names, *skipped, "b/notes.csv", "names.csv", "b/.DS_Store"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [str(tmp_path / n) for n in ("a.ipynb", "b/1.IPYNB", "b/2.ipynb", names[3])]
    assert [item.file for item in find(str(tmp_path))] == found


@pytest.mark.parametrize("ending", ["ipynb.txt", "zip", "tar.gz", "PY", "html"])
def test_what_may_have_been_handed_in_and_is_no_notebook_has_a_line(
    right: str, ending: str
) -> None:
    file = Path(right).with_name(f"work.{ending}")
    file.touch()
    found = {result.file: result for result in mark(file.parent)}
    assert set(found) == {right, str(file)}
    assert found[str(file)].status == "unreadable"
    assert str(found[str(file)].reason).startswith(f"a .{ending.lower()} file came")


def test_a_folder_of_a_learner_without_a_notebook_has_a_line_for_all_it_holds(
    right: str, tmp_path: Path
) -> None:
    own = Path(right).parent
    names = ("bob/photo.heic", "bob/.hidden", "carl/sub/x.heic", "names.csv")
    for file in (own / "figures/plot.png", *(tmp_path / name for name in names)):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (tmp_path / "carl" / "empty").mkdir()
    (tmp_path / "dora" / ".ipynb_checkpoints").mkdir(parents=True)
    (tmp_path / "emil").symlink_to(own)
    (tmp_path / "fay").mkdir()
    (tmp_path / "fay" / "mine.ipynb").symlink_to(right)
    (tmp_path / "link.ipynb").symlink_to(right)  # is no notebook of those below
    found = {result.file: result.reason for result in mark(tmp_path)}
    assert {str(Path(file).relative_to(tmp_path)) for file in found} == {
        *("bob/photo.heic", "carl/sub/x.heic", "carl/empty", "dora"),
        # A link may lead to the work of others.
        *("emil", "fay/mine.ipynb", "link.ipynb"),
        str(Path(right).relative_to(tmp_path)),
    }
    empty = "a folder without notebooks (*.ipynb) came"
    assert found[str(tmp_path / "dora")] == found[str(tmp_path / "carl/empty")] == empty
    for link in ("emil", "fay/mine.ipynb"):
        assert found[str(tmp_path / link)] == "a link came, a notebook was expected"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nowhere.ipynb", "no such file or folder"),
        ("null\0.ipynb", "no such file|the file cannot be read"),
        ("empty", "a folder without notebooks"),
        ("pipe.ipynb", "neither a file nor a folder"),
    ],
)
def test_a_path_without_a_notebook_is_named(
    tmp_path: Path, path: str, reason: str
) -> None:
    (tmp_path / "empty").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.ipynb")  # to open it would wait for ever
    (result,) = mark(f"{tmp_path}/{path}")
    assert (result.status, result.file) == ("unreadable", f"{tmp_path}/{path}")
    assert re.match(reason, str(result.reason))


def test_a_folder_that_cannot_be_listed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: str) -> NoReturn:
        raise PermissionError(13, "Permission denied", "locked")

    monkeypatch.setattr(os, "scandir", refuse)
    (result,) = mark(tmp_path)
    assert (result.status, result.file) == ("not marked", "locked")
    assert "the folder cannot be read" in (result.reason or "")


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of which only the names are known here, whoever runs the tests."""
    folder = tmp_path / "locked"
    folder.mkdir()
    for name in ("x.ipynb", "x.zip", "timestamp.txt", f"{ATTEMPT}.txt", FEEDBACK_NOTE):
        (folder / name).touch()

    def refusing(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(path: Any, *args: Any, **options: Any) -> Any:
            if not isinstance(path, int) and Path(path).parent == folder:
                raise PermissionError(13, "Permission denied", str(path))
            return ask(path, *args, **options)

        return asked

    for module, name in ((os, "stat"), (os, "lstat"), (io, "open")):
        monkeypatch.setattr(module, name, refusing(getattr(module, name)))
    return folder


def test_what_may_not_be_read_here_neither_ends_the_batch_nor_costs_points(
    right: str, tmp_path: Path, locked: Path
) -> None:
    files = [str(locked / name) for name in ("x.ipynb", "x.zip")]
    found = {result.file: result for result in mark(tmp_path)}
    assert found[right].sheet.points == 6
    for results in ([found[file] for file in files], mark(*files)):
        assert [result.status for result in results] == ["not marked"] * 2


def test_folders_without_end_do_not_end_the_batch(right: str, tmp_path: Path) -> None:
    deep = tmp_path / "deep"
    deep.joinpath(*["d"] * (listing.DEEPEST + 5)).mkdir(parents=True)
    found = list(mark_all([str(deep), right], Settings()))
    assert found[0].reason == "folders too deep within folders came"
    assert found[-1].sheet.points == 6


X = "ex1_01_pen_and_paper.ipynb"
TXT = "Name: Ada Lovelace (ada_l)\nAssignment: Lab\n"
ATTEMPT, LATER = (f"Lab 1_ada_l_attempt_2026-11-{day}-10-00-00" for day in (24, 25))
HANDED_IN: dict[str, dict[str, bytes]] = {
    "moodle": {
        f"Ada Lovelace_105_assignsubmission_file/{X}": b"",
        "Ada Lovelace_105_assignsubmission_file/code.rar": b"",
        f"Grace Hopper_106_assignsubmission_file/sub/{X}": b"",
        "Zoe Zed_107_assignsubmission_file/photo.heic": b"",
    },
    "moodle, old": {f"Ada Lovelace_105_assignsubmission_file_/{X}": b""},
    "moodle, flat": {
        f"Ada Lovelace_105_assignsubmission_file_{X}": b"",
        "Zoe Zed_107_assignsubmission_file_photo.heic": b"",
    },
    "moodle, blind": {
        f"Participant_105_assignsubmission_file/{X}": b"",
        f"Participant_106_assignsubmission_file/{X}": b"",
    },
    "moodle, teams": {
        f"Team A_12_assignsubmission_file/{X}": b"",
        f"Default group_assignsubmission_file/{X}": b"",
    },
    "canvas": {
        f"lovelaceada_LATE_4021_99812_{X}": b"",
        "lovelaceada_LATE_4021_99900_x-1.ipynb": b"",
        "hoppergrace_4022_text.html": b"",
        f"LATE_anon_x7Kq2_778_{X}": b"",
    },
    "nbgrader": {
        f"submitted/ada/ps1/{X}": b"",
        "submitted/ada/ps1/timestamp.txt": b"2026-11-24 11:00:00 +0100",
        "submitted/zoe/ps1/timestamp.txt": b"2026-11-24 11:00:00 +0100",
    },
    "gradescope": {
        "assignment_1_export/submission_metadata.yml": GRADESCOPE.encode(),
        f"assignment_1_export/submission_456/{X}": b"",
        f"assignment_1_export/submission_457/src/{X}": b"",
        f"assignment_1_export/submission_458/{X}": b"",
        # What a learner puts there tells nothing of others.
        "assignment_1_export/submission_458/submission_metadata.yml": (
            GRADESCOPE.replace("Ada", "Eve").encode()
        ),
        "assignment_1_export/submission_458/submission_456/x.ipynb": b"",
    },
    "ilias": {
        f"Lab 1/Abgaben/Lovelace_Ada_alove_123/{X}": b"",
        f"Lab 1/Abgaben/Team 17/Hopper_Grace_ghopp_124/Late Submission - {X}": b"",
    },
    "blackboard": {
        f"{ATTEMPT}.txt": TXT.encode(),
        f"{ATTEMPT}_{X}": b"",
        f"{LATER}.txt": TXT.encode(),
        f"{LATER}_{X}": b"",
        "Lab 1_zoe_attempt_2026-11-24-10-00-00.txt": b"",
    },
    "brightspace": {
        "index.html": b"",
        f"397063-2557369 - Ada Lovelace - Sep 24, 2026 926 PM/{X}": b"",
    },
    "google": {f"Lab 1-20261124T100000Z-001/Lab 1/Ada Lovelace - {X}": b""},
    "github": {
        f"lab1-submissions/lab1-ada-l/src/{X}": b"",
        "lab1-submissions/lab1-zoe/.git/config": b"",
    },
}
"""What platforms give, by their names."""

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
WHOSE = {
    "moodle": [
        "Ada Lovelace_105",
        "Ada Lovelace_105 -",
        "Grace Hopper_106",
        "Zoe Zed_107 -",
    ],
    "moodle, old": ["Ada Lovelace_105"],
    "moodle, flat": ["Ada Lovelace_105", "Zoe Zed_107 -"],
    "moodle, blind": ["Participant_105", "Participant_106"],
    "moodle, teams": ["Default group", "Team A_12"],
    "canvas": [
        *("anon_x7Kq2 late", "hoppergrace_4022 -", "lovelaceada_4021 late"),
        "lovelaceada_4021 late",
    ],
    "nbgrader": [f"ada {TEN}", "zoe -"],
    "gradescope": [
        *(
            f"Ada Lovelace_12345 {TEN.replace(microsecond=123456)}",
            f"Zoë O'Neill, Grace O'Hara {TEN}",
        ),
        *("submission_458", "submission_458"),
    ],
    "ilias": ["Hopper Grace_ghopp late", "Lovelace Ada_alove"],
    "blackboard": [
        *(f"Ada Lovelace_ada_l {TEN}", f"Ada Lovelace_ada_l {TEN.replace(day=25)}"),
        "zoe -",
    ],
    "brightspace": [f"Ada Lovelace {datetime(2026, 9, 24, 21, 26, tzinfo=UTC)}"],
    "google": ["Ada Lovelace"],
    "github": ["ada-l", "zoe -"],
}
"""Whose that is, and when it came, as far as the platform says; - is no notebook."""


def whose(item: Found) -> str:
    assert item.learner
    who = item.learner.full or item.learner.name
    if not isinstance(item, Handed):
        return f"{who} -"
    when = f" {item.when}" if item.when else ""
    return f"{who}{when}{' late' if item.late else ''}"


@pytest.mark.parametrize("platform", HANDED_IN)
@pytest.mark.parametrize("form", ["folder", "archive", "archive in a folder"])
def test_what_a_platform_gives_is_read_as_it_is(
    tmp_path: Path, platform: str, form: str
) -> None:
    packed = tmp_path / "downloads" / "class.zip"
    packed.parent.mkdir()
    packed.write_bytes(pack(*HANDED_IN[platform].items()))
    path = {"archive": packed, "archive in a folder": packed.parent}.get(form)
    if not path:
        path = tmp_path / "class"
        with ZipFile(packed) as archive:
            archive.extractall(path)
    found = list(find(str(path)))
    assert sorted(map(whose, found)) == WHOSE[platform]
    names = {item.learner.platform for item in found if item.learner}
    assert names == {platform.partition(",")[0]}
    assert all(item.content() == b"" for item in found if isinstance(item, Handed))


def test_what_gradescope_tells_is_read_once_and_not_where_learners_put_the_like(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def gradescope(text: str) -> dict[str, Submission]:
        read.append(text)
        return {}

    monkeypatch.setattr(metadata, "gradescope", gradescope)
    file = tmp_path / "class.zip"
    file.write_bytes(pack(*HANDED_IN["gradescope"].items()))
    assert len(list(find(str(file)))) == 4
    assert read == [GRADESCOPE]


# The others tell more in files beside them, which are not looked for.
@pytest.mark.parametrize(
    "platform", sorted(HANDED_IN.keys() - {"gradescope", "nbgrader", "blackboard"})
)
def test_notebooks_that_are_named_one_by_one_are_as_those_in_their_folder(
    tmp_path: Path, platform: str
) -> None:
    for name, data in HANDED_IN[platform].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    found = [item for item in find(str(tmp_path)) if isinstance(item, Handed)]
    assert found
    for item in found:
        (alone,) = find(item.file)
        assert whose(alone) == whose(item)


@pytest.mark.parametrize("platform", HANDED_IN)
def test_archives_that_learners_pack_are_searched_too(
    tmp_path: Path, platform: str
) -> None:
    """Whatever is in them, it is theirs; all that is no notebook is theirs alone to know."""
    other = f"Eve_1_assignsubmission_file/{X}"
    own = pack(other, "work/y.ipynb", "venv/z.py", ("deeper.zip", pack("z.ipynb")))
    names = [name for name in HANDED_IN[platform] if name.endswith(X)]
    file = tmp_path / "class.zip"
    file.write_bytes(pack(*((name.replace(X, "own.zip"), own) for name in names)))
    found = list(find(str(file)))
    assert len(found) == 3 * len(names)
    assert all(isinstance(item, Handed) for item in found)
    assert {item.learner.platform for item in found if item.learner} == {
        platform.partition(",")[0]
    }
    assert all("Eve" not in whose(item) for item in found)


def test_a_learner_s_own_archive_says_when_and_a_platform_s_says_nothing(
    tmp_path: Path,
) -> None:
    own = pack("x.ipynb")
    (tmp_path / "class" / "ada").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "work.zip").write_bytes(own)
    moodle = (
        f"Bob_1_assignsubmission_file/{X}",
        ("Zoe_2_assignsubmission_file/w.zip", own),
    )
    (tmp_path / "moodle.zip").write_bytes(pack(*moodle))
    paths = map(str, (tmp_path / "class", tmp_path / "moodle.zip"))
    found = [item for path in paths for item in find(path)]
    when = {whose(i)[:3]: i.when for i in found if isinstance(i, Handed)}
    assert when["ada"]
    assert when["Zoe"]
    assert when["Bob"] is None


NAMES = [example for row in PLATFORMS for example, _ in row.examples]
OWN = st.sampled_from([*NAMES, "Bob/x", "Bob_106_assignsubmission_file_/x.ipynb"])
HOMES = {
    "folders": "class/{}",
    "archives": "class/{}.zip",
    "tasks": "week 2/{}",
    "nbgrader": "submitted/{}/ps1",
    "moodle": "class/{}_7_assignsubmission_file",
}


@settings(max_examples=12)
@given(
    own=st.lists(OWN, min_size=1, max_size=3),
    packed=st.sets(st.integers(0, 2)),
    stars=st.integers(0, 2),
)
@pytest.mark.parametrize("form", HOMES)
def test_whatever_learners_call_what_lies_below_their_own_folder_it_stays_theirs(
    form: str, own: list[str], packed: set[int], stars: int
) -> None:
    files = dict.fromkeys((X, "other.ipynb"), b"")
    mallorys: dict[str, bytes] = {}
    for number, name in enumerate(own):
        file = name if name.endswith(".ipynb") else f"{name}.ipynb"
        whole = {file: b"", f"~{number}.ipynb": b""}
        if number in packed:
            name, whole = f"{file.partition('/')[0]}.zip", {}
            whole[name] = pack(file, X)
        mallorys |= whole
    with TemporaryDirectory() as place:
        for who, handed_in in (("Ann", files), ("Bob", files), ("Mallory", mallorys)):
            home = Path(place, HOMES[form].format(who))
            home.parent.mkdir(parents=True, exist_ok=True)
            if form == "archives":
                home.write_bytes(pack(*handed_in.items()))
            for name, data in handed_in.items() if form != "archives" else ():
                (home / name).parent.mkdir(parents=True, exist_ok=True)
                (home / name).write_bytes(data)
        (top,) = Path(place).iterdir()
        # As a folder, or what is in it one by one, as a shell's class/* and class/*/* name it.
        found = [*find(*map(str, top.parent.glob("/".join([top.name, *"*" * stars]))))]
        for item in found:
            assert item.learner
            whose = Path(item.file).relative_to(top).parts[0]
            assert whose.startswith(item.learner.name), item.file
            assert item.learner.name in ("Ann", "Bob", "Mallory")


@pytest.mark.parametrize(
    "files",
    [
        ("class/Bob/x.ipynb", "class/Mallory/Bob_106_assignsubmission_file_/x.ipynb"),
        # Bob has handed in nothing that is a notebook.
        ("class/Bob/x.heic", "class/Mallory/Bob_106_assignsubmission_file_x.ipynb"),
    ],
)
def test_names_of_a_platform_in_a_learner_s_folder_are_told(
    tmp_path: Path, files: tuple[str, ...]
) -> None:
    fill(tmp_path, files)
    (told,) = (i for i in find(f"{tmp_path}/class") if "names of moodle" in str(i))
    assert told.file == f"{tmp_path}/class/Mallory"


def fill(place: Path, files: Iterable[str]) -> None:
    for name in files:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).touch()


@pytest.mark.parametrize(
    ("files", "learners"),
    [
        # Downloads that were unpacked, beside each other.
        (
            (
                "dl/Lab one-98/Ann Lee_105_assignsubmission_file/x.ipynb",
                "dl/Lab two-99/Ann Lee_206_assignsubmission_file/x.ipynb",
                f"dl/submissions/leeann_4021_99812_{X}",
                "dl/worksheet.csv",
            ),
            {"Ann Lee", "leeann_4021"},
        ),
        (
            ("dl/Lab 1/Lee_Ann_alee_123/x.ipynb", "dl/Lab 1/Ray_Bob_bray_124/x.ipynb"),
            {"Lee Ann", "Ray Bob"},
        ),
        # Names that are no platform's.
        (
            ("Deep_Learning_ws_2026/ada/x.ipynb", "Deep_Learning_ws_2026/bob/x.ipynb"),
            None,
        ),
        (
            (
                "dl/Deep_Learning_ws_26/ada/x.ipynb",
                "dl/Deep_Learning_ws_26/bob/x.ipynb",
            ),
            None,
        ),
        (
            ("dl/Deep_Learning_ss_26/ada.ipynb", "dl/Deep_Learning_ws_27/bob.ipynb"),
            None,
        ),
        (
            (
                "dl/ada/Deep_Learning_hw_01/x.ipynb",
                "dl/bob/Deep_Learning_hw_01/x.ipynb",
            ),
            None,
        ),
        (
            (
                "dl/ada/Deep_Learning_hw_01/x.ipynb",
                "dl/ada/Deep_Learning_hw_02/x.ipynb",
            ),
            None,
        ),
    ],
)
def test_a_class_of_a_platform_is_one_wherever_it_lies(
    tmp_path: Path, files: tuple[str, ...], learners: set[str] | None
) -> None:
    fill(tmp_path, files)
    found = list(find(str(tmp_path / Path(files[0]).parts[0])))
    names = {item.learner.name for item in found if item.learner}
    if learners is None:
        assert not any("Deep Learning" in name for name in names)
        assert not any(item.learner.platform for item in found if item.learner)
    else:
        assert names == learners
    assert all(isinstance(item, Handed) for item in found)


def test_a_matriculation_is_one_where_most_have_it(tmp_path: Path) -> None:
    """A learner may put any number into their own name."""
    one, other = "12345678 - Mallory_109", "87654321 - Bob_110"
    third = "Carl_111"
    for people, kept in (
        ((one, other, third), 2),
        ((one,), 1),
        ((one, third), 0),
        ((one, third, "D_1", "E_2"), 0),
    ):
        file = tmp_path / "m.zip"
        file.write_bytes(
            pack(*(f"{who}_assignsubmission_file/x.ipynb" for who in people))
        )
        ids = [i.learner.ids for i in find(str(file)) if i.learner]
        assert sum("student" in each for each in ids) == kept


def test_what_is_named_twice_is_handed_in_once(tmp_path: Path) -> None:
    fill(tmp_path, ["class/ada/x.ipynb", "class/bob/x.ipynb"])
    top = f"{tmp_path}/class"
    files = [f"{top}/ada/x.ipynb", f"{top}/bob/x.ipynb"]
    assert [item.file for item in find(top, f"{top}/ada", files[0], top)] == files


def test_a_learner_s_file_next_to_an_archive_is_the_learner_s(tmp_path: Path) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "x.ipynb").touch()
    (tmp_path / "bob.zip").write_bytes(pack("x.ipynb", "src/y.ipynb"))
    assert [item.learner.name for item in find(str(tmp_path)) if item.learner] == [
        *("ada", "bob", "bob")
    ]
