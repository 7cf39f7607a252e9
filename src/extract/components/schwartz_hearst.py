"""The algorithm of Schwartz and Hearst (2003), for Python versions that scispaCy has no release for.

It gives what `scispacy.abbreviation.find_abbreviation` gives; the tests compare the two.
"""

from __future__ import annotations

from itertools import accumulate

from spacy.tokens import Span


def find_abbreviation(long_candidate: Span, short: Span) -> tuple[Span, Span | None]:
    """The short form, with the end of `long_candidate` that spells it or None."""
    start = _spelling(" ".join(token.text for token in long_candidate), " ".join(token.text for token in short))
    if start is None:
        return short, None
    ends = accumulate(len(token.text_with_ws) for token in long_candidate)
    first = next((index for index, end in enumerate(ends) if end > start), 0)
    return short, long_candidate[first:]


def _spelling(words: str, short: str) -> int | None:
    """Where in `words` the shortest text begins that spells `short`, read from the right, or None.

    The first character of `short` must begin a word; those that are neither letter nor digit are passed over.
    """
    position = len(words)
    for index in range(len(short) - 1, -1, -1):
        letter = short[index].lower()
        if not letter.isalnum():
            continue
        position -= 1
        while position >= 0 and (
            words[position].lower() != letter or (index == 0 and position > 0 and words[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
    return position
