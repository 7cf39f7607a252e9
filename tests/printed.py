"""What quotes print: numbers in digits and words, citations, units, times, bounds, phases."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache

from extract.components.grammar import NUMBER_WORDS
from extract.lexicons import load
from extract.records import ReferenceRow

NOUGHT = re.compile(r"\b(?:no|none|neither|nor|never|without|absent|absence|nil)\b", re.IGNORECASE)
ALL = re.compile(r"\b(?:all|every|each|both)\b", re.IGNORECASE)
BOUNDS = {
    "<": r"<|\b(?:less|fewer|lower|under|below|shorter|younger)\b|\bup to\b",
    "<=": r"≤|<=|\bup to\b|\bat most\b|\bmax(?:imum)?\b|\bor (?:less|lower|fewer|below|under)\b|\bnot? more than\b|"
    r"\b(?:never|not) exceed\w*",
    ">": r">|\b(?:more|greater|higher|over|above|longer|exceed\w*|in excess of|older)\b",
    ">=": r"≥|>=|\bat least\b|\bminimum\b|\bor (?:more|higher|greater|above|over)\b|\bnot? less than\b|\bupwards?\b",
}
TIMES = {
    "PY": r"y(?:ea)?rs?|y|annual\w*",
    "PM": r"months?|mos?|mths?",
    "PW": r"weeks?|wks?|w",
    "PD": r"days?|d|nights?",
    "PTH": r"hours?|hrs?|h",
    "PTM": r"minutes?|mins?",
}
_NUMBER = re.compile(r"\d{1,3}(?:[,\u00a0]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉", "0123456789-0123456789")
_RANGE = re.compile(r"(\d+)\s?(?:-|to|through)\s?(\d+)")
_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_WORD = re.compile(rf"\b(?:{_WORDS})\b", re.IGNORECASE)
_HUNDREDS = re.compile(rf"\b(a|{_WORDS}) hundred(?: (?:and )?({_WORDS}))?\b", re.IGNORECASE)
_DURATION = re.compile(r"P(?P<time>T?)(?P<number>\d+(?:\.\d+)?)(?P<unit>[YMWDH])")
_EDGE = r"(?<![A-Za-zµμ])"
_PHASE = re.compile(r"(?<![A-Za-z])(?:[1-4]|[IViv]+)(?=[ab]?(?![A-Za-z]))")
_PHASES = {"1": "I", "2": "II", "3": "III", "4": "IV"}


def printed_numbers(quotes: Iterable[str]) -> set[str]:
    """The numbers that quotes print, as decimals print them; in words and grouped digits, too."""
    found: set[str] = set()
    for quote in quotes:
        plain = quote.translate(_SUPERSCRIPTS).replace("·", ".")
        found |= {str(Decimal(re.sub(r"[,\u00a0]", "", each[0]))) for each in _NUMBER.finditer(plain)}
        found |= {str(Decimal(each[0])) for each in _PLAIN_NUMBER.finditer(plain)}
        found |= {str(NUMBER_WORDS[each[0].lower()]) for each in _WORD.finditer(plain)}
        for each in _HUNDREDS.finditer(plain):
            hundreds = 1 if each[1].lower() == "a" else NUMBER_WORDS[each[1].lower()]
            found.add(str(100 * hundreds + (NUMBER_WORDS[each[2].lower()] if each[2] else 0)))
        if NOUGHT.search(plain):
            found.add("0")
        if re.search(r"\bboth\b", plain, re.IGNORECASE):
            found.add("2")
    return found


def printed_references(quotes: Iterable[str], references: Sequence[ReferenceRow]) -> set[int]:
    """The references that quotes cite: by number, within a range of numbers, by author and year or by author alone."""
    authors = Counter(each.first_author for each in references)
    joined = " ".join(quotes).translate(_SUPERSCRIPTS)
    found = {int(each) for each in re.findall(r"\d+", joined)}
    for low, high in _RANGE.findall(joined):
        found |= set(range(int(low), int(high) + 1)) if int(high) - int(low) < 100 else set()
    for each in references:
        named = each.first_author is not None and squeezed(each.first_author) in squeezed(joined)
        if named and (str(each.year) in joined or authors[each.first_author] == 1):
            found.add(each.number)
    return found


def squeezed(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return "".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).lower()))


def is_made_of(text: str, quotes: list[str]) -> bool:
    """Whether a text stands in a quote, or each of its words and signs in one of them."""
    plain = [re.sub(r"\s+", " ", quote) for quote in quotes]
    if any(text in quote for quote in plain):
        return True
    words = re.findall(r"[\w.]*\w|[<>≤≥±%+]", text)
    return bool(words) and all(
        any(
            re.search(rf"(?<!\w){re.escape(word)}(?!\w)", each) or (not word[0].isalnum() and word in each)
            for each in plain
        )
        for word in words
    )


def is_printed(figure: Decimal | int, quotes: list[str]) -> bool:
    """Whether quotes print a number, a negative one with its minus sign."""
    if isinstance(figure, Decimal) and figure.is_signed():
        return any(re.search(rf"-\s?{re.escape(str(-figure))}(?!\d)", quote.replace("·", ".")) for quote in quotes)
    return str(figure) in printed_numbers(quotes)


def stands_for_all(n: int, quotes: list[str]) -> bool:
    """Whether a count and its total are both printed ("3 of 3"), or a word says that all are counted."""
    joined = re.sub(r"(?<=\d)[,\u00a0](?=\d{3})", "", " ".join(dict.fromkeys(quotes)))
    figures = [each for each in _PLAIN_NUMBER.findall(joined) if each == str(n)]
    words = [each for each in _WORD.findall(joined) if NUMBER_WORDS[each.lower()] == n]
    return len(figures) + len(words) > 1 or ALL.search(joined) is not None


def says_time(code: str, quotes: list[str]) -> bool:
    """Whether quotes print the number and the unit of an ISO 8601 duration."""
    match = _DURATION.fullmatch(code)
    if match is None:
        return False
    unit = TIMES[f"P{match['time']}{match['unit']}"]
    named = any(re.search(rf"(?<![A-Za-z])(?:{unit})(?![A-Za-z])", quote, re.IGNORECASE) for quote in quotes)
    annual = match[0] == "P1Y" and any(re.search(r"\bannual", quote, re.IGNORECASE) for quote in quotes)
    return named and (annual or match["number"] in printed_numbers(quotes))


def says_bound(code: str, quotes: list[str]) -> bool:
    """Whether quotes print a comparator."""
    return any(re.search(BOUNDS[code], quote, re.IGNORECASE) for quote in quotes)


def says_operator(code: str, quotes: list[str]) -> bool:
    """Whether quotes print the sign before a p-value; in a column of p-values `=` is left out."""
    return code == "=" or says_bound(code, quotes)


def says_phase(code: str, quotes: list[str]) -> bool:
    """Whether quotes print the numerals of a phase, Roman or Arabic."""
    printed = {_PHASES.get(each, each.upper()) for quote in quotes for each in _PHASE.findall(quote)}
    return set(re.findall(r"[IV]+", code)) <= printed


def says_unit(code: str, quotes: list[str]) -> bool:
    """Whether quotes print a UCUM unit: in a form of its own or part by part."""
    whole = _forms().get(code, ())
    parts = [_forms().get(part, (part.strip("{}"),)) for part in re.split(r"/(?![^{]*\})", code) if part]
    return code in quotes or _prints(whole, quotes) or all(_prints(part, quotes) for part in parts)


def says_route(code: str, quotes: list[str]) -> bool:
    """Whether quotes print a route."""
    return _prints(load("units").routes[code], quotes)


def _prints(forms: Iterable[str], quotes: list[str]) -> bool:
    """Whether a quote prints one of the forms, not as a part of a word: `g` is not in `mg`."""
    joined = "\n".join(quotes)
    wholes = (rf"{_EDGE if form[0].isalpha() else ''}{re.escape(form)}(?![A-Za-zµμ])" for form in forms)
    return any(re.search(whole, joined, re.IGNORECASE) for whole in wholes)


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    units = load("units")
    forms: dict[str, tuple[str, ...]] = {"%": ("%", "percent", "per cent", "percentage")}
    for table in (units.amounts, units.per, units.measures):
        for code, printed in table.items():
            forms[code] = (*forms.get(code, ()), *printed)
    return forms
