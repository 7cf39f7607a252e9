"""The frame of a table: its rows, the headers above each cell, the headings between rows and what each column holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from extract.document import Cell, CharSpan, Table
from extract.linking import Marks
from extract.linking.cells import is_blank, read_cell
from extract.linking.table_words import GRADE, Words, read_words
from extract.patterns import lazy_regex

RowKind = Literal["header", "section", "subheader", "body"]
Role = Literal[
    "stub",
    "study",
    "reference",
    "registry",
    "size",
    "time",
    "outcome",
    "arm",
    "weak_arm",
    "versus",
    "p",
    "interval",
    "se",
    "sd",
    "i2",
    "studies",
    "comment",
    "value",
    "none",
]
LABELS = frozenset({"stub", "study", "reference", "registry", "time", "outcome", "arm", "weak_arm", "versus"})
IDENTITY = frozenset({"study", "reference", "registry"})

_P = lazy_regex(r"\W*p(?:[\s-]?val(?:ue)?s?)?(?:\W|$)|.*\bp[\s-]?values?\b|\W*sig(?:nificance|\.)?\W*$", re.IGNORECASE)
_I2 = lazy_regex(r"\bI\s?[²2]\b|\bheterogeneity\b", re.IGNORECASE)
_P_NAME = lazy_regex(r"p[\s-]?values?\b[^\d<>=≤≥]*", re.IGNORECASE)  # stands in headers only
_INTERACTION = lazy_regex(r"\b(?:interaction|heterogeneity|trend)\b", re.IGNORECASE)
_STUDIES = lazy_regex(
    r"\W*(?:(?:no\.?|n|number|#)\s?(?:of\s)?(?:included\s)?(?:studies|trials|RCTs|cohorts|comparisons|reports)|studies,?\s?\(?n\)?|k)\W*$",
    re.IGNORECASE,
)
_REFERENCE = lazy_regex(
    r"\W*(?:refs?\.?|references?|citations?|bibliography|sources?)(?:\s?(?:no\.?|numbers?|#))?\W*$", re.IGNORECASE
)
_REGISTRY = lazy_regex(
    r"\bregist|\bidentifiers?\b|\bNCT\b|\btrial\s(?:no\.?|numbers?|ids?)\b|clinicaltrials", re.IGNORECASE
)
_STUDY = lazy_regex(
    r"\W*(?:name\sof\s)?(?:(?:first|lead|primary|clinical|included|phase\s\S+)\s)?(?:stud(?:y|ies)|trials?|authors?|consorti(?:um|a)|publications?|"
    r"reference|source|protocols?|cooperative\sgroups?|investigators?)(?!\s?(?:drugs?|designs?|arms?|populations?|periods?|types?|treatments?|"
    r"groups?|durations?|sites?|phases?|locations?|countr|size|quality|regimens?|interventions?|outcomes?|characteristics?|end))",
    re.IGNORECASE,
)
_SIZE = lazy_regex(
    r"\W*(?:total\s|overall\s)?(?:n|no\.?|nos\.?|numbers?|#|patients?|participants?|subjects?|pts|sample(?:\ssize)?|size|cases|evaluable|"
    r"randomi[sz]ed|enrolled|analy[sz]ed)(?![\w-])(?!.*(?:%|n\s?/\s?N|event))",
    re.IGNORECASE,
)
_INTERVAL = lazy_regex(r"\W*(?:\d\d\s?%?\s?)?(?:CIs?|CrI|confidence\sintervals?)(?:\W*\d\d\s?%)?\W*$", re.IGNORECASE)
_SE = lazy_regex(r"\W*(?:SEM?|standard\serrors?)\W*$")
_SD = lazy_regex(r"\W*(?:SDs?|standard\sdeviations?)\W*$")
_NONE = lazy_regex(
    r"\W*(?:median\s|mean\s|treatment\s|patients?'?\s|pt\s|study\s|trial\s)?(?:age|sex|gender|male|female|men|women|years?|period|dates?|recruitment|enrol\w*|"
    r"design|phase|country|countries|region|setting|blinding|follow[\s-]?up|durations?|dos(?:e|es|age|ing)|schedules?|risk\sof\sbias|"
    r"bias|quality|certainty|evidence|GRADE\W*$|strength|weights?|funding|sponsors?|status|inclusion|exclusion|eligib\w*|criteria|diagnos\w+|"
    r"disease|histolog\w+|type|target|mechanism|route|line|class|jadad|score\W*$|randomi[sz]ation|allocation|level)\b",
    re.IGNORECASE,
)
_TIME = lazy_regex(
    r"\W*(?:time(?:\s?-?points?|\spoints?)?|assessment(?:\stime)?|visits?(?:\swindow)?|at|evaluation\stime)\W*$",
    re.IGNORECASE,
)
_VERSUS = lazy_regex(
    r"\W*(?:comparators?|controls?(?:\s(?:arm|group|treatment))?|reference\s(?:arm|group|treatment)|versus|vs\.?|compared\s(?:with|to))\W*$",
    re.IGNORECASE,
)
_OUTCOME = lazy_regex(
    r"\b(?:outcomes?|end\s?-?points?|measures?|adverse|AEs?|toxicit\w+|side\seffects?|complications?|events?|parameters?|variables?|symptoms?|"
    r"causes?|responses?|preferred\sterm)\b",
    re.IGNORECASE,
)
_ARM = lazy_regex(
    r"\b(?:arms?|treatments?|interventions?|regimens?|groups?|therap(?:y|ies)|drugs?|agents?|exposures?|subgroups?|strateg(?:y|ies)|experimental|"
    r"comparisons?|modalit(?:y|ies)|allocation|medications?)\b",
    re.IGNORECASE,
)
_WEAK_ARM = lazy_regex(
    r"\b(?:conditioning|induction|prophylaxis|donors?|grafts?|populations?|cohorts?|patients|subset|backbone|consolidation|maintenance)\b",
    re.IGNORECASE,
)
_COMMENT = lazy_regex(
    r"\b(?:comments?|remarks?|notes?|findings?|results?|conclusions?|summary|outcomes?|efficacy|safety|effects?|responses?|survival|key|main)\b",
    re.IGNORECASE,
)
_SUBHEADER_CELL = lazy_regex(r"[^\d]*$|.*\b[nN]\s?=\s?\d")
_SPEC_DIGITS = lazy_regex(r"\b\d{2}(?:\.\d)?\s?%\s?C[Ir]|\bgrades?\s?[\d≥]|\b[nN]\s?=\s?\d+", re.IGNORECASE)
MOSTLY = 0.5  # share of a column's filled cells that settles what it holds


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row from left to right, blank ones too."""

    index: int
    kind: RowKind
    cells: tuple[Cell, ...]

    @property
    def width(self) -> int:
        """The number of columns that the row spells out."""
        return self.cells[-1].column + 1


