"""When our parts take their turn at Sphinx's events; the usual priority is 500."""

FIRST = 1
AFTER_OTHERS = 900
"""So that other extensions have done their work: the page is as they leave it."""

LAST = 950
"""So that everything has been written."""
