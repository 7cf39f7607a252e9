"""What the words of a header, a stub or a caption say about the figures they govern.

`Overall response rate (CR + PR) [95% CI], n (%)` names the outcome, what the bracket holds and that the figures are
counts with percentages; `Durvalumab, grade ≥3 (n = 317)` names an arm and a severity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from extract.components.grammar import LEVEL, WHOLE
from extract.document import CharSpan
from extract.lexicons import load
from extract.linking import Found, Mark, Marks
from extract.linking.cells import Item, PartKind
from extract.linking.circumstances import time_points
from extract.linking.figures import EFFECTS
from extract.linking.table_units import Said, named_unit
from extract.patterns import lazy_regex, regex

CARDIAC = frozenset({"CV_DEATH", "MI", "STROKE", "HF_HOSP", "MACE"})
_LEVEL_CI = lazy_regex(
    rf"[(\[]?\s?(?:(?P<level>{LEVEL}(?:\.\d)?)\s?%?[\s-]?)?(?:CrI|CIs?\b|C\.I\.|[Cc]onfidence\s[Ii]ntervals?|"
    r"[Cc]redible\s[Ii]ntervals?)(?:\s?\(?(?P<after>\d{2}(?:\.\d)?)\s?%\)?)?\s?[)\]]?"
)
_BESIDE: tuple[tuple[PartKind, re.Pattern[str]], ...] = (
    ("sd", lazy_regex(r"[(\[±]?\s?\b(?:SDs?\b|S\.D\.|[Ss]tandard\s[Dd]eviations?)\s?[)\]]?")),
    ("se", lazy_regex(r"[(\[±]?\s?\b(?:SEM?\b|S\.E\.(?:M\.)?|[Ss]tandard\s[Ee]rrors?)\s?[)\]]?")),
    ("iqr", lazy_regex(r"[(\[]?\s?\b(?:IQR\b|Q1\s?[-,]\s?Q3|[Ii]nter-?quartile\s[Rr]ange)\s?[)\]]?")),
    (
        "range",
        lazy_regex(r"[(\[]?\s?\b(?:[Rr]ange|[Mm]in\.?(?:imum)?\s?[-:,/]\s?[Mm]ax\.?(?:imum)?\.?)\s?[)\]]?"),
    ),
)
_N_PERCENT = lazy_regex(
    r"\b(?:n|no\.?|number|events?|cases|patients|counts?)(?:\s?/\s?[nN](?!\w))?\s?[,;]?\s?[(\[]\s?%\s?[)\]]|"
    r"\b[nN]\s?,\s?%|%\s?[(\[]\s?n(?:\s?/\s?[nN])?\s?[)\]]",
    re.IGNORECASE,
)
_RATIO = lazy_regex(r"\bn\s?/\s?N\b|\bevents?\s?/\s?(?:total|n|patients)\b", re.IGNORECASE)
_PERCENT = lazy_regex(
    r"(?:[(\[,]\s?)?(?:%|\bper\s?cent\b|\bpercentages?\b)(?:\s?of\s(?:patients|participants))?(?:\s?[)\]])?"
)
_COUNT = lazy_regex(
    r"(?:^|[,;(]\s?)(?:n|no\.?|number)\s?[)]?$|\b(?:number|no\.?|n)\s(?:of\s)?(?=(?:deaths?|events?|relapses?|patients|"
    r"participants|subjects|cases|episodes))|^(?:n|no\.|number)$",
    re.IGNORECASE,
)
_SIZE = lazy_regex(rf"[(\[,]?\s?\b[nN]\s?=\s?(?P<n>{WHOLE})(?:\s?/\s?(?P<total>{WHOLE}))?\s?[)\]]?")
GRADE = lazy_regex(
    r"\b(?P<any>(?:any|all)[\s-]?grades?)\b|(?P<grade>\bgrades?\s?(?:[≥>≤<]=?\s?)?(?:\d(?!\d)|I{1,3}V?\b|IV|V\b)"
    r"(?:\s?(?:-|to|or|and|/)\s?(?:grade\s)?(?:\d(?!\d)|I{1,3}V?\b|IV|V\b))*"
    r"(?:\sor\s(?:higher|more|greater|above|worse))?|\b(?:severe|serious|moderate|mild|life-threatening)\b)",
    re.IGNORECASE,
)
_AVERAGE = lazy_regex(
    r"\b(?P<median>medians?)\b|\b(?P<mean>(?:adjusted\s|least[\s-]squares?\s|LS\s|geometric\s)?means?|averages?|LSM)\b",
    re.IGNORECASE,
)
_RATE = lazy_regex(
    r"(?:\bper|/)\s?(?:1,?0+\s)?(?:(?:patient|person|pt|subject)s?[\s-]?)?(?:years?|yrs?|months?)\b|\bannuali[sz]ed\b|\bannual\srates?\b",
    re.IGNORECASE,
)
_CHANGE = lazy_regex(r"\b(?:changes?|reductions?|increases?|decreases?|improvements?|decline)\b|Δ", re.IGNORECASE)
DIFFERENCE = lazy_regex(r"\b(?:difference|effect\ssize)s?\b", re.IGNORECASE)
_RISK = lazy_regex(r"\b(?:risk|rate|absolute|proportion)s?\b", re.IGNORECASE)
_P = lazy_regex(
    r"(?:^|[\s(,])[pP](?:[\s-]?values?)?(?=$|[\s,)*†‡§=<]|[a-d]\b|for\b)|\bp[\s-]?values?|\bsignificance\b", re.I
)
_BASELINE = lazy_regex(r"\b(?:baseline|pre-?(?:treatment|test|intervention)|before\streatment)\b", re.IGNORECASE)
# Words of headers that name neither an arm nor a subgroup.
_PLAIN = lazy_regex(
    r"\b(?:n|no|nos|number|total|totals?|overall|all|any|values?|results?|estimates?|estimated?|effects?|outcomes?|data|"
    r"end\s?-?points?|events?|rates?|incidences?|cumulative|probability|proportions?|risks?|change|from|univariate|univariable|"
    r"multivariate|multivariable|adjusted|unadjusted|crude|pooled|analysis|model|ratio|of|the|in|at|to|and|or|by|for|with|primary|"
    r"secondary|efficacy|safety|findings?|main|key|reported|difference|score|mean|median|grades?|patients?|participants?|subjects?|"
    r"follow-?up|time|points?|statistics?|measure|relative|absolute|treatment)\b|[^\w\s]|\b\d+\b",
    re.IGNORECASE,
)
_TRANSPLANT = lazy_regex(r"\b(?:HSCT|HCT|SCT|BMT|transplant(?:ed|ations?)?)\b")
_SHARE = lazy_regex(r"\b(?:fraction|proportion|percentage|patients|underwent|received|proceeded)\b|%", re.IGNORECASE)
_EARLIER = lazy_regex(r"\b(?:prior|previous|time|days?|after|post|before|age)\b", re.IGNORECASE)
_JOINT = lazy_regex(r"\s?(?:,|/|,?\s?\bor\b|,?\s?\band/or\b|\+)\s?(?:an?\s|the\s|of\s)?$")
_OR_MORE = lazy_regex(r"(?:\s(?:or|and/or)\s|,\s(?=[^()\d]{3,40}\sor\s))[A-Za-z][A-Za-z -]{2,60}")
_DANGLING = lazy_regex(r"\s*[(\[]\s?\w{0,2}$")
_NEGATED = lazy_regex(r"\b[Nn]on-$")
LOOSE = 3  # characters of a label that a measure's name may leave over (`HR =`)
_VS = lazy_regex(r"\s(?:vs\.?|versus|compared\s(?:with|to)|against)\s")


class Outcome(NamedTuple):
    """An outcome's code and its name as printed."""

    code: str
    text: str
    span: CharSpan


