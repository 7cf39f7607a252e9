"""The characters that a reader of XML or HTML takes from a file, in reading order, each run with its element."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from extract.document import CharSpan, ElementMap

if TYPE_CHECKING:
    from lxml.etree import _Element


class SourceWriter:
    """Collects what becomes `Document.source`."""

    def __init__(self) -> None:
        self._path_of = ElementPaths()
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
            self._elements.append((start, self._path_of(element)))
            self._parts.append(text)
            self._length += len(text)
        return CharSpan(start, self._length)

    def build(self) -> tuple[str, ElementMap]:
        """The source, and the element of each of its characters."""
        return "".join(self._parts), ElementMap(self._elements)


class ElementPaths:
    """Paths of elements from the root: `/article/body/sec[2]/p[1]`, a number where siblings share the name.

    What lxml gives, but without counting the siblings anew for each of them.
    """

    def __init__(self) -> None:
        self._known: dict[_Element, str] = {}

    def __call__(self, element: _Element) -> str:
        """The path of an element of one tree."""
        climbed: list[_Element] = []
        above: _Element | None = element
        while above is not None and above not in self._known:
            climbed.append(above)
            above = above.getparent()
        for each in reversed(climbed):
            if each not in self._known:
                self._add_siblings(each)
        return self._known[element]

    def _add_siblings(self, element: _Element) -> None:
        parent = element.getparent()
        if parent is None:
            self._known[element] = f"/{element.tag}"
            return
        path = self._known[parent]
        totals = Counter(child.tag for child in parent)
        numbers: Counter[str] = Counter()
        for child in parent:
            numbers[child.tag] += 1
            number = f"[{numbers[child.tag]}]" if totals[child.tag] > 1 else ""
            self._known[child] = f"{path}/{child.tag}{number}"
