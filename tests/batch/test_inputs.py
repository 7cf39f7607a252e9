"""What a batch is asked to do: folders, patterns, lists, and the ids of the documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.batch.inputs import document_ids, find_inputs
from extract.errors import ReadError


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    for name in ("b.pdf", "a.md", "deep/er/c.NXML", "deep/notes.docx", ".hidden.md", ".git/d.md", "e[1].txt", "f.html"):
        path = tmp_path / "papers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    return tmp_path / "papers"


def names(paths: list[Path], folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def test_a_folder_stands_for_the_reviews_in_it_and_in_its_folders_sorted(papers: Path) -> None:
    assert names(find_inputs([papers]), papers) == ["a.md", "b.pdf", "deep/er/c.NXML", "e[1].txt", "f.html"]


def test_a_pattern_stands_for_its_matches_and_the_folders_among_them(papers: Path) -> None:
    assert names(find_inputs([f"{papers}/**/*.nxml", f"{papers}/**/*.NXML"][1:]), papers) == ["deep/er/c.NXML"]
    assert names(find_inputs([f"{papers}/d*"]), papers) == ["deep/er/c.NXML"]
    assert names(find_inputs([f"{papers}/?.*"]), papers) == ["a.md", "b.pdf", "f.html"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(papers: Path) -> None:
    assert names(find_inputs([papers / "e[1].txt"]), papers) == ["e[1].txt"]


def test_a_list_names_inputs_and_may_have_comments(papers: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "list.txt"
    chosen.write_text(f"\ufeff# what to read\n\n{papers}/b.pdf\n  {papers}/deep  \n{papers}/*.md\n", encoding="utf-8")
    assert names(find_inputs([f"@{chosen}"]), papers) == ["b.pdf", "deep/er/c.NXML", "a.md"]


def test_each_file_is_taken_once_however_it_is_named(papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (papers / "link.md").symlink_to(papers / "a.md")
    monkeypatch.chdir(papers)
    assert find_inputs(["a.md", papers / "a.md", "./a.md", "link.md", "*.md"]) == [Path("a.md")]


def test_a_named_file_is_taken_though_it_is_missing_or_of_another_kind(papers: Path) -> None:
    assert names(find_inputs([papers / "gone.md", papers / "deep/notes.docx"]), papers) == [
        "gone.md",
        "deep/notes.docx",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{papers}/deep/none*", "no file matches"),
        ("{papers}/empty", "no review in this folder"),
        ("@{papers}/none.txt", "No such file"),
        ("@{papers}/binary.txt", "no list of files"),
    ],
)
def test_an_input_without_files_is_told(papers: Path, given: str, said: str) -> None:
    (papers / "empty").mkdir()
    (papers / "binary.txt").write_bytes(b"\xff\xfe\x00a")
    with pytest.raises(ReadError, match=said):
        find_inputs([given.format(papers=papers)])


def test_ids_are_stems_and_a_number_where_several_share_one() -> None:
    paths = [Path(each) for each in ("x/a.md", "y/a.pdf", "a-2.md", "z/a.md", "b.md")]
    assert list(document_ids(paths)) == ["a", "a-3", "a-2", "a-4", "b"]


def test_ids_keep_clear_of_those_that_are_taken() -> None:
    assert list(document_ids([Path("a.md"), Path("b.md")], taken={"a", "a-2"})) == ["a-3", "b"]
