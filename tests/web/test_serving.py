"""`extract serve`: the real server on this machine, from its first line to Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from batch.reviews import review_text
from extract.batch.ledger import LEDGER, Ledger
from extract.cli import _parser, main
from extract.sinks.dataset import Dataset
from extract.web.sessions import MIN_TOKEN

from .desks import PATIENCE


@contextmanager
def serving(out: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, and the address that it prints."""
    command = [sys.executable, "-m", "extract", "serve", str(out), "--port", "0", *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr is not None
        try:
            line = process.stderr.readline()
            found = re.search(r"http://\S+", line)
            assert found is not None, line + process.stderr.read()
            yield process, found[0]
        finally:
            process.kill()


def interrupt(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Ctrl-C in the terminal, which every process of it gets: the exit code, and what was said after."""
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    return process.returncode, said


def send(client: httpx2.Client, name: str, data: bytes) -> Any:
    token = re.search(r'name="csrf" content="([^"]+)"', client.get("/").text)
    assert token is not None
    return client.post("/papers", data={"csrf": token[1]}, files={"files": (name, data)})


def states(client: httpx2.Client) -> dict[str, str]:
    """What became of the files, when nothing is left to do."""
    end = time.monotonic() + PATIENCE
    while (report := client.get("/jobs").json())["busy"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    return {job["name"]: job["state"] for job in report["jobs"]}


def test_a_review_is_extracted_and_ctrl_c_ends_quietly(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    with serving(out) as (process, address), httpx2.Client(base_url=address) as client:
        assert urlsplit(address).hostname == "127.0.0.1"
        assert send(client, "a.md", review_text(1).encode()).status_code == 303
        assert states(client) == {"a.md": "done"}
        assert interrupt(process) == (0, "")
    assert [row["document_id"] for row in Dataset(out).rows("documents")] == ["a"]


def test_ctrl_c_in_the_middle_of_the_work_loses_no_upload(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, address), httpx2.Client(base_url=address) as client:
        for number in range(3):
            send(client, f"{number}.md", review_text(number).encode())
        assert interrupt(process) == (0, "")
    with serving(tmp_path) as (process, address), httpx2.Client(base_url=address) as client:
        assert set(states(client).values()) <= {"done"}
        assert client.get("/").text.count('data-standing="ready"') == 3


def test_too_large_an_upload_is_refused_while_it_comes(tmp_path: Path) -> None:
    with serving(tmp_path, "--max-upload", "1") as (_, address), httpx2.Client(base_url=address) as client:
        page = client.get("/")
        parts = urlsplit(address)
        cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
        head = (
            f"POST /papers HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookie}\r\nTransfer-Encoding: chunked\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        )
        assert parts.hostname is not None
        with socket.create_connection((parts.hostname, parts.port or 80), timeout=PATIENCE) as line:
            line.sendall(head.encode())
            part = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.md"\r\n\r\n' + b"x" * 1_200_000
            line.sendall(b"%x\r\n%s\r\n" % (len(part), part))  # and the rest never comes
            answer = line.recv(4096)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"content-security-policy" in answer
        assert not (tmp_path / "papers").exists()


def test_a_token_is_asked_for_where_one_is_named(tmp_path: Path) -> None:
    with serving(tmp_path, "--token", "open sesame 123") as (_, address), httpx2.Client() as client:
        assert address.endswith("?token=open%20sesame%20123")
        bare = address.split("?")[0]
        assert client.get(bare).headers["Location"] == "/enter?next=%2F"
        assert client.get(address).headers["Location"] == "/"
        assert client.get(bare).status_code == 200


def test_only_this_machine_is_served_unless_told_otherwise() -> None:
    args = _parser().parse_args(["serve", "out"])
    assert (args.host, args.token, args.open) == ("127.0.0.1", None, False)


@pytest.fixture
def unserved(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Configurations of servers that end at once."""
    served: list[Any] = []
    monkeypatch.setattr("uvicorn.Server.run", lambda self, sockets: served.append(self.config))
    return served


def test_other_machines_need_a_token_that_is_made_and_printed(
    tmp_path: Path, unserved: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    tokens = set()
    for _ in range(2):
        assert main(["serve", str(tmp_path), "--host", "0.0.0.0", "--port", "0"]) == 0
        found = re.search(r"\?token=([\w-]{32})", capsys.readouterr().err)
        assert found is not None
        tokens.add(found[1])
    assert len(tokens) == 2
    assert unserved[0].server_header is False
    assert unserved[0].access_log is False  # it would hold the token
    assert unserved[0].proxy_headers is False


@pytest.mark.parametrize("token", ["short", "x" * (MIN_TOKEN - 1), "", "spaces at an end ", "a\tlong token"])
def test_a_weak_token_is_refused(tmp_path: Path, token: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", str(tmp_path / "out"), "--port", "0", "--token", token]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_a_busy_port_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["serve", str(tmp_path / "out"), "--port", str(port)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"port {port} of 127.0.0.1 cannot be used: address already in use; choose another with --port" in line
    assert not (tmp_path / "out").exists()


def test_a_host_that_is_not_here_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for host in ("192.0.2.1", "no such host"):
        assert main(["serve", str(tmp_path), "--host", host, "--port", "0", "--token", "a long token"]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert host in line


def test_a_folder_that_is_held_or_cannot_be_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with Ledger(tmp_path / "held"):
        for name, reason in (("held", "another run works on this folder"), ("file", "cannot be written")):
            assert main(["serve", str(tmp_path / name), "--port", "0"]) == 2
            (line,) = capsys.readouterr().err.splitlines()
            assert f"{tmp_path / name / LEDGER}: {reason}" in line


@pytest.mark.parametrize(
    ("option", "value"),
    [("--port", "70000"), ("--port", "x"), ("--max-upload", "0"), ("--max-upload", "101"), ("--timeout", "0")],
)
def test_an_option_that_makes_no_sense_is_refused(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", "out", option, value])
    assert ended.value.code == 2
    assert f"{value!r} is no" in capsys.readouterr().err
