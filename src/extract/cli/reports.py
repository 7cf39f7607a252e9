"""The parser of the command that makes a page of reviews: report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from extract.cli.parts import FORMATS, add_command, add_reading
from extract.commands.reports import report_reviews

if TYPE_CHECKING:
    from extract.cli.parts import Commands

REPORT_EPILOG = """examples:
  extract report review.pdf -o report.html
  extract report review1.pdf review2.xml -o reports.html --no-pages
  extract report out -o report.html
  extract report out -o report.html --documents smith2021 lee2023

One page that needs nothing else: the text of each review, or its pages, beside the rows made of it. Choose a row to see
the words that it comes from, a marked word to see its rows; filter by study, endpoint, arm, confidence. With forest
plots of what the review prints, its trials, what cannot be right in it, and the numbers that are in no row.

Of a dataset (OUT, made by `extract batch`) the pages and the coverage are shown where the files are still there.
"""


def add_report(commands: Commands) -> None:
    """`extract report`."""
    report = add_command(commands, "report", REPORT_EPILOG, "show reviews beside what was found in them, as a page")
    report.add_argument("inputs", nargs="+", type=Path, metavar="FILE|OUT", help=f"reviews ({FORMATS}), or a dataset")
    report.add_argument("-o", "--output", type=Path, metavar="PAGE", required=True, help="the page: report.html")
    report.add_argument("--documents", nargs="+", metavar="ID", help="of a dataset: only these documents")
    report.add_argument("--no-pages", action="store_true", help="no pictures of PDF pages: a smaller page")
    report.add_argument("--open", action="store_true", help="open the page in the browser")
    add_reading(report)
    report.set_defaults(command=report_reviews)
