"""Durations and time points as ISO 8601."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "The <duration iso=P2Y high=none>2-year</duration> OS was better.",
        "At <duration iso=P12M>12 months</duration> the grafts worked.",
        "By <duration iso=P28D>day 28</duration> all had recovered.",
        "By <duration iso=P100D>day +100</duration> all had recovered.",
        "After <duration iso=P2W>two weeks</duration> the plaques cleared.",
        "After a <duration iso=P3M>3-month</duration> run-in the dose was doubled.",
        "Median follow-up was <duration iso=P2.5Y>2·5 years</duration>.",
        "Treatment took <duration iso=P6M high=P12M>6–12 months</duration>.",
        "Treatment took <duration iso=P6M high=P12M>6 to 12 months</duration>.",
        "It was infused over <duration iso=PT4H>4 h</duration> and <duration iso=PT90M>90 min</duration>.",
        "At <duration iso=P52W>week 52</duration> the PASI was low.",
        "The <duration iso=P5Y>five-year</duration> rate was low.",
    ],
)
def test_lengths_and_time_points(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "The HR was 2.1 and the dose 5 mg.",
        "Table 3 lists 12 patients.",
        "It rose by 10 mm Hg daily.",
        "A 3D echo was made.",
    ],
)
def test_other_numbers_are_none(check: Check, text: str) -> None:
    check(text, "duration")
