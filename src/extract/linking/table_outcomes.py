"""Which outcome a figure of a table reports: by its header, its row, the heading above or the caption."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.document import CharSpan
from extract.linking.table_arms import header_arms
from extract.linking.table_headers import Row
from extract.linking.table_setting import Setting
from extract.linking.table_state import State
from extract.linking.table_words import Outcome, Words
from extract.patterns import lazy_regex

# Row labels that name no outcome.
_NO_LABEL = lazy_regex(
    r"\W*(?:total|all|any|n|no\.?|number|unknown|un?evaluable|not\s|none|other|missing|unavailable|patients?|subjects?|participants?|yes|"
    r"withdr\w+|censored|(?:loss|lost)\sto|[IVX]+[A-C]?(?!\w)|reference|ref\.?|related|probably|possibly|definitely|unlikely|unrelated|"
    r"mild|moderate|severe|(?:median\s|mean\s)?(?:age|follow-?up|dose|duration\sof\s(?:treatment|therapy|exposure|surgery|follow\S*)|"
    r"exposure|cycles)|sex|group|arm|visit)\b",
    re.IGNORECASE,
)

_ARM = lazy_regex(
    r"\b(?:arms?|groups?|placebo|controls?|comparators?|experimental|interventions?|treatments?|drugs?|standard|usual|active|sham)\b",
    re.IGNORECASE,
)


def find_outcome(state: State, row: Row, column: int, path: Sequence[Words]) -> Outcome | None:
    """The outcome that a cell reports; None where nothing names one."""
    setting, label = state.setting, state.label()
    if setting.causes is not None and label is not None:
        return _cause(setting, label)
    headed = next((words.outcome for words in path if words.outcome), None)
    return _by_row(state, label, headed) if setting.by_row else headed or _by_header(state, row, column, path, label)


def _by_row(state: State, label: Words | None, headed: Outcome | None) -> Outcome | None:
    """In a table whose rows are outcomes."""
    if label is not None and label.outcome is not None:
        return label.outcome
    if label is None or label.is_how:
        return _heading(state) or state.outcome or headed or _heading_name(state)
    return _own_name(state, label) or headed


def _by_header(state: State, row: Row, column: int, path: Sequence[Words], label: Words | None) -> Outcome | None:
    """In a table whose headers are outcomes, for a column that names none."""
    setting = state.setting
    if label is not None and (own := label.outcome or _own_name(state, label)) is not None:
        return own if _is_explained(state, path) else None
    effect = any(words.is_effect for words in path)
    if effect and (left := _left(state, row, column)) is not None:
        return setting.only or left
    heading = _heading(state)
    if heading is not None and (effect or label is None or label.rest is None or not header_arms(setting.marks, path)):
        return heading
    if label is not None and label.is_how:
        return _heading_name(state)
    told = effect or (setting.titled is None and any(words.n_percent or words.ratio for words in path))
    return setting.only if told else None


def _is_explained(state: State, path: Sequence[Words]) -> bool:
    """Whether a header over figures names no thing of its own: an effect, an arm, a time, or no more than `Result`."""
    marks = state.setting.marks
    return all(
        words.rest is None
        or words.is_effect
        or words.size
        or words.difference
        or words.change
        or words.against
        or _ARM.search(state.setting.frame.text(words.span))
        or any(marks.inside(name, *words.span) for name in ("agents", "arms"))
        for words in path[:1]
    )


def _left(state: State, row: Row, column: int) -> Outcome | None:
    """The outcome of the nearest column on the left that names one: a ratio stands behind what it compares."""
    for other in range(column - 1, 0, -1):
        outcome = next((words.outcome for words in state.path(row, other) if words.outcome), None)
        if outcome is not None:
            return outcome
    return None


def _heading(state: State) -> Outcome | None:
    return next((words.outcome for words in state.headings() if words.outcome), None)


def _heading_name(state: State) -> Outcome | None:
    """The name of a heading over rows that say only when or in which figure something was measured."""
    words = next(iter(state.headings()), None)
    if words is None or words.rest is None or words.size or state.setting.caption is None:
        return None
    if _NO_LABEL.match(state.setting.frame.text(words.span)):
        return None
    return Outcome("OTHER", state.setting.frame.text(words.rest), words.rest)


def _own_name(state: State, label: Words) -> Outcome | None:
    """The name of a row in a column or table of outcomes that no lexicon knows."""
    setting = state.setting
    cell = state.labels.get("outcome")
    if cell is None and setting.by_row and setting.declared:
        cell = state.labels.get("stub")
    if cell is None or label.span != cell.span or label.rest is None or _NO_LABEL.match(setting.frame.text(label.span)):
        return None
    text = setting.frame.text(label.rest)
    return Outcome("OTHER", text, label.rest) if re.match(r"[^\W\d_]{3}", text) else None


def _cause(setting: Setting, label: Words) -> Outcome | None:
    """A cause of death: a death under the name of its cause."""
    text = setting.frame.text(label.span).rstrip(" *†‡§?")
    if not text or (label.outcome is None and _NO_LABEL.match(text)):
        return None
    return Outcome("DEATH", text, CharSpan(label.span.start, label.span.start + len(text)))
