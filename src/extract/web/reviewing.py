"""A review as somebody works on it: its rows with what was decided, for the page and for its script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from extract.decisions.entries import TABLE_NAMES, Author, Decision, Role, TableName
from extract.decisions.fields import differing, settable
from extract.decisions.folding import fold
from extract.decisions.reviewed import ReviewedRow, Status
from extract.decisions.store import Decisions
from extract.records import PROMISED
from extract.sinks.html import attributes
from extract.sinks.html.forest import forest_plots, left_out
from extract.sinks.html.offsets import Utf16
from extract.sinks.html.rows import (
    DOSING_COLUMNS,
    FILTERS,
    OUTCOME_COLUMNS,
    Column,
    ShownRow,
    ShownTable,
    dosing_cells,
    outcome_cells,
    place_at,
)
from extract.sinks.html.views import ReviewView, Row
from extract.web.forms import LABEL_FIELDS

TITLES: Mapping[TableName, str] = {"outcomes": "Results", "dosing": "Doses", "trials": "Trials", "mentions": "Words"}
STATUSES: tuple[Status, ...] = ("open", "accepted", "corrected", "rejected", "added", "disputed")
_STATUS = Column("", "status")
_COLUMNS: Mapping[TableName, tuple[Column, ...]] = {
    "outcomes": (_STATUS, *OUTCOME_COLUMNS),
    "dosing": (_STATUS, *DOSING_COLUMNS),
    "trials": (
        _STATUS,
        Column("", "id"),
        Column("Trial", "name"),
        Column("Other names", "words"),
        Column("Registered as", "study"),
        Column("Phase", "short"),
        Column("People", "short"),
        Column("Where", "where"),
    ),
    "mentions": (
        _STATUS,
        Column("", "id"),
        Column("Words", "name"),
        Column("Label", "short"),
        Column("What", "words"),
        Column("Where", "where"),
    ),
}
_DRAFT: Row = {"record_id": "", "document_id": "", "quote": "", "confidence": "stated", "rule": ""}


def key_of(row: ReviewedRow) -> str:
    """The id of a row on the page: the machine's, else `p` and the number of its subject."""
    return row.record_id or f"p{row.subject_id}"


@dataclass(frozen=True, slots=True)
class Worklist:
    """The rows of a review as one person sees them."""

    view: ReviewView
    rows: tuple[ReviewedRow, ...]
    author: Author
    version: str

    @classmethod
    def open(cls, view: ReviewView, log: Decisions, author: Author) -> Worklist:
        """The rows as they stand: for a reviewer with the own decisions alone, for an adjudicator with everyone's."""
        document_id = view.document_id
        history = log.history(document_id)
        subjects = log.subjects(document_id)
        if author.role == "reviewer":
            rows = fold(view.tables, view.text, subjects, history, reviewer=author.reviewer)
            history = [each for each in history if each.author == author]
        else:
            rows = fold(view.tables, view.text, subjects, history, finished=log.finished(document_id))
        kept = tuple(each for each in rows if each.table != "mentions" or each.row["label"] in PROMISED)
        return cls(view, kept, author, _version(history))

    def find(self, table: str, key: str) -> ReviewedRow | None:
        """A row by its id on the page."""
        return next((row for row in self.rows if row.table == table and key_of(row) == key), None)

    def progress(self) -> dict[str, dict[str, int]]:
        """By table how many rows there are and how many need nothing more."""
        counts: dict[str, dict[str, int]] = {table: {"rows": 0, "done": 0} for table in TABLE_NAMES}
        for row in self.rows:
            counts[row.table]["rows"] += 1
            counts[row.table]["done"] += row.status not in ("open", "disputed")
        return counts

    def tables(self) -> dict[str, ShownTable]:
        """The lists of the page."""
        where = place_at(self.view)
        return {
            table: ShownTable(
                table,
                TITLES[table],
                _COLUMNS[table],
                tuple(_shown(row, where) for row in self.rows if row.table == table),
            )
            for table in TABLE_NAMES
        }

    def plots(self) -> dict[str, Any]:
        """The forest plots of what stands: with the corrections, without the rejected rows."""
        rows = [
            {**row.row, **_named(row), "record_id": key_of(row)}
            for row in self.rows
            if row.table == "outcomes" and row.status != "rejected"
        ]
        plots = forest_plots(rows)
        return {"plots": plots, "left_out": left_out(rows, plots)}

    def values(self, rows: Sequence[ReviewedRow]) -> list[dict[str, Any]]:
        """Rows for the page's script."""
        units, where = Utf16(self.view.text).units, place_at(self.view)
        return [self._value(row, units, where) for row in rows]

    def decided(self) -> list[ReviewedRow]:
        """The rows that anything was ever decided on: the others are as the machine made them."""
        return [row for row in self.rows if row.subject_id is not None]

    def _value(self, row: ReviewedRow, units: Callable[[int], int], where: Where) -> dict[str, Any]:
        shown = _shown(row, where)
        columns = settable(row.table)
        said: dict[str, Any] = {
            "key": key_of(row),
            "table": row.table,
            "status": row.status,
            "cells": shown.cells,
            "hooks": {f"data-{name}": row.row.get(name) for name in FILTERS if row.row.get(name) is not None},
            "fields": {name: row.row.get(name) for name in columns},
            "base": row.base_of(*self.author),
            "quote": row.row.get("quote", ""),
            "span": None if row.start is None or row.end is None else [units(row.start), units(row.end)],
            "remark": _remark(row),
        }
        if row.machine is not None:
            said["machine"] = {name: row.machine.get(name) for name in columns}
        if self.author.role == "adjudicator":
            said["others"] = [_said_by(each, row) for each in _in_turn(row)]
            said["adjudicated"] = row.is_adjudicated
        return said


