"""Pictures of the pages of PDF files."""

from __future__ import annotations

import math

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from extract.errors import ReadError
from extract.sinks.html.pages import SCALE
from extract.web.desk import desk_of

MAX_DIGITS = 9  # of the number of a page


def show_page(request: Request) -> Response:
    """A page as WebP, `scale` in pixels a point; browsers keep it as long as the file has the same bytes."""
    workspace = desk_of(request).workspace
    document_id, number = request.path_params["document_id"], request.path_params["number"]
    if len(number) > MAX_DIGITS or not (number.isascii() and number.isdecimal()):
        raise HTTPException(404)
    try:
        scale = float(request.query_params.get("scale", SCALE))
    except ValueError as error:
        raise HTTPException(400, "The scale is a number.") from error
    if math.isnan(scale):
        raise HTTPException(400, "The scale is a number.")
    entry = workspace.find(document_id)
    headers = {"ETag": f'"{(entry.sha256 or "")[:32]}-{number}-{scale:g}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    try:
        picture = workspace.page_picture(document_id, int(number), scale=scale)
    except ReadError as error:
        raise HTTPException(404, str(error)) from error
    return Response(picture, media_type="image/webp", headers=headers)


ROUTES = [Route("/reviews/{document_id}/pages/{number}.webp", show_page, methods=["GET"])]
