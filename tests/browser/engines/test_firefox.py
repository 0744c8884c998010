"""The short round in Firefox."""

from tests.browser.engines import firefox
from tests.browser.engines.reader import Reader
from tests.browser.engines.short_round import WHOLE, ShortRound
from tests.browser.measurement import NARROW

ENGINE = firefox
AS_IT_COMES = """() => {
    document.querySelectorAll("mo").forEach((sign) => sign.removeAttribute("largeop"));
    document.querySelectorAll("math").forEach((formula) => (formula.style.whiteSpace = "normal"));
}"""


class TestFirefox(ShortRound):
    """What must work, in Firefox."""

    def test_formulas_as_they_come_would_be_seen(self, reader: Reader) -> None:
        """What the course changes for this engine alone is still needed, and still seen."""
        reader.open("notation.html", NARROW)
        assert reader.run(WHOLE) == {"broken": [], "oversized": []}
        reader.run(AS_IT_COMES)
        found = reader.run(WHOLE)
        assert "⊙" in found["oversized"]
        assert found["broken"]
