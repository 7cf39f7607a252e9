"""A real browser: Chromium, driven by Playwright. What a page tells its console and asks of the network is checked."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from extract.audit import extract_and_audit
from extract.batch.outcomes import Limits, Options
from extract.batch.runs import Batch, local_extractor
from extract.readers import read
from extract.sinks.html.report import draw_pictures, review_part, save_report
from extract.sinks.html.views import view_extraction
from extract.web.app import create_app
from web.desks import HereWorker

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


@pytest.fixture(scope="module")  # not longer: while it is open, nothing else in this process can run an event loop
def chromium() -> Iterator[Browser]:
    """The browser; tests that need it are skipped where there is none."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("no Chromium on this machine: on Debian `apt install chromium`, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def watched(browser: Browser, **options: object) -> Iterator[tuple[BrowserContext, Callable[[], Page], list[str]]]:
    """A context, a way to open pages in it, and what their consoles and the network complained about."""
    problems: list[str] = []
    context = browser.new_context(**{"viewport": SIZE, **options})  # type: ignore[arg-type]
    context.set_default_timeout(1000 * PATIENCE)

    def opened() -> Page:
        page = context.new_page()
        page.on("console", lambda told: problems.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: problems.append(request.url) if _leaves(request.url) else None)
        return page

    try:
        yield context, opened, problems
    finally:
        context.close()


def _leaves(address: str) -> bool:
    return not address.startswith(("file:", "data:", "about:", "http://127.0.0.1:"))


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of which nothing may fail, be complained about or leave this machine."""
    with watched(chromium) as (_, opened, problems):
        yield opened()
    assert problems == []


def make_report(path: Path, *files: Path, pages: bool = True) -> str:
    """Write the report of some files; its address."""
    parts = []
    for file in files:
        view = view_extraction(extract_and_audit(read(file), helpers=True))
        parts.append(review_part(view, pictures=draw_pictures(view) if pages else None))
    save_report(parts, path)
    return path.as_uri()


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a sample with pages."""
    return make_report(tmp_path_factory.mktemp("report") / "report.html", SAMPLES / "cardiology-typeset.pdf")


@pytest.fixture(scope="session")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a sample was extracted; copy it before something is done in it."""
    folder = tmp_path_factory.mktemp("batch") / "out"
    options = Options()
    batch = Batch(folder, options)
    files = batch.choose([str(SAMPLES / "cardiology-typeset.pdf")])
    summary = batch.run(local_extractor(options, Limits.of(options), workers=1), files=files, told=lambda *_: None)
    batch.write(summary)
    batch.close()
    return folder


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


@pytest.fixture
def desk(extracted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a desk with one extracted review, which it reads without a process of its own."""
    monkeypatch.setattr("extract.web.viewer.Worker", HereWorker)
    folder = tmp_path / "out"
    shutil.copytree(extracted, folder)
    with served(folder) as address:
        yield address


def enter(page: Page, address: str, name: str) -> None:
    """Say who reviews."""
    page.goto(f"{address}/reviewer")
    page.get_by_label("name").fill(name)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
