"""What reviews say of one study, line by line: agreement, conflict, figures interchanged, and what is not judged."""

from __future__ import annotations

import pytest

from extract.records import Outcome

from .making import Review, cited, compare, counted, lines, said

REF = "ref:1"


def review(name: str, *results: Outcome) -> Review:
    return Review(name, cited(1, doi="10.5555/abc.1"), *results)


def status(one: Outcome, two: Outcome) -> list[str]:
    return [line[0] for line in lines(review("a", one), review("b", two))]


def test_the_same_figure() -> None:
    assert lines(review("a", said(REF)), review("b", said(REF))) == [("agree", "OS", ["50", "50"])]


@pytest.mark.parametrize(("one", "two"), [("23.4", "23"), ("46.6", "47"), ("46.6", "46"), ("36.25", "36.3")])
def test_a_figure_rounded_or_cut(one: str, two: str) -> None:
    assert status(said(REF, value=one), said(REF, value=two)) == ["agree"]


@pytest.mark.parametrize(("one", "two"), [("23.4", "24"), ("47", "48"), ("46.6", "46.7"), ("81", "78.4")])
def test_other_figures_are_a_conflict(one: str, two: str) -> None:
    assert status(said(REF, value=one), said(REF, value=two)) == ["conflict"]


@pytest.mark.parametrize(
    ("percent", "n", "total", "verdict"),
    [("63", 69, 110, "agree"), ("46.6", 7, 15, "agree"), ("60", 69, 110, "conflict")],
)
def test_a_percentage_beside_a_count(percent: str, n: int, total: int, verdict: str) -> None:
    assert status(said(REF, "CR", percent), counted(REF, "CR", n, total)) == [verdict]


def test_counts_of_one_total() -> None:
    assert status(counted(REF, "CR", 4, 11), counted(REF, "CR", 4, 11)) == ["agree"]
    assert status(counted(REF, "CR", 4, 11), counted(REF, "CR", 5, 11)) == ["conflict"]


def test_counts_of_other_totals_are_not_judged() -> None:
    assert status(counted(REF, "HSCT", 13, 70), counted(REF, "HSCT", 4, 10)) == ["unclear"]


def test_one_time_in_two_spellings() -> None:
    assert status(said(REF, timepoint="P2Y"), said(REF, timepoint="P24M")) == ["agree"]
    assert status(said(REF, timepoint="P2Y"), said(REF, value="60", timepoint="P24M")) == ["conflict"]


def test_other_times_are_other_results() -> None:
    assert status(said(REF, timepoint="P2Y"), said(REF, value="60", timepoint="P5Y")) == ["only", "only"]


def test_a_time_that_one_review_leaves_out() -> None:
    assert status(said(REF, timepoint="P2Y"), said(REF)) == ["agree"]
    assert status(said(REF, timepoint="P2Y"), said(REF, value="60")) == ["unclear"]


def test_arms_by_their_words() -> None:
    one = [said(REF, value="66", arm="lumetinib arm"), said(REF, value="27", arm="chemotherapy")]
    two = [said(REF, value="66", arm="lumetinib"), said(REF, value="31", arm="consolidation chemotherapy")]
    assert lines(review("a", *one), review("b", *two)) == [
        ("conflict", "OS", ["27", "31"]),
        ("agree", "OS", ["66", "66"]),
    ]


def test_an_arm_that_one_review_leaves_out_is_not_judged() -> None:
    (study,) = compare(review("a", said(REF)), review("b", said(REF, value="60", arm="responders")))
    assert (study.lines[0].status, study.lines[0].notes) == ("unclear", ("one review alone names the arm",))


def test_arms_that_cannot_be_matched_are_not_judged() -> None:
    one = [said(REF, value="78.4"), said(REF, value="28.1")]
    two = [said(REF, value="81", arm="lumetinib"), said(REF, value="29", arm="chemotherapy")]
    (study,) = compare(review("a", *one), review("b", *two))
    assert {line.status for line in study.lines} == {"unclear"}
    assert {line.notes for line in study.lines} == {("arms cannot be matched",)}


def test_several_results_of_one_endpoint_are_not_judged() -> None:
    one, two = [said(REF, value="39"), said(REF, value="52")], [said(REF, value="39"), said(REF, value="60")]
    found = lines(review("a", *one), review("b", *two))
    assert ("agree", "OS", ["39", "39"]) in found
    assert "conflict" not in [line[0] for line in found]