@dataclass(slots=True)
class Words:
    """What one header, stub or caption says; what it does not say is None."""

    span: CharSpan
    outcome: Outcome | None = None
    statistic: Said | None = None
    effects: tuple[Said, ...] = ()
    beside: tuple[PartKind, CharSpan] | None = None
    level: tuple[Decimal, CharSpan] | None = None
    percent: CharSpan | None = None
    n_percent: CharSpan | None = None
    ratio: bool = False
    count: CharSpan | None = None
    size: tuple[int, int | None, CharSpan] | None = None
    unit: Said | None = None
    times: tuple[Mark, ...] = ()
    grade: Found | None = None
    graded: bool = False
    p_value: bool = False
    baseline: bool = False
    difference: CharSpan | None = None
    change: CharSpan | None = None
    rest: CharSpan | None = None
    against: tuple[CharSpan, CharSpan] | None = None

    @property
    def is_effect(self) -> bool:
        """Whether it names an effect measure."""
        return self.statistic is not None and self.statistic.value in EFFECTS

    @property
    def speaks(self) -> bool:
        """Whether it says what its figures are."""
        return bool(self.statistic or self.percent or self.n_percent or self.ratio or self.count or self.beside)

    @property
    def is_how(self) -> bool:
        """Whether it says only when, how severe or in which figure: `Week 4`, `Grade 3-4`, `Median (95% CI)`."""
        if self.times and self.times[0].start == self.span.start:
            return True
        says = self.times or self.graded or self.statistic or self.percent or self.n_percent or self.beside
        return self.rest is None and bool(says)


