"""A batch at full tilt: documents a second with one process and with several, and the memory on the way.

Documents are made from the samples (with `--papers` also from the reviews beside the checkout), each with bytes of its
own: text with other digits, JATS and PDF with a remark. Each way of working is a process of its own on the same files:
a plain loop over them, which keeps nothing; `extract batch` with one worker; with as many as there are processors.
Memory is that of the process and its workers together, looked at whenever a document is done. `--check` exits with 1
where a target is missed or a document is lost.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean
from typing import Any

from harness import ROOT, SAMPLES, show

from extract.batch import Failure, Limits, Options, Result, count_workers
from extract.batch.pool import Pool
from extract.batch.runs import Batch
from extract.readers import SUFFIXES

DOCUMENTS = 2000
MIN_SPEEDUP = 1.8  # with two workers on two processors, over one process
MAX_GROWTH = 0.05  # of the memory, from the first tenth of the documents to the last
PART = 10  # a tenth
FOLDERS = ("jats", "pdf")
PAGE = resource.getpagesize()
LOOP = "a loop in one process"


def sources(*, with_papers: bool) -> list[Path]:
    """The documents that copies are made of."""
    folders = [SAMPLES]
    if with_papers:
        folders += [ROOT.parent / "shared" / "corpus" / name for name in FOLDERS]
    return sorted(path for folder in folders for path in folder.glob("*.*") if path.suffix in SUFFIXES)


def make_documents(folder: Path, count: int, *, with_papers: bool) -> None:
    """`count` documents, mixed, the same at every call."""
    chance = random.Random(count)
    contents = {path: path.read_bytes() for path in sources(with_papers=with_papers)}
    contents = {path: data for path, data in contents.items() if path.name != "README.md"}
    chosen = [path for _, path in zip(range(count), _forever(list(contents)), strict=False)]
    chance.shuffle(chosen)
    for number, path in enumerate(chosen):
        (folder / f"{number:05d}{path.suffix}").write_bytes(_varied(contents[path], path.suffix, number, chance))


def _forever(paths: list[Path]) -> Any:
    while True:
        yield from paths


def _varied(data: bytes, suffix: str, number: int, chance: random.Random) -> bytes:
    if suffix == ".pdf":
        return data + b"%% %d\n" % number
    if suffix in (".xml", ".nxml"):
        return data + b"<!-- %d -->\n" % number
    varied = re.sub(rb"(?<![\w.])[1-9](?=\d)", lambda _: b"%d" % chance.randint(1, 9), data)
    return varied + b"\n\nCopy number %d.\n" % number


def resident(pid: int) -> int:
    """Bytes of a process in memory; 0 where it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE
    except OSError:
        return 0


def run_loop(folder: Path) -> dict[str, Any]:
    """Extract one file after another in this process, and let each result go."""
    from extract.batch.work import extract_file  # noqa: PLC0415 - the process that leads a batch does without

    extract_file(next(folder.iterdir()), Options())  # loads what is needed
    begun, memory = time.perf_counter(), []
    paths = sorted(folder.iterdir())
    failed = 0
    for path in paths:
        failed += isinstance(extract_file(path, Options()), Failure)
        memory.append(resident(os.getpid()))
    seconds = time.perf_counter() - begun
    return {"extracting": seconds, "all": seconds, "memory": memory, "documents": len(paths) - failed, "failed": failed}


def run_batch(folder: Path, workers: int) -> dict[str, Any]:
    """A batch with its ledger and dataset."""
    pool = Pool(Options(), Limits(), workers=workers)
    memory: list[int] = []

    times: dict[str, list[float]] = {}

    def told(became: object, path: Path, outcome: object) -> None:
        if isinstance(outcome, Result):
            times.setdefault(path.suffix, []).append(outcome.seconds)
        memory.append(sum(map(resident, [os.getpid(), *pool.pids()])))

    with tempfile.TemporaryDirectory() as out:
        batch = Batch(Path(out), Options())
        files = batch.choose([folder])
        begun = time.perf_counter()
        summary = batch.run(pool.run, files=files, told=told)
        extracted = time.perf_counter()
        batch.write(summary)
        done = time.perf_counter()
        batch.close()
        size = sum(path.stat().st_size for path in Path(out).glob("*.parquet"))
        ledger = (Path(out) / "ledger.sqlite").stat().st_size
    return {
        "extracting": extracted - begun,
        "all": done - begun,
        "memory": memory,
        "documents": summary.documents,
        "failed": summary.failed,
        "times": {suffix: mean(each) for suffix, each in sorted(times.items())},
        "dataset": size,
        "ledger": ledger,
        "busy": time.process_time() / (done - begun),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def measured(folder: Path, workers: int) -> dict[str, Any]:
    """One way of working, in a process of its own; 0 workers is the loop."""
    command = [sys.executable, __file__, "--measure", str(folder), "--workers", str(workers)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def growth(memory: list[int]) -> float:
    """How much more memory the last tenth of the documents saw than the first, as a fraction."""
    part = max(len(memory) // PART, 1)
    return mean(memory[-part:]) / mean(memory[:part]) - 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--papers", action="store_true", help="also copies of the reviews beside the checkout")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a target is missed")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, default=count_workers(), help="of the parallel batch")
    args = parser.parse_args()
    if args.measure:
        print(json.dumps(run_batch(args.measure, args.workers) if args.workers else run_loop(args.measure)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        make_documents(Path(folder), args.documents, with_papers=args.papers)
        ways = {LOOP: 0, "a batch, 1 worker": 1, f"a batch, {args.workers} workers": args.workers}
        found = {name: measured(Path(folder), workers) for name, workers in ways.items()}
    base = found[LOOP]
    rows = [
        (
            name,
            f"{each['documents']:,}",
            each["failed"],
            f"{each['documents'] / each['all']:.2f}",
            f"{base['all'] / each['all']:.2f}",
            f"{1000 * each['all'] / each['documents'] / 60:.1f}",
            f"{mean(each['memory'][: max(len(each['memory']) // PART, 1)]) / 1e6:.0f}",
            f"{100 * growth(each['memory']):+.1f}%",
        )
        for name, each in found.items()
    ]
    columns = ("way", "done", "failed", "a second", "times the loop", "min for 1,000", "MB at first", "at last")
    show(f"{args.documents:,} documents", columns, rows)
    last = found[f"a batch, {args.workers} workers"]
    one = found["a batch, 1 worker"]
    print(
        f"{args.workers} workers are {one['all'] / last['all']:.2f} times as fast as one, and extract"
        f" {one['extracting'] / last['extracting']:.2f} times as fast; writing the dataset took"
        f" {last['all'] - last['extracting']:.1f} s of {last['all']:.1f} s. For 1,000 documents the dataset has"
        f" {1000 * last['dataset'] / last['documents'] / 1e6:.0f} MB and the ledger"
        f" {1000 * last['ledger'] / last['documents'] / 1e6:.0f} MB; the first process had at most"
        f" {last['peak'] / 1e6:.0f} MB and was busy for {100 * last['busy']:.0f}% of the time."
    )
    each = ", ".join(f"{suffix} {seconds:.2f}" for suffix, seconds in one["times"].items())
    print(f"Seconds of a document in the one worker: {each}.")
    good = (
        all(each["documents"] == args.documents for each in found.values())
        and base["all"] / last["all"] >= MIN_SPEEDUP
        and growth(last["memory"]) <= MAX_GROWTH
    )
    return 1 if args.check and not good else 0


if __name__ == "__main__":
    sys.exit(main())
