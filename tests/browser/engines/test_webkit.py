"""The short round in WebKit."""

from tests.browser.engines import webkit
from tests.browser.engines.short_round import ShortRound

ENGINE = webkit


class TestWebKit(ShortRound):
    """What must work, in WebKit."""
