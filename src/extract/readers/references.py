"""The reference list: REFERENCE blocks to entries, whatever became of their numbers and line ends.

Numbers as printed anchor the list. Between two anchors entries without a number are counted by place, the pieces of an
entry are put together again, and entries that run on in one block are set apart.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extract.document import BlockKind, CharSpan, Document, Reference
from extract.readers.entries import Entry, parse_entry, starts_with_author

_NUMBER = re.compile(
    r"(?P<open>[\[(]?)(?P<number>\d{1,3})(?P<close>[\])]\.?|[.:])?(?:\s+|(?=[^\W\d_])|$)(?=[^\W\d_]|[\"'\[<]|\d|$)"
)
_BULLET = re.compile(r"[-•*·]\s+")
_LOWER = re.compile(r"[a-z]")
_PARTICLE = re.compile(
    r"(?:d[aeiu]|de[lnr]|d'|v[ao]n|della|dos|l[ae]|al|el|te[rn]|zu[rm]?|bin|ibn)[\s-](?:[a-z]+\s)?[A-Z]"
)
_YEAR = re.compile(r"[12](?:(?<=1)9|(?<=2)0)\d\d(?<![-/\d.]\d{4})(?![-/\d])")
_UNDATED = ("n press", "http", "doi")  # signs of an entry that needs no year
_LATER_PART = re.compile(r"(?i)(?:(?:19|20)\d\d\s?[;:]|\(?\d+\)?\s?[(:;,]|doi\b|https?:|PMID|PubMed|\[)")
_ENTRY_END = re.compile(r"(?:[.\])>]|\S*\d\S*|/\S{4,60})\s*$")
_GROUP_START = re.compile(r"[A-Z][\w&' -]{3,80}[.,]?\s\(?(?:19|20)\d\d")
_RUN_ON = re.compile(r"(?:(?<=[\d\]])|(?<=[\d\]]\.))(?<![\s(](?:19|20)\d\d\.)\s(?=[^\W\d_])")  # after pages or a DOI
_AFTER_LIST = re.compile(
    r"(?:Disclaimer/)?Publisher'?s? [Nn]ote\b|\bHow to cite this article\b|\bSpringer Nature remains\b"
)
_STEM = re.compile(r"10\.\d{4,9}/[a-z]{3,}(?![A-Za-z])")  # registrant and the journal's letters
MAX_SKIPPED = 5  # numbers that may be missing where a printed line alone shows where an entry begins
END_REACH = 64  # characters before a start in which the end of the entry before it shows
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


def read_references(document: Document) -> tuple[Reference, ...]:
    """The entries of the document's reference list in the order printed."""
    text = document.text
    blocks = [block.span for block in document.blocks if block.kind is BlockKind.REFERENCE]
    if not blocks:
        return ()
    blocks[-1] = _without_notes(text, blocks[-1])
    lines = _line_starts(document, blocks) if document.hard_wrapped else [block.start for block in blocks]
    starts = [_start_at(text, offset, blocks) for offset in lines]
    anchors = _anchors(text, starts, wrapped=document.hard_wrapped)
    if anchors:
        chosen = _numbered(text, starts, anchors, blocks[-1].end, wrapped=document.hard_wrapped)
    else:
        chosen = _unnumbered(text, starts, blocks[-1].end, wrapped=document.hard_wrapped)
    return _with_doubtful_dois(_references(text, chosen, blocks, lines if document.hard_wrapped else []))


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
    numbered = [index for index, start in enumerate(starts) if start.number is not None]
    if not numbered:
        return []
    forms = Counter(starts[index].form for index in numbered)
    form = max(forms, key=lambda each: (forms[each], len(each)))
    found: list[int] = []
    last = 0
    for index in numbered:
        start = starts[index]
        number = start.number or 0
        follows = number == last + 1
        if start.form != form or number < 1:
            continue
        if wrapped or not form:
            skips = last < number <= last + MAX_SKIPPED and _is_entry(text, start)
            taken = follows or skips or (not found and _is_entry(text, start))
        else:
            taken = start.opens_block and number > last
        if taken:
            found.append(index)
            last = number
    blocks = sum(start.opens_block for start in starts)
    return found if len(found) >= 2 or blocks <= 2 else []


def _is_entry(text: str, start: _Start) -> bool:
    before = text[max(start.offset - END_REACH, 0) : start.offset]
    return starts_with_author(text, start.body) and (start.opens_block or bool(_ENTRY_END.search(before)))


