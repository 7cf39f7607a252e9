"""Specifications as marked sentences: `EFS was <percent value=66.2 role=value>66.2%</percent>`.

A mark is a label in lower case with the attributes that matter; marks may nest. `check` runs the pipeline on the text
without its marks and compares the spans of the labels that stand in it, or that the test names. Expected places are
places in the source as printed, so a sentence with LaTeX residue or typographic dashes tests the reader's map too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.assembly import GROUPS
from extract.document import Document
from extract.pipeline import make_doc
from extract.readers import parse_text
from extract.records import Label
from extract.values import Quantity

_ATTRIBUTE = re.compile(r"(?P<name>\w+)=(?:\"(?P<quoted>[^\"]*)\"|(?P<plain>[^\s\">]+))")
_LABELS = "|".join(label.lower() for label in Label)
_MARK = re.compile(rf"<(?P<close>/?)(?P<label>{_LABELS})(?P<attributes>(?:\s\w+=(?:\"[^\"]*\"|[^\s\">]+))*)>")
BEFORE = "## Results\n\n"  # puts the marked text into the body of an article


class Marked(NamedTuple):
    """An expected or found span: offsets into the unmarked text, and the attributes that the test names."""

    start: int
    end: int
    label: Label
    attributes: tuple[tuple[str, str], ...] = ()


def unmark(marked: str) -> tuple[str, list[Marked]]:
    """The plain text and the spans that its marks stand around, in text order."""
    text, position = "", 0
    opened: list[tuple[Label, int, tuple[tuple[str, str], ...]]] = []
    spans: list[Marked] = []
    for mark in _MARK.finditer(marked):
        text += marked[position : mark.start()]
        position = mark.end()
        label = Label(mark["label"].upper())
        if not mark["close"]:
            pairs = _ATTRIBUTE.finditer(mark["attributes"])
            attributes = tuple((pair["name"], pair["plain"] or pair["quoted"]) for pair in pairs)
            opened.append((label, len(text), attributes))
            continue
        if not opened or opened[-1][0] != label:
            raise ValueError(f"</{mark['label']}> closes nothing in {marked!r}")
        _, start, attributes = opened.pop()
        spans.append(Marked(start, len(text), label, attributes))
    if opened:
        raise ValueError(f"<{opened[-1][0].lower()}> is never closed in {marked!r}")
    return text + marked[position:], sorted(spans)


def attributes_of(value: object) -> dict[str, str]:
    """The fields of a typed value as a mark prints them; a quantity as `value`, or `low` and `high`."""
    found: dict[str, str] = {}
    if is_dataclass(value):
        for each in fields(value):
            content = getattr(value, each.name)
            if isinstance(content, Quantity):
                found |= attributes_of(content)
            elif not (each.name in found and content is None):
                found[each.name] = _printed(content)
    return found


def _printed(content: Any) -> str:
    if content is None:
        return "none"
    if isinstance(content, bool):
        return str(content).lower()
    if isinstance(content, tuple):
        return ",".join(map(str, content))
    return str(content)


def spans_of(doc: Doc, labels: Iterable[Label]) -> Iterator[tuple[Label, Span]]:
    """The spans of the labels in a doc."""
    for label in labels:
        for span in doc.spans.get(GROUPS[label], ()):
            yield label, span


def document_from(text: str) -> Document:
    """A document whose body is the text; offsets into its source are those into the text plus `len(BEFORE)`."""
    return parse_text(BEFORE + text)


def found_in_document(nlp: Language, text: str, labels: Iterable[Label]) -> list[Marked]:
    """What the pipeline finds in the text read as a review, at its places in the text as printed."""
    document = document_from(text)
    found = []
    for label, span in spans_of(make_doc(nlp, document), labels):
        source = document.source_spans(span.start_char, span.end_char)
        place = (source[0].start - len(BEFORE), source[-1].end - len(BEFORE))
        found.append(Marked(*place, label, tuple(attributes_of(span._.value).items())))
    return sorted(found)


def found_in_string(nlp: Language, text: str, labels: Iterable[Label]) -> list[Marked]:
    """What the pipeline finds in the text as a plain string."""
    spans = spans_of(nlp(text), labels)
    return sorted(
        Marked(s.start_char, s.end_char, label, tuple(attributes_of(s._.value).items())) for label, s in spans
    )


def check(nlp: Language, marked: str, *labels: str) -> None:
    """Assert that the pipeline finds exactly the marked spans, with the marked attributes.

    Compared are the labels of the marks and those named; a text without marks must have none of those named.
    """
    text, expected = unmark(marked)
    compared = sorted({*(span.label for span in expected), *(Label(label.upper()) for label in labels)})
    if not compared:
        raise ValueError("name the labels that a sentence without marks must not have")
    runs = [("document", found_in_document)]
    if "\n" not in text and document_from(text).text == f"Results\n{text}":
        runs.append(("plain string", found_in_string))
    for name, run in runs:
        found = run(nlp, text, compared)
        problems = list(_problems(text, expected, found))
        assert not problems, "\n".join([f"as a {name}:", f"  {text}", *(f"  {each}" for each in problems)])


def _problems(text: str, expected: list[Marked], found: list[Marked]) -> Iterator[str]:
    """What differs, one line each."""
    places = {span[:3]: dict(span.attributes) for span in found}
    wanted = {span[:3] for span in expected}
    for span in expected:
        if span[:3] not in places:
            yield f"missed     {_shown(text, span)}"
            continue
        got = places[span[:3]]
        for name, value in span.attributes:
            if name not in got:
                yield f"no {name!r}     {_shown(text, span)}; there are {', '.join(got)}"
            elif got[name] != value:
                yield f"wrong      {_shown(text, span)}: {name} is {got[name]!r}, not {value!r}"
    for span in found:
        if span[:3] not in wanted:
            yield f"unexpected {_shown(text, span)} {' '.join(f'{n}={v}' for n, v in span.attributes)}"
    if len(places) != len(found):
        yield f"the same span twice among {[_shown(text, span) for span in found]}"


def _shown(text: str, span: Marked) -> str:
    return f"{span.label} {text[span.start : span.end]!r} at {span.start}"
