"""Estimates and the intervals printed with them: those of the rows, and those beside each other that no row holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from extract.audit.case import Case
from extract.document import BlockKind, CharSpan
from extract.patterns import lazy_regex
from extract.records import Outcome
from extract.rounding import half_unit, span_of
from extract.values import Operator, Statistic

PLAIN_RATIO = "ratio"  # a ratio of risks, odds or rates named in words before the estimate
UNNAMED = "estimate"  # a figure with an interval whose measure no words name
RATIOS = frozenset(
    {"hazard_ratio", "odds_ratio", "risk_ratio", "rate_ratio", "ratio_of_means", "win_ratio", "win_odds", PLAIN_RATIO}
)
DIFFERENCES = frozenset({"risk_difference", "mean_difference", "standardized_mean_difference"})
LEVELS = frozenset({"percent", "median", "rate"})  # never negative, so their bounds stand low to high
NEAR_P = 45  # characters from an interval to its p-value
_NAMES = {"standardized_mean_difference": "standardised mean difference", "percent": "percentage"}

# What stands between an estimate and its interval without being another estimate
_BESIDE = lazy_regex(
    r"\b\d\d(?:\.\d+)?\s?%[\s-]?(?=C|conf|cred|\()|\b[Nn]\s?=\s?\d+|±\s?[\d.]+|\bSE\s?=?\s?[\d.]+|\b(?:CI|CrI)s?\s?9\d"
    r"|\b(?:m|cm|km|kg|s|h|min)-?[²³]|(?<!\d)(?:\d+(?:\.\d+)?|\.\d+)\s?m(?:²|2)\b|[¹²³⁰⁴-⁹⁻]+|[<>=]\s?0?\.\d+|\bmL/kg\S*|\b[A-Za-z]+\d+\b"
)
_OTHER_ESTIMATE = lazy_regex(r"differ|\bratio\b|\b(?:HR|OR|RR|MD|RD)\b")  # an interval of something else follows
_PAIRED = lazy_regex(
    r"(?:\bfrom\s[^.;]*\sto|\d\s?%?[)\],]?(?:\s\w+){0,2}[,]?\s(?:vs\.?|versus|and|to|or|than|compared\s(?:with|to)))(?:\s\w+)?\s$"
)
_PAIR_REACH = 80  # characters before a value in which the other of a pair stands
_DIGIT = lazy_regex(r"\d")
_RATIO_OF = (
    r"(?:(?:hazards?|odds|risk|rate|incidence|mortality|prevalence|relative)[\s-]ratios?\b|\brelative\srisks?\b|"
    r"\b[acsu]?(?:HR|OR|RR|IRR|SHR|SIR|SMR)s?\b)"
)
_MEASURE = lazy_regex(rf"(?P<effect>{_RATIO_OF})|(?P<ratio>\bratios?\b)|(?P<difference>\bdifferences?\b|\b[SW]?MDs?\b)")
_MEASURE_REACH = 260  # characters before an estimate in which its measure is named
_VALUE = lazy_regex(
    r"(?<![\w.,/±-])(?P<value>\d{1,4}(?:\.\d+)?)(?P<sign>\s?%)?(?P<unit>\s(?:months?|years?|weeks?|days?))?"
    r"\s?(?:[,;:]\s|[(\[]\s?)(?:exact\s|two-sided\s)?$"
)
_VALUE_REACH = 40  # characters before an interval in which its estimate stands, where nothing else is between
_NO_ESTIMATE = lazy_regex(
    r"(?:\b(?:[Pp]|SE|SD|SEM|I²|I2|χ²|margins?(?:\s(?:of|was))?|power|by|threshold|n)\s?[=<>≤≥:,]?|[<>≤≥±])\s?$"
)
_MOST_RATIO = 10  # a figure read as a difference that is above is no ratio
_TRANSFORMED = lazy_regex(r"β|\bbeta\b|coefficient|\blog\b|\bln\b|logarithm|per\scent\schange|\bexp\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the interval printed with it; `low` and `high` in the order of size, `row` where one holds it."""

    statistic: str
    value: Decimal
    printed: tuple[Decimal, Decimal]
    value_at: CharSpan
    interval_at: CharSpan
    row: Outcome | None = None
    level: Decimal | None = None
    p: Decimal | None = None
    p_op: Operator | None = None
    p_at: CharSpan | None = None

    @property
    def low(self) -> Decimal:
        """The smaller bound."""
        return min(self.printed)

    @property
    def high(self) -> Decimal:
        """The greater bound."""
        return max(self.printed)

    @property
    def is_ratio(self) -> bool:
        """Whether the estimate is a ratio, whose interval lies evenly on the logarithmic scale."""
        return self.statistic in RATIOS

    @property
    def name(self) -> str:
        """What the estimate is."""
        return _NAMES.get(self.statistic, self.statistic.replace("_", " "))

    @property
    def study(self) -> str | None:
        """The study of its row."""
        return self.row.study if self.row is not None else None

    @property
    def about(self) -> tuple[Outcome, ...]:
        """Its row."""
        return (self.row,) if self.row is not None else ()

    @property
    def holds_estimate(self) -> bool:
        """Whether the estimate lies in the interval, as far as rounding tells."""
        value = span_of(self.value)
        return value.low <= self.high + half_unit(self.high) and value.high >= self.low - half_unit(self.low)


def intervals(case: Case) -> list[Interval]:
    """The estimates with an interval beside them, of the rows and of the words, each once."""
    return case.once(_both)


def _both(case: Case) -> list[Interval]:
    of_rows = list(_of_rows(case))
    known = [each.interval_at for each in of_rows]
    return of_rows + list(_of_words(case, known))


