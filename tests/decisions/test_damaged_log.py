"""A log with other bytes than were written does no harm, or is refused in a line that says what to do."""

from __future__ import annotations

import random
import re
import sqlite3
from itertools import cycle
from pathlib import Path

import pytest

from extract.decisions.store import DECISIONS, Decisions
from extract.errors import ExtractError, OutputError

from .test_store import decide

SEEDS = range(60)
TOLD = re.compile(
    r"decisions\.sqlite: (damaged \(.+\); put back a copy of it, or .+|made by another version .+; use that version)$"
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a log with the decisions of thirty people."""
    folder = tmp_path_factory.mktemp("log")
    with Decisions(folder) as log:
        for number in range(30):
            decide(log, f"R{number}")
        log.undo("review", reviewer="R1")
        log.finish("review", reviewer="R2")
    return (folder / DECISIONS).read_bytes()


def use(folder: Path) -> None:
    """All that is asked of a log."""
    with Decisions(folder) as log:
        for document_id in log.document_ids():
            log.subjects(document_id)
            log.history(document_id)
            log.finished(document_id)
        log.progress()
        log.undo("review", reviewer="R3")
        log.redo("review", reviewer="R3")
        decide(log, "Anna")


@pytest.mark.parametrize("seed", SEEDS)
def test_damage_is_told_or_does_no_harm(tmp_path: Path, written: bytes, seed: int) -> None:
    chance, changed = random.Random(seed), bytearray(written)
    for _ in range(chance.choice((1, 3, 20))):
        at, many = chance.randrange(len(written)), chance.choice((1, 8, 100))
        changed[at : at + many] = chance.choice((b"\0", b"\xff", b'"', chance.randbytes(1))) * many
    (tmp_path / DECISIONS).write_bytes(changed[: chance.randrange(len(written))] if seed % 7 == 0 else changed)
    told = None
    try:
        use(tmp_path)
    except ExtractError as error:
        told = str(error)
    assert told is None or TOLD.search(told), told


@pytest.mark.parametrize(
    ("column", "value"), [("fields", "{"), ("fields", b"\xff\xfe"), ("seen", '{"a": '), ("subject_id", 99)]
)
def test_a_decision_that_cannot_be_read_is_told(tmp_path: Path, column: str, value: object) -> None:
    """What was no JSON was a fault of the program."""
    with Decisions(tmp_path) as log:
        decide(log, "Anna")
    with sqlite3.connect(tmp_path / DECISIONS) as database:
        database.execute(f"UPDATE decisions SET {column} = ?", (value,))
    database.close()
    with Decisions(tmp_path) as log:
        if column == "subject_id":
            assert log.history("review") == []
        else:
            with pytest.raises(OutputError, match=TOLD):
                log.history("review")


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / DECISIONS).mkdir()
    with pytest.raises(OutputError, match=rf"{DECISIONS}: a folder lies in its place; move it away"):
        Decisions(tmp_path)


def test_a_clock_that_jumps_changes_no_order(tmp_path: Path) -> None:
    """Decisions stand in the order in which they were made, whatever the clock said."""
    times = ("2026-05-01T10:00:00.000+00:00", "1970-01-01T00:00:00.000+00:00", "2999-12-31T23:59:59.000+00:00")
    clock = cycle(times)
    with Decisions(tmp_path, now=lambda: next(clock)) as log:
        first = decide(log, "Anna")
        second = decide(log, "Anna", action="reject", subject=first.subject_id, base=first.decision_id)
        assert second.made_at < first.made_at
        assert [each.decision_id for each in log.history("review")] == [first.decision_id, second.decision_id]
        undone = log.undo("review", reviewer="Anna")
        assert undone is not None
        assert undone.decision_id == second.decision_id
        redone = log.redo("review", reviewer="Anna")
        assert redone is not None
        assert redone.decision_id == second.decision_id
        log.finish("review", reviewer="Anna")
        log.unfinish("review", reviewer="Anna")
        assert log.finished("review") == {}
        log.finish("review", reviewer="Anna")
        assert list(log.finished("review")) == ["Anna"]
