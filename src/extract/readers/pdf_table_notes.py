"""Notes below a table: abbreviations, footnotes, sources."""

from __future__ import annotations

import re

from extract.readers.drafts import FOOTNOTE, LEGEND, LEGEND_START
from extract.readers.pdf_runs import PageRuns, Run
from extract.readers.pdf_table_extent import Region
from extract.readers.pdf_table_scene import CONTINUED, SAME_SIZE, Scene
from extract.readers.pdf_table_words import TextLine

FIRST = 3.0  # times the advance of the body from a table to its first note
NEXT = 1.75  # of the height of type: lines of one note are not farther apart
INDENT = 3.0  # of the height of type: how far a line of a note may begin from where its first line does
APART = 3.2  # of the height of type: notes of one table are not farther apart
_CUE = re.compile(r"(?:Notes?|Abbreviations?|Legends?|Key|Sources?)\s?[:.—–]|[*†‡§¶#∥^]|[a-z]\)?\s?[A-Z]")
_SENTENCE = re.compile(
    r"(?:Data|Values?|Percentages?|Numbers) (?:are|refer|represent|in|given|shown)\b|Adapted|Reproduced"
)


def find_notes(scene: Scene, region: Region) -> tuple[list[Run], list[Run]]:
    """The runs of the notes below a table, and those that say that it goes on, which are neither note nor cell."""
    notes: list[Run] = []
    signs: list[Run] = []
    last = region.closed
    size = 0.0
    for line in region.below:
        text = _text(scene.page, line)
        if any(map(scene.is_caption, line.runs)):
            break
        gap = line.top - last
        if CONTINUED.match(text) and len(text) < 24 and gap < FIRST * scene.leading:
            signs += line.runs
            last = line.bottom
            continue
        close = line.middle - last < NEXT * line.size if size else gap < FIRST * scene.leading
        if notes and abs(line.x0 - notes[0].x0) > INDENT * line.size:
            break  # in the column beside
        goes_on = size > 0 and abs(line.size - size) < 2 * SAME_SIZE * size and close
        starts = (gap < FIRST * scene.leading if not size else line.middle - last < APART * line.size) and (
            _is_note(scene, region, line, text)
        )
        if not goes_on and not starts:
            break
        notes += line.runs
        size, last = line.size, line.middle
    return notes, signs


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