def read_words(marks: Marks, span: CharSpan) -> Words:
    """What the words of a header, stub or caption say."""
    text = marks.text[span.start : span.end]
    words = Words(span)
    taken: list[tuple[int, int]] = []
    _read_outcome(marks, words, taken)
    _read_statistic(text, words, taken)
    _read_format(text, words, taken)
    words.times = tuple(times_in(marks, span))
    taken += [(mark.start - span.start, mark.end - span.start) for mark in words.times]
    grade = GRADE.search(text)
    if grade is not None:
        words.graded = True
        taken.append(grade.span())
        if grade["grade"]:
            words.grade = Found(grade["grade"], (_at(span, grade, "grade"),))
    words.p_value = _P.search(text) is not None and words.outcome is None and not words.is_effect
    change, baseline = _CHANGE.search(text), _BASELINE.search(text)
    if change is not None:
        words.change = _at(span, change)
    elif baseline is not None:
        words.baseline = True
        taken.append(baseline.span())
    unit = named_unit(text)
    if unit is not None:
        words.unit = Said(unit[0], CharSpan(span.start + unit[1].start, span.start + unit[1].end))
        taken.append(unit[2])
    words.rest = _rest(text, span, taken)
    if words.rest is not None and (match := _VS.search(marks.text, *words.rest)) is not None:
        words.against = (CharSpan(words.rest.start, match.start()), CharSpan(match.end(), words.rest.end))
    return words


def times_in(marks: Marks, span: CharSpan) -> list[Mark]:
    """The time points that a cell or caption names; marks that run on into the next cell are none."""
    return [mark for mark in time_points(marks, *span) if mark.end <= span.end]


def _at(span: CharSpan, match: re.Match[str], name: str | int = 0) -> CharSpan:
    return CharSpan(span.start + match.start(name), span.start + match.end(name))


def _read_outcome(marks: Marks, words: Words, taken: list[tuple[int, int]]) -> None:
    found = marks.inside("endpoints", *words.span)
    if not found:
        _read_transplant(marks.text, words)
        return
    words.outcome = joint_outcome(marks.text, found, words.span)
    start = words.span.start
    taken += [(mark.start - start, mark.end - start) for mark in found]
    taken.append((words.outcome.span.start - start, words.outcome.span.end - start))


