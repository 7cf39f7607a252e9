"""Eight times the text is about eight times the work of the reader and of each component: none grows with the square.

The reduced form of benchmarks/growth.py. Only ratios of processor time are judged, with a wide margin, and a step fails
only when three measurements in a row are over it, because the machines that run this are busy.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
MAX_RATIO = 24.0  # of the time when the text is eight times as long: 8 is linear, 64 quadratic
TEXTS = (
    "digits list",
    "percent joined",
    "versus",
    "round bracket",
    "dash",
    "dollar maths",
    "tab",
    "capitals slash",
    "long form",
    "open lines",
    "tab header",
    "many malformed ids",
    "many doses",
    "many in one sentence",
    "many counts",
)
MORE = (
    "digits",
    "digits dot",
    "percents",
    "plus minus number",
    "square bracket",
    "percent",
    "sup",
    "spaced letter",
    "letters dash",
    "mg/",
    "NCT",
    "lines apart",
    "many trials",
    "many events in one sentence",
    "wrapped short",
)


@pytest.fixture(scope="module")
def growth() -> ModuleType:
    """benchmarks/growth.py as a module."""
    if not BENCHMARKS.is_dir():
        pytest.skip("the benchmarks are not part of the source package")
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import growth as module
    finally:
        sys.path.remove(str(BENCHMARKS))
    return module


@pytest.mark.parametrize("name", [*TEXTS, *(pytest.param(name, marks=pytest.mark.long) for name in MORE)])
def test_eight_times_the_text_is_about_eight_times_the_work(growth: ModuleType, name: str) -> None:
    over: set[str] = set()
    for attempt in range(3):
        steps = growth.over(growth.all_texts()[name], MAX_RATIO)
        over = steps if attempt == 0 else over & steps
        if not over:
            return
    pytest.fail(f"{name!r} repeated: {', '.join(sorted(over))} grow more than in a straight line")


def test_the_check_sees_what_is_quadratic(growth: ModuleType) -> None:
    times = {"linear": (0.1, 0.8), "quadratic": (0.1, 6.4), "too short to tell": (0.0006, 0.04)}
    shorter = {step: pair[0] for step, pair in times.items()}
    longer = {step: pair[1] for step, pair in times.items()}
    assert growth.steps_over(shorter, longer, MAX_RATIO) == {"quadratic"}
