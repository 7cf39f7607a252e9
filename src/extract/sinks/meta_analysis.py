"""Outcomes of all documents as CSV files for a meta-analysis: for metafor in R, and in the columns of RevMan.

Each figure is a printed one. Two kinds are not, and stand in columns of their own: `*_derived` are counts that the
printed percentage allows only one whole number for, and `yi`, `sei`, `vi` follow from a printed value and interval.
Rows stay by document: a trial that two reviews report stands twice. Cells are not escaped against spreadsheet formulas.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, TextIO

from extract.errors import ReadError
from extract.records import Outcome, Schema
from extract.sinks.dataset import Dataset
from extract.sinks.meta_arms import Arm, ArmNames, find_arms, kind_of
from extract.sinks.meta_effects import Effect, find_effect
from extract.sinks.meta_pairs import Comparison, find_comparisons, find_said, is_pooled, matching_arms
from extract.sinks.tables import csv_cell, csv_line, open_atomically

DIGITS = 10  # significant digits of computed numbers: more than any interval is printed with, and alike on all machines
Columns = Mapping[str, Callable[[Any], Any]]
_YEAR = re.compile(r"(?:19|20)\d\d$")  # closes the name of a study known by its author


@dataclass(frozen=True, slots=True)
class Pooling:
    """What one document has for a meta-analysis."""

    document_id: str
    names: ArmNames
    arms: tuple[Arm, ...]
    comparisons: tuple[tuple[int, int, Comparison], ...]  # with the places of their arms
    unpaired: Mapping[int, str]  # place of an arm -> why it is in no comparison
    effects: tuple[Effect, ...]
    left_out: tuple[Outcome, ...]
    designs: Mapping[str, str]  # study -> as printed
    years: Mapping[int, int]  # number of a reference -> its year

    def design(self, row: Outcome) -> str | None:
        """The design of a record's study as printed."""
        return self.designs.get(row.study or "")

    def year(self, row: Outcome) -> int | None:
        """The year of a record's study: that in its name, else that of its one reference."""
        match = _YEAR.search(row.study or "")
        if match:
            return int(match[0])
        return self.years.get(row.refs[0]) if len(row.refs) == 1 else None


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a file: what it is of, in which document."""

    of: Any
    pooling: Pooling
    place: int = 0

    @property
    def record(self) -> Outcome:
        """The record that says what the line is about."""
        if isinstance(self.of, Comparison):
            return self.of.index.row
        row: Outcome = self.of.row
        return row


def poolings(dataset: Dataset) -> Iterator[Pooling]:
    """What each document of a dataset has for a meta-analysis, in order; one document is in memory at a time."""
    for document_id, tables in _by_document(dataset, ("outcomes", "studies", "references")):
        outcomes = [Outcome.model_validate(row) for row in tables["outcomes"]]
        designs = {row["study"]: row["design"] for row in tables["studies"] if row["design"] is not None}
        years = {row["number"]: row["year"] for row in tables["references"] if row["year"] is not None}
        names = ArmNames(outcomes)
        arms = find_arms(outcomes, names)
        comparisons, unpaired = find_comparisons(arms, find_said(outcomes, names), designs)
        others = [(row, find_effect(row)) for row in outcomes if kind_of(row) is None]
        yield Pooling(
            document_id,
            names,
            tuple(arms),
            tuple(comparisons),
            unpaired,
            tuple(effect for _, effect in others if effect is not None),
            tuple(row for row, effect in others if effect is None),
            designs,
            years,
        )


def write_metafor(dataset: Dataset, folder: Path) -> list[Path]:
    """CSV files that R's metafor takes; raises OutputError where `folder` cannot be written.

    - `arms.csv`, one line an arm: `escalc("PLO", xi=events, ni=total)`, `escalc("MN", mi=mean, sdi=sd, ni=total)`.
    - `comparisons.csv`, one line two arms (`arm` is group 1, `versus` group 2): `escalc("RR", ai=ai, n1i=n1i, ci=ci,
      n2i=n2i)`, `escalc("MD", m1i=m1i, sd1i=sd1i, n1i=n1i, m2i=m2i, sd2i=sd2i, n2i=n2i)`. `basis` says how the pair is
      known, `basis_record` by which record. A total that is not printed is empty; the `_derived` columns hold the table
      with counts filled in that the percentages settle.
    - `effects.csv`, one line a ratio or difference as printed, `arm` against `versus`: `rma(yi, sei=sei)`, within one
      `measure`. `note` says why `yi` or `sei` is empty. A result that is pooled already has `pooled` true.
    - `left_out.csv`: how many arms are in no comparison, effects without `sei`, and records in no file, by reason.

    Empty cells are NA for `read.csv`. Risk differences in percent stay in percent (`unit`).
    """
    names = {"arms": _ARMS, "comparisons": _COMPARISONS, "effects": _EFFECTS}
    counts: Counter[tuple[str, str]] = Counter()
    paths = [folder / f"{name}.csv" for name in (*names, "left_out")]
    with ExitStack() as stack:
        streams = [stack.enter_context(open_atomically(path)) for path in paths]
        for stream, columns in zip(streams, names.values(), strict=False):
            stream.write(csv_line(columns))
        for pooling in poolings(dataset):
            arms = [_Row(arm, pooling, at) for at, arm in enumerate(pooling.arms)]
            pairs = [_Row(pair, pooling, at) for at, (_, _, pair) in enumerate(pooling.comparisons)]
            effects = [_Row(effect, pooling) for effect in pooling.effects]
            for stream, rows, columns in zip(streams, (arms, pairs, effects), names.values(), strict=False):
                _write(stream, rows, columns)
            counts.update(("arm in no comparison", reason) for reason in pooling.unpaired.values())
            counts.update(("effect without sei", effect.notes[-1]) for effect in pooling.effects if effect.sei is None)
            counts.update(("record in no file", row.statistic) for row in pooling.left_out)
        streams[-1].write(csv_line(("what", "reason", "number")))
        for (what, reason), number in sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1])):
            streams[-1].write(csv_line((what, reason, str(number))))
    return paths


def write_revman(dataset: Dataset, folder: Path) -> list[Path]:
    """CSV files in the columns of RevMan; raises OutputError where `folder` cannot be written.

    `dichotomous.csv`, `continuous.csv` (comparisons whose figures are all printed) and `generic_inverse_variance.csv`
    (effects with a standard error; ratios as logarithms; none that is pooled already; a difference of means only with its
    reference arm).

    What was followed: the names of columns, data types and effect measures are those of the file `data-rows` and of the
    settings in the data packages of Cochrane reviews, as the RevMan knowledge base describes them and the R package
    `meta` (`read.cdir`) reads them; ratios stand as logarithms in `GIV Mean`, `GIV SE`, as there. What was not: the
    template `Study results` of RevMan's own import repeats outcomes and interventions as they are set up in a review,
    which no dataset knows. Columns behind `Footnotes` are ours.
    """
    files = {"dichotomous": _DICHOTOMOUS, "continuous": _CONTINUOUS, "generic_inverse_variance": _GENERIC}
    paths = [folder / f"{name}.csv" for name in files]
    with ExitStack() as stack:
        streams = [stack.enter_context(open_atomically(path)) for path in paths]
        for stream, columns in zip(streams, files.values(), strict=True):
            stream.write(csv_line(columns))
        for pooling in poolings(dataset):
            pairs = [_Row(pair, pooling) for _, _, pair in pooling.comparisons if _is_complete(pair)]
            effects = [effect for effect in pooling.effects if _is_contrast(effect)]
            _write(streams[0], [row for row in pairs if row.of.index.kind == "proportion"], _DICHOTOMOUS)
            _write(streams[1], [row for row in pairs if row.of.index.kind != "proportion"], _CONTINUOUS)
            _write(streams[2], [_Row(effect, pooling) for effect in effects], _GENERIC)
    return paths


def _is_contrast(effect: Effect) -> bool:
    """Whether an effect of one study can be pooled; a mean difference without reference may be a change in one arm."""
    of_arms = effect.measure not in ("MD", "SMD") or effect.row.versus is not None
    return effect.sei is not None and of_arms and not is_pooled(effect.row)


def _is_complete(pair: Comparison) -> bool:
    sides = (pair.index, pair.reference)
    return all(arm.total is not None and (arm.kind != "proportion" or arm.events is not None) for arm in sides)


def _write(stream: TextIO, rows: Iterable[_Row], columns: Columns) -> None:
    for row in rows:
        stream.write(csv_line(csv_cell(_plain(cell(row))) for cell in columns.values()))


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    return list(value) if isinstance(value, tuple) else value


def _by_document(
    dataset: Dataset, tables: Sequence[Schema]
) -> Iterator[tuple[str, dict[Schema, list[dict[str, Any]]]]]:
    """The rows of some tables document by document; all tables have the documents in one order."""
    groups = {table: groupby(dataset.rows(table), key=lambda row: row["document_id"]) for table in tables}
    waiting: dict[Schema, tuple[str, Iterable[dict[str, Any]]] | None]
    waiting = {table: next(each, None) for table, each in groups.items()}
    for document in dataset.rows("documents"):
        document_id: str = document["document_id"]
        rows: dict[Schema, list[dict[str, Any]]] = {table: [] for table in tables}
        for table in tables:
            first = waiting[table]
            if first is not None and first[0] == document_id:
                rows[table] = list(first[1])
                waiting[table] = next(groups[table], None)
        yield document_id, rows
    for table, left in waiting.items():
        if left is not None:
            raise ReadError(f"{dataset.path(table)}: {left[0]} is not where it stands in the table of documents")


def _of(name: str) -> Callable[[_Row], Any]:
    """A column of the record that a line is about."""
    return lambda row: getattr(row.record, name)


def _at(*path: str) -> Callable[[_Row], Any]:
    """An attribute of what a line is of, or of a part of it."""

    def cell(row: _Row) -> Any:
        value = row.of
        for name in path:
            value = getattr(value, name)
        return value

    return cell


def _of_kind(cell: Callable[[_Row], Any], *, proportion: bool) -> Callable[[_Row], Any]:
    """A cell that is empty for arms or pairs of the other kind."""

    def only(row: _Row) -> Any:
        kind = row.of.index.kind if isinstance(row.of, Comparison) else row.of.kind
        return cell(row) if (kind == "proportion") == proportion else None

    return only


def _without(row: _Row, side: str) -> int | None:
    """People without the event."""
    arm: Arm = getattr(row.of, side)
    return None if arm.events is None or arm.total is None else arm.total - arm.events


def _table_derived(row: _Row, side: str, field: str) -> int | None:
    """A cell of the fourfold table with derived counts, where it is whole and not printed anyway."""
    pair: Comparison = row.of
    counts = [(arm.events_derived, arm.total_derived) for arm in (pair.index, pair.reference)]
    if pair.index.kind != "proportion" or _is_complete(pair) or any(None in count for count in counts):
        return None
    value: int | None = getattr(getattr(pair, side), field)
    return value


def _names_of(row: _Row) -> str:
    """The comparisons that an arm is in."""
    pairs = enumerate(row.pooling.comparisons, start=1)
    return ";".join(f"c{number}" for number, (one, two, _) in pairs if row.place in (one, two))


def _records(row: _Row) -> list[str]:
    return [each.record_id for arm in (row.of.index, row.of.reference) for each in arm.rows]


def _arm_notes(row: _Row) -> str:
    arm: Arm = row.of
    missing = "total not printed" if arm.total is None else None
    return "; ".join(note for note in (arm.doubt, "a bound or a range" if arm.bounded else None, missing) if note)


def _pair_notes(row: _Row) -> str:
    pair: Comparison = row.of
    shared = sum(row_pair.reference is pair.reference for _, _, row_pair in row.pooling.comparisons)
    notes = [*pair.notes]
    if not _is_complete(pair):
        notes.append("not all counts and totals are printed")
    if shared > 1:
        notes.append(f"the reference arm is in {shared} comparisons")
    return "; ".join(notes)


def _interval(row: _Row) -> str:
    record = row.record
    return "" if record.ci_low is None else f"{record.ci_low} to {record.ci_high}"


def _bound(row: _Row, which: int) -> Any:
    bounds = row.of.bounds
    return None if bounds is None else bounds[which]


def _people(row: _Row, name: str) -> int | None:
    """The printed total of an arm of an effect, where arms of its outcome and setting agree on one."""
    record = row.record
    arm = row.pooling.names.name(getattr(record, name), record.study)
    totals = {each.total for each in matching_arms(arm, row.pooling.arms, record)} - {None}
    return totals.pop() if len(totals) == 1 else None


def _subgroup(row: _Row) -> str:
    """Severity, as RevMan's subgroup."""
    return row.record.grade or ""


