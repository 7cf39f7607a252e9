"""What a result depends on: the file, the program with its lexicons, and the libraries that read text."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import extract
from extract.batch.outcomes import Options

LIBRARIES = ("spacy", "scispacy", "pypdfium2", "pdfplumber", "lxml", "numpy", "pyarrow")
APART = ("cli/", "commands/", "web/", "decisions/", "evaluation/", "compare/", "corpus/", "sinks/html/")
_DIGITS = 12  # of the checksum that are printed


@cache
def program_version() -> str:
    """The version with a checksum of the code, the lexicons and the versions of the libraries: `0.1.0+1f0c…`.

    A corrected lexicon is another version, so no result is kept that another program would not make. What only shows or
    judges results is left out.
    """
    digest = hashlib.sha256()
    folder = Path(extract.__file__).parent
    for path in sorted(each for each in folder.rglob("*") if each.suffix in {".py", ".toml"}):
        name = path.relative_to(folder).as_posix()
        if not name.startswith(APART):
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    for library in LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    return f"{extract.__version__}+{digest.hexdigest()[:_DIGITS]}"


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:  # scispacy on newer Pythons
        return None


def key_of(sha256: str, suffix: str, options: Options) -> str:
    """The key of a result: by the file's bytes, its ending, which chooses the reader, the version and the options."""
    parts = (sha256, suffix.lower(), program_version(), options.key())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
