"""The log: nothing is lost, nothing is overwritten, several people at once, damage told."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from extract.decisions.entries import DecisionError, StaleDecisionError
from extract.decisions.places import anchor_at, anchor_row, placed_rows
from extract.decisions.store import DECISIONS, Decisions
from extract.errors import OutputError, ReadError

from .making import Desk, make

REVIEW = "Survival was [outcome 66.2%|arm=placebo] and [outcome 70%|arm=drug]. Deaths were 12% in all."
TEXT, TABLES = make(REVIEW)
PLACED = placed_rows(TABLES)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, REVIEW)


def decide(log: Decisions, reviewer: str, *, at: int = 0, action: str = "accept", **options: Any) -> Any:
    placed = PLACED[at]
    row: dict[str, Any] = {"anchor": anchor_row(TEXT, placed), "row": placed.row} | options
    return log.decide("review", "outcomes", reviewer=reviewer, action=action, **row)


def test_what_was_decided_is_there_when_the_log_is_opened_again(tmp_path: Path) -> None:
    with Decisions(tmp_path) as log:
        made = decide(log, "Anna", action="correct", fields={"arm": "control", "n": 12})
    with Decisions(tmp_path) as log:
        assert log.history("review") == [made]
        (subject,) = log.subjects("review")
        assert subject.anchor == anchor_row(TEXT, PLACED[0])
        assert subject.snapshot == PLACED[0].row
        assert (log.document_ids(), log.reviewers()) == (["review"], ["Anna"])
        assert made.row == {**PLACED[0].row, "arm": "control", "n": 12}
        assert made.fields == {"arm": "control", "n": 12}


def test_the_first_decisions_of_two_people_are_on_one_row(tmp_path: Path) -> None:
    with Decisions(tmp_path) as log:
        assert decide(log, "Anna").subject_id == decide(log, "Ben").subject_id
        assert decide(log, "Ben", at=1).subject_id != decide(log, "Ben", at=0, base=2).subject_id


def test_a_decision_names_the_one_before(desk: Desk) -> None:
    first = desk.decide("Anna", "accept", "o1")
    second = desk.decide("Anna", "reject", "o1")
    assert (first.base, second.base) == (0, first.decision_id)


def test_a_second_window_does_not_overwrite_what_it_has_not_seen(desk: Desk) -> None:
    first = desk.decide("Anna", "accept", "o1")
    with pytest.raises(StaleDecisionError, match="another window") as stale:
        desk.decide("Anna", "reject", "o1", base=0)
    assert stale.value.newer == first
    desk.log.undo("review", reviewer="Anna")
    with pytest.raises(StaleDecisionError) as stale:
        desk.decide("Anna", "reject", "o1", base=first.decision_id)
    assert stale.value.newer is None
    assert [each.action for each in desk.log.history("review")] == ["accept"]


def test_what_others_decide_makes_nothing_stale(desk: Desk) -> None:
    desk.decide("Anna", "accept", "o1", base=0)
    desk.decide("Ben", "reject", "o1", base=0)
    desk.decide("adjudicator Anna", "reject", "o1", base=0)
    assert len(desk.log.history("review")) == 3


def test_undo_goes_back_step_by_step_and_redo_forth(desk: Desk) -> None:
    for record_id, action in (("o1", "accept"), ("o2", "accept"), ("o1", "reject")):
        desk.decide("Anna", action, record_id)
    seen = [desk.states()]
    for _ in range(3):
        desk.log.undo("review", reviewer="Anna")
        seen.append(desk.states())
    assert [dict(each) for each in seen] == [
        {"o1": "rejected", "o2": "accepted"},
        {"o1": "accepted", "o2": "accepted"},
        {"o1": "accepted", "o2": "open"},
        {"o1": "open", "o2": "open"},
    ]
    assert desk.log.undo("review", reviewer="Anna") is None
    for state in seen[-2::-1]:
        desk.log.redo("review", reviewer="Anna")
        assert desk.states() == state
    assert desk.log.redo("review", reviewer="Anna") is None
    assert len(desk.log.history("review")) == 3


def test_what_was_taken_back_before_a_newer_decision_stays_so(desk: Desk) -> None:
    desk.decide("Anna", "accept", "o1")
    desk.log.undo("review", reviewer="Anna")
    desk.decide("Anna", "accept", "o2")
    assert desk.log.redo("review", reviewer="Anna") is None
    newer = desk.log.undo("review", reviewer="Anna")
    again = desk.log.redo("review", reviewer="Anna")
    assert newer is not None
    assert again is not None
    assert again.decision_id == newer.decision_id
    assert desk.log.redo("review", reviewer="Anna") is None  # the older one had a newer decision after it


def test_nobody_takes_back_what_someone_else_decided(desk: Desk) -> None:
    desk.decide("Anna", "accept", "o1")
    desk.decide("adjudicator Anna", "reject", "o2")
    assert desk.log.undo("review", reviewer="Ben") is None
    assert desk.log.undo("other", reviewer="Anna") is None
    undone = desk.log.undo("review", reviewer="Anna")
    assert undone is not None
    assert (undone.role, undone.is_undone) == ("reviewer", True)
    assert desk.log.redo("review", reviewer="Ben") is None


def test_an_added_row_is_added_once_though_it_is_sent_twice(desk: Desk) -> None:
    first = desk.add("Anna", "outcomes", "12%", endpoint="DEATH", value="12")
    assert desk.add("Anna", "outcomes", "12%", endpoint="DEATH", value="12") == first
    assert desk.add("Ben", "outcomes", "12%", endpoint="DEATH", value="12").subject_id != first.subject_id
    assert desk.add("Anna", "outcomes", "12%", endpoint="NRM", value="12").subject_id != first.subject_id


def test_an_added_row_can_be_changed_and_taken_out_again(desk: Desk) -> None:
    first = desk.add("Anna", "outcomes", "12%", endpoint="DEATH", value="12")
    change: dict[str, Any] = {"reviewer": "Anna", "subject": first.subject_id}
    second = desk.log.decide(
        "review", "outcomes", action="correct", fields={"arm": "all"}, base=first.decision_id, **change
    )
    assert second.row["endpoint"] == "DEATH"
    assert second.row["arm"] == "all"
    assert desk.fold()[-1].row["arm"] == "all"
    desk.log.decide("review", "outcomes", action="reject", base=second.decision_id, **change)
    assert desk.fold()[-1].status == "rejected"


def test_a_decision_on_a_changed_row_remembers_what_it_was_about(desk: Desk) -> None:
    desk.decide("Anna", "accept", "o1")
    desk.read(REVIEW.replace("placebo", "no drug"))
    desk.decide("Ben", "accept", "o1")
    assert [each.row["arm"] for each in desk.log.history("review")] == ["placebo", "no drug"]


def test_who_is_done_is_noted_and_can_be_taken_back(desk: Desk) -> None:
    desk.log.finish("review", reviewer="Ben")
    desk.log.finish("review", reviewer="Anna")
    assert list(desk.log.finished("review")) == ["Anna", "Ben"]
    since = desk.log.finished("review")
    desk.log.finish("review", reviewer="Anna")  # again: it stays as it is
    assert desk.log.finished("review") == since
    desk.log.unfinish("review", reviewer="Anna")
    assert list(desk.log.finished("review")) == ["Ben"]
    assert desk.log.finished("other") == {}
    assert desk.log.reviewers() == ["Anna", "Ben"]


def test_progress_counts_rows_not_decisions(desk: Desk) -> None:
    for action in ("accept", "reject"):
        desk.decide("Anna", action, "o1")
    desk.decide("Ben", "accept", "o1")
    desk.decide("Ben", "accept", "o2")
    desk.decide("adjudicator Chris", "accept", "o2")
    desk.log.undo("review", reviewer="Ben")
    assert desk.log.progress() == {"review": {"Anna": 1, "Ben": 1}}
    assert desk.log.progress(role="adjudicator") == {"review": {"Chris": 1}}


@pytest.mark.parametrize(
    ("action", "fields", "reason"),
    [
        ("correct", {"quote": "x"}, "outcomes: 'quote' is no column that a person may set"),
        ("correct", {"value": 0.8}, "outcomes value: 0.8 is no number as printed"),
        ("correct", {"value": "1,5"}, "outcomes value: '1,5' is no number as printed"),
        ("correct", {"n": "12.5"}, "outcomes n: '12.5' is no whole number"),
        ("correct", {"n": 10**20}, "outcomes n: 100000000000000000000 is no whole number"),
        ("correct", {"arm": "x" * 5001}, "outcomes arm: over 5,000 characters"),
        ("correct", {"arm": "\ud835"}, "outcomes arm: over 5,000 characters, or signs that cannot be printed"),
        ("correct", {"arm": "a\x00b"}, "signs that cannot be printed"),
        ("correct", {"bound": "~"}, "outcomes bound: '~': Input should be"),
        ("correct", {"value": None}, "outcomes: a percent has a value, or low and high"),
        ("correct", {"p": "0.03"}, "outcomes: p and p_op stand together"),
        ("correct", {"timepoint": "2 years"}, "outcomes: timepoint: '2 years' is no ISO 8601 duration"),
        ("correct", {"endpoint": " "}, "outcomes endpoint: is missing"),
        ("correct", {"arm": "placebo"}, "nothing differs from the row: accept it instead"),
        ("correct", {}, "nothing differs from the row: accept it instead"),
        ("accept", {"arm": "x"}, "to accept a row sets no fields"),
        ("approve", {}, "no action 'approve'"),
    ],
)
def test_what_cannot_be_kept_is_told_in_one_line(desk: Desk, action: str, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(DecisionError) as refused:
        desk.decide("Anna", action, "o1", **fields)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
    assert desk.log.subjects("review") == []


def test_values_may_come_as_a_form_gives_them(desk: Desk) -> None:
    made = desk.decide(
        "Anna", "correct", "o1", value="\N{MINUS SIGN}0.80", n="12", arm=" two  arms ", refs="3, 4", low=""
    )
    assert made.fields == {"value": "-0.80", "n": 12, "arm": "two arms", "refs": [3, 4]}


@pytest.mark.parametrize(
    ("table", "fields", "reason"),
    [
        ("mentions", {"label": "TRIAL", "code": None}, "mentions: TRIAL needs trial"),
        ("mentions", {"label": "ENDPOINT", "trial": "A"}, "mentions: ENDPOINT has no trial"),
        ("mentions", {"label": "PLACE"}, "mentions label: 'PLACE': Input should be"),
        ("dosing", {"agent": "x"}, "dosing: a dose has a value, or low and high"),
        ("dosing", {"value": "12", "unit": ""}, "dosing unit: is missing"),
        ("trials", {"phase": "II"}, "trials id: is missing"),
        ("findings", {}, "no table 'findings'"),
    ],
)
def test_an_added_row_has_what_its_table_needs(desk: Desk, table: Any, fields: dict[str, Any], reason: str) -> None:
    usual = {"mentions": {"label": "ENDPOINT", "code": "OS"}, "dosing": {"unit": "mg"}}.get(table, {})
    with pytest.raises(DecisionError) as refused:
        desk.log.decide(
            "review",
            table,
            reviewer="Anna",
            action="add",
            anchor=anchor_at(desk.text, 0, 8),
            fields={**usual, **fields},
        )
    assert reason in str(refused.value)


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "Anna;Ben", "Anna\x00", "An\u202ena"])
def test_a_name_can_stand_in_a_table(desk: Desk, name: str) -> None:
    with pytest.raises(DecisionError, match="printable characters"):
        desk.log.finish("review", reviewer=name)


def test_names_differ_by_more_than_spaces(desk: Desk) -> None:
    desk.log.finish("review", reviewer=" Anna  Beck ")
    assert desk.log.reviewers() == ["Anna Beck"]


def test_a_row_of_another_document_is_none(desk: Desk) -> None:
    made = desk.decide("Anna", "accept", "o1")
    for document_id, table in (("other", "outcomes"), ("review", "dosing")):
        with pytest.raises(DecisionError, match="there is no row"):
            desk.log.decide(document_id, table, reviewer="Ben", action="accept", subject=made.subject_id)


def test_half_a_character_of_a_pdf_does_no_harm(desk: Desk) -> None:
    desk.read("Survival\ud835 was [outcome 66.2%|arm=\ud835] in all.")
    desk.decide("Anna", "accept", "o1")
    assert desk.row("o1").row["arm"] == "\ud835"


def test_threads_take_turns(tmp_path: Path) -> None:
    with Decisions(tmp_path) as log:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda number: decide(log, f"R{number}"), range(40)))
        history = log.history("review")
    assert sorted(each.reviewer for each in history) == sorted(f"R{number}" for number in range(40))
    assert {each.subject_id for each in history} == {1}


def test_processes_take_turns(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom extract.decisions.store import Decisions\n"
        "with Decisions(Path(sys.argv[1])) as log:\n"
        "    for number in range(20): log.finish(f'review{number}', reviewer=sys.argv[2])\n"
    )
    names = ["Anna", "Ben", "Chris"]
    running = [subprocess.Popen([sys.executable, "-c", program, tmp_path, name]) for name in names]
    assert [each.wait() for each in running] == [0, 0, 0]
    with Decisions(tmp_path) as log:
        assert [list(log.finished(f"review{number}")) for number in range(20)] == [names] * 20


def test_a_killed_process_leaves_whole_decisions(tmp_path: Path) -> None:
    program = (
        "import os, sys\nfrom pathlib import Path\nfrom extract.decisions.store import Decisions\n"
        "log = Decisions(Path(sys.argv[1]))\nlog.finish('review', reviewer='Anna')\n"
        "log._log._database.execute('BEGIN IMMEDIATE')\nlog._log.insert('about', name='x', value='y')\nos._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", program, tmp_path], check=False).returncode == 9
    with Decisions(tmp_path) as log:
        assert list(log.finished("review")) == ["Anna"]
        assert log._log.all("SELECT * FROM about WHERE name = 'x'") == []


def test_no_log_is_told_where_none_is_to_be_made(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="nobody decided on anything here"):
        Decisions(tmp_path, make=False)
    assert not (tmp_path / DECISIONS).exists()


@pytest.mark.parametrize("damage", ["text", "overwritten"])
def test_a_damaged_log_is_told_and_left_as_it_is(tmp_path: Path, damage: str) -> None:
    with Decisions(tmp_path) as log:
        decide(log, "Anna")
    path = tmp_path / DECISIONS
    data = path.read_bytes()
    damaged = {"text": b"no database, whatever its name may be" * 100, "overwritten": data[:4096] + b"\xaa" * 90_000}
    path.write_bytes(damaged[damage])
    with pytest.raises(OutputError, match=rf"{DECISIONS}: damaged .*; put back a copy"), Decisions(tmp_path) as log:
        log.history("review")
    assert path.read_bytes()[:4096] == damaged[damage][:4096]


def test_a_log_of_another_layout_is_told(tmp_path: Path) -> None:
    Decisions(tmp_path).close()
    with sqlite3.connect(tmp_path / DECISIONS) as database:
        database.execute("UPDATE about SET value = '99' WHERE name = 'layout'")
    database.close()
    with pytest.raises(OutputError, match="made by another version"):
        Decisions(tmp_path)


def test_a_place_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written"):
        Decisions(tmp_path / "file")


def test_a_full_disk_is_told_and_what_was_decided_is_kept(desk: Desk) -> None:
    desk.decide("Anna", "accept", "o1")
    pages = desk.log._log.all("PRAGMA page_count")[0][0]
    desk.log._log.all(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(OutputError, match="no space left on the disk; what was decided is kept"):
        _fill(desk)
    assert desk.row("o1").status == "accepted"


def _fill(desk: Desk) -> None:
    for number in range(200):
        desk.decide(f"R{number}", "accept", "o2")
