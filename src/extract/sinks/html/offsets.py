"""Offsets as browsers count them: in UTF-16, where a character beyond the basic plane counts twice."""

from __future__ import annotations

from bisect import bisect_left


class Utf16:
    """Leads from code points of a text to its UTF-16 units and back."""

    __slots__ = ("_points", "_units")

    def __init__(self, text: str) -> None:
        self._points = [at for at, character in enumerate(text) if character > "\uffff"] if not text.isascii() else []
        self._units = [at + number for number, at in enumerate(self._points)]

    def units(self, offset: int) -> int:
        """The offset in UTF-16 units of a character of the text."""
        return offset + bisect_left(self._points, offset)

    def points(self, offset: int) -> int:
        """The character that holds a UTF-16 unit; inside of a pair the one that the pair stands for."""
        before = bisect_left(self._units, offset)  # pairs that begin before it
        if before and offset == self._units[before - 1] + 1:
            return self._points[before - 1]
        return offset - before
