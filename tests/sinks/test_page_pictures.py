"""Pictures of pages: the marks stand where the words are printed, in the colours that the legend tells."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageColor

from extract.assembly import Extraction
from extract.document import BBox, Block, BlockKind, Cell, CharSpan, PageBox, Table
from extract.errors import OutputError, ReadError
from extract.records import PROMISED, Label
from extract.sinks.page_pictures import (
    BLOCK_COLOURS,
    HELPER_COLOUR,
    Mark,
    check_pages,
    draw_pages,
    mark_blocks,
    mark_mentions,
    write_pages,
)
from extract.sinks.terminal import COLOURS

from .making import HEIGHT, LEADING, LEFT, SIZE, TOP, WIDTH, in_elements, make_extraction, on_pages

MARKED = "OS was [PERCENT 50%]\nafter [DOSE 5 mg] of [AGENT prednisone]\nin the [TRIAL RIALTO] trial"
STRIP = 28  # pixels of the legend at scale 2: two letters of 7 points


@pytest.fixture
def paged(tmp_path: Path) -> Extraction:
    """Three lines: two on the first page, one on the second."""
    return on_pages(make_extraction(MARKED), tmp_path, lines_a_page=2)


def colour_at(picture: Image.Image, x: float, top: float) -> tuple[int, ...]:
    """The colour of a point of the page, given in PDF points, on a picture of scale 2."""
    found = picture.getpixel((round(2 * x), round(2 * top) + STRIP))
    assert isinstance(found, tuple)
    return found


def column(index: int) -> float:
    """The middle of the gap above the letters of a column: paper, not ink."""
    return LEFT + (index + 0.5) * 0.6 * SIZE


def test_a_mention_is_marked_where_it_stands_on_its_page(paged: Extraction) -> None:
    marks = mark_mentions(paged, PROMISED)
    assert {page: [(mark.name, mark.colour) for mark in marks[page]] for page in marks} == {
        1: [("PERCENT", COLOURS[Label.PERCENT]), ("DOSE", COLOURS[Label.DOSE])],
        2: [("TRIAL", COLOURS[Label.TRIAL])],
    }
    percent = marks[1][0].box
    assert percent == pytest.approx((LEFT + 7 * 6.0, TOP, LEFT + 10 * 6.0, TOP + SIZE))


def test_a_mention_over_two_lines_has_two_boxes(tmp_path: Path) -> None:
    made = make_extraction("[TRIAL RIALTO]\nand more")
    long = replace(made, mentions=(made.mentions[0].model_copy(update={"end": 10, "quote": "RIALTO\nand"}),))
    marks = mark_mentions(on_pages(long, tmp_path, lines_a_page=2), [Label.TRIAL])
    assert [mark.box.top for mark in marks[1]] == [TOP, TOP + LEADING]


def test_helpers_are_grey_and_labels_not_asked_for_are_left_out(paged: Extraction) -> None:
    marks = mark_mentions(paged, [Label.AGENT])
    assert [(mark.name, mark.colour) for mark in marks[1]] == [("AGENT", HELPER_COLOUR)]
    assert 2 not in marks


def test_the_picture_has_the_colour_of_the_label_behind_black_letters(paged: Extraction) -> None:
    first, second = draw_pages(paged.document, mark_mentions(paged, PROMISED), [1, 2])
    assert first.size == (round(2 * WIDTH + 0.5), round(2 * HEIGHT + 0.5) + STRIP)
    above = TOP + 0.4  # between the box and the letters
    assert colour_at(first, column(8), above) == ImageColor.getrgb(COLOURS[Label.PERCENT])
    assert colour_at(first, column(3), above) == (255, 255, 255)
    assert colour_at(second, column(8), above) == ImageColor.getrgb(COLOURS[Label.TRIAL])
    x0, top = 2 * (LEFT + 7 * 6), 2 * TOP + STRIP
    word = first.crop((round(x0), round(top), round(x0 + 36), round(top + 20)))
    darkest = min(sum(pixel) for pixel in word.get_flattened_data())  # type: ignore[misc]
    assert darkest < 150, "the letters are covered"


def test_the_legend_has_the_colours_of_the_page_and_no_other(paged: Extraction) -> None:
    first, second = draw_pages(paged.document, mark_mentions(paged, PROMISED), [1, 2])
    shown = [
        {count_colour for _, count_colour in picture.crop((0, 0, picture.width, STRIP)).getcolors(100_000) or []}
        for picture in (first, second)
    ]
    percent, trial = (ImageColor.getrgb(COLOURS[label]) for label in (Label.PERCENT, Label.TRIAL))
    assert (percent in shown[0], trial in shown[0]) == (True, False)
    assert (percent in shown[1], trial in shown[1]) == (False, True)


def test_a_page_without_marks_is_drawn_and_says_so(paged: Extraction) -> None:
    (picture,) = draw_pages(paged.document, {}, [2])
    assert picture.crop((0, 0, picture.width, STRIP)).getcolors() != [(picture.width * STRIP, (255, 255, 255))]


def test_blocks_are_framed_with_their_place_in_the_reading_order_and_their_kind(paged: Extraction) -> None:
    marks = mark_blocks(paged.document)
    assert [(page, mark.tag) for page in marks for mark in marks[page]] == [
        (1, "1 paragraph"),
        (1, "2 paragraph"),
        (2, "3 paragraph"),
    ]
    (picture, _) = draw_pages(paged.document, marks, [1, 2])
    colours = {colour for _, colour in picture.getcolors(100_000) or []}
    assert ImageColor.getrgb(BLOCK_COLOURS[BlockKind.PARAGRAPH]) in colours


def test_a_block_over_two_pages_has_a_frame_on_each(paged: Extraction) -> None:
    whole = (Block(BlockKind.ABSTRACT, CharSpan(0, len(paged.document.text))),)
    marks = mark_blocks(replace(paged.document, blocks=whole))
    assert {page: [mark.tag for mark in marks[page]] for page in marks} == {1: ["1 abstract"], 2: ["1 abstract"]}
    (frame,) = marks[1]
    assert (frame.box.top, frame.box.bottom) == pytest.approx((TOP, TOP + LEADING + SIZE))


def test_a_block_that_goes_on_in_the_next_column_has_a_frame_for_each() -> None:
    left, below, right = BBox(40, 700, 280, 710), BBox(40, 712, 280, 722), BBox(310, 60, 550, 70)

    class TwoColumns:
        blocks = (Block(BlockKind.PARAGRAPH, CharSpan(0, 1)),)

        def boxes(self, _start: int, _end: int) -> tuple[PageBox, ...]:
            return tuple(PageBox(1, box) for box in (left, below, right))

    marks = mark_blocks(TwoColumns())  # type: ignore[arg-type]
    assert [mark.box for mark in marks[1]] == [BBox(40, 700, 280, 722), right]


def test_a_table_has_one_frame_a_page_and_thin_ones_for_its_cells(paged: Extraction) -> None:
    first, second = (CharSpan(0, 2), CharSpan(7, 10))
    table = Table((Cell(0, 0, first), Cell(0, 1, second)), 1, 2)
    block = Block(BlockKind.TABLE, CharSpan(0, 10), table=table)
    marks = mark_blocks(replace(paged.document, blocks=(block,)))[1]
    assert [(mark.thin, mark.tag) for mark in marks] == [(True, ""), (True, ""), (False, "1 table")]


def test_every_kind_of_block_has_a_colour() -> None:
    assert set(BLOCK_COLOURS) == set(BlockKind)


def test_one_page_is_written_to_the_file_named(paged: Extraction, tmp_path: Path) -> None:
    out = tmp_path / "pictures" / "second.png"
    files = check_pages(paged.document, out, page=2)
    assert write_pages(paged.document, {}, files, scale=1) == [out]
    with Image.open(out) as picture:
        assert picture.format == "PNG"
        assert picture.width == round(WIDTH + 0.5)


def test_all_pages_are_written_to_a_folder_under_the_name_of_the_document(paged: Extraction, tmp_path: Path) -> None:
    files = check_pages(paged.document, tmp_path / "pictures")
    write_pages(paged.document, {}, files, scale=0.5)
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == ["made-page-1.png", "made-page-2.png"]


def test_a_folder_with_the_ending_of_a_picture_is_a_folder(paged: Extraction, tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    files = check_pages(paged.document, tmp_path / "folder.png", page=1)
    assert files == {1: tmp_path / "folder.png" / "made-page-1.png"}


def test_the_same_page_gives_the_same_bytes(paged: Extraction, tmp_path: Path) -> None:
    marks = mark_mentions(paged, PROMISED)
    one, two = (write_pages(paged.document, marks, {1: tmp_path / name})[0] for name in ("a.png", "b.png"))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    ("name", "page", "error", "reason"),
    [
        ("one.png", 3, ReadError, r"made\.pdf: no page 3; there are pages 1 to 2"),
        ("one.png", None, OutputError, r"one\.png: one picture cannot hold 2 pages; name a folder"),
    ],
)
def test_a_page_that_cannot_be_drawn_is_told(
    paged: Extraction, tmp_path: Path, name: str, page: int | None, error: type[Exception], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        check_pages(paged.document, tmp_path / name, page=page)


def test_text_and_xml_have_no_pages() -> None:
    made = make_extraction("OS was [PERCENT 50%]")
    for document in (made.document, in_elements(made).document):
        with pytest.raises(ReadError, match=r"^made\.txt: has no pages; pictures are drawn of PDF files$"):
            check_pages(document, Path("page.png"))


def test_a_picture_that_would_fill_the_memory_is_refused(paged: Extraction) -> None:
    with pytest.raises(OutputError, match=r"page 1 is 420 x 595 points; take a lower --scale"):
        next(draw_pages(paged.document, {}, [1], scale=30))


def test_a_file_that_went_is_told(paged: Extraction) -> None:
    Path(paged.document.path or "").unlink()
    with pytest.raises(ReadError, match=r"made\.pdf: cannot be drawn"):
        next(draw_pages(paged.document, {}, [1]))


def test_a_rotated_page_is_drawn_as_it_is_shown(paged: Extraction, tmp_path: Path) -> None:
    turned = tmp_path / "turned.pdf"
    with pypdfium2.PdfDocument(paged.document.path) as pdf:
        pdf[0].set_rotation(90)
        saved = BytesIO()
        pdf.save(saved)
    turned.write_bytes(saved.getvalue())
    mark = Mark(BBox(10, 20, 50, 40), "DOSE", COLOURS[Label.DOSE], filled=True)
    (picture,) = draw_pages(replace(paged.document, path=str(turned)), {1: [mark]}, [1])
    assert picture.width > picture.height
    assert colour_at(picture, 30, 30) == ImageColor.getrgb(COLOURS[Label.DOSE])
