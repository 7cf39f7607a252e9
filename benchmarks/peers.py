"""Peers and this program on the same texts: time beside spaCy's tokenizer, precision, recall and F1 on the gold.

`--make` gives each peer a virtual environment of its own; a peer without one is left out. The peers run as processes
that take turns; each measures the tokenizer itself. They read the text as our reader gives it, without markup, and
their spans are led back to the file; this program reads the file. What stands where the gold marks nothing
(references, authors, funding …) counts for none. docs/peers.md says what counts as what.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from harness import ROOT, papers, samples, show
from harness import peers as worker
from harness.peers import OURS, OURS_ALONE, PEERS, Found

from extract.document import ZONES, Document
from extract.evaluation.gold import load_gold
from extract.evaluation.matching import Span, match_spans
from extract.readers import parse_text

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "extract-peers"
LABELS = PEERS[OURS].labels
OWN = frozenset({OURS, *OURS_ALONE})
PAGE = ROOT / "docs" / "peers.md"
TABLES = re.compile(r"(?<=<!-- made by: python benchmarks/peers.py --write -->\n).*?(?=<!-- end -->)", re.DOTALL)
TIMES = ("peer", "of the tokenizer", "seconds", "tokenizer, s", "import and load, s", "spans")
SCORES = ("label", "peer", "gold", "marked", "P", "R", "F1", "overlap P", "R", "F1")
LONGEST = 60.0  # seconds after which a peer gets no further round

Scores = dict[str, float | None]
Spans = dict[str, list[Span]]  # by document


@dataclass(slots=True, kw_only=True)
class Run:
    """A peer at work and what came of it; `error` says why nothing did."""

    name: str
    process: subprocess.Popen[str] | None = None
    version: str = ""
    start: float = 0.0
    unit: float = math.inf
    seconds: float = math.inf
    spent: float = 0.0
    found: dict[str, Found] = field(default_factory=dict)
    error: str | None = None
    complaints: IO[str] | None = None  # what it writes to stderr

    def ask(self, line: str) -> dict[str, Any]:
        """The answer to a line; an empty one, and `error` set, where the peer has died."""
        if self.process is None or self.process.stdin is None or self.process.stdout is None:
            return {}
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            said = self.process.stdout.readline()
        except BrokenPipeError:
            said = ""
        if not said:
            self.error = (self.end().strip().splitlines() or ["ended without a word"])[-1]
            return {}
        answer: dict[str, Any] = json.loads(said)
        return answer

    def end(self) -> str:
        """Wait for the process and return what it wrote to stderr."""
        if self.process is None or self.complaints is None:
            return ""
        with self.complaints as complaints, self.process as process:
            self.process = None
            if process.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.close()
            process.wait()
            complaints.seek(0)
            return complaints.read()


def interpreter(folder: Path, name: str) -> Path:
    """The Python of a peer; ours is the one that runs this."""
    return Path(sys.executable) if name in OWN else folder / name / "bin" / "python"


def make(folder: Path, names: Sequence[str]) -> int:
    """A virtual environment for each peer; says which could not be made and why, returns how many."""
    failed = 0
    for name in names:
        peer = PEERS[name]
        if name in OWN or interpreter(folder, name).exists():
            continue
        print(f"{name}: {' '.join(peer.requires)}", flush=True)
        venv.create(folder / name, with_pip=True)
        command = [str(interpreter(folder, name)), "-m", "pip", "install", "--quiet", *peer.requires]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            failed += 1
            interpreter(folder, name).unlink()
            print(f"{name}: {(done.stderr.strip().splitlines() or ['pip failed'])[-1]}", file=sys.stderr)
    return failed


def started(name: str, folder: Path, texts: Mapping[str, str]) -> Run:
    """A peer that has loaded and has the texts."""
    run = Run(name=name)
    python = interpreter(folder, name)
    if not python.exists():
        run.error = "not installed (--make)"
        return run
    run.complaints = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # `end` closes it
    run.process = subprocess.Popen(
        [python, worker.__file__, name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=run.complaints,
        text=True,
        encoding="utf-8",
    )
    answer = run.ask(json.dumps(dict(texts)))
    run.version, run.start = answer.get("version", ""), answer.get("start", 0.0)
    return run


def measure(runs: Sequence[Run], rounds: int) -> None:
    """The fastest of the rounds, taken in turn; then the spans."""
    for _ in range(rounds):
        for run in runs:
            answer = run.ask("round") if run.spent < LONGEST else {}
            if answer:
                run.unit, run.seconds = min(run.unit, answer["unit"]), min(run.seconds, answer["seconds"])
                run.spent += answer["seconds"]
    for run in runs:
        run.found = run.ask("found").get("found", {})
        run.end()


def led_back(document: Document, found: Iterable[tuple[int, int, str]]) -> list[Span]:
    """Spans of a document's text as spans of its file, those where the gold marks nothing left out."""
    spans = []
    for start, end, label in found:
        block = document.block_at(start)
        places = document.source_spans(start, end)
        if block is not None and block.kind in ZONES and places:
            spans.append(Span(places[0].start, places[-1].end, label))
    return spans


