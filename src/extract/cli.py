"""The command `extract`: parses arguments, calls one function, prints.

Results go to stdout, messages to stderr. Exit code 0: all done, 1: some files failed, 2: nothing could be done. What is
heavy (spaCy, pydantic, rich) is imported by the command that needs it, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from extract import __version__
from extract.errors import ExtractError

if TYPE_CHECKING:
    from rich.console import Console

    from extract.assembly import Extraction
    from extract.document import Document
    from extract.records import Label, Mention

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

DONE, SOME_FAILED, NOTHING_DONE = 0, 1, 2
INTERRUPTED = 130  # as a shell reports a process that SIGINT ended
MODEL_FOLDER = Path("models/review_trials")
BASELINE = "baseline.json"  # beside the gold
DRAFT = "https://json-schema.org/draft/2020-12/schema"
WIDTH = 160  # columns where stdout is no terminal

MAIN_EPILOG = """examples:
  extract run review.md -o out            tables of what the review reports
  extract show review.md                  its text with what was found in colour
  extract show review.md --list           an overview: what was found and how often
  extract COMMAND --help                  options of a command

Reads text (.txt) and Markdown (.md) in UTF-8. Exit code 0: all done, 1: some files failed, 2: nothing could be done.
"""
RUN_EPILOG = """examples:
  extract run review.md -o out
  extract run reviews/*.md -o out --helpers

Writes out/mentions.csv and out/documents.csv, the same as .jsonl, replaces those of an earlier run, and prints how many
mentions each review has. A file that cannot be read is named on stderr; the others go on.
Columns: `extract schema --markdown`.
"""
SHOW_EPILOG = """examples:
  extract show review.md
  extract show review.md --label DOSE,REGISTRY_ID
  extract show review.md --plain | less
  extract show review.md --list

In a pipe, with --plain or where NO_COLOR is set, mentions are marked like [ENDPOINT overall survival].
"""
EVALUATE_EPILOG = """examples:
  extract evaluate
  extract evaluate --corpus corpus my-papers --documents kallay2022 --errors
  extract evaluate --check-baseline

Scores each gold document whose text is in the corpus folders; those that are not at hand are named. With
--check-baseline the exit code is 1 when a label has more than two correct mentions fewer than the baseline.
"""
SCHEMA_EPILOG = """examples:
  extract schema mentions > mentions.schema.json
  extract schema --markdown > docs/data-dictionary.md
"""
MODEL_EPILOG = """examples:
  extract model build
  extract model build -o /tmp/review_trials

Then, in Python: spacy.load("models/review_trials"). The scores in the model card are measured by the build on the gold
documents whose texts are at hand.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a character still gets the rest
    args = _parser().parse_args(argv)
    try:
        code: int = args.command(args)
        sys.stdout.flush()
    except ExtractError as error:
        _say(str(error))
        return NOTHING_DONE
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return code


def run_files(args: argparse.Namespace) -> int:
    """`extract run`: extract each file and write the tables."""
    paths: list[Path] = list(dict.fromkeys(args.files))
    extractions = _extract_files(paths, helpers=args.helpers)
    first = next(extractions, None)
    if first is None:
        return NOTHING_DONE
    from extract.sinks.tables import open_tables
    from extract.sinks.terminal import count_mentions, count_table

    counts: list[tuple[str, Counter[Label]]] = []
    with open_tables(args.output, helpers=args.helpers) as tables:
        for extraction in chain([first], extractions):
            tables.add(extraction)
            counts.append((extraction.document.document_id, count_mentions(extraction)))
    _console().print(count_table(counts))
    _say(f"wrote {', '.join(map(str, tables.paths))}")
    return DONE if len(counts) == len(paths) else SOME_FAILED


def show_file(args: argparse.Namespace) -> int:
    """`extract show`: print the text of a review with its mentions, or an overview of them."""
    from extract.readers import read

    document = read(args.file)
    from extract.sinks.terminal import colour_text, mark_text, overview

    labels = _labels(args.label)
    extraction = _extract(document, helpers=True)
    console = _console()
    if args.list:
        console.print(overview(extraction, labels))
    elif args.plain or console.no_color or console.color_system is None:
        print(mark_text(extraction, labels))
    else:
        console.print(colour_text(extraction, labels))
    return DONE


def evaluate(args: argparse.Namespace) -> int:
    """`extract evaluate`: score the program against the gold."""
    from extract.evaluation import RENDITION_SUFFIXES, evaluate_gold, list_errors, print_evaluation, to_json
    from extract.readers import SUFFIXES
    from extract.sinks.baseline import check_baseline, update_baseline
    from extract.sinks.markdown import score_table

    def extract_file(path: Path) -> tuple[Document, Sequence[Mention]]:
        from extract.readers import read

        extraction = _extract(read(path), helpers=False)
        return extraction.document, extraction.mentions

    readable = [suffix for suffix in RENDITION_SUFFIXES if suffix in SUFFIXES]
    evaluation = evaluate_gold(
        args.gold,
        args.corpus,
        extract_file,
        documents=args.documents,
        aligned=args.aligned,
        suffixes=readable if args.aligned else None,
    )
    if not evaluation.documents:
        raise ExtractError(f"no gold document of {args.gold} has its text in {', '.join(map(str, args.corpus))}")
    errors = list_errors(evaluation) if args.errors else []
    if args.json:
        scores = to_json(evaluation) | ({"errors": errors} if args.errors else {})
        print(json.dumps(scores, ensure_ascii=False, indent=2))
    elif args.markdown:
        print(score_table(evaluation))
    else:
        print_evaluation(evaluation, _console())
        print(*errors, sep="\n", end="\n" if errors else "")
    path = args.gold / BASELINE
    losses = check_baseline(path, evaluation) if args.check_baseline else []
    for loss in losses:
        _say(loss)
    if args.update_baseline:
        update_baseline(path, evaluation)
        _say(f"wrote {path}")
    return SOME_FAILED if losses else DONE


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


def build_model(args: argparse.Namespace) -> int:
    """`extract model build`: write the pipeline for `spacy.load` and its model card."""
    from extract import model

    card = args.card or (args.output.parent if args.output == MODEL_FOLDER else args.output) / "README.md"
    evaluation = model.build_model(args.output, card=card, gold=args.gold, corpora=args.corpus)
    scored = 0 if evaluation is None else len(evaluation.documents)
    _say(f"wrote {args.output} and {card}; gold documents scored: {scored}")
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="extract",
        description="Tables of what clinical review articles report.",
        epilog=MAIN_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"extract {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    run = _add_command(commands, "run", RUN_EPILOG, "extract reviews and write tables")
    run.add_argument("files", nargs="+", type=Path, metavar="FILE", help="reviews: text or Markdown")
    run.add_argument("-o", "--output", type=Path, metavar="DIR", required=True, help="folder for the tables")
    run.add_argument("--helpers", action="store_true", help="also write durations, counts and other helpers")
    run.set_defaults(command=run_files)

    show = _add_command(commands, "show", SHOW_EPILOG, "show a review with what was found in it")
    show.add_argument("file", type=Path, metavar="FILE", help="a review: text or Markdown")
    show.add_argument(
        "--label",
        action="append",
        metavar="LABEL",
        help="only these labels, with commas or repeated: TRIAL, REGISTRY_ID, DOSE, PERCENT, ENDPOINT (all five by"
        " default) or a helper (DURATION, COUNT, STATISTIC, AGENT, CITATION, ABBREVIATION)",
    )
    form = show.add_mutually_exclusive_group()
    form.add_argument("--plain", action="store_true", help="mark mentions in brackets also in a terminal")
    form.add_argument("--list", action="store_true", help="no text, an overview of the mentions")
    show.set_defaults(command=show_file)

    score = _add_command(commands, "evaluate", EVALUATE_EPILOG, "score the program against the gold")
    _add_places(score)
    score.add_argument("--documents", nargs="+", metavar="ID", help="only these documents, which must be at hand")
    score.add_argument("--aligned", action="store_true", help="score another rendition, by label and order")
    score.add_argument("--errors", action="store_true", help="also list each error with its line and context")
    form = score.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--markdown", action="store_true", help="print one table as Markdown")
    baseline = score.add_mutually_exclusive_group()
    baseline.add_argument("--check-baseline", action="store_true", help=f"compare with {BASELINE} in the gold folder")
    baseline.add_argument("--update-baseline", action="store_true", help=f"write {BASELINE} in the gold folder")
    score.set_defaults(command=evaluate)

    schema = _add_command(commands, "schema", SCHEMA_EPILOG, "print the JSON Schema of the tables")
    schema.add_argument("table", nargs="?", metavar="TABLE", help="mentions or documents; all without")
    schema.add_argument("--markdown", action="store_true", help="print the data dictionary")
    schema.set_defaults(command=print_schema)

    model = _add_command(commands, "model", MODEL_EPILOG, "make a model folder for spaCy")
    steps = model.add_subparsers(title="commands", metavar="COMMAND", required=True)
    build = _add_command(steps, "build", MODEL_EPILOG, "write the pipeline and its model card")
    build.add_argument(
        "-o", "--output", type=Path, metavar="DIR", default=MODEL_FOLDER, help="model folder (default: %(default)s)"
    )
    build.add_argument(
        "--card", type=Path, metavar="FILE", help="model card (default: models/README.md, with -o DIR/README.md)"
    )
    _add_places(build)
    build.set_defaults(command=build_model)
    return parser


def _add_command(commands: Commands, name: str, epilog: str, description: str) -> argparse.ArgumentParser:
    """A command with examples below its options; its description is also its line in the list of commands."""
    return commands.add_parser(
        name,
        help=description,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--gold", type=Path, default=Path("gold"), metavar="DIR", help="annotations (default: %(default)s)"
    )
    parser.add_argument(
        "--corpus",
        type=Path,
        nargs="+",
        default=[Path("corpus")],
        metavar="DIR",
        help="folders with the texts or with samples/, sources/ or text/ that hold them (default: corpus)",
    )


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
            extraction = _extract(read(path, document_id=document_id), helpers=helpers)
        except ExtractError as error:
            _say(str(error))
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


def _extract(document: Document, *, helpers: bool) -> Extraction:
    """Extract and tell where the reader was unsure."""
    from extract.assembly import extract_document

    for warning in document.warnings:
        _say(f"{document.path}: warning: {warning}")
    return extract_document(document, helpers=helpers)


def _labels(chosen: Sequence[str] | None) -> list[Label]:
    from extract.records import PROMISED, Label

    if chosen is None:
        return list(PROMISED)
    names = [name.strip().upper() for names in chosen for name in names.split(",")]
    unknown = [name for name in names if name not in Label.__members__]
    if unknown:
        raise ExtractError(f"no label {', '.join(map(repr, unknown))}; there are {', '.join(Label)}")
    return [label for label in Label if label in names]


def _console() -> Console:
    """Stdout for rich: as wide as the terminal, in a pipe wide enough for the tables."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH
    return Console(width=width, highlight=False)


def _say(message: str) -> None:
    """One line to stderr."""
    print(f"extract: {' '.join(message.splitlines())}", file=sys.stderr)
