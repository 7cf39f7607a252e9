"""The manifest of a folder of papers: `manifest.toml`, one `[[document]]` a paper.

It is written with tomlkit, which keeps what a person put into it: comments, order, keys of their own.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extract.errors import ReadError
from extract.sinks.tables import write_atomically

MANIFEST = "manifest.toml"
_HEAD = """\
# The papers in this folder. `extract corpus fetch` and `extract corpus add` write it; what you change or add stays.
# `licence` is an SPDX identifier where one could be told; look it up before you pass a paper on.
"""


class Entry(BaseModel):
    """A paper: what it is, under which licence, where and when it came from.

    `file` lies in the folder; `sha256` is that of its bytes; `origin` is a web address or a path.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    id: str = Field(min_length=1)
    file: str = Field(min_length=1, pattern=r"^[^/\\]+$")
    title: str | None = None
    doi: str | None = None
    licence: str | None = None
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    origin: str | None = None
    retrieved: date | None = None


def read_manifest(folder: Path) -> list[Entry]:
    """The entries of a folder's manifest, none where it has no manifest; ReadError where that cannot be understood."""
    path = folder / MANIFEST
    try:
        content = tomllib.loads(_text_of(path))
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{path}: not TOML: {error}") from error
    tables = content.get("document", [])
    if not isinstance(tables, list):
        raise ReadError(f"{path}: 'document' is no list of tables: write [[document]]")
    return [_entry(path, number, table) for number, table in enumerate(tables, start=1)]


def put_entry(folder: Path, entry: Entry) -> None:
    """Add an entry to the folder's manifest or, where it has one of this id, bring that up to date."""
    path = folder / MANIFEST
    manifest = tomlkit.parse(_text_of(path) or _HEAD)
    tables = manifest.setdefault("document", tomlkit.aot())
    fields = entry.model_dump(exclude_none=True)
    table = next((each for each in tables if each["id"] == entry.id), None)
    if table is None:
        table = tomlkit.item(fields)
        table.trivia.indent = "\n"  # a blank line before its header
        tables.append(table)
    else:
        table.update({key: value for key, value in fields.items() if table.get(key) != value})
    write_atomically(path, (tomlkit.dumps(manifest).rstrip("\n") + "\n").encode())


def read_bytes(path: Path) -> bytes:
    """A file's bytes; ReadError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}") from error


def _text_of(path: Path) -> str:
    """The manifest's text, empty where there is none."""
    if not path.exists():
        return ""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(f"{path}: not UTF-8 at byte {error.start}") from error


def _entry(path: Path, number: int, table: Any) -> Entry:
    try:
        return Entry.model_validate(table)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"]))
        raise ReadError(f"{path}: document {number}: {place}: {problem['msg']}") from error
