"""What the commands do, and what every command says and prints with.

What is heavy (spaCy, pydantic, rich) is imported by the command that needs it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from extract.errors import ExtractError, NetworkError

if TYPE_CHECKING:
    from rich.console import Console

    from extract.assembly import Extraction
    from extract.corpus import Placed
    from extract.coverage import Reason
    from extract.document import Document
    from extract.records import Label

DONE, SOME_FAILED, NOTHING_DONE = 0, 1, 2
DRAFT = "https://json-schema.org/draft/2020-12/schema"
WIDTH = 160  # columns where stdout is no terminal
MODEL_FOLDER = Path("models/review_trials")
BASELINE = "baseline.json"  # beside the gold
SHOWN_TABLES = ("outcomes", "dosing", "trials", "studies", "references")


def run_files(args: argparse.Namespace) -> int:
    """`extract run`: extract each file and write the tables."""
    paths: list[Path] = list(dict.fromkeys(args.files))
    extractions = extract_files(args, paths, helpers=args.helpers)
    first = next(extractions, None)
    if first is None:
        return NOTHING_DONE
    from extract.sinks.record_tables import row_counts
    from extract.sinks.tables import open_tables

    with open_tables(args.output, helpers=args.helpers) as tables:
        counts = [(each.document.document_id, tables.add(each)) for each in chain([first], extractions)]
    stdout_console().print(row_counts(counts))
    say(f"wrote {len(tables.paths)} files to {args.output}")
    return exit_code(len(counts), len(paths))


def show_file(args: argparse.Namespace) -> int:
    """`extract show`: print the text of a review with its mentions, an overview of them, or records; or draw pages."""
    _check_show(args)
    document = _read(args.file, args)
    labels = _labels(args.label)
    if args.png:
        return _draw_pages(args, document, labels)
    from extract.sinks.record_tables import rows_table
    from extract.sinks.terminal import colour_text, mark_text, overview

    extraction = extract_and_warn(document, helpers=True)
    console = stdout_console()
    if args.table:
        console.print(rows_table(extraction, args.table, head=args.head))
    elif args.list:
        console.print(overview(extraction, labels))
    elif args.plain or console.no_color or console.color_system is None:
        print(mark_text(extraction, labels))
    else:
        console.print(colour_text(extraction, labels))
    return DONE


def _check_show(args: argparse.Namespace) -> None:
    """Raise ExtractError where an option is given without the one that it belongs to."""
    if args.head is not None and not args.table:
        raise ExtractError("--head belongs to --table: it shows the first rows of one")
    for option, given in (("--page", args.page), ("--blocks", args.blocks), ("--scale", args.scale)):
        if given and not args.png:
            raise ExtractError(f"{option} belongs to --png: name the picture to draw, --png page.png")


def _draw_pages(args: argparse.Namespace, document: Document, labels: Sequence[Label]) -> int:
    """Write the pictures of a PDF's pages with its mentions or its blocks."""
    from extract.sinks.page_pictures import SCALE, check_pages, mark_blocks, mark_mentions, write_pages

    pages = check_pages(document, args.png, page=args.page)
    if args.blocks:
        _warn(document)
        marks = mark_blocks(document)
    else:
        marks = mark_mentions(extract_and_warn(document, helpers=True), labels)
    paths = write_pages(document, marks, pages, scale=args.scale or SCALE, password=args.password)
    for path in paths:
        print(path)
    return DONE


def list_uncovered(args: argparse.Namespace) -> int:
    """`extract coverage`: list the numbers of each file that no record took, or count them by reason."""
    from extract.coverage import Uncovered, find_numbers, find_uncovered
    from extract.sinks.record_tables import reason_table, uncovered_table
    from extract.sinks.tables import csv_cell, csv_line

    reasons = _reasons(args.reason)
    paths: list[Path] = list(dict.fromkeys(args.files))
    counts: list[tuple[str, int, list[Uncovered]]] = []
    console = stdout_console()
    for extraction in extract_files(args, paths, helpers=True):
        document = extraction.document
        total, left = len(find_numbers(extraction)), find_uncovered(extraction)
        shown = [each for each in left if each.reason in reasons]
        if args.json:
            print(*(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in shown), sep="", end="")
        elif args.csv:
            header = [] if counts else [csv_line(column.name for column in fields(Uncovered))]
            print(*header, *(csv_line(map(csv_cell, asdict(each).values())) for each in shown), sep="", end="")
        elif not args.summary:
            console.print(uncovered_table(document, shown, total))
        counts.append((document.document_id, total, left))
    if args.summary and counts:
        console.print(reason_table(counts, reasons))
    return exit_code(len(counts), len(paths))


