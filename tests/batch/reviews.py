"""Small reviews to extract by the dozen, and a worker that crashes, hangs or eats memory on files named so."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from extract.batch.outcomes import Failure, Options, Result
from extract.batch.pool import Task
from extract.batch.runs import Batch, Became, Summary
from extract.batch.work import extract_file
from extract.records import TABLES

DEFAULT = Options()
DATASET = (
    *(f"{table}.parquet" for table in TABLES),
    "datapackage.json",
    "data-dictionary.md",
    "failures.csv",
    "duplicates.csv",
)


def review_text(number: int, *, doi: str | None = None) -> str:
    """A review of two trials whose figures depend on `number`."""
    head = f"DOI: {doi}\n\n" if doi else ""
    return f"""# Therapy of Disease {number}: A Review

{head}## Abstract

We summarise trials of drug {number} in adults.

## Results

Patients of the NORTH-{number} trial (NCT{number:08d}) received alpelisib {number + 1} mg once daily. In NORTH-{number},
overall survival at 2 years was {50 + number % 40}.5% with alpelisib and {40 + number % 40}.5% with placebo (hazard
ratio 0.7{number % 10}, 95% CI 0.6{number % 10}-0.8{number % 10}, p=0.0{number % 9 + 1}) [1]. Of {200 + number} patients
in the SOUTH-{number} trial, {10 + number % 30} ({number % 90 + 1}.2%) had a complete response [2].

## References

1. Frost A, Winter B. Alpelisib for disease {number}: the NORTH-{number} trial. J Invent Med. 2019;4:1-9.
2. Sommer C. SOUTH-{number}: complete responses in adults. J Invent Med. 2021;6:10-19.
"""


def write_reviews(folder: Path, count: int) -> list[Path]:
    """`count` different reviews in `folder`, in the order of their names."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"review{number:03d}.md" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(review_text(number), encoding="utf-8")
    return paths


def extract_here(tasks: Iterable[Task]) -> Iterator[tuple[Task, Result | Failure]]:
    """An extractor in this process."""
    for task in tasks:
        yield task, extract_file(task.path, Options(), sha256=task.sha256)


def run_here(
    folder: Path, *inputs: Path | str, options: Options = DEFAULT, retry_failed: bool = False
) -> tuple[Summary, list[tuple[Became, str]]]:
    """A batch in this process: its summary, and what it told of each file."""
    told: list[tuple[Became, str]] = []
    batch = Batch(folder, options)
    try:
        files = batch.choose(inputs)
        summary = batch.run(
            extract_here,
            files=files,
            told=lambda became, path, _: told.append((became, path.name)),
            retry_failed=retry_failed,
        )
        batch.write(summary)
    finally:
        batch.close()
    return summary, told


def dataset_bytes(folder: Path) -> dict[str, bytes]:
    """The files of a dataset by name."""
    return {name: (folder / name).read_bytes() for name in DATASET}


def act(path: Path, options: Options, sha256: str | None) -> Result | Failure:
    """The work of a worker, which files named `crash…`, `hang…`, `memory…` and `fault…` hinder."""
    if path.name.startswith("crash"):
        os.abort()
    if path.name.startswith("hang"):
        time.sleep(3600)
    if path.name.startswith("memory"):
        return extract_file(Path(str(bytearray(1 << 40))), options)
    if path.name.startswith("fault"):
        raise LookupError("a fault of the program\nin two lines")
    return extract_file(path, options, sha256=sha256)
