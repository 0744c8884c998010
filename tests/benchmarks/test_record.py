"""The record holds the last rows of every section."""

import json
from pathlib import Path

from benchmarks.record import save


def test_a_section_takes_the_place_of_its_former_rows_alone(tmp_path: Path) -> None:
    record = tmp_path / "build" / "bench.json"
    save("epoch", [{"samples": 1}], record)
    save("imports", [{"module": "numpy"}], record)
    save("epoch", [{"samples": 2}], record)
    assert json.loads(record.read_text("utf-8")) == {
        "epoch": [{"samples": 2}],
        "imports": [{"module": "numpy"}],
    }
