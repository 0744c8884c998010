"""Files that builds write: each appears when it is complete, and what was disturbed is removed."""

import os
import shutil
import sys
from pathlib import Path


def notice(words: str) -> None:
    """Say what happened without failing a strict build, even where it is quiet."""
    sys.stderr.write(f"{words}\n")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that appears when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:  # that of a full disk names no file
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        part.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Remove a file or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
