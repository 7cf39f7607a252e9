"""The parser of the command that serves the review desk: serve."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from extract.cli.parts import FORMATS, add_command, add_reading, memory_size, seconds
from extract.commands.serving import serve_desk

if TYPE_CHECKING:
    from extract.cli.parts import Commands

MEGABYTE = 1_000_000
SERVE_EPILOG = f"""examples:
  extract serve out --open
  extract serve out --port 9000
  extract serve out --host 0.0.0.0

A web page for OUT, which `extract batch` wrote or which is begun anew: add reviews, see how far they are, go through
the rows. Takes {FORMATS}. Uploads are kept in OUT/papers, results in OUT/ledger.sqlite,
decisions in OUT/decisions.sqlite; the dataset is written as `extract batch` writes it. One process at a time works on a
folder.

Only this machine reaches the desk, unless --host says otherwise; then everybody needs the token, which is printed with
the address. The connection is not encrypted: over a network that others listen to, put a server that speaks HTTPS
before it, or a tunnel.
"""


def add_serve(commands: Commands) -> None:
    """`extract serve`."""
    serve = add_command(commands, "serve", SERVE_EPILOG, "go through the rows of reviews in the browser")
    serve.add_argument("folder", type=Path, metavar="OUT", help="folder of the reviews; may be new")
    serve.add_argument("--port", type=_port, default=8765, metavar="N", help="port (default: %(default)s; 0: any)")
    serve.add_argument(
        "--host", default="127.0.0.1", metavar="HOST", help="address to listen at (default: %(default)s)"
    )
    serve.add_argument(
        "--name", action="append", default=[], metavar="NAME", help="answer to this host name, too; may be repeated"
    )
    serve.add_argument(
        "--token",
        metavar="TOKEN",
        help="what everybody has to give first (default: a new one where --host is not local)",
    )
    serve.add_argument("--open", action="store_true", help="open the desk in the browser")
    serve.add_argument(
        "--max-upload", type=_megabytes, default=100 * MEGABYTE, metavar="MB", help="largest upload (default: 100)"
    )
    serve.add_argument(
        "--timeout", type=seconds, metavar="S", help="seconds for one file (default: 120, with --ocr 1800)"
    )
    serve.add_argument("--memory", type=memory_size, metavar="SIZE", help="for one worker, as 500M (default: 2G)")
    add_reading(serve)
    serve.set_defaults(command=serve_desk)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 to 65535")
    return int(text)


def _megabytes(text: str) -> int:
    """Megabytes up to what readers take, in bytes."""
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to 100")
    return int(text) * MEGABYTE
