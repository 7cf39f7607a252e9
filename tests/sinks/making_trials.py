"""Documents with trials, outcomes and doses of their own making, and what they are merged to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType

from extract.assembly import Extraction
from extract.records import Dosing, Label, Mention, Outcome, Record, Study, Trial
from extract.sinks.merged_trials import MergedTrial, merge_trials

from .datasets import make_dataset
from .making import make_extraction

LAKE, RIVER = "NCT00000011", "NCT00000022"


def make_trial(name: str, *numbers: str, aliases: Sequence[str] = (), **facts: Any) -> Trial:
    return Trial(document_id="", record_id="", id=name, registry_ids=numbers, aliases=aliases, **facts)


def make_outcome(study: str | None, value: str = "50", **fields: Any) -> Outcome:
    given = {"endpoint": "OS", "endpoint_text": "survival", "statistic": "percent", "unit": "%", "quote": value}
    rule = {"confidence": "stated", "rule": "made"}
    return Outcome(document_id="", record_id="", study=study, value=value, **{**rule, **given, **fields})


def make_dosing(study: str, value: str = "5", **fields: Any) -> Dosing:
    rule = {"confidence": "stated", "rule": "made", "quote": value}
    return Dosing(document_id="", record_id="", study=study, value=value, unit="mg", **{**rule, **fields})


def make_study(study: str, **facts: Any) -> Study:
    return Study(document_id="", record_id="", study=study, **facts)


def make_document(
    document_id: str, *rows: Record, title: str = "", doi: str | None = None, sha256: str | None = None
) -> Extraction:
    """A document with some records, which get its id and ids of their own, and a mention of each registry number.

    One of ten characters or fewer is malformed, but for those of the Dutch register.
    """
    made = make_extraction("nothing", document_id=document_id)
    document = replace(made.document, sha256=sha256 or document_id, doi=doi, title=title or None)
    tables = {"trials": Trial, "outcomes": Outcome, "dosing": Dosing, "studies": Study}
    records = {
        table: tuple(
            row.model_copy(update={"document_id": document_id, "record_id": f"{table[0]}{number}"})
            for number, row in enumerate((row for row in rows if isinstance(row, kind)), start=1)
        )
        for table, kind in tables.items()
    }
    numbers = {number for row in rows if isinstance(row, Trial) for number in row.registry_ids}
    mentions = tuple(
        Mention(
            document_id=document_id,
            mention_id=f"m{at}",
            label=Label.REGISTRY_ID,
            quote=number,
            start=at,
            end=at + len(number),
            registry=registry_of(number),
            normalized=f"{registry_of(number)}:{number.replace(' ', '')}",
            valid=len(number) > 10 or number.startswith(("NTR", "NL")),
        )
        for at, number in enumerate(sorted(numbers))
    )
    return replace(made, document=document, mentions=mentions, **records)


def registry_of(number: str) -> str:
    known = {"NCT": "NCT", "NTR": "NTR", "NL": "NTR", "2022-5": "CTIS", "20": "EUDRACT"}
    return next(code for beginning, code in known.items() if number.startswith(beginning))


def merge(folder: Path, *documents: Extraction) -> list[MergedTrial]:
    return merge_trials(make_dataset(folder, documents))


def joined(folder: Path, *documents: Extraction) -> list[list[str]]:
    """Which trials are one: `document name` of each, sorted."""
    merged = merge(folder, *documents)
    return sorted(sorted(f"{each.document_id} {each.trial.record.id}" for each in trial.documents) for trial in merged)


def printed(shown: RenderableType, width: int = 140) -> str:
    console = Console(width=width, file=StringIO())
    console.print(shown)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]
