"""Readers: a file becomes a `Document`. `read` chooses the reader by the file's ending."""

from __future__ import annotations

import hashlib
from pathlib import Path

from extract.document import Document
from extract.errors import ReadError
from extract.readers.plain import parse_text

__all__ = ["SUFFIXES", "parse_text", "read"]

_TEXT = (".txt", ".md", ".markdown", ".text")
_PDF = (".pdf",)
_XML = (".xml", ".nxml", ".jats")
_HTML = (".html", ".htm", ".xhtml")
SUFFIXES = (*_TEXT, *_PDF, *_XML, *_HTML)
BAD_NAME = "its name is not UTF-8; rename it"
MAX_BYTES = 100_000_000  # no review is longer; a larger file is a mistake
MAX_LINE = 5_000_000  # characters: a longer line is no text


def read(path: str | Path, *, document_id: str | None = None, password: str | None = None) -> Document:
    """Read a review into an immutable `Document`.

    Text and Markdown are UTF-8; `password` opens an encrypted PDF. Raises ReadError, with file and reason, for what is
    missing, no regular file, empty, binary, wrongly encoded, damaged, over 100 MB or of an unknown ending.
    """
    path = Path(path)
    data = _bytes_of(path)
    name, sha256 = document_id or path.stem, hashlib.sha256(data).hexdigest()
    suffix = path.suffix.lower()
    # What a kind of file needs is imported where such a file is read.
    if suffix in _PDF:
        from extract.readers.pdf import parse_pdf

        return parse_pdf(data, document_id=name, path=str(path), sha256=sha256, password=password)
    if suffix in _XML:
        from extract.readers.jats import parse_jats

        document = parse_jats(data, document_id=name, path=str(path), sha256=sha256)
    elif suffix in _HTML:
        from extract.readers.html import parse_html

        document = parse_html(data, document_id=name, path=str(path), sha256=sha256)
    else:
        document = parse_text(_decoded(data, path), document_id=name, path=str(path), sha256=sha256)
    if not document.text:
        raise ReadError(f"{path}: no words in it")
    return document


def load_readers() -> None:
    """Import what every kind of file needs, so that the first file of a process takes no longer than the next."""
    import extract.readers.html
    import extract.readers.jats
    import extract.readers.pdf  # noqa: F401


def is_printable(path: Path) -> bool:
    """Whether a file's name is text, as tables need it; on Linux it may be any bytes."""
    return str(path).isascii() or escaped(path) == path


def escaped(path: Path) -> Path:
    """The path with what is no UTF-8 in it as `\\udcff`."""
    return Path(str(path).encode("utf-8", "backslashreplace").decode("utf-8"))


def _decoded(data: bytes, path: Path) -> str:
    """The text of a text file, or a ReadError that says why it is none."""
    if b"\x00" in data[:8192]:
        raise ReadError(f"{path}: binary data, not text")
    try:
        source = data.decode("utf8")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{path}: not UTF-8 at byte {error.start} (0x{data[error.start]:02x}); save the file as UTF-8"
        ) from error
    if not source.strip("\ufeff \t\r\n\f"):
        raise ReadError(f"{path}: empty file")
    if len(source) > MAX_LINE and max(map(len, source.splitlines())) > MAX_LINE:
        raise ReadError(f"{path}: a line of more than {MAX_LINE:,} characters is no text")
    return source


def _bytes_of(path: Path) -> bytes:
    """The file's bytes, or a ReadError that says why there are none."""
    try:
        if not is_printable(path):
            raise ReadError(f"{escaped(path)}: {BAD_NAME}")
        if path.is_dir():
            raise ReadError(f"{path}: is a folder; name the files in it")
        if not path.exists():
            raise ReadError(f"{path}: no such file")
        if not path.is_file():
            raise ReadError(f"{path}: not a regular file")
        if path.suffix.lower() not in SUFFIXES:
            raise ReadError(f"{path}: unknown file type {path.suffix or '(none)'!r}; known are {', '.join(SUFFIXES)}")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError(f"{path}: {size:,} bytes; more than {MAX_BYTES:,} is no review")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}") from error
    if not data:
        raise ReadError(f"{path}: empty file")
    return data
