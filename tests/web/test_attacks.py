"""What no page of the desk would ever send, and what happens to a folder behind its back."""

from __future__ import annotations

import json
import re
import shutil
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import uvicorn
from starlette.testclient import TestClient

from batch.reviews import review_text
from extract.decisions.fields import MAX_ITEMS
from extract.web.app import create_app
from extract.web.workspace import Workspace

from .desks import ADDRESS, PATIENCE, form_token, post, settled, upload, upload_all

TEXT = """# Trials of an invented drug 𝛼𝛽

## Results

In the SAFE-1 trial (NCT09990001), 2-year overall survival was 61.5% (95% CI 55.0-68.1) with zanidip 5 mg 𝛼 and 48%
without. Complete remission was reached by 12 of 40 patients.
"""
REVIEW = "/reviews/review"
Browsers = Callable[[str], httpx2.Client]
TOKEN = "a long enough token"


@pytest.fixture
def ready(client: TestClient) -> TestClient:
    upload_all(client, ("review.md", TEXT.encode()))
    assert post(client, "/reviewer", name="Anna").status_code == 303
    return client


def send(client: TestClient, path: str, body: str | bytes | dict[str, Any], **headers: str) -> Any:
    content = json.dumps(body) if isinstance(body, dict) else body
    own = {"X-CSRF-Token": form_token(client), "Accept": "application/json", "Content-Type": "application/json"}
    return client.post(f"{REVIEW}/{path}", content=content, headers=own | headers)


def accept(client: TestClient, **body: Any) -> Any:
    return send(client, "decisions", {"table": "outcomes", "key": "o1", "action": "accept", **body})


def correct(client: TestClient, **fields: Any) -> Any:
    return send(client, "decisions", {"table": "outcomes", "key": "o1", "action": "correct", "fields": fields})


def desk_data(client: TestClient) -> Any:
    found = re.search(r'id="desk-data">(.*?)</script>', client.get(REVIEW).text, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def workspace_of(client: TestClient) -> Workspace:
    workspace = client.app.state.desk.workspace  # type: ignore[attr-defined]
    assert isinstance(workspace, Workspace)
    return workspace


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, "9" * 5_000, "NaN", '"accept"', "", b"\xff\xfe"])
def test_a_body_that_is_no_object_is_not_understood(body: str | bytes, ready: TestClient) -> None:
    assert send(ready, "decisions", body).status_code == 400


def test_json_says_that_it_is_json(ready: TestClient) -> None:
    assert send(ready, "undo", {}, **{"Content-Type": "text/plain"}).status_code == 400
    form = {"X-CSRF-Token": form_token(ready), "Accept": "application/json"}
    assert (
        ready.post(f"{REVIEW}/undo", files={"a": b"{}"}, headers=form).status_code == 400
    )  # and does not wait for more


@pytest.mark.parametrize(
    "fields",
    [
        {"value": [[[[1]]]]},
        {"refs": {"a": 1}},
        {"value": "x" * 900_000},
        {"arm": "half a character \ud800"},
        {"arm\ud800" * 5_000: "x"},
        {"refs": list(range(MAX_ITEMS + 1))},
        {"quote": "other words"},
        {"n": "٣"},
        {"value": 1e400},
    ],
)
def test_a_value_that_cannot_be_is_refused_in_a_line(fields: dict[str, Any], ready: TestClient) -> None:
    answer = correct(ready, **fields)
    assert answer.status_code == 422
    assert len(answer.json()["error"]) < 500


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reviewer?next=//[x", 200),
        ("/reviews/review/pages/" + "9" * 5_000 + ".webp", 404),
        ("/reviews/review/pages/%D9%A1.webp", 404),
        ("/reviews/review/pages/-1.webp", 404),
        ("/reviews/%00", 404),
        ("/reviews/%ed%a0%80", 404),
        ("/static/%00.css", 404),
        ("/assets/..%2f..%2f..%2fweb%2fstatic%2fdesk.css", 404),
        ("/static/%2e%2e/templates/../static/../../sinks/html/assets/base.css", 404),
        (f"/static/{'a' * 5_000}.css", 404),
        ("/?page=1e9", 404),
    ],
)
def test_an_odd_address_is_no_fault_of_the_program(path: str, status: int, ready: TestClient) -> None:
    assert ready.get(path).status_code == status


