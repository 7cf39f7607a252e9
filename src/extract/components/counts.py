"""Counts of people and events: `18/43`, "Sixty-nine of the 110", "two patients", "none", "all patients", "both"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import cast

import numpy as np
from spacy.attrs import IDX, IS_DIGIT, LOWER
from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, adapt_tokenizer, make_spans, text_of, values, zones
from extract.components.grammar import NUMBER_WORD, NUMBER_WORDS, whole_number
from extract.patterns import lazy_regex
from extract.values import Count

_WHOLE = r"(?:[1-9]\d{0,2}(?:[,\u00a0]\d{3})+|\d{1,6})"
_NUMBER = rf"(?:{_WHOLE}|{NUMBER_WORD})"
_AFTER = r"(?![\w%/±²³·-]|\.\d|,\d)"
_PEOPLE = (
    r"(?:patients?|subjects?|participants?|individuals?|persons?|people|men|women|children|adults|infants?|"
    r"adolescents?|boys|girls|"
    r"cases?|responders?|survivors?|recipients?|donors?|eyes|deaths?|events?|episodes?|relapses?|fatalities|"
    r"strokes|bleeds|hospitali[sz]ations?|"
    r"infections|pregnancies|births|failures|trials?|studies|of\s(?:them|these|whom|those|which)|others?)"
)
_OF = lazy_regex(
    rf"(?P<n>{_NUMBER}|none|all|both|neither|one)\s(?:out\s)?of\s(?:the\s|these\s|those\s|all\s|our\s|its\s|"
    rf"their\s)?(?:remaining\s|first\s|other\s|evaluable\s|eligible\s)?(?P<total>{_NUMBER}){_AFTER}",
    re.IGNORECASE,
)
_RATIO = lazy_regex(rf"(?P<n>{_WHOLE})\s?/\s?(?P<total>{_WHOLE}){_AFTER}")
_OF_NAMED = lazy_regex(
    rf"(?P<n>{_NUMBER})\s(?P<noun>(?:[A-Za-z][\w/+-]*\s){{0,3}}?(?:patients|subjects|participants|children|women|"
    rf"men))\s(?:out\s)?of\s(?:the\s)?(?P<total>{_NUMBER}){_AFTER}",
    re.IGNORECASE,
)
_PLAIN = lazy_regex(
    rf"(?P<n>{_NUMBER})(?:\s\(\d[\d.]*\s?%\))?(?:\s(?!(?:of|and|or|to|is|are|was|were|that|which|who|in|for|with|"
    rf"by|the|as|at|from|than)\b)[A-Za-z(][\w/+<>≤≥.'-]*\)?){{0,4}}?\s{_PEOPLE}\b",
    re.IGNORECASE,
)
_SHARING = lazy_regex(rf"(?<![\w.])(?P<n>{_WHOLE}|(?i:{NUMBER_WORD}))(?:,\s|,?\s(?:and|or|vs\.?|versus)\s)$")
# "23 [10%] of 233", "five (3%)": whatever is counted
_SHARE_BESIDE = lazy_regex(rf"(?P<n>{_NUMBER})(?=\s?[(\[]\s?[<>≤≥]?\d[\d.]*\s?%\s?[)\]])", re.IGNORECASE)
_VERBED = lazy_regex(
    rf"(?P<n>{_NUMBER})\s(?:\(\d[\d.]*%\)\s)?(?=(?:who\s)?(?:later\s|then\s|subsequently\s|eventually\s|"
    rf"also\s)?(?:had|have|has|died|relapsed|experienced|developed|"
    rf"achieved|received|underwent|required|"
    r"were|was|did|[a-z]{3,}ed|(?:experienc|develop|achiev|requir|hav|dy|be|receiv|relaps)ing|went|became|survived|"
    r"progressed|responded|discontinued|withdrew|remained|in\swhom|additional|of\swhom|with|"
    r"in\s(?:the\s)?(?:[\w+/-]+\s){1,8}?(?:arm|group|cohort))\b)",
    re.IGNORECASE,
)
# With what every count begins: most numbers of a text go on otherwise.
_BEGINS = lazy_regex(rf"(?:{_NUMBER}|none|all|both|neither)(?=\s[A-Za-z\d(]|\s?[/(\[])", re.IGNORECASE)
_EQUALS_BEFORE = lazy_regex(r"\b[nN]\s?=\s?$")
_EQUALS = lazy_regex(rf"(?P<n>{_WHOLE}){_AFTER}")
_QUANTIFIED = lazy_regex(
    rf"(?P<word>all|both|every|each|none|neither|no)\b(?=(?:\s(?:of\s)?(?:the\s|these\s|"
    rf"other\s)?(?:[\w/+-]+\s){{0,3}}?{_PEOPLE}\b)|"
    r"\s(?:had|have|were|was|died|relapsed|experienced|developed|survived|achieved|of\b))",
    re.IGNORECASE,
)
_QUANTIFIERS = {"none": 0, "no": 0, "neither": 0, "both": 2}  # all, every and each count a total that stands elsewhere
_GRADE_BEFORE = lazy_regex(
    r"\b(?:[Gg]rades?|[Ss]tages?|[Tt]ypes?|[Pp]hases?|[Cc]lass(?:es)?|[Cc]ycles?|[Gg]roups?|[Tt]ables?|[Ff]igures?|"
    r"[Pp]art|[Ll]evels?)\s(?:[≥>≤<]\s?)?"
    r"(?:\d\s?(?:or|to|and|-|,)\s?)?$"
)
_FIRST_WORDS = {re.split("[- ]", word)[0] for word in NUMBER_WORDS} | {"all", "every", "each", *_QUANTIFIERS}
_NOUGHT = frozenset({"none", "no", "neither"})


class Counts(Component):
    """Finds COUNT spans; leaves out numbers that are already doses, percentages, durations or citations."""

    group = "counts"

    def __init__(self, nlp: Language) -> None:
        self._words = np.array([nlp.vocab.strings.add(word) for word in sorted(_FIRST_WORDS)], dtype=np.uint64)

    def find(self, doc: Doc) -> list[Span]:
        """Counts in text order."""
        text = text_of(doc)
        barred = sorted(
            (start, end)
            for name in ("percents", "doses", "durations", "citations", "registry_ids")
            for start, end, _ in values(doc, name)
        )
        starts = self._starts(doc)
        found: list[tuple[int, int, Count]] = []
        for zone in zones(doc):
            taken = zone.start
            for start in starts[bisect_left(starts, zone.start) : bisect_left(starts, zone.end)]:
                if (
                    start < taken
                    or _goes_on(text, start)
                    or _overlaps(barred, start, start + 1)
                    or _GRADE_BEFORE.search(text, max(zone.start, start - 20), start)
                ):
                    continue
                hit = _at(text, start, zone.start, zone.end)
                if hit is not None and not _overlaps(barred, hit[0], hit[1]):
                    found += [each for each in _sharing(text, hit[0], taken) if not _overlaps(barred, *each[:2])]
                    found.append(hit)
                    taken = hit[1]
        return make_spans(doc, found, "COUNT")

    def _starts(self, doc: Doc) -> list[int]:
        """Char offsets where a count can begin: at numbers and at words of number."""
        table = doc.to_array([LOWER, IS_DIGIT, IDX])
        begins = table[:, 1].astype(bool) | np.isin(table[:, 0], self._words)
        return cast("list[int]", table[begins, 2].tolist())


def _goes_on(text: str, start: int) -> bool:
    """Whether a word, a number or a ratio runs into the character at `start`."""
    if start == 0:
        return False
    before = text[start - 1]
    return before.isalnum() or before in "_.,%±·-" or (before == "/" and text[start - 2 : start - 1].isdigit())


def _at(text: str, start: int, floor: int, ceiling: int) -> tuple[int, int, Count] | None:
    """The count whose number or quantifier begins at `start`."""
    equals = _EQUALS.match(text, start, ceiling) if _EQUALS_BEFORE.search(text, max(start - 6, floor), start) else None
    patterns = (_OF_NAMED, _OF, _RATIO, _SHARE_BESIDE, _PLAIN, _VERBED) if _BEGINS.match(text, start) else ()
    for match in [equals] if equals else (pattern.match(text, start, ceiling) for pattern in patterns):
        if match is not None and (value := _count(match)) is not None:
            return start, match.end("total") if match.groupdict().get("total") else match.end("n"), value
    match = _QUANTIFIED.match(text, start, ceiling)
    if match is not None and not match[0].startswith("ALL"):
        word = match["word"].lower()
        return start, match.end("word"), Count(_QUANTIFIERS.get(word)) if word in _QUANTIFIERS else Count(None)
    return None


def _sharing(text: str, start: int, floor: int) -> Iterator[tuple[int, int, Count]]:
    """Numbers of a list before a count that share its noun: "six, eight and seven patients"."""
    while match := _SHARING.search(text, max(floor, start - 24), start):
        n = _number(match["n"])
        if n is None or _goes_on(text, match.start("n")) or re.fullmatch(r"(?:19|20)\d\d", match["n"]):
            return
        yield (*match.span("n"), Count(n))
        start = match.start("n")


def _count(match: re.Match[str]) -> Count | None:
    n = _number(match["n"])
    groups = match.groupdict()
    total = _number(groups["total"]) if groups.get("total") else None
    if match["n"].lower() in {"all", "both"} and total is not None:
        n = total
    if n is None or (total is not None and n > total):
        return None
    return Count(n, total)


def _number(text: str) -> int | None:
    return 0 if text.lower() in _NOUGHT else whole_number(text)


def _overlaps(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    index = bisect_left(spans, (start, start))
    return any(s < end and start < e for s, e in spans[max(index - 1, 0) : index + 1])


@Language.factory("extract_counts", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> Counts:
    """The component for `nlp.add_pipe("extract_counts")`."""
    adapt_tokenizer(nlp)
    return Counts(nlp)
