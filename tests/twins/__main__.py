"""`python -m tests.twins`: write the twins to a folder, and with `--measure` compare what the readers make of them."""

from __future__ import annotations

import argparse
import traceback
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from tempfile import gettempdir

from .making import TWINS, write_twin
from .measure import PAPER_IDS, SAMPLE_IDS, Measured, load_original, measure

LABELS = ("TRIAL", "REGISTRY_ID", "DOSE", "PERCENT", "ENDPOINT", "outcomes", "dosing", "trials")
COLUMNS = ("words", "anywhere", "cells", "notes", "added", "kinds", "order", "refs", "rows")
LEGEND = """\
words: runs of five words in order in one block; anywhere: in any block of the zones; cells: same text in row and
column; notes: words of notes under floats; added: words in zones that are not the text's; kinds, order: blocks of
another kind or out of order; refs: entries alike; rows: F1 of the records' cores against those of the text; then F1
against the gold, and in brackets by how much that differs from the text's, in hundredths."""
HEADER = f"{'twin':<28}" + "".join(f"{name:>9}" for name in COLUMNS)


def main() -> None:
    """Parse the arguments, write, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.twins", description=__doc__)
    parser.add_argument("names", nargs="*", help="twins as STYLE, SAMPLE or STYLE/SAMPLE; all where none is named")
    parser.add_argument(
        "-o", "--output", type=Path, default=Path(gettempdir()) / "twins", help="folder (default: %(default)s)"
    )
    parser.add_argument("--papers", action="store_true", help="the two papers as well, where they are at hand")
    parser.add_argument("--measure", action="store_true", help="read the twins and compare them with their texts")
    parser.add_argument("--limit", type=int, default=40, help="differences shown of each kind; 0: none (default: 40)")
    args = parser.parse_args()
    lines = []
    for style, document_id in _chosen(args.names, papers=args.papers):
        original = load_original(document_id)
        if original is None:
            print(f"{style}/{document_id}: no text at hand")
            continue
        twin = write_twin(style, original.article, args.output)
        if not args.measure:
            print(twin)
            continue
        try:
            measured = measure(f"{style}/{document_id}", original, twin, run_in=TWINS[style].run_in)
        except Exception as error:  # a reader in the making; the other twins are measured all the same
            place = traceback.extract_tb(error.__traceback__)[-1]
            lines.append(f"{style}/{document_id}: {error!r} at {Path(place.filename).name} line {place.lineno}")
            continue
        if args.limit:
            _print_differences(measured, args.limit)
        lines.append(_line(measured))
    if lines:
        print(HEADER, *(f"{name[:9]:>10}" for name in LABELS))
        print("\n".join(lines))
        print(LEGEND)


def _chosen(names: Iterable[str], *, papers: bool) -> list[tuple[str, str]]:
    """Style and document of the twins that are named."""
    documents = (*SAMPLE_IDS, *(PAPER_IDS if papers else ()))
    every = [(style, document) for style in TWINS for document in (*SAMPLE_IDS, *PAPER_IDS)]
    wanted = list(names)
    if not wanted:
        return [(style, document) for style, document in every if document in documents]
    found = [
        (style, document)
        for style, document in every
        if f"{style}/{document}" in wanted or document in wanted or (style in wanted and document in documents)
    ]
    if not found:
        raise SystemExit(f"no twin named {' '.join(wanted)}; styles: {', '.join(TWINS)}")
    return found


def _print_differences(measured: Measured, limit: int) -> None:
    print(f"\n{measured.name}: {measured.extraction.document.path}")
    for warning in measured.extraction.document.warnings:
        print(f"  warning: {warning}")
    if not measured.title_right:
        print(f"  title          read {measured.extraction.document.title!r}")
    differences = sorted(measured.differences(), key=lambda each: each.kind.split()[0])
    for kind, group in groupby(differences, key=lambda each: each.kind.split()[0]):
        told = list(group)
        print(*told[:limit], sep="\n")
        if len(told) > limit:
            print(f"  {kind}: {len(told) - limit} more")
    print("  ", ", ".join(f"{kind} {count}" for kind, count in Counter(each.kind for each in differences).items()))


def _line(measured: Measured) -> str:
    words, cells = measured.words, measured.cells
    shown = (
        f"{words.share:.2%}",
        f"{words.anywhere / words.printed:.2%}",
        f"{cells.share:.2%}",
        f"{words.notes_found / words.notes if words.notes else 1:.0%}",
        str(words.added),
        str(words.kinds_wrong),
        str(words.order_wrong),
        f"{measured.references_right}/{len(measured.original.document.references)}",
        f"{measured.rows_alike:.2f}",
    )
    told = f"{measured.name:<28}" + "".join(f"{each:>9}" for each in shown)
    scores = {**measured.facts.mentions, **measured.facts.records}
    losses = measured.losses
    return " ".join([told, *(_score(scores.get(name), losses.get(name)) for name in LABELS)])


def _score(value: float | None, loss: float | None) -> str:
    if value is None or loss is None:
        return f"{'–':>10}"
    sign = f"({-100 * loss:+.1f})" if abs(loss) > 1e-9 else ""
    return f"{f'{value:.2f}{sign}':>10}"


if __name__ == "__main__":
    main()
