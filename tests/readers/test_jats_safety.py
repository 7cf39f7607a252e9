"""XML that is none, that would grow or reach outside: one line with file, line and reason."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extract
from extract.errors import ReadError
from extract.readers.jats import parse_jats

from .making_jats import jats, tables_of

LIMIT = 5  # seconds for a refusal on a loaded machine; it takes milliseconds


def refusal(data: bytes) -> str:
    """The one line that a file is refused with."""
    started = time.monotonic()
    with pytest.raises(ReadError) as raised:
        parse_jats(data, document_id="a", path="a.xml")
    assert time.monotonic() - started < LIMIT
    message = str(raised.value)
    assert "\n" not in message
    assert message.startswith("a.xml: ")
    return message


def declared(*entities: str) -> str:
    return f"<!DOCTYPE article [{''.join(entities)}]>"


LAUGHS = [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"<article>\n<body><p>a</body></article>", 2, "Opening and ending tag mismatch"),
        (b"\n\n<article><p>", 3, "Premature end"),
        (b"<article>\n<p>caf\xe9</p></article>", 2, "Input is not proper UTF-8|encoding"),
        (b"just words", 1, "Start tag expected"),
        (b"<article>\x00</article>", 1, "."),
        (b"<article><body>" + b"<sec>" * 300 + b"</sec>" * 300 + b"</body></article>", 1, "Excessive depth"),
        (b"<article>\n<p>&nbsp;</p></article>", 2, "Entity 'nbsp' not defined"),
    ],
    ids=["tags", "cut off", "encoding", "words", "binary", "deep", "entity"],
)
def test_what_is_not_well_formed(data: bytes, line: int, reason: str) -> None:
    message = refusal(data)
    assert message.startswith(f"a.xml: not well-formed XML at line {line}: ")
    assert re.search(reason, message)
    assert "column" not in message


@pytest.mark.parametrize("use", ["<p>&l9;</p>", '<p id="&l9;">a</p>'])
def test_entities_made_of_entities_are_refused_unexpanded(use: str) -> None:
    message = refusal(jats(use, doctype=declared('<!ENTITY l0 "ha">', *LAUGHS)))
    assert re.match(r"a\.xml: not well-formed XML at line 1: .*entity", message)


def test_an_entity_of_another_file_is_refused_unread(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("swordfish", encoding="utf-8")
    doctype = declared(f'<!ENTITY x SYSTEM "{secret.as_uri()}">')
    message = refusal(jats("<p>&x;</p>", doctype=doctype))
    assert message == "a.xml: not well-formed XML at line 1: entity &x; stands for another file"


@pytest.mark.parametrize("meaning", ["<b>bold</b>", "word " * 400], ids=["markup", "long"])
def test_an_entity_of_more_than_words_is_refused(meaning: str) -> None:
    message = refusal(jats("<p>&x;</p>", doctype=declared(f'<!ENTITY x "{meaning}">')))
    assert message.endswith("entity &x; stands for more than a few plain words")


def test_a_dtd_is_not_fetched() -> None:
    doctype = '<!DOCTYPE article SYSTEM "http://192.0.2.1/a.dtd">'
    started = time.monotonic()
    assert parse_jats(jats("<p>Text.</p>", doctype=doctype), document_id="a").text == "Text."
    assert time.monotonic() - started < LIMIT


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("5&nbsp;% &plusmn;&thinsp;2", "5 % ± 2"),
        ("&ge;5 and &beta;", "≥5 and β"),
        ("&amp;, &lt; and &#8805;", "&, < and ≥"),
        ("<bold>a</bold>&nbsp;b<italic>&alpha;</italic>", "a bα"),
    ],
)
def test_entities_of_the_dtd_are_known_by_their_names(words: str, text: str) -> None:
    document = parse_jats(jats(f"<p>{words}</p>"), document_id="a")
    assert document.text == text
    assert document.warnings == ()


def test_entities_that_the_file_declares() -> None:
    doctype = declared('<!ENTITY drug "iron &amp; zinc">', '<!ENTITY sp "&#160;">', '<!ENTITY alpha "A">')
    document = parse_jats(jats("<p>&drug;&sp;5&alpha;</p>", doctype=doctype), document_id="a")
    assert document.text == "iron & zinc 5A"


def test_an_entity_that_nobody_declares_stays_and_is_said() -> None:
    document = parse_jats(jats("<p>5 &squiggle; 6</p>"), document_id="a")
    assert document.text == "5 &squiggle; 6"
    assert document.warnings == ("entity &squiggle; is not declared and stands in the text as it is",)


@pytest.mark.parametrize("root", ["PubmedArticleSet", "book", "TEI", "article"])
def test_xml_that_is_no_article(root: str) -> None:
    message = refusal(f"<{root}><para>words</para></{root}>".encode())
    assert message == f"a.xml: XML, but no JATS article in it (root element <{root}>)"


def test_nesting_up_to_the_limit_is_read() -> None:
    depth = 240
    body = "<sec><title>a</title>" * depth + "<p>Deep.</p>" + "</sec>" * depth
    assert parse_jats(jats(body), document_id="a").text.endswith("Deep.")
    inline = "<italic>" * depth + "word" + "</italic>" * depth
    assert parse_jats(jats(f"<p>{inline}</p>"), document_id="a").text == "word"


def test_the_file_is_named_in_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "a.nxml"
    path.write_bytes(b"<article><p>")
    with pytest.raises(ReadError, match=rf"^{re.escape(str(path))}: not well-formed XML at line 1: "):
        extract.read(path)


TAGS = (
    "p sec title label table-wrap table thead tbody tr td th caption fig boxed-text list list-item def-list def-item "
    "term def fn fn-group xref sup sub italic break graphic alternatives inline-formula disp-formula tex-math mfrac "
    "ref-list ref mixed-citation element-citation name surname year source article-title pub-id ext-link ack glossary "
    "app supplementary-material disp-quote statement table-wrap-foot row entry tgroup unknown"
)
ATTRIBUTES = ("", ' colspan="2"', ' rowspan="3"', ' ref-type="bibr" rid="a"', ' ref-type="table-fn"', ' id="a"')
WORDS = st.sampled_from(["", " ", "word", "5% ", "(4)", "Table 1.", "12", "10.5555/x"])


def _element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inside = st.lists(st.tuples(children, WORDS).map("".join), max_size=4).map("".join)
    return st.tuples(st.sampled_from(TAGS.split()), st.sampled_from(ATTRIBUTES), WORDS, inside).map(
        lambda parts: f"<{parts[0]}{parts[1]}>{parts[2]}{parts[3]}</{parts[0]}>"
    )


TREES = st.recursive(WORDS, _element, max_leaves=25)


@given(TREES, TREES)
def test_any_tree_of_elements_is_read(body: str, back: str) -> None:
    document = parse_jats(jats(f"<p>Words.</p>{body}", back=back), document_id="a")
    position = 0
    for block in document.blocks:
        assert position <= block.span.start < block.span.end
        assert document.text[position : block.span.start].strip() == ""
        position = block.span.end
    assert all(cell.column < table.n_columns for table in tables_of(document) for cell in table.cells)
    assert all(document.element(*block.span) for block in document.blocks)
