"""How far two reviewers agree: counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.decisions.agreement import Agreement, DocumentRows, TableAgreement, measure_agreement

from .making import Desk

WORDS = "Rates were {} in all, as two of the authors of one review told us. Deaths were 12% and nausea 30%."
REVIEW = WORDS.format(", ".join(f"[outcome {number}%|arm=a{number}]" for number in range(1, 11)))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, REVIEW)


def measure(desk: Desk, *, finished: tuple[str, ...] = ("Anna", "Ben"), scope: str = "finished") -> Agreement:
    document = DocumentRows("review", desk.fold(), finished)
    return measure_agreement([document], "Anna", "Ben", scope=scope)


def keep(desk: Desk, who: str, kept: str) -> None:
    """A sign a row: `+` accepts, `-` rejects, a space leaves it open."""
    for number, sign in enumerate(kept, start=1):
        if sign != " ":
            desk.decide(who, "accept" if sign == "+" else "reject", f"o{number}")


def test_kappa_of_a_table_counted_by_hand(desk: Desk) -> None:
    keep(desk, "Anna", "++++++----")
    keep(desk, "Ben", "+++++-+---")
    found = measure(desk).overall
    assert (found.both_kept, found.first_kept, found.second_kept, found.both_rejected) == (5, 1, 1, 3)
    # 0.8 agree; by chance 0.6 * 0.6 + 0.4 * 0.4 = 0.52
    assert found.kappa == pytest.approx((0.8 - 0.52) / (1 - 0.52))
    assert found.f1 == found.f1_of_rows == pytest.approx(10 / 12)


def test_kappa_of_the_table_in_cohens_manner() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: 0.7 agree, by chance 0.5
    found = TableAgreement("all", both_kept=20, first_kept=5, second_kept=10, both_rejected=15)
    assert found.kappa == pytest.approx(0.4)


@pytest.mark.parametrize("kept", ["++++", "----", ""])
def test_kappa_is_not_defined_where_chance_agrees_on_all(desk: Desk, kept: str) -> None:
    keep(desk, "Anna", kept)
    keep(desk, "Ben", kept)
    assert measure(desk).overall.kappa is None


def test_two_who_never_agree_have_a_kappa_below_nothing(desk: Desk) -> None:
    keep(desk, "Anna", "++--")
    keep(desk, "Ben", "--++")
    found = measure(desk).overall
    assert (found.kappa, found.f1) == (-1.0, 0.0)


def test_nothing_to_compare_has_no_score(desk: Desk) -> None:
    found = measure(desk)
    assert (found.overall.f1, found.overall.f1_of_rows, found.overall.kappa) == (None, None, None)
    assert found.disagreements == ()


def test_fields_count_where_one_of_the_two_fills_them(desk: Desk) -> None:
    keep(desk, "Anna", "++")
    keep(desk, "Ben", " +")
    desk.decide("Ben", "correct", "o1", arm="both", timepoint="P1Y")
    found = measure(desk)
    fields = {name: (share.equal, share.of) for name, share in found.tables[0].fields.items() if share.of}
    assert fields["arm"] == (1, 2)
    assert fields["timepoint"] == (0, 1)
    assert fields["value"] == (2, 2)
    assert "grade" not in fields
    assert found.tables[0].fields["grade"].share is None
    assert (found.overall.equal, found.overall.f1, found.overall.f1_of_rows) == (1, 0.5, 1.0)
    assert [(each.record_id, *each[6:]) for each in found.disagreements] == [
        ("o1", "timepoint", None, "P1Y"),
        ("o1", "arm", "a1", "both"),
    ]


def test_a_remark_and_the_digits_of_a_number_are_no_disagreement(desk: Desk) -> None:
    desk.decide("Anna", "correct", "o1", note="see the table", value="1.0")
    desk.decide("Ben", "accept", "o1")
    found = measure(desk)
    assert (found.overall.f1, found.disagreements) == (1.0, ())


def test_added_rows_count_in_documents_that_both_are_done_with(desk: Desk) -> None:
    desk.add("Anna", "outcomes", "12%", endpoint="DEATH", value="12")
    desk.add("Ben", "outcomes", "12%", endpoint="DEATH", value="12")
    desk.add("Anna", "outcomes", "30%", endpoint="AE", value="30")
    found = measure(desk)
    assert (found.overall.both_added, found.overall.first_added, found.overall.second_added) == (1, 1, 0)
    assert found.overall.f1 == pytest.approx(2 / 3)
    assert [each[6:] for each in found.disagreements] == [(None, "kept", "not added")]
    undone = measure(desk, finished=("Anna",), scope="decided")
    assert (undone.overall.both_added, undone.overall.first_added, undone.overall.f1) == (1, 0, 1.0)


def test_rows_that_one_left_open_do_not_count(desk: Desk) -> None:
    keep(desk, "Anna", "+++")
    keep(desk, "Ben", "+ -")
    found = measure(desk)
    assert (found.overall.both_kept, found.overall.first_kept) == (1, 1)


def test_only_documents_that_both_are_done_with_count_unless_asked(desk: Desk) -> None:
    keep(desk, "Anna", "+")
    keep(desk, "Ben", "+")
    assert measure(desk, finished=("Anna",)).documents == ()
    assert measure(desk, finished=("Anna",), scope="decided").documents == ("review",)


def test_what_an_adjudicator_says_changes_no_agreement(desk: Desk) -> None:
    keep(desk, "Anna", "+")
    keep(desk, "Ben", "-")
    before = measure(desk)
    desk.decide("adjudicator Anna", "correct", "o1", arm="x")
    after = measure(desk)
    assert before.overall == after.overall
    assert [each[6:] for each in after.disagreements] == [(None, "kept", "rejected")]


def test_the_tables_add_up(desk: Desk) -> None:
    keep(desk, "Anna", "++-")
    keep(desk, "Ben", "+--")
    for who in ("Anna", "Ben"):
        desk.add(who, "mentions", "nausea", code="AE")
    found = measure(desk)
    assert [(each.table, each.f1) for each in found.tables] == [
        ("outcomes", pytest.approx(2 / 3)),
        ("dosing", None),
        ("trials", None),
        ("mentions", 1.0),
    ]
    assert found.overall.f1 == pytest.approx(4 / 5)
