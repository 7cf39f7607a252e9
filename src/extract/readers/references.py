"""The reference list: REFERENCE blocks to entries, whatever became of their numbers and line ends.

Numbers as printed anchor the list. Between two anchors entries without a number are counted by place, the pieces of an
entry are put together again, and entries that run on in one block are set apart.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extract.document import BlockKind, CharSpan, Document, Reference
from extract.patterns import lazy_regex
from extract.readers.entries import Entry, parse_entry, starts_with_author

_NUMBER = lazy_regex(
    r"(?P<open>[\[(]?)(?P<number>\d{1,3})(?P<close>[\])]\.?|[.:])?(?:\s+|(?=[^\W\d_])|$)(?=[^\W\d_]|[\"'\[<]|\d|$)"
)
_BULLET = lazy_regex(r"[-•*·]\s+")
_LOWER = lazy_regex(r"[a-z]")
_PARTICLE = lazy_regex(
    r"(?:d[aeiu]|de[lnr]|d'|v[ao]n|della|dos|l[ae]|al|el|te[rn]|zu[rm]?|bin|ibn)[\s-](?:[a-z]+\s)?[A-Z]"
)
# A year or what stands in its place; alternatives that begin with a letter each are searched at the speed of a class.
_DATED = lazy_regex(
    r"19\d\d(?<![-/\d.]\d{4})(?![-/\d])|20\d\d(?<![-/\d.]\d{4})(?![-/\d])|in press|In press|http|doi\.org|doi:"
)
_LATER_PART = lazy_regex(r"(?i)(?:(?:19|20)\d\d\s?[;:]|\(?\d+\)?\s?[(:;,]|doi\b|https?:|PMID|PubMed|\[)")
_ENTRY_END = lazy_regex(r"(?:[.\])>]|\S*\d\S*|/\S{4,60})\s*$")
_GROUP_START = lazy_regex(r"[A-Z][\w&' -]{3,80}[.,]?\s\(?(?:19|20)\d\d")
# Between two entries in one line: after pages, an address or a DOI, not after the year before a title.
_RUN_ON = lazy_regex(r"(?:\d|\]|\d\.|\]\.|/\S{4,60})(?<![\s(](?:19|20)\d\d\.) (?=[^\W\d_])")
_AFTER_LIST = lazy_regex(
    r"(?:Disclaimer/)?Publisher'?s? [Nn]ote\b|\bHow to cite this article\b|\bSpringer Nature remains\b"
)
_STEM = lazy_regex(r"10\.\d{4,9}/[a-z]{3,}(?![A-Za-z])")  # registrant and the journal's letters
MAX_SKIPPED = 5  # numbers that may be missing where a printed line alone shows where an entry begins
END_REACH = 64  # characters before a start in which the end of the entry before it shows
MIN_ANCHORS = 2  # printed numbers that make a list a numbered one whose first entry has lost its own
MIN_LINES = 5  # the same where only a printed line shows that a number may be an entry's
MAX_NAMED = 3  # other entries that a note names
MAX_NUMBER = 1000  # no review cites as many
RESTARTED = "printed numbers restart; counted by place"


@dataclass(frozen=True, slots=True)
class _Start:
    """Where an entry may begin, at a block or at a printed line."""

    offset: int
    body: int  # after number and bullet
    opens_block: bool
    number: int | None = None
    form: str = ""  # what stands around the number
    bullet: bool = False
    note: str | None = None


def read_references(document: Document, *, wrapped: bool | None = None) -> tuple[Reference, ...]:
    """The entries of the document's reference list in the order printed.

    `wrapped`: the lines of the source are printed lines, so that an entry may begin at each; else as the document says.
    """
    blocks = [block.span for block in document.blocks if block.kind is BlockKind.REFERENCE]
    blocks = [block for block in blocks if block.end > block.start]
    if not blocks:
        return ()
    text, wrapped = document.text, document.hard_wrapped if wrapped is None else wrapped
    blocks[-1] = _without_notes(text, blocks[-1])
    lines = _line_starts(document, blocks) if wrapped else [block.start for block in blocks]
    starts = [_start_at(text, offset, blocks) for offset in lines]
    entries = _Entries(text, blocks[0].start, blocks[-1].end, wrapped=wrapped)
    anchors = _anchors(text, starts, wrapped=wrapped)
    chosen = entries.numbered(starts, anchors) if anchors else entries.unnumbered(starts)
    return _with_doubtful_dois(_references(text, chosen, blocks, lines if wrapped else []))


def _without_notes(text: str, block: CharSpan) -> CharSpan:
    """The last block without the publisher's words that run on from it."""
    note = _AFTER_LIST.search(text, *block)
    return CharSpan(block.start, note.start()) if note and note.start() > block.start else block


