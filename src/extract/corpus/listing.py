"""What a folder of papers holds, and its table for the terminal."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Group

from extract.corpus.manifest import Entry, read_bytes, read_manifest
from extract.readers import SUFFIXES
from extract.sinks.terminal import grid


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper of the manifest or a file without an entry; `note` says what does not fit."""

    path: Path
    entry: Entry | None
    note: str = ""


def list_papers(folder: Path) -> list[Listed]:
    """What the manifest names, in its order, then the papers in the folder that it does not name."""
    entries = read_manifest(folder)
    listed = [Listed(folder / entry.file, entry, _note(folder / entry.file, entry)) for entry in entries]
    named = {entry.file for entry in entries}
    if folder.is_dir():
        others = (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.name not in named)
        listed += [Listed(path, None, "not in the manifest") for path in sorted(others) if path.is_file()]
    return listed


def papers_table(folder: Path, papers: Sequence[Listed]) -> Group:
    """One line a paper: its file, title, DOI, licence and what does not fit."""
    return grid(
        f"{len(papers)} {'papers' if len(papers) > 1 else 'paper'} in {folder}", [_cells(each) for each in papers]
    )


def _cells(paper: Listed) -> dict[str, str]:
    entry = paper.entry
    return {
        "file": paper.path.name,
        "title": (entry and entry.title) or "",
        "DOI": (entry and entry.doi) or "",
        "licence": (entry and entry.licence) or "unknown",
        "note": paper.note,
    }


def _note(path: Path, entry: Entry) -> str:
    if not path.is_file():
        return "file is missing"
    return "" if hashlib.sha256(read_bytes(path)).hexdigest() == entry.sha256 else "file has changed"
