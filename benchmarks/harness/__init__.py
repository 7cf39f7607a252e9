"""What the benchmarks share: the texts, interleaved timing, and the table they print."""

from __future__ import annotations

import gc
import math
import random
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
PAPERS = ("balduzzi2022", "kallay2022")
PAPER_FOLDERS = (ROOT / "corpus" / "sources", ROOT.parent / "shared" / "corpus")
SAMPLES = ROOT / "corpus" / "samples"
SAMPLE_TEXT = 150_000  # characters to which the samples are repeated, the length of the two papers


def papers() -> dict[str, str]:
    """The two published reviews where they are at hand, else nothing."""
    found = {}
    for name in PAPERS:
        path = next((folder / f"{name}.txt" for folder in PAPER_FOLDERS if (folder / f"{name}.txt").is_file()), None)
        if path is None:
            return {}
        found[name] = path.read_text(encoding="utf-8")
    return found


def samples() -> dict[str, str]:
    """The reviews written for this project."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.md"))}


def texts() -> dict[str, str]:
    """What is measured: both papers, or the samples repeated with other numbers to the same length."""
    found = papers()
    return found or {"samples": grown(list(samples().values()), SAMPLE_TEXT)}


def grown(sources: Sequence[str], length: int) -> str:
    """A text of `length` characters under a body heading: paragraphs of the sources, every repetition with new digits.

    No paragraph stands twice, so no cache can answer for it. The same call gives the same text.
    """
    chance = random.Random(length)
    paragraphs = [part for source in sources for part in re.split(r"\n\s*\n|\n(?=[^\t|]*$)", source) if part.strip()]
    parts, size = ["# A review\n\n## Results"], 0
    while size < length:
        chance.shuffle(paragraphs)
        for paragraph in paragraphs:
            part = re.sub(r"[1-9]", lambda _: chance.choice("123456789"), paragraph)
            parts.append(part)
            size += len(part) + 2
            if size >= length:
                break
    return "\n\n".join(parts)[:length]


def best_of(measured: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Seconds of the fastest of `rounds` calls, in turn (A B A B), so that a slow phase hits all alike."""
    best = dict.fromkeys(measured, math.inf)
    for _ in range(rounds):
        for name, call in measured.items():
            best[name] = min(best[name], seconds(call))
    return best


def paired_ratios(
    unit: Callable[[], object], measured: Mapping[str, Callable[[], object]], rounds: int
) -> dict[str, float]:
    """Times of each call over that of `unit`: the median of `rounds`, the unit measured before and after each call.

    A machine that gets slower and faster by the minute, as shared ones do, makes the fastest of each hard to compare.
    """
    ratios: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(rounds):
        before = seconds(unit)
        for name, call in measured.items():
            took, after = seconds(call), seconds(unit)
            ratios[name].append(2 * took / (before + after))
            before = after
    return {name: median(each) for name, each in ratios.items()}


def seconds(call: Callable[[], object], *, clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds of one call by a clock, after a collection so that no call pays for the garbage of the one before."""
    gc.collect()
    start = clock()
    call()
    return clock() - start


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The slope of log time over log size by least squares: 1 is linear, 2 quadratic."""
    xs, ys = [math.log(size) for size in sizes], [math.log(each) for each in times]
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - x_mean) ** 2 for x in xs)
    return sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True)) / spread


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, words: int = 1) -> None:
    """Print a table; the first `words` columns hold words, the others figures."""
    table = Table(title=title, title_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < words else "right", no_wrap=True)
    for row in rows:
        table.add_row(*map(str, row))
    Console(width=110).print(table)
