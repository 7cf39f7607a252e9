"""Citations by number and by author and year; sample sizes, counts and exponents are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from extract.components import values

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "Statins lower the risk <citation numbers=5>(5)</citation>.",
        "Statins lower the risk <citation numbers=2,45,46>(2, 45, 46)</citation>.",
        "Statins lower the risk <citation numbers=30,31,32,33>(30–33)</citation>.",
        "Statins lower the risk <citation numbers=1,3,4,5>[1,3-5]</citation>.",
        "Statins lower the risk.<citation numbers=12>¹²</citation> They are cheap.",
        "Statins lower the risk.<citation numbers=1,2>¹,²</citation> They are cheap.",
        "Statins lower the risk.<citation numbers=13,14,15><sup>13–15</sup></citation> They are cheap.",
    ],
)
def test_numbers_in_brackets_and_superscripts(check: Check, marked: str) -> None:
    check(marked)


def test_author_and_year(nlp: Language) -> None:
    text = "Inhaled steroids help (Keating et al., 2019), as Moss and Lee (2020) showed."
    assert [value.keys for _, _, value in values(nlp(text), "citations")] == [("Keating 2019",), ("Moss 2020",)] or [
        value.keys for _, _, value in values(nlp(text), "citations")
    ] == [("Keating 2019",), ("Lee 2020",)]


@pytest.mark.parametrize(
    "text",
    [
        "The arm with diabetes (n = 5) was small.",
        "The difference was large (0.79).",
        "The value was found in 2,019 m² of space.",
        "It was seen in (66%) of the eyes.",
        "Area in m² and counts of 10⁹/L were used.",
        "The year (2019) was good.",
    ],
)
def test_other_brackets_and_exponents_are_none(check: Check, text: str) -> None:
    check(text, "citation")