def test_an_origin_that_is_no_address_is_another_site(ready: TestClient) -> None:
    assert send(ready, "undo", {}, Origin="http://[").status_code == 403


@pytest.mark.parametrize("codec", ["unicode_escape", "utf-7", "undefined", "punycode", "zlib"])
def test_a_form_is_in_utf_8(codec: str, client: TestClient) -> None:
    kind = f"multipart/form-data; boundary=x; charset={codec}"
    body = 'content-disposition: form-data; name="name"\r\n\r\n\\ud800'
    headers = {"X-CSRF-Token": form_token(client), "Content-Type": kind}
    answer = client.post("/reviewer", content=f"--x\r\n{body}\r\n--x--\r\n".encode(), headers=headers)
    assert answer.status_code == 400


def test_a_length_of_any_digits_is_too_large(client: TestClient) -> None:
    headers = {"X-CSRF-Token": form_token(client), "Content-Length": "9" * 5_000}
    assert client.post("/reviewer", content=b"name=x", headers=headers).status_code == 413


@pytest.mark.parametrize("finished", ["true", 1, None, []])
def test_done_is_said_with_true_or_false(finished: object, ready: TestClient) -> None:
    assert send(ready, "finished", {"finished": True}).json() == {"finished": True}
    assert send(ready, "finished", {"finished": finished}).status_code == 400
    assert desk_data(ready)["reviewer"] in workspace_of(ready).decisions.finished("review")


def test_the_token_in_an_address_leads_to_no_other_host(out: Path) -> None:
    with TestClient(create_app(out, token=TOKEN), base_url=ADDRESS) as client:
        answer = client.get(f"{ADDRESS}//evil.example/x?token={TOKEN}", follow_redirects=False)
    assert answer.status_code == 303
    assert urlsplit(answer.headers["location"])[:3] == ("", "", "/evil.example/x")


def test_a_page_of_another_person_decides_nothing(ready: TestClient) -> None:
    page = desk_data(ready)
    assert page["reviewer"] == "Anna"
    post(ready, "/reviewer", name="Ben")  # in another window of the same browser
    answer = accept(ready, reviewer=page["reviewer"], source=page["source"])
    assert (answer.status_code, "Ben" in answer.json()["error"]) == (412, True)
    changes = ready.get(f"{REVIEW}/changes", params={"reviewer": "Anna", "version": page["version"]})
    assert changes.status_code == 412
    assert workspace_of(ready).decisions.history("review") == []


def test_a_page_of_an_earlier_extraction_decides_nothing(ready: TestClient, out: Path) -> None:
    page = desk_data(ready)
    (out / "papers" / "review.md").write_text(TEXT.replace("In the SAFE-1", "Of 9 children in the SAFE-1"))
    post(ready, "/runs", which="all")
    assert settled(ready)["problem"] == ""
    answer = accept(ready, reviewer="Anna", source=page["source"])  # o1 may be another row now
    assert (answer.status_code, "extracted again" in answer.json()["error"]) == (412, True)
    fresh = desk_data(ready)
    assert accept(ready, reviewer="Anna", source=fresh["source"]).status_code == 200


def test_a_log_that_was_moved_away_takes_nothing_until_it_is_back(ready: TestClient, out: Path, tmp_path: Path) -> None:
    assert accept(ready).status_code == 200
    place, away = out / "decisions.sqlite", tmp_path / "away.sqlite"
    place.rename(away)
    answer = send(ready, "undo", {})
    assert (answer.status_code, "moved, removed or replaced" in answer.json()["error"]) == (500, True)
    assert not place.exists()
    away.rename(place)
    assert send(ready, "undo", {}).status_code == 200


