"""What stands of a row after one person, two people and an adjudicator have decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from .making import Desk

REVIEW = "Survival was [outcome 66.2%|arm=placebo] and [outcome 70%|arm=drug] at 1 year. Deaths were 12% in all."


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, REVIEW)


def test_a_row_is_open_until_somebody_decides(desk: Desk) -> None:
    assert desk.states() == [("o1", "open"), ("o2", "open")]
    desk.decide("Anna", "accept", "o1")
    assert desk.states() == [("o1", "accepted"), ("o2", "open")]
    assert desk.row("o1").decided_by == ("Anna",)


def test_a_correction_changes_the_columns_that_it_names(desk: Desk) -> None:
    desk.decide("Anna", "correct", "o1", arm="control", value="66.20")
    row = desk.row("o1")
    assert (row.status, row.row["arm"], row.row["value"], row.row["endpoint"]) == (
        "corrected",
        "control",
        "66.20",
        "OS",
    )
    assert row.machine is not None
    assert row.machine["arm"] == "placebo"


def test_a_correction_can_empty_a_column(desk: Desk) -> None:
    desk.decide("Anna", "correct", "o1", arm=None)
    assert desk.row("o1").row["arm"] is None


def test_a_rejected_row_stays_to_be_seen(desk: Desk) -> None:
    desk.decide("Anna", "reject", "o2")
    assert desk.states() == [("o1", "open"), ("o2", "rejected")]


def test_the_last_decision_of_a_person_counts(desk: Desk) -> None:
    desk.decide("Anna", "reject", "o1")
    desk.decide("Anna", "accept", "o1")
    assert desk.row("o1").status == "accepted"


def test_an_added_row_stands_at_the_words_that_were_selected(desk: Desk) -> None:
    desk.add("Anna", "outcomes", "12%", endpoint="DEATH", endpoint_text="Deaths", value="12")
    added = desk.fold()[-1]
    assert (added.status, added.row["endpoint"], added.row["quote"], added.record_id) == ("added", "DEATH", "12%", None)
    assert desk.text[added.start : added.end] == "12%"
    assert (added.row["rule"], added.row["refs"], added.row["document_id"]) == ("person", [], "review")


def test_rows_stand_in_the_order_of_the_text(desk: Desk) -> None:
    desk.add("Anna", "mentions", "Survival")
    desk.add("Anna", "mentions", "1 year", label="ENDPOINT")
    assert [desk.text[row.start : row.end] for row in desk.fold()] == ["Survival", "66.2%", "70%", "1 year"]


def test_two_people_who_agree_accept_a_row(desk: Desk) -> None:
    desk.decide("Anna", "accept", "o1")
    desk.decide("Ben", "accept", "o1")
    assert (desk.row("o1").status, desk.row("o1").decided_by) == ("accepted", ("Anna", "Ben"))


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        (("accept", {}), ("reject", {}), "disputed"),
        (("accept", {}), ("correct", {"arm": "control"}), "disputed"),
        (("correct", {"arm": "a"}), ("correct", {"arm": "b"}), "disputed"),
        (("correct", {"arm": "a"}), ("correct", {"arm": "a"}), "corrected"),
        (("correct", {"value": "66.20"}), ("accept", {}), "corrected"),  # the same number
        (("correct", {"note": "p. 3"}), ("accept", {}), "corrected"),  # a remark is no dispute
        (("reject", {}), ("reject", {}), "rejected"),
    ],
)
def test_two_people_differ_in_keeping_or_in_fields(
    desk: Desk, first: tuple[str, dict[str, str]], second: tuple[str, dict[str, str]], status: str
) -> None:
    desk.decide("Anna", first[0], "o1", **first[1])
    desk.decide("Ben", second[0], "o1", **second[1])
    assert desk.row("o1").status == status


def test_of_a_disputed_row_the_machine_is_shown(desk: Desk) -> None:
    desk.decide("Anna", "correct", "o1", arm="a")
    desk.decide("Ben", "correct", "o1", arm="b")
    assert desk.row("o1").row["arm"] == "placebo"


def test_the_adjudicator_settles_a_dispute(desk: Desk) -> None:
    desk.decide("Anna", "reject", "o1")
    desk.decide("Ben", "accept", "o1")
    desk.decide("adjudicator Chris", "correct", "o1", arm="both")
    row = desk.row("o1")
    assert (row.status, row.row["arm"], row.decided_by, row.is_adjudicated) == ("corrected", "both", ("Chris",), True)


def test_who_reviews_and_adjudicates_has_two_decisions(desk: Desk) -> None:
    desk.decide("Anna", "reject", "o1")
    desk.decide("adjudicator Anna", "accept", "o1")
    row = desk.row("o1")
    assert (row.status, len(row.decisions)) == ("accepted", 2)
    assert row.base_of("Anna") != row.base_of("Anna", "adjudicator")


def test_independent_work_is_blind(desk: Desk) -> None:
    desk.decide("Anna", "reject", "o1")
    desk.add("Anna", "outcomes", "12%", endpoint="DEATH", value="12")
    desk.decide("adjudicator Chris", "accept", "o1")
    assert desk.states(reviewer="Ben") == [("o1", "open"), ("o2", "open")]
    assert desk.states(reviewer="Anna") == [("o1", "rejected"), ("o2", "open"), (None, "added")]


def test_the_same_row_added_by_two_people_is_one(desk: Desk) -> None:
    desk.add("Anna", "outcomes", "12%", endpoint="DEATH", value="12")
    desk.add("Ben", "outcomes", "12% in all", endpoint="DEATH", value="12")
    (added,) = [row for row in desk.fold() if row.is_added]
    assert (added.status, added.decided_by, len(added.also)) == ("added", ("Anna", "Ben"), 1)


def test_rows_that_two_people_added_otherwise_are_disputed_or_two(desk: Desk) -> None:
    desk.add("Anna", "outcomes", "12%", endpoint="DEATH", value="12")
    desk.add("Ben", "outcomes", "12%", endpoint="DEATH", value="12", arm="all")
    desk.add("Ben", "outcomes", "12%", endpoint="NRM", value="12")
    assert [(row.row["endpoint"], row.status) for row in desk.fold() if row.is_added] == [
        ("DEATH", "disputed"),
        ("NRM", "added"),
    ]


def test_added_rows_are_joined_one_to_one_the_most_alike_first(desk: Desk) -> None:
    desk.add("Anna", "outcomes", "12%", endpoint="DEATH", value="12", arm="women")
    desk.add("Anna", "outcomes", "12%", endpoint="DEATH", value="12", arm="men")
    desk.add("Ben", "outcomes", "12%", endpoint="DEATH", value="12", arm="men")
    desk.add("Ben", "outcomes", "12%", endpoint="DEATH", value="12", arm="women")
    added = [(row.row["arm"], row.status, row.decided_by) for row in desk.fold() if row.is_added]
    assert added == [("women", "added", ("Anna", "Ben")), ("men", "added", ("Anna", "Ben"))]


def test_an_added_row_that_a_finished_reviewer_lacks_is_disputed(desk: Desk) -> None:
    desk.add("Anna", "outcomes", "12%", endpoint="DEATH", value="12")
    assert desk.fold(finished=["Anna"])[-1].status == "added"
    assert desk.fold(finished=["Anna", "Ben"])[-1].status == "disputed"
    desk.log.decide(
        "review",
        "outcomes",
        reviewer="Chris",
        role="adjudicator",
        action="accept",
        subject=desk.fold()[-1].subject_id,
    )
    assert desk.fold(finished=["Anna", "Ben"])[-1].status == "added"


def test_an_accepted_row_keeps_what_was_accepted_when_the_machine_reads_it_otherwise(desk: Desk) -> None:
    desk.decide("Anna", "accept", "o1")
    desk.read(REVIEW.replace("placebo", "no drug"))
    row = desk.row("o1")
    assert (row.status, row.row["arm"], row.machine_changed) == ("accepted", "placebo", True)
    desk.decide("Anna", "accept", "o1")  # anew, seeing the other reading
    row = desk.row("o1")
    assert (row.status, row.row["arm"], row.machine_changed) == ("accepted", "no drug", False)


def test_a_correction_that_the_machine_has_come_to_is_no_correction_any_more(desk: Desk) -> None:
    desk.decide("Anna", "correct", "o1", arm="no drug")
    desk.read(REVIEW.replace("placebo", "no drug"))
    assert desk.row("o1").status == "accepted"


def test_a_decision_stays_when_its_row_is_gone(desk: Desk) -> None:
    desk.decide("Anna", "correct", "o1", arm="control")
    desk.decide("Anna", "reject", "o2")
    desk.read("Survival was 66.2% and 70% at 1 year. Deaths were 12% in all.")
    first, second = desk.fold()
    assert (first.status, first.row["arm"], first.lost_row, first.lost_place) == ("corrected", "control", True, False)
    assert (second.status, second.lost_row) == ("rejected", True)
    assert desk.text[first.start : first.end] == "66.2%"


def test_a_decision_stays_when_its_words_are_gone(desk: Desk) -> None:
    desk.decide("Anna", "accept", "o1")
    desk.read("Another text altogether, on [outcome 70%|arm=drug] of something.")
    lost = desk.fold()[-1]
    assert (lost.status, lost.lost_row, lost.lost_place, lost.start) == ("accepted", True, True, None)
    assert desk.fold(reviewer="Ben") == [desk.row("o1", reviewer="Ben")]  # nothing of it for those who did not decide


def test_undoing_the_only_decision_opens_the_row(desk: Desk) -> None:
    desk.decide("Anna", "reject", "o1")
    desk.log.undo("review", reviewer="Anna")
    assert desk.row("o1").status == "open"


def test_undoing_what_was_added_takes_it_away(desk: Desk) -> None:
    desk.add("Anna", "outcomes", "12%", endpoint="DEATH", value="12")
    desk.log.undo("review", reviewer="Anna")
    assert [row.record_id for row in desk.fold()] == ["o1", "o2"]


def test_what_the_machine_has_come_to_find_is_no_second_row(desk: Desk) -> None:
    desk.add("Anna", "outcomes", "12%", endpoint="DEATH", endpoint_text="Deaths", value="12")
    desk.read(REVIEW.replace("12%", "[outcome 12%|endpoint=DEATH,endpoint_text=Deaths]"))
    assert desk.states() == [("o1", "open"), ("o2", "open"), ("o3", "accepted")]
    assert desk.states(reviewer="Ben")[-1] == ("o3", "open")
    desk.decide("Ben", "reject", "o3")
    row = desk.row("o3")
    assert (row.status, sorted(author.reviewer for author in row.decisions)) == ("disputed", ["Anna", "Ben"])
    assert row.subject_for("Anna") != row.subject_for("Ben")
    for name in ("Anna", "Ben"):
        blind = desk.row("o3", reviewer=name)
        assert blind.subject_id == blind.subject_for(name) == row.subject_for(name)
    made = desk.log.decide(
        *("review", "outcomes"),
        reviewer="Anna",
        action="reject",
        subject=row.subject_for("Anna"),
        row=row.machine,
        base=row.base_of("Anna"),
    )
    assert made.subject_id == row.subject_for("Anna")
    assert desk.row("o3").status == "rejected"


def test_what_the_machine_finds_otherwise_stands_beside_what_was_added(desk: Desk) -> None:
    desk.add("Anna", "outcomes", "12%", endpoint="DEATH", endpoint_text="Deaths", value="12", arm="all")
    desk.read(REVIEW.replace("12%", "[outcome 12%|endpoint=DEATH,endpoint_text=Deaths]"))
    assert desk.states()[2:] == [("o3", "open"), (None, "added")]


def test_who_decides_on_both_keeps_them_apart(desk: Desk) -> None:
    desk.read(REVIEW.replace("12%", "[outcome 12%|endpoint=DEATH,endpoint_text=Deaths]"))
    desk.decide("Anna", "reject", "o3")
    desk.add("Anna", "outcomes", "12%", endpoint="DEATH", endpoint_text="Deaths", value="12")
    assert desk.states()[2:] == [("o3", "rejected"), (None, "added")]
