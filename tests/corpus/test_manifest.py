"""The manifest of a folder of papers, and what `extract corpus list` tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.cli import main
from extract.readers import SUFFIXES

from .making import Archive, add, entries, fetch


def test_what_a_person_wrote_into_the_manifest_stays(archive: Archive, paper: Path, folder: Path) -> None:
    add(folder, paper)
    manifest = folder / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    edited = text.replace('title = "Walks in the rain"', 'title = "Walks"  # shorter\nnote = "read twice"')
    manifest.write_text(edited, encoding="utf-8")
    fetch(archive, folder)
    assert manifest.read_text(encoding="utf-8").startswith(edited.rstrip("\n"))
    assert [entry["id"] for entry in entries(folder)] == ["walks", "PMC9999999"]
    add(folder, paper, "--licence", "CC-BY-4.0")
    assert (entries(folder)[0]["note"], entries(folder)[0]["licence"]) == ("read twice", "CC-BY-4.0")
    assert "# shorter" in manifest.read_text(encoding="utf-8")


def test_the_manifest_is_laid_out_for_people(paper: Path, folder: Path) -> None:
    for number in range(3):
        paper.write_text(f"# Walk {number}\n\nText.\n", encoding="utf-8")
        add(folder, paper)
    text = (folder / "manifest.toml").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert text.count("\n\n[[document]]\nid = ") == 3
    assert "\n\n\n" not in text
    assert text.endswith("\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[document]\n", "not TOML: "),
        ("document = 5\n", "'document' is no list of tables"),
        ('[[document]]\nid = "a"\n', "document 1: file: "),
        (f'[[document]]\nid = "a"\nfile = "../a.txt"\nsha256 = "{"0" * 64}"\n', "document 1: file: "),
        (f'[[document]]\nid = "a"\nfile = "a.txt"\nsha256 = "{"0" * 64}"\ntitle = 5\n', "document 1: title: "),
    ],
)
@pytest.mark.parametrize("command", ["fetch", "add", "list"])
def test_a_manifest_that_is_not_understood_is_told_and_left_alone(
    archive: Archive,
    paper: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    text: str,
    reason: str,
) -> None:
    folder.mkdir(parents=True)
    manifest = folder / "manifest.toml"
    manifest.write_text(text, encoding="utf-8")
    code = {
        "fetch": lambda: fetch(archive, folder),
        "add": lambda: add(folder, paper),
        "list": lambda: main(["corpus", "list", "--into", str(folder)]),
    }[command]()
    assert code == 2
    error = capsys.readouterr().err
    assert error.startswith(f"extract: {manifest}: {reason}")
    assert error.count("\n") == 1
    assert manifest.read_text(encoding="utf-8") == text
    assert [path.name for path in folder.iterdir()] == ["manifest.toml"]


def test_list_shows_what_there_is_and_what_does_not_fit(
    archive: Archive, paper: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch(archive, folder)
    add(folder, paper)
    (folder / "walks.md").write_text("# Rain\n", encoding="utf-8")
    (folder / "PMC9999999.xml").unlink()
    (folder / "stray.txt").write_text("Text", encoding="utf-8")
    (folder / "notes.docx").write_bytes(b"")
    capsys.readouterr()
    assert main(["corpus", "list", "--into", str(folder)]) == 0
    shown = capsys.readouterr().out
    rows = [line for line in shown.splitlines() if line.startswith("│")]
    firsts = {row.split("│")[1].strip(): row for row in rows if row.split("│")[1].strip()}
    assert list(firsts) == ["PMC9999999.xml", "walks.md", "stray.txt"]
    for file, note in (("PMC9999999.xml", "missing"), ("walks.md", "changed"), ("stray.txt", "not in")):
        assert note in firsts[file]
    assert "CC-BY-4.0" in firsts["PMC9999999.xml"]
    assert "unknown" in firsts["walks.md"]


def test_an_empty_folder_says_how_to_fill_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus", "list", "--into", str(folder)]) == 0
    assert capsys.readouterr().err == (
        f"extract: no papers in {folder}; get some: extract corpus fetch DOI, or extract corpus add FILE\n"
    )


def test_a_folder_that_cannot_be_written_is_one_line(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert fetch(archive, tmp_path / "file") == 2
    error = capsys.readouterr().err
    assert "cannot be written" in error
    assert error.count("\n") == 1


def test_make_run_takes_every_kind_of_file_in_the_folder() -> None:
    recipe = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
    assert [suffix for suffix in SUFFIXES if f"*{suffix}|" not in recipe and f"*{suffix})" not in recipe] == []
