"""What a zip archive says of the files in it, and why some are not read; nothing is unpacked."""

import os
import stat
import struct
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from mlp_exercise.submission.notebook import LARGEST_FILE

MOST_ENTRIES = 50_000
"""Files and folders that are looked at in an archive."""

LARGEST_TOTAL = 8 * 2**30
"""Bytes that the files of an archive may have together when they are unpacked."""

MOST_TIMES = 200
"""How much larger a file may become that is unpacked; a notebook becomes ten times larger."""

SMALL = 2**20
"""A file of so many bytes may become larger by any factor."""

LONGEST_NAME = 1000
"""In characters, with all its folders."""

LARGEST_MARK = 4
"""Bytes that may come before the first file."""


LINK = "a link came, a notebook was expected"
"""It may lead to the work of somebody else."""

NEITHER = "neither a file nor a folder came, a notebook was expected"


class Place(NamedTuple):
    """Where a file is in an archive, and which file: another archive may come to have the name."""

    number: int  # in the archive's own list: two may have the same name
    name: str = ""
    check: int = 0  # sum of its content
    size: int = 0


class Packed(NamedTuple):
    """A file or a folder in an archive."""

    name: str  # with slashes between folders
    place: Place
    folder: bool = False
    when: datetime | None = None  # by the clock of whoever packed it
    wrong: str = ""  # why it is not read


class Ending(NamedTuple):
    """What stands at the end of an archive."""

    number: int | None = None  # of files that it says it has
    after: int = 0  # bytes behind it


def listed_in(infos: Sequence[ZipInfo], end: Ending) -> list[Packed]:
    """Return the files and folders in an archive, in its order."""
    overlapping = _overlapping(infos)
    total = 0
    later: set[str] = set()
    found = []
    for place, info in reversed([*enumerate(infos[:MOST_ENTRIES])]):
        name = name_in(info)
        wrong = _wrong(info, name)
        if not wrong and place in overlapping:
            wrong = "a file came that overlaps with another in its archive"
        elif not wrong and name in later:
            wrong = "another file of the same name came later in the archive"
        elif not wrong and name.lower().endswith((".ipynb", ".zip")):
            total += min(info.file_size, LARGEST_FILE)
            if total > LARGEST_TOTAL:
                most = LARGEST_TOTAL // 2**30
                wrong = f"more than {most} GB of notebooks came in one archive"
        if not wrong and not name.endswith("/"):
            later.add(name)
        is_folder = name.endswith("/")
        found.append(Packed(name, place_of(info, place), is_folder, _when(info), wrong))
    found.reverse()
    doubt = _doubt(infos, end)
    return [*found, Packed("", Place(len(infos)), wrong=doubt)] if doubt else found


def place_of(info: ZipInfo, number: int) -> Place:
    """Return where a file is, from what its archive says of it."""
    return Place(number, info.filename, info.CRC, info.file_size)


def _doubt(infos: Sequence[ZipInfo], end: Ending) -> str:
    """Say why there may be more in it than it lists; empty if all is as it should be.

    What is left of an archive that was cut off may end in the list of another, within it.
    """
    if len(infos) > MOST_ENTRIES:
        return f"{len(infos)} files came in one archive, {MOST_ENTRIES} are read"
    begin = min((info.header_offset for info in infos), default=0)
    number, after = end
    if number is not None and number != len(infos) & 0xFFFF:
        return f"{len(infos)} files are listed in an archive of {number}: download it again"
    if begin > LARGEST_MARK or after:
        return "the archive has parts that it does not list: download it again"
    return ""


def ending(stream: BinaryIO) -> Ending:
    """Return how many files an archive says that it has, if it does, and what follows its end."""
    size = 22  # bytes, and a comment may follow
    stream.seek(max(0, stream.seek(0, os.SEEK_END) - 2**16 - size))
    tail = stream.read()
    place = tail.rfind(b"PK\5\6")
    if not 0 <= place <= len(tail) - size:
        return Ending()
    number, comment = struct.unpack_from("<10xH8xH", tail, place)
    after = len(tail) - place - size - comment
    # In a large archive, another record tells the number, and its place stands before this.
    is_elsewhere = number == 0xFFFF and tail[:place][-20:].startswith(b"PK\6\7")
    return Ending(None if is_elsewhere else number, after)


def name_in(info: ZipInfo) -> str:
    """Return a file's name; old programs write UTF-8 without saying so, or Windows' separators."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _wrong(info: ZipInfo, name: str) -> str:
    """Say why a file is not read, as far as its archive tells; empty if it is."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:  # it may lead to the work of somebody else
        return LINK
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return NEITHER
    if len(name) > LONGEST_NAME:
        return f"a name of {len(name)} letters came, at most {LONGEST_NAME} are read"
    if name.startswith("/") or name[1:3] == ":/" or ".." in name.split("/"):
        return "a name came that leads out of its archive"
    if not name or "\0" in info.orig_filename:
        return "a name came that is none"
    if info.flag_bits & 1:
        return "an encrypted file came: unpack it with its password"
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) and not name.endswith("/"):
        return (
            "a file came that is packed in an unusual way, expected deflate: unpack it"
        )
    if info.file_size > max(SMALL, MOST_TIMES * info.compress_size):
        return f"a file came that becomes {MOST_TIMES} times larger, and more, unpacked"
    return ""


def _overlapping(infos: Sequence[ZipInfo]) -> set[int]:
    """Return the places of files that end after the next one begins."""
    header = 30  # bytes, at least
    order = sorted(range(len(infos)), key=lambda place: infos[place].header_offset)
    ends = {
        place: info.header_offset + header + len(info.filename) + info.compress_size
        for place, info in enumerate(infos)
    }
    following = [infos[place].header_offset for place in order[1:]]
    return {
        place
        for place, begin in zip(order, following, strict=False)
        if ends[place] > begin
    }


def _when(info: ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time, tzinfo=UTC)
    except ValueError:  # there may be no such day
        return None
