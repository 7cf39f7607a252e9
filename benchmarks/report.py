"""The report of a review of 100 pages in a browser: how long it takes to open, filter, choose, turn to a table.

A step is measured in the page, from the event to the frame after it that was painted; opening from the start of the
navigation to the first frame in which the page answers. The peer is displaCy's page of the same text with the same
mentions. Needs Chromium; `--check` exits with 1 where a step takes longer than allowed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness import grown, samples, show
from playwright.sync_api import Page, sync_playwright
from spacy import displacy

import extract
from extract.audit import extract_and_audit
from extract.sinks.html.report import review_part, save_report
from extract.sinks.html.views import ReviewView, view_extraction

PAGES = 100
PAGE = 3_300  # characters on a page of a journal in two columns, tables and references counted in
MOST = 200.0  # milliseconds a step
ROUNDS = 15
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
PAINTED = """() => new Promise((done) => {
  const look = () => (document.querySelector(".review:not(:has(script.packed))") || !document.querySelector(".review")
    ? requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)) : setTimeout(look, 1));
  look();
})"""
STEP = """async ([name, argument]) => {
  const reading = document.querySelector(".review").reading, form = document.querySelector(".filters");
  const steps = {
    filter: () => { const box = form.elements[argument]; box.selectedIndex = box.selectedIndex ? 0 : 1;
      box.dispatchEvent(new Event("input", { bubbles: true })); },
    words: () => { form.elements.words.value = form.elements.words.value ? "" : argument;
      form.elements.words.dispatchEvent(new Event("input", { bubbles: true })); },
    choose: () => { const rows = document.querySelectorAll(".panel:not([hidden]) .row[data-record]");
      rows[Math.floor(Number(argument) * (rows.length - 1))].click(); },
    tab: () => document.querySelector(`[role=tab][data-panel=${argument}]`).click(),
    mention: () => { reading.stepMention(1); },
  };
  const begun = performance.now();
  steps[name]();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  return performance.now() - begun;
}"""
STEPS: tuple[tuple[str, str, str], ...] = (
    ("filter by endpoint", "filter", "endpoint"),
    ("filter by study", "filter", "study"),
    ("filter by words", "words", "survival"),
    ("choose a row at the end", "choose", "0.98"),
    ("choose a row at the start", "choose", "0.02"),
    ("turn to the forest plots", "tab", "forest"),
    ("turn to the results", "tab", "outcomes"),
    ("next marked word", "mention", ""),
)


def make_view() -> ReviewView:
    """A review of 100 pages, made from the samples."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.md"
        path.write_text(grown(list(samples().values()), PAGES * PAGE), encoding="utf-8")
        return view_extraction(extract_and_audit(extract.read(path), helpers=True))


def peer_page(view: ReviewView) -> str:
    """displaCy's page of the same mentions."""
    ents = [{"start": row["start"], "end": row["end"], "label": row["label"]} for row in view.tables["mentions"]]
    return str(displacy.render({"text": view.text, "ents": ents, "title": None}, style="ent", manual=True, page=True))


def opening(page: Page, address: str) -> float:
    """Milliseconds from the start of the navigation to a painted page whose script has run."""
    page.goto("about:blank")
    page.goto(address)
    return float(page.evaluate(PAINTED))


def measure(view: ReviewView) -> dict[str, float]:
    """The fastest of some rounds of each step, in milliseconds."""
    best: dict[str, float] = {}

    def keep(name: str, call: Callable[[], float]) -> None:
        best[name] = min(best.get(name, float("inf")), call())

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        ours, theirs = Path(folder) / "report.html", Path(folder) / "displacy.html"
        size = save_report([review_part(view)], ours)
        theirs.write_text(peer_page(view), encoding="utf-8")
        print(f"{size / 1e6:.1f} MB, displaCy {theirs.stat().st_size / 1e6:.1f} MB")
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        for _ in range(ROUNDS):
            keep("displaCy's page, open", lambda: opening(page, theirs.as_uri()))
            keep("open", lambda: opening(page, ours.as_uri()))
            for name, step, argument in STEPS:
                keep(name, lambda step=step, argument=argument: float(page.evaluate(STEP, [step, argument])))
        browser.close()
    return best


def chromium() -> str:
    """The browser's program."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("needs Chromium: on Debian, apt install chromium")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 where a step takes longer than allowed")
    chosen = parser.parse_args()
    view = make_view()
    counts: dict[str, Any] = {name: len(rows) for name, rows in view.tables.items()}
    print(f"{len(view.text):,} characters, {counts['mentions']:,} mentions, {counts['outcomes']:,} results")
    best = measure(view)
    show(
        f"a report of {PAGES} pages in Chromium",
        ("step", "milliseconds", f"of {MOST:.0f}"),
        [(name, f"{taken:.0f}", f"{taken / MOST:.2f}") for name, taken in best.items()],
    )
    slow = [name for name, taken in best.items() if taken > MOST and not name.startswith("displaCy")]
    if slow:
        print("slower than allowed:", ", ".join(slow))
    return int(chosen.check and bool(slow))


if __name__ == "__main__":
    sys.exit(main())
