"""Odd documents, hasty fingers, slow and broken networks: nothing is skipped and nothing decided by accident."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from extract.batch.outcomes import Limits, Options
from extract.batch.runs import Batch
from extract.decisions.store import Decisions
from web.desks import HerePool, HereWorker

from .conftest import enter, watched
from .opening import make_report, served
from .test_desk import has_status, select_words

ODD = (
    """# A <script>alert(1)</script> "onload=alert(1) </script> <!-- ]]> {{ 7*7 }} {% raw %} 𝛼 \u202egnp \u200b review

## Results <img src=x onerror=alert(1)>

😀😀 In the SAFE-1 trial (NCT09990001), 2-year overall survival was 61.5% (95% CI 55.0-68.1) with 𝛼-zanidip 5 mg 😀
and 48% without. 𝛼 Complete remission was reached by 12% and 𝛽 33% of “those who 😀 stayed” </script> to the end.

"""
    + "long" * 5_000
    + """

| Trial </td> | N | OS at 2 years |
|---|---|---|
| 😀 SAFE-2 | | 45% |
| | 10 | 22% |
"""
)
REVIEW = "/reviews/" + "odd%3F%23%252e%252e%20%27%22%F0%9F%98%80"


class Opened(NamedTuple):
    """A desk with the odd document, its folder, and a page of it."""

    folder: Path
    address: str
    page: Page


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("odd") / "odd?#%2e%2e '\"😀.md"
    path.write_text(ODD, encoding="utf-8")
    return path


@pytest.fixture
def opened(chromium: Browser, odd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """What the browser complains about is looked at by the tests that mean no harm."""
    monkeypatch.setattr("extract.web.viewer.Worker", HereWorker)
    folder, options = tmp_path / "out", Options()
    batch = Batch(folder, options)
    pool = HerePool(options, Limits.of(options), workers=1)
    batch.write(batch.run(pool.run, files=batch.choose([str(odd)]), told=lambda *_: None))
    batch.close()
    with served(folder) as address, watched(chromium) as (_, new_page, _):
        page = new_page()
        enter(page, address, "Anna")
        page.goto(f"{address}{REVIEW}")
        expect(page.locator(".row[data-record=o1]")).to_be_visible()
        yield Opened(folder, address, page)


def decided(opened: Opened) -> list[tuple[str, str]]:
    """What stands in the log: the actions with the values of their rows."""
    with Decisions(opened.folder, make=False) as log:
        return [(each.action, each.row["value"]) for name in log.document_ids() for each in log.history(name)]


def slow(page: Page, seconds: float = 0.15) -> None:
    def wait(route: Route) -> None:
        page.wait_for_timeout(1000 * seconds)
        route.continue_()

    page.route("**/decisions", wait)


def test_a_report_of_an_odd_document(page: Page, odd: Path, tmp_path: Path) -> None:
    page.goto(make_report(tmp_path / "r.html", odd))
    page.locator(".row[data-record=o1]").click()
    expect(page.locator(".inspector blockquote b", has_text="61.5%")).to_be_visible()
    expect(page.locator("h1")).to_contain_text('<script>alert(1)</script> "onload=alert(1)')


@pytest.mark.parametrize("words", ["33%", "those who 😀 stayed", "😀 SAFE-2", "<img src=x"])
def test_the_selected_words_are_what_is_kept(words: str, opened: Opened) -> None:
    page = opened.page
    select_words(page, words)
    page.get_by_role("button", name="Word").click()
    page.locator("select[name=label]").select_option("TRIAL")
    page.locator("input[name=trial]").fill("SAFE")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#panel-mentions .row[data-status=added]")).to_contain_text(words)
    with Decisions(opened.folder, make=False) as log:
        (subject,) = log.subjects(log.document_ids()[0])
    assert subject.anchor.quote == words


def test_three_clicks_select_a_block(opened: Opened) -> None:
    page = opened.page
    page.locator(".text .block.heading [data-at]").first.click(click_count=3)
    expect(page.locator("#adding")).to_be_visible()
    page.get_by_role("button", name="Word").click()
    page.locator("select[name=label]").select_option("TRIAL")
    page.locator("input[name=trial]").fill("SAFE")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#panel-mentions .row[data-status=added]")).to_contain_text("Results <img src=x")
    with Decisions(opened.folder, make=False) as log:
        (subject,) = log.subjects(log.document_ids()[0])
    assert subject.anchor.quote == "Results <img src=x onerror=alert(1)>"


def test_a_word_of_a_study_leaves_the_tables(opened: Opened) -> None:
    page = opened.page
    page.locator(".text mark.REGISTRY_ID").first.click()
    for button in page.locator(".inspector-body p button.go").all():
        button.click()
        expect(page.locator(".panel:not([hidden])")).to_have_count(1)
        page.locator(".text mark.REGISTRY_ID").first.click()


def test_a_key_that_is_held_decides_on_one_row(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("j")
    for _ in range(12):  # as the keyboard repeats it
        page.keyboard.down("a")
    page.keyboard.up("a")
    has_status(page, "o1", "accepted")
    expect(page.locator(".row[data-record=o2]")).to_be_focused()
    page.keyboard.press("x")
    has_status(page, "o2", "rejected")
    assert decided(opened) == [("accept", "61.5"), ("reject", "48")]


def test_fast_keys_on_a_slow_network_decide_on_each_row_once(opened: Opened) -> None:
    page = opened.page
    slow(page)
    page.keyboard.press("j")
    count = page.locator("#panel-outcomes .row[data-record]").count()
    for _ in range(count + 4):
        page.keyboard.press("a")
    expect(page.locator("[data-progress=outcomes]")).to_have_text(f"{count}/{count}")
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert [action for action, _ in decided(opened)] == ["accept"] * count


def test_who_leaves_with_something_on_its_way_is_asked(opened: Opened) -> None:
    page = opened.page
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".row[data-record=o1]").click()
    page.keyboard.press("c")
    page.locator("input[name=arm]").fill("all")
    page.close(run_before_unload=True)
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"]
    expect(page.locator("input[name=arm]")).to_have_value("all")
    page.get_by_role("button", name="Cancel").click()
    page.close(run_before_unload=True)


def test_without_the_desk_nothing_typed_or_decided_is_lost(opened: Opened) -> None:
    page = opened.page
    page.route("**/reviews/*/*", lambda route: route.abort())
    page.locator(".row[data-record=o1]").click()
    page.keyboard.press("a")
    expect(page.locator("#told")).to_contain_text("cannot be reached")
    has_status(page, "o1", "open")
    expect(page.locator(".row[data-record=o1]")).to_be_focused()  # back where it could not be kept
    page.keyboard.press("c")
    page.locator("input[name=arm]").fill("everybody")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#told")).to_contain_text("cannot be reached")
    expect(page.locator("input[name=arm]")).to_have_value("everybody")
    page.unroute("**/reviews/*/*")
    page.get_by_role("button", name="Save").click()
    has_status(page, "o1", "corrected")
    expect(page.locator("#told")).to_be_hidden()


def test_an_answer_that_comes_late_leaves_a_form_alone(opened: Opened) -> None:
    page = opened.page
    held: list[Route] = []
    page.route("**/decisions", lambda route: held.append(route))  # noqa: PLW0108 - Playwright wants a function
    page.locator(".row[data-record=o1]").click()
    page.keyboard.press("a")
    page.keyboard.press("c")  # on the next row
    page.locator("input[name=arm]").fill("half typed")
    held.pop().abort()
    expect(page.locator("#told")).to_contain_text("cannot be reached")
    expect(page.locator("input[name=arm]")).to_have_value("half typed")


def test_in_a_conflict_a_hasty_key_decides_nothing(opened: Opened) -> None:
    page = opened.page
    page.route("**/changes?*", lambda route: route.abort())
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".row[data-record=o1]").click()
    other.keyboard.press("x")
    has_status(other, "o1", "rejected")
    page.locator(".row[data-record=o1]").click()
    page.keyboard.press("a")
    expect(page.locator(".conflict")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Put this one in its place")).to_be_focused()
    page.get_by_role("button", name="Keep the other one").click()
    has_status(page, "o1", "rejected")
    assert decided(opened) == [("reject", "61.5")]


def test_a_page_of_another_person_says_so_and_shows_nothing_of_theirs(opened: Opened) -> None:
    page = opened.page
    other = page.context.new_page()
    enter(other, opened.address, "Ben")
    page.locator(".row[data-record=o1]").click()
    page.keyboard.press("a")
    expect(page.locator("#told")).to_contain_text("reviews as Ben now")
    has_status(page, "o1", "open")
    with Decisions(opened.folder, make=False) as log:
        assert log.reviewers() == []


@pytest.mark.parametrize(("width", "height"), [(400, 800), (720, 450)])  # a narrow window, 200 %
def test_in_small_windows_rows_can_be_decided(width: int, height: int, opened: Opened) -> None:
    page = opened.page
    page.set_viewport_size({"width": width, "height": height})
    page.locator(".row[data-record=o1]").click()
    page.get_by_role("button", name="Accept").click()
    has_status(page, "o1", "accepted")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
