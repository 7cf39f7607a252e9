"""HTML pages of articles: what is the article's, in blocks told by headings; tables, citations and references."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

import extract
from extract.document import BlockKind, Document
from extract.errors import ReadError
from extract.readers.html import parse_html

from .making_jats import blocks_of, grid, tables_of


def page(body: str, head: str = "") -> Document:
    """The document of a page."""
    data = f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    return parse_html(data.encode(), document_id="kestrel")


ARTICLE = """
<nav><a href="/">Home</a></nav><header>Annals of Iron</header>
<main><article>
<header><h1>KESTREL: iron in <i>mild</i> anaemia</h1><p>Ann Hart, Bo Moss</p></header>
<h2>Abstract</h2><p>We gave iron to 40 patients.</p>
<h2>Results</h2><p>EFS was 66·2%.<script>track()</script><style>p {}</style> It rose.</p>
<ul><li>Death in 4%</li><li>Fever in 9%</li></ul>
<h2>Funding</h2><p>None.</p>
<h2>References</h2><ol><li>Hart AB, Moss C. Iron. Blood Notes. 2019;7:10-19.
<a href="https://doi.org/10.5555/bn.1">CrossRef</a> <a href="https://pubmed.ncbi.nlm.nih.gov/123456/">PubMed</a></li></ol>
</article></main><footer>All rights reserved</footer>
"""


def test_an_article_without_its_page() -> None:
    document = page(ARTICLE)
    assert document.title == "KESTREL: iron in mild anaemia"
    assert blocks_of(document) == [
        ("title", "KESTREL: iron in mild anaemia"),
        ("authors", "Ann Hart, Bo Moss"),
        ("heading", "Abstract"),
        ("abstract", "We gave iron to 40 patients."),
        ("heading", "Results"),
        ("paragraph", "EFS was 66.2%. It rose."),
        ("paragraph", "Death in 4%"),
        ("paragraph", "Fever in 9%"),
        ("back_matter", "Funding"),
        ("back_matter", "None."),
        ("back_matter", "References"),
        (
            "reference",
            "Hart AB, Moss C. Iron. Blood Notes. 2019;7:10-19. CrossRef PubMed doi:10.5555/bn.1 PMID: 123456",
        ),
    ]


def test_every_character_leads_to_its_element() -> None:
    document = page(ARTICLE)
    start = document.text.index("66.2%")
    assert document.element(start, start + 5) == "/html/body/main/article/p[2]"


def test_identifiers_that_only_links_have_are_the_references_own() -> None:
    (reference,) = page(ARTICLE).references
    assert (reference.number, reference.first_author, reference.title) == (1, "Hart", "Iron")
    assert (reference.doi, reference.pmid) == ("10.5555/bn.1", "123456")


def test_the_head_names_title_and_doi() -> None:
    head = '<meta name="citation_title" content="Iron in anaemia"><meta name="citation_doi" content="doi:10.5555/k.1">'
    document = page("<h1>Annals</h1><p>Issue 7</p><h2>Iron in anaemia</h2><h2>Results</h2><p>Better.</p>", head)
    assert (document.title, document.doi) == ("Iron in anaemia", "10.5555/k.1")
    assert [block.kind for block in document.blocks[:2]] == [BlockKind.FURNITURE] * 2


def test_a_page_without_article_or_heading() -> None:
    assert page("Iron works.<br>Fever is <b>rare</b>.").text == "Iron works. Fever is rare."


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("50 mg/m<sup>2</sup>", "50 mg/m²"),
        ("CO<sub>2</sub>", "CO₂"),
        ("rare.<sup><a href='#ref-CR12'>12</a></sup> So", "rare.¹² So"),
        ("rare <sup><a href='#B1'>1</a>,<a href='#B2'>2</a></sup> So", "rare¹,² So"),
        ("30 kg/m<sup>2</sup><sup><a href='#B1'>1</a></sup>", "30 kg/m²,¹"),
        ("rare [<a href='#bib3'>3</a>]", "rare [3]"),
        ("rare.<a href='#bib3'>3</a> So", "rare.³ So"),
        ("see <a href='#sec2'>2</a>", "see 2"),
        ("&lt;5%, $5, *a* and &amp;amp;", "<5%, $5, *a* and &amp;"),
        ("5&nbsp;&plusmn; 2", "5 ± 2"),
        ("<span style='display: none'>hidden</span>shown<span hidden>not</span>", "shown"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup></math>", "x²"),
    ],
)
def test_characters(words: str, text: str) -> None:
    assert page(f"<p>{words}</p>").text == text


TABLE = (
    "<table>{}<thead><tr><th rowspan=2>Outcome</th><th colspan=2>Iron</th></tr><tr><th>n</th><th>%</th></tr></thead>"
    "<tbody><tr><td>Death</td><td>4</td><td>10</td></tr></tbody></table>"
)
CELLS = [["Outcome", "Iron", ""], ["", "n", "%"], ["Death", "4", "10"]]


@pytest.mark.parametrize(
    "table",
    [
        TABLE.format("<caption>Table 1. Outcomes</caption>"),
        f"<figure>{TABLE.format('')}<figcaption>Table 1. Outcomes</figcaption></figure>",
        f"<section><h4>Table 1.</h4><div><p>Outcomes</p></div>{TABLE.format('')}</section>",
        f"<p><b>Table&nbsp;1.</b> Outcomes</p>{TABLE.format('')}",
        f"<div>Table 1.</div>{TABLE.format('<caption>Outcomes</caption>')}",
    ],
    ids=["caption", "figure", "heading", "paragraph", "label apart"],
)
def test_tables_with_their_captions_before_them(table: str) -> None:
    document = page(f"<h1>KESTREL</h1><h2>Results</h2>{table}<p>CI, confidence interval; OS, survival; NR, none</p>")
    assert blocks_of(document)[2:] == [
        ("caption", "Table 1. Outcomes"),
        ("table", "Outcome\tIron\t\n\tn\t%\nDeath\t4\t10"),
        ("legend", "CI, confidence interval; OS, survival; NR, none"),
    ]
    assert grid(document) == CELLS
    assert tables_of(document)[0].header_rows == 2


def test_a_table_that_lays_out_the_page_is_none() -> None:
    document = page(
        f"<table><tr><td><h1>KESTREL</h1><h2>Results</h2><p>Rare.</p></td><td>{TABLE.format('')}</td></tr></table>"
    )
    assert blocks_of(document)[:3] == [("title", "KESTREL"), ("heading", "Results"), ("paragraph", "Rare.")]
    assert grid(document) == CELLS


def test_terms_and_what_they_mean() -> None:
    document = page("<h1>KESTREL</h1><h2>Results</h2><dl><dt>OS</dt><dd>overall survival</dd></dl>")
    assert blocks_of(document)[-1] == ("paragraph", "OS: overall survival")


@pytest.mark.parametrize(
    "data",
    [
        "<meta charset='iso-8859-1'><p>Überleben</p>".encode("latin-1"),
        "<meta http-equiv='Content-Type' content='text/html; charset=windows-1252'><p>Überleben</p>".encode("cp1252"),
        "<p>Überleben</p>".encode(),
        "<p>Überleben</p>".encode("cp1252"),
        codecs.BOM_UTF8 + "<p>Überleben</p>".encode(),
        "<p>Überleben</p>".encode("utf-16"),
        "<meta charset='no-such-charset'><p>Überleben</p>".encode(),
        "<meta charset='base64'><p>Überleben</p>".encode(),
        "<meta charset='utf-16'><p>Überleben</p>".encode(),
    ],
    ids=["latin-1", "http-equiv", "utf-8", "no word of it", "mark", "utf-16", "unknown", "no charset", "impossible"],
)
def test_the_encoding_is_named_or_found(data: bytes) -> None:
    assert parse_html(data, document_id="a").text == "Überleben"


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.xhtml"])
def test_read_knows_the_endings(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>5%</p></body></html>',
        encoding="utf-8",
    )
    document = extract.read(path)
    assert (document.document_id, document.text) == ("a", "5%")
    assert document.element(0, 1) == "/html/body/p"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no words in the page"),
        (b"<html><body><script>1</script></body></html>", "no words in the page"),
        (b"\x7fELF\x02\x01\x00\x00", "binary data, not HTML"),
        (b"<div>" * 2000 + b"deep", "elements nested deeper than 256"),
    ],
    ids=["empty", "no words", "binary", "deep"],
)
def test_what_is_no_page_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError) as raised:
        parse_html(data, document_id="a", path="a.html")
    assert str(raised.value) == f"a.html: {reason}"


def test_mentions_lead_to_their_elements() -> None:
    document = page(ARTICLE)
    found = extract.extract_document(document).mentions
    assert [(mention.quote, document.element(mention.start, mention.end)) for mention in found] == [
        ("EFS", "/html/body/main/article/p[2]"),
        ("66.2%", "/html/body/main/article/p[2]"),
        ("Death", "/html/body/main/article/ul/li[1]"),
        ("4%", "/html/body/main/article/ul/li[1]"),
        ("Fever", "/html/body/main/article/ul/li[2]"),
        ("9%", "/html/body/main/article/ul/li[2]"),
    ]
