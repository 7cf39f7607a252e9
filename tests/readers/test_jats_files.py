"""JATS files: which article is read, in which encoding and namespace, under which ending, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

import extract
from extract.document import BlockKind
from extract.errors import ReadError
from extract.readers.jats import parse_jats

from .making_jats import META, document_of, jats, texts


def test_an_abstract_alone_is_read_and_said() -> None:
    document = document_of(meta="<abstract><p>Iron works in 61%.</p></abstract>")
    assert texts(document, BlockKind.ABSTRACT) == ["Iron works in 61%."]
    (warning,) = document.warnings
    assert "no body" in warning


def test_of_several_articles_the_first_is_read() -> None:
    both = b"<pmc-articleset>" + jats("<p>First.</p>", doctype="") + jats("<p>Second.</p>", doctype="")
    document = parse_jats(both + b"</pmc-articleset>", document_id="two")
    assert document.text == "First."
    assert document.element(0, 1) == "/pmc-articleset/article[1]/body/p"
    assert document.warnings == ("2 articles in the file; only the first is read",)


def test_replies_of_reviewers_are_left_out_and_said() -> None:
    document = document_of("<p>Text.</p>", after="<sub-article><body><p>Reply.</p></body></sub-article>")
    assert document.text == "Text."
    assert document.warnings == ("1 sub-articles or responses are left out",)


def test_an_article_in_the_namespace_of_its_dtd() -> None:
    data = b'<article xmlns="http://jats.nlm.nih.gov"><body><p>Death in <sup>2</sup>.</p></body></article>'
    document = parse_jats(data, document_id="a")
    assert document.text == "Death in ²."
    assert document.element(0, 1) == "/article/body/p"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_encoding_is_what_the_file_declares(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<article><body><p>Überleben war 50\u00a0%</p></body></article>'
    )
    assert parse_jats(text.encode(encoding), document_id="a").text == "Überleben war 50 %"


def test_a_byte_order_mark_is_no_text() -> None:
    data = b"\xef\xbb\xbf" + jats("<p>Überleben</p>")
    assert parse_jats(data, document_id="a").text == "Überleben"


@pytest.mark.parametrize("name", ["a.xml", "a.nxml", "a.jats"])
def test_read_knows_the_endings(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(jats("<p>EFS was 66·2%.</p>"))
    document = extract.read(path)
    assert (document.document_id, document.path, document.text) == ("a", str(path), "EFS was 66.2%.")


def test_html_with_the_ending_of_xml(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<!DOCTYPE html><html><body><h1>KESTREL</h1><p>Iron<br>works.</body></html>")
    assert extract.read(path).text == "KESTREL\nIron works."


def test_the_same_bytes_give_the_same_text_and_map() -> None:
    data = jats("<sec><title>Results</title><p>Five of 9 (56%).</p></sec>", meta=META)
    first, second = (parse_jats(data, document_id="a") for _ in range(2))
    assert (first.text, first.source_map, first.blocks) == (second.text, second.source_map, second.blocks)


def test_an_article_without_words_is_refused() -> None:
    with pytest.raises(ReadError, match=r"^a: the article holds no words$"):
        parse_jats(b"<article><body><p/></body></article>", document_id="a")
