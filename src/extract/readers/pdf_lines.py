"""Lines of a column and the blocks that they make up: headings, captions, paragraphs, list items, notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extract.document import BlockKind
from extract.patterns import lazy_regex
from extract.readers.drafts import ABBREVIATED, CAPTION, TERMINAL
from extract.readers.layout import Column
from extract.readers.normalise import SUBSCRIPTS, SUPERSCRIPTS
from extract.readers.pdf_runs import SCRIPT, PageRuns, Run, remark_scripts
from extract.readers.pdf_tables import BodyType, TableArea
from extract.readers.sections import LETTERSPACED, MAX_HEADING_WORDS, heading_key, known_heading

WORD_GAP = 0.1  # of the height of a line: runs as far apart are words of their own
SAME_SIZE = 0.07  # of the height: a smaller difference is none
LARGER = 1.1  # times the height of the body's lines: headings
PARAGRAPH_GAP = 1.4  # times the usual advance from line to line
INDENT = (0.5, 4.5)  # of the height: a first line is set in by less than a centred line
SHORT = 0.12  # of the width of the column: a line that ends as far from its edge ends a paragraph
FULL = 0.02  # of the width: a line that ends so near to its edge may go on in the next column
JUSTIFIED = 0.5  # of the lines of a column that reach its edge
HANGING = 0.4  # of the lines of a column that are set in: entries with hanging indents, not first lines
MIN_ENTRIES = 3  # lines with numbers that count on make a numbered list
LEAST = 0.93  # of the height of the body's lines: what is smaller is no heading
LEAST_OTHER = 0.7  # the same in another font, whose heights mean something else
MAX_HEADING = 200  # characters
BULLET = lazy_regex(r"[•●▪■◦‣▸►–—*-]\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s")


@dataclass(slots=True)
class Line:
    """Runs on one line of a column, from left to right."""

    page: PageRuns
    runs: list[Run]
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    text: str

    @property
    def bold(self) -> bool:
        """Whether it is bold from its beginning to its end."""
        return all(run.font.bold and run.last_font.bold for run in self.runs)

    @property
    def italic(self) -> bool:
        """Whether it is slanted from its beginning to its end."""
        return all(run.font.italic and run.last_font.italic for run in self.runs)

    @property
    def middle(self) -> float:
        """Half way between top and bottom."""
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class TextBlock:
    """Lines that belong together, with what their type says they are."""

    kind: BlockKind
    lines: list[Line]
    table: TableArea | None = None
    level: int | None = None
    runs_on: bool = False  # its last line is full
    leads: bool = False  # it stands at the top of its column
    begins: bool = True  # its first line is set in, or stands amid a column
    is_rest: bool = False  # the rest of an entry with a hanging indent that began in the column before

    @property
    def text(self) -> str:
        """The lines, joined with spaces."""
        return " ".join(line.text for line in self.lines)

    @property
    def size(self) -> float:
        """The height of most lines."""
        return median(line.size for line in self.lines)


def scripted(character: str, script: int) -> str:
    """A raised or lowered character in its form of one, where there is one."""
    if not script:
        return character
    return (SUPERSCRIPTS if script > 0 else SUBSCRIPTS).get(_DASHES.get(character, character), character)


_DASHES = {"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-"}


def make_line(page: PageRuns, runs: Sequence[Run]) -> Line:
    """A line of runs from left to right; whole runs may be raised or lowered."""
    sizes: Counter[float] = Counter()
    for run in runs:
        sizes[run.size] += run.end - run.start
    size = max(sizes, key=lambda each: (sizes[each], each))
    plain = [run.middle for run in runs if run.size >= SCRIPT * size]
    middle = median(plain)
    parts: list[str] = []
    last: Run | None = None
    for run in runs:
        if run.size < SCRIPT * size and abs(run.middle - middle) > 0.08 * size:
            page.scripts[run.start : run.end] = 1 if run.middle < middle else -1
        if last is not None and run.x0 - last.x1 > WORD_GAP * size:
            parts.append(" ")
        printed = page.page.text[run.start : run.end].replace("\ufffe", "-")
        if page.scripts[run.start : run.end].any():
            printed = "".join(map(scripted, printed, page.scripts[run.start : run.end].tolist()))
        parts.append(" ".join(printed.split()))
        last = run
    return Line(
        page,
        list(runs),
        runs[0].x0,
        min(run.top for run in runs),
        max(run.x1 for run in runs),
        max(run.bottom for run in runs),
        size,
        "".join(parts),
    )


def body_type(pages: Sequence[PageRuns]) -> BodyType:
    """The type of most of the running text of a document."""
    counts: Counter[tuple[str, float]] = Counter()
    for page in pages:
        for run in page.runs:
            counts[run.font.name, round(run.size * 2) / 2] += run.end - run.start
    font, size = max(counts, key=lambda each: (counts[each], each), default=("", 10.0))
    return BodyType(font, size, advances(pages).get(round(size), 1.2 * size))


def advances(pages: Sequence[PageRuns]) -> dict[int, float]:
    """From line to line, the usual advance of each height of type (rounded to points)."""
    steps: dict[int, list[float]] = {}
    for page in pages:
        for first, second in pairwise(page.runs):
            step = second.middle - first.middle
            same = abs(first.size - second.size) < SAME_SIZE * first.size
            if same and abs(first.x0 - second.x0) < 2 and 0.5 * first.size < step < 2.5 * first.size:
                steps.setdefault(round(first.size), []).append(step)
    return {size: median(found) for size, found in steps.items() if len(found) > 2}


def find_blocks(column: Column[Run], page: PageRuns, body: BodyType, pitches: Mapping[int, float]) -> list[TextBlock]:
    """The blocks of a column of runs, from top to bottom."""
    lines = [make_line(page, [piece.payload for piece in line]) for line in column.lines]
    edges = _Edges(lines)
    blocks: list[TextBlock] = []
    for line in lines:
        last = blocks[-1].lines[-1] if blocks else None
        if last is not None:
            _resize(line, last.size)
        captions = _is_caption(line, last, edges, body, pitches)
        if (
            last is None
            or captions
            or _begins(line, last, edges, body, pitches, caption=blocks[-1].kind is BlockKind.CAPTION)
        ):
            blocks.append(TextBlock(BlockKind.CAPTION if captions else BlockKind.PARAGRAPH, [line]))
        else:
            blocks[-1].lines.append(line)
    for block in blocks:
        if block.kind is BlockKind.PARAGRAPH and is_heading(block, body):
            block.kind = BlockKind.HEADING
    blocks = list(_joined_headings(blocks, pitches))
    for block in blocks:
        block.runs_on = edges.justified and edges.is_full(block.lines[-1])
    blocks[0].leads = True
    blocks[0].is_rest = edges.hanging and edges.is_in(blocks[0].lines[0])
    blocks[0].begins = edges.is_in(blocks[0].lines[0]) or bool(BULLET.match(blocks[0].text))
    return blocks


def _resize(line: Line, size: float) -> None:
    """Mend a short line whose raised characters outnumber the others: it has the height of the line above."""
    for run in line.runs:
        boxes = line.page.boxes[run.start : run.end]
        if run.size < SCRIPT * size and abs(float((boxes[:, 3] - boxes[:, 1]).max()) - size) < SAME_SIZE * size:
            run.size = line.size = size
            remark_scripts(line.page, run)
            line.text = make_line(line.page, line.runs).text


def _is_caption(line: Line, last: Line | None, edges: _Edges, body: BodyType, pitches: Mapping[int, float]) -> bool:
    """Whether a line begins a caption, and is no line of a paragraph that happens to begin with `Table 1`."""
    if not CAPTION.match(line.text):
        return False
    first = line.runs[0].font
    if last is None:  # at the top of a column a paragraph may go on
        return first.bold or first.name != body.font or abs(line.size - body.size) > SAME_SIZE * body.size
    if first.bold or abs(line.size - last.size) > SAME_SIZE * last.size:
        return True
    if first.name != last.runs[-1].last_font.name and (TERMINAL.search(last.text) or not edges.is_full(last)):
        return True
    apart = line.middle - last.middle > 1.2 * pitches.get(round(line.size), 1.25 * line.size)
    return apart and bool(TERMINAL.search(last.text))


class _Edges:
    """Where the lines of a column begin and end, and whether first lines are set out rather than in."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.x0 = min(line.x0 for line in lines)
        self.x1 = max(line.x1 for line in lines)
        inside = [self.is_in(line) for line in lines]
        self.hanging = len(lines) >= 4 and HANGING * len(lines) <= sum(inside) < len(lines)
        self.justified = sum(map(self.is_full, lines)) >= JUSTIFIED * len(lines)
        self.entries = frozenset(_numbered(lines))

    def is_in(self, line: Line) -> bool:
        """Whether a line is set in from the left edge, as the first line of a paragraph is."""
        return INDENT[0] * line.size < line.x0 - self.x0 < INDENT[1] * line.size

    def is_full(self, line: Line) -> bool:
        """Whether a line reaches the right edge, as those inside a paragraph do."""
        return self.x1 - line.x1 < FULL * (self.x1 - self.x0)

    def is_short(self, line: Line) -> bool:
        """Whether a line ends well before the right edge."""
        return self.x1 - line.x1 > SHORT * (self.x1 - self.x0)


