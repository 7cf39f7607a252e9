"""What a figure of a table cell is: the statistic, its unit and what stands beside it, as its headers say.

A bare figure is a percentage, a count or an effect only where the cell, a header, the row's label, a heading between
rows, the caption or the legend says so; what nobody says is not reported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extract.document import CharSpan
from extract.linking import Found, Marks
from extract.linking.cells import Item, Part
from extract.linking.table_units import Said, unit_at
from extract.linking.table_words import DIFFERENCE, TIME_TO_EVENT, Outcome, Words, effect_label, effect_of
from extract.patterns import lazy_regex

Fields = dict[str, Found]
_TIME_UNITS = frozenset({"a", "mo", "wk", "d", "h", "min"})
_TIMED_SHARES = TIME_TO_EVENT | {"RELAPSE", "TRM", "NRM", "DEATH", "ALIVE", "CGVHD", "AGVHD", "GVHD", "FAILURE", "PD"}
_EVENTS = lazy_regex(
    r"\b(?:adverse|toxicit\w+|side\seffects?|safety|complications?|causes?\sof\sdeath|tolerability|events?|number|"
    r"patients\swith)\b",
    re.IGNORECASE,
)
ROUNDING = 1  # percentage points by which a printed percentage may differ from its count over the total


@dataclass(slots=True)
class Governing:
    """The words that govern a cell, from the innermost header outwards."""

    header: Sequence[Words]
    label: Words | None
    sections: Sequence[Words]
    outer: Sequence[Words]  # corner, caption, legend
    ratios: bool = True  # whether `4/8` can be 4 of 8
    ordered: list[Words] = field(init=False)

    def __post_init__(self) -> None:
        label = [] if self.label is None else [self.label]
        first = any(words.is_effect or words.difference for words in self.header)
        by_label = bool(label) and label[0].speaks and not first
        inner = [*label, *self.header] if by_label else [*self.header, *label]
        self.ordered = [*inner, *self.sections]

    @property
    def statistic(self) -> Said | None:
        """The measure that is said nearest, not looking past words that call the figures counts or percentages."""
        for words in self.ordered:
            if words.statistic is not None:
                return words.statistic
            if words.n_percent or words.ratio or words.percent:
                return None
        return None

    @property
    def n_percent(self) -> CharSpan | None:
        """Where it is said that figures are counts with percentages."""
        for words in (*self.ordered, *self.outer):
            if words.n_percent:
                return words.n_percent
            if words.percent or words.statistic or words.ratio:
                return None
        return None

    @property
    def percent(self) -> CharSpan | None:
        """Where it is said that figures are percentages."""
        for words in self.ordered:
            if words.percent:
                return words.percent
            if words.n_percent or words.ratio or words.statistic or words.count:
                return None
        return None

    @property
    def beside(self) -> tuple[str, CharSpan] | None:
        """What a bracket holds, where it is said."""
        return next((words.beside for words in (*self.ordered, *self.outer) if words.beside), None)

    @property
    def level(self) -> tuple[Decimal, CharSpan] | None:
        """The level of the intervals, where it is said."""
        return next((words.level for words in (*self.ordered, *self.outer) if words.level), None)

    @property
    def unit(self) -> Said | None:
        """The unit, where it is said."""
        return next((words.unit for words in self.ordered if words.unit), None)

    @property
    def difference(self) -> CharSpan | None:
        """Where the column is called a difference."""
        return next((words.difference for words in self.header if words.difference), None)

    def counts(self, marks: Marks) -> bool:
        """Whether bare whole numbers are counts of people or events."""
        if any(words.count or words.n_percent for words in self.ordered):
            return True
        if any(words.graded for words in self.header) or (
            self.unit is None and any(words.size for words in self.header)
        ):
            return True
        return any(_EVENTS.search(marks.text, *words.span) for words in (*self.header, *self.outer))


def read_figure(marks: Marks, item: Item, governing: Governing, outcome: Outcome, *, shares: bool) -> Fields | None:
    """The columns `statistic`, value, unit and statistics beside of one item; None where nothing says what it is.

    `shares`: whether the row's other figures are percentages or counts, so that a difference is one of risks.
    """
    fields: Fields = {}
    kind = _effect(marks, item, governing, outcome)
    difference = _difference(marks, item, governing)
    if kind is None and difference is not None:
        share = shares or item.figure.signed
        kind = Said("risk_difference" if share else "mean_difference", difference)
    if kind is not None:
        if item.figure.value == 1 and not item.part("pair", "interval"):
            return None  # the reference group of a ratio
        _put_value(fields, item, kind)
        if item.figure.signed:
            fields["unit"] = Found("%", (_with_sign(item),))
        elif kind.value == "mean_difference":
            _put_unit(marks, fields, item, governing)
        return _beside(fields, item, governing, default="interval")
    none = shares and item.figure.value == 0 and governing.statistic is None and outcome.code not in TIME_TO_EVENT
    counted = _share(marks, item, governing, outcome, none=none and governing.unit is None)
    return counted or _measure(marks, item, governing, outcome)


def merged(items: Sequence[Item], governing: Governing) -> list[Item]:
    """Items in which a range that follows its value without a bracket (`0.79, 0.69-0.90`) stands beside it."""
    said = governing.beside
    kept: list[Item] = []
    for item in items:
        figure, last = item.figure, kept[-1] if kept else None
        follows = last is not None and figure.low is not None and item.label is None and not item.versus
        if (
            last is not None
            and follows
            and said is not None
            and last.figure.value is not None
            and not last.part("pair", "interval")
        ):
            last.parts += [Part("pair", figure.span, low=figure.low, high=figure.high), *item.parts]
        else:
            kept.append(item)
    return kept


def _difference(marks: Marks, item: Item, governing: Governing) -> CharSpan | None:
    """Where a figure is called a difference: by its header, in its cell, or as the percentage of a comparison."""
    if governing.difference is not None:
        return governing.difference
    if item.label is not None and (match := DIFFERENCE.search(marks.text, *item.label)) is not None:
        return CharSpan(*match.span())
    compared = next((words.span for words in governing.header if words.against), None)
    return compared if item.figure.signed else None


def _effect(marks: Marks, item: Item, governing: Governing, outcome: Outcome) -> Said | None:
    """The effect measure named in the cell (`HR 0.79`) or by the headers."""
    named = effect_label(marks.text, item)
    if named is not None:
        return named
    said = governing.statistic
    if said is None or said.value in {"median", "mean", "rate"} or item.total is not None:
        return None
    by = next(words for words in governing.ordered if words.statistic is said)
    return effect_of(by, outcome)


def _share(marks: Marks, item: Item, governing: Governing, outcome: Outcome, *, none: bool) -> Fields | None:
    """A percentage, a count or both: `79%`, `12/43 (28%)`, `16 (64)`, `5`; `none`: whether a bare 0 counts nobody."""
    figure, fields = item.figure, Fields()
    percent, count = _percent_part(marks, item, governing), item.part("count", "n")
    if governing.statistic is not None and not (figure.signed or percent or item.total):
        return None
    swapped = governing.n_percent is not None and marks.text[governing.n_percent.start] == "%"
    if swapped and percent is not None and figure.value is not None and not item.total:
        return _percentage(fields, item, governing, count=percent)
    if figure.value is not None and figure.value == int(figure.value) and not figure.signed and percent is not None:
        _put(fields, "statistic", "percent", percent.span)
        _put(fields, "value", percent.value, percent.span)
        _put(fields, "unit", "%", _sign(governing, percent.span))
        if percent.bound:
            _put(fields, "bound", percent.bound, CharSpan(percent.span.start - 1, percent.span.start))
        _put(fields, "n", int(figure.value), figure.span)
        if item.total is not None and item.total.value is not None:
            _put(fields, "total", int(item.total.value), item.total.span)
        item.parts.remove(percent)
        return _beside(fields, item, governing, default=None)
    if item.total is not None and not governing.ratios:
        return None
    if item.total is not None and figure.value is not None and item.total.value is not None:
        _put(fields, "statistic", "count", figure.span)
        _put(fields, "n", int(figure.value), figure.span)
        _put(fields, "total", int(item.total.value), item.total.span)
        return fields
    if figure.signed or _is_implicit(marks, figure.span) or _says_percent(item, governing):
        return _percentage(fields, item, governing, count=count)
    if none or _is_count(marks, item, governing, outcome):
        _put(fields, "statistic", "count", figure.span)
        _put(fields, "n", int(figure.value or 0), figure.span)
        return fields
    return None


def _percentage(fields: Fields, item: Item, governing: Governing, *, count: Part | None) -> Fields:
    """A figure that is itself the percentage, with the count in brackets behind it."""
    sign = 1 if item.figure.signed else 0
    _put_value(fields, item, Said("percent", item.figure.span))
    _put(fields, "unit", "%", CharSpan(*_sign(governing, item.figure.span)) if not sign else _with_sign(item))
    if count is not None:
        n = count.low if count.kind == "count" else count.value
        if n is not None and n == int(n):
            _put(fields, "n", int(n), count.span)
        if count.kind == "count" and count.high is not None:
            _put(fields, "total", int(count.high), count.span)
        if count in item.parts:
            item.parts.remove(count)
    return _beside(fields, item, governing, default=None)


def _percent_part(marks: Marks, item: Item, governing: Governing) -> Part | None:
    """The bracketed number that is the percentage of the count before it."""
    signed = item.part("percent")
    if signed is not None and not item.figure.signed:
        return signed
    number = item.part("number")
    if number is None or item.figure.signed:
        return None
    said = governing.n_percent is not None or _is_implicit(marks, number.span)
    of_total = item.total is not None and number.value is not None and _agrees(item, number.value)
    return number if said or of_total else None


def _agrees(item: Item, percent: Decimal) -> bool:
    n, total = item.figure.value, item.total.value if item.total else None
    return n is not None and total is not None and total > 0 and abs(100 * n / total - percent) <= ROUNDING


def _is_implicit(marks: Marks, span: CharSpan) -> bool:
    """Whether the figure is marked as a percentage whose sign stands elsewhere."""
    return any(mark.value.role == "value" and mark.end <= span.end for mark in marks.inside("percents", *span))


def _says_percent(item: Item, governing: Governing) -> bool:
    said = governing.percent is not None and governing.statistic is None
    return said and item.figure.value is not None and abs(item.figure.value) <= 100


def _is_count(marks: Marks, item: Item, governing: Governing, outcome: Outcome) -> bool:
    value = item.figure.value
    if (
        value is None
        or value != int(value)
        or value < 0
        or "." in str(value)
        or item.part("pair", "interval", "spread")
    ):
        return False
    if outcome.code in TIME_TO_EVENT or governing.statistic is not None or governing.percent is not None:
        return False
    return governing.counts(marks)


def _measure(marks: Marks, item: Item, governing: Governing, outcome: Outcome) -> Fields | None:
    """A mean, a median or a rate: said in words, or told by `±` or by a time unit of a time to an event."""
    fields = Fields()
    figure, said = item.figure, governing.statistic
    unit = unit_at(marks.text, figure.span.end, item.tail.end if item.tail else figure.span.end + 14) or governing.unit
    beside = governing.beside
    if said is None and (item.part("spread", "sd") or (beside is not None and beside[0] == "sd" and item.parts)):
        said = Said("mean", figure.span)
    change = next((words.change for words in governing.ordered if words.change), None)
    if change is not None and (unit is not None or said is not None) and (said is None or said.value == "mean"):
        said = Said("mean_difference", change)
    if said is None and unit is not None and unit.value in _TIME_UNITS and outcome.code in TIME_TO_EVENT:
        said = Said("median", unit.span)
    if (
        said is None
        and outcome.code in _TIMED_SHARES
        and _is_timed(item, governing)
        and _is_percentage_sized(figure.value)
    ):
        return _percentage(fields, item, governing, count=None)
    if said is None:
        return None
    _put_value(fields, item, said)
    _put_unit(marks, fields, item, governing)
    return _beside(fields, item, governing, default=None)


def _is_timed(item: Item, governing: Governing) -> bool:
    return bool(item.times) or any(words.times for words in governing.header)


def _is_percentage_sized(value: Decimal | None) -> bool:
    """Whether a number of a survival curve can be in percent: 2 to 100, or whole."""
    return value is not None and (1 < value <= 100 or value in {0, 1})


def _put(fields: Fields, name: str, value: str | int | Decimal | None, span: CharSpan) -> None:
    if value is not None:
        fields[name] = Found(value, (span,))


def _with_sign(item: Item) -> CharSpan:
    """A figure with the sign behind it."""
    return CharSpan(item.figure.span.start, item.figure.span.end + 1)


def _sign(governing: Governing, figure: CharSpan) -> CharSpan:
    """Where header, stub or caption print the percent sign of a bare figure; the figure where none does."""
    said = next((words.percent for words in governing.ordered if words.percent), None) or governing.n_percent
    return said or figure


def _put_value(fields: Fields, item: Item, statistic: Said) -> None:
    figure = item.figure
    _put(fields, "statistic", statistic.value, statistic.span)
    for name in ("value", "low", "high"):
        _put(fields, name, getattr(figure, name), figure.span)
    if figure.bound is not None:
        _put(fields, "bound", figure.bound, CharSpan(figure.span.start - 1, figure.span.start))


def _put_unit(marks: Marks, fields: Fields, item: Item, governing: Governing) -> None:
    end = item.figure.span.end
    unit = unit_at(marks.text, end, item.tail.end if item.tail else end + 14) or governing.unit
    if unit is not None:
        _put(fields, "unit", unit.value, unit.span)
    elif item.figure.signed:
        _put(fields, "unit", "%", _with_sign(item))
    elif (sign := next((words.percent for words in governing.ordered if words.percent), None)) is not None:
        _put(fields, "unit", "%", sign)


def _beside(fields: Fields, item: Item, governing: Governing, *, default: str | None) -> Fields:
    """Add intervals, errors, dispersions and p-values that stand beside the figure."""
    said = governing.beside
    for part in item.parts:
        kind: str = part.kind
        if kind == "pair":
            kind = said[0] if said is not None else default or "unknown"
            if kind in {"sd", "se"}:
                kind = "unknown"
        elif kind in {"number", "percent", "spread"} and said is not None and said[0] in {"sd", "se"}:
            kind = said[0]
        elif kind == "spread":
            kind = "unknown"
        _put_part(fields, part, kind, governing)
    return fields


def _put_part(fields: Fields, part: Part, kind: str, governing: Governing) -> None:
    if kind == "interval" and "ci_low" not in fields and (part.low is not None or part.high is not None):
        _put(fields, "ci_low", part.low, part.span)
        _put(fields, "ci_high", part.high, part.span)
        level = part.level or governing.level
        if level is not None:
            _put(fields, "ci_level", *level)
    elif kind == "se" and "se" not in fields:
        _put(fields, "se", part.value, part.span)
    elif kind in {"sd", "iqr", "range", "unknown"} and "dispersion_kind" not in fields:
        if part.value is None and part.low is None and part.high is None:
            return
        _put(fields, "dispersion", part.value, part.span)
        _put(fields, "dispersion_low", part.low, part.span)
        _put(fields, "dispersion_high", part.high, part.span)
        said = () if governing.beside is None or kind in {part.kind, "unknown"} else (governing.beside[1],)
        fields["dispersion_kind"] = Found(kind, (part.span, *said))
    elif kind == "p" and "p" not in fields:
        _put(fields, "p", part.value, part.span)
        _put(fields, "p_op", part.operator, part.span)
