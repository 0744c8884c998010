"""What all tests here have: examples of the package's own types."""

import tests.strategies  # noqa: F401 - it registers how examples are drawn
