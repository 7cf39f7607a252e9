"""Assembly: marked spans become mentions, with their place in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.document import Document
from extract.pipeline import load, make_doc
from extract.records import PROMISED, DocumentRow, Label, Mention
from extract.values import Agent, Dose, Endpoint, Percent, Quantity, RegistryId, Statistic, TrialName, Value

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
}


@dataclass(frozen=True, slots=True)
class Extraction:
    """A document and what was found in it, in text order."""

    document: Document
    mentions: tuple[Mention, ...]

    def promised(self) -> tuple[Mention, ...]:
        """The mentions of the five labels that the tables promise."""
        return tuple(mention for mention in self.mentions if mention.label in PROMISED)

    def document_row(self) -> DocumentRow:
        """The document's row of the table `documents`."""
        document = self.document
        return DocumentRow(
            document_id=document.document_id,
            path=document.path or "",
            sha256=document.sha256 or "",
            title=document.title,
            doi=document.doi,
            pages=None,
            warnings=document.warnings,
        )


@cache
def _default_pipeline() -> Language:
    return load()


def extract_document(document: Document, *, nlp: Language | None = None, helpers: bool = False) -> Extraction:
    """The mentions of the five promised labels in a document, with `helpers` of all labels.

    Without `nlp` the default pipeline is used; it is loaded once.
    """
    doc = make_doc(nlp or _default_pipeline(), document)
    return Extraction(document, assemble_mentions(doc, document, helpers=helpers))


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
    source = document.source_spans(start, end)
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
    if isinstance(value, Statistic) and value.quantity is not None:
        return _numbers(value.quantity)
    return {}


def _numbers(quantity: Quantity) -> dict[str, Any]:
    return {"value": quantity.value, "low": quantity.low, "high": quantity.high}
