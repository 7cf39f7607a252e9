"""Outcome links of a table: each figure with the header path, the stub, the headings between rows and the caption.

A table has its outcomes either in the rows (adverse events, results by arm) or in the headers (a row a study). Baseline
tables and columns that nothing explains give no links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from extract.document import Block, Cell, CharSpan
from extract.linking import Found, Link, Mark, Marks
from extract.linking.cells import Item, is_blank, read_cell, read_p
from extract.linking.results import EFFECTS
from extract.linking.table_arms import arms_of, compared, header_arms, joined, label_arm
from extract.linking.table_attached import Beside, attach, give_p
from extract.linking.table_figures import Fields, Governing, merged, read_figure
from extract.linking.table_headers import IDENTITY, LABELS, Role, Row
from extract.linking.table_setting import Setting, read_setting
from extract.linking.table_words import Outcome, Words, times_in
from extract.values import Confidence

Prose = Callable[[int, int], list[Link]]
_NO_LABEL = re.compile(
    r"\W*(?:total|all|any|n|no\.?|number|unknown|un?evaluable|not\s|none|other|missing|unavailable|patients?|subjects?|participants?|yes|"
    r"not\sassessed|withdr\w+|censored|lost\sto|loss\sto|[IVX]+[A-C]?(?!\w)|reference|ref\.?|related|probably|possibly|definitely|unlikely|unrelated|mild|moderate|severe|"
    r"(?:median\s|mean\s)?(?:age|follow-?up|dose|duration\sof\s(?:treatment|therapy|exposure|surgery|follow\S*)|exposure|cycles)|sex|"
    r"group|arm|visit)\b",
    re.IGNORECASE,
)
_CAPTION_TIME = re.compile(r"\b(?:at|after|by|through|within)\s(?:\w+\s){0,2}$|-$", re.IGNORECASE)
_PROSE = re.compile(r"[^\W\d_]{2,}\s+[^\W\d_]{2,}|[^\W\d_]{2,}\s+\d")
_AUTHOR = re.compile(r"[A-Z][\w'’-]+(?:\s(?:et\sal\.?|and\s[A-Z][\w'’-]+))?,?\s\(?(?:19|20)\d\d")


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


@dataclass(slots=True)
class _State:
    """What the rows so far hand on to the next ones."""

    headers: list[Row] = field(default_factory=list)
    subheader: Row | None = None
    sections: list[CharSpan] = field(default_factory=list)
    after_section: bool = False
    labels: dict[Role, Cell] = field(default_factory=dict)
    carried: frozenset[Role] = frozenset()
    outcome: Outcome | None = None
    left: Outcome | None = None  # of the column on the left in the same row
    links: list[Link] = field(default_factory=list)
    recent: list[int] = field(default_factory=list)  # links of the rows that share the last outcome


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
        self.state = _State()

    def links(self) -> list[Link]:
        """The links of all rows."""
        for row in self.frame.rows:
            if row.kind == "header":
                self.state.headers.append(row)
                self.state.links += self._deaths(row)
            elif row.kind == "body":
                self._body(row)
            else:
                self._heading(row)
        return self.state.links

    def _heading(self, row: Row) -> None:
        """A row that heads the rows below it, or names columns anew."""
        state = self.state
        if row.kind == "subheader":
            state.subheader = row
        stub = row.cells[0]
        if stub.column == 0 and stub.span.end > stub.span.start:
            kept = state.sections[-1:] if state.after_section else []
            state.sections = [*kept, stub.span]
            state.after_section = True
            state.outcome, state.recent = None, []

    def _body(self, row: Row) -> None:
        state = self.state
        state.after_section, state.left = False, None
        self._carry(row)
        first = len(state.links)
        beside: list[Beside] = []
        for cell in row.cells:
            role = self.frame.role(cell.column, row.width)
            if is_blank(self.frame.text(cell.span)):
                continue
            if role == "comment":
                self._sentences(cell)
            elif role == "value" or (role == "size" and self._counts(row)):
                self._value(row, cell)
            else:
                path = self._path(row, cell.column)
                header = self.frame.words(path[-1]) if path else None
                beside.append(Beside(role, cell.span, header, len(state.links)))
        part = attach(self.marks, state.links, first, beside)
        if part is not None and state.carried:
            give_p(state.links, [index for index in state.recent if index < first], part)

    def _carry(self, row: Row) -> None:
        """The labels of a row; one with a blank first cell goes on with those of the row above."""
        state = self.state
        filled = [cell for cell in row.cells if cell.span.end > cell.span.start]
        labels: dict[Role, Cell] = {}
        for cell in filled:
            role = self.frame.role(cell.column, row.width)
            if role in LABELS:
                labels.setdefault(role, cell)
        goes_on = bool(filled) and filled[0].column > 0 and bool(state.labels)
        state.carried = frozenset(role for role in state.labels if goes_on and role not in labels)
        state.labels = {**state.labels, **labels} if goes_on else labels

    def _counts(self, row: Row) -> bool:
        """Whether a column `n` counts the row's outcome: no value but a percentage stands beside it."""
        if not self.setting.by_row:
            return False
        paths = [
            self._path(row, cell.column) for cell in row.cells if self.frame.role(cell.column, row.width) == "value"
        ]
        return all(path and self.frame.words(path[-1]).percent is not None for path in paths)

    def _path(self, row: Row, column: int) -> tuple[CharSpan, ...]:
        subheaders = [self.state.subheader] if self.state.subheader else []
        return self.frame.path([*self.state.headers, *subheaders], row.width, column)

    def _label(self) -> Words | None:
        """The cell that names the row: its outcome column, else its stub."""
        cell = self.state.labels.get("outcome") or self.state.labels.get("stub")
        return self.frame.words(cell.span) if cell else None

    def _row_words(self) -> list[Words]:
        """What the cells say that name the row."""
        return [self.frame.words(cell.span) for role, cell in self.state.labels.items() if role in {"stub", "time"}]

    def _value(self, row: Row, cell: Cell) -> None:
        """Link the figures of one cell."""
        items = read_cell(self.marks.text, cell.span, self.marks.inside("durations", *cell.span))
        if not items:
            self._sentences(cell)
            return
        path = [self.frame.words(span) for span in reversed(self._path(row, cell.column))]
        label = self._label()
        sections = [self.frame.words(span) for span in reversed(self.state.sections)]
        at_start = any(words.baseline and words.outcome is None for words in (*path, *self._row_words()))
        if at_start or self._is_p_row(label, cell):
            return
        outcome = self._outcome(path, label, sections)
        if outcome is None:
            return
        state = self.state
        if state.outcome is None or outcome.span != state.outcome.span:
            state.recent = []
        state.outcome = state.left = outcome
        governing = Governing(path, label, sections, self.setting.outer, self.setting.ratios)
        shares = bool(self.marks.inside("percents", row.cells[0].span.start, row.cells[-1].span.end))
        items = merged(items, governing)
        for index, item in enumerate(items):
            fields = read_figure(self.marks, item, governing, outcome, shares=shares)
            if fields is not None:
                self._add_circumstances(fields, items, index, governing)
                self._add_arms(fields, items, index, path)
                self._add(fields, cell, item, path, outcome)

    def _add(self, fields: Fields, cell: Cell, item: Item, path: Sequence[Words], outcome: Outcome) -> None:
        """Add a link; a count is anchored at its outcome where that stands in its row."""
        state = self.state
        fields["endpoint"] = Found(outcome.code, (outcome.span,))
        fields["endpoint_text"] = Found(outcome.text, (outcome.span,))
        confidence = self._add_study(fields, cell, path, "carried" if state.carried else "stated")
        own = any(each.span.start <= outcome.span.start < each.span.end for each in state.labels.values())
        if "value" in fields or "low" in fields:
            anchor = (fields.get("value") or fields["low"]).spans[0]
        else:
            anchor = outcome.span if own and not state.carried else item.figure.span
        state.recent.append(len(state.links))
        rule = "table row" if self.setting.by_row else "table header"
        state.links.append(Link("outcomes", anchor, fields, rule, confidence))

    def _is_p_row(self, label: Words | None, cell: Cell) -> bool:
        """Give the p-value of a row of p-values to the rows above that share its outcome."""
        if label is None or not label.p_value or label.is_effect or label.outcome is not None:
            return False
        part = read_p(self.marks.text, *cell.span)
        if part is not None:
            links = self.state.links
            effects = [i for i in self.state.recent if links[i].fields["statistic"].value in EFFECTS]
            give_p(links, effects or self.state.recent, part)
        return True

    def _outcome(self, path: Sequence[Words], label: Words | None, sections: Sequence[Words]) -> Outcome | None:
        """The outcome that a cell reports."""
        header = next((words.outcome for words in path if words.outcome), None)
        section = next((words.outcome for words in sections if words.outcome), None)
        effect = any(words.is_effect for words in path)
        if self.setting.causes is not None and label is not None:
            return self._cause(label)
        if self.setting.by_row:
            if label is not None and label.outcome is not None:
                return label.outcome
            if label is None or label.is_time or (label.rest is None and label.says_how):
                return section or self.state.outcome or header or self._section_name()
            return self._own_name(label) or header
        if header is not None:
            return header
        if label is not None and label.outcome is not None:
            return label.outcome
        if (own := self._own_name(label)) is not None:
            return own
        if effect and self.state.left is not None:
            return self.state.left
        how = label is None or label.is_time or label.rest is None
        if section is not None and (effect or how or not header_arms(self.marks, path)):
            return section
        if label is not None and (label.is_time or (label.rest is None and label.says_how)):
            return self._section_name()
        return self.frame.words(self.setting.caption).outcome if self.setting.caption and effect else None

    def _section_name(self) -> Outcome | None:
        """The name of a heading over rows that say only when or in which figure it was measured."""
        words = self.frame.words(self.state.sections[-1]) if self.state.sections and self.setting.caption else None
        if words is None or words.rest is None or words.size or _NO_LABEL.match(self.frame.text(words.span)):
            return None
        return Outcome("OTHER", self.marks.text[slice(*words.rest)], words.rest)

    def _cause(self, label: Words) -> Outcome | None:
        """A cause of death: a death under the name of its cause."""
        text = self.frame.text(label.span).rstrip(" *†‡§?")
        if not text or (label.outcome is None and _NO_LABEL.match(text)):
            return None
        return Outcome("DEATH", text, CharSpan(label.span.start, label.span.start + len(text)))

    def _own_name(self, label: Words | None) -> Outcome | None:
        """The name of a row in a column of outcomes that no lexicon knows."""
        cell = self.state.labels.get("outcome")
        if cell is None and self.setting.by_row and self.setting.declared:
            cell = self.state.labels.get("stub")
        if cell is None or label is None or label.span != cell.span or label.rest is None:
            return None
        text = self.marks.text[slice(*label.rest)]
        if _NO_LABEL.match(self.frame.text(label.span)) or not re.match(r"[^\W\d_]{3}", text):
            return None
        return Outcome("OTHER", text, label.rest)

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

    def _add_arms(self, fields: Fields, items: Sequence[Item], index: int, path: Sequence[Words]) -> None:
        """Add arm and comparator: of the item, of its column, of its row."""
        text, item = self.marks.text, items[index]
        effect = fields["statistic"].value in EFFECTS
        sides = next((sides for words in path if (sides := compared(text, words))), None)
        if effect and sides is not None:
            fields["arm"], fields["versus"] = joined(text, sides[:1]), joined(text, sides[1:])
            return
        spans = [] if effect and self.setting.by_row else header_arms(self.marks, path)
        of_row, versus = self._row_arms(items, index, effect=effect)
        named = label_arm(text, item)
        if named is None:
            spans = [*spans, *of_row]
        else:
            spans = [*spans, *(of_row if self.state.carried else []), named]
        spans += self._subgroup()
        if spans:
            fields["arm"] = joined(text, spans)
        if effect and versus is not None:
            fields["versus"] = joined(text, [versus])

    def _row_arms(self, items: Sequence[Item], index: int, *, effect: bool) -> tuple[list[CharSpan], CharSpan | None]:
        """The arm and the comparator that the row's cells name for one of its items."""
        text, labels = self.marks.text, self.state.labels
        comparator = labels["versus"].span if "versus" in labels else None
        if "arm" in labels:
            arm, versus = arms_of(text, labels["arm"].span, items, index, effect=effect)
            if comparator is not None and items[index].versus and not effect:
                arm = comparator
            return ([arm] if arm else []), versus or comparator
        if "weak_arm" in labels:
            arm, _ = arms_of(text, labels["weak_arm"].span, items, index, effect=effect)
            told = len(items) > 1 and not any(item.label for item in items)
            return ([arm] if arm and (told or self.state.carried) else []), comparator
        stub = labels.get("stub")
        if stub is None or self.setting.by_row or self._is_identity(stub.span):
            return [], comparator
        words = self.frame.words(stub.span)
        return ([words.rest] if words.rest and words.outcome is None else []), comparator

    def _is_identity(self, span: CharSpan) -> bool:
        """Whether a stub names a study."""
        if any(role in self.state.labels for role in IDENTITY):
            return True
        if any(self.marks.inside(name, *span) for name in ("trials", "registry_ids", "citations")):
            return True
        return _AUTHOR.match(self.frame.text(span)) is not None

    def _subgroup(self) -> list[CharSpan]:
        """A heading with a number of people names a subgroup."""
        words = [self.frame.words(span) for span in self.state.sections]
        return [each.rest for each in words if each.size and each.rest and not each.outcome]

    def _add_study(self, fields: Fields, cell: Cell, path: Sequence[Words], confidence: Confidence) -> Confidence:
        """Add the study of the column, of the heading above or of the row."""
        for span in (*(words.span for words in path), *reversed(self.state.sections)):
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
                confidence = self._add_study(fields, cell, (), "stated")
            self.state.links.append(replace(link, fields=fields, confidence=confidence))

    def _deaths(self, row: Row) -> Iterator[Link]:
        """`Flu-TBI (n = 22/49)` over causes of death: how many died of how many."""
        for cell in row.cells if self.setting.causes is not None else ():
            words = self.frame.words(cell.span)
            if self.setting.causes is None or words.size is None or words.size[1] is None:
                continue
            n, total, span = words.size
            fields: Fields = {
                "statistic": Found("count", (span,)),
                "n": Found(n, (span,)),
                "total": Found(total, (span,)),
            }
            fields["endpoint"] = Found("DEATH", (self.setting.causes,))
            fields["endpoint_text"] = Found(self.marks.text[slice(*self.setting.causes)], (self.setting.causes,))
            if words.rest is not None:
                fields["arm"] = joined(self.marks.text, [words.rest])
            self._add_study(fields, cell, (), "stated")
            yield Link("outcomes", span, fields, "table header")


def _study_in(marks: Marks, span: CharSpan) -> Fields | None:
    """The study that a header or heading names: a column or a block of rows of one study."""
    fields: Fields = {}
    trials = marks.inside("trials", *span)
    if trials:
        fields["study"] = Found(trials[0].value.trial, (trials[0].span,))
    for mark in marks.inside("citations", *span):
        if mark.value.numbers:
            fields.setdefault("study", Found(f"ref:{','.join(map(str, mark.value.numbers))}", (mark.span,)))
            fields.setdefault("refs", Found(mark.value.numbers, (mark.span,)))
    return fields or None