def runs_on(before: str, after: str) -> bool:
    """Whether a line end stands inside an address, a DOI or a unit ("mg/", "kg")."""
    if before.endswith("/") and after[:1].isalnum():
        return True
    token = before.rsplit(None, 1)[-1] if before else ""
    if not _ADDRESS.match(token):
        return False
    following = after.split(None, 1)[0] if after.strip() else ""
    return token[-1] in "/._-=:" or bool(_ADDRESS_PART.match(following))


# The start of an address in the last word of a line, and what goes on with it in the next.
_ADDRESS = lazy_regex(r"(?:https?:|www\.|doi:?|10\.\d{4,9}/)\S+")
_ADDRESS_PART = lazy_regex(r"(?=\S*[/._-]\S)[a-z0-9/._-][a-z0-9/.():;_-]*$")


def _numbered(lines: Sequence[Line]) -> Iterator[int]:
    """The lines (by `id`) that begin with the next number of a list."""
    found = [(int(match["number"]), line) for line in lines if (match := _ENTRY.match(line.text))]
    run: list[Line] = []
    last = 0
    for number, line in found:
        if run and last < number <= last + 2:
            run.append(line)
        elif not run or number <= last or len(run) < MIN_ENTRIES:
            if len(run) >= MIN_ENTRIES:
                yield from map(id, run)
            run = [line]
        else:
            continue
        last = number
    if len(run) >= MIN_ENTRIES:
        yield from map(id, run)


