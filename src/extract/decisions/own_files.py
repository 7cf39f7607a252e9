"""Files in a folder of the user's that an earlier export may have written: those alone are replaced or removed."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extract.errors import OutputError
from extract.sinks.exporting import telling
from extract.sinks.tables import csv_line, write_atomically

_COLUMNS = ["file", "sha256"]


class OwnFiles:
    """The files of an export in a folder, by their names relative to it."""

    def __init__(self, folder: Path, listed: dict[str, str]) -> None:
        self._folder = folder
        self._listed = listed  # what the export before wrote: name, SHA-256
        self.written: dict[str, str] = {}

    def write(self, name: str, data: bytes) -> None:
        """Put a file in place; raises OutputError where another one is in the way."""
        path = self._folder / name
        with telling(path):
            if path.exists() and _hash(path.read_bytes()) not in (self._listed.get(name), _hash(data)):
                raise _in_the_way(path)
        write_atomically(path, data)
        self.written[name] = _hash(data)

    @property
    def paths(self) -> list[Path]:
        """The files in the order they were written."""
        return [self._folder / name for name in self.written]

    def remove_others(self) -> None:
        """Remove what the export before wrote and this one did not; raises OutputError where that was changed."""
        for name, digest in sorted(self._listed.items()):
            path = self._folder / name
            with telling(path):
                if name in self.written or not path.exists():
                    continue
                if _hash(path.read_bytes()) != digest:
                    raise _in_the_way(path)
                path.unlink()
                if path.parent != self._folder and not any(path.parent.iterdir()):
                    path.parent.rmdir()


@contextmanager
def own_files(folder: Path, *, index: str) -> Iterator[OwnFiles]:
    """The files of an export in a folder; when the block ends well those of the export before are gone.

    `index` names the file that lists what was written, with its SHA-256. Raises OutputError where a file in the way was
    not written by an export, or was changed since.
    """
    listed = _read_index(folder / index)
    files = OwnFiles(folder, listed)
    done = False
    try:
        yield files
        files.remove_others()
        done = True
    finally:
        kept = files.written if done else listed | files.written
        lines = [csv_line(_COLUMNS), *map(csv_line, sorted(kept.items()))]
        write_atomically(folder / index, "".join(lines).encode())


def is_inside(name: str) -> bool:
    """Whether a file of that relative name lies in its folder, whatever the system."""
    parts = name.replace("\\", "/").split("/")
    return not {"", ".", ".."} & set(parts) and ":" not in name


def _read_index(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    with telling(path, csv.Error, UnicodeDecodeError), path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.reader(lines) if len(row) == len(_COLUMNS) and row != _COLUMNS]
    return {name: digest for name, digest in rows if is_inside(name)}


def _in_the_way(path: Path) -> OutputError:
    return OutputError(
        f"{path}: not written by an earlier export, or changed since: move it away, or name another folder"
    )


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
