"""Write the command output that README.md and the pages in docs/ quote, and the data dictionary.

    python docs/refresh.py [--check] [--corpus DIR ...]

Output stands between `<!-- output: COMMAND -->` and `<!-- end -->`. `<!-- papers: COMMAND -->` marks output that needs
published papers: it is made only where `--corpus` names the folders that hold them, and left alone otherwise.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "docs/records.md", "docs/batch.md", "docs/audit.md", "docs/evaluation.md", "docs/rules.md")
DICTIONARY = "docs/data-dictionary.md"
QUOTED = re.compile(
    r"(?P<head><!-- (?P<kind>output|papers): (?P<command>[^\n]+) -->\n).*?(?P<tail><!-- end -->)", re.DOTALL
)
WIDTH = "112"  # columns of the tables


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


def _run(arguments: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "extract", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": WIDTH, "NO_COLOR": "1", "PYTHONUTF8": "1"},
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
