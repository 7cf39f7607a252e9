"""What tests of the command share: a small review, papers as PDF, a new process, the lines of a table."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

REVIEW = """# Blinatumomab in children

## Results

In 43 children (NCT02187354), 2-year survival was 71.3 vs. 58.4% after 15 µg/m²/day of blinatumomab.
"""


FILLER = (
    "Children whose disease came back were long given chemotherapy alone,",
    "and what was to follow was decided by the physicians who treated them.",
    "Antibodies have changed that, as the following paragraphs tell at length.",
)


def make_pdf(path: Path, *pages: str, password: str | None = None) -> Path:
    """A paper as PDF with one of these sentences on each page; an empty one is a page that is an image."""
    canvas = Canvas(str(path), encrypt=StandardEncryption(password) if password else None)
    for number, page in enumerate(pages):
        if page:
            canvas.setFont("Helvetica-Bold", 18)
            canvas.drawString(72, 760, "" if number else "Antibodies in children: a review of trials")
            canvas.setFont("Helvetica-Bold", 12)
            canvas.drawString(72, 720 - 13 * number, ("Introduction", "Treatment")[number])
            canvas.setFont("Helvetica", 10)
            for row, line in enumerate((*FILLER, page, *FILLER)):
                canvas.drawString(72, 690 - 13 * (row + number), line)
        else:
            canvas.drawImage(ImageReader(Image.new("L", (600, 800), 200)), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return path


def run_in_new_process(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *args], capture_output=True, text=True, encoding="utf-8", check=False, timeout=120
    )


def read_lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
