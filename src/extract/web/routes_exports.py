"""What people decided, to take along: final tables, or gold, as one file."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from extract.decisions.documents import left_behind, reviewed_documents
from extract.decisions.gold import write_gold
from extract.decisions.tables import write_reviewed
from extract.errors import ReadError
from extract.sinks.exporting import telling
from extract.web.desk import desk_of
from extract.web.workspace import Workspace

_DAWN = (1980, 1, 1, 0, 0, 0)  # no time in the archive: the same decisions give the same bytes
_REMARKS = "remarks.txt"


async def export_tables(request: Request) -> Response:
    """The rows of all reviews as they stand, and every difference from the program's, as CSV and Parquet."""
    return await run_in_threadpool(_export, request, "tables", _write_tables)


async def export_gold(request: Request) -> Response:
    """The tables on which everything is decided as gold, with their texts."""
    return await run_in_threadpool(_export, request, "gold", _write_gold)


def _export(request: Request, name: str, write: Callable[[Workspace, Path], Sequence[str]]) -> Response:
    workspace = desk_of(request).workspace
    with telling(Path(tempfile.gettempdir())), tempfile.TemporaryDirectory() as made:
        try:
            remarks = write(workspace, Path(made))
        except ReadError as error:
            raise HTTPException(409, f"{error}. Choose “Extract again” on the start page, then export.") from error
        place = _packed(Path(made), remarks)
    filename = f"{workspace.folder.resolve().name}-{name}.zip"
    done = BackgroundTask(place.unlink)
    return FileResponse(place, media_type="application/zip", filename=filename, background=done)


def _packed(folder: Path, remarks: Sequence[str]) -> Path:
    """An archive of the files in a folder, for whoever asked to remove; nothing is left where it cannot be written."""
    handle, made = tempfile.mkstemp(suffix=".zip")
    place = Path(made)
    try:
        with open(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:  # noqa: PTH123
            for path in sorted(each for each in folder.rglob("*") if each.is_file()):
                _add(archive, path.relative_to(folder).as_posix(), path.read_bytes())
            if remarks:
                _add(archive, _REMARKS, ("\n".join(remarks) + "\n").encode())
    except BaseException:
        place.unlink()
        raise
    return place


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _DAWN), data, zipfile.ZIP_DEFLATED)


def _write_tables(workspace: Workspace, folder: Path) -> Sequence[str]:
    written = write_reviewed(reviewed_documents(workspace.ledger, workspace.decisions), folder)
    return [*written.warnings, *_behind(workspace)]


def _write_gold(workspace: Workspace, folder: Path) -> Sequence[str]:
    exported = write_gold(reviewed_documents(workspace.ledger, workspace.decisions), folder)
    if not exported.tables:
        reasons = " ".join(f"{each}." for each in exported.left_out[:20])
        raise HTTPException(409, f"Nothing can be exported as gold yet: no table of a review is settled. {reasons}")
    return [*exported.left_out, *_behind(workspace)]


def _behind(workspace: Workspace) -> list[str]:
    names = left_behind(workspace.ledger, workspace.decisions)
    return [f"{name}: people decided on its rows, but it is not in this folder any more" for name in names]


ROUTES = [
    Route("/exports/tables.zip", export_tables, methods=["GET"]),
    Route("/exports/gold.zip", export_gold, methods=["GET"]),
]
