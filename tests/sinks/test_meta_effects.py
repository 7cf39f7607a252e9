"""Effect measures: the value on its scale, its standard error, and why one is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from .meta_records import count, difference, export, outcome, ratio


def effect(folder: Path, record: dict[str, Any]) -> pd.Series:
    """The one line of `effects.csv` that a record gives."""
    table = export(folder, record)["effects"]
    assert len(table) == 1
    return table.iloc[0]


@pytest.mark.parametrize("statistic", ["hazard_ratio", "odds_ratio", "risk_ratio", "rate_ratio", "ratio_of_means"])
def test_a_ratio_is_pooled_as_a_logarithm(tmp_path: Path, statistic: str) -> None:
    row = effect(tmp_path, ratio("0.79", "0.69", "0.90", statistic=statistic))
    assert row["transform"] == "log"
    assert row.yi == pytest.approx(np.log(0.79))
    assert row.sei == pytest.approx((np.log(0.90) - np.log(0.69)) / (2 * norm.ppf(0.975)))
    assert row.vi == pytest.approx(row.sei**2)
    assert row.sei_from == "interval"


def test_a_difference_is_pooled_as_it_is(tmp_path: Path) -> None:
    row = effect(tmp_path, difference("-14.9", "-16.7", "-13.1"))
    assert row["transform"] == "none"
    assert row.yi == -14.9
    assert row.sei == pytest.approx(3.6 / 3.92, rel=1e-4)


@pytest.mark.parametrize("level", ["90", "97.5", "99", "60"])
def test_the_level_of_the_interval_is_the_printed_one(tmp_path: Path, level: str) -> None:
    row = effect(tmp_path, ratio("0.83", "0.72", "0.95", ci_level=level))
    assert row.sei == pytest.approx(np.log(0.95 / 0.72) / (2 * norm.ppf(0.5 + float(level) / 200)))


def test_a_level_that_is_not_printed_is_not_assumed(tmp_path: Path) -> None:
    row = effect(tmp_path, ratio("0.83", "0.72", "0.95", ci_level=None))
    assert pd.isna(row.sei)
    assert pd.isna(row.vi)
    assert row.note == "level of the interval not printed"
    assert row.sei_if_95 == pytest.approx(np.log(0.95 / 0.72) / (2 * norm.ppf(0.975)))


@pytest.mark.parametrize("level", ["0.95", "5", "100"])
def test_a_level_that_is_no_percentage_gives_no_error(tmp_path: Path, level: str) -> None:
    row = effect(tmp_path, ratio("0.83", "0.72", "0.95", ci_level=level))
    assert pd.isna(row.sei)
    assert row.note == "level of the interval is no percentage"


def test_bounds_in_either_order_give_the_same_error(tmp_path: Path) -> None:
    straight = effect(tmp_path / "1", ratio("2.3", "1.1", "4.7"))
    turned = effect(tmp_path / "2", ratio("2.3", "4.7", "1.1"))
    assert straight.sei == turned.sei
    assert (turned.ci_low, turned.ci_high, turned.ci_printed) == (1.1, 4.7, "4.7 to 1.1")


def test_a_difference_with_its_bounds_turned_may_have_lost_its_sign(tmp_path: Path) -> None:
    row = effect(tmp_path, difference("29.0", "41.3", "16.7"))
    assert row.yi == 29.0
    assert "a decrease may stand without its sign" in row.note


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (ratio("0.5", "0", "1.2"), "no logarithm of a bound of 0 or below"),
        (ratio("0.5", "-0.1", "1.2"), "no logarithm of a bound of 0 or below"),
        (ratio("0.5", "0.5", "0.5"), "interval without width"),
        (ratio("0.5", "0.6", "0.9"), "value outside its interval"),
        (ratio("0.5"), "no interval printed"),
        (ratio("0.5", p="0.03", p_op="="), "no interval printed"),
        (ratio("0.5", se="0.1"), "scale of the standard error not printed"),
        (difference("1.5", se="0"), "standard error of 0 or below"),
    ],
)
def test_an_effect_without_a_standard_error_says_why(tmp_path: Path, record: dict[str, Any], reason: str) -> None:
    row = effect(tmp_path, record)
    assert not pd.isna(row.yi)
    assert pd.isna(row.sei)
    assert pd.isna(row.sei_if_95)
    assert row.note == reason


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (ratio("0", "0", "1.2"), "no logarithm of a ratio of 0 or below"),
        (ratio("-0.02", "-0.56", "0.52"), "no logarithm of a ratio of 0 or below"),
        (ratio("79", "69", "90", unit="%"), "a ratio in percent"),
        (ratio("0.68", bound="<"), "a bound, no value"),
        (outcome(statistic="hazard_ratio", low="0.5", high="0.8", arm="a", versus="b"), "a range, no value"),
        (outcome(statistic="hazard_ratio", p="0.03", arm="a", versus="b"), "no value printed"),
        (ratio("5.2", "1.0", "9.4", statistic="risk_difference"), "a risk difference beyond 1"),
        (ratio("5.2", "1.0", "9.4", statistic="risk_difference", unit="mg"), "a risk difference in an unknown unit"),
    ],
)
def test_an_effect_without_a_value_to_pool_says_why(tmp_path: Path, record: dict[str, Any], reason: str) -> None:
    row = effect(tmp_path, record)
    assert pd.isna(row.yi)
    assert pd.isna(row.sei)
    assert row.note == reason


def test_a_p_value_stands_as_printed_and_makes_no_error(tmp_path: Path) -> None:
    row = effect(tmp_path, ratio("0.80", p="0.030", p_op="<"))
    assert (row.p_op, row.p) == ("<", 0.03)
    assert pd.isna(row.sei)


def test_a_risk_difference_in_percent_is_pooled_as_a_share(tmp_path: Path) -> None:
    percent = effect(tmp_path / "1", ratio("-2.4", "-4.7", "-0.1", statistic="risk_difference", unit="%"))
    share = effect(tmp_path / "2", ratio("-0.024", "-0.047", "-0.001", statistic="risk_difference"))
    assert (percent.yi, percent.sei) == (share.yi, share.sei) == (-0.024, pytest.approx(0.046 / 3.92, rel=1e-4))
    assert (percent.value, percent.unit, percent["transform"]) == (-2.4, "%", "percent")


def test_the_printed_standard_error_of_a_difference_comes_before_its_interval(tmp_path: Path) -> None:
    row = effect(tmp_path, difference("3.6", "1.9", "5.3", se="0.9"))
    assert (row.sei, row.sei_from) == (0.9, "standard error")
    assert pd.isna(row.note)
    odd = effect(tmp_path / "odd", difference("3.6", "1.9", "5.3", se="9"))
    assert odd.note == "standard error and interval disagree"


def test_an_interval_not_made_on_the_log_scale_is_told(tmp_path: Path) -> None:
    row = effect(tmp_path, ratio("1.45", "1.17", "1.73"))
    assert row.note == "interval not made on the log scale: as wide on both sides of the ratio"
    assert not pd.isna(row.sei)


def test_a_value_far_from_the_middle_of_its_interval_is_told(tmp_path: Path) -> None:
    assert "beside the middle" in effect(tmp_path / "1", ratio("0.75", "0.15", "0.80")).note
    assert "beside the middle" in effect(tmp_path / "2", difference("1.0", "0.9", "4.0")).note
    assert pd.isna(effect(tmp_path / "3", ratio("2.0", "0.2", "21.5")).note)  # rounding alone moves it


def test_pooled_is_true_false_or_not_known(tmp_path: Path) -> None:
    table = export(
        tmp_path,
        ratio("0.79", "0.69", "0.90"),
        ratio("0.80", "0.70", "0.91", n_studies=7),
        ratio("0.81", "0.71", "0.92", i2="58"),
        ratio("0.82", "0.72", "0.93", study=None, refs=()),
        ratio("0.83", "0.73", "0.94", study="ref:5,7", refs=(5, 7)),
        ratio("0.84", "0.74", "0.95", study="RIVER,MEADOW", refs=()),
    )
    pooled = ["missing" if pd.isna(value) else str(value) for value in table["effects"].pooled]
    assert pooled == ["False", "True", "True", "missing", "missing", "missing"]
    assert table["generic_inverse_variance"].Records.tolist() == ["o1"]


def test_a_result_told_twice_names_the_better_record(tmp_path: Path) -> None:
    table = export(
        tmp_path,
        ratio("0.79", "0.69", "0.90", arm=None, versus=None),
        ratio("0.79", "0.69", "0.90"),
        ratio("0.79", "0.690", "0.90", arm="drug arm", timepoint="P1Y"),
        ratio("0.79", "0.69", "0.90", arm="surgery"),
        ratio("0.79", "0.69", "0.90", endpoint_text="fever"),
        ratio("0.79", "0.69", "0.90", study="ref:6", refs=(6,)),
        ratio("0.79", "0.69", "0.91"),
    )
    repeats = table["effects"].repeats
    assert repeats.fillna("").tolist() == ["o2", "", "o2", "", "", "", ""]
    assert table["generic_inverse_variance"].Records.tolist() == ["o2", "o4", "o5", "o6", "o7"]


def test_a_result_whose_direction_is_in_doubt_is_the_worse_record(tmp_path: Path) -> None:
    turned = ratio("0.35", "0.23", "0.53", arm="placebo", versus="drug")
    plain = ratio("0.35", "0.23", "0.53", arm=None, versus=None)
    figures = [count("placebo", None, value="80.3"), count("drug", None, value="27.9")]
    assert export(tmp_path, *figures, turned, plain)["effects"].repeats.fillna("").tolist() == ["o4", ""]


def test_doses_against_placebo_with_equal_figures_are_two_results(tmp_path: Path) -> None:
    table = export(
        tmp_path,
        ratio("2.00", "0.19", "21.5", arm="drug 5 mg"),
        ratio("2.00", "0.19", "21.5", arm="drug 10 mg"),
    )
    assert table["effects"].repeats.isna().all()


def test_a_ratio_that_its_arms_give_the_other_way_round_is_marked_and_kept_from_revman(tmp_path: Path) -> None:
    counts = [count("drug", 12, 61), count("placebo", 16, 61)]
    turned = export(tmp_path / "1", *counts, ratio("1.33", "0.69", "2.58"))
    assert turned["effects"].note.tolist() == ["the figures of its arms give the ratio the other way round"]
    assert turned["generic_inverse_variance"].empty
    right = export(tmp_path / "2", *counts, ratio("0.75", "0.39", "1.45"))
    assert right["effects"].note.isna().all()
    assert len(right["generic_inverse_variance"]) == 1


def test_a_ratio_is_held_against_the_figures_close_before_it(tmp_path: Path) -> None:
    """The outcome may be named in another way, and have other figures elsewhere."""
    near = [count("placebo", None, value="80.3", endpoint_text="cold"), count("drug", None, value="27.9")]
    far = [count("drug", None, value="52.5"), count("placebo", None, value="52.5")]
    turned = ratio("0.35", "0.227", "0.529", arm="placebo", versus="drug")
    note = "the figures of its arms give the ratio the other way round"
    assert export(tmp_path / "1", *far, *far, *near, turned)["effects"].note.tolist() == [note]
    right = ratio("0.35", "0.227", "0.529")
    assert export(tmp_path / "2", *far, *far, *near, right)["effects"].note.isna().all()
    assert export(tmp_path / "3", *near, *far, *far, turned)["effects"].note.isna().all()


def test_a_difference_of_means_without_its_reference_stays_out_of_revman(tmp_path: Path) -> None:
    table = export(tmp_path, difference("3.6", "1.9", "5.3", versus=None), ratio("0.79", "0.69", "0.90", versus=None))
    assert table["effects"].note.tolist() == [
        "no reference arm named: may be the change within one arm",
        "no reference arm named",
    ]
    assert table["generic_inverse_variance"].Records.tolist() == ["o2"]


def test_other_statistics_are_counted_as_left_out(tmp_path: Path) -> None:
    table = export(tmp_path, outcome(statistic="median", value="5"), ratio("0.5"))
    assert table["left_out"].values.tolist() == [
        ["effect without sei", "no interval printed", 1],
        ["record in no file", "median", 1],
    ]
