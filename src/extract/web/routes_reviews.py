"""The page of a review, and what its script asks: to decide, to take back, to be done, what has changed, agreement."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any, cast, get_args

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from extract.decisions.agreement import DocumentRows, measure_agreement
from extract.decisions.entries import (
    TABLE_NAMES,
    Action,
    Author,
    Decision,
    DecisionError,
    StaleDecisionError,
    TableName,
)
from extract.decisions.folding import fold
from extract.decisions.places import anchor_at, anchor_row, find_placed
from extract.decisions.reviewed import ReviewedRow
from extract.sinks.html import script_json
from extract.sinks.html.offsets import Utf16
from extract.sinks.html.report import reading_context
from extract.web.desk import desk_of, json_of, page_address, render, review_address, reviewer_address
from extract.web.forms import LABEL_FIELDS, form_fields
from extract.web.reviewing import STATUSES, Worklist, author_of, key_of
from extract.web.sessions import form_token, reviewer_of

_STYLES = ("/assets/reading.css", "/assets/forest.css", "/static/review.css")
_SCRIPTS = (
    "/assets/places.js",
    "/assets/reading.js",
    "/static/review_rows.js",
    "/static/review_desk.js",
    "/static/review.js",
)


def show_review(request: Request) -> Response:
    """The review beside its rows, to be gone through."""
    document_id = request.path_params["document_id"]
    reviewer = reviewer_of(request)
    if reviewer is None:
        return RedirectResponse(reviewer_address(review_address(document_id)), 303)
    workspace = desk_of(request).workspace
    opened = workspace.open_review(document_id)
    author = author_of(reviewer, request.query_params.get("role", ""))
    worklist = Worklist.open(opened.view, workspace.decisions, author)
    pictures = [page_address(document_id, page.number) for page in opened.view.pages]
    context = reading_context(opened.view, pictures=pictures) | worklist.plots()
    return render(
        request,
        "review_desk.html",
        styles=_STYLES,
        scripts=_SCRIPTS,
        notice=opened.notice,
        role=author.role,
        statuses=STATUSES,
        decided_tables=worklist.tables(),
        progress=worklist.progress(),
        finished=reviewer in workspace.decisions.finished(document_id),
        people=_people(request, document_id),
        desk_data=script_json(
            {
                "address": review_address(document_id),
                "reviewer": reviewer,
                "role": author.role,
                "csrf": form_token(request),
                "version": worklist.version,
                "source": opened.entry.key,
                "rows": worklist.values(worklist.rows),
                "forms": form_fields(),
                "labels": LABEL_FIELDS,
            }
        ),
        **context,
    )


async def decide(request: Request) -> Response:
    """Keep a decision; 409 where another window has decided since, 422 where a value does not fit."""
    return await run_in_threadpool(_decide, request, await json_of(request))


def _decide(request: Request, asked: Mapping[str, Any]) -> Response:
    worklist, author = _opened(request, asked)
    table, action = _one_of(asked, "table", TABLE_NAMES), _one_of(asked, "action", get_args(Action))
    log = desk_of(request).workspace.decisions
    document_id = worklist.view.document_id
    fields = asked.get("fields")
    values: dict[str, Any] = {"fields": fields if isinstance(fields, dict) else None, "base": _whole(asked, "base")}
    if action == "add":
        values["anchor"] = anchor_at(worklist.view.text, *_selection(worklist, asked))
        if table == "mentions" and not values["anchor"].quote:
            raise HTTPException(422, "Select the words first.")
    else:
        row = worklist.find(table, str(asked.get("key", "")))
        if row is None:
            raise HTTPException(404, "There is no such row any more; load the page again.")
        values |= _subject_of(worklist, row, author)
    try:
        decision = log.decide(
            document_id,
            cast(TableName, table),
            reviewer=author.reviewer,
            role=author.role,
            action=cast(Action, action),
            **values,
        )
    except StaleDecisionError as error:
        return JSONResponse({"error": str(error), **_state(request, worklist, error.newer)}, 409)
    except DecisionError as error:
        return JSONResponse({"error": str(error)}, 422)
    return JSONResponse(_state(request, worklist, decision))


async def take_back(request: Request) -> Response:
    """Undo or redo the last decision of this person in this review."""
    return await run_in_threadpool(_take_back, request, await json_of(request))


def _take_back(request: Request, asked: Mapping[str, Any]) -> Response:
    worklist, author = _opened(request, asked)
    log = desk_of(request).workspace.decisions
    step = log.redo if request.url.path.endswith("/redo") else log.undo
    decision = step(worklist.view.document_id, reviewer=author.reviewer, role=author.role)
    return JSONResponse({**_state(request, worklist, decision), "nothing": decision is None})


async def say_finished(request: Request) -> Response:
    """Note that this person is done with the review, or not after all."""
    return await run_in_threadpool(_say_finished, request, await json_of(request))


def _say_finished(request: Request, asked: Mapping[str, Any]) -> Response:
    worklist, author = _opened(request, asked)
    log = desk_of(request).workspace.decisions
    if not isinstance(asked.get("finished"), bool):
        raise HTTPException(400, "finished is true or false.")
    note = log.finish if asked["finished"] else log.unfinish
    note(worklist.view.document_id, reviewer=author.reviewer)
    return JSONResponse({"finished": author.reviewer in log.finished(worklist.view.document_id)})


def show_changes(request: Request) -> Response:
    """What was decided in other windows: all decided rows where `version` is not the present one, else nothing."""
    worklist, _ = _opened(request, request.query_params)
    if request.query_params.get("version") == worklist.version:
        return JSONResponse({"version": worklist.version})
    return JSONResponse(_payload(worklist, worklist.decided()))


def show_agreement(request: Request) -> Response:
    """How far the reviewers of a review agree, two by two."""
    worklist, _ = _opened(request, {"role": "adjudicator"})
    log, document_id = desk_of(request).workspace.decisions, worklist.view.document_id
    finished = log.finished(document_id)
    rows = fold(
        worklist.view.tables, worklist.view.text, log.subjects(document_id), log.history(document_id), finished=finished
    )
    documents = [DocumentRows(document_id, rows, finished)]
    people = sorted({each.reviewer for row in rows for each in row.decisions if each.role == "reviewer"})
    pairs = [measure_agreement(documents, *pair, scope="decided") for pair in combinations(people, 2)]
    return render(request, "agreement.html", pairs=pairs, people=people, finished=finished)


def _opened(request: Request, asked: Mapping[str, Any]) -> tuple[Worklist, Author]:
    """The review that a request is about, as the one who asks sees it.

    A page says as whom (`reviewer`) and from which extraction (`source`) it was made: where either is another by now,
    the decision would stand under another name or on another row.
    """
    reviewer = reviewer_of(request)
    if reviewer is None:
        raise HTTPException(403, "Say who you are first: load the page again.")
    author = author_of(reviewer, str(asked.get("role", "")))
    workspace = desk_of(request).workspace
    if asked.get("reviewer", reviewer) != reviewer:
        raise HTTPException(412, f"Not kept: this browser reviews as {reviewer} now. Load the page again.")
    opened = workspace.open_review(request.path_params["document_id"])
    if asked.get("source", opened.entry.key) != opened.entry.key:
        raise HTTPException(412, "Not kept: this review was extracted again since. Load the page again.")
    return Worklist.open(opened.view, workspace.decisions, author), author


def _state(request: Request, before: Worklist, decision: Decision | None) -> dict[str, Any]:
    """The row that a decision was about as it stands now, with the progress; a row that is gone is told by its key."""
    worklist = Worklist.open(before.view, desk_of(request).workspace.decisions, before.author)
    if decision is None:
        return _payload(worklist, ())
    number = decision.subject_id
    rows = [row for row in worklist.rows if number == row.subject_id or number in row.also]
    payload = _payload(worklist, rows)
    if not rows:
        payload["gone"] = f"p{number}"
    return payload


def _payload(worklist: Worklist, rows: Any) -> dict[str, Any]:
    added = [key_of(row) for row in worklist.rows if row.record_id is None]
    return {"version": worklist.version, "rows": worklist.values(rows), "progress": worklist.progress(), "added": added}


def _subject_of(worklist: Worklist, row: ReviewedRow, author: Author) -> dict[str, Any]:
    """What tells the log which row is meant."""
    if row.subject_id is not None:
        return {"subject": row.subject_for(*author), "row": row.machine}
    placed = find_placed(worklist.view.tables, row.table, row.record_id or "")
    if placed is None:
        raise HTTPException(404, "There is no such row any more; load the page again.")
    return {"anchor": anchor_row(worklist.view.text, placed), "row": placed.row}


def _selection(worklist: Worklist, asked: Mapping[str, Any]) -> tuple[int, int]:
    """The span of the text that was selected, from UTF-16 units."""
    points = Utf16(worklist.view.text).points
    start, end = points(_whole(asked, "start")), points(_whole(asked, "end"))
    if not 0 <= start < end <= len(worklist.view.text):
        raise HTTPException(422, "Select the words first.")
    return start, end


def _whole(asked: Mapping[str, Any], name: str) -> int:
    value = asked.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise HTTPException(400, f"{name} is a whole number.")
    return value


def _one_of(asked: Mapping[str, Any], name: str, known: tuple[str, ...]) -> str:
    value = asked.get(name)
    if value not in known:
        raise HTTPException(400, f"{name} is one of {', '.join(known)}.")
    return str(value)


def _people(request: Request, document_id: str) -> list[str]:
    """Who has decided on anything in a review."""
    history = desk_of(request).workspace.decisions.history(document_id)
    return sorted({each.reviewer for each in history if each.role == "reviewer"})


_REVIEW = "/reviews/{document_id}"
ROUTES = [
    Route(_REVIEW, show_review, methods=["GET"]),
    Route(f"{_REVIEW}/decisions", decide, methods=["POST"]),
    Route(f"{_REVIEW}/undo", take_back, methods=["POST"]),
    Route(f"{_REVIEW}/redo", take_back, methods=["POST"]),
    Route(f"{_REVIEW}/finished", say_finished, methods=["POST"]),
    Route(f"{_REVIEW}/changes", show_changes, methods=["GET"]),
    Route(f"{_REVIEW}/agreement", show_agreement, methods=["GET"]),
]
