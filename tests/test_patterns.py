"""A lazy pattern is the pattern that it stands for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extract
from extract.patterns import FirstOf, lazy_regex

SOURCES = [path.read_text(encoding="utf8") for path in sorted(Path(extract.__file__).parent.rglob("*.py"))]


def test_it_finds_what_the_pattern_finds() -> None:
    lazy, eager = lazy_regex(r"(?P<n>\d+) MG", re.IGNORECASE), re.compile(r"(?P<n>\d+) MG", re.IGNORECASE)
    text = "from 5 mg to 10 MG"
    assert [match.span("n") for match in lazy.finditer(text)] == [match.span("n") for match in eager.finditer(text)]
    assert lazy.sub("", text) == eager.sub("", text)
    assert lazy.search(text, 8)[0] == "10 MG"  # type: ignore[index]
    assert lazy.fullmatch(text) is None
    assert (lazy.pattern, lazy.flags, lazy.groupindex) == (eager.pattern, eager.flags, eager.groupindex)


def test_it_is_compiled_when_it_is_first_used() -> None:
    broken = lazy_regex("(")
    with pytest.raises(re.error):
        broken.search("text")


def test_no_lazy_pattern_is_compared_with_that_of_a_match() -> None:
    compared = {
        name
        for source in SOURCES
        for names in re.findall(r"\.re (?:is|==|in) \(?([A-Z_, ]+)", source)
        for name in names.split(", ")
    }
    assert "THAN" in compared
    lazy = {name for source in SOURCES for name in re.findall(r"^([A-Z_]+) = lazy_regex\(", source, re.MULTILINE)}
    assert "_MEASURED" in lazy
    assert not compared & lazy


@given(st.text("ab c", max_size=12), st.integers(0, 4), st.integers(4, 12))
def test_the_first_of_several_is_what_one_pattern_of_all_finds(text: str, start: int, end: int) -> None:
    parts = (r"a\b", r"ab", r"(?<!a)b+", r"[ac] ?")
    several, one = FirstOf(*map(lazy_regex, parts)), re.compile("|".join(parts))
    spans = [match.span() for match in several.finditer(text, start, end)]
    assert spans == [match.span() for match in one.finditer(text, start, end)]
    assert _span(several.match(text, start, end)) == _span(one.match(text, start, end))
    assert _span(several.search(text)) == _span(one.search(text))


def _span(match: re.Match[str] | None) -> tuple[int, int] | None:
    return None if match is None else match.span()
