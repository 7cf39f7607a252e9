"""Does doubling the input double the work? Texts of one short unit repeated, through the reader and each component.

Each text is doubled until a step takes long enough to be measured or the text is 250,000 characters long (`--longest`);
the ratio is between the last two lengths. `--check` exits with 1 where a step more than doubles, `--only` takes part of
a name.
"""

from __future__ import annotations

import argparse
import gc
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from types import FrameType

from growth_texts import all_texts
from harness import seconds, show
from spacy.language import Language
from spacy.tokens import Doc

from extract.assembly import Extraction, assemble_mentions, assemble_records, link_marks
from extract.components import DOCUMENT
from extract.coverage import find_uncovered
from extract.document import BlockKind, Document
from extract.linking import Marks
from extract.pipeline import load
from extract.readers import parse_text

MAX_RATIO = 2.8  # of the time when the text doubles; 2 is linear, 4 quadratic
MEASURABLE = 0.02  # seconds of the shorter text from which a ratio is taken
TINY = 0.05  # seconds: a shorter time says nothing about growth


@dataclass(frozen=True, slots=True)
class Growth:
    """How the time of one step grew when one text doubled; seconds are of the longer text."""

    text: str
    step: str
    characters: int
    seconds: float
    ratio: float | None
    timed_out: bool = False

    @property
    def linear(self) -> bool:
        """Whether the time about doubled, or was too short to tell."""
        return not self.timed_out and (self.ratio is None or self.ratio <= MAX_RATIO)


class TooSlowError(Exception):
    """A step went over its time."""


