"""Datasets to export: two sample reviews and a document of hostile records, as `extract run` would hand them over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pandas as pd

import extract
from extract.assembly import Extraction
from extract.records import (
    TABLES,
    Dosing,
    Evidence,
    Finding,
    Label,
    Mention,
    Outcome,
    ReferenceRow,
    Schema,
    Study,
    Trial,
)
from extract.sinks.arrow import to_arrow
from extract.sinks.dataset import Dataset, write_dataset

from .making import make_extraction

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"
HOSTILE = '=hostile, "id"'
LONG = "x" * 40_000
LONG_PAIRS = "🧬" * 20_000  # two UTF-16 units each
TEXTS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "https://example.org/",
    "internal:evidence!A1",
    "mailto:a@example.org",
    "two\nlines",
    "three\r\nsigns\rof a break\u2028",
    "control \x00\x02\x0b\x1f\x7f\x9b",
    "no character \ufffe\uffff",
    "_x0041_ and _x005F_",
    "<r><t>rich</t></r>",
    "<r>a & b</r>",
    "</t></is></c>&amp;",
    'quoted "twice", with; comma',
    "naïve ≥ μg/m² 🧬 שלום \u202e",
    " leading and trailing ",
    "",
    "0.80",
    "1e5",
    "TRUE",
    "NULL",
    "nan",
    "'; DROP TABLE evidence; --",
    LONG,
    LONG_PAIRS,
)
NUMBERS = (
    *("0.80", "5", "-0.50", "100", "0", "0.000", "1E-7", "1.50E+3", "66.2"),
    *("12345678901234567890", "1.0000000000000001"),  # more digits than a double keeps
)


@cache
def make_extractions() -> tuple[Extraction, ...]:
    """Two reviews as the program reads them, and the hostile records."""
    paths = sorted(SAMPLES.glob("*.md"))[:2]
    return (*(extract.extract_document(extract.read(path)) for path in paths), make_hostile())


def make_hostile() -> Extraction:
    """Every table with texts that spreadsheets, SQL and XML take for something else, and with nothing filled in."""
    made = make_extraction("nothing", document_id=HOSTILE)
    key = {"document_id": HOSTILE}
    rule = {"confidence": "stated", "rule": "made"}
    outcome = {**key, **rule, "endpoint": "OTHER", "statistic": "percent"}
    return replace(
        made,
        mentions=(
            Mention(**key, mention_id="m1", label=Label.DOSE, quote="=1", start=0, end=2),
            Mention(
                **key,
                mention_id="m2",
                label=Label.REGISTRY_ID,
                quote="",
                start=10**12,
                end=2**62,
                valid=False,
                section="-",
            ),
            Mention(**key, mention_id="m3", label=Label.PERCENT, quote="5", start=0, end=1, implicit=True, valid=True),
        ),
        outcomes=(
            Outcome(**outcome, record_id="o0", endpoint_text="", quote=""),
            *(
                Outcome(
                    **outcome,
                    record_id=f"o{place}",
                    endpoint_text="+OS",
                    quote=number,
                    value=Decimal(number),
                    refs=range(place % 3),
                    dois=("=a;b", "@c")[: place % 3],
                )
                for place, number in enumerate(NUMBERS, start=1)
            ),
        ),
        dosing=(Dosing(**key, **rule, record_id="d1", unit="mg", quote="=5 mg", low=Decimal("2.50"), high=Decimal(5)),),
        trials=(
            Trial(**key, record_id="t1", id="=RIALTO", aliases=("", "-x", '"')),
            Trial(**key, record_id="t2", id=""),
        ),
        studies=(Study(**key, record_id="s1", study="ref:4", n="=4"),),
        findings=(
            Finding(
                **key,
                record_id="f1",
                check_name="made",
                severity="impossible",
                message="=1+1",
                quote="\x00",
                about=("o1",),
            ),
            Finding(
                **key, record_id="f2", check_name="made", severity="suspicious", message="", quote="", assumes="@x"
            ),
        ),
        evidence=tuple(_hostile_evidence(place, text) for place, text in enumerate(TEXTS)),
        references=(ReferenceRow(**key, number=4), ReferenceRow(**key, number=5, title="=t", year=2019, note="\n")),
    )


def _hostile_evidence(place: int, text: str) -> Evidence:
    return Evidence(
        document_id=HOSTILE,
        record_id=f"o{place}",
        field="value",
        start=place,
        end=place + 1,
        quote=text,
        source_spans=((12, 18), (40, 44))[: place % 3],
        boxes=((3, 72.0, -1.5, 90.25, 10.0),)[: place % 2],
    )


def make_dataset(folder: Path, extractions: Iterable[Extraction]) -> Dataset:
    """The dataset of some extractions, as a batch writes it."""
    with write_dataset(folder) as writer:
        for extraction in extractions:
            for table in TABLES:
                rows = extraction.promised() if table == "mentions" else extraction.rows(table)
                writer.add(table, to_arrow(rows, table))
    return Dataset(folder)


def make_quotes(folder: Path, quotes: Sequence[str]) -> Dataset:
    """A dataset whose evidence quotes some texts."""
    made = make_extraction("nothing")
    key = {"document_id": "made", "record_id": "o1", "field": "value"}
    evidence = tuple(Evidence(**key, start=place, end=place, quote=quote) for place, quote in enumerate(quotes))
    return make_dataset(folder, [replace(made, evidence=evidence)])


def damage(dataset: Dataset, table: Schema) -> None:
    """Spoil the rows of a table and leave the end of its file, which describes them, as it was."""
    path = dataset.path(table)
    data = path.read_bytes()
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    path.write_bytes(data[:4] + bytes(footer - 4) + data[footer:])


def read_parquet(dataset: Dataset, table: Schema) -> pd.DataFrame:
    """A table as pandas reads it: nullable types, lists as lists."""
    frame = pd.read_parquet(dataset.path(table))
    for name in frame.columns:
        if frame[name].map(lambda value: hasattr(value, "tolist") and value.ndim).any():
            frame[name] = frame[name].map(_as_list)
    return frame


def _as_list(value: object) -> object:
    return [_as_list(each) for each in value] if hasattr(value, "__iter__") and not isinstance(value, str) else value


def names_in(folder: Path) -> list[str]:
    """What a folder holds."""
    return sorted(path.name for path in folder.iterdir())
