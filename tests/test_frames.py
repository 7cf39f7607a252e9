"""Frames: the tables as tidy pandas frames with stable keys and types that follow from the schema."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas
import pytest
from spacy.language import Language

import extract
from extract.assembly import Extraction
from extract.errors import ExtractError
from extract.frames import KEYS, column_types
from extract.readers import parse_text
from extract.records import TABLES, Evidence, Outcome, Schema

REVIEW = """# Drugs for asthma

## Results

In the BREEZE-2 trial (NCT01234567), 14 of 120 adults (11.70%) given mepolizumab 100 mg had an exacerbation.
"""


@pytest.fixture(scope="module")
def extraction(nlp: Language) -> Extraction:
    return extract.extract_document(parse_text(REVIEW, document_id="asthma"), nlp=nlp)


@pytest.fixture(scope="module")
def result(extraction: Extraction) -> Extraction:
    """The same document with one result made by hand."""
    outcome = Outcome(
        document_id="asthma",
        record_id="o1",
        source_start=30,
        endpoint="OTHER",
        endpoint_text="exacerbation",
        statistic="percent",
        value=Decimal("11.70"),
        unit="%",
        n=14,
        total=120,
        refs=(4, 5),
        quote="11.70%",
        confidence="stated",
        rule="made",
    )
    where = Evidence(
        document_id="asthma", record_id="o1", field="value", start=3, end=9, source_spans=((30, 36),), quote="11.70%"
    )
    return replace(extraction, outcomes=(outcome,), evidence=(where,))


def test_every_table_is_a_frame_with_the_columns_of_the_schema(extraction: Extraction) -> None:
    frames = extraction.to_frames()
    assert list(frames) == list(TABLES)
    for table, frame in frames.items():
        assert list(frame.columns) == list(TABLES[table].model_fields)
        assert len(frame) == len(extraction.rows(table))


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_frame_has_the_types_of_a_filled_one(extraction: Extraction, table: Schema) -> None:
    filled = extraction.to_frames()[table]
    empty = extract.to_frames([])[table]
    assert len(empty) == 0
    assert (
        empty.dtypes.astype(str).tolist()
        == filled.dtypes.astype(str).tolist()
        == [*column_types(TABLES[table]).values()]
    )


def test_types_are_nullable_and_missing_is_not_zero(result: Extraction) -> None:
    outcomes = result.to_frames()["outcomes"]
    types = outcomes.dtypes.astype(str)
    chosen = ["endpoint", "n", "value", "refs", "confidence"]
    assert types[chosen].tolist() == ["string", "Int64", "Float64", "object", "string"]
    row = outcomes.iloc[0]
    assert (row["n"], row["total"], row["value"], row["refs"]) == (14, 120, 11.7, (4, 5))
    assert row["ci_low"] is row["arm"] is row["n_studies"] is pandas.NA


def test_mentions_keep_words_and_truth_values(extraction: Extraction) -> None:
    mentions = extraction.to_frames()["mentions"]
    ids = mentions[mentions["label"] == "REGISTRY_ID"]
    assert ids[["registry", "valid"]].to_numpy().tolist() == [["NCT", True]]
    assert mentions["valid"].dtype == "boolean"
    assert mentions.loc[mentions["label"] == "DOSE", "valid"].isna().all()


def test_numbers_can_be_had_as_printed(result: Extraction) -> None:
    outcomes = result.to_frames(printed=True)["outcomes"]
    assert str(outcomes["value"].iloc[0]) == "11.70"
    assert isinstance(outcomes["value"].iloc[0], Decimal)
    assert outcomes["low"].iloc[0] is None
    assert outcomes["n"].dtype == "Int64"


def test_evidence_joins_to_its_record_by_the_key(result: Extraction) -> None:
    frames = result.to_frames()
    joined = frames["outcomes"].merge(frames["evidence"], on=["document_id", "record_id"], suffixes=("", "_evidence"))
    assert joined["quote_evidence"].tolist() == ["11.70%"]
    assert joined["source_spans"].tolist() == [((30, 36),)]


def test_several_documents_stand_one_after_the_other(extraction: Extraction, nlp: Language) -> None:
    other = extract.extract_document(parse_text(REVIEW, document_id="copy"), nlp=nlp)
    frames = extract.to_frames([extraction, other])
    assert frames["documents"]["document_id"].tolist() == ["asthma", "copy"]
    assert frames["mentions"].index.is_unique
    assert frames["mentions"]["document_id"].unique().tolist() == ["asthma", "copy"]


def test_two_documents_with_one_id_are_told(extraction: Extraction) -> None:
    with pytest.raises(ExtractError, match="two documents have the id 'asthma'"):
        extract.to_frames([extraction, extraction])


@pytest.fixture(scope="module")
def samples(nlp: Language) -> dict[Schema, pandas.DataFrame]:
    paths = sorted((Path(__file__).parents[1] / "corpus" / "samples").glob("*.md"))
    return extract.to_frames(extract.extract_document(extract.read(path), nlp=nlp) for path in paths)


@pytest.mark.parametrize("table", TABLES)
def test_keys_tell_the_rows_of_real_documents_apart(samples: dict[Schema, pandas.DataFrame], table: Schema) -> None:
    assert not samples[table].duplicated([*KEYS[table]]).any()
