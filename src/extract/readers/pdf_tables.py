"""Tables on a page of a PDF: where they stand and what is in their cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from extract.document import BBox
from extract.patterns import lazy_regex
from extract.readers.pdf_page import RULE
from extract.readers.pdf_runs import PageRuns, Run
from extract.readers.pdf_table_extent import Region, is_aligned, is_tabular
from extract.readers.pdf_table_grid import GridReader, UnreadError
from extract.readers.pdf_table_notes import find_notes
from extract.readers.pdf_table_regions import MIN_RUNS, MIN_WIDTH, TOP, Finder
from extract.readers.pdf_table_scene import Caption, Scene, find_captions, is_continued
from extract.readers.pdf_table_words import Piece

AT_TOP = 3.0  # times the advance of the body: a table this close to the top of the text goes on from the page before
AT_EDGE = 1.0  # points: the rules of a table over two facing pages run to the edge of the page
NARROW = 0.22  # of the width of the page: the width of most runs at the top of a page that begins with a table
MOSTLY = 0.5  # of the lines of a table without a caption hold several cells
WIDE = 0.4  # of the width of a table: few cells are so wide
ALIGNED = 0.8  # of the lines of a table without rules stand in the columns of those above
MIN_TILES = 8  # areas on a page that may be the cells of a table
PICTURE = 0.04  # of the height of the page between a picture and its caption
MANY_WORDS = 6  # side by side in a cell: running text
FIGURES = 0.2  # of the cells behind the stub of a table without rules begin with a number
FIGURE = lazy_regex(r"[<>≤≥=~±+−–-]?\s?\d|NR\b|NA\b|NS\b|[–—-]$")
MIN_COLUMNS, MIN_ROWS, MIN_REST = 3, 3, 2  # of a table without a caption, and of what is left of one on its last page
MIN_BARS = 3  # from edge to edge: rows between so many need not be aligned


class BodyType(NamedTuple):
    """The type in which most of the document's running text is set: font name, height of a line and its advance."""

    font: str
    size: float
    leading: float


@dataclass(slots=True)
class TableArea:
    """A table: its place, the runs that it takes, and its grid.

    `rows` has a list of cells for each row, all of the same length; a cell is the char spans of `page.text` that it
    is made of, in reading order, empty for an empty cell; what spans columns of the header is repeated over each.
    `unread` says why the cells could not be told apart; such a table has no rows. `runs` are those of the cells, not
    of caption and notes. `continues` is true where it goes on with the table of the page before; `beside` where it
    does so to the right: its rows go on with those of the page before, as in a table over two facing pages.
    """

    box: BBox
    runs: list[Run]
    rows: list[list[list[tuple[int, int]]]] = field(default_factory=list)
    header_rows: int = 1
    caption: list[Run] = field(default_factory=list)
    notes: list[Run] = field(default_factory=list)
    continues: bool = False
    beside: bool = False
    unread: str | None = None


def find_tables(page: PageRuns, body: BodyType, runs: Sequence[Run]) -> list[TableArea]:
    """The tables among the runs of a page (without running heads), from top to bottom."""
    if not runs:
        return []
    captions = find_captions(page, runs, body.leading)
    tables = [caption for caption in captions if caption.table]
    if not tables and not _may_hold_tables(page, body, runs):
        return []
    scene = Scene(page, body.font, body.size, body.leading, list(runs), captions)
    scene.look()
    finder = Finder(scene)
    found = (_captioned(scene, finder, caption, region) for caption, region in _paired(finder, tables))
    areas = [area for area in found if area is not None]
    top = min(run.top for run in runs)
    for region in finder.uncaptioned(first_page=page.page.number == 1):
        at_top = region.top - top < AT_TOP * body.leading and page.page.number > 1
        area = _area(scene, region, continues=at_top)
        if _is_sound(page, area, region, at_top=at_top):
            area.beside = not at_top and region.x0 < AT_EDGE and page.page.number > 1
            area.continues = area.beside or at_top
            areas.append(area)
            finder.take(area)
    return sorted(areas, key=lambda area: area.box.top)


def _may_hold_tables(page: PageRuns, body: BodyType, runs: Sequence[Run]) -> bool:
    """Whether a page without the caption of a table has rules, shades or short runs side by side, as tables do."""
    top, bottom = min(run.top for run in runs), max(run.bottom for run in runs)
    rules, shades = page.rules, page.shades
    wide = MIN_WIDTH * page.width
    if len(rules) > 1:
        flat = rules[(rules[:, 3] - rules[:, 1] <= RULE) & (rules[:, 2] - rules[:, 0] >= wide)]
        inside = (flat[:, 1] > top) & (flat[:, 1] < bottom + body.leading)
        if inside.any() and len(flat) > 1:
            return True
    if len(shades) > 2:
        seen = (shades[:, 1] > top - body.leading) & (shades[:, 3] < bottom + body.leading)
        if int((seen & (shades[:, 2] - shades[:, 0] >= wide)).sum()) > 1 or int(seen.sum()) > MIN_TILES:
            return True
    first = [run.width for run in runs if run.top < top + TOP * body.leading]
    return len(first) >= MIN_RUNS and median(first) < NARROW * page.width


