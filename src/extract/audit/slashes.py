"""Table cells with two outcomes by slash, "44.6%/58.5%" under "PFS/OS at 12 months": their order, and the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from extract.audit.case import Case, Claim
from extract.audit.groups import NAMES, Place, PlaceFinder, above_even_cut, agree, at_time, surely_above
from extract.audit.studies import StudyPlaces, study_in_words
from extract.document import CharSpan
from extract.patterns import lazy_regex
from extract.values import days_of

_PAIR = lazy_regex(r"(?P<one>\d{1,3}(?:\.\d+)?)\s?%?\s?/\s?(?P<two>\d{1,3}(?:\.\d+)?)\s?%?[^\w\s.,/%]{0,3}")
_SLASH = lazy_regex(r"\s?/\s?")
_SURVIVAL = lazy_regex(
    r"(?:overall|(?:event|disease|relapse|progression)-free)(?=\s|,|$)|\b(?:OS|EFS|DFS|RFS|PFS)\b", re.IGNORECASE
)
_CODES = {"overall": "OS", "event-free": "EFS", "disease-free": "DFS", "relapse-free": "RFS", "progression-free": "PFS"}
# "61.4% for progression-free and 80.7% for overall survival"
_TOLD = lazy_regex(
    rf"(?P<value>\d{{1,3}}(?:\.\d+)?)\s?%(?:\s?\([^()]*\))?\s(?:for|in)\s(?P<name>{_SURVIVAL.pattern})(?:\ssurvival)?",
    re.IGNORECASE,
)
# Which of two outcomes of one cell is among the other, and why.
_AMONG = {
    ("EFS", "OS"): "whoever is free of events is alive",
    ("DFS", "OS"): "whoever is free of disease is alive",
    ("RFS", "OS"): "whoever is free of relapse is alive",
    ("PFS", "OS"): "whoever is free of progression is alive",
    ("CR", "ORR"): "complete responses are among all responses",
}


class _Cell(NamedTuple):
    """One outcome of a cell with two."""

    code: str
    value: Decimal
    span: CharSpan
    time: str | None
    place: Place


class _Head(NamedTuple):
    """The heading of a column of two outcomes."""

    codes: tuple[str, ...]
    time: str | None
    is_percent: bool


def slash_order(case: Case, codes: frozenset[str]) -> Iterator[Claim]:
    """Pairs of outcomes in one cell of which the part is above the whole, where both are of some `codes`."""
    for one, two in case.once(_cells):
        for part, whole in ((one, two), (two, one)):
            why = _AMONG.get((part.code, whole.code)) if {part.code, whole.code} <= codes else None
            if why and surely_above(part.value, whole.value):
                sure = above_even_cut(part.value, whole.value)
                yield Claim(
                    severity="impossible" if sure else "suspicious",
                    message=(
                        f"{_named(part)} ({part.value}%) is above {_named(whole).lower()} ({whole.value}%)"
                        f"{at_time(part.time)} in the same cell; {why}."
                    ),
                    stated=(part.span,),
                    against=(whole.span,),
                    assumes=None if sure else "both figures are rounded, not cut off",
                )


def slash_conflict(case: Case) -> Iterator[Claim]:
    """A survival of a study that the text gives otherwise than its cell with two outcomes."""
    pairs = case.once(_cells)
    if not pairs:
        return
    text, places = case.document.text, case.once(StudyPlaces)
    by_row: dict[Place, list[_Cell]] = {}
    for pair in pairs:
        by_row.setdefault(pair[0].place, []).extend(pair)
    for study in places.studies():
        of_study = places.of(study)
        cells = [cell for place in of_study if place in by_row for cell in by_row[place]]
        sentences = [place.span for place in of_study if place.table is None] if cells else []
        for sentence in sentences:
            for told in _TOLD.finditer(text, *sentence):
                yield from _against(case, study, told, cells, sentences)


def _against(
    case: Case, study: str, told: re.Match[str], cells: list[_Cell], sentences: list[CharSpan]
) -> Iterator[Claim]:
    """The claim where the text's figure is not the cell's of that outcome and time, nor printed elsewhere."""
    text, value = case.document.text, Decimal(told["value"])
    code = _CODES.get(told["name"].lower(), told["name"].upper())
    times = {each.value.iso for each in case.marks.inside("durations", *_clause(case, told.start()))}
    time = times.pop() if len(times) == 1 else None
    same = [cell for cell in cells if cell.code == code and time and days_of(cell.time) == days_of(time)]
    if len(same) != 1 or any(agree(value, cell.value) for cell in cells):
        return
    cell = same[0]
    printed = lazy_regex(rf"(?<![\d.]){re.escape(str(cell.value))}(?![\d.]*\d)")
    if any(printed.search(text, *sentence) for sentence in sentences):
        return
    stated = CharSpan(told.start(), text.index("%", told.end("value")) + 1)
    yield Claim(
        severity="inconsistent",
        message=(
            f"{_named(cell)}{at_time(time)} of {study_in_words(study)} is {value}% here; the table gives {cell.value}%."
        ),
        stated=(stated,),
        against=(cell.span,),
        study=study,
    )


def _clause(case: Case, start: int) -> CharSpan:
    """The part of a sentence between semicolons that holds a place."""
    text, sentence = case.document.text, case.sentence(CharSpan(start, start + 1))
    first = text.rfind(";", sentence.start, start)
    last = text.find(";", start, sentence.end)
    return CharSpan(first + 1 if first >= 0 else sentence.start, last if last >= 0 else sentence.end)


def _named(cell: _Cell) -> str:
    name = {"ORR": "overall response", "CR": "complete response"}.get(cell.code) or NAMES[cell.code]
    return name.replace(" free", "-free").capitalize()


def _cells(case: Case) -> list[tuple[_Cell, _Cell]]:
    """The cells with two percentages under a heading with two outcomes by slash."""
    text, finder = case.document.text, case.once(PlaceFinder)
    found = []
    for block in case.document.blocks:
        heads: dict[int, _Head] = {}
        for cell in block.table.cells if block.table else ():
            words = text[slice(*cell.span)]
            if cell.is_header:
                if head := _head(case, cell.span):
                    heads[cell.column] = head
            elif cell.column in heads and (match := _PAIR.fullmatch(words.strip())):
                head, base = heads[cell.column], cell.span.start + words.index(match[0])
                one, two = (
                    _Cell(
                        code,
                        Decimal(match[group]),
                        CharSpan(base + match.start(group), base + match.end(group)),
                        head.time,
                        finder.at(cell.span),
                    )
                    for code, group in zip(head.codes, ("one", "two"), strict=True)
                )
                if max(one.value, two.value) <= 100 and ("%" in words or head.is_percent):
                    found.append((one, two))
    return found


def _head(case: Case, span: CharSpan) -> _Head | None:
    """The heading of a column of two outcomes by slash."""
    marks = case.marks.inside("endpoints", *span)
    if len(marks) != 2 or not _SLASH.fullmatch(case.document.text, marks[0].end, marks[1].start):
        return None
    codes = tuple(mark.value.code for mark in marks)
    if codes not in _AMONG and codes[::-1] not in _AMONG:
        return None
    times = [mark.value.iso for mark in case.marks.inside("durations", *span)]
    return _Head(codes, times[0] if len(times) == 1 else None, "%" in case.document.text[slice(*span)])
