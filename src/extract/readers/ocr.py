"""Scans: the text of pages that are nothing but images, recognised by OCRmyPDF with Tesseract.

OCRmyPDF is no dependency: it is found as a module of this Python or as a command, and needs Tesseract on the system.
Pages that have text stay as they are.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from pypdfium2 import raw

from extract.document import Document
from extract.errors import ReadError
from extract.readers import read

LANGUAGE = "eng"  # of Tesseract's models; the readers know English alone
INSTALL = "install OCRmyPDF (pip install 'review-extract[ocr]') and Tesseract (on Debian the package tesseract-ocr)"


def read_scan(path: str | Path, *, document_id: str | None = None, password: str | None = None) -> Document:
    """Read a file as `read` does, the image-only pages of a PDF through OCR.

    Path and checksum are those of the file; a warning names the pages that were recognised. Raises ReadError where OCR
    is needed and not installed or fails.
    """
    path = Path(path)
    pages = find_image_pages(path, password=password)
    if not pages:
        return read(path, document_id=document_id, password=password)
    with TemporaryDirectory(prefix="extract-ocr-") as folder:
        searchable = recognise(path, Path(folder), pages, password=password)
        try:
            document = read(searchable, document_id=document_id or path.stem)
        except ReadError as error:
            raise ReadError(str(error).replace(str(searchable), str(path))) from error
    warning = f"{printed_pages(pages)}: text recognised by OCR; check its numbers against the page"
    return replace(
        document,
        path=str(path),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        warnings=(warning, *document.warnings),
    )


def find_image_pages(path: Path, *, password: str | None = None) -> tuple[int, ...]:
    """The numbers, from 1, of the pages of a PDF that hold images and no characters.

    None for a file that is no PDF or cannot be opened: what is wrong with it, `read` says.
    """
    if path.suffix.lower() != ".pdf" or not path.is_file():
        return ()
    try:
        pdf = pypdfium2.PdfDocument(path, password=password)
    except pypdfium2.PdfiumError:
        return ()
    found = []
    with pdf:
        for number in range(len(pdf)):
            try:
                page = pdf[number]
            except pypdfium2.PdfiumError:
                continue
            has_text = page.get_textpage().count_chars() > 0
            if not has_text and next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), None) is not None:
                found.append(number + 1)
    return tuple(found)


def recognise(path: Path, folder: Path, pages: Sequence[int], *, password: str | None = None) -> Path:
    """A copy of a PDF in `folder` whose image-only `pages` have text; ReadError where that cannot be made."""
    program = find_program()
    if program is None:
        raise ReadError(f"{path}: {printed_pages(pages)}: no text but images; to recognise it, {INSTALL}")
    source, searchable = folder / "scan.pdf", folder / "searchable.pdf"
    _write_open(path, source, password=password)
    done = subprocess.run(
        ocr_command(program, source, searchable),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode or not searchable.is_file():
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        reason = lines[-1] if lines else f"exit code {done.returncode}"
        raise ReadError(f"{path}: OCR failed: {reason}")
    return searchable


def find_program() -> list[str] | None:
    """How to start OCRmyPDF: as a module of this Python or as a command, None where it is not installed."""
    if find_spec("ocrmypdf") is not None:
        return [sys.executable, "-m", "ocrmypdf"]
    command = shutil.which("ocrmypdf")
    return [command] if command else None


def ocr_command(program: Sequence[str], source: Path, searchable: Path) -> list[str]:
    """The command that gives a PDF a text layer, leaving pages with text and every picture as they are."""
    options = ["--skip-text", "--language", LANGUAGE, "--output-type", "pdf", "--optimize", "0", "--quiet"]
    return [*program, *options, str(source), str(searchable)]


def printed_pages(pages: Sequence[int]) -> str:
    """`page 3`, `pages 1–3, 7`."""
    runs = [[page for _, page in run] for _, run in groupby(enumerate(pages), key=lambda pair: pair[1] - pair[0])]
    ranges = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
    return f"page{'s' if len(pages) > 1 else ''} {ranges}"


def _write_open(path: Path, target: Path, *, password: str | None) -> None:
    """A copy of a PDF, without its encryption where it was opened with a password: OCRmyPDF takes no encrypted file."""
    if password is None:
        shutil.copyfile(path, target)
        return
    with pypdfium2.PdfDocument(path, password=password) as pdf:
        pdf.save(target, flags=raw.FPDF_REMOVE_SECURITY)