def _line_starts(document: Document, blocks: Sequence[CharSpan]) -> list[int]:
    """Offsets in the text at which a printed line begins."""
    segments, source = document.source_map.segments, document.source
    index = bisect_left(segments, blocks[0].start, key=lambda segment: segment.start)
    found: list[int] = []
    for block in blocks:
        found.append(block.start)
        while index < len(segments) and segments[index].end < block.end:
            segment = segments[index]
            if segment.start >= block.start and segment.end - segment.start == 1:
                printed = source[segment.source_start : segment.source_end]
                if "\n" in printed or "\r" in printed:
                    found.append(segment.end)
            index += 1
    return found


def _start_at(text: str, offset: int, blocks: Sequence[CharSpan]) -> _Start:
    block = blocks[bisect_right(blocks, offset, key=lambda each: each.start) - 1]
    opens = block.start == offset
    if match := _BULLET.match(text, offset, block.end):
        return _Start(offset, match.end(), opens, bullet=True)
    if match := _NUMBER.match(text, offset, block.end):
        form = match["open"] + (match["close"] or "")
        return _Start(offset, match.end(), opens, int(match["number"]), form)
    return _Start(offset, offset, opens)


def _anchors(text: str, starts: Sequence[_Start], *, wrapped: bool) -> list[int]:
    """Indices of the starts whose printed number is that of an entry; none in a list without numbers."""
    forms = Counter(start.form for start in starts if start.number is not None)
    form = max(forms, key=lambda each: (forms[each], len(each)), default="")
    numbered = [index for index, start in enumerate(starts) if start.number and start.form == form]
    found: list[int] = []
    last = 0
    for index, following in zip(numbered, [*numbered, -1][1:], strict=True):
        start = starts[index]
        number = start.number or 0
        if number == last + 1:
            taken = True
        elif wrapped or not form:
            first = not found or number <= last + MAX_SKIPPED
            taken = number > last and first and _follows_entry(text, start) and starts_with_author(text, start.body)
        else:  # a number that the next one falls behind is no entry's
            later = starts[following].number if following >= 0 else None
            taken = number > last and (later is None or later > number)
        if taken:
            found.append(index)
            last = number
    return found if found[:1] == [0] or len(found) >= (MIN_LINES if wrapped else MIN_ANCHORS) else []


def _follows_entry(text: str, start: _Start) -> bool:
    """Whether what stands before a start can be the end of an entry."""
    return start.opens_block or bool(_ENTRY_END.search(text[max(start.offset - END_REACH, 0) : start.offset]))


