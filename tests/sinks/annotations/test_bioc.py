"""BioC: valid by its grammar, and read back by the `bioc` library with every offset in place."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import bioc
import pytest
from bioc import biocxml
from bioc.validator import BioCValidator
from lxml import etree

from extract.sinks.annotations import AnnotatedDocument, TextBlock
from extract.sinks.annotations.bioc import write_bioc
from extract.sinks.annotations.rows import printed, typed_values

from .documents import DNA, DOCUMENTS, EMPTY, ODD, SIMPLE, annotated, sample_reviews

# The order of elements that BioC 1.0 asks for, as far as a collection without sentences and relations needs it.
GRAMMAR = """
<!ELEMENT collection (source, date, key, infon*, document+)>
<!ELEMENT document (id, infon*, passage+, relation*)>
<!ELEMENT passage (infon*, offset, text?, annotation*, relation*)>
<!ELEMENT annotation (infon*, location*, text)>
<!ELEMENT location EMPTY>
<!ELEMENT relation EMPTY>
<!ELEMENT infon (#PCDATA)> <!ELEMENT source (#PCDATA)> <!ELEMENT date (#PCDATA)> <!ELEMENT key (#PCDATA)>
<!ELEMENT id (#PCDATA)> <!ELEMENT offset (#PCDATA)> <!ELEMENT text (#PCDATA)>
<!ATTLIST infon key CDATA #REQUIRED>
<!ATTLIST annotation id CDATA #IMPLIED>
<!ATTLIST location offset CDATA #REQUIRED length CDATA #REQUIRED>
"""


def test_a_document_in_full(tmp_path: Path) -> None:
    (document,) = read([SIMPLE], tmp_path).documents
    assert document.id == "simple"
    assert document.infons == {
        "title": "A <review> & more",
        "doi": "10.5555/example",
        "path": "simple.txt",
        "sha256": "0" * 64,
    }
    (passage,) = document.passages
    assert (passage.offset, passage.text) == (0, SIMPLE.content.text.rstrip("\n"))
    assert passage.infons == {"type": "paragraph", "block_kind": "paragraph"}
    assert [(each.id, each.text, each.infons) for each in passage.annotations] == [
        ("m1", "ALPHA-1", {"type": "TRIAL", "trial": "ALPHA-1"}),
        (
            "m2",
            "NCT01234567",
            {
                "type": "REGISTRY_ID",
                "registry": "NCT",
                "normalized": "NCT:NCT01234567",
                "valid": "false",
                "reason": "made up",
            },
        ),
        ("m3", "overall survival", {"type": "ENDPOINT", "code": "OS"}),
        (
            "m4",
            ">=66.2%",
            {"type": "PERCENT", "role": "value", "value": "66.20", "bound": ">=", "implicit": "false"},
        ),
        ("m5", "5 mg/m²", {"type": "DOSE", "value": "5", "unit": "mg/m2", "agent": "examplinib"}),
    ]


@pytest.mark.parametrize("documents", [DOCUMENTS, (EMPTY,), (ODD,)], ids=["all", "empty", "odd"])
def test_the_grammar_of_bioc_holds(documents: tuple[AnnotatedDocument, ...], tmp_path: Path) -> None:
    grammar = etree.DTD(StringIO(GRAMMAR))
    written = etree.parse(write_bioc(documents, tmp_path / "out.xml"))
    assert grammar.validate(written), grammar.error_log
    assert written.docinfo.encoding == "UTF-8"


def test_the_grammar_of_bioc_holds_for_the_samples(tmp_path: Path) -> None:
    grammar = etree.DTD(StringIO(GRAMMAR))
    assert grammar.validate(etree.parse(write_bioc(sample_reviews(), tmp_path / "out.xml"))), grammar.error_log


@pytest.mark.parametrize("document", [pytest.param(each, id=each.document_id) for each in DOCUMENTS])
def test_the_library_finds_every_mention(document: AnnotatedDocument, tmp_path: Path) -> None:
    assert_all_found([document], tmp_path)


def test_the_library_finds_every_mention_of_the_samples(tmp_path: Path) -> None:
    assert_all_found([*sample_reviews(), SIMPLE], tmp_path)


def test_the_headings_of_the_samples_have_their_levels(tmp_path: Path) -> None:
    for document in read(sample_reviews(), tmp_path).documents:
        assert "title_2" in {passage.infons["type"] for passage in document.passages}


def test_the_library_reads_document_by_document(tmp_path: Path) -> None:
    path = write_bioc((*DOCUMENTS, *sample_reviews()), tmp_path / "out.xml")
    with path.open("rb") as stream, biocxml.iterparse(stream) as reader:
        assert [document.id for document in reader] == [
            document.document_id for document in (*DOCUMENTS, *sample_reviews())
        ]


def test_offsets_count_code_points_and_the_collection_says_so(tmp_path: Path) -> None:
    collection = read([annotated(f"{DNA}\n{DNA} 50%", ("PERCENT", "50%"))], tmp_path)
    assert collection.infons == {"offsets": "Unicode code points"}
    (annotation,) = collection.documents[0].passages[1].annotations
    assert [(each.offset, each.length) for each in annotation.locations] == [(4, 3)]


def test_a_passage_is_a_block_with_its_kind_and_place(tmp_path: Path) -> None:
    text = "Results\n\nText.\nTable 1. Doses\nFigure 2\nNote\n1. Ref\nfront\nTitle 3\n"
    kinds = (
        ("heading", 2, ("Results",)),
        ("paragraph", None, ("Results", "Survival")),
        ("caption", None, ()),
        ("caption", None, ()),
        ("caption", None, ()),
        ("reference", None, ()),
        ("front_matter", None, ()),
        ("heading", None, ()),
    )
    blocks, position = [], 0
    for (kind, level, section), line in zip(kinds, text.replace("\n\n", "\n").splitlines(), strict=True):
        position = text.index(line, position)
        blocks.append(TextBlock(kind, position, position + len(line), level, section))
    passages = read([annotated(text, blocks=blocks)], tmp_path).documents[0].passages
    assert [(each.infons["type"], each.infons["block_kind"], each.infons.get("section")) for each in passages] == [
        ("title_2", "heading", "Results"),
        ("paragraph", "paragraph", "Results > Survival"),
        ("table_caption", "caption", None),
        ("fig_caption", "caption", None),
        ("caption", "caption", None),
        ("ref", "reference", None),
        ("front", "front_matter", None),
        ("title_1", "heading", None),
    ]


def test_what_stands_in_no_block_is_a_passage_too(tmp_path: Path) -> None:
    text = " before\nblock\n\n  after "
    (document,) = read([annotated(text, blocks=[TextBlock("paragraph", 8, 13, None, ())])], tmp_path).documents
    assert [(each.offset, each.text, each.infons["type"]) for each in document.passages] == [
        (1, "before", "text"),
        (8, "block", "paragraph"),
        (17, "after", "text"),
    ]


def test_blocks_that_a_mention_ties_together_are_one_passage(tmp_path: Path) -> None:
    document = annotated("Overall\nsurvival rose.\nMore.", ("ENDPOINT", "Overall\nsurvival"))
    passages = read([document], tmp_path).documents[0].passages
    assert [(each.offset, each.text, len(each.annotations)) for each in passages] == [
        (0, "Overall\nsurvival rose.", 1),
        (23, "More.", 0),
    ]


def test_blocks_that_overlap_are_one_passage(tmp_path: Path) -> None:
    blocks = [TextBlock("table", 0, 9, None, ()), TextBlock("paragraph", 3, 5, None, ())]
    (passage,) = read([annotated("a b c d e", blocks=blocks)], tmp_path).documents[0].passages
    assert (passage.text, passage.infons["type"]) == ("a b c d e", "table")


def test_a_stand_in_is_where_xml_has_no_character(tmp_path: Path) -> None:
    signs = "\x00\x08\x0b\x1f\ufffe\uffff\ud800"
    kept = "\t\n\x7f\x85\u2028\ufffd\U0010ffff"
    document = annotated(f"a{signs}b{kept}c", document_id="id\x00", blocks=[], title="\x01")
    (found,) = read([document], tmp_path).documents
    assert found.passages[0].text == "a" + "\ufffd" * len(signs) + f"b{kept}c"
    assert (found.id, found.infons["title"]) == ("id\ufffd", "\ufffd")


def test_a_carriage_return_comes_back(tmp_path: Path) -> None:
    (passage,) = read([annotated("50\r\n%\r", ("PERCENT", "50\r\n%\r"))], tmp_path).documents[0].passages
    assert (passage.text, passage.annotations[0].text) == ("50\r\n%\r", "50\r\n%\r")


def test_of_no_documents_there_is_an_empty_collection(tmp_path: Path) -> None:
    assert read([], tmp_path).documents == []


def read(documents: list[AnnotatedDocument] | tuple[AnnotatedDocument, ...], folder: Path) -> bioc.BioCCollection:
    """The collection as the library has it, which also checks annotations against the text."""
    collection = biocxml.load(str(write_bioc(documents, folder / "out.xml")))
    BioCValidator().validate(collection)
    return collection


def assert_all_found(documents: list[AnnotatedDocument], folder: Path) -> None:
    """Id, label, values, place and quote of each mention; the texts of passages and what stands between them."""
    collection = read(documents, folder)
    for document, found in zip(documents, collection.documents, strict=True):
        text, position = document.content.text, 0
        marked = []
        for passage in found.passages:
            assert not text[position : passage.offset].strip()
            position = passage.offset + len(passage.text)
            assert_same(passage.text, text[passage.offset : position])
            for annotation in passage.annotations:
                (location,) = annotation.locations
                place = (location.offset, location.end)
                assert passage.offset <= location.offset
                assert location.end <= position
                assert_same(annotation.text, text[slice(*place)])
                marked.append((annotation.id, *place, annotation.infons))
        assert not text[position:].strip()
        assert sorted(marked, key=str) == sorted(
            ((row["mention_id"], row["start"], row["end"], infons_of(row)) for row in document.mentions),
            key=str,
        )
        assert len({name for name, *_ in marked}) == len(marked)


def infons_of(row: dict[str, object]) -> dict[str, str]:
    """The infons of a mention."""
    values = {name: printed(value).replace("\x00", "\ufffd") for name, value in typed_values(row).items()}
    return {"type": str(row["label"]), **values}


def assert_same(found: str, expected: str) -> None:
    """Sign by sign, but for those that XML cannot hold."""
    assert len(found) == len(expected)
    assert all(
        one == other or (one == "\ufffd" and other in "\x00\x0b\x1f\ufffe")
        for one, other in zip(found, expected, strict=True)
    )


def test_the_reader_of_these_tests_is_not_fooled(tmp_path: Path) -> None:
    path = write_bioc([SIMPLE], tmp_path / "out.xml")
    path.write_text(path.read_text().replace('offset="3"', 'offset="4"'))
    with pytest.raises(ValueError, match="ALPHA-1"):
        BioCValidator().validate(biocxml.load(str(path)))