def fetch_papers(args: argparse.Namespace) -> int:
    """`extract corpus fetch`: get open-access papers from Europe PMC into a folder."""
    from extract.corpus import BASE_URL, fetch_paper

    dois: list[str] = list(dict.fromkeys(args.dois))
    done = 0
    for doi in dois:
        try:
            placed = fetch_paper(doi, args.into, base_url=args.base_url or BASE_URL)
        except NetworkError as error:
            say(str(error))
            break  # the next one would fail in the same way, after as long a wait
        except ExtractError as error:
            say(str(error))
        else:
            _tell_placed(placed, "fetched")
            if placed.entry.licence is None:
                say(f"{placed.path}: warning: licence unknown; look it up before you pass the paper on")
            done += 1
    return exit_code(done, len(dois))


def add_papers(args: argparse.Namespace) -> int:
    """`extract corpus add`: copy files that are at hand into a folder and enter them in its manifest."""
    from extract.corpus import add_file

    paths: list[Path] = list(dict.fromkeys(args.files))
    if args.doi and len(paths) > 1:
        raise ExtractError("--doi belongs to one file: add the others by themselves")
    done = 0
    for path in paths:
        try:
            document = _read(path, args)
            placed = add_file(path, document, args.into, doi=args.doi, licence=args.licence)
        except ExtractError as error:
            say(str(error))
        else:
            _warn(document)
            _tell_placed(placed, "added")
            done += 1
    return exit_code(done, len(paths))


def list_corpus(args: argparse.Namespace) -> int:
    """`extract corpus list`: what papers a folder holds."""
    from extract.corpus.listing import list_papers, papers_table

    papers = list_papers(args.into)
    if papers:
        stdout_console().print(papers_table(args.into, papers))
    else:
        say(f"no papers in {args.into}; get some: extract corpus fetch DOI, or extract corpus add FILE")
    return DONE


def _tell_placed(placed: Placed, verb: str) -> None:
    """One line on stdout for a paper that lies in the folder."""
    from extract.sinks.terminal import visible

    what = visible(f"{placed.entry.title or 'untitled'} ({placed.entry.licence or 'licence unknown'})")
    print(f"{verb if placed.is_new else 'already there:'} {placed.path}: {what}")


def evaluate(args: argparse.Namespace) -> int:
    """`extract evaluate`: score the program against the gold."""
    from extract.evaluation import RENDITION_SUFFIXES, evaluate_gold, list_errors, print_evaluation, to_json
    from extract.readers import SUFFIXES
    from extract.sinks.baseline import check_baseline, read_json, update_baseline
    from extract.sinks.markdown import record_table, score_table

    def extract_file(path: Path) -> Extraction:
        from extract.readers import read

        return extract_and_warn(read(path), helpers=False)

    readable = [suffix for suffix in RENDITION_SUFFIXES if suffix in SUFFIXES]
    evaluation = evaluate_gold(
        args.gold,
        args.corpus,
        extract_file,
        documents=args.documents,
        aligned=args.aligned,
        suffixes=readable if args.aligned else None,
        only=args.only,
    )
    if not evaluation.document_ids:
        raise ExtractError(_why_nothing_is_scored(args.gold, args.corpus))
    errors = list_errors(evaluation) if args.errors else []
    if args.json:
        scores = to_json(evaluation) | ({"errors": errors} if args.errors else {})
        print(json.dumps(scores, ensure_ascii=False, indent=2))
    elif args.markdown:
        tables = [score_table(evaluation)] if evaluation.rows else []
        tables += [record_table(evaluation)] if evaluation.records is not None else []
        print(*tables, sep="\n\n")
    else:
        print_evaluation(evaluation, stdout_console())
        print(*errors, sep="\n", end="\n" if errors else "")
    path = args.gold / BASELINE
    if args.html is not None:
        from extract.sinks.html.evaluation_page import write_evaluation

        write_evaluation(evaluation, args.html, baseline=read_json(path) if path.exists() else None)
        say(f"wrote {args.html}")
    losses = check_baseline(path, evaluation) if args.check_baseline else []
    for loss in losses:
        say(loss)
    if args.update_baseline:
        update_baseline(path, evaluation)
        say(f"wrote {path}")
    return SOME_FAILED if losses else DONE