def _analysis(row: _Row) -> str:
    record = row.record
    return f"{record.endpoint_text} at {record.timepoint}" if record.timepoint else record.endpoint_text


_STUDY: Columns = {
    "study": _of("study"),
    "study_year": lambda row: row.pooling.year(row.record),
    "design": lambda row: row.pooling.design(row.record),
    "dois": _of("dois"),
}
_SETTING: Columns = {
    "endpoint": _of("endpoint"),
    "endpoint_text": _of("endpoint_text"),
    "timepoint": _of("timepoint"),
    "grade": _of("grade"),
}
_ARMS: Columns = {
    "document_id": _of("document_id"),
    "record_ids": lambda row: [each.record_id for each in row.of.rows],
    "page_number": _of("page_number"),
    **_STUDY,
    **_SETTING,
    "outcome": _at("outcome"),
    "arm": _of("arm"),
    "kind": _at("kind"),
    "events": _at("events"),
    "total": _at("total"),
    "percent": _of_kind(_at("value"), proportion=True),
    "events_derived": _at("events_derived"),
    "total_derived": _of_kind(_at("total_derived"), proportion=True),
    "mean": _of_kind(_at("value"), proportion=False),
    "sd": _of_kind(_at("sd"), proportion=False),
    "unit": _of("unit"),
    "bound": _of("bound"),
    "low": _of("low"),
    "high": _of("high"),
    "ci_low": _of("ci_low"),
    "ci_high": _of("ci_high"),
    "ci_level": _of("ci_level"),
    "se": _of("se"),
    "dispersion": _of("dispersion"),
    "dispersion_kind": _of("dispersion_kind"),
    "pooled": lambda row: is_pooled(row.record),
    "comparisons": _names_of,
    "unpaired": lambda row: row.pooling.unpaired.get(row.place),
    "confidence": _of("confidence"),
    "note": _arm_notes,
}
_COMPARISONS: Columns = {
    "document_id": _of("document_id"),
    "comparison": lambda row: f"c{row.place + 1}",
    "record_ids": _records,
    "page_number": _of("page_number"),
    **_STUDY,
    **_SETTING,
    "outcome": _at("index", "outcome"),
    "arm": _of("arm"),
    "versus": _at("reference", "row", "arm"),
    "kind": _at("index", "kind"),
    "ai": _at("index", "events"),
    "bi": lambda row: _without(row, "index"),
    "n1i": _at("index", "total"),
    "ci": _at("reference", "events"),
    "di": lambda row: _without(row, "reference"),
    "n2i": _at("reference", "total"),
    "m1i": _of_kind(_at("index", "value"), proportion=False),
    "sd1i": _of_kind(_at("index", "sd"), proportion=False),
    "m2i": _of_kind(_at("reference", "value"), proportion=False),
    "sd2i": _of_kind(_at("reference", "sd"), proportion=False),
    "unit": _of_kind(_of("unit"), proportion=False),
    "ai_derived": lambda row: _table_derived(row, "index", "events_derived"),
    "n1i_derived": lambda row: _table_derived(row, "index", "total_derived"),
    "ci_derived": lambda row: _table_derived(row, "reference", "events_derived"),
    "n2i_derived": lambda row: _table_derived(row, "reference", "total_derived"),
    "basis": _at("basis"),
    "basis_record": lambda row: row.of.said_by and row.of.said_by.record_id,
    "note": _pair_notes,
}
_EFFECTS: Columns = {
    "document_id": _of("document_id"),
    "record_id": _of("record_id"),
    "page_number": _of("page_number"),
    **_STUDY,
    **_SETTING,
    "arm": _of("arm"),
    "versus": _of("versus"),
    "statistic": _of("statistic"),
    "measure": _at("measure"),
    "value": _of("value"),
    "bound": _of("bound"),
    "unit": _of("unit"),
    "ci_low": lambda row: _bound(row, 0),
    "ci_high": lambda row: _bound(row, 1),
    "ci_printed": _interval,
    "ci_level": _of("ci_level"),
    "se_printed": _of("se"),
    "p_op": _of("p_op"),
    "p": _of("p"),
    "transform": _at("transform"),
    "yi": _at("yi"),
    "sei": _at("sei"),
    "vi": lambda row: None if row.of.sei is None else row.of.sei**2,
    "sei_from": _at("source"),
    "pooled": lambda row: is_pooled(row.record),
    "n_studies": _of("n_studies"),
    "i2": _of("i2"),
    "confidence": _of("confidence"),
    "note": lambda row: "; ".join(row.of.notes),
}
_REVMAN_STUDY: Columns = {
    "Analysis name": _analysis,
    "Subgroup": _subgroup,
    "Study": _of("study"),
    "Study year": lambda row: row.pooling.year(row.record),
}
_REVMAN_OURS: Columns = {
    "Experimental intervention": _of("arm"),
    "Control intervention": lambda row: (
        row.of.reference.row.arm if isinstance(row.of, Comparison) else row.record.versus
    ),
    "Outcome code": _of("endpoint"),
    "Document": _of("document_id"),
    "Records": lambda row: _records(row) if isinstance(row.of, Comparison) else [row.record.record_id],
}
_DICHOTOMOUS: Columns = {
    **_REVMAN_STUDY,
    "Experimental cases": _at("index", "events"),
    "Experimental N": _at("index", "total"),
    "Control cases": _at("reference", "events"),
    "Control N": _at("reference", "total"),
    "Footnotes": _pair_notes,
    **_REVMAN_OURS,
}
_CONTINUOUS: Columns = {
    **_REVMAN_STUDY,
    "Experimental mean": _at("index", "value"),
    "Experimental SD": _at("index", "sd"),
    "Experimental N": _at("index", "total"),
    "Control mean": _at("reference", "value"),
    "Control SD": _at("reference", "sd"),
    "Control N": _at("reference", "total"),
    "Footnotes": _pair_notes,
    **_REVMAN_OURS,
}
_REVMAN_MEASURES = {
    "HR": "Hazard Ratio",
    "OR": "Odds Ratio",
    "RR": "Risk Ratio",
    "IRR": "Rate Ratio",
    "MD": "Mean Difference",
    "SMD": "Std. Mean Difference",
    "RD": "Risk Difference",
}
_GENERIC: Columns = {
    **_REVMAN_STUDY,
    "Effect measure": lambda row: _REVMAN_MEASURES.get(row.of.measure, row.of.measure),
    "Log-scale data": lambda row: row.of.transform == "log",
    "GIV Mean": _at("yi"),
    "GIV SE": _at("sei"),
    "Experimental N": lambda row: _people(row, "arm"),
    "Control N": lambda row: _people(row, "versus"),
    "Footnotes": lambda row: "; ".join(row.of.notes),
    **_REVMAN_OURS,
}
