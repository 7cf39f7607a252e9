"""The parsers of the commands that look for errors: audit, compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from extract.cli.parts import FORMATS, add_command, add_forms, add_reading
from extract.commands.audits import audit_files, compare_files

if TYPE_CHECKING:
    from extract.cli.parts import Commands

AUDIT_EPILOG = """examples:
  extract audit review.pdf
  extract audit review.pdf --severity impossible
  extract audit out --csv > findings.csv
  extract audit papers/*.pdf --check survival_order,value_conflict

DIR is what `extract batch` wrote; its findings stand in findings.parquet, too. A finding is impossible (it cannot be
true), inconsistent (two places disagree) or suspicious (wrong if what it assumes holds). It tells where to look; a
person decides whether the review is wrong: what was extracted wrongly may look wrong, too. `extract audit --checks`
lists what is looked for.
"""
COMPARE_EPILOG = """examples:
  extract compare review1.pdf review2.pdf
  extract compare out --csv > comparison.csv

DIR is what `extract batch` wrote. Studies are the same where they share a registry number, a cited source (DOI, PubMed
id, or author, year and title) or a name. What two reviews report of one study agrees, conflicts (also with two values
interchanged), or stands in one of them only.
"""


def add_audit(commands: Commands) -> None:
    """`extract audit`."""
    audit = add_command(commands, "audit", AUDIT_EPILOG, "find what cannot be right in a review")
    audit.add_argument("inputs", nargs="*", type=Path, metavar="FILE|DIR", help=f"reviews ({FORMATS}) or a dataset")
    audit.add_argument("--check", action="append", metavar="NAME", help="only these checks, with commas or repeated")
    audit.add_argument(
        "--severity",
        choices=("impossible", "inconsistent", "suspicious"),
        metavar="LEVEL",
        help="only findings that are at least impossible, inconsistent or suspicious (default: all)",
    )
    audit.add_argument("--checks", action="store_true", help="list the checks and what they look for")
    add_forms(audit)
    add_reading(audit)
    audit.set_defaults(command=audit_files)


def add_compare(commands: Commands) -> None:
    """`extract compare`."""
    compare = add_command(commands, "compare", COMPARE_EPILOG, "compare what reviews say of the same studies")
    compare.add_argument(
        "inputs", nargs="+", type=Path, metavar="FILE|DIR", help=f"two or more reviews ({FORMATS}), or a dataset"
    )
    add_forms(compare).add_argument("--parquet", type=Path, metavar="FILE", help="write a Parquet file")
    add_reading(compare)
    compare.set_defaults(command=compare_files)
