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
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extract import __version__
from extract.commands import (
    DONE,
    NOTHING_DONE,
    SHOWN_TABLES,
    SOME_FAILED,
    extract_and_warn,
    list_uncovered,
    print_schema,
    run_files,
    say,
    show_file,
    stdout_console,
)
from extract.errors import ExtractError

if TYPE_CHECKING:
    from extract.assembly import Extraction

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

INTERRUPTED = 130  # as a shell reports a process that SIGINT ended
MODEL_FOLDER = Path("models/review_trials")
BASELINE = "baseline.json"  # beside the gold

MAIN_EPILOG = """examples:
  extract run review.md -o out             tables of what the review reports
  extract show review.md                   its text with what was found in colour
  extract show review.md --list            an overview: what was found and how often
  extract show review.md --table outcomes  its results, one line each
  extract coverage review.md               the numbers that are in no record, and why
  extract COMMAND --help                   options of a command

Reads text (.txt) and Markdown (.md) in UTF-8. Exit code 0: all done, 1: some files failed, 2: nothing could be done.
"""
RUN_EPILOG = """examples:
  extract run review.md -o out
  extract run reviews/*.md -o out --helpers

Writes the tables mentions, outcomes, dosing, trials, studies, evidence, references and documents as .csv and .jsonl,
replaces those of an earlier run, and prints how many rows each review has in each. A file that cannot be read is named
on stderr; the others go on. Columns: `extract schema --markdown`.
"""
SHOW_EPILOG = """examples:
  extract show review.md
  extract show review.md --label DOSE,REGISTRY_ID
  extract show review.md --plain | less
  extract show review.md --list
  extract show review.md --table outcomes

In a pipe, with --plain or where NO_COLOR is set, mentions are marked like [ENDPOINT overall survival].
"""
COVERAGE_EPILOG = """examples:
  extract coverage review.md
  extract coverage review.md --reason result
  extract coverage reviews/*.md --summary
  extract coverage reviews/*.md --csv > uncovered.csv

Lists each number of abstract, body, tables and captions that stands in no record, with what it is or why it was left.
"result" stands for what may be a result lost. Numbers set as superscripts are left out.
"""
EVALUATE_EPILOG = """examples:
  extract evaluate
  extract evaluate --corpus corpus my-papers --documents kallay2022 --errors
  extract evaluate --only records --documents cardiology --errors
  extract evaluate --check-baseline

Scores each gold document whose text is in the corpus folders; those that are not at hand are named. With
--check-baseline the exit code is 1 when a label or field has more than two correct ones fewer than the baseline, or the
F1 of records fell by more than two rows are worth.
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
        say(str(error))
        return NOTHING_DONE
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return code


def evaluate(args: argparse.Namespace) -> int:
    """`extract evaluate`: score the program against the gold."""
    from extract.evaluation import RENDITION_SUFFIXES, evaluate_gold, list_errors, print_evaluation, to_json
    from extract.readers import SUFFIXES
    from extract.sinks.baseline import check_baseline, update_baseline
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
        raise ExtractError(f"no gold document of {args.gold} has its text in {', '.join(map(str, args.corpus))}")
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
    losses = check_baseline(path, evaluation) if args.check_baseline else []
    for loss in losses:
        say(loss)
    if args.update_baseline:
        update_baseline(path, evaluation)
        say(f"wrote {path}")
    return SOME_FAILED if losses else DONE


def build_model(args: argparse.Namespace) -> int:
    """`extract model build`: write the pipeline for `spacy.load` and its model card."""
    from extract import model

    card = args.card or (args.output.parent if args.output == MODEL_FOLDER else args.output) / "README.md"
    evaluation = model.build_model(args.output, card=card, gold=args.gold, corpora=args.corpus)
    scored = 0 if evaluation is None else len(evaluation.documents)
    say(f"wrote {args.output} and {card}; gold documents scored: {scored}")
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
    _add_run(commands)
    _add_show(commands)
    _add_coverage(commands)
    _add_evaluate(commands)
    _add_schema(commands)
    _add_model(commands)
    return parser


def _add_run(commands: Commands) -> None:
    run = _add_command(commands, "run", RUN_EPILOG, "extract reviews and write tables")
    run.add_argument("files", nargs="+", type=Path, metavar="FILE", help="reviews: text or Markdown")
    run.add_argument("-o", "--output", type=Path, metavar="DIR", required=True, help="folder for the tables")
    run.add_argument("--helpers", action="store_true", help="also write durations, counts and other helpers")
    run.set_defaults(command=run_files)


def _add_show(commands: Commands) -> None:
    show = _add_command(commands, "show", SHOW_EPILOG, "show a review with what was found in it")
    show.add_argument("file", type=Path, metavar="FILE", help="a review: text or Markdown")
    show.add_argument(
        "--label",
        action="append",
        metavar="LABEL",
        help="only these labels, with commas or repeated: TRIAL, REGISTRY_ID, DOSE, PERCENT, ENDPOINT (all five by"
        " default) or a helper (DURATION, COUNT, STATISTIC, AGENT, CITATION, ABBREVIATION, ARM)",
    )
    form = show.add_mutually_exclusive_group()
    form.add_argument("--plain", action="store_true", help="mark mentions in brackets also in a terminal")
    form.add_argument("--list", action="store_true", help="no text, an overview of the mentions")
    form.add_argument(
        "--table", choices=SHOWN_TABLES, metavar="TABLE", help=f"no text, the rows of {', '.join(SHOWN_TABLES)}"
    )
    show.set_defaults(command=show_file)


def _add_coverage(commands: Commands) -> None:
    coverage = _add_command(commands, "coverage", COVERAGE_EPILOG, "list the numbers that are in no record, and why")
    coverage.add_argument("files", nargs="+", type=Path, metavar="FILE", help="reviews: text or Markdown")
    coverage.add_argument(
        "--reason", action="append", metavar="TEXT", help="only reasons that contain this text; may be repeated"
    )
    form = coverage.add_mutually_exclusive_group()
    form.add_argument("--summary", action="store_true", help="only how many numbers there are for each reason")
    form.add_argument("--json", action="store_true", help="print JSON lines")
    form.add_argument("--csv", action="store_true", help="print CSV")
    coverage.set_defaults(command=list_uncovered)


def _add_evaluate(commands: Commands) -> None:
    score = _add_command(commands, "evaluate", EVALUATE_EPILOG, "score the program against the gold")
    _add_places(score)
    score.add_argument("--documents", nargs="+", metavar="ID", help="only these documents, which must be at hand")
    score.add_argument("--aligned", action="store_true", help="score another rendition, by label and order")
    score.add_argument("--errors", action="store_true", help="also list each error with its line and context")
    score.add_argument(
        "--only", choices=("mentions", "records"), help="score only the marked words, or only the rows made of them"
    )
    form = score.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--markdown", action="store_true", help="print the tables over all documents as Markdown")
    baseline = score.add_mutually_exclusive_group()
    baseline.add_argument("--check-baseline", action="store_true", help=f"compare with {BASELINE} in the gold folder")
    baseline.add_argument("--update-baseline", action="store_true", help=f"write {BASELINE} in the gold folder")
    score.set_defaults(command=evaluate)


def _add_schema(commands: Commands) -> None:
    schema = _add_command(commands, "schema", SCHEMA_EPILOG, "print the JSON Schema of the tables")
    schema.add_argument("table", nargs="?", metavar="TABLE", help="name of a table; all without")
    schema.add_argument("--markdown", action="store_true", help="print the data dictionary")
    schema.set_defaults(command=print_schema)


def _add_model(commands: Commands) -> None:
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
