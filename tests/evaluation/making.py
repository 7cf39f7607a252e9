"""Small documents, gold and predictions from one marked line of text: `OS was [PERCENT:50%] ...`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from extract.document import Block, BlockKind, CharSpan, Document, Segment, SourceMap
from extract.evaluation.gold import GoldDocument, GoldMention
from extract.records import Label, Mention

DEFAULTS: dict[str, dict[str, Any]] = {
    "TRIAL": {"trial": "RIALTO"},
    "REGISTRY_ID": {"registry": "NCT", "valid": True},
    "DOSE": {"agent": "busulfan", "value": Decimal(1), "unit": "mg"},
    "PERCENT": {"role": "value", "value": Decimal(1)},
    "ENDPOINT": {"code": "OS"},
}
MARK = re.compile(r"\[([A-Z_]+):([^\]]*)\]")


def make_document(text: str, *, document_id: str = "made", hard_wrapped: bool = False) -> Document:
    """A document whose text is its source; each run between blank lines is a block."""
    blocks = tuple(
        Block(kind=BlockKind.PARAGRAPH, span=CharSpan(match.start(), match.end()))
        for match in re.finditer(r"(?s)\S.*?(?=\n\n|\Z)", text)
    )
    segment = Segment(start=0, end=len(text), source_start=0, source_end=len(text))
    return Document(
        document_id=document_id,
        text=text,
        source=text,
        source_map=SourceMap((segment,)),
        blocks=blocks,
        hard_wrapped=hard_wrapped,
    )


def unmark(marked: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The plain text and its (label, start, end)."""
    text, spans, position = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[position : match.start()]
        spans.append((match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        position = match.end()
    return text + marked[position:], spans


def gold_mention(text: str, label: str, start: int, end: int, **attributes: Any) -> GoldMention:
    line = text.count("\n", 0, start) + 1
    fields = {**DEFAULTS[label], **attributes}
    return GoldMention(start=start, end=end, line=line, label=Label(label), text=text[start:end], **fields)


def predicted_mention(
    text: str, label: str, start: int, end: int, *, document_id: str = "made", **attributes: Any
) -> Mention:
    return Mention(
        document_id=document_id,
        mention_id=f"m{start}",
        label=Label(label),
        quote=text[start:end],
        start=start,
        end=end,
        source_start=start,
        source_end=end,
        **{**DEFAULTS.get(label, {}), **attributes},
    )


def make_gold(marked: str, *, document_id: str = "made") -> GoldDocument:
    text, spans = unmark(marked)
    return GoldDocument(document_id, tuple(gold_mention(text, *span) for span in spans))


def make_predicted(marked: str, *, document_id: str = "made") -> list[Mention]:
    text, spans = unmark(marked)
    return [predicted_mention(text, *span, document_id=document_id) for span in spans]