def scores(gold: Spans, found: Spans, label: str) -> dict[str, Any]:
    """Counts, precision, recall and F1 of a label over all documents, exact and overlapping."""
    result: dict[str, Any] = {"gold": 0, "marked": 0}
    hits = {"exact": 0, "overlap": 0}
    for name, spans in gold.items():
        wanted = [span for span in spans if span.label == label]
        marked = [span for span in found.get(name, []) if span.label == label]
        result["gold"] += len(wanted)
        result["marked"] += len(marked)
        hits["exact"] += len(match_spans(wanted, marked, mode="strict"))
        hits["overlap"] += len(match_spans(wanted, marked, mode="overlap"))
    for way, right in hits.items():
        result[way] = rates(right, marked=result["marked"], wanted=result["gold"])
    return result


def rates(right: int, *, marked: int, wanted: int) -> Scores:
    """Precision, recall and F1; None where there is nothing to count."""
    return {
        "precision": right / marked if marked else None,
        "recall": right / wanted if wanted else None,
        "f1": 2 * right / (marked + wanted) if marked + wanted else None,
    }


def compared(sources: Mapping[str, str], folder: Path, rounds: int, names: Sequence[str]) -> dict[str, Any]:
    """All of it for one set of texts."""
    documents = {name: parse_text(source, document_id=name) for name, source in sources.items()}
    plain = {name: document.text for name, document in documents.items()}
    runs = [started(name, folder, sources if name in OWN else plain) for name in names]
    measure(runs, rounds)
    gold = {
        name: [Span(each.start, each.end, each.label.value) for each in load_gold(ROOT / "gold", name).mentions]
        for name in sources
    }
    rows, misses = [], []
    for run in runs:
        row: dict[str, Any] = {"peer": PEERS[run.name].title, "name": run.name, "error": run.error}
        if not run.error:
            found = {
                name: [Span(*each) for each in spans] if run.name in OWN else led_back(documents[name], spans)
                for name, spans in run.found.items()
            }
            row |= {"version": run.version, "start": run.start, "seconds": run.seconds, "unit": run.unit}
            row |= {"times": run.seconds / run.unit, "spans": sum(map(len, found.values()))}
            row["labels"] = {label: scores(gold, found, label) for label in PEERS[run.name].labels}
            if run.name == OURS:
                misses = errors(sources, gold, found)
        rows.append(row)
    return {"texts": list(sources), "characters": sum(map(len, plain.values())), "rows": rows, "errors": misses}


def errors(sources: Mapping[str, str], gold: Spans, found: Spans) -> list[dict[str, Any]]:
    """What this program missed or marked wrongly, of the labels that a peer has, too."""
    shared = {label for name, peer in PEERS.items() if name not in OWN for label in peer.labels}
    listed = []
    for name, spans in gold.items():
        wanted, marked = set(spans), set(found[name])
        for kind, extra in (("missed", wanted - marked), ("false", marked - wanted)):
            for span in sorted(extra):
                if span.label in shared:
                    words = sources[name][span.start : span.end]
                    line = sources[name].count("\n", 0, span.start) + 1
                    listed.append({"document": name, "line": line, "kind": kind, "label": span.label, "words": words})
    return listed


