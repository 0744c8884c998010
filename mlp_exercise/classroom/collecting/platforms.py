"""What platforms call the folders and files that an instructor downloads from them.

A platform is a row of `PLATFORMS`: a pattern, what it finds in two names, and how far it can be
relied upon. Only names are looked at; what else a platform tells is read in `metadata`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

IDS = ("number", "login", "student")
"""Groups of a pattern that tell learners apart: the platform's number, a login, a matriculation."""


class Platform(NamedTuple):
    """How a platform names what was handed in.

    The groups of a pattern are `name`, those of `IDS`, `late`, which is there or not, and `when`.
    """

    name: str
    pattern: re.Pattern[str]  # from the beginning of a folder's or file's name
    examples: tuple[tuple[str, Mapping[str, str]], tuple[str, Mapping[str, str]]]
    certain: bool = True  # else others use such names too, below a learner's folder
    tree: re.Pattern[str] | None = (
        None  # folders above it; elsewhere others use such names too
    )


class Named(NamedTuple):
    """What a platform's name says of a learner's work."""

    platform: str
    name: str
    ids: Mapping[str, str]
    place: tuple[str, ...]  # the folders above what is so named
    flat: bool = False  # it is the file's own name, not that of a folder
    late: bool = False
    when: datetime | None = None
    sure: bool = True  # else it is one only if folders of several people lie there


PLATFORMS = (
    Platform(
        "moodle",
        re.compile(
            r"(?:(?P<student>\d{5,}) - )?(?P<name>[^_/]+)_"
            r"(?:(?P<number>\d+)_)?assignsubmission_"
        ),
        (
            (
                "Ada Lovelace_105_assignsubmission_file/x.ipynb",
                {"name": "Ada Lovelace", "number": "105"},
            ),
            (
                "12345678 - Grace Hopper_106_assignsubmission_file_x.ipynb",
                {"name": "Grace Hopper", "number": "106", "student": "12345678"},
            ),
        ),
    ),
    Platform(
        "blackboard",
        re.compile(
            r"[^/]+?_(?P<login>[^_/]+)_attempt_"
            r"(?P<when>\d{4}(?:-\d\d){5})(?:_[^/]+|\.txt)(?:/|$)"
        ),
        (
            (
                "Lab 1_alovelace_attempt_2026-11-24-10-00-00_x.ipynb",
                {"login": "alovelace", "when": "2026-11-24-10-00-00"},
            ),
            (
                "Lab_1_ghopper_attempt_2026-11-25-09-30-12.txt",
                {"login": "ghopper", "when": "2026-11-25-09-30-12"},
            ),
        ),
    ),
    Platform(
        "brightspace",
        re.compile(
            r"\d+-\d+ - (?P<name>[^/]+?) - (?P<when>[^/]*?\d{4}[^/]*?)(?: - [^/]+)?(?:/|$)"
        ),
        (
            (
                "397063-2557369 - Ada Lovelace - Sep 24, 2026 926 PM/x.ipynb",
                {"name": "Ada Lovelace", "when": "Sep 24, 2026 926 PM"},
            ),
            (
                "39786-640693 - Grace Hopper - Oct 10, 2026 1022 AM - x.ipynb",
                {"name": "Grace Hopper", "when": "Oct 10, 2026 1022 AM"},
            ),
        ),
    ),
    Platform(
        "ilias",
        re.compile(
            r"(?P<name>[A-Z][^\d_/]*(?:_[^\d_/]+)*?_[A-Z][^\d_/]*)_(?P<login>[^_/]+)_"
            r"(?P<number>\d{2,})/"
            r"(?:(?P<late>Late(?: Submission)?|Versp(?:ae|ä|a)tete? (?:Abgabe|Einreichung)) - )?"
        ),
        (
            (
                "Lovelace_Ada_alove_123/x.ipynb",
                {"name": "Lovelace_Ada", "login": "alove", "number": "123"},
            ),
            (
                "Hopper_Grace_ghopp_124/Late Submission - x.ipynb",
                {
                    "name": "Hopper_Grace",
                    "login": "ghopp",
                    "number": "124",
                    "late": "Late Submission",
                },
            ),
        ),
        tree=re.compile(r"Abgaben|Submissions|Team \d+|multi_feedback.*"),
    ),
    Platform(
        "gradescope",
        re.compile(r"assignment_\d+_export/(?P<name>submission_(?P<number>\d+))/"),
        (
            (
                "assignment_123_export/submission_456/x.ipynb",
                {"name": "submission_456", "number": "456"},
            ),
            (
                "assignment_9_export/submission_7/src/x.ipynb",
                {"name": "submission_7", "number": "7"},
            ),
        ),
    ),
    Platform(
        "gradescope",
        re.compile(r"(?P<name>submission_(?P<number>\d+))/"),
        (
            (
                "submission_456/x.ipynb",
                {"name": "submission_456", "number": "456"},
            ),
            (
                "submission_7/src/x.ipynb",
                {"name": "submission_7", "number": "7"},
            ),
        ),
        certain=False,
    ),
    Platform(
        "github",
        re.compile(r"(?P<slug>[^/]+)-submissions/(?P=slug)-(?P<login>[^/]+)/"),
        (
            ("lab1-submissions/lab1-alovelace/x.ipynb", {"login": "alovelace"}),
            (
                "lab-1-submissions/lab-1-grace-hopper/src/x.ipynb",
                {"login": "grace-hopper"},
            ),
        ),
    ),
    Platform(
        "nbgrader",
        re.compile(r"submitted/(?P<login>[^/]+)/[^/]+/"),
        (
            ("submitted/bitdiddle/ps1/problem1.ipynb", {"login": "bitdiddle"}),
            ("submitted/hacker/ex1/src/x.ipynb", {"login": "hacker"}),
        ),
        certain=False,
    ),
    Platform(
        "canvas",  # the name is the sortable one, squeezed and in lower case
        re.compile(
            r"(?!(?:LATE_)?\d)(?:(?!LATE_|anon_)(?P<name>(?:(?![A-Z])\w)+?)_)?"
            r"(?:(?P<late>LATE)_)?(?P<number>\d+|anon_[0-9A-Za-z]+)_"
            r"(?:\d{3,}_[^/]+|(?:text|link)\.html$)"
        ),
        (
            (
                "lovelaceada_LATE_4021_99812_x.ipynb",
                {"name": "lovelaceada", "number": "4021", "late": "LATE"},
            ),
            ("anon_x7Kq2_778_x-1.ipynb", {"number": "anon_x7Kq2"}),
        ),
        certain=False,
    ),
    Platform(
        "google",  # of Drive's archive of an assignment's folder
        re.compile(
            r"[^/]+-\d{8}T\d{6}Z-(?:\d+-)?\d{3}(?:\.zip)?/(?:[^/]+/)?"
            r"(?P<name>[^/]+?) - [^/]+(?:$|\.zip/)"
        ),
        (
            (
                "Lab 1-20261124T100000Z-001/Lab 1/Ada Lovelace - x.ipynb",
                {"name": "Ada Lovelace"},
            ),
            (
                "Lab 1-20261124T100000Z-1-001.zip/Grace Hopper - x.ipynb",
                {"name": "Grace Hopper"},
            ),
        ),
    ),
    Platform(
        "google",
        re.compile(
            r"(?=[^/]*\.(?:ipynb|zip)(?:/|$))(?P<name>[^\W\d_][^/]*? [^\W\d_][^/]*?) - "
        ),
        (
            ("Ada Lovelace - x.ipynb", {"name": "Ada Lovelace"}),
            ("Grace B. Hopper - x - y.ipynb", {"name": "Grace B. Hopper"}),
        ),
        certain=False,
    ),
)
"""The nine platforms; two of them have names of two kinds."""


