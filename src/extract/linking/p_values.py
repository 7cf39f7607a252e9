"""p-values: which figures a p-value that stands behind a comparison, a list or an outcome belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from extract.linking import Found, Marks
from extract.linking.binding import Bound
from extract.patterns import lazy_regex

_BEHIND = lazy_regex(r"\s?[(\[]\s?")
_COMPARED = lazy_regex(r"\b(?:vs\.?|versus|compared|than|higher|lower|greater|against)(?!\w)")


def share_p(text: str, bound: list[Bound]) -> None:
    """A p-value after a pair stands on both rows, or on the ratio's row alone if there is one."""
    for index, each in enumerate(bound):
        p = each.result.fields.get("p")
        if p is None or each.result.is_effect:
            continue
        for other in bound[:index]:
            same = other.outcome[0].value.code == each.outcome[0].value.code and not other.result.is_effect
            between = text[other.result.end : each.result.start]
            if same and (other.group is each.group or _COMPARED.search(between)):
                other.fields.setdefault("p", p)
                other.fields.setdefault("p_op", each.result.fields["p_op"])


def add_listed_p(marks: Marks, bound: list[Bound], end: int) -> None:
    """As many p-values behind the last figure as its list has outcomes: one for each, on the rows of every arm."""
    if not bound:
        return
    last = bound[-1]
    members = last.outcomes.members if last.outcomes is not None else []
    values = [mark for mark in marks.inside("statistics", last.result.span.end, end) if mark.value.kind == "p_value"]
    if len(members) < 2 or len(values) != len(members) or any(mark.value.quantity is None for mark in values):
        return
    for each in bound:
        if each.outcomes is last.outcomes and not each.result.is_effect:
            position = next(i for i, member in enumerate(members) if member[0].start == each.outcome[0].start)
            mark = values[position]
            each.fields["p"] = Found(mark.value.quantity.value, (mark.span,))
            each.fields["p_op"] = Found(mark.value.operator or "=", (mark.span,))


def add_lone_p(marks: Marks, start: int, end: int, bound: Sequence[Bound], earlier: Sequence[Bound]) -> None:
    """A p-value in brackets right behind an outcome without a figure belongs to the pair told before it."""
    text = marks.text
    taken = {each.outcome[0].start for each in bound}
    for mark in marks.inside("statistics", start, end):
        if mark.value.kind != "p_value" or mark.value.quantity is None:
            continue
        name = next(
            (
                each
                for each in marks.inside("endpoints", max(start, mark.start - 80), mark.start)
                if each.end <= mark.start
            ),
            None,
        )
        if name is None or name.start in taken or not _BEHIND.fullmatch(text[name.end : mark.start]):
            continue
        rows = [each for each in earlier if each.outcome[0].value.code == name.value.code and not each.result.is_effect]
        if len(rows) == 2 and not any("p" in {**each.result.fields, **each.fields} for each in rows):
            for each in rows:
                each.fields["p"] = Found(mark.value.quantity.value, (mark.span,))
                each.fields["p_op"] = Found(mark.value.operator or "=", (mark.span,))
