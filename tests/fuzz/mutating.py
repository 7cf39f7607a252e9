"""Sound text with a few changes: digits, brackets, units, dashes, nesting, encodings, odd signs, lost and moved pieces.

A change is data (its kind, two places and a piece), so that Hypothesis can shrink a case to the changes that matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

Change = tuple[str, int, int, str]

_NUMBER = re.compile(r"\d+(?:[.,·]\d+)*")
_BRACKET = re.compile(r"[()\[\]{}<>]")
_DASH = re.compile(r"[-–—−/]")
_WORD = re.compile(r"[^\W\d_]+")
_UNIT = re.compile(r"%|\b(?:mg|g|kg|µg|ml|mL|Gy|IU|years?|months?|weeks?|days?|patients|children|vs)\b")
_SPACE = re.compile(r"\s+")

NUMBERS = (
    "0", "-1", "1e9", "9" * 40, "9" * 400, "0.0000000001", "1,234,567.89", "1 568", "12,5", "·5", ".5", "5.", "00012",
    "1.2.3", "٣٫٥", "１２", "²", "½", "Ⅷ", "NaN", "inf", "1/0", "0/0", "100.1", "twenty-four", "a hundred", "1–", "−0",
)  # fmt: skip
DASHES = ("-", "–", "—", "−", "‐", "\u2011", "\u00ad", " to ", "/", "--", "- ", "")
UNITS = (
    "%", " %", " per cent", "mg", " mg/m²", "mg/m<sup>2</sup>/day", "µg", "μg/kg", "$\\mu$g", "Gy", "IU", "mmol/L",
    " years", "-month", " patients", "kg/m2", "°C", "mm Hg", "fold", " of 40", "/day/day/day", "%%",
)  # fmt: skip
ODD = (
    "\x00", "\x01", "\x0b", "\x0c", "\x1b[2J", "\x7f", "\x85", "\u00a0", "\u00ad", "\u200b", "\u2028", "\u2029",
    "\u202e", "\u2066", "\ufeff", "\ufffe", "\uffff", "\U0001d7d2", "\U0001f600", "\U00010400", "\U000e0041", "\u0301",
    "a" + "\u0301" * 30, "ﬁ", "ﬃ", "ß", "İ", "ı", "K", "Å", "漢字", "עברית", "👩‍🔬",
    "\r", "\r\n", "\n", "\n\n", "\t", "\\", "$",
)  # fmt: skip
MARKUP = (
    "<sup>", "</sup>", "<sup>2</sup>", "<i>", "<!--", "-->", "]]>", "<![CDATA[", "&lt;", "&#0;", "&#x1d7d2;",
    "&#xD800;", "&amp;amp;", "&e;", "&nbsp;", "<p>", "</p>", "<td>", "</table>", "<table><tr><td>1%", "<xref rid='b1'>",
    "<br/>", "{{ 1 }}", "{% x %}", "<script>", "\"onload=\"", "$^{", "\\text{", "\\frac{1}{", "**", "*", "_", "|",
    "|---|", "# ", "===== Page 2 =====\n", "![a](b)", "[1]: ", "```",
)  # fmt: skip
WORDS = (
    "respectively", "vs.", "95% CI", "HR 0.58", "p < 0.001", "±", "n = ", "(n = 31)", "NCT01234567", "NCT0123456",
    "2016-000227-71", "ISRCTN12345678", "et al.", "(1-3)", "[4,5]", "Table 1. ", "References", "## Results\n\n", "OS",
    "overall survival", "median", "Abstract\n\n", "in the placebo arm", "KESTREL-2 trial", "of whom", "not reported",
    ";",
    "i.e.", "Fig. 2", "doi: 10.1000/x(1)2", "1. Moss A. Lung 2019; 1: 2.\n", "Smith et al. (2019)",
)  # fmt: skip
PIECES = (*NUMBERS, *DASHES, *UNITS, *ODD, *MARKUP, *WORDS)
_DIGITS = (
    str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"),
    str.maketrans("0123456789", "０１２３４５６７８９"),
    str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"),
    str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"),
)
LONGEST = 20_000  # characters that changes let a text grow to


def _span(text: str, one: int, other: int) -> tuple[int, int]:
    """A part of the text, mostly a short one."""
    start = one % (len(text) + 1)
    return start, min(start + 1 + other % (40 if other % 3 else 400), len(text))


def _swap_for(pattern: re.Pattern[str], choices: Sequence[str]) -> Callable[[str, int, int, str], str]:
    """Puts one of some pieces where one of the hits of a pattern stands."""

    def change(text: str, one: int, other: int, piece: str) -> str:
        hits = [hit.span() for hit in pattern.finditer(text)]
        if not hits:
            return text + piece
        start, end = hits[one % len(hits)]
        return text[:start] + choices[other % len(choices)] + text[end:]

    return change


def _change_digit(text: str, one: int, other: int, _: str) -> str:
    places = [at for at, sign in enumerate(text) if sign.isdigit()]
    if not places:
        return text
    at = places[one % len(places)]
    return text[:at] + str(other % 10) + text[at + 1 :]


def _other_number(text: str, one: int, other: int, _: str) -> str:
    """One number of the text in the place of another."""
    hits = list(_NUMBER.finditer(text))
    if len(hits) < 2:
        return text
    place, taken = hits[one % len(hits)], hits[other % len(hits)]
    return text[: place.start()] + taken[0] + text[place.end() :]


def _insert(text: str, one: int, _: int, piece: str) -> str:
    at = one % (len(text) + 1)
    return text[:at] + piece + text[at:]


def _repeat(text: str, one: int, other: int, piece: str) -> str:
    at = one % (len(text) + 1)
    return text[:at] + piece * (1 + other % 60) + text[at:]


def _lose(text: str, one: int, other: int, _: str) -> str:
    start, end = _span(text, one, other)
    return text[:start] + text[end:]


def _double(text: str, one: int, other: int, _: str) -> str:
    start, end = _span(text, one, other)
    return text[:end] + text[start:end] * (1 + other % 5) + text[end:]


def _move(text: str, one: int, other: int, _: str) -> str:
    start, end = _span(text, one, other)
    rest = text[:start] + text[end:]
    at = other % (len(rest) + 1)
    return rest[:at] + text[start:end] + rest[at:]


def _cut(text: str, one: int, other: int, _: str) -> str:
    at = one % (len(text) + 1)
    return text[:at] if other % 2 else text[at:]


def _wrap(text: str, one: int, other: int, _: str) -> str:
    start, end = _span(text, one, other)
    left, right = ("()", "[]", "{}", "<>", ("<sup>", "</sup>"), ("**", "**"), ("$", "$"), ("((", ")"))[other % 8]
    times = (1, 1, 2, 30)[one % 4]
    return text[:start] + left * times + text[start:end] + right * times + text[end:]


def _other_digits(text: str, one: int, other: int, _: str) -> str:
    start, end = _span(text, one, other)
    return text[:start] + text[start:end].translate(_DIGITS[other % len(_DIGITS)]) + text[end:]


def _other_case(text: str, one: int, other: int, _: str) -> str:
    start, end = _span(text, one, other)
    part = text[start:end]
    return text[:start] + (part.upper(), part.lower(), part.title(), part.swapcase())[one % 4] + text[end:]


def _unspaced(text: str, one: int, other: int, _: str) -> str:
    start, end = _span(text, one, other)
    return text[:start] + _SPACE.sub("", text[start:end]) + text[end:]


CHANGES: dict[str, Callable[[str, int, int, str], str]] = {
    "digit": _change_digit,
    "number": _swap_for(_NUMBER, NUMBERS),
    "other number": _other_number,
    "bracket": _swap_for(_BRACKET, ("", "(", ")", "[", "]", "<", ">", "((", "))", "{")),
    "dash": _swap_for(_DASH, DASHES),
    "unit": _swap_for(_UNIT, UNITS),
    "word": _swap_for(_WORD, WORDS),
    "space": _swap_for(_SPACE, ("", " ", "  ", "\n", "\n\n", "\t", "\u00a0", "\u2009", "\r\n", " | ")),
    "insert": _insert,
    "repeat": _repeat,
    "lose": _lose,
    "double": _double,
    "move": _move,
    "cut": _cut,
    "wrap": _wrap,
    "other digits": _other_digits,
    "other case": _other_case,
    "unspaced": _unspaced,
}


def change(text: str, changes: Sequence[Change]) -> str:
    """The text with some changes, one after the other."""
    for kind, one, other, piece in changes:
        text = CHANGES[kind](text, one, other, piece)[:LONGEST]
    return text


_PLACE = st.integers(0, 1 << 14)


def changes(*, most: int = 5, pieces: Sequence[str] = PIECES) -> st.SearchStrategy[list[Change]]:
    """Some changes."""
    return st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), _PLACE, _PLACE, st.sampled_from(pieces)), max_size=most)


def changed(bases: st.SearchStrategy[str], *, most: int = 5) -> st.SearchStrategy[str]:
    """A text with some changes."""
    return st.builds(change, bases, changes(most=most))
