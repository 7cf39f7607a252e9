"""The command `extract`: parses arguments, calls one function, prints.

Results go to stdout, messages to stderr. Exit code 0: all done, 1: some files failed, 2: nothing could be done. What is
heavy (spaCy, pydantic, rich) is imported by the command that needs it, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extract import __version__
from extract.cli.audits import add_audit, add_compare
from extract.cli.batches import add_batch, add_export, add_query, add_trials
from extract.cli.parts import FORMATS, add_command, add_forms, add_reading, positive, scale
from extract.cli.reports import add_report
from extract.cli.serving import add_serve
from extract.collector import collector_seldom
from extract.commands import (
    BASELINE,
    DONE,
    MODEL_FOLDER,
    NOTHING_DONE,
    SHOWN_TABLES,
    add_papers,
    build_model,
    evaluate,
    fetch_papers,
    list_corpus,
    list_uncovered,
    print_schema,
    run_files,
    say,
    show_file,
)
from extract.errors import ExtractError

if TYPE_CHECKING:
    from extract.cli.parts import Commands

INTERRUPTED = 130  # as a shell reports a process that SIGINT ended
SOURCES = Path("corpus/sources")
MAIN_EPILOG = """examples:
  extract corpus fetch 10.1000/182         an open-access paper from Europe PMC into corpus/sources/
  extract run review.pdf -o out            tables of what the review reports
  extract show review.pdf                  its text with what was found in colour
  extract show review.pdf --list           an overview: what was found and how often
  extract show review.pdf --table outcomes its results, one line each
  extract show review.pdf --png pages      its pages as pictures with what was found
  extract report review.pdf -o report.html the review beside what was found in it, as a page for the browser
  extract coverage review.pdf              the numbers that are in no record, and why
  extract audit review.pdf                 what cannot be right in it
  extract compare review1.pdf review2.pdf  what two reviews say of the same studies
  extract batch papers -o out              a folder of reviews into a dataset, at full speed
  extract query out "SELECT …"             SQL over the dataset
  extract trials out                       what all reviews say, trial by trial
  extract export out --to xlsx             the dataset for other programs
  extract serve out --open                 the review desk: go through the rows in the browser
  extract COMMAND --help                   options of a command

