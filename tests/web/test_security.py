"""Who may ask the desk for what: hosts, origins, tokens, sizes, and what every response says to the browser."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from extract.web.app import MAX_BODY, create_app
from extract.web.security import POLICY, is_loopback
from extract.web.sessions import COOKIE, SECRET, NameRefusedError, inner_path, reviewer_name

from .desks import ADDRESS, cookie_of, form_token, post, stream_to, upload

TOKEN = "a long token of a test"
PART = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\n'
PAGES = ("/", "/reviewer", "/jobs", "/nothing", "/assets/base.css", "/static/start.js", "/favicon.ico", "/reviews/none")


@pytest.fixture
def guarded(out: Path) -> Iterator[TestClient]:
    with TestClient(create_app(out, token=TOKEN), base_url=ADDRESS) as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
def test_every_response_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == ("no-cache" if path.startswith(("/assets", "/static")) else "no-store")
    assert "access-control-allow-origin" not in headers


def test_errors_of_the_middlewares_carry_the_headers_too(client: TestClient) -> None:
    for response in (
        client.get("/", headers={"Host": "evil.example"}),
        client.post("/runs", data={"which": "all"}),
        client.post("/runs", content=b"x" * (MAX_BODY + 1)),
    ):
        assert response.status_code in (400, 403, 413)
        assert response.headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize(
    "host", ["localhost:8765", "localhost", "LOCALHOST:1", "127.0.0.1:8765", "[::1]:8765", "[::1]"]
)
def test_the_desk_answers_to_names_of_this_machine(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.5", "", "::1",
     "localhost:8765@evil.example", "localhost:x", "evil.example/localhost"],
)  # fmt: skip
def test_a_name_that_was_made_to_point_here_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


def test_a_desk_for_all_addresses_answers_to_addresses_and_named_hosts(out: Path) -> None:
    app = create_app(out, allowed_hosts=["desk.example"], any_address=True, token=TOKEN)
    with TestClient(app, base_url=ADDRESS) as client:
        codes = {
            host: client.get("/static/desk.css", headers={"Host": host}).status_code
            for host in ("192.168.1.5:8765", "[fd00::1]:8765", "desk.example", "evil.example")
        }
    assert codes == {"192.168.1.5:8765": 200, "[fd00::1]:8765": 200, "desk.example": 200, "evil.example": 400}


@pytest.mark.parametrize("path", ["/papers", "/runs", "/reviewer"])
def test_nothing_is_changed_without_the_token_of_the_session(client: TestClient, path: str) -> None:
    token = form_token(client)
    wrong = token[:-1] + ("a" if token[-1] != "a" else "b")
    fields = {"which": "all", "name": "Ann"}
    assert client.post(path, data=fields).status_code == 403
    assert client.post(path, data={**fields, "csrf": wrong}).status_code == 403
    assert client.post(path, data=fields, headers={"X-CSRF-Token": wrong}).status_code == 403
    assert client.post(path, json=fields).status_code == 403
    assert client.post(path, data={**fields, "csrf": token}, follow_redirects=False).status_code in (303, 400)


def test_the_token_of_another_session_is_refused(client: TestClient) -> None:
    token = form_token(client)
    client.cookies.clear()
    assert client.post("/runs", data={"which": "all", "csrf": token}).status_code == 403
    other = form_token(client)
    assert other != token
    assert client.post("/runs", data={"which": "all", "csrf": token}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "is_allowed"),
    [
        ({}, True),
        ({"Origin": ADDRESS}, True),
        ({"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),  # a form of a page that sends no referrer
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "http://localhost:3000"}, False),
        ({"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "ftp://localhost:8765"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
    ],
)
def test_a_change_comes_from_a_page_of_the_desk(client: TestClient, headers: dict[str, str], is_allowed: bool) -> None:
    fields = {"which": "all", "csrf": form_token(client)}
    response = client.post("/runs", data=fields, headers=headers, follow_redirects=False)
    assert response.status_code == (303 if is_allowed else 403)


def test_a_large_body_is_refused_before_it_is_read(client: TestClient) -> None:
    told = client.post("/runs", content=b"x", headers={"Content-Length": str(MAX_BODY + 1)})
    assert told.status_code == 413
    assert told.headers["Connection"] == "close"


@pytest.mark.parametrize(
    ("path", "kind", "first"),
    [
        ("/papers", "multipart/form-data; boundary=b", PART),
        ("/runs", "multipart/form-data; boundary=b", PART),
        ("/runs", "application/x-www-form-urlencoded", b"which="),
        ("/echo", "application/json", b'"'),
    ],
)
def test_a_body_of_untold_length_is_read_no_further_than_the_limit(
    out: Path, path: str, kind: str, first: bytes
) -> None:
    async def echo(request: Request) -> Response:
        return Response(json.dumps(await request.json()))

    app = create_app(out, max_upload=1_500_000)
    app.router.routes.insert(0, Route("/echo", echo, methods=["POST"]))
    with TestClient(app, base_url=ADDRESS) as client:
        headers = {"X-CSRF-Token": form_token(client), "Content-Type": kind, "Cookie": cookie_of(client)}
        status, taken, answer = stream_to(app, path, headers, (first, *[b"x" * 100_000] * 1000))
    assert status == 413
    assert taken < 25
    assert "MB" in answer
    assert not (out / "papers").exists()


def test_a_fault_of_the_program_shows_no_traceback(out: Path, caplog: pytest.LogCaptureFixture) -> None:
    def fault(request: Request) -> Response:
        raise LookupError("the secret of the fault")

    app = create_app(out)
    app.router.routes.insert(0, Route("/fault", fault))
    with TestClient(app, base_url=ADDRESS) as client:
        page = client.get("/fault")
        told = client.get("/fault", headers={"Accept": "application/json"})
    assert page.status_code == told.status_code == 500
    assert "<h1>Something went wrong</h1>" in page.text
    assert "the secret of the fault" not in page.text + told.text
    assert "Traceback" not in page.text + told.text
    assert "the secret of the fault" in caplog.text


def test_errors_are_pages_for_people_and_json_for_scripts(client: TestClient) -> None:
    page = client.get("/nothing")
    assert page.status_code == 404
    assert "<h1>There is no such page</h1>" in page.text
    told = client.get("/nothing", headers={"Accept": "application/json"})
    assert set(told.json()) == {"error", "advice"}
    assert client.delete("/papers", headers={"X-CSRF-Token": form_token(client)}).status_code == 405


def test_the_session_cookie_is_for_the_desk_alone(client: TestClient) -> None:
    cookie = client.get("/").headers["Set-Cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_cookie_that_was_written_by_hand_is_no_session(client: TestClient) -> None:
    assert post(client, "/reviewer", name="Ann").status_code == 303
    assert "<strong>Ann</strong>" in client.get("/").text
    payload, rest = client.cookies[COOKIE].split(".", 1)
    client.cookies.clear()
    client.cookies.set(COOKIE, f"{payload[:-4]}AAAA.{rest}")
    assert "<strong>Ann</strong>" not in client.get("/").text


def test_the_secret_of_the_cookies_is_kept_for_its_owner_alone(out: Path, client: TestClient) -> None:
    assert stat.S_IMODE((out / SECRET).stat().st_mode) == 0o600
    assert (out / SECRET).read_text(encoding="ascii") not in client.get("/").text


def test_with_a_token_nothing_is_shown_without_it(guarded: TestClient) -> None:
    for path in ("/", "/jobs", "/reviewer", "/reviews/a", "/nothing"):
        response = guarded.get(path, follow_redirects=False)
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (303, "/enter")
    assert guarded.get("/jobs", headers={"Accept": "application/json"}).status_code == 403
    assert guarded.post("/papers").status_code == 403
    assert guarded.get("/enterprise", follow_redirects=False).status_code == 303
    assert guarded.get("/assets/base.css").status_code == 200


def test_the_token_in_the_address_is_needed_once_and_leaves_it(guarded: TestClient) -> None:
    wrong = guarded.get("/", params={"token": TOKEN[:-1]}, follow_redirects=False)
    assert wrong.headers["Location"].startswith("/enter")
    response = guarded.get("/", params={"token": TOKEN, "page": "1"}, follow_redirects=False)
    assert (response.status_code, response.headers["Location"]) == (303, "/?page=1")
    assert guarded.get("/", follow_redirects=False).status_code == 200
    assert guarded.get("/jobs").status_code == 200


def test_the_token_can_be_given_in_a_form(guarded: TestClient) -> None:
    page = guarded.get("/jobs")
    assert page.url.path == "/enter"
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    fields = {"csrf": csrf, "next": "/jobs"}
    assert guarded.post("/enter", data={**fields, "token": "not the token"}).status_code == 403
    assert guarded.get("/", follow_redirects=False).status_code == 303
    entered = guarded.post("/enter", data={**fields, "token": TOKEN}, follow_redirects=False)
    assert (entered.status_code, entered.headers["Location"]) == (303, "/jobs")
    assert guarded.get("/").status_code == 200
    assert form_token(guarded) != csrf


def test_another_token_ends_the_sessions_of_the_first(out: Path) -> None:
    with TestClient(create_app(out, token=TOKEN), base_url=ADDRESS) as client:
        client.get("/", params={"token": TOKEN})
        cookies = client.cookies
    for token, code in ((TOKEN, 200), ("another long token", 303)):
        with TestClient(create_app(out, token=token), base_url=ADDRESS, cookies=cookies) as client:
            assert client.get("/", follow_redirects=False).status_code == code


def test_an_upload_needs_the_token_of_the_desk(guarded: TestClient, out: Path) -> None:
    guarded.get("/enter")
    response = guarded.post("/papers", files={"files": ("a.md", b"x")})
    assert response.status_code == 403
    assert not (out / "papers").exists()


@pytest.mark.parametrize(
    "path",
    ["/static/../desk.py", "/static/%2e%2e/desk.py", "/assets/..%2f..%2fviews.py", "/assets/%2fetc%2fpasswd",
     "/assets/base.html", "/static/", "/static/..%5cdesk.py"],
)  # fmt: skip
def test_only_styles_scripts_and_pictures_are_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("/reviews/a%20b?role=x", "/reviews/a%20b?role=x"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("http://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_a_page_goes_on_to_pages_of_the_desk_alone(given: str | None, path: str) -> None:
    assert inner_path(given) == path


def test_a_name_has_1_to_60_printable_characters() -> None:
    assert reviewer_name("  Ann   Ångström ") == "Ann Ångström"
    assert reviewer_name("A" * 60) == "A" * 60
    for name in ("", "   ", "A" * 61, "A\x00B", "A\u202eB", "A;B"):
        with pytest.raises(NameRefusedError):
            reviewer_name(name)


def test_who_reviews_is_kept_and_goes_on_to_where_it_was_asked(client: TestClient) -> None:
    response = post(client, "/reviewer", name="Ann & <b>", next="/reviews/x")
    assert (response.status_code, response.headers["Location"]) == (303, "/reviews/x")
    assert "<strong>Ann &amp; &lt;b&gt;</strong>" in client.get("/").text
    refused = post(client, "/reviewer", name="\x00", next="/")
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert "<strong>Ann &amp; &lt;b&gt;</strong>" in client.get("/").text


def test_loopback_is_told_from_other_hosts() -> None:
    assert [host for host in ("127.0.0.1", "::1", "localhost", "127.5.5.5") if not is_loopback(host)] == []
    assert [host for host in ("0.0.0.0", "::", "192.168.1.5", "desk.example", "localhost.") if is_loopback(host)] == []


def test_an_upload_cannot_leave_the_folder(client: TestClient, out: Path) -> None:
    names = ("../../evil.md", "..\\..\\evil2.md", "/etc/evil3.md", "....//evil4.md", ".hidden.md")
    assert upload(client, *[(name, f"# Review {name}".encode()) for name in names]).status_code == 202
    assert sorted(path.name for path in (out / "papers").iterdir()) == [
        "evil.md", "evil2.md", "evil3.md", "evil4.md", "hidden.md",
    ]  # fmt: skip
    assert not list(out.parent.glob("*.md"))
