"""Endpoints of tables: headers and stubs of columns and rows with values, and cells with sentences."""

from __future__ import annotations

import re

from extract.components import Zone
from extract.components.endpoint_context import Numbers, outcomes_of
from extract.components.endpoint_names import Concept, Lookup
from extract.components.phrases import Hit
from extract.document import Cell, Table

BASELINE = re.compile(
    r"\b(?:baseline|characteristics?|demographics?|comorbidit\w+|risk\sfactors|included\sstudies|study\sdesigns?|"
    r"eligibility|definitions?)\b",
    re.IGNORECASE,
)
_OUTCOME_COLUMN = re.compile(r"\b(?:outcomes?|end\s?-?points?|measures?)\b", re.IGNORECASE)
# Tables whose rows are adverse events, and what shows that the rows are something else.
_EVENT_TABLE = re.compile(
    r"\b(?:adverse|toxicit\w+|side\seffects?|safety|complications?|causes?\sof\sdeath|tolerability)\b", re.IGNORECASE
)
_NOT_EVENTS = re.compile(
    r"\b(?:baseline|characteristics|demographics?|trials?|stud(?:y|ies)|authors?|references?|consortium|regimens?|agents?|drugs?|treatments?|"
    r"pharmacokinetic\w*|doses?|guidelines?|criteria)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[A-Z][^\d,;:(\[*†‡§%<>≥≤=]{3,60}[^\W\d_]")
_NO_LABEL = re.compile(
    r"(?:(?:total|all|any|n|no|number|mean|median|range|yes|male|female|men|women|missing|unknown|unevaluable|not|none|other|others|p|arm|group|visit|"
    r"day|week|month|year|baseline|age|sex|mild|moderate|severe|stage|grade|patients?|subjects?|participants?|events?|related|serious|leading|"
    r"standard|probably|possibly|definitely|unlikely|unrelated|at\sleast|variable|system|class|overall|study|control|"
    r"placebo|ci|hr|or|rr)\b|[\d<>≥≤])",
    re.IGNORECASE,
)
MAX_CAPTION = 400  # characters




def in_table(lookup: Lookup, text: str, table: Table, caption: str, numbers: Numbers) -> list[Hit[Concept]]:
    """Endpoints of a table: headers and stubs of columns and rows with values, and cells with sentences."""
    outcome_table = not BASELINE.search(caption)
    valued = _valued_rows(text, table)
    labels = {0} | {
        c.column for c in table.cells if c.is_header and _OUTCOME_COLUMN.search(text[c.span.start : c.span.end])
    }
    corner = " ".join(text[slice(*cell.span)] for cell in table.cells if cell.is_header and cell.column == 0)
    found: list[Hit[Concept]] = []
    for cell in table.cells:
        hits, bound = outcomes_of(text, lookup.hits(text, *cell.span), cell.span, numbers)
        label = _row_label(text, cell, caption, corner) if not hits and valued.get(cell.row, False) else None
        if label is not None:
            found.append(label)
        for hit in hits:
            if cell.is_header:
                labelled = outcome_table and cell.column > 0
            else:
                labelled = outcome_table and cell.column in labels and valued.get(cell.row, False)
            if (
                hit.payload.kind == "named"
                or labelled
                or (hit.payload.kind == "bound" and (hit.start, hit.end) in bound)
            ):
                found.append(hit)
    return found


def _row_label(text: str, cell: Cell, caption: str, corner: str) -> Hit[Concept] | None:
    """The stub of a row of an adverse-event table that the lexicon does not know: an outcome under its own name."""
    if (
        cell.column != 0
        or cell.is_header
        or not _EVENT_TABLE.search(caption)
        or _NOT_EVENTS.search(f"{caption} {corner}")
    ):
        return None
    start, end = cell.span
    label = _LABEL.match(text, start, end)
    if label is None or _NO_LABEL.match(text, start, end):
        return None
    return Hit(label.start(), label.end(), Concept("OTHER", label[0].lower(), "bound"))


def caption_before(text: str, before: list[Zone]) -> str:
    """The words of the captions or short paragraphs right before a table."""
    return " ".join(text[zone.start : zone.end] for zone in before if zone.end - zone.start < MAX_CAPTION)


def _valued_rows(text: str, table: Table) -> dict[int, bool]:
    """Which rows have a value outside their stub."""
    rows: dict[int, bool] = {}
    for cell in table.cells:
        if cell.column > 0:
            filled = any(character.isdigit() for character in text[cell.span.start : cell.span.end])
            rows[cell.row] = rows.get(cell.row, False) or filled
    return rows
