"""Reading order: columns from the places of pieces alone."""

from __future__ import annotations

import re

from extract.document import BBox
from extract.readers.layout import Piece, read_columns

HEIGHT, STEP = 10.0, 12.0


def at(x0: float, x1: float, top: float, name: str) -> Piece[str]:
    return Piece(BBox(x0, top, x1, top + HEIGHT), name)


def stack(x0: float, x1: float, top: float, names: str) -> list[Piece[str]]:
    """Lines of a column, named by single letters."""
    return [at(x0, x1, top + STEP * number, name) for number, name in enumerate(names)]


def order(pieces: list[Piece[str]]) -> str:
    """The names in reading order, columns set apart by a bar."""
    columns = read_columns(pieces, gutter=8, is_mark=lambda name: bool(re.fullmatch(r"[0-9•]", name)))
    return "|".join("".join(piece.payload for line in column.lines for piece in line) for column in columns)


def test_two_columns_are_read_one_after_the_other() -> None:
    assert order(stack(300, 500, 100, "efgh") + stack(50, 280, 100, "abcd")) == "abcd|efgh"


def test_three_columns_are_read_from_left_to_right() -> None:
    assert order(stack(50, 190, 0, "abc") + stack(210, 350, 0, "def") + stack(370, 510, 0, "ghi")) == "abc|def|ghi"


def test_what_crosses_the_gutter_ends_the_columns_above_it() -> None:
    above = stack(50, 280, 0, "ab") + stack(300, 500, 0, "cd")
    below = stack(50, 280, 80, "fg") + stack(300, 500, 80, "hi")
    assert order([*above, at(50, 500, 50, "E"), *below]) == "ab|cd|E|fg|hi"


def test_a_table_over_both_columns_parts_them_as_a_solid_piece() -> None:
    table = Piece(BBox(50, 60, 500, 160), "T", solid=True)
    pieces = [*stack(50, 280, 0, "ab"), *stack(300, 500, 0, "cd"), table]
    pieces += stack(50, 280, 180, "ef") + stack(300, 500, 180, "gh")
    assert order(pieces) == "ab|cd|T|ef|gh"


def test_a_short_last_line_of_a_title_stays_with_the_title() -> None:
    title = [at(50, 480, 0, "A"), at(50, 200, 12, "B")]
    assert order([*title, *stack(50, 280, 50, "cd"), *stack(300, 500, 50, "ef")]) == "AB|cd|ef"


def test_a_side_bar_comes_last() -> None:
    bar = stack(50, 140, 40, "uvwxyz")
    assert order([at(50, 500, 0, "T"), *bar, *stack(160, 500, 40, "abcdefgh")]) == "T|abcdefgh|uvwxyz"


def test_numbers_of_a_list_go_with_the_lines_beside_them() -> None:
    pieces = [at(50, 55, 0, "1"), at(70, 300, 0, "a"), at(70, 300, 12, "b"), at(50, 55, 24, "2"), at(70, 300, 24, "c")]
    assert order(pieces) == "1ab2c"


def test_labels_at_the_left_come_before_what_stands_beside_them() -> None:
    labels = [at(50, 90, 0, "A"), at(50, 95, 60, "B"), at(50, 80, 72, "B")]
    assert order([*labels, *stack(150, 500, 0, "abcd"), *stack(150, 500, 60, "efgh")]) == "A|abcd|BB|efgh"


def test_a_heading_set_out_to_the_left_is_read_below_the_text_above_it() -> None:
    pieces = [
        *stack(150, 500, 0, "abc"),
        at(50, 140, 60, "H"),
        *[at(50, 500, 80 + STEP * n, x) for n, x in enumerate("de")],
    ]
    assert order(pieces) == "abc|Hde"


def test_one_line_with_a_gap_is_one_line() -> None:
    assert order([at(300, 500, 0, "b"), at(50, 200, 0, "a")]) == "ab"


def test_wide_spaces_of_a_justified_line_make_no_columns() -> None:
    spaced = [at(50, 90, 12, "b"), at(100, 130, 12, "c"), at(140, 180, 12, "d"), at(190, 230, 12, "e")]
    assert order([at(40, 230, 0, "A"), *spaced, at(50, 120, 24, "f")]) == "A|bcdef"


def test_no_piece_is_lost_or_doubled() -> None:
    names = [chr(0x4E00 + number) for number in range(300)]
    pieces = [
        at(20 + 37 * (number * 7 % 13), 60 + 37 * (number * 7 % 13), 11 * (number * 11 % 60), name)
        for number, name in enumerate(names)
    ]
    assert sorted(order(pieces).replace("|", "")) == sorted(names)


def test_nothing_is_no_column() -> None:
    assert read_columns([], gutter=8) == []
