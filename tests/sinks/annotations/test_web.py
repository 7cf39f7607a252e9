"""Web annotations: each line is one of the W3C's, whose selectors lead to the mention in the document's text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import jsonschema
import pytest

from extract.sinks.annotations import AnnotatedDocument
from extract.sinks.annotations.rows import printed, typed_values
from extract.sinks.annotations.web import write_web_annotations

from .documents import BARE, DNA, DOCUMENTS, SIMPLE, annotated, sample_reviews

# What the Web Annotation Data Model (https://www.w3.org/TR/annotation-model/) asks of the parts that are used here.
BODY = {
    "type": "object",
    "required": ["type", "value", "purpose"],
    "properties": {
        "type": {"const": "TextualBody"},
        "value": {"type": "string"},
        "purpose": {"enum": ["classifying", "tagging"]},
        "format": {"const": "text/plain"},
    },
    "additionalProperties": False,
}
QUOTE = {
    "type": "object",
    "required": ["type", "exact"],
    "properties": {
        "type": {"const": "TextQuoteSelector"},
        "exact": {"type": "string", "minLength": 1},
        "prefix": {"type": "string"},
        "suffix": {"type": "string"},
    },
    "additionalProperties": False,
}
POSITION = {
    "type": "object",
    "required": ["type", "start", "end"],
    "properties": {
        "type": {"const": "TextPositionSelector"},
        "start": {"type": "integer", "minimum": 0},
        "end": {"type": "integer", "minimum": 0},
    },
    "additionalProperties": False,
}
PAGE = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"const": "FragmentSelector"},
        "value": {"pattern": "^page=[1-9][0-9]*$"},
        "conformsTo": {"const": "http://tools.ietf.org/rfc/rfc3778"},
        "refinedBy": QUOTE,
    },
    "additionalProperties": False,
}
ANNOTATION = {
    "type": "object",
    "required": ["@context", "id", "type", "target"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": {"pattern": "^urn:uuid:"},
        "type": {"const": "Annotation"},
        "motivation": {"const": "classifying"},
        "generator": {"type": "object", "required": ["type", "name"]},
        "body": {"type": "array", "items": BODY, "minItems": 1},
        "target": {
            "type": "object",
            "required": ["type", "source", "selector"],
            "properties": {
                "type": {"const": "SpecificResource"},
                "source": {"type": "string", "minLength": 1},
                "selector": {"type": "array", "items": {"oneOf": [POSITION, QUOTE, PAGE]}},
            },
            "additionalProperties": False,
        },
    },
    # any other name needs a prefix that the context knows; `dcterms` is one
    "propertyNames": {"pattern": "^(@context|[a-z]+|dcterms:identifier)$"},
}


def test_an_annotation_in_full(tmp_path: Path) -> None:
    annotation = written([SIMPLE], tmp_path)[1]
    exact = {
        "type": "TextQuoteSelector",
        "exact": "NCT01234567",
        "prefix": "In ALPHA-1 (",
        "suffix": "), overall survival was >=66.2% ",
    }
    assert UUID(annotation.pop("id").removeprefix("urn:uuid:")).version == 5
    assert re.fullmatch(r"extract \d.*", annotation.pop("generator")["name"])
    assert annotation == {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "dcterms:identifier": "simple/m2",
        "motivation": "classifying",
        "body": [
            body("classifying", "REGISTRY_ID"),
            body("tagging", "registry: NCT"),
            body("tagging", "normalized: NCT:NCT01234567"),
            body("tagging", "valid: false"),
            body("tagging", "reason: made up"),
        ],
        "target": {
            "type": "SpecificResource",
            "source": "simple.txt",
            "selector": [
                {"type": "TextPositionSelector", "start": 12, "end": 23},
                exact,
                {
                    "type": "FragmentSelector",
                    "conformsTo": "http://tools.ietf.org/rfc/rfc3778",
                    "value": "page=3",
                    "refinedBy": exact,
                },
            ],
        },
    }


def test_each_line_follows_the_model(tmp_path: Path) -> None:
    annotations = written((*DOCUMENTS, *sample_reviews()), tmp_path)
    model = jsonschema.Draft202012Validator(ANNOTATION)
    assert [error.message for annotation in annotations for error in model.iter_errors(annotation)] == []
    assert len({annotation["id"] for annotation in annotations}) == len(annotations)


@pytest.mark.parametrize("document", [pytest.param(each, id=each.document_id) for each in DOCUMENTS])
def test_an_independent_finder_finds_every_mention(document: AnnotatedDocument, tmp_path: Path) -> None:
    assert_all_found(document, tmp_path)


def test_an_independent_finder_finds_every_mention_of_the_samples(tmp_path: Path) -> None:
    for document in sample_reviews():
        assert_all_found(document, tmp_path)


def test_positions_count_code_points_not_utf16_units(tmp_path: Path) -> None:
    (annotation,) = written([annotated(f"{DNA}{DNA} 50%", ("PERCENT", "50%"))], tmp_path)
    position, exact = annotation["target"]["selector"]
    assert (position["start"], position["end"]) == (3, 6)
    assert exact["prefix"] == f"{DNA}{DNA} "


def test_the_quote_tells_two_like_mentions_apart(tmp_path: Path) -> None:
    text = "In the first arm it was 50% of all patients. In the other arm it was 50% of those with relapse."
    found = written([annotated(text, ("PERCENT", "50%"), ("PERCENT", "50% of those"))], tmp_path)
    assert [places_of(text, annotation) for annotation in found] == [[24], [69]]


def test_what_stands_around_ends_with_the_text(tmp_path: Path) -> None:
    (annotation,) = written([annotated("50%", ("PERCENT", "50%"))], tmp_path)
    assert annotation["target"]["selector"][1] == {
        "type": "TextQuoteSelector",
        "exact": "50%",
        "prefix": "",
        "suffix": "",
    }


def test_ids_follow_from_what_they_name(tmp_path: Path) -> None:
    first = [annotation["id"] for annotation in written([SIMPLE], tmp_path)]
    assert [annotation["id"] for annotation in written([BARE, SIMPLE], tmp_path)] == first
    renamed = tuple({**row, "mention_id": f"h{number}"} for number, row in enumerate(SIMPLE.mentions))
    for other in (
        replace(SIMPLE, document_id="other"),
        replace(SIMPLE, sha256="1" * 64),
        replace(SIMPLE, mentions=renamed),
    ):
        assert not set(first) & {annotation["id"] for annotation in written([other], tmp_path)}


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("papers/a.pdf", "papers/a.pdf"),
        ("/papers/a b.pdf", "file:///papers/a%20b.pdf"),
        ("a:b#c?d%20e.txt", "a%3Ab%23c%3Fd%2520e.txt"),
        ("ü\udcff.txt", "%C3%BC%EF%BF%BD.txt"),
    ],
)
def test_the_source_is_the_iri_of_the_file(tmp_path: Path, path: str, source: str) -> None:
    annotation = written([replace(SIMPLE, path=path)], tmp_path)[0]
    assert annotation["target"]["source"] == source
    parts = urlsplit(source)
    assert (parts.query, parts.fragment) == ("", "")
    assert unquote(parts.path) == path.replace("\udcff", "\ufffd")


def test_of_no_mentions_there_are_no_lines(tmp_path: Path) -> None:
    assert written([BARE], tmp_path) == []


def written(documents: Sequence[AnnotatedDocument], folder: Path) -> list[dict[str, Any]]:
    """The annotations, each from a line of its own."""
    text = write_web_annotations(documents, folder / "out.jsonl").read_bytes().decode()
    assert text == "" or text.endswith("\n")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def assert_all_found(document: AnnotatedDocument, folder: Path) -> None:
    """Label, values, place and quote of each mention; position and quote lead to the same place."""
    text = document.content.text
    found = []
    for annotation in written([document], folder):
        position = annotation["target"]["selector"][0]
        start, end = position["start"], position["end"]
        assert text.encode("utf-32-le")[4 * start : 4 * end].decode("utf-32-le") == quote_of(annotation)["exact"]
        assert start in places_of(text, annotation)
        label, *tags = annotation["body"]
        assert label["purpose"] == "classifying"
        mention_id = annotation["dcterms:identifier"].removeprefix(f"{document.document_id}/")
        pages = [each["value"] for each in annotation["target"]["selector"][2:]]
        found.append((mention_id, label["value"], start, end, [tag["value"] for tag in tags], pages))
    assert sorted(found, key=str) == sorted(map(expected, document.mentions), key=str)


def expected(row: dict[str, Any]) -> tuple[Any, ...]:
    """What the annotation of a mention should say."""
    tags = [f"{name}: {printed(value)}" for name, value in typed_values(row).items()]
    pages = [] if row["page_number"] is None else [f"page={row['page_number']}"]
    return row["mention_id"], row["label"], row["start"], row["end"], tags, pages


def places_of(text: str, annotation: dict[str, Any]) -> list[int]:
    """Where a quote stands in a text, by what stands around it."""
    quote = quote_of(annotation)
    around = "".join(quote[part] for part in ("prefix", "exact", "suffix"))
    places, place = [], text.find(around)
    while place >= 0:
        places.append(place + len(quote["prefix"]))
        place = text.find(around, place + 1)
    return places


def quote_of(annotation: dict[str, Any]) -> dict[str, str]:
    """The selector by quote."""
    (quote,) = (each for each in annotation["target"]["selector"] if each["type"] == "TextQuoteSelector")
    return quote


def body(purpose: str, value: str) -> dict[str, str]:
    """A body as it is written."""
    return {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"}
