"""What tests of doses share: the doses of a text, one line each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from extract.linking import Link, Marks
from extract.linking.dosing import link_dosing
from extract.pipeline import make_doc
from extract.readers import parse_text

Lines = Callable[[str], list[str]]
Linked = Callable[[str], tuple[str, list[Link]]]


@pytest.fixture
def dose_links(nlp: Language) -> Linked:
    """The text of a review and the links of its doses."""

    def link(text: str) -> tuple[str, list[Link]]:
        marks = Marks(make_doc(nlp, parse_text(f"## Results\n\n{text}")))
        return marks.text, link_dosing(marks)

    return link


@pytest.fixture
def dose_lines(dose_links: Linked) -> Lines:
    """The doses of a text, one line each."""
    return lambda text: [_line(link) for link in dose_links(text)[1]]


def _line(link: Link) -> str:
    """Agent, bound and amount with its unit, schedule and route."""
    value = {name: str(found.value) for name, found in link.fields.items()}
    amount = value.get("value") or f"{value['low']}-{value['high']}"
    parts = (
        value.get("agent", "?"),
        f"{value.get('bound', '')}{amount} {value['unit']}",
        value.get("schedule", ""),
        value.get("route", ""),
    )
    return " | ".join(parts).rstrip(" |")
