"""The ledger: one run at a time, damage told, nothing lost when there is no room."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from extract.batch.ledger import LEDGER, Ledger
from extract.batch.outcomes import Options, Result, Stage, failure_of
from extract.batch.work import extract_file
from extract.errors import OutputError, ReadError

from .reviews import dataset_bytes, run_here, write_reviews


def enter(ledger: Ledger, path: Path, key: str) -> Result:
    """A file with its result."""
    result = extract_file(path, Options())
    assert isinstance(result, Result)
    ledger.list_files([(path, path)], {path: path.stem})
    ledger.enter(path, sha256=result.sha256, key=key)
    ledger.record(key, result)
    return result


def test_what_was_recorded_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    (path,) = write_reviews(tmp_path, 1)
    with Ledger(tmp_path / "out") as ledger:
        result = enter(ledger, path, "k1")
    with Ledger(tmp_path / "out") as ledger:
        assert ledger.has_result("k1")
        assert {name: ledger.part("k1", name) for name in result.parts} == result.parts
        assert [(entry.document_id, entry.path, entry.key) for entry in ledger.entries()] == [(path.stem, path, "k1")]
        assert ledger.summary("k1") == (None, result.title, dict(result.counts), ())


def test_a_result_ends_the_failure_before_it(tmp_path: Path) -> None:
    (path,) = write_reviews(tmp_path, 1)
    with Ledger(tmp_path / "out") as ledger:
        ledger.record_failure("k1", failure_of(path, Stage.READ, "damaged"))
        assert ledger.has_failure("k1")
        enter(ledger, path, "k1")
        assert not ledger.has_failure("k1")


def test_a_second_run_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom extract.batch.ledger import Ledger\nfrom extract.errors import *\n"
        "try: Ledger(Path(sys.argv[1]))\nexcept OutputError as error: print(error)"
    )
    with Ledger(tmp_path):
        said = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == (
        f"{tmp_path / LEDGER}: another run works on this folder; wait for it, or choose another folder"
    )
    with Ledger(tmp_path):
        pass  # it was let go


def test_no_ledger_is_told_where_none_is_to_be_made(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no batch was run here"):
        Ledger(tmp_path, make=False)
    assert not (tmp_path / LEDGER).exists()


@pytest.mark.parametrize("damage", ["text", "overwritten", "truncated"])
def test_a_damaged_ledger_is_told_and_left_as_it_is(tmp_path: Path, damage: str) -> None:
    papers, out = tmp_path / "papers", tmp_path / "out"
    write_reviews(papers, 3)
    run_here(out, papers)
    data = (out / LEDGER).read_bytes()
    damaged = {
        "text": b"this is no database, whatever its name may be" * 100,
        "overwritten": data[:4096] + b"\xaa" * (len(data) - 4096),
        "truncated": data[: len(data) // 3],
    }[damage]
    (out / LEDGER).write_bytes(damaged)
    (papers / "review000.md").write_text("Changed: 5% of patients died.\n", encoding="utf-8")
    with pytest.raises(OutputError, match=rf"{LEDGER}: damaged .*; move it away to begin anew"):
        run_here(out, papers)
    assert (out / LEDGER).read_bytes()[:4096] == damaged[:4096]


def test_a_ledger_of_another_layout_is_told(tmp_path: Path) -> None:
    Ledger(tmp_path).close()
    with sqlite3.connect(tmp_path / LEDGER) as database:
        database.execute("UPDATE about SET value = '99' WHERE name = 'layout'")
    database.close()
    with pytest.raises(OutputError, match="made by another version"):
        Ledger(tmp_path)


def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers, out = tmp_path / "papers", tmp_path / "out"
    write_reviews(papers, 6)
    prepare = Ledger._prepare

    def prepare_full(ledger: Ledger) -> None:
        prepare(ledger)
        ledger._database.execute("PRAGMA max_page_count = 40")

    with monkeypatch.context() as full:
        full.setattr(Ledger, "_prepare", prepare_full)
        with pytest.raises(OutputError, match=rf"{LEDGER}: no space left on the disk; what was done is kept"):
            run_here(out, papers)
    _, told = run_here(out, papers)
    kept = [became for became, _ in told].count("kept")
    assert 0 < kept < 6
    run_here(tmp_path / "here", papers)
    assert dataset_bytes(out) == dataset_bytes(tmp_path / "here")
