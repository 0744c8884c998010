"""Ctrl-C, and signals to end: the first is heard where it does no harm, the second anywhere."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from mlp_exercise.submission import process

SIGNALS = tuple(
    number
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if (number := getattr(signal, name, None)) is not None  # Windows has no SIGHUP
)

AT_ONCE = 1.0
"""Seconds within which signals are one: a wrapper sends its own, and a logout sends several."""


class Interruption:
    """What has put an early end to the marking, if anything has."""

    def __init__(self) -> None:
        self._since = 0.0  # when it came
        self.reason = ""  # why, such as "Interrupted"; empty as long as all goes well
        self._may_raise = False

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note the first signal for as long as this context lasts, and raise the second.

        Who ignores a signal, or has a handler, keeps that.
        """
        handlers = {}
        try:
            for number in SIGNALS:
                if signal.getsignal(number) is signal.default_int_handler:
                    with suppress(ValueError):  # only the main thread may handle any
                        handlers[number] = signal.signal(number, self._note)
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Let an interruption, one noted earlier too, raise `KeyboardInterrupt` in here."""
        try:
            self._may_raise = True
            if self.reason:
                raise KeyboardInterrupt
            yield
        finally:
            self._may_raise = False

    def _note(self, *_: object) -> None:
        if self.reason:
            if time.monotonic() - self._since < AT_ONCE:
                return
            process.end_all()
            raise KeyboardInterrupt
        self.reason, self._since = "Interrupted", time.monotonic()
        if self._may_raise:
            self._may_raise = False
            raise KeyboardInterrupt