def _numbered(
    text: str, starts: Sequence[_Start], anchors: Sequence[int], end: int, *, wrapped: bool
) -> list[tuple[int, _Start]]:
    """The entries of a list with numbers: anchors, what is counted by place between them, and what runs on."""
    chosen: list[tuple[int, _Start]] = []
    last = 0
    for before, anchor in pairwise([-1, *anchors, len(starts)]):
        between = [] if wrapped else starts[before + 1 : anchor]
        room = (starts[anchor].number or 0) - last - 1 if anchor < len(starts) else len(starts)
        for start in between:
            restarts = start.number is not None and start.number <= last and bool(start.form)
            known = start.bullet or starts_with_author(text, start.body)
            wanted = restarts or room > 0 and (known or anchor < len(starts))
            if not wanted or (chosen and _continues(text, chosen[-1][1], start)) or (restarts and not known):
                continue
            last, room = last + 1, room - 1
            chosen.append((last, replace(start, note=RESTARTED if restarts else None)))
        if anchor < len(starts):
            start = starts[anchor]
            number = start.number or 0
            if number <= last:
                number, start = last + 1, replace(start, note=RESTARTED)
            chosen.append((number, start))
            last = number
    return list(_with_run_on(text, chosen, end))


def _continues(text: str, before: _Start, start: _Start) -> bool:
    """Whether the block at `start` is a later part of the entry that begins at `before`."""
    if _LOWER.match(text, start.body):
        return not _PARTICLE.match(text, start.body)
    if _LATER_PART.match(text, start.body) and not start.form:
        return True
    return not _is_dated(text, before.body, start.offset)


def _is_dated(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` holds a year or what stands in its place."""
    return _YEAR.search(text, start, end) is not None or any(text.find(sign, start, end) >= 0 for sign in _UNDATED)


def _with_run_on(text: str, chosen: Sequence[tuple[int, _Start]], end: int) -> Iterator[tuple[int, _Start]]:
    """The entries, with those that begin inside a line where the next number is missing."""
    form = next((start.form for _, start in chosen if start.form), "")
    opening, closing = (re.escape(form[:1]), re.escape(form[1:])) if form[:1] in "[(" else ("", re.escape(form))
    for (number, start), (following, later) in zip(chosen, [*chosen[1:], (0, None)], strict=True):
        yield number, start
        limit, position = later.offset if later else end, start.body
        while later is None or number + 1 < following:
            number += 1
            pattern = re.compile(rf"(?<=[\d\].)>a-z])\s(?={opening}{number}{closing}\s+(?P<body>[^\W\d_]))")
            match = next(
                (each for each in pattern.finditer(text, position, limit) if _sets_apart(text, position, each)), None
            )
            if match is None:
                break
            position = match.start("body")
            yield number, _Start(match.end(), position, opens_block=False, number=number, form=form)


def _sets_apart(text: str, position: int, match: re.Match[str]) -> bool:
    return _is_dated(text, position, match.start()) and starts_with_author(text, match.start("body"))


def _unnumbered(text: str, starts: Sequence[_Start], end: int, *, wrapped: bool) -> list[tuple[int, _Start]]:
    """The entries of a list without numbers, counted by place."""
    chosen: list[_Start] = []
    for index, start in enumerate(starts):
        start = replace(start, body=start.body if start.bullet else start.offset)
        if not chosen or not (_continues(text, chosen[-1], start) or (wrapped and not _begins(text, start))):
            chosen.append(start)
        if wrapped:
            continue
        limit = starts[index + 1].offset if index + 1 < len(starts) else end
        for match in _RUN_ON.finditer(text, start.body, limit):
            inner = _Start(match.end(), match.end(), opens_block=False)
            if starts_with_author(text, inner.body) and not _continues(text, chosen[-1], inner):
                chosen.append(inner)
    return list(enumerate(chosen, start=1))


def _begins(text: str, start: _Start) -> bool:
    """Whether a printed line begins an entry: an author after the end of the entry before."""
    named = starts_with_author(text, start.body) or _GROUP_START.match(text, start.body) is not None
    return named and _ENTRY_END.search(text[max(start.offset - END_REACH, 0) : start.offset]) is not None


def _references(
    text: str, chosen: Sequence[tuple[int, _Start]], blocks: Sequence[CharSpan], lines: Sequence[int]
) -> list[Reference]:
    found = []
    first = 0
    for (number, start), (_, later) in zip(chosen, [*chosen[1:], (0, None)], strict=True):
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
        entry, last = _parse(text, pieces, lines)
        if last > start.offset:
            note = "; ".join(each for each in (start.note, entry.note) if each) or None
            found.append(Reference(number, *entry[:-1], note=note, span=CharSpan(start.offset, last)))
    return found


def _after_bullet(text: str, block: CharSpan) -> int:
    bullet = _BULLET.match(text, *block)
    return bullet.end() if bullet else block.start


def _parse(text: str, pieces: Sequence[tuple[int, int]], lines: Sequence[int]) -> tuple[Entry, int]:
    """The fields of an entry from its pieces, and where its last one ends."""
    body, breaks = "", []
    for begin, end in pieces:
        if body:
            body += " "
            breaks.append(len(body))
        breaks += [len(body) + at - begin for at in lines[bisect_right(lines, begin) : bisect_left(lines, end)]]
        body += text[begin:end].rstrip()
    return parse_entry(body, frozenset(breaks)), max(end for _, end in pieces)


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
        if others := [number for number in numbers.get((each.doi or "").lower(), ()) if number != each.number]:
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
