"""Says which engines are tested beside Chromium, or how to get one; `nox -s browser` asks."""

from tests.browser.engines import firefox, webkit

for engine in (firefox, webkit):
    name = engine.__name__.rpartition(".")[2]
    print(engine.find() or f"{name} is left out")  # noqa: T201 - a command
