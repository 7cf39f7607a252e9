"""Outcome links of a table: each figure with the header path, the stub, the headings between rows and the caption.

A table has its outcomes either in the rows (adverse events, results by arm) or in the headers (a row a study). Baseline
tables and columns that nothing explains give no links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from extract.document import Block, Cell, CharSpan
from extract.linking import Found, Link, Mark, Marks
from extract.linking.cells import Item, is_blank, read_cell, read_p
from extract.linking.table_arms import joined
from extract.linking.table_attached import Beside, attach
from extract.linking.table_figures import Fields, Governing, merged, read_figure
from extract.linking.table_headers import Row
from extract.linking.table_outcomes import find_outcome
from extract.linking.table_row_arms import add_arms
from extract.linking.table_setting import Setting, read_setting
from extract.linking.table_state import State
from extract.linking.table_words import Outcome, Words, times_in
from extract.patterns import lazy_regex
from extract.values import Confidence

Prose = Callable[[int, int], list[Link]]
_CAPTION_TIME = lazy_regex(r"\b(?:at|after|by|through|within)\s(?:\w+\s){0,2}$|-$", re.IGNORECASE)
_PROSE = lazy_regex(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}|[^\W\d_]{2,}\s+\d")


class StudyAt(Protocol):
    """A study with the citations that support it."""

    @property
    def study(self) -> Found | None:
        """The trial, citation or author."""

    @property
    def refs(self) -> Found | None:
        """The citation numbers."""

    @property
    def confidence(self) -> Confidence:
        """Whether it stands in the row."""


class Studies(Protocol):
    """Looks up whose result a table row reports."""

    def of_row(self, cells: Sequence[CharSpan], offset: int) -> StudyAt | None:
        """The study of the row that holds the offset."""


def link_table(marks: Marks, block: Block, studies: Studies, *, prose: Prose | None = None) -> list[Link]:
    """The outcome links of a table, row by row; `prose` links the sentences of a cell."""
    if block.table is None or block.table.n_columns < 2:
        return []
    setting = read_setting(marks, block)
    return [] if setting.baseline else _Linker(setting, studies, prose).links()


class _Linker:
    """Reads one table from its first row to its last."""

    def __init__(self, setting: Setting, studies: Studies, prose: Prose | None) -> None:
        self.setting, self.studies, self.prose = setting, studies, prose
        self.marks, self.frame = setting.marks, setting.frame
        self.state = State(setting)

    def links(self) -> list[Link]:
        """The links of all rows."""
        for row in self.frame.rows:
            if row.kind == "body":
                self._body(row)
            else:
                self.state.head(row)
                self.state.links += self._deaths(row)
        self.state.close()
        return self.state.links

    def _body(self, row: Row) -> None:
        state = self.state
        state.carry(row)
        first = len(state.links)
        beside: list[Beside] = []
        for cell in row.cells:
            role = state.role(row, cell.column)
            if is_blank(self.frame.text(cell.span)):
                continue
            if role == "comment":
                self._sentences(cell)
            elif role == "value" or (role == "size" and self._counts(row)):
                self._value(row, cell, first)
            else:
                header = next(iter(state.path(row, cell.column)), None)
                beside.append(Beside(role, cell.span, header, len(state.links)))
        attach(self.marks, state.links, first, beside)

    def _counts(self, row: Row) -> bool:
        """Whether a column `n` counts the row's outcome: no value but a percentage stands beside it."""
        if not self.setting.by_row:
            return False
        columns = [cell.column for cell in row.cells if self.state.role(row, cell.column) == "value"]
        paths = [self.state.path(row, column) for column in columns]
        return all(path and path[0].percent is not None for path in paths)

    def _value(self, row: Row, cell: Cell, first: int) -> None:
        """Link the figures of one cell."""
        items = read_cell(self.marks.text, cell.span, self.marks.inside("durations", *cell.span))
        if not items:
            self._sentences(cell)
            return
        state, path, label = self.state, self.state.path(row, cell.column), self.state.label()
        if state.at_start(path) or self._is_p_row(label, cell):
            return
        outcome = find_outcome(state, row, cell.column, path)
        if outcome is None:
            return
        state.report(outcome)
        governing = Governing(path, label, state.headings(), self.setting.outer, self.setting.ratios)
        shares = bool(self.marks.inside("percents", row.cells[0].span.start, row.cells[-1].span.end))
        items = merged(items, governing)
        for index, item in enumerate(items):
            fields = read_figure(self.marks, item, governing, outcome, shares=shares)
            if fields is not None:
                self._add_circumstances(fields, items, index, governing)
                add_arms(fields, state, items, index, path)
                self._name(fields, outcome, first)
                self._add(fields, cell, item)

    def _name(self, fields: Fields, outcome: Outcome, first: int) -> None:
        """Add the outcome; a percentage takes the count that the column before it gives for the same outcome."""
        fields["endpoint"] = Found(outcome.code, (outcome.span,))
        fields["endpoint_text"] = Found(outcome.text, (outcome.span,))
        links = self.state.links
        if len(links) > first and _is_its_count(links[-1].fields, fields):
            fields["n"] = links.pop().fields["n"]
            self.state.recent.pop()

    def _add(self, fields: Fields, cell: Cell, item: Item) -> None:
        """Add a link; a count is anchored at its outcome where that stands in its row."""
        state = self.state
        confidence = self._add_study(fields, cell, "carried" if state.carried else "stated")
        outcome = fields["endpoint"].spans[0]
        own = any(each.span.start <= outcome.start < each.span.end for each in state.labels.values())
        if "value" in fields or "low" in fields:
            anchor = (fields.get("value") or fields["low"]).spans[0]
        else:
            anchor = outcome if own and not state.carried else item.figure.span
        state.recent.append(len(state.links))
        rule = "table row" if self.setting.by_row else "table header"
        state.links.append(Link("outcomes", anchor, fields, rule, confidence))

    def _is_p_row(self, label: Words | None, cell: Cell) -> bool:
        """Give the p-value of a row of p-values to the rows above that share its outcome."""
        if label is None or not label.p_value or label.is_effect or label.outcome is not None:
            return False
        part = read_p(self.marks.text, *cell.span)
        if part is not None:
            self.state.give_p(part)
        return True

    def _add_circumstances(self, fields: Fields, items: Sequence[Item], index: int, governing: Governing) -> None:
        """Add time point and severity."""
        time = self._time(items, index, governing)
        if time is not None:
            fields["timepoint"] = time
        average = governing.statistic is not None and governing.statistic.value in {"median", "mean"}
        spoken = [words for words in governing.ordered if not (average and (words.percent or words.n_percent))]
        graded = next((words for words in spoken if words.graded), None)
        if graded is not None and graded.grade is not None:
            fields["grade"] = graded.grade

    def _time(self, items: Sequence[Item], index: int, governing: Governing) -> Found | None:
        """The time point: of the item, of its list, of a header, of the time column, of the caption."""
        marks: Sequence[Mark] = items[index].times
        if not marks and not any(item.times for item in items[:-1]):
            marks = items[-1].times
        cell = self.state.labels.get("time")
        spans = [words.span for words in governing.header if words.times]
        spans += [cell.span] if cell else []
        spans += [words.span for words in governing.ordered if words.times]
        for span in spans:
            marks = marks or times_in(self.marks, span)
        caption = self.setting.caption
        if not marks and caption is not None:
            found = self.marks.inside("durations", *caption)
            if len(found) == 1 and _CAPTION_TIME.search(self.marks.text, caption.start, found[0].start):
                marks = times_in(self.marks, caption)
        if not marks or marks[0].value.high is not None:
            return None
        return Found(marks[0].value.iso, (marks[0].span,))

    def _add_study(self, fields: Fields, cell: Cell, confidence: Confidence) -> Confidence:
        """Add the study of the heading above, else of the column or row."""
        for span in reversed(self.state.sections):
            found = _study_in(self.marks, span)
            if found is not None:
                fields.update(found)
                return confidence
        at = self.studies.of_row([], cell.span.start)
        if at is None:
            return confidence
        if at.study is not None:
            fields["study"] = at.study
        if at.refs is not None:
            fields["refs"] = at.refs
        return confidence if at.confidence == "stated" else at.confidence

    def _sentences(self, cell: Cell) -> None:
        """Link the sentences of a cell and give their links the study of the row."""
        if self.prose is None or not _PROSE.search(self.frame.text(cell.span)):
            return
        for link in self.prose(cell.span.start, cell.span.end):
            fields = dict(link.fields)
            confidence = link.confidence
            if "study" not in fields or confidence != "stated":
                fields.pop("refs", None)
                confidence = self._add_study(fields, cell, "stated")
            self.state.links.append(replace(link, fields=fields, confidence=confidence))

    def _deaths(self, row: Row) -> Iterator[Link]:
        """`Flu-TBI (n = 22/49)` over causes of death: how many died of how many."""
        for cell in row.cells if self.setting.causes is not None else ():
            words = self.frame.words(cell.span)
            n, total, span = words.size or (0, None, cell.span)
            if self.setting.causes is None or total is None:
                continue
            fields: Fields = {
                "statistic": Found("count", (span,)),
                "n": Found(n, (span,)),
                "total": Found(total, (span,)),
            }
            fields["endpoint"] = Found("DEATH", (self.setting.causes,))
            fields["endpoint_text"] = Found(self.marks.text[slice(*self.setting.causes)], (self.setting.causes,))
            if words.rest is not None:
                fields["arm"] = joined(self.marks.text, [words.rest])
            self._add_study(fields, cell, "stated")
            yield Link("outcomes", span, fields, "table header")


def _is_its_count(count: Mapping[str, Found], percent: Mapping[str, Found]) -> bool:
    """Whether a count in the column before is that of a percentage (`n` and `%` in columns of their own)."""
    if count["statistic"].value != "count" or percent["statistic"].value != "percent" or "n" in percent:
        return False
    names = ("endpoint_text", "arm", "timepoint", "grade")
    return "total" not in count and all(
        (count[name].value if name in count else None) == (percent[name].value if name in percent else None)
        for name in names
    )


def _study_in(marks: Marks, span: CharSpan) -> Fields | None:
    """The study that a heading names for the rows below it."""
    fields: Fields = {}
    trials = marks.inside("trials", *span)
    if trials:
        fields["study"] = Found(trials[0].value.trial, (trials[0].span,))
    for mark in marks.inside("citations", *span):
        if mark.value.numbers:
            fields.setdefault("study", Found(f"ref:{','.join(map(str, mark.value.numbers))}", (mark.span,)))
            fields.setdefault("refs", Found(mark.value.numbers, (mark.span,)))
    return fields or None
