"""The arm and the comparator of a figure of a table: of the figure, of its column, of its row, of the heading above."""

from __future__ import annotations

from collections.abc import Sequence

from extract.document import CharSpan
from extract.linking.cells import Item
from extract.linking.figures import EFFECTS
from extract.linking.table_arms import arms_of, compared, header_arms, joined, label_arm
from extract.linking.table_figures import Fields
from extract.linking.table_headers import IDENTITY
from extract.linking.table_state import State
from extract.linking.table_words import Words
from extract.patterns import lazy_regex

_AUTHOR = lazy_regex(r"[A-Z][\w'’-]+(?:\s(?:et\sal\.?|and\s[A-Z][\w'’-]+))?,?\s\(?(?:19|20)\d\d")


MAX_WORDS = 6  # of a phrase that names one arm


def add_arms(fields: Fields, state: State, items: Sequence[Item], index: int, path: Sequence[Words]) -> None:
    """Add the arm of one item of a cell and what a ratio compares it with."""
    setting, item = state.setting, items[index]
    text, effect = setting.marks.text, fields["statistic"].value in EFFECTS
    sides = next((sides for words in path if (sides := compared(text, words))), None)
    if effect and sides is not None:
        fields["arm"], fields["versus"] = joined(text, sides[:1]), joined(text, sides[1:])
        return
    spans = [] if effect and setting.by_row else header_arms(setting.marks, path)
    of_row, versus = _row_arms(state, items, index, effect=effect)
    named = label_arm(text, item)
    if named is not None:
        of_row = [*(of_row if state.several else []), named]
    elif sides is not None and len(items) == 2 and (item.versus or not of_row):
        of_row = [sides[index]]
    spans = [*spans, *of_row, *_subgroup(state)]
    if spans:
        fields["arm"] = joined(text, spans)
    if effect and versus is not None:
        fields["versus"] = joined(text, [versus])


def _row_arms(
    state: State, items: Sequence[Item], index: int, *, effect: bool
) -> tuple[list[CharSpan], CharSpan | None]:
    """The arm and the comparator that the row's cells name for one of its items."""
    text, labels = state.setting.marks.text, state.labels
    comparator = labels["versus"].span if "versus" in labels else None
    if "arm" in labels:
        cell = labels["arm"].span
        arm, versus = (_short(state, cell, span) for span in arms_of(text, cell, items, index, effect=effect))
        if comparator is not None and items[index].versus and not effect:
            arm = comparator
        return ([arm] if arm else []), versus or comparator
    if "weak_arm" in labels:
        arm, _ = arms_of(text, labels["weak_arm"].span, items, index, effect=effect)
        told = len(items) > 1 and not any(item.label for item in items)
        told = told or (state.several and arm is not None and len(text[arm.start : arm.end].split()) <= MAX_WORDS)
        return ([arm] if arm and told else []), comparator
    stub = labels.get("stub")
    if stub is None or state.setting.by_row or _is_identity(state, stub.span):
        return [], comparator
    words = state.setting.frame.words(stub.span)
    named = words.rest is not None and words.outcome is None and not words.is_how
    return ([words.rest] if named and words.rest else []), comparator


def _short(state: State, cell: CharSpan, arm: CharSpan | None) -> CharSpan | None:
    """An arm without its dose, where the cell prints no other dose to tell it from."""
    marks = state.setting.marks
    dose = next(iter(marks.inside("doses", *arm)), None) if arm is not None else None
    if arm is None or dose is None:
        return arm
    name = marks.text[arm.start : dose.start].rstrip(" ,(≤≥<>")
    told = len(name) > 2 and len(marks.inside("doses", *cell)) == 1
    return CharSpan(arm.start, arm.start + len(name)) if told else arm


def _is_identity(state: State, span: CharSpan) -> bool:
    """Whether a stub names a study."""
    setting = state.setting
    if any(role in state.labels for role in IDENTITY):
        return True
    if any(setting.marks.inside(name, *span) for name in ("trials", "registry_ids", "citations")):
        return True
    return _AUTHOR.match(setting.frame.text(span)) is not None


def _subgroup(state: State) -> list[CharSpan]:
    """A heading with a number of people names a subgroup."""
    return [words.rest for words in reversed(state.headings()) if words.size and words.rest and not words.outcome]
