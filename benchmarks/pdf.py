"""Reading PDF files: characters, lines and whole documents beside pdfplumber, and the memory of a long file.

Every time is the fastest of several runs taken in turn, in one process, on the same pages. The pages are those of the
reviews at hand, else of the samples as the tests typeset them. What is compared is checked: both sides give the same
letters, but for raised ones and those outside the page. `--check` exits with 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
from harness import ROOT, best_of, samples, show
from reportlab.pdfgen.canvas import Canvas

from extract.document import BlockKind, Document
from extract.readers.pdf import parse_pdf
from extract.readers.pdf_page import read_page
from extract.readers.pdf_runs import find_runs

FOLDERS = (ROOT / "corpus" / "sources", ROOT.parent / "shared" / "corpus" / "pdf")
MIN_LINES_RATIO = 15.0  # times as fast as pdfplumber: characters with boxes and lines
MIN_PLAIN_RATIO = 8.0  # the whole reader on pages without tables
MIN_RATIO = 4.0  # the whole reader on all pages
MIN_SHARED = 0.9  # of pdfplumber's letters and digits that the reader has, too
LONG = 500  # pages of the file whose memory is measured
MAX_PAGE_MEMORY = 500_000  # bytes that a dense page of a long file may add: 6,000 characters with boxes, and blocks
LINES, WHOLE, PLUMBER = "characters, boxes and lines", "the whole reader", "pdfplumber.extract_text"


def files() -> dict[str, bytes]:
    """The PDF files that are at hand, else the samples typeset."""
    for folder in FOLDERS:
        found = sorted(folder.glob("*.pdf"))
        if found:
            return {path.stem: path.read_bytes() for path in found}
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "tests.twins", "-o", folder], cwd=ROOT, check=True, capture_output=True)
        return {f"{path.parent.name}-{path.stem}": path.read_bytes() for path in sorted(Path(folder).rglob("*.pdf"))}


def pages_of(data: bytes, numbers: Sequence[int]) -> bytes:
    """A file of some pages of another, counted from 1."""
    source, target = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    target.import_pages(source, [number - 1 for number in numbers])
    buffer = io.BytesIO()
    target.save(buffer)
    target.close()
    source.close()
    return buffer.getvalue()


def read_lines(data: bytes) -> int:
    """Characters with boxes, lines and drawn rules of every page; how many runs there are."""
    count = 0
    file = pypdfium2.PdfDocument(data)
    for index in range(len(file)):
        page = file[index]
        count += len(find_runs(read_page(page, index + 1)).runs)
        page.close()
    file.close()
    return count


def plumb(data: bytes) -> list[str]:
    """pdfplumber's text of every page."""
    with pdfplumber.open(io.BytesIO(data)) as file:
        found = []
        for page in file.pages:
            found.append(page.extract_text())
            page.close()
        return found


def with_tables(document: Document) -> set[int]:
    """The numbers of the pages on which a table stands."""
    blocks = (block for block in document.blocks if block.kind is BlockKind.TABLE)
    return {number for block in blocks for number, _ in document.boxes(*block.span)}


def shared_letters(document: Document, printed: Sequence[str]) -> float:
    """The part of pdfplumber's letters and digits that the document has, too; words it glues do not matter."""
    theirs = Counter(character for text in printed for character in text if character.isalnum())
    ours = Counter(document.source)
    return sum((theirs & ours).values()) / max(theirs.total(), 1)


def compare(sources: dict[str, bytes], rounds: int) -> dict[str, Any]:
    """Seconds of each side on all pages and on the pages without tables."""
    documents = {name: parse_pdf(data, document_id=name) for name, data in sources.items()}
    plain: dict[str, bytes] = {}
    for name, document in documents.items():
        numbers = sorted({page.number for page in document.pages} - with_tables(document))
        if numbers:
            plain[name] = pages_of(sources[name], numbers)
    rows = {}
    for what, chosen in (("all pages", sources), ("pages without tables", plain)):
        best = best_of(
            {
                PLUMBER: lambda: [plumb(data) for data in chosen.values()],  # noqa: B023
                LINES: lambda: [read_lines(data) for data in chosen.values()],  # noqa: B023
                WHOLE: lambda: [parse_pdf(data, document_id=name) for name, data in chosen.items()],  # noqa: B023
            },
            rounds,
        )
        count = sum(len(parse_pdf(data, document_id=name).pages) for name, data in chosen.items())
        rows[what] = {"pages": count, **best}
    letters = {name: shared_letters(document, plumb(sources[name])) for name, document in documents.items()}
    return {"times": rows, "letters": letters}


