"""Small extractions from marked text: `OS was [PERCENT 50%]`."""

from __future__ import annotations

import re
from typing import Any

from extract.assembly import Extraction
from extract.document import Block, BlockKind, CharSpan, Document, Segment, SourceMap
from extract.records import Label, Mention

MARK = re.compile(r"\[([A-Z_]+) ([^\]]*)\]")


def make_extraction(marked: str, *, document_id: str = "made", **attributes: dict[str, Any]) -> Extraction:
    """An extraction whose blocks are its lines; `attributes` are given by quote with `_` for other signs."""
    text, mentions, position = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[position : match.start()]
        mentions.append((Label(match[1]), len(text), match[2]))
        text += match[2]
        position = match.end()
    text += marked[position:]
    blocks = tuple(Block(BlockKind.PARAGRAPH, CharSpan(line.start(), line.end())) for line in re.finditer(r".+", text))
    document = Document(
        document_id=document_id,
        text=text,
        source=text,
        source_map=SourceMap((Segment(0, len(text), 0, len(text)),)),
        blocks=blocks,
        path=f"{document_id}.txt",
        sha256="0" * 64,
    )
    return Extraction(
        document,
        tuple(
            Mention(
                document_id=document_id,
                mention_id=f"m{number}",
                label=label,
                quote=quote,
                start=start,
                end=start + len(quote),
                **attributes.get(re.sub(r"\W", "_", quote), {}),
            )
            for number, (label, start, quote) in enumerate(mentions, start=1)
        ),
    )
