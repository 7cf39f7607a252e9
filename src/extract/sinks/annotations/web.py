"""Web annotations (W3C, https://www.w3.org/TR/annotation-model/) as JSON-LD, one annotation a line.

Bodies: the label with the purpose `classifying`, then `name: value` of each typed value with the purpose `tagging`. The
selectors lead to the normalised text, in Unicode code points as the model asks; a PDF is also selected by page
(RFC 3778), refined by the quote. Ids are UUIDs made from what they name; `dcterms:identifier` is the document's id and
the mention's, `<document_id>/<mention_id>`, as the tables have them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from extract import __version__
from extract.sinks.annotations import AnnotatedDocument
from extract.sinks.annotations.rows import checked_mentions, printed, storable, typed_values
from extract.sinks.exporting import telling
from extract.sinks.tables import open_atomically

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
GENERATOR = {"type": "Software", "name": f"extract {__version__}"}
PDF_FRAGMENTS = "http://tools.ietf.org/rfc/rfc3778"  # the model names it so; RFC 8118 keeps `page=`
AROUND = 32  # characters quoted before and after a mention


def write_web_annotations(documents: Iterable[AnnotatedDocument], path: Path) -> Path:
    """Write the mentions of all documents as annotations and return the file's path.

    The source of a target is the file that the document was read from: a `file:` IRI or, of a relative path, a relative
    one. Raises OutputError where the place cannot be written or a mention does not fit its text.
    """
    with open_atomically(path) as stream:
        for document in documents:
            for annotation in _annotations(document):
                with telling(path):
                    stream.write(json.dumps(annotation, ensure_ascii=False) + "\n")
    return path


def _annotations(document: AnnotatedDocument) -> Iterator[dict[str, Any]]:
    text = storable(document.content.text)
    source = _source(document.path)
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
            "@context": CONTEXT,
            "id": _urn(document.document_id, document.sha256, row["mention_id"], row["label"], start, end),
            "type": "Annotation",
            "dcterms:identifier": storable(f"{document.document_id}/{row['mention_id']}"),
            "generator": GENERATOR,
            "motivation": "classifying",
            "body": [_body("classifying", row["label"]), *_tags(row)],
            "target": {"type": "SpecificResource", "source": source, "selector": selectors},
        }


def _tags(row: dict[str, Any]) -> Iterator[dict[str, str]]:
    for name, value in typed_values(row).items():
        yield _body("tagging", f"{name}: {printed(value)}")


def _body(purpose: str, value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": purpose, "value": storable(value), "format": "text/plain"}


def _source(name: str) -> str:
    """The IRI of a file."""
    path = Path(storable(name))
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _urn(*parts: object) -> str:
    """A name that is the same for the same parts."""
    return uuid5(NAMESPACE_URL, json.dumps(["extract", *parts])).urn
