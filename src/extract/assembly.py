"""Assembly: marked spans become mentions, links become records, each with its place in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.collector import collector_paused
from extract.document import CharSpan, Document
from extract.frames import to_frames
from extract.linking import Found, Link, Marks
from extract.linking.citations import dois_of
from extract.linking.dosing import link_dosing
from extract.linking.outcomes import link_outcomes
from extract.linking.studies import Studies
from extract.linking.study_rows import link_studies
from extract.linking.trials import link_trials
from extract.pipeline import load, make_doc
from extract.records import (
    PROMISED,
    DocumentRow,
    Dosing,
    Evidence,
    Finding,
    Label,
    Mention,
    Outcome,
    Record,
    ReferenceRow,
    Schema,
    Study,
    Trial,
)
from extract.values import Agent, Dose, Endpoint, Percent, Quantity, RegistryId, Statistic, TrialName, Value

if TYPE_CHECKING:
    import pandas

GROUPS: dict[Label, str] = {
    Label.TRIAL: "trials",
    Label.REGISTRY_ID: "registry_ids",
    Label.DOSE: "doses",
    Label.PERCENT: "percents",
    Label.ENDPOINT: "endpoints",
    Label.DURATION: "durations",
    Label.COUNT: "counts",
    Label.STATISTIC: "statistics",
    Label.AGENT: "agents",
    Label.CITATION: "citations",
    Label.ABBREVIATION: "abbreviations",
    Label.ARM: "arms",
}


@dataclass(frozen=True, slots=True)
class Extraction:
    """A document and what was found in it, in text order."""

    document: Document
    mentions: tuple[Mention, ...]
    outcomes: tuple[Outcome, ...] = ()
    dosing: tuple[Dosing, ...] = ()
    trials: tuple[Trial, ...] = ()
    studies: tuple[Study, ...] = ()
    findings: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    references: tuple[ReferenceRow, ...] = ()

    def promised(self) -> tuple[Mention, ...]:
        """The mentions of the five labels that the tables promise."""
        return tuple(mention for mention in self.mentions if mention.label in PROMISED)

    def rows(self, table: Schema) -> tuple[Record, ...]:
        """The document's rows of a table; of `mentions` all that were asked for."""
        if table == "documents":
            return (self.document_row(),)
        rows: tuple[Record, ...] = getattr(self, table)
        return rows

    def to_frames(self, *, printed: bool = False) -> dict[Schema, pandas.DataFrame]:
        """All tables as tidy data frames by name; see `extract.frames`."""
        return to_frames([self], printed=printed)

    def document_row(self) -> DocumentRow:
        """The document's row of the table `documents`."""
        document = self.document
        return DocumentRow(
            document_id=document.document_id,
            path=document.path or "",
            sha256=document.sha256 or "",
            title=document.title,
            doi=document.doi,
            pages=len(document.pages) or None,
            warnings=document.warnings,
        )


@cache
def _default_pipeline() -> Language:
    return load()


@collector_paused()
def extract_document(document: Document, *, nlp: Language | None = None, helpers: bool = False) -> Extraction:
    """The mentions of the five promised labels in a document, with `helpers` of all labels, and the records.

    Without `nlp` the default pipeline is used; it is loaded once.
    """
    return extract_marks(Marks(mark_document(document, nlp=nlp)), document, helpers=helpers)


def mark_document(document: Document, *, nlp: Language | None = None) -> Doc:
    """The document as a spaCy `Doc` with every mention marked, by the default pipeline where none is given."""
    return make_doc(nlp or _default_pipeline(), document)


def extract_marks(marks: Marks, document: Document, *, helpers: bool = False) -> Extraction:
    """What the marks of a document say, as `extract_document` gives it."""
    rows, evidence = assemble_records(document, link_marks(marks))
    mentions = assemble_mentions(marks.doc, document, helpers=helpers)
    return Extraction(
        document,
        mentions,
        outcomes=tuple(row for row in rows if isinstance(row, Outcome)),
        dosing=tuple(row for row in rows if isinstance(row, Dosing)),
        trials=tuple(row for row in rows if isinstance(row, Trial)),
        studies=tuple(row for row in rows if isinstance(row, Study)),
        evidence=evidence,
        references=assemble_references(document),
    )


def link_marks(marks: Marks) -> list[Link]:
    """The links of a marked doc, table by table, each in text order."""
    studies = Studies(marks)
    outcomes = sorted(link_outcomes(marks, studies), key=lambda link: link.anchor)
    results = [*outcomes, *link_dosing(marks, studies)]
    trials = link_trials(marks, studies)
    return [*results, *trials, *link_studies(marks, studies, trials, results)]


_Row = Outcome | Dosing | Trial | Study
_ROWS: dict[str, tuple[str, type[_Row]]] = {
    "outcomes": ("o", Outcome),
    "dosing": ("d", Dosing),
    "trials": ("t", Trial),
    "studies": ("s", Study),
}
_PLACED = ("outcomes", "dosing")  # rows with a quote, a rule and the DOIs of their references