Where = Callable[[int | None], str]


def _shown(row: ReviewedRow, where: Where) -> ShownRow:
    key = key_of(row)
    hooks: Markup = attributes(
        {"data-record": key, "data-status": row.status}
        | {f"data-{name}": _text(row.row.get(name)) or None for name in FILTERS}
    )
    return ShownRow(key, (row.status, key, *_cells(row, where)), hooks)


def _cells(row: ReviewedRow, where: Where) -> tuple[str, ...]:
    """The cells of a row behind its status and its id."""
    place, said = where(row.start), row.row
    if row.machine is not None and said.get("page_number") is not None:
        place = f"p. {said['page_number']}"
    if row.table == "outcomes":
        return (*outcome_cells({**said, **_named(row)}, lambda _: place)[1:],)
    if row.table == "dosing":
        return (*dosing_cells({**said, **_named(row)}, lambda _: place)[1:],)
    if row.table == "trials":
        names, numbers = "; ".join(said["aliases"]), ", ".join(said["registry_ids"])
        return (_text(said["id"]), names, numbers, _text(said["phase"]), _text(said["enrolled"]), place)
    about = [_text(said.get(name)) for name in LABEL_FIELDS.get(said["label"], ()) if said.get(name) is not None]
    return (" ".join(said["quote"].split()), said["label"].lower().replace("_", " "), " · ".join(about), place)


def _named(row: ReviewedRow) -> Row:
    """What the program fills of a row, which one that a person added lacks."""
    return {name: value for name, value in _DRAFT.items() if row.row.get(name) is None}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _in_turn(row: ReviewedRow) -> list[Decision]:
    """The reviewers' decisions by their names."""
    found = [each for each in row.decisions.values() if each.role == "reviewer"]
    return sorted(found, key=lambda each: each.reviewer)


def _said_by(decision: Decision, row: ReviewedRow) -> dict[str, Any]:
    """What one reviewer made of a row."""
    return {
        "reviewer": decision.reviewer,
        "action": decision.action,
        "fields": {name: decision.row.get(name) for name in settable(row.table)},
        "differs": differing(row.table, row.machine or {}, decision.row) if decision.action != "reject" else [],
    }


def _remark(row: ReviewedRow) -> str:
    """What a person should know of a row that another run of the program changed."""
    if row.lost_place:
        return "These words are not in the text any more; the decision is kept."
    if row.lost_row:
        return "The program does not find this row any more; the decision is kept."
    if row.machine_changed:
        return "The program reads this row otherwise than when it was decided on."
    return ""


def _version(history: Sequence[Decision]) -> str:
    """Tells whether anything was decided, or taken back, since."""
    last = history[-1].decision_id if history else 0
    return f"{last}.{len(history)}.{sum((at + 1) * each.is_undone for at, each in enumerate(history))}"


def author_of(reviewer: str, role: str) -> Author:
    """Who decides; anything but `adjudicator` is a reviewer."""
    known: Role = "adjudicator" if role == "adjudicator" else "reviewer"
    return Author(reviewer, known)
