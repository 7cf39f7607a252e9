"""Columns that stand beside values: p-values, intervals, errors, I² and the number of pooled studies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from extract.components.grammar import NUMBER, decimal
from extract.document import CharSpan
from extract.linking import Found, Link, Marks
from extract.linking.cells import Part, read_p, read_pair
from extract.linking.figures import EFFECTS
from extract.linking.table_headers import Role
from extract.linking.table_words import Words
from extract.patterns import lazy_regex

_FIRST_NUMBER = lazy_regex(rf"\W*(?P<number>{NUMBER})")


class Beside(NamedTuple):
    """A cell beside values: its column's role and words, and how many links stood before it."""

    role: Role
    span: CharSpan
    header: Words | None
    position: int


def attach(marks: Marks, links: list[Link], first: int, beside: Sequence[Beside]) -> None:
    """Give what stands beside the values of a row to their links from `first` on."""
    floor = first
    for cell in beside:
        if cell.role == "p":
            part = read_p(marks.text, *cell.span)
            if part is not None:
                give_p(links, _compared(links, floor, cell.position), part)
                floor = cell.position
        elif cell.role == "interval":
            _give_interval(marks, links, first, cell)
        elif cell.role in {"se", "sd", "i2", "studies"}:
            _give_number(marks, links, first, cell)


def _compared(links: Sequence[Link], first: int, last: int) -> list[int]:
    """The links that a p-value speaks for: the ratios if there are any, else all if they report one outcome."""
    indices = [index for index in range(first, last) if links[index].rule.startswith("table")]
    effects = [index for index in indices if _is_effect(links[index])]
    if effects:
        return effects[-1:]
    names = {links[index].fields["endpoint_text"].value for index in indices}
    return indices if len(names) == 1 else []


def _is_effect(link: Link) -> bool:
    return link.fields["statistic"].value in EFFECTS


def give_p(links: list[Link], indices: Sequence[int], part: Part) -> None:
    """Add a p-value to links that have none."""
    assert part.value is not None
    for index in indices:
        if "p" not in links[index].fields:
            added = {"p": Found(part.value, (part.span,)), "p_op": Found(part.operator or "=", (part.span,))}
            links[index] = replace(links[index], fields={**links[index].fields, **added})


def _add(links: list[Link], index: int, added: dict[str, Found]) -> None:
    links[index] = replace(links[index], fields={**added, **links[index].fields})


def _give_interval(marks: Marks, links: list[Link], first: int, cell: Beside) -> None:
    """The interval of a column of its own belongs to the value on its left."""
    part = read_pair(marks.text, *cell.span)
    index = cell.position - 1
    if part is None or index < first or "ci_low" in links[index].fields:
        return
    added: dict[str, Found] = {}
    if part.low is not None:
        added["ci_low"] = Found(part.low, (part.span,))
    if part.high is not None:
        added["ci_high"] = Found(part.high, (part.span,))
    level = part.level or (cell.header.level if cell.header else None)
    if level is not None and added:
        added["ci_level"] = Found(level[0], (level[1],))
    _add(links, index, added)


def _give_number(marks: Marks, links: list[Link], first: int, cell: Beside) -> None:
    match = _FIRST_NUMBER.match(marks.text, *cell.span)
    index = cell.position - 1
    if match is None:
        return
    value, spans = decimal(match["number"]), (CharSpan(*match.span("number")),)
    if cell.role == "se" and index >= first:
        _add(links, index, {"se": Found(value, spans)})
    elif cell.role == "sd" and index >= first:
        header = (cell.header.span,) if cell.header else spans
        _add(links, index, {"dispersion": Found(value, spans), "dispersion_kind": Found("sd", header)})
    elif cell.role in {"i2", "studies"}:
        name = "i2" if cell.role == "i2" else "n_studies"
        number = Found(value if name == "i2" else int(value), spans)
        for each in range(first, len(links)):
            if _is_effect(links[each]):
                _add(links, each, {name: number})
