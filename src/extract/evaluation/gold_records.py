"""Gold records: results, doses and trials as people wrote them down, from the csv files of `gold/<document id>/`.

A table without a file is not annotated (None), which is not the same as a table without rows.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from extract.errors import GoldError
from extract.evaluation.gold import UNKNOWN_AGENT
from extract.patterns import lazy_regex
from extract.values import Comparator, DispersionKind, Operator

PRINTED_NUMBER = lazy_regex(r"-?[0-9]+(\.[0-9]+)?")
WHOLE_NUMBER = lazy_regex(r"[0-9]+")
DURATION = lazy_regex(r"P(?=.)([0-9.]+Y)?([0-9.]+M)?([0-9.]+W)?([0-9.]+D)?(T[0-9.]+[HM])?")


def _like(pattern: re.Pattern[str], told: str) -> BeforeValidator:
    """Refuses a cell that does not look like `pattern`."""

    def check(cell: object) -> object:
        if isinstance(cell, str) and not pattern.fullmatch(cell):
            raise ValueError(f"{cell!r} is no {told}")
        return cell

    return BeforeValidator(check)


def _split(sign: str) -> BeforeValidator:
    """Cuts a cell with several values at `sign`."""

    def split(cell: object) -> object:
        if not isinstance(cell, str):
            return () if cell is None else cell
        return tuple(part.strip() for part in cell.split(sign) if part.strip())

    return BeforeValidator(split)


Number = Annotated[Decimal, _like(PRINTED_NUMBER, "number as printed: digits, a point, an ASCII minus")]
Count = Annotated[int, _like(WHOLE_NUMBER, "whole number")]
Line = Annotated[int, _like(WHOLE_NUMBER, "whole number"), Field(ge=1)]
Timepoint = Annotated[str, _like(DURATION, "ISO 8601 duration")]
Text = Annotated[str, Field(min_length=1)]
Refs = Annotated[tuple[str, ...], _split(",")]
Names = Annotated[tuple[str, ...], _split(";")]


class GoldRow(BaseModel):
    """Base of all gold rows: the columns of a csv file in order, empty cells are None."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class GoldOutcome(GoldRow):
    """A reported result; `line` is that of the value in the file as stored, of a count that of its endpoint."""

    line: Line
    endpoint: Text
    endpoint_text: Text | None = None
    statistic: Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: Text | None = None
    bound: Comparator | None = None
    n: Count | None = None
    total: Count | None = None
    timepoint: Timepoint | None = None
    arm: Text | None = None
    versus: Text | None = None
    ci_low: Number | None = None
    ci_high: Number | None = None
    ci_level: Number | None = None
    se: Number | None = None
    dispersion: Number | None = None
    dispersion_low: Number | None = None
    dispersion_high: Number | None = None
    dispersion_kind: DispersionKind | None = None
    p_op: Operator | None = None
    p: Number | None = None
    grade: Text | None = None
    study: Text | None = None
    refs: Refs = ()
    note: str | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        _check_quantity(self.value, self.low, self.high)
        if self.statistic == "count":
            if self.n is None or self.value is not None or self.low is not None:
                raise ValueError("a count has n and no value")
        elif self.value is None and self.low is None and self.statistic != "median":  # one may not have been reached
            raise ValueError(f"a {self.statistic} has a value, or low and high")
        if (self.p is None) != (self.p_op is None):
            raise ValueError("p and p_op stand together")
        return self


class GoldDosing(GoldRow):
    """A dose; `agent` is None where the annotators wrote `?`."""

    line: Line
    agent: Annotated[Text | None, BeforeValidator(lambda cell: None if cell == UNKNOWN_AGENT else cell)]
    bound: Comparator | None = None
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: Text
    schedule: Text | None = None
    route: Text | None = None
    study: Text | None = None
    refs: Refs = ()
    note: str | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        _check_quantity(self.value, self.low, self.high)
        if self.value is None and self.low is None:
            raise ValueError("a dose has a value, or low and high")
        return self


class GoldTrial(GoldRow):
    """A trial that the document names or gives a registry number for."""

    id: Text
    aliases: Names = ()
    registry_ids: Names = ()
    phase: Text | None = None
    enrolled: Count | None = None
    age: Text | None = None
    years: Text | None = None
    sponsor: Text | None = None
    refs: Refs = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class GoldRecords:
    """The gold rows of one document in the order of their files; a table without a file is None."""

    document_id: str
    outcomes: tuple[GoldOutcome, ...] | None = None
    dosing: tuple[GoldDosing, ...] | None = None
    trials: tuple[GoldTrial, ...] | None = None


Row = TypeVar("Row", bound=GoldRow)


def load_gold_records(folder: Path, document_id: str) -> GoldRecords:
    """The gold rows of one document, `folder` holding one folder a document.

    Raises GoldError that names file, row and reason where a file does not fit its table.
    """
    place = folder / document_id
    return GoldRecords(
        document_id,
        outcomes=_read_rows(place / "outcomes.csv", GoldOutcome),
        dosing=_read_rows(place / "dosing.csv", GoldDosing),
        trials=_read_rows(place / "trials.csv", GoldTrial),
    )


def check_lines(gold: GoldRecords, source_text: str) -> None:
    """Raises GoldError where a row stands on a line that the file does not have."""
    last = source_text.count("\n") + 1
    for table, rows in (("outcomes", gold.outcomes), ("dosing", gold.dosing)):
        for row in rows or ():
            if row.line > last:
                raise GoldError(f"{gold.document_id}/{table}.csv: line {row.line} of a file with {last} lines")


def _read_rows(path: Path, model: type[Row]) -> tuple[Row, ...] | None:
    name = f"{path.parent.name}/{path.name}"
    columns = list(model.model_fields)
    try:
        with path.open(newline="", encoding="utf-8") as stream:
            reader = csv.reader(stream, strict=True)
            header = next(reader, [])
            if header != columns:
                raise GoldError(f"{name}: the header is not {','.join(columns)}")
            return tuple(parse_row(f"{name} row {reader.line_num}", cells, model) for cells in reader if cells)
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise GoldError(f"{name}: not UTF-8 at byte {error.start}") from None
    except csv.Error as error:
        raise GoldError(f"{name}: not CSV: {error}") from None


def parse_row(place: str, cells: list[str], model: type[Row]) -> Row:
    """A row from its cells; raises GoldError, which begins with `place`, where they do not fit the table."""
    columns = list(model.model_fields)
    if len(cells) != len(columns):
        raise GoldError(f"{place}: {len(cells)} cells under {len(columns)} columns")
    fields: dict[str, Any] = {name: cell for name, cell in zip(columns, cells, strict=True) if cell}
    if "agent" in columns:
        fields.setdefault("agent", "")
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        column = ".".join(str(part) for part in first["loc"] if part in columns)
        reason = first["msg"].removeprefix("Value error, ")
        raise GoldError(f"{place}: {column + ': ' if column else ''}{reason}") from None


def _check_quantity(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> None:
    if (low is None) != (high is None) or (value is not None and low is not None):
        raise ValueError("a quantity is one value, or low and high")
