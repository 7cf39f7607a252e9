"""How right the audit is, and what it costs beside the extraction.

The findings in published papers were judged by reading; the verdicts are `tests/audit/judged.csv`, and the tests hold
that the list is that of the program. The known errors of two papers are `gold/errata.csv`. What is counted here needs
no papers, but the recall and the time, which are left out where they are not at hand.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

from harness import ROOT, best_of, show

import extract
from extract.audit import CHECKS, audit_documents
from extract.readers import read

sys.path.insert(0, str(ROOT / "tests"))
from audit import test_judged

ROUNDS = 5
VERDICTS = ("right", "wrong", "unclear")


def show_precision() -> None:
    """The verdicts by check."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    papers: dict[str, set[str]] = defaultdict(set)
    for row in test_judged.judged():
        counts[row["check"]][row["verdict"]] += 1
        papers[row["check"]].add(Path(row["file"]).stem)
    rows = [
        (check, counts[check].total(), *(counts[check][verdict] for verdict in VERDICTS), len(papers[check]))
        for check in CHECKS
    ]
    total = sum(counts.values(), Counter[str]())
    stems = {stem for found in papers.values() for stem in found}
    rows.append(("all", total.total(), *(total[verdict] for verdict in VERDICTS), len(stems)))
    show("findings in published papers", ("check", "findings", *VERDICTS, "papers"), rows)
    print(f"precision {total['right'] / total.total():.2f}")


def show_recall() -> None:
    """How many known errors are found, by certainty."""
    shares = test_judged.found_errors()
    rows = [
        (certainty, len(found), sum(found), f"{sum(found) / len(found):.2f}") for certainty, found in shares.items()
    ]
    show("known errors of the two papers", ("certainty", "errors", "found", "recall"), rows)


def show_cost() -> None:
    """Extraction with and without audit."""
    nlp = extract.load()
    documents = [read(path) for path in test_judged.files()[:2]]
    times = best_of(
        {
            "extraction": lambda: [extract.extract_document(document, nlp=nlp) for document in documents],
            "extraction and audit": lambda: list(audit_documents(documents, nlp=nlp)),
        },
        ROUNDS,
    )
    base = times["extraction"]
    show(
        "two papers",
        ("step", "seconds", "of the extraction"),
        [(n, f"{t:.3f}", f"{t / base:.2f}") for n, t in times.items()],
    )


def main() -> int:
    show_precision()
    if test_judged.CORPUS.is_dir():
        show_recall()
        show_cost()
    return 0


if __name__ == "__main__":
    sys.exit(main())
