"""Notes below a table: abbreviations, footnotes, sources."""

from __future__ import annotations

from extract.patterns import lazy_regex
from extract.readers.drafts import FOOTNOTE, LEGEND, LEGEND_START
from extract.readers.pdf_runs import PageRuns, Run
from extract.readers.pdf_table_extent import EDGE, Region
from extract.readers.pdf_table_scene import CONTINUED, SAME_SIZE, Scene
from extract.readers.pdf_table_words import TextLine

FIRST = 3.0  # times the advance of the body from a table to its first note
NEXT = 1.75  # of the height of type: lines of one note are not farther apart
INDENT = 3.0  # of the height of type: how far a line of a note may begin from where the one above does
MAX_SIGN = 24  # characters that say that a table goes on
APART = 3.2  # of the height of type: notes of one table are not farther apart
_CUE = lazy_regex(r"(?:Notes?|Abbreviations?|Legends?|Key|Sources?)\s?[:.—–]|[*†‡§¶#∥^]|[a-z]\)?\s?[A-Z]")
_SENTENCE = lazy_regex(
    r"(?:Data|Values?|Percentages?|Numbers) (?:are|refer|represent|in|given|shown)\b|Adapted|Reproduced"
)


def find_notes(scene: Scene, region: Region) -> tuple[list[Run], list[Run]]:
    """The runs of the notes below a table, and those that say that it goes on, which are neither note nor cell."""
    notes: list[Run] = []
    signs: list[Run] = []
    last = region.closed
    before: TextLine | None = None
    for line in region.below:
        text = _text(scene.page, line)
        gap = line.top - last
        if any(map(scene.is_caption, line.runs)):
            break
        if before is None and CONTINUED.match(text) and len(text) < MAX_SIGN and gap < FIRST * scene.leading:
            signs += line.runs
            last = line.bottom
            continue
        runs = _without_column_beside(scene, line)
        if before is None:
            goes_on, near = False, gap < FIRST * scene.leading
        else:
            goes_on, near = _goes_on(before, line), line.middle - before.middle < APART * line.size
        below = before is None or _is_flush(before, line)
        if not goes_on and not (near and below and _is_note(scene, region, line, text)):
            break
        notes += runs
        before = line
    return notes, signs


def _goes_on(before: TextLine, line: TextLine) -> bool:
    """Whether a line goes on with a note: set in the same type, right below it, at its left edge or centred."""
    alike = abs(line.size - before.size) < 2 * SAME_SIZE * before.size
    return _is_flush(before, line) and alike and line.middle - before.middle < NEXT * line.size


def _is_flush(before: TextLine, line: TextLine) -> bool:
    """Whether a line begins about where the one above does, or is centred below it."""
    flush = abs(line.x0 - before.x0) < INDENT * line.size
    return flush or abs(line.x0 + line.x1 - before.x0 - before.x1) < 2 * EDGE


def _without_column_beside(scene: Scene, line: TextLine) -> list[Run]:
    """The runs of a line up to a gap behind which the running text of another column begins."""
    runs = line.runs[:1]
    for run in line.runs[1:]:
        if run.x0 - runs[-1].x1 > line.size and scene.in_frame(run):
            break
        runs.append(run)
    return runs


def _is_note(scene: Scene, region: Region, line: TextLine, text: str) -> bool:
    """Whether a line reads or looks like the first of a note."""
    first = line.runs[0]
    raised = scene.page.scripts[first.start] > 0
    cue = raised or bool(_CUE.match(text) or FOOTNOTE.match(text) or LEGEND_START.match(text) or LEGEND.search(text))
    if any(map(scene.is_body, line.runs)):
        return cue and (not scene.fills_frame(first) or bool(LEGEND.search(text)))
    cue = cue or bool(_SENTENCE.match(text))
    if first.font.bold and first.last_font.bold and not cue:
        return False
    table = sorted(each.size for each in region.lines)[len(region.lines) // 2]
    return cue or line.size <= (1 + SAME_SIZE) * table


def _text(page: PageRuns, line: TextLine) -> str:
    return " ".join(page.page.text[run.start : run.end].strip() for run in line.runs)
