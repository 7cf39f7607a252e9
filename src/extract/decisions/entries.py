"""What the log of decisions holds: subjects (rows that were decided on), where they stand, and the decisions."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple, Self

from extract.errors import ExtractError

TableName = Literal["outcomes", "dosing", "trials", "mentions"]
Role = Literal["reviewer", "adjudicator"]
Action = Literal["accept", "correct", "reject", "add"]
Origin = Literal["machine", "person"]
Row = Mapping[str, Any]  # a row as `extract run` writes it in JSON: numbers as printed in texts, lists, missing is None

TABLE_NAMES: tuple[TableName, ...] = ("outcomes", "dosing", "trials", "mentions")
CONTEXT = 40  # characters kept on either side of a place
MAX_NAME = 60  # characters of a reviewer's name
NAME_SEPARATOR = ";"  # between names in a cell


class DecisionError(ExtractError):
    """A decision that cannot be kept as it is."""


class StaleDecisionError(DecisionError):
    """The reviewer has decided on this row since, in another window: `newer` is what stands now, None where nothing."""

    def __init__(self, message: str, *, newer: Decision | None) -> None:
        super().__init__(message)
        self.newer = newer


class Author(NamedTuple):
    """Who decides, and as what."""

    reviewer: str
    role: Role


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a row stands: `text[start:end]` is `quote`, between `before` and `after`.

    It is the `nth` of `of` places with the same surroundings, counted from 0. `key` is what tells rows at one place
    apart. A row without a place has an empty quote.
    """

    start: int
    end: int
    quote: str
    before: str = ""
    after: str = ""
    nth: int = 0
    of: int = 1
    key: Row = field(default_factory=dict)

    @property
    def is_placed(self) -> bool:
        """Whether the row has a place at all."""
        return bool(self.quote)

    def as_json(self) -> dict[str, Any]:
        """As stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """As read back."""
        return cls(**stored)


@dataclass(frozen=True, slots=True)
class Subject:
    """A row that people decide on: the machine's, as it was when it was first decided on, or one that they added."""

    subject_id: int
    document_id: str
    table: TableName
    origin: Origin
    anchor: Anchor
    snapshot: Row | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person said of one row.

    `seen` is the row that the decision is about (None of `add`), `fields` what differs from it, null being emptied; of
    `add` all fields. `base` is the decision that the person had made on the row before, 0 where there was none.
    """

    decision_id: int
    made_at: str
    reviewer: str
    role: Role
    subject_id: int
    document_id: str
    table: TableName
    action: Action
    seen: Row | None
    fields: Row
    base: int
    is_undone: bool = False

    @property
    def author(self) -> Author:
        """Who made it, and as what."""
        return Author(self.reviewer, self.role)

    @property
    def row(self) -> dict[str, Any]:
        """The row as decided."""
        return {**(self.seen or {}), **self.fields}


def checked_name(name: str) -> str:
    """A reviewer's name without outer and double spaces; raises DecisionError where it cannot stand in a table."""
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(plain) <= MAX_NAME or not plain.isprintable() or NAME_SEPARATOR in plain:
        raise DecisionError(
            f"reviewer {name!r}: a name has 1 to {MAX_NAME} printable characters and no {NAME_SEPARATOR!r}"
        )
    return plain
