"""The reviews of a folder as the start page lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from extract.batch.ledger import Entry
from extract.batch.outcomes import Stage, failure_of
from extract.records import Schema
from extract.web.words import advice_of
from extract.web.workspace import Workspace


class Standing(StrEnum):
    """What there is of a file."""

    READY = "ready"
    SAME = "same"  # the bytes of a file before it
    FAILED = "failed"
    WAITING = "waiting"  # not extracted yet


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the folder: `name` is its title or, without one, the file's name; `same_as` the id of its double."""

    document_id: str
    name: str
    file: str
    standing: Standing
    counts: Mapping[Schema, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    is_outdated: bool = False
    same_as: str | None = None
    error: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """How many rows of a review somebody has decided on, and whether that was all."""

    reviewer: str
    rows: int
    is_finished: bool


def decided_rows(workspace: Workspace, document_ids: Iterable[str]) -> dict[str, list[Decided]]:
    """How far the reviewers are with some reviews, by document id, in the order of their names."""
    progress = workspace.decisions.progress()
    found = {}
    for document_id in document_ids:
        rows, finished = progress.get(document_id, {}), workspace.decisions.finished(document_id)
        found[document_id] = [Decided(name, rows.get(name, 0), name in finished) for name in sorted({*rows, *finished})]
    return found


def list_reviews(workspace: Workspace) -> list[Listed]:
    """The files of a folder in their order."""
    first: dict[str, str] = {}  # ids by the keys of results
    listed = []
    for entry in workspace.ledger.entries():
        shown = _listed(workspace, entry, first)
        if shown.standing is Standing.READY and entry.key is not None:
            first[entry.key] = entry.document_id
        listed.append(shown)
    return listed


def _listed(workspace: Workspace, entry: Entry, first: Mapping[str, str]) -> Listed:
    ledger, key, file = workspace.ledger, entry.key, entry.path.name
    summary = ledger.summary(key) if key is not None else None
    if summary is not None and key is not None:
        _, title, counts, warnings = summary
        standing = Standing.SAME if key in first else Standing.READY
        return Listed(
            entry.document_id,
            title or file,
            file,
            standing,
            counts,
            warnings,
            is_outdated=workspace.is_outdated(entry),
            same_as=first.get(key),
        )
    failure = ledger.failure(key, entry.path) if key is not None else None
    if entry.error is not None:
        failure = failure_of(entry.path, Stage.OPEN, entry.error)
    if failure is None:
        return Listed(entry.document_id, file, file, Standing.WAITING)
    return Listed(entry.document_id, file, file, Standing.FAILED, error=failure.error, advice=advice_of(failure))
