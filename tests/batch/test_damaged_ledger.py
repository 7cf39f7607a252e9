"""A ledger with other bytes than were written does no harm, or is refused in a line that says what to do."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from extract.batch.ledger import LEDGER, Ledger
from extract.batch.sealing import is_whole, open_seal, seal
from extract.errors import ExtractError, OutputError

from .reviews import dataset_bytes, run_here, write_reviews

SEEDS = range(30)
TOLD = re.compile(
    r"ledger\.sqlite: (damaged \(.+\); move it away to begin anew|made by another version .+; choose another folder)$"
)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three papers and what was made of them."""
    folder = tmp_path_factory.mktemp("done")
    write_reviews(folder / "papers", 3)
    run_here(folder / "out", folder / "papers")
    return folder


@pytest.fixture
def folder(done: Path, tmp_path: Path) -> Path:
    return shutil.copytree(done, tmp_path / "folder")


def damaged(data: bytes, seed: int) -> bytes:
    """Some bytes written over, every seventh time the end lost."""
    chance, changed = random.Random(seed), bytearray(data)
    for _ in range(chance.choice((1, 1, 3))):
        at, many = chance.randrange(len(data)), chance.choice((1, 8, 100))
        changed[at : at + many] = chance.choice((b"\0", b"\xff", b"a", chance.randbytes(1))) * many
    return bytes(changed[: chance.randrange(len(data))] if seed % 7 == 0 else changed)


@pytest.mark.parametrize("seed", SEEDS)
def test_damage_is_told_or_does_no_harm(folder: Path, done: Path, seed: int) -> None:
    out = folder / "out"
    (out / LEDGER).write_bytes(damaged((out / LEDGER).read_bytes(), seed))
    (out / "outcomes.parquet").unlink()  # so that the dataset is written anew, from the ledger
    told = None
    try:
        run_here(out, done / "papers")
    except ExtractError as error:
        told = str(error)
    assert told is None or TOLD.search(told), told
    name = "outcomes.parquet" if told is None else "trials.parquet"  # which is there from before
    assert (out / name).read_bytes() == (done / "out" / name).read_bytes()


def test_a_result_with_one_other_byte_is_not_taken_for_one(folder: Path) -> None:
    """Half of what was written over was told as `out: cannot be written`, and some not at all."""
    out = folder / "out"
    with sqlite3.connect(out / LEDGER) as database:
        (data,) = database.execute("SELECT data FROM parts WHERE name = 'outcomes' LIMIT 1").fetchone()
        changed = data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]
        database.execute("UPDATE parts SET data = ? WHERE name = 'outcomes'", (changed,))
    database.close()
    (out / "outcomes.parquet").unlink()
    with pytest.raises(OutputError, match=r"damaged \(a result in it is not as it was written\); move it away"):
        run_here(out, folder / "papers")


def test_moved_away_it_is_made_anew(folder: Path, done: Path) -> None:
    out = folder / "out"
    (out / LEDGER).write_bytes(b"nothing of it is left")
    (out / LEDGER).rename(folder / "away")
    run_here(out, done / "papers")
    assert dataset_bytes(out) == dataset_bytes(done / "out")


def test_a_database_of_another_program_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / LEDGER) as database:
        database.execute("CREATE TABLE mine (a)")
    database.close()
    before = (tmp_path / LEDGER).read_bytes()
    with pytest.raises(OutputError, match=r"damaged \(no such table: about\); move it away"):
        Ledger(tmp_path)
    with sqlite3.connect(tmp_path / LEDGER) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]
    database.close()
    assert len((tmp_path / LEDGER).read_bytes()) == len(before)


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / LEDGER).mkdir()
    with pytest.raises(OutputError, match=rf"{LEDGER}: a folder lies in its place; move it away"):
        Ledger(tmp_path)


def test_a_seal_knows_what_was_changed_and_what_never_had_a_checksum() -> None:
    packed = b"\x28\xb5\x2f\xfd and more"
    sealed = seal(packed, length=40)
    assert open_seal(sealed) == (40, packed)
    assert is_whole(sealed)
    assert not any(is_whole(sealed[:at] + bytes([sealed[at] ^ 4]) + sealed[at + 1 :]) for at in range(len(sealed)))
    assert not any(is_whole(sealed[:length]) for length in range(len(sealed)))
    earlier = (40).to_bytes(8, "little") + packed
    assert is_whole(earlier)
    assert open_seal(earlier) == (40, packed)
    assert not is_whole(bytes(20))
