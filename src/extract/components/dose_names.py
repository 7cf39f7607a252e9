"""Names of drugs that stand right beside a dose and in no lexicon: short forms, codes, misspelt and unlisted names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from extract.document import CharSpan
from extract.lexicons import load
from extract.patterns import lazy_regex

_CODE = r"[A-Z]{2,5}[- ]?\d{3,8}[A-Za-z]?"
_WORD = r"[A-Za-z][A-Za-z-]{5,}"
_DOSE_OF = r"(?:\sat)?(?:\s(?:an?|the))?(?:\s(?:daily|starting|initial|total|single|fixed))?\sdoses?\sof"
# "terlipressin 1 mg", "MK-0616 (100 mg", "LV at a dose of 200 mg/m²"
_BEFORE = lazy_regex(rf"(?<![\w-])(?P<name>{_CODE}|[A-Z][A-Za-z]{{1,4}}|{_WORD})(?:{_DOSE_OF}|\sat|:)?\s?[(\[,]?\s?$")
# "1 g of ursodiol", "4 mg/kg BTH1677"
_AFTER = lazy_regex(rf"\s(?P<of>of\s)?(?P<name>{_CODE}|[A-Z][A-Za-z]{{1,4}}|{_WORD})(?![\w-])")
_IS_CODE = lazy_regex(_CODE)
_ENDING = lazy_regex(r"(?:ine|in|one|ide|ol|ium|il|am|ane|um|ac)$")
# Words that end as drugs do.
_ORDINARY = lazy_regex(
    r"baseline|guideline|decline|pipeline|outline|airline|deadline|determine|examine|combine|define|imagine|"
    r"medicine|routine|machine|engine|vaccine|genuine|intestine|magazine|discipline|feline|canine|marine|urine|"
    r"doctrine|protein|remain|obtain|contain|certain|maintain|retain|sustain|within|margin|origin|virgin|albumin|"
    r"globulin|bilirubin|haemoglobin|hemoglobin|ferritin|troponin|insulin|alone|hormone|milestone|someone|"
    r"everyone|anyone|phone|provide|beside|outside|inside|decide|divide|guide|worldwide|nationwide|peptide|"
    r"override|coincide|control|protocol|alcohol|cholesterol|program|gram|milligram|microgram|diagram|maximum|"
    r"minimum|optimum|medium|serum|sputum|spectrum|continuum|premium|plasma|sodium|potassium|calcium|magnesium|"
    r"membrane|humane|cardiac|celiac|coeliac|until|april|interim|exam|stream|system|creatinine|kilogram|histogram|"
    r"interval",
    re.IGNORECASE,
)
MIN_MISSPELT = 7  # letters: shorter words differ from too many names by one letter
REACH = 60  # characters read on either side of a dose


class Beside(NamedTuple):
    """A drug's name beside a dose: generic where it is known, else as printed."""

    name: str
    span: CharSpan
    rule: str


def name_beside(text: str, dose: tuple[int, int], place: tuple[int, int]) -> Beside | None:
    """The name before or after a dose within its sentence or cell, None where no word there can be one."""
    start, end = dose
    before = _BEFORE.search(text, max(place[0], start - REACH), start)
    after = _AFTER.match(text, end, min(place[1], end + REACH))
    for match, sure in ((before, True), (after, after is not None and after["of"] is not None)):
        for name, rule in _readings(match["name"]) if match else ():
            if sure or rule != "unlisted name":
                return Beside(name, CharSpan(*match.span("name")), rule) if match else None
    return None


def printed_name(name: str, printed: str) -> str:
    """The generic name that a text prints, where it prints one: `acetaminophen`, else the one name of the lexicon."""
    lower = printed.lower()
    salt = name.lower() in re.split(r"[\s-]", lower)
    return lower if lower in _synonyms() and not salt else name


@cache
def _synonyms() -> frozenset[str]:
    return load("agents").synonyms()


def _readings(printed: str) -> Iterator[tuple[str, str]]:
    short = load("agents").dose_symbols.get(printed)
    if short:
        yield short, "short form"
    elif _IS_CODE.fullmatch(printed):
        yield printed, "drug code"
    elif meant := _meant(printed.lower()):
        yield meant, "misspelt name"
    elif len(printed) > 5 and _ENDING.search(printed) and not _ORDINARY.fullmatch(printed) and not printed.isupper():
        yield printed.lower(), "unlisted name"


@cache
def _generic_names() -> dict[tuple[str, int], list[str]]:
    """Generic names of one word by their first two letters and their length."""
    found: dict[tuple[str, int], list[str]] = {}
    for name in sorted(set(load("agents").names().values())):
        if name.isalpha():
            found.setdefault((name[:2].lower(), len(name)), []).append(name)
    return found


@lru_cache(maxsize=1024)
def _meant(word: str) -> str | None:
    """The one generic name that a word misspells: its letters in another order, or one letter too many or too few."""
    if len(word) < MIN_MISSPELT or word in load("agents").names():
        return None
    names = _generic_names()
    near = [
        name for step in (-1, 0, 1) for name in names.get((word[:2], len(word) + step), ()) if _misspells(word, name)
    ]
    return near[0] if len(near) == 1 else None


def _misspells(word: str, name: str) -> bool:
    if len(word) == len(name):
        return sorted(word) == sorted(name)
    longer, shorter = (word, name) if len(word) > len(name) else (name, word)
    cut = next((i for i, (one, two) in enumerate(zip(longer, shorter, strict=False)) if one != two), len(shorter))
    return longer[cut + 1 :] == shorter[cut:]