_ENTRY = lazy_regex(r"[\[(]?(?P<number>\d{1,3})(?:[.\])]{1,2}\s?|\s)(?=[^\W\d]|\d+ )")


def _begins(
    line: Line, last: Line, edges: _Edges, body: BodyType, pitches: Mapping[int, float], *, caption: bool
) -> bool:
    """Whether a line begins a block."""
    if abs(line.size - last.size) > SAME_SIZE * max(line.size, last.size):
        return not (line.size < last.size and len(line.text) <= 3 and line.top < last.bottom)
    if LETTERSPACED.fullmatch(last.text):
        return True
    usual = pitches.get(round(line.size), 1.25 * line.size)
    if line.middle - last.middle > PARAGRAPH_GAP * usual:
        return True
    if caption or line.size > LARGER * body.size:
        return False
    if id(line) in edges.entries:
        return True
    if runs_on(last.text, line.text):
        return False
    if line.bold != last.bold and (last.bold or edges.is_short(last)):
        return True
    if line.italic != last.italic and (edges.is_short(last) or (line.italic and TERMINAL.search(last.text))):
        return True
    numbered = line.text[:1].isalnum() or line.text[:1] == "("
    cut = last.text[-1:] in "-\u2013," or (edges.hanging and numbered)  # "pp. 33-" "44. "
    if (
        BULLET.match(line.text)
        and not cut
        and (edges.is_in(line) or TERMINAL.search(last.text) or edges.is_short(last))
    ):
        return not line.text.startswith("-") or edges.is_short(last)
    if edges.hanging:
        return not edges.is_in(line) and (edges.is_in(last) or edges.is_short(last))
    if edges.is_in(line) and not edges.is_in(last):
        return bool(TERMINAL.search(last.text)) or edges.is_short(last) or last.bold or last.italic
    ended = TERMINAL.search(last.text) and not ABBREVIATED.search(last.text)
    return bool(ended) and edges.is_short(last) and not line.text[:1].islower()


