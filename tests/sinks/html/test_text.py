"""The text of a page: every element with `data-at` holds the document's text from there on, whatever is marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from extract.records import TABLES
from extract.sinks.annotations import TextBlock, TextCell
from extract.sinks.html.offsets import Utf16
from extract.sinks.html.text import MarkedText
from extract.sinks.html.views import ReviewView, Row

ODD = st.text(st.sampled_from("ab <&>\"'\n\u00e9\u2264\U0001d6fc"), min_size=1, max_size=30)


def view(
    text: str, blocks: tuple[TextBlock, ...], mentions: list[Row] | None = None, findings: list[Row] | None = None
) -> ReviewView:
    tables: dict[str, list[Row]] = {table: [] for table in TABLES}
    tables["mentions"] = mentions or []
    tables["findings"] = [{"record_id": each["record_id"], "severity": "impossible"} for each in findings or []]
    tables["evidence"] = findings or []
    return ReviewView("d", None, "d.md", "0", None, (), text, blocks, tables)  # type: ignore[arg-type]


def mention(number: int, label: str, start: int, end: int) -> Row:
    return {"mention_id": f"m{number}", "label": label, "start": start, "end": end}


def rendered(shown: ReviewView) -> html.HtmlElement:
    return html.fromstring("<div>" + "".join(block.html for block in MarkedText(shown).blocks()) + "</div>")


def in_units(text: str, start: int, end: int) -> str:
    data = text.encode("utf-16-le")
    return data[2 * start : 2 * end].decode("utf-16-le")


def test_a_mention_is_marked_with_its_label() -> None:
    shown = rendered(view("EFS was 66.2%.", (TextBlock("paragraph", 0, 14, None, ()),), [mention(1, "ENDPOINT", 0, 3)]))
    (mark,) = shown.xpath("//mark")
    assert (mark.text, mark.get("class"), mark.get("data-m")) == ("EFS", "ENDPOINT", "m1")


def test_the_shorter_of_two_marks_gives_the_colour_and_both_are_named() -> None:
    text = "death from stroke"
    mentions = [mention(1, "ENDPOINT", 0, 17), mention(2, "TRIAL", 11, 17)]
    marks = rendered(view(text, (TextBlock("paragraph", 0, 17, None, ()),), mentions)).xpath("//mark")
    assert [(mark.text, mark.get("class"), mark.get("data-m")) for mark in marks] == [
        ("death from ", "ENDPOINT", "m1"),
        ("stroke", "TRIAL", "m2 m1"),
    ]


def test_words_in_doubt_are_told_with_their_finding() -> None:
    doubt = [{"record_id": "f1", "start": 8, "end": 13}]
    blocks = (TextBlock("paragraph", 0, 14, None, ()),)
    shown = view("EFS was 66.2%.", blocks, [mention(1, "PERCENT", 8, 13)], doubt)
    (mark,) = rendered(shown).xpath("//mark")
    assert (mark.get("class"), mark.get("data-m"), mark.get("data-f")) == ("PERCENT doubt impossible", "m1", "f1")
    assert [block.findings for block in MarkedText(shown).blocks()] == [("f1",)]


def test_a_table_keeps_its_rows_and_columns() -> None:
    text = "Arm\tOS\nA\t71\nB\t"
    cells = (TextCell(0, 0, 0, 3, True), TextCell(0, 1, 4, 6, True), TextCell(1, 0, 7, 8, False))
    cells += (TextCell(1, 1, 9, 11, False), TextCell(2, 0, 12, 13, False))
    table = rendered(view(text, (TextBlock("table", 0, len(text), None, (), cells),), [mention(1, "ENDPOINT", 4, 6)]))
    assert [[cell.text_content() for cell in row] for row in table.xpath("//tr")] == [
        ["Arm", "OS"],
        ["A", "71"],
        ["B", ""],
    ]
    assert table.xpath("//th//mark/text()") == ["OS"]


@pytest.mark.parametrize(("level", "element"), [(1, "h3"), (2, "h4"), (9, "h6")])
def test_headings_stand_below_those_of_the_page(level: int, element: str) -> None:
    assert rendered(view("Methods", (TextBlock("heading", 0, 7, level, ()),)))[0].tag == element


@given(st.lists(ODD, min_size=1, max_size=4), st.data())
def test_every_element_holds_the_text_from_its_offset_on(pieces: list[str], data: st.DataObject) -> None:
    text = "|".join(pieces)
    blocks, position = [], 0
    for piece in pieces:
        blocks.append(TextBlock("paragraph", position, position + len(piece), None, ()))
        position += len(piece) + 1
    place = st.integers(0, len(text) - 1)
    mentions, findings = [], []
    for number in range(data.draw(st.integers(0, 5))):
        start = data.draw(place)
        end = data.draw(st.integers(start + 1, len(text)))
        mentions.append(mention(number, data.draw(st.sampled_from(["TRIAL", "PERCENT"])), start, end))
        findings.append({"record_id": f"f{number}", "start": start, "end": end})
    shown = rendered(view(text, tuple(blocks), mentions, findings[:2]))
    for leaf in shown.xpath("//*[@data-at]"):
        words = leaf.text_content()
        at = int(leaf.get("data-at"))
        assert in_units(text, at, at + len(words.encode("utf-16-le")) // 2) == words
    assert "".join(shown.xpath("//*[@data-at]//text()")) == "".join(pieces)


@given(ODD)
def test_offsets_lead_to_utf16_and_back(text: str) -> None:
    offsets = Utf16(text)
    for at in range(len(text) + 1):
        assert offsets.units(at) == len(text[:at].encode("utf-16-le")) // 2
        assert offsets.points(offsets.units(at)) == at


def test_inside_of_a_pair_stands_its_character() -> None:
    assert [Utf16("a\U0001d6fcb").points(unit) for unit in range(5)] == [0, 1, 1, 2, 3]
