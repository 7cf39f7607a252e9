"""From text to mentions and to records: the cost beside spaCy's tokenizer, whether it grows in a straight line.

Every time is the fastest of several runs taken in turn, in one process, on the same texts, and the outputs of the runs
are compared; what is wanted is judged by the median ratio to the tokenizer's run just before and after. `--check` exits
with 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import spacy
from harness import best_of, exponent, grown, paired_ratios, seconds, show, texts
from spacy.language import Language

from extract.assembly import Extraction, assemble_mentions, assemble_records, extract_document, link_marks
from extract.audit import extract_and_audit
from extract.components import DOCUMENT
from extract.document import Document
from extract.linking import Marks
from extract.pipeline import load, make_doc
from extract.readers import parse_text
from extract.records import Mention, Schema

MAX_RATIO = 2.5  # text to mentions over the tokenizer
MAX_RECORDS_RATIO = 3.0  # text to records over the tokenizer
MAX_EXPONENT = 1.1
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 2_000_000)  # characters
TOTAL = "text to mentions"
RECORDS = "text to records"
AUDITED = "text to records and findings"
COUNTED: tuple[Schema, ...] = ("outcomes", "dosing", "trials", "studies")
UNIT = 'spaCy blank("en") tokenizer'


def mentions_of(nlp: Language, sources: Mapping[str, str]) -> list[tuple[Mention, ...]]:
    """Text to mentions."""
    found = []
    for name, source in sources.items():
        document = parse_text(source, document_id=name)
        found.append(assemble_mentions(make_doc(nlp, document), document))
    return found


def records_of(nlp: Language, sources: Mapping[str, str]) -> list[Extraction]:
    """Everything: text to mentions, links and records."""
    return [
        extract_document(parse_text(source, document_id=name), nlp=nlp, helpers=False)
        for name, source in sources.items()
    ]


def audited(nlp: Language, sources: Mapping[str, str]) -> list[Extraction]:
    """Everything that `extract run` does with a text, with the findings of the audit."""
    return [extract_and_audit(parse_text(source, document_id=name), nlp=nlp) for name, source in sources.items()]


def steps(nlp: Language, sources: Mapping[str, str]) -> dict[str, float]:
    """Seconds of each step on its own, over all sources, in one pass."""
    times: defaultdict[str, float] = defaultdict(float)
    last = time.perf_counter()

    def lap(step: str) -> None:
        nonlocal last
        now = time.perf_counter()
        times[step] += now - last
        last = now

    for name, source in sources.items():
        last = time.perf_counter()
        document: Document = parse_text(source, document_id=name)
        lap("reader: parse_text")
        doc = nlp.make_doc(document.text)
        doc.user_data[DOCUMENT] = document
        lap("our tokenizer")
        for component, process in nlp.pipeline:
            process(doc)
            lap(component)
        assemble_mentions(doc, document)
        lap("assembly")
        links = link_marks(Marks(doc))
        lap("linking")
        assemble_records(document, links)
        lap("records")
    return dict(times)


def compare(sources: Mapping[str, str], rounds: int) -> dict[str, Any]:
    """Seconds of the tokenizer, of everything and of each step; whether all runs gave the same mentions and records."""
    blank, nlp = spacy.blank("en"), load()
    blank.max_length = nlp.max_length
    outputs: list[list[tuple[Mention, ...]]] = []
    extractions: list[list[Extraction]] = []
    findings: list[list[Extraction]] = []
    tokens: list[list[int]] = []
    by_step: dict[str, float] = {}

    def run_steps() -> None:
        for step, took in steps(nlp, sources).items():
            by_step[step] = min(by_step.get(step, took), took)

    def tokenize() -> None:
        tokens.append([len(blank.make_doc(source)) for source in sources.values()])

    measured: dict[str, Callable[[], object]] = {
        TOTAL: lambda: outputs.append(mentions_of(nlp, sources)),
        RECORDS: lambda: extractions.append(records_of(nlp, sources)),
        AUDITED: lambda: findings.append(audited(nlp, sources)),
    }
    best = best_of({UNIT: tokenize, **measured, "steps": run_steps}, rounds)
    ratios = paired_ratios(tokenize, measured, rounds)
    return {
        "characters": sum(map(len, sources.values())),
        "mentions": sum(map(len, outputs[0])),
        "records": {table: sum(len(each.rows(table)) for each in extractions[0]) for table in COUNTED},
        "unit": best[UNIT],
        "total": best[TOTAL],
        "ratio": ratios[TOTAL],
        "records_total": best[RECORDS],
        "records_ratio": ratios[RECORDS],
        "audited_total": best[AUDITED],
        "audited_ratio": ratios[AUDITED],
        "steps": by_step,
        "equal": all(each == outputs[0] for each in outputs)
        and all(each == tokens[0] for each in tokens)
        and all(each == extractions[0] for each in extractions)
        and all(each == findings[0] for each in findings)
        and [each.outcomes for each in findings[0]] == [each.outcomes for each in extractions[0]]
        and [each.mentions for each in extractions[0]] == outputs[0],
    }


def linearity(
    sources: Mapping[str, str], rounds: int, run: Callable[[Language, Mapping[str, str]], object]
) -> dict[str, Any]:
    """Seconds of `run` against length on texts of distinct paragraphs, and the exponent that fits them."""
    nlp = load()
    bases = [*sources.values()]
    made = {size: {"grown": grown(bases, size)} for size in SIZES}
    best = dict.fromkeys(SIZES, float("inf"))
    for size in SIZES:
        for _ in range(rounds if size <= SIZES[2] else max(2, rounds // 3)):
            best[size] = min(best[size], seconds(lambda: run(nlp, made[size])))  # noqa: B023
    return {"seconds": best, "exponent": exponent(list(best), list(best.values()))}


def _print(results: dict[str, Any]) -> None:
    times = results["text"]
    unit = times["unit"]
    rows = [(UNIT, unit), *times["steps"].items(), (TOTAL, times["total"]), (RECORDS, times["records_total"])]
    rows.append((AUDITED, times["audited_total"]))
    counts = {"mentions": times["mentions"], **times["records"]}
    counted = ", ".join(f"{count:,} {table}" for table, count in counts.items())
    show(
        f"{times['characters']:,} characters of {', '.join(results['texts'])}: {counted}",
        ("step", "seconds", "of the tokenizer"),
        [(step, f"{took:.4f}", f"{took / unit:.2f}") for step, took in rows],
    )
    print(f"{TOTAL}: {times['ratio']:.2f} times the tokenizer, at most {MAX_RATIO} wanted")
    print(f"{RECORDS}: {times['records_ratio']:.2f} times the tokenizer, at most {MAX_RECORDS_RATIO} wanted")
    print(f"{AUDITED}: {times['audited_ratio']:.2f} times the tokenizer")
    print(f"outputs of all runs equal: {times['equal']}\n")
    for what in (TOTAL, RECORDS):
        growth = results["linearity" if what == TOTAL else "records_linearity"]
        show(
            f"Distinct paragraphs: {what}",
            ("characters", "seconds", "characters a second"),
            [(f"{size:,}", f"{took:.4f}", f"{size / took:,.0f}") for size, took in growth["seconds"].items()],
        )
        print(f"time grows with the length to the power of {growth['exponent']:.3f}, at most {MAX_EXPONENT} wanted\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12, help="runs of each, in turn; the fastest counts")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true", help="exit 1 where a target is missed")
    chosen = parser.parse_args()
    sources = texts()
    text = compare(sources, chosen.rounds)
    results: dict[str, Any] = {
        "texts": list(sources),
        "text": text,
        "linearity": linearity(sources, chosen.rounds // 2, mentions_of),
        "records_linearity": linearity(sources, chosen.rounds // 2, records_of),
    }
    if chosen.json:
        print(json.dumps(results, indent=1))
    else:
        _print(results)
    missed = []
    if text["ratio"] > MAX_RATIO:
        missed.append(f"{TOTAL}: {text['ratio']:.2f} > {MAX_RATIO}")
    if text["records_ratio"] > MAX_RECORDS_RATIO:
        missed.append(f"{RECORDS}: {text['records_ratio']:.2f} > {MAX_RECORDS_RATIO}")
    for what, growth in ((TOTAL, results["linearity"]), (RECORDS, results["records_linearity"])):
        if growth["exponent"] > MAX_EXPONENT:
            missed.append(f"exponent of {what}: {growth['exponent']:.3f} > {MAX_EXPONENT}")
    if not text["equal"]:
        missed.append("outputs of repeated runs differ")
    for each in missed:
        print(f"missed: {each}", file=sys.stderr)
    return int(chosen.check and bool(missed))


if __name__ == "__main__":
    sys.exit(main())
