"""Units that headers and cells print: `PFS, months`, `SBP (mmHg)`, `34.1 months`."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from extract.document import CharSpan
from extract.lexicons import load
from extract.patterns import regex

# Letters that mean something else in headers.
_NO_UNITS = frozenset({"%", "％", "SD", "SDs", "N", "W", "J", "D", "K"})


class Said(NamedTuple):
    """What a word says, by its code, and where it stands."""

    value: str
    span: CharSpan


def named_unit(text: str) -> tuple[str, CharSpan, tuple[int, int]] | None:
    """The UCUM unit that a header names, where its name stands, and what of the text says so."""
    match = _pattern().search(text)
    if match is None:
        return None
    name = match.lastgroup or "unit"
    return _units()[match[name]], CharSpan(*match.span(name)), match.span()


def unit_at(text: str, offset: int, end: int) -> Said | None:
    """The unit printed right after a figure."""
    match = _after().match(text, offset, end)
    return None if match is None else Said(_units()[match["unit"]], CharSpan(*match.span("unit")))


@cache
def _units() -> dict[str, str]:
    printed: dict[str, str] = {}
    for code, forms in load("units").measures.items():
        for form in forms:
            if form not in _NO_UNITS:
                printed.setdefault(form, code)
    return printed


@cache
def _forms() -> str:
    return "|".join(re.escape(form) for form in sorted(_units(), key=len, reverse=True))


@cache
def _pattern() -> re.Pattern[str]:
    return regex(
        rf"(?:\b(?:median|mean)\s(?P<timed>days|weeks|months|years|hours)\b)|"
        rf"(?:[,;]\s?(?:in\s)?|(?<=\s)[(\[]\s?(?:in\s)?|\s(?=per\s|/))(?P<unit>{_forms()})(?=\s?(?:[(\[)\],;*†]|$))|"
        rf"\bin\s(?P<named>{_forms()})(?=\s?(?:[)\],;(]|$))"
    )


@cache
def _after() -> re.Pattern[str]:
    return regex(rf"\s?-?(?P<unit>{_forms()})(?![\w/²³])")
