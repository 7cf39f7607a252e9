"""JATS reference lists: numbers, authors, titles, journals, years and identifiers from the elements."""

from __future__ import annotations

import pytest

from extract.document import Document

from .making_jats import blocks_of, document_of


def listed(*refs: str) -> Document:
    """The document of a reference list."""
    return document_of("<p>Text.</p>", back=f"<ref-list><title>References</title>{''.join(refs)}</ref-list>")


STRUCTURED = (
    '<ref id="b1"><label>1.</label><element-citation publication-type="journal">'
    '<person-group person-group-type="author">'
    "<name><surname>van der Hart</surname><given-names>AB</given-names></name>"
    "<name><surname>Moss</surname><given-names>C</given-names></name><etal/></person-group>"
    "<article-title>Iron in <italic>mild</italic> anaemia</article-title><source>Blood Notes</source><year>2019a</year>"
    "<volume>7</volume><issue>2</issue><fpage>10</fpage><lpage>19</lpage>"
    '<pub-id pub-id-type="doi">10.5555/bn.1</pub-id><pub-id pub-id-type="pmid">123456</pub-id></element-citation></ref>'
)
PRINTED = (
    '<ref id="b1"><label>1</label><mixed-citation publication-type="journal"><name><surname>van der Hart</surname> '
    "<given-names>AB</given-names></name>, <etal>et al.</etal> <article-title>Iron in mild anaemia</article-title>. "
    "<source>Blood Notes</source>. <year>2019</year>;<volume>7</volume>:<fpage>10</fpage>. "
    '<ext-link ext-link-type="uri" xlink:href="https://doi.org/10.5555/bn.1">Full text</ext-link> '
    '<pub-id pub-id-type="pmid">123456</pub-id></mixed-citation></ref>'
)
OLD = PRINTED.replace("mixed-citation publication-type", "citation citation-type").replace("mixed-citation", "citation")
BOTH = (
    '<ref id="b1"><label>1</label><citation-alternatives>'
    + STRUCTURED.split("</label>")[1].removesuffix("</ref>")
    + "<mixed-citation>van der Hart AB. Iron.</mixed-citation></citation-alternatives></ref>"
)


@pytest.mark.parametrize("ref", [STRUCTURED, PRINTED, OLD, BOTH], ids=["elements", "printed", "NLM 2", "both"])
def test_the_fields_come_from_the_elements(ref: str) -> None:
    (reference,) = listed(ref).references
    assert (reference.number, reference.first_author, reference.title) == (1, "van der Hart", "Iron in mild anaemia")
    assert (reference.journal, reference.year) == ("Blood Notes", 2019)
    assert (reference.doi, reference.pmid, reference.note) == ("10.5555/bn.1", "123456", None)


def test_elements_without_signs_between_them_are_put_in_order() -> None:
    document = listed(STRUCTURED)
    assert blocks_of(document)[1:] == [
        ("back_matter", "References"),
        (
            "reference",
            "1. van der Hart AB, Moss C, et al. Iron in mild anaemia. Blood Notes. 2019a;7(2):10-19. doi:10.5555/bn.1. "
            "PMID: 123456.",
        ),
    ]
    (reference,) = document.references
    assert document.text[slice(*reference.span)].startswith("1. van der Hart")


def test_an_entry_keeps_the_words_it_prints() -> None:
    text = blocks_of(listed(PRINTED))[-1][1]
    assert text == "1. van der Hart AB, et al. Iron in mild anaemia. Blood Notes. 2019;7:10. Full text 123456"


def test_names_and_et_al_are_set_apart_where_only_elements_part_them() -> None:
    entry = (
        "<ref><mixed-citation><name><surname>Hart</surname><given-names>AB</given-names></name>, <name><surname>Moss"
        "</surname><given-names>C</given-names></name><etal/> <article-title>Iron</article-title>. <source>Blood Notes"
        "</source> <year>2019</year>; 7</mixed-citation></ref>"
    )
    assert blocks_of(listed(entry))[-1][1] == "Hart AB, Moss C et al Iron. Blood Notes 2019; 7"


