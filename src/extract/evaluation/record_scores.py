"""Scores of predicted against gold rows: core matches, whole rows and fields, by document and over all documents.

A row's core is what matches it with gold; the whole row is right where the fields that make it up agree as well, both
being empty included. A field is scored on the matched rows: correct where both fill it alike, spurious where the gold
leaves it empty or differs, missed where the program leaves it empty or differs. Nothing is earned by empty fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from extract.document import Document
from extract.evaluation.agreement import (
    DOSING_FIELDS,
    DOSING_ROW,
    OUTCOME_FIELDS,
    OUTCOME_ROW,
    TRIAL_FIELDS,
    TRIAL_ROW,
    FieldRule,
)
from extract.evaluation.bootstrap import Intervals, bootstrap_intervals
from extract.evaluation.gold import GoldMention
from extract.evaluation.gold_records import GoldDosing, GoldOutcome, GoldRecords, GoldTrial
from extract.evaluation.matching import Pair
from extract.evaluation.record_matching import (
    Place,
    align_places,
    find_places,
    match_dosing,
    match_outcomes,
    match_trials,
)
from extract.evaluation.scores import Score, block_finder
from extract.records import Dosing, Evidence, Mention, Outcome, Trial

CORE, ROW = "core", "row"
GoldRow = GoldOutcome | GoldDosing | GoldTrial
PredictedRow = Outcome | Dosing | Trial
Placed = TypeVar("Placed", GoldOutcome, GoldDosing)
Guess = TypeVar("Guess", Outcome, Dosing)


class TableRules(NamedTuple):
    """How the rows of a table are scored; `row` names the fields of the whole row."""

    fields: Mapping[str, FieldRule]
    row: tuple[str, ...]


TABLES: dict[str, TableRules] = {
    "OUTCOME": TableRules(OUTCOME_FIELDS, OUTCOME_ROW),
    "DOSING": TableRules(DOSING_FIELDS, DOSING_ROW),
    "TRIAL": TableRules(TRIAL_FIELDS, TRIAL_ROW),
}


class RecordCase(NamedTuple):
    """What is scored: the rows that people and the program made of a document.

    `aligned` holds the aligned mentions where the document is another rendition than the gold's; None where it is the
    gold's own file. `evidence` says there where the rows stand.
    """

    gold: GoldRecords
    document: Document
    outcomes: Sequence[Outcome] = ()
    dosing: Sequence[Dosing] = ()
    trials: Sequence[Trial] = ()
    evidence: Sequence[Evidence] = ()
    aligned: Sequence[tuple[GoldMention, Mention]] | None = None


@dataclass(frozen=True, slots=True)
class TableEvaluation:
    """The rows of one table of a document and which stands for which.

    Blocks number what is resampled together: rows of one block of text, each trial by itself. `lines` are the
    predicted rows' lines in the gold's file, None where that is not to be told.
    """

    table: str
    gold: tuple[GoldRow, ...]
    predicted: tuple[PredictedRow, ...]
    pairs: tuple[Pair, ...]
    lines: tuple[int | None, ...]
    gold_blocks: tuple[int, ...]
    predicted_blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecordScore:
    """One score of a table: `core`, `row` or a field."""

    table: str
    name: str
    score: Score
    intervals: Intervals

    @property
    def title(self) -> str:
        """Table and name."""
        return f"{self.table} {self.name}"


@dataclass(frozen=True, slots=True)
class DocumentRecords:
    """The judged tables of one document and their scores."""

    document: Document
    tables: tuple[TableEvaluation, ...]
    scores: tuple[RecordScore, ...] = ()
    aligned: bool = False

    @property
    def document_id(self) -> str:
        """The document's id."""
        return self.document.document_id


@dataclass(frozen=True, slots=True)
class RecordEvaluation:
    """Scores of the rows of each document and of all, counts summed over documents (micro)."""

    documents: tuple[DocumentRecords, ...] = ()
    scores: tuple[RecordScore, ...] = ()


def evaluate_records(cases: Iterable[RecordCase], *, resamples: int = 1000, seed: int = 0) -> RecordEvaluation:
    """Scores of the annotated tables in each case and in all."""
    judged = [judge_records(case) for case in cases]
    return RecordEvaluation(
        documents=tuple(
            replace(document, scores=_score(document.tables, resamples=resamples, seed=seed)) for document in judged
        ),
        scores=_score([table for document in judged for table in document.tables], resamples=resamples, seed=seed),
    )


def judge_records(case: RecordCase) -> DocumentRecords:
    """Which predicted row of a document stands for which gold row, table by table; unannotated tables are left out."""
    gold = case.gold
    tables = []
    if gold.outcomes is not None:
        tables.append(_placed_table("OUTCOME", case, gold.outcomes, case.outcomes, match_outcomes))
    if gold.dosing is not None:
        tables.append(_placed_table("DOSING", case, gold.dosing, case.dosing, match_dosing))
    if gold.trials is not None:
        tables.append(_trial_table(gold.trials, case.trials))
    return DocumentRecords(case.document, tuple(tables), aligned=case.aligned is not None)


