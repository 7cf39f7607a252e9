"""What a comparison gives: studies that several reviews report on, and line by line what each review says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from extract.records import Outcome, Printed, Record

Status = Literal["conflict", "swapped", "unclear", "agree", "only"]  # the gravest first
# `conflict`: the values differ; `swapped`: they stand the other way round; `unclear`: they differ, but may be about
# other people or times; `only`: one review alone reports it.


@dataclass(frozen=True, slots=True)
class Source:
    """An entry of a reference list, or what a document itself is."""

    number: int | None
    doi: str | None
    pmid: str | None
    author: str | None
    year: int | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """A result as one review reports it, with its place."""

    outcome: Outcome
    page_number: int | None
    section: str | None


@dataclass(frozen=True, slots=True)
class ReviewStudy:
    """What one review says of one study.

    `names` and `numbers` (registry ids as `REGISTRY:ID`) are empty for a study that is known by its citation alone.
    `sources` are the references that report on this study and no other of the review.
    """

    document_id: str
    paper: str
    own_name: str
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    said: list[Said] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Its name, else first author and year, else what the review's tables call it."""
        cited = [f"{each.author} {each.year or ''}".strip() for each in self.sources if each.author]
        return next(iter((*self.names, *cited)), self.own_name)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How two sides of a line, by their places in it, stand to each other."""

    first: int
    second: int
    status: Status
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One result as some reviews report it: `said` has one side a review, in their order.

    A line of one side has no judgements; its `note` says why it was not set beside those of other reviews.
    """

    status: Status
    said: tuple[Said, ...]
    judgements: tuple[Judgement, ...] = ()
    note: str | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What is told of the line, each thing once."""
        told = [self.note, *(each.note for each in self.judgements)]
        return tuple(dict.fromkeys(note for note in told if note))


@dataclass(frozen=True, slots=True)
class ComparedStudy:
    """A study that at least two reviews report on or cite.

    `matched_by` tells what they share: `DOI 10.…`, `PMID …`, `registry id NCT…`, `author, year and title`, `name …`.
    `note` tells where reviews cite different sources for it.
    """

    label: str
    matched_by: tuple[str, ...]
    registry_ids: tuple[str, ...]
    dois: tuple[str, ...]
    reviews: tuple[ReviewStudy, ...]
    lines: tuple[ComparedLine, ...]
    note: str | None = None

    @property
    def document_ids(self) -> tuple[str, ...]:
        """The reviews, each once."""
        return tuple(dict.fromkeys(each.document_id for each in self.reviews))


class ComparedRow(Record):
    """One result of a study in two reviews, or in one alone; `_a` is the review that was given first."""

    study: str = Field(description="Name of the study, else first author and year, else a registry number.")
    matched_by: tuple[str, ...] = Field(description="What the reviews share, the strongest first.")
    registry_ids: tuple[str, ...] = Field((), description="Well-formed registry numbers.")
    dois: tuple[str, ...] = Field((), description="DOIs of the sources cited for it.")
    line: int | None = Field(None, description="Number of the result within the study; null where none is reported.")
    status: Status | None = Field(
        None,
        description="agree; conflict: the values differ; swapped: they stand the other way round; unclear: they differ,"
        " but may be about other people or times; only: in one review.",
    )
    note: str | None = Field(None, description="What differs, and what speaks against a judgement.")
    endpoint: str | None = Field(None, description="Code of the endpoint lexicon; OTHER for an outcome without a code.")
    endpoint_text: str | None = Field(None, description="The outcome's name as printed in the first review.")
    statistic: str | None = Field(None, description="As in `outcomes`.")
    timepoint: str | None = Field(None, description="ISO 8601 duration, of the first review that prints it.")
    grade: str | None = Field(None, description="Severity as written.")
    document_id_a: str | None = Field(None, description="The first review.")
    record_id_a: str | None = Field(None, description="Its row in `outcomes`.")
    study_a: str | None = Field(None, description="What its rows call the study.")
    arm_a: str | None = Field(None, description="Arm or subgroup as printed there.")
    versus_a: str | None = Field(None, description="Reference arm as printed there.")
    value_a: Printed | None = Field(None, description="The number as printed there.")
    low_a: Printed | None = Field(None, description="Lower number of a range.")
    high_a: Printed | None = Field(None, description="Upper number of a range.")
    unit_a: str | None = Field(None, description="Its unit.")
    n_a: int | None = Field(None, description="People or events counted.")
    total_a: int | None = Field(None, description="In how many.")
    ci_low_a: Printed | None = Field(None, description="First bound of the confidence interval.")
    ci_high_a: Printed | None = Field(None, description="Second bound of the confidence interval.")
    quote_a: str | None = Field(None, description="The words of its evidence.")
    page_number_a: int | None = Field(None, description="Page, counted from 1, where the file has pages.")
    section_a: str | None = Field(None, description="Headings above.")
    source_start_a: int | None = Field(None, description="First code point in the text file as stored.")
    source_end_a: int | None = Field(None, description="One past the last code point.")
    document_id_b: str | None = Field(None, description="The second review; this and what follows as for the first.")
    record_id_b: str | None = Field(None, description="Its row in `outcomes`.")
    study_b: str | None = Field(None, description="What its rows call the study.")
    arm_b: str | None = Field(None, description="Arm or subgroup as printed there.")
    versus_b: str | None = Field(None, description="Reference arm as printed there.")
    value_b: Printed | None = Field(None, description="The number as printed there.")
    low_b: Printed | None = Field(None, description="Lower number of a range.")
    high_b: Printed | None = Field(None, description="Upper number of a range.")
    unit_b: str | None = Field(None, description="Its unit.")
    n_b: int | None = Field(None, description="People or events counted.")
    total_b: int | None = Field(None, description="In how many.")
    ci_low_b: Printed | None = Field(None, description="First bound of the confidence interval.")
    ci_high_b: Printed | None = Field(None, description="Second bound of the confidence interval.")
    quote_b: str | None = Field(None, description="The words of its evidence.")
    page_number_b: int | None = Field(None, description="Page, counted from 1, where the file has pages.")
    section_b: str | None = Field(None, description="Headings above.")
    source_start_b: int | None = Field(None, description="First code point in the text file as stored.")
    source_end_b: int | None = Field(None, description="One past the last code point.")


_SIDE = (
    *("document_id", "record_id", "arm", "versus", "value", "low", "high", "unit", "n", "total", "ci_low", "ci_high"),
    *("quote", "source_start", "source_end"),
)


def rows_of(study: ComparedStudy) -> list[ComparedRow]:
    """A row for each two sides that were judged, and one for each line of one side; at least one."""
    about = {
        "study": study.label,
        "matched_by": study.matched_by,
        "registry_ids": study.registry_ids,
        "dois": study.dois,
    }
    rows = []
    for number, line in enumerate(study.lines, start=1):
        for judged in line.judgements:
            sides = (line.said[judged.first], line.said[judged.second])
            rows.append(_row(about, number, judged.status, judged.note, sides))
        if not line.judgements:
            rows.append(_row(about, number, line.status, line.note, line.said))
    return rows or [ComparedRow(**about, note=study.note or "no result of it in these reviews")]  # type: ignore[arg-type]


def _row(
    about: Mapping[str, object], number: int, status: Status, note: str | None, sides: tuple[Said, ...]
) -> ComparedRow:
    first = sides[0].outcome
    fields: dict[str, object] = {**about, "line": number, "status": status, "note": note}
    fields |= {name: getattr(first, name) for name in ("endpoint", "endpoint_text", "statistic", "grade")}
    fields["timepoint"] = next((side.outcome.timepoint for side in sides if side.outcome.timepoint), None)
    for letter, side in zip("ab", sides, strict=False):
        fields |= {f"{name}_{letter}": getattr(side.outcome, name) for name in _SIDE}
        fields |= {f"study_{letter}": side.outcome.study, f"page_number_{letter}": side.page_number}
        fields[f"section_{letter}"] = side.section
    return ComparedRow.model_validate(fields)
