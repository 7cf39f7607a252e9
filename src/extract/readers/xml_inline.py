"""The words of an element: raised and lowered characters, citations, formulae and links as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from extract.lexicons import load
from extract.patterns import lazy_regex, regex
from extract.readers.normalise import lowered, raised
from extract.readers.xml_math import math_text, tex_text

if TYPE_CHECKING:
    from lxml.etree import _Element

Script = Callable[[str], str]
HREF = "{http://www.w3.org/1999/xlink}href"
_BREAKS = lazy_regex(r"[ \t]*[\r\n\t][ \t\r\n]*|  +")
_NUMBERS = lazy_regex(r"\s*\d{1,3}[a-z]?(?:\s?[,;–-]\s?\d{1,3}[a-z]?)*\s*")
_BETWEEN = lazy_regex(r"[\s,;–-]*")
_ORDINAL = lazy_regex(r"\s*(?:st|nd|rd|th)\s*")
_RAISED_END = lazy_regex(r"[⁰¹²³⁴-⁹]$")
_OPENED = lazy_regex(r"[(\[][^)\]]*$")
MAX_MARK = 4  # characters of a footnote mark
MAX_RAISED = 40  # characters: more are words, not an exponent or a mark
LOOK_BACK = 80  # characters in which the bracket around a citation opens


def collapse(text: str) -> str:
    """`text` with each line end, tab and run of spaces as one space, and none around it."""
    return (_BREAKS.sub(" ", text) if "\n" in text or "  " in text or "\t" in text else text).strip()


class InlineText:
    """Reads the words of elements; what floats inside them is set aside.

    `floats` collects tables, figures, boxes and notes that stand inside what was read, `named` the ids of those that it
    refers to.
    """

    FLOATS: ClassVar[frozenset[str]] = frozenset()
    SKIPPED: ClassVar[frozenset[str]] = frozenset()
    SPACED: ClassVar[frozenset[str]] = frozenset()
    """Elements that stand apart from the words around them."""
    SPECIAL: ClassVar[dict[str, str]] = {}
    """The method that reads an element, by its tag."""

    def __init__(self) -> None:
        self.floats: list[_Element] = []
        self.named: list[str] = []
        self._raised_citation: _Element | None = None
        self._around: tuple[_Element | None, str] = (None, "")  # the element of the last link, with its words

    def read(self, element: _Element) -> str:
        """The words of an element."""
        if len(element) == 0:
            return collapse(element.text or "")
        parts: list[str] = []
        self._walk(element, parts, None)
        return collapse("".join(parts))

    def read_all(self, head: str, elements: list[_Element]) -> str:
        """The words of a text and of elements that follow one another in one block."""
        parts = [head]
        for element in elements:
            self._child(element, parts, None)
            parts.append(element.tail or "")
        return collapse("".join(parts))

    def _walk(self, element: _Element, parts: list[str], script: Script | None) -> None:
        """Append the words inside an element to `parts`, raised or lowered by `script`."""
        if element.text:
            parts.append(script(element.text) if script else element.text)
        for child in element:
            self._child(child, parts, script)
            if child.tail:
                parts.append(script(child.tail) if script else child.tail)

    def _child(self, child: _Element, parts: list[str], script: Script | None) -> None:
        tag = child.tag
        if tag in self.SPECIAL:
            getattr(self, self.SPECIAL[tag])(child, parts, script)
        elif tag in self.FLOATS:
            self.floats.append(child)
        elif tag in self.SPACED:
            parts.append(" ")
            self._walk(child, parts, script)
            parts.append(" ")
        elif tag not in self.SKIPPED:
            self._walk(child, parts, script)

    def _plain(self, element: _Element) -> str:
        """The words inside an element with nothing in them raised by itself."""
        parts: list[str] = []
        self._walk(element, parts, str)
        return "".join(parts)

    def _space(self, element: _Element, parts: list[str], script: Script | None) -> None:
        parts.append(" ")

    def _superscript(self, element: _Element, parts: list[str], script: Script | None) -> None:
        if script is not None:  # raised already
            self._walk(element, parts, script)
            return
        text = self._plain(element)
        if self._cites(element):
            self._raise_citation(text, parts)
        elif len(text) > MAX_RAISED or (_ORDINAL.fullmatch(text) and last(parts).isdigit()):
            parts.append(text)
        else:
            parts.append(raised(text))

    def _subscript(self, element: _Element, parts: list[str], script: Script | None) -> None:
        self._walk(element, parts, lowered)

    def _cites(self, element: _Element) -> bool:
        """Whether what is raised is a citation."""
        raise NotImplementedError

    def _raise_citation(self, text: str, parts: list[str]) -> None:
        """Append a raised citation so that it is told from an exponent; one in brackets stays on the line."""
        if text[:1] in "([":
            parts.append(text)
            return
        while parts and (not parts[-1] or parts[-1].isspace()):
            parts.pop()
        if parts:
            parts[-1] = parts[-1].rstrip()
        if parts and _RAISED_END.search(parts[-1]):
            parts.append(",")  # an exponent goes before
        parts.append(raised(text.strip()))

    def _bare_citation(self, element: _Element, text: str, parts: list[str]) -> None:
        """Append numbers that a stylesheet raises: they touch the word before them, or follow such ones."""
        before = "".join(parts[-8:])[-LOOK_BACK:]
        previous = element.getprevious()
        if not _NUMBERS.fullmatch(text) or _OPENED.search(before):
            parts.append(text)
        elif previous is not None and previous is self._raised_citation and _BETWEEN.fullmatch(previous.tail or ""):
            if previous.tail:
                parts[-1] = raised(parts[-1])
            parts.append(raised(text))
            self._raised_citation = element
        elif before and not before[-1].isspace() and before[-1] not in "-–—/":
            self._raise_citation(text, parts)
            self._raised_citation = element
        else:
            parts.append(text)

    def _mark(self, text: str, parts: list[str]) -> None:
        """Append the mark of a footnote, raised so that it joins no figure."""
        parts.append(raised(text) if len(text.strip()) <= MAX_MARK else text)

    def _link(self, element: _Element, parts: list[str], script: Script | None) -> None:
        """Append the words of a link, and the registry number in its address where no word around it is that number."""
        inner: list[str] = []
        self._walk(element, inner, script)
        text = "".join(inner)
        parts.append(text)
        number = registry_id().search(element.get(HREF) or element.get("href") or "")
        if number is not None and number[0] not in text:
            parent = element.getparent()
            if parent is not None and parent is not self._around[0]:
                self._around = parent, words_of(parent)
            if number[0] not in self._around[1]:
                parts.append(f" ({number[0]})")

    def _math(self, element: _Element, parts: list[str], script: Script | None) -> None:
        text = math_text(element)
        parts.append(script(text) if script else text)

    def _tex(self, element: _Element, parts: list[str], script: Script | None) -> None:
        """Append a TeX formula, unless the same stands beside it in another form."""
        parent = element.getparent()
        if parent is None or all(each is element or each.tag not in {"math", "textual-form"} for each in parent):
            parts.append(tex_text(element.text or ""))


def words_of(element: _Element) -> str:
    """All text inside an element."""
    return "".join(str(text) for text in element.itertext())


def last(parts: list[str]) -> str:
    """The last character of what was collected, empty without one."""
    return next((part[-1] for part in reversed(parts) if part), "")


@cache
def registry_id() -> re.Pattern[str]:
    """Ids of trial registers that begin with letters, as the registers write them."""
    patterns = (row.pattern for row in load("registries").registry if row.pattern[:1].isalpha())
    return regex("|".join(f"(?:{pattern})" for pattern in patterns))
