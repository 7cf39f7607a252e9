"""A folder with a dataset of sample reviews, and somebody who decides on all of its rows."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from extract.batch.ledger import Ledger
from extract.batch.outcomes import Options, Result
from extract.batch.pool import Task
from extract.batch.runs import Batch
from extract.batch.work import extract_file
from extract.decisions.documents import ReviewedDocument, reviewed_documents
from extract.decisions.entries import TABLE_NAMES, TableName
from extract.decisions.places import anchor_at, anchor_row, find_placed, placed_rows
from extract.decisions.store import Decisions

SAMPLES = Path(__file__).resolve().parents[2] / "corpus" / "samples"
NOW = "2026-01-01T00:00:00.000+00:00"
_RESULTS: dict[str, Result] = {}  # by the file's bytes: each sample is extracted once in a run of the tests


def make_dataset(folder: Path, papers: Iterable[Path]) -> None:
    """A dataset of copies of some papers, which lie in `folder/papers`."""
    (folder / "papers").mkdir(parents=True, exist_ok=True)
    places = [Path(shutil.copy(path, folder / "papers" / path.name)) for path in papers]
    run(folder, places)


def run(folder: Path, places: Iterable[Path]) -> None:
    """A batch in this process."""
    batch = Batch(folder, Options())
    try:
        files = batch.choose(list(places))
        batch.write(batch.run(_extract, files=files, told=lambda *_: None))
    finally:
        batch.close()


def _extract(tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
    for task in tasks:
        if task.sha256 not in _RESULTS:
            found = extract_file(task.path, Options(), sha256=task.sha256)
            assert isinstance(found, Result), found
            _RESULTS[task.sha256] = found
        yield task, _RESULTS[task.sha256]


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Decisions, list[ReviewedDocument]]]:
    """The log of a folder and its documents as they stand."""
    with Ledger(folder) as ledger, Decisions(folder, now=lambda: NOW) as log:
        yield log, list(reviewed_documents(ledger, log))


def accept_all(folder: Path, *reviewers: str, tables: Collection[str] = TABLE_NAMES) -> None:
    """Some people accept every row of some tables, and are done."""
    with opened(folder) as (log, documents):
        log._log.all("PRAGMA synchronous = OFF")  # no disk has to keep this
        for document in documents:
            view = document.view
            for placed in placed_rows(view.tables):
                if placed.table not in tables:
                    continue
                anchor = anchor_row(view.text, placed)
                for reviewer in reviewers:
                    log.decide(
                        *(view.document_id, placed.table),
                        reviewer=reviewer,
                        action="accept",
                        anchor=anchor,
                        row=placed.row,
                    )
            for reviewer in reviewers:
                log.finish(view.document_id, reviewer=reviewer)


def decide(folder: Path, document_id: str, who: str, action: str, record_id: str, **fields: Any) -> None:
    """What a person decides on a row of the machine; `who` may be `adjudicator NAME`."""
    *role, reviewer = who.split()
    with opened(folder) as (log, documents):
        document = next(each for each in documents if each.document_id == document_id)
        row = next(each for each in document.rows if each.record_id == record_id)
        placed = find_placed(document.view.tables, row.table, record_id)
        assert placed is not None
        at = (role or ["reviewer"])[0]
        log.decide(
            *(document_id, row.table),
            reviewer=reviewer,
            role=at,
            action=action,
            subject=row.subject_for(reviewer, at),
            anchor=anchor_row(document.view.text, placed),
            row=placed.row,
            fields=fields or None,
            base=row.base_of(reviewer, at),
        )


def add(folder: Path, document_id: str, reviewer: str, table: TableName, words: str, **fields: Any) -> None:
    """A person adds a row where some words stand first."""
    with opened(folder) as (log, documents):
        text = next(each for each in documents if each.document_id == document_id).view.text
        start = text.index(words)
        anchor = anchor_at(text, start, start + len(words))
        log.decide(document_id, table, reviewer=reviewer, action="add", anchor=anchor, fields=fields)
