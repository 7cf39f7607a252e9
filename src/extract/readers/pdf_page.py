"""One page of a PDF: characters with their boxes, drawn lines and pictures, from PDFium in bulk.

PDFium's functions are called through plain function pointers that `map` drives over whole pages; the usual call, which
converts every argument in Python, costs ten times as much. PDFium is not thread-safe: one process reads one file.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from extract.patterns import lazy_regex

Boxes = NDArray[np.float32]  # shape (n, 4): x0, top, x1, bottom in points, origin top left

RULE = 2.5  # points: a drawn shape that is thinner is a line
MIN_RULE = 6.0  # points: shorter lines are ticks and parts of signs
MAX_OBJECTS = 50_000  # drawn objects looked at on one page; maps and plots have more, tables never
MAX_SEGMENTS = 400  # of one path; curves of plots have more
MAX_DEPTH = 4  # of drawings inside drawings
FAR = 1e6  # points: what a damaged file puts farther away, or nowhere at all, stands here
_INFO = 64  # bytes of a font's name


class Font(NamedTuple):
    """A font as the page names it."""

    name: str
    weight: int

    @property
    def family(self) -> str:
        """The name without its cut."""
        return self.name.split("-", 1)[0].split(",", 1)[0]

    @property
    def bold(self) -> bool:
        """Whether it is a bold cut, by its name or weight."""
        name = self.name.lower()
        return self.weight >= 600 or any(cut in name for cut in ("bold", "black", "heavy", "semibold", "-bd", "demi"))

    @property
    def italic(self) -> bool:
        """Whether it is slanted, by its name."""
        name = self.name.lower()
        return "ital" in name or "oblique" in name or name.endswith(("-it", "boldit", "slanted"))


@dataclass(slots=True)
class PageContent:
    """What stands on a page as it is shown; `text` and `boxes` have one entry a character, in the order of the file."""

    number: int
    width: float
    height: float
    text: str
    boxes: Boxes
    rules: Boxes  # drawn lines, thin filled rectangles and the edges of drawn rectangles
    shades: Boxes  # filled or drawn areas
    pictures: Boxes
    fonts: dict[int, Font]  # by the index of the character that was asked


def _pointer(function: Any, *arguments: Any, result: Any = ctypes.c_int) -> Any:
    """A function of PDFium that takes plain addresses and numbers."""
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_P, _I = ctypes.c_void_p, ctypes.c_int
_loose_box = _pointer(pdfium.FPDFText_GetLooseCharBox, _P, _I, _P)
_char_box = _pointer(pdfium.FPDFText_GetCharBox, _P, _I, _P, _P, _P, _P)
_unicode = _pointer(pdfium.FPDFText_GetUnicode, _P, _I, result=ctypes.c_uint)
_font_info = _pointer(pdfium.FPDFText_GetFontInfo, _P, _I, _P, ctypes.c_ulong, _P, result=ctypes.c_ulong)
_font_weight = _pointer(pdfium.FPDFText_GetFontWeight, _P, _I)
_object = _pointer(pdfium.FPDFPage_GetObject, _P, _I, result=_P)
_inner_object = _pointer(pdfium.FPDFFormObj_GetObject, _P, ctypes.c_ulong, result=_P)
_object_type = _pointer(pdfium.FPDFPageObj_GetType, _P)
_bounds = _pointer(pdfium.FPDFPageObj_GetBounds, _P, _P, _P, _P, _P)
_matrix = _pointer(pdfium.FPDFPageObj_GetMatrix, _P, _P)
_segment = _pointer(pdfium.FPDFPath_GetPathSegment, _P, _I, result=_P)
_point = _pointer(pdfium.FPDFPathSegment_GetPoint, _P, _P, _P)
_segment_type = _pointer(pdfium.FPDFPathSegment_GetType, _P)


def read_page(page: Any, number: int) -> PageContent:
    """The content of a loaded page (a `pypdfium2.PdfPage`)."""
    width, height = page.get_size()
    turn = _to_shown(page.raw, width, height)
    textpage = page.get_textpage()
    try:
        handle = ctypes.cast(textpage.raw, _P).value
        text, boxes = _characters(textpage, handle, turn)
        starts, ends = line_ends(text, boxes)
        fonts = {index: _font(handle, index) for index in {*starts, *ends}}
    finally:
        textpage.close()
    text, boxes, fonts = _paired(text, boxes, fonts)
    rules, shades, pictures = _drawings(page.raw, turn)
    return PageContent(number, width, height, text, boxes, rules, shades, pictures, fonts)


class _Affine(NamedTuple):
    """x' = a x + c y + e, y' = b x + d y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def boxes(self, points: NDArray[np.float64]) -> Boxes:
        """Boxes (left, first edge, right, second edge) moved, with their corners in order again."""
        points = np.clip(np.nan_to_num(points), -FAR, FAR)
        x = np.stack([self.a * points[:, i] + self.c * points[:, j] + self.e for i, j in ((0, 1), (2, 3))])
        y = np.stack([self.b * points[:, i] + self.d * points[:, j] + self.f for i, j in ((0, 1), (2, 3))])
        moved: Boxes = np.stack([x.min(0), y.min(0), x.max(0), y.max(0)], axis=1).astype(np.float32)
        return moved

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """One box moved, with its corners in order again."""
        xs = _near(self.a * left + self.c * bottom + self.e), _near(self.a * right + self.c * top + self.e)
        ys = _near(self.b * left + self.d * bottom + self.f), _near(self.b * right + self.d * top + self.f)
        return min(xs), min(ys), max(xs), max(ys)

    def after(self, inner: _Affine) -> _Affine:
        """First `inner`, then this."""
        a, b, c, d, e, f = self
        return _Affine(
            a * inner.a + c * inner.b,
            b * inner.a + d * inner.b,
            a * inner.c + c * inner.d,
            b * inner.c + d * inner.d,
            a * inner.e + c * inner.f + e,
            b * inner.e + d * inner.f + f,
        )


