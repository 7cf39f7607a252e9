"""The start page, the page that asks who reviews, and the page that asks for the token."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from extract.web.desk import desk_of, field_of, render
from extract.web.jobs import State
from extract.web.listing import Standing, decided_rows, list_reviews
from extract.web.security import ENTER, is_same
from extract.web.sessions import NameRefusedError, inner_path, let_in, reviewer_name

STATES = {State.QUEUED: "Waits", State.READING: "Reading", State.DONE: "Done", State.FAILED: "Failed"}
SHOWN = 100  # reviews on one page


def show_start(request: Request) -> Response:
    """The reviews of the folder, what is in work, and where to add files."""
    desk = desk_of(request)
    reviews = list_reviews(desk.workspace)
    pages = max(-(-len(reviews) // SHOWN), 1)
    page = min(max(_number(request.query_params.get("page", "1")), 1), pages)
    shown = reviews[(page - 1) * SHOWN : page * SHOWN]
    work = desk.workspace.jobs.report()
    return render(
        request,
        "start.html",
        scripts=["/static/start.js"],
        is_renewed=work["busy"],
        reviews=shown,
        total=len(reviews),
        page=page,
        pages=pages,
        outdated=sum(each.is_outdated for each in reviews),
        failed=sum(each.standing is Standing.FAILED for each in reviews),
        waiting=sum(each.standing is Standing.WAITING for each in reviews),
        work=work,
        states=STATES,
        decided=decided_rows(desk.workspace, [each.document_id for each in shown]),
        max_upload=desk.max_upload,
    )


def ask_name(request: Request) -> Response:
    """The form that asks who reviews."""
    return render(request, "reviewer.html", next=inner_path(request.query_params.get("next")), given="", refused="")


def take_name(request: Request) -> Response:
    """Keep the name in the session and go on."""
    given, following = field_of(request, "name"), inner_path(field_of(request, "next"))
    try:
        request.session["reviewer"] = reviewer_name(given)
    except NameRefusedError as error:
        return render(request, "reviewer.html", status=422, next=following, given=given, refused=str(error))
    return RedirectResponse(following, 303)


def ask_token(request: Request) -> Response:
    """The form that asks for the token."""
    return render(request, "enter.html", next=inner_path(request.query_params.get("next")), refused="")


def take_token(request: Request) -> Response:
    """Let in who has the token."""
    token, following = desk_of(request).token, inner_path(field_of(request, "next"))
    if token is None or not is_same(field_of(request, "token").strip(), token):
        return render(request, "enter.html", status=403, next=following, refused="This is not the token.")
    let_in(request)
    return RedirectResponse(following, 303)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise HTTPException(404)
    return int(text)


ROUTES = [
    Route("/", show_start, methods=["GET"]),
    Route("/reviewer", ask_name, methods=["GET"]),
    Route("/reviewer", take_name, methods=["POST"]),
    Route(ENTER, ask_token, methods=["GET"]),
    Route(ENTER, take_token, methods=["POST"]),
]