def assemble_records(document: Document, links: Sequence[Link]) -> tuple[tuple[_Row, ...], tuple[Evidence, ...]]:
    """A row for each link, numbered by table, and the evidence of every filled field."""
    rows: list[_Row] = []
    evidence: list[Evidence] = []
    numbers: Counter[str] = Counter()
    places = FilePlaces(document)
    for link in links:
        prefix, model = _ROWS[link.table]
        numbers[prefix] += 1
        record_id = f"{prefix}{numbers[prefix]}"
        fields: dict[str, Any] = {name: found.value for name, found in link.fields.items()}
        if link.table in _PLACED:
            fields["quote"] = document.text[link.anchor.start : link.anchor.end]
            fields["confidence"] = link.confidence
            fields["rule"] = link.rule
        if link.table != "trials":
            fields["dois"] = dois_of(document, fields.get("refs", ()))
        if link.table != "studies":
            fields["note"] = link.note
            place = places.of(link.anchor)
            source = place.source_spans
            fields |= {"source_start": source[0][0], "source_end": source[-1][1]} if source else {}
            fields["page_number"] = place.page_number
        rows.append(model(document_id=document.document_id, record_id=record_id, **fields))
        evidence.extend(_evidence(places, record_id, link.fields))
    return tuple(rows), tuple(evidence)


class Place(NamedTuple):
    """Where a span of the text stands in the file: offsets (text), page and boxes (PDF) or element (XML)."""

    source_spans: tuple[tuple[int, int], ...]
    page_number: int | None
    boxes: tuple[tuple[int, float, float, float, float], ...]
    element: str | None


class FilePlaces:
    """Where spans of a document stand in its file; rows share arms, times and studies, so each is looked up once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._found: dict[CharSpan, Place] = {}

    def of(self, span: CharSpan) -> Place:
        """The place of a span of the text."""
        found = self._found.get(span)
        if found is None:
            found = self._found[span] = self._find(span)
        return found

    def evidence(self, record_id: str, field: str, span: CharSpan) -> Evidence:
        """The row of the table `evidence` that says where a field is printed."""
        place, document = self.of(span), self.document
        return Evidence(
            document_id=document.document_id,
            record_id=record_id,
            field=field,
            start=span.start,
            end=span.end,
            source_spans=place.source_spans,
            page_number=place.page_number,
            boxes=place.boxes,
            quote=document.text[span.start : span.end],
            element=place.element,
        )

    def _find(self, span: CharSpan) -> Place:
        document = self.document
        if document.has_source_offsets:
            pieces = document.source_spans(*span)
            return Place(tuple((each.start, each.end) for each in pieces), None, (), None)
        boxes = tuple((page, *box) for page, box in document.boxes(*span))
        return Place((), boxes[0][0] if boxes else None, boxes, document.element(*span))


def _evidence(places: FilePlaces, record_id: str, fields: Mapping[str, Found]) -> Iterator[Evidence]:
    for name, found in fields.items():
        for span in found.spans:
            yield places.evidence(record_id, name, span)


def assemble_references(document: Document) -> tuple[ReferenceRow, ...]:
    """The reference list as rows."""
    return tuple(
        ReferenceRow(
            document_id=document.document_id,
            number=each.number,
            first_author=each.first_author,
            title=each.title,
            journal=each.journal,
            year=each.year,
            doi=each.doi,
            pmid=each.pmid,
            note=each.note,
        )
        for each in document.references
    )


def assemble_mentions(doc: Doc, document: Document, *, helpers: bool = False) -> tuple[Mention, ...]:
    """The marked spans as mentions in text order, numbered `m1`, `m2` …, helpers `h1`, `h2` …"""
    ordered = sorted(_spans(doc, helpers=helpers), key=lambda pair: (pair[1].start_char, pair[1].end_char, pair[0]))
    numbers: Counter[str] = Counter()
    mentions = []
    for label, span in ordered:
        prefix = "m" if label in PROMISED else "h"
        numbers[prefix] += 1
        mentions.append(_mention(document, f"{prefix}{numbers[prefix]}", label, span))
    return tuple(mentions)


def _spans(doc: Doc, *, helpers: bool) -> Iterator[tuple[Label, Span]]:
    for label, name in GROUPS.items():
        if name in doc.spans and (helpers or label in PROMISED):
            for span in doc.spans[name]:
                yield label, span


def _mention(document: Document, mention_id: str, label: Label, span: Span) -> Mention:
    start, end = span.start_char, span.end_char
    source = document.source_spans(start, end) if document.has_source_offsets else ()
    block = document.block_at(start)
    return Mention(
        document_id=document.document_id,
        mention_id=mention_id,
        label=label,
        quote=document.text[start:end],
        start=start,
        end=end,
        source_start=source[0].start if source else None,
        source_end=source[-1].end if source else None,
        page_number=document.page_number(start, end),
        section=" > ".join(block.section) or None if block else None,
        block_kind=block.kind.value if block else None,
        **_attributes(span._.value),
    )


def _attributes(value: Value | None) -> dict[str, Any]:
    if isinstance(value, Percent):
        return {"role": value.role, "implicit": value.implicit, "bound": value.bound, **_numbers(value.quantity)}
    if isinstance(value, Dose):
        return {"unit": value.unit, "agent": value.agent, "bound": value.bound, **_numbers(value.quantity)}
    if isinstance(value, RegistryId):
        return {
            "registry": value.registry,
            "normalized": value.normalized,
            "valid": value.valid,
            "reason": value.reason,
            "meant": value.meant,
        }
    if isinstance(value, TrialName):
        return {"trial": value.trial}
    if isinstance(value, Endpoint):
        return {"code": value.code}
    if isinstance(value, Agent):
        return {"agent": value.name}
    if isinstance(value, Statistic):
        return {"code": value.kind, **(_numbers(value.quantity) if value.quantity else {})}
    return {}


def _numbers(quantity: Quantity) -> dict[str, Any]:
    return {"value": quantity.value, "low": quantity.low, "high": quantity.high}
