"""Reading order: the pieces of a page put into columns, from top to bottom and from left to right.

The page is cut where white space runs through: into bands that share the same gutters, bands into columns, columns into
bands again. A piece over the full width (a title, a table) ends the columns above it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from extract.document import BBox

Payload = TypeVar("Payload")
Interval = tuple[float, float]

SHRINK = 0.22  # of the height of a piece: lines set closely overlap at top and bottom
NARROW = 0.3  # of the width of a page: a column this narrow beside one twice as wide is a side bar
SIDE_LINES = 6  # fewer lines make no side bar
FEW, ASIDE = 3, 0.25  # lines with something narrow at their left are no columns
CLEAR = 2.5  # times the least gutter: white space in so few lines that parts columns inside a column
MOST = 2  # columns that a few lines by themselves may make; more are the words of a justified line
LABELS = 0.2  # of the width: a column this narrow, with fewer lines, holds labels of what stands beside them
MARKS = 0.07  # of the width: one this narrow holds the numbers or bullets of a list
MANY = 0.45  # lines of a column of labels for each line beside it
WIDER = 1.25  # times: how much wider a gap between bands is that draws a boundary away from where columns change
MAX_DEPTH = 12  # of cuts inside cuts; a page of a journal has four


@dataclass(slots=True)
class Piece(Generic[Payload]):
    """Something on a page that is read as one."""

    box: BBox
    payload: Payload
    solid: bool = False  # a table or another float: it takes its whole height

    @property
    def band(self) -> Interval:
        """Its height without what may overlap the next line."""
        inset = 0.5 if self.solid else SHRINK * (self.box.bottom - self.box.top)
        return self.box.top + inset, self.box.bottom - inset


@dataclass(slots=True)
class Column(Generic[Payload]):
    """Lines of pieces below one another, with the left and right edge of what they are set in."""

    lines: list[list[Piece[Payload]]]
    x0: float
    x1: float
    side: bool = False


def read_columns(
    pieces: Sequence[Piece[Payload]], *, gutter: float, is_mark: Callable[[Payload], bool] = lambda _: False
) -> list[Column[Payload]]:
    """The columns of a page in reading order; `gutter` is the least white space between two columns in points.

    `is_mark` tells the numbers and bullets of lists, which stand in no column of their own. Side bars come last.
    """
    found = list(_cut(list(pieces), gutter, is_mark, 0)) if pieces else []
    return [column for column in found if not column.side] + [column for column in found if column.side]


def _cut(
    pieces: list[Piece[Payload]], gutter: float, is_mark: Callable[[Payload], bool], depth: int
) -> Iterator[Column[Payload]]:
    x0, x1 = min(piece.box.x0 for piece in pieces), max(piece.box.x1 for piece in pieces)
    groups = _groups(pieces, gutter)
    for group in groups:
        columns = _split(group, gutter, is_mark, depth) if depth < MAX_DEPTH else [group]
        if len(columns) == 1:
            yield Column(_in_lines(group), x0, x1)
            continue
        widths = [_extent(column) for column in columns]
        widest = max(right - left for left, right in widths)
        for column, (left, right) in zip(columns, widths, strict=True):
            narrow = (right - left) < NARROW * (x1 - x0) and 2 * (right - left) < widest
            narrow = narrow and len(_bands(column)) >= SIDE_LINES
            for each in _cut(column, gutter, is_mark, depth + 1):
                each.side = each.side or (narrow and depth == 0)
                yield each


def _extent(pieces: Sequence[Piece[Payload]]) -> Interval:
    return min(piece.box.x0 for piece in pieces), max(piece.box.x1 for piece in pieces)


def _in_lines(pieces: Sequence[Piece[Payload]]) -> list[list[Piece[Payload]]]:
    """The lines from top to bottom, the pieces of each from left to right."""
    return [sorted(line, key=lambda each: each.box.x0) for line in _bands(pieces)]


def _bands(pieces: Sequence[Piece[Payload]]) -> list[list[Piece[Payload]]]:
    """Pieces that overlap in height, band by band from top to bottom."""
    bands: list[list[Piece[Payload]]] = []
    reach = float("-inf")
    for piece in sorted(pieces, key=lambda each: each.band):
        top, bottom = piece.band
        if bands and top < reach:
            bands[-1].append(piece)
            reach = max(reach, bottom)
        else:
            bands.append([piece])
            reach = bottom
    return bands


def _groups(pieces: Sequence[Piece[Payload]], gutter: float) -> list[list[Piece[Payload]]]:
    """Runs of bands with white space in common that parts them into columns, and runs of bands without any."""
    groups: list[list[list[Piece[Payload]]]] = []
    cover: list[Interval] = []
    for band in _bands(pieces):
        own = _band_cover([band], gutter)
        union = _cover([*cover, *own], gutter)
        if groups and (len(union) > 1 or not (len(own) > 1 or len(cover) > 1)):
            groups[-1].append(band)
            cover = union
        else:
            groups.append([band])
            cover = own
    for above, below in pairwise(groups):
        _move_boundary(above, below, gutter)
    return [[piece for band in group for piece in band] for group in groups]


def _move_boundary(above: list[list[Piece[Payload]]], below: list[list[Piece[Payload]]], gutter: float) -> None:
    """Bands at the end of a group that fit the next one as well go with the side of the widest gap between bands."""
    cover = _band_cover(below, gutter)
    parted = len(cover) > 1
    best, widest = len(above), _gap(above[-1], below[0])
    for index in range(len(above) - 1, 0, -1):
        cover = _cover([*cover, *_band_cover([above[index]], gutter)], gutter)
        if (len(cover) > 1) != parted:
            break
        gap = _gap(above[index - 1], above[index])
        if gap > WIDER * widest and gap > 0:
            best, widest = index, gap
    below[:0] = above[best:]
    del above[best:]


def _gap(above: Sequence[Piece[Payload]], below: Sequence[Piece[Payload]]) -> float:
    return min(piece.box.top for piece in below) - max(piece.box.bottom for piece in above)


def _band_cover(bands: Sequence[Sequence[Piece[Payload]]], gutter: float) -> list[Interval]:
    return _cover([(piece.box.x0, piece.box.x1) for band in bands for piece in band], gutter)


def _cover(intervals: Sequence[Interval], gutter: float) -> list[Interval]:
    """The intervals joined where less than a gutter lies between them."""
    joined: list[Interval] = []
    for x0, x1 in sorted(intervals):
        if joined and x0 - joined[-1][1] < gutter:
            joined[-1] = (joined[-1][0], max(joined[-1][1], x1))
        else:
            joined.append((x0, x1))
    return joined


def _split(
    pieces: list[Piece[Payload]], gutter: float, is_mark: Callable[[Payload], bool], depth: int
) -> list[list[Piece[Payload]]]:
    """The columns of a group from left to right; numbers and labels go with the lines beside them."""
    cover = _cover([(piece.box.x0, piece.box.x1) for piece in pieces], gutter)
    if len(cover) == 1 or len(_bands(pieces)) == 1:
        return [pieces]
    columns: list[list[Piece[Payload]]] = [[] for _ in cover]
    for piece in pieces:
        middle = (piece.box.x0 + piece.box.x1) / 2
        columns[max(index for index, (left, _) in enumerate(cover) if left <= middle)].append(piece)
    whole = cover[-1][1] - cover[0][0]
    few = len(_bands(pieces)) <= FEW and not any(piece.solid for piece in pieces)
    if few and (depth or len(cover) > MOST):
        gaps = [after[0] - before[1] for before, after in pairwise(cover)]
        if max(gaps) < CLEAR * gutter or min(len(_bands(column)) for column in columns) == 1:
            return [pieces]  # spaces of justified lines that happen to stand above one another
    if len(_bands(pieces)) <= FEW and cover[0][1] - cover[0][0] < ASIDE * whole:
        return [pieces]  # a label and the rest of its paragraph
    parts: list[list[Piece[Payload]]] = []
    index = 0
    while index < len(columns):
        column, (left, right) = columns[index], cover[index]
        following = columns[index + 1] if index + 1 < len(columns) else []
        if following and right - left < MARKS * whole and all(is_mark(piece.payload) for piece in column):
            columns[index + 1] = column + following
            cover[index + 1] = (left, cover[index + 1][1])
        elif following and right - left < LABELS * whole and _are_labels(column, following):
            parts += _labelled(column, following)
            index += 1
        else:
            parts.append(column)
        index += 1
    if len(parts) == 2 and _height(parts[1])[1] <= _height(parts[0])[0]:
        parts.reverse()  # one above the other: a heading set out to the left of the text above it
    return parts


def _height(pieces: Sequence[Piece[Payload]]) -> Interval:
    return min(piece.band[0] for piece in pieces), max(piece.band[1] for piece in pieces)


def _are_labels(column: Sequence[Piece[Payload]], beside: Sequence[Piece[Payload]]) -> bool:
    """Whether a column has fewer lines than the one beside it, most of them at the height of one of its lines."""
    bands = [piece.band for piece in beside]
    level = sum(
        any(top < (first + last) / 2 < bottom for top, bottom in bands)
        for first, last in (piece.band for piece in column)
    )
    return len(_bands(column)) < MANY * len(_bands(beside)) and level >= 0.6 * len(column)


def _labelled(labels: list[Piece[Payload]], beside: list[Piece[Payload]]) -> list[list[Piece[Payload]]]:
    """Each label, of one or more lines, and then what stands beside it down to the next."""
    clusters: list[list[Piece[Payload]]] = []
    for label in sorted(labels, key=lambda piece: piece.band):
        height = label.box.bottom - label.box.top
        if clusters and label.box.top - clusters[-1][-1].box.bottom < 0.5 * height:
            clusters[-1].append(label)
        else:
            clusters.append([label])
    parts: list[list[Piece[Payload]]] = []
    rest = sorted(beside, key=lambda piece: piece.band)
    for number, cluster in enumerate(clusters):
        top = cluster[0].band[0] if number else float("-inf")
        floor = clusters[number + 1][0].band[0] if number + 1 < len(clusters) else float("inf")
        here = [piece for piece in rest if top <= sum(piece.band) / 2 < floor]
        above = [piece for piece in here if sum(piece.band) / 2 < cluster[0].band[0]]
        parts += [part for part in (above, cluster, [piece for piece in here if piece not in above]) if part]
    return parts
