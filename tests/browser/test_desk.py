"""The review desk in a browser: from the upload to exported corrections, two people, two windows, keys alone."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from web.desks import HereWorker

from .conftest import enter, watched
from .opening import SAMPLES, served

REVIEW = "/reviews/cardiology-typeset"


def open_review(page: Page, address: str, name: str, *, role: str = "reviewer") -> None:
    enter(page, address, name)
    page.goto(f"{address}{REVIEW}?role={role}")
    expect(page.locator(".row[data-record]").first).to_be_visible()


def status_of(page: Page, key: str) -> str:
    return page.locator(f"[role=grid] .row[data-record={key}]").get_attribute("data-status") or ""


def has_status(page: Page, key: str, status: str) -> None:
    expect(page.locator(f"[role=grid] .row[data-record={key}]")).to_have_attribute("data-status", status)


def select_words(page: Page, words: str) -> None:
    """Select words of the text as a mouse does."""
    page.evaluate(
        """(words) => {
          const reading = document.querySelector(".review").reading;
          const walker = document.createTreeWalker(reading.load(reading.text), NodeFilter.SHOW_TEXT);
          while (walker.nextNode() && !walker.currentNode.textContent.includes(words)) ;
          const node = walker.currentNode, at = node.textContent.indexOf(words);
          node.parentElement.scrollIntoView({ block: "center" });
          getSelection().setBaseAndExtent(node, at, node, at + words.length);
        }""",
        words,
    )
    page.locator(".text").dispatch_event("mouseup")


def test_from_the_upload_to_exported_corrections(page: Page, tmp_path: Path) -> None:
    with served(tmp_path / "out") as address:
        enter(page, address, "Ines")
        page.locator("input[type=file]").set_input_files(SAMPLES / "haematology.md")
        page.get_by_role("button", name="Add and extract").click()
        page.get_by_role("link", name="haematology.md").click(timeout=60_000)
        page.locator("[role=grid] .row[data-record=o1]").click()
        page.keyboard.press("c")
        page.get_by_label("arm", exact=True).last.fill("everybody")
        page.get_by_role("button", name="Save").click()
        has_status(page, "o1", "corrected")
        page.keyboard.press("x")
        has_status(page, "o2", "rejected")
        page.goto(address)
        with page.expect_download() as download:
            page.get_by_role("link", name="Tables").click()
        with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as archive:
            outcomes = archive.read("outcomes.csv").decode()
            changes = archive.read("changes.csv").decode()
    assert "everybody" in outcomes
    assert "corrected,Ines" in outcomes
    assert ",arm," in changes
    assert "rejected" in changes


def test_rows_are_decided_corrected_added_and_taken_back(page: Page, desk: str) -> None:
    open_review(page, desk, "Anna")
    page.keyboard.press("j")
    page.keyboard.press("a")
    has_status(page, "o1", "accepted")
    expect(page.locator(".row[data-record=o2]")).to_be_focused()  # on to the next that is open
    page.keyboard.press("x")
    has_status(page, "o2", "rejected")
    page.keyboard.press("u")
    has_status(page, "o2", "open")
    page.keyboard.press("Shift+U")
    has_status(page, "o2", "rejected")
    page.get_by_role("button", name="Text", exact=True).click()
    select_words(page, "74%")
    page.get_by_role("button", name="Result").click()
    expect(page.locator("input[name=value]")).to_have_value("74")
    page.locator("input[name=endpoint]").fill("OTHER")
    page.locator("input[name=endpoint_text]").fill("men")
    page.get_by_role("button", name="Add", exact=True).click()
    added = page.locator("#panel-outcomes .row[data-status=added]")
    expect(added).to_contain_text("74%")
    expect(page.locator("[data-progress=outcomes]")).to_have_text("3/76")
    page.reload()
    expect(page.locator("#panel-outcomes .row[data-status=added]")).to_contain_text("74%")
    has_status(page, "o1", "accepted")


def test_a_value_that_does_not_fit_is_told_beside_its_field(chromium: Browser, desk: str) -> None:
    with watched(chromium) as (_, opened, problems):
        page = opened()
        open_review(page, desk, "Anna")
        page.locator(".row[data-record=o3]").click()
        page.keyboard.press("c")
        page.locator("input[name=value]").fill("26,0")
        page.keyboard.press("Enter")
        expect(page.locator(".problem")).to_contain_text("26,0")
        expect(page.locator("input[name=value]")).to_be_focused()
        page.locator("input[name=value]").fill("26.0")
        page.keyboard.press("Enter")
        has_status(page, "o3", "corrected")
        expect(page.locator(".row[data-record=o3]")).to_contain_text("26.0%")
    assert [each for each in problems if "422" not in each] == []


def test_two_windows_lose_nothing(chromium: Browser, desk: str) -> None:
    with watched(chromium) as (_, opened, problems):
        first, second = opened(), opened()
        open_review(first, desk, "Anna")
        open_review(second, desk, "Anna")
        second.route("**/changes?*", lambda route: route.abort())  # it does not hear of the other window
        first.locator(".row[data-record=o1]").click()
        first.keyboard.press("a")
        has_status(first, "o1", "accepted")
        second.locator(".row[data-record=o1]").click()
        second.keyboard.press("x")
        expect(second.locator(".conflict")).to_contain_text("another window")
        has_status(second, "o1", "accepted")
        second.get_by_role("button", name="Put this one in its place").click()
        has_status(second, "o1", "rejected")
        has_status(first, "o1", "rejected")  # heard by the first window by itself
        first.keyboard.press("u")
        has_status(first, "o1", "accepted")
    assert [each for each in problems if "409" not in each and "ERR_FAILED" not in each] == []


def test_reviewers_work_blind_and_are_brought_together(chromium: Browser, desk: str) -> None:
    with watched(chromium) as (_, opened, problems), watched(chromium) as (_, other, more):
        anna, ben = opened(), other()
        open_review(anna, desk, "Anna")
        anna.keyboard.press("j")
        for key, record, status in (("a", "o1", "accepted"), ("x", "o2", "rejected")):
            anna.keyboard.press(key)
            has_status(anna, record, status)
        open_review(ben, desk, "Ben")
        assert status_of(ben, "o1") == "open"
        ben.keyboard.press("j")
        for record in ("o1", "o2"):
            ben.keyboard.press("a")
            has_status(ben, record, "accepted")
        open_review(ben, desk, "Ben", role="adjudicator")
        has_status(ben, "o1", "accepted")
        has_status(ben, "o2", "disputed")
        ben.get_by_role("tab", name="Agreement").click()
        expect(ben.locator(".pair")).to_contain_text("Anna and Ben")
        ben.locator("[data-go=o2]").click()
        ben.get_by_role("button", name="Anna rejects it").click()
        has_status(ben, "o2", "rejected")
        ben.reload()
        has_status(ben, "o2", "rejected")
    assert problems + more == []


def test_a_row_that_was_missed_is_added_by_keys_alone(page: Page, desk: str) -> None:
    open_review(page, desk, "Anna")
    page.keyboard.press("v")
    page.keyboard.press("n")
    page.keyboard.press("i")
    expect(page.locator(".fields")).to_be_visible()
    expect(page.locator("input[name=endpoint]")).to_be_focused()
    page.keyboard.type("OTHER")
    page.keyboard.press("Tab")
    page.keyboard.type("a thing")
    page.keyboard.press("Tab")
    page.keyboard.type("count")
    page.locator("input[name=value]").fill("")
    page.locator("input[name=n]").fill("12")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-outcomes .row[data-status=added]")).to_contain_text("a thing")


def test_decisions_stay_when_the_desk_is_started_again(
    chromium: Browser, extracted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.web.viewer.Worker", HereWorker)
    folder = tmp_path / "out"
    shutil.copytree(extracted, folder)
    with watched(chromium) as (_, opened, problems):
        page = opened()
        with served(folder) as address:
            open_review(page, address, "Anna")
            page.keyboard.press("j")
            page.keyboard.press("a")
            has_status(page, "o1", "accepted")
            page.goto("about:blank")
        with served(folder) as address:
            open_review(page, address, "Anna")
            has_status(page, "o1", "accepted")
    assert problems == []
