"""The pipeline: a tokenizer that cuts where mentions can begin or end, then the components in their order."""

from __future__ import annotations

import re
from collections.abc import Callable

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from extract.collector import collector_paused
from extract.components import DOCUMENT, GLUED_ID, GLUED_NAMES
from extract.document import ZONES, Document
from extract.patterns import lazy_regex

# Each needs what those before it mark.
COMPONENTS = (
    "extract_sentences",
    "extract_abbreviations",
    "extract_citations",
    "extract_registry_ids",
    "extract_agents",
    "extract_trials",
    "extract_doses",
    "extract_durations",
    "extract_statistics",
    "extract_percents",
    "extract_counts",
    "extract_endpoints",
    "extract_arms",
)
_RAISED = "⁰¹²³⁴-⁹ʰ-ˣᵃ-ᶻⁱⁿ"  # marks of notes and citations, which end a word
_TOKEN = lazy_regex(rf"(\d+|[^\W\d_{_RAISED}]+|[{_RAISED}]+|[^ ]| )( ?)", re.DOTALL)
_GLUED = lazy_regex(GLUED_ID)
_TOKEN_GLUED = lazy_regex(rf"(\d+|[^\W\d_]+?{GLUED_ID}|[^\W\d_{_RAISED}]+|[{_RAISED}]+|[^ ]| )( ?)", re.DOTALL)
_CHUNK = lazy_regex(r"([^\s]+|\s)( ?)")


def _token(text: str) -> re.Pattern[str]:
    glued = any(name in text for name in GLUED_NAMES) and _GLUED.search(text)
    return _TOKEN_GLUED if glued else _TOKEN


class ReviewTokenizer:
    """Digits, letters and single signs are tokens: no token straddles a mention, and it is six times as fast."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The text as a `Doc` whose tokens and spaces spell it exactly."""
        return self._doc(_token(text).findall(text))

    def words(self, text: str) -> list[str]:
        """The tokens of the text, without a `Doc`."""
        return [word for word, _ in _token(text).findall(text)]

    def of_document(self, document: Document) -> Doc:
        """The document's text, in fine tokens where mentions may stand and in whole words elsewhere."""
        text, token = document.text, _token(document.text)
        pairs: list[tuple[str, str]] = []
        position = 0
        for block in document.blocks:
            if block.kind in ZONES:
                pairs += _CHUNK.findall(text, position, block.span.start)
                pairs += token.findall(text, *block.span)
                position = block.span.end
        return self._doc(pairs + _CHUNK.findall(text, position))

    def _doc(self, pairs: list[tuple[str, str]]) -> Doc:
        return Doc(self.vocab, words=[word for word, _ in pairs], spaces=[bool(space) for _, space in pairs])

    def to_bytes(self, **_: object) -> bytes:
        """Nothing to store; spaCy asks for it."""
        return b""

    def from_bytes(self, _data: bytes, **_: object) -> ReviewTokenizer:
        """Nothing to restore."""
        return self

    def to_disk(self, _path: object, **_: object) -> None:
        """Nothing to store."""

    def from_disk(self, _path: object, **_: object) -> ReviewTokenizer:
        """Nothing to restore."""
        return self


def _create_tokenizer(nlp: Language) -> ReviewTokenizer:
    return ReviewTokenizer(nlp.vocab)


@registry.tokenizers("extract.review_tokenizer.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], ReviewTokenizer]:
    """The factory that `[nlp.tokenizer]` of a spaCy config names."""
    return _create_tokenizer


def load(*, base: str | None = None) -> Language:
    """The spaCy `Language` of this package; with `base`, an installed pipeline with our components after its own.

    A base keeps its tokenizer, which learns to cut where mentions begin and end. Raises OSError when `base` is not
    installed.
    """
    if base is None:
        nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "extract.review_tokenizer.v1"}}})
    else:
        nlp = spacy.load(base)
    nlp.max_length = 100_000_000  # characters; no component needs memory beyond the doc
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return nlp


def make_doc(nlp: Language, document: Document) -> Doc:
    """The document as a spaCy `Doc` with every mention marked."""
    tokenizer = nlp.tokenizer
    with collector_paused():
        doc = tokenizer.of_document(document) if isinstance(tokenizer, ReviewTokenizer) else nlp.make_doc(document.text)
        doc.user_data[DOCUMENT] = document
        return nlp(doc)
