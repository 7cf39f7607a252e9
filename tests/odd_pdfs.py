"""PDF files written by hand that no typesetter writes: lying numbers, loops, bombs, broken fonts and streams."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from io import BytesIO

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

Maker = Callable[[], bytes]
MEGABYTE = 1_000_000
SENTENCE = b"In 43 children, survival was 71.3% after two years (n = 31)."
LINES = b"BT /F1 10 Tf 72 700 Td 13 TL " + b"".join(b"(%s) ' " % SENTENCE for _ in range(20)) + b"ET"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 5 0 R %s /Resources << /Font << /F1 4 0 R >> %s >> >>"
A4 = b"[0 0 595 842]"
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def write_pdf(objects: Mapping[int, bytes], *, trailer: bytes = b"<< /Size %d /Root 1 0 R >>", shift: int = 0) -> bytes:
    """A file of numbered objects with its table of offsets, all of them off by `shift` bytes."""
    parts, offsets, length = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"], {}, 15
    for number, body in objects.items():
        offsets[number] = length + shift
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        length += len(parts[-1])
    size = max(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    parts += [
        b"%010d 00000 %s \n" % (max(offsets.get(n, 0), 0), b"n" if n in offsets else b"f") for n in range(1, size)
    ]
    parts.append(b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer.replace(b"%d", b"%d" % size), length + shift))
    return b"".join(parts)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream of these bytes as they are."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def flate(data: bytes, entries: bytes = b"/Filter /FlateDecode") -> bytes:
    """A stream of these bytes, compressed."""
    return stream(zlib.compress(data, 9), entries)


def page(
    contents: bytes = LINES,
    *,
    box: bytes = A4,
    entries: bytes = b"",
    resources: bytes = b"",
    font: bytes = HELVETICA,
    pages: bytes = b"/Kids [3 0 R] /Count 1",
    more: Mapping[int, bytes] | None = None,
    packed: bytes | None = None,
) -> bytes:
    """A file of one page; `packed` is its contents as a whole stream, `more` are further objects from 6 on."""
    return write_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages %s >>" % pages,
            3: _PAGE % (box, entries, resources),
            4: font,
            5: stream(contents) if packed is None else packed,
            **(more or {}),
        }
    )


def _forms(count: int, calls: Callable[[int], Sequence[int]]) -> bytes:
    """Drawings inside drawings: drawing n draws `calls(n)`; the last holds the text."""
    more = {}
    for number in range(count):
        inner = [each for each in calls(number) if each < count]
        names = b" ".join(b"/X%d %d 0 R" % (each, 10 + each) for each in sorted(set(inner)))
        body = b" ".join(b"/X%d Do" % each for each in inner) + (LINES if number == count - 1 else b"")
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
        resources = b" /Resources << /Font << /F1 4 0 R >> /XObject << %s >> >>" % names
        more[10 + number] = stream(body, entries + resources)
    return page(b"/X0 Do " + LINES, resources=b"/XObject << /X0 10 0 R >>", more=more)


def _grid(rows: int, columns: int, *, filled: bool) -> bytes:
    """A captioned table with a rule between all rows and columns."""
    wide, high = 500 / columns, 700 / rows
    parts = [b"BT /F1 9 Tf 50 780 Td (Table 1. Survival of 43 children.) Tj ET"]
    parts += [b"50 %.2f m 550 %.2f l S" % (50 + high * row, 50 + high * row) for row in range(rows + 1)]
    parts += [b"%.2f 50 m %.2f 750 l S" % (50 + wide * each, 50 + wide * each) for each in range(columns + 1)]
    if filled:
        parts += [
            b"BT /F1 %.2f Tf %.2f %.2f Td (%d) Tj ET" % (0.8 * high, 51 + wide * x, 52 + high * y, x * y % 100)
            for y in range(rows)
            for x in range(columns)
        ]
    return page(b"\n".join(parts))


def _scattered(count: int, content: Callable[[int], bytes]) -> bytes:
    """Text objects all over a page, two per number."""
    places = ((50 + 7919 * n % 500, 50 + 104_729 * n % 740) for n in range(count))
    return page(b"\n".join(b"BT /F1 9 Tf %d %d Td (%s) Tj ET" % (x, y, content(n)) for n, (x, y) in enumerate(places)))


def _drawn(count: int, operator: Callable[[int, int, int], bytes]) -> bytes:
    """Drawn objects all over a page, under running text and a caption."""
    places = ((20 + 7919 * n % 550, 20 + 104_729 * n % 790) for n in range(count))
    figure = b" BT /F1 9 Tf 72 400 Td (Figure 1. Survival of 43 children.) Tj ET "
    figure += b"BT /F1 9 Tf 72 300 Td (Table 1. Survival of 43 children.) Tj ET "
    return page(LINES + figure + b"\n".join(operator(n, x, y) for n, (x, y) in enumerate(places)))


def _to_unicode(cmap: bytes) -> bytes:
    """A page in a font whose signs mean what a map says."""
    return page(
        font=b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        more={6: stream(b"/CIDInit /ProcSet findresource begin begincmap " + cmap + b" endcmap end")},
    )


def _dense(characters: int = 200_000) -> bytes:
    """A page of 240 characters a line in type of one point."""
    lines = [f"{n * 7919 % 997} children and {SENTENCE.decode() * 4}"[:239] for n in range(characters // 240)]
    printed = b"".join(b"(%s) ' " % line.translate({40: 91, 41: 93}).encode() for line in lines)
    return page(b"BT /F1 1 Tf 20 830 Td %.3f TL %sET" % (810 / len(lines), printed))


def _many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(10, 10 + count))
    more = dict.fromkeys(range(10, 10 + count), _PAGE % (A4, b"", b""))
    short = b"BT /F1 10 Tf 72 700 Td (" + SENTENCE + b") Tj ET"
    return page(short, pages=b"/Kids [%s] /Count %d" % (kids, count), more=more)


def _encrypted(password: str = "secret") -> bytes:
    file = BytesIO()
    canvas = Canvas(file, invariant=True, encrypt=StandardEncryption(password, ownerPassword="owner", strength=128))
    canvas.drawString(72, 700, SENTENCE.decode())
    canvas.save()
    return file.getvalue()


def _bomb(unit: bytes, size: int, filters: int = 1) -> bytes:
    """A page whose contents are `size` bytes when they are inflated."""
    packer = zlib.compressobj(9)
    chunk = unit * (MEGABYTE // len(unit))
    data = b"".join(packer.compress(chunk) for _ in range(size // len(chunk))) + packer.flush()
    for _ in range(filters - 1):
        data = zlib.compress(data, 9)
    return page(packed=stream(data, b"/Filter [%s]" % (b"/FlateDecode " * filters)))


BOXES = {
    "huge": b"[0 0 1000000 1000000]",
    "infinite": b"[0 0 1e39 1e39]",
    "large-numbers": b"[0 0 99999999999999999999999999999999999999999 842]",
    "negative": b"[0 0 -595 -842]",
    "reversed": b"[595 842 0 0]",
    "far-away": b"[1000000 1000000 1000595 1000842]",
    "nan": b"[nan nan nan nan]",
    "nan-in-one": b"[0 0 595 NaN]",
    "empty": b"[]",
    "point": b"[0 0 0 0]",
    "line": b"[0 0 595 0]",
    "tiny": b"[0 0 0.0001 0.0001]",
    "words": b"[/a (b) true null]",
    "short": b"[0 0 595]",
    "no-array": b"(595 842)",
    "itself": b"3 0 R",
}
PAGES = {
    "none": b"/Kids [] /Count 0",
    "none-but-one-counted": b"/Kids [] /Count 1",
    "a-million-counted": b"/Kids [3 0 R] /Count 1000000",
    "two-billion-counted": b"/Kids [3 0 R] /Count 2147483647",
    "fewer-than-none": b"/Kids [3 0 R] /Count -1",
    "no-count": b"/Kids [3 0 R]",
    "count-of-words": b"/Kids [3 0 R] /Count (one)",
    "own-kid": b"/Kids [2 0 R] /Count 1",
    "own-kid-and-a-page": b"/Kids [2 0 R 3 0 R 2 0 R] /Count 3",
    "same-page-often": b"/Kids [" + b"3 0 R " * 100 + b"] /Count 100",
    "missing-kid": b"/Kids [99 0 R 3 0 R] /Count 2",
    "kids-of-other-kinds": b"/Kids [4 0 R 5 0 R 1 0 R null (a) 3] /Count 6",
    "no-kids": b"/Count 1",
    "kids-are-a-page": b"/Kids 3 0 R /Count 1",
}
CONTENTS = {
    "nothing": b"",
    "no-text": b"0 0 100 100 re f",
    "unknown-operators": b" ".join(b"%c%c %d" % (97 + n % 26, 65 + n % 26, n) for n in range(2000)) + b" " + LINES,
    "bytes": bytes(range(256)) * 40 + LINES,
    "no-font": LINES.replace(b"/F1 10 Tf", b""),
    "unknown-font": LINES.replace(b"/F1", b"/F9"),
    "size-0": LINES.replace(b"10 Tf", b"0 Tf"),
    "size-negative": LINES.replace(b"10 Tf", b"-10 Tf"),
    "size-huge": LINES.replace(b"10 Tf", b"1e9 Tf"),
    "size-tiny": LINES.replace(b"10 Tf", b"1e-9 Tf"),
    "size-nan": LINES.replace(b"10 Tf", b"nan Tf"),
    "singular-matrix": b"0 0 0 0 0 0 cm " + LINES,
    "flat-matrix": b"1 0 0 0 0 0 cm " + LINES,
    "huge-matrix": b"1e30 0 0 1e30 0 0 cm " + LINES,
    "overflowing-matrix": b"1e30 0 0 1e30 0 0 cm 1e30 0 0 1e30 0 0 cm " + LINES,
    "skewed-matrix": b"1 1 -1 1 0 0 cm " + LINES,
    "spaced": LINES.replace(b"13 TL", b"1e9 Tc -1e9 Tw 13 TL"),
    "scaled": LINES.replace(b"13 TL", b"0 Tz 13 TL"),
    "rise": LINES.replace(b"13 TL", b"1e8 Ts 13 TL"),
    "off-the-page": LINES.replace(b"72 700", b"72000 -70000"),
    "all-in-one-place": LINES.replace(b"13 TL", b"0 TL") * 20,
    "open-string": LINES + b" BT /F1 9 Tf (never closed \\",
    "open-hex": LINES + b" BT /F1 9 Tf <41424",
    "open-arrays": LINES + b"[" * 100_000,
    "open-dictionaries": LINES + b"<< /a " * 100_000,
    "saved-states": b"q " * 100_000 + LINES,
    "restored-states": b"Q " * 100_000 + LINES,
    "text-in-text": b"BT " * 5000 + LINES,
    "marked": b"/P << /MCID 0 >> BDC " * 1000 + LINES,
    "numbers-alone": b"BT /F1 10 Tf 20 800 Td 13 TL " + b"".join(b"(%d) ' " % n for n in range(1, 50)) + b"ET",
    "cut-image": LINES + b" BI /W 100000 /H 100000 /BPC 8 /CS /RGB ID abc",
    "clips": b"0 0 1 1 re W n " * 5000 + LINES,
    "surrogates": LINES.replace(b"Td", b"Td /Span << /ActualText <FEFFD800> >> BDC", 1),
    "one-letter": b"BT /F1 10 Tf 72 700 Td (a) Tj ET",
    "spaces": b"BT /F1 10 Tf 72 700 Td (          ) Tj ET",
    "long-string": b"BT /F1 0.01 Tf 72 700 Td (" + SENTENCE * 2000 + b") Tj ET",
}
_TYPE_1 = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
_TYPE_3 = b"<< /Type /Font /Subtype /Type3 /FirstChar 32 /LastChar 33 /Encoding << /Differences [32 /a] >> "
_TRUE_TYPE = b"<< /Type /Font /Subtype /TrueType /BaseFont /Arial "
_COMPOSITE = b"<< /Type /Font /Subtype /Type0 /BaseFont /H /Encoding /Identity-H "
FONTS = {
    "none": b"null",
    "itself": b"4 0 R",
    "no-name": b"<< /Type /Font /Subtype /Type1 >>",
    "name-of-bytes": b"<< /Type /Font /Subtype /Type1 /BaseFont /#ff#fe#00#01#80 >>",
    "long-name": b"<< /Type /Font /Subtype /Type1 /BaseFont /" + b"A" * 100_000 + b" >>",
    "other-kind": b"<< /Type /Font /Subtype /Type9 /BaseFont /Helvetica >>",
    "composite-without-parts": _COMPOSITE + b">>",
    "composite-of-itself": _COMPOSITE + b"/DescendantFonts [4 0 R] >>",
    "widths": _TRUE_TYPE + b"/FirstChar 255 /LastChar 0 /Widths [1e30 -1e30 nan] >>",
    "widths-huge": _TRUE_TYPE + b"/FirstChar 0 /LastChar 255 /Widths [" + b"3e38 " * 256 + b"] >>",
    "widths-lost": _TRUE_TYPE + b"/FirstChar -99999 /LastChar 99999999 /Widths [1] >>",
    "no-height": _TRUE_TYPE + b"/FontDescriptor << /FontName /Arial /Ascent 0 /Descent 0 /FontBBox [0 0 9 0] >> >>",
    "differences": _TYPE_1 + b"/Encoding << /Differences [-5 /a 999999 /b (c) 40 /uniD800 /g9999999 /.notdef] >> >>",
    "glyphs-of-themselves": _TYPE_3 + b"/FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /Widths [1 1] "
    b"/CharProcs << /a 5 0 R >> /Resources << /Font << /F1 4 0 R >> >> >>",
    "glyphs-of-no-size": _TYPE_3 + b"/FontBBox [0 0 0 0] /FontMatrix [0 0 0 0 0 0] /CharProcs << /a 6 0 R >> >>",
    "file-of-noise": _TRUE_TYPE + b"/FontDescriptor << /Type /FontDescriptor /FontName /Arial /Flags 4 /Ascent nan "
    b"/Descent 1e38 /FontBBox [0 0 0 0] /FontFile2 5 0 R >> >>",
}
MAPS = {
    "noise": bytes(range(256)) * 20,
    "surrogates": b"1 beginbfrange <20> <7e> <D800> endbfrange",
    "pair-cut": b"1 beginbfrange <20> <7e> <DC00D800> endbfrange",
    "nothing": b"1 beginbfrange <20> <7e> <0000> endbfrange",
    "controls": b"1 beginbfrange <20> <3f> <0000> <40> <7e> <0001> endbfrange",
    "line-ends": b"1 beginbfrange <20> <7e> [<000A> <000D> <2028> <0085>] endbfrange",
    "noncharacters": b"1 beginbfrange <20> <7e> <FFFE> endbfrange",
    "marks": b"1 beginbfrange <20> <7e> <0300> endbfrange",
    "right-to-left": b"1 beginbfrange <20> <7e> <05D0> endbfrange",
    "spaces": b"1 beginbfrange <20> <7e> <2000> endbfrange",
    "hyphens": b"1 beginbfrange <20> <7e> <00AD> endbfrange",
    "long": b"1 beginbfrange <20> <7e> <" + b"0041" * 500 + b"> endbfrange",
    "many": b"1 beginbfrange <0000> <FFFF> <0041> endbfrange " * 500,
    "reversed": b"1 beginbfrange <7e> <20> <0041> endbfrange",
    "private": b"1 beginbfrange <20> <7e> <E000> endbfrange",
}
STREAMS = {
    "wrong-filter": stream(LINES, b"/Filter /FlateDecode"),
    "unknown-filter": stream(LINES, b"/Filter /Nonsense"),
    "image-filter": stream(LINES, b"/Filter /DCTDecode"),
    "fax-filter": stream(LINES, b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 999999999 /Rows 999999999 >>"),
    "lzw": stream(LINES, b"/Filter /LZWDecode"),
    "hex": stream(LINES, b"/Filter /ASCIIHexDecode"),
    "base-85": stream(LINES, b"/Filter /ASCII85Decode"),
    "run-lengths": stream(LINES, b"/Filter /RunLengthDecode"),
    "a-hundred-filters": stream(LINES, b"/Filter [" + b"/FlateDecode " * 100 + b"]"),
    "filter-of-itself": stream(LINES, b"/Filter 5 0 R"),
    "cut": flate(LINES)[:150] + b"\nendstream",
    "predictor": flate(LINES, b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 99 >>"),
    "negative-predictor": flate(LINES, b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns -1 /Colors 0 >>"),
    "length-of-itself": b"<< /Length 5 0 R >>\nstream\n" + LINES + b"\nendstream",
    "negative-length": b"<< /Length -1 >>\nstream\n" + LINES + b"\nendstream",
    "long-length": b"<< /Length 99999999999 >>\nstream\n" + LINES + b"\nendstream",
    "no-end": b"<< /Length 50 >>\nstream\n" + LINES,
    "array-of-itself": b"[5 0 R 5 0 R]",
    "no-stream": b"<< /Length 0 >>",
}
TRAILERS = {
    "none": b"",
    "empty": b"<< >>",
    "root-missing": b"<< /Size %d /Root 99 0 R >>",
    "root-is-a-page": b"<< /Size %d /Root 3 0 R >>",
    "negative-size": b"<< /Size -1 /Root 1 0 R >>",
    "huge-size": b"<< /Size 2147483647 /Root 1 0 R >>",
    "before-itself": b"<< /Size %d /Root 1 0 R /Prev 100 >>",
    "before-the-file": b"<< /Size %d /Root 1 0 R /Prev -5 >>",
    "encrypted-by-noise": b"<< /Size %d /Root 1 0 R /Encrypt << /Filter /Standard /V 5 /R 6 /O (a) /U (b) /P 1 >> >>",
    "encrypted-by-others": b"<< /Size %d /Root 1 0 R /Encrypt << /Filter /Nobody /V 9 >> >>",
    "encrypted-by-itself": b"<< /Size %d /Root 1 0 R /Encrypt 1 0 R >>",
}
_OBJECTS = {
    1: b"<< /Type /Catalog /Pages 2 0 R >>",
    2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    3: _PAGE % (A4, b"", b""),
    4: HELVETICA,
    5: stream(LINES),
}


def _moved_table(shift: int) -> bytes:
    return write_pdf(_OBJECTS, shift=shift)


def odd_pdfs() -> Iterator[tuple[str, Maker]]:
    """Names, and what makes the file."""
    for name, box in BOXES.items():
        yield f"box-{name}", partial(page, box=box)
    for name, box in (("outside", b"[900 900 1000 1000]"), ("nan", b"[nan nan nan nan]"), ("point", b"[9 9 9 9]")):
        yield f"crop-{name}", partial(page, entries=b"/CropBox " + box)
    for turn in (b"45", b"-90", b"99999999990", b"nan", b"/a"):
        yield f"turned-{turn.decode()}", partial(page, entries=b"/Rotate " + turn)
    for unit in (b"0", b"-1", b"1e30"):
        yield f"unit-{unit.decode()}", partial(page, entries=b"/UserUnit " + unit)
    for name, pages in PAGES.items():
        yield f"pages-{name}", partial(page, pages=pages)
    for name, contents in CONTENTS.items():
        yield f"contents-{name}", partial(page, contents)
    for name, font in FONTS.items():
        yield f"font-{name}", partial(page, font=font)
    for name, cmap in MAPS.items():
        yield f"map-{name}", partial(_to_unicode, cmap)
    for name, packed in STREAMS.items():
        yield f"stream-{name}", partial(page, packed=packed)
    for name, trailer in TRAILERS.items():
        yield f"trailer-{name}", partial(write_pdf, _OBJECTS, trailer=trailer)
    for shift in (-100_000, -7, 1, 10_000_000):
        yield f"offsets-{shift}", partial(_moved_table, shift)
    yield "header-and-words", lambda: b"%PDF-1.7\n" + SENTENCE * 100
    yield "header-late", lambda: b"\n" * 900 + page()
    yield "header-too-late", lambda: b"\n" * 90_000 + page()
    yield "no-end-of-objects", lambda: page().replace(b"endobj", b"")
    yield "no-end-of-streams", lambda: page().replace(b"endstream", b"")
    yield "two-files", lambda: page() + page()
    raised = b"".join(b"BT /F1 10 Tf %d %d Td (\\262) Tj ET " % (72 + y % 90, y) for y in range(60, 800, 37))
    yield "raised-figures-alone", partial(page, raised, font=_TYPE_1 + b"/Encoding /WinAnsiEncoding >>")
    for scale in (b"0.01", b"0.003", b"0.0001"):
        small = b"%s 0 0 %s 300 400 cm " % (scale, scale)
        yield f"scaled-by-{scale.decode()}", partial(with_contents, partial(bytes.__add__, small))
    yield "encrypted", _encrypted
    yield "form-in-itself", partial(_forms, 1, lambda n: [n, n])
    yield "forms-in-each-other", partial(_forms, 2, lambda n: [1 - n])
    yield "forms-a-thousand-deep", partial(_forms, 1000, lambda n: [n + 1])
    yield "forms-in-forms-by-three", partial(_forms, 6, lambda n: [n + 1] * 3)


def large_pdfs() -> Iterator[tuple[str, Maker]]:
    """The same for files that take a while."""
    yield "bomb-of-spaces", partial(_bomb, b" " * 1000, 300 * MEGABYTE)
    yield "bomb-in-a-bomb", partial(_bomb, b" " * 1000, 300 * MEGABYTE, 2)
    yield "bomb-of-paths", partial(_bomb, b"0 0 m 9 9 l S\n", 10 * MEGABYTE)
    yield "bomb-of-words", partial(_bomb, b"BT /F1 9 Tf 50 50 Td (Survival) Tj ET\n", 10 * MEGABYTE)
    yield "pages-1500", partial(_many_pages, 1500)
    yield "letters-200000", _dense
    yield "rules-50000", partial(_drawn, 50_000, lambda n, x, y: b"%d %d m %d %d l S" % (x, y, x + 9 + n % 99, y))
    yield "areas-50000", partial(_drawn, 50_000, lambda n, x, y: b"%d %d %d 4 re f" % (x, y, 4 + n % 5))
    yield "rows-of-areas-20000", partial(_drawn, 20_000, lambda n, x, y: b"20 %d.%02d 500 5 re f" % (y, n % 100))
    yield "grid-300", partial(_grid, 300, 300, filled=False)
    yield "grid-filled-100", partial(_grid, 100, 100, filled=True)
    yield "captions-1000", partial(_scattered, 1000, lambda n: b"Table %d. Survival" % (n % 90))
    yield "words-10000", partial(_scattered, 10_000, lambda n: b"%d" % (n % 97))
    yield "letters-apart-10000", partial(_scattered, 10_000, lambda n: b"%c" % (97 + n % 26))


def crashing_pdfs() -> Iterator[tuple[str, Maker]]:
    """Files on which PDFium takes all memory that it gets, and gives up."""
    yield "marks-20000", lambda: page(b"/P << /MCID 0 >> BDC " * 20_000 + LINES)
    yield "forms-in-forms-by-ten", partial(_forms, 9, lambda n: [n + 1] * 10)


def sound_pdfs() -> tuple[bytes, ...]:
    """Whole files, to be damaged."""
    return page(), _grid(6, 4, filled=True), _forms(3, lambda n: [n + 1])


def with_contents(damage: Callable[[bytes], bytes]) -> bytes:
    """A sound file whose page has damaged contents."""
    rules = b" ".join(b"50 %d m 500 %d l S" % (y, y) for y in (300, 330, 390))
    caption = b" BT /F1 9 Tf 50 400 Td (Table 1. Survival of 43 children.) Tj ET "
    cells = [(x, y) for y in (380, 320, 305) for x in (50, 250, 400)]
    table = b" ".join(b"BT /F1 9 Tf 1 0 0 1 %d %d Tm (%d.5%%) Tj ET" % (x, y, x) for x, y in cells)
    return page(damage(b" ".join((LINES, rules, caption, table))))


def with_map(damage: Callable[[bytes], bytes]) -> bytes:
    """A sound file whose font has a damaged map to characters."""
    return _to_unicode(damage(b"2 beginbfrange <20> <40> <0020> <41> <7e> [<0041> <D835DFD2> <D800>] endbfrange"))
