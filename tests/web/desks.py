"""Desks to ask: with extraction and viewer in this process, and workers that fail on files named so."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import anyio
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message

from extract.batch.outcomes import Failure, Limits, Options, Result
from extract.batch.pool import Task
from extract.batch.work import extract_file
from extract.web.reading import answer

ADDRESS = "http://localhost:8765"
FILLER = "Children whose disease came back were long given chemotherapy alone, which has changed."
PATIENCE = 60  # seconds until a test gives up


class HerePool:
    """A pool without processes."""

    def __init__(self, options: Options, limits: Limits, *, workers: int) -> None:
        self.options = options

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result | Failure]]:
        for task in tasks:
            yield task, extract_file(task.path, self.options, sha256=task.sha256)

    def stop(self) -> None:
        pass


class HereWorker:
    """A worker that is no process."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self._answer: Any = None

    def wait_until_ready(self) -> None:
        pass

    def send(self, kind: str, values: dict[str, Any]) -> None:
        try:
            self._answer = answer(kind, values)
        except Exception as error:
            self._answer = error

    def receive(self, timeout: float) -> Any:
        return self._answer

    def kill(self) -> None:
        pass

    def end(self) -> None:
        pass


def make_pdf(path: Path, *pages: str, password: str | None = None) -> Path:
    """A paper as PDF with one of these sentences on each page."""
    canvas = Canvas(str(path), encrypt=StandardEncryption(password) if password else None)
    for page in pages:
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(72, 760, "Antibodies in children: a review of trials")
        canvas.setFont("Helvetica", 10)
        for row, line in enumerate((FILLER, page, FILLER)):
            canvas.drawString(72, 690 - 13 * row, line)
        canvas.showPage()
    canvas.save()
    return path


def form_token(client: TestClient) -> str:
    """The token of the session's forms."""
    found = re.search(r'<meta name="csrf" content="([\w-]+)">', client.get("/").text)
    assert found is not None
    return found[1]


def upload(client: TestClient, *files: tuple[str, bytes]) -> Any:
    """Send files as the page's script does; the answer."""
    return client.post(
        "/papers",
        files=[("files", file) for file in files],
        headers={"X-CSRF-Token": form_token(client), "Accept": "application/json"},
    )


def upload_all(client: TestClient, *files: tuple[str, bytes]) -> list[dict[str, Any]]:
    """Send files and wait until they are extracted; their jobs, the latest first."""
    assert upload(client, *files).status_code == 202
    return settled(client)["jobs"]


def settled(client: TestClient) -> Any:
    """What is told of the jobs when nothing is left to do."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        report = client.get("/jobs").json()
        if not report["busy"]:
            return report
        time.sleep(0.02)
    raise AssertionError(f"still busy: {report}")


def post(client: TestClient, address: str, **fields: str) -> Any:
    """Send a form of a page; the answer, which may be another address."""
    return client.post(address, data={"csrf": form_token(client), **fields}, follow_redirects=False)


def cookie_of(client: TestClient) -> str:
    """The header that a browser sends with the session's cookies."""
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def stream_to(app: ASGIApp, path: str, headers: Mapping[str, str], chunks: Sequence[bytes]) -> tuple[int, int, str]:
    """Post a body of untold length in pieces: the status, how many pieces were taken, and the answer."""
    taken = 0
    sent: list[Message] = []

    async def receive() -> Message:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": chunks[taken - 1], "more_body": taken < len(chunks)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"localhost"), *((k.lower().encode(), v.encode()) for k, v in headers.items())],
    }
    anyio.run(app, scope, receive, send)
    return sent[0]["status"], taken, b"".join(each.get("body", b"") for each in sent[1:]).decode()


def crash(kind: str, values: dict[str, Any]) -> Any:
    """The work of a viewer that `crash…` and `hang…` hinder."""
    name = Path(values["place"]).name
    if name.startswith("crash"):
        os.abort()
    if name.startswith("hang"):
        time.sleep(3600)
    return answer(kind, values)
