"""Counts of people and events: `n` and its total, in digits and words; other numbers are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "Deep sepsis was seen in <count n=18 total=43>18/43</count> patients.",
        "Of the grafts, <count n=18 total=43>18 of 43</count> failed.",
        "Response was seen in <count n=69 total=110>Sixty-nine of the 110</count> adults.",
        "<count n=9 total=13>Nine of 13</count> patients were alive.",
        "<count n=1606 total=3214>1,606 of 3,214</count> patients had heart failure.",
        "<count n=402 total=none>402</count> patients had a stroke.",
        "<count n=2 total=none>Two</count> children with HIV died.",
        "There were <count n=19>19</count> deaths and <count n=3>three</count> strokes.",
        "<count n=0>None</count> of the patients died.",
        "<count n=0>No</count> patient had a relapse.",
        "<count n=none>All</count> patients had psoriasis.",
        "<count n=2>Both</count> patients with asthma recovered.",
        "The group with diabetes (n = <count n=264>264</count>) did better.",
    ],
)
def test_counts_and_their_totals(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "The hazard ratio was 0.79 at 3 years.",
        "Metformin 500 mg was given for 12 weeks.",
        "Remission was seen in 25% of them (5).",
        "Blood pressure fell from 140/90 mm Hg.",
        "In 2019 it was 67.3 on average.",
    ],
)
def test_doses_times_percentages_and_measurements_are_no_counts(check: Check, text: str) -> None:
    check(text, "count")