def _read_transplant(text: str, words: Words) -> None:
    """`Fraction with HSCT`: a share of people who went on to transplantation."""
    match = _TRANSPLANT.search(text, *words.span)
    if match is not None and _SHARE.search(text, *words.span) and not _EARLIER.search(text, *words.span):
        words.outcome = Outcome("HSCT", match[0], CharSpan(*match.span()))


def joint_outcome(text: str, found: Sequence[Mark], span: CharSpan) -> Outcome:
    """The outcome that a label names: its first name with the parts of a composite joined to it."""
    parts = [found[0]]
    for mark in found[1:]:
        if not _JOINT.fullmatch(text[parts[-1].end : mark.start]):
            break
        parts.append(mark)
    start, end = parts[0].start, parts[-1].end
    codes = {mark.value.code for mark in parts}
    if _NEGATED.search(text, max(start - 4, span.start), start):
        return Outcome("OTHER", text[start - 4 : end], CharSpan(start - 4, end))
    more = _OR_MORE.match(text, end, span.end)
    if more is not None:
        end = more.end()
    between = text[start:end]
    composite = more is not None or (len(parts) > 1 and re.search(r"\bor\b", between) is not None)
    if composite and len(codes) + (more is not None) > 1:
        code = "MACE" if codes & CARDIAC else "OTHER"
    else:
        code = parts[0].value.code
    end -= len(text[start:end]) - len(text[start:end].rstrip(" ,;:"))
    return Outcome(code, text[start:end], CharSpan(start, end))


@cache
def _effect_names() -> re.Pattern[str]:
    """The names of effect measures: symbols as written, forms in any case."""
    names: list[str] = []
    for kind in sorted(EFFECTS):
        row = load("statistics").measures[kind]
        forms = "|".join(re.escape(form) for form in sorted(row.forms, key=len, reverse=True))
        symbols = "|".join(re.escape(symbol) for symbol in sorted(row.symbols, key=len, reverse=True))
        either = [f"(?i:(?:{forms})s?)"] if forms else []
        if symbols:
            either.append(rf"(?:{symbols})(?=[\s,;:(\[\]/)*†‡§=-]|\d|$|[a-d]$)(?:(?<!\bOR)|(?!\s(?!for\b|of\b)[a-z]))")
        names.append(f"(?P<{kind}>{'|'.join(either)})")
    return regex(rf"(?<![\w-])(?:{'|'.join(names)})(?!\w{{2}})")


def effects_named(text: str) -> list[tuple[str, int, int]]:
    """The effect measures that a text names, each with its offsets."""
    return [(match.lastgroup or "", *match.span()) for match in _effect_names().finditer(text)]


def _read_statistic(text: str, words: Words, taken: list[tuple[int, int]]) -> None:
    span = words.span
    of_outcome = [] if words.outcome is None else [tuple(offset - span.start for offset in words.outcome.span)]
    effects = [each for each in effects_named(text) if not any(s <= each[1] < e for s, e in of_outcome)]
    if effects:
        words.effects = tuple(Said(kind, CharSpan(span.start + s, span.start + e)) for kind, s, e in effects)
        words.statistic = words.effects[0]
        taken += [(first, last) for _, first, last in effects]
        return
    if (match := DIFFERENCE.search(text)) is not None:
        words.difference = _at(span, match)
        taken.append(match.span())
        if _RISK.search(text):
            words.statistic = Said("risk_difference", words.difference)
    elif (match := _RATE.search(text)) is not None:
        words.statistic = Said("rate", _at(span, match))
        taken.append(match.span())
    elif (match := _AVERAGE.search(text)) is not None:
        words.statistic = Said("median" if match["median"] else "mean", _at(span, match))
        taken.append(match.span())


TIME_TO_EVENT = frozenset({"OS", "EFS", "DFS", "RFS", "PFS", "SURVIVAL", "TTP", "DOR"})


