"""Settings that imitate other processors, and messages about settings that cannot."""

import pytest

from tests import machines
from tests.machines import (
    AS_IT_IS,
    NUMPY,
    PRESCOTT,
    Setting,
    kernels,
    obstacle,
    together,
)
from tests.site_builds import differences


def test_a_setting_that_this_processor_cannot_run_is_named_and_never_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machines, "HAS", {"AVX2": True})
    monkeypatch.setattr(machines, "report", lambda _: pytest.fail("it would crash"))
    setting = kernels("SkylakeX", "AVX2", "AVX512_SKX", "FMA3")
    assert obstacle(setting) == "this processor has no AVX512_SKX and no FMA3"


def test_a_setting_that_changes_nothing_is_named_with_what_the_libraries_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machines, "report", lambda _: "OpenBLAS ARMV8 on 2, NumPy bare")
    assert "no effect here: OpenBLAS ARMV8" in obstacle(Setting("x", sign="Haswell"))
    assert obstacle(NUMPY) == ""


def test_two_settings_together_have_the_needs_and_the_signs_of_both() -> None:
    both = together("both", kernels("Haswell", "AVX2"), PRESCOTT, NUMPY)
    assert both.needs == ("AVX2", "SSE3")
    assert both.environment["OPENBLAS_CORETYPE"] == "Prescott"  # the last one counts
    assert both.environment.keys() == {"OPENBLAS_CORETYPE", *NUMPY.environment}


def test_the_libraries_say_how_they_compute() -> None:
    assert obstacle(AS_IT_IS) == ""
    said = machines.report(AS_IT_IS)
    assert [word.split()[0] for word in said.split(", ")] == [
        *("OpenBLAS", "NumPy", "PyTorch", "libm", "MKL"),
    ]


def test_sites_that_differ_are_shown_with_their_first_lines() -> None:
    one = {"a.html": b"same\n", "b.html": b"x\n1e-16\n", "c.html": b""}
    other = {"a.html": b"same\n", "b.html": b"x\n2e-16\n"}
    found = differences(one, other)
    assert found.keys() == {"b.html", "c.html"}
    assert found["b.html"].endswith("-1e-16\n+2e-16")
    assert found["c.html"] == "only one site has it"
