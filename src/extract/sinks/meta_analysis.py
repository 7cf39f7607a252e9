"""Outcomes of all documents as CSV files for a meta-analysis: for metafor in R, and in the columns of RevMan.

Each figure is a printed one. Two kinds are not, and stand in columns of their own: `*_derived` are counts that the
printed percentage allows only one whole number for, and `yi`, `sei`, `vi`, `sei_if_95` follow from a printed value and
interval.
Rows stay by document: a trial that two reviews report stands twice. Cells are not escaped against spreadsheet formulas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from extract.records import Outcome
from extract.sinks.dataset import Dataset
from extract.sinks.exporting import read_documents
from extract.sinks.meta_arms import ArmNames, find_arms, kind_of
from extract.sinks.meta_columns import (
    ARMS,
    COMPARISONS,
    CONTINUOUS,
    DICHOTOMOUS,
    EFFECTS,
    GENERIC,
    Columns,
    Pooling,
    Row,
    is_complete,
    is_contrast,
)
from extract.sinks.meta_effects import check_direction, find_effect, find_repeats
from extract.sinks.meta_pairs import find_comparisons, find_said
from extract.sinks.tables import csv_cell, csv_line, open_atomically

DIGITS = 10  # significant digits of computed numbers: more than any interval is printed with, and alike on all machines


def poolings(dataset: Dataset) -> Iterator[Pooling]:
    """What each document of a dataset has for a meta-analysis, in order; one document is in memory at a time."""
    for document, tables in read_documents(dataset, ("outcomes", "trials", "studies", "references")):
        outcomes = [Outcome.model_validate(row) for row in tables["outcomes"]]
        designs = {row["study"]: row["design"] for row in tables["studies"] if row["design"] is not None}
        years = {row["number"]: row["year"] for row in tables["references"] if row["year"] is not None}
        names = ArmNames(outcomes)
        arms = find_arms(outcomes, names)
        others = [(row, find_effect(row)) for row in outcomes if kind_of(row) is None]
        effects = [check_direction(effect, arms, names) for _, effect in others if effect is not None]
        turned = {effect.row.record_id for effect in effects if effect.turned}
        said = find_said([row for row in outcomes if row.record_id not in turned], names)
        comparisons, unpaired = find_comparisons(arms, said, designs)
        yield Pooling(
            document_id=document["document_id"],
            names=names,
            arms=tuple(arms),
            comparisons=tuple(comparisons),
            unpaired=unpaired,
            effects=tuple(effects),
            repeats=find_repeats(effects),
            left_out=tuple(row for row, effect in others if effect is None),
            designs=designs,
            years=years,
            trials=frozenset(row["id"] for row in tables["trials"]),
        )


def write_metafor(dataset: Dataset, folder: Path) -> list[Path]:
    """CSV files that R's metafor takes; raises OutputError where `folder` cannot be written.

    - `arms.csv`, one line an arm: `escalc("PLO", xi=events, ni=total)`, `escalc("MN", mi=mean, sdi=sd, ni=total)`.
    - `comparisons.csv`, one line two arms (`arm` is group 1, `versus` group 2): `escalc("RR", ai=ai, n1i=n1i, ci=ci,
      n2i=n2i)`, `escalc("MD", m1i=m1i, sd1i=sd1i, n1i=n1i, m2i=m2i, sd2i=sd2i, n2i=n2i)`. `basis` says how the pair is
      known, `basis_record` by which record. A total that is not printed is empty; the `_derived` columns hold the table
      with counts filled in that the percentages settle.
    - `effects.csv`, one line a ratio or difference as printed, `arm` against `versus`: `rma(yi, sei=sei)`, within one
      `measure`. `note` says why `yi` or `sei` is empty; `sei_if_95` is the standard error of an interval without a
      level if that is 95 %. A result told twice names the better record in `repeats`. `pooled` is true for results of a
      meta-analysis, empty where no one study is known.
    - `left_out.csv`: how many arms are in no comparison, effects without `sei`, and records in no file, by reason.

    To be read with `read.csv(file, na.strings = "")`, so that all empty cells are NA; what one study tells once is
    `subset(effects, pooled == FALSE & is.na(repeats))`.
    """
    names = {"arms": ARMS, "comparisons": COMPARISONS, "effects": EFFECTS}
    counts: Counter[tuple[str, str]] = Counter()
    paths = [folder / f"{name}.csv" for name in (*names, "left_out")]
    with ExitStack() as stack:
        streams = [stack.enter_context(open_atomically(path)) for path in paths]
        for stream, columns in zip(streams, names.values(), strict=False):
            stream.write(csv_line(columns))
        for pooling in poolings(dataset):
            arms = [Row(arm, pooling, at) for at, arm in enumerate(pooling.arms)]
            pairs = [Row(pair, pooling, at) for at, (_, _, pair) in enumerate(pooling.comparisons)]
            effects = [Row(effect, pooling, at) for at, effect in enumerate(pooling.effects)]
            for stream, rows, columns in zip(streams, (arms, pairs, effects), names.values(), strict=False):
                _write(stream, rows, columns)
            counts.update(("arm in no comparison", reason) for reason in pooling.unpaired.values())
            counts.update(("effect without sei", effect.missing) for effect in pooling.effects if effect.sei is None)
            counts.update(("record in no file", row.statistic) for row in pooling.left_out)
        streams[-1].write(csv_line(("what", "reason", "number")))
        for (what, reason), number in sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1])):
            streams[-1].write(csv_line((what, reason, str(number))))
    return paths


def write_revman(dataset: Dataset, folder: Path) -> list[Path]:
    """CSV files in the columns of RevMan; raises OutputError where `folder` cannot be written.

    `dichotomous.csv`, `continuous.csv` (comparisons whose figures are all printed) and `generic_inverse_variance.csv`
    (effects of one known study with a standard error, each told once; ratios as logarithms; a difference of means only
    with its reference arm; none that the figures of its arms give the other way round).

    What was followed: the names of columns, data types and effect measures are those of the file `data-rows` and of the
    settings in the data packages of Cochrane reviews, as the RevMan knowledge base describes them and the R package
    `meta` (`read.cdir`) reads them; ratios stand as logarithms in `GIV Mean`, `GIV SE`, as there. What was not: the
    template `Study results` of RevMan's own import repeats outcomes and interventions as they are set up in a review,
    which no dataset knows. Columns behind `Footnotes` are ours.
    """
    files = {"dichotomous": DICHOTOMOUS, "continuous": CONTINUOUS, "generic_inverse_variance": GENERIC}
    paths = [folder / f"{name}.csv" for name in files]
    with ExitStack() as stack:
        streams = [stack.enter_context(open_atomically(path)) for path in paths]
        for stream, columns in zip(streams, files.values(), strict=True):
            stream.write(csv_line(columns))
        for pooling in poolings(dataset):
            pairs = [Row(pair, pooling) for _, _, pair in pooling.comparisons if is_complete(pair)]
            told = [Row(effect, pooling, at) for at, effect in enumerate(pooling.effects) if at not in pooling.repeats]
            _write(streams[0], [row for row in pairs if row.of.index.kind == "proportion"], DICHOTOMOUS)
            _write(streams[1], [row for row in pairs if row.of.index.kind != "proportion"], CONTINUOUS)
            _write(streams[2], [row for row in told if is_contrast(row.of)], GENERIC)
    return paths


def _write(stream: TextIO, rows: Iterable[Row], columns: Columns) -> None:
    for row in rows:
        stream.write(csv_line(csv_cell(_plain(cell(row))) for cell in columns.values()))


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).upper()  # R takes no small letters for a logical
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    return list(value) if isinstance(value, tuple) else value
