"""Regular expressions: the work of compiling them is kept, and most are not compiled before they are used."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any, AnyStr, cast

from extract.kept import STORE


def regex(pattern: AnyStr, flags: int | re.RegexFlag = 0) -> re.Pattern[AnyStr]:
    """`re.compile`, whose work is kept: for patterns of the package and its lexicons, not those made of a paper."""
    return STORE.pattern(pattern, flags)


class _Later:
    """Stands for a pattern; what is asked of it once is kept, so that later uses cost no detour."""

    def __init__(self, pattern: Any, flags: int | re.RegexFlag) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(regex(self.pattern, self._flags), name)
        self.__dict__[name] = found
        return found


def lazy_regex(pattern: AnyStr, flags: int | re.RegexFlag = 0) -> re.Pattern[AnyStr]:
    """`regex`, put off to the first use; so is the `re.error` of a pattern that is none.

    A match knows the compiled pattern, not this one: `match.re is NAME` needs `regex`.
    """
    return cast("re.Pattern[AnyStr]", _Later(pattern, flags))


class FirstOf:
    """Alternatives as patterns of their own: what `one|other|third` finds, each compiled once and when it is needed.

    At one place the first alternative counts. None may match the empty string.
    """

    def __init__(self, *alternatives: re.Pattern[str]) -> None:
        self._alternatives = alternatives

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """As `re.Pattern.match`."""
        for alternative in self._alternatives:
            if (match := alternative.match(text, start, end)) is not None:
                return match
        return None

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        matches = (alternative.search(text, start, end) for alternative in self._alternatives)
        return min((match for match in matches if match is not None), key=re.Match.start, default=None)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        while (match := self.search(text, start, end)) is not None:
            yield match
            start = match.end()
