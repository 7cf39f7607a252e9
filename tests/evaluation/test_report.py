"""Tables, lines of errors, JSON and the baseline."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import extract.evaluation
from extract.assembly import Extraction
from extract.errors import GoldError
from extract.evaluation import (
    Evaluation,
    baseline_of,
    compare_baseline,
    evaluate_gold,
    evaluate_mentions,
    list_errors,
    print_evaluation,
    to_json,
)

from .making import make_document, make_predicted, predicted_mention, unmark
from .test_scores import make_case

GOLD = "First line.\n[ENDPOINT:OS] was [PERCENT:50%] after [DOSE:1 mg] in [TRIAL:RIALTO trial], [PERCENT:7%]"
PREDICTED = "First [TRIAL:line].\n[ENDPOINT:OS] was 50% after [PERCENT:1 mg] in [TRIAL:RIALTO] trial, [PERCENT:7%]"


def evaluation_with_errors() -> Evaluation:
    case = make_case(GOLD, PREDICTED)
    predicted = [m.model_copy(update={"role": "level"} if m.quote == "7%" else {}) for m in case.predicted]
    return evaluate_mentions([case._replace(predicted=predicted)])


def shown(evaluation: Evaluation) -> str:
    file = StringIO()
    print_evaluation(evaluation, Console(width=160, file=file))
    return file.getvalue()


def test_each_error_is_one_line_with_place_kind_and_context() -> None:
    around = {
        "line": "First »line«. OS was 50% after 1 mg in RIALTO trial, 7%",
        "50%": "First line. OS was »50%« after 1 mg in RIALTO trial, 7%",
        "1 mg": "First line. OS was 50% after »1 mg« in RIALTO trial, 7%",
        "RIALTO": "First line. OS was 50% after 1 mg in »RIALTO trial«, 7%",
        "7%": "First line. OS was 50% after 1 mg in RIALTO trial, »7%«",
    }
    assert list_errors(evaluation_with_errors()) == [
        f"made line 1: TRIAL false alarm: 'line' | {around['line']}",
        f"made line 2: PERCENT miss: '50%' | {around['50%']}",
        f"made line 2: DOSE label: '1 mg' read as PERCENT '1 mg' | {around['1 mg']}",
        f"made line 2: TRIAL boundary: 'RIALTO trial' read as 'RIALTO' | {around['RIALTO']}",
        f"made line 2: PERCENT attribute: '7%' role value read as level | {around['7%']}",
    ]


def test_context_ends_after_sixty_characters() -> None:
    (line,) = list_errors(
        evaluate_mentions([make_case(f"{'a' * 80} [PERCENT:5%] {'b' * 80}", f"{'a' * 80} 5% {'b' * 80}")])
    )
    assert line.endswith(f"| {'a' * 59} »5%« {'b' * 59}")


def test_errors_of_another_rendition_have_the_gold_line_only() -> None:
    errors = list_errors(evaluate_mentions([make_case(GOLD, PREDICTED)], aligned=True))
    assert "made line 2: PERCENT miss: '50%'" in errors
    assert any(line.startswith("made: TRIAL false alarm: 'line' | First »line«") for line in errors)


def test_a_perfect_run_has_no_errors() -> None:
    assert list_errors(evaluate_mentions([make_case(GOLD, GOLD)])) == []


def test_the_table_shows_a_row_a_label_and_what_is_undefined() -> None:
    text = shown(evaluation_with_errors())
    endpoint = next(line for line in text.splitlines() if "ENDPOINT" in line)
    assert endpoint.count("100.0") == 6  # P, R, F1, overlap, type, code
    registry = next(line for line in text.splitlines() if "REGISTRY_ID" in line)
    assert registry.count("–") == 5
    assert "role 0.0" in text
    assert "1 × gold DOSE predicted as PERCENT" in text


def test_the_table_of_another_rendition_has_no_loose_scores() -> None:
    text = shown(evaluate_mentions([make_case(GOLD, GOLD)], aligned=True, missing=["far [away]"]))
    assert "overlap" not in text
    assert "not at hand: far [away]" in text


def test_json_has_one_order_and_no_undefined_zeros() -> None:
    evaluation = evaluation_with_errors()
    report = to_json(evaluation)
    assert json.dumps(report) == json.dumps(to_json(evaluation_with_errors()))
    assert list(report) == ["aligned", "missing", "labels", "records", "documents", "confusion"]
    assert list(report["labels"]) == ["TRIAL", "REGISTRY_ID", "DOSE", "PERCENT", "ENDPOINT", "ALL"]
    assert report["labels"]["REGISTRY_ID"]["strict"]["f1"] is None
    assert report["labels"]["PERCENT"]["strict"] == {
        "tp": 1, "fp": 1, "fn": 1, "precision": 0.5, "recall": 0.5, "f1": 0.5,
    }  # fmt: skip
    assert report["documents"]["made"]["labels"]["PERCENT"]["attributes"]["role"] == {
        "correct": 0, "total": 1, "share": 0.0,
    }  # fmt: skip


def percents(found: int, *, document_id: str) -> Evaluation:
    marks = ["[PERCENT:1%]"] * 10
    guesses = marks[:found] + ["1%"] * (10 - found)
    return evaluate_mentions([make_case(" ".join(marks), " ".join(guesses), document_id=document_id)])


def test_the_baseline_holds_counts_of_each_document_and_label() -> None:
    baseline = baseline_of(percents(7, document_id="a"))
    assert baseline["a"]["PERCENT"] == {"tp": 7, "fp": 0, "fn": 3}
    assert list(baseline["a"]) == ["TRIAL", "REGISTRY_ID", "DOSE", "PERCENT", "ENDPOINT"]


def test_losing_more_than_two_correct_mentions_is_told() -> None:
    baseline = baseline_of(percents(9, document_id="a"))
    assert compare_baseline(percents(10, document_id="a"), baseline) == []
    assert compare_baseline(percents(7, document_id="a"), baseline) == []
    assert compare_baseline(percents(6, document_id="a"), baseline) == [
        "a: PERCENT has 6 correct, 3 fewer than the baseline's 9"
    ]


def test_documents_can_be_compared_as_a_group() -> None:
    baseline = baseline_of(percents(9, document_id="a")) | baseline_of(percents(9, document_id="b"))
    now = [percents(7, document_id=document_id).documents[0] for document_id in ("a", "b")]
    evaluation = Evaluation(documents=tuple(now), rows=())
    assert compare_baseline(evaluation, baseline) == []
    groups = {"reviews": ["a", "b", "elsewhere"]}
    assert compare_baseline(evaluation, baseline, groups=groups) == [
        "reviews: PERCENT has 14 correct, 4 fewer than the baseline's 18"
    ]


def test_documents_that_are_not_at_hand_are_not_compared() -> None:
    assert compare_baseline(percents(1, document_id="a"), baseline_of(percents(9, document_id="b"))) == []


def write_project(root: Path, *, document_id: str = "made") -> tuple[Path, Path]:
    """Gold of one percentage, and its file."""
    folder, corpus = root / "gold" / document_id, root / "corpus"
    folder.mkdir(parents=True)
    mention = {"start": 4, "end": 6, "line": 1, "label": "PERCENT", "text": "5%", "role": "value", "value": 1}
    (folder / "mentions.jsonl").write_text(json.dumps(mention), encoding="utf-8")
    (corpus / "samples").mkdir(parents=True)
    (corpus / "samples" / f"{document_id}.md").write_text("was 5% here", encoding="utf-8")
    return root / "gold", corpus


def read_and_find(path: Path) -> Extraction:
    text = path.read_text(encoding="utf-8")
    start = text.index("5%")
    found = predicted_mention(text, "PERCENT", start, start + 2, document_id=path.stem)
    return Extraction(make_document(text, document_id=path.stem), (found,))


def test_gold_is_evaluated_from_its_folder(tmp_path: Path) -> None:
    gold, corpus = write_project(tmp_path)
    evaluation = evaluate_gold(gold, [corpus], read_and_find)
    assert evaluation.rows[-1].strict.f1 == 1.0
    assert evaluation.missing == ()


def test_a_document_not_at_hand_is_named_or_refused(tmp_path: Path) -> None:
    gold, corpus = write_project(tmp_path)
    (corpus / "samples" / "made.md").unlink()
    assert evaluate_gold(gold, [corpus], read_and_find).missing == ("made",)
    with pytest.raises(GoldError, match="made: no file in "):
        evaluate_gold(gold, [corpus], read_and_find, documents=["made"])


def test_gold_that_does_not_fit_its_file_is_refused(tmp_path: Path) -> None:
    gold, corpus = write_project(tmp_path)
    (corpus / "samples" / "made.md").write_text("it was 5% here", encoding="utf-8")
    with pytest.raises(GoldError, match="made line 1 char 4"):
        evaluate_gold(gold, [corpus], read_and_find)


def test_another_rendition_need_not_fit_the_offsets(tmp_path: Path) -> None:
    gold, corpus = write_project(tmp_path)
    (corpus / "jats").mkdir()
    (corpus / "jats" / "made.nxml").write_text("In another file it was 5% too", encoding="utf-8")
    assert evaluate_gold(gold, [corpus], read_and_find, aligned=True).rows[-1].strict.f1 == 1.0
    missing = evaluate_gold(gold, [corpus], read_and_find, aligned=True, suffixes=(".pdf",)).missing
    assert missing == ("made",)


def test_marking_helper() -> None:
    assert unmark("a [DOSE:1 mg] b") == ("a 1 mg b", [("DOSE", 2, 6)])
    assert make_predicted("a [DOSE:1 mg] b")[0].quote == "1 mg"


def test_public_names_are_sorted_and_exist() -> None:
    names = extract.evaluation.__all__
    assert names == sorted(names)
    assert all(hasattr(extract.evaluation, name) for name in names)
