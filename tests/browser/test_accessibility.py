"""axe-core finds nothing serious on any page, light or dark, and pages need no sight of colours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from extract.evaluation import evaluate_gold
from extract.sinks.html.evaluation_page import write_evaluation

from .conftest import enter, watched
from .opening import ROOT

GRAVE = frozenset({"serious", "critical"})


def grave(page: Page) -> list[str]:
    """What axe-core holds for serious, with the elements."""
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"{each['id']}: {node['html'][:120]} {node.get('failureSummary', '')[:160]}"
        for each in found["violations"]
        if each["impact"] in GRAVE
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report(scheme: str, chromium: Browser, report: str) -> None:
    with watched(chromium, color_scheme=scheme) as (_, opened, _problems):
        page = opened()
        page.goto(report)
        page.keyboard.press("j")
        for number in range(1, 10) if scheme == "light" else (2, 4, 6):
            page.keyboard.press(str(number))
            assert grave(page) == []
        page.get_by_role("button", name="Text", exact=True).click()
        page.keyboard.press("n")
        assert grave(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk(scheme: str, chromium: Browser, desk: str) -> None:
    with watched(chromium, color_scheme=scheme) as (_, opened, _problems):
        page = opened()
        page.goto(f"{desk}/reviewer")
        assert grave(page) == []
        enter(page, desk, "Anna")
        assert grave(page) == []
        page.goto(f"{desk}/reviews/cardiology-typeset")
        page.keyboard.press("j")
        page.keyboard.press("a")
        page.keyboard.press("x")
        page.locator(".row[data-record=o2][data-status=rejected]").wait_for()
        assert grave(page) == []
        page.keyboard.press("c")
        assert grave(page) == []
        page.goto(f"{desk}/reviews/cardiology-typeset?role=adjudicator")
        page.keyboard.press("j")
        page.get_by_role("tab", name="Agreement").click()
        assert grave(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_evaluation(scheme: str, chromium: Browser, tmp_path: Path) -> None:
    from extract.audit import extract_and_audit
    from extract.readers import read

    evaluation = evaluate_gold(
        ROOT / "gold", [ROOT / "corpus"], lambda path: extract_and_audit(read(path)), documents=["respiratory"]
    )
    write_evaluation(evaluation, tmp_path / "scores.html")
    with watched(chromium, color_scheme=scheme) as (_, opened, problems):
        page = opened()
        page.goto((tmp_path / "scores.html").as_uri())
        assert grave(page) == []
    assert problems == []
