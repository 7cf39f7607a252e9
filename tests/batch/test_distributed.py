"""Batches on a Dask cluster: separate worker processes, one of them killed in the middle of the work."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from extract.batch.outcomes import Failure, Limits, Options, Result, Stage
from extract.batch.pool import Task
from extract.batch.runs import Batch
from extract.cli import main
from extract.errors import ExtractError

from .reviews import dataset_bytes, run_here, write_reviews

pytest.importorskip("distributed", reason="the extra `dask` is not installed")

from distributed import Client

from extract.distributed import dask_extractor


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    write_reviews(tmp_path / "papers", 24)
    (tmp_path / "papers" / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    return tmp_path / "papers"


class Cluster:
    """A scheduler and two workers, each a process of its own, as on machines of their own."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
        port = self.address.rpartition(":")[2]
        self._stack, self._folder = stack, folder
        self.scheduler = self.start("dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
        self.workers = [self.add_worker(), self.add_worker()]

    def add_worker(self) -> subprocess.Popen[bytes]:
        return self.start("dask_worker", self.address, "--no-nanny", "--no-dashboard", "--nthreads", "1")

    def start(self, program: str, *options: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{program}", *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
        )
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process

    def kill(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()


def listening(count: int, then: Callable[[], None]) -> tuple[list[str], Callable[..., None]]:
    """A list of what became of the files, and what fills it; after so many of them `then` is called."""
    told: list[str] = []

    def tell(became: object, *_: object) -> None:
        told.append(str(became))
        if len(told) == count:
            then()

    return told, tell


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        yield Cluster(stack, tmp_path)


def test_the_files_of_a_killed_worker_are_done_by_the_others(papers: Path, tmp_path: Path, cluster: Cluster) -> None:
    run_here(tmp_path / "here", papers)
    out = tmp_path / "out"
    batch = Batch(out, Options())
    files = batch.choose([papers])
    told, tell = listening(6, cluster.workers[0].kill)
    with dask_extractor(Options(), Limits(), scheduler=cluster.address) as extractor:
        with Client(cluster.address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        summary = batch.run(extractor, files=files, told=tell)
    batch.write(summary)
    batch.close()
    assert cluster.workers[0].wait(10) == -signal.SIGKILL
    assert sorted(told) == ["done"] * 24 + ["failed"]
    assert dataset_bytes(out) == dataset_bytes(tmp_path / "here")


def test_the_command_works_on_a_cluster_of_this_machine_and_goes_on_without_it(
    papers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["batch", str(papers), "-o", str(tmp_path / "out"), "--workers", "2"]
    assert main([*command, "--dask"]) == 1  # the bad file
    assert "24 extracted, 1 failed" in capsys.readouterr().err
    assert main(command) == 1
    assert "24 kept from before, 1 failed" in capsys.readouterr().err
    run_here(tmp_path / "here", papers)
    assert dataset_bytes(tmp_path / "out") == dataset_bytes(tmp_path / "here")


def test_limits_hold_in_a_cluster_and_crashes_cost_no_dask_worker(tmp_path: Path, cluster: Cluster) -> None:
    long, short = tmp_path / "long.md", tmp_path / "short.md"
    short.write_text("# Results\n\nOverall survival was 5% (95% CI 4-6%).\n", encoding="utf-8")
    long.write_text(short.read_text(encoding="utf-8") * 20_000, encoding="utf-8")
    with dask_extractor(Options(), Limits(timeout=2), scheduler=cluster.address) as extractor:
        outcomes = {task.path: outcome for task, outcome in extractor([Task(long), Task(short), Task(long)])}
    assert isinstance(outcomes[short], Result)
    failure = outcomes[long]
    assert isinstance(failure, Failure)
    assert (failure.stage, failure.error) == (Stage.LIMIT, "not done within 2 seconds")
    assert [worker.poll() for worker in cluster.workers] == [None, None]


def test_no_process_is_left_when_a_dask_worker_is_killed(tmp_path: Path, cluster: Cluster) -> None:
    path = tmp_path / "review.md"
    path.write_text("# Results\n\nOverall survival was 5%.\n", encoding="utf-8")
    with dask_extractor(Options(), Limits(), scheduler=cluster.address) as extractor:
        assert len(list(extractor([Task(path), Task(path), Task(path)]))) == 3
    children = [
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if is_child(process, {worker.pid for worker in cluster.workers})
    ]
    assert children
    for worker in cluster.workers:
        worker.kill()
        worker.wait()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []


def is_child(process: Path, parents: set[int]) -> bool:
    try:
        return int((process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]) in parents
    except OSError:
        return False


def test_another_version_on_a_worker_ends_the_run(
    papers: Path, tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.distributed.program_version", lambda: "0.0+other")
    with (
        dask_extractor(Options(), Limits(), scheduler=cluster.address) as extractor,
        pytest.raises(ExtractError, match=r"a Dask worker has extract .*, here is 0\.0\+other"),
    ):
        list(extractor([Task(papers / "review000.md")]))


def test_a_scheduler_that_goes_away_ends_the_run_and_keeps_what_was_done(
    papers: Path, tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    batch = Batch(out, Options())
    files = batch.choose([papers])
    told, tell = listening(3, cluster.kill)
    with (
        pytest.raises(ExtractError, match="what was done is kept"),
        dask_extractor(Options(), Limits(), scheduler=cluster.address) as extractor,
    ):
        batch.run(extractor, files=files, told=tell)
    batch.close()
    summary, again = run_here(out, papers)
    assert [became for became, _ in again].count("kept") == told.count("done") >= 2
    assert summary.documents == 24


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nowhere", "nowhere: no scheduler answers (Invalid url scheme"),
        ("tcp://nowhere", "missing port number"),
        ("tcp://127.0.0.1:1", "tcp://127.0.0.1:1: no scheduler answers"),
    ],
)
def test_an_address_where_nobody_answers_is_told(
    address: str,
    said: str,
    papers: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("extract.distributed.CONNECT", 1.0)
    assert main(["batch", str(papers), "-o", str(tmp_path / "out"), "--scheduler", address]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_without_dask_the_extra_is_named(
    papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["batch", str(papers), "-o", str(tmp_path / "out"), "--dask"]) == 2
    assert "pip install 'review-extract[dask]'" in capsys.readouterr().err
