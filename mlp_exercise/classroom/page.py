"""A page of HTML that needs nothing else: no script, no other file, both themes, paper too."""

import re
from html import escape

STYLE = """\
:root { color-scheme: light dark; --fore: #1b1f24; --back: #fff; --soft: #57606a;
  --line: #d0d7de; --panel: #f6f8fa; --accent: #0550ae; --good: #116329;
  --bad: #a40e26; }
@media (prefers-color-scheme: dark) { :root { --fore: #e6edf3; --back: #0d1117;
  --soft: #9198a1; --line: #3d444d; --panel: #151b23; --accent: #79c0ff;
  --good: #7ee787; --bad: #ffa198; } }
@media print { :root { color-scheme: light; --fore: #000; --back: #fff; --soft: #333;
  --line: #999; --panel: #fff; --accent: #000; --good: #000; --bad: #000; } }
body { max-width: 52rem; margin: 0 auto; padding: 1rem; color: var(--fore);
  background: var(--back); font: 1rem/1.5 system-ui, sans-serif; }
"""
"""Colours as variables, and text; each page adds its own."""

Html = str
"""Text in which what learners wrote is escaped already; `text` makes it."""


def text(value: object) -> Html:
    """Return anything as text of a page; what cannot be shown is replaced."""
    shown = "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}"
        for c in str(value)
    )
    return escape(shown)


def prose(words: object) -> Html:
    """Return our own sentences as text of a page, with names between backticks as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", text(words))


def page(title: str, style: str, body: Html) -> str:
    """Return a whole page; what it may do is refused by its own policy, whatever it holds."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>\n{STYLE}{style}</style>\n</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    )
