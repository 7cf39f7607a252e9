"""The documents of a batch with what was decided about their rows: from the ledger and the log of decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from extract.batch.contents import stored_view
from extract.batch.ledger import Entry, Ledger
from extract.decisions.folding import fold
from extract.decisions.reviewed import ReviewedRow
from extract.decisions.store import Decisions
from extract.document import Document
from extract.errors import ReadError
from extract.readers import read
from extract.sinks.html.views import ReviewView

CHANGED = "the file is not there any more, or was changed since it was extracted"
READ_OTHERWISE = "this version of the program reads the file otherwise; run `extract batch` again"


@dataclass(frozen=True)
class ReviewedDocument:
    """A document with its rows as they stand, and who is done with it since when; `place` is its file."""

    view: ReviewView
    place: Path
    rows: Sequence[ReviewedRow]
    finished: dict[str, str]

    @property
    def document_id(self) -> str:
        """The document's id."""
        return self.view.document_id

    @property
    def is_decided_on(self) -> bool:
        """Whether anybody decided on one of its rows or said to be done with it."""
        return bool(self.finished) or any(row.decisions for row in self.rows)

    @property
    def bytes(self) -> bytes | None:
        """What the file holds, None where that is not what was extracted."""
        try:
            data = self.place.read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == self.view.sha256 else None

    @cached_property
    def read_again(self) -> Document | str:
        """The document as its file gives it, or why it cannot be what the decisions were made on."""
        if self.bytes is None:
            return CHANGED
        try:
            document = read(self.place, document_id=self.document_id)
        except ReadError as error:
            return str(error).removeprefix(f"{self.place}: ")
        return document if document.text == self.view.text else READ_OTHERWISE


def reviewed_documents(ledger: Ledger, log: Decisions) -> Iterator[ReviewedDocument]:
    """The documents of the last run that have rows, in their order; one at a time.

    Raises ReadError where another version of the program made rows that do not fit.
    """
    for entry, key in ledger.documents():
        view = kept_view(ledger, entry, key)
        finished = log.finished(entry.document_id)
        subjects, history = log.subjects(entry.document_id), log.history(entry.document_id)
        rows = fold(view.tables, view.text, subjects, history, finished=finished)
        yield ReviewedDocument(view, entry.place, rows, finished)


def kept_view(ledger: Ledger, entry: Entry, key: str) -> ReviewView:
    """A document as the ledger holds it; ReadError where another version of the program made rows that do not fit."""
    try:
        return stored_view(ledger, entry, key)
    except (LookupError, ValueError) as error:
        raise ReadError(
            f"{entry.path}: another version of the program extracted it, and its rows do not fit: run"
            " `extract batch` again"
        ) from error


def left_behind(ledger: Ledger, log: Decisions) -> list[str]:
    """The documents that people decided on but that are not in the last run, or have no rows there."""
    present = {entry.document_id for entry, _ in ledger.documents()}
    return [document_id for document_id in log.document_ids() if document_id not in present]
