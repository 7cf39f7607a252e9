"""The rows of a review as people read them: columns, cells, what filters look at, and where each stands."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from extract.records import Dosing, Outcome, Schema
from extract.sinks.html import attributes
from extract.sinks.html.views import ReviewView, Row
from extract.sinks.record_cells import amount, arms, endpoint_name, result, timepoint

FILTERS = ("study", "endpoint", "arm", "confidence")


class Column(NamedTuple):
    """A column of a list: its heading and a word for its style."""

    heading: str
    style: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row: its id, its cells and the attributes that the page's script looks at."""

    record_id: str
    cells: tuple[str, ...]
    hooks: Markup


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of a page."""

    name: Schema
    title: str
    columns: tuple[Column, ...]
    rows: tuple[ShownRow, ...]


class Choice(NamedTuple):
    """A value of a filter, how it is shown and how many rows have it."""

    value: str
    shown: str
    rows: int


def hooks_of(record_id: str, row: Row) -> Markup:
    """The attributes by which a page finds and filters the elements of a record."""
    return attributes({"data-record": record_id} | {f"data-{name}": _kept(row, name) for name in FILTERS})


def shown_tables(view: ReviewView) -> dict[Schema, ShownTable]:
    """Results, doses and studies of a review."""
    where = places_of(view)
    return {
        "outcomes": _table(view, "outcomes", "Results", OUTCOME_COLUMNS, lambda row: outcome_cells(row, where)),
        "dosing": _table(view, "dosing", "Doses", DOSING_COLUMNS, lambda row: dosing_cells(row, where)),
        "studies": _table(view, "studies", "Studies", STUDY_COLUMNS, _study_cells),
    }


OUTCOME_COLUMNS = (
    Column("", "id"),
    Column("Endpoint", "name"),
    Column("Result", "figure"),
    Column("Time", "short"),
    Column("Arm", "words"),
    Column("Study", "study"),
    Column("Where", "where"),
)
DOSING_COLUMNS = (
    Column("", "id"),
    Column("Drug", "name"),
    Column("Dose", "figure"),
    Column("Schedule", "words"),
    Column("Route", "short"),
    Column("Study", "study"),
    Column("Where", "where"),
)
STUDY_COLUMNS = (
    Column("", "id"),
    Column("Study", "name"),
    Column("Design", "words"),
    Column("People", "short"),
    Column("Years", "short"),
    Column("Age", "short"),
    Column("Registered as", "study"),
)


def outcome_cells(row: Row, where: Callable[[str], str]) -> tuple[str, ...]:
    """The cells of a result under `OUTCOME_COLUMNS`."""
    outcome = Outcome.model_validate(row)
    name = endpoint_name(outcome)
    return (
        outcome.record_id,
        f"{outcome.grade} {name}" if outcome.grade else name,
        result(outcome),
        timepoint(outcome),
        arms(outcome),
        _study(outcome.study),
        where(outcome.record_id),
    )


def dosing_cells(row: Row, where: Callable[[str], str]) -> tuple[str, ...]:
    """The cells of a dose under `DOSING_COLUMNS`."""
    dose = Dosing.model_validate(row)
    return (
        dose.record_id,
        dose.agent or "not stated",
        amount(dose),
        dose.schedule or "",
        dose.route or "",
        _study(dose.study),
        where(dose.record_id),
    )


def _study_cells(row: Row) -> tuple[str, ...]:
    return (
        row["record_id"],
        _study(row["study"]),
        row["design"] or "",
        row["n"] or "",
        row["years"] or "",
        row["age"] or "",
        ", ".join(row["registry_ids"]),
    )


def choices_of(view: ReviewView) -> dict[str, list[Choice]]:
    """What each filter can be set to: the values that the results and doses have."""
    rows = [*view.tables["outcomes"], *view.tables["dosing"]]
    names = {row["endpoint"]: row["endpoint_text"] for row in reversed(view.tables["outcomes"])}
    found: dict[str, list[Choice]] = {}
    for name in FILTERS:
        counts = Counter(value for row in rows if (value := _kept(row, name)))
        shown = {value: _choice(name, value, names) for value in counts}
        found[name] = [
            Choice(each, shown[each], counts[each]) for each in sorted(counts, key=lambda key: shown[key].casefold())
        ]
    return found


def places_of(view: ReviewView) -> Callable[[str], str]:
    """Tells where a record stands: its page, else the heading above it."""
    first: dict[str, Row] = {}
    for row in view.tables["evidence"]:
        if row["record_id"] not in first or row["field"] == "value":
            first[row["record_id"]] = row
    at = place_at(view)

    def where(record_id: str) -> str:
        row = first.get(record_id)
        if row is None or row["page_number"] is None:
            return at(None if row is None else row["start"])
        return f"p. {row['page_number']}"

    return where


def place_at(view: ReviewView) -> Callable[[int | None], str]:
    """Tells the heading above a character of the text."""
    starts = [block.start for block in view.blocks]

    def where(offset: int | None) -> str:
        index = -1 if offset is None else bisect_right(starts, offset) - 1
        block = view.blocks[index] if index >= 0 else None
        return block.section[-1] if block is not None and block.section else ""

    return where


def _table(
    view: ReviewView, name: Schema, title: str, columns: tuple[Column, ...], cells: Callable[[Row], tuple[str, ...]]
) -> ShownTable:
    rows = (ShownRow(row["record_id"], cells(row), hooks_of(row["record_id"], row)) for row in view.tables[name])
    return ShownTable(name, title, columns, tuple(rows))


def _kept(row: Mapping[str, object], name: str) -> str | None:
    value = row.get(name)
    return str(value) if value is not None else None


def _choice(name: str, value: str, names: Mapping[str, str]) -> str:
    if name == "study":
        return _study(value)
    if name == "endpoint" and value in names and names[value].casefold() != value.casefold() and value != "OTHER":
        return f"{value} – {names[value]}"
    return "other outcomes" if (name, value) == ("endpoint", "OTHER") else value


def _study(study: str | None) -> str:
    """`[5]` for `ref:5`."""
    if study is None:
        return ""
    return f"[{study.removeprefix('ref:')}]" if study.startswith("ref:") else study


def evidence_of(view: ReviewView, units: Callable[[int], int]) -> dict[str, list[list[object]]]:
    """For the page's script: of each record its fields with start, end (UTF-16) and, on pages, boxes."""
    found: dict[str, list[list[object]]] = {}
    for row in view.tables["evidence"]:
        entry: list[object] = [row["field"], units(row["start"]), units(row["end"])]
        if row["boxes"]:
            entry.append([[_short(number) for number in box] for box in row["boxes"]])
        found.setdefault(row["record_id"], []).append(entry)
    return found


def records_of(rows: Iterable[Row], leave: Sequence[str]) -> dict[str, dict[str, object]]:
    """For the page's script: the filled fields of each record, as printed."""
    return {
        row["record_id"]: {
            name: value for name, value in row.items() if name not in leave and value not in (None, [], ())
        }
        for row in rows
    }


def _short(number: float) -> float | int:
    return int(number) if number == int(number) else round(number, 1)