def _near(place: float) -> float:
    """A place that is a number and no farther than `FAR`."""
    return min(max(-FAR, place), FAR)  # in this order also for what is no number


def _to_shown(page: Any, width: float, height: float) -> _Affine:
    """From the coordinates of the file to the page as it is shown: rotation, crop box, origin at the top left."""
    scale = 1000  # device units a point
    x, y = ctypes.c_int(), ctypes.c_int()

    def shown(px: float, py: float) -> tuple[float, float]:
        size = (int(width * scale), int(height * scale))
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, px, py, ctypes.byref(x), ctypes.byref(y))
        return x.value / scale, y.value / scale

    (ox, oy), (ux, uy), (vx, vy) = shown(0, 0), shown(1000, 0), shown(0, 1000)
    return _Affine((ux - ox) / 1000, (uy - oy) / 1000, (vx - ox) / 1000, (vy - oy) / 1000, ox, oy)


def _characters(textpage: Any, handle: int | None, turn: _Affine) -> tuple[str, Boxes]:
    """The characters of a page and their boxes, which have no size where PDFium added a space or a line end."""
    count = max(pdfium.FPDFText_CountChars(textpage.raw), 0)
    if not count:
        return "", np.zeros((0, 4), np.float32)
    text = textpage.get_text_range()
    if len(text) != count:  # characters beyond the first plane, or none for a glyph
        text = "".join(
            chr(code) if 0 < code < 0x110000 else "\ufffd" for code in map(_unicode, repeat(handle), range(count))
        )
    if _UNMAPPED.search(text):
        text = _UNMAPPED.sub(lambda match: _meaning(handle, match), text)
    raw = np.zeros((count, 4), np.float32)  # left, top, right, bottom of FS_RECTF
    address = raw.ctypes.data
    deque(map(_loose_box, repeat(handle), range(count), range(address, address + 16 * count, 16)), maxlen=0)
    boxes = turn.boxes(raw.astype(np.float64))
    return _with_accents(text, boxes) if _ACCENT.search(text) else text, boxes


# What a font gives no meaning to: control characters, and the private codes of the Symbol font.
_UNMAPPED = lazy_regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\uf020-\uf0fe]")
_SYMBOLS = dict(zip("+-<=>abcegmDSW", "+−<=>αβχεγµΔΣΩ", strict=True)) | {
    "\xa3": "≤",
    "\xb3": "≥",
    "\xb1": "±",
    "\xb4": "×",
    "\xb0": "°",
    "\xb7": "•",
    "\xb9": "≠",
    "\xbb": "≈",
    "\xa2": "'",
    "\xa5": "∞",
    "\xae": "→",
}
FLAT = 2.5  # times as wide as high: a sign of this shape is a minus


