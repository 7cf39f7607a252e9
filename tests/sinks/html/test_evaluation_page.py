"""The page of an evaluation: what a reader finds on it, and that nothing in a text can become markup."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest

from evaluation.making import make_document, make_gold, predicted_mention, unmark
from evaluation.making_records import gold_outcome, outcome_case
from extract.errors import OutputError
from extract.evaluation import Case, Evaluation, baseline_of, evaluate_mentions, evaluate_records, list_errors
from extract.sinks.html.evaluation_page import render_evaluation, write_evaluation

MARKED = "[ENDPOINT:OS] was [PERCENT:50%] after [DOSE:1 mg] in [TRIAL:RIALTO]"
WRONG = "OS was 50% [PERCENT:after] [PERCENT:1 mg] in [TRIAL:RIALTO]"
EVIL = '<script>alert(1)</script>" onload="x'


def evaluation_of(gold: str = MARKED, predicted: str = WRONG, *, name: str = "made", **attributes: str) -> Evaluation:
    text, spans = unmark(predicted)
    found = [predicted_mention(text, *span, document_id=name, **attributes) for span in spans]
    case = Case(make_gold(gold, document_id=name), make_document(text, document_id=name), found)
    return evaluate_mentions([case], resamples=20)


def with_rows(evaluation: Evaluation) -> Evaluation:
    rows = [gold_outcome(1, arm="iron"), gold_outcome(3, value="61"), gold_outcome(5, value="70")]
    return replace(
        evaluation, records=evaluate_records([outcome_case(rows, [{}, {"arm": "copper"}, None])], resamples=20)
    )


def page(evaluation: Evaluation, **options: object) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(render_evaluation(evaluation, **options))  # type: ignore[arg-type]


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def table(html: lxml.html.HtmlElement, path: str) -> list[list[str]]:
    """The rows of a table's body, as words."""
    return [[words(cell) for cell in row] for row in html.xpath(f"{path}/tbody/tr")]


def test_every_label_and_table_of_rows_has_its_scores() -> None:
    html = page(with_rows(evaluation_of()))
    (scores,) = html.xpath('//*[@id="scores"]')
    captions = [words(caption).partition(" all ")[0] for caption in scores.xpath(".//caption")]
    assert captions == ["Mentions", "Rows", "Fields of the matched rows"]
    rows = [row[:3] for row in table(scores, ".//table")]
    assert ["PERCENT", "1", "2"] in rows
    assert ["ALL", "4", "3"] in rows
    assert ["OUTCOME core", "3", "2"] in rows
    assert ["OUTCOME arm", "1", "2"] in rows


def test_an_interval_is_drawn_beside_its_figure() -> None:
    evaluation = evaluation_of("\n\n".join([MARKED] * 3), "\n\n".join([WRONG, MARKED, MARKED]))
    (row,) = page(evaluation).xpath('//*[@id="scores"]//tr[th="ENDPOINT"]')
    f1 = row.xpath('./td[contains(@class, "figure")]')[2]
    assert re.fullmatch(r"0\.800 0\.\d{3}–1\.000", words(f1))
    (line,) = f1.xpath('.//svg[@aria-hidden]/line[@class="interval"]')
    (point,) = f1.xpath(".//svg/circle")
    assert float(line.get("x1")[:-1]) < float(point.get("cx")[:-1]) < float(line.get("x2")[:-1]) == 100


def test_an_undefined_score_is_a_dash_without_a_bar() -> None:
    (row,) = page(evaluation_of()).xpath('//*[@id="scores"]//tr[th="REGISTRY_ID"]')
    assert words(row.xpath("./td")[2]) == "–"
    assert not row.xpath(".//circle")


def test_each_document_has_a_row_and_its_own_tables() -> None:
    both = [evaluation_of(name="lake").documents[0], evaluation_of(MARKED, MARKED, name="river").documents[0]]
    html = page(replace(evaluation_of(), documents=tuple(both)))
    overview = table(html, '//*[@id="documents"]//table[contains(@class, "overview")]')
    assert [(row[0], row[1], row[-1]) for row in overview] == [("lake", "1.000 1", "4"), ("river", "1.000 1", "0")]
    assert len(html.xpath('//*[@id="documents"]/details')) == 2


def test_confusions_lead_to_their_errors() -> None:
    html = page(evaluation_of())
    (button,) = html.xpath('//*[@id="confusions"]//button[contains(@aria-label, "DOSE read as PERCENT")]')
    wanted = {name: button.get(f"data-{name}") for name in ("kind", "label", "words")}
    assert wanted == {"kind": "label", "label": "DOSE", "words": "read as PERCENT"}
    (error,) = html.xpath('//li[@data-kind="label"][@data-label="DOSE"]')
    assert wanted["words"] in words(error)


