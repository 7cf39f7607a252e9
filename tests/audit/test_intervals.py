"""Estimates, intervals and p-values: what is found, and what is right and left alone."""

from __future__ import annotations

import pytest

from .checking import findings, told

REVERSED, OUTSIDE = "interval_reversed", "estimate_outside_interval"
CONFLICT, ASYMMETRIC = "interval_p_conflict", "interval_asymmetric"


def test_a_ratio_with_its_bounds_turned_round() -> None:
    (finding,) = findings("The hazard ratio for death was 0.58 (95% CI 0.77-0.44).", REVERSED)
    assert (finding.severity, finding.correction) == ("inconsistent", "0.44 to 0.77")


def test_a_percentage_with_its_bounds_turned_round() -> None:
    (finding,) = findings("Mortality was 42% (95% CI 52 to 33%).", REVERSED)
    assert (finding.severity, finding.correction) == ("inconsistent", "33 to 52")


@pytest.mark.parametrize(
    "text",
    [
        "The hazard ratio for death was 0.58 (95% CI 0.44-0.77).",
        "Mean blood pressure fell by 12 mmHg (95% CI 15 to 9; p < 0.001).",
        "Mortality decreased by 12% (95% CI 15 to 9%).",
        "The mean difference in body weight was -2.0 kg (95% CI -0.9 to -3.1).",
    ],
)
def test_bounds_in_order_or_printed_by_size(text: str) -> None:
    assert told(text, REVERSED) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The hazard ratio for death was 0.95 (95% CI 0.52-0.84).", "0.95"),
        ("The 5-year overall survival was 53.4% (95% CI 54.1-66.3).", "53.4%"),
        ("The mean difference in body weight was 2.4 kg (95% CI 2.6 to 4.0).", "2.4"),
        ("The odds ratio for stroke was 0.50 (95% CI 1.50-2.70).", "0.50"),
    ],
)
def test_estimates_outside_their_interval(text: str, quote: str) -> None:
    (finding,) = findings(text, OUTSIDE)
    assert (finding.severity, finding.quote) == ("impossible", quote)


def test_a_minus_that_was_lost() -> None:
    (finding,) = findings("The mean difference in body weight was 1.3 kg (95% CI 15.4 to 17.7).", OUTSIDE)
    assert finding.correction == "-15.4 to 17.7"


@pytest.mark.parametrize(
    "text",
    [
        "The hazard ratio for death was 0.7 (95% CI 0.71-0.94).",  # 0.7 may be 0.74
        "Body weight decreased by 4.2 kg (95% CI -5.1 to -3.3).",
        "The relative risk reduction for stroke was 26% (95% CI 0.65 to 0.85).",
        "The relative risk reduction for stroke was 26% (95% CI 15 to 35).",
        "Mortality was 0.12% (95% CI 0.05-0.25).",
        "Median overall survival was 12.5 months (range 14.1-40.2).",
        "Mortality was 12% versus 18% (95% CI 2 to 10%).",
        "Mortality fell from 22% to 17% (95% CI 2 to 10%).",
        "Mortality was 18% (difference 6%, 95% CI 2 to 10%).",
        "The hazard ratio for death was 0.95 in men and 0.70 (95% CI 0.52-0.84) in women.",
    ],
)
def test_estimates_inside_or_of_another_scale(text: str) -> None:
    assert told(text, OUTSIDE) == []


@pytest.mark.parametrize(
    ("text", "quote", "word"),
    [
        ("The hazard ratio for death was 0.75 (95% CI 0.43-1.31; p < 0.001).", "95% CI 0.43-1.31", "holds 1"),
        ("The hazard ratio for death was 0.75 (95% CI 0.65-0.86; p = 0.61).", "95% CI 0.65-0.86", "excludes 1"),
        ("The mean difference in body weight was 1.59 kg (95% CI 1.19-1.98, P = 0.08).", "95% CI 1.19-1.98",
         "excludes 0"),
    ],
)  # fmt: skip
def test_intervals_and_p_values_that_contradict(text: str, quote: str, word: str) -> None:
    (finding,) = findings(text, CONFLICT)
    assert (finding.severity, finding.quote) == ("inconsistent", quote)
    assert word in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "The hazard ratio for death was 0.75 (95% CI 0.65-0.86; p < 0.001).",
        "The hazard ratio for death was 0.75 (95% CI 0.43-1.31; p = 0.30).",
        "The risk ratio for death was 0.50 (95% CI 0.2 to 1.0, p = 0.0495).",
        "The hazard ratio for death was 0.80 (95% CI 0.63-1.01, p = 0.03).",  # one-sided, or another test
        "The hazard ratio for death was 0.80 (95% CI 0.65-0.99, p = 0.06).",
        "The hazard ratio for death was 1.02 (90% CI 0.90-1.16; p = 0.004 for non-inferiority).",
        "The hazard ratio for death was 0.75 (95% CI 0.65-0.86; P for interaction = 0.61).",
        "The hazard ratio for death was 0.75 (95% CI 0.65-0.86; I² = 12%, P = 0.61).",
        "The hazard ratio for death was 0.75 (95% CI 0.65-0.86) versus 0.80 (95% CI 0.70-0.91; p = 0.61).",
        "Mortality was 25% (95% CI 20 to 30%; p = 0.80).",
        "In a subgroup analysis of older adults, the risk ratio for death was 0.75 (95% CI 0.65-0.86, P = 0.61).",
    ],
)
def test_intervals_and_p_values_that_agree_or_test_something_else(text: str) -> None:
    assert told(text, CONFLICT) == []


