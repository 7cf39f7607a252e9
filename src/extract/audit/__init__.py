"""Audit: what a document says that cannot be right, with the words on both sides.

Each check is one function from a `Case` to claims, listed in `CHECKS` under the name that findings carry. Checks know
nothing of each other and guess nothing: a claim needs proof from the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from spacy.language import Language

from extract.assembly import Extraction, FilePlaces, extract_marks, mark_document
from extract.audit import agreement, citations, doses, figures, identifiers, intervals, orders
from extract.audit.case import Case, Check, Claim, merge_claims
from extract.collector import collector_paused
from extract.document import Document
from extract.linking import Marks
from extract.records import Evidence, Finding

__all__ = ["CHECKS", "audit_documents", "extract_and_audit"]

_MODULES = (identifiers, figures, intervals, orders, agreement, citations, doses)
CHECKS: Mapping[str, Check] = MappingProxyType(
    {name: check for module in _MODULES for name, check in module.CHECKS.items()}
)


def audit_documents(documents: Iterable[Document], *, nlp: Language | None = None) -> Iterator[Finding]:
    """What is wrong in some documents, one after the other."""
    for document in documents:
        yield from extract_and_audit(document, nlp=nlp).findings


@collector_paused()
def extract_and_audit(document: Document, *, nlp: Language | None = None, helpers: bool = False) -> Extraction:
    """The extraction of a document, as `extract_document` gives it, with the findings of all checks."""
    marks = Marks(mark_document(document, nlp=nlp))
    extraction = extract_marks(marks, document, helpers=helpers)
    case = Case(extraction, marks)
    claims = [(name, claim) for name, check in CHECKS.items() for claim in merge_claims(check(case))]
    findings, evidence = _findings(document, claims)
    return replace(extraction, findings=findings, evidence=(*extraction.evidence, *evidence))


def _findings(
    document: Document, claims: Iterable[tuple[str, Claim]]
) -> tuple[tuple[Finding, ...], tuple[Evidence, ...]]:
    """The claims as rows in text order, with the evidence of both sides."""
    places = FilePlaces(document)
    findings, evidence = [], []
    for number, (check, claim) in enumerate(sorted(claims, key=lambda each: (each[1].stated, each[0])), start=1):
        record_id, first = f"f{number}", claim.stated[0]
        place, block = places.of(first), document.block_at(first.start)
        findings.append(
            Finding(
                document_id=document.document_id,
                record_id=record_id,
                source_start=place.source_spans[0][0] if place.source_spans else None,
                source_end=place.source_spans[-1][1] if place.source_spans else None,
                page_number=place.page_number,
                section=" > ".join(block.section) or None if block else None,
                check_name=check,
                severity=claim.severity,
                message=claim.message[0].upper() + claim.message[1:],
                correction=claim.correction,
                assumes=claim.assumes,
                study=claim.study,
                about=tuple(row.record_id for row in claim.about),
                quote=document.text[first.start : first.end],
            )
        )
        for field, spans in (("stated", claim.stated), ("against", claim.against)):
            evidence += [places.evidence(record_id, field, span) for span in spans]
    return tuple(findings), tuple(evidence)
