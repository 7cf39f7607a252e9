"""What the commands `run`, `show`, `coverage` and `schema` do, and what every command says and prints with.

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

from extract.errors import ExtractError

if TYPE_CHECKING:
    from rich.console import Console

    from extract.assembly import Extraction
    from extract.coverage import Reason
    from extract.document import Document
    from extract.records import Label

DONE, SOME_FAILED, NOTHING_DONE = 0, 1, 2
DRAFT = "https://json-schema.org/draft/2020-12/schema"
WIDTH = 160  # columns where stdout is no terminal
SHOWN_TABLES = ("outcomes", "dosing", "trials", "studies", "references")


def run_files(args: argparse.Namespace) -> int:
    """`extract run`: extract each file and write the tables."""
    paths: list[Path] = list(dict.fromkeys(args.files))
    extractions = _extract_files(paths, helpers=args.helpers)
    first = next(extractions, None)
    if first is None:
        return NOTHING_DONE
    from extract.sinks.record_tables import row_counts
    from extract.sinks.tables import open_tables

    with open_tables(args.output, helpers=args.helpers) as tables:
        counts = [(each.document.document_id, tables.add(each)) for each in chain([first], extractions)]
    stdout_console().print(row_counts(counts))
    say(f"wrote {len(tables.paths)} files to {args.output}")
    return DONE if len(counts) == len(paths) else SOME_FAILED


def show_file(args: argparse.Namespace) -> int:
    """`extract show`: print the text of a review with its mentions, an overview of them, or records."""
    from extract.readers import read

    document = read(args.file)
    from extract.sinks.record_tables import rows_table
    from extract.sinks.terminal import colour_text, mark_text, overview

    labels = _labels(args.label)
    extraction = extract_and_warn(document, helpers=True)
    console = stdout_console()
    if args.table:
        console.print(rows_table(extraction, args.table))
    elif args.list:
        console.print(overview(extraction, labels))
    elif args.plain or console.no_color or console.color_system is None:
        print(mark_text(extraction, labels))
    else:
        console.print(colour_text(extraction, labels))
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
    for extraction in _extract_files(paths, helpers=True):
        document_id, total, left = (
            extraction.document.document_id,
            len(find_numbers(extraction)),
            find_uncovered(extraction),
        )
        shown = [each for each in left if each.reason in reasons]
        if args.json:
            print(*(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in shown), sep="", end="")
        elif args.csv:
            header = [] if counts else [csv_line(column.name for column in fields(Uncovered))]
            print(*header, *(csv_line(map(csv_cell, asdict(each).values())) for each in shown), sep="", end="")
        elif not args.summary:
            console.print(uncovered_table(document_id, shown, total))
        counts.append((document_id, total, left))
    if args.summary and counts:
        console.print(reason_table(counts, reasons))
    if not counts:
        return NOTHING_DONE
    return DONE if len(counts) == len(paths) else SOME_FAILED


def print_schema(args: argparse.Namespace) -> int:
    """`extract schema`: print the JSON Schema of the tables, or the data dictionary."""
    from extract.records import TABLES
    from extract.sinks.markdown import data_dictionary

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


def _extract_files(paths: Sequence[Path], *, helpers: bool) -> Iterator[Extraction]:
    """What each file holds, under an id that no other of the run has; files that fail are told on stderr.

    Several files get a progress bar on stderr where that is a terminal.
    """
    from rich.console import Console
    from rich.progress import track

    from extract.readers import read

    console = Console(stderr=True)
    named = list(zip(paths, unique_ids(paths), strict=True))
    hidden = len(paths) < 2 or not console.is_terminal
    for path, document_id in track(named, "extracting", console=console, transient=True, disable=hidden):
        try:
            extraction = extract_and_warn(read(path, document_id=document_id), helpers=helpers)
        except ExtractError as error:
            say(str(error))
        else:
            yield extraction


def unique_ids(paths: Sequence[Path]) -> list[str]:
    """The files' stems; where several share one, the later ones get `-2`, `-3` … that no other stem has."""
    stems = {path.stem for path in paths}
    used: set[str] = set()
    ids = []
    for path in paths:
        document_id, number = path.stem, 1
        while document_id in used or (number > 1 and document_id in stems):
            number += 1
            document_id = f"{path.stem}-{number}"
        used.add(document_id)
        ids.append(document_id)
    return ids


def extract_and_warn(document: Document, *, helpers: bool) -> Extraction:
    """Extract and tell where the reader was unsure."""
    from extract.assembly import extract_document

    for warning in document.warnings:
        say(f"{document.path}: warning: {warning}")
    return extract_document(document, helpers=helpers)


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
