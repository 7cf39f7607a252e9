"""Scores of the program against gold annotations. Imports numpy, scipy and rich: import it where it is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from extract.errors import GoldError
from extract.evaluation.gold import (
    SOURCE_FOLDERS,
    TEXT_SUFFIXES,
    GoldDocument,
    GoldMention,
    check_offsets,
    find_source,
    gold_documents,
    has_mentions,
    load_gold,
)
from extract.evaluation.gold_records import (
    GoldDosing,
    GoldOutcome,
    GoldRecords,
    GoldTrial,
    check_lines,
    load_gold_records,
)
from extract.evaluation.matching import align_mentions, match_spans
from extract.evaluation.record_scores import (
    DocumentRecords,
    RecordCase,
    RecordEvaluation,
    RecordScore,
    evaluate_records,
)
from extract.evaluation.report import (
    baseline_of,
    compare_baseline,
    find_errors,
    list_errors,
    print_evaluation,
    record_table,
    score_table,
    to_json,
)
from extract.evaluation.scores import Accuracy, Case, DocumentEvaluation, Evaluation, Row, Score, evaluate_mentions

if TYPE_CHECKING:
    from extract.assembly import Extraction

__all__ = [
    "Accuracy",
    "Case",
    "DocumentEvaluation",
    "DocumentRecords",
    "Evaluation",
    "GoldDocument",
    "GoldDosing",
    "GoldMention",
    "GoldOutcome",
    "GoldRecords",
    "GoldTrial",
    "RecordCase",
    "RecordEvaluation",
    "RecordScore",
    "Row",
    "Score",
    "align_mentions",
    "baseline_of",
    "check_lines",
    "check_offsets",
    "compare_baseline",
    "evaluate_gold",
    "evaluate_mentions",
    "evaluate_records",
    "find_errors",
    "find_source",
    "gold_documents",
    "list_errors",
    "load_gold",
    "load_gold_records",
    "match_spans",
    "print_evaluation",
    "record_table",
    "score_table",
    "to_json",
]

# Where and as what another rendition of a paper may lie, the most different from the gold's text first.
RENDITION_FOLDERS = (*SOURCE_FOLDERS, "pdf", "jats")
RENDITION_SUFFIXES = (".pdf", ".nxml", ".xml", *TEXT_SUFFIXES)


def evaluate_gold(
    gold_root: Path,
    corpus_roots: Sequence[Path],
    extract: Callable[[Path], Extraction],
    *,
    documents: Sequence[str] | None = None,
    aligned: bool = False,
    suffixes: Sequence[str] | None = None,
    only: Literal["mentions", "records"] | None = None,
) -> Evaluation:
    """Runs `extract` on the file of each gold document and scores the mentions and records that it finds.

    Without `documents` those whose file is at hand are scored and the others named in `Evaluation.missing`; with it,
    each must be at hand. `aligned` scores another rendition of the papers (PDF, JATS) by label, surface and order;
    `suffixes` says which. Gold of records alone cannot be aligned: such documents are passed over there. Raises
    GoldError where the gold does not fit its file.
    """
    cases: list[Case] = []
    extractions: list[Extraction] = []
    missing: list[str] = []
    if suffixes is None:
        suffixes = RENDITION_SUFFIXES if aligned else TEXT_SUFFIXES
    folders = RENDITION_FOLDERS if aligned else SOURCE_FOLDERS
    for document_id in _chosen(gold_root, documents, mentions_alone=aligned or only == "mentions"):
        gold = load_gold(gold_root, document_id) if has_mentions(gold_root, document_id) else None
        path = find_source(document_id, corpus_roots, suffixes=suffixes, folders=folders)
        if path is None:
            if documents is not None:
                raise GoldError(f"{document_id}: no file in {', '.join(map(str, corpus_roots))}")
            missing.append(document_id)
            continue
        extraction = extract(path)
        extractions.append(extraction)
        if gold is not None:
            if not aligned:
                check_offsets(gold, extraction.document.source)
            cases.append(Case(gold, extraction.document, extraction.mentions))
    evaluation = evaluate_mentions(cases, aligned=aligned, missing=missing)
    if only == "mentions":
        return evaluation
    judged = {each.document_id: each for each in evaluation.documents} if aligned else {}
    records = evaluate_records(
        _record_case(gold_root, extraction, judged.get(extraction.document.document_id)) for extraction in extractions
    )
    if only == "records" or not cases:
        evaluation = replace(evaluation, documents=(), rows=(), confusion=())
    return replace(evaluation, records=records if records.scores else None)


def _chosen(gold_root: Path, documents: Sequence[str] | None, *, mentions_alone: bool) -> list[str]:
    """The documents to score; raises GoldError where one that was asked for has no gold that could be."""
    known = [name for name in gold_documents(gold_root) if has_mentions(gold_root, name) or not mentions_alone]
    for name in documents or ():
        if name not in known:
            load_gold(gold_root, name)  # tells what is missing
    return known if documents is None else list(documents)


def _record_case(gold_root: Path, extraction: Extraction, judged: DocumentEvaluation | None) -> RecordCase:
    """The rows of both sides; `judged` holds the aligned mentions of another rendition."""
    gold = load_gold_records(gold_root, extraction.document.document_id)
    aligned = None
    if judged is None:
        check_lines(gold, extraction.document.source)
    else:
        aligned = [(judged.gold[first], judged.predicted[second]) for first, second in judged.strict]
    return RecordCase(
        gold=gold,
        document=extraction.document,
        outcomes=extraction.outcomes,
        dosing=extraction.dosing,
        trials=extraction.trials,
        evidence=extraction.evidence,
        aligned=aligned,
    )
