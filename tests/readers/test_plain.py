"""Plain text and Markdown: lines become blocks, paragraphs cut in two are one flow again."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

import extract
from extract.document import BlockKind, Document
from extract.readers import parse_text

LONG = (
    "Asthma is a disease of the airways that affects children and adults of every age. "
    "Steroids are the mainstay of its treatment."
)


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.text[slice(*block.span)]) for block in document.blocks]


def paragraphs(document: Document) -> list[str]:
    return [text for kind, text in kinds(document) if kind == BlockKind.PARAGRAPH]


ARTICLE = """# Inhaled Steroids in Asthma: A Review

Ada Moss,<sup>1</sup> Ben Lee<sup>2</sup>

<sup>1</sup>Department of Medicine, Saltmere University, Saltmere, UK

## Abstract

Asthma is common. Steroids help.

Keywords: asthma; steroids

## Introduction

Asthma affects 5% of adults.

### Children

Children wheeze.

Table 1 | Trials

Trial\tN
KESTREL\t40

## Funding

None.

## References

1. Moss A. Asthma. *Lung* 2019; 1: 2-3.
"""


def test_the_kinds_of_an_article() -> None:
    assert [kind for kind, _ in kinds(parse_text(ARTICLE))] == [
        "title",
        "authors",
        "front_matter",
        "heading",
        "abstract",
        "front_matter",
        "heading",
        "paragraph",
        "heading",
        "paragraph",
        "caption",
        "table",
        "back_matter",
        "back_matter",
        "back_matter",
        "reference",
    ]


def test_title_levels_and_section_paths() -> None:
    document = parse_text(ARTICLE)
    assert document.title == "Inhaled Steroids in Asthma: A Review"
    places = {document.text[slice(*block.span)]: block for block in document.blocks}
    assert places["Introduction"].level == 2
    assert places["Children"].level == 3
    assert places["Children wheeze."].section == ("Introduction", "Children")
    assert places["Asthma affects 5% of adults."].section == ("Introduction",)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_make_no_difference(line_end: str) -> None:
    document = parse_text(ARTICLE.replace("\n", line_end))
    assert document.text == parse_text(ARTICLE).text
    assert document.source == ARTICLE.replace("\n", line_end)


def test_a_byte_order_mark_is_no_text() -> None:
    document = parse_text("\ufeffAsthma in Adults\n\n## Results\n\nSteroids help.\n")
    assert document.text == "Asthma in Adults\nResults\nSteroids help."
    assert document.source_spans(0, 6) == ((1, 7),)


@pytest.mark.parametrize(
    "between",
    [
        "\n\nTable 1 | Trials\n\nTrial\tN\nKESTREL\t40\nMARBLE\t60\n\n",
        "\n\n| Trial | N |\n|---|---|\n| KESTREL | 40 |\n\n",
        "\n\nFigure 2: The course of the study.\n\n",
    ],
)
def test_a_paragraph_cut_by_a_float_is_one_flow_with_its_map(between: str) -> None:
    first, second = f"{LONG} The drug lowered the risk of death and of", "stroke in adults with asthma."
    document = parse_text(f"## Results\n\n{first}{between}{second}\n")
    assert paragraphs(document) == [f"{first} {second}"]
    start = document.text.index("of stroke")
    spans = document.source_spans(start, start + len("of stroke"))
    assert [document.source[slice(*span)] for span in spans] == ["of", "stroke"]


def test_a_paragraph_that_ends_is_not_joined() -> None:
    document = parse_text("## Results\n\nThe drug lowered the risk.\n\nFigure 2: The course.\n\nStroke was rare.\n")
    assert paragraphs(document) == ["The drug lowered the risk.", "Stroke was rare."]


def test_a_heading_between_keeps_paragraphs_apart() -> None:
    document = parse_text(f"## Results\n\n{LONG} It lowered the risk of\n\n### Stroke\n\nand it was rare.\n")
    assert paragraphs(document) == [f"{LONG} It lowered the risk of", "and it was rare."]


def test_the_text_of_blocks_is_in_the_order_of_reading() -> None:
    document = parse_text(f"## Results\n\n{LONG} One of\n\nFigure 2: The course.\n\nmany ends.\n\nTwo.\n")
    assert [text for _, text in kinds(document)] == [
        "Results",
        f"{LONG} One of many ends.",
        "Figure 2: The course.",
        "Two.",
    ]


def test_the_doi_of_the_document_is_its_own() -> None:
    document = parse_text(
        "# A Review\n\nAda Moss\n\ndoi: 10.1234/abc.2020\n\n## Introduction\n\nSee doi: 10.9999/other.\n\n"
        "## References\n\n1. Lee B. Asthma. Lung 2019. doi:10.5555/no\n"
    )
    assert document.doi == "10.1234/abc.2020"


def test_a_document_without_text_has_no_blocks() -> None:
    document = parse_text(" \n\n\t\n")
    assert document.blocks == ()
    assert document.text == ""
    assert document.title is None


def test_rules_are_no_text() -> None:
    assert parse_text("## Results\n\nOne.\n\n---\n\n***\n\nTwo.\n").text == "Results\nOne.\nTwo."


BROKEN = """# A Review of Inhaled Drugs

## Results

In BREVIS-A (NCT09996014), tezalimab lowered the rate of exacerbations by
38% (95% CI, 24-49%) in adults who had had two or more of them in the year
before, with

- fewer courses of oral steroids in both of the groups that were given the
  drug, and
- fewer admissions to hospital.

Table 2. Trials of inhaled drugs, all of which were controlled by placebo
in the first year.

| Trial | N |
|---|---|
| BREVIS-A | 641 |

Follow-up was long-
term in four of the trials that were found, and it was rather
short
in two of the others, where more than half of the patients had left the
study by the end of the first year, most of them
because they felt no better.

## References

1. Moss A. Inhaled drugs for adults with asthma of late onset, a review of
   trials. Lung. 2019;1:2-3.
2. Lee B. Asthma. Lung. 2020;4:5.
"""


def test_broken_lines_of_markdown_are_joined_to_paragraphs() -> None:
    document = parse_text(BROKEN)
    assert not document.hard_wrapped
    found = kinds(document)
    assert (
        "paragraph",
        "Follow-up was long-term in four of the trials that were found, and it was rather short in two of the others,"
        " where more than half of the patients had left the study by the end of the first year, most of them because"
        " they felt no better.",
    ) in found
    assert (
        "caption",
        "Table 2. Trials of inhaled drugs, all of which were controlled by placebo in the first year.",
    ) in found
    assert any(text.endswith("fewer admissions to hospital.") for _, text in found)
    assert [text for kind, text in found if kind == "heading"] == ["Results"]
    assert [reference.year for reference in document.references] == [2019, 2020]


@pytest.mark.parametrize("width", [60, 72, 100])
def test_a_sample_with_broken_lines_says_the_same(width: int) -> None:
    source = Path(__file__).parents[2].joinpath("corpus", "samples", "haematology.md").read_text(encoding="utf-8")
    parts = source.split("\n\n")
    broken = "\n\n".join(
        part if part.startswith(("#", "|")) or "\t" in part else textwrap.fill(part, width, break_on_hyphens=False)
        for part in parts
    )
    assert broken.count("\n") > source.count("\n") + 100
    found, expected = (extract.extract_document(parse_text(each)) for each in (broken, source))
    assert [(row.label, row.quote) for row in found.mentions] == [(row.label, row.quote) for row in expected.mentions]
    assert [row.quote for row in found.outcomes] == [row.quote for row in expected.outcomes]
    assert [row.doi for row in found.references] == [row.doi for row in expected.references] != []
