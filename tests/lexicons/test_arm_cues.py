"""The words of arms and subgroups in `cues.toml`."""

from __future__ import annotations

import pytest

from extract.errors import LexiconError
from extract.lexicons import load, parse

LISTS = (
    "nouns",
    "people",
    "subgroups",
    "controls",
    "treatments",
    "regimens",
    "marks",
    "mark_ends",
    "not_names",
    "columns",
)


def cues(**lists: str) -> str:
    """A lexicon of cues in which each list of `[arms]` has one word, or those that the test gives."""
    others = ("trial_after", "trial_before", "not_trials", "groups", "societies")
    named = {name: lists.get(name, '["word"]') for name in LISTS}
    head = [f'{name} = ["word"]' for name in others]
    return "\n".join([*head, "[arms]", *(f"{name} = {words}" for name, words in named.items())])


def test_every_list_has_words_in_lower_case() -> None:
    arms = load("cues").arms
    for name in LISTS:
        words = getattr(arms, name)
        assert words
        assert [word for word in words if word != word.lower()] == []


def test_a_word_that_stands_twice_is_an_error() -> None:
    with pytest.raises(LexiconError, match="duplicate nouns 'arm'"):
        parse("cues", cues(nouns='["arm", "arm"]'))


def test_an_unknown_list_is_an_error() -> None:
    with pytest.raises(LexiconError, match="strangers"):
        parse("cues", cues() + '\nstrangers = ["word"]')