class _Entries:
    """Chooses which of the starts in a reference list begin an entry, and numbers them."""

    def __init__(self, text: str, start: int, end: int, *, wrapped: bool) -> None:
        self._text = text
        self._end = end
        self._wrapped = wrapped
        self._dates = [match.start() for match in _DATED.finditer(text, start, end)]

    def numbered(self, starts: Sequence[_Start], anchors: Sequence[int]) -> list[tuple[int, _Start]]:
        """Anchors, what is counted by place between them, and what runs on inside a line."""
        chosen: list[tuple[int, _Start]] = []
        last = 0
        for before, anchor in pairwise([-1, *anchors, len(starts)]):
            printed = starts[anchor].number if anchor < len(starts) else None
            if not self._wrapped:
                chosen += self._between(starts[before + 1 : anchor], chosen[-1:], printed)
                last = chosen[-1][0] if chosen else 0
            if printed is not None:
                restarts = printed <= last
                last = last + 1 if restarts else printed
                chosen.append((last, replace(starts[anchor], note=RESTARTED) if restarts else starts[anchor]))
        return list(self._with_run_on(chosen))

    def _between(
        self, starts: Sequence[_Start], chosen: list[tuple[int, _Start]], printed: int | None
    ) -> list[tuple[int, _Start]]:
        """The entries between two anchors that have no number of their own, as many as the numbers leave room for."""
        last, previous = chosen[-1] if chosen else (0, None)
        room = printed - last - 1 if printed is not None else len(starts)
        found = []
        for start in starts:
            known = start.bullet or starts_with_author(self._text, start.body)
            restarts = bool(start.form) and start.number is not None and start.number <= last
            if not restarts and (room <= 0 or not (known or printed is not None)):
                continue
            if previous is not None and self._continues(previous, start):
                continue
            last, room, previous = last + 1, room - 1, start
            found.append((last, replace(start, note=RESTARTED) if restarts else start))
        return found

    def _continues(self, before: _Start, start: _Start) -> bool:
        """Whether what stands at `start` is a later part of the entry that begins at `before`."""
        if _LOWER.match(self._text, start.body):
            return not _PARTICLE.match(self._text, start.body)
        if _LATER_PART.match(self._text, start.body) and not start.form:
            return True
        return not self._is_dated(before.body, start.offset)

    def _is_dated(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` holds a year or what stands in its place."""
        index = bisect_left(self._dates, start)
        return index < len(self._dates) and self._dates[index] < end

    def _with_run_on(self, chosen: Sequence[tuple[int, _Start]]) -> Iterator[tuple[int, _Start]]:
        """The entries, with those that begin inside a line where the next number is missing."""
        form = next((start.form for _, start in chosen if start.form), "")
        for (first, start), (following, later) in zip(chosen, [*chosen, (0, None)][1:], strict=True):
            yield first, start
            inner: tuple[int, _Start] | None = (first, start)
            while inner is not None and (later is None or inner[0] + 1 < following):
                inner = self._runs_on(*inner, form, (following, later.offset) if later else (None, self._end))
                if inner is not None:
                    yield inner

    def _runs_on(
        self, number: int, start: _Start, form: str, limit: tuple[int | None, int]
    ) -> tuple[int, _Start] | None:
        """The entry with the next number that begins inside the text of another."""
        opening, closing = (form[:1], form[1:]) if form[:1] in {"[", "("} else ("", form)
        last = min(number + MAX_SKIPPED, (limit[0] or MAX_NUMBER) - 1)
        for later in range(number + 1, last + 1):
            sign = f"{opening}{later}{closing} "
            at = self._text.find(sign, start.body, limit[1])
            while at >= 0:
                inner = _Start(at, at + len(sign), opens_block=False, number=later, form=form)
                if self._sets_apart(start, inner):
                    return later, inner
                at = self._text.find(sign, at + 1, limit[1])
        return None

    def _sets_apart(self, before: _Start, start: _Start) -> bool:
        """Whether the number inside a line stands between two entries."""
        if self._text[start.offset - 1] != " " or not self._is_dated(before.body, start.offset):
            return False
        after_end = bool(start.form) and self._text[start.offset - 2] in ".]>"
        return (after_end and self._text[start.body].isalpha()) or starts_with_author(self._text, start.body)

    def unnumbered(self, starts: Sequence[_Start]) -> list[tuple[int, _Start]]:
        """The entries of a list without numbers, counted by place."""
        chosen: list[_Start] = []
        for index, each in enumerate(starts):
            start = each if each.bullet else replace(each, body=each.offset)
            whole = not self._wrapped or self._begins(start)
            if not chosen or (whole and not self._continues(chosen[-1], start)):
                chosen.append(start)
            if self._wrapped:
                continue
            limit = starts[index + 1].offset if index + 1 < len(starts) else self._end
            for match in _RUN_ON.finditer(self._text, start.body, limit):
                inner = _Start(match.end(), match.end(), opens_block=False)
                if starts_with_author(self._text, inner.body) and not self._continues(chosen[-1], inner):
                    chosen.append(inner)
        return list(enumerate(chosen, start=1))

    def _begins(self, start: _Start) -> bool:
        """Whether a printed line begins an entry: an author after the end of the entry before."""
        named = starts_with_author(self._text, start.body) or _GROUP_START.match(self._text, start.body) is not None
        return named and _ENTRY_END.search(self._text[max(start.offset - END_REACH, 0) : start.offset]) is not None


def _references(
    text: str, chosen: Sequence[tuple[int, _Start]], blocks: Sequence[CharSpan], lines: Sequence[int]
) -> list[Reference]:
    found = []
    first = 0
    for (number, start), (_, later) in zip(chosen, [*chosen, (0, None)][1:], strict=True):
        limit = later.offset if later else blocks[-1].end
        while blocks[first].end <= start.offset:
            first += 1
        pieces = []
        index = first
        while index < len(blocks) and blocks[index].start < limit:
            block = blocks[index]
            begin = start.body if index == first else _after_bullet(text, block)
            pieces.append((begin, min(block.end, limit)))
            index += 1
        if pieces:
            entry, last = _parse(text, pieces, lines)
            note = "; ".join(each for each in (start.note, entry.note) if each) or None
            found.append(Reference(number, *entry[:-1], note=note, span=CharSpan(start.offset, last)))
    return found


def _after_bullet(text: str, block: CharSpan) -> int:
    bullet = _BULLET.match(text, *block)
    return bullet.end() if bullet else block.start


def _parse(text: str, pieces: Sequence[tuple[int, int]], lines: Sequence[int]) -> tuple[Entry, int]:
    """The fields of an entry from its pieces, and where its last one ends."""
    parts: list[str] = []
    breaks: list[int] = []
    length = 0
    for begin, end in pieces:
        part = text[begin:end].rstrip()
        if not part:
            continue
        if parts:
            length += 1  # the space between two pieces
            breaks.append(length)
        breaks += [length + at - begin for at in lines[bisect_right(lines, begin) : bisect_left(lines, end)]]
        parts.append(part)
        length += len(part)
    return parse_entry(" ".join(parts), frozenset(breaks)), pieces[-1][1]


def _with_doubtful_dois(references: Sequence[Reference]) -> tuple[Reference, ...]:
    """The references; a DOI that two of them print, or that differs in a letter within a journal, is doubtful."""
    numbers: dict[str, list[int]] = {}
    stems: dict[str, Counter[str]] = {}
    for each in references:
        if each.doi is not None:
            numbers.setdefault(each.doi.lower(), []).append(each.number)
            if each.journal and (stem := _STEM.match(each.doi)):
                stems.setdefault(each.journal, Counter())[stem[0]] += 1
    found = []
    for each in references:
        doubts = []
        same = numbers.get((each.doi or "").lower(), [])[: MAX_NAMED + 1]
        if others := [number for number in same if number != each.number][:MAX_NAMED]:
            doubts.append(f"DOI also printed for {', '.join(map(str, others))}")
        stem = _STEM.match(each.doi or "")
        if stem and (usual := _usual(stem[0], stems.get(each.journal or "", Counter()))):
            doubts.append(f"DOI looks garbled: {stem[0]} where the journal has {usual}")
        notes = [each.note] if each.note else []
        found.append(replace(each, note="; ".join(notes + doubts)) if doubts else each)
    return tuple(found)


def _usual(stem: str, stems: Counter[str]) -> str | None:
    """The stem that a journal's DOIs have at least as often and that differs in one letter."""
    near = (
        other
        for other in stems
        if len(other) == len(stem) and stems[other] >= stems[stem] and sum(map(str.__ne__, other, stem)) == 1
    )
    return max(near, key=lambda other: (stems[other], other), default=None)
