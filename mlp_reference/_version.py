"""The version of both packages: a release, and a digest of what their wheel holds.

With the digest, a mended wheel is another version, so that a notebook can tell that an older one
is installed. In a checkout it is computed from the files, because the version that an editable
installation has noted is old as soon as one of them changes; a wheel knows its own.
"""

import hashlib
import json
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

RELEASE = "0.1.0"
"""What a reader sees; pages show no digest, which would change them all with every line."""

ROOT = Path(__file__).parents[1]

CONTENT = ("mlp_*/**/*.py", "mlp_*/py.typed", "tutorials_src/ex*.md")
"""What the wheel is made of, as `pyproject.toml` names it for hatchling."""

SETTINGS = ("requires-python", "dependencies", "optional-dependencies", "scripts")
"""What of the project's metadata decides what is installed with it."""


@cache
def version() -> str:
    """Return the version of what runs, in full."""
    in_a_checkout = (ROOT / "tutorials_src").is_dir()
    return computed() if in_a_checkout else metadata.version("mlp_reference")


def computed(root: Path = ROOT) -> str:
    """Return the version of a checkout, the same wherever its lines end."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    about = {name: project.get(name) for name in SETTINGS}
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    files = {path.relative_to(root).as_posix(): path for path in content(root)}
    for name, path in sorted(files.items()):
        text = path.read_text("utf-8").encode()  # every line ends in \n
        digest.update(f"{name} {len(text)}\n".encode() + text)
    # After a letter, because zeros that a number begins with are left out of a version.
    return f"{RELEASE}+d{digest.hexdigest()[:7]}"


def content(root: Path) -> list[Path]:
    """List the files of which the wheel is made."""
    return [path for pattern in CONTENT for path in root.glob(pattern)]
