"""Forest-style plots: the results of a review side by side, one plot an endpoint and kind of measure.

They show what the review prints. Nothing is pooled and no interval is computed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from markupsafe import Markup

from extract.compare.lines import days, outcome_group
from extract.lexicons import load
from extract.records import Outcome
from extract.sinks.html.forest_axes import Axis, linear_axis, percent_axis, ratio_axis, usable
from extract.sinks.html.rows import hooks_of, outcome_cells
from extract.sinks.html.views import Row
from extract.sinks.meta_effects import MEASURES

Kind = Literal["ratio", "difference", "percent", "place", "other"]
Drawing = Literal["point", "open", "range", "below", "above"]

OTHER = "OTHER"  # the code of outcomes that only their text tells apart
NO_STUDY = "study not told"
_ORDER: tuple[Kind, ...] = ("ratio", "difference", "percent", "place", "other")
_SHAPES = {
    "hazard_ratio": "square",
    "odds_ratio": "diamond",
    "risk_ratio": "circle",
    "rate_ratio": "triangle",
    "median": "diamond",
    "mean": "circle",
    "percent": "circle",
}
_OTHER_SHAPE = "square"
_FURTHER_RATIO = "pentagon"  # ratios that are seldom printed


class Shape(NamedTuple):
    """What a shape in a plot stands for."""

    shape: str
    measure: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn of a result; places in percent of the width.

    `point`: a value with its interval; `open`: a value alone; `range`: only a range; `below` and `above`: a value that
    the true one is below or above of. `cut_left` and `cut_right`: the interval goes on beyond the axis.
    """

    drawing: Drawing
    shape: str
    x: str | None = None
    left: str | None = None
    right: str | None = None
    cut_left: bool = False
    cut_right: bool = False


@dataclass(frozen=True, slots=True)
class ForestRow:
    """A result of a plot; `name` is the outcome as printed where it is not that of the whole plot."""

    record_id: str
    study: str
    arms: str
    time: str
    name: str
    figure: str
    mark: Mark
    hooks: Markup


@dataclass(frozen=True, slots=True)
class ForestStudy:
    """The results of a study, by time."""

    study: str
    rows: tuple[ForestRow, ...]


@dataclass(frozen=True, slots=True)
class ForestPlot:
    """The results of one endpoint that are figures of one kind, on one axis."""

    endpoint: str
    name: str
    measure: str
    axis: Axis
    studies: tuple[ForestStudy, ...]
    shapes: tuple[Shape, ...]

    @property
    def size(self) -> int:
        """How many results it shows."""
        return sum(len(each.rows) for each in self.studies)

    @property
    def shows_several(self) -> bool:
        """Whether measures stand together that cannot be compared number by number."""
        return len(self.shapes) > 1


class _Result(NamedTuple):
    row: Row
    outcome: Outcome
    study: str
    arms: str
    time: str
    figure: str


_Slot = tuple[str, Kind, str, str]  # endpoint, kind, statistic where the kind does not say it, unit


def forest_plots(rows: Sequence[Row]) -> tuple[ForestPlot, ...]:
    """The plots of a review's outcomes, endpoints with most results first.

    A plot needs an interval or two values; `left_out` counts what has none.
    """
    slots = _slots(rows)
    sizes = Counter(slot[0] for slot, results in slots.items() for _ in results)
    first = {slot[0]: at for at, slot in reversed(list(enumerate(slots)))}

    def order(slot: _Slot) -> tuple[object, ...]:
        endpoint, kind = slot[:2]
        is_other = slots[slot][0].outcome.endpoint == OTHER
        return (is_other, -sizes[endpoint], first[endpoint], _ORDER.index(kind), -len(slots[slot]), slot)

    return tuple(_plot(slot, slots[slot]) for slot in sorted(slots, key=order) if _is_enough(slots[slot]))


def left_out(rows: Sequence[Row], plots: Iterable[ForestPlot]) -> int:
    """How many results with a figure are in no plot: alone and without an interval, or not to be placed."""
    figures = sum(row["value"] is not None or row["low"] is not None for row in rows)
    return figures - sum(plot.size for plot in plots)


def _slots(rows: Iterable[Row]) -> dict[_Slot, list[_Result]]:
    slots: dict[_Slot, list[_Result]] = {}
    for row in rows:
        outcome = Outcome.model_validate(row)
        kind = _kind_of(outcome)
        if kind is not None:
            _, _, figure, time, arms, study, _ = outcome_cells(row, lambda _: "")
            statistic = "" if kind in ("ratio", "place") else outcome.statistic
            slot = (outcome_group(outcome), kind, statistic, outcome.unit or "")
            slots.setdefault(slot, []).append(_Result(row, outcome, study, arms, time, figure))
    return slots


