"""Hard-wrapped text, as PDF-to-text tools print it, is recognised and flows."""

from __future__ import annotations

import pytest

from extract.document import BlockKind, Document
from extract.readers import parse_text

PROSE = (
    "Inhaled steroids are the mainstay of the treatment of asthma in adults and in children, and most of the "
    "evidence comes from trials of moderate size with a short follow-up. The largest of them was done in four "
    "countries and was registered before the first patient was enrolled, and its results were published within "
    "one year of the last visit of the last patient. A second one was smaller and was registered late, and the "
    "third was not registered at all, which is why it is not considered in what follows. All of them used a "
    "spirometer at each of the visits, and all of them asked for symptoms in a diary that the patients filled "
    "in each evening. Exacerbations were counted by the investigators of the centres, and a committee reviewed "
    "those that had led to an admission to a hospital or to an unscheduled visit to the emergency room."
)


def wrap(text: str, width: int = 72) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


LINES = wrap(PROSE)


def flows(document: Document) -> list[str]:
    flowing = {BlockKind.PARAGRAPH, BlockKind.ABSTRACT}
    return [document.text[slice(*block.span)] for block in document.blocks if block.kind in flowing]


def test_printed_lines_flow_as_one_paragraph() -> None:
    document = parse_text("\n".join(LINES))
    assert document.hard_wrapped
    assert flows(document) == [PROSE]


def test_each_word_leads_to_its_line() -> None:
    document = parse_text("\n".join(LINES))
    for word in ("spirometer", "Exacerbations", "room"):
        (span,) = document.source_spans(document.text.index(word), document.text.index(word) + len(word))
        assert document.source[slice(*span)] == word


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_make_no_difference(line_end: str) -> None:
    assert flows(parse_text(line_end.join(LINES))) == [PROSE]


@pytest.mark.parametrize("mark", ["\f", "===== Page 2 =====", "- 2 -"])
def test_a_paragraph_cut_by_a_page_is_one_flow(mark: str) -> None:
    cut = len(LINES) // 2
    document = parse_text("\n".join([*LINES[:cut], "", mark, "", *LINES[cut:]]))
    assert document.hard_wrapped
    assert flows(document) == [PROSE]
    end = document.text.index(LINES[cut]) + len(LINES[cut])
    start = document.text.index(LINES[cut - 1])
    spans = document.source_spans(start, end)
    assert [document.source[slice(*span)] for span in spans] == [LINES[cut - 1], LINES[cut]]


def test_running_heads_and_folios_are_no_text() -> None:
    third = len(LINES) // 3
    pages = [LINES[:third], LINES[third : 2 * third], LINES[2 * third :]]
    printed = []
    for number, page in enumerate(pages, start=1):
        printed += [f"===== Page {number} =====", "Annals of Airway Medicine 2020", "", *page, "", f"{number}", ""]
    document = parse_text("\n".join(printed))
    assert "Annals" not in " ".join(flows(document))
    assert flows(document) == [PROSE]


def test_a_hyphen_that_only_the_line_end_made_is_dropped() -> None:
    text = PROSE.replace(
        "Exacerbations were counted", "An exacerbation was an admission. Exacer-\nbations were counted"
    )
    before, _, after = text.partition("\n")
    document = parse_text(
        "\n".join([*wrap(before.replace("Exacer-", "XX Exacer-")), *wrap(f"{after} The exacerbations were rare.")])
    )
    assert "XX Exacerbations were counted" in document.text


def test_a_hyphen_of_the_word_stays() -> None:
    before, _, after = PROSE.partition("All of them")
    document = parse_text(
        "\n".join([*wrap(before + "It was a follow-"), *wrap("up of each patient. All of them" + after)])
    )
    assert "It was a follow-up of each patient." in document.text


def test_a_number_range_over_a_line_end_stays_a_range() -> None:
    before, _, after = PROSE.partition("All of them")
    document = parse_text(
        "\n".join([*wrap(before + "It was seen in 25–"), *wrap("50% of the patients. All of them" + after)])
    )
    assert "25-50% of the patients" in document.text.replace("- ", "-")


def test_cells_on_lines_of_their_own_are_no_sentence() -> None:
    cells = ["Drug", "N", "EFS", "Iron", "40", "51", "Placebo", "42", "48"]
    document = parse_text("\n".join([*LINES, "", *cells, "", *LINES]))
    assert document.hard_wrapped
    assert flows(document) == [PROSE, PROSE]
    tables = [block for block in document.blocks if block.kind is BlockKind.TABLE]
    assert [document.text[slice(*cell.span)] for block in tables for cell in block.table.cells] == cells  # type: ignore[union-attr]


def test_a_heading_on_a_line_of_its_own_is_one() -> None:
    document = parse_text("\n".join([*LINES, "", "Discussion", "", *LINES]))
    assert [document.text[slice(*b.span)] for b in document.blocks if b.kind is BlockKind.HEADING] == ["Discussion"]
    assert document.blocks[-1].section == ("Discussion",)


def test_a_paragraph_a_line_is_not_hard_wrapped() -> None:
    document = parse_text("\n\n".join(["## Results", PROSE, PROSE, PROSE]))
    assert not document.hard_wrapped
    assert flows(document) == [PROSE, PROSE, PROSE]
