"""The characters that a reader of XML or HTML takes from a file, in reading order, each run with its element."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from extract.document import CharSpan, ElementMap

if TYPE_CHECKING:
    from lxml.etree import _Element


class SourceWriter:
    """Collects what becomes `Document.source`."""

    def __init__(self, root: _Element) -> None:
        self._path: Callable[[_Element], str] = root.getroottree().getpath
        self._parts: list[str] = []
        self._elements: list[tuple[int, str]] = []
        self._length = 0

    def add(self, text: str, element: _Element, *, after: str = "\n") -> CharSpan:
        """Append the words of an element, set apart by `after` from what stands before them."""
        if self._parts and after:
            self._parts.append(after)
            self._length += len(after)
        start = self._length
        if text:
            self._elements.append((start, self._path(element)))
            self._parts.append(text)
            self._length += len(text)
        return CharSpan(start, self._length)

    def build(self) -> tuple[str, ElementMap]:
        """The source, and the element of each of its characters."""
        return "".join(self._parts), ElementMap(self._elements)