def _meaning(handle: int | None, match: re.Match[str]) -> str:
    """The character that a sign without meaning is: by its place in the Symbol font, or a minus by its flat shape."""
    code = ord(match[0])
    if code >= 0xF000:
        return _SYMBOLS.get(chr(code - 0xF000), match[0])
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    addresses = map(ctypes.addressof, (left, right, bottom, top))
    if not _char_box(handle, match.start(), *addresses):
        return match[0]
    width, height = right.value - left.value, top.value - bottom.value
    if width <= 0 or height < 0:
        return match[0]
    return "\u2212" if width > FLAT * height else "\ufffd"


# Accents that stand as characters of their own over the letter after them.
_ACCENTS = dict(
    zip("´`¨ˆ˜ˇ˘˚˙˝¸˛¯", "\u0301\u0300\u0308\u0302\u0303\u030c\u0306\u030a\u0307\u030b\u0327\u0328\u0304", strict=True)
)
_ACCENT = lazy_regex(f"(?P<space> ?)(?P<accent>[{''.join(_ACCENTS)}])(?P<letter>[^\\W\\d_])")
DROPPED = "\x00"  # stands for a character that is part of another


def _with_accents(text: str, boxes: Boxes) -> str:
    """The text with accents put on the letters that they are printed over."""
    parts: list[str] = []
    reached = 0
    for match in _ACCENT.finditer(text):
        accent, letter = boxes[match.start("accent")], boxes[match.start("letter")]
        over = min(accent[2], letter[2]) - max(accent[0], letter[0])
        composed = unicodedata.normalize("NFC", match["letter"] + _ACCENTS[match["accent"]])
        if over > 0.3 * (accent[2] - accent[0]) and len(composed) == 1:
            added = match["space"] and boxes[match.start()][0] >= boxes[match.start()][2]  # a space that is not printed
            space = DROPPED if added and match.start() and text[match.start() - 1].isalpha() else match["space"]
            parts += [text[reached : match.start()], space, DROPPED, composed]
            reached = match.end()
    return "".join([*parts, text[reached:]])


def _paired(text: str, boxes: Boxes, fonts: dict[int, Font]) -> tuple[str, Boxes, dict[int, Font]]:
    """The same with one entry for each character beyond the first plane, for which PDFium has two halves.

    A half without its other half has no meaning.
    """
    if not _HALF.search(text):
        return text, boxes, fonts
    kept = np.ones(len(text), np.bool_)
    kept[[match.start() + 1 for match in _PAIR.finditer(text)]] = False
    places = np.cumsum(kept) - 1
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole, boxes[kept], {int(places[index]): font for index, font in fonts.items()}


_HALF = lazy_regex("[\ud800-\udfff]")
_PAIR = lazy_regex("[\ud800-\udbff][\udc00-\udfff]")
_BREAKS = np.array([10, 13, 0xFFFE], np.uint32)


