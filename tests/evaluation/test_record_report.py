"""Scores of rows in tables, JSON, Markdown and the baseline; their errors in lines."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from extract.assembly import Extraction
from extract.errors import GoldError
from extract.evaluation import (
    Evaluation,
    baseline_of,
    compare_baseline,
    evaluate_gold,
    evaluate_records,
    list_errors,
    print_evaluation,
    to_json,
)
from extract.evaluation.gold_records import GoldDosing, GoldOutcome, GoldRecords, GoldTrial
from extract.evaluation.record_scores import RecordCase
from extract.sinks.baseline import update_baseline
from extract.sinks.markdown import record_table

from .making import make_document, predicted_mention
from .making_records import evidence, gold_dosing, gold_outcome, outcome_case, same_dosing, same_outcome, same_trial

TEXT = "Survival was 91·5% with iron and 1,150 died.\nStroke hit 12%; iron 20 mg was given.\nNausea in 3 of 9, 4%.\n"


def evaluation_of(*cases: RecordCase) -> Evaluation:
    return Evaluation(documents=(), rows=(), records=evaluate_records(cases, resamples=20))


def case_with_errors() -> RecordCase:
    document = make_document(TEXT)
    outcomes = (
        gold_outcome(1, endpoint="SURVIVAL", endpoint_text="Survival", value="91.5", arm="iron", total="40"),
        gold_outcome(1, endpoint="DEATH", endpoint_text="died", statistic="count", n="1150", timepoint="P1Y"),
        gold_outcome(2, endpoint="STROKE", endpoint_text="Stroke", value="12"),
    )
    doses = (gold_dosing(2, agent="iron", value="20"),)
    trials = (GoldTrial(id="KESTREL", enrolled=40), GoldTrial(id="OSPREY", registry_ids=("NCT01234567",)))
    at = TEXT.index
    predicted = [
        same_outcome(document, outcomes[0], source_start=at("91·5%"), source_end=at("91·5%") + 5, arm=None, total=41),
        same_outcome(document, outcomes[2], source_start=at("12%"), source_end=at("12%") + 3, endpoint="MI"),
        same_outcome(
            document, gold_outcome(3, endpoint="OTHER", endpoint_text="Nausea", value="4", study="KESTREL"),
            source_start=at("4%"), source_end=at("4%") + 2,
        ),
    ]  # fmt: skip
    dose = same_dosing(document, doses[0], source_start=at("20 mg"), source_end=at("20 mg") + 5, agent="gold")
    return RecordCase(
        GoldRecords("made", outcomes, doses, trials),
        document,
        outcomes=predicted,
        dosing=[dose],
        trials=[same_trial(document, trials[0], enrolled=None), same_trial(document, GoldTrial(id="MERLIN"))],
    )


def shown(evaluation: Evaluation) -> str:
    file = StringIO()
    print_evaluation(evaluation, Console(width=200, file=file))
    return file.getvalue()


# -------------------------------------------------------------------------------------------------------------- errors


def test_each_error_is_one_line_with_place_kind_and_context() -> None:
    assert list_errors(evaluation_of(case_with_errors())) == [
        "made line 1: OUTCOME row field: SURVIVAL 'Survival' percent 91.5: arm 'iron' read as nothing; total 40 read as"
        " 41 | Survival was »91·5%« with iron and 1,150 died. Stroke hit 12%; iron 20 mg was gi",
        "made line 1: OUTCOME row miss: DEATH 'died' count n 1150 (timepoint 'P1Y')"
        " | Survival was 91·5% with iron and »1,150« died. Stroke hit 12%; iron 20 mg was given. Nausea in 3 of ",
        "made line 2: OUTCOME row core: STROKE 'Stroke' percent 12 read as MI 'Stroke' percent 12 | Survival was"
        " 91·5% with iron and 1,150 died. Stroke hit »12%«; iron 20 mg was given. Nausea in 3 of 9, 4%. ",
        "made line 3: OUTCOME row false alarm: OTHER 'Nausea' percent 4 (study 'KESTREL') by made"
        " | ed. Stroke hit 12%; iron 20 mg was given. Nausea in 3 of 9, »4%«. ",
        "made line 2: DOSING row field: iron 20 mg: agent 'iron' read as 'gold'"
        " | al was 91·5% with iron and 1,150 died. Stroke hit 12%; iron »20 mg« was given. Nausea in 3 of 9, 4%. ",
        "made: TRIAL row false alarm: 'MERLIN'",
        "made: TRIAL row field: 'KESTREL': enrolled 40 read as nothing",
        "made: TRIAL row miss: 'OSPREY' (registry_ids nct01234567)",
    ]


def test_a_missed_figure_that_is_not_printed_so_is_shown_at_its_name() -> None:
    document = make_document("Of these, twenty recovered.")
    gold = (gold_outcome(1, endpoint="OTHER", endpoint_text="recovered", statistic="count", n="20"),)
    (line,) = list_errors(evaluation_of(RecordCase(GoldRecords("made", outcomes=gold), document)))
    assert line.endswith("| Of these, twenty »recovered«.")


def test_errors_of_another_rendition_have_the_gold_line_only() -> None:
    errors = list_errors(evaluation_of(case_with_errors()._replace(aligned=[])))
    assert "made line 2: OUTCOME row miss: STROKE 'Stroke' percent 12" in errors
    assert "made: OUTCOME row false alarm: MI 'Stroke' percent 12 by made" in errors


def test_rows_that_agree_have_no_errors() -> None:
    assert list_errors(evaluation_of(outcome_case([gold_outcome(arm="placebo")], [{}]))) == []


# --------------------------------------------------------------------------------------------------- tables and JSON


def test_the_table_over_all_has_a_line_a_score_and_those_of_documents_one_a_row_score() -> None:
    text = shown(evaluation_of(case_with_errors()))
    both, one = text.split("made (records)")
    assert [line.split("│")[1].strip() for line in both.splitlines() if "OUTCOME" in line][:3] == [
        "OUTCOME core", "OUTCOME row", "OUTCOME timepoint",
    ]  # fmt: skip
    cells = [line.split("│")[1].strip() for line in one.splitlines() if "│" in line]
    assert [cell for cell in cells if cell] == [
        "OUTCOME core", "OUTCOME row", "DOSING core", "DOSING row", "TRIAL core",
    ]  # fmt: skip
    core = next(line for line in one.splitlines() if "OUTCOME core" in line)
    assert "33.3" in core
    assert "arm 0.0 · total 0.0" in core
    assert "versus" not in core  # nobody fills it


def test_json_holds_every_score_of_all_and_of_each_document() -> None:
    report = to_json(evaluation_of(case_with_errors()))
    json.dumps(report)
    core = report["records"]["OUTCOME"]["core"]
    assert (core["tp"], core["fp"], core["fn"], core["f1"]) == (1, 2, 2, 0.3333)
    assert core["interval_95"].keys() == {"precision", "recall", "f1"}
    assert report["records"]["OUTCOME"]["fields"]["versus"]["f1"] is None
    assert report["records"]["DOSING"]["fields"]["agent"]["f1"] == 0.0
    assert report["documents"]["made"]["records"]["TRIAL"]["core"]["recall"] == 0.5
    assert "row" not in report["records"]["TRIAL"]


def test_markdown_has_a_line_a_row_score() -> None:
    evaluation = evaluation_of(case_with_errors())
    lines = record_table(evaluation, document_id="made").splitlines()
    assert [line.split("|")[1].strip() for line in lines[2:]] == [
        "OUTCOME core", "OUTCOME row", "DOSING core", "DOSING row", "TRIAL core",
    ]  # fmt: skip
    assert lines[2].startswith("| OUTCOME core | 3 | 0.333 | 0.333 | 0.333")
    assert record_table(evaluation).count("\n") == record_table(evaluation, document_id="made").count("\n")


# ---------------------------------------------------------------------------------------------------------- baseline


def outcomes(right: int, *, wrong: int = 0, arms: int = 0, of: int = 10) -> Evaluation:
    """Gold rows of which so many are found, with so many false alarms and right arms."""
    gold = [gold_outcome(2 * n + 1, arm="placebo") for n in range(of)]
    changes: list[dict[str, Any] | None] = [{} if n < arms else {"arm": None} for n in range(right)]
    changes += [{"value": "7"} for _ in range(wrong)]
    return evaluation_of(outcome_case(gold, changes + [None] * (of - len(changes))))


def test_the_baseline_holds_counts_of_every_score() -> None:
    baseline = baseline_of(outcomes(7, wrong=1, arms=4))["made"]
    assert baseline["OUTCOME core"] == {"tp": 7, "fp": 1, "fn": 3}
    assert baseline["OUTCOME arm"] == {"tp": 4, "fp": 0, "fn": 3}


def test_a_core_score_that_fell_by_more_than_two_rows_is_told() -> None:
    baseline = baseline_of(outcomes(9))
    assert compare_baseline(outcomes(7), baseline) == []
    losses = compare_baseline(outcomes(5), baseline)
    assert losses[0] == "made: OUTCOME core has F1 0.667, the baseline 0.947"


def test_false_alarms_are_losses_of_records_as_well() -> None:
    baseline = baseline_of(outcomes(50, of=100))
    assert compare_baseline(outcomes(50, wrong=4, of=100), baseline) == []
    assert compare_baseline(outcomes(50, wrong=10, of=100), baseline) == [
        "made: OUTCOME core has F1 0.625, the baseline 0.667"
    ]


def test_a_field_that_lost_more_than_two_right_ones_is_told() -> None:
    baseline = baseline_of(outcomes(9, arms=8))
    losses = compare_baseline(outcomes(9, arms=5), baseline)
    assert "made: OUTCOME arm has 5 correct, 3 fewer than the baseline's 8" in losses


def test_better_records_with_some_poor_fields_are_no_loss() -> None:
    assert compare_baseline(outcomes(10, arms=4), baseline_of(outcomes(4, arms=4))) == []


def test_scores_that_were_not_measured_are_not_compared_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text('{"made": {"DOSE": {"tp": 4, "fp": 0, "fn": 0}}}', encoding="utf-8")
    update_baseline(path, outcomes(9))
    baseline = json.loads(path.read_text(encoding="utf-8"))
    assert baseline["made"]["DOSE"]["tp"] == 4
    assert baseline["made"]["OUTCOME core"]["tp"] == 9
    assert compare_baseline(outcomes(9), baseline) == []


# ------------------------------------------------------------------------------------------------------ from a folder


def write_project(root: Path, *, line: int = 1) -> tuple[Path, Path]:
    """Gold of one percentage and the row made of it, and their file."""
    folder, corpus = root / "gold" / "made", root / "corpus"
    folder.mkdir(parents=True)
    mention = {"start": 7, "end": 9, "line": 1, "label": "PERCENT", "text": "5%", "role": "value", "value": 5}
    (folder / "mentions.jsonl").write_text(json.dumps(mention), encoding="utf-8")
    for table, model, cells in (
        ("outcomes", GoldOutcome, [str(line), "OS", "OS", "percent", "5"]),
        ("dosing", GoldDosing, []),
        ("trials", GoldTrial, []),
    ):
        columns = list(model.model_fields)
        rows = [columns, cells + [""] * (len(columns) - len(cells))] if cells else [columns]
        (folder / f"{table}.csv").write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    corpus.mkdir()
    (corpus / "made.txt").write_text("OS was 5% here", encoding="utf-8")
    return root / "gold", corpus


def read_and_link(path: Path) -> Extraction:
    text = path.read_text(encoding="utf-8")
    document = make_document(text, document_id=path.stem)
    start = text.index("5%")
    found = predicted_mention(text, "PERCENT", start, start + 2, document_id=path.stem, value=5)
    row = same_outcome(document, gold_outcome(value="5"), source_start=start, source_end=start + 2)
    return Extraction(document, (found,), outcomes=(row,), evidence=(evidence(row.record_id, "value", start),))


def place(tmp_path: Path) -> tuple[Path, list[Path]]:
    gold, corpus = write_project(tmp_path)
    return gold, [corpus]


def test_records_are_evaluated_beside_the_mentions(tmp_path: Path) -> None:
    evaluation = evaluate_gold(*place(tmp_path), read_and_link)
    assert evaluation.records is not None
    assert evaluation.records.scores[0].score.f1 == 1.0
    assert evaluation.rows[-1].strict.f1 == 1.0
    assert evaluation.document_ids == ("made",)


def test_either_can_be_scored_alone(tmp_path: Path) -> None:
    gold, corpora = place(tmp_path)
    assert evaluate_gold(gold, corpora, read_and_link, only="mentions").records is None
    records = evaluate_gold(gold, corpora, read_and_link, only="records")
    assert records.rows == ()
    assert records.records is not None
    assert "labels" not in to_json(records)["documents"]["made"]


def test_gold_without_rows_has_no_scores_of_records(tmp_path: Path) -> None:
    gold, corpora = place(tmp_path)
    for table in ("outcomes", "dosing", "trials"):
        (gold / "made" / f"{table}.csv").unlink()
    evaluation = evaluate_gold(gold, corpora, read_and_link)
    assert evaluation.records is None
    assert to_json(evaluation)["records"] == {}


def test_rows_of_another_rendition_match_through_their_mention(tmp_path: Path) -> None:
    gold, corpus = write_project(tmp_path)
    (corpus / "made.txt").write_text("\n\n\nIn another file OS was 5% too", encoding="utf-8")
    evaluation = evaluate_gold(gold, [corpus], read_and_link, aligned=True)
    assert evaluation.records is not None
    assert evaluation.records.scores[0].score.f1 == 1.0


def test_rows_beyond_the_file_are_refused(tmp_path: Path) -> None:
    gold, corpus = write_project(tmp_path, line=2)
    with pytest.raises(GoldError, match=r"made/outcomes\.csv: line 2 of a file with 1 lines"):
        evaluate_gold(gold, [corpus], read_and_link)
