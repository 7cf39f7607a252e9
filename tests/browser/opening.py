"""What is opened in a browser, by the tests and for the pictures of docs/: a report, and a desk that is served."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from extract.audit import extract_and_audit
from extract.batch.outcomes import Limits, Options
from extract.batch.runs import Batch, local_extractor
from extract.readers import read
from extract.sinks.html.report import draw_pictures, review_part, save_report
from extract.sinks.html.views import view_extraction
from extract.web.app import create_app

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "corpus" / "samples"
FLAGS = [
    "--no-sandbox",  # as root, as in containers, it starts only so
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 60  # seconds until a server is there
SIZE = {"width": 1440, "height": 900}


def find_browser() -> str | None:
    """The program, where there is one."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def make_report(path: Path, *files: Path, pages: bool = True) -> str:
    """Write the report of some files; its address."""
    parts = []
    for file in files:
        view = view_extraction(extract_and_audit(read(file), helpers=True))
        parts.append(review_part(view, pictures=draw_pictures(view) if pages else None))
    save_report(parts, path)
    return path.as_uri()


def extract_into(folder: Path, file: Path) -> None:
    """Extract a file into a folder that a desk can open."""
    options = Options()
    batch = Batch(folder, options)
    files = batch.choose([str(file)])
    summary = batch.run(local_extractor(options, Limits.of(options), workers=1), files=files, told=lambda *_: None)
    batch.write(summary)
    batch.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The desk of a folder on a free port; its address."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(folder), log_level="error", lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        end = time.monotonic() + PATIENCE
        while not server.started and time.monotonic() < end:
            time.sleep(0.02)
        assert server.started
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
