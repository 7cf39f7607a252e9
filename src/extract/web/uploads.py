"""Files that come from a browser: a safe name, a look at what they are, and their place in the folder."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Container
from pathlib import Path
from typing import BinaryIO, NamedTuple

from extract.batch.versions import hash_file
from extract.errors import ExtractError, OutputError
from extract.patterns import lazy_regex
from extract.readers import SUFFIXES

PAPERS = "papers"  # in the folder of the desk
MAX_NAME = 150  # bytes of a name without its ending; file systems take 255 with all that is added
_CHUNK = 1 << 20
_HEAD = 8192  # bytes that show what a file is
_FORBIDDEN = lazy_regex(r'[<>:"/\\|?*]')  # in names on some system
_RESERVED = lazy_regex(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\..*)?", re.IGNORECASE)  # names on Windows
_MARKUP = frozenset({".xml", ".nxml", ".jats", ".html", ".htm", ".xhtml"})
_BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16, in which every second byte may be 0
_SIGNATURES = {
    b"PK\x03\x04": "a Word document or another packed file; save it as PDF",
    b"\xd0\xcf\x11\xe0": "an old Word document; save it as PDF",
    b"{\\rtf": "a rich text file; save it as PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}


class RefusedError(ExtractError):
    """A file that is not taken; the message does not name it."""


class Saved(NamedTuple):
    """An upload in its place, its checksum, and whether the folder held it already."""

    path: Path
    sha256: str
    is_new: bool


def safe_name(given: str) -> str:
    """The name under which an upload is kept: its last part, printable, with a known ending.

    Raises RefusedError for an ending that no reader knows.
    """
    printable = "".join(each for each in re.split(r"[/\\]", given)[-1] if each.isprintable())
    name = unicodedata.normalize("NFC", printable)
    name = _FORBIDDEN.sub("_", name).strip().lstrip(". ")
    path = Path(name)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise RefusedError(
            f"files that end with {suffix!r} are not read; known endings are {known}"
            if suffix
            else f"its name has no known ending; there are {known}"
        )
    stem = path.stem.encode()[:MAX_NAME].decode(errors="ignore").strip(" .") or "review"
    return f"_{stem}{suffix}" if _RESERVED.fullmatch(stem) else f"{stem}{suffix}"


def check_kind(head: bytes, suffix: str) -> None:
    """Refuse a file whose first bytes do not fit its ending; the reader looks at the rest.

    Raises RefusedError.
    """
    if not head:
        raise RefusedError("the file is empty")
    is_pdf = b"%PDF-" in head[:1024]
    if suffix == ".pdf":
        if not is_pdf:
            raise RefusedError("this is no PDF, though its name ends with .pdf")
        return
    if is_pdf and head.lstrip().startswith(b"%PDF-"):
        raise RefusedError("this is a PDF; give it a name that ends with .pdf")
    for sign, kind in _SIGNATURES.items():
        if head.startswith(sign):
            raise RefusedError(f"this is {kind}")
    is_utf16 = suffix in _MARKUP and head.startswith(_BYTE_ORDER)
    if b"\x00" in head and not is_utf16:
        raise RefusedError(f"this is binary data, though its name ends with {suffix}")
    if suffix in _MARKUP and b"<" not in head:
        raise RefusedError(f"there is no markup in it, though its name ends with {suffix}")


def save_upload(stream: BinaryIO, name: str, folder: Path, *, max_bytes: int, taken: Container[str] = ()) -> Saved:
    """Put an upload into the folder under a name of `safe_name`, whole or not at all.

    A name that other bytes have, or that is `taken`, gets `-2`, `-3` …. Raises RefusedError for what is no review,
    OutputError where the folder cannot be written. One call at a time: names are looked for first and taken later.
    """
    suffix = Path(name).suffix
    part = folder / f".upload.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            sha256 = _copy(stream, part, suffix, max_bytes)
            path, is_new = _free_path(folder / name, sha256, taken)
            if is_new:
                part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return Saved(path, sha256, is_new)


def _copy(stream: BinaryIO, part: Path, suffix: str, max_bytes: int) -> str:
    digest, size = hashlib.sha256(), 0
    with part.open("wb") as file:
        chunk = stream.read(_CHUNK)
        check_kind(chunk[:_HEAD], suffix)
        while chunk:
            size += len(chunk)
            if size > max_bytes:
                raise RefusedError(f"it is larger than {max_bytes / 1e6:,.0f} MB")
            digest.update(chunk)
            file.write(chunk)
            chunk = stream.read(_CHUNK)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _free_path(path: Path, sha256: str, taken: Container[str]) -> tuple[Path, bool]:
    """The path, else the first with a number that is free; or one that holds these bytes, which are not new then."""
    number, candidate = 1, path
    while candidate.name in taken or os.path.lexists(candidate):
        if candidate.is_file() and hash_file(candidate) == sha256:
            return candidate, False
        number += 1
        candidate = path.with_stem(f"{path.stem}-{number}")
    return candidate, True
