"""Exports into a folder of the user's: their own files alone are replaced or removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.decisions.own_files import is_inside, own_files
from extract.errors import OutputError


def write(folder: Path, **files: str) -> None:
    with own_files(folder, index="index.csv") as own:
        for name, text in files.items():
            own.write(f"made/{name}", text.encode())


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_files_of_the_export_before_go_with_their_folder(tmp_path: Path) -> None:
    write(tmp_path, a="1", b="2")
    write(tmp_path, b="3")
    assert names(tmp_path) == ["index.csv", "made/b"]
    write(tmp_path)
    assert names(tmp_path) == ["index.csv"]
    assert not (tmp_path / "made").exists()


def test_a_file_that_was_changed_is_neither_replaced_nor_removed(tmp_path: Path) -> None:
    write(tmp_path, a="1")
    (tmp_path / "made" / "a").write_text("by hand")
    with pytest.raises(OutputError, match="changed since"):
        write(tmp_path, a="2")
    with pytest.raises(OutputError, match="changed since"):
        write(tmp_path, b="2")
    assert (tmp_path / "made" / "a").read_text() == "by hand"


def test_a_file_that_already_is_what_it_should_be_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "a").write_text("1")
    write(tmp_path, a="1")
    write(tmp_path, a="2")
    assert (tmp_path / "made" / "a").read_text() == "2"


def test_what_an_interrupted_export_wrote_is_known_to_the_next(tmp_path: Path) -> None:
    write(tmp_path, a="1", b="1")
    with pytest.raises(KeyboardInterrupt):
        _be_interrupted(tmp_path)
    write(tmp_path, a="2", c="2")
    assert names(tmp_path) == ["index.csv", "made/a", "made/c"]


def _be_interrupted(folder: Path) -> None:
    with own_files(folder, index="index.csv") as own:
        own.write("made/c", b"1")
        raise KeyboardInterrupt


def test_an_index_reaches_no_file_outside(tmp_path: Path) -> None:
    outside = tmp_path / "kept"
    outside.write_text("1")
    folder = tmp_path / "folder"
    write(folder, a="1")
    line = (folder / "index.csv").read_text().splitlines()[1].replace("made/a", "../kept")
    (folder / "index.csv").write_text(f"file,sha256\n{line}\n")
    (folder / "made" / "a").unlink()
    write(folder)
    assert outside.read_text() == "1"


@pytest.mark.parametrize("name", ["..", ".", "", "/a", "a/../b", "a\\..\\b", "C:a", "a//b"])
def test_names_that_lead_elsewhere(name: str) -> None:
    assert not is_inside(name)


@pytest.mark.parametrize("name", ["a", "a.b", "a/b c", "..a", "Ä"])
def test_names_that_stay_inside(name: str) -> None:
    assert is_inside(name)
