"""What stands between the network and the desk, as ASGI middlewares: headers, hosts, sizes, token, origin, form token.

The desk holds unpublished work and writes files, and any page in the same browser can send requests to it. So a request
must be addressed to a known name (a foreign name that was made to point here is refused), and one that changes
something must come from a page of the desk and carry the secret of its session.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extract.errors import ExtractError
from extract.patterns import lazy_regex

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
MAX_FILES = 100  # of one form
MAX_FIELDS = 200
MAX_LENGTH_DIGITS = 18  # of a length that is told
ENTER = "/enter"  # the page that asks for the token
OPEN_PATHS = (ENTER, "/assets/", "/static/", "/favicon.ico")  # that need no token
FORM = "extract.form"  # in the scope: the form that was sent
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HOST = lazy_regex(r"(?P<name>\[[0-9a-f:.]+\]|[^\[\]:/@\s]+)(?::\d{1,5})?", re.IGNORECASE)
_LOG = logging.getLogger("extract.web")

Problem = Callable[[Scope, int, str], Response]  # makes the page that tells of an error


class TooLargeError(Exception):
    """More was sent than is allowed."""


class Shield:
    """The outermost: headers on every response, no traceback to anybody."""

    def __init__(self, app: ASGIApp, *, problem: Problem) -> None:
        self.app = app
        self._problem = problem

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with headers; tell of what was raised."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            pass  # nobody is left to answer to
        except Exception as error:
            if is_begun:
                raise
            await self._told(scope, error)(scope, receive, send_with_headers)

    def _told(self, scope: Scope, error: Exception) -> Response:
        if isinstance(error, TooLargeError):
            response = self._problem(scope, 413, str(error))
            response.headers["Connection"] = "close"  # the rest is not read
            return response
        if isinstance(error, HTTPException):
            return self._problem(scope, error.status_code, error.detail)
        if isinstance(error, ExtractError):
            return self._problem(scope, 500, str(error))
        _LOG.error("a fault of the program", exc_info=error)
        return self._problem(scope, 500, "This is a fault of the program; the terminal of the review desk tells more.")


class HostCheck:
    """Answers only to known names; with `any_address` also to addresses, which no foreign name can stand for."""

    def __init__(self, app: ASGIApp, *, names: Collection[str], any_address: bool = False) -> None:
        self.app = app
        self._names = {name.lower().strip("[]") for name in names}
        self._any_address = any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer if the name is known."""
        if scope["type"] == "http" and not self._is_known(Headers(scope=scope).getlist("host")):
            raise HTTPException(400, "The review desk does not answer to this name.")
        await self.app(scope, receive, send)

    def _is_known(self, hosts: list[str]) -> bool:
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if match is None:
            return False
        name = match["name"].lower().strip("[]")
        return name in self._names or (self._any_address and is_address(name))


class BodyLimit:
    """Stops to read where more comes than `limit_of` the path allows, also where the length was not told before."""

    def __init__(self, app: ASGIApp, *, limit_of: Callable[[str], int]) -> None:
        self.app = app
        self._limit_of = limit_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a body that is counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        told = Headers(scope=scope).get("content-length", "0")
        if not told.isdecimal() or len(told) > MAX_LENGTH_DIGITS or int(told) > limit:
            raise TooLargeError(_too_large(limit))
        received = 0

        async def counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise TooLargeError(_too_large(limit))
            return message

        await self.app(scope, counting, send)


class TokenCheck:
    """Lets in who has the token: in the address, once, or through the page that asks for it."""

    def __init__(self, app: ASGIApp, *, token: str | None) -> None:
        self.app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer if the token was given."""
        if scope["type"] != "http" or self._token is None:
            await self.app(scope, receive, send)
            return
        session, path, method = scope["session"], scope["path"], scope["method"]
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in query if name == "token"]
        if given and method == "GET" and is_same(given[0], self._token):
            session["entered"] = True
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            inner = "/" + quote(path).lstrip("/")  # two slashes would lead to another host
            answer: ASGIApp = RedirectResponse(inner + (f"?{rest}" if rest else ""), status_code=303)
        elif session.get("entered") or any(
            path == each or (each[-1] == "/" and path.startswith(each)) for each in OPEN_PATHS
        ):
            answer = self.app
        elif method in _SAFE and "application/json" not in Headers(scope=scope).get("accept", ""):
            answer = RedirectResponse(f"{ENTER}?{urlencode({'next': path})}", status_code=303)
        else:
            raise HTTPException(403, "The token of the review desk is needed; load the page again.")
        await answer(scope, receive, send)


class FormCheck:
    """Lets a request change something only from a page of the desk, with the token of its session.

    The token comes in the header X-CSRF-Token or the field `csrf` of a form; the form is kept in the scope.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer if the request is one of the desk's own."""
        if scope["type"] != "http" or scope["method"] in _SAFE:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        if not is_same_origin(request.headers):
            raise HTTPException(403, "The request came from another site.")
        if not is_utf8(request.headers.get("content-type", "")):
            raise HTTPException(400, "A form in UTF-8 was expected.")
        expected, sent = scope["session"].get("csrf"), request.headers.get("x-csrf-token")
        if not expected or (sent is not None and not is_same(sent, expected)):
            raise HTTPException(403, "This page is of an earlier session; load it again.")
        async with request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS) as form:  # empty where none was sent
            field = form.get("csrf") if sent is None else sent
            if not isinstance(field, str) or not is_same(field, expected):
                raise HTTPException(403, "This page is of an earlier session; load it again.")
            if form:
                scope[FORM] = form
            await self.app(scope, receive, send)


def is_same_origin(headers: Headers) -> bool:
    """Whether a request that changes something comes from a page of this server, as far as the browser tells.

    Forms of pages that send no referrer say `Origin: null`; then Sec-Fetch-Site tells, which browsers send to loopback
    addresses and over TLS. Where neither does, the form token decides.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    if origin is None or origin == "null":
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == headers.get("host", "").lower()


def is_utf8(content_type: str) -> bool:
    """Whether a body is in UTF-8, as browsers send forms: other names of codecs give anything."""
    found = re.search(r"charset\s*=\s*\"?([^\s\";,]*)", content_type, re.IGNORECASE)
    return found is None or found[1].lower() in {"utf-8", "utf8"}


def is_same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def is_address(name: str) -> bool:
    """Whether a host is named by its address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host."""
    return host == "localhost" or (is_address(host) and ipaddress.ip_address(host).is_loopback)


def form_in(scope: Mapping[str, Any]) -> Any:
    """The form that was sent, None where there is none."""
    return scope.get(FORM)


def _too_large(limit: int) -> str:
    return f"More was sent than {limit / 1e6:,.0f} MB, which is the limit."
