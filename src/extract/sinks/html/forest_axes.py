"""Axes of the forest-style plots: where a number stands, and the marks below."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

Scale = Literal["log", "linear"]

MARGIN = 4.0  # percent of the width left on both sides for what stands at the ends
MAX_TICKS = 6
REACH = 4.0  # log axis: an interval is shown up to so many times beyond the outermost values, then cut
LEAST = (Decimal("0.5"), Decimal(2))  # log axis: shown at least
SMALLEST, LARGEST = Decimal("1e-15"), Decimal("1e15")  # what lies beyond is misread
_DENSITIES: tuple[tuple[int, ...], ...] = ((1, 2, 5), (1, 3), (1,))  # marks in a decade, the most first
_PERCENTS = (10, 20, 50, 100)  # ends of axes for percentages
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


class Tick(NamedTuple):
    """A mark below an axis: its place in percent of the width, and its number."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from `low` to `high`; `line` is the place of no effect, in percent of the width."""

    scale: Scale
    low: float
    high: float
    ticks: tuple[Tick, ...]
    line: str | None = None

    def share(self, number: Decimal) -> float:
        """How far along the axis a number stands: 0 at its low end, 1 at its high end; on a log axis 0 is far left."""
        if self.scale == "linear":
            return (float(number) - self.low) / (self.high - self.low)
        if number <= 0:
            return -math.inf
        return math.log(float(number) / self.low) / math.log(self.high / self.low)

    def place(self, number: Decimal) -> str:
        """Where a number stands in percent of the width; beyond an end the end."""
        return percent(min(max(self.share(number), 0.0), 1.0))


def ratio_axis(values: Sequence[Decimal], bounds: Iterable[Decimal]) -> Axis:
    """A log axis for ratios above 0, with a line at 1; `bounds` of intervals count as far as `REACH` beyond."""
    least, most = min([*values, LEAST[0]]), max([*values, LEAST[1]])
    limits = float(least) / REACH, float(most) * REACH
    shown = [min(max(float(bound), limits[0]), limits[1]) for bound in bounds]
    marks = _log_marks(min([float(least), *shown]), max([float(most), *shown]))
    return _axis("log", marks, line=Decimal(1))


def linear_axis(values: Sequence[Decimal], bounds: Iterable[Decimal], *, line: Decimal | None = None) -> Axis:
    """A linear axis; one around `line` where there is a value of no effect, else from 0 where that is not far.

    Bounds of intervals count as far as the width of the values beyond them.
    """
    held = [float(number) for number in ([*values] if line is None else [*values, line])]
    least, most = min(held), max(held)
    width = (most - least) or abs(most) or 1.0
    shown = [min(max(float(bound), least - width), most + width) for bound in bounds]
    low, high = min([least, *shown]), max([most, *shown])
    if line is None and 0 <= low <= high / 2:
        low = 0.0
    marks = _linear_marks(low, high)
    if line is not None:  # both sides of no effect are seen
        marks = [*([2 * marks[0] - marks[1]] if marks[0] == line else []), *marks]
        marks = [*marks, *([2 * marks[-1] - marks[-2]] if marks[-1] == line else [])]
    return _axis("linear", marks, line=line)


def percent_axis(values: Sequence[Decimal], bounds: Sequence[Decimal]) -> Axis:
    """From 0 to 100, or to less where that holds all; where a value lies beyond, as far as that."""
    for high in _PERCENTS:
        if all(0 <= number <= high for number in ([*values, *bounds] if high < 100 else values)):
            return _axis("linear", [Decimal(high * mark) / 5 for mark in range(6)])
    return linear_axis([*values, Decimal(0), Decimal(100)], bounds)


def percent(share: float) -> str:
    """A share of the axis as a place in percent of the width, with the margins."""
    return f"{MARGIN + (100 - 2 * MARGIN) * share:.2f}"


def _axis(scale: Scale, marks: Sequence[Decimal], *, line: Decimal | None = None) -> Axis:
    bare = Axis(scale, float(marks[0]), float(marks[-1]), ())
    ticks = tuple(Tick(bare.place(mark), _label(mark)) for mark in marks)
    return Axis(scale, bare.low, bare.high, ticks, None if line is None else bare.place(line))


def _log_marks(low: float, high: float) -> list[Decimal]:
    """From the last round number that is no more than `low` to the first no less than `high`."""
    exponents = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    for density in _DENSITIES:
        marks = _between([Decimal(digit).scaleb(exponent) for exponent in exponents for digit in density], low, high)
        if len(marks) <= MAX_TICKS:
            return marks
    apart = math.ceil(len(marks) / MAX_TICKS)
    first = exponents.start - exponents.start % apart  # 0 is among them, so that the line at 1 has a mark
    return _between([Decimal(1).scaleb(each) for each in range(first, exponents.stop + apart, apart)], low, high)


def _linear_marks(low: float, high: float) -> list[Decimal]:
    width = (high - low) or 1.0
    exponent = math.floor(math.log10(width)) - 1
    steps = (step.scaleb(exponent + tens) for tens in range(3) for step in _STEPS)
    step = next(step for step in steps if width / float(step) <= MAX_TICKS - 2)
    first, last = math.floor(low / float(step)), math.ceil(high / float(step))
    return [step * count for count in range(first, max(last, first + 1) + 1)]


def _between(marks: Sequence[Decimal], low: float, high: float) -> list[Decimal]:
    first = max(index for index, mark in enumerate(marks) if float(mark) <= low)
    last = min(index for index, mark in enumerate(marks) if float(mark) >= high)
    return list(marks[first : last + 1])


def _label(mark: Decimal) -> str:
    plain = f"{mark.normalize():f}" if mark else "0"
    if len(plain) > 7:
        plain = f"{mark.normalize():e}".replace("e+", "e")
    return plain.replace("-", "−")


def usable(number: Decimal | None) -> bool:
    """Whether a plot can place a number."""
    return number is not None and (not number or SMALLEST < abs(number) < LARGEST)