def _kind_of(row: Outcome) -> Kind | None:
    """What kind of figure a result is; None where there is none or no axis could hold it."""
    values = _values(row)
    if not values or not all(map(usable, values)):
        return None
    scale = MEASURES.get(row.statistic, ("", ""))[1]
    if (scale == "log" or row.statistic == "likelihood_ratio") and row.unit is None:
        return "ratio" if all(value > 0 for value in values) else None
    if scale == "none":
        return "difference"
    if row.statistic in ("percent", "proportion") and row.unit == "%":
        return "percent"
    return "place" if row.statistic in ("median", "mean") else "other"


def _values(row: Outcome) -> list[Decimal]:
    """The value, else the ends of the range."""
    if row.value is not None:
        return [row.value]
    return [] if row.low is None or row.high is None else [row.low, row.high]


def _is_enough(results: Sequence[_Result]) -> bool:
    return len(results) > 1 or any(_interval(each.outcome) or each.outcome.value is None for each in results)


def _interval(row: Outcome) -> tuple[Decimal, Decimal] | None:
    """The interval from low to high, however it is printed."""
    if row.ci_low is None or row.ci_high is None or not (usable(row.ci_low) and usable(row.ci_high)):
        return None
    return min(row.ci_low, row.ci_high), max(row.ci_low, row.ci_high)


def _plot(slot: _Slot, results: Sequence[_Result]) -> ForestPlot:
    _, kind, _, unit = slot
    outcomes = [each.outcome for each in results]
    code = outcomes[0].endpoint
    texts = Counter(" ".join(each.endpoint_text.split()) for each in outcomes)
    name = _meaning(code) or texts.most_common(1)[0][0]
    statistics = list(dict.fromkeys(each.statistic for each in outcomes))
    axis = _axis(kind, outcomes)
    told = {code.casefold(), name.casefold()}
    studies: dict[str, list[_Result]] = {}
    for each in results:
        studies.setdefault(each.study or NO_STUDY, []).append(each)
    return ForestPlot(
        endpoint="" if code == OTHER else code,
        name=name,
        measure=_measure(statistics, unit),
        axis=axis,
        studies=tuple(
            ForestStudy(study, tuple(_row(each, study, kind, axis, told) for each in sorted(group, key=_by_time)))
            for study, group in studies.items()
        ),
        shapes=tuple(Shape(_shape(kind, each), each.replace("_", " ")) for each in statistics),
    )


def _measure(statistics: Sequence[str], unit: str) -> str:
    names = ", ".join("percentage" if each == "percent" else each.replace("_", " ") for each in statistics)
    return f"{names} ({unit})" if unit and unit != "%" else names


def _by_time(result: _Result) -> tuple[bool, float]:
    time = result.outcome.timepoint
    return time is None, days(time)


def _row(result: _Result, study: str, kind: Kind, axis: Axis, told: set[str]) -> ForestRow:
    outcome = result.outcome
    name = " ".join(outcome.endpoint_text.split())
    named = [outcome.grade, None if name.casefold() in told else name]
    return ForestRow(
        record_id=outcome.record_id,
        study=study,
        arms=result.arms,
        time=result.time,
        name=" ".join(part for part in named if part),
        figure=result.figure,
        mark=_mark(outcome, _shape(kind, outcome.statistic), axis),
        hooks=hooks_of(outcome.record_id, result.row),
    )


def _axis(kind: Kind, outcomes: Sequence[Outcome]) -> Axis:
    values = [value for each in outcomes for value in _values(each)]
    bounds = [bound for each in outcomes for bound in _interval(each) or ()]
    if kind == "ratio":
        return ratio_axis(values, bounds)
    if kind == "percent":
        return percent_axis(values, bounds)
    return linear_axis(values, bounds, line=Decimal(0) if kind == "difference" else None)


def _mark(row: Outcome, shape: str, axis: Axis) -> Mark:
    if row.value is None:
        ends = sorted(_values(row))
        return Mark("range", shape, left=axis.place(ends[0]), right=axis.place(ends[1]))
    x, interval = axis.place(row.value), _interval(row)
    if interval is None:
        drawing: Drawing = "open"
        if row.bound is not None:
            drawing = "below" if row.bound in ("<", "<=") else "above"
        return Mark(drawing, shape, x)
    low, high = interval
    return Mark(
        "point",
        shape,
        x,
        left=axis.place(low),
        right=axis.place(high),
        cut_left=axis.share(low) < 0,
        cut_right=axis.share(high) > 1,
    )


def _shape(kind: Kind, statistic: str) -> str:
    return _SHAPES.get(statistic, _FURTHER_RATIO if kind == "ratio" else _OTHER_SHAPE)


def _meaning(code: str) -> str | None:
    """What a code of the lexicon stands for."""
    return None if code == OTHER else load("endpoints").codes.get(code)
