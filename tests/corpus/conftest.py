"""What tests of a folder of papers start from: the server that stands in for Europe PMC, a folder, a paper."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from extract.corpus import europe_pmc

from .making import Archive, article, found


@pytest.fixture
def archive() -> Iterator[Archive]:
    state = Archive([(200, found())], [(200, article())])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.agents.add(self.headers["User-Agent"])
            status, body = state.answer(self.path)
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data) + state.announced))
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/rest"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been waited."""
    waited: list[float] = []
    monkeypatch.setattr(europe_pmc.time, "sleep", waited.append)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("COLUMNS", "160")
    return waited


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "corpus" / "sources"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "desk" / "walks.md"
    path.parent.mkdir()
    path.write_text("# Walks in the rain\n\n## Results\n\nIn 40 adults, 50% fell.\n", encoding="utf-8")
    return path