@dataclass(slots=True)
class Frame:
    """The rows of a table with what governs them; header words are read once a cell."""

    marks: Marks
    table: Table
    rows: list[Row] = field(init=False)
    _words: dict[CharSpan, Words] = field(init=False, default_factory=dict)
    _paths: dict[tuple[int, tuple[int, ...]], dict[int, tuple[CharSpan, ...]]] = field(init=False, default_factory=dict)
    _roles: dict[int, dict[int, Role]] = field(init=False, default_factory=dict)
    _widest: int = field(init=False, default=0)
    _header_widths: frozenset[int] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        by_row: dict[int, list[Cell]] = {}
        for cell in self.table.cells:
            by_row.setdefault(cell.row, []).append(cell)
        self._widest = widest = max((cells[-1].column + 1 for cells in by_row.values()), default=0)
        self.rows = []
        for index, cells in by_row.items():
            ordered = tuple(sorted(cells, key=lambda cell: cell.column))
            kind = self._kind(index, ordered, widest)
            on_top = all(row.kind == "header" for row in self.rows)
            if on_top and (kind == "subheader" or (kind == "body" and self._names_groups(ordered))):
                kind = "header"
            self.rows.append(Row(index, kind, ordered))
        self._header_widths = frozenset(row.width for row in self.rows if row.kind == "header")

    def text(self, span: CharSpan) -> str:
        """The printed words of a cell."""
        return self.marks.text[span.start : span.end]

    def words(self, span: CharSpan) -> Words:
        """What a header, stub or caption says."""
        if span not in self._words:
            self._words[span] = read_words(self.marks, span)
        return self._words[span]

    def _kind(self, index: int, cells: Sequence[Cell], widest: int) -> RowKind:
        if index < self.table.header_rows:
            return "header"
        filled = [cell for cell in cells if cell.span.end > cell.span.start]
        if len(filled) == 1 and filled[0].column == 0 and widest > 1:
            return "section"
        others = [self.text(cell.span) for cell in filled if cell.column > 0]
        named = bool(others) and all(_is_words(other) for other in others)
        sized = bool(others) and all(re.search(r"\b[nN]\s?=\s?\d", other) for other in others)
        valued = any(_P_NAME.fullmatch(other) for other in others)
        if sized or valued or (named and self._is_subheader(filled)):
            return "subheader"
        return "body"

    def _names_groups(self, cells: Sequence[Cell]) -> bool:
        """Whether a row under wide headers names their columns: words alone behind a blank stub."""
        above = self.rows[-1].cells if self.rows else ()
        wide = any(cell.span.end == cell.span.start for cell in above if cell.column > 0)
        others = [self.text(cell.span) for cell in cells if cell.column > 0 and cell.span.end > cell.span.start]
        blank = cells[0].column > 0 or cells[0].span.end == cells[0].span.start
        return wide and blank and len(others) > 1 and all(_is_words(other) and not is_blank(other) for other in others)

    def _is_subheader(self, filled: Sequence[Cell]) -> bool:
        """Whether a row inside the table without figures names columns anew: each cell says what figures are."""
        others = [cell for cell in filled if cell.column > 0]
        return all(
            self.words(cell.span).speaks or self.words(cell.span).p_value or self.words(cell.span).graded
            for cell in others
        ) and not all(is_blank(self.text(cell.span)) for cell in others)

    def path(self, headers: Sequence[Row], width: int, column: int) -> tuple[CharSpan, ...]:
        """The header cells above a column of a row of the given width, outer ones first."""
        width = self._governing_width(width)
        key = (width, tuple(row.index for row in headers))
        if key not in self._paths:
            self._paths[key] = self._columns([row for row in headers if row.width <= width], width)
        return self._paths[key].get(column, ())

    def header_spans(self) -> list[CharSpan]:
        """The header cells behind the stub."""
        return [cell.span for row in self.rows if row.kind == "header" for cell in row.cells if cell.column > 0]

    def _governing_width(self, width: int) -> int:
        """The width of the headers over a row: its own if a header row has it, else that of the whole table.

        A row printed with fewer cells than the table either leaves out blank ones at its end or has wide ones.
        """
        return width if width in self._header_widths else self._widest

    def _columns(self, headers: Sequence[Row], width: int) -> dict[int, tuple[CharSpan, ...]]:
        paths: dict[int, list[CharSpan]] = {column: [] for column in range(width)}
        for position, row in enumerate(headers):
            below = headers[position + 1] if position + 1 < len(headers) else None
            for column, span in self._spread(row, below, width).items():
                if span.end > span.start:
                    paths[column].append(span)
        return {column: tuple(path) for column, path in paths.items()}

    def _spread(self, row: Row, below: Row | None, width: int) -> dict[int, CharSpan]:
        """The header cell of one header row over each column; a cell over several columns governs all of them."""
        spans = {cell.column: cell.span for cell in row.cells}
        filled = [column for column, span in spans.items() if span.end > span.start]
        blank = any(span.end == span.start for column, span in spans.items() if column > 0)
        if row.width == width or not filled or (blank and below is not None):
            return self._filled(spans, width) if below is not None else spans
        if row.width == width - 1 and below is None and row.kind == "header" and row.index > 0:
            return {column + 1: span for column, span in spans.items()}
        if row.kind == "subheader":
            return spans
        counts = _group_widths(row.width - 1, width - 1, [] if below is None else _labels(self, below, width))
        if counts is None:
            return {0: spans[0]} if 0 in spans else {}
        governed = {0: spans[0]} if 0 in spans else {}
        column = 1
        for group, count in enumerate(counts, start=1):
            for _ in range(count):
                if group in spans:
                    governed[column] = spans[group]
                column += 1
        return governed

    def _filled(self, spans: dict[int, CharSpan], width: int) -> dict[int, CharSpan]:
        """Blank cells of an upper header row belong to the filled cell on their left."""
        starts = [column for column, span in sorted(spans.items()) if column > 0 and span.end > span.start]
        governed = {0: spans[0]} if 0 in spans else {}
        if not starts:
            return governed
        sizes = [second - first for first, second in pairwise(starts)]
        last = starts[-1] + max(sizes, default=width)
        for first, end in zip(starts, [*starts[1:], min(last, width)], strict=True):
            governed |= dict.fromkeys(range(first, end), spans[first])
        return governed

    def role(self, column: int, width: int | None = None) -> Role:
        """What a column holds in rows of a width (the table's by default), by its header and by its cells."""
        width = self._governing_width(self._widest if width is None else width)
        if width not in self._roles:
            self._roles[width] = self._find_roles(width)
        return self._roles[width].get(column, "value")

    def _find_roles(self, width: int) -> dict[int, Role]:
        headers = [row for row in self.rows if row.kind == "header"]
        body = [row for row in self.rows if row.kind == "body" and self._governing_width(row.width) == width]
        columns: dict[int, list[CharSpan]] = {column: [] for column in range(width)}
        for row in body:
            for cell in row.cells:
                if not is_blank(self.text(cell.span)):
                    columns[cell.column].append(cell.span)
        return {
            column: self._role(column, self.path(headers, width, column), cells) for column, cells in columns.items()
        }

    def _role(self, column: int, path: Sequence[CharSpan], cells: Sequence[CharSpan]) -> Role:
        header = self.text(path[-1]) if path else ""
        figures = self._share(cells, self._is_figure) >= MOSTLY if cells else True
        plain = self._plain_role(header, path, figures=figures)
        if plain is not None:
            return plain
        timed = bool(cells) and self._share(cells, self._is_time) >= MOSTLY
        if timed and column > 0:
            return (
                "time" if _TIME.match(header) or re.search(r"end\s?-?point|time|assess|visit", header, re.I) else "none"
            )
        if column == 0:
            return self._stub_role(header)
        says_value = any(self.words(span).outcome or self.words(span).is_effect for span in path)
        if figures:
            unheaded = not says_value and not self.words(path[-1]).size if path else False
            return "none" if unheaded and _NONE.match(header) else "value"
        for role, pattern in (
            ("versus", _VERSUS),
            ("none", _NONE),
            ("outcome", _OUTCOME),
            ("arm", _ARM),
            ("weak_arm", _WEAK_ARM),
            ("comment", _COMMENT),
        ):
            if pattern.search(header) if role not in {"versus", "none"} else pattern.match(header):
                return self._comment_or(role, cells)  # type: ignore[arg-type]
        return "comment" if says_value else ("outcome" if not header and column == 1 else "none")

    def _comment_or(self, role: Role, cells: Sequence[CharSpan]) -> Role:
        """A column of outcomes whose cells hold figures in words is one of sentences."""
        if role != "outcome":
            return role
        return "comment" if self._share(cells, self._is_prose) >= MOSTLY else "outcome"

    def _plain_role(self, header: str, path: Sequence[CharSpan], *, figures: bool) -> Role | None:
        words = self.words(path[-1]) if path else None
        if words is None:
            return None
        patterns: tuple[tuple[Role, re.Pattern[str]], ...] = (
            ("p", _P),
            ("studies", _STUDIES),
            ("reference", _REFERENCE),
            ("registry", _REGISTRY),
            ("interval", _INTERVAL),
            ("se", _SE),
            ("sd", _SD),
            ("study", _STUDY),
        )
        if _P.match(header) and _INTERACTION.search(header):
            return "none"
        for role, pattern in patterns:
            if pattern.match(header) if role != "registry" else pattern.search(header):
                return role
        if _I2.search(header) and words.outcome is None:
            return "i2"
        if figures and words.outcome is None and not words.size and _SIZE.match(header):
            return "size"
        return None

    def _stub_role(self, header: str) -> Role:
        if _ARM.search(header) and not _OUTCOME.search(header):
            return "arm"
        return "outcome" if _OUTCOME.search(header) else "stub"

    def _share(self, cells: Sequence[CharSpan], test: object) -> float:
        return sum(bool(test(span)) for span in cells) / len(cells)  # type: ignore[operator]

    def _is_figure(self, span: CharSpan) -> bool:
        if self.marks.inside("doses", *span):
            return False
        return bool(read_cell(self.marks.text, span, self.marks.inside("durations", *span)))

    def _is_time(self, span: CharSpan) -> bool:
        durations = self.marks.inside("durations", *span)
        return bool(durations) and durations[0].end - durations[0].start >= (span.end - span.start) * MOSTLY

    def _is_prose(self, span: CharSpan) -> bool:
        named = bool(self.marks.inside("endpoints", *span))
        return named and any(self.marks.inside(name, *span) for name in ("percents", "counts", "statistics"))


