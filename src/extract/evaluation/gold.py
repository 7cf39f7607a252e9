"""Gold annotations: what people marked in a document, read from `gold/<document id>/mentions.jsonl`.

`gold/schema.json` states the format of the folder; `load_gold` checks the same rules without needing a JSON-schema
library, `check_offsets` that the annotations fit the file they were made on.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict, StrictBool, StrictInt, StrictStr, TypeAdapter, ValidationError

from extract.errors import GoldError
from extract.records import PROMISED, Label
from extract.values import PercentRole

MENTIONS_FILE = "mentions.jsonl"
RECORD_FILES = ("outcomes.csv", "dosing.csv", "trials.csv")
SOURCE_FOLDERS = ("", "samples", "sources", "text")
TEXT_SUFFIXES = (".txt", ".md")
UNKNOWN_AGENT = "?"  # the guidelines' sign for a drug the text does not name


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldMention:
    """One marked surface; `start` and `end` are code points of the file as stored, `line` counts from 1.

    `agent` is None where the annotators wrote `?`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    start: StrictInt
    end: StrictInt
    line: StrictInt
    label: Label
    text: StrictStr
    role: PercentRole | None = None
    code: StrictStr | None = None
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: StrictStr | None = None
    valid: StrictBool | None = None
    trial: StrictStr | None = None
    registry: StrictStr | None = None
    agent: StrictStr | None = None
    implicit: StrictBool = False


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """The gold mentions of one document, in document order."""

    document_id: str
    mentions: tuple[GoldMention, ...]
    path: Path | None = None


_MENTION = TypeAdapter(GoldMention)
_PLACE = frozenset({"start", "end", "line", "label", "text"})
_QUANTITY = frozenset({"value", "low", "high"})
_REQUIRED: dict[Label, frozenset[str]] = {
    Label.TRIAL: frozenset({"trial"}),
    Label.REGISTRY_ID: frozenset({"registry", "valid"}),
    Label.DOSE: frozenset({"agent", "unit"}),
    Label.PERCENT: frozenset({"role"}),
    Label.ENDPOINT: frozenset({"code"}),
}
_OPTIONAL: dict[Label, frozenset[str]] = {Label.DOSE: _QUANTITY, Label.PERCENT: _QUANTITY | {"implicit"}}


def gold_documents(root: Path) -> list[str]:
    """Ids of the documents that have gold mentions or gold records under `root`, sorted."""
    return sorted({path.parent.name for name in (MENTIONS_FILE, *RECORD_FILES) for path in root.glob(f"*/{name}")})


def has_mentions(folder: Path, document_id: str) -> bool:
    """Whether a document has gold mentions; without, its records alone are scored."""
    return (folder / document_id / MENTIONS_FILE).is_file()


def load_gold(folder: Path, document_id: str) -> GoldDocument:
    """The gold of one document, `folder` holding one folder a document.

    Raises GoldError where the file is missing, a line does not fit the format, or a mention stands twice.
    """
    path = folder / document_id / MENTIONS_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise GoldError(f"{document_id}: no gold mentions at {path}") from None
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: not UTF-8 at byte {error.start}") from None
    mentions: dict[tuple[int, int, Label], GoldMention] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{document_id}/{MENTIONS_FILE} line {number}"
        mention = parse_mention(line, place)
        key = (mention.start, mention.end, mention.label)
        if key in mentions:
            raise GoldError(f"{place}: {mention.label} {mention.text!r} stands twice")
        mentions[key] = mention
    return GoldDocument(document_id, tuple(mentions[key] for key in sorted(mentions)), path)


def check_offsets(gold: GoldDocument, source_text: str) -> None:
    """Raises GoldError where `source_text[start:end]` or its line number is not what the gold says."""
    line_starts = [0, *(index + 1 for index, character in enumerate(source_text) if character == "\n")]
    for mention in gold.mentions:
        place = f"{gold.document_id} line {mention.line} char {mention.start}"
        found = source_text[mention.start : mention.end]
        if found != mention.text:
            raise GoldError(f"{place}: the gold has {mention.text!r}, the file {found!r}")
        line = bisect_right(line_starts, mention.start)
        if line != mention.line:
            raise GoldError(f"{place}: {mention.text!r} stands on line {line}")


def find_source(
    document_id: str,
    roots: Sequence[Path],
    *,
    suffixes: Sequence[str] = TEXT_SUFFIXES,
    folders: Sequence[str] = SOURCE_FOLDERS,
) -> Path | None:
    """The first file of a document in the corpus roots and their `folders`, None where it is not at hand."""
    candidates = (
        root / folder / f"{document_id}{suffix}" for root in roots for folder in folders for suffix in suffixes
    )
    return next((path for path in candidates if path.is_file()), None)


def gold_attributes(label: Label) -> tuple[str, ...]:
    """The attributes that a mention of a promised label has in gold, in the order of the fields."""
    names = _REQUIRED[label] | _OPTIONAL.get(label, frozenset())
    return tuple(name for name in GoldMention.__dataclass_fields__ if name in names)


def parse_mention(line: str, place: str) -> GoldMention:
    """A mention from its line of JSON; raises GoldError, which begins with `place`, where it does not fit."""
    try:
        fields: object = json.loads(line, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise GoldError(f"{place}: not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets in brackets
        raise GoldError(f"{place}: not JSON that can be read: {error}") from None
    if not isinstance(fields, dict):
        raise GoldError(f"{place}: not a JSON object")
    try:
        mention = _MENTION.validate_python(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise GoldError(f"{place}: {'.'.join(map(str, first['loc'])) or 'mention'}: {first['msg']}") from None
    reason = next(_faults(mention, fields), None)
    if reason is not None:
        raise GoldError(f"{place}: {reason}")
    if mention.agent == UNKNOWN_AGENT:
        return _MENTION.validate_python({**fields, "agent": None})
    return mention


def _faults(mention: GoldMention, fields: dict[str, Any]) -> Iterator[str]:
    """What the types alone do not settle."""
    if mention.label not in PROMISED:
        yield f"{mention.label} is not annotated in gold"
        return
    required = _REQUIRED[mention.label]
    extra = fields.keys() - _PLACE - required - _OPTIONAL.get(mention.label, frozenset())
    if extra:
        yield f"{mention.label} has no {', '.join(sorted(extra))}"
    missing = sorted(name for name in required if fields.get(name) is None)
    if missing:
        yield f"{mention.label} needs {', '.join(missing)}"
    if not 0 <= mention.start < mention.end:
        yield f"offsets {mention.start} to {mention.end} are no span"
    if mention.end - mention.start != len(mention.text):
        yield f"{mention.text!r} is not {mention.end - mention.start} characters long"
    if mention.text != mention.text.strip():
        yield f"{mention.text!r} begins or ends with white space"
    if mention.line < 1:
        yield "lines count from 1"
    if mention.label in (Label.DOSE, Label.PERCENT):
        filled = tuple(number is not None for number in (mention.value, mention.low, mention.high))
        if filled not in ((True, False, False), (False, True, True)):
            yield f"{mention.label} needs either a value or low and high"
