"""Documents with mentions: small ones, those that formats stumble over, and two sample reviews as extracted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import extract
from extract.records import Mention
from extract.sinks.annotations import AnnotatedDocument, Content, TextBlock

SAMPLES = Path(__file__).parents[3] / "corpus" / "samples"
DNA = "\U0001f9ec"  # two UTF-16 units, four bytes, one code point
Mark = tuple[str, str] | tuple[str, str, dict[str, Any]]


def annotated(
    text: str,
    *marks: Mark,
    document_id: str = "made",
    blocks: Sequence[TextBlock] | None = None,
    **facts: Any,
) -> AnnotatedDocument:
    """A document; each mark, `(label, quote, values)`, is found from where the one before it begins."""
    mentions, position = [], 0
    for number, (label, quote, *values) in enumerate(marks, start=1):
        position = text.index(quote, position)
        place = {"quote": quote, "start": position, "end": position + len(quote)}
        given = values[0] if values else {}
        row = Mention(document_id=document_id, mention_id=f"m{number}", label=label, **place, **given)
        mentions.append(row.model_dump(mode="json"))
    if blocks is None:
        blocks = lines(text)
    stored = Content(text, tuple(blocks))
    known = {"path": f"{document_id}.txt", "sha256": "0" * 64, "title": None, "doi": None, **facts}
    return AnnotatedDocument(document_id=document_id, content=stored, mentions=tuple(mentions), **known)


def lines(text: str) -> list[TextBlock]:
    """A paragraph a line."""
    blocks, start = [], 0
    for line in text.split("\n"):
        blocks.append(TextBlock("paragraph", start, start + len(line), None, ()))
        start += len(line) + 1
    return [block for block in blocks if block.start < block.end]


SIMPLE = annotated(
    "In ALPHA-1 (NCT01234567), overall survival was >=66.2% at 5 mg/m².\n",
    ("TRIAL", "ALPHA-1", {"trial": "ALPHA-1"}),
    (
        "REGISTRY_ID",
        "NCT01234567",
        {"registry": "NCT", "normalized": "NCT:NCT01234567", "valid": False, "reason": "made up", "page_number": 3},
    ),
    ("ENDPOINT", "overall survival", {"code": "OS"}),
    ("PERCENT", ">=66.2%", {"role": "value", "value": "66.20", "bound": ">=", "implicit": False}),
    ("DOSE", "5 mg/m²", {"value": "5", "unit": "mg/m2", "agent": "examplinib"}),
    document_id="simple",
    title="A <review> & more",
    doi="10.5555/example",
)
ODD = annotated(
    f"{DNA} DNA {DNA}{DNA} of BETA{DNA}2 at 5\tmg.\nOverall\nsurvival \x00and\x0b event \x85 free\u2028survival\x1f was"
    " 50\r\n%, <OS> & 12-month overall survival rate 7%8% \ufeffend\ufffe.\n\n\n[no block]\n ",
    ("TRIAL", f"BETA{DNA}2"),
    ("DOSE", "5\tmg", {"agent": f"\u2028 agent {DNA}\x00"}),
    ("ENDPOINT", "Overall\nsurvival", {"code": "OS"}),
    ("ENDPOINT", "event \x85 free\u2028survival", {"code": "EFS"}),
    ("PERCENT", "50\r\n%", {"value": "50"}),
    ("ENDPOINT", "<OS> &", {"code": "a code, that|no list:has"}),
    ("DURATION", "12-month"),
    ("ENDPOINT", "overall survival rate"),
    ("ENDPOINT", "survival rate"),
    ("STATISTIC", "rate", {"code": "rate"}),
    ("PERCENT", "7%"),
    ("PERCENT", "8%"),
    document_id="odd signs/of ünicode",
)
EMPTY = annotated("", document_id="empty")
BARE = annotated("Nothing is marked here.", document_id="bare")
DOCUMENTS = (SIMPLE, ODD, EMPTY, BARE)


@cache
def sample_reviews() -> tuple[AnnotatedDocument, ...]:
    """A sample review from Markdown, with the helper labels, and one from a PDF."""
    names = sorted(path.name for path in SAMPLES.iterdir())
    markdown = next(name for name in names if name.endswith(".md"))
    pdf = next(name for name in names if name.endswith(".pdf"))
    return _extracted(SAMPLES / markdown, helpers=True), _extracted(SAMPLES / pdf, helpers=False)


def _extracted(path: Path, *, helpers: bool) -> AnnotatedDocument:
    extraction = extract.extract_document(extract.read(path))
    document = extraction.document
    rows = extraction.rows("mentions") if helpers else extraction.promised()
    return AnnotatedDocument(
        document_id=f"{document.document_id}{path.suffix}",
        path=str(path),
        sha256=document.sha256 or "",
        title=document.title,
        doi=document.doi,
        content=Content.from_bytes(Content.of(document).to_bytes()),
        mentions=tuple(row.model_dump(mode="json") for row in rows),
    )
