"""The review desk as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from extract.batch.outcomes import Limits, Options
from extract.readers import MAX_BYTES
from extract.sinks.html import ASSETS
from extract.web import routes_exports, routes_pages, routes_papers, routes_reviews, routes_start
from extract.web.desk import HERE, Desk, make_templates, problem_page
from extract.web.security import LOOPBACK, BodyLimit, FormCheck, HostCheck, Shield, TokenCheck
from extract.web.sessions import COOKIE, MAX_AGE, signing_key
from extract.web.workspace import NoReviewError, UnknownReviewError, Workspace

MAX_BODY = 1_000_000  # bytes of a request that is no upload
FORM_PARTS = 100_000  # bytes of a form around its files
STATIC = HERE / "static"
_SERVED = frozenset({".css", ".js", ".svg"})
_DEFAULT = Options()


def create_app(
    folder: Path,
    *,
    token: str | None = None,
    allowed_hosts: Collection[str] = LOOPBACK,
    any_address: bool = False,
    max_upload: int = MAX_BYTES,
    options: Options = _DEFAULT,
    limits: Limits | None = None,
) -> Starlette:
    """The desk of a folder, which it holds until the application ends.

    With `token` only who has it comes in. It answers to the names of `allowed_hosts`, at any port, and with
    `any_address` to addresses. `max_upload`: bytes of one request with files; `options` and `limits`: how files are
    extracted. Raises OutputError where the folder cannot be written or another process holds it.
    """
    limits = limits or Limits.of(options)
    workspace = Workspace(folder, options=options, limits=limits, max_upload=max_upload)
    templates = make_templates()
    uploads = {routes_papers.UPLOADS: max_upload + FORM_PARTS}
    app = Starlette(
        routes=[
            *routes_start.ROUTES,
            *routes_papers.ROUTES,
            *routes_pages.ROUTES,
            *routes_reviews.ROUTES,
            *routes_exports.ROUTES,
            Route("/favicon.ico", _favicon),
            Mount("/assets", _Assets(directory=ASSETS)),
            Mount("/static", _Assets(directory=STATIC)),
        ],
        middleware=[
            Middleware(Shield, problem=partial(problem_page, templates)),
            Middleware(HostCheck, names=allowed_hosts, any_address=any_address),
            Middleware(BodyLimit, limit_of=lambda path: uploads.get(path, MAX_BODY)),
            Middleware(
                SessionMiddleware,
                secret_key=signing_key(folder, token),
                session_cookie=COOKIE,
                max_age=MAX_AGE,
                same_site="strict",
            ),
            Middleware(TokenCheck, token=token),
            Middleware(FormCheck),
        ],
        exception_handlers={HTTPException: _told, UnknownReviewError: _told, NoReviewError: _told},
        lifespan=_working,
    )
    app.state.desk = Desk(workspace, templates, max_upload, token)
    return app


@asynccontextmanager
async def _working(app: Starlette) -> AsyncIterator[None]:
    """The workspace works as long as the application runs."""
    workspace: Workspace = app.state.desk.workspace
    workspace.start()
    try:
        yield
    finally:
        workspace.close()


class _Assets(StaticFiles):
    """Styles, scripts and pictures of a folder, and nothing else of it; browsers ask whether they have changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if Path(path).suffix not in _SERVED:
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def _told(request: Request, error: Exception) -> Response:
    """The page of an error."""
    values: dict[str, Any] = {"status": 409, "message": str(error)}
    if isinstance(error, HTTPException):
        values = {"status": error.status_code, "message": error.detail}
    elif isinstance(error, UnknownReviewError):
        values["status"] = 404
    elif isinstance(error, NoReviewError):
        values["advice"] = error.advice
    response = problem_page(request.app.state.desk.templates, request.scope, **values)
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _favicon(_: Request) -> Response:
    return Response((STATIC / "favicon.svg").read_bytes(), media_type="image/svg+xml")