def _paired(finder: Finder, captions: Sequence[Caption]) -> Iterator[tuple[Caption, Region | None]]:
    """Each caption of a table with its region: below it, or above it where that is the custom of the page."""
    if captions and finder.below(captions[-1]) is None and finder.above(captions[0]) is not None:
        for caption in captions:
            yield caption, finder.above(caption) or finder.below(caption)
    else:
        for caption in captions:
            yield caption, finder.below(caption) or finder.above(caption)


def _captioned(scene: Scene, finder: Finder, caption: Caption, region: Region | None) -> TableArea | None:
    """The table of a caption; without cells where it is a picture, nothing where it stands on another page."""
    if region is None:
        words = finder.words_of(caption)
        box = _hull(words)
        if not _is_by_picture(scene, box):
            return None
        area = TableArea(box, [], header_rows=0, caption=words, unread="printed as a picture")
    else:
        area = _area(scene, region)
        at_top = region.top - min(run.top for run in scene.runs) < AT_TOP * scene.leading
        headless = at_top and area.unread is None and not area.header_rows
        area.continues = region.continued or is_continued(scene.page, region.caption) or headless
    finder.take(area)
    return area


def _is_by_picture(scene: Scene, box: BBox) -> bool:
    """Whether a wide picture stands right below or above a caption."""
    near, wide = PICTURE * scene.page.height, MIN_WIDTH * scene.page.width
    return any(
        x0 < box.x1 and x1 > box.x0 and top - box.bottom < near and box.top - bottom < near and x1 - x0 > wide
        for x0, top, x1, bottom in scene.page.pictures.tolist()
    )


def _area(scene: Scene, region: Region, *, continues: bool = False) -> TableArea:
    """The table in a region, its cells read where they can be told apart."""
    runs = [run for line in region.lines for run in line.runs]
    notes, signs = find_notes(scene, region)
    box = BBox(max(region.x0, 0.0), region.top, min(region.x1, scene.page.width), region.bottom)
    area = TableArea(box, [*runs, *signs], caption=region.caption, notes=notes)
    try:
        area.rows, area.header_rows = GridReader(scene.page, region, continues=continues).read()
    except UnreadError as reason:
        area.unread, area.header_rows = str(reason), 0
    return area


def _is_sound(page: PageRuns, area: TableArea, region: Region, *, at_top: bool) -> bool:
    """Whether a region without a caption is a table: enough rows and columns, and short cells in most lines."""
    if area.unread is not None:
        return False
    columns, rows = len(area.rows[0]), len(area.rows)
    ruled = sum(bar.drawn for bar in region.bars)
    rest = at_top and ruled > 0 and rows < MIN_ROWS  # what is left of a table on its last page
    enough = columns >= MIN_COLUMNS or (ruled >= 2 and columns == MIN_COLUMNS - 1)
    filled = sum(sum(map(bool, row)) > 1 for row in area.rows)
    tabular = [line for line in region.lines if is_tabular(line)]
    if not enough or rows < (MIN_REST if rest else MIN_ROWS) or filled < MOSTLY * rows:
        return False
    if len(tabular) < MOSTLY * len(region.lines):
        return False
    pieces = [piece for line in tabular for piece in line.pieces]
    if ruled < 2 and len(region.bars) < MIN_BARS and not _has_short_figures(page, area, pieces):
        return False
    wide = sum(piece.width > WIDE * (region.x1 - region.x0) for piece in pieces)
    lines = enumerate(tabular)
    aligned = sum(is_aligned(page, line, tabular[:number], fuller=not rest) for number, line in lines if number)
    if rest:
        return not wide and aligned == len(tabular) - 1
    return wide <= MOSTLY * len(tabular) and (len(region.bars) >= MIN_BARS or aligned >= ALIGNED * (len(tabular) - 1))


def _has_short_figures(page: PageRuns, area: TableArea, pieces: Sequence[Piece]) -> bool:
    """Whether the cells of a table without rules are short, and some of them figures: no list, no names."""
    words = sum(len(piece.words) for piece in pieces)
    long = sum(len(piece.words) for piece in pieces if len(piece.words) >= MANY_WORDS)
    cells = [cell for row in area.rows[area.header_rows :] for cell in row[1:] if cell]
    figures = sum(FIGURE.match(page.page.text, *cell[0]) is not None for cell in cells)
    return long <= MOSTLY * words and figures >= FIGURES * len(cells)


def _hull(runs: Sequence[Run]) -> BBox:
    return BBox(
        min(run.x0 for run in runs),
        min(run.top for run in runs),
        max(run.x1 for run in runs),
        max(run.bottom for run in runs),
    )
