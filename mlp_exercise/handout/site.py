"""The address of the course's site, as it is typed and as notebooks and pages may hold it."""

import argparse
import re
from contextlib import suppress
from urllib.parse import urlsplit

STRAY = re.compile(r"[\s?#<>{}$`\"'\\]")
"""What the address of a site never has; in code, a shell or a link it would mean something."""


def address_of_site(text: str) -> str:
    """Return the address of a site as it was typed, if a page may lead there; or none."""
    with suppress(ValueError):
        parts = urlsplit(text)
        is_whole = parts.scheme in ("http", "https") and parts.netloc
        if not text or (is_whole and not STRAY.search(text)):
            return text
    raise argparse.ArgumentTypeError(
        f"{text!r} came, expected the address of a site, such as https://example.org"
    )
