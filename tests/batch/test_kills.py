"""`kill -9` at any moment: a rerun gives the bytes of an undisturbed run, and no process is left."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .reviews import dataset_bytes, run_here, write_reviews

KILLS = 20
LONGEST = 2.0  # seconds until a kill: while workers start, in the work, and now and then behind it
COMMAND = (sys.executable, "-m", "extract", "batch", "--workers", "2")
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the workers in /proc")


def workers_of(pid: int) -> list[int]:
    """The running workers that a process has started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            if parent == pid and b"spawn_main" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def wait_for_workers(process: subprocess.Popen[bytes]) -> None:
    """Until a batch has workers, or has ended."""
    while process.poll() is None and not workers_of(process.pid):
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Batches:
    """`extract batch` on a folder, started again and again."""

    def __init__(self, papers: Path, out: Path) -> None:
        self.papers, self.out, self.said = papers, out, papers.with_name("said.txt")
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [*COMMAND, self.papers, "-o", self.out], stdout=subprocess.DEVNULL, stderr=said
            )
        return self.process

    def end(self, code: int = 0) -> list[str]:
        """Wait for the end; the lines that were said."""
        self.process.wait(120)
        said = self.said.read_text(encoding="utf-8")
        assert self.process.returncode == code, said
        return said.splitlines()


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    write_reviews(tmp_path / "papers", 60)
    return tmp_path / "papers"


@pytest.mark.long
def test_twenty_random_kills_of_workers_and_of_the_parent(papers: Path, tmp_path: Path) -> None:
    chance = random.Random(20)
    run_here(tmp_path / "here", papers)
    expected = dataset_bytes(tmp_path / "here")
    batches = Batches(papers, tmp_path / "out")
    victims = chance.sample(["parent", "worker"] * (KILLS // 2), KILLS)
    orphans: set[int] = set()
    while victims:
        wait_for_workers(batches.process)
        time.sleep(chance.uniform(0, LONGEST))
        if batches.process.poll() is not None:  # all was done before the kill: compare, and begin anew
            batches.end()
            assert dataset_bytes(batches.out) == expected
            shutil.rmtree(batches.out)
            batches.start()
        elif victims[-1] == "parent":
            orphans.update(workers_of(batches.process.pid))
            batches.process.kill()
            batches.process.wait()
            victims.pop()
            batches.start()
        elif workers := workers_of(batches.process.pid):
            os.kill(chance.choice(workers), signal.SIGKILL)
            victims.pop()
    batches.end()
    assert dataset_bytes(batches.out) == expected
    deadline = time.monotonic() + 10
    while any(map(is_running, orphans)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in orphans if is_running(pid)] == []
    assert [path.name for path in batches.out.glob(".*")] == []


def test_ctrl_c_ends_cleanly_and_the_same_command_goes_on(papers: Path, tmp_path: Path) -> None:
    batches = Batches(papers, tmp_path / "out")
    ledger = tmp_path / "out" / "ledger.sqlite-wal"
    deadline = time.monotonic() + 60
    while not (ledger.exists() and ledger.stat().st_size > 300_000):  # some results are in it
        assert time.monotonic() < deadline
        time.sleep(0.02)
    workers = workers_of(batches.process.pid)
    batches.process.send_signal(signal.SIGINT)
    lines = batches.end(130)
    assert lines[-1] == "extract: interrupted; the same command goes on from here"
    assert "not yet done" in lines[0]
    assert not any(map(is_running, workers))
    batches.start()
    assert "kept from before" in batches.end()[0]
    run_here(tmp_path / "here", papers)
    assert dataset_bytes(batches.out) == dataset_bytes(tmp_path / "here")
