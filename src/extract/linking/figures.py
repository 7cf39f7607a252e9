"""Figures: printed numbers that can report an outcome, with what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from extract.document import CharSpan
from extract.linking import Found, Mark
from extract.patterns import lazy_regex
from extract.values import EffectKind, Quantity

EFFECTS = frozenset(get_args(EffectKind))
BOUND_SIGN = lazy_regex(r"(<=|>=|[<>≤≥])\s?$")
AVERAGES = frozenset({"median", "mean", "rate"})


@dataclass(slots=True, eq=False)
class Result:
    """A figure that can report an outcome; `span` is the figure, `start` to `end` it with what stands beside it."""

    span: CharSpan
    statistic: str
    fields: dict[str, Found]
    start: int
    end: int
    count: CharSpan | None = None
    named: CharSpan | None = None  # the measure's name and value: "hazard ratio 0.36"
    mark: Mark | None = None
    reports: bool = True  # False: a count that only says how many people there are

    @property
    def is_effect(self) -> bool:
        """Whether it compares two arms."""
        return self.statistic in EFFECTS

    @property
    def is_count(self) -> bool:
        """Whether it is a count without a percentage."""
        return self.statistic == "count"


def quantity_fields(quantity: Quantity, span: CharSpan, names: tuple[str, str, str]) -> dict[str, Found]:
    """One number under the first name, or a range under the other two."""
    numbers: tuple[Decimal | None, ...] = (quantity.value, quantity.low, quantity.high)
    return {name: Found(number, (span,)) for name, number in zip(names, numbers, strict=True) if number is not None}
