"""Archives that are damaged, or lie, or are odd; 10,000 of them: ``python -m`` this module."""

import argparse
import io
import json
import random
import struct
import sys
import tempfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from mlp_exercise.classroom.collecting import directory
from mlp_exercise.classroom.collecting.collect import Handed, find
from mlp_exercise.classroom.collecting.listing import is_notebook
from mlp_exercise.submission.notebook import LARGEST_FILE, Unreadable

Files = dict[str, bytes]

ODD_NAMES = (
    *("../x.ipynb", "/etc/x.ipynb", "C:\\x.ipynb", "a\\b\\x.ipynb", "./x.ipynb"),
    *("a//x.ipynb", "CON.ipynb", "ü/\u202ex.ipynb", "é" * 300 + ".ipynb", ".ipynb"),
    *("x" * 5000 + ".ipynb", "/".join("d" * 80) + "/x.ipynb", "x.ipynb/", " .ipynb"),
    *("__MACOSX/._x.ipynb", ".ipynb_checkpoints/x.ipynb", "a\0b.ipynb", "a\nb.ipynb"),
)
"""What a file in an archive may be called that nobody expects."""


BOMB = bytes(directory.SMALL + 1)
"""A file that becomes a thousand times larger."""


def packed(files: Files, draw: random.Random) -> bytes:
    """Return an archive of files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            kind = draw.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
            archive.writestr(zipfile.ZipInfo(name), content, kind)
    return stream.getvalue()


def class_files(draw: random.Random) -> Files:
    """Return what a small class has handed in."""

    def notebook() -> bytes:
        source = draw.choice(["z = 1", "x" * 3000, draw.randbytes(50).hex()])
        return json.dumps({"cells": [{"source": source}]}).encode()

    def folder(name: str, number: int) -> str:
        return f"{name}_{number}_assignsubmission_file/"

    own = packed({"work/one.ipynb": notebook(), "work/data.csv": b"1,2"}, draw)
    return {
        folder("Ada Lovelace", 105) + "one.ipynb": notebook(),
        folder("Ada Lovelace", 105) + "two.ipynb": notebook(),
        folder("Grace Hopper", 106) + "src/one.ipynb": notebook(),
        folder("Zoë Ångström", 107) + "one.ipynb": notebook(),
        folder("Alan Turing", 108) + "work.zip": own,
        folder("Emmy Noether", 109) + "photo.heic": draw.randbytes(40),
        "lovelaceada_LATE_4021_99812_one.ipynb": notebook(),
    }


def _flip(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.choice([1, 1, 3, 20])):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _cut(data: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(1, len(data) + 1)]


def _take_out(data: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(data))
    return data[:start] + data[start + draw.randint(1, 100) :]


def _put_in(data: bytes, draw: random.Random) -> bytes:
    start = draw.choice([0, len(data), draw.randrange(len(data))])
    return data[:start] + draw.randbytes(draw.randint(1, 100)) + data[start:]


def _lie(data: bytes, draw: random.Random) -> bytes:
    """Change a number in the list of files, or at its end."""
    changed = bytearray(data)
    sign, fields = draw.choice(
        [
            (b"PK\1\2", ((6, "H"), (8, "H"), (10, "H"), (12, "I"), (16, "I"))),
            (b"PK\1\2", ((20, "I"), (24, "I"), (28, "H"), (30, "H"), (32, "H"))),
            (b"PK\1\2", ((38, "I"), (42, "I"))),
            (b"PK\3\4", ((6, "H"), (8, "H"), (18, "I"), (22, "I"), (26, "H"))),
            (b"PK\5\6", ((4, "H"), (8, "H"), (10, "H"), (12, "I"), (16, "I"))),
        ]
    )
    places = [i for i in range(len(data)) if data.startswith(sign, i)]
    offset, kind = draw.choice(fields)
    size = struct.calcsize(kind)
    number = draw.choice([0, 1, 8, 255, 0x7FFF, 0xFFFE, 0xFFFF, draw.getrandbits(31)])
    number = draw.choice([number, 0xA1FF0000, 0xFFFFFFFF]) % 256**size
    if places and (place := draw.choice(places) + offset) + size <= len(data):
        struct.pack_into(f"<{kind}", changed, place, number)
    return bytes(changed)


def _rebuilt(data: bytes, draw: random.Random) -> bytes:
    """Return the archive with files doubled, or of odd names, or huge, or in other order."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        files = [(info.filename, old.read(info)) for info in old.infolist()]
    change = draw.randrange(4)
    if change == 0:
        files.insert(draw.randrange(len(files) + 1), draw.choice(files or [("a", b"")]))
    elif change == 1:
        files.append((draw.choice(ODD_NAMES), b"{}"))
    elif change == 2:
        files.append(("bomb.ipynb", BOMB))
    draw.shuffle(files)
    stream = io.BytesIO()
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_flip, _cut, _take_out, _put_in, _lie, _lie),
)


def malformed(draw: random.Random) -> tuple[bytes, Files]:
    """Return an archive that is damaged, or lies, or is odd, and what was in it before."""
    files = class_files(draw)
    data = packed(files, draw)
    if draw.randrange(3) == 0:
        data = _rebuilt(data, draw)
    for _ in range(draw.choice([0, 1, 1, 1, 2, 3])):
        data = draw.choice(MUTATIONS)(data, draw) or b"?"
    return data, files


def check(file: Path, files: Files) -> Counter[str]:
    """Check that all that an archive lists is found, and read as it was packed, or has a reason."""
    path = str(file)
    found = list(find(path))
    assert found
    shown = {item.file for item in found}
    told = path in shown  # something is said of the archive as a whole
    try:
        with zipfile.ZipFile(file) as plain:
            infos = plain.infolist()
    except Exception:
        assert told
        infos = []
    assert told or len(infos) >= len(files)
    listed = [directory.name_in(info) for info in infos]
    for name in listed:
        parts = [part for part in name.split("/") if part not in ("", ".")]
        usual = ".." not in name and not any(part[:1] in "._" for part in parts)
        if is_notebook(name) and usual and len(name) < directory.LONGEST_NAME:
            assert str(Path(path, *parts)) in shown, name
    contents = {*files.values(), b"{}", BOMB}
    for packed_files in filter(zipfile.is_zipfile, map(io.BytesIO, files.values())):
        with zipfile.ZipFile(packed_files) as own:
            contents.update(map(own.read, own.namelist()))
    count: Counter[str] = Counter(readable=bool(infos), archives=1)
    for item in found:
        count["lines"] += 1
        if not isinstance(item, Handed):
            assert item.reason
            continue
        count["notebooks"] += 1
        try:
            content = item.content()
        except Unreadable:
            count["refused"] += 1
        else:
            assert len(content) <= LARGEST_FILE + 1
            assert content in contents, item.file
            count["read"] += 1
    return count


def main() -> None:
    """Try many archives, and print how it went."""
    import resource  # not every system has it

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", nargs="?", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    count: Counter[str] = Counter()
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "class.zip")
        for seed in range(arguments.seed, arguments.seed + arguments.number):
            data, files = malformed(random.Random(seed))  # noqa: S311 - nothing is kept secret
            file.write_bytes(data)
            try:
                count += check(file, files)
            except BaseException as problem:
                problem.add_note(f"seed {seed}")
                raise
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{dict(count)}, {seconds:.1f} s, {memory:.0f} MB at most\n")


if __name__ == "__main__":
    main()
