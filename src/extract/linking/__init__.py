"""Linking: which number measures which outcome, in which arm of which study, at which time.

A `Link` is a row in the making: for each column the value found and the places where it is printed. Links know nothing
of records; `extract.assembly` turns them into rows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from spacy.tokens import Doc

from extract.components import text_of, values
from extract.document import CharSpan
from extract.values import Confidence

FieldValue = str | Decimal | int | tuple[str, ...] | tuple[int, ...]
TableName = Literal["outcomes", "dosing", "trials", "studies"]


@dataclass(frozen=True, slots=True)
class Found:
    """A value of one column with the char spans where it is printed."""

    value: FieldValue
    spans: tuple[CharSpan, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One row in the making.

    `anchor` is the printed value (of a count without one: its endpoint); `fields` are keyed by the row's columns;
    `rule` names what bound it. `stated`: all in one sentence or cell; `carried`: something stands in a sentence before;
    `inferred`: something follows from the document as a whole.
    """

    table: TableName
    anchor: CharSpan
    fields: Mapping[str, Found]
    rule: str
    confidence: Confidence = "stated"
    note: str | None = None


class Mark(NamedTuple):
    """A marked span with its typed value."""

    start: int
    end: int
    value: Any

    @property
    def span(self) -> CharSpan:
        """Its char span."""
        return CharSpan(self.start, self.end)


@dataclass(slots=True)
class Marks:
    """The marked spans of a doc by group, sorted, for look-up by place. Built once a doc."""

    doc: Doc
    text: str = field(init=False)
    _groups: dict[str, tuple[list[int], list[Mark]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.text = text_of(self.doc)

    def all(self, name: str) -> list[Mark]:
        """Every mark of a group in text order."""
        return self._group(name)[1]

    def inside(self, name: str, start: int, end: int) -> list[Mark]:
        """The marks of a group that begin in `text[start:end]`, in text order."""
        starts, marks = self._group(name)
        return marks[bisect_left(starts, start) : bisect_left(starts, end)]

    def _group(self, name: str) -> tuple[list[int], list[Mark]]:
        if name not in self._groups:
            marks = sorted((Mark(*each) for each in values(self.doc, name)), key=itemgetter(0, 1))
            self._groups[name] = ([mark.start for mark in marks], marks)
        return self._groups[name]