def ahead(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where a peer is faster than this program or scores higher, a sentence each."""
    own_rows = [row for row in rows if row["name"] in OWN and not row["error"]]
    ours = next((row for row in own_rows if row["name"] == OURS), None)
    said = []
    for row in rows:
        if ours is None or row["name"] in OWN or row["error"]:
            continue
        alike = next((each for each in own_rows if [*each["labels"]] == [*row["labels"]]), ours)
        if row["times"] < alike["times"]:
            said.append(f"{row['peer']} takes less time: {row['times']:.2f}, {alike['peer']} {alike['times']:.2f}")
        for label, theirs in row["labels"].items():
            for way in ("exact", "overlap"):
                for rate, value in theirs[way].items():
                    own = ours["labels"][label][way][rate]
                    if value is not None and (own is None or value > own):
                        said.append(f"{row['peer']}: {label} {way} {rate} {_rate(value)}, we {_rate(own)}")
    return said


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def times(result: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The rows of `TIMES`: what ran, how long."""
    return [
        (
            f"{row['peer']} {row['version']}",
            f"{row['times']:.2f}",
            f"{row['seconds']:.3f}",
            f"{row['unit']:.3f}",
            f"{row['start']:.2f}",
            str(row["spans"]),
        )
        for row in result["rows"]
        if not row["error"]
    ]


def rated(result: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The rows of `SCORES`: for each label those that have it."""
    rows = []
    for label in LABELS:
        for row in result["rows"]:
            if not row["error"] and label in row["labels"]:
                score = row["labels"][label]
                figures = [_rate(score[way][rate]) for way in ("exact", "overlap") for rate in score[way]]
                rows.append((label, row["peer"], str(score["gold"]), str(score["marked"]), *figures))
    return rows


def remarks(result: Mapping[str, Any]) -> list[str]:
    """Which peers were left out and why, where one is ahead."""
    left = [f"Left out: {row['peer']}: {row['error']}" for row in result["rows"] if row["error"]]
    return left + (ahead(result["rows"]) or ["No peer is ahead in any cell."])


def heading(result: Mapping[str, Any]) -> str:
    """Which texts, and how much of them."""
    return f"{', '.join(result['texts'])}: {result['characters']:,} characters"


def markdown(result: Mapping[str, Any]) -> str:
    """Both tables and the remarks as docs/peers.md shows them."""

    def table(columns: Sequence[str], rows: Iterable[Sequence[str]], words: int) -> list[str]:
        rule = ["---"] * words + ["---:"] * (len(columns) - words)
        return [*("| " + " | ".join(cells) + " |" for cells in (columns, rule, *rows)), ""]

    said = [f"- {each}" for each in remarks(result)]
    lines = [f"### {heading(result)}", "", *table(TIMES, times(result), 1), *table(SCORES, rated(result), 2), *said]
    return "\n".join(lines)


def write(results: Iterable[Mapping[str, Any]]) -> None:
    """Put the tables where docs/peers.md has them."""
    tables = "\n\n".join(map(markdown, results))
    PAGE.write_text(TABLES.sub(lambda _: f"\n{tables}\n\n", PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def _print(result: Mapping[str, Any]) -> None:
    show(heading(result), TIMES, times(result))
    show("Exact, then overlapping", SCORES, rated(result), words=2)
    print(*remarks(result), "", sep="\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--make", metavar="DIR", nargs="?", const=CACHE, type=Path, help=f"set peers up, in {CACHE}")
    parser.add_argument("--environments", metavar="DIR", default=CACHE, type=Path, help="where --make has set them up")
    parser.add_argument("--only", nargs="+", choices=[*PEERS], default=[*PEERS], help="these alone")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each, in turn; the fastest counts")
    parser.add_argument("--no-papers", action="store_true", help="the samples alone")
    parser.add_argument("--errors", action="store_true", help="list our own errors, too")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/peers.md, too")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if chosen.make:
        return int(make(chosen.make, chosen.only) > 0)
    sets = [samples(), {} if chosen.no_papers else papers()]
    results = [compared(each, chosen.environments, chosen.rounds, chosen.only) for each in sets if each]
    if chosen.write:
        write(results)
    if chosen.json:
        print(json.dumps(results, indent=1))
        return 0
    for result in results:
        _print(result)
        for error in result["errors"] if chosen.errors else ():
            print("{document} line {line}: {kind} {label} {words!r}".format(**error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
