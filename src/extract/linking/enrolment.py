"""How many people a trial enrolled, where a sentence says so: each count of people is judged by the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extract.components.grammar import NUMBER_WORDS
from extract.document import CharSpan
from extract.linking import Found
from extract.patterns import lazy_regex

_PEOPLE_WORDS = (
    "patients",
    "subjects",
    "participants",
    "individuals",
    "persons",
    "people",
    "men",
    "women",
    "children",
    "adults",
    "infants",
    "adolescents",
    "newborns",
    "neonates",
    "recipients",
    "pts",
    "volunteers",
    "girls",
    "boys",
    "survivors",
    "pregnancies",
    "cases",
)
# Plain letters throughout and no flag: the engine then skips to their first letters.
_PEOPLE = lazy_regex(rf"(?:{'|'.join(form for word in _PEOPLE_WORDS for form in (word, word.title()))})\b")
_WORD = lazy_regex(r"\S+")
_NUMBER = lazy_regex(r"\d{1,3}(?:,\d{3})+|\d{1,6}")
# Words over which a number does not count the people after them.
_STOPS = frozenset(["of", "in", "with", "who", "were", "was", "had", "to", "from", "for", "than"])
MAX_WORDS = 7  # between a number and the people it counts ("411 previously untreated paediatric ALL patients")
REACH = 90  # characters before the word for people in which its number stands
_ENROL = (
    r"(?:enrol(?:l?ed|ling|l?s)?|recruit(?:ed|ing|s)?|randomi[sz](?:ed|ing|es)|includ(?:ed|es)|assign(?:ed|ing)|"
    r"allocat(?:ed|ing)|accru(?:ed|ing)|register(?:ed|ing)|involv(?:ed|ing)|compris(?:ed|ing)|stud(?:ied|ying)|treated|"
    r"entered|evaluated|analy[sz]ed)"
)
# "will randomise", "plans to include": people who are not enrolled yet.
_PLANNED = lazy_regex(
    r"\b(?:will|would|plan\w*|aim\w*|intend\w*|to be|target\w*|estimated|anticipated|expected|is|are|designed to)\s"
    r"(?:currently\s|to\s|now\s)*(?:[\w-]+\s){0,2}$",
    re.IGNORECASE,
)
_ABOUT = r"(?:a total of\s|about\s|approximately\s|only\s|the\s)?"
# From firm to loose: what stands before the number, and what after the people.
_VERB_BEFORE = lazy_regex(rf"\b{_ENROL}\s{_ABOUT}$", re.IGNORECASE)
_STUDY_BEFORE = lazy_regex(
    r"\b(?:trial|study|protocol|programme|program)\s(?:\([^()]*\)\s)?(?:in|of|with|on|among|involving)\s$",
    re.IGNORECASE,
)
_ENROLLED_AFTER = lazy_regex(
    r"(?!\s(?:in|on|of)\sthe\b)(?:(?!\s(?:screened|assessed|approached|identified)\b|\sof\swhom\b)[^.;:()]|\.\d|"
    r"\([^()]*\)){0,140}?"
    r"\s(?:were|had been|have been|was)\s(?:\w+ly\s)?(?:enrolled|recruited|randomi[sz]ed|included|assigned|"
    r"allocated|accrued|"
    r"registered|infused|entered|treated(?=,|\.|;|$))",
    re.IGNORECASE,
)
_GIVEN_BEFORE = lazy_regex(r"\b(?:given|administered|compared|tested)\b[^.;]{0,120}?\b(?:to|in)\s$", re.IGNORECASE)
_TOOK_PART = lazy_regex(r"[^.;:]{0,100}?\s(?:took part|participated)\b", re.IGNORECASE)
# "of the 38 patients (68%)", "Of 204 patients, 101"; "26 of 400 patients (6.5%)" is one arm.
_WHOLE_BEFORE = lazy_regex(r"\bof\sthe\s$|\b[Aa]ll\s(?:the\s)?$|\bOf\s$|\bnone\sof\s$")
# "In RIVER (…), 136 adults with asthma received"
_IN_TRIAL = lazy_regex(r"(?:^|\.\s)?\bIn\s(?:the\s)?[A-Z][^.]{0,100},\s$")
_RECEIVED = lazy_regex(r"(?:[^.;:(),]|\([^()]*\)){0,100}?\s(?:received|were (?:given|treated|assigned))\b")
_WHOLE_AFTER = lazy_regex(
    r"(?=,|\s(?:\(|were\b|had\b|achieved\b|responded\b|died\b|relapsed\b|developed\b|experienced\b|reached\b|"
    r"who were infused\b))"
)
_PART_AFTER = lazy_regex(r"[^.;:]{0,120}?\s(?:(?:to|in|per|into) (?:each|both)|in phase|in (?:the|this) subgroup)\b")
_PART_BEFORE = lazy_regex(r"\b[nN]\s?=\s?$|\bage\w*\s$")


class _Count(NamedTuple):
    """A number of people: its value, its place and the end of the word for the people."""

    n: int
    span: CharSpan
    end: int
    words: int  # between the two


def find_enrolled(text: str, span: CharSpan, *, loose: bool = True) -> Found | None:
    """How many people a trial enrolled; `loose` reads "of the 38 patients", too."""
    best: tuple[int, _Count] | None = None
    for count in _counts(text, span):
        firmness = _firmness(text, span, count, loose=loose)
        if firmness is not None and (best is None or firmness < best[0]):
            best = (firmness, count)
    return Found(best[1].n, (best[1].span,)) if best else None


def _firmness(text: str, span: CharSpan, count: _Count, *, loose: bool) -> int | None:
    """How firmly the words around say that these are all people enrolled, 0 the firmest; None where they do not."""
    start, first = count.span.start, max(count.span.start - 160, span.start)
    if _PART_BEFORE.search(text, first, start):
        return None
    verb = _VERB_BEFORE.search(text, first, start)
    if _PLANNED.search(text, first, verb.start() if verb else start):
        return None
    enrolled = _ENROLLED_AFTER.match(text, count.end, span.end)
    if enrolled and _PART_AFTER.match(text, count.end, span.end):
        return None
    rules = (
        verb,
        enrolled,
        _STUDY_BEFORE.search(text, first, start),
        loose and _GIVEN_BEFORE.search(text, first, start),
        loose and _IN_TRIAL.search(text, span.start, start) and _RECEIVED.match(text, count.end, span.end),
        loose and _TOOK_PART.match(text, count.end, span.end),
        loose and not count.words and _WHOLE_BEFORE.search(text, first, start) and _WHOLE_AFTER.match(text, count.end),
    )
    return next((rank for rank, holds in enumerate(rules) if holds), None)


def _counts(text: str, span: CharSpan) -> Iterator[_Count]:
    """The counts of people in text order."""
    floor = span.start
    for people in _PEOPLE.finditer(text, *span):
        if people.start() and (text[people.start() - 1].isalnum() or text[people.start() - 1] == "_"):
            continue  # "inpatients"
        words = list(_WORD.finditer(text, max(people.start() - REACH, floor), people.start()))[-MAX_WORDS:]
        for number in range(len(words) - 1, -1, -1):
            word = words[number][0].lower()
            if word in _STOPS or (word == "and" and number and words[number - 1][0].lower() != "hundred"):
                break
            counted = _read(words, number)
            if counted is not None and "%" not in text[words[number].end() : people.start()]:
                first, value = counted
                start = words[first].start()
                yield _Count(value, CharSpan(start, words[number].end()), people.end(), len(words) - 1 - number)
                break
        floor = people.end()


def _read(words: list[re.Match[str]], number: int) -> tuple[int, int] | None:
    """Where the number that ends with a word begins, and its value: "110", "twenty-four", "One hundred and seven"."""
    word = words[number][0].lower()
    if _NUMBER.fullmatch(word):
        return number, int(word.replace(",", ""))
    if word == "hundred":
        rest, before = 0, number
    elif word in NUMBER_WORDS:
        rest, before = NUMBER_WORDS[word], number - 1
        if before >= 0 and words[before][0].lower() == "and":
            before -= 1
        if before < 0 or words[before][0].lower() != "hundred":
            return number, rest
    else:
        return None
    many = words[before - 1][0].lower() if before else ""
    if many == "a" or many in NUMBER_WORDS:
        return before - 1, 100 * NUMBER_WORDS.get(many, 1) + rest
    return None
