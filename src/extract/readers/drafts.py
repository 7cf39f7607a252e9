"""Drafts: runs of source lines on their way to becoming blocks, shared by the text readers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extract.document import BlockKind, CharSpan
from extract.patterns import lazy_regex

CAPTION = lazy_regex(
    r"""\*{0,2}(?P<label>(?:Supplement(?:ary|al)\ |Extended\ Data\ )?
    (?:TABLE|Table|FIGURE|Figure|FIG\.?|Fig\.?|BOX|Box|SCHEME|Scheme|Chart|Panel)\ ?S?\d+[A-Za-z]?)\*{0,2}\ {0,2}
    (?:[|.:—]|-\ |$|(?<=\ )(?=[A-Z]|\((?!\d)))""",
    re.VERBOSE,
)
# Three or more "SHORT, expansion;" in a row: a list of abbreviations.
LEGEND = lazy_regex(r"(?:(?:^|[;.:] ?)[^\s,;:=.][^,;:=.]{0,24}(?:[,:=]| -) ?[^;:.]{3,120}(?=[;.]|$)){3,}")
LEGEND_START = lazy_regex(r"(?i)\W{0,2}abbreviations?\b")
FOOTNOTE = lazy_regex(r"(?:[*†‡§¶#]|[ᵃ-ᶻ]|[a-e](?= [A-Z])|<sup>\w</sup>|Notes?[:.]|\^\{?\w\}?)\s*\S")
TERMINAL = lazy_regex(r"[.?!:]['\")\]]*\s*(?:[⁰¹²³⁴-⁹]+)?$")
ABBREVIATED = lazy_regex(r"\b(?:et al|vs|e\.g|i\.e|cf|approx|resp|[Ff]igs?|[Rr]efs?)\.$")  # no end of a sentence
# A clause that cannot end here.
OPEN_END = lazy_regex(
    r"(?:,|\b(?:the|a|an|of|and|or|in|with|for|to|by|from|at|on|as|that|which|who|were|was|is|are|than|between|vs\.?))$"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: `start`, `end` and `text` without outer space, `raw_*` with it; no line end in either."""

    start: int
    end: int
    text: str
    number: int
    raw_start: int
    raw_end: int


@dataclass(slots=True)
class Draft:
    """A block in the making: the pieces of the file it is made of and, for a table, its rows of cells."""

    kind: BlockKind
    pieces: list[CharSpan]
    text: str
    level: int | None = None
    marked: bool = False  # a heading by markup, not only by its shape
    rows: list[list[CharSpan]] = field(default_factory=list)
    header_rows: int = 1
    section: tuple[str, ...] = ()
    runs_on: bool = False  # its last line is full
    begins: bool = True  # its first line is set in, or stands amid a column


def split_lines(flat: str) -> list[Line]:
    """The lines of a flattened source; blank ones have an empty text."""
    lines = []
    for number, match in enumerate(re.finditer(r"[^\r\n\f]*(?:\r\n|[\r\n\f]|$)", flat), start=1):
        raw = match[0].rstrip("\r\n\f")
        text = raw.strip().lstrip("\ufeff").lstrip()
        start = match.start() + raw.find(text) if text else match.start()
        lines.append(Line(start, start + len(text), text, number, match.start(), match.start() + len(raw)))
    return lines


def continues(before: str, after: str) -> bool:
    """Whether a paragraph that ends like `before` reads on in one that begins like `after`."""
    before, after = before.rstrip(" *_"), after.lstrip(" *_")
    if not before or not after or (TERMINAL.search(before) and not ABBREVIATED.search(before)):
        return False
    first = after.lstrip("([$<\\")[:1]
    return first.islower() or after[0] in "([<≥≤$%" or first.isdigit() or bool(OPEN_END.search(before))


_FLOWING = frozenset({BlockKind.PARAGRAPH, BlockKind.ABSTRACT})
_FLOATING = frozenset(
    {
        BlockKind.TABLE,
        BlockKind.CAPTION,
        BlockKind.LEGEND,
        BlockKind.FOOTNOTE,
        BlockKind.FURNITURE,
        BlockKind.FIGURE,
        BlockKind.FRONT_MATTER,
    }
)


def join_flows(drafts: list[Draft]) -> list[Draft]:
    """Paragraphs cut by a column, page or float joined again; what stood between comes after them."""
    joined: list[Draft] = []
    open_paragraph: Draft | None = None
    for draft in drafts:
        if draft.kind in _FLOWING:
            goes_on = open_paragraph is not None and open_paragraph.runs_on and not draft.begins
            if open_paragraph is not None and (goes_on or continues(open_paragraph.text, draft.text)):
                open_paragraph.pieces.extend(draft.pieces)
                open_paragraph.text, open_paragraph.runs_on = (
                    draft.text,
                    draft.runs_on,
                )  # only its end matters from here on
                continue
            open_paragraph = draft
        elif draft.kind not in _FLOATING:
            open_paragraph = None
        joined.append(draft)
    return joined
