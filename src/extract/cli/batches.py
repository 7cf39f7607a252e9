"""The parsers of the commands for many reviews: batch, query, trials, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from extract.cli.parts import FORMATS, add_command, add_dataset, add_forms, add_reading, memory_size, positive, seconds
from extract.commands.batches import EXPORTS, export_dataset, query_dataset, run_batches, show_trials

if TYPE_CHECKING:
    from extract.cli.parts import Commands

BATCH_EPILOG = """examples:
  extract batch papers -o out
  extract batch papers 'more/**/*.pdf' @list.txt -o out --workers 4
  extract batch -o out --retry-failed --timeout 600
  extract batch scans -o out --ocr

INPUT is a file, a folder (with the folders in it), a pattern in quotes, or @FILE, a list with an input a line; without
any, those of the last run. DIR gets a dataset: mentions, outcomes, dosing, trials, studies, findings, evidence,
references and documents as .parquet with datapackage.json, and failures.csv and duplicates.csv.

The work is kept in DIR/ledger.sqlite as it is done. A second run does only what is new or changed, however the first
one ended; files that failed are left until --retry-failed. A file that crashes the reader, takes too long or too much
memory fails by itself. Exit code 0: all done, 1: some files failed, 2: nothing could be done, 130: interrupted.
"""
QUERY_EPILOG = """examples:
  extract query out "SELECT trial, count(*) AS n FROM mentions WHERE label = 'TRIAL' GROUP BY 1 ORDER BY n DESC"
  extract query out "SELECT study, value, ci_low, ci_high FROM outcomes WHERE statistic = 'hazard_ratio'"
  extract query out "SELECT * FROM outcomes WHERE endpoint = 'OS'" --csv > survival.csv
  extract query out "DESCRIBE outcomes"

SQL of DuckDB over the tables of a dataset (`extract schema --markdown` tells the columns). Numbers are numbers; as
printed they stand in <column>_printed.
"""
TRIALS_EPILOG = """examples:
  extract trials out
  extract trials out --trial DAPA-HF
  extract trials out --trial NCT03036124 --csv > dapa-hf.csv
  extract trials out --json > trials.jsonl

Trials of different reviews are the same where they share a registry number, or a name and nothing speaks against it:
two numbers of one register, or a review that names both. What only shares a name is told with the trial. Files of one
paper (same bytes, DOI or title) count once, and so does what they say alike.
"""
EXPORT_EPILOG = """formats:
  csv, jsonl        the tables as `extract run` writes them
  xlsx              a workbook, one sheet a table
  sqlite, duckdb    a database
  metafor, revman   CSV of arms, comparisons and effect measures for meta-analysis
  brat, bioc, webannotation, docbin
                    the texts with their mentions; these hold the text of the papers: mind their licences
  reviewed          the tables as people decided on them, and every difference from the program's
  gold              what they settled, with the texts, for `extract evaluate`

examples:
  extract export out --to xlsx
  extract export out --to metafor -o analysis
  extract export out --to gold -o mine
"""


def add_batch(commands: Commands) -> None:
    """`extract batch`."""
    batch = add_command(commands, "batch", BATCH_EPILOG, "extract many reviews into a dataset")
    batch.add_argument("inputs", nargs="*", metavar="INPUT", help=f"files, folders, patterns or @lists of {FORMATS}")
    batch.add_argument("-o", "--output", type=Path, metavar="DIR", required=True, help="folder for dataset and ledger")
    batch.add_argument("--workers", type=positive, metavar="N", help="processes (default: one a processor)")
    batch.add_argument(
        "--timeout", type=seconds, metavar="S", help="seconds for one file (default: 120, with --ocr 1800)"
    )
    batch.add_argument("--memory", type=memory_size, metavar="SIZE", help="for one worker, as 500M (default: 2G)")
    batch.add_argument("--retry-failed", action="store_true", help="only the files that failed before")
    batch.add_argument(
        "--compare",
        action="store_true",
        help="also compare what the reviews say of the same studies (comparison.parquet)",
    )
    batch.add_argument("--helpers", action="store_true", help="also write durations, counts and other helpers")
    dask = batch.add_mutually_exclusive_group()
    dask.add_argument("--dask", action="store_true", help="work on a Dask cluster of this machine (an extra)")
    dask.add_argument("--scheduler", metavar="ADDRESS", help="work on a Dask cluster: tcp://host:8786 (an extra)")
    add_reading(batch)
    batch.set_defaults(command=run_batches)


def add_query(commands: Commands) -> None:
    """`extract query`."""
    query = add_command(commands, "query", QUERY_EPILOG, "ask a dataset in SQL")
    add_dataset(query)
    query.add_argument("sql", metavar="SQL", help="a statement of DuckDB's SQL; - for standard input")
    add_forms(query)
    query.add_argument("--head", type=positive, metavar="N", help="only the first N rows")
    query.set_defaults(command=query_dataset)


def add_trials(commands: Commands) -> None:
    """`extract trials`."""
    trials = add_command(commands, "trials", TRIALS_EPILOG, "show what all reviews of a dataset say, trial by trial")
    add_dataset(trials)
    trials.add_argument("--trial", metavar="NAME", help="one trial in full, by its name or a registry number")
    add_forms(trials)
    trials.set_defaults(command=show_trials)


def add_export(commands: Commands) -> None:
    """`extract export`."""
    export = add_command(commands, "export", EXPORT_EPILOG, "write a dataset for other programs")
    add_dataset(export)
    export.add_argument("--to", choices=EXPORTS, required=True, metavar="FORMAT", help=f"{', '.join(EXPORTS)}")
    export.add_argument("-o", "--output", type=Path, metavar="PATH", help="file or folder (default: in DIR/exports)")
    export.set_defaults(command=export_dataset)
