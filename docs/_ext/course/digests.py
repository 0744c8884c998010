"""Digests of files: where one changes, Sphinx makes anew what it could not know to depend on."""

import hashlib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

MAKERS = ("furo", "myst-nb", "pygments", "sphinx", "sphinx-copybutton")
"""What writes style sheets and templates that are not ours."""


def contents(folder: Path, *patterns: str, name: str = "") -> Iterator[bytes]:
    """Yield names and contents of the files of a folder, in the order of their names."""
    for path in sorted({p for pattern in patterns for p in folder.rglob(pattern)}):
        if path.is_file():
            file = f"{name}{path.relative_to(folder).as_posix()}"
            yield file.encode() + b"\0" + path.read_bytes() + b"\0"


def versions() -> str:
    """Return the versions of all that writes parts of a page besides us."""
    return " ".join(f"{name} {_version(name)}" for name in MAKERS)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "is not there"


def code_digest(docs: Path, locales: Iterable[str]) -> str:
    """Return a digest of this extension and its translations, on which what it reads depends."""
    words = (
        part for name in locales for part in contents(docs / name, "*.po", "*.pot")
    )
    return _digest(*contents(Path(__file__).parent, "*.py"), *words)


def page_digest(docs: Path) -> str:
    """Return a digest of what every page is written with: styles, programs and templates."""
    files = contents(docs / "_static", "*.css", "*.js")
    templates = contents(docs / "_templates", "*.html")
    return _digest(versions().encode(), *files, *templates)


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:16]
