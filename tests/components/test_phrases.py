"""Phrases: one form stands for its spellings, plurals and separators."""

from __future__ import annotations

import pytest

from extract.components.phrases import PhraseIndex, fold


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ("heart failure hospitalization", "heart failure hospitalisations"),
        ("heart failure hospitalization", "Heart-Failure Hospitalization"),
        ("leukemia free survival", "leukaemia-free survival"),
        ("bleeding event", "bleeding events"),
        ("hemorrhage", "haemorrhages"),
        ("edema", "oedema"),
        ("anemia", "ANAEMIA"),
        ("tumor lysis syndrome", "tumour lysis syndrome"),
        ("diarrhea", "diarrhoea"),
        ("response rate", "response rates"),
        ("MRD negativity", "MRD (flow) negativity"),
        ("nausea/vomiting", "nausea/vomiting"),
    ],
)
def test_spellings_plurals_and_separators_of_one_form(form: str, printed: str) -> None:
    text = f"There was {printed} in adults."
    hits = list(PhraseIndex([(form, "it")]).find(text, 0, len(text)))
    assert [(text[hit.start : hit.end], hit.payload) for hit in hits] == [(printed, "it")]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("heart failure", "the heart. Then a failure"),
        ("response rate", "the response of the rate"),
        ("stroke", "a strokelike state"),
        ("bleeding event", "bleeding, an event"),
    ],
)
def test_words_apart_are_no_phrase(form: str, text: str) -> None:
    assert not list(PhraseIndex([(form, "it")]).find(text, 0, len(text)))


def test_the_longest_form_counts() -> None:
    index = PhraseIndex([("survival", 1), ("overall survival", 2), ("survival benefit", 3)])
    text = "The overall survival and the survival benefit."
    assert [(text[hit.start : hit.end], hit.payload) for hit in index.find(text, 0, len(text))] == [
        ("overall survival", 2),
        ("survival benefit", 3),
    ]


def test_symbols_match_as_written_but_for_a_plural_s() -> None:
    index = PhraseIndex([("OS", 1), ("DLT", 2)], folded=False)
    text = "OS, os, Os, DLTs and DLT but not OSA."
    assert [text[hit.start : hit.end] for hit in index.find(text, 0, len(text))] == ["OS", "DLTs", "DLT"]


def test_only_the_given_part_of_the_text_is_searched() -> None:
    index = PhraseIndex([("stroke", 1)])
    text = "stroke and stroke and stroke"
    assert [hit.start for hit in index.find(text, 5, 20)] == [11]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leukaemic", "leukemic"),
        ("hospitalised", "hospitalized"),
        ("vs", "versus"),
        ("deaths", "death"),
        ("fibre", "fiber"),
    ],
)
def test_words_that_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("word", ["sepsis", "mucositis", "mucus", "loss", "virus", "nervous"])
def test_singulars_that_end_in_s_keep_it(word: str) -> None:
    assert fold(word) == fold(word.upper()) == word
