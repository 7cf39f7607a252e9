"""Peers on the same texts, mapped to our gold spans as far as what they find allows.

Run as a script by an interpreter that has EDS-NLP (its numpy is newer than ours may be):
`python peers.py edsnlp ROUNDS < {"id": "text", …}`; prints JSON. This part needs nothing of this project.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

Found = dict[str, list[tuple[int, int, str]]]  # document -> start, end and kind ("percent", "dose") in the file


def quantulum3(texts: Mapping[str, str]) -> Found:
    """What quantulum3 finds, a file line (a paragraph here) at a time; raises ImportError where it is missing.

    Without its optional classifier, whose pickled model only loads under the scikit-learn it was made with.
    """
    from quantulum3 import classifier, parser  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415

    classifier.USE_CLF = False
    found: Found = {}
    for name, text in texts.items():
        found[name] = []
        offset = 0
        for line in text.splitlines(keepends=True):
            for each in parser.parse(line) if line.strip() else ():
                kind = {"percentage": "percent", "dimensionless": "other"}.get(each.unit.name, "dose")
                found[name].append((offset + each.span[0], offset + each.span[1], kind))
            offset += len(line)
    return found


def edsnlp(interpreter: str, texts: Mapping[str, str], rounds: int) -> dict[str, Any]:
    """Its version, seconds, its spaCy tokenizer's seconds and what it found; `error` where it could not run."""
    try:
        command = [interpreter, __file__, "edsnlp", str(rounds)]
        done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=False)
    except OSError as error:
        return {"error": str(error)}
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["failed"])[-1]}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _run_edsnlp(rounds: int) -> None:
    import edsnlp as package  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    import spacy  # noqa: PLC0415
    from edsnlp import pipes  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    texts = json.load(sys.stdin)
    blank, nlp = spacy.blank("en"), package.blank("eds")
    nlp.max_length = 10_000_000
    nlp.add_pipe(pipes.sentences())
    nlp.add_pipe(pipes.quantities(quantities="all", extract_ranges=True, use_tables=False))
    best = {"unit": math.inf, "seconds": math.inf}
    docs = {}
    for _ in range(rounds):
        start = time.perf_counter()
        for text in texts.values():
            blank.make_doc(text)
        middle = time.perf_counter()
        docs = {name: nlp(text) for name, text in texts.items()}
        end = time.perf_counter()
        best = {"unit": min(best["unit"], middle - start), "seconds": min(best["seconds"], end - middle)}
    found: Found = {name: [] for name in texts}
    for name, doc in docs.items():
        for span in doc.spans["quantities"]:
            kind = "percent" if span.text.rstrip().endswith("%") else "dose"
            found[name].append((span.start_char, span.end_char, kind))
    json.dump({"version": package.__version__, **best, "found": found}, sys.stdout)


def matched(found: Found, gold: Mapping[str, list[tuple[int, int]]], kind: str) -> tuple[int, int]:
    """How many gold spans a peer has exactly, and how many it touches with one of the same kind."""
    exact = touched = 0
    for name, spans in gold.items():
        ours = [(start, end) for start, end, each in found.get(name, []) if each == kind]
        exact += sum(span in set(ours) for span in spans)
        touched += sum(any(start < last and first < end for first, last in ours) for start, end in spans)
    return exact, touched


if __name__ == "__main__":
    _run_edsnlp(int(sys.argv[2]))
