"""Counts of people and events: `18/43`, "Sixty-nine of the 110", "two patients", "none", "all patients", "both"."""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, adapt_tokenizer, make_spans, text_of, values, zones
from extract.components.grammar import NUMBER_WORD, NUMBER_WORDS
from extract.values import Count

_WHOLE = r"(?:[1-9]\d{0,2}(?:[,\u00a0]\d{3})+|\d{1,6})"
_NUMBER = rf"(?:{_WHOLE}|{NUMBER_WORD})"
_BEFORE = r"(?<![\w.,%/±·-])"
_AFTER = r"(?![\w%/±²³·-]|\.\d|,\d)"
_PEOPLE = (
    r"(?:patients?|subjects?|participants?|individuals?|persons?|people|men|women|children|adults|infants?|adolescents?|boys|girls|"
    r"cases?|responders?|survivors?|recipients?|donors?|eyes|deaths?|events?|episodes?|relapses?|fatalities|strokes|bleeds|hospitali[sz]ations?|"
    r"infections|pregnancies|births|failures|trials?|studies|of\s(?:them|these|whom|those|which)|others?)"
)
_OF = re.compile(
    rf"{_BEFORE}(?P<n>{_NUMBER}|none|all|both|neither|one)\s(?:out\s)?of\s(?:the\s|these\s|those\s|all\s|our\s|its\s|their\s)?(?:remaining\s|first\s|other\s|evaluable\s|eligible\s)?(?P<total>{_NUMBER}){_AFTER}",
    re.IGNORECASE,
)
_RATIO = re.compile(rf"{_BEFORE}(?P<n>{_WHOLE})\s?/\s?(?P<total>{_WHOLE}){_AFTER}")
_OF_NAMED = re.compile(rf"{_BEFORE}(?P<n>{_NUMBER})\s(?P<noun>(?:[A-Za-z][\w/+-]*\s){{0,3}}?(?:patients|subjects|participants|children|women|men))\s(?:out\s)?of\s(?:the\s)?(?P<total>{_NUMBER}){_AFTER}", re.IGNORECASE)
_PLAIN = re.compile(rf"{_BEFORE}(?P<n>{_NUMBER})(?:\s(?!(?:of|and|or|to|is|are|was|were|that|which|who|in|for|with|by|the|as|at|from|than)\b)[A-Za-z(][\w/+<>≤≥.'-]*\)?){{0,4}}?\s{_PEOPLE}\b", re.IGNORECASE)
_VERBED = re.compile(
    rf"{_BEFORE}(?P<n>{_NUMBER})\s(?:\(\d[\d.]*%\)\s)?(?=(?:who\s)?(?:had|have|has|died|relapsed|experienced|developed|achieved|received|underwent|required|"
    r"were|was|did|survived|progressed|responded|discontinued|withdrew|remained|in\swhom|additional|of\swhom|with)\b)",
    re.IGNORECASE,
)
_EQUALS = re.compile(rf"\b[nN]\s?=\s?(?P<n>{_WHOLE}){_AFTER}")
_QUANTIFIED = re.compile(
    rf"(?<![\w-])(?:(?P<all>all|both|every|each)|(?P<none>none|neither|no(?!t))(?:\sof)?)\b(?=(?:\s(?:of\s)?(?:the\s|these\s|other\s)?(?:[\w/+-]+\s){{0,3}}?{_PEOPLE}\b)|\s(?:had|have|were|was|died|"
    r"relapsed|experienced|developed|survived|achieved|of\b))",
    re.IGNORECASE,
)
_NOUGHT = frozenset({"none", "no", "neither"})


class Counts(Component):
    """Finds COUNT spans; leaves out numbers that are already doses, percentages, durations or citations."""

    group = "counts"

    def find(self, doc: Doc) -> list[Span]:
        """Counts in text order."""
        text = text_of(doc)
        barred = [
            (start, end) for name in ("percents", "doses", "durations", "citations", "registry_ids") for start, end, _ in values(doc, name)
        ]
        found: dict[tuple[int, int], Count] = {}
        for zone in zones(doc):
            for pattern in (_OF_NAMED, _OF, _RATIO, _EQUALS, _PLAIN, _VERBED):
                for match in pattern.finditer(text, zone.start, zone.end):
                    value = _count(match)
                    first = match.start("n")
                    last = match.end("total") if "total" in pattern.groupindex else match.end("n")
                    if value is not None and not any(first < e and s < last for s, e in found):
                        found[first, last] = value
            for match in _QUANTIFIED.finditer(text, zone.start, zone.end):
                name = "all" if match["all"] else "none"
                first, last = match.span(name)
                if match[name].lower() in {"both", "none", "no", "neither"} and not any(first < e and s < last for s, e in found):
                    found[first, last] = Count(2 if match[name].lower() == "both" else 0)
                elif match[name].lower() in {"all", "every", "each"} and not any(first < e and s < last for s, e in found):
                    found[first, last] = Count(-1)
        ends = sorted(barred)
        kept = [(start, end, value) for (start, end), value in found.items() if not _overlaps(ends, start, end)]
        return make_spans(doc, kept, "COUNT")


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
    lower = text.lower()
    if lower in _NOUGHT:
        return 0
    if lower in NUMBER_WORDS:
        return NUMBER_WORDS[lower]
    digits = re.sub(r"[,\u00a0]", "", text)
    return int(digits) if digits.isdigit() else None


def _overlaps(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    from bisect import bisect_left

    index = bisect_left(spans, (start, start))
    return any(s < end and start < e for s, e in spans[max(index - 1, 0) : index + 1])


@Language.factory("extract_counts", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> Counts:
    """The component for `nlp.add_pipe("extract_counts")`."""
    adapt_tokenizer(nlp)
    return Counts()