def named(parts: Sequence[str], start: int, *, certain: bool) -> Iterator[Named]:
    """Yield what platforms find in a path, if one of their names begins at this part of it."""
    rest = "/".join(parts[start:])
    for platform in PLATFORMS:
        found = platform.pattern.match(rest)
        if not found or (certain and not platform.certain):
            continue
        groups = {key: text for key, text in found.groupdict().items() if text}
        ids = {key: groups[key] for key in IDS if key in groups}
        who = next(key for key in ("name", *IDS) if key in groups)
        at = start + rest.count("/", 0, found.start(who))
        yield Named(
            platform.name,
            groups.get("name", ""),
            ids,
            tuple(parts[:at]),
            at == len(parts) - 1,
            "late" in groups,
            moment(groups.get("when", "")),
            not platform.tree
            or bool(start and platform.tree.fullmatch(parts[start - 1])),
        )


_ORDERED = re.compile(
    r"(\d{4})\D(\d\d)\D(\d\d)\D(\d\d)\D(\d\d)\D(\d\d)(?:\.(\d{1,6}))?"
)
"""Year to second, from the largest to the smallest."""

_AMERICAN = re.compile(
    r"([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}), (\d{4}) (\d{1,2}?):?(\d\d) ([AP])M"
)
"""Sep 24, 2026 926 PM: a colon cannot be in a file's name."""

_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def moment(text: str) -> datetime | None:
    """Return a time as platforms write it; one without a zone is taken for UTC.

    So times of one platform keep their order, on every machine.
    """
    with suppress(ValueError):
        if found := _ORDERED.match(text):
            *whole, part = found.groups()
            micro = int((part or "").ljust(6, "0"))
            year, month, day, hour, minute, second = map(int, whole)
            return datetime(year, month, day, hour, minute, second, micro, tzinfo=UTC)
        if found := _AMERICAN.match(text):
            name, *numbers, half = found.groups()
            day, year, hour, minute = map(int, numbers)
            hour = hour % 12 + 12 * (half == "P")
            month = _MONTHS.index(name) // 3 + 1
            return datetime(year, month, day, hour, minute, tzinfo=UTC)
    return None
