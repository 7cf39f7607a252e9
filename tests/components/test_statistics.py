"""Statistics beside results: intervals with their bounds as printed, errors, p-values, effect measures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from extract.components import values

Check = Callable[..., None]


@pytest.mark.parametrize(
    ("text", "kind", "numbers"),
    [
        ("Death was rarer (hazard ratio 0.79).", "hazard_ratio", {"value": "0.79"}),
        ("Death was rarer (HR 0.80).", "hazard_ratio", {"value": "0.80"}),
        ("Death was rarer (HR, 0.58).", "hazard_ratio", {"value": "0.58"}),
        ("Death was rarer (hazard ratio [HR] 0.58).", "hazard_ratio", {"value": "0.58"}),
        ("Clots were as frequent (odds ratio = 1.10).", "odds_ratio", {"value": "1.10"}),
        ("Clots were as frequent (OR: 1.10).", "odds_ratio", {"value": "1.10"}),
        ("Clots were as frequent (risk ratio 1.10).", "risk_ratio", {"value": "1.10"}),
        ("Clots were as frequent (relative risk was 1.10).", "risk_ratio", {"value": "1.10"}),
        ("Pain fell (mean difference -3.6 points).", "mean_difference", {"value": "-3.6"}),
        (
            "HR 0.79 (95% CI 0.69 to 0.90) was found.",
            "confidence_interval",
            {"low": "0.69", "high": "0.90", "level": "95"},
        ),
        (
            "HR 0.79 [95% CI, 0.69-0.90] was found.",
            "confidence_interval",
            {"low": "0.69", "high": "0.90", "level": "95"},
        ),
        (
            "HR 0.79 (99% confidence interval: 0.69, 0.90).",
            "confidence_interval",
            {"low": "0.69", "high": "0.90", "level": "99"},
        ),
        ("It fell (95% CI -2.4 to 1.2) in stroke.", "confidence_interval", {"low": "-2.4", "high": "1.2"}),
        ("It fell (95% CI -4.7 to -0.1) in stroke.", "confidence_interval", {"low": "-4.7", "high": "-0.1"}),
        ("It differed (p = 0.04).", "p_value", {"value": "0.04", "operator": "="}),
        ("It differed (P<.001).", "p_value", {"value": "0.001", "operator": "<"}),
        ("It differed (p ≤ 0.05).", "p_value", {"value": "0.05", "operator": "<="}),
        ("It was 48 (SE 4.9).", "standard_error", {"value": "4.9"}),
        ("Age was 67.3 ± 10.9 years.", "dispersion", {"value": "10.9"}),
        ("Age was 67.3 (SD 10.9) years.", "dispersion", {"value": "10.9"}),
        ("It fell by 3.4 (IQR 1.0-7.2).", "dispersion", {"low": "1.0", "high": "7.2"}),
        ("Median PFS was 5.5 months.", "median", {"value": "5.5"}),
        ("The mean FEV1 was 2.1 L.", "mean", {"value": "2.1"}),
        ("Heterogeneity was small (I² = 43%).", "i_squared", {"value": "43"}),
    ],
)
def test_kind_and_numbers_as_printed(nlp: Language, text: str, kind: str, numbers: dict[str, str]) -> None:
    found = [value for _, _, value in values(nlp(text), "statistics") if value.kind == kind]
    assert len(found) == 1, [value for _, _, value in values(nlp(text), "statistics")]
    got = {name: str(getattr(found[0].quantity, name)) for name in ("value", "low", "high")}
    got |= {"level": str(found[0].level), "operator": str(found[0].operator)}
    assert {name: got[name] for name in numbers} == numbers


@pytest.mark.parametrize(
    "text",
    [
        "The HR department of the hospital hired 12 nurses.",
        "The patients ranged in many ways.",
        "Group P had 12 women with asthma.",
        "The trial of 2019 was large.",
    ],
)
def test_other_words_and_numbers_are_none(check: Check, text: str) -> None:
    check(text, "statistic")


@pytest.mark.parametrize("text", ["Pain\t32.1 ± 14.13\t28.0", "Pain\t32.1 ± 14.13 %\t28.0", "Pain (SE 2.1\t"])
def test_a_spread_ends_with_its_number_or_percent_sign(nlp: Language, text: str) -> None:
    doc = nlp(text)
    quotes = [span.text for span in doc.spans["statistics"]]
    assert quotes
    assert quotes == [quote.strip() for quote in quotes]