@pytest.mark.parametrize(
    "text",
    [
        "The pooled hazard ratio for death was 1.33 (95% CI 0.89-1.77).",  # even on the plain scale
        "The odds ratio for stroke was 1.40 (95% CI 1.32-2.20).",
    ],
)
def test_ratios_off_the_middle_of_their_interval(text: str) -> None:
    (finding,) = findings(text, ASYMMETRIC)
    assert finding.severity == "suspicious"
    assert finding.assumes is not None


@pytest.mark.parametrize(
    "text",
    [
        "The hazard ratio for death was 0.79 (95% CI 0.69-0.90).",
        "The hazard ratio for death was 0.5 (95% CI 0.2-1.0).",
        "The odds ratio for stroke was 12.0 (95% CI 1.4-98.0).",
        "The exact odds ratio for stroke was 1.40 (95% CI 0.80-2.00).",
        "The odds ratio for stroke was 1.40 (95% credible interval 0.80-2.00).",
        "The mean difference in body weight was 1.40 kg (95% CI 0.80-2.00).",
    ],
)
def test_ratios_near_the_middle_or_from_another_method(text: str) -> None:
    assert told(text, ASYMMETRIC) == []


@pytest.mark.parametrize(
    ("text", "check", "quote"),
    [
        ("Below that count the ratio was 0.62 (95% CI 0.81-0.47).", REVERSED, "95% CI 0.81-0.47"),
        ("There were 70 cures (71.2%; 95% CI 80.4-60.5).", REVERSED, "95% CI 80.4-60.5"),
        ("The median time to healing was 8.4 months (95% CI 9.9-7.1).", REVERSED, "95% CI 9.9-7.1"),
        ("The risk ratio was 0.83. In women, it was 0.55 (95% CI 0.61-0.90).", OUTSIDE, "0.55"),
        ("The mean score was 3.41 (95% CI 3.52-4.10).", OUTSIDE, "3.41"),
        ("Relief came earlier (odds ratio 1.30, 95% CI 0.85-1.99; p = 0.002).", CONFLICT, "95% CI 0.85-1.99"),
    ],
)
def test_estimates_that_no_row_holds(text: str, check: str, quote: str) -> None:
    ((_, found),) = told(text, check)
    assert found == quote


@pytest.mark.parametrize(
    "text",
    [
        "Below that count the ratio was 0.62 (95% CI 0.47-0.81).",
        "Relief came no earlier (odds ratio 1.30, 95% CI 0.85-1.99; p = 0.22).",
        "The difference was 1.1 (95% CI 2.0 to 0.2).",
        "No infection was seen (0 of 23; 95% CI 0-14.8).",
        "The rates were 12.5% and 15.5% (95% CI -1.0 to 2.0).",
        "Pulse pressure was lower by 20.5% (95% CI 0.70-0.90).",
        "The log odds was 0.55 (95% CI 1.20-2.50).",
        "With P=0.015, 95% CI 0.20-0.80, the effect was clear.",
        "The margin was 0.15, 95% CI 0.20-0.80 was found.",
        "Ice was non-inferior. Against heat it was 0.17 (odds ratio 1.17, 95% CI 0.85-1.60; p < 0.001).",
    ],
)
def test_estimates_that_no_row_holds_and_that_are_right(text: str) -> None:
    assert findings(text) == []


def test_a_ratio_is_no_difference_because_two_arms_did_not_differ() -> None:
    before = "The rate ratios were 0.47 (95% CI 0.35-0.64) for the low and 0.53 (95% CI 0.40-0.71) for the high dose. "
    assert findings(before + "The two doses did not differ (0.89, 95% CI 0.63-1.25; p = 0.50).") == []
    assert told("The mean difference was 0.89 (95% CI 0.63-1.25; p = 0.50).", CONFLICT) != []
