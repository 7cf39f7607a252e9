"""What to extract: files, folders, patterns and lists become paths in a fixed order, each with a document id."""

from __future__ import annotations

import glob
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from extract.errors import ReadError
from extract.readers import SUFFIXES

_PATTERN = frozenset("*?[")


def find_inputs(inputs: Iterable[str | Path]) -> list[Path]:
    """The files that some inputs stand for, each once, in the order of the inputs.

    A folder stands for the files of known endings in it and its folders, a pattern (`reviews/**/*.pdf`) for what it
    matches, both sorted; `@list.txt` for the inputs that a file names, one a line. Hidden files and folders (`.name`)
    are left out. Raises ReadError for a list that cannot be read and for a folder or pattern without files.
    """
    found: dict[Path, Path] = {}  # by the place that a path leads to
    for given in inputs:
        for path in _expand(str(given)):
            found.setdefault(path.resolve(), path)
    return list(found.values())


def document_ids(paths: Iterable[Path], *, taken: Container[str] = frozenset()) -> Iterator[str]:
    """The files' stems; where several share one, the later ones get `-2`, `-3` … that no other stem has."""
    paths = list(paths)
    stems = {path.stem for path in paths}
    used: set[str] = set()
    for path in paths:
        document_id, number = path.stem, 1
        while document_id in used or document_id in taken or (number > 1 and document_id in stems):
            number += 1
            document_id = f"{path.stem}-{number}"
        used.add(document_id)
        yield document_id


def _expand(given: str) -> Iterator[Path]:
    if given.startswith("@"):
        yield from _listed(Path(given[1:]))
        return
    path = Path(given)
    if path.is_dir():
        files = sorted(each for each in path.rglob("*") if _is_wanted(each, path))
        if not files:
            raise ReadError(f"{path}: no review in this folder; known endings are {', '.join(SUFFIXES)}")
        yield from files
    elif _PATTERN & set(given) and not path.exists():
        matches = sorted(Path(each) for each in glob.iglob(given, recursive=True))  # noqa: PTH207 - takes absolute patterns
        if not matches:
            raise ReadError(f"{given}: no file matches")
        for match in matches:
            yield from _expand(glob.escape(str(match))) if match.is_dir() else iter([match])
    else:
        yield path


def _listed(path: Path) -> Iterator[Path]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: no list of files can be read: {getattr(error, 'strerror', None) or error}") from error
    for line in map(str.strip, lines):
        if line and not line.startswith("#"):
            yield from _expand(line)


def _is_wanted(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and path.suffix.lower() in SUFFIXES and path.is_file()
