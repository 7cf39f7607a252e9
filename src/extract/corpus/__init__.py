"""The corpus: papers of one's own in a folder, with a manifest of what they are and where they came from.

`fetch_paper` gets a paper from Europe PMC, `add_file` takes one that is at hand; `listing` tells what there is.
A paper's file is named after its id, so that the ids of the tables are those of the manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from extract.corpus.europe_pmc import BASE_URL, find_article, normalise_doi
from extract.corpus.licences import find_spdx, read_licence
from extract.corpus.manifest import MANIFEST, Entry, put_entry, read_bytes, read_manifest
from extract.document import Document
from extract.sinks.tables import write_atomically

__all__ = [
    "BASE_URL",
    "MANIFEST",
    "Entry",
    "Placed",
    "add_file",
    "fetch_paper",
    "normalise_doi",
]


@dataclass(frozen=True, slots=True)
class Placed:
    """A paper that lies in the folder now; `is_new` unless it lay there before."""

    path: Path
    entry: Entry
    is_new: bool


def fetch_paper(doi: str, folder: Path, *, base_url: str = BASE_URL) -> Placed:
    """Get the open-access full text of a paper into the folder, unless a file of that DOI lies there.

    Raises FetchError where there is none to get, NetworkError where the archive cannot be reached.
    """
    doi = normalise_doi(doi)
    entries = read_manifest(folder)
    known = next((each for each in entries if each.doi is not None and each.doi.lower() == doi.lower()), None)
    if known is not None and (folder / known.file).is_file():
        return Placed(folder / known.file, known, is_new=False)
    article = find_article(doi, base_url=base_url)
    path = folder / known.file if known is not None else _free_path(folder, article.pmcid, ".xml", entries)
    entry = Entry(
        id=path.stem if known is None else known.id,
        file=path.name,
        title=article.title,
        doi=article.doi,
        licence=article.licence,
        sha256=hashlib.sha256(article.xml).hexdigest(),
        origin=article.url,
        retrieved=_today(),
    )
    write_atomically(path, article.xml)
    put_entry(folder, entry)
    return Placed(path, entry, is_new=True)


def add_file(path: Path, document: Document, folder: Path, *, doi: str | None, licence: str | None) -> Placed:
    """Copy a file that was read into the folder and enter it in the manifest; what lies in the folder stays there.

    `doi` and `licence` go before what the file says of itself. A file that is known already is not copied again; its
    entry takes a `doi` or `licence` that is new.
    """
    data = read_bytes(path)
    sha256 = hashlib.sha256(data).hexdigest()
    doi = None if doi is None else normalise_doi(doi)
    licence = None if licence is None else find_spdx(licence) or licence
    entries = read_manifest(folder)
    known = next((each for each in entries if each.sha256 == sha256 and (folder / each.file).is_file()), None)
    if known is not None:
        entry = known.model_copy(update={"doi": doi or known.doi, "licence": licence or known.licence})
        if entry != known:
            put_entry(folder, entry)
        return Placed(folder / known.file, entry, is_new=False)
    lies_there = path.resolve().parent == folder.resolve()
    target = path if lies_there else _free_path(folder, path.stem, path.suffix.lower(), entries)
    renewed = next((each for each in entries if lies_there and each.file == path.name), None)
    entry = Entry(
        id=renewed.id if renewed else _free_id(target.stem, {each.id for each in entries}),
        file=target.name,
        title=document.title,
        doi=doi or document.doi or (renewed.doi if renewed else None),
        licence=licence or (renewed.licence if renewed else None) or _stated_licence(path, data),
        sha256=sha256,
        origin=None if lies_there else str(path),
        retrieved=None if lies_there else _today(),
    )
    if not lies_there:
        write_atomically(target, data)
    put_entry(folder, entry)
    return Placed(target, entry, is_new=True)


def _stated_licence(path: Path, data: bytes) -> str | None:
    """The licence that a JATS file states; other files are not asked."""
    return read_licence(data) if path.suffix.lower() in (".xml", ".nxml", ".jats") else None


def _free_path(folder: Path, stem: str, suffix: str, entries: Sequence[Entry]) -> Path:
    """A path in the folder whose stem no other file and no entry has."""
    used = {each.id for each in entries} | {Path(each.file).stem for each in entries}
    if folder.is_dir():
        used |= {path.stem for path in folder.iterdir()}
    return folder / f"{_free_id(stem, used)}{suffix}"


def _free_id(stem: str, used: set[str]) -> str:
    name, number = stem, 1
    while name in used:
        number += 1
        name = f"{stem}-{number}"
    return name


def _today() -> date:
    return datetime.now(UTC).date()
