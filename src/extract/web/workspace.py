"""The folder of the desk: its ledger, its files, what is in work, and what a page shows of a review."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from extract.batch.contents import is_current, stored_view
from extract.batch.ledger import Entry, Ledger
from extract.batch.outcomes import TIMEOUT, Limits, Options, Stage, failure_of
from extract.batch.runs import Batch
from extract.batch.versions import hash_file, key_of
from extract.decisions.log import identity_of
from extract.decisions.store import Decisions
from extract.errors import ExtractError, OutputError, ReadError
from extract.sinks.html.views import ReviewView
from extract.web.cache import Cache
from extract.web.jobs import Job, Jobs, State, Work
from extract.web.uploads import PAPERS, RefusedError, Saved, safe_name, save_upload
from extract.web.viewer import Viewer, ViewerBusyError, ViewerError
from extract.web.words import advice_of

VIEWS = 8  # reviews that are kept in memory
PICTURES = 64_000_000  # bytes of pictures that are kept
SCALES = (0.5, 4.0)  # pixels a point
_NAME = 200  # characters of a refused file's name that are told


class UnknownReviewError(ExtractError):
    """There is no such review in the folder."""


class NoReviewError(ExtractError):
    """A file of the folder that has no rows to show; the message says why, `advice` what to do."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """What a page shows of a review, and what to say where that is not all: no pages, an earlier version."""

    view: ReviewView
    notice: str | None
    entry: Entry


class Workspace:
    """A folder with a ledger, held for this process until it is closed; for several threads."""

    def __init__(self, folder: Path, *, options: Options, limits: Limits, max_upload: int) -> None:
        """Open or begin it; raises OutputError where it cannot be written or another process holds it."""
        self.folder = folder
        self.options = options
        self.papers = folder / PAPERS
        self.max_upload = max_upload
        self.ledger = Ledger(folder, threads=True)
        self._file = identity_of(self.ledger.path)
        try:
            self.decisions = Decisions(folder)
        except BaseException:
            self.ledger.close()
            raise
        patience = min(limits.timeout, TIMEOUT) if options.ocr else limits.timeout  # pages recognise no scans
        self.viewer = Viewer(timeout=patience, max_memory=limits.max_memory)
        self._batch = Batch(folder, options, ledger=self.ledger)
        self.jobs = Jobs(self._batch, limits, find_work=self._find_work)
        self._saving = threading.Lock()
        self._views: Cache[object, OpenedReview] = Cache(VIEWS)
        self._pictures: Cache[object, bytes] = Cache(PICTURES, weigh=len)

    def start(self) -> None:
        """Begin to work, with uploads that were left from before."""
        self._find_moved()
        left = [entry for entry in self._open_entries() if entry.place.parent == _place(self.papers)]
        self.jobs.add(self._work(entry) for entry in left)
        self.jobs.start()

    def close(self) -> None:
        """End all work and let the folder go."""
        self.viewer.close()
        self.jobs.close()
        self.decisions.close()
        self.ledger.close()

    def find(self, document_id: str) -> Entry:
        """The file of a review; raises UnknownReviewError."""
        entry = self.ledger.find(document_id)
        if entry is None:
            raise UnknownReviewError(f"There is no review “{document_id}” in this folder.")
        return entry

    def save(self, stream: BinaryIO, given: str) -> Job:
        """Take in an upload and have it extracted; a job that has ended already tells why not."""
        self.check_place()
        with self._saving:
            try:
                name = safe_name(given)
                saved = save_upload(stream, name, self.papers, max_bytes=self.max_upload, taken=self._gone())
            except RefusedError as error:
                shown = "".join(each for each in given if each.isprintable())[-_NAME:] or "a file without a name"
                return self.jobs.new(shown, state=State.FAILED, message=str(error))
            entry = self._with_bytes(saved.sha256, saved.path)
            if entry is None:
                self._batch.add([saved.path])
                entry = next(each for each in self.ledger.entries() if each.place == _place(saved.path))
            elif entry.place != _place(saved.path) and saved.is_new:
                saved.path.unlink()
            return self._queue(entry, saved)

    def check_place(self) -> None:
        """Raise OutputError where the folder is not in its place any more: what is added to it now would be lost."""
        if identity_of(self.ledger.path) != self._file:
            raise OutputError(
                f"{self.folder}: was moved, removed or replaced while the review desk was open: put it back, or start"
                " the desk again"
            )

    def view(self, document_id: str) -> ReviewView:
        """What a page shows of a review."""
        return self.open_review(document_id).view

    def open_review(self, document_id: str) -> OpenedReview:
        """What a page shows of a review: read again for pages and coverage where that gives the same, else as kept.

        Raises UnknownReviewError or, where nothing is to be shown, NoReviewError.
        """
        entry = self.find(document_id)
        key = (document_id, entry.key, _stamp(entry.place))
        opened = self._views.get(key)
        if opened is None:
            opened = self._open(entry)
            self._views.put(key, opened)
        return opened

    def page_picture(self, document_id: str, number: int, *, scale: float) -> bytes:
        """A page of a review's PDF as WebP, `scale` in pixels a point within `SCALES`.

        Raises UnknownReviewError; ReadError where the file is none, is gone or has changed, or has no such page.
        """
        entry = self.find(document_id)
        if entry.place.suffix.lower() != ".pdf" or entry.sha256 is None:
            raise ReadError(f"{document_id}: has no pages")
        scale = round(min(max(scale, SCALES[0]), SCALES[1]), 1)
        key = (entry.sha256, number, scale)
        picture = self._pictures.get(key)
        if picture is None:
            try:
                values = {"scale": scale, "password": self.options.password, "sha256": entry.sha256}
                picture = bytes(self.viewer.ask("page", place=entry.place, number=number, **values))
            except ViewerError as error:
                raise ReadError(f"{document_id}: page {number} cannot be shown: {error}") from error
            self._pictures.put(key, picture)
        return picture

    def is_outdated(self, entry: Entry) -> bool:
        """Whether another version of the program extracted a file."""
        if entry.key is None or entry.sha256 is None:
            return False
        return entry.key not in _keys(entry.sha256, entry.place.suffix)

    def _open(self, entry: Entry) -> OpenedReview:
        self._check_result(entry)
        if is_current(entry):
            try:
                values = {"document_id": entry.document_id, "path": str(entry.path), "sha256": entry.sha256}
                view = self.viewer.ask("view", place=entry.place, password=self.options.password, **values)
                return OpenedReview(view, None, entry)
            except ViewerBusyError as error:
                raise NoReviewError(
                    "Other pages are being made.", advice="Load this page again in a moment."
                ) from error
            except ViewerError as error:
                notice = (
                    f"The file could not be opened again: {error}. This is what was read before, without its pages."
                )
        else:
            notice = self._why_kept(entry)
        if entry.key is None or not self.ledger.has_result(entry.key):
            raise NoReviewError("This review is being extracted.", advice="Load this page again in a moment.")
        try:
            return OpenedReview(stored_view(self.ledger, entry, entry.key), notice, entry)
        except (LookupError, ValueError) as error:
            raise NoReviewError(
                "Another version of the program extracted this review, and this one cannot show its rows.",
                advice="Choose “Extract again” on the start page.",
            ) from error

    def _check_result(self, entry: Entry) -> None:
        """Raise NoReviewError for a file that has no result and will have none for now."""
        failure = None if entry.key is None else self.ledger.failure(entry.key, entry.path)
        if entry.error is not None:
            failure = failure_of(entry.path, Stage.OPEN, entry.error)
        if failure is not None:
            raise NoReviewError(f"This file could not be extracted: {failure.error}.", advice=advice_of(failure))
        if entry.key is None:
            raise NoReviewError("This file was not extracted yet.", advice="Choose “Extract again” on the start page.")

    def _why_kept(self, entry: Entry) -> str:
        kept = "This is what was read before, without its pages."
        try:
            sha256 = hash_file(entry.place)
        except OSError:
            return f"The file is no longer at {entry.path}. {kept}"
        if sha256 != entry.sha256:
            return f"The file has changed since it was extracted; “Extract again” takes in the change. {kept}"
        if self.is_outdated(entry):
            return f"Another version of the program extracted this review; “Extract again” does it anew. {kept}"
        return f"The words of this scan were recognised when it was extracted. {kept}"

    def _open_entries(self) -> Iterator[Entry]:
        """Files that were never extracted and did not fail."""
        for entry in self.ledger.entries():
            if entry.error is None and (
                entry.key is None or not (self.ledger.has_result(entry.key) or self.ledger.has_failure(entry.key))
            ):
                yield entry

    def _find_work(self, retry_failed: bool) -> Sequence[Work]:
        """What failed; or what is new, changed or of another version, but not what is gone and was read before."""
        if retry_failed:
            return [self._work(each, retry=True) for each in self.ledger.entries() if self._has_failed(each)]
        return [self._work(each) for each in self.ledger.entries() if self._needs_work(each)]

    def _has_failed(self, entry: Entry) -> bool:
        return entry.error is not None or (entry.key is not None and self.ledger.has_failure(entry.key))

    def _needs_work(self, entry: Entry) -> bool:
        is_done = entry.key is not None and self.ledger.has_result(entry.key)
        try:
            sha256 = hash_file(entry.place)
        except OSError:
            return not is_done and not self._has_failed(entry)
        is_known = is_done or self._has_failed(entry)
        return not (is_known and entry.key in _keys(sha256, entry.place.suffix))

    def _work(self, entry: Entry, *, retry: bool = False) -> Work:
        job = self.jobs.new(entry.path.name, document_id=entry.document_id)
        return Work(job, entry.place, entry.path, retry)

    def _queue(self, entry: Entry, saved: Saved) -> Job:
        """The job of an upload: to be extracted, to be tried again, or there already."""
        name = saved.path.name
        if entry.sha256 == saved.sha256 and entry.key is not None and self.ledger.has_result(entry.key):
            told = "is already there" if entry.path.name == name else f"is already there as {entry.path.name}"
            return self.jobs.new(name, state=State.DONE, message=told, document_id=entry.document_id)
        if self.jobs.is_waiting(entry.place):
            return self.jobs.new(name, state=State.DONE, message="waits already", document_id=entry.document_id)
        work = self._work(entry, retry=self._has_failed(entry))
        self.jobs.add([work])
        return work.job

    def _with_bytes(self, sha256: str, path: Path) -> Entry | None:
        """The file in the folder that has these bytes and this ending; one that is gone is where the upload is now."""
        for entry in self.ledger.entries():
            if entry.place == _place(path):
                return entry
            if entry.sha256 != sha256 or entry.place.suffix.lower() != path.suffix:
                continue
            if not entry.place.exists():
                self.ledger.move(entry.place, to=_place(path), path=path)
                return self.find(entry.document_id)
            if hash_file(entry.place) == sha256:
                return entry
        return None

    def _gone(self) -> set[str]:
        """Names of uploads whose files are gone; they stay with their reviews."""
        papers = _place(self.papers)
        return {
            each.place.name for each in self.ledger.entries() if each.place.parent == papers and not each.place.exists()
        }

    def _find_moved(self) -> None:
        """Uploads of a folder that was moved or copied are where the folder is now."""
        for entry in self.ledger.entries():
            here = self.papers / entry.place.name
            if not entry.place.exists() and here.is_file() and entry.sha256 in (None, hash_file(here)):
                self.ledger.move(entry.place, to=_place(here), path=here)


def _keys(sha256: str, suffix: str) -> set[str]:
    """What this version of the program may call the result of some bytes, whichever options it had."""
    choices = [(helpers, ocr) for helpers in (False, True) for ocr in (False, True)]
    return {key_of(sha256, suffix, Options(helpers=helpers, ocr=ocr)) for helpers, ocr in choices}


def _stamp(place: Path) -> tuple[int, int] | None:
    """What changes when a file does."""
    try:
        found = place.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _place(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - keeps links, as the ledger does
