"""Zip archives read as they are: nothing is written to disk.

Whatever an archive says of itself may be a lie. So what is read has a bound, whatever is odd
has a reason, and the rest of the archive is read all the same.
"""

import errno
import stat
import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from mlp_exercise.classroom.collecting.directory import (
    Packed,
    Place,
    ending,
    listed_in,
    place_of,
)
from mlp_exercise.submission.notebook import LARGEST_FILE, NotMarked, Unreadable

LARGEST_DIRECTORY = 8 * 2**20
"""Of an archive's list of files, in bytes: some tens of thousands have room."""

MOST_OPEN = 8
"""Archives that are kept open while others are read."""

_MALFORMED = (
    *(BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error),
    *(ValueError, struct.error, OverflowError, IndexError, MemoryError),
)
"""What reading an archive raises that is none, or is damaged."""

_NOWHERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)
"""What any system says of a name or a place in a file that is none."""

Address = tuple[str, tuple[Place, ...]]
"""Where an archive is: a file, and the places of archives within archives."""


def is_archive(name: str) -> bool:
    """Return whether a file is called as an archive is that is read."""
    return name.lower().endswith(".zip")


def refusal(what: str, error: Exception) -> NotMarked:
    """Say why something cannot be read; what this machine lacks is no fault of a learner's."""
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, MemoryError) or number not in (None, *_NOWHERE):
        return NotMarked(f"{what} cannot be read here: {str(error) or 'out of memory'}")
    return Unreadable(f"{what} cannot be read: {error}")


def listed(address: Address) -> list[Packed]:
    """List what is in an archive; raise `NotMarked` if that cannot be done."""
    with _opened(address) as archive:
        return archive.listed()


def content(address: Address, place: Place) -> bytes:
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
        self._stream = stream
        bounded = _Bounded(stream)
        self._lock = threading.Lock()
        try:
            self._ending = ending(stream)
            self._zip = ZipFile(bounded)
        except BaseException:
            stream.close()
            raise
        bounded.most = float("inf")

    def close(self) -> None:
        self._zip.close()
        self._stream.close()

    def listed(self) -> list[Packed]:
        return listed_in(self._zip.infolist(), self._ending)

    def content(self, place: Place) -> bytes:
        infos = self._zip.infolist()
        number = place.number
        if number >= len(infos) or place_of(infos[number], number) != place:
            raise Unreadable("the archive has changed since it was listed")
        try:
            with self._lock:  # it counts the files that are open
                opened = self._zip.open(infos[number])
            try:
                return opened.read(LARGEST_FILE + 1)
            finally:
                with self._lock:
                    opened.close()
        except _MALFORMED as error:
            raise refusal("the file in its archive", error) from error


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
        raise refusal("the archive", error) from error
    try:
        yield archive
    finally:
        with _lock:
            archive.users -= 1
            _close_some()


def _stream(address: Address) -> BinaryIO:
    file, places = address
    if not places:
        if not stat.S_ISREG(Path(file).stat().st_mode):  # to open it may take for ever
            raise Unreadable("it is neither a file nor a folder")
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
