"""The columns of the files for a meta-analysis: what each holds of an arm, a comparison or an effect of a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from extract.patterns import lazy_regex
from extract.records import Outcome
from extract.sinks.meta_arms import Arm, ArmNames, is_pooled, whose
from extract.sinks.meta_effects import Effect
from extract.sinks.meta_pairs import Comparison, matching_arms

Columns = Mapping[str, Callable[[Any], Any]]
_AUTHOR_YEAR = lazy_regex(r"[^,]+ (?P<year>(?:19|20)\d\d)[a-z]?")  # the name of one study known by its author


@dataclass(frozen=True, slots=True)
class Pooling:
    """What one document has for a meta-analysis."""

    document_id: str
    names: ArmNames
    arms: tuple[Arm, ...]
    comparisons: tuple[tuple[int, int, Comparison], ...]  # with the places of their arms
    unpaired: Mapping[int, str]  # place of an arm -> why it is in no comparison
    effects: tuple[Effect, ...]
    repeats: Mapping[int, str]  # place of an effect -> the record that tells the same
    left_out: tuple[Outcome, ...]
    designs: Mapping[str, str]  # study -> as printed
    years: Mapping[int, int]  # number of a reference -> its year
    trials: frozenset[str]  # studies with a name or registry number of their own

    def design(self, row: Outcome) -> str | None:
        """The design of a record's study as printed."""
        return self.designs.get(row.study or "")

    def year(self, row: Outcome) -> int | None:
        """The year of a record's study: that beside its author, else that of its one reference."""
        match = _AUTHOR_YEAR.fullmatch(row.study or "")
        if match and row.study not in self.trials:
            return int(match["year"])
        return self.years.get(row.refs[0]) if len(row.refs) == 1 else None


@dataclass(frozen=True, slots=True)
class Row:
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


def is_contrast(effect: Effect) -> bool:
    """Whether an effect can be pooled as it is; a mean difference without reference may be a change in one arm."""
    of_arms = effect.measure not in ("MD", "SMD") or effect.row.versus is not None
    return effect.sei is not None and of_arms and not effect.turned and whose(effect.row) is None


def is_complete(pair: Comparison) -> bool:
    """Whether all totals, and the events of a fourfold table, are printed."""
    sides = (pair.index, pair.reference)
    return all(arm.total is not None and (arm.kind != "proportion" or arm.events is not None) for arm in sides)


def _of(name: str) -> Callable[[Row], Any]:
    """A column of the record that a line is about."""
    return lambda row: getattr(row.record, name)


def _at(*path: str) -> Callable[[Row], Any]:
    """An attribute of what a line is of, or of a part of it."""

    def cell(row: Row) -> Any:
        value = row.of
        for name in path:
            value = getattr(value, name)
        return value

    return cell


def _of_kind(cell: Callable[[Row], Any], *, proportion: bool) -> Callable[[Row], Any]:
    """A cell that is empty for arms or pairs of the other kind."""

    def only(row: Row) -> Any:
        kind = row.of.index.kind if isinstance(row.of, Comparison) else row.of.kind
        return cell(row) if (kind == "proportion") == proportion else None

    return only


def _table_derived(row: Row, side: str, field: str) -> int | None:
    """A cell of the fourfold table with derived counts, where it is whole and not printed anyway."""
    pair: Comparison = row.of
    counts = [(arm.events_derived, arm.total_derived) for arm in (pair.index, pair.reference)]
    if pair.index.kind != "proportion" or is_complete(pair) or any(None in count for count in counts):
        return None
    value: int | None = getattr(getattr(pair, side), field)
    return value


def _names_of(row: Row) -> str:
    """The comparisons that an arm is in."""
    pairs = enumerate(row.pooling.comparisons, start=1)
    return ";".join(f"c{number}" for number, (one, two, _) in pairs if row.place in (one, two))


def _records(row: Row) -> list[str]:
    return [each.record_id for arm in (row.of.index, row.of.reference) for each in arm.rows]


def _arm_notes(row: Row) -> str:
    arm: Arm = row.of
    missing = "total not printed" if arm.total is None else None
    return "; ".join(note for note in (arm.doubt, "a bound or a range" if arm.bounded else None, missing) if note)


def _pair_notes(row: Row) -> str:
    pair: Comparison = row.of
    shared = sum(row_pair.reference is pair.reference for _, _, row_pair in row.pooling.comparisons)
    notes = [*pair.notes]
    if not is_complete(pair):
        notes.append("not all counts and totals are printed")
    if shared > 1:
        notes.append(f"the reference arm is in {shared} comparisons")
    return "; ".join(notes)


def _pooled(row: Row) -> bool | None:
    """Whether a result is pooled over studies; null where no one study is known to have it."""
    return True if is_pooled(row.record) else None if whose(row.record) else False


def _interval(row: Row) -> str:
    record = row.record
    return "" if record.ci_low is None else f"{record.ci_low} to {record.ci_high}"


def _bound(row: Row, which: int) -> Any:
    bounds = row.of.bounds
    return None if bounds is None else bounds[which]


def _people(row: Row, name: str) -> int | None:
    """The printed total of an arm of an effect, where arms of its outcome and setting agree on one."""
    record = row.record
    arm = row.pooling.names.name(getattr(record, name), record.study)
    totals = {each.total for each in matching_arms(arm, row.pooling.arms, record)} - {None}
    return totals.pop() if len(totals) == 1 else None


def _subgroup(row: Row) -> str:
    """Severity, as RevMan's subgroup."""
    return row.record.grade or ""


def _analysis(row: Row) -> str:
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
ARMS: Columns = {
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
    "pooled": _pooled,
    "comparisons": _names_of,
    "unpaired": lambda row: row.pooling.unpaired.get(row.place),
    "confidence": _of("confidence"),
    "note": _arm_notes,
}
COMPARISONS: Columns = {
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
    "n1i": _at("index", "total"),
    "ci": _at("reference", "events"),
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
EFFECTS: Columns = {
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
    "sei_if_95": _at("sei_if_95"),
    "pooled": _pooled,
    "n_studies": _of("n_studies"),
    "i2": _of("i2"),
    "repeats": lambda row: row.pooling.repeats.get(row.place),
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
DICHOTOMOUS: Columns = {
    **_REVMAN_STUDY,
    "Experimental cases": _at("index", "events"),
    "Experimental N": _at("index", "total"),
    "Control cases": _at("reference", "events"),
    "Control N": _at("reference", "total"),
    "Footnotes": _pair_notes,
    **_REVMAN_OURS,
}
CONTINUOUS: Columns = {
    **_REVMAN_STUDY,
    "Experimental mean": _at("index", "value"),
    "Experimental SD": _at("index", "sd"),
    "Experimental N": _at("index", "total"),
    "Control mean": _at("reference", "value"),
    "Control SD": _at("reference", "sd"),
    "Control N": _at("reference", "total"),
    "Footnotes": _pair_notes,
    **_REVMAN_OURS,
    "Unit": _of("unit"),
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
GENERIC: Columns = {
    **_REVMAN_STUDY,
    "Effect measure": lambda row: _REVMAN_MEASURES.get(row.of.measure, row.of.measure),
    "Log-scale data": lambda row: row.of.transform == "log",
    "GIV Mean": _at("yi"),
    "GIV SE": _at("sei"),
    "Experimental N": lambda row: _people(row, "arm"),
    "Control N": lambda row: _people(row, "versus"),
    "Footnotes": lambda row: "; ".join(row.of.notes),
    **_REVMAN_OURS,
    "Unit": lambda row: None if row.of.transform == "percent" else row.record.unit,
}
