"""Files that appear when they are complete: nothing that was there is lost half-way."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

_numbers = count()


@contextmanager
def whole(file: Path) -> Iterator[Path]:
    """Give a file beside it to write, which takes its place at the end, unless that failed."""
    if is_device(file):
        yield file
        return
    place = file.resolve() if file.is_file() else file  # a link stays
    name = f".{os.getpid()}-{next(_numbers)}.part"  # any name has room for it
    unfinished = place.with_name(name)
    try:
        yield unfinished
        if place.exists():
            shutil.copymode(place, unfinished)
        unfinished.replace(place)
    except OSError as error:
        if error.filename == str(unfinished):  # a name that nobody knows
            raise OSError(error.errno, error.strerror, str(file)) from error
        raise
    finally:
        with suppress(OSError):
            unfinished.unlink()


def is_device(file: Path) -> bool:
    """Return whether a file takes what is written at once, such as ``/dev/stdout``."""
    return file.exists() and not file.is_file() and not file.is_dir()
