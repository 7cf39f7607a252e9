"""Documents with their marked mentions, as annotation tools take them: brat, BioC, Web Annotation, spaCy's DocBin."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from extract.document import Document


class TextBlock(NamedTuple):
    """A block of the text: `text[start:end]`, its kind, level (of headings) and the headings that it stands under."""

    kind: str
    start: int
    end: int
    level: int | None
    section: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """The normalised text of a document and its blocks in order."""

    text: str
    blocks: tuple[TextBlock, ...]

    @classmethod
    def of(cls, document: Document) -> Content:
        """The content of a document that was read."""
        blocks = (TextBlock(each.kind.value, *each.span, each.level, each.section) for each in document.blocks)
        return cls(document.text, tuple(blocks))

    def to_bytes(self) -> bytes:
        """As stored beside a dataset."""
        return json.dumps({"text": self.text, "blocks": self.blocks}, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Content:
        """As read from beside a dataset."""
        stored = json.loads(data)
        blocks = (
            TextBlock(kind, start, end, level, tuple(section)) for kind, start, end, level, section in stored["blocks"]
        )
        return cls(stored["text"], tuple(blocks))


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document with its mentions, which are rows of the table `mentions` as `extract run` writes them in JSON."""

    document_id: str
    path: str
    sha256: str
    title: str | None
    doi: str | None
    content: Content
    mentions: tuple[dict[str, Any], ...]
