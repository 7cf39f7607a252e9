"""Words of a table with their places, and the lines that they stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from extract.patterns import lazy_regex
from extract.readers.pdf_runs import PageRuns, Run

SAME_LINE = 0.35  # of the height of type: middles this close stand on one line, also beside raised figures
SCRIPT_SIZE = 0.8  # of the height of the line beside it: smaller runs that touch it are its raised or lowered marks
HIGHER = 1.03  # times the height of type: a run is higher where some of its characters are raised or lowered
WIDE = 1.7  # times the usual space: wider gaps may lie between cells; tables are seldom justified
USUAL_SPACE = 0.2  # of the height of type, where a table has too few words side by side to measure it
MAX_SPACE = 0.45  # of the height of type: wider gaps are no spaces between words
MAX_MARK = 6  # characters of a raised or lowered run: marks of notes, numbers of references
LEADER = lazy_regex(r"[\s.·…_‐-―-]{8,}")  # a rule printed as characters
BULLETS = frozenset("•●▪■◦‣▸►○□✓➢")
_WORD = lazy_regex(r"\S+")


class Word(NamedTuple):
    """The characters `page.text[start:end]`, without a space between them."""

    start: int
    end: int
    x0: float
    x1: float
    run: Run
    bullet: bool = False


@dataclass(slots=True)
class Piece:
    """Words side by side on a line, with no more than usual spaces between them."""

    words: list[Word]

    @property
    def x0(self) -> float:
        """The left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """The right edge."""
        return self.words[-1].x1

    @property
    def centre(self) -> float:
        """Half way between the edges."""
        return (self.words[0].x0 + self.words[-1].x1) / 2

    @property
    def width(self) -> float:
        """From edge to edge."""
        return self.words[-1].x1 - self.words[0].x0

    @property
    def bold(self) -> bool:
        """Whether it is set in bold type."""
        return self.words[0].run.font.bold

    def text(self, page: PageRuns) -> str:
        """The words with single spaces."""
        return " ".join(page.page.text[word.start : word.end] for word in self.words)

    def spans(self) -> list[tuple[int, int]]:
        """The char spans of `page.text`, one for each stretch of the file."""
        found: list[tuple[int, int]] = []
        for before, word in zip([None, *self.words], self.words, strict=False):
            if before is not None and before.run is word.run and before.end <= word.start:
                found[-1] = (found[-1][0], word.end)
            else:
                found.append((word.start, word.end))
        return found


@dataclass(slots=True)
class TextLine:
    """The runs of one line, from left to right; words and pieces once they are asked for."""

    runs: list[Run]
    x0: float
    top: float
    x1: float
    bottom: float
    middle: float
    size: float
    words: list[Word] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


def is_leader(page: PageRuns, run: Run) -> bool:
    """Whether a run is a rule printed as characters."""
    return LEADER.fullmatch(page.page.text, run.start, run.end) is not None


def find_lines(page: PageRuns, runs: Sequence[Run]) -> list[TextLine]:
    """The lines of some runs from top to bottom, without words."""
    middles = {id(run): _middle(page, run) for run in runs}
    groups: list[list[Run]] = []
    for run in sorted(runs, key=lambda each: middles[id(each)]):
        last = groups[-1] if groups else None
        if last is not None and middles[id(run)] - _middle_of(last, middles) <= SAME_LINE * min(
            run.size, last[-1].size
        ):
            last.append(run)
        else:
            groups.append([run])
    return [_line(group, middles) for group in _join_scripts(groups)]


def _middle(page: PageRuns, run: Run) -> float:
    """Half way between top and bottom of the plain characters of a run."""
    if run.bottom - run.top <= HIGHER * run.size:
        return run.middle
    scripts = page.scripts[run.start : run.end]
    raised, lowered = bool((scripts > 0).any()), bool((scripts < 0).any())
    if raised == lowered:
        return run.middle
    return run.bottom - run.size / 2 if raised else run.top + run.size / 2


