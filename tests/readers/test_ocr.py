"""Scans: pages that are images are recognised by a program that is not part of this one; all others stay."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A5
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extract.errors import ReadError
from extract.readers import ocr
from extract.readers.ocr import find_image_pages, find_program, ocr_command, printed_pages, read_scan

WORDS = "In 40 adults, overall survival was 71% after two years."


def make_pdf(path: Path, *pages: str, password: str | None = None) -> Path:
    """A PDF whose pages hold `text`, an `image` of words, or nothing (`empty`)."""
    canvas = Canvas(str(path), pagesize=A5, encrypt=StandardEncryption(password) if password else None)
    for page in pages:
        if page == "text":
            canvas.drawString(40, 500, WORDS)
        elif page == "image":
            picture = Image.new("L", (1750, 300), 255)
            ImageDraw.Draw(picture).text((40, 100), WORDS, fill=0, font=ImageFont.load_default(60))
            canvas.drawImage(ImageReader(picture), 0, 400, A5[0], A5[0] * 300 / 1750)
        canvas.showPage()
    canvas.save()
    return path


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> Path:
    """A program in the place of OCRmyPDF; it writes its arguments to the file that is returned."""
    script, asked = folder / "program.py", folder / "asked.txt"
    head = f"import shutil, sys\nfrom pathlib import Path\nPath({str(asked)!r}).write_text(' '.join(sys.argv[1:]))\n"
    script.write_text(head + code, encoding="utf-8")
    monkeypatch.setattr(ocr, "find_program", lambda: [sys.executable, str(script)])
    return asked


def test_the_pages_without_text_but_with_an_image_are_found(tmp_path: Path) -> None:
    scan = make_pdf(tmp_path / "scan.pdf", "text", "image", "empty", "image")
    assert find_image_pages(scan) == (2, 4)


def test_files_that_are_no_pdf_or_do_not_open_have_no_image_pages(tmp_path: Path) -> None:
    text, damaged = tmp_path / "a.txt", tmp_path / "damaged.pdf"
    text.write_text(WORDS, encoding="utf-8")
    damaged.write_bytes(b"%PDF-1.7\n")
    locked = make_pdf(tmp_path / "locked.pdf", "image", password="key")
    assert [find_image_pages(path) for path in (text, damaged, locked, tmp_path / "none.pdf")] == [()] * 4
    assert find_image_pages(locked, password="key") == (1,)


@pytest.mark.parametrize(
    ("pages", "printed"), [([3], "page 3"), ([1, 2, 3, 7], "pages 1–3, 7"), ([2, 4], "pages 2, 4")]
)
def test_pages_are_named_in_short(pages: list[int], printed: str) -> None:
    assert printed_pages(pages) == printed


def test_the_command_leaves_pages_with_text_and_all_pictures_alone() -> None:
    command = ocr_command(["ocrmypdf"], Path("in.pdf"), Path("out.pdf"))
    assert (command[0], command[-2:]) == ("ocrmypdf", ["in.pdf", "out.pdf"])
    options = " ".join(command)
    for option in ("--skip-text", "--language eng", "--output-type pdf", "--optimize 0"):
        assert option in options


def test_the_program_is_a_module_of_this_python_or_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_spec", lambda _name: object())
    assert find_program() == [sys.executable, "-m", "ocrmypdf"]
    monkeypatch.setattr(ocr, "find_spec", lambda _name: None)
    monkeypatch.setattr(shutil, "which", lambda _name: "/bin/ocrmypdf")
    assert find_program() == ["/bin/ocrmypdf"]
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert find_program() is None


def test_without_the_program_one_line_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_program", lambda: None)
    scan = make_pdf(tmp_path / "scan.pdf", "text", "image")
    with pytest.raises(
        ReadError, match=r"scan\.pdf: page 2: no text but images; .*pip install 'review-extract\[ocr\]'"
    ):
        read_scan(scan)


def test_a_file_that_needs_no_recognition_is_read_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "find_program", lambda: None)
    text = tmp_path / "a.txt"
    text.write_text(WORDS, encoding="utf-8")
    assert read_scan(text).text == WORDS
    assert "71%" in read_scan(make_pdf(tmp_path / "text.pdf", "text")).text


def test_what_was_recognised_is_read_under_the_name_of_the_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan, searchable = make_pdf(tmp_path / "scan.pdf", "image"), make_pdf(tmp_path / "searchable.pdf", "text")
    asked = stand_in(tmp_path, monkeypatch, f"shutil.copy({str(searchable)!r}, sys.argv[-1])")
    document = read_scan(scan)
    assert "survival was 71%" in document.text
    assert (document.document_id, document.path) == ("scan", str(scan))
    assert document.sha256 == hashlib.sha256(scan.read_bytes()).hexdigest()
    assert document.warnings[0] == "page 1: text recognised by OCR; check its numbers against the page"
    assert "--skip-text" in asked.read_text(encoding="utf-8")
    assert read_scan(scan, document_id="other").document_id == "other"


def test_the_program_gets_an_encrypted_file_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked, searchable = make_pdf(tmp_path / "locked.pdf", "image", password="key"), tmp_path / "given.pdf"
    stand_in(tmp_path, monkeypatch, f"shutil.copy(sys.argv[-2], {str(searchable)!r})\nsys.exit('seen')")
    with pytest.raises(ReadError, match="seen"):
        read_scan(locked, password="key")
    with pypdfium2.PdfDocument(searchable) as pdf:
        assert len(pdf) == 1


def test_where_the_program_fails_its_last_words_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(
        tmp_path, monkeypatch, "print('starting', file=sys.stderr)\nsys.exit('tesseract is not on the PATH\\n\\n')"
    )
    with pytest.raises(ReadError, match=r"scan\.pdf: OCR failed: tesseract is not on the PATH$"):
        read_scan(make_pdf(tmp_path / "scan.pdf", "image"))
    stand_in(tmp_path, monkeypatch, "sys.exit(7)")
    with pytest.raises(ReadError, match=r"scan\.pdf: OCR failed: exit code 7$"):
        read_scan(tmp_path / "scan.pdf")


def test_a_scan_in_which_nothing_is_recognised_is_told_by_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = make_pdf(tmp_path / "scan.pdf", "image")
    stand_in(tmp_path, monkeypatch, f"shutil.copy({str(scan)!r}, sys.argv[-1])")
    with pytest.raises(ReadError, match=rf"^{scan}: "):
        read_scan(scan)


@pytest.mark.skipif(find_program() is None or shutil.which("tesseract") is None, reason="OCRmyPDF is not installed")
def test_the_words_of_an_image_are_recognised(tmp_path: Path) -> None:
    scan = make_pdf(tmp_path / "scan.pdf", "text", "image")
    document = read_scan(scan)
    assert document.text.count("overall survival was 71%") == 2
    start = document.text.rindex("71%")
    (box,) = document.boxes(start, start + 3)
    assert box.page_number == 2