def line_ends(text: str, boxes: Boxes) -> tuple[list[int], list[int]]:
    """Indices of the first and of the last drawn characters of the lines that PDFium sees."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    drawn = np.flatnonzero((codes > 32) & (boxes[:, 2] > boxes[:, 0]))
    if not len(drawn):
        return [], []
    breaks = np.flatnonzero(np.isin(codes, _BREAKS))
    after = np.searchsorted(drawn, np.concatenate([[0], breaks + 1]))
    before = np.searchsorted(drawn, np.concatenate([breaks, [len(codes)]])) - 1
    filled = after <= before
    return drawn[after[filled]].tolist(), drawn[before[filled]].tolist()


def _font(handle: int | None, index: int) -> Font:
    buffer = ctypes.create_string_buffer(_INFO)
    flags = ctypes.c_int()
    _font_info(handle, index, ctypes.addressof(buffer), _INFO, ctypes.addressof(flags))
    return _named(buffer.value, _font_weight(handle, index))


@lru_cache(maxsize=1000)
def _named(name: bytes, weight: int) -> Font:
    """The font of a name in the file, one object for all its places."""
    return Font(name.decode("latin-1").split("+", 1)[-1], weight)


def _drawings(page: Any, turn: _Affine) -> tuple[Boxes, Boxes, Boxes]:
    """Lines, areas and pictures of a page."""
    rules: list[tuple[float, float, float, float]] = []
    shades: list[tuple[float, float, float, float]] = []
    pictures: list[tuple[float, float, float, float]] = []
    for kind, handle, place in _objects(page, turn):
        box = _box_of(handle)
        if box is None:
            continue
        shown = place.box(*box)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures.append(shown)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            _add_path(handle, shown, place, rules, shades)
        elif kind == pdfium.FPDF_PAGEOBJ_SHADING:
            shades.append(shown)
    return _array(rules), _array(shades), _array(pictures)


def _objects(page: Any, turn: _Affine) -> Iterator[tuple[int, int, _Affine]]:
    """The drawn objects of a page with their kind and the way to the page, those inside drawings with them."""
    handle = ctypes.cast(page, _P).value
    count = min(pdfium.FPDFPage_CountObjects(page), MAX_OBJECTS)
    stack = [(each, turn, 0) for each in map(_object, repeat(handle), range(count)) if each]
    stack.reverse()
    seen = 0
    while stack and seen < MAX_OBJECTS:
        each, place, depth = stack.pop()
        seen += 1
        kind = _object_type(each)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            if kind != pdfium.FPDF_PAGEOBJ_TEXT:
                yield kind, each, place
            continue
        if depth >= MAX_DEPTH:
            continue
        raw = (ctypes.c_float * 6)()
        inner = place
        if _matrix(each, ctypes.addressof(raw)):
            inner = place.after(_Affine(*raw))
        form = ctypes.cast(each, pdfium.FPDF_PAGEOBJECT)
        size = max(min(pdfium.FPDFFormObj_CountObjects(form), MAX_OBJECTS), 0)
        stack += [
            (part, inner, depth + 1) for part in map(_inner_object, repeat(each), range(size - 1, -1, -1)) if part
        ]


def _box_of(handle: int) -> tuple[float, float, float, float] | None:
    raw = (ctypes.c_float * 4)()
    base = ctypes.addressof(raw)
    return tuple(raw) if _bounds(handle, base, base + 4, base + 8, base + 12) else None


def _add_path(
    handle: int,
    shown: tuple[float, float, float, float],
    place: _Affine,
    rules: list[tuple[float, float, float, float]],
    shades: list[tuple[float, float, float, float]],
) -> None:
    """A path as a line where it is thin, else as an area with the lines that it is drawn of."""
    x0, top, x1, bottom = shown
    if min(x1 - x0, bottom - top) <= RULE:
        if max(x1 - x0, bottom - top) >= MIN_RULE:
            rules.append((x0, top, x1, bottom))
        return
    shades.append((x0, top, x1, bottom))
    path = ctypes.cast(handle, pdfium.FPDF_PAGEOBJECT)
    count = pdfium.FPDFPath_CountSegments(path)
    if not 2 <= count <= MAX_SEGMENTS:
        return
    own = (ctypes.c_float * 6)()  # its points are in a frame of its own
    if _matrix(handle, ctypes.addressof(own)):
        place = place.after(_Affine(*own))
    points: list[tuple[float, float]] = []
    raw = (ctypes.c_float * 2)()
    base = ctypes.addressof(raw)
    last = start = (0.0, 0.0)
    for index in range(count):
        segment = _segment(handle, index)
        kind = _segment_type(segment)
        if not _point(segment, base, base + 4):
            continue
        here = (float(raw[0]), float(raw[1]))
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = here
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            points += [last, here]
        else:
            return  # a curve: no table
        last = here
        if pdfium.FPDFPathSegment_GetClose(ctypes.cast(segment, pdfium.FPDF_PATHSEGMENT)):
            points += [last, start]
            last = start
    if points:
        for first, second in zip(points[::2], points[1::2], strict=True):
            line = place.box(*first, *second)
            wide, high = line[2] - line[0], line[3] - line[1]
            if min(wide, high) <= RULE and max(wide, high) >= MIN_RULE:
                rules.append(line)


def _array(boxes: list[tuple[float, float, float, float]]) -> Boxes:
    return np.array(boxes, np.float32).reshape(-1, 4)
