"""What tests of linking share: the doses of a text, one line each, and the links of a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from spacy.language import Language
from table_making import NUMBER, NoStudy, Rows, page, told

from extract.linking import Link, Marks
from extract.linking.dosing import link_dosing
from extract.linking.table_rows import link_table
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


@pytest.fixture
def links_of(nlp: Language) -> Rows:
    """The links of a table, each with its evidence checked: every number is printed at it."""

    def link(table: str, caption: str = "Table 1. Results", prose: object = None, studies: object = None) -> list[Link]:
        marks = Marks(make_doc(nlp, parse_text(page(table, caption))))
        document = marks.doc.user_data["extract_document"]
        blocks = [block for block in document.blocks if block.table is not None]
        found = [
            each
            for block in blocks
            for each in link_table(marks, block, studies or NoStudy(), prose=prose)  # type: ignore[arg-type]
        ]
        for each in found:
            for name, field in each.fields.items():
                printed = " ".join(marks.text[span.start : span.end] for span in field.spans)
                if isinstance(field.value, Decimal | int):
                    numbers = {Decimal(re.sub(r"[,\u00a0]", "", number)) for number in NUMBER.findall(printed)}
                    assert abs(field.value) in numbers, (name, field.value, printed)
                if name in {"endpoint_text", "arm", "versus"}:
                    assert all(part in marks.text for part in str(field.value).split("; "))
        return found

    return link


@pytest.fixture
def check_rows(links_of: Rows) -> Callable[..., None]:
    """Assert that a table gives exactly these links."""

    def check(table: str, expected: str, caption: str = "Table 1. Results") -> None:
        lines = [line.strip() for line in expected.strip().splitlines() if line.strip()]
        assert [told(link) for link in links_of(table, caption)] == lines

    return check
