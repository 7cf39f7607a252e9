"""The rows that leave the program: pydantic models, the source of the JSON schema and the data dictionary."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from extract.values import Comparator, PercentRole

# Decimals are written as printed: "0.80" stays "0.80".
Printed = Annotated[Decimal, PlainSerializer(str, return_type=str, when_used="json")]


class Label(StrEnum):
    """Labels of mentions: the five that the tables promise, then the helpers."""

    TRIAL = "TRIAL"
    REGISTRY_ID = "REGISTRY_ID"
    DOSE = "DOSE"
    PERCENT = "PERCENT"
    ENDPOINT = "ENDPOINT"
    DURATION = "DURATION"
    COUNT = "COUNT"
    STATISTIC = "STATISTIC"
    AGENT = "AGENT"
    CITATION = "CITATION"
    ABBREVIATION = "ABBREVIATION"


PROMISED = (Label.TRIAL, Label.REGISTRY_ID, Label.DOSE, Label.PERCENT, Label.ENDPOINT)


class Record(BaseModel):
    """Base of all rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Mention(Record):
    """One surface in the text that the program recognised."""

    document_id: str = Field(description="The file's stem, made unique within a run.")
    mention_id: str = Field(description="`m` and a running number in document order; `h` and a number for helpers.")
    label: Label = Field(description="TRIAL, REGISTRY_ID, DOSE, PERCENT or ENDPOINT; helpers only on request.")
    quote: str = Field(description="`Document.text[start:end]`.")
    start: int = Field(ge=0, description="First character in the normalised text.")
    end: int = Field(ge=0, description="One past the last character in the normalised text.")
    source_start: int | None = Field(None, description="First code point in the text file as stored.")
    source_end: int | None = Field(None, description="One past the last code point in the text file as stored.")
    page_number: int | None = Field(None, description="Page, counted from 1, where the file has pages.")
    section: str | None = Field(None, description="Headings above, joined by ` > `.")
    block_kind: str | None = Field(None, description="abstract, heading, paragraph, table, caption, footnote.")
    role: PercentRole | None = Field(None, description="PERCENT: what the percentage is.")
    code: str | None = Field(None, description="ENDPOINT: code of the endpoint lexicon.")
    value: Printed | None = Field(None, description="The number as printed.")
    low: Printed | None = Field(None, description="Lower number of a range as printed.")
    high: Printed | None = Field(None, description="Upper number of a range as printed.")
    unit: str | None = Field(None, description="DOSE: unit in UCUM.")
    bound: Comparator | None = Field(None, description="Comparator before the number.")
    implicit: bool | None = Field(None, description="PERCENT: true where the sign is not beside the number.")
    agent: str | None = Field(None, description="DOSE: lower-case generic name, null where the text does not say.")
    registry: str | None = Field(None, description="REGISTRY_ID: the register.")
    normalized: str | None = Field(None, description="REGISTRY_ID: `REGISTRY:ID` in the register's own spelling.")
    valid: bool | None = Field(None, description="REGISTRY_ID: well-formed for its register.")
    reason: str | None = Field(None, description="REGISTRY_ID: what is malformed.")
    meant: str | None = Field(None, description="REGISTRY_ID: the well-formed id in the document that was meant.")
    trial: str | None = Field(None, description="TRIAL: canonical name in the document.")


class DocumentRow(Record):
    """One row a document."""

    document_id: str = Field(description="The file's stem, made unique within a run.")
    path: str = Field(description="The file as given.")
    sha256: str = Field(description="Checksum of the file's bytes.")
    title: str | None = Field(None, description="Title as printed.")
    doi: str | None = Field(None, description="The document's own DOI as printed.")
    pages: int | None = Field(None, description="Number of pages, null for text without pages.")
    warnings: tuple[str, ...] = Field((), description="Where the reader was unsure.")


Schema = Literal["mentions", "documents"]
TABLES: dict[Schema, type[Record]] = {"mentions": Mention, "documents": DocumentRow}
