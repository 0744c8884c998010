"""The short round in Firefox."""

from tests.browser.engines import firefox
from tests.browser.engines.short_round import ShortRound

ENGINE = firefox


class TestFirefox(ShortRound):
    """What must work, in Firefox."""
