"""What the formats of annotations share: mentions that fit their text, their typed values, signs that can be stored."""

from __future__ import annotations

from typing import Any

from extract.errors import OutputError
from extract.patterns import lazy_regex
from extract.records import Mention
from extract.sinks.annotations import AnnotatedDocument

_COLUMNS = tuple(Mention.model_fields)
TYPED = _COLUMNS[_COLUMNS.index("role") :]  # the columns of a mention after its place: what its surface means
STAND_IN = "\ufffd"  # one for each sign that cannot be stored, so that offsets hold
_SURROGATE = lazy_regex("[\ud800-\udfff]")


def checked_mentions(document: AnnotatedDocument) -> list[dict[str, Any]]:
    """The mentions in text order.

    Raises OutputError where one is empty, ends outside of the text or does not stand there as its quote says.
    """
    text = document.content.text
    for row in document.mentions:
        start, end = row["start"], row["end"]
        if not 0 <= start < end <= len(text) or row["quote"] != text[start:end]:
            place = f"{document.document_id}: mention {row['mention_id']}"
            raise OutputError(f"{place}: characters {start} to {end} of the text are not {row['quote']!r}")
    return sorted(document.mentions, key=lambda row: (row["start"], row["end"]))


def typed_values(row: dict[str, Any]) -> dict[str, Any]:
    """The typed values of a mention that are not empty, in the order of the table's columns."""
    return {column: row[column] for column in TYPED if row.get(column) is not None}


def printed(value: Any) -> str:
    """A typed value as CSV has it: true and false in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def storable(text: str) -> str:
    """The text with a stand-in for each lone surrogate, which UTF-8 cannot hold."""
    return _SURROGATE.sub(STAND_IN, text)
