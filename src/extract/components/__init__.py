"""spaCy components, one file each: `find(doc) -> list[Span]` is pure, `__call__` stores its spans in a group.

Registers the one Span extension, `._.value`, which holds a typed value of `extract.values`. A doc made from a
`Document` carries it in `doc.user_data[DOCUMENT]`; a doc made from a plain string counts as one paragraph.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

from spacy.attrs import IDX
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import compile_infix_regex

from extract.components import transport  # noqa: F401 - registers how values travel
from extract.document import ZONES, Block, BlockKind, CharSpan, Document
from extract.patterns import lazy_regex
from extract.values import Value

DOCUMENT = "extract_document"
_CONTRACTION = lazy_regex(r"[A-Za-z]+['\u2019]?[A-Za-z]*$")
_VALUES = "extract_value"  # begins the keys of values in the user data of a doc
# Zero-width cuts at every change between digits, letters and signs: no token straddles a mention.
# Registers whose ids authors run into the word before them.
GLUED_NAMES = ("NCT", "ISRCTN", "ACTRN", "ChiCTR", "UMIN", "DRKS", "PACTR", "jRCT")
GLUED_ID = rf"(?<=[a-z])(?=(?:{'|'.join(GLUED_NAMES)})[\W_]?\d)"
INFIXES = (GLUED_ID, r"(?<=\d)(?=[^\W\d_])", r"(?<=[^\W\d_])(?=\d)", r"(?<=\w)(?=[^\w\s])", r"(?<=[^\w\s])(?=\S)")

# Nearly every component asks for the sentences of the doc and for what others marked; to read them out of spaCy costs
# more than to find them.
_WORD_STARTS: WeakKeyDictionary[Doc, list[int]] = WeakKeyDictionary()
_SENTENCES: WeakKeyDictionary[Doc, tuple[SpanGroup, list[CharSpan]]] = WeakKeyDictionary()
_MARKED: WeakKeyDictionary[Doc, dict[str, tuple[SpanGroup, list[tuple[int, int, Any]]]]] = WeakKeyDictionary()


class Zone(NamedTuple):
    """A run of text that carries mentions, with the block that it is (None in a doc made from a plain string)."""

    start: int
    end: int
    kind: BlockKind
    block: Block | None


def _user_data(doc: Doc) -> dict[Any, Any]:
    # spaCy's own keys are tuples, too, whatever its stubs say.
    return doc.user_data


def _value_key(span: Span) -> tuple[str, str, int, int]:
    # spaCy keys span extensions by offsets alone; two labels on one surface need a value each.
    return (_VALUES, span.label_, span.start_char, span.end_char)


def _get_value(span: Span) -> Value | None:
    return cast("Value | None", _user_data(span.doc).get(_value_key(span)))


def _set_value(span: Span, value: Value) -> None:
    _MARKED.pop(span.doc, None)
    _user_data(span.doc)[_value_key(span)] = value


if not Span.has_extension("value"):
    Span.set_extension("value", getter=_get_value, setter=_set_value)


class Component:
    """Base of the components: `find` is pure, the call stores what it finds in the span group `group`."""

    group: str

    def find(self, doc: Doc) -> list[Span]:
        """The spans in the doc, in text order."""
        raise NotImplementedError

    def __call__(self, doc: Doc) -> Doc:
        """Store what `find` finds in the span group."""
        doc.spans[self.group] = self.find(doc)
        return doc


def adapt_tokenizer(nlp: Language) -> None:
    """Let a foreign spaCy tokenizer cut where mentions begin and end; does nothing the second time."""
    tokenizer = nlp.tokenizer
    if isinstance(tokenizer, Tokenizer) and not getattr(tokenizer, "_extract_adapted", False):
        infixes = [*(nlp.Defaults.infixes or ()), *INFIXES]
        tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
        tokenizer.url_match = None
        tokenizer.token_match = None
        # Contractions stay; emoticons (`8)`, `<3`) and abbreviations would swallow the ends of mentions.
        tokenizer.rules = {word: parts for word, parts in (tokenizer.rules or {}).items() if _CONTRACTION.match(word)}


def document_of(doc: Doc) -> Document | None:
    """The `Document` that the doc was made from, if it was."""
    return cast("Document | None", doc.user_data.get(DOCUMENT))


def text_of(doc: Doc) -> str:
    """The doc's text; from the `Document` where there is one, for spaCy joins it anew at each call."""
    document = document_of(doc)
    return document.text if document is not None else doc.text