def _middle_of(group: Sequence[Run], middles: Mapping[int, float]) -> float:
    largest = max(run.size for run in group)
    plain = [middles[id(run)] for run in group if run.size >= SCRIPT_SIZE * largest]
    return sum(plain) / len(plain)


def _join_scripts(groups: list[list[Run]]) -> list[list[Run]]:
    """Raised and lowered runs put into the line above or below that they touch."""
    joined: list[list[Run]] = []
    largest = [max(run.size for run in group) for group in groups]
    for number, group in enumerate(groups):
        beside = [other for other in (number - 1, number + 1) if 0 <= other < len(groups)]
        small = all(run.end - run.start <= MAX_MARK for run in group)
        if small and any(largest[number] < SCRIPT_SIZE * largest[other] for other in beside):
            near = [groups[other] for other in beside if largest[number] < SCRIPT_SIZE * largest[other]]
            line = next((each for each in near if all(any(_touches(run, o) for o in each) for run in group)), None)
            if line is not None:
                line += group
                continue
        joined.append(group)
    return joined


def _touches(mark: Run, run: Run) -> bool:
    """Whether a run is set as a raised or lowered mark right beside another."""
    if mark.size >= SCRIPT_SIZE * run.size:
        return False
    common = min(mark.bottom, run.bottom) - max(mark.top, run.top)
    near = 0.3 * run.size
    beside = abs(mark.x0 - run.x1) < near or abs(run.x0 - mark.x1) < near
    return common > 0.4 * mark.size and beside


def _line(runs: list[Run], middles: Mapping[int, float]) -> TextLine:
    runs.sort(key=lambda run: run.x0)
    return TextLine(
        runs,
        runs[0].x0,
        min(run.top for run in runs),
        max(run.x1 for run in runs),
        max(run.bottom for run in runs),
        _middle_of(runs, middles),
        max(run.size for run in runs),
    )


def add_words(page: PageRuns, lines: Sequence[TextLine]) -> None:
    """Give lines their words."""
    for line in lines:
        if not line.words:
            line.words = sorted((word for run in line.runs for word in find_words(page, run)), key=lambda word: word.x0)


def find_words(page: PageRuns, run: Run) -> list[Word]:
    """The words of a run."""
    text = page.page.text
    boxes = page.boxes[run.start : run.end].tolist()
    found = []
    for match in _WORD.finditer(text, run.start, run.end):
        start, end = match.span()
        drawn = [box for box in boxes[start - run.start : end - run.start] if box[2] > box[0]]
        if drawn:
            x0, x1 = min(box[0] for box in drawn), max(box[2] for box in drawn)
            found.append(Word(start, end, x0, x1, run, match[0] in BULLETS))
    return found


def usual_space(lines: Sequence[TextLine]) -> float:
    """The usual gap between words in points."""
    gaps = sorted(
        after.x0 - before.x1
        for line in lines
        for before, after in pairwise(line.words)
        if 0 < after.x0 - before.x1 < MAX_SPACE * line.size
    )
    size = sorted(line.size for line in lines)[len(lines) // 2] if lines else 0.0
    least = USUAL_SPACE * size
    return max(gaps[len(gaps) // 3], 0.6 * least) if len(gaps) >= 8 else least


def split_pieces(lines: Sequence[TextLine], space: float) -> None:
    """Set the pieces of each line: its words cut at wide gaps."""
    for line in lines:
        line.pieces = []
        last: Word | None = None
        for word in line.words:
            if last is None or (word.x0 - last.x1 > WIDE * space and not _is_bullet(line.pieces[-1])):
                line.pieces.append(Piece([word]))
            else:
                line.pieces[-1].words.append(word)
            last = word if last is None or word.x1 > last.x1 else last


def _is_bullet(piece: Piece) -> bool:
    """Whether a piece is the sign of a list's item, which belongs to what follows."""
    word = piece.words[0]
    return len(piece.words) == 1 and word.end - word.start == 1 and word.bullet
