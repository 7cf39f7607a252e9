"""Lexicons are read as `tomllib` reads them, only faster."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.lexicons.toml import _parse_plain, parse_toml

PLAIN = """# what it is

stems = [
  # a class, with "quotes" in its name
  "mab", "cept",  # and a remark
  "tinib",
]
empty = []
[symbols]
OS = "overall survival"  # in letters
"Lp(a)" = "lipoprotein(a)"

[classes.first]
one = ["a, b", "c"]
[classes.second]
one = ["a#b"]
[[row]]
code = "OS"
[[row]]
code = "PFS"
"""
PIECES = [
    *(line + "\n" for line in PLAIN.splitlines()),
    "x = 'literal'\n",
    "x = 3\n",
    'x = ["a" "b"]\n',
    'x = ["a", \'b", "c\']\n',
    'x = "a\\tb"\n',
    'x = ""\n',
    'x= "a"\n',
    "[row]\n",
    "[[symbols]]\n",
    "[[empty]]\n",
    "[classes]\n",
    "[symbols.OS]\n",
    "[row]]\n",
    "é = 1\n",
    "x = ",
    '"',
    "[",
    "]",
    ",",
    "\n",
    " ",
    "\t",
    "\r",
]


@pytest.mark.parametrize("name", ["endpoints", "agents", "units", "statistics", "sections", "cues"])
def test_lexicons_are_plain_and_read_alike(name: str) -> None:
    text = files("extract.lexicons").joinpath(f"{name}.toml").read_text(encoding="utf8")
    plain = _parse_plain(text)
    assert plain == tomllib.loads(text)
    assert plain is not None
    assert list(plain) == list(tomllib.loads(text))


def test_plain_toml() -> None:
    assert _parse_plain(PLAIN) == tomllib.loads(PLAIN)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_stands_in_a_file_is_read_alike(text: str) -> None:
    assert _read(parse_toml, text) == _read(tomllib.loads, text)


def _read(parse: Callable[[str], dict[str, Any]], text: str) -> dict[str, Any] | str:
    try:
        return parse(text)
    except tomllib.TOMLDecodeError as error:
        return str(error)
