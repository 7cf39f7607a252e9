"""Small JATS files for the tests of their reader, and what is asked of the documents made of them."""

from __future__ import annotations

from extract.document import BlockKind, Document, Table
from extract.readers.jats import parse_jats

DOCTYPE = '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving DTD v1.2//EN" "archivearticle.dtd">'
NAMESPACES = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML"'
META = """
<article-id pub-id-type="pmid">1</article-id><article-id pub-id-type="doi">10.5555/kestrel.1</article-id>
<title-group><article-title>KESTREL: iron in <italic>mild</italic> anaemia</article-title>
<subtitle>a randomised trial</subtitle></title-group>
<contrib-group>
<contrib contrib-type="author"><name><surname>Hart</surname><given-names>Ann B</given-names></name>
<xref ref-type="aff" rid="a1">1</xref></contrib>
<contrib contrib-type="author"><collab>KESTREL Group</collab></contrib>
</contrib-group>
<contrib-group>
<contrib contrib-type="editor"><name><surname>Moss</surname><given-names>Cy</given-names></name></contrib>
</contrib-group>
<aff id="a1"><label>1</label><institution>Department of Medicine</institution>, Uppsala</aff>
<pub-date pub-type="epub"><day>1</day><month>6</month><year>2019</year></pub-date>
<volume>7</volume><issue>2</issue><fpage>10</fpage><lpage>19</lpage>
<history><date date-type="received"><day>3</day><month>2</month><year>2019</year></date></history>
<permissions><copyright-statement>© 2019 The authors</copyright-statement></permissions>
<abstract><sec><title>Background</title><p>Iron is given often.</p></sec>
<sec><title>Results</title><p>Haemoglobin rose in 61%.</p></sec></abstract>
<abstract abstract-type="teaser"><p>Iron works.</p></abstract>
<kwd-group><kwd>iron</kwd><kwd>anaemia</kwd></kwd-group>
"""


def jats(body: str = "", *, meta: str = "", back: str = "", after: str = "", doctype: str = DOCTYPE) -> bytes:
    """The bytes of an article; without `body` it has none."""
    parts = [f"<front><article-meta>{meta}</article-meta></front>"]
    parts += [f"<body>{body}</body>"] if body else []
    parts += [f"<back>{back}</back>"] if back else []
    return f"{doctype}<article {NAMESPACES}>{''.join(parts)}{after}</article>".encode()


def document_of(body: str = "", **parts: str) -> Document:
    """The document of an article."""
    return parse_jats(jats(body, **parts), document_id="kestrel")


def text_of(body: str) -> str:
    """The text of a body."""
    return document_of(body).text


def in_paragraph(words: str) -> str:
    """The text of one paragraph."""
    return text_of(f"<p>{words}</p>")


def blocks_of(document: Document) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    return [(block.kind.value, document.text[slice(*block.span)]) for block in document.blocks]


def texts(document: Document, kind: BlockKind) -> list[str]:
    """The texts of the blocks of a kind."""
    return [document.text[slice(*block.span)] for block in document.blocks if block.kind is kind]


def tables_of(document: Document) -> list[Table]:
    """The tables in text order."""
    return [block.table for block in document.blocks if block.table is not None]


def grid(document: Document, number: int = 0) -> list[list[str]]:
    """The texts of the cells of a table by row."""
    table = tables_of(document)[number]
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        assert cell.column == len(rows[cell.row])
        rows[cell.row].append(document.text[slice(*cell.span)])
    return rows
