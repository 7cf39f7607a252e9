"""Arms and comparisons: which records are one arm, which counts follow, which two arms are compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from .meta_records import count, difference, export, mean, outcome, ratio

Tables = dict[str, pd.DataFrame]


def pairs(tables: Tables) -> list[tuple[str, str]]:
    """The arms of the comparisons."""
    table = tables["comparisons"]
    return list(zip(table.arm, table.versus, strict=True))


def unpaired(tables: Tables) -> set[str]:
    """Why arms are in no comparison."""
    return set(tables["arms"].unpaired.dropna())


def arm(folder: Path, record: dict[str, Any]) -> pd.Series:
    """The one line of `arms.csv` that a record gives."""
    table = export(folder, record)["arms"]
    assert len(table) == 1
    return table.iloc[0]


def empty(value: object) -> bool:
    return bool(pd.isna(value))


# Counts that follow


@pytest.mark.parametrize(
    ("percent", "total", "events"),
    [
        ("11.5", 61, 7),
        ("0.0", 61, 0),
        ("0", 61, 0),
        ("0.00", 10_000, 0),
        ("0", 200, None),  # 0 or 1 of 200
        ("100", 61, 61),
        ("10.5", 228, 24),
        ("10", 228, None),  # 22, 23 or 24 of 228
        ("11.9", 61, None),  # no number of 61
        ("0.5", 200, 1),
        ("12.5", 100, None),  # no number of 100
        ("12.5", 1000, 125),
        ("101", 61, None),
        ("-3", 61, None),
    ],
)
def test_events_are_derived_where_one_number_alone_gives_the_percentage(
    tmp_path: Path, percent: str, total: int, events: int | None
) -> None:
    row = arm(tmp_path, count("drug", None, total, value=percent))
    assert empty(row.events)
    assert row.total == total
    assert empty(row.events_derived) if events is None else row.events_derived == events


@pytest.mark.parametrize(
    ("events", "percent", "total"),
    [
        (7, "11.5", 61),
        (7, "11", None),  # 61 to 66
        (0, "0.0", None),
        (5, "0.0", None),
        (47, "100", 47),
        (0, "5.0", None),
        (6, "120", None),  # 5 would do for the percentage
        (150, "100", 150),
    ],
)
def test_a_total_is_derived_where_one_number_alone_gives_the_percentage(
    tmp_path: Path, events: int, percent: str, total: int | None
) -> None:
    row = arm(tmp_path, count("drug", events, None, value=percent))
    assert empty(row.total)
    assert empty(row.total_derived) if total is None else row.total_derived == total
    assert "total not printed" in row.note


@pytest.mark.parametrize(
    "fields",
    [
        {"endpoint": "OS", "endpoint_text": "OS"},
        {"endpoint": "RELAPSE", "endpoint_text": "relapse"},
        {"endpoint_text": "cumulative incidence of cough"},
        {"ci_low": "3", "ci_high": "20", "ci_level": "95"},
        {"se": "4"},
        {"n_studies": 5},
        {"i2": "40"},
        {"bound": "<"},
    ],
)
def test_nothing_is_derived_from_an_estimate_or_a_bound(tmp_path: Path, fields: dict[str, Any]) -> None:
    assert empty(arm(tmp_path / "1", count("drug", None, 61, value="11.5", **fields)).events_derived)
    assert empty(arm(tmp_path / "2", count("drug", 7, None, value="11.5", **fields)).total_derived)


def test_a_count_that_disagrees_with_its_percentage_is_told_and_not_paired(tmp_path: Path) -> None:
    tables = export(tmp_path, count("drug", 9, 61, value="11.5"), count("placebo", 7, 61, value="11.5"))
    assert tables["arms"].note.fillna("").tolist() == ["count and percentage disagree", ""]
    assert tables["comparisons"].empty


def test_percentages_that_are_cut_off_agree_with_their_count(tmp_path: Path) -> None:
    assert empty(arm(tmp_path, count("drug", 2, 3, value="66.6")).note)


def test_more_events_than_people_are_told_and_not_paired(tmp_path: Path) -> None:
    tables = export(tmp_path, count("drug", 80, 61), count("placebo", 7, 61))
    assert tables["arms"].note.fillna("").tolist() == ["more events than people", ""]
    assert tables["comparisons"].empty


# Records that are one arm


def test_records_that_agree_on_an_arm_are_one_line(tmp_path: Path) -> None:
    tables = export(
        tmp_path, count("drug arm", 7, 61), count("the drug group", 7, value="11.5"), count("drug 5 mg", 7, value="11")
    )
    row = tables["arms"].iloc[0]
    assert len(tables["arms"]) == 1
    assert (row.record_ids, row.events, row.total, row.percent) == ("o1;o2;o3", 7, 61, 11.5)


def test_records_that_differ_in_a_figure_study_time_or_severity_stay_apart(tmp_path: Path) -> None:
    records = [
        count("drug", 7, 61),
        count("drug", 8, 61),
        count("drug", 7, 62),
        count("drug", 7, 61, timepoint="P1Y"),
        count("drug", 7, 61, grade="severe"),
        count("drug", 7, 61, study="ref:6"),
        count("drug", 7, 61, study=None),
        count("drug", 7, 61, study=None),
    ]
    assert len(export(tmp_path, *records)["arms"]) == len(records)


def test_two_doses_of_a_drug_are_two_arms(tmp_path: Path) -> None:
    tables = export(tmp_path, count("drug 5 mg", 7, 61), count("drug 10 mg", 7, 61), count("drug", 7, 61))
    assert len(tables["arms"]) == 3


# Two arms that are compared


def test_the_effect_of_the_outcome_says_which_arms_are_compared_and_which_is_the_reference(tmp_path: Path) -> None:
    tables = export(
        tmp_path, count("surgery", 20, 60), count("drug", 10, 61), ratio("0.49", arm="drug", versus="surgery")
    )
    row = tables["comparisons"].iloc[0]
    assert (row.arm, row.ai, row.n1i, row.versus, row.ci, row.n2i) == ("drug", 10, 61, "surgery", 20, 60)
    assert (row.basis, row.basis_record, row.record_ids) == ("this outcome", "o3", "o2;o1")
    assert row[["ai_derived", "n1i_derived", "ci_derived", "n2i_derived"]].isna().all()  # all is printed


def test_an_effect_of_another_outcome_of_the_study_says_it_too(tmp_path: Path) -> None:
    tables = export(
        tmp_path,
        count("surgery", 20, 60),
        count("drug", 10, 61),
        ratio("0.5", arm="drug", versus="surgery", endpoint_text="fever"),
    )
    assert pairs(tables) == [("drug", "surgery")]
    assert tables["comparisons"].basis.tolist() == ["another outcome"]


def test_an_effect_that_its_arms_give_the_other_way_round_does_not_say_which_is_the_reference(tmp_path: Path) -> None:
    tables = export(
        tmp_path,
        count("surgery", 20, 60),
        count("drug", 10, 61),
        ratio("0.49", "0.25", "0.96", arm="surgery", versus="drug"),
        ratio("0.80", arm="drug", versus="surgery", endpoint_text="fever"),
    )
    assert pairs(tables) == [("drug", "surgery")]
    assert tables["comparisons"].basis_record.tolist() == ["o4"]


def test_an_effect_of_another_study_says_nothing(tmp_path: Path) -> None:
    tables = export(
        tmp_path,
        count("surgery", 20, 60),
        count("drug", 10, 61),
        ratio("0.5", arm="drug", versus="surgery", study="ref:6"),
        ratio("0.5", arm="drug", versus="surgery", n_studies=4),
    )
    assert pairs(tables) == []
    assert unpaired(tables) == {"not said which arm is the reference"}


@pytest.mark.parametrize("control", ["placebo", "Placebo group", "usual care", "control", "placebo plus drug B"])
def test_one_arm_of_two_may_be_the_reference_by_its_name(tmp_path: Path, control: str) -> None:
    tables = export(tmp_path, count(control, 20, 60), count("drug", 10, 61))
    assert pairs(tables) == [("drug", control)]
    assert tables["comparisons"].basis.tolist() == ["name of the reference"]


def test_three_arms_are_paired_only_as_the_records_say(tmp_path: Path) -> None:
    arms = [count("drug A", 10, 60), count("drug B", 11, 60), count("placebo", 20, 60)]
    assert unpaired(export(tmp_path / "1", *arms)) == {"more than two arms, and not said which are compared"}
    said = [ratio("0.5", arm="drug A", versus="placebo"), ratio("0.6", arm="drug B", versus="placebo")]
    tables = export(tmp_path / "2", *arms, *said)
    assert pairs(tables) == [("drug A", "placebo"), ("drug B", "placebo")]
    assert set(tables["comparisons"].note) == {"the reference arm is in 2 comparisons"}
    assert tables["arms"].comparisons.tolist() == ["c1", "c2", "c1;c2"]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"study": "ref:6"}, "no other arm of the outcome"),
        ({"study": None}, "study not known"),
        ({"endpoint_text": "fever"}, "no other arm of the outcome"),
        ({"arm": None}, "arm not named"),
        ({"bound": "<"}, "a bound or a range"),
        ({"n_studies": 3}, "pooled over studies"),
        ({"arm": "drug", "n": 11}, "several figures of one arm"),
        ({"arm": "placebo; over 60 years"}, "arms of different subgroups"),
        ({"n": None, "total": None, "value": "33"}, "no count printed"),
    ],
)
def test_arms_that_do_not_belong_together_stay_single(tmp_path: Path, other: dict[str, Any], reason: str) -> None:
    placebo = {"arm": "placebo", "n": 20, "total": 60, **other}
    tables = export(tmp_path, count("drug", 10, 61), count(placebo.pop("arm"), placebo.pop("n"), **placebo))
    assert tables["comparisons"].empty
    assert reason in unpaired(tables)


@pytest.mark.parametrize("study", ["ref:5,6", "RIVER,MEADOW", "Albers 2015,Brand 2017"])
def test_arms_of_several_studies_cited_together_are_no_pair(tmp_path: Path, study: str) -> None:
    tables = export(tmp_path, count("drug", 10, 61, study=study), count("placebo", 20, 60, study=study))
    assert tables["comparisons"].empty
    assert unpaired(tables) == {"several studies cited together"}


@pytest.mark.parametrize("design", ["randomised crossover", "cross-over trial", "double-blind cross over"])
def test_arms_of_a_crossover_are_the_same_people_and_no_pair(tmp_path: Path, design: str) -> None:
    tables = export(tmp_path, count("drug", 10, 61), count("placebo", 20, 61), designs={"ref:5": design})
    assert tables["comparisons"].empty
    assert unpaired(tables) == {"crossover: the arms are the same people"}


def test_a_table_of_all_and_of_severe_events_is_paired_by_severity(tmp_path: Path) -> None:
    tables = export(
        tmp_path,
        count("drug", 37, value="78.7"),
        count("drug", 7, value="14.9", grade="grade 3"),
        count("placebo", 16, value="32.0"),
        count("placebo", 2, value="4.0", grade="grade 3"),
    )
    found = tables["comparisons"][["grade", "ai", "ci", "record_ids"]].fillna("").values.tolist()
    assert found == [["", 37, 16, "o1;o3"], ["grade 3", 7, 2, "o2;o4"]]


def test_a_time_that_stands_with_one_of_two_arms_in_a_row_holds_for_both(tmp_path: Path) -> None:
    tables = export(tmp_path, count("drug", 10, 61), count("placebo", 20, 60, timepoint="P1Y"))
    assert tables["comparisons"].note.tolist() == ["the time point stands with one arm alone"]
    apart = export(tmp_path / "apart", count("drug", 10, 61), ratio("0.5"), count("placebo", 20, 60, timepoint="P1Y"))
    assert apart["comparisons"].empty


def test_two_times_are_no_pair(tmp_path: Path) -> None:
    tables = export(tmp_path, count("drug", 10, 61, timepoint="P2Y"), count("placebo", 20, 60, timepoint="P1Y"))
    assert tables["comparisons"].empty


def test_an_outcome_that_is_named_in_two_ways_is_told(tmp_path: Path) -> None:
    tables = export(
        tmp_path,
        count("drug", 10, 61, endpoint="CR", endpoint_text="CR"),
        count("placebo", 20, 60, endpoint="CR", endpoint_text="complete remission"),
    )
    assert tables["comparisons"].note.tolist() == ["the outcome is named in two ways: CR, complete remission"]


def test_related_outcomes_that_share_a_code_are_not_mixed(tmp_path: Path) -> None:
    kind = {"endpoint": "INFECTION"}
    tables = export(
        tmp_path / "1",
        count("drug", 10, 61, endpoint_text="viral infections", **kind),
        count("placebo", 20, 60, endpoint_text="fungal infections", **kind),
    )
    assert tables["comparisons"].empty
    tables = export(
        tmp_path / "2",
        count("drug", 10, 61, endpoint_text="viral infections", **kind),
        count("placebo", 20, 60, endpoint_text="Viral infection", **kind),
        count("drug", 30, 61, endpoint_text="infections", **kind),
        count("placebo", 40, 60, endpoint_text="infections", **kind),
    )
    assert tables["comparisons"][["ai", "ci"]].values.tolist() == [[10, 20], [30, 40]]
    assert tables["arms"].outcome.tolist() == ["viral infection", "viral infection", "infection", "infection"]


def test_arms_without_events_are_compared(tmp_path: Path) -> None:
    row = export(tmp_path, count("drug", 0, 61), count("placebo", 0, 60))["dichotomous"].iloc[0]
    assert (row["Experimental cases"], row["Experimental N"], row["Control cases"], row["Control N"]) == (0, 61, 0, 60)


def test_totals_that_are_not_printed_stay_empty_and_stand_derived_beside(tmp_path: Path) -> None:
    tables = export(tmp_path, count("drug", 7, value="11.5"), count("placebo", None, 60, value="20.0"))
    row = tables["comparisons"].iloc[0]
    assert (row.ai, row.n2i) == (7, 60)
    assert empty(row.n1i)
    assert empty(row.ci)
    assert (row.ai_derived, row.n1i_derived, row.ci_derived, row.n2i_derived) == (7, 61, 12, 60)
    assert "not all counts and totals are printed" in row.note
    assert tables["dichotomous"].empty


def test_means_are_compared_with_their_standard_deviations(tmp_path: Path) -> None:
    tables = export(tmp_path, mean("drug", "63.10", "25.441", 56), mean("placebo", "60.53", "19.339", 60))
    row = tables["comparisons"].iloc[0]
    assert (row.m1i, row.sd1i, row.n1i) == (63.1, 25.441, 56)
    assert (row.m2i, row.sd2i, row.n2i) == (60.53, 19.339, 60)
    assert row[["ai", "ci", "ai_derived", "n1i_derived"]].isna().all()
    assert len(tables["continuous"]) == 1


@pytest.mark.parametrize("kind", ["iqr", "range", "unknown"])
def test_another_dispersion_is_no_standard_deviation(tmp_path: Path, kind: str) -> None:
    tables = export(
        tmp_path,
        mean("drug", "63", "25", 56, dispersion_kind=kind),
        mean("placebo", "60", "19", 60, dispersion_kind=kind),
    )
    assert tables["arms"].sd.isna().all()
    assert unpaired(tables) == {"no standard deviation printed"}


def test_means_in_different_units_are_no_pair(tmp_path: Path) -> None:
    tables = export(tmp_path, mean("drug", "63", "25", 56, unit="mg/dL"), mean("placebo", "6", "2", 60, unit="mmol/L"))
    assert unpaired(tables) == {"different units"}


def test_changes_and_means_are_not_mixed(tmp_path: Path) -> None:
    change = {"statistic": "mean_difference", "dispersion_kind": "sd"}
    tables = export(
        tmp_path,
        mean("drug", "-5.0", "2.0", 56, **change),
        mean("placebo", "60", "19", 60),
        difference("-3.1", "-4.0", "-2.2"),
    )
    assert tables["arms"].kind.tolist() == ["change", "mean"]
    assert tables["comparisons"].empty
    assert len(tables["effects"]) == 1


def test_a_study_without_arms_is_a_single_line(tmp_path: Path) -> None:
    row = arm(tmp_path, outcome(value="35", unit="%", total=40, n=14))
    assert (row.events, row.total, row.unpaired) == (14, 40, "arm not named")
    assert empty(row.arm)
