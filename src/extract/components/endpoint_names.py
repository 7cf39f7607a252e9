"""Names of outcomes in running text: what the lexicon and the document's own short forms stand for.

A form matches with the severity, verb or rate that authors print with it; the span leaves those out.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from extract.components.phrases import Hit, PhraseIndex, Words
from extract.patterns import lazy_regex

_SLASH = lazy_regex(r"\s?/\s?$")
# What a form may begin with and its span does not: severity, verbs of reaching, time, and how it is counted.
_LEADING = lazy_regex(
    r"(?:(?:grades?|stage)\s[\dIVX]+(?:\s?[-/–]\s?[\dIVX]+|\sor\s(?:higher|more|greater|above))?|serious|severe|"
    r"(?:mild|moderate)(?:\s(?:to|or|and)\s(?:moderate|severe))?|fatal(?=\s\w)|"
    r"(?:deep|deeper|durable|long-term|persistent|sustained)(?=\s(?:responses?|remissions?|CR|MRD)\b)|"
    r"overall(?=\sremission)|hepatic(?=\sveno)|on-treatment|achiev(?:ed?|ing)|"
    r"attain(?:ed|ing)|obtain(?:ed|ing)|"
    r"experienc(?:ed?|ing)|develop(?:ed|ing)?|report(?:ed|ing))[\s-]|"
    r"(?:cumulative\s)?(?:incidences?|rates?|risks?|probabilit(?:y|ies)|frequency|number)\sof\s(?=(?!relapse|"
    r"recurrence|progression|failure))",
    re.IGNORECASE,
)
# The first letters of what `_LEADING` matches.
_LEADING_STARTS = frozenset(
    [
        "gra",
        "sta",
        "ser",
        "sev",
        "mod",
        "mil",
        "fat",
        "dee",
        "dur",
        "lon",
        "per",
        "sus",
        "ove",
        "hep",
        "on-",
        "ach",
        "att",
        "obt",
        "exp",
        "dev",
        "rep",
        "cum",
        "inc",
        "rat",
        "ris",
        "pro",
        "fre",
        "num",
    ]
)
_HEART_CAUSE = lazy_regex(
    r"(?<![\w-])(?:CVD?|CHD|IHD|cardiac|coronary(?:\s(?:heart|artery)\sdisease)?|cardiovascular(?:\sdisease)?|"
    r"cerebrovascular|stroke|heart\sfailure|"
    r"sudden\scardiac|vascular)(?:-specific|-related)?\s(?:\([A-Z]{2,4}\)\s)?$",
    re.IGNORECASE,
)
_DURING = lazy_regex(r"(?<![\w-])(?:post|peri|intra)-$", re.IGNORECASE)
CAUSE_REACH = 40  # characters before a death in which its cause stands
_JOINED_AFTER = lazy_regex(r"-[A-Z0-9]")
_JOINED_BEFORE = lazy_regex(r"[A-Z0-9]-$")
# The word rate belongs to the name of few outcomes only.
_RATED = "response responder relapse recurrence death birth exacerbation filtration heart sedimentation"
_TRAILING = lazy_regex("".join(f"(?<!{word})" for word in _RATED.split()) + r"\srates?$", re.IGNORECASE)
_TIME = lazy_regex(r"[Tt]ime\s(?:to|until)\s")
_COMPLETES = lazy_regex(r"(?:\s(?:scores?|index|scale|events?|levels?))+")
_JOINT = frozenset({" ", " mean "})  # between a mark and words that go on with its name


@dataclass(frozen=True, slots=True)
class Concept:
    """What a name stands for: the code, its name in the lexicon and when it is marked."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """The names of outcomes that hold in one document."""

    forms: PhraseIndex[Concept]
    symbols: PhraseIndex[Concept]
    local: PhraseIndex[Concept] | None

    def hits(self, text: str, start: int, end: int) -> list[Hit[Concept]]:
        """Forms and symbols, the longest where they overlap; two names of one outcome joined by a slash are one."""
        words = Words(text, start, end)
        local = self.local.find_in(words) if self.local is not None else ()
        symbols = (hit for hit in chain(self.symbols.find_in(words), local) if _stands_alone(text, hit))
        hits = [_trimmed(text, hit) for hit in (*self.forms.find_in(words), *symbols)]
        hits.sort(key=lambda hit: (hit.start, -hit.end))
        kept: list[Hit[Concept]] = []
        for hit in hits:
            last = kept[-1] if kept else None
            if last is not None and hit.start < last.end:
                if hit.end - hit.start > last.end - last.start:
                    kept[-1] = hit
            elif (
                last is not None
                and last.payload.code == hit.payload.code != "OTHER"
                and _SLASH.match(text[last.end : hit.start])
            ):
                kept[-1] = Hit(last.start, hit.end, last.payload)
            else:
                kept.append(hit)
        return kept


def _stands_alone(text: str, hit: Hit[Concept]) -> bool:
    """Whether a symbol is a word of its own and no part of a hyphenated code (`PD-L1`, `ABC-VTE`)."""
    return not _JOINED_AFTER.match(text, hit.end) and not _JOINED_BEFORE.search(text, max(hit.start - 2, 0), hit.start)


def _trimmed(text: str, hit: Hit[Concept]) -> Hit[Concept]:
    """The hit without the severity, verb or rate that its form begins with."""
    start = hit.start
    while text[start : start + 3].lower() in _LEADING_STARTS and (match := _LEADING.match(text, start, hit.end)):
        start = match.end()
    payload = hit.payload
    if payload.code == "DEATH" and (cause := _HEART_CAUSE.search(text, max(start - CAUSE_REACH, 0), start)):
        start, payload = cause.start(), Concept("CV_DEATH", "cardiovascular death", "named")
    elif text[start - 1 : start] == "-" and (during := _DURING.search(text, max(start - CAUSE_REACH, 0), start)):
        start = during.start()
    ends_in_rate = text[hit.end - 5 : hit.end].lower().rstrip("s").endswith("rate")
    rate = _TRAILING.search(text, start, hit.end) if ends_in_rate else None
    end = rate.start() if rate else hit.end
    return Hit(start, end, payload) if start < end else hit


def named_phrases(
    text: str, phrases: Sequence[tuple[int, int]], hits: Sequence[Hit[Concept]], marked: Sequence[Hit[Concept]]
) -> Iterator[Hit[Concept]]:
    """The phrases of a sentence that no mark covers yet, under their name in the lexicon or else their own.

    All are in text order, and neither hits nor marks overlap; a time to an outcome covers the marks inside it.
    """
    starts, ends = [hit.start for hit in hits], [hit.end for hit in hits]
    taken = [hit[:2] for hit in marked]
    for start, end in phrases:
        last = bisect_left(starts, end) - 1
        phrase = Hit(start, end, Concept("OTHER", text[start:end].lower(), "bound"))
        inside = last >= 0 and ends[last] > start
        if inside and starts[last] > start and _TIME.match(text, start):
            yield phrase  # a time to an outcome is an outcome of its own
            continue
        if inside:
            phrase = hits[last]
        if phrase.end < end:
            if phrase.start > start or not _COMPLETES.fullmatch(text, phrase.end, end):
                continue
            phrase = Hit(start, end, phrase.payload)
        index = bisect_left(taken, phrase[:2])
        before = taken[index - 1] if index else (0, 0)
        joined = before[1] > 0 and (before[1] > phrase.start or text[before[1] : phrase.start] in _JOINT)
        if not joined and not (index < len(taken) and taken[index][0] < phrase.end):
            insort(taken, phrase[:2])
            yield phrase