@contextmanager
def limit(allowed: float) -> Iterator[None]:
    """Raise TooSlowError in the block after `allowed` seconds, in a regular expression too."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, allowed)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@cache
def pipeline() -> Language:
    """The default pipeline; what it holds is left out of the collections between measurements."""
    nlp = load()
    gc.collect()
    gc.freeze()
    return nlp


def steps_of(source: str, skipped: frozenset[str], allowed: float, repeats: int) -> dict[str, float]:
    """Processor seconds of the reader, the tokenizer, each component's `find`, assembly, linking, records and coverage.

    Infinite where one took too long. A skipped component marks nothing, so that those after it can still be measured.
    """
    nlp = pipeline()
    times: dict[str, float] = {}
    kept: dict[str, object] = {}

    def measure(step: str, call: Callable[[], object]) -> object:
        def run() -> None:
            kept[step] = call()

        try:
            with limit(allowed):
                times[step] = min(seconds(run, clock=time.process_time) for _ in range(repeats))
        except TooSlowError:
            times[step] = float("inf")
        return kept.get(step)

    document = measure("parse_text", lambda: parse_text(source)) if "parse_text" not in skipped else None
    if not isinstance(document, Document):
        document = _one_paragraph(source)
    doc = measure("tokenizer", lambda: nlp.make_doc(document.text))
    assert isinstance(doc, Doc)
    doc.user_data[DOCUMENT] = document
    for name, component in nlp.pipeline:
        found = measure(name, lambda: component.find(doc)) if name not in skipped else None  # type: ignore[attr-defined]  # noqa: B023
        doc.spans[component.group] = found or []  # type: ignore[attr-defined,assignment]
    if "assembly" not in skipped:
        measure("assembly", lambda: assemble_mentions(doc, document))
    links = (measure("linking", lambda: link_marks(Marks(doc))) if "linking" not in skipped else None) or []
    assert isinstance(links, list)
    made = (measure("records", lambda: assemble_records(document, links)) if "records" not in skipped else None) or (
        (),
        (),
    )
    if "coverage" not in skipped:
        extraction = Extraction(document, assemble_mentions(doc, document, helpers=True), evidence=made[1])  # type: ignore[index]
        measure("coverage", lambda: find_uncovered(extraction))
    return times


def _one_paragraph(source: str) -> Document:
    """A document that stands in for one that could not be read in time: the text as one paragraph."""
    read = parse_text("# A review\n\n## Results\n\nA sentence.")
    block = next(block for block in read.blocks if block.kind is BlockKind.PARAGRAPH)
    shift = block.span._replace(start=0, end=len(source))
    return replace(read, text=source, source=source, blocks=(replace(block, span=shift),))


def growth(
    name: str,
    make: Callable[[int], str],
    *,
    start: int = 31_250,
    longest: int = 1_000_000,
    enough: float = 0.5,
    allowed: float = 20.0,
    repeats: int = 1,
) -> list[Growth]:
    """How each step grows on one text: doubled until it takes `enough` seconds or is `longest`.

    A step is dropped from longer texts once it has taken `enough` and has a ratio.
    """
    found: dict[str, Growth] = {}
    before: dict[str, float] = {}
    skipped: frozenset[str] = frozenset()
    length = start
    while length <= longest:
        times = steps_of(make(length), skipped, allowed, repeats)
        for step, took in times.items():
            ratio = took / before[step] if step in before and before[step] >= MEASURABLE else None
            timed_out = took == float("inf")
            found[step] = Growth(name, step, length, took, None if timed_out else ratio, timed_out)
        before = times
        done = {step for step, took in times.items() if took >= enough and found[step].ratio is not None}
        skipped |= (done | {step for step, took in times.items() if took == float("inf")}) - {"tokenizer"}
        length *= 2
    return list(found.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of the names of the texts to try")
    parser.add_argument("--longest", type=int, default=250_000, help="characters; 1000000 takes long")
    parser.add_argument("--enough", type=float, default=0.5, help="seconds that tell enough")
    parser.add_argument("--allowed", type=float, default=20.0, help="seconds after which a step is stopped")
    parser.add_argument("--tries", type=int, default=3, help="measurements before a step counts as more than linear")
    parser.add_argument("--all", action="store_true", help="a row for every step, not the slowest of each text")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true", help=f"exit 1 where a ratio is over {MAX_RATIO}")
    chosen = parser.parse_args()
    results: list[Growth] = []
    for name, make in all_texts().items():
        if chosen.only not in name:
            continue
        found = confirmed(
            name, make, tries=chosen.tries, longest=chosen.longest, enough=chosen.enough, allowed=chosen.allowed
        )
        results += found
        slow = [
            f"{each.step} {each.ratio or 0:.1f} ({each.seconds:.1f} s at {each.characters:,})"
            for each in found
            if not each.linear
        ]
        print(f"{name}: {', '.join(slow) or 'linear'}", file=sys.stderr)
    if chosen.json:
        print(json.dumps([{**asdict(each), "linear": each.linear} for each in results], indent=1))
    else:
        _print(results, everything=chosen.all)
    return int(chosen.check and not all(each.linear for each in results))


def over(make: Callable[[int], str], most: float, *, characters: int = 10_000, allowed: float = 90.0) -> set[str]:
    """The steps that take more than `most` times as long when the text becomes eight times as long.

    Each measurement reads the text anew: the first step to ask for the sentences pays for them, in both lengths.
    """
    measured = [steps_of(make(characters), frozenset(), allowed, repeats=1) for _ in range(3)]
    shorter = {step: min(times[step] for times in measured) for step in measured[0]}
    longer = steps_of(make(8 * characters), frozenset(), allowed, repeats=1)
    return steps_over(shorter, longer, most)


def steps_over(shorter: Mapping[str, float], longer: Mapping[str, float], most: float) -> set[str]:
    """The steps that take more than `most` times as long on the longer text, short times left out."""
    return {step for step, took in longer.items() if took > TINY and took > most * shorter.get(step, took)}


def confirmed(name: str, make: Callable[[int], str], *, tries: int = 3, **options: float) -> list[Growth]:
    """`growth`, measured again where a step seems more than linear: the lowest ratio of three counts."""
    best = {each.step: each for each in growth(name, make, **options)}  # type: ignore[arg-type]
    for _ in range(tries - 1):
        if all(each.linear for each in best.values()):
            break
        for again in growth(name, make, **options):  # type: ignore[arg-type]
            if again.linear:
                best[again.step] = again
    return list(best.values())


def _print(results: list[Growth], *, everything: bool) -> None:
    rows = results
    if not everything:
        names = dict.fromkeys(each.text for each in results)
        rows = [
            each
            for name in names
            for number, each in enumerate(
                sorted((r for r in results if r.text == name), key=_per_character, reverse=True)
            )
            if number == 0 or not each.linear
        ]
    show(
        "Growth when the text doubles: the slowest step of each text, and each step that more than doubles",
        ("text", "step", "characters", "seconds", "ratio", ""),
        [
            (
                each.text,
                each.step,
                f"{each.characters:,}",
                "too long" if each.timed_out else f"{each.seconds:.2f}",
                "" if each.ratio is None else f"{each.ratio:.1f}",
                "" if each.linear else "NOT LINEAR",
            )
            for each in rows
        ],
        words=2,
    )
    print(f"{sum(not each.linear for each in results)} of {len(results)} steps over {MAX_RATIO}")


def _per_character(each: Growth) -> float:
    return each.seconds / each.characters


if __name__ == "__main__":
    sys.exit(main())
