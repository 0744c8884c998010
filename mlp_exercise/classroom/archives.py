"""Zip archives read as they are: nothing is written to disk, and nothing is unpacked twice.

Whatever an archive says of itself may be a lie. So what is read has a bound, whatever is odd
has a reason, and the rest of the archive is read all the same.
"""

import stat
import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from mlp_exercise.submission.notebook import LARGEST_FILE, Unreadable

LARGEST_DIRECTORY = 8 * 2**20
"""Of an archive's list of files, in bytes: some tens of thousands have room."""

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

MOST_OPEN = 8
"""Archives that are kept open while others are read."""

_MALFORMED = (
    *(BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error),
    *(ValueError, struct.error, OverflowError, IndexError, MemoryError),
)
"""What reading an archive raises that is none, or is damaged."""


class Packed(NamedTuple):
    """A file or a folder in an archive."""

    name: str  # with slashes between folders
    place: int  # in the archive's own list: two may have the same name
    folder: bool = False
    when: datetime | None = None  # by the clock of whoever packed it
    wrong: str = ""  # why it is not read


Address = tuple[str, tuple[int, ...]]
"""Where an archive is: a file, and the places of archives within archives."""


def is_archive(name: str) -> bool:
    """Return whether a file is called as an archive is that is read."""
    return name.lower().endswith(".zip")


def listed(address: Address) -> list[Packed]:
    """List what is in an archive; raise `Unreadable` if it is none."""
    with _opened(address) as archive:
        return archive.listed()


def content(address: Address, place: int) -> bytes:
    """Read a file in an archive, no further than is needed to see that it is too large."""
    with _opened(address) as archive:
        return archive.content(place)


class _Bounded:
    """A file that does not read a list of files beyond measure."""

    def __init__(self, stream: BinaryIO) -> None:
        self.seek, self.tell, self._read = stream.seek, stream.tell, stream.read
        self.seekable, self.close = stream.seekable, stream.close
        self.most: float = LARGEST_DIRECTORY

    def read(self, size: int = -1) -> bytes:
        if size > self.most:
            raise BadZipFile(f"its list of files is longer than {self.most} bytes")
        return self._read(size)


class _Archive:
    """An open archive."""

    def __init__(self, stream: BinaryIO) -> None:
        self.users = 0
        self._stream = bounded = _Bounded(stream)
        try:
            self._zip = ZipFile(bounded)
        except BaseException:
            stream.close()
            raise
        bounded.most = float("inf")

    def close(self) -> None:
        self._zip.close()
        self._stream.close()

    def listed(self) -> list[Packed]:
        infos = self._zip.infolist()
        overlapping = _overlapping(infos)
        total = 0
        later: set[str] = set()
        found = []
        for place, info in reversed([*enumerate(infos[:MOST_ENTRIES])]):
            name = _name(info)
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
            if not wrong and not info.is_dir():
                later.add(name)
            found.append(Packed(name, place, info.is_dir(), _when(info), wrong))
        found.reverse()
        if len(infos) > MOST_ENTRIES:
            rest = f"{len(infos)} files came in one archive, {MOST_ENTRIES} are read"
            found.append(Packed("", MOST_ENTRIES, wrong=rest))
        return found

    def content(self, place: int) -> bytes:
        infos = self._zip.infolist()
        if place >= len(infos):
            raise Unreadable("the archive has changed since it was listed")
        try:
            with self._zip.open(infos[place]) as opened:
                return opened.read(LARGEST_FILE + 1)
        except _MALFORMED as error:
            raise Unreadable(f"it cannot be read from its archive: {error}") from error


_lock = threading.RLock()
_shelf: OrderedDict[Address, _Archive] = OrderedDict()
_kept = 0  # how often `kept_open` is entered


@contextmanager
def kept_open() -> Iterator[None]:
    """Keep some archives open inside, so that each is opened once; in the end, close them all."""
    global _kept
    with _lock:
        _kept += 1
    try:
        yield
    finally:
        with _lock:
            _kept -= 1
            _close_some()


@contextmanager
def _opened(address: Address) -> Iterator[_Archive]:
    """Open an archive, or take one that is open."""
    try:
        with _lock:
            archive = _shelf.pop(address, None) or _Archive(_stream(address))
            _shelf[address] = archive
            archive.users += 1
    except _MALFORMED as error:
        raise Unreadable(f"the archive cannot be read: {error}") from error
    try:
        yield archive
    finally:
        with _lock:
            archive.users -= 1
            _close_some()


def _stream(address: Address) -> BinaryIO:
    file, places = address
    if not places:
        return Path(file).open("rb")
    packed = content((file, places[:-1]), places[-1])
    if len(packed) > LARGEST_FILE:
        most = LARGEST_FILE // 2**20
        raise Unreadable(f"an archive larger than {most} MB came in another")
    return BytesIO(packed)


def _close_some() -> None:
    """Close what was used longest ago, if it is not used now."""
    unused = [address for address, archive in _shelf.items() if not archive.users]
    too_many = len(_shelf) - (MOST_OPEN if _kept else 0)
    for address in unused[: max(0, too_many)]:
        _shelf.pop(address).close()


def _name(info: ZipInfo) -> str:
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
        return "a link came, a notebook was expected"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "neither a file nor a folder came, a notebook was expected"
    if len(name) > LONGEST_NAME:
        return f"a name of {len(name)} letters came, at most {LONGEST_NAME} are read"
    if name.startswith("/") or name[1:3] == ":/" or ".." in name.split("/"):
        return "a name came that leads out of its archive"
    if not name or "\0" in info.orig_filename:
        return "a name came that is none"
    if info.flag_bits & 1:
        return "an encrypted file came: unpack it with its password"
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) and not info.is_dir():
        return (
            "a file came that is packed in an unusual way, expected deflate: unpack it"
        )
    if info.file_size > max(SMALL, MOST_TIMES * info.compress_size):
        return f"a file came that becomes {MOST_TIMES} times larger, and more, unpacked"
    return ""


def _overlapping(infos: list[ZipInfo]) -> set[int]:
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
