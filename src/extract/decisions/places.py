"""Where a row of the machine stands in the text, and the anchor that a decision on it keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from extract.decisions.entries import CONTEXT, TABLE_NAMES, Anchor, Row, TableName
from extract.document import CharSpan
from extract.records import Schema

# The fields whose evidence says where a row stands, the first that is filled and printed as the row's quote.
_PLACING: Mapping[TableName, tuple[str, ...]] = {
    "outcomes": ("value", "low", "endpoint", "n"),
    "dosing": ("value", "low"),
    "trials": ("id", "registry_ids", "aliases"),
}
# What tells rows at one place apart.
KEYS: Mapping[TableName, tuple[str, ...]] = {
    "outcomes": ("endpoint", "statistic", "value", "low", "high", "n", "arm", "timepoint"),
    "dosing": ("value", "low", "high", "unit"),
    "trials": ("id", "registry_ids"),
    "mentions": ("label",),
}


class PlacedRow(NamedTuple):
    """A row of the machine with its place, None where it has none."""

    table: TableName
    row: Row
    place: CharSpan | None


def place_of(table: TableName, row: Row, evidence: Sequence[Row]) -> CharSpan | None:
    """Where a row stands; `evidence` are the rows of that table which belong to it, None where they do not say."""
    if table == "mentions":
        return CharSpan(row["start"], row["end"])
    quote = row.get("quote")
    pieces = [piece for piece in evidence if quote is None or piece["quote"] == quote] or evidence
    named = [piece for name in _PLACING[table] for piece in pieces if piece["field"] == name]
    if table == "trials":  # its first mention
        named = sorted(named, key=lambda piece: (_PLACING["trials"].index(piece["field"]), piece["start"]))
    return next((CharSpan(piece["start"], piece["end"]) for piece in [*named, *pieces]), None)


def placed_rows(tables: Mapping[Schema, Sequence[Row]]) -> list[PlacedRow]:
    """The rows of a document that people decide on, in the order of tables and rows; `tables` holds the evidence."""
    evidence: defaultdict[str, list[Row]] = defaultdict(list)
    for piece in tables.get("evidence", ()):
        evidence[piece["record_id"]].append(piece)
    return [
        PlacedRow(table, row, place_of(table, row, evidence[row["record_id"]] if table != "mentions" else ()))
        for table in TABLE_NAMES
        for row in tables.get(table, ())
    ]


def row_id(table: TableName, row: Row) -> str:
    """The id of a row of the machine."""
    return str(row["mention_id" if table == "mentions" else "record_id"])


def find_placed(tables: Mapping[Schema, Sequence[Row]], table: TableName, record_id: str) -> PlacedRow | None:
    """The machine's row of that id in a document."""
    return next((each for each in placed_rows(tables) if each.table == table and row_id(*each[:2]) == record_id), None)


def anchor_row(text: str, placed: PlacedRow) -> Anchor:
    """The anchor of a row of the machine."""
    key = {name: placed.row[name] for name in KEYS[placed.table]}
    if placed.place is None:
        return Anchor(0, 0, "", key=key)
    return anchor_at(text, *placed.place, key=key)


def anchor_at(text: str, start: int, end: int, *, key: Row | None = None) -> Anchor:
    """The anchor of `text[start:end]`, such as a selection; white space at its ends is left out."""
    quote = text[start:end]
    start += len(quote) - len(quote.lstrip())
    quote = quote.strip()
    end = start + len(quote)
    before, after = text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT]
    starts = [found + len(before) for found in find_all(text, before + quote + after)] if quote else [start]
    return Anchor(start, end, quote, before, after, nth=starts.index(start), of=len(starts), key=key or {})


def find_all(text: str, needle: str) -> Iterator[int]:
    """Where a text occurs, overlapping ones as well."""
    found = text.find(needle)
    while found >= 0:
        yield found
        found = text.find(needle, found + 1)


def in_text_order(spans: Iterable[CharSpan | None]) -> list[int]:
    """Indices of spans in the order of the text, those without a place last, equal ones in the order given."""
    ordered = list(spans)
    return sorted(range(len(ordered)), key=lambda at: (ordered[at] is None, ordered[at] or (0, 0)))
