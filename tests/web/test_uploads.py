"""What comes from a browser: safe names, files that are what their names say, whole or not at all."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.errors import OutputError
from extract.readers import SUFFIXES
from extract.web.uploads import MAX_NAME, RefusedError, Saved, check_kind, safe_name, save_upload


def save(folder: Path, name: str, data: bytes, *, max_bytes: int = 1000, taken: frozenset[str] = frozenset()) -> Saved:
    return save_upload(BytesIO(data), name, folder, max_bytes=max_bytes, taken=taken)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("review.pdf", "review.pdf"),
        ("My Review (2).PDF", "My Review (2).pdf"),
        ("C:\\Users\\ann\\review.xml", "review.xml"),
        ("/home/ann/../review.md", "review.md"),
        ("...review.md", "review.md"),
        ('a<b>"c|d?.md', "a_b__c_d_.md"),
        ("a\x00b\r\n\u202ec.md", "abc.md"),
        ("Übersicht zu β-Blockern.html", "Übersicht zu β-Blockern.html"),
        ("cafe\u0301.txt", "café.txt"),
        ("con.pdf", "_con.pdf"),
        ("lpt1.old.pdf", "_lpt1.old.pdf"),
        (". .a .md", "a.md"),
        ("a" * 300 + ".md", "a" * MAX_NAME + ".md"),
        ("β" * 300 + ".md", "β" * (MAX_NAME // 2) + ".md"),
    ],
)
def test_a_name_is_kept_as_far_as_it_is_safe(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


@pytest.mark.parametrize("name", ["", "review", "review.docx", "review.pdf.exe", " . .pdf", "review.", "a.md/", "a\\"])
def test_a_name_of_no_known_ending_is_refused(name: str) -> None:
    with pytest.raises(RefusedError, match=r"known endings are \.txt|its name has no known ending"):
        safe_name(name)


@given(st.text(max_size=300), st.sampled_from(SUFFIXES))
def test_any_name_is_refused_or_made_safe(text: str, suffix: str) -> None:
    try:
        name = safe_name(text + suffix)
    except RefusedError:
        return
    assert Path(name).name == name
    assert Path(name).suffix == suffix
    assert name.isprintable()
    assert not name.startswith(".")
    assert not set(name) & set('<>:"/\\|?*')
    assert len(name.encode()) <= MAX_NAME + len(suffix) + 1
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("head", "suffix"),
    [
        (b"%PDF-1.7\n", ".pdf"),
        (b"\r\n\x00junk%PDF-1.4", ".pdf"),
        (b"<?xml version='1.0'?><article/>", ".xml"),
        ("\ufeff<article/>".encode("utf-16"), ".xml"),
        (b"<!DOCTYPE html><p>x", ".html"),
        (b"# A review", ".md"),
        (b"A text on the sign %PDF-, which starts a PDF", ".txt"),
        (b"\xef\xbb\xbfA text", ".txt"),
    ],
)
def test_a_file_that_is_what_its_name_says_is_taken(head: bytes, suffix: str) -> None:
    check_kind(head, suffix)


@pytest.mark.parametrize(
    ("head", "suffix", "reason"),
    [
        (b"", ".pdf", "empty"),
        (b"hello", ".pdf", "no PDF"),
        (b"<html>", ".pdf", "no PDF"),
        (b"%PDF-1.7", ".txt", "this is a PDF"),
        (b"%PDF-1.7", ".xml", "this is a PDF"),
        (b"PK\x03\x04rest", ".md", "Word"),
        (b"{\\rtf1", ".txt", "rich text"),
        (b"\x89PNG\r\n", ".html", "picture"),
        (b"abc\x00def", ".md", "binary"),
        (b"\x7fELF\x00", ".xml", "binary"),
        (b"just words", ".xml", "no markup"),
    ],
)
def test_a_file_that_is_something_else_is_refused(head: bytes, suffix: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        check_kind(head, suffix)


def test_an_upload_is_put_in_place_whole(tmp_path: Path) -> None:
    saved = save(tmp_path / "papers", "a.md", b"# A review")
    assert saved.is_new
    assert saved.path == tmp_path / "papers" / "a.md"
    assert saved.path.read_bytes() == b"# A review"
    assert [path.name for path in saved.path.parent.iterdir()] == ["a.md"]


def test_other_bytes_under_a_name_get_a_number_and_the_same_bytes_none(tmp_path: Path) -> None:
    names = [save(tmp_path, "a.md", data)[::2] for data in (b"one", b"two", b"three", b"two")]
    assert [(path.name, is_new) for path, is_new in names] == [
        ("a.md", True), ("a-2.md", True), ("a-3.md", True), ("a-2.md", False),
    ]  # fmt: skip
    assert (tmp_path / "a.md").read_bytes() == b"one"


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    assert save(tmp_path, "a.md", b"one", taken=frozenset({"a.md", "a-2.md"})).path.name == "a-3.md"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.md").symlink_to(tmp_path / "outside.md")
    assert save(tmp_path / "papers", "a.md", b"one").path.name == "a-2.md"
    assert not (tmp_path / "outside.md").exists()


@pytest.mark.parametrize("data", [b"x" * 1001, b"", b"%PDF-1.4"])
def test_nothing_is_left_of_what_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(RefusedError):
        save(tmp_path, "a.md", data)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "papers").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match=r"papers: cannot be written: "):
        save(tmp_path / "papers", "a.md", b"one")