Reads PDF (.pdf), JATS and NLM XML (.xml, .nxml, .jats), articles saved as HTML (.html, .htm, .xhtml), and text and
Markdown in UTF-8 (.txt, .text, .md, .markdown). Exit code 0: all done, 1: some files failed, 2: nothing could be done.
"""
RUN_EPILOG = """examples:
  extract run review.pdf -o out
  extract run reviews/*.pdf reviews/*.xml -o out --helpers
  extract run scan.pdf -o out --ocr

Writes the tables mentions, outcomes, dosing, trials, studies, findings, evidence, references and documents as .csv and
.jsonl, replaces those of an earlier run, and prints how many rows each review has in each. A file that cannot be read
is named on stderr, as is what a reader was unsure of; the others go on. Columns: `extract schema --markdown`.
"""
SHOW_EPILOG = """examples:
  extract show review.pdf
  extract show review.md --label DOSE,REGISTRY_ID
  extract show review.xml --plain | less
  extract show review.md --list
  extract show review.pdf --table outcomes --head 20
  extract show review.pdf --png page-3.png --page 3
  extract show review.pdf --png pages --blocks

In a pipe, with --plain or where NO_COLOR is set, mentions are marked like [ENDPOINT overall survival]. A table tells
where a row stands: the page of a PDF, the section of an XML or HTML file, the line of a text.
"""
COVERAGE_EPILOG = """examples:
  extract coverage review.pdf
  extract coverage review.md --reason result
  extract coverage reviews/*.pdf --summary
  extract coverage reviews/*.pdf --csv > uncovered.csv

Lists each number of abstract, body, tables and captions that stands in no record, with what it is or why it was left.
"result" stands for what may be a result lost. Numbers set as superscripts are left out.
"""
EVALUATE_EPILOG = """examples:
  extract evaluate
  extract evaluate --corpus corpus my-papers --documents kallay2022 --errors
  extract evaluate --only records --documents cardiology --errors
  extract evaluate --html evaluation.html
  extract evaluate --check-baseline

Scores each gold document whose text is in the corpus folders; those that are not at hand are named. With
--check-baseline the exit code is 1 when a label or field has more than two correct ones fewer than the baseline, or the
F1 of records fell by more than two rows are worth. --html writes a page for the browser that needs nothing else: scores
with their intervals, what was taken for what, what changed since the baseline, every error in its context. The page
holds passages of the texts.
"""
CORPUS_EPILOG = """examples:
  extract corpus fetch 10.1000/182
  extract corpus add paper.pdf --doi 10.1000/182 --licence CC-BY-4.0
  extract corpus list

A folder of papers (corpus/sources/, which git ignores) and its manifest.toml: id, file, title, DOI, licence, checksum,
where each came from and when. `make run` extracts the papers in it.
"""
FETCH_EPILOG = """examples:
  extract corpus fetch 10.1000/182
  extract corpus fetch 10.1000/182 https://doi.org/10.1000/183 --into papers

Asks Europe PMC for the open-access full text (JATS XML). A paper that lies in the folder is not fetched again. Where
Europe PMC has none, or there is no network, get the file by other means and use `extract corpus add`.
"""
ADD_EPILOG = """examples:
  extract corpus add paper.pdf
  extract corpus add paper.pdf --doi 10.1000/182 --licence CC-BY-4.0
  extract corpus add papers/*.xml --into sources

Copies files into the folder; title and DOI are read from them. A file that lies in the folder is only entered in the
manifest, and one that is known already gets the DOI or the licence that is named.
"""
LIST_EPILOG = """examples:
  extract corpus list
  extract corpus list --into papers

Names also what does not fit: a file that is missing, has changed or is not in the manifest.
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


@collector_seldom()
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
    add_report(commands)
    _add_coverage(commands)
    add_audit(commands)
    add_compare(commands)
    add_batch(commands)
    add_query(commands)
    add_trials(commands)
    add_export(commands)
    add_serve(commands)
    _add_corpus(commands)
    _add_evaluate(commands)
    _add_schema(commands)
    _add_model(commands)
    return parser


def _add_run(commands: Commands) -> None:
    run = add_command(commands, "run", RUN_EPILOG, "extract reviews and write tables")
    run.add_argument("files", nargs="+", type=Path, metavar="FILE", help=f"reviews: {FORMATS}")
    run.add_argument("-o", "--output", type=Path, metavar="DIR", required=True, help="folder for the tables")
    run.add_argument("--helpers", action="store_true", help="also write durations, counts and other helpers")
    add_reading(run)
    run.set_defaults(command=run_files)


def _add_show(commands: Commands) -> None:
    show = add_command(commands, "show", SHOW_EPILOG, "show a review with what was found in it")
    show.add_argument("file", type=Path, metavar="FILE", help=f"a review: {FORMATS}")
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
    form.add_argument(
        "--png", type=Path, metavar="OUT", help="no text, the pages of a PDF as pictures: a .png file or a folder"
    )
    show.add_argument("--head", type=positive, metavar="N", help="with --table: only the first N rows")
    show.add_argument("--page", type=positive, metavar="N", help="with --png: only page N, counted from 1")
    show.add_argument(
        "--blocks", action="store_true", help="with --png: no mentions but the blocks in their reading order"
    )
    show.add_argument("--scale", type=scale, metavar="X", help="with --png: pixels a point (default: 2)")
    add_reading(show)
    show.set_defaults(command=show_file)


def _add_coverage(commands: Commands) -> None:
    coverage = add_command(commands, "coverage", COVERAGE_EPILOG, "list the numbers that are in no record, and why")
    coverage.add_argument("files", nargs="+", type=Path, metavar="FILE", help=f"reviews: {FORMATS}")
    coverage.add_argument(
        "--reason", action="append", metavar="TEXT", help="only reasons that contain this text; may be repeated"
    )
    add_forms(coverage).add_argument(
        "--summary", action="store_true", help="only how many numbers there are for each reason"
    )
    add_reading(coverage)
    coverage.set_defaults(command=list_uncovered)


def _add_corpus(commands: Commands) -> None:
    corpus = add_command(commands, "corpus", CORPUS_EPILOG, "get papers and keep account of them")
    steps = corpus.add_subparsers(title="commands", metavar="COMMAND", required=True)
    fetch = add_command(steps, "fetch", FETCH_EPILOG, "get open-access papers from Europe PMC")
    fetch.add_argument("dois", nargs="+", metavar="DOI", help="10.1000/182, also as https://doi.org/10.1000/182")
    fetch.add_argument("--base-url", metavar="URL", help="address of the service, should Europe PMC have moved it")
    fetch.set_defaults(command=fetch_papers)
    add = add_command(steps, "add", ADD_EPILOG, "take in papers that are at hand")
    add.add_argument("files", nargs="+", type=Path, metavar="FILE", help=f"papers: {FORMATS}")
    add.add_argument("--doi", metavar="DOI", help="the paper's DOI (default: as read from the file)")
    add.add_argument("--licence", metavar="ID", help="its licence, as an SPDX identifier where there is one: CC-BY-4.0")
    add_reading(add)
    add.set_defaults(command=add_papers)
    listing = add_command(steps, "list", LIST_EPILOG, "show what papers there are")
    listing.set_defaults(command=list_corpus)
    for step in (fetch, add, listing):
        step.add_argument(
            "--into", type=Path, default=SOURCES, metavar="DIR", help="folder of the papers (default: %(default)s)"
        )


def _add_evaluate(commands: Commands) -> None:
    score = add_command(commands, "evaluate", EVALUATE_EPILOG, "score the program against the gold")
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
    score.add_argument(
        "--html", type=Path, metavar="PAGE", help="also write a page with scores, confusions, changes and errors"
    )
    baseline = score.add_mutually_exclusive_group()
    baseline.add_argument("--check-baseline", action="store_true", help=f"compare with {BASELINE} in the gold folder")
    baseline.add_argument("--update-baseline", action="store_true", help=f"write {BASELINE} in the gold folder")
    score.set_defaults(command=evaluate)


def _add_schema(commands: Commands) -> None:
    schema = add_command(commands, "schema", SCHEMA_EPILOG, "print the JSON Schema of the tables")
    schema.add_argument("table", nargs="?", metavar="TABLE", help="name of a table; all without")
    schema.add_argument("--markdown", action="store_true", help="print the data dictionary")
    schema.set_defaults(command=print_schema)


def _add_model(commands: Commands) -> None:
    model = add_command(commands, "model", MODEL_EPILOG, "make a model folder for spaCy")
    steps = model.add_subparsers(title="commands", metavar="COMMAND", required=True)
    build = add_command(steps, "build", MODEL_EPILOG, "write the pipeline and its model card")
    build.add_argument(
        "-o", "--output", type=Path, metavar="DIR", default=MODEL_FOLDER, help="model folder (default: %(default)s)"
    )
    build.add_argument(
        "--card", type=Path, metavar="FILE", help="model card (default: models/README.md, with -o DIR/README.md)"
    )
    _add_places(build)
    build.set_defaults(command=build_model)


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
