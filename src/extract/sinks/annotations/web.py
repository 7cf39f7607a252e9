"""Web annotations (W3C, https://www.w3.org/TR/annotation-model/) as JSON-LD.

The file is one AnnotationCollection with its one AnnotationPage inside, each annotation on a line of its own: viewers
take the page (`first`) or its `items` as they are, a linked-data library takes the whole, and it is written and can be
searched line by line. Bodies: the label with the purpose `classifying`, then `name: value` of each typed value with
the purpose `tagging`. The selectors lead to the normalised text, in Unicode code points as the model asks; a PDF is
also selected by page (RFC 3778), refined by the quote. Ids are UUIDs made from what they name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from extract import __version__
from extract.sinks.annotations import AnnotatedDocument
from extract.sinks.annotations.rows import checked_mentions, printed, storable, telling, typed_values
from extract.sinks.tables import open_atomically

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
PDF_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3778"  # the model names it so; RFC 8118 keeps `page=`
AROUND = 32  # characters quoted before and after a mention


def write_web_annotations(documents: Iterable[AnnotatedDocument], path: Path) -> Path:
    """Write the mentions of all documents as one collection of annotations and return its path.

    The source of a target is the file's path as a relative IRI, of a document without one `urn:sha256:` and its
    checksum. Raises OutputError where the place cannot be written or a mention does not fit its text.
    """
    with open_atomically(path) as stream:
        for piece in _pieces(documents):
            with telling(path):
                stream.write(piece)
    return path


def _pieces(documents: Iterable[AnnotatedDocument]) -> Iterator[str]:
    """The collection; its id follows from its annotations and so stands, like their number, at the end."""
    head = {
        "@context": CONTEXT,
        "type": "AnnotationCollection",
        "label": "Mentions",
        "generator": {"type": "Software", "name": f"extract {__version__}"},
    }
    yield _json(head)[:-1] + ', "first": {"type": "AnnotationPage", "startIndex": 0, "items": ['
    content = hashlib.sha256()
    total = 0
    for document in documents:
        for annotation in _annotations(document):
            line = _json(annotation)
            content.update(line.encode())
            yield (",\n" if total else "\n") + line
            total += 1
    collection, page = (_urn(content.hexdigest(), part) for part in ("collection", "page"))
    yield f'\n], "id": {_json(page)}, "partOf": {_json(collection)}}}, "id": {_json(collection)}, "total": {total}}}\n'


def _annotations(document: AnnotatedDocument) -> Iterator[dict[str, Any]]:
    text = storable(document.content.text)
    source = _source(document)
    for row in checked_mentions(document):
        start, end = row["start"], row["end"]
        exact = {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(start - AROUND, 0) : start],
            "suffix": text[end : end + AROUND],
        }
        selectors: list[dict[str, Any]] = [{"type": "TextPositionSelector", "start": start, "end": end}, exact]
        if row.get("page_number") is not None:
            fragment = {"type": "FragmentSelector", "conformsTo": PDF_FRAGMENTS, "value": f"page={row['page_number']}"}
            selectors.append({**fragment, "refinedBy": exact})
        yield {
            "id": _urn(document.document_id, document.sha256, row["mention_id"], row["label"], start, end),
            "type": "Annotation",
            "motivation": "classifying",
            "body": [_body("classifying", row["label"]), *_tags(row)],
            "target": {"type": "SpecificResource", "source": source, "selector": selectors},
        }


def _tags(row: dict[str, Any]) -> Iterator[dict[str, str]]:
    for name, value in typed_values(row).items():
        yield _body("tagging", f"{name}: {printed(value)}")


def _body(purpose: str, value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": purpose, "value": storable(value), "format": "text/plain"}


def _source(document: AnnotatedDocument) -> str:
    if document.path:
        return quote(storable(document.path))
    return f"urn:sha256:{document.sha256}" if document.sha256 else _urn("document", document.document_id)


def _urn(*parts: object) -> str:
    """A name that is the same for the same parts."""
    return uuid5(NAMESPACE_URL, json.dumps(["extract", *parts])).urn


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
