"""What one cell prints, and columns without outcomes, as specifications (the notation: table_making.py)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from table_making import Rows


class TestCells:
    """What one cell prints under an endpoint's header."""

    @pytest.mark.parametrize(
        ("header", "cell", "expected"),
        [
            ("EFS", "71 (3-y, SE 4.9)", "EFS percent 71 {se=4.9 timepoint=P3Y unit=%}"),
            ("OS", "43 (4-y, 95% CI 31–55)", "OS percent 43 {ci_high=55 ci_level=95 ci_low=31 timepoint=P4Y unit=%}"),
            ("OS", "42 (5-y, ±6%)", "OS percent 42 {dispersion=6 dispersion_kind=unknown timepoint=P5Y unit=%}"),
            ("PFS", "55%", "PFS percent 55 {unit=%}"),
            ("ORR, n (%)", "16 (64%)", "ORR percent 64 {n=16 unit=%}"),
            ("ORR", "12/43 (28%)", "ORR percent 28 {n=12 total=43 unit=%}"),
            ("ORR, n/N", "12/43", "ORR count {n=12 total=43}"),
            ("ORR, % (n)", "28 (12)", "ORR percent 28 {n=12 unit=%}"),
            ("Deaths, n", "12", "DEATH count {n=12}"),
            ("OS, HR (95% CI)", "0.79 (0.69–0.90)", "OS hazard_ratio 0.79 {ci_high=0.90 ci_level=95 ci_low=0.69}"),
            ("OS, HR (95% CI)", "0.79, 0.69–0.90", "OS hazard_ratio 0.79 {ci_high=0.90 ci_level=95 ci_low=0.69}"),
            ("Mortality, OR [95% CI]", "1.2 [0.8; 1.9]", "DEATH odds_ratio 1.2 {ci_high=1.9 ci_level=95 ci_low=0.8}"),
            ("OS", "HR 0.79 (0.69–0.90); p = 0.01", "OS hazard_ratio 0.79 {ci_high=0.90 ci_low=0.69 p=0.01 p_op==}"),
            ("Median OS, months (95% CI)", "12.4 (9.1–NR)", "OS median 12.4 {ci_level=95 ci_low=9.1 unit=mo}"),
            ("Median PFS, months (range)", "8 (1–40)", "PFS median 8 {dispersion_high=40 dispersion_kind=range "
             "dispersion_low=1 unit=mo}"),
            ("OS, months", "12.4", "OS median 12.4 {unit=mo}"),
            ("3-year OS, %", "31", "OS percent 31 {timepoint=P3Y unit=%}"),
            ("Mortality, %", "<1", "DEATH percent 1 {bound=< unit=%}"),
            ("Exacerbations per patient-year", "0.93", "Exacerbations rate 0.93 {unit=/a}"),
            ("Change in systolic blood pressure, mmHg (mean ± SD)", "−15.7 ± 11.2",
             "BP mean_difference -15.7 {dispersion=11.2 dispersion_kind=sd unit=mm[Hg]}"),
            ("OS", "NR", None),
            ("OS", "–", None),
            ("OS", "12.4", None),  # months or percent: nobody says
            ("HR (95% CI)", "0.79 (0.69–0.90)", None),  # of what
        ],
    )  # fmt: skip
    def test_figure(self, check_rows: Callable[..., None], header: str, cell: str, expected: str | None) -> None:
        check_rows(f"Study | N | {header}\nSmith 2012 | 90 | {cell}", expected or "")

    def test_subgroups_printed_in_the_cell(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Study | Time point | DFS | OS
            Smith 2012 | 4 yr | Node+: 65% N0: 72% | Early: 85%; late: 56%
            """,
            """
            DFS percent 65 {arm=Node+ timepoint=P4Y unit=%}
            DFS percent 72 {arm=N0 timepoint=P4Y unit=%}
            OS percent 85 {arm=Early timepoint=P4Y unit=%}
            OS percent 56 {arm=late timepoint=P4Y unit=%}
            """,
        )

    def test_two_letters_before_a_percentage_are_a_group_and_no_mean_difference(
        self, check_rows: Callable[..., None]
    ) -> None:
        check_rows(
            "Study | N | OS\nSmith | 9 | MSD: 65% MD: 61%",
            "OS percent 65 {arm=MSD unit=%}\nOS percent 61 {arm=MD unit=%}",
        )


class TestNoOutcomes:
    """Tables and columns that report no outcome."""

    @pytest.mark.parametrize(
        ("caption", "table"),
        [
            (
                "Table 1. Baseline characteristics",
                "| Drug (n = 10) | Placebo (n = 9)\nPrior stroke, n (%) | 3 (30) | 2 (22)",
            ),
            ("Table 1. Patient demographics", "| All\nECOG 0, n (%) | 3 (30)"),
            (
                "Table 1. Included studies",
                "Study | Years | N | Median age | Male, %\nAsh 2012 | 2005–2009 | 300 | 64.2 | 55",
            ),
            (
                "Table 1. Ongoing trials of safety",
                "Trial | N | Primary endpoint | Completion\nLARCH | 400 | MACE | 2026",
            ),
            ("Table 1. Drugs", "Drug | Half-life (h) | Side effects | Excretion (%)\nApixaban | 12 | Bleeding | 27"),
            ("Table 1. A stroke score", "Item | Points\nStroke | 2\nDiabetes | 1"),
        ],
    )
    def test_none(self, links_of: Rows, caption: str, table: str) -> None:
        assert links_of(table, caption) == []
