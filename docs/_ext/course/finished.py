"""One build at a time, and whether the last one came to its end.

A build that ends well leaves a stamp with digests of all that it and Sphinx have written. Where
the stamp is missing, or a file is not as it was, because a build was killed, failed, warned or
somebody changed its files, the next build reads and writes every page again. Nothing is executed
again because of that.
"""

import json
import os
from pathlib import Path

from filelock import FileLock, Timeout
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from course.digests import digest_of
from course.downloads import DOWNLOADS
from course.events import LAST
from course.files import notice, remove, write_whole


def wait_for_others(folder: Path) -> FileLock:
    """Take the lock of a checkout's builds, which the system releases if this process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "building")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        notice(f"Another build is writing into {folder}: this one waits for its end.")
        lock.acquire()
    return lock


class Finished:
    """The stamp of a build that has ended well."""

    def __init__(self, app: Sphinx, lock: FileLock) -> None:
        self.lock = lock
        self.site, self.doctrees = Path(app.outdir), Path(app.doctreedir)
        self.figures = self.site.parent / "jupyter_execute"  # MyST-NB writes them there
        self.stamp = self.doctrees / f"{self.site.name}.finished"
        self.pages: set[str] = set()
        app.connect("env-get-outdated", self.begin)
        app.connect("build-finished", self.end, LAST)

    def start_anew_unless_whole(self) -> None:
        """Let Sphinx forget what it has read and written if the last build was disturbed."""
        files = {}
        try:
            stamp = json.loads(self.stamp.read_bytes())
            self.pages, files = set(stamp["pages"]), dict(stamp["files"])
        except (OSError, ValueError, KeyError, TypeError):
            pass  # there is none, or it is no stamp
        present = self._digests() if files else {}
        if files and files.items() <= present.items():
            return
        environment = self.doctrees / ENV_PICKLE_FILENAME
        if environment.exists():
            notice(
                "The last build did not end well, or its files were changed: "
                "every page is read and written again."
            )
        # `loading` expects a folder of style sheets that is new, or as a whole build leaves it.
        own = (".buildinfo", "_images", "_static", "objects.inv", "searchindex.js")
        for path in (environment, self.figures, *(self.site / name for name in own)):
            remove(path)

    def begin(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        _added: set[str],
        _changed: set[str],
        removed: set[str],
    ) -> list[str]:
        """Withdraw the stamp, and delete pages without a source, which Sphinx would leave."""
        self._write(self.pages | env.found_docs, {})
        if isinstance(app.builder, StandaloneHTMLBuilder):
            for docname in (self.pages | removed) - env.found_docs:
                Path(app.builder.get_outfilename(docname)).unlink(missing_ok=True)
        return []  # this makes no other page outdated

    def end(self, app: Sphinx, exception: Exception | None) -> None:
        """Write the stamp, unless something was wrong: Sphinx warns only of what it reads."""
        if exception is None and not app._warncount:
            self._write(app.env.found_docs, self._digests())
        self.lock.release()

    def _write(self, pages: set[str], files: dict[str, str]) -> None:
        text = json.dumps({"pages": sorted(pages), "files": files}, indent=1)
        write_whole(self.stamp, text.encode())

    def _digests(self) -> dict[str, str]:
        """Return the digests of all files but the downloads, which are always written again.

        Paths begin at the site, so that a checkout may be moved.
        """
        folders = (self.site, self.doctrees, self.figures)
        paths = sorted(path for folder in folders for path in folder.rglob("*"))
        return {
            os.path.relpath(path, self.site): digest_of(path.read_bytes())
            for path in paths
            if path.is_file()
            and path != self.stamp
            and self.site / DOWNLOADS not in path.parents
        }
