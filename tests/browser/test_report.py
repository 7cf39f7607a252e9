"""The report in a browser: rows lead to their words and words to their rows, with mouse and with keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .opening import ROOT, SAMPLES, make_report

PAPERS = ROOT.parent / "shared" / "corpus"


def highlighted(page: Page, name: str) -> list[str]:
    """The words that the page sets off."""
    found = page.evaluate(
        "(name) => CSS.highlights.has(name) ? [...CSS.highlights.get(name)].map((range) => range.toString()) : []", name
    )
    assert isinstance(found, list)
    return found


def test_a_chosen_row_shows_its_words(page: Page, report: str) -> None:
    page.goto(report)
    page.get_by_role("button", name="Text", exact=True).click()
    page.locator(".row[data-record=o3]").click()
    expect(page.locator(".inspector")).to_contain_text("402")
    assert highlighted(page, "chosen") == ["25.0%"]
    assert "early combination therapy" in highlighted(page, "evidence")


def test_on_the_pages_a_box_stands_over_the_words(page: Page, report: str) -> None:
    page.goto(report)
    page.locator(".row[data-record=o3]").click()
    box = page.locator(".page[data-page='1'] .shown rect.chosen")
    expect(box).to_have_count(1)
    expect(box).to_be_in_viewport()


def test_a_marked_word_shows_its_rows(page: Page, report: str) -> None:
    page.goto(report)
    page.get_by_role("button", name="Text", exact=True).click()
    page.locator("mark.PERCENT", has_text="25.0%").first.click()
    expect(page.locator(".inspector-body")).to_contain_text("In the rows")
    page.locator(".inspector-body .go").first.click()
    expect(page.locator(".row[aria-selected=true]")).to_have_count(1)


def test_filters_leave_the_rows_that_fit_in_every_table(page: Page, report: str) -> None:
    page.goto(report)
    page.get_by_label("study").select_option("HELIX-HF")
    rows = page.locator("#panel-outcomes .row[data-record]:not([hidden])")
    assert rows.count() > 3
    assert set(rows.evaluate_all("(rows) => rows.map((row) => row.dataset.study)")) == {"HELIX-HF"}
    page.get_by_role("tab", name="Plots").click()
    drawn = page.locator("#panel-forest [data-record]:visible")
    expect(drawn.first).to_be_visible()
    assert set(drawn.evaluate_all("(rows) => rows.map((row) => row.dataset.study)")) == {"HELIX-HF"}
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_role("tab", name="Results").click()
    expect(page.locator("#panel-outcomes .row[data-record]:not([hidden])")).to_have_count(75)
    page.get_by_role("searchbox").fill("no such words")
    expect(page.locator("#panel-outcomes .none")).to_be_visible()


def test_everything_is_reached_by_keys_alone(page: Page, report: str) -> None:
    page.goto(report)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".row[data-record=o1]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".row[data-record=o2]")).to_be_focused()
    page.keyboard.press("v")
    page.keyboard.press("n")
    expect(page.locator("mark.current")).to_have_count(1)
    page.keyboard.press("6")
    expect(page.get_by_role("tab", name="Findings")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Words")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_findings_and_numbers_in_no_row_lead_to_the_text(page: Page, report: str) -> None:
    page.goto(report)
    page.get_by_role("button", name="Text", exact=True).click()
    page.get_by_role("tab", name="Findings").click()
    page.locator(".finding button").first.click()
    assert highlighted(page, "chosen") == ["2017-00993-21"]
    page.get_by_role("tab", name="Coverage").click()
    page.locator("summary").first.click()
    number = page.locator("[data-number]").first
    number.click()
    assert highlighted(page, "chosen") == [number.text_content()]
    page.get_by_role("button", name="Underline them in the text").click()
    assert len(highlighted(page, "uncovered")) > 10


def test_several_reviews_stand_on_one_page(page: Page, tmp_path: Path) -> None:
    names = ("cardiology", "haematology")
    page.goto(make_report(tmp_path / "two.html", *(SAMPLES / f"{name}.md" for name in names)))
    page.get_by_label("Review", exact=True).select_option(index=1)
    expect(page.locator("h1")).to_contain_text("Leukaemia")
    page.keyboard.press("j")
    expect(page.locator(".inspector")).to_be_visible()
    page.get_by_label("Review", exact=True).select_option(index=0)
    expect(page.locator("h1")).to_contain_text("Heart Failure")


def test_what_a_document_says_stays_words(page: Page, tmp_path: Path) -> None:
    name = 'x"onload=alert(1) <img src=y onerror=alert(2)>'
    lines = (
        f"# <script>document.title='taken'</script> {name}",
        "## Results",
        "In the SAFE-1 trial (NCT09990001), <b>overall survival</b> was 61.5% (95% CI 55.0-68.1) & PFS 40% with"
        f" </script><script>document.title='taken'</script> {name}.",
    )
    (tmp_path / "odd.md").write_text("\n\n".join(lines), encoding="utf-8")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(make_report(tmp_path / "odd.html", tmp_path / "odd.md"))
    for _ in range(3):
        page.keyboard.press("j")
    for number in range(1, 10):
        page.keyboard.press(str(number))
    assert page.title() != "taken"
    assert page.locator("img, .text script").count() == 0


def test_in_print_nothing_is_hidden(page: Page, report: str) -> None:
    page.goto(report)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("#panel-dosing .row[data-record]").first).to_be_visible()
    expect(page.locator(".filters")).to_be_hidden()


@pytest.mark.parametrize("name", ["kallay2022", "balduzzi2022"])
def test_reports_of_published_reviews(name: str, page: Page, tmp_path: Path) -> None:
    path = PAPERS / f"{name}.txt"
    if not path.is_file():
        pytest.skip("the published reviews are not part of the project")
    page.goto(make_report(tmp_path / "paper.html", path))
    page.keyboard.press("j")
    expect(page.locator(".inspector")).to_be_visible()
    assert len(highlighted(page, "chosen")) == 1
    for number in range(1, 10):
        page.keyboard.press(str(number))
        expect(page.get_by_role("tabpanel")).to_have_count(1)