def test_an_entry_without_elements_is_read_as_text() -> None:
    plain = "Hart AB, Moss C. Iron in mild anaemia. Blood Notes. 2019;7:10-19. doi:10.5555/bn.1"
    (reference,) = listed(f"<ref><mixed-citation>{plain}</mixed-citation></ref>").references
    told = (reference.first_author, reference.title, reference.journal, reference.year, reference.doi)
    assert told == ("Hart", "Iron in mild anaemia", "Blood Notes", 2019, "10.5555/bn.1")


def test_authors_printed_without_elements_are_read_as_text() -> None:
    (reference,) = listed(
        "<ref><mixed-citation>van der Hart AB, Moss C. <article-title>Iron in mild anaemia</article-title>. "
        "<source>Blood Notes</source> 2019; <volume>7</volume>: 10.</mixed-citation></ref>"
    ).references
    told = (reference.first_author, reference.title, reference.journal, reference.year)
    assert told == ("van der Hart", "Iron in mild anaemia", "Blood Notes", 2019)


def test_a_book_has_its_title_and_a_group_its_name() -> None:
    (reference,) = listed(
        '<ref><element-citation publication-type="book"><collab>KESTREL Group</collab><source>Iron for all</source>'
        "<year>2001</year><publisher-name>Old Press</publisher-name></element-citation></ref>"
    ).references
    assert (reference.first_author, reference.title, reference.journal) == ("KESTREL Group", "Iron for all", None)


def test_the_editor_of_a_book_is_no_first_author() -> None:
    (reference,) = listed(
        '<ref><element-citation publication-type="book"><person-group person-group-type="editor"><name><surname>Moss'
        '</surname></name></person-group><person-group person-group-type="author"><name><surname>Hart</surname></name>'
        "</person-group><article-title>Iron</article-title><source>Metals</source><year>2001</year></element-citation></ref>"
    ).references
    assert (reference.first_author, reference.title, reference.journal) == ("Hart", "Iron", "Metals")


def entry(name: str, label: str = "") -> str:
    printed = f"<label>{label}</label>" if label else ""
    return f"<ref>{printed}<mixed-citation>{name} A. Iron and others. Blood Notes. 2019;1:2.</mixed-citation></ref>"


@pytest.mark.parametrize(
    ("labels", "numbers"),
    [
        (("1", "2", "3"), [1, 2, 3]),
        (("[1]", "(2)", "3."), [1, 2, 3]),
        (("", "", ""), [1, 2, 3]),
        (("Hart 2019", "Moss 2020", "Quist 2021"), [1, 2, 3]),
        (("1", "3", "4"), [1, 3, 4]),
        (("1", "1", "2"), [1, 2, 3]),
    ],
)
def test_numbers_come_from_the_label_or_the_place(labels: tuple[str, ...], numbers: list[int]) -> None:
    refs = [entry(name, label) for name, label in zip(("Hart", "Moss", "Quist"), labels, strict=True)]
    assert [reference.number for reference in listed(*refs).references] == numbers


def test_several_works_in_one_entry_are_one_reference() -> None:
    both = "<mixed-citation>Hart A. Iron. Blood Notes. 2019;1:2.</mixed-citation>"
    (reference,) = listed(f"<ref><label>1</label>{both}{both.replace('Hart', 'Moss')}</ref>").references
    assert reference.first_author == "Hart"
    assert reference.note == "2 works in one entry; the first one is given"


def test_a_list_in_parts() -> None:
    document = document_of(
        "<p>Text.</p>",
        back=f"<ref-list><title>References</title><ref-list><title>Trials</title>{entry('Hart', '1')}</ref-list>"
        f"<ref-list><title>Reviews</title>{entry('Moss', '2')}</ref-list></ref-list>",
    )
    assert [reference.first_author for reference in document.references] == ["Hart", "Moss"]


def test_an_empty_entry_is_none() -> None:
    assert listed(entry("Hart", "1"), "<ref><label>2</label></ref>", entry("Moss", "3")).references[-1].number == 3


def test_fields_are_normalised_as_the_text_is() -> None:
    (reference,) = listed(
        "<ref><element-citation><name><surname>O’Hart</surname></name><article-title>CD34<sup>+</sup> cells–now"
        "</article-title><source>Blood</source><year>2019</year></element-citation></ref>"
    ).references
    assert (reference.first_author, reference.title) == ("O'Hart", "CD34⁺ cells-now")
