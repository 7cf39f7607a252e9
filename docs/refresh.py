"""Write the command output that README.md and the pages in docs/ quote, and the data dictionary.

    python docs/refresh.py [--check] [--corpus DIR ...]

Output stands between `<!-- output: COMMAND -->` and `<!-- end -->`. `<!-- papers: COMMAND -->` marks output that needs
published papers: it is made only where `--corpus` names the folders that hold them, and left alone otherwise.

The tutorial is one story, so all of it is done in its order, in a temporary folder beside copies of the samples: shell,
Python and R. `<!-- printed -->` and `<!-- end -->` enclose what the block before has printed, and
`<!-- desk: DOCUMENT` begins a comment that says what the reader is told to do at the review desk.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from extract.batch.ledger import Ledger
from extract.cli import main as extract
from extract.decisions.documents import reviewed_documents
from extract.decisions.places import anchor_row, placed_rows
from extract.decisions.store import Decisions

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "docs/records.md", "docs/batch.md", "docs/audit.md", "docs/evaluation.md", "docs/rules.md")
STORY = "docs/tutorial.md"
DICTIONARY = "docs/data-dictionary.md"
QUOTED = re.compile(
    r"(?P<head><!-- (?P<kind>output|papers): (?P<command>[^\n]+) -->\n).*?(?P<tail><!-- end -->)", re.DOTALL
)
STEP = re.compile(
    r"^```(?P<language>sh|python|r)\n(?P<code>.*?)^```$|^<!-- desk: (?P<document>\S+)\n(?P<deeds>.*?)^-->$"
    r"|^(?P<head><!-- printed -->\n).*?(?P<tail>^<!-- end -->)$",
    re.MULTILINE | re.DOTALL,
)
ELSEWHERE = re.compile(r"python3? -m venv |pip install |\. |extract (serve|--version)")  # what a story does without
WIDTH = "112"  # columns of the tables
SCREEN = {"COLUMNS": WIDTH, "NO_COLOR": "1", "PYTHONUTF8": "1"}


def refresh_page(text: str, *, corpora: list[str] | None = None) -> str:
    """The page with its quoted output as the commands print it now."""

    def quote(match: re.Match[str]) -> str:
        command = match["command"]
        if match["kind"] == "papers":
            if not corpora:
                return match[0]
            command += f" --corpus {shlex.join(corpora)}"
        output = run_command(command).rstrip()
        output = "\n".join(line.rstrip() for line in output.splitlines())
        block = f"\n{output}\n\n" if output.startswith("|") else f"```text\n{output}\n```\n"
        return match["head"] + block + match["tail"]

    return QUOTED.sub(quote, text)


def run_command(command: str) -> str:
    """What `extract …`, the last of several joined by `&&`, prints to stdout, run in the project's folder.

    What `-o` names becomes a temporary folder, in the commands behind it, too.
    """
    with tempfile.TemporaryDirectory() as folder:
        places: dict[str, str] = {}
        for each in command.split(" && "):
            arguments = [places.get(part, part) for word in shlex.split(each)[1:] for part in _expand(word)]
            if "-o" in arguments:
                at = arguments.index("-o") + 1
                places[arguments[at]] = arguments[at] = f"{folder}/{arguments[at]}"
            output = _run(arguments)
    return output


def refresh_story(text: str, *, rscript: str | None = None) -> str:
    """The tutorial with what its blocks print now; those of R are run where `rscript` names the program."""
    printed, namespace = "", {"__name__": "__main__"}

    def take(step: re.Match[str]) -> str:
        nonlocal printed
        if step["head"]:
            lines = "\n".join(line.rstrip() for line in printed.rstrip().splitlines())
            return f"{step['head']}```text\n{lines}\n```\n{step['tail']}"
        if step["document"]:
            decide(step["document"], step["deeds"].splitlines())
        elif step["language"] == "sh":
            printed = "".join(_shell(line) for line in step["code"].splitlines())
        elif step["language"] == "r":
            if rscript:
                subprocess.run([rscript, "-e", step["code"]], check=True, capture_output=True, text=True)
        elif "import matplotlib" not in step["code"] or importlib.util.find_spec("matplotlib"):
            with contextlib.redirect_stdout(io.StringIO()) as stream:
                exec(compile(step["code"], STORY, "exec"), namespace)
            printed = stream.getvalue()
        return step[0]

    screen = mock.patch.dict(os.environ, {**SCREEN, "MPLBACKEND": "agg"})
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), screen:
        shutil.copytree(ROOT / "corpus" / "samples", Path(folder, "corpus", "samples"))
        return STEP.sub(take, text)


def decide(document_id: str, deeds: list[str]) -> None:
    """Decide on results of a document in `out/` as a reader of the tutorial does in the browser.

    A deed is `accept COLUMN=VALUE …`, `reject …`, or `correct COLUMN=VALUE … to COLUMN=VALUE …`; it takes every result
    with these values that nobody has decided on yet.
    """
    out, done = Path("out"), set()
    with Ledger(out, make=False) as ledger, Decisions(out) as log:
        view = next(each.view for each in reviewed_documents(ledger, log) if each.document_id == document_id)
        results = [placed for placed in placed_rows(view.tables) if placed.table == "outcomes"]
        for deed in deeds:
            action, *words = shlex.split(deed)
            known, _, new = " ".join(map(shlex.quote, words)).partition(" to ")
            wanted, fields = _pairs(known), _pairs(new)
            taken = [each for each in results if _says(each.row, wanted) and each.row["record_id"] not in done]
            if not taken:
                raise SystemExit(f"{STORY}: no result to {deed}")
            for each in taken:
                done.add(each.row["record_id"])
                anchor = anchor_row(view.text, each)
                log.decide(
                    *(document_id, "outcomes"),
                    reviewer="you",
                    action=action,
                    anchor=anchor,
                    row=each.row,
                    fields=fields or None,
                )


def _pairs(words: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in shlex.split(words))


def _says(row: Any, wanted: dict[str, str]) -> bool:
    return all(str("" if row[column] is None else row[column]) == value for column, value in wanted.items())


def _shell(line: str) -> str:
    """What a line of a shell prints, done without one."""
    command, *words = shlex.split(line, comments=True) or [""]
    if ELSEWHERE.match(line) or not command:
        return ""
    if command == "cd":
        os.chdir(words[0])
    elif command == "mkdir":
        for word in words:
            Path(word).mkdir()
    elif command == "cp":
        for word in words[:-1]:
            shutil.copy(word, words[-1])
    elif command == "extract":
        with _captured() as stream:
            code = extract(words)
        if code:
            raise SystemExit(f"{STORY}: {line}: exit code {code}: {stream.getvalue()}")
        return stream.getvalue()
    else:
        raise SystemExit(f"{STORY}: {line}: not a command that can be followed here")
    return ""


@contextlib.contextmanager
def _captured() -> Iterator[io.StringIO]:
    with contextlib.redirect_stdout(io.StringIO()) as stream, contextlib.redirect_stderr(io.StringIO()):
        yield stream


def _run(arguments: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "extract", *arguments],
        cwd=ROOT,
        env={**os.environ, **SCREEN},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"extract {shlex.join(arguments)}: exit code {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def main() -> int:
    """Refresh the pages, or with `--check` tell which are out of date."""
    parser = argparse.ArgumentParser(description="Refresh the output quoted in the documentation.")
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 where a page is out of date")
    parser.add_argument("--corpus", nargs="+", metavar="DIR", help="folders with the published papers")
    args = parser.parse_args()
    pages = {name: (ROOT / name).read_text(encoding="utf-8") for name in PAGES}
    fresh = {name: refresh_page(text, corpora=args.corpus) for name, text in pages.items()}
    dictionary = ROOT / DICTIONARY
    pages[DICTIONARY] = dictionary.read_text(encoding="utf-8") if dictionary.exists() else ""
    pages[STORY] = (ROOT / STORY).read_text(encoding="utf-8")
    fresh[STORY] = refresh_story(pages[STORY])
    fresh[DICTIONARY] = run_command("extract schema --markdown")
    stale = [name for name in pages if pages[name] != fresh[name]]
    for name in stale:
        if not args.check:
            (ROOT / name).write_text(fresh[name], encoding="utf-8", newline="\n")
        print(f"{name}: {'out of date' if args.check else 'written'}")
    return int(args.check and bool(stale))


def _expand(word: str) -> list[str]:
    if "*" not in word:
        return [word]
    return sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob(word))


if __name__ == "__main__":
    sys.exit(main())