def test_a_folder_that_was_removed_takes_no_upload(ready: TestClient, out: Path) -> None:
    shutil.rmtree(out)
    answer = upload(ready, ("b.md", review_text(1).encode()))
    assert (answer.status_code, "was moved, removed or replaced" in answer.json()["error"]) == (500, True)
    assert not out.exists()
    assert post(ready, "/runs", which="all").status_code == 500


def test_rows_of_another_version_are_told_when_they_are_exported(ready: TestClient) -> None:
    workspace_of(ready).ledger._execute("DELETE FROM parts WHERE name = 'findings'")
    answer = ready.get("/exports/tables.zip")
    assert answer.status_code == 409
    assert "Choose “Extract again”" in answer.text


def test_an_export_that_cannot_be_written_is_told_and_leaves_nothing(
    ready: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = tmp_path / "rooms"
    rooms.mkdir()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "tempdir", str(rooms))
    monkeypatch.setattr("extract.web.routes_exports._add", full)
    answer = ready.get("/exports/tables.zip")
    assert (answer.status_code, "No space left on device" in answer.text) == (500, True)
    assert list(rooms.iterdir()) == []


@pytest.fixture
def served(out: Path) -> Iterator[str]:
    """The address of a desk behind a real server."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(out), log_level="error", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        end = time.monotonic() + PATIENCE
        while not server.started and time.monotonic() < end:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join(PATIENCE)


@pytest.fixture
def browser(served: str) -> Iterator[Browsers]:
    """Makes browsers, each with the name of a reviewer."""
    opened = []

    def make(name: str) -> httpx2.Client:
        client = httpx2.Client(base_url=served, timeout=PATIENCE, headers={"Accept": "application/json"})
        opened.append(client)
        found = re.search(r'name="csrf" content="([^"]+)"', client.get("/").text)
        assert found is not None
        client.headers["X-CSRF-Token"] = found[1]
        client.post("/reviewer", data={"name": name})
        return client

    yield make
    for client in opened:
        client.close()


def test_who_decides_on_a_row_at_the_same_time_hears_of_it_and_nothing_is_lost(browser: Browsers) -> None:
    windows = [browser("Anna") for _ in range(4)]
    others = [browser(f"Reviewer {number}") for number in range(4)]
    upload_here(windows[0], "review.md", TEXT.encode())

    def decide(client: httpx2.Client) -> int:
        body = {"table": "outcomes", "key": "o1", "action": "accept", "base": 0}
        return client.post(f"{REVIEW}/decisions", json=body).status_code

    with ThreadPoolExecutor(8) as threads:
        own = threads.map(decide, windows)
        theirs = threads.map(decide, others)
        assert Counter(own) == {200: 1, 409: 3}
        assert Counter(theirs) == {200: 4}
        steps = [(client, step) for client in windows for step in ("undo", "redo", "changes", "finished")]
        answers = threads.map(lambda each: ask(*each), steps)
        assert set(answers) == {200}
    told = windows[0].get("/", headers={"Accept": "text/html"}).text
    assert all(f"Reviewer {number}: 1" in told for number in range(4))


def ask(client: httpx2.Client, step: str) -> int:
    address = f"{REVIEW}/{step}"
    return (client.get(address) if step == "changes" else client.post(address, json={"finished": True})).status_code


def test_many_uploads_and_exports_at_once(browser: Browsers) -> None:
    client = browser("Anna")

    def one(number: int) -> int:
        if number % 5 == 0:
            return client.get("/exports/tables.zip").status_code
        return client.post("/papers", files={"files": (f"{number}.md", review_text(number).encode())}).status_code

    with ThreadPoolExecutor(10) as threads:
        assert Counter(threads.map(one, range(20))) == {202: 16, 200: 4}
    upload_here(client, "last.md", TEXT.encode())
    told = client.get("/", headers={"Accept": "text/html"}).text
    assert "17 files in this folder" in told


def upload_here(client: httpx2.Client, name: str, data: bytes) -> None:
    assert client.post("/papers", files={"files": (name, data)}).status_code == 202
    assert settled(client)["problem"] == ""  # type: ignore[arg-type]