def _of_rows(case: Case) -> Iterator[Interval]:
    """The estimates of rows with an interval behind them and no other estimate between."""
    for row in case.extraction.outcomes:
        if row.value is None or row.ci_low is None or row.ci_high is None or row.bound is not None:
            continue
        values, bounds = case.spans(row, "value"), case.spans(row, "ci_low", "ci_high")
        if not values or not bounds or bounds[0].start < values[-1].end:
            continue
        if bounds[-1].end - bounds[0].start > NEAR_P or case.block(values[-1]) is not case.block(bounds[0]):
            continue
        between = case.document.text[values[-1].end : bounds[0].start]
        if ("\n" in between and "\t" not in between) or _DIGIT.search(_BESIDE.sub("", between)):
            continue
        statistic = row.statistic
        if statistic in DIFFERENCES and _is_ratio_by_words(case, row, values[-1]):
            statistic = PLAIN_RATIO
        if _OTHER_ESTIMATE.search(between) or (statistic not in RATIOS and _is_second(case, values[0])):
            continue
        p_places = case.spans(row, "p")
        yield Interval(
            statistic,
            row.value,
            (row.ci_low, row.ci_high),
            values[-1],
            CharSpan(bounds[0].start, bounds[-1].end),
            row=row,
            level=row.ci_level,
            p=row.p,
            p_op=row.p_op,
            p_at=p_places[0] if p_places else None,
        )


def _is_second(case: Case, value: CharSpan) -> bool:
    """Whether a value is the second of two that are compared: the interval may be that of their difference."""
    start = max(case.sentence(value).start, value.start - _PAIR_REACH)
    return _PAIRED.search(case.document.text[start : value.start]) is not None


def _is_ratio_by_words(case: Case, row: Outcome, value: CharSpan) -> bool:
    """Whether a figure read as a difference is a ratio: "did not differ (0.89, …)" behind one that was told."""
    small = all(number is not None and 0 < number < _MOST_RATIO for number in (row.value, row.ci_low, row.ci_high))
    return small and measure_before(case, value) in {"ratio", "effect"}


def measure_before(case: Case, value: CharSpan) -> str | None:
    """The measure named last before a value in its paragraph: `effect` (a ratio of risks), `ratio`, `difference`.

    The words of its own sentence come first, then those of the sentence before.
    """
    text, block = case.document.text, case.block(value)
    if block is None:
        return None
    sentence = case.sentence(value)
    start = max(block.span.start, value.start - _MEASURE_REACH)
    named = list(_MEASURE.finditer(text, start, value.start))
    own = [match for match in named if match.start() >= sentence.start]
    return (own or named)[-1].lastgroup if named else None


def _of_words(case: Case, known: list[CharSpan]) -> Iterator[Interval]:
    """The intervals of running text whose estimate stands right before them, where no row holds both."""
    text = case.document.text
    held = {
        mark.start
        for span in known
        for mark in case.marks.inside("statistics", max(span.start - NEAR_P, 0), span.end)
        if mark.start <= span.start < mark.end
    }
    for mark in case.marks.all("statistics"):
        interval: Statistic = mark.value
        quantity, block = interval.quantity, case.document.block_at(mark.start)
        if interval.kind != "confidence_interval" or quantity is None or quantity.low is None or quantity.high is None:
            continue
        if block is None or block.kind is BlockKind.TABLE or mark.start in held:
            continue
        sentence = case.sentence(mark.span)
        first = max(sentence.start, mark.start - _VALUE_REACH)
        match = _VALUE.search(text[first : mark.start])
        if match is None:
            continue
        value_at = CharSpan(first + match.start("value"), first + match.end("value"))
        statistic = _statistic(case, value_at, match)
        if statistic is None or (statistic not in RATIOS and _is_second(case, value_at)):
            continue
        p_value = _p_behind(case, mark.end)
        yield Interval(
            statistic,
            Decimal(match["value"]),
            (quantity.low, quantity.high),
            value_at,
            mark.span,
            level=interval.level,
            p=p_value[0] if p_value else None,
            p_op=p_value[1] if p_value else None,
            p_at=p_value[2] if p_value else None,
        )


def _statistic(case: Case, value: CharSpan, match: re.Match[str]) -> str | None:
    """What a printed number is that stands before an interval; None where it may be no estimate."""
    text = case.document.text
    for mark in case.marks.inside("statistics", max(value.start - _VALUE_REACH, 0), value.end + 1):
        if mark.start <= value.start < mark.end:
            kind: str = mark.value.kind
            return kind if kind in RATIOS | DIFFERENCES else None
    if any(case.marks.inside(group, value.start, value.end) for group in ("citations", "counts", "doses")):
        return None
    sentence = case.sentence(value)
    if _NO_ESTIMATE.search(text, max(sentence.start, value.start - 20), value.start):
        return None
    if _TRANSFORMED.search(text, max(sentence.start, value.start - _MEASURE_REACH), value.end + _VALUE_REACH):
        return None
    if match["sign"]:
        return "percent"
    if match["unit"]:
        return "median" if "edian" in text[sentence.start : value.start] else None
    if "." not in match["value"]:
        return None
    measure = measure_before(case, value)
    return {"effect": PLAIN_RATIO, "difference": "mean_difference"}.get(measure or "", UNNAMED)


def _p_behind(case: Case, place: int) -> tuple[Decimal, Operator, CharSpan] | None:
    """The p-value that follows an interval."""
    for mark in case.marks.inside("statistics", place, place + 2 * NEAR_P):
        if mark.value.kind == "p_value" and mark.value.quantity is not None and mark.value.operator is not None:
            if mark.value.quantity.value is not None and mark.start >= place:
                return mark.value.quantity.value, mark.value.operator, mark.span
            return None
    return None
