"""Intervals of scores by resampling blocks, since mentions of one sentence or table stand or fall together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Interval(NamedTuple):
    """Bounds that hold the middle of the resampled scores."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Intervals:
    """Bootstrap intervals of the strict scores; None where no resample defines the score."""

    precision: Interval | None = None
    recall: Interval | None = None
    f1: Interval | None = None


def bootstrap_intervals(
    tallies: NDArray[np.int64], *, resamples: int, seed: int, level: float = 0.95
) -> tuple[Intervals, ...]:
    """Percentile intervals of each label; `tallies` holds (tp, fp, fn): blocks × labels × 3.

    Blocks are drawn with replacement, the same draws for all labels; resamples that leave a score undefined drop out.
    """
    blocks, labels, _ = tallies.shape
    if blocks < 2:  # nothing to resample: the interval is unknown, not zero wide
        return (Intervals(),) * labels
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(blocks, np.full(blocks, 1 / blocks), size=resamples)
    sums = (draws @ tallies.reshape(blocks, -1)).reshape(resamples, labels, 3)
    tp, fp, fn = sums[:, :, 0], sums[:, :, 1], sums[:, :, 2]
    precision = _interval_of(tp, tp + fp, level)
    recall = _interval_of(tp, tp + fn, level)
    f1 = _interval_of(2 * tp, 2 * tp + fp + fn, level)
    return tuple(Intervals(*bounds) for bounds in zip(precision, recall, f1, strict=True))


def _interval_of(part: NDArray[np.int64], whole: NDArray[np.int64], level: float) -> list[Interval | None]:
    """One interval a column, over the resamples that define the ratio."""
    intervals: list[Interval | None] = []
    for column in range(part.shape[1]):
        defined = whole[:, column] > 0
        if not defined.any():
            intervals.append(None)
            continue
        ratios = part[defined, column] / whole[defined, column]
        low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2]).tolist()
        intervals.append(Interval(low, high))
    return intervals
