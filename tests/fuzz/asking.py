"""The review desk: any request gets an answer that is no fault of the program, with its headers."""

from __future__ import annotations

import json
import logging
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from hypothesis import strategies as st
from starlette.testclient import TestClient

from extract.web.app import create_app
from extract.web.security import HEADERS
from fuzz.bases import REVIEW
from fuzz.deciding import JSON, typed
from fuzz.mutating import ODD, PIECES, change, changes
from fuzz.targets import Target
from web.desks import ADDRESS, HerePool, HereWorker, form_token, post, upload_all

PATHS = (
    "/",
    "/reviewer",
    "/enter",
    "/jobs",
    "/runs",
    "/papers",
    "/favicon.ico",
    "/assets/base.css",
    "/static/desk.css",
    "/exports/tables.zip",
    "/exports/gold.zip",
    "/reviews/review",
    "/reviews/review/decisions",
    "/reviews/review/undo",
    "/reviews/review/redo",
    "/reviews/review/finished",
    "/reviews/review/changes",
    "/reviews/review/agreement",
    "/reviews/review/pages/1.webp",
    "/reviews/nobody",
    "/reviews/nobody/decisions",
)
ACTIONS = ("accept", "correct", "reject", "add")
KEYS = ("o1", "o2", "o3", "d1", "t1", "t2", "m1", "m9", "p1", "p2", "p99", "o0", "", "O1", "o1 ")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the body is JSON, a form, files, or bytes with their kind."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    kind: str = "json"
    is_known: bool = True


def decisions() -> st.SearchStrategy[dict[str, Any]]:
    """Bodies of decisions, most of them nearly right."""
    likely = st.builds(
        lambda pair, key, action, base, more: {
            "table": pair[0],
            "key": key,
            "action": action,
            "base": base,
            "fields": pair[1],
            **more,
        },
        typed(),
        st.sampled_from(KEYS),
        st.sampled_from(ACTIONS),
        st.sampled_from((0, 0, 0, 1, 2, 3, 99)),
        st.fixed_dictionaries(
            {},
            optional={
                "start": st.integers(0, 900),
                "end": st.integers(0, 900),
                "role": st.sampled_from(("reviewer", "adjudicator", "x")),
            },
        ),
    )
    names = (
        "table",
        "key",
        "action",
        "base",
        "fields",
        "start",
        "end",
        "role",
        "reviewer",
        "source",
        "finished",
        "version",
    )
    odd = st.dictionaries(st.sampled_from(names), JSON, max_size=5)
    return st.one_of(likely, likely, st.builds(lambda one, other: {**one, **other}, likely, odd), odd)


_WORDS = st.one_of(
    st.sampled_from(PIECES), st.text(max_size=12), st.sampled_from(("1", "0", "-1", "1e9", "nan", "..", "review"))
)
_HEADERS = st.dictionaries(
    st.sampled_from(
        (
            "Accept",
            "Host",
            "Origin",
            "Sec-Fetch-Site",
            "Cookie",
            "If-None-Match",
            "Range",
            "Content-Length",
            "Accept-Encoding",
            "X-CSRF-Token",
            "Content-Type",
            "If-Modified-Since",
            "Transfer-Encoding",
        )
    ),
    st.one_of(
        st.sampled_from(
            (
                "application/json",
                "*/*",
                "localhost:1",
                "null",
                "bytes=0-",
                "bytes=9-1",
                '""',
                "-1",
                "9" * 30,
                "a; charset=x",
                "multipart/form-data",
                "text/plain; charset=utf-7",
            )
        ),
        st.text("abc0 ;=,/\"'*-\xe9", max_size=14),
    ),
    max_size=2,
)


