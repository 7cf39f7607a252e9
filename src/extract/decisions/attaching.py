"""How decisions find their rows again after another run: offsets moved, rows numbered anew, fields changed, rows gone.

First the text of a decision is looked for: at the same place, else the same words in the same surroundings, else the
same words in the most similar ones. Then the rows that stand there are told apart by what they say. A trial is known by
its name or registry number, wherever it stands.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extract.decisions.entries import CONTEXT, Anchor, Row, Subject, TableName
from extract.decisions.fields import same_value, settable
from extract.decisions.places import KEYS, PlacedRow, find_all
from extract.document import CharSpan
from extract.evaluation.agreement import name_key

SIMILAR = 0.5  # share of common trigrams in the surroundings below which the words are others; one side alone is half
SAME_ROW = 0.5  # share of the columns that tell rows apart below which a row at the same place is another
_PIECE = 3  # characters that are compared together


class Attached(NamedTuple):
    """Where a subject is now: the index of its row and the place of its words, None where it is gone."""

    row: int | None
    place: CharSpan | None


def attach(text: str, rows: Sequence[PlacedRow], subjects: Sequence[Subject]) -> dict[int, Attached]:
    """The row of each subject, by its id; a row belongs to one subject at most. Subjects of people have no row."""
    places = locate(text, [subject.anchor for subject in subjects])
    finder = _RowFinder(rows)
    scored = sorted(
        (
            (-score, index, subject.subject_id)
            for subject, place in zip(subjects, places, strict=True)
            if subject.origin == "machine"
            for index, score in finder.candidates(subject, place)
        ),
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, index, subject_id in scored:
        if subject_id not in found and index not in taken:
            found[subject_id] = index
            taken.add(index)
    return {
        subject.subject_id: Attached(found.get(subject.subject_id), place)
        for subject, place in zip(subjects, places, strict=True)
    }


def locate(text: str, anchors: Sequence[Anchor]) -> list[CharSpan | None]:
    """Where the words of anchors stand now, None where they are gone.

    Of several places with the same surroundings it is the one of the same number, if there are still as many, else the
    one nearest to where it would be if it had moved as what stands around it.
    """
    hits = [_hits(text, anchor) for anchor in anchors]
    moves = sorted(
        (anchor.start, found[anchor.nth] - anchor.start)
        for anchor, found in zip(anchors, hits, strict=True)
        if anchor.is_placed and len(found) == anchor.of
    )
    places: list[CharSpan | None] = []
    for anchor, found in zip(anchors, hits, strict=True):
        start: int | None = None
        if anchor.is_placed and len(found) == anchor.of:
            start = found[anchor.nth]
        elif anchor.is_placed:
            expected = anchor.start + _move(moves, anchor.start)
            near = found or _most_similar(text, anchor)
            start = min(near, key=lambda each: (abs(each - expected), each), default=None)
        places.append(None if start is None else CharSpan(start, start + len(anchor.quote)))
    return places


def _hits(text: str, anchor: Anchor) -> list[int]:
    """Where the words stand in the same surroundings."""
    if not anchor.is_placed:
        return []
    whole, lead = anchor.before + anchor.quote + anchor.after, len(anchor.before)
    if anchor.of == 1 and text.startswith(whole, anchor.start - lead):
        return [anchor.start]
    return [found + lead for found in find_all(text, whole)]


def _move(moves: Sequence[tuple[int, int]], start: int) -> int:
    """How far the nearest words have moved that were found for certain."""
    at = bisect_left(moves, (start, 0))
    near = min(moves[max(at - 1, 0) : at + 1], key=lambda move: abs(move[0] - start), default=(0, 0))
    return near[1]


def _most_similar(text: str, anchor: Anchor) -> list[int]:
    """Where the words stand in the most similar surroundings, if these are similar enough."""
    before, after = _pieces(anchor.before), _pieces(anchor.after)
    best: list[int] = []
    highest = SIMILAR
    for start in find_all(text, anchor.quote):
        end = start + len(anchor.quote)
        score = _common(before, _pieces(text[max(start - CONTEXT, 0) : start]))
        score = (score + _common(after, _pieces(text[end : end + CONTEXT]))) / 2
        if score > highest:
            best, highest = [], score
        if score == highest:
            best.append(start)
    return best


def _pieces(text: str) -> frozenset[str]:
    plain = " ".join(text.split())
    return frozenset(plain[at : at + _PIECE] for at in range(max(len(plain) - _PIECE + 1, 1)))


def _common(first: frozenset[str], second: frozenset[str]) -> float:
    return 2 * len(first & second) / (len(first) + len(second))


class _RowFinder:
    """The rows of a document by place and, of trials, by name."""

    def __init__(self, rows: Sequence[PlacedRow]) -> None:
        self._rows = rows
        placed = sorted((row.place, index) for index, row in enumerate(rows) if row.place is not None)
        self._order = [index for _, index in placed]
        self._starts = [place.start for place, _ in placed]
        self._longest = max((place.end - place.start for place, _ in placed), default=0)

    def candidates(self, subject: Subject, place: CharSpan | None) -> Iterator[tuple[int, float]]:
        """Indices of the rows that may be the subject's, with how much speaks for each."""
        if subject.table == "trials":
            near = [index for index, row in enumerate(self._rows) if row.table == "trials"]
        elif not subject.anchor.is_placed:
            near = [index for index, row in enumerate(self._rows) if row.table == subject.table and row.place is None]
        else:
            near = list(self._overlapping(subject.table, place)) if place is not None else []
        for index in near:
            row = self._rows[index]
            same = _share(subject, row.row, KEYS[subject.table])
            if subject.table == "trials":
                same = _same_trial(subject, row.row)
            elif same < SAME_ROW:
                continue
            if subject.table != "trials" or same > 0 or (place is not None and row.place == place):
                yield index, 2 * same + _share(subject, row.row, settable(subject.table)) + (row.place == place)

    def _overlapping(self, table: TableName, place: CharSpan) -> Iterator[int]:
        first, last = bisect_right(self._starts, place.start - self._longest), bisect_left(self._starts, place.end)
        for index in self._order[first:last]:
            row = self._rows[index]
            if row.table == table and row.place is not None and row.place.end > place.start:
                yield index


def _share(subject: Subject, row: Row, columns: Sequence[str]) -> float:
    """The share of columns in which a row says what the subject's did."""
    said = subject.snapshot or subject.anchor.key
    return sum(same_value(subject.table, name, said.get(name), row.get(name)) for name in columns) / len(columns)


def _same_trial(subject: Subject, row: Row) -> float:
    """1 for the same id, less for another name or a registry number in common, 0 for nothing."""
    said = subject.snapshot or subject.anchor.key
    if name_key(said["id"]) == name_key(row["id"]):
        return 1.0
    numbers = {*map(name_key, said["registry_ids"])} & {*map(name_key, row["registry_ids"])}
    ours, theirs = ({*map(name_key, (each["id"], *each.get("aliases", ())))} for each in (said, row))
    return 0.75 if numbers else 0.5 if ours & theirs else 0.0
