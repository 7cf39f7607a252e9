"""Cohorts: the people whom a paragraph says a study has, before one of its figures."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.audit.case import Case
from extract.audit.shares import PEOPLE, WHOLE
from extract.components.grammar import NUMBER_WORD, whole_number
from extract.document import CharSpan
from extract.patterns import lazy_regex

_SIZE = lazy_regex(
    rf"(?<![\w.,/%±+:-])(?<!\d\s)(?P<n>{WHOLE}|(?i:{NUMBER_WORD}))(?![\w.,%/-]|\s?[(\[]\s?[\d.]+\s?%)"
    rf"(?:\s(?!(?:of|and|or|to|is|are|was|were|that|which|who|in|for|with|by|the|as|at|from|than|years?|months?|weeks?|"
    rf"days?)\b)[A-Za-z(][\w/+<>≤≥.'-]*\)?){{0,4}}?\s(?P<people>{PEOPLE})\b(?P<share>\s?[(\[]\s?[\d.]+\s?%\s?[)\]])?"
)
_BARE = lazy_regex(rf"\b(?:[nN]\s?=\s?|of\s(?:the\s)?|total\sof\s)(?P<n>{WHOLE})(?![\w.,%/-])")
_IN = lazy_regex(
    r"\b(?:in|of|among|for|included|enrolled|recruited|randomi[sz]ed|comprising|comprised|treated|with|evaluated|"
    r"analy[sz]ed|studied|reported(?:\son)?)\s(?:a\stotal\sof\s|the\s|all\s|only\s)?$",
    re.IGNORECASE,
)
_TOTAL_OF = lazy_regex(r"\btotal\sof\s$", re.IGNORECASE)
_ENROLLED = lazy_regex(
    r"[^.;]{0,60}?\b(?:(?:were|was|had\sbeen|have\sbeen)\s(?:\w+ly\s)?)?(?:randomi[sz]ed|enrolled|included|recruited|"
    r"registered|infused|assigned|accrued|treated|were\sreported|analy[sz]ed|evaluated|studied|entered)\b",
    re.IGNORECASE,
)
_SUBGROUP = lazy_regex(
    r"\b(?:including|additional|other|remaining|another|further|these|those|of\swhom|whom)\s(?:the\s)?$", re.IGNORECASE
)
_PART_OF = lazy_regex(r"\s(?:out\s)?of\s(?:the\s|these\s|those\s|them|whom|which|all\s)?", re.IGNORECASE)
_POOLED = lazy_regex(
    r"\b(?:trials|studies|meta-analys\w+|pooled|registr(?:y|ies)|articles|reviews|analyses)\b", re.IGNORECASE
)
POOLED_REACH = 45  # characters behind a percentage: what follows later compares it with others
REACH = 1500  # characters of a paragraph before a figure that are searched for cohorts


@dataclass(frozen=True, slots=True)
class Cohort:
    """A number of people in a paragraph; `whole` where the words say that they are those of a study."""

    size: int
    span: CharSpan
    noun: str
    whole: bool = False


def cohorts_before(case: Case, place: CharSpan) -> list[Cohort]:
    """The numbers of people that a paragraph names up to a place, in text order."""
    text, block = case.document.text, case.block(place)
    if block is None:
        return []
    start = max(block.span.start, place.start - REACH)
    found: dict[int, Cohort] = {}
    for match in _SIZE.finditer(text, start, place.start):
        size = whole_number(match["n"])
        if size is None or size < 2:
            continue
        at = CharSpan(*match.span("n"))
        before, part = text[max(start, at.start - 40) : at.start], match["share"] is not None
        sentence = case.sentence(at)
        whole = (
            not part
            and not _SUBGROUP.search(before)
            and not _PART_OF.match(text, match.end("people"), place.start)
            and (
                _IN.search(before) is not None
                or _TOTAL_OF.search(before) is not None
                or _ENROLLED.match(text, match.end("people"), min(sentence.end, match.end("people") + 90)) is not None
            )
        )
        found[at.start] = Cohort(size, at, match["people"], whole)
    for match in _BARE.finditer(text, start, place.start):
        size = whole_number(match["n"])
        if size is not None and size >= 2:
            found.setdefault(match.start("n"), Cohort(size, CharSpan(*match.span("n")), "patients"))
    return [found[key] for key in sorted(found)]


def is_pooled(case: Case, place: CharSpan) -> bool:
    """Whether a sentence speaks of several studies, whose percentages are averages and not counts."""
    sentence = case.sentence(place)
    return (
        _POOLED.search(
            case.document.text, max(sentence.start, place.start - REACH), min(sentence.end, place.end + POOLED_REACH)
        )
        is not None
    )
