"""Small reviews with rows of the machine, made from marked text, and people who decide on them."""

from __future__ import annotations

import re
import weakref
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from extract.decisions.entries import Decision, Row, TableName
from extract.decisions.fields import empty_row
from extract.decisions.folding import fold
from extract.decisions.places import anchor_at, anchor_row, find_placed
from extract.decisions.reviewed import ReviewedRow
from extract.decisions.store import Decisions

MARK = re.compile(r"\[(?P<table>outcome|dose|trial|mention) (?P<quote>[^\]|]*)(?:\|(?P<fields>[^\]]*))?\]")
TABLES: Mapping[str, TableName] = {"outcome": "outcomes", "dose": "dosing", "trial": "trials", "mention": "mentions"}
PREFIX = {"outcomes": "o", "dosing": "d", "trials": "t", "mentions": "m"}
DEFAULTS: Mapping[TableName, dict[str, Any]] = {
    "outcomes": {"endpoint": "OS", "endpoint_text": "survival", "statistic": "percent", "unit": "%"},
    "dosing": {"unit": "mg"},
    "trials": {},
    "mentions": {"label": "ENDPOINT", "code": "OS"},
}
Tables = dict[str, list[dict[str, Any]]]


def make(marked: str, *, document_id: str = "review") -> tuple[str, Tables]:
    """Text and tables of `Survival was [outcome 66%|arm=placebo].`: a row a mark, its fields behind the bar.

    Several rows at one place: `[outcome 66%|arm=a][outcome +|arm=b]`, where `+` stands for the same words.
    """
    text, position = "", 0
    tables: Tables = {"outcomes": [], "dosing": [], "trials": [], "mentions": [], "evidence": []}
    start = end = 0
    for match in MARK.finditer(marked):
        text += marked[position : match.start()]
        position = match.end()
        if match["quote"] != "+":
            start, end = len(text), len(text) + len(match["quote"])
            text += match["quote"]
        fields = dict(pair.split("=") for pair in match["fields"].split(",")) if match["fields"] else {}
        _enter(tables, TABLES[match["table"]], text, (start, end), fields, document_id)
    return text + marked[position:], tables


def _enter(
    tables: Tables, table: TableName, text: str, place: tuple[int, int], fields: dict[str, str], document_id: str
) -> None:
    quote = text[slice(*place)]
    row = {**empty_row(table), "document_id": document_id, **DEFAULTS[table]}
    number = f"{PREFIX[table]}{len(tables[table]) + 1}"
    if table == "mentions":
        tables[table].append({**row, "mention_id": number, "quote": quote, "start": place[0], "end": place[1]} | fields)
        return
    row["record_id"] = number
    if table == "trials":
        row["id"] = quote
    else:
        row |= {"quote": quote, "confidence": "stated", "rule": "made", "value": re.sub(r"[^\d.]", "", quote)}
    named: dict[str, Any] = dict(fields)
    if "n" in named:
        named |= {"n": int(named["n"]), "value": None, "statistic": "count", "unit": None}
    if "registry_ids" in named:
        named["registry_ids"] = named["registry_ids"].split("+")
    tables[table].append(row | named)
    field = "id" if table == "trials" else "value"
    piece = {**empty_row("evidence"), "document_id": document_id, "record_id": number, "field": field}
    tables["evidence"].append({**piece, "start": place[0], "end": place[1], "quote": quote})


class Desk:
    """A review, the log of decisions on it, and what people do."""

    def __init__(self, folder: Path, marked: str) -> None:
        ticks = count(1)
        self.log = Decisions(folder, now=lambda: f"2026-01-01T00:00:{next(ticks):02d}+00:00")
        weakref.finalize(self, self.log.close)
        self.document_id = "review"
        self.read(marked)

    def read(self, marked: str) -> None:
        """The program runs again and finds this."""
        self.text, self.tables = make(marked)

    def decide(self, who: str, action: str, record_id: str, *, base: int | None = None, **fields: Any) -> Decision:
        """What a person decides on a row of the machine, by its id; `who` may be `adjudicator NAME`."""
        *role, name = who.split()
        table = next(table for table, prefix in PREFIX.items() if prefix == record_id[0])
        placed = find_placed(self.tables, table, record_id)
        assert placed is not None
        at = (role or ["reviewer"])[0]
        row = self.row(record_id, **({"reviewer": name} if at == "reviewer" else {}))
        return self.log.decide(
            self.document_id,
            placed.table,
            reviewer=name,
            role=at,
            action=action,
            subject=row.subject_for(name, at),
            anchor=anchor_row(self.text, placed),
            row=placed.row,
            fields=fields or None,
            base=row.base_of(name, at) if base is None else base,
        )

    def add(self, who: str, table: TableName, words: str, **fields: Any) -> Decision:
        """A person adds a row by selecting words; those of an outcome are its value."""
        *role, name = who.split()
        start = self.text.index(words)
        return self.log.decide(
            self.document_id,
            table,
            reviewer=name,
            role=(role or ["reviewer"])[0],
            action="add",
            anchor=anchor_at(self.text, start, start + len(words)),
            fields={**DEFAULTS[table], **fields},
        )

    def fold(self, **options: Any) -> list[ReviewedRow]:
        """What stands."""
        subjects, history = self.log.subjects(self.document_id), self.log.history(self.document_id)
        return fold(self.tables, self.text, subjects, history, **options)

    def row(self, record_id: str, **options: Any) -> ReviewedRow:
        """What stands of a row of the machine."""
        return next(each for each in self.fold(**options) if each.record_id == record_id)

    def states(self, **options: Any) -> list[tuple[str | None, str]]:
        """The id and the status of each row."""
        return [(each.record_id, each.status) for each in self.fold(**options)]


def values(rows: Sequence[ReviewedRow], column: str) -> list[Any]:
    """A column of the rows as they stand."""
    return [each.row[column] for each in rows]


def row_of(tables: Mapping[str, Sequence[Row]], table: str, number: int = 0) -> Row:
    """A row of the machine."""
    return tables[table][number]
