"""Spans stand where their characters are, also after the words of a doc were cut anew."""

from __future__ import annotations

import spacy

from extract.components import make_span
from extract.values import Agent


def test_a_span_is_right_after_words_were_joined_and_others_cut() -> None:
    doc = spacy.blank("en")("one two threefour aspirin")
    assert make_span(doc, 17 + 1, 25, "AGENT", Agent("aspirin")) is not None
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[0:2])
        retokenizer.split(doc[2], ["three", "four"], heads=[doc[2], doc[2]])
    assert [token.text for token in doc] == ["one two", "three", "four", "aspirin"]
    for word in ("three", "four", "threefour", "aspirin"):
        start = doc.text.index(word)
        span = make_span(doc, start, start + len(word), "AGENT", Agent(word))
        assert span is not None
        assert span.text == word
