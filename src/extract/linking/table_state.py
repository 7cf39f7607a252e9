"""What the rows of a table hand on to the rows below them: headers, headings, labels, the outcome of the row above."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from extract.document import Cell, CharSpan
from extract.linking import Link
from extract.linking.cells import Part
from extract.linking.figures import EFFECTS
from extract.linking.table_arms import joined
from extract.linking.table_attached import give_p
from extract.linking.table_headers import LABELS, Role, Row
from extract.linking.table_setting import Setting
from extract.linking.table_words import Outcome, Words


@dataclass(slots=True)
class State:
    """The rows read so far, as far as they govern the next one, and the links made of them."""

    setting: Setting
    headers: list[Row] = field(default_factory=list)
    sections: list[CharSpan] = field(default_factory=list)
    labels: dict[Role, Cell] = field(default_factory=dict)
    carried: frozenset[Role] = frozenset()  # labels that stand in a row above
    outcome: Outcome | None = None
    links: list[Link] = field(default_factory=list)
    recent: list[int] = field(default_factory=list)  # links of the rows that share the last outcome
    several: bool = False  # whether the study of the row has several rows
    _several: frozenset[int] = field(init=False)
    _subheader: Row | None = None
    _after_section: bool = False
    _first: int = 0  # first link of the rows that go on with one study
    _arms: list[CharSpan] = field(default_factory=list)  # arm cells of these rows

    def __post_init__(self) -> None:
        body = [row for row in self.setting.frame.rows if row.kind == "body"]
        pairs = [(first.index, second.index) for first, second in pairwise(body) if _goes_on(second)]
        self._several = frozenset(index for pair in pairs for index in pair)

    def head(self, row: Row) -> None:
        """Take in a row that heads the rows below it, or names columns anew."""
        self.close()
        if row.kind == "header":
            self.headers.append(row)
            return
        if row.kind == "subheader":
            self._subheader = row
        stub = row.cells[0]
        if stub.column == 0 and stub.span.end > stub.span.start:
            self.sections = [*(self.sections[-1:] if self._after_section else []), stub.span]
            self._after_section = True
            self.outcome, self.recent = None, []

    def carry(self, row: Row) -> None:
        """Take in the labels of a row; one with a blank first cell goes on with those of the row above."""
        labels: dict[Role, Cell] = {}
        for cell in row.cells:
            role = self.setting.frame.role(cell.column, row.width)
            if role in LABELS and cell.span.end > cell.span.start:
                labels.setdefault(role, cell)
        goes_on = _goes_on(row) and bool(self.labels)
        self.several = row.index in self._several
        if not goes_on:
            self.close()
        self.carried = frozenset(role for role in self.labels if goes_on and role not in labels)
        self.labels = {**self.labels, **labels} if goes_on else labels
        self._after_section = False
        if "arm" in labels:
            self._arms.append(labels["arm"].span)

    def close(self) -> None:
        """End the rows of one study, and give each what its rows share: the p-value, of two arms the other one."""
        if self._arms:
            self._share_p()
            self._set_against()
            self.recent = []
        self._arms, self._first = [], len(self.links)

    def _share_p(self) -> None:
        """One p-value printed in one row of several arms compares them all, unless a ratio has it."""
        group = range(self._first, len(self.links))
        printed = {self.links[index].fields["p"].spans: index for index in group if "p" in self.links[index].fields}
        if len(printed) != 1 or any(self.links[index].fields["statistic"].value in EFFECTS for index in group):
            return
        fields = self.links[next(iter(printed.values()))].fields
        for index in group:
            if self.links[index].fields["endpoint_text"].value == fields["endpoint_text"].value:
                added = {"p": fields["p"], "p_op": fields["p_op"]}
                self.links[index] = replace(self.links[index], fields={**added, **self.links[index].fields})

    def _set_against(self) -> None:
        """Of two arms, each is what a ratio in the other's row compares it with."""
        arms = {joined(self.setting.marks.text, [span]).value: span for span in self._arms}
        if len(arms) != 2:
            return
        for index in range(self._first, len(self.links)):
            fields = self.links[index].fields
            own = fields["arm"].value if "arm" in fields else None
            if fields["statistic"].value in EFFECTS and own in arms and "versus" not in fields:
                other = next(span for name, span in arms.items() if name != own)
                versus = {"versus": joined(self.setting.marks.text, [other])}
                self.links[index] = replace(self.links[index], fields={**fields, **versus})

    def path(self, row: Row, column: int) -> list[Words]:
        """The header cells above a cell, innermost first."""
        headers = [*self.headers, self._subheader] if self._subheader else self.headers
        frame = self.setting.frame
        return [frame.words(span) for span in reversed(frame.path(headers, row.width, column))]

    def role(self, row: Row, column: int) -> Role:
        """What a cell holds: what its column does, unless the row that names columns anew says it is a value."""
        role = self.setting.frame.role(column, row.width)
        if self._subheader is None or role in {"value", "comment"}:
            return role
        spans = [cell.span for cell in self._subheader.cells if cell.column == column]
        return "value" if any(self.setting.frame.words(span).is_effect for span in spans) else role

    def label(self) -> Words | None:
        """The cell that names the row: its outcome column, else its stub."""
        cell = self.labels.get("outcome") or self.labels.get("stub")
        return self.setting.frame.words(cell.span) if cell else None

    def headings(self) -> list[Words]:
        """The headings above the row, the nearest first."""
        return [self.setting.frame.words(span) for span in reversed(self.sections)]

    def at_start(self, path: list[Words]) -> bool:
        """Whether a figure is one of the start of treatment and so no outcome."""
        frame = self.setting.frame
        named = [frame.words(cell.span) for role, cell in self.labels.items() if role in {"stub", "time"}]
        return any(words.baseline and words.outcome is None for words in (*path, *named))

    def report(self, outcome: Outcome) -> None:
        """Take in the outcome that the row reports."""
        if self.outcome is None or outcome.span != self.outcome.span:
            self.recent = []
        self.outcome = outcome

    def give_p(self, part: Part) -> None:
        """Give a p-value to the links that share the outcome: to the ratios, else to all."""
        effects = [index for index in self.recent if self.links[index].fields["statistic"].value in EFFECTS]
        give_p(self.links, effects or self.recent, part)
        self.recent = []


def _goes_on(row: Row) -> bool:
    """Whether a row's first cell is blank, so that it goes on with the study of the row above."""
    filled = [cell for cell in row.cells if cell.span.end > cell.span.start]
    return bool(filled) and filled[0].column > 0
