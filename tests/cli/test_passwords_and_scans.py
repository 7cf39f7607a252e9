"""Encrypted files and scans: opened or recognised on request, else told in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.cli import main
from extract.readers import ocr

from .making import make_pdf

READING = ["run", "show", "coverage", "corpus add"]


def call(command: str, path: Path, *options: str) -> int:
    place = {"run": ["-o", str(path.parent / "out")], "corpus add": ["--into", str(path.parent / "sources")]}
    return main([*command.split(), str(path), *place.get(command, []), *options])


@pytest.mark.parametrize("command", READING)
def test_an_encrypted_file_opens_with_its_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    locked = make_pdf(tmp_path / "locked.pdf", "In 43 children, survival was 71.3%.", password="key")
    assert call(command, locked) == 2
    assert capsys.readouterr().err == f"extract: {locked}: encrypted; give --password\n"
    assert call(command, locked, "--password", "lock") == 2
    assert capsys.readouterr().err == f"extract: {locked}: wrong password\n"
    assert call(command, locked, "--password", "key") == 0


def test_an_encrypted_page_is_drawn_with_its_password(tmp_path: Path) -> None:
    locked = make_pdf(tmp_path / "locked.pdf", "In 43 children, survival was 71.3%.", password="key")
    assert main(["show", str(locked), "--png", str(tmp_path / "page.png"), "--password", "key"]) == 0
    assert (tmp_path / "page.png").exists()


@pytest.mark.parametrize("command", READING)
def test_a_scan_is_told_to_need_recognition(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    scan = make_pdf(tmp_path / "scan.pdf", "")
    assert call(command, scan) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"extract: {scan}: ")
    assert "--ocr" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("command", READING)
def test_scans_need_a_program_that_one_line_tells_how_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(ocr, "find_program", lambda: None)
    scan = make_pdf(tmp_path / "scan.pdf", "")
    assert call(command, scan, "--ocr") == 2
    error = capsys.readouterr().err
    assert error.startswith(
        f"extract: {scan}: page 1: no text but images; to recognise it, install OCRmyPDF (pip install"
    )
    assert error.count("\n") == 1


@pytest.mark.parametrize("command", READING)
def test_a_file_with_text_needs_no_program(pdf: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr(ocr, "find_program", lambda: None)
    assert call(command, pdf, "--ocr") == 0
