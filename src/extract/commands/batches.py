"""What the commands for many reviews do: batch, query, trials, export."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from extract.commands import DONE, NOTHING_DONE, SOME_FAILED, say, stdout_console
from extract.errors import ExtractError

if TYPE_CHECKING:
    from rich.table import Table

    from extract.batch.outcomes import Failure, Options, Result
    from extract.batch.runs import Extractor, Summary, Told
    from extract.sinks.dataset import Dataset

INTERRUPTED = 130  # as a shell reports a process that SIGINT ended
QUIET = 30.0  # seconds between two lines on how far it is, where there is no terminal for a bar
MAX_TOLD = 20  # failures that are told one by one; all are in failures.csv
TABLE_EXPORTS = ("csv", "jsonl", "xlsx", "sqlite", "duckdb", "metafor", "revman")
TEXT_EXPORTS = ("brat", "bioc", "webannotation", "docbin")
DECISION_EXPORTS = ("reviewed", "gold")
EXPORTS = (*TABLE_EXPORTS, *TEXT_EXPORTS, *DECISION_EXPORTS)
_FILES = {
    "xlsx": "tables.xlsx",
    "sqlite": "tables.sqlite",
    "duckdb": "tables.duckdb",
    "bioc": "bioc.xml",
    "webannotation": "annotations.jsonl",
    "docbin": "docs.spacy",
}  # in DIR/exports, where no other place is named; the other formats are folders


def run_batches(args: argparse.Namespace) -> int:
    """`extract batch`: extract what is new or changed and write the dataset."""
    from extract.batch.outcomes import Options
    from extract.batch.runs import Batch

    if not args.inputs and not args.output.is_dir():
        raise ExtractError("nothing to extract: name files, folders, patterns or @lists")
    options = Options(helpers=args.helpers, ocr=args.ocr, password=args.password)
    begun = time.monotonic()
    batch = Batch(args.output, options)
    try:
        files = batch.choose(args.inputs)
        with _extractor(args, options) as extractor, _progress(files) as told:
            summary = batch.run(extractor, files=files, told=told, retry_failed=args.retry_failed)
        batch.write(summary)
        if args.compare and not summary.interrupted:
            _write_comparison(args.output)
    finally:
        batch.close()
    stdout_console().print(_summary_table(summary))
    _say_ending(args.output, summary, time.monotonic() - begun)
    if summary.interrupted:
        return INTERRUPTED
    if not summary.documents:
        return NOTHING_DONE
    return SOME_FAILED if summary.failed else DONE


def _write_comparison(folder: Path) -> None:
    """Compare the reviews of a dataset, beside it."""
    from extract.compare import compare_documents
    from extract.sinks.compare_tables import read_sources, write_comparison_parquet
    from extract.sinks.dataset import Dataset

    write_comparison_parquet(compare_documents(read_sources(Dataset(folder))), folder / "comparison.parquet")


def query_dataset(args: argparse.Namespace) -> int:
    """`extract query`: print what a statement gives."""
    from extract.sinks.query import query_table, run_query, write_query

    result = run_query(args.folder, sys.stdin.read() if args.sql == "-" else args.sql)
    if args.csv or args.json:
        write_query(result, sys.stdout, "csv" if args.csv else "jsonl", head=args.head)
    else:
        stdout_console().print(query_table(result, head=args.head))
    return DONE


def show_trials(args: argparse.Namespace) -> int:
    """`extract trials`: print what all reviews of a dataset say, trial by trial."""
    from extract.sinks.dataset import Dataset
    from extract.sinks.merged_trials import find_trial, merge_trials
    from extract.sinks.trial_tables import trial_detail, trials_overview, write_trials

    merged = merge_trials(Dataset(args.folder))
    if args.trial:
        merged = [find_trial(merged, args.trial)]
    if args.csv or args.json:
        write_trials(merged, sys.stdout, "csv" if args.csv else "json")
    elif args.trial:
        stdout_console().print(trial_detail(merged[0]))
    else:
        stdout_console().print(trials_overview(merged))
    return DONE


def export_dataset(args: argparse.Namespace) -> int:
    """`extract export`: write a dataset for other programs and print the paths."""
    from extract.sinks.dataset import Dataset

    dataset = Dataset(args.folder)
    target = args.output or args.folder / "exports" / _FILES.get(args.to, args.to)
    if args.to in TABLE_EXPORTS:
        paths = _write_tables(args.to, dataset, target)
    else:
        paths = _write_decisions(args, target) if args.to in DECISION_EXPORTS else _write_texts(args, target)
    for path in paths:
        print(path)
    return DONE


def _write_tables(form: str, dataset: Dataset, target: Path) -> list[Path]:
    from extract.sinks.databases import write_duckdb, write_sqlite
    from extract.sinks.meta_analysis import write_metafor, write_revman
    from extract.sinks.text_tables import write_csv, write_json_lines

    if form == "xlsx":
        from extract.sinks.workbooks import write_workbook

        written = write_workbook(dataset, target)
        for warning in written.warnings:
            say(f"{target}: warning: {warning}")
        return [written.path]
    writers: dict[str, Callable[..., list[Path] | Path]] = {
        "csv": write_csv,
        "jsonl": write_json_lines,
        "sqlite": write_sqlite,
        "duckdb": write_duckdb,
        "metafor": write_metafor,
        "revman": write_revman,
    }
    written_paths = writers[form](dataset, target)
    return [written_paths] if isinstance(written_paths, Path) else written_paths


def _write_texts(args: argparse.Namespace, target: Path) -> list[Path]:
    from extract.batch.contents import annotated_documents
    from extract.batch.ledger import Ledger
    from extract.sinks.annotations.bioc import write_bioc
    from extract.sinks.annotations.brat import write_brat
    from extract.sinks.annotations.docbin import write_docbin
    from extract.sinks.annotations.web import write_web_annotations

    writers: dict[str, Callable[..., list[Path] | Path]] = {
        "brat": write_brat,
        "bioc": write_bioc,
        "webannotation": write_web_annotations,
        "docbin": write_docbin,
    }
    with Ledger(args.folder, make=False) as ledger:
        written = writers[args.to](annotated_documents(ledger), target)
    return [written] if isinstance(written, Path) else written


def _write_decisions(args: argparse.Namespace, target: Path) -> list[Path]:
    """What people decided: final tables, or gold; what is left out is told."""
    from extract.batch.ledger import Ledger
    from extract.decisions.documents import left_behind, reviewed_documents
    from extract.decisions.gold import write_gold
    from extract.decisions.store import Decisions
    from extract.decisions.tables import write_reviewed

    with Decisions(args.folder, make=False) as log, Ledger(args.folder, make=False) as ledger:
        for document_id in left_behind(ledger, log):
            say(f"{document_id}: left out: its file is not in the last run, or gave no rows")
        documents = reviewed_documents(ledger, log)
        if args.to == "reviewed":
            written = write_reviewed(documents, target)
            for warning in written.warnings:
                say(warning)
            return written.paths
        exported = write_gold(documents, target)
    for reason in exported.left_out:
        say(reason)
    if not exported.tables:
        raise ExtractError(f"{args.folder}: nothing to export as gold: no table of a document is settled")
    say(f"try it: extract evaluate --gold {target / 'gold'} --corpus {target / 'corpus'}")
    return exported.paths


@contextmanager
def _extractor(args: argparse.Namespace, options: Options) -> Iterator[Extractor]:
    """What does the work: processes of this machine, or a Dask cluster."""
    from extract.batch import count_workers
    from extract.batch.outcomes import Limits
    from extract.batch.runs import local_extractor

    limits = Limits.of(options, timeout=args.timeout, max_memory=args.memory)
    if not (args.dask or args.scheduler):
        yield local_extractor(options, limits, workers=args.workers or count_workers())
        return
    from extract.distributed import dask_extractor

    with dask_extractor(options, limits, scheduler=args.scheduler, workers=args.workers) as extractor:
        yield extractor


@contextmanager
def _progress(files: int) -> Iterator[Told]:
    """Tells of failures, and how far the work is: a bar in a terminal, else a line now and then, on stderr."""
    from rich.console import Console

    from extract.batch.runs import Became

    console = Console(stderr=True)
    with _bar(console, files) if console.is_terminal else _lines(files) as step:
        failures = 0

        def told(became: Became, path: Path, outcome: Result | Failure | None) -> None:
            nonlocal failures
            if became is Became.FAILED:
                failures += 1
                if failures <= MAX_TOLD:
                    say(str(outcome))
                if failures == MAX_TOLD:
                    say("further failures are in failures.csv")
            for warning in getattr(outcome, "warnings", ()):
                say(f"{path}: warning: {warning}")
            step(became is Became.DONE, failures)

        yield told


@contextmanager
def _bar(console: object, files: int) -> Iterator[Callable[[bool, int], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    assert isinstance(console, Console)
    columns = (
        TextColumn("extracting"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("[red]{task.fields[failed]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    # Lines to stderr go above the bar; stdout is for results and stays as it is.
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, refresh_per_second=4) as progress:
        task = progress.add_task("", total=files, rate="", failed="")
        begun, extracted = time.monotonic(), 0

        def step(was_extracted: bool, failures: int) -> None:
            nonlocal extracted
            extracted += was_extracted
            rate = f"{extracted / (time.monotonic() - begun):.1f}/s" if extracted else ""
            progress.update(task, advance=1, rate=rate, failed=f"{failures} failed" if failures else "")

        yield step


@contextmanager
def _lines(files: int) -> Iterator[Callable[[bool, int], None]]:
    begun = last = time.monotonic()
    seen = extracted = 0

    def step(was_extracted: bool, failures: int) -> None:
        nonlocal last, seen, extracted
        seen += 1
        extracted += was_extracted
        now = time.monotonic()
        if now - last >= QUIET and extracted:
            last = now
            left = (now - begun) / seen * (files - seen)
            rate = extracted / (now - begun)
            say(f"{seen} of {files} files, {failures} failed, {rate:.1f} a second, {_span(left)} left")

    yield step


def _summary_table(summary: Summary) -> Table:
    """How many rows the dataset has in each table; a line each, which fits into every terminal."""
    from rich.table import Table

    from extract.records import TABLES

    shown = Table(box=None, show_header=False)
    shown.add_column(style="bold")
    shown.add_column(justify="right")
    shown.add_row("documents", f"{summary.documents:,}")
    for table in TABLES:
        if table != "documents":
            shown.add_row(table, f"{summary.counts.get(table, 0):,}")
    return shown


def _say_ending(folder: Path, summary: Summary, seconds: float) -> None:
    from extract.batch.runs import Became

    became = summary.became
    said = {
        Became.DONE: "extracted",
        Became.KEPT: "kept from before",
        Became.SAME: "with the bytes of another",
        Became.LEFT: "left",
        Became.FAILED: "failed",
    }
    words = [f"{became[each]:,} {word}" for each, word in said.items() if became[each]]
    rest = summary.files - sum(became.values())
    if rest:
        words.append(f"{rest:,} not yet done")
    files = "1 file" if summary.files == 1 else f"{summary.files:,} files"
    say(f"{files}: {', '.join(words)}; {_span(seconds)}")
    if summary.failed:
        say(f"what failed, why and what to do: {folder / 'failures.csv'}")
    if summary.duplicates:
        looks = "1 file looks" if summary.duplicates == 1 else f"{summary.duplicates:,} files look"
        say(f"{looks} like another one: {folder / 'duplicates.csv'}")
    if summary.interrupted:
        say("interrupted; the same command goes on from here")
    else:
        if summary.counts.get("findings"):
            say(f"what cannot be right: extract audit {folder}")
        say(f'wrote the dataset to {folder}; next: extract query {folder} "SELECT * FROM outcomes LIMIT 20"')


def _span(seconds: float) -> str:
    """`2 h 5 min`, `3 min 20 s`, `12 s`."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"
