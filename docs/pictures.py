"""Make the pictures of docs/ from the samples, in Chromium: `python docs/pictures.py`.

They are made again when a page has changed its looks; the fonts are those of the machine, so no test compares them.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser.opening import FLAGS, SAMPLES, SIZE, extract_into, find_browser, make_report, served  # noqa: E402

SAMPLE = SAMPLES / "cardiology-typeset.pdf"
PICTURES = ROOT / "docs" / "pictures"


def main() -> int:
    """Make all pictures; exit code 1 without a browser."""
    program = find_browser()
    if program is None:
        print("needs Chromium: on Debian, apt install chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        report = make_report(Path(made) / "report.html", SAMPLE)
        show_report(browser, report)
        show_plots(browser, report)
        out = Path(made) / "out"
        extract_into(out, SAMPLE)
        with served(out) as address:
            show_desk(browser, address)
        browser.close()
    return 0


def show_report(browser: Browser, address: str) -> None:
    """A row with the words that it comes from."""
    page = opened(browser, address)
    page.locator(".row[data-record=o3]").click()
    keep(page, "report.webp")


def show_plots(browser: Browser, address: str) -> None:
    """Forest plots beside the text, dark."""
    page = opened(browser, address, scheme="dark")
    page.get_by_role("button", name="Text", exact=True).click()
    page.get_by_role("tab", name="Plots").click()
    page.locator("#panel-forest [data-record]").nth(1).click()
    page.get_by_role("button", name="Close").click()
    keep(page, "plots.webp")


def show_desk(browser: Browser, address: str) -> None:
    """Two reviewers, and a row on which they differ."""
    for name, keys in (("Anna", "jaxaa"), ("Ben", "jaaaa")):
        page = opened(browser, f"{address}/reviewer")
        page.get_by_label("name").fill(name)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        page.goto(f"{address}/reviews/{SAMPLE.stem}")
        page.locator(".row[data-record=o1]").wait_for()
        for key in keys:
            page.keyboard.press(key)
        page.locator(".row[data-record=o4]:not([data-status=open])").wait_for()
    page.goto(f"{address}/reviews/{SAMPLE.stem}?role=adjudicator")
    page.locator(".row[data-record=o2]").click()
    keep(page, "desk.webp")


def opened(browser: Browser, address: str, *, scheme: str = "light") -> Page:
    """A page in a window of its own."""
    context = browser.new_context(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    return page


def keep(page: Page, name: str) -> None:
    """Save what the window shows, when all of it is there."""
    page.wait_for_load_state("networkidle")
    page.evaluate("() => new Promise((done) => setTimeout(done, 700))")  # what is loaded when there is time
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.save(PICTURES / name, lossless=True, quality=100, method=6)
    print(f"{name}: {(PICTURES / name).stat().st_size / 1000:.0f} kB")
    page.context.close()


if __name__ == "__main__":
    sys.exit(main())