def _why_nothing_is_scored(gold: Path, corpora: Sequence[Path]) -> str:
    from extract.evaluation import gold_documents

    if not gold_documents(gold):
        return f"{gold}: no gold documents; name their folder with --gold (this program's come with its source)"
    folders = ", ".join(map(str, corpora))
    return f"no gold document of {gold} has its text in {folders}; name the folder of the texts with --corpus"


def build_model(args: argparse.Namespace) -> int:
    """`extract model build`: write the pipeline for `spacy.load` and its model card."""
    from extract import model

    card = args.card or (args.output.parent if args.output == MODEL_FOLDER else args.output) / "README.md"
    evaluation = model.build_model(args.output, card=card, gold=args.gold, corpora=args.corpus)
    scored = 0 if evaluation is None else len(evaluation.documents)
    say(f"wrote {args.output} and {card}; gold documents scored: {scored}")
    return DONE


def print_schema(args: argparse.Namespace) -> int:
    """`extract schema`: print the JSON Schema of the tables, or the data dictionary."""
    from extract.records import TABLES
    from extract.sinks.dictionary import data_dictionary

    if args.markdown:
        print(data_dictionary(), end="")
        return DONE
    schemas = {
        str(table): {"$schema": DRAFT} | model.model_json_schema(mode="serialization")
        for table, model in TABLES.items()
    }
    if args.table is not None and args.table not in schemas:
        raise ExtractError(f"no table {args.table!r}; there are {', '.join(schemas)}")
    print(json.dumps(schemas if args.table is None else schemas[args.table], ensure_ascii=False, indent=2))
    return DONE


def extract_files(args: argparse.Namespace, paths: Sequence[Path], *, helpers: bool) -> Iterator[Extraction]:
    """What each file holds, under an id that no other of the run has; files that fail are told on stderr.

    Several files get a progress bar on stderr where that is a terminal.
    """
    from rich.console import Console
    from rich.progress import track

    from extract.batch.inputs import document_ids

    console = Console(stderr=True)
    named = list(zip(paths, document_ids(paths), strict=True))
    hidden = len(paths) < 2 or not console.is_terminal
    for path, document_id in track(named, "extracting", console=console, transient=True, disable=hidden):
        try:
            extraction = extract_and_warn(_read(path, args, document_id=document_id), helpers=helpers)
        except ExtractError as error:
            say(str(error))
        else:
            yield extraction


def _read(path: Path, args: argparse.Namespace, *, document_id: str | None = None) -> Document:
    """Read a file with the password of the command line and, where that asks for it, through OCR."""
    if args.ocr:
        from extract.readers.ocr import read_scan

        return read_scan(path, document_id=document_id, password=args.password)
    from extract.readers import read

    return read(path, document_id=document_id, password=args.password)


def exit_code(done: int, wanted: int) -> int:
    """0 where all was done, 1 where some, 2 where nothing."""
    return DONE if done == wanted else SOME_FAILED if done else NOTHING_DONE


def extract_and_warn(document: Document, *, helpers: bool) -> Extraction:
    """Extract and tell where the reader was unsure."""
    from extract.audit import extract_and_audit

    _warn(document)
    return extract_and_audit(document, helpers=helpers)


def _warn(document: Document) -> None:
    for warning in document.warnings:
        say(f"{document.path}: warning: {warning}")


def stdout_console() -> Console:
    """Stdout for rich: as wide as the terminal, in a pipe wide enough for the tables."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH
    return Console(width=width, highlight=False)


def say(message: str) -> None:
    """One line to stderr."""
    print(f"extract: {' '.join(message.splitlines())}", file=sys.stderr)


def _labels(chosen: Sequence[str] | None) -> list[Label]:
    from extract.records import PROMISED, Label

    if chosen is None:
        return list(PROMISED)
    names = [name.strip().upper() for names in chosen for name in names.split(",")]
    unknown = [name for name in names if name not in Label.__members__]
    if unknown:
        raise ExtractError(f"no label {', '.join(map(repr, unknown))}; there are {', '.join(Label)}")
    return [label for label in Label if label in names]


def _reasons(chosen: Sequence[str] | None) -> set[Reason]:
    """The reasons that contain one of the texts; all without any."""
    from extract.coverage import Reason

    found = {reason for reason in Reason if chosen is None or any(text.lower() in reason for text in chosen)}
    if not found:
        raise ExtractError(f"no reason contains {', '.join(map(repr, chosen or ()))}; there are: {', '.join(Reason)}")
    return found
