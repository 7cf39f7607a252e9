"""Uploads, what is in work, and extracting again."""

from __future__ import annotations

from dataclasses import asdict

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from extract.web.desk import desk_of, field_of, form_of, review_address, wants_json

UPLOADS = "/papers"
_AGAIN = {"all": False, "failed": True}


async def take_papers(request: Request) -> Response:
    """Take in the files of a form, field `files`, and have them extracted."""
    workspace = desk_of(request).workspace
    files = [each for each in form_of(request).getlist("files") if isinstance(each, UploadFile) and each.filename]
    if not files:
        raise HTTPException(400, "No file was chosen.")
    jobs = [await run_in_threadpool(workspace.save, each.file, each.filename or "") for each in files]
    return JSONResponse({"jobs": [asdict(job) for job in jobs]}, 202) if wants_json(request) else _back()


def tell_jobs(request: Request) -> Response:
    """How far everything is, for scripts."""
    report = desk_of(request).workspace.jobs.report()
    for job in report["jobs"]:
        job["address"] = review_address(job["document_id"]) if job["document_id"] else None
    return JSONResponse(report)


def extract_again(request: Request) -> Response:
    """Extract what is new, changed or of another version; with `which=failed` try what failed."""
    which = field_of(request, "which")
    if which not in _AGAIN:
        raise HTTPException(400, "“which” is “all” or “failed”.")
    workspace = desk_of(request).workspace
    workspace.check_place()
    jobs = workspace.jobs
    jobs.extract_again(retry_failed=_AGAIN[which])
    return JSONResponse(jobs.report(), 202) if wants_json(request) else _back()


def _back() -> Response:
    return RedirectResponse("/", 303)


ROUTES = [
    Route(UPLOADS, take_papers, methods=["POST"]),
    Route("/jobs", tell_jobs, methods=["GET"]),
    Route("/runs", extract_again, methods=["POST"]),
]
