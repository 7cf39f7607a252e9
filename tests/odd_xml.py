"""XML and HTML files that no publisher writes: entities that grow or lead outside, lying spans, deep nesting, soup."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

SENTENCE = "In 43 children, survival was 71.3% after two years (n = 31)."
ADDRESS = "http://127.0.0.1:9/"  # nothing listens there; a test puts its own in
FILE = "/etc/passwd"  # the same
DEEP = 100_000  # elements inside one another
NESTED = 240  # the same, as deep as the parser allows

Maker = Callable[[], bytes]


def article(body: str = f"<p>{SENTENCE}</p>", *, head: str = "", back: str = "", attributes: str = "") -> bytes:
    """A small article."""
    return (
        f"{head}<article {attributes}><front><article-meta><title-group><article-title>Survival of children"
        f"</article-title></title-group></article-meta></front><body>{body}</body><back>{back}</back></article>"
    ).encode()


def html(body: str = f"<p>{SENTENCE}</p>", *, head: str = "<title>Survival</title>") -> bytes:
    """A small page."""
    return f"<!DOCTYPE html><html><head>{head}</head><body><h1>Survival of children</h1>{body}</body></html>".encode()


def table(rows: int, columns: int, attributes: str = "") -> str:
    """A table of percentages in which every cell has these attributes."""
    cells = "".join(f"<td {attributes}>{n}.3%</td>" for n in range(columns))
    return (
        f"<table-wrap><label>Table 1</label><caption><p>Survival</p></caption><table><thead><tr>{cells}</tr></thead>"
        f"<tbody>{f'<tr>{cells}</tr>' * rows}</tbody></table></table-wrap>"
    )


def _with_entities(declared: str, used: str) -> bytes:
    return article(f"<p>{SENTENCE} {used}</p>", head=f"<!DOCTYPE article [{declared}]>")


def _nested(tag: str, depth: int, inside: str = SENTENCE) -> str:
    return f"<{tag}>" * depth + inside + f"</{tag}>" * depth


def _declared_as(encoding: str, written: str) -> bytes:
    text = article(f"<p>Überleben ≥ 5 µg. {SENTENCE}</p>", head=f'<?xml version="1.0" encoding="{encoding}"?>').decode()
    return text.encode(written, "xmlcharrefreplace")


def _math(inside: str) -> str:
    return f"<p>It is <m:math xmlns:m='http://www.w3.org/1998/Math/MathML'>{inside}</m:math>.</p>"


def _references(entries: str) -> bytes:
    return article(back=f"<ref-list>{entries}</ref-list>")


BOMB = "<!ENTITY e0 'ha'>" + "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
SPANS = ("1000000", "99999999999999999999", "9" * 5000, "-5", "0", "1e9", "²", "٣", " ", "two", "65534")
OASIS = (
    "<table-wrap><label>Table 1</label><table><tgroup cols='99999999'><colspec colname='a' colnum='{0}'/>"
    "<colspec colname='b' colnum='2'/><tbody><row><entry namest='a' nameend='b' morerows='{0}'>One</entry><entry>2%"
    "</entry></row><row><entry colname='b'>3%</entry></row></tbody></tgroup></table></table-wrap>"
)
ENCODINGS = {
    "utf-8": "latin-1",
    "latin-1": "utf-8",
    "utf-16": "utf-8",
    "UTF-8": "utf-16",
    "nonsense": "utf-8",
    "us-ascii": "utf-8",
    "utf-32": "utf-32",
    "utf-7": "utf-7",
    "cp037": "cp037",
}
ENTITIES = {
    "of-entities": (BOMB, "&e11;"),
    "long-and-often": (f"<!ENTITY e '{'a' * 500_000}'>", "&e;" * 5000),
    "short-and-often": (f"<!ENTITY e '{'a' * 900}'>", "&e;" * 200_000),
    "of-itself": ("<!ENTITY e '&e;'>", "&e;"),
    "of-markup": ("<!ENTITY e '<p>one</p>'>", "&e;"),
    "of-a-file": (f"<!ENTITY e SYSTEM 'file://{FILE}'>", "&e;"),
    "of-an-address": (f"<!ENTITY e SYSTEM '{ADDRESS}a'>", "&e;"),
    "of-a-parameter": (f"<!ENTITY % p SYSTEM '{ADDRESS}p'> %p;", "&q;"),
    "of-parameters": ("<!ENTITY % a '<!ENTITY b \"c\">'><!ENTITY % d '%a;%a;%a;'> %d;%d;%d;", "&b;"),
    "unknown": ("", "&nonsense; &hellip;"),
    "many": ("".join(f"<!ENTITY f{n} 'a'>" for n in range(20_000)), "&f9;"),
}
BODIES = {
    "math-without-parts": _math("<m:mfrac/><m:msup><m:mi/></m:msup><m:mroot/><m:mfenced/><m:munderover/><m:mo/>"),
    "math-nested": _math(_nested("m:msqrt", 200, "<m:mi>x</m:mi>")),
    "titles-nested": "<sec><title>A</title>" * 200 + SENTENCE + "</sec>" * 200,
    "blocks-in-a-cell": f"<table><tr><td>{_nested('p', 200)}</td></tr></table>",
    "tables-in-cells": "<table><tr><td>1%" * 60 + "</td></tr></table>" * 60,
    "all-spans": table(20, 20, 'rowspan="20" colspan="7"'),
    "rows-without-cells": table(5, 0),
    "table-without-rows": "<table-wrap><label>Table 1</label><table/></table-wrap>",
    "header-alone": "<table><thead><tr><th>A</th></tr></thead></table>",
    "wide-table": table(4, 2000),
    "long-table": table(1500, 5),
    "null": "<p>4&#0;3</p>",
    "surrogate": "<p>4&#xD800;3</p>",
    "controls": "<p>4\x01\x02\x0b3</p>",
    "noncharacters": "<p>4\uffff\ufffe\ufdd0\U0001ffff3</p>",
    "right-to-left": "<p>4\u202e\u2066\u200f3 \u0300\u0301%</p>",
    "beyond-the-first-plane": "<p>\U0001d7d2\U0001d7d1 \U0001f600 71.3%</p>",
    "crossed": f"<p><bold>{SENTENCE}</p></bold>",
    "huge-name": f"<{'a' * 60_000}/><p>{SENTENCE}</p>",
    "long-words": f"<p>{'a' * 100_000} {'9' * 100_000} {'a-' * 50_000}</p>",
    "spaces": f"<p>a{' ' * 100_000}b{'( ' * 50_000}</p>",
    "many-attributes": "<p " + " ".join(f"a{n}='b'" for n in range(20_000)) + ">43 children</p>",
    "many-paragraphs": f"<p>{SENTENCE}</p>" * 3000,
    "many-without-words": "<p/>" * 50_000 + f"<p>{SENTENCE}</p>",
    "many-sections": f"<sec><title>Results</title><p>{SENTENCE}</p></sec>" * 1000,
    "many-marks": "<p>" + "<sup>2</sup>a<xref ref-type='bibr' rid='b'>1</xref>" * 3000 + "</p>",
    "many-citations": f"<p>x{'<sup>1</sup>,' * 10_000}</p>",
    "namespaces": f"<a:p xmlns:a='urn:a'>One</a:p><b:p xmlns:b='urn:b' b:id='1' id='2'>{SENTENCE}</b:p>",
    "namespace-unknown": f"<x:p>{SENTENCE}</x:p>",
    "same-id": "<fig id='a'><label>Fig. 1</label></fig>" * 3 + "<p><xref rid='a'>1</xref></p>",
    "address-of-letters": f"<p><ext-link xlink:href='{'NCT0' * 20_000}' xmlns:xlink='http://www.w3.org/1999/xlink'/></p>",
    "tex": "<p><tex-math>" + r"\frac{" * 2000 + "}" * 2000 + "$_{" * 2000 + "</tex-math></p>",
    "marks-alone": "<sup>²</sup>",
    "unparsed": f"<p><![CDATA[<b>{SENTENCE}</b> ]]&gt; &amp;]]></p>",
    "included": f"<p xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='{FILE}' parse='text'/>Survival</p>",
}
TAGS = ("sec", "p", "bold", "sup", "list", "disp-quote", "table-wrap", "fig", "boxed-text", "sub-article")
YEARS = ("", "²²²²", "99999999999", "-1", "2020a", "in press", "٢٠٢٠")
OTHERS: dict[str, Maker] = {
    "entities-in-attributes": lambda: article("<p id='&e11;'>1</p>", head=f"<!DOCTYPE article [{BOMB}]>"),
    "doctype-outside": lambda: article(head=f'<!DOCTYPE article SYSTEM "{ADDRESS}jats.dtd">'),
    "stylesheet-outside": lambda: article(head=f'<?xml-stylesheet href="{ADDRESS}a.xsl"?>'),
    "schema-outside": lambda: article(
        attributes=f'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="{ADDRESS}a b.xsd"'
    ),
    "namespace-default": lambda: article(attributes='xmlns="urn:nobody"'),
    "nulls": lambda: article().replace(b"43", b"4\x003"),
    "unclosed": lambda: article()[:-40],
    "huge-attribute": lambda: article(f"<p id='{'a' * 11_000_000}'>{SENTENCE}</p>"),
    "huge-comment": lambda: article(f"<!--{'a ' * 2_000_000}--><p>{SENTENCE}</p>"),
    "huge-paragraph": lambda: article(f"<p>{'a' * 2_000_000}</p>"),
    "fronts": lambda: article().replace(b"<body>", b"<front><p>a</p></front><body>"),
    "two-roots": lambda: article() + article(),
    "root-of-words": lambda: b"<article>43 children</article>",
    "no-root": lambda: b'<?xml version="1.0"?><!-- nothing -->',
    "declaration-late": lambda: b"\n \n" + article(head='<?xml version="1.1" standalone="maybe"?>'),
    "references-of-odd-years": lambda: _references(
        "".join(f"<ref><element-citation><year>{year}</year><person-group/></element-citation></ref>" for year in YEARS)
    ),
    "references-of-odd-numbers": lambda: _references(
        f"<ref><label>²</label><mixed-citation>{SENTENCE}</mixed-citation></ref>" * 5
        + f"<ref><label>{'9' * 5000}</label><mixed-citation>Doe A. Survival. 2020</mixed-citation></ref>"
    ),
    "references-nested": lambda: article(
        back=_nested("ref-list", 200, f"<ref><mixed-citation>{SENTENCE}</mixed-citation></ref>")
    ),
}


def odd_articles() -> Iterator[tuple[str, Maker]]:
    """Names of XML files, and what makes them."""
    yield from OTHERS.items()
    for name, body in BODIES.items():
        yield name, partial(article, body)
    for name, (declared, used) in ENTITIES.items():
        yield f"entities-{name}", partial(_with_entities, declared, used)
    for tag in TAGS:
        yield f"nested-{tag}", partial(article, _nested(tag, NESTED))
        yield f"deep-{tag}", lambda tag=tag: article(_nested(tag, DEEP))
    for span in SPANS:
        yield f"columns-{span[:9]}", partial(article, table(3, 3, f'colspan="{span}"'))
        yield f"rows-{span[:9]}", partial(article, table(3, 3, f'rowspan="{span}"'))
        yield f"oasis-{span[:9]}", partial(article, OASIS.format(span))
    for encoding, written in ENCODINGS.items():
        yield f"{encoding}-written-as-{written}", partial(_declared_as, encoding, written)


PAGES = {
    "soup": f"<p><b><i>{SENTENCE}<p></b><td>1%<li><table><tr>2%<p>3%</div></span></table></html><p>4%",
    "unclosed": f"<p title='{SENTENCE}",
    "tags-that-are-none": f"<p<b>{SENTENCE}<1><É><a}}b><:><x:y:z><h1&><\x7f>",
    "ampersands": "&" * 50_000 + "&#xD800; &#0; &#x110000; &#99999999999; &amp &nbsp",
    "deep-divs": _nested("div", DEEP),
    "nested-divs": _nested("div", 200),
    "nested-spans": _nested("span", 200),
    "nested-tables": "<table><tr><td>1%" * 80,
    "nested-lists": "<ul><li>1%" * 80,
    "nested-articles": _nested("article", 200),
    "many-divs": f"<div>{SENTENCE}</div>" * 3000,
    "many-open": f"<b>{SENTENCE}" * 200,
    "many-breaks": f"{SENTENCE}<br>" * 3000,
    "many-spans": f"<p>{'<span>a</span>' * 20_000}</p>",
    "many-scripts": f"<p>{'<script>a</script>b' * 5000}</p>",
    "many-rows": f"<table>{'<tr><td>A<td>1%' * 2000}</table>",
    "many-articles": "<article><p>One</p></article>" * 1000,
    "frames": f"<iframe src='{ADDRESS}'></iframe><img src='{ADDRESS}'><object data='{ADDRESS}'></object>{SENTENCE}",
    "script": f"<script>document.write('{SENTENCE}')</script>",
    "huge-attribute": f"<p class='{'a' * 11_000_000}'>{SENTENCE}</p>",
    "other-elements": f"<x-y:z><a:b><c-d>{SENTENCE}</c-d>",
    "namespaces": f"<svg xmlns='urn:x'><text>{SENTENCE}</text></svg><math><mi>x</mi></math>",
    "no-words": "<img>",
    "comments": f"<!-- {SENTENCE} --!> <!doctype html><![CDATA[ {SENTENCE} ]]>",
}
CHARSETS = ("nonsense", "utf-16", "utf-7", "x-user-defined", "base64", "rot13", "idna", "punycode", "hex", "zip", "é")


def odd_pages() -> Iterator[tuple[str, Maker]]:
    """Names of HTML files, and what makes them."""
    for name, body in PAGES.items():
        yield name, partial(html, body)
    for span in SPANS:
        cells = f"<table><tr><td colspan='{span}' rowspan='{span}'>1%<td>2%<tr><td>3%</table>"
        yield f"spans-{span[:9]}", partial(html, cells)
    for charset in CHARSETS:
        yield f"charset-{charset!a}", partial(html, head=f"<meta charset='{charset}'>")
    yield "base-outside", lambda: html(head=f"<base href='{ADDRESS}'><link rel=stylesheet href='a.css'>")
    yield "no-elements", SENTENCE.encode
    yield "less-than", lambda: b"<" * 50_000 + SENTENCE.encode()
    yield "nulls", lambda: html().replace(b"43", b"4\x003")
    yield "nulls-late", lambda: html(f"<p>{SENTENCE}</p>" * 300) + b"\x00\x00<p>1%"
    yield "mark-of-another-encoding", lambda: b"\xff\xfe" + html()
    yield "utf-16", lambda: html().decode().encode("utf-16")
