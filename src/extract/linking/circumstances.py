"""Circumstances of a result: when it was measured, how severe the event was, how many people it is counted in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.document import CharSpan
from extract.linking import Found, Mark, Marks
from extract.linking.coordination import OutcomeGroup
from extract.linking.figures import Result
from extract.patterns import lazy_regex

# A length of time that is no time point: ages, follow-up, how long something was given.
_NO_TIME_BEFORE = lazy_regex(
    r"(?:\b(?:aged?|ages|follow-?up(?:\stime|\speriod)?(?:\s(?:of|was|time))?|(?:older|younger|longer|shorter|more|"
    r"less|later|earlier)\sthan|over|under|"
    r"than|(?:median|mean|average)(?:\stime)?\s(?:of|was|to|from)|every|lasting|lasted|duration(?:\sof)?|"
    r"treated\sfor|for|past|last|previous|"
    r"interval\sof|minimum\sof|maximum\sof|range[sd]?|from|between|starting)|[<>≤≥±(]|\d\s?-|\bto)\s?(?:a\s|the\s|"
    r"up\sto\s|about\s|at\sleast\s|day\s)?$",
    re.IGNORECASE,
)
_NO_TIME_AFTER = lazy_regex(
    r"[\s-](?:of\sage|olds?\b|or\s(?:older|younger|more|less)|and\s(?:older|younger)|of\b|earlier|ago|prior|before|"
    r"to\s\d|apart|per\b|course|"
    r"cycles?|regimen)",
    re.IGNORECASE,
)
_OF_EVENT = lazy_regex(
    r"\sof\s(?:the\s)?(?:follow-?up|surgery|transplant\w*|randomi[sz]ation|diagnosis|discharge|birth|onset|"
    r"admission|enrol\w+|infusion|procedure|"
    r"operation|vaccination|delivery)\b"
)
_LEADS_TIME = lazy_regex(
    r"\b(?:at|by|after|within|on|until|through|over|during|up\sto)\s(?:the\s|a\s|about\s|approximately\s|"
    r"post-?\s?\w*\s|first\s|end\sof\s|"
    r"(?:\d+|one|two)\s?(?:,|and|to|-)\s?)*$",
    re.IGNORECASE,
)
_STANDS_BY = lazy_regex(r"\s?[(\[:]\s?")  # "30-day (9% vs. 8%)"
_FIRST = lazy_regex(r"\bfirst\s$")
_SINCE = lazy_regex(r"\s(?:after|post|following|from|since)\b")
# What may stand between a time point and the outcome that it qualifies.
_TO_OUTCOME = lazy_regex(
    r"[\s-]*(?:(?:post|overall|estimated|cumulative|probabilit(?:y|ies)|incidences?|rates?|of|the|and|KM|actuarial|"
    r"Kaplan-Meier|projected|event|crude|"
    r"landmark|survival|for|mean|median|all-cause|in-hospital|grades?\s[\dIV]+(?:-[\dIV]+)?|severe|"
    r"moderate(?:/severe)?)[\s,(-]+)*(?:[\w/-]+\s){0,2}$"
)
_AND = lazy_regex(r"[\s)]*-?\s?(?:,|and|or|,\sand|to|/|-)\s?")
_GRADE = lazy_regex(
    r"(?P<grade>\b(?:any\sgrade|all[\s-]grade|grades?\s(?:[≥>≤<]\s?)?(?:\d|I{1,3}V?|IV|V)(?:\s?(?:-|to|or|and|"
    r"/)\s?(?:\d|I{1,3}V?|IV|V))*(?:\sor\s(?:higher|worse|greater|above))?"
    r"|(?:moderate|mild)(?:\s?(?:/|-|to|or)\s?(?:moderate|severe))?|severe|life-threatening|"
    r"serious))(?:\s(?:or\sworse|acute|chronic|treatment-related|\w+))?"
    r"\s?[\s(-]\s?$",
    re.IGNORECASE,
)
_GRADE_AFTER = lazy_regex(
    r"\s?(?:\([^()]{0,20}\)\s)?[(,]?\s?(?:of\s|was\s|were\s|in whom this was\s|being\s)?(?P<grade>any\sgrade|"
    r"all\sgrades|grades?\s(?:[≥>≤<]\s?)?(?:\d|I{1,3}V?|IV|V)(?:\s?(?:-|to|or|and|/)\s?(?:\d|I{1,3}V?|IV|V))*"
    r"(?:\sor\s(?:higher|worse|greater|above))?)",
    re.IGNORECASE,
)
_CUT = lazy_regex(r";|\.\s|\b(?:whereas|while|although|but)\b")
_LETTER = lazy_regex(r"[A-Za-z]")
_TIME_UNIT = lazy_regex(r"\b(?:years?|months?|weeks?|days?|hours?)\b|(?<=\d)(?:y|mo|wk|d|h)\b", re.IGNORECASE)
QUALIFIES = 60  # characters between a time point and the outcome it qualifies
NEAR = 90  # characters between a result or outcome and its time point


def time_points(marks: Marks, start: int, end: int) -> list[Mark]:
    """The durations of `text[start:end]` that can be time points of a result."""
    return [mark for mark in marks.inside("durations", start, end) if _is_time_point(marks.text, mark, start)]


def _is_time_point(text: str, mark: Mark, start: int) -> bool:
    before, after = text[max(start, mark.start - 40) : mark.start], text[mark.end : mark.end + 24]
    if mark.value.high is not None or "T" in mark.value.iso:
        return False
    led = _LEADS_TIME.search(before) is not None or bool(_FIRST.search(before) and _SINCE.match(after))
    if _OF_EVENT.match(after):
        return led
    return not _NO_TIME_AFTER.match(after) and (led or not _NO_TIME_BEFORE.search(before))


def times_of_outcomes(
    text: str, groups: Sequence[OutcomeGroup], times: Sequence[Mark], end: int
) -> dict[int, list[Mark]]:
    """Time points printed at an outcome ("2-year OS", "OS at 1 year"), by the index of its group."""
    found: dict[int, list[Mark]] = {}
    for index, group in enumerate(groups):
        floor = groups[index - 1].end if index else 0
        before = [mark for mark in times if floor <= mark.start and mark.end <= group.start]
        modifiers: list[Mark] = []
        edge = group.start
        for mark in reversed(before):
            gap = text[mark.end : edge]
            if len(gap) > QUALIFIES or not (_AND if modifiers else _TO_OUTCOME).fullmatch(gap):
                break
            modifiers.insert(0, mark)
            edge = mark.start
        inner = [mark for mark in times if group.start <= mark.start < group.end]
        if modifiers or inner:
            found[index] = modifiers + inner
            continue
        ceiling = groups[index + 1].start if index + 1 < len(groups) else end
        after = [mark for mark in times if group.end <= mark.start < min(ceiling, group.end + 40)]
        for mark in after:
            gap = text[group.end : mark.start]
            since = not gap.strip() and _SINCE.match(text, mark.end)
            if (since or _LEADS_TIME.search(gap)) and not re.search(r"\d%|\bwas\b|\bwere\b|[;]", gap):
                found.setdefault(index, []).append(mark)
    return found


def time_near(text: str, result: Result, times: Sequence[Mark], floor: int, ceiling: int) -> Mark | None:
    """The time point printed with a result: after it ("47% at 6 months"), else before it in its clause."""
    mark: Mark
    for mark in times:
        if result.end <= mark.start < min(ceiling, result.end + NEAR):
            gap = text[result.end : mark.start]
            led = _LEADS_TIME.search(gap) or (_FIRST.search(gap) and _SINCE.match(text, mark.end))
            if led and not _CUT.search(gap):
                return mark
    for mark in reversed(times):
        if mark.end <= result.start and _STANDS_BY.fullmatch(text[mark.end : result.start]):
            return mark
        if max(floor, result.start - 2 * NEAR) <= mark.start and mark.end <= result.start:
            gap = text[mark.end : result.start]
            if not _CUT.search(gap) and _LEADS_TIME.search(text[max(0, mark.start - 30) : mark.start]):
                return mark
    return None


def found_time(text: str, mark: Mark) -> Found:
    """A time point as a field, with its unit where a list shares it ("4- and 6-year")."""
    unit = None if _LETTER.search(text, mark.start, mark.end) else _TIME_UNIT.search(text, mark.end, mark.end + NEAR)
    return Found(mark.value.iso, (mark.span, CharSpan(*unit.span())) if unit else (mark.span,))


def grade_of(text: str, outcome: Mark, floor: int, ceiling: int) -> Found | None:
    """The severity printed before an outcome ("severe infection", "grade 3-4 neutropenia") or right after it."""
    before = _GRADE.search(text, max(floor, outcome.start - 48), outcome.start)
    if before is not None:
        return Found(before["grade"], (CharSpan(*before.span("grade")),))
    after = _GRADE_AFTER.match(text, outcome.end, min(ceiling, outcome.end + 48))
    if after is not None:
        return Found(after["grade"], (CharSpan(*after.span("grade")),))
    return None
