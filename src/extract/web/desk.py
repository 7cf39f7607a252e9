"""What the routes of the desk have in common: the desk itself, pages, forms, addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment
from markupsafe import Markup
from starlette.datastructures import FormData, Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Scope

from extract.readers import SUFFIXES
from extract.sinks.html import make_environment
from extract.web.security import form_in
from extract.web.sessions import form_token, reviewer_of
from extract.web.workspace import Workspace

HERE = Path(__file__).parent
STYLES = ("/assets/base.css", "/static/desk.css")
RENEWAL = 4  # seconds between two looks of a page without scripts
_TITLES = {
    400: "This request is not understood",
    403: "This is not allowed",
    404: "There is no such page",
    405: "This is not possible here",
    409: "This review cannot be shown now",
    413: "This is too large",
    500: "Something went wrong",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk: its folder, its templates, how large an upload may be in bytes, and the token that it asks for."""

    workspace: Workspace
    templates: Environment
    max_upload: int
    token: str | None = field(default=None, repr=False)


def make_templates() -> Environment:
    """The templates of the desk's pages."""
    environment = make_environment(HERE / "templates")
    environment.globals["review_address"] = review_address
    environment.globals["reviewer_address"] = reviewer_address
    environment.globals["endings"] = ",".join(SUFFIXES)
    return environment


def desk_of(request: Request) -> Desk:
    """The desk that a request came to."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def review_address(document_id: str) -> str:
    """The address of a review's page."""
    return f"/reviews/{quote(document_id, safe='')}"


def page_address(document_id: str, number: int, *, scale: float | None = None) -> str:
    """The address of the picture of a page."""
    return f"{review_address(document_id)}/pages/{number}.webp" + ("" if scale is None else f"?scale={scale:g}")


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    is_renewed: bool = False,
    **context: Any,
) -> HTMLResponse:
    """A page; further `styles` and `scripts` are addresses. One that `is_renewed` loads itself again without scripts.

    Every template has `head`, `csrf`, `reviewer` (None before a name was given), `folder` and `here`, the page's path.
    """
    desk = desk_of(request)
    csrf = form_token(request)
    meta = Markup('<meta name="csrf" content="{}">\n').format(csrf)
    if is_renewed:
        meta += Markup('<noscript><meta http-equiv="refresh" content="{}"></noscript>\n').format(RENEWAL)
    common = {
        "head": meta + _head((*STYLES, *styles), scripts),
        "csrf": csrf,
        "reviewer": reviewer_of(request),
        "folder": desk.workspace.folder.resolve().name,
        "here": _path(request.scope),
    }
    return HTMLResponse(desk.templates.get_template(template).render(**common, **context), status)


def problem_page(templates: Environment, scope: Scope, status: int, message: str, *, advice: str = "") -> Response:
    """The page that tells of an error; JSON where that was asked for."""
    if "application/json" in Headers(scope=scope).get("accept", ""):
        return JSONResponse({"error": message, "advice": advice}, status)
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    if message == HTTPStatus(status).phrase:
        message = ""  # Starlette's own words
    page = templates.get_template("problem.html")
    return HTMLResponse(page.render(head=_head(STYLES, ()), title=title, message=message, advice=advice), status)


def form_of(request: Request) -> FormData:
    """The form that was sent."""
    form = form_in(request.scope)
    if form is None:
        raise HTTPException(400, "A form was expected.")
    assert isinstance(form, FormData)
    return form


def field_of(request: Request, name: str) -> str:
    """A field of the form that was sent, empty where it has none."""
    value = form_of(request).get(name, "")
    return value if isinstance(value, str) else ""


async def json_of(request: Request) -> dict[str, Any]:
    """The JSON object that was sent."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        value = await request.json() if kind == "application/json" else None
    except (ValueError, RecursionError) as error:  # RecursionError: nested too deeply
        raise HTTPException(400, "JSON was expected.") from error
    if not isinstance(value, dict):
        raise HTTPException(400, "A JSON object was expected.")
    return value


def wants_json(request: Request) -> bool:
    """Whether a script asks."""
    return "application/json" in request.headers.get("accept", "")


def reviewer_address(following: str) -> str:
    """The address of the page that asks who reviews, from where it goes on to another."""
    return f"/reviewer?{urlencode({'next': following})}"


def _path(scope: Scope) -> str:
    """The path that was asked for, with its escapes."""
    raw = scope.get("raw_path")
    return raw.decode("ascii", "replace") if raw else quote(scope["path"])


def _head(styles: Sequence[str], scripts: Sequence[str]) -> Markup:
    tags = [Markup('<link rel="stylesheet" href="{}">').format(address) for address in styles]
    tags += [Markup('<script src="{}" defer></script>').format(address) for address in scripts]
    return Markup("\n").join(tags)
