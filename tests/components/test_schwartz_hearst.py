"""The algorithm of Schwartz and Hearst: it agrees with scispaCy's, so that results are the same on every Python."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from spacy.language import Language
from spacy.tokens import Span

from extract.components.schwartz_hearst import find_abbreviation

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"
ODD = "a-b (AB) é½ ß İstanbul ﬁ ² x\u00a0y  two  spaces event-free survival"
TRIES = 4000


@pytest.mark.parametrize(
    ("words", "short", "long_form"),
    [
        ("patients with minimal residual disease", "MRD", "minimal residual disease"),
        ("with event-free survival", "EFS", "event-free survival"),
        ("of interleukin 2", "IL-2", "interleukin 2"),
        ("after the random draw", "MRD", None),
        ("seen at remission", "MR", None),
    ],
)
def test_the_shortest_end_that_spells_the_short_form(nlp: Language, words: str, short: str, long_form: str) -> None:
    _, found = find_abbreviation(nlp.make_doc(words)[:], nlp.make_doc(short)[:])
    assert (found.text if found is not None else None) == long_form


def test_it_agrees_with_scispacy(nlp: Language) -> None:
    theirs = pytest.importorskip("scispacy.abbreviation").find_abbreviation
    chance = random.Random(1)
    docs = [nlp.make_doc(path.read_text(encoding="utf-8")) for path in sorted(SAMPLES.glob("*.md"))]
    docs.append(nlp.make_doc(ODD))
    spelt = 0
    for _ in range(TRIES):
        doc = chance.choice(docs)
        start = chance.randrange(len(doc) - 1)
        words = doc[start : start + chance.randint(1, 14)]
        short = nlp.make_doc(_initials(words, chance))[:]
        expected = theirs(words, short)[1]
        assert find_abbreviation(words, short)[1] == expected, (words.text, short.text)
        spelt += expected is not None
    assert spelt > TRIES // 4


def _initials(words: Span, chance: random.Random) -> str:
    """Most of the first characters, sometimes with one that does not belong there."""
    firsts = [token.text[0] for token in words if token.text[0].isalnum() and chance.random() < 0.8][:6]
    short = "".join(firsts) or "x"
    return short[:1] + chance.choice("-/ 2") + short[1:] if chance.random() < 0.3 else short
