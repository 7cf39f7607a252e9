"""Strings made to keep a pattern busy: one unit repeated.

Units are read from the pattern's own syntax tree: what each repetition repeats, behind what must stand before it; whole
matches, and matches that break off before their end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_COMMON = (
    "1",
    "1,",
    "1.",
    "1 ",
    "1-",
    "a",
    "a ",
    "A",
    "A ",
    "a-",
    "A1",
    " ",
    "\n",
    "\t",
    "(",
    "[1",
    "(a",
    "-",
    "%",
    ".",
)
_BRANCHES = 3  # alternatives that are looked at, of long lists of words
_BEFORE = 40  # characters before what is repeated
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


class Unit(NamedTuple):
    """What is repeated, and what stands before and behind."""

    before: str
    repeated: str
    end: str

    def times(self, length: int) -> str:
        """A string of about a length."""
        return self.before + self.repeated * max(length // len(self.repeated), 1) + self.end


def units(pattern: re.Pattern[str]) -> list[Unit]:
    """The units of the strings that may keep a pattern busy."""
    tree = list(parser.parse(pattern.pattern, pattern.flags))
    found = []
    for what_stands_before, repeated in _pumps(tree):
        before = what_stands_before[-_BEFORE:]
        found += [Unit(before, repeated, end) for end in ("", "\x00", "\n")]
        found += [Unit("", before + repeated, ""), Unit("", before, "")]
    for whole in _samples(tree):
        for cut in sorted({len(whole), len(whole) - 1, len(whole) // 2, 1}):
            broken_off = whole[: max(cut, 0)][:200]
            found += [Unit("", broken_off, ""), Unit("", f"{broken_off} ", "")]
    found += [Unit("", unit, "") for unit in _COMMON]
    return [each for each in dict.fromkeys(found) if each.repeated]


def _pumps(tree: Iterable[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """What stands before each repetition without a low limit, and what it repeats."""
    for code, argument in tree:
        if code in _REPEATS:
            _, most, inner = argument
            bodies = _samples(list(inner))
            if most > 8:
                for body in bodies:
                    yield before, body
                if len(bodies) > 1:
                    yield before, "".join(bodies)
            yield from _pumps(inner, before)
        else:
            for part in _parts(code, argument):
                yield from _pumps(part, before)
        before += next(iter(_of(code, argument)), "")


def _parts(code: Any, argument: Any) -> list[list[Any]]:
    """The inner trees of a node."""
    if code is codes.SUBPATTERN:
        return [list(argument[-1])]
    if code is codes.BRANCH:
        return [list(each) for each in argument[1]]
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return [list(argument[1])]
    if code is codes.ATOMIC_GROUP:
        return [list(argument)]
    if code is codes.GROUPREF_EXISTS:
        return [list(each) for each in argument[1:] if each is not None]
    return []


def _samples(tree: list[Any]) -> list[str]:
    """A few strings that a tree matches, lookarounds and references left out."""
    found = [""]
    for code, argument in tree:
        options = _of(code, argument)
        if len(options) == 1:
            found = [each + options[0] for each in found]
        else:
            found = [found[number % len(found)] + option for number, option in enumerate(options)]
    return list(dict.fromkeys(found))


def _of(code: Any, argument: Any) -> list[str]:
    """A few strings that a node matches."""
    if code is codes.LITERAL:
        return [chr(argument)]
    if code is codes.NOT_LITERAL:
        return ["\x01" if argument != 1 else "\x02"] if chr(argument).isalnum() else ["a"]
    if code is codes.ANY:
        return ["a"]
    if code is codes.IN:
        return _members(argument)
    if code in _REPEATS:
        least, most, inner = argument
        times = max(least, 1 if most else 0)
        return [each * min(times, 20) for each in _samples(list(inner))]
    if code is codes.BRANCH:
        branches = [_samples(list(each)) for each in argument[1]]
        chosen = branches if len(branches) <= _BRANCHES else [branches[0], branches[len(branches) // 2], branches[-1]]
        return list(dict.fromkeys(each[0] for each in chosen))
    if code is codes.SUBPATTERN:
        return _samples(list(argument[-1]))
    if code is codes.ATOMIC_GROUP:
        return _samples(list(argument))
    return [""]


_CATEGORIES = {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a"}
_OTHERS = "a1 .-,(A\n\x01é"


def _members(argument: Any) -> list[str]:
    """Two characters of a set: its first, and one of its first class or range."""
    negated = argument[0][0] is codes.NEGATE
    spelled = re.compile(_spelled(argument))
    if negated:
        return [next((each for each in _OTHERS if spelled.fullmatch(each)), "")]
    found = []
    for code, value in argument:
        if code is codes.LITERAL:
            found.append(chr(value))
        elif code is codes.RANGE:
            found.append(chr(value[0]))
        elif code is codes.CATEGORY:
            found.append(_CATEGORIES.get(value) or next((each for each in _OTHERS if spelled.fullmatch(each)), ""))
    return list(dict.fromkeys([found[0], found[-1]]))


def _spelled(argument: Any) -> str:
    """A set as the text of a pattern."""
    names = {
        codes.CATEGORY_DIGIT: r"\d",
        codes.CATEGORY_NOT_DIGIT: r"\D",
        codes.CATEGORY_SPACE: r"\s",
        codes.CATEGORY_NOT_SPACE: r"\S",
        codes.CATEGORY_WORD: r"\w",
        codes.CATEGORY_NOT_WORD: r"\W",
    }
    parts = []
    for code, value in argument:
        if code is codes.NEGATE:
            parts.append("^")
        elif code is codes.LITERAL:
            parts.append(re.escape(chr(value)))
        elif code is codes.RANGE:
            parts.append(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        else:
            parts.append(names[value])
    return f"[{''.join(parts)}]"