def _is_words(text: str) -> bool:
    """Whether a cell holds no figure but a size, a level or a grade."""
    return _SUBHEADER_CELL.match(_SPEC_DIGITS.sub("", GRADE.sub("", text))) is not None


def _labels(frame: Frame, row: Row, width: int) -> list[str]:
    """The labels of a lower header row over the columns behind the stub."""
    texts = [frame.text(cell.span) for cell in row.cells]
    return texts if row.width == width - 1 else texts[1:]


def _group_widths(groups: int, columns: int, labels: Sequence[str]) -> list[int] | None:
    """How many columns each header cell spans: all alike, or those over labels that repeat; None if unclear."""
    if groups <= 0:
        return None
    if groups == columns:
        return [1] * groups
    if columns % groups == 0 and not (labels and _period(labels, columns - groups) is not None):
        return [columns // groups] * groups
    found = _period(labels, columns - groups)
    if found is None:
        return None
    start, period, repeats = found
    return [1] * start + [period] * repeats + [1] * (columns - start - period * repeats)


def _period(labels: Sequence[str], surplus: int) -> tuple[int, int, int] | None:
    """Where labels repeat so that grouping them saves `surplus` columns: start, length and number of repeats."""
    count = len(labels)
    for period in range(2, count // 2 + 1):
        if surplus % (period - 1):
            continue
        repeats = surplus // (period - 1)
        if repeats < 2 or period * repeats > count:
            continue
        for start in range(count - period * repeats + 1):
            block = labels[start : start + period]
            if all(labels[start + i * period : start + (i + 1) * period] == block for i in range(repeats)) and any(
                block
            ):
                return start, period, repeats
    return None
