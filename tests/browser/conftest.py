"""A real browser: Chromium, driven by Playwright. What a page tells its console and asks of the network is checked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from web.desks import HereWorker

from .opening import FLAGS, PATIENCE, SAMPLES, SIZE, extract_into, find_browser, make_report, served


@pytest.fixture(scope="module")  # not longer: while it is open, nothing else in this process can run an event loop
def chromium() -> Iterator[Browser]:
    """The browser; tests that need it are skipped where there is none."""
    program = find_browser()
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
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of which nothing may fail, be complained about or leave this machine."""
    if "desk" in request.fixturenames:
        request.getfixturevalue("desk")  # before the page, so that it is there until the page has gone
    with watched(chromium) as (_, opened, problems):
        yield opened()
    assert problems == []


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a sample with pages."""
    return make_report(tmp_path_factory.mktemp("report") / "report.html", SAMPLES / "cardiology-typeset.pdf")


@pytest.fixture(scope="session")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a sample was extracted; copy it before something is done in it."""
    folder = tmp_path_factory.mktemp("batch") / "out"
    extract_into(folder, SAMPLES / "cardiology-typeset.pdf")
    return folder


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
