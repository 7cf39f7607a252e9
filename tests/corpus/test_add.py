"""Papers added by hand: copied, entered in the manifest, never overwritten."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from .making import DOI, Archive, add, entries, fetch


def test_a_file_is_copied_and_entered_with_its_title(
    paper: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(folder, paper, "--doi", f"doi:{DOI}", "--licence", "cc by 4.0") == 0
    assert (folder / "walks.md").read_bytes() == paper.read_bytes()
    (entry,) = entries(folder)
    entry.pop("retrieved")
    assert entry == {
        "id": "walks",
        "file": "walks.md",
        "title": "Walks in the rain",
        "doi": DOI,
        "licence": "CC-BY-4.0",
        "sha256": hashlib.sha256(paper.read_bytes()).hexdigest(),
        "origin": str(paper),
    }
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (f"added {folder / 'walks.md'}: Walks in the rain (CC-BY-4.0)\n", "")


def test_a_licence_without_an_spdx_identifier_is_entered_as_it_is_named(paper: Path, folder: Path) -> None:
    assert add(folder, paper, "--licence", "our library's contract") == 0
    assert entries(folder)[0]["licence"] == "our library's contract"


def test_a_file_added_again_is_there_already_and_its_entry_takes_what_is_new(
    paper: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(folder, paper)
    assert "(licence unknown)" in capsys.readouterr().out
    assert add(folder, paper, "--licence", "CC-BY-4.0") == 0
    assert capsys.readouterr().out.startswith(f"already there: {folder / 'walks.md'}: Walks in the rain (CC-BY-4.0)")
    (entry,) = entries(folder)
    assert (entry["licence"], entry["file"]) == ("CC-BY-4.0", "walks.md")


def test_another_file_of_the_same_name_gets_a_name_of_its_own(paper: Path, folder: Path) -> None:
    add(folder, paper)
    paper.write_text("# Walks in the sun\n\nNobody fell.\n", encoding="utf-8")
    assert add(folder, paper) == 0
    assert [(entry["id"], entry["file"]) for entry in entries(folder)] == [
        ("walks", "walks.md"),
        ("walks-2", "walks-2.md"),
    ]


def test_a_file_that_lies_in_the_folder_stays_and_is_entered(paper: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    paper = paper.rename(folder / "Walks.md")
    assert add(folder, paper) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["Walks.md", "manifest.toml"]
    (entry,) = entries(folder)
    assert (entry["id"], entry["file"], "origin" in entry) == ("Walks", "Walks.md", False)
    paper.write_text("# Walks, corrected\n\nNobody fell.\n", encoding="utf-8")
    assert add(folder, paper) == 0
    assert [each["title"] for each in entries(folder)] == ["Walks, corrected"]


def test_a_file_that_cannot_be_read_is_not_added(paper: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = paper.with_name("missing.md")
    assert add(folder, missing) == 2
    assert not folder.exists()
    assert add(folder, missing, paper) == 1
    assert capsys.readouterr().err.splitlines()[0] == f"extract: {missing}: no such file"
    assert len(entries(folder)) == 1


def test_a_doi_is_of_one_file(paper: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = paper.with_name("other.md")
    other.write_text("# Other\n\nText.\n", encoding="utf-8")
    assert add(folder, paper, other, "--doi", DOI) == 2
    assert capsys.readouterr().err == "extract: --doi belongs to one file: add the others by themselves\n"


def test_a_paper_that_was_added_by_hand_is_not_fetched(archive: Archive, paper: Path, folder: Path) -> None:
    add(folder, paper, "--doi", DOI.upper())
    assert fetch(archive, folder) == 0
    assert archive.asked == []
