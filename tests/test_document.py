"""The document and its map: offsets into the text lead to offsets into the file."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from extract.document import ZONES, Block, BlockKind, CharSpan, Document, Segment, SourceMap


def document_of(source: str, text: str, *segments: Segment, blocks: tuple[Block, ...] = ()) -> Document:
    return Document("made", text, source, SourceMap(segments), blocks)


def test_equal_runs_lead_character_to_character() -> None:
    chart = SourceMap((Segment(0, 5, 10, 15),))
    assert chart.spans(1, 3) == ((11, 13),)
    assert chart.spans(0, 5) == ((10, 15),)


def test_unequal_runs_lead_whole_to_whole() -> None:
    chart = SourceMap((Segment(0, 2, 0, 2, 1), Segment(2, 3, 2, 6, 1), Segment(3, 5, 6, 8, 1)))
    assert chart.spans(2, 3) == ((2, 6),)
    assert chart.spans(1, 4) == ((1, 7),)


def test_markup_between_runs_of_one_piece_belongs_to_a_span_across_it() -> None:
    chart = SourceMap((Segment(0, 2, 0, 2, 1), Segment(2, 4, 5, 7, 1)))
    assert chart.spans(1, 3) == ((1, 6),)


def test_a_span_across_two_pieces_is_two_spans() -> None:
    chart = SourceMap((Segment(0, 2, 0, 2, 1), Segment(3, 5, 50, 52, 2)))
    assert chart.spans(0, 5) == ((0, 2), (50, 52))


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 3), (4, 2), (2, 3), (90, 99)])
def test_an_empty_span_or_a_separator_leads_nowhere(start: int, end: int) -> None:
    chart = SourceMap((Segment(0, 2, 0, 2, 1), Segment(3, 5, 50, 52, 2)))
    assert chart.spans(start, end) == ()


def test_maps_of_equal_segments_are_equal() -> None:
    assert SourceMap((Segment(0, 1, 0, 1),)) == SourceMap((Segment(0, 1, 0, 1),))
    assert SourceMap((Segment(0, 1, 0, 1),)) != SourceMap((Segment(0, 1, 1, 2),))
    assert len({SourceMap((Segment(0, 1, 0, 1),)), SourceMap((Segment(0, 1, 0, 1),))}) == 1


@pytest.mark.parametrize(
    ("source", "last", "widened"),
    [("$5 \\mu$ daily", 6, "5 \\mu"), ("{5} mg", 2, "5"), ("a $5$ b", 4, "a $5$")],
)
def test_markup_that_opens_inside_a_span_closes_in_it(source: str, last: int, widened: str) -> None:
    first = source.index(widened[0])
    document = document_of(source, source[first:last], Segment(0, last - first, first, last))
    (span,) = document.source_spans(0, last - first)
    assert source[slice(*span)] == widened


def test_the_block_at_an_offset() -> None:
    one = Block(BlockKind.HEADING, CharSpan(0, 3))
    two = Block(BlockKind.PARAGRAPH, CharSpan(4, 9))
    document = document_of("abc\ndefgh", "abc\ndefgh", Segment(0, 9, 0, 9), blocks=(one, two))
    assert [document.block_at(offset) for offset in (0, 2, 3, 4, 8, 9)] == [one, one, None, two, two, None]


def test_a_document_never_changes() -> None:
    document = document_of("a", "a", Segment(0, 1, 0, 1))
    with pytest.raises(FrozenInstanceError):
        document.text = "b"  # type: ignore[misc]


def test_zones_are_those_of_the_guidelines() -> None:
    outside = set(BlockKind) - ZONES
    assert outside == {
        BlockKind.TITLE,
        BlockKind.AUTHORS,
        BlockKind.FRONT_MATTER,
        BlockKind.LEGEND,
        BlockKind.REFERENCE,
        BlockKind.BACK_MATTER,
        BlockKind.FIGURE,
        BlockKind.FURNITURE,
    }