def test_a_wrong_code_leads_to_its_errors() -> None:
    html = page(evaluation_of("[ENDPOINT:OS] was low", "[ENDPOINT:OS] was low", code="EFS"))
    (button,) = html.xpath('//*[@id="confusions"]//button')
    (error,) = html.xpath(f'//li[@data-kind="{button.get("data-kind")}"][@data-label="{button.get("data-label")}"]')
    assert button.get("data-words") == "code OS read as EFS"
    assert button.get("data-words") in words(error)


def test_every_error_stands_in_its_context() -> None:
    evaluation = with_rows(evaluation_of())
    html = page(evaluation)
    errors = html.xpath('//li[@class="error"]')
    assert len(errors) == len(list_errors(evaluation)) == 6
    alarm = html.xpath('//li[@data-kind="false alarm"]')[0]
    assert (alarm.get("data-label"), alarm.get("data-document")) == ("PERCENT", "made")
    assert words(alarm) == "false alarm PERCENT made, line 1 'after' OS was 50% after 1 mg in RIALTO"
    assert [words(mark) for mark in alarm.xpath(".//blockquote/mark")] == ["after"]


def test_another_rendition_has_errors_without_context_and_no_confusion_of_labels() -> None:
    text, _ = unmark(MARKED)
    evaluation = evaluate_mentions([Case(make_gold(MARKED), make_document(text), [])], aligned=True, resamples=20)
    html = page(evaluation)
    assert len(html.xpath('//li[@class="error"]')) == 4
    assert not html.xpath("//blockquote")
    assert "Labels" not in [words(head) for head in html.xpath('//*[@id="confusions"]//h3')]
    assert "in another rendition" in words(html)


def test_gains_and_losses_have_sign_and_word() -> None:
    evaluation = evaluation_of()
    baseline = baseline_of(evaluation)
    baseline["made"]["PERCENT"] = {"tp": 9, "fp": 0, "fn": 0}
    baseline["made"]["TRIAL"] = {"tp": 0, "fp": 0, "fn": 1}
    html = page(evaluation, baseline=baseline | {"gone": {}})
    rows = table(html, '//*[@id="baseline"]//table')
    assert ["made", "PERCENT", "9 / 0 / 0", "0 / 2 / 1", "1.000", "0.000", "▼ −1.0000 loss"] in rows
    assert ["made", "TRIAL", "0 / 0 / 1", "1 / 0 / 0", "0.000", "1.000", "▲ +1.0000 gain"] in rows
    told = words(html.xpath('//*[@id="baseline"]')[0])
    assert "▲ 1 gained, ▼ 1 lost" in told
    assert "made: PERCENT has 0 correct, 9 fewer than the baseline's 9" in told
    assert "not scored now: gone" in told


def test_no_baseline_and_no_errors_are_said() -> None:
    html = page(evaluation_of(MARKED, MARKED))
    assert "There is no baseline" in words(html)
    assert "None: all that was scored is as in the gold." in words(html)
    assert not html.xpath("//form")


def test_documents_that_are_not_at_hand_are_named() -> None:
    assert "Not at hand: lake2020, river2021." in words(
        page(replace(evaluation_of(), missing=("lake2020", "river2021")))
    )


def test_rows_alone_have_a_page() -> None:
    html = page(replace(with_rows(evaluation_of()), documents=(), rows=(), confusion=()))
    assert not html.xpath('//*[@id="confusions"]')
    assert html.xpath('//li[@data-label="OUTCOME row"]')


def test_text_and_names_are_never_markup() -> None:
    gold = f"[TRIAL:{EVIL}] {EVIL} [ENDPOINT:OS] {EVIL}"
    evaluation = evaluation_of(gold, f"{EVIL} [PERCENT:{EVIL}] [ENDPOINT:OS] {EVIL}", name=EVIL, code=EVIL)
    baseline = {EVIL: {EVIL: {"tp": 1, "fp": 0, "fn": 0}, "PERCENT": {"tp": 9, "fp": 0, "fn": 0}}, f"{EVIL}2": {}}
    html = page(replace(evaluation, missing=(EVIL,)), baseline=baseline)
    assert len(html.xpath("//script")) == 1
    assert not html.xpath("//@onload | //@style")
    assert len(html.xpath('//li[@class="error"]')) >= 3
    assert all(EVIL in words(error) for error in html.xpath('//li[@class="error"]'))


def test_the_page_needs_nothing_else_and_runs_only_its_own_script() -> None:
    html = page(evaluation_of(), baseline={})
    assert not html.xpath("//link[not(starts-with(@href, 'data:'))] | //*[@src] | //a[not(starts-with(@href, '#'))]")
    (policy,) = html.xpath("//meta[@http-equiv]/@content")
    (script,) = html.xpath("//script")
    digest = base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert not html.xpath("//@*[starts-with(name(), 'on')]")


def test_links_within_the_page_lead_somewhere() -> None:
    html = page(evaluation_of())
    assert {link[1:] for link in html.xpath("//a/@href")} <= set(html.xpath("//@id"))


def test_the_page_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one.html", "two.html"):
        write_evaluation(evaluation_of(), tmp_path / name, baseline={})
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="it is a folder"):
        write_evaluation(evaluation_of(), tmp_path)
