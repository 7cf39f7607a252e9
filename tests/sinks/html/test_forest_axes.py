"""Axes: round marks that hold all values, and places between them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.sinks.html.forest_axes import Axis, linear_axis, percent_axis, ratio_axis, usable

D = Decimal
NUMBERS = st.decimals(-(10**9), 10**9, places=3)
RATIOS = st.decimals(D("0.00001"), 10**5, places=5).filter(bool)


def labels(axis: Axis) -> list[str]:
    return [tick.label for tick in axis.ticks]


def test_ratios_lie_evenly_around_one() -> None:
    axis = ratio_axis([D("0.5"), D(2)], [])
    assert labels(axis) == ["0.5", "1", "2"]
    assert axis.line == axis.place(D(1)) == "50.00"


def test_an_axis_of_ratios_ends_at_round_numbers() -> None:
    assert labels(ratio_axis([D("0.79")], [D("0.31"), D("2.4")])) == ["0.2", "0.5", "1", "2", "5"]
    assert labels(ratio_axis([D("0.004"), D(37)], [])) == ["0.001", "0.01", "0.1", "1", "10", "100"]


def test_a_bound_far_off_is_cut() -> None:
    axis = ratio_axis([D("0.8")], [D("0.02"), D(190)])
    assert axis.low == pytest.approx(0.1)
    assert axis.high == pytest.approx(10)
    assert axis.share(D("0.02")) < 0
    assert axis.share(D(190)) > 1
    assert axis.share(D(0)) < 0


def test_percentages_go_to_the_next_round_end() -> None:
    assert labels(percent_axis([D(3), D("9.5")], [])) == ["0", "2", "4", "6", "8", "10"]
    assert labels(percent_axis([D(3)], [D(1), D(12)]))[-1] == "20"
    assert labels(percent_axis([D(3), D(71)], []))[-1] == "100"
    assert labels(percent_axis([D(99)], [D(90), D(104)]))[-1] == "100"  # the bound is cut
    assert labels(percent_axis([D(50), D(130)], [])) == ["0", "50", "100", "150"]


def test_differences_show_both_sides_of_none() -> None:
    axis = linear_axis([D("-2.4")], [D("-4.7"), D("-0.1")], line=D(0))
    assert labels(axis) == ["−6", "−4", "−2", "0", "2"]
    assert axis.line == axis.place(D(0))


def test_other_figures_begin_at_zero_unless_that_is_far() -> None:
    assert labels(linear_axis([D(3), D(14)], []))[0] == "0"
    assert labels(linear_axis([D(88), D(92)], []))[0] == "88"


@given(st.lists(NUMBERS, min_size=1, max_size=5), st.lists(NUMBERS, max_size=4), st.sampled_from([None, D(0)]))
def test_every_value_stands_on_a_linear_axis(
    values: list[Decimal], bounds: list[Decimal], line: Decimal | None
) -> None:
    check(linear_axis(values, bounds, line=line), values)


@given(st.lists(RATIOS, min_size=1, max_size=5), st.lists(NUMBERS, max_size=4))
def test_every_ratio_stands_on_its_axis(values: list[Decimal], bounds: list[Decimal]) -> None:
    axis = ratio_axis(values, bounds)
    check(axis, values)
    assert axis.line in [tick.x for tick in axis.ticks]


def check(axis: Axis, values: list[Decimal]) -> None:
    assert all(-1e-9 <= axis.share(value) <= 1 + 1e-9 for value in values)
    places = [float(tick.x) for tick in axis.ticks]
    assert places == sorted(places)
    assert 2 <= len(places) <= 9


@pytest.mark.parametrize(("number", "fits"), [("0", True), ("-12.5", True), ("1E+400", False), ("1E-400", False)])
def test_what_is_out_of_all_bounds_is_not_placed(number: str, *, fits: bool) -> None:
    assert usable(D(number)) is fits