def test_endpoints_interchanged() -> None:
    one = [said(REF, "EFS", "47", timepoint="P3Y"), said(REF, "OS", "81", timepoint="P3Y")]
    two = [said(REF, "OS", "47", timepoint="P3Y", arm="HSCT"), said(REF, "EFS", "81", timepoint="P3Y", arm="HSCT")]
    (study,) = compare(review("a", *one), review("b", *two))
    assert [line.status for line in study.lines] == ["swapped", "swapped"]
    assert study.lines[0].notes == ("the figures of EFS and OS are interchanged",)


def test_endpoints_are_interchanged_at_one_time_only() -> None:
    one = [said(REF, "EFS", "47", timepoint="P3Y"), said(REF, "OS", "81", timepoint="P3Y")]
    two = [said(REF, "OS", "47", timepoint="P3Y"), said(REF, "EFS", "81", timepoint="P5Y")]
    assert "swapped" not in [line[0] for line in lines(review("a", *one), review("b", *two))]


def test_arms_interchanged() -> None:
    one = [said(REF, value="66", arm="lumetinib"), said(REF, value="27", arm="placebo")]
    two = [said(REF, value="27", arm="lumetinib"), said(REF, value="66", arm="placebo")]
    (study,) = compare(review("a", *one), review("b", *two))
    assert [line.status for line in study.lines] == ["swapped", "swapped"]
    assert study.lines[0].notes == ("the figures of “lumetinib” and “placebo” are interchanged",)


def test_an_interval_that_differs_is_a_conflict() -> None:
    hazard = {"statistic": "hazard_ratio", "unit": None, "arm": "lumetinib", "versus": "placebo"}
    one = said(REF, value="0.79", ci_low="0.69", ci_high="0.90", **hazard)
    assert status(one, said(REF, value="0.79", ci_low="0.69", ci_high="0.9", **hazard)) == ["agree"]
    assert status(one, said(REF, value="0.79", ci_low="0.59", ci_high="0.90", **hazard)) == ["conflict"]
    assert status(one, said(REF, value="0.79", **hazard)) == ["agree"]


def test_a_ratio_told_the_other_way_round() -> None:
    one = said(REF, value="0.50", statistic="hazard_ratio", unit=None, arm="lumetinib", versus="placebo")
    two = said(REF, value="2.0", statistic="hazard_ratio", unit=None, arm="placebo", versus="lumetinib")
    (study,) = compare(review("a", one), review("b", two))
    assert (study.lines[0].status, study.lines[0].notes) == (
        "agree",
        ("the arms are compared the other way round",),
    )


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (said(REF, "OS"), said(REF, "EFS", "60")),
        (said(REF, grade="grade 3"), said(REF, value="60", grade="grade 4")),
        (said(REF, statistic="median", unit="mo"), said(REF, value="60", statistic="median", unit="a")),
        (said(REF, statistic="odds_ratio", unit=None), said(REF, value="60")),
    ],
)
def test_other_endpoints_grades_and_measures_are_other_results(one: Outcome, two: Outcome) -> None:
    assert status(one, two) == ["only", "only"]


def test_a_bound_is_no_figure() -> None:
    assert status(said(REF, value="90", bound=">"), said(REF, value="92")) == ["unclear"]


def test_what_one_review_reports_alone() -> None:
    found = lines(review("a", said(REF), said(REF, "EFS", "40")), review("b", said(REF)))
    assert found == [("agree", "OS", ["50", "50"]), ("only", "EFS", ["40"])]


def test_a_result_told_twice_stands_once() -> None:
    assert lines(review("a", said(REF), said(REF)), review("b", said(REF))) == [("agree", "OS", ["50", "50"])]


def test_three_reviews() -> None:
    made = [review("a", said(REF)), review("b", said(REF, value="50.2")), review("c", said(REF, value="81"))]
    (study,) = compare(*made)
    (line,) = study.lines
    assert (line.status, [side.outcome.document_id for side in line.said]) == ("conflict", ["a", "b", "c"])
    assert [(each.first, each.second, each.status) for each in line.judgements] == [
        (0, 1, "agree"),
        (0, 2, "conflict"),
        (1, 2, "conflict"),
    ]


def test_a_study_in_two_of_three_reviews() -> None:
    (study,) = compare(review("a", said(REF)), Review("b"), review("c", said(REF)))
    assert study.document_ids == ("a", "c")
