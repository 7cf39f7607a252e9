"""The rows that leave the program: pydantic models, the source of the JSON schema and the data dictionary."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from extract.values import Comparator, Confidence, DispersionKind, Operator, PercentRole, Severity, as_printed

# Decimals are written as printed: "0.80" stays "0.80".
Printed = Annotated[Decimal, PlainSerializer(as_printed, return_type=str, when_used="json")]


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
    ARM = "ARM"


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
    code: str | None = Field(None, description="ENDPOINT: code of the endpoint lexicon; STATISTIC: `p_value` …")
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


class Outcome(Record):
    """One reported result: what was measured, in whom, when, with which figure, by which study."""

    document_id: str = Field(description="The file's stem, made unique within a run.")
    record_id: str = Field(description="`o` and a running number in document order.")
    source_start: int | None = Field(None, description="First code point of the value (of a count: its endpoint).")
    source_end: int | None = Field(None, description="One past its last code point in the text file as stored.")
    page_number: int | None = Field(None, description="Page, counted from 1, where the file has pages.")
    endpoint: str = Field(description="Code of the endpoint lexicon; OTHER for an outcome without a code.")
    endpoint_text: str = Field(description="The outcome's name as printed.")
    statistic: str = Field(
        description="percent, count, hazard_ratio, odds_ratio, risk_ratio, mean_difference, risk_reduction, median,"
        " mean, rate, or another measure's usual name in snake_case."
    )
    value: Printed | None = Field(None, description="The number as printed; null for counts.")
    low: Printed | None = Field(None, description="Lower number of a reported range, in the order printed.")
    high: Printed | None = Field(None, description="Upper number of a reported range, in the order printed.")
    unit: str | None = Field(None, description="`%` or UCUM; null for ratios and counts.")
    bound: Comparator | None = Field(None, description="Comparator before the value.")
    n: int | None = Field(None, description="People or events counted, where the text states it.")
    total: int | None = Field(None, description="The cohort that they are counted in, where the text states it.")
    timepoint: str | None = Field(None, description="ISO 8601 duration: P2Y, P12M, P28D.")
    arm: str | None = Field(None, description="Arm or subgroup as printed; of a comparison the index arm.")
    versus: str | None = Field(None, description="The reference arm of a ratio or difference as printed.")
    ci_low: Printed | None = Field(None, description="First bound of the confidence interval, in the order printed.")
    ci_high: Printed | None = Field(None, description="Second bound of the confidence interval.")
    ci_level: Printed | None = Field(None, description="Level of the confidence interval in percent.")
    se: Printed | None = Field(None, description="Standard error, where the text calls it one.")
    dispersion: Printed | None = Field(None, description="One figure of dispersion (after `±`).")
    dispersion_low: Printed | None = Field(None, description="Lower bound of a range of dispersion.")
    dispersion_high: Printed | None = Field(None, description="Upper bound of a range of dispersion.")
    dispersion_kind: DispersionKind | None = Field(None, description="sd, iqr, range; unknown where it is not said.")
    p_op: Operator | None = Field(None, description="Sign before the p-value.")
    p: Printed | None = Field(None, description="The p-value as printed.")
    grade: str | None = Field(None, description="Severity as written: `severe`, `grade 2`.")
    study: str | None = Field(
        None, description="Id of the trial (table `trials`), else `ref:5` by citation, else first author and year."
    )
    refs: tuple[int, ...] = Field((), description="Citation numbers that support the row.")
    note: str | None = Field(None, description="Why something stayed empty or is doubtful.")
    n_studies: int | None = Field(None, description="Pooled results: number of studies.")
    i2: Printed | None = Field(None, description="Pooled results: heterogeneity I² in percent.")
    dois: tuple[str, ...] = Field((), description="DOIs of the refs as printed.")
    quote: str = Field(description="The value as it stands in the normalised text.")
    confidence: Confidence = Field(
        description="stated, carried (from a sentence before) or inferred (from the document)."
    )
    rule: str = Field(description="The rule that bound the value to its outcome.")


class Dosing(Record):
    """One dose: how much of what, when, by which route, in which study."""

    document_id: str = Field(description="The file's stem, made unique within a run.")
    record_id: str = Field(description="`d` and a running number in document order.")
    source_start: int | None = Field(None, description="First code point of the dose in the text file as stored.")
    source_end: int | None = Field(None, description="One past its last code point.")
    page_number: int | None = Field(None, description="Page, counted from 1, where the file has pages.")
    agent: str | None = Field(None, description="Lower-case generic name, null where the text does not say.")
    bound: Comparator | None = Field(None, description="Comparator before the number.")
    value: Printed | None = Field(None, description="The number as printed.")
    low: Printed | None = Field(None, description="Lower number of a range as printed.")
    high: Printed | None = Field(None, description="Upper number of a range as printed.")
    unit: str = Field(description="Unit in UCUM.")
    schedule: str | None = Field(None, description="The shortest phrase that says when or how often, as printed.")
    route: str | None = Field(None, description="iv, po, sc, im, it, inh, top …")
    study: str | None = Field(None, description="As in `outcomes`.")
    refs: tuple[int, ...] = Field((), description="Citation numbers that support the row.")
    note: str | None = Field(None, description="Why something stayed empty or is doubtful.")
    dois: tuple[str, ...] = Field((), description="DOIs of the refs as printed.")
    quote: str = Field(description="The dose as it stands in the normalised text.")
    confidence: Confidence = Field(description="stated, carried or inferred, as in `outcomes`.")
    rule: str = Field(description="The rule that bound the dose to its agent.")


class Trial(Record):
    """One trial that the document names or gives a registry number for."""

    document_id: str = Field(description="The file's stem, made unique within a run.")
    record_id: str = Field(description="`t` and a running number in document order.")
    source_start: int | None = Field(None, description="First code point of its first mention.")
    source_end: int | None = Field(None, description="One past the last code point of its first mention.")
    page_number: int | None = Field(None, description="Page of the first mention, where the file has pages.")
    id: str = Field(description="Short canonical name, else the registry number.")
    aliases: tuple[str, ...] = Field((), description="Other names and spelled-out forms as printed.")
    registry_ids: tuple[str, ...] = Field((), description="Registry numbers as printed, the well-formed ones first.")
    phase: str | None = Field(None, description="Phase in Roman numerals: I, I/II, III.")
    enrolled: int | None = Field(None, description="Number of people enrolled, where the text states it.")
    age: str | None = Field(None, description="Age range as written.")
    years: str | None = Field(None, description="Years of recruitment as written.")
    sponsor: str | None = Field(None, description="Sponsoring group as written.")
    refs: tuple[int, ...] = Field((), description="Citation numbers that stand with the trial.")
    note: str | None = Field(None, description="Why something is doubtful; what a malformed number was taken for.")


class Study(Record):
    """One study that the document reports on: named, registered or known by its citation."""

    document_id: str = Field(description="The file's stem, made unique within a run.")
    record_id: str = Field(description="`s` and a running number in document order.")
    study: str = Field(description="As `study` in the other tables.")
    refs: tuple[int, ...] = Field((), description="Citation numbers.")
    dois: tuple[str, ...] = Field((), description="DOIs of the refs as printed.")
    registry_ids: tuple[str, ...] = Field((), description="Registry numbers as printed.")
    n: str | None = Field(None, description="Number of people as printed.")
    years: str | None = Field(None, description="Years as printed.")
    age: str | None = Field(None, description="Age as printed.")
    design: str | None = Field(None, description="Design as printed: `randomised`, `retrospective`, `phase II`.")


class Finding(Record):
    """Something in the document that cannot be right, or hardly: what is printed speaks against itself."""

    document_id: str = Field(description="The file's stem, made unique within a run.")
    record_id: str = Field(description="`f` and a running number in document order.")
    source_start: int | None = Field(None, description="First code point of the words in doubt in the text file.")
    source_end: int | None = Field(None, description="One past their last code point in the text file as stored.")
    page_number: int | None = Field(None, description="Page, counted from 1, where the file has pages.")
    section: str | None = Field(None, description="Headings above, joined by ` > `.")
    check_name: str = Field(description="Name of the check: `survival_order`, `interval_reversed` …")
    severity: Severity = Field(
        description="impossible: cannot be true; inconsistent: two places disagree; suspicious: true only by chance, or"
        " wrong only if `assumes` holds."
    )
    message: str = Field(description="What is wrong, in a sentence.")
    correction: str | None = Field(None, description="What was likely meant.")
    assumes: str | None = Field(None, description="What the finding takes for granted.")
    study: str | None = Field(None, description="As in `outcomes`.")
    about: tuple[str, ...] = Field((), description="`record_id` of the rows that it is about.")
    quote: str = Field(description="The words in doubt as they stand in the normalised text.")


class Evidence(Record):
    """Where one filled field of a row is printed; of a finding the words in doubt and those that speak against them."""

    document_id: str = Field(description="The file's stem, made unique within a run.")
    record_id: str = Field(description="The row.")
    field: str = Field(description="The row's column; of a finding `stated` or `against`.")
    start: int = Field(ge=0, description="First character in the normalised text.")
    end: int = Field(ge=0, description="One past the last character in the normalised text.")
    source_spans: tuple[tuple[int, int], ...] = Field((), description="The same characters in the file as stored.")
    page_number: int | None = Field(None, description="Page, counted from 1, where the file has pages.")
    boxes: tuple[tuple[int, float, float, float, float], ...] = Field(
        (), description="PDF: page, x0, top, x1, bottom of each printed line, in points from the top left corner."
    )
    quote: str = Field(description="`Document.text[start:end]`.")
    element: str | None = Field(None, description="XML: path of the element that holds it.")


class ReferenceRow(Record):
    """One entry of the reference list, as printed."""

    document_id: str = Field(description="The file's stem, made unique within a run.")
    number: int = Field(description="Its number, or its place in a list without numbers, counted from 1.")
    first_author: str | None = Field(None, description="Family name of the first author, or the group's name.")
    title: str | None = Field(None, description="Title of the work.")
    journal: str | None = Field(None, description="Journal as abbreviated.")
    year: int | None = Field(None, description="Year of publication.")
    doi: str | None = Field(None, description="DOI as printed.")
    pmid: str | None = Field(None, description="PubMed id as printed.")
    note: str | None = Field(None, description="What is doubtful: a DOI that looks garbled.")


class DocumentRow(Record):
    """One row a document."""

    document_id: str = Field(description="The file's stem, made unique within a run.")
    path: str = Field(description="The file as given.")
    sha256: str = Field(description="Checksum of the file's bytes.")
    title: str | None = Field(None, description="Title as printed.")
    doi: str | None = Field(None, description="The document's own DOI as printed.")
    pages: int | None = Field(None, description="Number of pages, null for text without pages.")
    warnings: tuple[str, ...] = Field((), description="Where the reader was unsure.")


Schema = Literal[
    "mentions", "outcomes", "dosing", "trials", "studies", "findings", "evidence", "references", "documents"
]
TABLES: dict[Schema, type[Record]] = {
    "mentions": Mention,
    "outcomes": Outcome,
    "dosing": Dosing,
    "trials": Trial,
    "studies": Study,
    "findings": Finding,
    "evidence": Evidence,
    "references": ReferenceRow,
    "documents": DocumentRow,
}
