"""A command that is killed just before its file takes its place leaves the file that was there, and can be repeated."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from batch.reviews import run_here, write_reviews
from extract.cli import main

WRITERS: dict[str, tuple[str, ...]] = {
    "run": ("run", "{review}", "-o", "{out}/tables"),
    "report": ("report", "{review}", "-o", "{out}/report.html"),
    "corpus": ("corpus", "add", "{review}", "--into", "{out}/papers"),
    "batch": ("batch", "{review}", "-o", "{again}", "--workers", "1"),
    **{
        form: ("export", "{data}", "--to", form, "-o", f"{{out}}/{form}")
        for form in ("csv", "xlsx", "duckdb", "docbin")
    },
}
# Each command in a process of its own that ends, as if killed, when it first would rename something into its place.
SCRIPT = """
import contextlib, io, json, os, pathlib, sys
from extract.cli import main
for name, arguments in json.loads(sys.argv[1]).items():
    child = os.fork()
    if not child:
        pathlib.Path.replace = pathlib.Path.rename = lambda *_: os._exit(9)
        os.replace = os.rename = lambda *_, **__: os._exit(9)
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            main(arguments)
        os._exit(0)
    print(name, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_what_was_there_stays_and_the_same_command_goes_on(tmp_path: Path) -> None:
    out, data = tmp_path / "place", tmp_path / "data"
    run_here(data, *write_reviews(tmp_path / "papers", 1))
    again = shutil.copytree(data, tmp_path / "again")
    (again / "outcomes.parquet").unlink()  # so that the batch has something to write
    given = {"out": out, "data": data, "again": again, "review": tmp_path / "papers" / "review000.md"}
    commands = {name: [each.format(**given) for each in words] for name, words in WRITERS.items()}
    places = {Path(words[-1]) for name, words in commands.items() if name not in {"batch", "corpus"}}
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.suffix:
            place.write_text("what was there")
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(commands)], capture_output=True, text=True, check=True
    )
    killed = dict(line.split() for line in ran.stdout.splitlines())
    assert killed == dict.fromkeys(WRITERS, "9")
    for place in places:
        assert not place.suffix or place.read_text() == "what was there"
        whole = [each for each in place.glob("*") if not each.name.startswith(".")] if place.is_dir() else []
        assert whole == [], place
    for name in ("run", "xlsx"):
        assert main(commands[name]) == 0, name
