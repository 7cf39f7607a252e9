"""Decisions on a review outlive what the program does with it: the file changed, everything extracted anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from .samples import SAMPLES, accept_all, decide, make_dataset, opened, run
from .test_tables import REVIEW


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "review.md").write_text(REVIEW, encoding="utf-8")
    make_dataset(tmp_path / "out", [tmp_path / "review.md"])
    return tmp_path / "out"


def test_a_paragraph_more_changes_no_decision(out: Path) -> None:
    accept_all(out, "Anna")
    decide(out, "review", "Anna", "correct", "o2", arm="no iron")
    paper = out / "papers" / "review.md"
    more = "## Results\n\nOverall survival at 1 year was 71% with zinc in the EAST-2 trial (NCT00000002) [2].\n"
    paper.write_text(REVIEW.replace("## Results\n", more), encoding="utf-8")
    run(out, [paper])
    with opened(out) as (_, documents):
        rows = documents[0].rows
    assert not any(row.lost_row or row.lost_place for row in rows)
    outcomes = [(row.row["value"], row.status) for row in rows if row.table == "outcomes"]
    assert outcomes == [("71", "open"), ("61.5", "accepted"), ("50", "corrected")]
    assert {row.row["id"]: row.status for row in rows if row.table == "trials"} == {
        "EAST-2": "open",
        "NORTH-7": "accepted",
    }
    assert {row.status for row in rows if row.table == "mentions" and row.row["quote"] in REVIEW} >= {"accepted"}


def test_a_sentence_less_leaves_what_was_decided_to_the_person(out: Path) -> None:
    accept_all(out, "Anna")
    paper = out / "papers" / "review.md"
    paper.write_text(REVIEW.replace("Patients received iron 200 mg once daily. ", ""), encoding="utf-8")
    run(out, [paper])
    with opened(out) as (_, documents):
        rows = [row for row in documents[0].rows if row.table == "dosing"]
    assert [(row.row["value"], row.status, row.lost_row, row.lost_place) for row in rows] == [
        ("200", "accepted", True, True)
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [("cardiology.md", "cardiology-typeset.pdf"), ("haematology.md", "haematology-archive.nxml")],
)
def test_most_decisions_find_their_rows_in_another_rendition_of_the_paper(
    first: str, second: str, tmp_path: Path
) -> None:
    paper = tmp_path / "paper"
    paper.mkdir()
    make_dataset(tmp_path / "out", [SAMPLES / first])
    accept_all(tmp_path / "out", "Anna")
    with opened(tmp_path / "out") as (log, documents):
        subjects = log.subjects(documents[0].document_id)
    make_dataset(tmp_path / "other", [SAMPLES / second])
    with opened(tmp_path / "other") as (_, documents):
        from extract.decisions.attaching import attach
        from extract.decisions.places import placed_rows

        view = documents[0].view
        rows = placed_rows(view.tables)
        attached = attach(view.text, rows, subjects)
    found = [(subject, rows[at]) for subject in subjects if (at := attached[subject.subject_id].row) is not None]
    assert len(found) > 0.95 * len(subjects)
    for subject, row in found:
        assert subject.snapshot is not None
        if row.table == "outcomes":
            assert (subject.snapshot["value"], subject.snapshot["n"]) == (row.row["value"], row.row["n"])
