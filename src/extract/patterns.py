"""Regular expressions that are compiled when they are first used: most reviews need only some of them."""

from __future__ import annotations

import re
from typing import Any, cast


class _Later:
    """Stands for a pattern; what is asked of it once is kept, so that later uses cost no detour."""

    def __init__(self, pattern: str, flags: int | re.RegexFlag) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(self.pattern, self._flags), name)
        self.__dict__[name] = found
        return found


def lazy_regex(pattern: str, flags: int | re.RegexFlag = 0) -> re.Pattern[str]:
    """`re.compile`, put off to the first use; so is the `re.error` of a pattern that is none.

    A match knows the compiled pattern, not this one: `match.re is NAME` needs `re.compile`.
    """
    return cast("re.Pattern[str]", _Later(pattern, flags))
