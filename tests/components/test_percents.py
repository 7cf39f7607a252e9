"""Percentages: spans, numbers as printed, shared signs, words, and the role of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "Asthma control was reached by <percent value=54.4 role=value implicit=false>54.4%</percent> of adults.",
        "Plaques had cleared in <percent value=0.80>0.80%</percent> of the area.",
        "A rash was seen in <percent value=5>5 %</percent> of children.",
        "About <percent value=40>40 per cent</percent> of the patients with stroke smoked.",
        "About <percent value=40>40 percent</percent> of the patients with stroke smoked.",
        "HIV RNA was suppressed in 9 patients (<percent value=90.0>90.0%</percent>) by then.",
        "Graft loss was halved, from <percent value=12>12%</percent> to <percent value=6>6%</percent> within 10 years.",
        "Event rates were <percent value=3>3%</percent>, <percent value=4>4%</percent> and"
        " <percent value=5>5%</percent>.",
        "Weight loss of <percent value=100>100%</percent> of the excess was rare.",
        "An early fall was seen (<percent value=0.5>.5%</percent>).",
        "HbA1c changed by <percent value=-1.2>-1.2%</percent> with insulin.",
        "HbA1c changed by <percent value=-1.2>−1.2%</percent> with insulin.",
        "Survival was <percent value=71.3>71·3%</percent> after stroke.",
    ],
)
def test_a_number_with_its_sign(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "The ejection fraction fell in <percent low=25 high=50>25-50%</percent> of the patients.",
        "The ejection fraction fell in <percent low=25 high=50>25–50%</percent> of the patients.",
        "Myopathy is reported in <percent low=0.01 high=2.2>0.01–2.2%</percent> of statin users.",
        "Withdrawals ranged from <percent low=27 high=80>27% to 80%</percent> across trials of psoriasis.",
        "Relapse is seen in <percent low=0.06 high=9>0.06 to 9%</percent> of the grafts.",
        "Adherence lay between 6 months and 2 years at <percent low=60 high=70>60%-70%</percent> of the doses.",
    ],
)
def test_a_range_is_one_span_with_its_bounds_in_the_order_printed(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Remission was reached by <percent value=71.3>71.3</percent> vs. <percent value=58.4>58.4%</percent> of"
        " the patients.",
        "Remission was reached by <percent value=71.3>71.3</percent> versus <percent value=58.4>58.4%</percent>"
        " of the patients.",
        "Cure rates were <percent value=65>65</percent>, <percent value=58>58</percent>,"
        " <percent value=27>27</percent>,"
        " and <percent value=28>28%</percent>, respectively.",
        "Bleeding occurred in <percent value=3>3</percent> and <percent value=4.5>4.5%</percent> of the women.",
        "Bleeding occurred in <percent value=3>3</percent> or <percent value=4>4%</percent>.",
        "Dry mouth was noted by <percent value=12>12%</percent> and cough by <percent value=9>9%</percent>.",
        "Remission in <percent value=47>47</percent> and <percent value=92>92%</percent> of those with mild and"
        " severe colitis.",
    ],
)
def test_numbers_that_share_one_sign_are_spans_of_their_own(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "In 2010, <percent value=45>45%</percent> of the adults smoked.",
        "Of 120 and <percent value=45>45%</percent> it is not known.",
        "At 2 years, <percent value=45>45%</percent> of the grafts worked.",
        "On days 3 and 7, <percent value=45>45%</percent> had fever.",
        "In Table 2, <percent value=45>45%</percent> of the children had eczema.",
    ],
)
def test_a_number_of_something_else_shares_no_sign(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "<percent value=24>Twenty-four percentage</percent> of the women had a recurrence.",
        "<percent value=24>Twenty-four percent</percent> of the women had a recurrence.",
        "<percent value=50>Fifty per cent</percent> of the men with stroke recovered.",
        "Some <percent value=11>eleven per cent</percent> of them had oedema.",
    ],
)
def test_number_words_count(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        'Blasts fell to < <percent value=5 bound="<">5%</percent> in most.',
        'Survival was > 90 days and the risk ≥<percent value=20 bound=">=">20%</percent>.',
        'Cure was ≤ <percent value=20 bound="<=">20%</percent>.',
        "The share of basophils was <percent value=4.1>4.1</percent> ± <percent value=0.3 role=error>0.3%</percent>.",
    ],
)
def test_comparators_and_plus_minus_stay_outside(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "The hazard ratio was 0.71 (<percent value=95 role=level>95%</percent> CI 0.60 to 0.84).",
        "The odds were lower (OR 0.5; <percent value=99 role=level>99%</percent> confidence interval 0.3–0.9).",
        "Growth was faster (<percent value=95 role=level>95%</percent> credible interval 1.2 to 1.8).",
        "Efficacy was <percent value=66 role=value>66%</percent> (<percent value=95 role=level>95%</percent> CI"
        " <percent low=51 high=77 role=interval>51% to 77%</percent>).",
        "Efficacy was <percent value=66 role=value>66%</percent> (<percent value=95 role=level>95%</percent> CI,"
        " <percent low=51 high=77 role=interval>51-77%</percent>).",
        "Efficacy was <percent value=66 role=value>66%</percent> (<percent value=95 role=level>95%</percent> CI"
        " <percent low=51 high=77 role=interval implicit=true>51–77</percent>).",
        "The five-year rate was <percent value=48 role=value>48%</percent> (SE"
        " <percent value=4 role=error>4%</percent>).",
        "The five-year rate was <percent value=48 role=value>48%</percent> ± <percent value=4 role=error>4%</percent>.",
        "FEV1 rose in the lowest <percent value=25 role=quantile>25%</percent> of eosinophil counts.",
        "Patients with <<percent value=5 role=threshold>5%</percent> blasts did well.",
        "Patients with an ejection fraction ≤<percent value=40 role=threshold>40%</percent> were enrolled.",
        "Adverse events that occurred in at least <percent value=10 role=threshold>10%</percent> of patients are"
        " shown.",
        "The trial had <percent value=90 role=design>90%</percent> power to detect a difference.",
        "We assumed a relative reduction of <percent value=20 role=design>20%</percent>.",
        "Heterogeneity was moderate (I² = <percent value=43 role=design>43%</percent>).",
        "Heterogeneity was moderate (I<sup>2</sup> = <percent value=43 role=design>43%</percent>).",
        "An I² > <percent value=50 role=threshold>50%</percent> was taken as substantial.",
        "Cure was seen in <percent value=7 role=value>7%</percent> of the eyes.",
        'The risk was <<percent value=1 role=value bound="<">1%</percent> in both arms.',
    ],
)
def test_the_role_is_read_from_the_words_around(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Five-year DFS was <percent value=50 implicit=true>50</percent> vs."
        " <percent value=37 implicit=true>37</percent>"
        " in the two arms.",
        "OS <percent value=61 implicit=true>61</percent> versus <percent value=48 implicit=true>48</percent> with"
        " transplant.",
    ],
)
def test_bare_numbers_are_percentages_where_their_outcome_is_one(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "Median OS was 50 vs. 37 months in the two arms.",
        "The mean age was 50 vs. 37 years.",
        "The dose was 50 vs. 37 mg.",
        "The SE was 4.9 in the arm of 71 patients.",
        "A ratio of 0.71 (0.60–0.84) was found.",
        "The walk distance rose by 34 m (12 to 56).",
    ],
)
def test_other_bare_numbers_are_none(check: Check, text: str) -> None:
    check(text, "percent")


@pytest.mark.parametrize(
    "marked",
    [
        r"Rejection was seen in <percent value=5>5\%</percent> of the kidneys.",
        r"Remission followed when blasts were $\geq <percent value=5 role=threshold>5\%</percent>$ of the cells.",
        r"Cure was seen in $<percent value=12.5>12.5\%</percent>$ of the eyes.",
        "Cure was seen in **<percent value=12.5>12.5%</percent>** of the eyes.",
    ],
)
def test_markup_residue_hides_no_percentage(check: Check, marked: str) -> None:
    check(marked)
