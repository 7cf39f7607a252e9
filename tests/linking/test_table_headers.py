"""Tables with outcomes in their headers, over arms or beside subgroups (the notation: table_making.py)."""

from __future__ import annotations

from collections.abc import Callable


class TestSubgroups:
    """Rows are subgroups, a header names the outcome."""

    def test_subgroups_with_one_ratio(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            "Subgroup | Drug, n/N (%) | Placebo, n/N (%) | HR for PFS (95% CI) | P for interaction\n"
            "Age <65 years | 120/1,200 (10.0) | 150/1,190 (12.6) | 0.79 (0.62–1.00) | 0.45",
            """
            PFS percent 10.0 {arm=Drug; Age <65 years n=120 total=1200 unit=%}
            PFS percent 12.6 {arm=Placebo; Age <65 years n=150 total=1190 unit=%}
            PFS hazard_ratio 0.79 {arm=Age <65 years ci_high=1.00 ci_level=95 ci_low=0.62}
            """,
        )

    def test_a_ratio_belongs_to_the_outcome_on_its_left_and_the_reference_is_none(
        self, check_rows: Callable[..., None]
    ) -> None:
        check_rows(
            "Treatment | PFS, % | HR | OS, % | HR\n"
            "Drug | 40 | 0.6 (0.4–0.9) | 60 | 0.7\nNone | 20 | 1 (reference) | 50 | 1",
            """
            PFS percent 40 {arm=Drug unit=%}
            PFS hazard_ratio 0.6 {arm=Drug ci_high=0.9 ci_low=0.4}
            OS percent 60 {arm=Drug unit=%}
            OS hazard_ratio 0.7 {arm=Drug}
            PFS percent 20 {arm=None unit=%}
            OS percent 50 {arm=None unit=%}
            """,
        )


class TestGroupedHeaders:
    """Outcomes over arms, arms over outcomes."""

    def test_outcomes_over_arms(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Study | OS, % | | PFS, % |
            | Drug | Placebo | Drug | Placebo
            Ash 2012 | 80 | 70 | 60 | 40
            """,
            """
            OS percent 80 {arm=Drug unit=%}
            OS percent 70 {arm=Placebo unit=%}
            PFS percent 60 {arm=Drug unit=%}
            PFS percent 40 {arm=Placebo unit=%}
            """,
        )

    def test_intervals_in_columns_of_their_own(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Response | Drug (n = 48) | | Placebo (n = 23) | |
            | n (%) | 95% CI | n (%) | 95% CI | P value
            Partial response | 28 (58.3) | (43.2, 72.4) | 10 (43.5) | (23.2, 65.5) | 0.31
            """,
            """
            PR percent 58.3 {arm=Drug ci_high=72.4 ci_level=95 ci_low=43.2 n=28 p=0.31 p_op== unit=%}
            PR percent 43.5 {arm=Placebo ci_high=65.5 ci_level=95 ci_low=23.2 n=10 p=0.31 p_op== unit=%}
            """,
        )

    def test_wide_headers_are_told_by_the_labels_that_repeat_under_them(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Toxicity | Drug | Placebo | P-value
            | % grade 3–4 | % any grade | % grade 3–4 | % any grade |
            Nausea | 5% | 40% | 10% | 50% | 0.01
            """,
            """
            Nausea percent 5 {arm=Drug grade=grade 3-4 p=0.01 p_op== unit=%}
            Nausea percent 40 {arm=Drug p=0.01 p_op== unit=%}
            Nausea percent 10 {arm=Placebo grade=grade 3-4 p=0.01 p_op== unit=%}
            Nausea percent 50 {arm=Placebo p=0.01 p_op== unit=%}
            """,
        )

    def test_wide_headers_that_cannot_be_told_give_no_arm(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            "Toxicity | Drug | Placebo\n | Early | Late | All\nNausea | 5% | 40% | 10%",
            "Nausea percent 5 {arm=Early unit=%}\nNausea percent 40 {arm=Late unit=%}\nNausea percent 10 {unit=%}",
        )
