"""Tables whose rows are outcomes and whose columns are arms, as specifications (the notation: table_making.py)."""

from __future__ import annotations

from collections.abc import Callable

from table_making import Rows


class TestOutcomesInRows:
    """Stubs are outcomes, columns are arms."""

    def test_adverse_events_by_arm_and_grade_in_two_header_rows(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Event, n (%) | Drug (n = 47) | Placebo (n = 50)
            Any grade | Grade 3a | Any grade | Grade 3a
            Nausea | 34 (72.3) | 4 (8.5) | 11 (22.0) | 0
            Gingival hypertrophy | 1 (2.1) | 0 | 2 (4.0) | 1 (<2%)
            """,
            """
            Nausea percent 72.3 {arm=Drug n=34 unit=%}
            Nausea percent 8.5 {arm=Drug grade=Grade 3 n=4 unit=%}
            Nausea percent 22.0 {arm=Placebo n=11 unit=%}
            Nausea count {arm=Placebo grade=Grade 3 n=0}
            Gingival hypertrophy percent 2.1 {arm=Drug n=1 unit=%}
            Gingival hypertrophy count {arm=Drug grade=Grade 3 n=0}
            Gingival hypertrophy percent 4.0 {arm=Placebo n=2 unit=%}
            Gingival hypertrophy percent 2 {arm=Placebo bound=< grade=Grade 3 n=1 unit=%}
            """,
            caption="Table 2. Adverse events",
        )

    def test_n_and_percent_in_columns_of_their_own_are_one_result(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Toxicity | Drug | | Placebo |
            | n | % | n | %
            Diarrhea | 30 | 25 | 12 | 10
            """,
            """
            Diarrhea percent 25 {arm=Drug n=30 unit=%}
            Diarrhea percent 10 {arm=Placebo n=12 unit=%}
            """,
        )

    def test_counts_by_grade(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            "Toxicity | Grade 3 | Grade 4\nAnemia | 5 | -\nNeutropenia | 4 | 16 any febrile neutropenia",
            """
            Anemia count {grade=Grade 3 n=5}
            Neutropenia count {grade=Grade 3 n=4}
            Neutropenia count {grade=Grade 4 n=16}
            """,
        )

    def test_headings_say_what_figures_are_and_rows_without_an_outcome_are_left_out(
        self, check_rows: Callable[..., None]
    ) -> None:
        check_rows(
            """
            | Drug (n = 40) | Placebo (n = 38) | p
            Best response, n (%)
            Complete response | 4 (10.0) | 0 | 0.68
            Unknown | 6 (15.0) | 7 (18.4) |
            Response rate (CR + PR) [95% CI], n (%) | 18 (45.0) [29.3–61.5] | 11 (28.9) [15.4–45.9] | 0.03
            Median duration of response, months | 13.5 [5.5–NE] | 4.7 [3.3–9.0] |
            """,
            """
            CR percent 10.0 {arm=Drug n=4 p=0.68 p_op== unit=%}
            CR count {arm=Placebo n=0 p=0.68 p_op==}
            ORR percent 45.0 {arm=Drug ci_high=61.5 ci_level=95 ci_low=29.3 n=18 p=0.03 p_op== unit=%}
            ORR percent 28.9 {arm=Placebo ci_high=45.9 ci_level=95 ci_low=15.4 n=11 p=0.03 p_op== unit=%}
            DOR median 13.5 {arm=Drug dispersion_kind=unknown dispersion_low=5.5 unit=mo}
            DOR median 4.7 {arm=Placebo dispersion_high=9.0 dispersion_kind=unknown dispersion_low=3.3 unit=mo}
            """,
        )

    def test_a_row_of_columns_named_anew_adds_subgroups(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            | Drug (n = 47) | Placebo (n = 50)
            CR, n (%) | 1 (2.1) | 2 (4.0)
            By mutation | Mutated (n = 15) | Wild type (n = 32) | Mutated (n = 16) | Wild type (n = 34)
            CR, n (%) | 0 | 1 (3.1) | 1 (6.3) | 1 (2.9)
            """,
            """
            CR percent 2.1 {arm=Drug n=1 unit=%}
            CR percent 4.0 {arm=Placebo n=2 unit=%}
            CR count {arm=Drug; Mutated n=0}
            CR percent 3.1 {arm=Drug; Wild type n=1 unit=%}
            CR percent 6.3 {arm=Placebo; Mutated n=1 unit=%}
            CR percent 2.9 {arm=Placebo; Wild type n=1 unit=%}
            """,
        )

    def test_the_p_value_belongs_to_the_ratio(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            "Outcome | Drug (%) | Placebo (%) | HR/OR (95% CI) | P-value\n"
            "CR | 64 | 58 | 1.30 (0.98–1.73) | 0.07\nOS | 14 | 15 | 1.04 (0.90–1.21) | 0.6",
            """
            CR percent 64 {arm=Drug unit=%}
            CR percent 58 {arm=Placebo unit=%}
            CR odds_ratio 1.30 {ci_high=1.73 ci_level=95 ci_low=0.98 p=0.07 p_op==}
            OS percent 14 {arm=Drug unit=%}
            OS percent 15 {arm=Placebo unit=%}
            OS hazard_ratio 1.04 {ci_high=1.21 ci_level=95 ci_low=0.90 p=0.6 p_op==}
            """,
        )

    def test_rows_of_measures_and_p_values_under_a_heading(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Outcome | Drug (n = 40) | Placebo (n = 38)
            Progression-free survival (months)
            Median (95% CI) | 11.6 (7.0, NE) | 9.6 (7.1, 12.0)
            Log-rank P value | 0.02 |
            """,
            """
            PFS median 11.6 {arm=Drug ci_level=95 ci_low=7.0 p=0.02 p_op== unit=mo}
            PFS median 9.6 {arm=Placebo ci_high=12.0 ci_level=95 ci_low=7.1 p=0.02 p_op== unit=mo}
            """,
        )

    def test_rows_of_times_under_the_name_of_a_measure(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Time point | Drug (n = 120) | Placebo (n = 118) | Difference (95% CI) | p value
            Peak FEV1, mL
            Baseline | 180 ± 30 | 182 ± 29 | |
            Week 4 | 242 ± 30 | 134 ± 31 | 108 (60 to 156) | <0.001
            """,
            """
            Peak FEV1 mean 242 {arm=Drug dispersion=30 dispersion_kind=unknown timepoint=P4W unit=mL}
            Peak FEV1 mean 134 {arm=Placebo dispersion=31 dispersion_kind=unknown timepoint=P4W unit=mL}
            Peak FEV1 mean_difference 108 {ci_high=156 ci_level=95 ci_low=60 p=0.001 p_op=< timepoint=P4W unit=mL}
            """,
        )

    def test_pooled_results_keep_studies_and_heterogeneity(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            "Outcome | No. of studies | Participants | RR (95% CI) | I², % | p\n"
            "Mortality | 12 | 24,310 | 0.87 (0.81–0.94) | 23 | 0.001",
            "DEATH risk_ratio 0.87 {ci_high=0.94 ci_level=95 ci_low=0.81 i2=23 n_studies=12 p=0.001 p_op==}",
        )

    def test_the_measure_stands_in_the_cell(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            "Outcome | Relative effect (95% CI) | Participants (studies) | Certainty\n"
            "Stroke | RR 1.67 (1.40 to 1.99) | 3,120 (5 RCTs) | High",
            "STROKE risk_ratio 1.67 {ci_high=1.99 ci_level=95 ci_low=1.40}",
        )

    def test_causes_of_death_are_deaths(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            "| Drug (n = 22/49) | Placebo (n = 19/45)\nInfection | 5 | 3\nAlveolar hemorrhage* | 1 | 0",
            """
            DEATH count {arm=Drug n=22 total=49}
            DEATH count {arm=Placebo n=19 total=45}
            DEATH count {arm=Drug n=5}
            DEATH count {arm=Placebo n=3}
            DEATH count {arm=Drug n=1}
            DEATH count {arm=Placebo n=0}
            """,
            caption="Table 2. Causes of death",
        )

    def test_the_cause_is_the_outcomes_name(self, links_of: Rows) -> None:
        links = links_of("| Drug | Placebo\nInfection | 5 | 3", caption="Table 2. Causes of death")
        assert {str(link.fields["endpoint_text"].value) for link in links} == {"Infection"}

    def test_severity_and_count_in_rows_of_their_own_go_on_with_the_event_above(
        self, check_rows: Callable[..., None]
    ) -> None:
        check_rows(
            "Event, n (%) | Drug (n = 50)\nNeutropenia | 30 (60)\nGrade 3–4 | 14 (28)\nTotal | 50 (100)",
            "Neutropenia percent 60 {arm=Drug n=30 unit=%}\n"
            "Neutropenia percent 28 {arm=Drug grade=Grade 3-4 n=14 unit=%}",
        )

    def test_the_legend_says_what_a_spread_is(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            "Scale | Drug (n = 40)\nKCCQ score | 12.3 ± 4.1\n\nValues are mean ± SD.",
            "KCCQ score mean 12.3 {arm=Drug dispersion=4.1 dispersion_kind=sd}",
        )

    def test_pairs_with_more_above_than_below_are_no_shares(self, check_rows: Callable[..., None]) -> None:
        check_rows("Toxicity | Drug | Placebo\nNausea (mild/severe) | 4/8 | 2/4\nRash (mild/severe) | 10/6 | 1/9", "")