def memory() -> dict[str, float]:
    """Most memory of a process that reads a short and a long file: bytes, and bytes for each page more."""
    peaks: dict[int, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in (LONG // 10, LONG):
            path = Path(folder) / f"{count}.pdf"
            typeset(path, count)
            done = subprocess.run(
                [sys.executable, __file__, "--peak", str(path)], check=True, capture_output=True, text=True
            )
            peaks[count] = int(done.stdout)
    page = (peaks[LONG] - peaks[LONG // 10]) / (LONG - LONG // 10)
    return {"short": peaks[LONG // 10], "long": peaks[LONG], "page": page}


def typeset(path: Path, count: int) -> None:
    """A file of pages in two columns, filled with the words of the samples."""
    words = " ".join(samples().values()).split()
    canvas = Canvas(str(path), pagesize=(612, 792), invariant=1)
    at = 0
    for number in range(count):
        canvas.setFont("Helvetica", 9)
        for x in (54, 318):
            for line in range(60):
                canvas.drawString(
                    x, 730 - 11 * line, " ".join(words[(at + each) % len(words)] for each in range(8))[:56]
                )
                at += 8
        canvas.drawCentredString(306, 30, str(number + 1))
        canvas.showPage()
    canvas.save()


def _print(results: dict[str, Any]) -> None:
    for what, row in results["times"].items():
        unit = row[PLUMBER]
        show(
            f"{row['pages']} {what}",
            ("step", "seconds", "pages a second", "times as fast"),
            [
                (step, f"{row[step]:.3f}", f"{row['pages'] / row[step]:.0f}", f"{unit / row[step]:.1f}")
                for step in (PLUMBER, LINES, WHOLE)
            ],
        )
    low = min(results["letters"].items(), key=lambda item: item[1])
    print(f"letters of pdfplumber that the reader has, too: {low[1]:.1%} or more ({low[0]})")
    peak = results["memory"]
    print(
        f"most memory with {LONG // 10} pages {peak['short'] / 1e6:.0f} MB, with {LONG} {peak['long'] / 1e6:.0f} MB:"
        f" {peak['page'] / 1e3:.0f} kB for each page more\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, in turn; the fastest counts")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true", help="exit 1 where a target is missed")
    parser.add_argument("--peak", metavar="FILE", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.peak:
        parse_pdf(Path(chosen.peak).read_bytes())
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
        return 0
    sources = files()
    results = {**compare(sources, chosen.rounds), "memory": memory()}
    if chosen.json:
        print(json.dumps(results, indent=1))
    else:
        _print(results)
    everything, plain = results["times"]["all pages"], results["times"]["pages without tables"]
    targets = {
        LINES: (everything[PLUMBER] / everything[LINES], MIN_LINES_RATIO),
        f"{WHOLE}, pages without tables": (plain[PLUMBER] / plain[WHOLE], MIN_PLAIN_RATIO),
        f"{WHOLE}, all pages": (everything[PLUMBER] / everything[WHOLE], MIN_RATIO),
        "letters shared with pdfplumber": (min(results["letters"].values()), MIN_SHARED),
    }
    missed = [f"{name}: {value:.2f} < {least}" for name, (value, least) in targets.items() if value < least]
    if results["memory"]["page"] > MAX_PAGE_MEMORY:
        missed.append(f"memory of a page: {results['memory']['page']:.0f} bytes > {MAX_PAGE_MEMORY}")
    for each in missed:
        print(f"missed: {each}", file=sys.stderr)
    return int(chosen.check and bool(missed))


if __name__ == "__main__":
    sys.exit(main())