def effect_of(words: Words, outcome: Outcome) -> Said | None:
    """The effect measure that words name for an outcome: of `HR/OR` the hazard ratio for a time to an event."""
    timed = outcome.code in TIME_TO_EVENT or outcome.code == "RELAPSE"
    fitting = (said for said in words.effects if (said.value == "hazard_ratio") == timed)
    return next(fitting, words.statistic)


def _read_format(text: str, words: Words, taken: list[tuple[int, int]]) -> None:
    span = words.span
    if (match := _LEVEL_CI.search(text)) is not None:
        words.beside = ("interval", _at(span, match))
        taken.append(match.span())
        name = "level" if match["level"] else "after"
        if match[name]:
            words.level = (Decimal(match[name]), _at(span, match, name))
    else:
        for kind, pattern in _BESIDE:
            if (match := pattern.search(text)) is not None and not _inside(taken, match.start(), match.end()):
                words.beside = (kind, _at(span, match))
                taken.append(match.span())
                break
    if (match := _SIZE.search(text)) is not None:
        total = match["total"]
        words.size = (_whole(match["n"]), _whole(total) if total else None, _at(span, match))
        taken.append(match.span())
    if (match := _N_PERCENT.search(text)) is not None:
        words.n_percent = _at(span, match)
        taken.append(match.span())
    elif (match := next((m for m in _PERCENT.finditer(text) if not _inside(taken, *m.span())), None)) is not None:
        words.percent = _at(span, match)
        taken.append(match.span())
    if (match := _RATIO.search(text)) is not None:
        words.ratio = True
        taken.append(match.span())
    if (match := _COUNT.search(text)) is not None and not words.n_percent:
        words.count = _at(span, match)
        taken.append(match.span())


def effect_label(text: str, item: Item) -> Said | None:
    """The effect measure that a cell prints at a figure (`HR 0.79`); none at a percentage (`RR: 45%` is a response)."""
    if item.label is None or item.figure.signed:
        return None
    label = text[item.label.start : item.label.end]
    for kind, start, end in effects_named(label):
        if len(label) - (end - start) <= LOOSE:
            return Said(kind, CharSpan(item.label.start + start, item.label.start + end))
    return None


def is_plain(text: str) -> bool:
    """Whether a text names neither an arm nor a subgroup."""
    return re.search(r"[^\W\d_]{2}|[^\W\d_]\d|^\W*[^\W\d_]\W*$", _PLAIN.sub(" ", text)) is None


def _inside(taken: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return any(first <= start and end <= last for first, last in taken)


def _whole(printed: str) -> int:
    return int(re.sub(r"\D", "", printed))


def _rest(text: str, span: CharSpan, taken: Sequence[tuple[int, int]]) -> CharSpan | None:
    """The first run of words that no other reading took and that is more than plain words: an arm or a subgroup."""
    start = 0
    for first, last in [*sorted(taken), (len(text), len(text))]:
        if first > start:
            run = _trimmed(text, start, first)
            footnote = run is not None and run == (start, start + 1) and start > 0 and text[start].islower()
            if run is not None and not footnote and not is_plain(text[slice(*run)]):
                return CharSpan(span.start + run[0], span.start + run[1])
        start = max(start, last)
    return None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The run without white space and signs at its ends, and without an opening bracket that nothing closes."""
    while start < end and text[start] in " \t,;:-/)]*†‡§":
        start += 1
    while end > start and text[end - 1] in " \t,;:-/([*†‡§":
        end -= 1
    while start < end and text[end - 1] in ")]" and not any(sign in text[start:end] for sign in "(["):
        end -= 1
    if end - start > 2 and text[start] in "([" and text[end - 1] in ")]":
        start, end = start + 1, end - 1
    opened = _DANGLING.search(text, start, end)
    end = opened.start() if opened is not None else end
    if start < end and text[start] in "([" and not any(sign in text[start:end] for sign in ")]"):
        start += 1
    return (start, end) if start < end else None
