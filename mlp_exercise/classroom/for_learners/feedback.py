"""Feedback for every learner, written into the folders that the course's platform takes back."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath

from mlp_exercise.classroom.files import FEEDBACK_HEAD, FEEDBACK_NOTE
from mlp_exercise.classroom.for_learners.annotated import (
    NoCopy,
    annotated,
    is_annotated,
)
from mlp_exercise.classroom.for_learners.learner_page import MARK, learner_page
from mlp_exercise.classroom.for_learners.own_code import content_of
from mlp_exercise.classroom.for_learners.parts import parts_of
from mlp_exercise.classroom.for_learners.returned import Delivery, deliveries
from mlp_exercise.classroom.standing import Standing
from mlp_exercise.whole_files import whole

WHERE = {
    "Moodle": "Moodle takes back what lies in the folder of an assignment: put what is in it "
    "into a zip archive, and upload that as feedback files.",
    "Canvas": "Canvas takes back notebooks alone, under the names that they were downloaded "
    "with. Where they were annotated, put the notebooks of an assignment into a zip archive "
    "and upload that as submissions. The pages lie in a folder beside, which ends in -pages.",
    "ILIAS": "ILIAS takes back a folder whose name begins with multi_feedback: put it into a "
    "zip archive, and upload that as multi-feedback.",
    "nbgrader": "The folder feedback has nbgrader's tree.",
    "": "Each learner has a folder.",
}
"""How feedback gets to the learners, by platform."""

MOST_FAILURES = 20
"""Files that cannot be written and are told by name: on a full disk, none can."""


def give_back(
    folder: Path,
    classroom: Sequence[Standing],
    *,
    annotate: bool,
    expected: bool,
    site: str = "",
    best: bool = False,
) -> Iterator[str]:
    """Write the feedback of every learner; yield what the instructor should know.

    A file that cannot be written keeps no other back; at the end, `OSError` says how many.
    """
    writer = _Writer(folder, classroom)
    pages = notebooks = 0
    platforms: dict[str, None] = {}
    _write(folder / FEEDBACK_NOTE, FEEDBACK_HEAD.encode(), frozenset())
    for delivery in deliveries(classroom):
        platforms[delivery.platform] = None
        made = learner_page(delivery, expected=expected, site=site, best=best)
        pages += writer.has_written(delivery.page, made.encode())
        if annotate:
            copies = _annotated(delivery, site, expected=expected, best=best)
            for file, content in copies:
                if isinstance(content, str):
                    writer.told.append(content)
                else:
                    notebooks += writer.has_written(file, content)
        yield from writer.told
        writer.told.clear()
    lines = [FEEDBACK_HEAD, *(f"{WHERE[name]}\n" for name in platforms)]
    writer.has_written(PurePath(FEEDBACK_NOTE), "\n".join(lines).encode())
    yield from writer.told
    if "Canvas" in platforms and not annotate:
        yield "Canvas takes back notebooks alone: --annotate writes them."
    count = f"{pages} {'page' if pages == 1 else 'pages'} of feedback"
    if annotate:
        count += f" and {notebooks} {'notebook' if notebooks == 1 else 'notebooks'}"
    yield f"{count}: {folder}"
    if missing := writer.failures:
        what = "file of feedback is" if missing == 1 else "files of feedback are"
        raise OSError(f"{missing} {what} missing")


class _Writer:
    """Writes files one by one, and tells which cannot be written."""

    def __init__(self, folder: Path, classroom: Iterable[Standing]) -> None:
        self._folder = folder
        self._handed_in = {
            os.path.realpath(result.file) for one in classroom for result in one.results
        }
        self.failures = 0
        self.told: list[str] = []

    def has_written(self, below: PurePath, content: bytes) -> bool:
        """Write a file, unless something else is there, and say whether it is there now."""
        file = self._folder / below
        try:
            if _write(file, content, self._handed_in):
                return True
            stays = "is there already and is no feedback; it stays as it is"
            self.told.append(f"{file} {stays}.")
        except OSError as error:
            self.failures += 1
            if self.failures <= MOST_FAILURES:
                why = error.strerror or error
                self.told.append(f"{file} cannot be written: {why}.")
        return False


def _annotated(
    delivery: Delivery, site: str, *, expected: bool, best: bool
) -> Iterator[tuple[Path, bytes | str]]:
    """Yield notebooks with feedback, or why there is none."""
    for part in parts_of(delivery, expected=expected, best=best):
        if part.result is None:
            continue
        file = Path(delivery.notebook(part.result))
        try:
            content = content_of(part.result)
            if content is None:
                raise NoCopy("it is no longer what was marked")
            yield file, annotated(content, part.result, part.told, site)
        except NoCopy as why:
            yield (
                file,
                f"{part.result.file} is not given back with feedback in it: {why}.",
            )


def _write(file: Path, content: bytes, handed_in: frozenset[str] | set[str]) -> bool:
    """Write a file whole, and say so; what is no feedback, or was handed in, stays."""
    if os.path.lexists(file):
        is_plain = file.is_file() and not file.is_symlink()
        if not is_plain or os.path.realpath(file) in handed_in:
            return False
        there = file.read_bytes()
        if there == content:
            return True
        if not _is_ours(file, there):
            return False
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):  # a file, where a folder is to be
        return False
    with whole(file) as unfinished:
        unfinished.write_bytes(content)
    return True


def _is_ours(file: Path, content: bytes) -> bool:
    """Say whether a file is feedback that was written before."""
    if file.name == FEEDBACK_NOTE:
        return content.startswith(FEEDBACK_HEAD.encode())
    if file.suffix == ".html":
        return MARK.encode() in content
    return is_annotated(content)
