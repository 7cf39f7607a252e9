"""`read`: a file becomes a document that keeps its path, checksum and source."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import extract
from extract.errors import ReadError

TEXT = "## Results\n\nEFS was 66·2% in adults.\n"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.markdown", "a.TXT"])
def test_text_and_markdown(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(TEXT, encoding="utf-8")
    document = extract.read(path)
    assert document.document_id == "a"
    assert document.path == str(path)
    assert document.source == TEXT
    assert document.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert document.text == "Results\nEFS was 66.2% in adults."


def test_the_id_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert extract.read(path, document_id="other").document_id == "other"


def test_line_ends_and_byte_order_mark_stay_in_the_source(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    data = b"\xef\xbb\xbf" + f"Asthma\n\n{TEXT}".replace("\n", "\r\n").encode()
    path.write_bytes(data)
    document = extract.read(path)
    assert document.source.encode() == data
    assert document.text == "Asthma\nResults\nEFS was 66.2% in adults."


def test_a_path_as_a_string(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert extract.read(str(path)) == extract.read(path)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("missing.txt", None, "no such file"),
        ("empty.txt", b"", "empty file"),
        ("blank.md", b"\n \t\n", "empty file"),
        ("binary.txt", b"ab\x00\x01", "binary data"),
        ("latin.txt", "caf\u00e9 5%".encode("latin-1"), "not UTF-8 at byte 3"),
        ("a.docx", b"PK", "unknown file type"),
    ],
)
def test_what_cannot_be_read_says_which_file_and_why(
    tmp_path: Path, name: str, data: bytes | None, reason: str
) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ReadError, match=reason) as raised:
        extract.read(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert "\n" not in str(raised.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="is a folder"):
        extract.read(tmp_path)


def test_a_file_whose_name_is_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"odd\\udcff\.md: its name is not UTF-8; rename it"):
        extract.read(tmp_path / "odd\udcff.md")
