"""What a table as a whole says: its caption and legend, whether its rows are outcomes, whether it is of baselines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from extract.components import document_of
from extract.document import Block, BlockKind, CharSpan, Document
from extract.linking import Marks
from extract.linking.table_headers import IDENTITY, Frame, Role, Row
from extract.linking.table_words import Outcome, Words
from extract.patterns import lazy_regex

_BASELINE = lazy_regex(
    r"\bbaseline\b|\bdemographics?\b|\b(?:patients?'?|participants?'?|subjects?'?|clinical|disease|population|cohort|donor|transplant)\s"
    r"(?:and\s\w+\s)?characteristics\b|\bcharacteristics\sof\s(?:the\s)?(?:\w+\s)?(?:patients|participants|subjects|population|cohort|"
    r"children|women|men)\b|\bcomorbidit\w+|\b(?:inclusion|exclusion|eligibility)\s(?:and|criteria)\b|\bsearch\sstrateg|\brisk\sof\sbias\b|"
    r"\bpharmacokinetic",
    re.IGNORECASE,
)
_RESULTS = lazy_regex(
    r"\b(?:outcomes?|results?|efficacy|responses?|survival|adverse|toxicit\w+|safety|mortality|effects?|change)\b",
    re.IGNORECASE,
)
_CORNER_BASELINE = lazy_regex(r"\b(?:baseline|characteristics?|demographics?)\b", re.IGNORECASE)
_DECLARED = lazy_regex(
    r"\b(?:outcomes?|efficacy|end\s?-?points?|results?|responses?|adverse|toxicit\w+|side\seffects?|safety|complications?|AEs?)\b",
    re.IGNORECASE,
)
_EVENTS = lazy_regex(r"\b(?:adverse|toxicit\w+|side\seffects?|complications?|AEs?)\b", re.IGNORECASE)
_PAIR = lazy_regex(r"(?P<n>\d{1,6})\s?/\s?(?P<total>\d{1,6})")
_CAUSES = lazy_regex(r"\bcauses?\sof\s(?P<death>deaths?|mortality)\b", re.IGNORECASE)
_LEGEND_SAYS = lazy_regex(
    r"\b(?:values?|data|results?|numbers|figures|entries|estimates)\s(?:are|were)\b[^.;]{0,60}", re.IGNORECASE
)
MAX_LEGEND = 400  # characters of a legend that can say what figures are
ORIENTED = 0.5  # share of rows whose label names an outcome


@dataclass(slots=True)
class Setting:
    """A table's frame with the words around it."""

    marks: Marks
    frame: Frame
    caption: CharSpan | None
    outer: list[Words]
    causes: CharSpan | None
    baseline: bool
    by_row: bool
    titled: Outcome | None  # the one outcome of the caption
    only: Outcome | None  # the one outcome of the caption or the headers
    declared: bool  # said to list outcomes or adverse events
    ratios: bool  # whether `4/8` can be 4 of 8: no cell has more above than below


def read_setting(marks: Marks, block: Block) -> Setting:
    """The setting of a table block."""
    assert block.table is not None
    frame = Frame(marks, block.table)
    caption, legend = _around(marks, block)
    cells = [row.cells[0] for row in frame.rows if row.kind == "header"]
    corner = [cell.span for cell in cells if cell.column == 0 and cell.span.end > cell.span.start]
    outer = [frame.words(span) for span in (*corner, caption, legend) if span is not None]
    causes = _causes(marks, [span for span in (caption, *corner) if span is not None])
    said = " ".join(marks.text[slice(*words.span)] for words in outer)
    declared = _DECLARED.search(said) is not None
    by_row = causes is not None or _is_by_row(frame, declared=_EVENTS.search(said) is not None)
    title = marks.text[slice(*caption)] if caption is not None else " ".join(block.section[-1:])
    named = "" if caption is not None else " ".join(frame.text(span) for span in corner)
    baseline = bool(_BASELINE.search(title) or _CORNER_BASELINE.search(named)) and not _RESULTS.search(title)
    headed = [words.outcome for span in frame.header_spans() if (words := frame.words(span)).outcome]
    codes = frozenset(outcome.code for outcome in headed if outcome)
    only = headed[0] if len(codes) == 1 else None
    titled = _of_caption(marks, frame, caption)
    if titled is not None and (not codes or titled.code in codes):
        only = titled
    return Setting(marks, frame, caption, outer, causes, baseline, by_row, titled, only, declared, _has_ratios(frame))


def _around(marks: Marks, block: Block) -> tuple[CharSpan | None, CharSpan | None]:
    """The caption right before a table, and the words of its legend that say what figures are."""
    document = document_of(marks.doc)
    table = block.table
    caption = table.caption if table is not None else None
    if document is None:
        return caption, None
    index = bisect_left(document.blocks, block.span.start, key=lambda each: each.span.start)
    before = document.blocks[index - 1] if index else None
    if caption is None and before is not None and before.kind is BlockKind.CAPTION:
        caption = before.span
    return caption, _legend(document, index)


def _legend(document: Document, index: int) -> CharSpan | None:
    """The words of the legend or footnote below a table that say what its figures are."""
    for block in document.blocks[index + 1 : index + 3]:
        end = min(block.span.end, block.span.start + MAX_LEGEND)
        match = _LEGEND_SAYS.search(document.text, block.span.start, end)
        if block.kind not in {BlockKind.LEGEND, BlockKind.FOOTNOTE} and not (
            block.kind is BlockKind.PARAGRAPH and match is not None and match.start() == block.span.start
        ):
            break
        if match is not None:
            return CharSpan(*match.span())
    return None


def _causes(marks: Marks, spans: Sequence[CharSpan]) -> CharSpan | None:
    """Where the table is said to list causes of death."""
    matches = (_CAUSES.search(marks.text, *span) for span in spans)
    return next((CharSpan(*match.span("death")) for match in matches if match), None)


def _of_caption(marks: Marks, frame: Frame, caption: CharSpan | None) -> Outcome | None:
    """The outcome of a caption that names one only."""
    if caption is None or len({mark.value.code for mark in marks.inside("endpoints", *caption)}) != 1:
        return None
    return frame.words(caption).outcome


def _has_ratios(frame: Frame) -> bool:
    pairs = (_PAIR.fullmatch(frame.text(cell.span)) for row in frame.rows if row.kind == "body" for cell in row.cells)
    return all(int(pair["n"]) <= int(pair["total"]) for pair in pairs if pair)


def _is_by_row(frame: Frame, *, declared: bool) -> bool:
    """Whether the rows are outcomes: the labels of most rows name one, or the table or first column is said to."""
    roles = [frame.role(column) for column in range(frame.table.n_columns)]
    if "study" in roles or (roles and roles[0] in IDENTITY):
        return False
    rows = [row for row in frame.rows if row.kind == "body"]
    named = sum(_names_outcome(frame, row, roles) for row in rows)
    if not rows or named >= ORIENTED * len(rows) or roles[0] == "outcome":
        return bool(rows)
    headed = any(frame.words(span).outcome for span in frame.header_spans() if frame.text(span))
    return declared and roles[0] == "stub" and not headed and not any(_names_study(frame, row) for row in rows)


def _names_study(frame: Frame, row: Row) -> bool:
    stub = row.cells[0].span
    return any(frame.marks.inside(name, *stub) for name in ("trials", "registry_ids", "citations"))


def _names_outcome(frame: Frame, row: Row, roles: Sequence[Role]) -> bool:
    labels = (cell for cell in row.cells if roles[cell.column] in {"stub", "outcome"})
    return any(frame.marks.inside("endpoints", *cell.span) for cell in labels)
