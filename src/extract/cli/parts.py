"""What the parsers of all commands are made of."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from extract.patterns import lazy_regex

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

FORMATS = "PDF, JATS XML, HTML, text or Markdown"
SCALES = (0.2, 10)  # pixels a point that make a picture anyone can use
_SIZE = lazy_regex(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[MG])i?B?", re.IGNORECASE)


def add_command(commands: Commands, name: str, epilog: str, description: str) -> argparse.ArgumentParser:
    """A command with examples below its options; its description is also its line in the list of commands."""
    return commands.add_parser(
        name,
        help=description,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_reading(parser: argparse.ArgumentParser) -> None:
    """The options of commands that read reviews."""
    parser.add_argument("--password", metavar="TEXT", help="opens an encrypted PDF")
    parser.add_argument("--ocr", action="store_true", help="recognise the text of scanned PDF pages (needs OCRmyPDF)")


def add_dataset(parser: argparse.ArgumentParser) -> None:
    """The folder of a dataset."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="what `extract batch` wrote")


def add_forms(parser: argparse.ArgumentParser) -> argparse._MutuallyExclusiveGroup:
    """The forms in which a table is printed for other programs; what else excludes them can be added."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="print CSV")
    form.add_argument("--json", action="store_true", help="print JSON lines")
    return form


def positive(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def scale(text: str) -> float:
    """How many pixels make a point."""
    low, high = SCALES
    try:
        chosen = float(text)
    except ValueError:
        chosen = 0.0
    if not low <= chosen <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from {low} to {high}")
    return chosen


def seconds(text: str) -> float:
    """A time above 0."""
    try:
        chosen = float(text)
    except ValueError:
        chosen = 0.0
    if not 0 < chosen < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return chosen


def memory_size(text: str) -> int:
    """`500M` or `2G` in bytes."""
    match = _SIZE.fullmatch(text.strip())
    size = 0 if match is None else int(float(match["number"]) * (1 << 20 if match["unit"] in "mM" else 1 << 30))
    if not size:
        raise argparse.ArgumentTypeError(f"{text!r} is no size of memory, such as 500M or 2G")
    return size