def is_heading(block: TextBlock, body: BodyType) -> bool:
    """Whether the type of a block is that of a heading: larger, bold, capitals or slanted, and short."""
    text = block.text
    first = block.lines[0]
    words = text.split()
    if len(text) > MAX_HEADING or len(words) > MAX_HEADING_WORDS + 6 or not any(map(str.isalpha, text)):
        return False
    least = LEAST if first.runs[0].font.family == body.font.split("-", 1)[0] else LEAST_OTHER
    if block.size < least * body.size or text[-1] in ".,;:" or not (text[0].isupper() or text[0].isdigit()):
        return known_heading(text) and (first.bold or LETTERSPACED.fullmatch(text) is not None)
    letters = [character for character in text if character.isalpha()]
    capitals = len(letters) >= 5 and all(map(str.isupper, letters))
    larger = block.size >= LARGER * body.size
    bold = all(line.bold for line in block.lines)
    italic = all(line.italic for line in block.lines) and len(words) <= MAX_HEADING_WORDS
    return bold or larger or capitals or italic or (known_heading(text) and len(block.lines) == 1)


def set_levels(blocks: Sequence[TextBlock]) -> None:
    """Give headings their level: by their numbering, else by the rank of their type among those of the document.

    The type of the headings that every article has (introduction, results …) is that of the first level.
    """
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    common = Counter(_style(block) for block in headings if heading_key(block.text) in _TOP)
    if not common:
        return
    top = max(common, key=lambda style: (common[style], style))
    for block in headings:
        numbering = _SECTION.match(block.text)
        if numbering:
            block.level = numbering[1].count(".") + 1
        else:
            block.level = 1 if _style(block) >= top or heading_key(block.text) in _TOP else 2


def _style(block: TextBlock) -> tuple[float, bool, bool]:
    """What ranks a heading: height of its type, bold, upright."""
    first = block.lines[0]
    return round(block.size, 1), first.bold, not first.italic


_SECTION = lazy_regex(r"(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s")
_TOP = frozenset(
    {"introduction", "methods", "results", "discussion", "conclusion", "conclusions", "references", "background"}
)


def _joined_headings(blocks: Sequence[TextBlock], pitches: Mapping[int, float]) -> Iterator[TextBlock]:
    """The blocks, headings of several lines put together again."""
    last: TextBlock | None = None
    for block in blocks:
        joins = (
            last is not None
            and last.kind is block.kind is BlockKind.HEADING
            and abs(last.size - block.size) < SAME_SIZE * block.size
            and last.lines[-1].bold == block.lines[0].bold
            and block.lines[0].middle - last.lines[-1].middle
            < PARAGRAPH_GAP * pitches.get(round(block.size), 1.3 * block.size)
            and not re.match(r"\d", block.text)
        )
        if joins and last is not None:
            last.lines += block.lines
            continue
        if last is not None:
            yield last
        last = block
    if last is not None:
        yield last
