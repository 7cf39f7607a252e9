"""A row with what people decided about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from extract.decisions.entries import Author, Decision, Role, Row, TableName

Status = Literal["open", "accepted", "corrected", "rejected", "added", "disputed"]


@dataclass(frozen=True, slots=True)
class ReviewedRow:
    """A row of a document as it stands.

    `subject_id` is None where nobody decided; `also` are further subjects that are the same row: several people added
    it, or the machine has come to find what somebody added.
    `record_id` and `machine` are those of the machine's row now, None where it has none. `row` is the row as decided;
    of a rejected one what was rejected, of an open or disputed one what the machine says, or who added it first. It has
    all columns of its table; without a row of the machine the program's own columns are empty but for quote and place.
    `decisions` are the standing ones by author, `decided_by` the people behind the status.

    `is_adjudicated`: the status is the adjudicator's; `machine_changed`: the machine reads the row otherwise than when
    it was decided on; `lost_row`: it does not find the row any more; `lost_place`: the words are not in the text any
    more, and `start` and `end` are None.
    """

    table: TableName
    subject_id: int | None
    record_id: str | None
    machine: Row | None
    row: Row
    status: Status
    start: int | None
    end: int | None
    decisions: Mapping[Author, Decision] = field(default_factory=dict)
    decided_by: tuple[str, ...] = ()
    is_adjudicated: bool = False
    machine_changed: bool = False
    lost_row: bool = False
    lost_place: bool = False
    also: tuple[int, ...] = ()

    def decision_of(self, reviewer: str, role: Role = "reviewer") -> Decision | None:
        """The standing decision of a person in a role."""
        return self.decisions.get(Author(reviewer, role))

    def base_of(self, reviewer: str, role: Role = "reviewer") -> int:
        """The number of that decision, 0 for none: the `base` of the next one."""
        decision = self.decision_of(reviewer, role)
        return 0 if decision is None else decision.decision_id

    def subject_for(self, reviewer: str, role: Role = "reviewer") -> int | None:
        """The subject of the next decision of a person in a role: that of the last one, else the row's own."""
        decision = self.decision_of(reviewer, role)
        return self.subject_id if decision is None else decision.subject_id

    @property
    def is_added(self) -> bool:
        """Whether a person added the row."""
        return self.machine is None and not self.lost_row
