"""Blocks of PDF pages written as one source string, with the page and the box of every character."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from extract.document import CharSpan, Geometry
from extract.patterns import lazy_regex
from extract.readers.normalise import vocabulary_of
from extract.readers.pdf_lines import WORD_GAP, Line, runs_on, scripted
from extract.readers.pdf_runs import PageRuns

HYPHENS = "\ufffe\u00ad-\u2010\u2011"  # PDFium's sign for a hyphen at a line end, and what files print
# Words cut by a line end.
_BROKEN = lazy_regex(r"(?<![^\W\d_])[^\W\d_]*(?:\ufffe[\r\n]*|[-\u00ad\u2010\u2011][\r\n]+)[^\W\d_]*")
# Words that form compounds with a hyphen before many others.
_COMPOUND_WORDS = (
    "one two three four five six seven eight nine ten twenty thirty forty fifty sixty seventy eighty ninety single "
    "double triple multi high low long short large small early late first second third half full all self well non "
    "open cross dose time age sex event patient person disease placebo follow real evidence risk health quality cost "
    "case post anti"
)
_COMPOUNDS = frozenset(_COMPOUND_WORDS.split())
_SECOND_WORDS = (
    "risk mediated specific related based free dependent associated resistant treated naive positive negative like "
    "type year month week day dose arm line blind label term driven induced controlled effective quality intensity "
    "old conjugated eligible ineligible mutated rearranged refractory naive directed guided"
)
_BARE_ENDINGS = "est ing ed er ers ly al ally ment ments tion tions sion ity ities ness able ible ful ous ive es"
_ENDINGS = frozenset(_BARE_ENDINGS.split())
_SOLID_WORDS = (
    "furthermore moreover therefore nevertheless nonetheless whereas whereby outcome outcomes throughout within "
    "overall without underlying understanding background worldwide meanwhile although likewise otherwise somewhat"
)
_SOLID = frozenset(_SOLID_WORDS.split())
_SECONDS = frozenset(_SECOND_WORDS.split())
_LAST_WORD = lazy_regex(r"[^\W\d_]+$")
_FIRST_WORD = lazy_regex(r"[^\W\d_]+")
_LEFT_OUT = lazy_regex(r"[\r\n\x00-\x08\x0b-\x1f]|(?<=\d[·∙⋅]) (?=\d)")  # PDFium puts a space behind a raised point


class Vocabulary:
    """The words that stand inside the lines of a document; they say which hyphens at line ends are real."""

    def __init__(self, pages: Iterable[PageRuns]) -> None:
        words = vocabulary_of("\n".join(_BROKEN.sub(" ", page.page.text) for page in pages))
        self.words = words | {part for word in words if "-" in word for part in word.split("-")}

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """Whether the hyphen between the words around a line end belongs to them ("follow-" "up")."""
        first, second = _LAST_WORD.search(before), _FIRST_WORD.match(after)
        if first is None or second is None:
            return True
        left, right = first[0].lower(), second[0].lower()
        if f"{left}{right}" in self.words or right in _ENDINGS or f"{left}{right}" in _SOLID:
            return False
        if not second[0][0].islower():
            return True
        if f"{left}-{right}" in self.words:
            return True
        if left[-1] == right[0] and right[0] in "aeiou":
            return True  # "veno-occlusive"
        if sum(map(str.isupper, first[0])) > 1 or (left in _COMPOUNDS and len(right) > 2) or right in _SECONDS:
            return True  # "EGFR-mutated", "three-arm", "highest-risk"
        return len(left) > 2 and len(right) > 3 and left in self.words and right in self.words


class Writer:
    """Collects the characters of a document in reading order."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._parts: list[str] = []
        self._places: list[tuple[int, PageRuns, slice | NDArray[np.int64]]] = []  # offset, page, characters
        self.length = 0

    def lines(self, lines: Sequence[Line]) -> CharSpan:
        """Write lines one below the other; their place in the source."""
        start = self.length
        for number, line in enumerate(lines):
            if number and not runs_on(lines[number - 1].text, line.text):
                self.separator("\n")
            following = lines[number + 1].text if number + 1 < len(lines) else ""
            last = None
            for index, run in enumerate(line.runs):
                if last is not None and run.x0 - last.x1 > WORD_GAP * line.size:
                    self.separator(" ")
                after = following if index + 1 == len(line.runs) else None
                self.characters(line.page, run.start, run.end, following=after)
                last = run
        return CharSpan(start, self.length)

    def cell(self, page: PageRuns, pieces: Sequence[tuple[int, int]]) -> CharSpan:
        """Write the pieces of a table cell, which stand below one another; their place in the source."""
        start = self.length
        texts = [" ".join(page.page.text[first:last].replace("\ufffe", "-").split()) for first, last in pieces]
        for number, (first, last) in enumerate(pieces):
            if number and not runs_on(texts[number - 1], texts[number]):
                self.separator("\n")
            self.characters(page, first, last, following=texts[number + 1] if number + 1 < len(texts) else "")
        return CharSpan(start, self.length)

    def characters(self, page: PageRuns, start: int, end: int, *, following: str | None = None) -> None:
        """Write `page.text[start:end]`; `following` is the text of the next line where a line ends here."""
        text = page.page.text[start:end]
        place: slice | NDArray[np.int64] = slice(start, end)
        if page.scripts[start:end].any():
            text = "".join(map(scripted, text, page.scripts[start:end].tolist()))
        if _LEFT_OUT.search(text):
            kept = [index for index in range(len(text)) if not _LEFT_OUT.match(text, index)]
            text, place = "".join(text[index] for index in kept), np.array(kept, np.int64) + start
        if text and text[-1] in HYPHENS and following is not None:
            soft = bool(following) and not self._vocabulary.keeps_hyphen(text[:-1], following)
            text = text[:-1] + ("\u00ad" if soft else "-")
        self._parts.append(text.replace("\ufffe", "-"))
        self._places.append((self.length, page, place))
        self.length += len(text)

    def separator(self, text: str) -> None:
        """Write characters that stand on no page."""
        self._parts.append(text)
        self.length += len(text)

    def printed(self, start: int) -> str:
        """What was written from an offset on."""
        found: list[str] = []
        at = self.length
        for part in reversed(self._parts):
            if at <= start:
                break
            found.append(part)
            at -= len(part)
        return "".join(reversed(found))

    def build(self) -> tuple[str, Geometry]:
        """The source and where its characters stand."""
        boxes = np.zeros((self.length, 4), np.float32)
        numbers = np.zeros(self.length, np.uint16)
        for offset, page, place in self._places:
            found = page.page.boxes[place]
            boxes[offset : offset + len(found)] = found
            numbers[offset : offset + len(found)] = page.page.number
        return "".join(self._parts), Geometry(boxes, numbers)
