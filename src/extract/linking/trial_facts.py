"""What a sentence prints of a trial: phase, age, years of recruitment, sponsor. Each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable

from extract.document import CharSpan
from extract.linking import FieldValue, Found
from extract.patterns import lazy_regex, regex

_NUMERAL = r"(?:IV|I{1,3}|[1-4])[ab]?"
_PHASE = lazy_regex(
    rf"\bphase[ -](?P<first>{_NUMERAL})(?:\s?[/-]\s?(?:phase\s)?(?P<second>{_NUMERAL}))?(?![\w.])(?!\sdose)",
    re.IGNORECASE,
)
_STUDY_AFTER = lazy_regex(
    r"[\s,](?:[^.;()]{0,70}?\s)?(?:trials?|stud(?:y|ies)|protocol|registration|design|programme|program)\b|\)",
    re.IGNORECASE,
)
_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_YEAR = r"(?:19[5-9]|20[0-4])\d"
_MONTH = r"(?:(?:\d{1,2}\s)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s(?:\d{1,2},?\s)?)?"
_ANY_YEAR = lazy_regex(r"(?:19[5-9]|20[0-4])\d")
_YEARS = (
    lazy_regex(
        rf"\b(?:between\s{_MONTH}{_YEAR}\sand|{_MONTH}{_YEAR}\s(?:to|through|until))\s{_MONTH}{_YEAR}\b(?!-)",
        re.IGNORECASE,
    ),
    lazy_regex(rf"(?<![\d-]){_YEAR}\s?-\s?(?:{_YEAR}|\d\d)(?![\d/-])"),
)
_NOT_RECRUITMENT = lazy_regex(
    r"\b(?:published|reported at|update of|amend\w+|changed|versus|compared)\b[^.;]{0,20}$", re.IGNORECASE
)
_AGE_NUMBER = r"\d{1,2}(?:\.\d+)?"
_UNIT = r"(?:years?|yrs?|months?|days?|weeks?)"
_AGES = (
    lazy_regex(
        rf"(?<![\w.])(?:≥|>|<|≤|at least|from)?\s?{_AGE_NUMBER}\s?(?:{_UNIT}\s)?(?:-|to|up to|and|through)\s(?:<|≤|"
        rf"<=)?\s?{_AGE_NUMBER}\s{_UNIT}\b",
        re.IGNORECASE,
    ),
    lazy_regex(rf"(?<![\w.]){_AGE_NUMBER}\s?-\s?{_AGE_NUMBER}\s{_UNIT}\b", re.IGNORECASE),
    lazy_regex(
        rf"(?<![\w.]){_AGE_NUMBER}\s{_UNIT}\s(?:of age\s)?(?:or|and)\s(?:older|over|above|younger|more)\b",
        re.IGNORECASE,
    ),
    lazy_regex(rf"\bolder than {_AGE_NUMBER} {_UNIT}\b|\byounger than {_AGE_NUMBER} {_UNIT}\b", re.IGNORECASE),
    lazy_regex(rf"(?:≥|>|<|≤)\s?{_AGE_NUMBER}\s{_UNIT}\b"),
    lazy_regex(
        rf"\b(?:median|mean)\sage(?:\sof)?\s(?:was\s)?{_AGE_NUMBER}(?:\s?±\s?{_AGE_NUMBER})?(?:\s{_UNIT}|"
        rf"(?=\s[(\[]range))"
        rf"(?:\s[(\[][^()\[\]]{{3,40}}[)\]])?",
        re.IGNORECASE,
    ),
)
_AGE_SIGNS = ("year", "yr", "month", "day", "week", "age")  # one of which every age holds
_AGE_CONTEXT = lazy_regex(
    r"\b(?:ages?|aged|old(?:er)?|young(?:er)?|patients|children|adults|women|men|infants|subjects|participants)\b",
    re.IGNORECASE,
)
_NOT_AGE = lazy_regex(
    r"\b(?:for|follow-up|within|after|survival|every|over|at|until|day|week|cycles?)\s$|\bexclud\w+\b[^.;]*$|"
    r"\bage groups?\b[^.;]*$|"
    r"\b(?:sub-?groups?|conditioned|received|treated|stratified|defined|than)\b[^.;]{0,50}$",
    re.IGNORECASE,
)
_WHO_ENTERS = lazy_regex(
    r"\b(?:eligib\w+|enrol\w+|inclu\w+|recruit\w+|randomi[sz]\w+|aged|trials?|study|studied|protocol|investigat\w+|"
    r"allows?|combination)\b",
    re.IGNORECASE,
)
_ENTERS = lazy_regex(r"\b(?:eligible|eligibility|inclusion criteri\w+|enrol\w+|enter\w*)\b", re.IGNORECASE)
_GROUPS = (
    r"(?:children|p(?:a?e)diatric patients|infants|adults|adolescents|AYAs|young adults|elderly patients|older adults)"
)
_WHO = rf"(?P<who>{_GROUPS}(?:\s(?:and|or)\s{_GROUPS})?)"
_POPULATION = lazy_regex(rf"(?:\b(?:in|of|for|among|both|enrolling|with)\s|\d\s|,\s){_WHO}\b", re.IGNORECASE)
_BRACKETED = lazy_regex(rf"\b{_WHO}\s[(\[][^()\[\]]*$", re.IGNORECASE)
_GROUP_NOUN = (
    r"(?:Group|Society|Consortium|Network|Association|Organi[sz]ation|Cent(?:er|re)|University|Institut\w+|"
    r"Foundation|College|"
    r"Alliance|Council|Hospital|Clinic)"
)
_CAPITALS = r"[A-Z][\w.'&À-ž-]*(?:\s(?:of|for|and|in|the|on|de|di|et)(?=\s[A-Z])|\s[A-Z][\w.'&À-ž-]*){0,9}"


def find_phase(text: str, span: CharSpan) -> Found | None:
    """The phase of a trial in Roman numerals."""
    for match in _PHASE.finditer(text, *span):
        if not _STUDY_AFTER.match(text, match.end(), span.end):
            continue
        parts = [_roman(part) for part in (match["first"], match["second"]) if part]
        return Found("/".join(parts), (CharSpan(*match.span()),))
    return None


def _roman(numeral: str) -> str:
    return _ROMAN.get(numeral[0], numeral.rstrip("abAB").upper()) + (numeral[-1] if numeral[-1] in "ab" else "")


def find_years(text: str, span: CharSpan) -> Found | None:
    """Years of recruitment as written."""
    if not _ANY_YEAR.search(text, *span):
        return None
    for pattern in _YEARS:
        for match in pattern.finditer(text, *span):
            if not _NOT_RECRUITMENT.search(text, max(match.start() - 50, span.start), match.start()):
                return _as_written(text, *match.span())
    return None


def find_age(text: str, span: CharSpan) -> Found | None:
    """The age range of the people studied as written."""
    words = text[slice(*span)].lower()
    if not any(sign in words for sign in _AGE_SIGNS):
        return None
    for pattern in _AGES:
        for match in pattern.finditer(text, *span):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            before = text[max(start - 90, span.start) : start]
            around = before[-40:] + text[start : match.end() + 25]
            if (
                _AGE_CONTEXT.search(around)
                and not _NOT_AGE.search(before)
                and ("age" in match[0] or _WHO_ENTERS.search(before))
            ):
                return _as_written(text, start, match.end())
    return None


def says_who_enters(text: str, span: CharSpan) -> bool:
    """Whether a sentence says who can enter a trial."""
    return bool(_ENTERS.search(text, *span))


def find_people(text: str, span: CharSpan, mention: CharSpan | None = None) -> Found | None:
    """What the people studied are called, where no age is given; those right before the bracket of a mention first."""
    match = _BRACKETED.search(text, max(mention.start - 80, span.start), mention.start) if mention else None
    match = match or _POPULATION.search(text, *span)
    return _as_written(text, *match.span("who")) if match else None


def sponsor_reader(groups: tuple[str, ...]) -> Callable[[str, CharSpan, CharSpan], Found | None]:
    """A reader of the group that runs a trial, beside the trial's mention; `groups` are known by their short names."""
    short = "|".join(sorted(map(re.escape, groups), key=len, reverse=True))
    group = (
        rf"(?:(?:{short})(?![\w-])(?:\s(?:Study\s)?Group)?|{_CAPITALS}(?<=[a-z])(?:\s\([A-Z][\w-]+\))?(?:\s[Gg]roup)?)"
    )
    after = regex(
        rf"(?:\s?\([^()]*\))?(?:\s(?:\w+\s){{0,3}}?(?:trials?|study|studies|protocol|programme))?\s(?:of|by|from|"
        rf"(?:run|led|conducted|sponsored|"
        rf"coordinated)\sby)\s(?:the\s)?(?P<group>{group})"
    )
    before = regex(
        rf"(?<![\w-])(?P<group>{short})\s(?:(?:phase\s\S+|randomi[sz]ed|pivotal)\s)*(?:trial|study|protocol)\s?[(\[]?$"
    )
    within = regex(rf"\bthe\s(?P<group>{_CAPITALS}(?:\s\([A-Z][\w-]+\))?(?:\s[Gg]roup)?)\s\($")
    subject = regex(
        rf"(?:The\s)?(?P<group>{_CAPITALS})\s(?:is|are|has|have)\s(?:currently\s|now\s|"
        rf"also\s)?(?:been\s)?(?:conducting|evaluating|"
        rf"investigating|studying|testing|running|recruiting)\b"
    )
    beside_id = regex(r"\s?[(\[][^()\[\]]*\d[^()\[\];]*;\s(?P<group>(?:the\s)?[A-Z][A-Za-z-]+)[)\]]")
    own = regex(rf"\b(?:trial|study)\s(?:of|by|from)\s(?:the\s)?(?P<group>{group})")

    def find(text: str, sentence: CharSpan, mention: CharSpan) -> Found | None:
        candidates = [
            after.match(text, mention.end, min(mention.end + 140, sentence.end)),
            before.search(text, max(mention.start - 60, sentence.start), mention.start),
            within.search(text, max(mention.start - 90, sentence.start), mention.start),
            subject.match(text, *sentence),
            own.search(text, max(mention.start - 80, sentence.start), mention.start),
        ]
        network = beside_id.match(text, mention.end, min(mention.end + 140, sentence.end))
        if network is not None and "-" not in network["group"]:
            return _as_written(text, *network.span("group"))
        for match in candidates:
            if match and (re.fullmatch(short, match["group"]) or _is_group(match["group"])):
                return _as_written(text, *match.span("group"))
        return None

    return find


def _is_group(name: str) -> bool:
    return bool(re.search(rf"\b{_GROUP_NOUN}\b|\b[Gg]roup$", name))


def _as_written(text: str, start: int, end: int) -> Found:
    value: FieldValue = re.sub(r"\s+", " ", text[start:end])
    return Found(value, (CharSpan(start, end),))
