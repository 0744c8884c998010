from __future__ import annotations

import os
from pathlib import Path

import pytest

from mlp_exercise.submission.cores import usable_cores


@pytest.fixture(autouse=True)
def a_host_of_sixteen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        os, "sched_getaffinity", lambda _: set(range(16)), raising=False
    )


def test_affinity_counts_and_not_what_the_host_has(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert usable_cores(tmp_path) == 16


@pytest.mark.parametrize(
    ("quota", "expected"),
    [("200000 100000", 2), ("150000 100000", 2), ("10000 100000", 1)]
    + [(text, 16) for text in ("max 100000", "9900000 100000", "", "odd", "1 0")],
)
def test_a_container_may_use_its_quota_of_them(
    tmp_path: Path, quota: str, expected: int
) -> None:
    (tmp_path / "cpu.max").write_text(quota)
    assert usable_cores(tmp_path) == expected


def test_the_quota_of_a_group_above_counts_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "class" / "marker"
    own.mkdir(parents=True)
    (own / "cpu.max").write_text("max 100000")
    (own.parent / "cpu.max").write_text("300000 100000")
    read = Path.read_text

    def told(path: Path, *rest: str) -> str:
        return "0::/class/marker\n" if path.name == "cgroup" else read(path, *rest)

    monkeypatch.setattr(Path, "read_text", told)
    assert usable_cores(tmp_path) == 3


@pytest.mark.parametrize(("quota", "expected"), [("250000", 3), ("-1", 16)])
def test_the_older_form_of_quotas_is_read(
    tmp_path: Path, quota: str, expected: int
) -> None:
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(quota)
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000")
    assert usable_cores(tmp_path) == expected