def wrong_fields(table: str, gold: GoldRow, predicted: PredictedRow) -> list[str]:
    """Names of the fields in which a predicted row differs from its gold."""
    return [name for name, rule in TABLES[table].fields.items() if not rule.agrees(gold, predicted)]


def _placed_table(
    table: str,
    case: RecordCase,
    gold: Sequence[Placed],
    predicted: Sequence[Guess],
    match: Callable[[Sequence[Placed], Sequence[Guess], Sequence[Place]], list[Pair]],
) -> TableEvaluation:
    if case.aligned is None:
        places = find_places(predicted, case.document.source)
    else:
        places = align_places(predicted, case.evidence, case.aligned)
    block_of = _line_blocks(case)
    return TableEvaluation(
        table=table,
        gold=tuple(gold),
        predicted=tuple(predicted),
        pairs=tuple(match(gold, predicted, places)),
        lines=tuple(place.line for place in places),
        gold_blocks=tuple(block_of(row.line) for row in gold),
        predicted_blocks=tuple(-1 if place.line is None else block_of(place.line) for place in places),
    )


def _trial_table(gold: Sequence[GoldTrial], predicted: Sequence[Trial]) -> TableEvaluation:
    pairs = match_trials(gold, predicted)
    partner = {second: first for first, second in pairs}
    return TableEvaluation(
        table="TRIAL",
        gold=tuple(gold),
        predicted=tuple(predicted),
        pairs=tuple(pairs),
        lines=(None,) * len(predicted),
        gold_blocks=tuple(range(len(gold))),
        predicted_blocks=tuple(partner.get(index, len(gold) + index) for index in range(len(predicted))),
    )


def _line_blocks(case: RecordCase) -> Callable[[int], int]:
    """Leads from a line of the gold's file to the number of its block: of another rendition to the line itself."""
    if case.aligned is not None:
        return int
    block_of = block_finder(case.document)
    ends = []
    position = 0
    for line in case.document.source.split("\n"):
        position += len(line) + 1
        ends.append(max(position - 2, 0))
    return lambda line: block_of(ends[line - 1])


def _score(tables: Sequence[TableEvaluation], *, resamples: int, seed: int) -> tuple[RecordScore, ...]:
    scores: list[RecordScore] = []
    for name, rules in TABLES.items():
        judged = [table for table in tables if table.table == name]
        if not judged:
            continue
        names = [CORE, *([ROW] if rules.row else []), *rules.fields]
        tallies = _tally(judged, names, rules)
        intervals = bootstrap_intervals(tallies, resamples=resamples, seed=seed)
        for index, score in enumerate(names):
            tp, fp, fn = tallies[:, index].sum(axis=0).tolist()
            scores.append(RecordScore(name, score, Score(tp, fp, fn), intervals[index]))
    return tuple(scores)


def _tally(tables: Sequence[TableEvaluation], names: Sequence[str], rules: TableRules) -> NDArray[np.int64]:
    """(tp, fp, fn) of each block that holds a row, for each score: blocks × scores × 3."""
    keys = {
        (number, block)
        for number, table in enumerate(tables)
        for block in (*table.gold_blocks, *table.predicted_blocks)
    }
    rows = {key: row for row, key in enumerate(sorted(keys))}
    tallies = np.zeros((len(rows), len(names), 3), dtype=np.int64)
    whole = [names.index(name) for name in (CORE, ROW) if name in names]
    for number, table in enumerate(tables):
        found, right = ({pair[side] for pair in table.pairs} for side in (0, 1))
        for index, block in enumerate(table.gold_blocks):
            if index not in found:
                tallies[rows[number, block], whole, 2] += 1
        for index, block in enumerate(table.predicted_blocks):
            if index not in right:
                tallies[rows[number, block], whole, 1] += 1
        for first, second in table.pairs:
            tally = tallies[rows[number, table.gold_blocks[first]]]
            _tally_pair(tally, names, rules, table.gold[first], table.predicted[second])
    return tallies


def _tally_pair(
    tally: NDArray[np.int64], names: Sequence[str], rules: TableRules, gold: GoldRow, predicted: PredictedRow
) -> None:
    tally[names.index(CORE), 0] += 1
    if rules.row:
        right = all(rules.fields[name].agrees(gold, predicted) for name in rules.row)
        tally[names.index(ROW)] += (1, 0, 0) if right else (0, 1, 1)
    for name, rule in rules.fields.items():
        ours, theirs = rule.read(gold), rule.read(predicted)
        correct = ours is not None and theirs is not None and rule.agree(ours, theirs)
        tally[names.index(name)] += (correct, theirs is not None and not correct, ours is not None and not correct)
