"""Comparison: what several reviews say of the same studies, where they agree and where they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from extract.collector import collector_paused
from extract.compare.lines import compare_lines
from extract.compare.matching import doi_key, match_studies, title_key
from extract.compare.reviews import read_reviews
from extract.compare.rows import (
    ComparedLine,
    ComparedRow,
    ComparedStudy,
    Judgement,
    ReviewStudy,
    Said,
    Source,
    Status,
    rows_of,
)
from extract.frames import HasRows

__all__ = [
    "ComparedLine",
    "ComparedRow",
    "ComparedStudy",
    "HasRows",
    "Judgement",
    "ReviewStudy",
    "Said",
    "Source",
    "Status",
    "compare_documents",
    "rows_of",
]


def compare_documents(sources: Iterable[HasRows]) -> Iterator[ComparedStudy]:
    """The studies that at least two of some reviews report on or cite, in the order of the first review.

    `sources` are extractions, or the documents of a dataset (`extract.sinks.compare_tables.read_sources`).
    """
    for parts, matched_by in match_studies(list(read_reviews(sources))):
        yield _compare(parts, matched_by)


@collector_paused()
def _compare(parts: Sequence[ReviewStudy], matched_by: tuple[str, ...]) -> ComparedStudy:
    reviews: dict[str, list[Said]] = {part.document_id: [] for part in parts}
    for part in parts:
        reviews[part.document_id] += part.said
    numbers = dict.fromkeys(number.partition(":")[2] for part in parts for number in part.numbers)
    dois = {doi.lower(): doi for part in reversed(parts) for source in part.sources if (doi := source.doi)}
    return ComparedStudy(
        label=_label(parts),
        matched_by=matched_by,
        registry_ids=tuple(sorted(numbers, key=lambda number: not number.startswith("NCT"))),
        dois=tuple(dict.fromkeys(dois[source.doi.lower()] for part in parts for source in part.sources if source.doi)),
        reviews=tuple(parts),
        lines=compare_lines(list(reviews.values())),
        note=_other_sources(parts),
    )


def _label(parts: Sequence[ReviewStudy]) -> str:
    """The first name that a review has for the study, else its author and year."""
    return next((part.label for part in parts if part.names), parts[0].label)


def _other_sources(parts: Sequence[ReviewStudy]) -> str | None:
    """That two reviews cite different works for the study, so that figures may differ rightly, or one by two DOIs."""
    cited: dict[str, list[Source]] = {}
    for part in parts:
        cited.setdefault(part.document_id, []).extend(source for source in part.sources if source.doi)
    misprint = None
    for one, two in combinations([sources for sources in cited.values() if sources], 2):
        if {doi_key(each.doi or "") for each in one}.isdisjoint(doi_key(each.doi or "") for each in two):
            if {title_key(each) for each in one}.isdisjoint(title_key(each) for each in two):
                return "the reviews cite different works for it"
            misprint = f"its DOI is printed as {one[0].doi} and as {two[0].doi}"
    return misprint
