"""Hard-wrapped text, as PDF-to-text tools print it: a file line a printed line, page marks, cells on own lines."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from extract.document import BlockKind, CharSpan
from extract.patterns import lazy_regex
from extract.readers.drafts import CAPTION, LEGEND, LEGEND_START, TERMINAL, Draft, Line
from extract.readers.sections import ADDRESS, known_heading, looks_like_heading, opens, run_in

PAGE_MARK = lazy_regex(r"(?:=+\s*page\s+\d+\s*=+|-+\s*\d+\s*-+|\f)$", re.IGNORECASE)
_FOLIO = lazy_regex(r"(?:page\s+)?\d{1,5}(?:\s*(?:of|/)\s*\d+)?$", re.IGNORECASE)
_FURNITURE = lazy_regex(
    r"[.\s_·-]{8,}$|(?:https?://|www\.|doi:|DOI:|DOI\s|Downloaded from|©|Copyright|\(c\)|e-?mail:)|^\S+@\S+$|"
    r"[A-Z][\w.\s-]{2,40}\set\s+al\.?(?:\s+\d+)?$|(?:Open Access|OPEN ACCESS)$"
)
_CUT_DOI = lazy_regex(r"\b10\.\d{4,9}/\S*[./-]$")  # the next line's number is its rest, no folio
_WORD = lazy_regex(r"[a-z]{2,}")
_ENTRY_YEAR = lazy_regex(r"\b(?:19|20)\d\d\b")
_CELL = lazy_regex(r"[-+<>≤≥~±(\[]?\s*\d[\d\s.,%±()/+*–:\[\]-]*(?:to \d[\d.]*\)?)?$|(?:NR|NA|N/A|-+|n|N|%|p|P)$")
MIN_LINES = 12
PROSE_WIDTH = 45  # characters: a shorter line alone is a heading, a cell or a line's rest
MAX_KNOWN = 60  # characters of a known heading on a line of its own
LIST_LINES = 8  # lines after the heading of a reference list in which an entry shows its year
PAGE_EDGE = 4  # lines from the top or bottom of a page in which a number alone is its folio


def is_hard_wrapped(lines: list[Line]) -> bool:
    """Whether the lines are printed lines: page marks stand in them, or sentences run over line ends."""
    filled = [line for line in lines if line.text]
    if sum(bool(PAGE_MARK.match(line.text)) for line in filled) >= 1:
        return True
    if len(filled) < MIN_LINES or any("\t" in line.text for line in filled):
        return False
    prose = [line for line in filled if len(line.text) >= PROSE_WIDTH]
    if len(prose) < MIN_LINES // 2 or max(len(line.text) for line in filled) > 300:
        return False
    running = sum(
        later.number == earlier.number + 1 and later.text[:1].islower() and not TERMINAL.search(earlier.text)
        for earlier, later in pairwise(filled)
    )
    return running * 4 >= len(prose)


def wrapped_drafts(flat: str, lines: list[Line]) -> list[Draft]:
    """Drafts from printed lines: chunks between blank lines, furniture taken out."""
    listed = _list_heading(lines)
    furniture = _furniture(lines, listed)
    drafts: list[Draft] = []
    chunk: list[Line] = []
    for line in [*lines, Line(len(flat), len(flat), "", len(lines) + 1, len(flat), len(flat))]:
        if line.text and line.number not in furniture:
            if chunk and (line.number == listed or _starts_block(line, chunk)):
                drafts.extend(_chunk_drafts(chunk))
                chunk = []
            chunk.append(line)
            continue
        if line.text:
            drafts.append(Draft(BlockKind.FURNITURE, [CharSpan(line.start, line.end)], line.text))
        if chunk:
            drafts.extend(_chunk_drafts(chunk))
            chunk = []
    return _settle_short(drafts)


def _list_heading(lines: list[Line]) -> int:
    """The number of the line that is the heading of the reference list, 0 where none is."""
    filled = [line for line in lines if line.text]
    for index in range(len(filled) - 1, -1, -1):
        if opens("references", filled[index].text):
            following = " ".join(line.text for line in filled[index + 1 : index + LIST_LINES])
            if _ENTRY_YEAR.search(following):
                return filled[index].number
    return 0


def _furniture(lines: list[Line], listed: int) -> frozenset[int]:
    """Numbers of the lines that belong to the page and not to the text; `listed` is that of the list's heading.

    In a reference list a web address is a part of an entry, unless pages repeat it at their edges.
    """
    filled = [line for line in lines if line.text]
    marks = [i for i, line in enumerate(filled) if PAGE_MARK.match(line.text)]
    edges: set[int] = set()
    for mark in [*marks, len(filled)]:
        edges.update(range(max(mark - PAGE_EDGE, 0), min(mark + PAGE_EDGE + 1, len(filled))))
    counts = Counter(_without_digits(filled[i].text) for i in edges)
    found = {filled[i].number for i in marks}
    for i, line in enumerate(filled):
        if (
            (_FURNITURE.match(line.text) and not 0 < listed < line.number)
            or (i in edges and marks and _FOLIO.match(line.text) and not (i and _CUT_DOI.search(filled[i - 1].text)))
            or (
                i in edges
                and len(line.text) >= 8
                and counts[_without_digits(line.text)] >= 2
                and not _CELL.match(line.text)
            )
        ):
            found.add(line.number)
    return frozenset(found)


def _without_digits(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _starts_block(line: Line, chunk: list[Line]) -> bool:
    """Whether a line begins a block of its own although no blank line stands before it."""
    ends = bool(TERMINAL.search(chunk[-1].text)) or len(chunk) == 1
    return ends and (
        bool(CAPTION.match(line.text))
        or _is_known(line.text)
        or (run_in("front_matter", line.text) and not ADDRESS.match(line.text))
        or run_in("back_matter", line.text)
    )


def _is_known(text: str) -> bool:
    """Whether a printed line is a heading of the lexicon and not the start of a sentence that follows a run-in one."""
    return len(text) <= MAX_KNOWN and known_heading(text) and looks_like_heading(text)


def _chunk_drafts(chunk: list[Line]) -> list[Draft]:
    """A chunk of touching lines as a heading with its paragraph, a paragraph, a caption, a legend or cells."""
    text = " ".join(line.text for line in chunk)
    span = CharSpan(chunk[0].start, chunk[-1].end)
    if CAPTION.match(text):
        return [Draft(BlockKind.CAPTION, [span], text)]
    if LEGEND_START.match(text) or (LEGEND.match(text) and not _is_known(chunk[0].text)):
        return [Draft(BlockKind.LEGEND, [span], text)]
    heading = _heading_lines(chunk)
    if heading:
        head = chunk[:heading]
        title = " ".join(line.text for line in head)
        drafts = [Draft(BlockKind.HEADING, [CharSpan(head[0].start, head[-1].end)], title, level=2)]
        if _is_known(title):
            drafts[0].level = 1
        return drafts + (_chunk_drafts(chunk[heading:]) if heading < len(chunk) else [])
    if _is_prose(chunk):
        return [Draft(BlockKind.PARAGRAPH, [span], text)]
    return [_cells(chunk)]


def _cells(chunk: list[Line]) -> Draft:
    """Lines that stand for themselves: each one is a cell of a table that fell apart."""
    spans = [CharSpan(line.start, line.end) for line in chunk]
    text = "\n".join(line.text for line in chunk)
    return Draft(
        BlockKind.TABLE, [CharSpan(spans[0].start, spans[-1].end)], text, rows=[[s] for s in spans], header_rows=0
    )


def _is_prose(chunk: list[Line]) -> bool:
    long_lines = [line for line in chunk if len(line.text) >= PROSE_WIDTH and len(_WORD.findall(line.text)) >= 4]
    short_lines = [line for line in chunk[:-1] if len(line.text) < PROSE_WIDTH / 2]
    return bool(long_lines) and len(short_lines) <= len(chunk) / 2


def _heading_lines(chunk: list[Line]) -> int:
    """How many lines on top of a chunk are its heading."""
    if _is_known(chunk[0].text) and (len(chunk) == 1 or not chunk[1].text[0].islower()):
        return 1
    if len(chunk) < 2 or not _is_prose(chunk[1:]):
        return 0
    width = max(len(line.text) for line in chunk)
    for count in (1, 2):
        head, rest = chunk[:count], chunk[count:]
        title = " ".join(line.text for line in head)
        if (
            rest
            and looks_like_heading(title)
            and len(head[-1].text) < 0.75 * width
            and rest[0].text[:1].isupper()
            and len(rest[0].text) >= PROSE_WIDTH
            and not _CELL.match(title)
        ):
            return count
    return 0


def _settle_short(drafts: list[Draft]) -> list[Draft]:
    """Short chunks before prose are headings or the rest of a paragraph; among cells they stay cells."""
    flowing = [d for d in drafts if d.kind is not BlockKind.FURNITURE]
    for before, draft, after in zip([None, *flowing], flowing, [*flowing[1:], None], strict=False):
        if draft.kind is not BlockKind.TABLE or len(draft.rows) > 2:
            continue
        text = draft.text.replace("\n", " ")
        if (
            before is not None
            and before.kind is BlockKind.PARAGRAPH
            and text[:1].islower()
            and not TERMINAL.search(before.text)
        ):
            draft.kind = BlockKind.PARAGRAPH
        elif (
            after is not None
            and after.kind is BlockKind.PARAGRAPH
            and looks_like_heading(text)
            and after.text[:1].isupper()
        ):
            draft.kind, draft.level = BlockKind.HEADING, 2
        elif TERMINAL.search(text) and len(_WORD.findall(text)) >= 4:
            draft.kind = BlockKind.PARAGRAPH
        else:
            continue
        draft.text, draft.rows = text, []
    return drafts
