"""Whose results a table row holds: its reference column, its trial or author, the row it continues, the caption."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from extract.document import CharSpan
from extract.linking import Marks
from extract.linking.study_cues import Cue, citation_cue
from extract.linking.study_tables import TableRow, TableRows
from extract.linking.trial_index import TrialIndex
from extract.patterns import lazy_regex

_REFERENCE = lazy_regex(r"\b(?:ref(?:erence)?s?|citations?|source|publications?)\b", re.IGNORECASE)
_STUDY = lazy_regex(r"\b(?:stud(?:y|ies)|trials?|authors?|source|publications?|protocol|acronym|name)\b", re.IGNORECASE)
_NUMBERS = lazy_regex(r"[(\[]?\s?(?P<list>\d{1,3}(?:\s?[,;-]\s?\d{1,3}){0,20})\s?[)\]]?\.?")
_AUTHOR_YEAR = lazy_regex(
    r"(?P<author>(?:(?:[Vv]an|[Vv]on|[Dd]e|[Dd]er|[Dd]i|[Ll]a)\s)*[A-ZÀ-Ž][\w'À-ž-]+)(?:\s(?:et\sal\.?|and\s[\w ]+|"
    r"&\s[\w ]+))?,?\s"
    r"[(\[]?(?P<year>(?:19|20)\d\d)[a-z]?\b"
)
MAX_SPREAD = 30  # a range of more numbers is no list of references


class Told(NamedTuple):
    """What tells the study of a row: `number` is the row that says it."""

    number: int
    trial: Cue | None = None
    citation: Cue | None = None  # of kind "author" where it is an author and year only


class TableStudies:
    """What tells the study of each table row. Built once a document."""

    def __init__(self, marks: Marks, index: TrialIndex, rows: TableRows) -> None:
        self._marks = marks
        self._index = index
        self.rows = rows
        self._references: dict[int, set[int]] = defaultdict(set)  # table -> its columns of references
        self._studies: dict[int, set[int]] = defaultdict(lambda: {0})  # table -> its columns of studies
        self._heads: dict[tuple[int, int], Cue] = {}  # table and column -> the trial that its header names
        for row in rows.rows:
            if row.is_header:
                self._read_header(row)
        self._told: list[Told] = []
        section: Told | None = None
        for number, row in enumerate(rows.rows):
            if number and rows.rows[number - 1].table != row.table:
                section = None
            told = self._own(number, row)
            filled = [cell for cell in row.cells if cell.span.end > cell.span.start]
            if len(filled) == 1 and len(row.cells) > 1 and filled[0].column == 0:
                section = told  # a row that is nothing but a heading of those below
            if told.trial is None and told.citation is None and not row.is_header:
                told = self._told[number - 1] if self._continues(row, number) else section or told
            self._told.append(told)

    def of_row(self, number: int) -> Told:
        """What tells the study of a row: the row itself, the one that it continues, the heading row above."""
        return self._told[number]

    def of_column(self, row: TableRow, offset: int) -> Cue | None:
        """The trial that the header of the column at an offset names."""
        column = row.column(offset)
        return None if column is None else self._heads.get((row.table, column))

    def of_caption(self, row: TableRow) -> Told:
        """The one trial or citation of the caption above the row's table."""
        caption = self.rows.captions[row.table]
        if caption is None:
            return Told(-1)
        trials = {cue.key: cue for cue in reversed(self._trials(caption))}
        cites = self._marked(caption)
        if len(trials) > 1 or len(cites) > 1:
            return Told(-1)
        return Told(-1, next(iter(trials.values()), None), cites[0] if cites else None)

    def _read_header(self, row: TableRow) -> None:
        for cell in row.cells:
            header = self._marks.text[cell.span.start : cell.span.end]
            if _REFERENCE.search(header):
                self._references[row.table].add(cell.column)
            if _STUDY.search(header) and cell.column <= 1:
                self._studies[row.table].add(cell.column)
            trials = {cue.key: cue for cue in self._trials(cell.span)}
            if len(trials) == 1 and cell.column:
                self._heads[row.table, cell.column] = trials.popitem()[1]

    def _continues(self, row: TableRow, number: int) -> bool:
        """Whether a row has no stub and goes on with the row before."""
        stub = row.cell(0)
        if (stub is not None and stub.end > stub.start) or not number:
            return False
        before = self.rows.rows[number - 1]
        return before.table == row.table and not before.is_header

    def _own(self, number: int, row: TableRow) -> Told:
        """What a row itself gives: the trial of its study column, its citation, a trial elsewhere."""
        if row.is_header:
            return Told(number)
        trials = self._trials(row.span)
        columns = self._studies[row.table]
        lead = [cue for cue in trials if row.column(cue.start) in columns]
        cites = self._citations(row)
        if not lead and not cites and len({cue.key for cue in trials}) == 1:
            lead = trials[:1]
        if not lead:
            return Told(number, None, cites[0] if cites else None)
        keys = tuple(dict.fromkeys(key for cue in lead for key in cue.key))
        trial = lead[0] if len(keys) == 1 else lead[0]._replace(key=keys, end=lead[-1].end)
        return Told(number, trial, cites[0] if cites else None)

    def _trials(self, span: CharSpan) -> list[Cue]:
        found = self._marks.inside("trials", *span) + self._marks.inside("registry_ids", *span)
        return [
            Cue("trial", mark.start, mark.end, (entry.id,))
            for mark in found
            if (entry := self._index.of(mark.start)) and not self._index.is_borrowed(mark)
        ]

    def _marked(self, span: CharSpan) -> list[Cue]:
        return [citation_cue(mark) for mark in self._marks.inside("citations", *span)]

    def _citations(self, row: TableRow) -> list[Cue]:
        """Citations of a row: its reference column, a cell that is nothing else, the stub, an author and year."""
        text = self._marks.text
        for cell in row.cells:
            content = text[cell.span.start : cell.span.end]
            if cell.column in self._references[row.table] and content:
                marked = self._marked(cell.span)
                numbers = _NUMBERS.fullmatch(content)
                if not marked and numbers:
                    marked = [Cue("citation", *cell.span, _expanded(numbers["list"]))]
                if marked:
                    return _merged(marked)
        columns = self._studies[row.table]
        for cell in row.cells:
            if cell.column in columns and cell.span.end > cell.span.start:
                marked = self._marked(cell.span)
                if marked:
                    return _merged(marked)
                named = _AUTHOR_YEAR.match(text, *cell.span) if cell.column in columns else None
                if named:
                    return [Cue("author", named.start("author"), named.end("year"), (named["author"], named["year"]))]
        return []


def _expanded(numbers: str) -> tuple[str, ...]:
    """The numbers of a list with its ranges expanded."""
    found: list[str] = []
    for part in re.split(r"\s?[,;]\s?", numbers):
        ends = [int(end) for end in re.split(r"\s?-\s?", part)]
        if not 0 <= ends[-1] - ends[0] <= MAX_SPREAD:
            return ()
        found.extend(map(str, range(ends[0], ends[-1] + 1)))
    return tuple(found)


def _merged(cues: list[Cue]) -> list[Cue]:
    """Several citations of one cell as one."""
    keys = tuple(dict.fromkeys(key for cue in cues for key in cue.key))
    names = tuple(dict.fromkeys(name for cue in cues for name in cue.names))
    return [cues[0]._replace(end=cues[-1].end, key=keys, names=names)]
