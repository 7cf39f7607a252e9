"""Scores of rows: cores, whole rows and fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.evaluation import find_source, gold_documents, load_gold_records
from extract.evaluation.gold_records import GoldOutcome, GoldRecords, GoldTrial
from extract.evaluation.record_scores import RecordCase, evaluate_records, wrong_fields
from extract.readers import read

from .making import gold_mention, predicted_mention
from .making_records import (
    counts,
    evidence,
    gold_dosing,
    gold_outcome,
    lined_document,
    outcome_case,
    same_case,
    same_dosing,
    same_outcome,
    same_trial,
    score,
)
from .test_gold import CORPORA, GOLD

ROWS = st.lists(
    st.builds(
        gold_outcome,
        st.integers(1, 6),
        endpoint=st.sampled_from(["OS", "EFS", "OTHER"]),
        endpoint_text=st.sampled_from(["survival", "overall survival", "event-free survival", "weight"]),
        value=st.sampled_from(["50", "50.0", "60"]),
        timepoint=st.sampled_from([None, "P1Y", "P12M", "P2Y"]),
        arm=st.sampled_from([None, "placebo", "placebo group", "bisoprolol"]),
        study=st.sampled_from([None, "KESTREL-2", "ref:5"]),
        total=st.sampled_from([None, "40"]),
    ),
    min_size=1,
    max_size=12,
)


def all_scores(case: RecordCase, *, resamples: int = 1) -> dict[str, tuple[int, int, int]]:
    scores = evaluate_records([case], resamples=resamples).scores
    return {item.title: (item.score.tp, item.score.fp, item.score.fn) for item in scores}


# ----------------------------------------------------------------------------------------------- the gold as predicted


@pytest.mark.parametrize("document_id", gold_documents(GOLD))
def test_the_gold_itself_scores_one_everywhere(document_id: str) -> None:
    case = same_case(load_gold_records(GOLD, document_id))
    for item in evaluate_records([case], resamples=10).scores:
        assert (item.score.fp, item.score.fn) == (0, 0), item.title
        assert item.score.f1 in (1.0, None), item.title
    found = {title: tp for title, (tp, _, _) in all_scores(case).items() if title.endswith("core")}
    tables = {"OUTCOME core": case.gold.outcomes, "DOSING core": case.gold.dosing, "TRIAL core": case.gold.trials}
    assert found == {title: len(rows) for title, rows in tables.items() if rows is not None}


@pytest.mark.parametrize("document_id", gold_documents(GOLD))
def test_the_gold_itself_scores_one_in_its_own_text(document_id: str) -> None:
    path = find_source(document_id, CORPORA)
    if path is None:
        pytest.skip("text not at hand")
    case = same_case(load_gold_records(GOLD, document_id), read(path))
    assert all(item.score.fp == item.score.fn == 0 for item in evaluate_records([case], resamples=10).scores)


@given(ROWS)
def test_rows_that_agree_score_one_in_every_order(gold: list[GoldOutcome]) -> None:
    document = lined_document(6)
    predicted = [same_outcome(document, row, number=number) for number, row in enumerate(gold)]
    case = RecordCase(GoldRecords("made", outcomes=tuple(gold)), document, outcomes=predicted)
    assert all_scores(case)["OUTCOME core"] == (len(gold), 0, 0)


# --------------------------------------------------------------------------------------------------------- properties


def perfect(gold: Sequence[GoldOutcome]) -> tuple[RecordCase, list[Any]]:
    document = lined_document(6)
    predicted = [same_outcome(document, row, number=number) for number, row in enumerate(gold)]
    return RecordCase(GoldRecords("made", outcomes=tuple(gold)), document, outcomes=predicted), predicted


@given(ROWS, st.data())
def test_a_dropped_row_costs_recall_only(gold: list[GoldOutcome], data: st.DataObject) -> None:
    case, predicted = perfect(gold)
    dropped = data.draw(st.integers(0, len(gold) - 1))
    fewer = case._replace(outcomes=predicted[:dropped] + predicted[dropped + 1 :])
    found = score(evaluate_records([fewer], resamples=1), "OUTCOME core").score
    assert (found.tp, found.fp, found.fn) == (len(gold) - 1, 0, 1)
    assert found.precision in (1.0, None)
    assert found.recall == (len(gold) - 1) / len(gold)


@given(ROWS, st.data())
def test_an_invented_row_costs_precision_only(gold: list[GoldOutcome], data: st.DataObject) -> None:
    case, predicted = perfect(gold)
    copied = data.draw(st.sampled_from(predicted))
    invented = copied.model_copy(update={"statistic": "odds_ratio"})
    more = case._replace(outcomes=[*predicted, invented])
    assert all_scores(more)["OUTCOME core"] == (len(gold), 1, 0)
    assert all_scores(more)["OUTCOME row"][2] == all_scores(case)["OUTCOME row"][2]


@settings(deadline=None)
@given(ROWS, ROWS, st.data())
def test_the_order_of_the_predictions_changes_nothing(
    gold: list[GoldOutcome], others: list[GoldOutcome], data: st.DataObject
) -> None:
    document = lined_document(6)
    predicted = [same_outcome(document, row, number=number) for number, row in enumerate(others)]
    case = RecordCase(GoldRecords("made", outcomes=tuple(gold)), document, outcomes=predicted)
    shuffled = case._replace(outcomes=data.draw(st.permutations(predicted)))
    assert evaluate_records([shuffled], resamples=5).scores == evaluate_records([case], resamples=5).scores


@given(ROWS, ROWS)
def test_counts_add_up(gold: list[GoldOutcome], others: list[GoldOutcome]) -> None:
    document = lined_document(6)
    predicted = [same_outcome(document, row, number=number) for number, row in enumerate(others)]
    case = RecordCase(GoldRecords("made", outcomes=tuple(gold)), document, outcomes=predicted)
    scores = all_scores(case)
    for name in ("core", "row"):
        tp, fp, fn = scores[f"OUTCOME {name}"]
        assert (tp + fn, tp + fp) == (len(gold), len(others))
    assert scores["OUTCOME row"][0] <= scores["OUTCOME core"][0]


# ------------------------------------------------------------------------------------------------------ rows and fields


def test_a_field_is_scored_on_matched_rows_by_what_is_filled() -> None:
    gold = [
        gold_outcome(1, arm="placebo"),  # right
        gold_outcome(3, arm="placebo"),  # wrong
        gold_outcome(5, arm="placebo"),  # left empty
        gold_outcome(7),  # filled where the gold is empty
        gold_outcome(9),  # empty on both sides: earns nothing
        gold_outcome(11, arm="placebo"),  # no core match: does not count
    ]
    changes = [{}, {"arm": "bisoprolol"}, {"arm": None}, {"arm": "placebo"}, {}, {"value": "7"}]
    case = outcome_case(gold, changes)
    assert counts(case, "OUTCOME arm") == (1, 2, 2)
    assert counts(case, "OUTCOME core") == (5, 1, 1)
    assert counts(case, "OUTCOME row") == (2, 4, 4)


@pytest.mark.parametrize(
    ("gold", "change"),
    [
        ({"timepoint": "P1Y"}, {"timepoint": "P2Y"}),
        ({"arm": "placebo"}, {"arm": None}),
        ({"versus": "placebo"}, {"versus": "bisoprolol"}),
        ({"study": "KESTREL"}, {"study": "ref:5"}),
        ({"total": "40"}, {"total": 41}),
        ({"n": "20"}, {"n": None}),
        ({"ci_low": "40", "ci_high": "60"}, {"ci_low": "41"}),
        ({"se": "5"}, {"se": None, "dispersion": "5"}),
        ({}, {"dispersion": "5", "dispersion_kind": "unknown"}),
        ({"p": "0.05", "p_op": "<"}, {"p": "0.5"}),
    ],
)
def test_the_whole_row_fails_with_any_of_its_fields(gold: dict[str, str], change: dict[str, Any]) -> None:
    assert counts(outcome_case([gold_outcome(**gold)], [{}]), "OUTCOME row") == (1, 0, 0)
    case = outcome_case([gold_outcome(**gold)], [change])
    assert counts(case, "OUTCOME core") == (1, 0, 0)
    assert counts(case, "OUTCOME row") == (0, 1, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint_text": "something else"}, {"refs": (9,)}, {"grade": "grade 3"}, {"bound": "<"}, {"unit": None},
        {"ci_level": "90"}, {"note": "doubtful"}, {"timepoint": "P12M"},
    ],
)  # fmt: skip
def test_the_whole_row_does_not_ask_for_the_other_columns(change: dict[str, Any]) -> None:
    case = outcome_case([gold_outcome(timepoint="P1Y", unit="%")], [change])
    assert counts(case, "OUTCOME row") == (1, 0, 0)


def test_the_n_of_a_count_is_its_figure_and_no_field() -> None:
    case = outcome_case([gold_outcome(statistic="count", n="9", total="13"), gold_outcome(3, n="5")], [{}, {}])
    assert counts(case, "OUTCOME n") == (1, 0, 0)
    assert counts(case, "OUTCOME total") == (1, 0, 0)


def test_a_dose_is_wholly_right_with_its_agent() -> None:
    gold = (gold_dosing(1, schedule="once daily"), gold_dosing(3, route="iv"))
    document = lined_document(4)
    predicted = [same_dosing(document, gold[0]), same_dosing(document, gold[1], agent="melphalan", route=None)]
    case = RecordCase(GoldRecords("made", dosing=gold), document, dosing=predicted)
    scores = all_scores(case)
    assert scores["DOSING core"] == (2, 0, 0)
    assert scores["DOSING row"] == (1, 1, 1)
    assert scores["DOSING agent"] == (1, 1, 1)
    assert scores["DOSING schedule"] == (1, 0, 0)
    assert scores["DOSING route"] == (0, 0, 1)
    assert wrong_fields("DOSING", gold[1], predicted[1]) == ["agent", "route"]


def test_trials_have_fields_but_no_whole_row() -> None:
    gold = (GoldTrial(id="KESTREL", enrolled=40), GoldTrial(id="OSPREY"))
    document = lined_document(1)
    case = RecordCase(GoldRecords("made", trials=gold), document, trials=[same_trial(document, gold[0], phase="II")])
    scores = all_scores(case)
    assert scores["TRIAL core"] == (1, 0, 1)
    assert scores["TRIAL enrolled"] == (1, 0, 0)
    assert scores["TRIAL phase"] == (0, 1, 0)
    assert "TRIAL row" not in scores


# ------------------------------------------------------------------------------------------- documents and renditions


def test_scores_are_summed_over_documents() -> None:
    first = outcome_case([gold_outcome(1), gold_outcome(3)], [{}, None])
    second = outcome_case([gold_outcome(1)], [{"arm": "placebo"}])
    evaluation = evaluate_records([first, second], resamples=10)
    assert score(evaluation, "OUTCOME core").score.recall == 2 / 3
    assert score(evaluation, "OUTCOME row").score.recall == 1 / 3
    assert [document.scores[0].score.recall for document in evaluation.documents] == [0.5, 1.0]


def test_a_table_that_nobody_annotated_is_not_scored() -> None:
    document = lined_document(1)
    case = RecordCase(GoldRecords("made", trials=()), document, outcomes=[same_outcome(document, gold_outcome())])
    assert {item.table for item in evaluate_records([case]).scores} == {"TRIAL"}
    assert evaluate_records([case._replace(gold=GoldRecords("made"))]).scores == ()


def test_undefined_scores_are_none() -> None:
    evaluation = evaluate_records([outcome_case([gold_outcome()], [None])])
    assert score(evaluation, "OUTCOME core").score.precision is None
    assert score(evaluation, "OUTCOME core").score.f1 == 0.0
    assert score(evaluation, "OUTCOME arm").score.f1 is None


def test_intervals_resample_blocks_of_text() -> None:
    gold = [gold_outcome(line, value=str(value)) for line in range(1, 40, 2) for value in range(5)]
    changes: list[dict[str, Any] | None] = [{} if row.line % 4 == 1 else None for row in gold]
    recall = score(evaluate_records([outcome_case(gold, changes)]), "OUTCOME core").intervals.recall
    assert recall is not None
    assert recall.low < 0.35  # 20 blocks that are found or missed as a whole, not 100 rows
    assert recall.high > 0.65


def test_another_rendition_matches_rows_through_aligned_mentions() -> None:
    gold_text, text = "\n\nOS was 50%\n\nEFS was 40%\n", "EFS was 40%. OS was 50%"
    rows = (gold_outcome(3, value="50"), gold_outcome(5, endpoint="EFS", value="40"), gold_outcome(5, value="30"))
    document = lined_document(6)
    predicted = [
        same_outcome(document, row, number=number, source_start=None, source_end=None)
        for number, row in enumerate(rows)
    ]
    case = RecordCase(
        gold=GoldRecords("made", outcomes=rows),
        document=document,
        outcomes=predicted,
        evidence=[evidence("o0", "value", 20), evidence("o1", "value", 8), evidence("o2", "value", 18)],
        aligned=[
            (gold_mention(gold_text, "PERCENT", 9, 12), predicted_mention(text, "PERCENT", 20, 23)),
            (gold_mention(gold_text, "PERCENT", 22, 25), predicted_mention(text, "PERCENT", 8, 11)),
        ],
    )
    assert counts(case, "OUTCOME core") == (2, 1, 1)  # the third stands nearest to a mention of another line
    assert counts(case._replace(aligned=None), "OUTCOME core") == (0, 3, 3)
