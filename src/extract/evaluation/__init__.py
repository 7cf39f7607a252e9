"""Scores of the program against gold annotations. Imports numpy, scipy and rich: import it where it is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from extract.document import Document
from extract.errors import GoldError
from extract.evaluation.gold import (
    SOURCE_FOLDERS,
    TEXT_SUFFIXES,
    GoldDocument,
    GoldMention,
    check_offsets,
    find_source,
    gold_documents,
    load_gold,
)
from extract.evaluation.matching import align_mentions, match_spans
from extract.evaluation.report import (
    baseline_of,
    compare_baseline,
    list_errors,
    print_evaluation,
    score_table,
    to_json,
)
from extract.evaluation.scores import Accuracy, Case, DocumentEvaluation, Evaluation, Row, Score, evaluate_mentions
from extract.records import Mention

__all__ = [
    "Accuracy",
    "Case",
    "DocumentEvaluation",
    "Evaluation",
    "GoldDocument",
    "GoldMention",
    "Row",
    "Score",
    "align_mentions",
    "baseline_of",
    "check_offsets",
    "compare_baseline",
    "evaluate_gold",
    "evaluate_mentions",
    "find_source",
    "gold_documents",
    "list_errors",
    "load_gold",
    "match_spans",
    "print_evaluation",
    "score_table",
    "to_json",
]

# Where and as what another rendition of a paper may lie, the most different from the gold's text first.
RENDITION_FOLDERS = (*SOURCE_FOLDERS, "pdf", "jats")
RENDITION_SUFFIXES = (".pdf", ".nxml", ".xml", *TEXT_SUFFIXES)


def evaluate_gold(
    gold_root: Path,
    corpus_roots: Sequence[Path],
    extract: Callable[[Path], tuple[Document, Sequence[Mention]]],
    *,
    documents: Sequence[str] | None = None,
    aligned: bool = False,
    suffixes: Sequence[str] | None = None,
) -> Evaluation:
    """Runs `extract` on the file of each gold document and scores what it marks.

    Without `documents` those whose file is at hand are scored and the others named in `Evaluation.missing`; with it,
    each must be at hand. `aligned` scores another rendition of the papers (PDF, JATS) by label, surface and order;
    `suffixes` says which. Raises GoldError where the gold does not fit its file.
    """
    cases: list[Case] = []
    missing: list[str] = []
    if suffixes is None:
        suffixes = RENDITION_SUFFIXES if aligned else TEXT_SUFFIXES
    folders = RENDITION_FOLDERS if aligned else SOURCE_FOLDERS
    for document_id in gold_documents(gold_root) if documents is None else documents:
        gold = load_gold(gold_root, document_id)
        path = find_source(document_id, corpus_roots, suffixes=suffixes, folders=folders)
        if path is None:
            if documents is not None:
                raise GoldError(f"{document_id}: no file in {', '.join(map(str, corpus_roots))}")
            missing.append(document_id)
            continue
        document, mentions = extract(path)
        if not aligned:
            check_offsets(gold, document.source)
        cases.append(Case(gold, document, mentions))
    return evaluate_mentions(cases, aligned=aligned, missing=missing)
