"""What a peer finds counts as which of our labels, and how it is scored; no peer needs to be installed."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from extract.evaluation.matching import Span
from extract.readers import parse_text

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def peers() -> Iterator[ModuleType]:
    """benchmarks/peers.py as a module."""
    if not BENCHMARKS.is_dir():
        pytest.skip("the benchmarks are not part of the source package")
    sys.path.insert(0, str(BENCHMARKS))
    try:
        yield importlib.import_module("peers")
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.mark.parametrize("unit", ["%", "percent", "Percentage"])
def test_percent_units_are_percent(peers: ModuleType, unit: str) -> None:
    assert peers.worker.unit_label(unit) == "PERCENT"


@pytest.mark.parametrize(
    "unit",
    ["Milligram", "mg", "μg per m2", "milligram per square metre per day", "gram per kilogram", "gray", "cGy", "IU"],
)
def test_amounts_of_drugs_and_radiation_are_doses(peers: ModuleType, unit: str) -> None:
    assert peers.worker.unit_label(unit) == "DOSE"


@pytest.mark.parametrize(
    "unit",
    ["kilogram", "kg", "litre", "ml per minute", "mg per dl", "milligram per cubic centimetre", "month", "None", ""],
)
def test_weights_volumes_concentrations_and_times_count_for_nothing(peers: ModuleType, unit: str) -> None:
    assert peers.worker.unit_label(unit) is None


def test_a_peers_span_loses_comparison_signs_and_blanks(peers: ModuleType) -> None:
    text = "in ≥ 40 % of"
    start, end = peers.worker.trimmed(text, 3, 10)
    assert text[start:end] == "40 %"


def test_what_stands_in_a_line_gets_its_place_in_the_text_and_counts_once(peers: ModuleType) -> None:
    def find(line: str) -> list[tuple[int, int, str | None]]:
        at = line.index("7")
        return [(at, at + 2, "PERCENT"), (at, at + 2, "PERCENT"), (0, 1, None)]

    assert peers.worker.by_line("a 7%\n\nbb 7%\n", find) == [(2, 4, "PERCENT"), (9, 11, "PERCENT")]


def test_patterns_that_check_an_id_find_it_in_a_text(peers: ModuleType) -> None:
    pattern = peers.worker.id_pattern([r"^NCT\d{8}$", r"^UMIN\d+$|^C\d+$", r"^\d{4}\-\d{6}\-\d{2}$", r"^\d+-\d+$"])
    text = "(NCT09990001), UMIN000099999; 2099-123456-78 but not C17, 12-14, NCT099900012 or XNCT09990001."
    assert pattern.findall(text) == ["NCT09990001", "UMIN000099999", "2099-123456-78"]


def test_a_peers_places_lead_to_the_file_and_only_where_the_gold_marks_something(peers: ModuleType) -> None:
    source = "# Title 5%\n\n## Results\n\nSurvival was **63%** then.\n\n## References\n\n1. Doe J. Fall of 8%. 2020.\n"
    document = parse_text(source, document_id="made-up")
    places = [document.text.index(words) for words in ("63%", "8%")]
    found = [(places[0], places[0] + 3, "PERCENT"), (places[1], places[1] + 2, "PERCENT")]
    assert [source[span.start : span.end] for span in peers.led_back(document, found)] == ["63%"]


def test_a_span_without_its_sign_counts_as_overlap_only(peers: ModuleType) -> None:
    gold = {"a": [Span(0, 3, "PERCENT"), Span(10, 13, "PERCENT"), Span(20, 25, "DOSE")]}
    found = {"a": [Span(0, 2, "PERCENT"), Span(10, 13, "PERCENT"), Span(30, 33, "PERCENT")]}
    score = peers.scores(gold, found, "PERCENT")
    assert (score["gold"], score["marked"]) == (2, 3)
    assert score["exact"] == {"precision": pytest.approx(1 / 3), "recall": 0.5, "f1": pytest.approx(0.4)}
    assert score["overlap"] == {"precision": pytest.approx(2 / 3), "recall": 1.0, "f1": pytest.approx(0.8)}


def test_a_score_without_anything_to_count_is_none(peers: ModuleType) -> None:
    assert peers.rates(0, marked=0, wanted=0) == {"precision": None, "recall": None, "f1": None}


def test_every_cell_in_which_a_peer_is_ahead_is_said(peers: ModuleType) -> None:
    def row(name: str, times: float, right: int) -> dict[str, object]:
        score = {way: peers.rates(right, marked=10, wanted=10) for way in ("exact", "overlap")}
        return {"peer": name, "name": name, "error": None, "times": times, "labels": {"DOSE": score}}

    assert peers.ahead([row("extract", 2.0, 9), row("slow", 3.0, 9)]) == []
    said = peers.ahead([row("extract", 2.0, 9), row("better", 1.0, 10)])
    assert said[0] == "better takes less time: 1.00, extract 2.00"
    assert "better: DOSE exact recall 1.000, we 0.900" in said


def test_time_is_compared_with_what_finds_the_same_labels(peers: ModuleType) -> None:
    def row(name: str, times: float, *labels: str) -> dict[str, object]:
        score = {way: peers.rates(9, marked=10, wanted=10) for way in ("exact", "overlap")}
        return {"peer": name, "name": name, "error": None, "times": times, "labels": dict.fromkeys(labels, score)}

    ours, alone = row("extract", 3.0, "TRIAL", "DOSE", "PERCENT"), row("extract-quantities", 1.0, "PERCENT", "DOSE")
    assert peers.ahead([ours, alone, row("other", 2.0, "PERCENT", "DOSE")]) == []
    assert peers.ahead([ours, alone, row("time only", 2.0)]) == ["time only takes less time: 2.00, extract 3.00"]


def test_the_tables_take_the_place_of_those_on_the_page(
    peers: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "peers.md"
    page.write_text("Before\n\n<!-- made by: python benchmarks/peers.py --write -->\nstale\n<!-- end -->\n\nAfter\n")
    monkeypatch.setattr(peers, "PAGE", page)
    score = {way: peers.rates(9, marked=10, wanted=12) for way in ("exact", "overlap")}
    ours: dict[str, object] = {
        "peer": "extract",
        "name": "extract",
        "version": "1.0",
        "error": None,
        "times": 2.0,
        "seconds": 0.5,
    }
    ours |= {"unit": 0.25, "start": 1.0, "spans": 10, "labels": {"DOSE": {"gold": 12, "marked": 10, **score}}}
    other = {"peer": "other", "name": "other", "error": "not installed (--make)"}
    peers.write([{"texts": ["a", "b"], "characters": 1234, "rows": [ours, other]}])
    text = page.read_text()
    assert "### a, b: 1,234 characters\n" in text
    assert "| extract 1.0 | 2.00 | 0.500 | 0.250 | 1.00 | 10 |\n" in text
    assert "| DOSE | extract | 12 | 10 | 0.900 | 0.750 | 0.818 | 0.900 | 0.750 | 0.818 |\n" in text
    assert "- Left out: other: not installed (--make)\n- No peer is ahead in any cell.\n" in text
    assert (text[:7], text[-7:], "stale" in text) == ("Before\n", "\nAfter\n", False)


def test_a_peer_without_its_environment_is_left_out_and_said(peers: ModuleType, tmp_path: Path) -> None:
    run = peers.started("quantulum3", tmp_path, {"a": "5%"})
    peers.measure([run], 1)
    assert run.error == "not installed (--make)"


def test_a_peer_that_ends_early_is_left_out_with_its_last_words(
    peers: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "interpreter", lambda *_: Path(sys.executable))
    run = peers.started("quantulum3", tmp_path, {"a": "5%"})
    peers.measure([run], 1)
    assert run.error == "ModuleNotFoundError: No module named 'quantulum3'"


def test_the_worker_answers_in_json_lines(peers: ModuleType) -> None:
    lines = json.dumps({"a": "# A review\n\n## Results\n\nSurvival was 63%."}) + "\nround\nfound\n"
    done = subprocess.run(
        [sys.executable, peers.worker.__file__, "extract"], input=lines, capture_output=True, text=True, check=True
    )
    loaded, timed, found = map(json.loads, done.stdout.splitlines())
    assert set(loaded) == {"version", "start"}
    assert set(timed) == {"unit", "seconds"}
    assert [37, 40, "PERCENT"] in found["found"]["a"]
