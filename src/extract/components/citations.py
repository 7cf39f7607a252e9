"""Citations: `(5)`, `(2, 45, 46)`, `(30-33)`, `[5]`, superscripts, `(Keating et al., 2019)`.

A bracketed number that is a count or a sample size (
    "(n = 5)", "patients (12)" before a verb) is left to the counts where
the words say so.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, adapt_tokenizer, document_of, make_spans, text_of, zones
from extract.document import BlockKind
from extract.values import Citation

_LIST = r"\d{1,3}(?:\s?[,;-]\s?\d{1,3}){0,40}"
_BRACKETED = re.compile(rf"(?P<open>[(\[])\s?(?P<list>{_LIST})\s?(?P<close>[)\]])")
_SUPERSCRIPT = re.compile(r"(?<=[A-Za-z.,;:)\]%'\"])(?P<list>[⁰¹²³⁴-⁹]{1,3}(?:[,⁻-][⁰¹²³⁴-⁹]{1,3}){0,40})")
_NAME = r"[A-Z][\w'À-ž-]{1,30}"
_AUTHOR_YEAR = re.compile(
    rf"(?P<author>{_NAME})(?:\s(?:et\sal\.?|and\scolleagues|and\s{_NAME}|&\s{_NAME}))?,?\s[(\[]?(?P<year>(?:19|"
    rf"20)\d\d)[a-z]?(?=[)\],;])"
)
_UNITS_BEFORE = re.compile(r"(?:\b(?:m|cm|mm|kg|s|10|L|dm|km|µm|nm|in|ft))$")
_COUNT_BEFORE = re.compile(r"\b(?:[nN]\s?=|total of|number of)\s?$")
_FROM_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
MAX_SPREAD = 60  # a range of more citations is no citation


class Citations(Component):
    """Finds CITATION spans."""

    group = "citations"

    def find(self, doc: Doc) -> list[Span]:
        """Citations in text order."""
        text = text_of(doc)
        listed = _listed(doc)
        found: dict[tuple[int, int], Citation] = {}
        for zone in zones(doc):
            for match in _BRACKETED.finditer(text, zone.start, zone.end):
                numbers = _numbers(match["list"])
                before = text[max(match.start() - 14, zone.start) : match.start()]
                if (
                    numbers
                    and _closes(match)
                    and not _COUNT_BEFORE.search(before)
                    and (not listed or max(numbers) <= listed)
                ):
                    found[match.span()] = Citation(numbers)
            for match in _SUPERSCRIPT.finditer(text, zone.start, zone.end):
                numbers = _numbers(match["list"].translate(_FROM_SUPERSCRIPT))
                if numbers and not _UNITS_BEFORE.search(text, max(match.start() - 3, zone.start), match.start()):
                    found[match.span()] = Citation(numbers)
            for match in _AUTHOR_YEAR.finditer(text, zone.start, zone.end):
                found[match.span()] = Citation(keys=(f"{match['author']} {match['year']}",))
        return make_spans(doc, [(start, end, value) for (start, end), value in found.items()], "CITATION")


def _listed(doc: Doc) -> int:
    """How many references the document lists; 0 where it is not known."""
    document = document_of(doc)
    return sum(block.kind is BlockKind.REFERENCE for block in document.blocks) if document else 0


def _closes(match: re.Match[str]) -> bool:
    return (match["open"], match["close"]) in {("(", ")"), ("[", "]")}


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of a list with its ranges expanded; empty where they cannot be citations."""
    numbers: list[int] = []
    for part in re.split(r"\s?[,;]\s?", text):
        ends = [int(end) for end in re.split(r"\s?-\s?", part) if end]
        if not ends or min(ends) < 1 or len(ends) > 2 or not 0 <= ends[-1] - ends[0] <= MAX_SPREAD:
            return ()
        numbers.extend(range(ends[0], ends[-1] + 1))
    return tuple(numbers)


@Language.factory("extract_citations", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> Citations:
    """The component for `nlp.add_pipe("extract_citations")`."""
    adapt_tokenizer(nlp)
    return Citations()