@st.composite
def requests(draw: st.DrawFn) -> Asked:
    """Requests of all kinds, most to where people decide."""
    kind = draw(st.sampled_from(("decision", "decision", "decision", "step", "page", "form", "files", "raw")))
    headers = draw(st.one_of(st.just({}), st.just({}), st.just({"Accept": "application/json"}), _HEADERS))
    if kind == "decision":
        return Asked("POST", "/reviews/review/decisions", headers=headers, body=draw(decisions()))
    if kind == "step":
        path = draw(st.sampled_from([path for path in PATHS if path.startswith("/reviews/review/")]))
        return Asked(
            "POST", path, headers=headers, body=draw(st.one_of(decisions(), JSON, st.just({"finished": True})))
        )
    path = draw(st.one_of(st.sampled_from(PATHS), st.builds(change, st.sampled_from(PATHS), changes(most=2))))
    if kind == "page":
        query = draw(
            st.dictionaries(
                st.sampled_from(("page", "role", "scale", "next", "version", "token", "x")), _WORDS, max_size=2
            )
        )
        return Asked(draw(st.sampled_from(("GET", "GET", "HEAD", "OPTIONS", "DELETE", "PUT"))), path, query, headers)
    if kind == "form":
        fields = draw(
            st.dictionaries(st.sampled_from(("name", "next", "which", "token", "files", "csrf")), _WORDS, max_size=3)
        )
        return Asked(
            "POST", draw(st.sampled_from(("/reviewer", "/runs", "/enter", "/papers"))), {}, headers, fields, "form"
        )
    if kind == "files":
        name = draw(
            st.one_of(
                st.sampled_from(("a.md", "b.pdf", "c.xml", "../d.md", "e", ".md", "f.MD")),
                st.text(max_size=9),
                st.sampled_from(ODD),
            )
        )
        data = draw(
            st.one_of(
                st.binary(max_size=30), st.sampled_from((b"%PDF-1.7", b"PK\x03\x04", b"<article/>", b"\xff\xfe<"))
            )
        )
        return Asked("POST", "/papers", {}, headers, (name, data), "files")
    return Asked(
        "POST",
        path,
        {},
        headers,
        draw(st.binary(max_size=40) | st.sampled_from((b"{" * 9999, b"[" * 9999, b'{"a":' + b"9" * 9999 + b"}"))),
        "raw",
    )


class _Faults(logging.Handler):
    """Keeps the traces of faults that the desk tells nobody."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.traces: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self.traces.append("".join(traceback.format_exception(error)[-6:]) if error else record.getMessage())


@dataclass(slots=True)
class Desk:
    """A desk with one review, and who asks it."""

    client: TestClient
    csrf: str
    folder: Path
    faults: _Faults


_DESKS: list[Desk] = []


@contextmanager
def desk() -> Iterator[None]:
    """A desk for a round of requests."""
    faults, log = _Faults(), logging.getLogger("extract.web")
    with (
        tempfile.TemporaryDirectory() as made,
        patch("extract.web.jobs.Pool", HerePool),
        patch("extract.web.viewer.Worker", HereWorker),
        TestClient(create_app(Path(made) / "out"), base_url=ADDRESS) as client,
    ):
        log.addHandler(faults)
        before, log.propagate = log.propagate, False
        try:
            upload_all(client, ("review.md", REVIEW.encode()))
            assert post(client, "/reviewer", name="Anna").status_code == 303
            client.app.state.desk.workspace.decisions._log.all("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]
            _DESKS.append(Desk(client, form_token(client), Path(made), faults))
            yield
        finally:
            if _DESKS:
                _DESKS.pop()
            log.removeHandler(faults)
            log.propagate = before


def check_request(asked: Asked) -> None:
    """The answer is none of 500, carries the headers of safety, and is JSON where that was asked for an error."""
    here = _DESKS[-1]
    here.faults.traces.clear()
    answer = send(here, asked)
    assert answer.status_code < 500, f"{answer.status_code}: {answer.text[:300]}\n" + "\n".join(here.faults.traces)
    assert not here.faults.traces, "\n".join(here.faults.traces)
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value
    location = answer.headers.get("location", "/")
    assert location.startswith(("/", ADDRESS))
    assert not location.startswith(("//", "/\\"))
    if answer.headers.get("content-type", "").startswith("application/json") and asked.method != "HEAD":
        assert isinstance(answer.json(), dict)
    outside = {each.name for each in here.folder.iterdir()} - {"out"}
    assert not outside, outside


def send(here: Desk, asked: Asked) -> Any:
    """Ask as a browser or a hostile program does."""
    path = asked.path if asked.path.startswith("/") else f"/{asked.path}"
    address = quote(path.encode("utf-8", "surrogatepass"), safe="/%?&=")
    if address.startswith("//"):
        address = ADDRESS + address
    headers = {"X-CSRF-Token": here.csrf} | {name: value.strip() for name, value in asked.headers.items()}
    encoded = {name.encode(): value.encode("latin-1", "replace") for name, value in headers.items()}
    options: dict[str, Any] = {"params": asked.query} if asked.query else {}
    if asked.kind == "form":
        options["data"] = asked.body
    elif asked.kind == "files":
        options["files"] = [("files", asked.body)]
    elif asked.kind == "raw":
        options["content"] = asked.body
    elif asked.body is not None:
        options["content"] = json.dumps(asked.body).encode("utf-8", "surrogatepass")
        encoded.setdefault(b"Content-Type", b"application/json")
    return here.client.request(asked.method, address, headers=encoded, follow_redirects=False, **options)


TARGETS = (
    Target(
        "web requests", requests, check_request, few=25, many=6_000, size=lambda asked: 2_000, around=desk, a_round=250
    ),
)
