"""What `extract report` does."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from extract.commands import DONE, NOTHING_DONE, exit_code, extract_files, say
from extract.errors import ExtractError, OutputError, ReadError

if TYPE_CHECKING:
    from extract.batch.ledger import Entry, Ledger
    from extract.sinks.html.views import ReviewView

MAX_REVIEWS = 40  # on one page: some 20 MB


def report_reviews(args: argparse.Namespace) -> int:
    """`extract report`: write the page of some reviews."""
    from extract.sinks.html.report import draw_pictures, review_part, save_report

    if args.output.suffix.lower() not in {".html", ".htm"}:
        raise OutputError(f"{args.output}: a report is a page: name a file that ends with .html")
    inputs: list[Path] = list(dict.fromkeys(args.inputs))
    folders = [path for path in inputs if path.is_dir()]
    if folders and len(inputs) > 1:
        raise ExtractError(f"{folders[0]}: a folder is reported by itself, or name files")
    if args.documents and not folders:
        raise ExtractError("--documents belongs to a dataset: extract report OUT --documents ID")
    _check_output(args.output, inputs)
    views = _of_folder(args, folders[0]) if folders else _of_files(args, inputs)
    parts = []
    for view in views:
        pictures = None if args.no_pages else draw_pictures(view, password=args.password)
        parts.append(review_part(view, pictures=pictures))
        if len(parts) > MAX_REVIEWS:
            raise ExtractError(f"one page holds {MAX_REVIEWS} reviews; name some: --documents ID …")
    if not parts:
        return NOTHING_DONE
    size = save_report(parts, args.output)
    reviews = "1 review" if len(parts) == 1 else f"{len(parts)} reviews"
    say(f"wrote {args.output}: {reviews}, {size / 1e6:.1f} MB")
    if args.open:
        _open(args.output)
    return DONE if folders else exit_code(len(parts), len(inputs))


def _check_output(output: Path, inputs: Sequence[Path]) -> None:
    """Raise OutputError where the page would take the place of a review, which may be a page as well."""
    for path in inputs:
        if path.resolve() == output.resolve():
            raise OutputError(f"{output}: is the review itself; name another file")


def _of_files(args: argparse.Namespace, paths: Sequence[Path]) -> Iterator[ReviewView]:
    from extract.sinks.html.views import view_extraction

    for extraction in extract_files(args, paths, helpers=True):
        yield view_extraction(extraction)


def _of_folder(args: argparse.Namespace, folder: Path) -> Iterator[ReviewView]:
    """The documents of a batch: extracted again where that gives the same, for pages and coverage, else as kept."""
    from extract.batch.ledger import Ledger

    with Ledger(folder, make=False) as ledger:
        chosen = list(_chosen(ledger, folder, args.documents))
        if len(chosen) > MAX_REVIEWS:
            raise ExtractError(
                f"{folder}: holds {len(chosen):,} reviews, one page {MAX_REVIEWS}; name some: --documents ID …"
            )
        for entry, key in chosen:
            yield _view_of(ledger, entry, key, password=args.password)


def _chosen(ledger: Ledger, folder: Path, documents: Sequence[str] | None) -> Iterator[tuple[Entry, str]]:
    found = {entry.document_id: (entry, key) for entry, key in ledger.documents()}
    if not found:
        raise ReadError(f"{folder}: no review was extracted here")
    for name in documents or found:
        if name not in found:
            raise ReadError(f"{folder}: no document {name!r}; there are {', '.join(list(found)[:20])}")
        yield found[name]


def _view_of(ledger: Ledger, entry: Entry, key: str, *, password: str | None) -> ReviewView:
    from extract.batch.contents import is_current
    from extract.decisions.documents import kept_view

    if is_current(entry):
        try:
            return _fresh_view(entry, password=password)
        except ReadError as error:  # encrypted
            say(f"{error}; only what was kept is shown: text and rows, no pages")
    return kept_view(ledger, entry, key)


def _fresh_view(entry: Entry, *, password: str | None) -> ReviewView:
    from extract.audit import extract_and_audit
    from extract.readers import read
    from extract.sinks.html.views import view_extraction

    return view_extraction(
        extract_and_audit(read(entry.place, document_id=entry.document_id, password=password), helpers=True)
    )


def _open(path: Path) -> None:
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        say(f"no browser found; open {path} yourself")
