"""Regular expressions take time in proportion to the string, also on strings made for each of them.

Some of the strings for each; all of them with EXTRACT_FUZZ=long.
"""

from __future__ import annotations

import os
import re

import pytest

from fuzz.growth import Slow, first_slow, first_stuck
from fuzz.patterns import known_pieces, only_matched, package_patterns
from fuzz.strings import units

SOME = None if os.environ.get("EXTRACT_FUZZ") == "long" else 6  # strings for each pattern
LENGTH = 1_500
PACKAGES = ("audit", "components", "linking", "readers", "sinks", "")  # and all others


def package_of(place: str) -> str:
    """The package of a pattern, as `PACKAGES` has it."""
    name = re.split(r"[.:]", place)[1] if place.startswith("extract.") else "components"
    return name if name in PACKAGES else ""


@pytest.mark.parametrize("package", PACKAGES)
def test_patterns_are_linear(package: str) -> None:
    slow = {
        place: found
        for place, pattern in package_patterns().items()
        if package_of(place) == package
        and place not in known_pieces()
        and (found := first_slow(pattern, is_matched=place in only_matched(), length=LENGTH, most=SOME))
    }
    assert not slow


def test_patterns_for_pieces_are_quick_on_pieces() -> None:
    stuck = {
        place: found
        for place, pattern in package_patterns().items()
        if place in known_pieces() and (found := first_stuck(pattern, is_matched=place in only_matched(), most=SOME))
    }
    assert not stuck


def test_the_list_of_patterns_for_pieces_is_up_to_date() -> None:
    assert known_pieces() - package_patterns().keys() == set()


def test_all_patterns_are_found() -> None:
    """Eager and lazy ones, in containers and in what chooses between several."""
    places = package_patterns().keys()
    assert len(places) > 1_000
    assert {place.partition("[")[0].partition(".")[0] for place in places} >= {"extract"}


def slow_one(pattern: str, *, is_matched: bool) -> Slow | None:
    compiled = re.compile(pattern)
    return first_slow(compiled, is_matched=is_matched, length=6_000) or first_stuck(compiled, is_matched=is_matched)


@pytest.mark.parametrize(
    ("pattern", "is_matched"),
    [
        (r"\d+x", False),
        (r"\([^)]*\)", False),
        (r"(?:a|b|ab)*c", True),
    ],
)
def test_a_slow_pattern_is_seen(pattern: str, is_matched: bool) -> None:
    assert slow_one(pattern, is_matched=is_matched)


@pytest.mark.parametrize("pattern", [r"\d", r"(?<!\d)\d+(?!\d)", r"[a-z]+", r"a{1,5}b", r"(?:mg|kg)/m²"])
def test_a_linear_pattern_is_left_alone(pattern: str) -> None:
    assert units(re.compile(pattern))
    assert not slow_one(pattern, is_matched=False)
