"""What a check looks at, and what it says: the rows of one document with their places, and claims about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from extract.assembly import Extraction
from extract.components import Places, sentence_spans
from extract.document import Block, CharSpan, Document
from extract.linking import Marks
from extract.records import Dosing, Outcome, Study, Trial
from extract.values import Severity

Row = Outcome | Dosing | Trial | Study
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a check found: the words in doubt (`stated`, at least one span) and those that speak against them.

    `message` is a sentence that a clinician understands, with the figures as printed. `correction` is what was likely
    meant. `assumes` says what is taken for granted, as a clause that may follow "if"; a claim that assumes something is
    `suspicious`.
    """

    severity: Severity
    message: str
    stated: tuple[CharSpan, ...]
    against: tuple[CharSpan, ...] = ()
    correction: str | None = None
    assumes: str | None = None
    study: str | None = None
    about: tuple[Row, ...] = ()


class Case:
    """One document: its rows, its marked spans, and where each field of a row is printed."""

    def __init__(self, extraction: Extraction, marks: Marks) -> None:
        self.extraction = extraction
        self.marks = marks
        self._made: dict[Callable[[Case], Any], Any] = {}

    @property
    def document(self) -> Document:
        """The document."""
        return self.extraction.document

    def once(self, make: Callable[[Case], Made]) -> Made:
        """What `make` makes of this case, made at the first call: indexes that several checks share."""
        if make not in self._made:
            self._made[make] = make(self)
        made: Made = self._made[make]
        return made

    def spans(self, row: Row, *fields: str) -> tuple[CharSpan, ...]:
        """Where some fields of a row are printed, without `fields` all of them; in text order, each place once."""
        found = self._places.get(row.record_id, {})
        places = {span for name in fields or found for span in found.get(name, ())}
        return tuple(sorted(places))

    def anchor(self, row: Outcome | Dosing) -> CharSpan:
        """Where the figure of a row is printed, of a count its number, else its first place."""
        for name in ("value", "low", "n", "total"):
            if spans := self.spans(row, name):
                return spans[0]
        return self.spans(row)[0]

    def quote(self, span: CharSpan) -> str:
        """The words of a place, on one line."""
        return " ".join(self.document.text[span.start : span.end].split())

    def block(self, span: CharSpan) -> Block | None:
        """The block that holds a place."""
        return self.document.block_at(span.start)

    def sentence(self, span: CharSpan) -> CharSpan:
        """The sentence or table cell that holds a place, else the place itself."""
        return self._sentences.at(span.start) or span

    @cached_property
    def _sentences(self) -> Places:
        return Places(sentence_spans(self.marks.doc))

    @cached_property
    def _places(self) -> dict[str, dict[str, list[CharSpan]]]:
        places: dict[str, dict[str, list[CharSpan]]] = {}
        for each in self.extraction.evidence:
            places.setdefault(each.record_id, {}).setdefault(each.field, []).append(CharSpan(each.start, each.end))
        return places


Check = Callable[[Case], Iterable[Claim]]


def merge_claims(claims: Iterable[Claim]) -> Iterator[Claim]:
    """The claims in text order, of several about the same words against the same words the first."""
    seen: set[tuple[tuple[CharSpan, ...], tuple[CharSpan, ...]]] = set()
    for claim in sorted(claims, key=lambda claim: (claim.stated, claim.against)):
        if (claim.stated, claim.against) not in seen and (claim.against, claim.stated) not in seen:
            seen.add((claim.stated, claim.against))
            yield claim
