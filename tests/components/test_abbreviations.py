"""Abbreviations: short forms with the long form that spells them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        'Treatment-related mortality (<abbreviation long_form="Treatment-related mortality">TRM</abbreviation>)'
        " was low.",
        "We measured forced expiratory volume"
        ' (<abbreviation long_form="forced expiratory volume">FEV</abbreviation>) twice.',
        'The <abbreviation long_form="glomerular filtration rate">GFR</abbreviation> (glomerular filtration rate)'
        " fell.",
        'In heart failure with reduced ejection fraction (<abbreviation long_form="heart failure with reduced ejection'
        ' fraction">HFrEF</abbreviation>) it is given.',
    ],
)
def test_short_form_and_long_form(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "Fever was common (Figure 2) in adults.",
        "Fever was common (see below) in adults.",
        "The patients (women) recovered.",
        "Death was rare (p = 0.04) in adults (n = 12).",
    ],
)
def test_other_brackets_define_nothing(check: Check, text: str) -> None:
    check(text, "abbreviation")


def test_many_brackets_define_nothing(check: Check) -> None:
    check("The risk (low) fell in adults (old) and (so) on. " * 200, "abbreviation")
