"""Sentences by rule: paragraphs are cut at sentence ends, tables at cells.

Knows the abbreviations of the field ("et al.", "vs.", "i.e.", "Fig.", initials, "Clinicaltrials.gov") and that a block
ends a sentence. Citations printed after the full stop ("survived.14,15 In") stay with the sentence before.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, Zone, adapt_tokenizer, text_of, zones
from extract.document import CharSpan
from extract.patterns import lazy_regex

_NO_END = lazy_regex(
    r"(?:\b(?:et\ al|vs|i\.e|e\.g|cf|ca|approx|Fig|Figs|Tab|Ref|Refs|Eq|No|Nos|Dr|Prof|St|Jr|Sr|resp|incl|excl|"
    r"viz|Suppl|Vol|pp|"
    r"ed|eds|Inc|Ltd|Co|Corp|Int|Dept|Univ|[A-Z])|\be|\bi)$"
)
# A full stop (citations may be glued to it), then space and what may begin a sentence; or a glued ").Figure 2".
_END = lazy_regex(
    r"(?P<stop>[.?!])(?P<close>['\")\]]*(?:(?:\d{1,3}(?:[-,]\d{1,3})*)|[⁰¹²³⁴-⁹][⁰¹²³⁴-⁹,⁻-]*|\[[\d,\ -]{1,20}\]|"
    r"\([\d,\ -]{1,20}\))?)"
    r"(?:\s+(?=[\"'(\[$<≥≤~]*(?:[A-Z0-9Α-Ωα-ω]|[a-z]-?[A-Z]|mg\b))|\s*$|(?=(?:Fig|Table)))"
)


class Sentences(Component):
    """Sentences and cells as spans labelled by the kind of their block."""

    group = "sentences"

    def find(self, doc: Doc) -> list[Span]:
        """Sentences and cells in text order."""
        text = text_of(doc)
        spans = []
        for zone in zones(doc):
            for start, end in _pieces(text, zone):
                span = doc.char_span(start, end, label=zone.kind.value, alignment_mode="expand")
                if span is not None:
                    spans.append(span)
        return spans


def _pieces(text: str, zone: Zone) -> list[CharSpan]:
    if zone.block is not None and zone.block.table is not None:
        return [cell.span for cell in zone.block.table.cells if cell.span.end > cell.span.start]
    return split(text, zone.start, zone.end)


def split(text: str, start: int, end: int) -> list[CharSpan]:
    """Sentences of `text[start:end]` without the space between them."""
    found: list[CharSpan] = []
    first = start
    for match in _END.finditer(text, start, end):
        last = match.end("close")
        if match["stop"] == "." and match.end() < end and _goes_on(text, first, match):
            continue
        if text[first:last].strip():
            found.append(CharSpan(first, last))
        first = match.end()
    if text[first:end].strip():
        found.append(CharSpan(first, end))
    return [_trim(text, span) for span in found]


def _goes_on(text: str, first: int, match: re.Match[str]) -> bool:
    """Whether the full stop belongs to an abbreviation or a number."""
    before = text[max(match.start() - 12, first) : match.start()]
    if _NO_END.search(before) and not match["close"]:
        return True
    return bool(match["close"][:1].isdigit() and before[-1:].isdigit())


def _trim(text: str, span: CharSpan) -> CharSpan:
    piece = text[span.start : span.end]
    return CharSpan(span.start + len(piece) - len(piece.lstrip()), span.start + len(piece.rstrip()))


@Language.factory("extract_sentences", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> Sentences:
    """The component for `nlp.add_pipe("extract_sentences")`."""
    adapt_tokenizer(nlp)
    return Sentences()