def zones(doc: Doc) -> list[Zone]:
    """Where mentions may stand: the zones of GUIDELINES.md, in text order."""
    document = document_of(doc)
    if document is None:
        return [Zone(0, len(doc.text), BlockKind.PARAGRAPH, None)]
    return [Zone(*block.span, block.kind, block) for block in document.blocks if block.kind in ZONES]


def zone_spans(doc: Doc) -> list[CharSpan]:
    """The char spans of the zones."""
    return [CharSpan(zone.start, zone.end) for zone in zones(doc)]


def sentence_spans(doc: Doc) -> list[CharSpan]:
    """Sentences and table cells in text order; whole zones where the sentence component has not run."""
    if "sentences" not in doc.spans:
        return zone_spans(doc)
    spans = doc.spans["sentences"]
    read = _SENTENCES.get(doc)
    if read is None or read[0] is not spans or len(read[1]) != len(spans):
        read = _SENTENCES[doc] = spans, [CharSpan(span.start_char, span.end_char) for span in spans]
    return read[1]


class Places:
    """Looks up which of some sorted, disjoint char spans holds an offset."""

    __slots__ = ("_starts", "spans")

    def __init__(self, spans: Sequence[CharSpan]) -> None:
        self.spans = spans
        self._starts = [span[0] for span in spans]

    def at(self, offset: int) -> CharSpan | None:
        """The span that holds the offset."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self.spans[index][1]:
            return self.spans[index]
        return None


def _word_starts(doc: Doc) -> list[int]:
    """Where the tokens begin; spaCy's `char_span` reads them one by one, for each span."""
    starts = _WORD_STARTS.get(doc)
    if starts is None or len(starts) != len(doc):
        starts = _WORD_STARTS[doc] = doc.to_array(IDX).tolist()
    return starts


def make_span(doc: Doc, start: int, end: int, label: str, value: Value) -> Span | None:
    """A span with its typed value; in a foreign tokenization widened to whole tokens, None outside the doc."""
    words = _word_starts(doc)
    first, last = bisect_left(words, start), bisect_left(words, end)
    if first < last and doc[first].idx == start and doc[last - 1].idx + len(doc[last - 1]) == end:
        _user_data(doc)[_VALUES, label, start, end] = value
        return Span(doc, first, last, label=label)
    span = doc.char_span(start, end, label=label, alignment_mode="expand")
    if span is not None:
        _set_value(span, value)
    return span


def make_spans(doc: Doc, found: Iterable[tuple[int, int, Value]], label: str) -> list[Span]:
    """Spans in text order from char offsets and values."""
    ordered = sorted(found, key=lambda item: (item[0], item[1]))
    return [span for start, end, value in ordered if (span := make_span(doc, start, end, label, value)) is not None]


def group(doc: Doc, name: str) -> list[Span]:
    """The spans of a group that may not have been filled."""
    return list(doc.spans[name]) if name in doc.spans else []


def values(doc: Doc, name: str) -> list[tuple[int, int, Any]]:
    """Char offsets and value of each span of a group that may not have been filled."""
    if name not in doc.spans:
        return []
    spans = doc.spans[name]
    groups = _MARKED.setdefault(doc, {})
    if name not in groups or groups[name][0] is not spans or len(groups[name][1]) != len(spans):
        stored = _user_data(doc)
        keys = map(_value_key, spans)
        groups[name] = spans, [(key[2], key[3], stored.get(key)) for key in keys]
    return groups[name][1].copy()
