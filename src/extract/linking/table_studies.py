"""Whose results a table row holds: its reference column, its trial or author, the row that it continues, the caption."""

from __future__ import annotations

import re
from collections import defaultdict

from extract.document import CharSpan
from extract.linking import Marks
from extract.linking.study_cues import Cue, citation_cue
from extract.linking.study_tables import TableRow, TableRows
from extract.linking.trial_index import TrialIndex

_REFERENCE = re.compile(r"\b(?:ref(?:erence)?s?|citations?|source|publications?)\b", re.IGNORECASE)
_STUDY = re.compile(r"\b(?:stud(?:y|ies)|trials?|authors?|source|publications?|protocol|acronym|name)\b", re.IGNORECASE)
_NUMBERS = re.compile(r"[(\[]?\s?(?P<list>\d{1,3}(?:\s?[,;-]\s?\d{1,3}){0,20})\s?[)\]]?\.?")
_AUTHOR_YEAR = re.compile(
    r"(?P<author>(?:(?:[Vv]an|[Vv]on|[Dd]e|[Dd]er|[Dd]i|[Ll]a)\s)*[A-ZÀ-Ž][\w'À-ž-]+)(?:\s(?:et\sal\.?|and\s[\w ]+|&\s[\w ]+))?,?\s"
    r"[(\[]?(?P<year>(?:19|20)\d\d)[a-z]?\b"
)
MAX_SPREAD = 30  # a range of more numbers is no list of references


class TableStudies:
    """The trial and citation cues of each table row. Built once a document."""

    def __init__(self, marks: Marks, index: TrialIndex, rows: TableRows) -> None:
        self._marks = marks
        self._index = index
        self.rows = rows
        self._references: dict[int, set[int]] = defaultdict(set)  # table -> its columns of references
        self._studies: dict[int, set[int]] = defaultdict(set)  # table -> its columns of studies
        self._heads: dict[tuple[int, int], Cue] = {}  # table and column -> the trial that its header names
        for row in rows.rows:
            for cell in row.cells if row.is_header else ():
                header = marks.text[cell.span.start : cell.span.end]
                if _REFERENCE.search(header):
                    self._references[row.table].add(cell.column)
                if _STUDY.search(header) and cell.column <= 1:
                    self._studies[row.table].add(cell.column)
                for cue in self._trials(cell.span):
                    self._heads[row.table, cell.column] = cue

    def of_row(self, row: TableRow) -> tuple[list[Cue], list[Cue]]:
        """The trials and citations that a row itself gives, those of its first and reference columns first."""
        trials = self._trials(row.span)
        lead = [cue for cue in trials if row.column(cue.start) in self._studies[row.table] | {0}]
        if row.is_header:
            return [], []
        return lead or trials[:1], self._citations(row)

    def of_column(self, row: TableRow, offset: int) -> Cue | None:
        """The trial that the header of the column at an offset names."""
        column = row.column(offset)
        return None if column is None else self._heads.get((row.table, column))

    def of_caption(self, row: TableRow) -> tuple[list[Cue], list[Cue]]:
        """The trials and citations of the caption above the row's table."""
        caption = self.rows.captions[row.table]
        if caption is None:
            return [], []
        return self._trials(caption), self._marked(caption)

    def continued(self, row: TableRow, number: int) -> int | None:
        """The place of the row before, where this one has no stub and goes on with it."""
        stub = row.cell(0)
        if (stub is not None and stub.end > stub.start) or not number:
            return None
        before = self.rows.rows[number - 1]
        return number - 1 if before.table == row.table and not before.is_header else None

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
        columns = self._studies[row.table] | {0}
        for cell in row.cells:
            if cell.column in columns and cell.span.end > cell.span.start:
                marked = self._marked(cell.span)
                if marked:
                    return _merged(marked)
                named = _AUTHOR_YEAR.match(text, *cell.span) if cell.column in self._studies[row.table] else None
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
