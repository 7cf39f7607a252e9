"""Tables as specifications: a table, and its links one a line, `code statistic value {field=value …}`.

Tables stand in tab-separated form with ` | ` for the tab; `CAPTION` comes first where a caption matters. Links are
written with the fields that they have besides study and refs, in alphabetical order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from time import process_time

import pytest
from spacy.language import Language

from extract.document import CharSpan
from extract.linking import Found, Link, Marks
from extract.linking.table_rows import link_table
from extract.pipeline import make_doc
from extract.readers import parse_text
from extract.values import Confidence

_APART = {"endpoint", "endpoint_text", "statistic", "value", "low", "high", "study", "refs"}
_NUMBER = re.compile(r"\d[\d,\u00a0]*(?:\.\d+)?|\.\d+")


@dataclass(frozen=True)
class At:
    """A study as `Studies.of_row` gives it."""

    study: Found | None
    refs: Found | None = None
    confidence: Confidence = "stated"


class OneStudy:
    """Gives every row the same study, which stands at the start of the text."""

    def of_row(self, cells: Sequence[CharSpan], offset: int) -> At:
        return At(Found("LARCH-2", (CharSpan(0, 1),)), Found((7,), (CharSpan(0, 1),)), "inferred")


class NoStudy:
    """Knows no study."""

    def of_row(self, cells: Sequence[CharSpan], offset: int) -> None:
        return None


def page(table: str, caption: str = "Table 1. Results") -> str:
    """A review in plain text with one table."""
    lines = [re.sub(r"\s*\|\s*", "\t", line.strip()) for line in table.strip().splitlines()]
    return "\n".join(
        ["# A review of drugs", "", "## Results", "", "Some trials were found.", "", caption, "", *lines, ""]
    )


Rows = Callable[..., list[Link]]


@pytest.fixture
def links_of(nlp: Language) -> Rows:
    """The links of a table, each with its evidence checked: every number is printed at it."""

    def link(table: str, caption: str = "Table 1. Results", prose: object = None, studies: object = None) -> list[Link]:
        marks = Marks(make_doc(nlp, parse_text(page(table, caption))))
        document = marks.doc.user_data["extract_document"]
        blocks = [block for block in document.blocks if block.table is not None]
        found = [
            each
            for block in blocks
            for each in link_table(marks, block, studies or NoStudy(), prose=prose)  # type: ignore[arg-type]
        ]
        for each in found:
            for name, field in each.fields.items():
                printed = " ".join(marks.text[span.start : span.end] for span in field.spans)
                if isinstance(field.value, Decimal | int):
                    numbers = {Decimal(re.sub(r"[,\u00a0]", "", number)) for number in _NUMBER.findall(printed)}
                    assert abs(field.value) in numbers, (name, field.value, printed)
                if name in {"endpoint_text", "arm", "versus"}:
                    assert all(part in marks.text for part in str(field.value).split("; "))
        return found

    return link


def told(link: Link) -> str:
    """A link as a line: `OS percent 71 {ci_high=80 …}`; an outcome without a code stands under its name."""
    fields = {name: str(found.value) for name, found in link.fields.items()}
    name = fields["endpoint_text"] if fields["endpoint"] == "OTHER" else fields["endpoint"]
    value = fields.get("value") or "..".join(fields[end] for end in ("low", "high") if end in fields)
    rest = " ".join(f"{key}={fields[key]}" for key in sorted(fields) if key not in _APART)
    return " ".join(f"{name} {fields['statistic']} {value} {{{rest}}}".split())


@pytest.fixture
def check_rows(links_of: Rows) -> Callable[..., None]:
    """Assert that a table gives exactly these links."""

    def check(table: str, expected: str, caption: str = "Table 1. Results") -> None:
        lines = [line.strip() for line in expected.strip().splitlines() if line.strip()]
        assert [told(link) for link in links_of(table, caption)] == lines

    return check


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


class TestRowArms:
    """Rows of studies with a column of arms."""

    def test_lists_run_in_step_with_the_arms(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Trial | Arms | Major bleeding (%) | OS (%)
            LARCH | Apixaban; warfarin; no anticoagulant | 3.1; 4.4; 2.9 | 58; NR; 30 (1-y)
            MAPLE | Apixaban vs. placebo | 0.8 vs. 1.1 | 81 vs. 77
            """,
            """
            BLEEDING percent 3.1 {arm=Apixaban unit=%}
            BLEEDING percent 4.4 {arm=warfarin unit=%}
            BLEEDING percent 2.9 {arm=no anticoagulant unit=%}
            OS percent 58 {arm=Apixaban timepoint=P1Y unit=%}
            OS percent 30 {arm=no anticoagulant timepoint=P1Y unit=%}
            BLEEDING percent 0.8 {arm=Apixaban unit=%}
            BLEEDING percent 1.1 {arm=placebo unit=%}
            OS percent 81 {arm=Apixaban unit=%}
            OS percent 77 {arm=placebo unit=%}
            """,
        )

    def test_stacked_values_run_in_step_with_stacked_arms(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Consortium | Regimen | OS
            Nordic | Ara-C ≤ 3 g Flu-Ara ≤ 3 g Ara-C ≥ 5 g | 44% 40% 48%
            Baltic | FLAG CLAG MEC | 20% 21% 22%
            """,
            """
            OS percent 44 {arm=Ara-C ≤ 3 g unit=%}
            OS percent 40 {arm=Flu-Ara ≤ 3 g unit=%}
            OS percent 48 {arm=Ara-C ≥ 5 g unit=%}
            OS percent 20 {arm=FLAG unit=%}
            OS percent 21 {arm=CLAG unit=%}
            OS percent 22 {arm=MEC unit=%}
            """,
        )

    def test_a_ratio_compares_the_two_arms(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Study | Intervention | Comparator | Outcome | HR (95% CI) | p
            Ash 2014 | Drug A | Drug B | Cardiovascular death or HF hospitalization | 0.80 (0.73–0.87) | <0.001
            | | | All-cause mortality | 0.84 (0.76–0.93) | 0.02
            """,
            """
            MACE hazard_ratio 0.80 {arm=Drug A ci_high=0.87 ci_level=95 ci_low=0.73 p=0.001 p_op=< versus=Drug B}
            DEATH hazard_ratio 0.84 {arm=Drug A ci_high=0.93 ci_level=95 ci_low=0.76 p=0.02 p_op== versus=Drug B}
            """,
        )

    def test_one_ratio_fewer_than_arms(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Trial | Arms | Exacerbations, rate ratio
            LARCH | Triple; dual; single | 0.85; 0.75
            MAPLE | 50 mg; 100 mg; placebo | 0.9; 0.8
            """,
            """
            Exacerbations rate_ratio 0.85 {arm=Triple versus=dual}
            Exacerbations rate_ratio 0.75 {arm=Triple versus=single}
            Exacerbations rate_ratio 0.9 {arm=50 mg}
            Exacerbations rate_ratio 0.8 {arm=100 mg}
            """,
        )

    def test_arms_in_rows_of_one_study(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            """
            Trial | Arm | n | ORR, % | p | Median PFS, mo | HR (95% CI)
            LARCH | Drug | 44 | 42.1 | 0.03 | 24.8 | 0.58 (0.46–0.72)
            | Placebo | 22 | 34.7 | | 14.5 |
            """,
            """
            ORR percent 42.1 {arm=Drug p=0.03 p_op== unit=%}
            PFS median 24.8 {arm=Drug unit=mo}
            PFS hazard_ratio 0.58 {arm=Drug ci_high=0.72 ci_level=95 ci_low=0.46 versus=Placebo}
            ORR percent 34.7 {arm=Placebo unit=%}
            PFS median 14.5 {arm=Placebo unit=mo}
            """,
        )

    def test_a_p_value_in_one_row_of_a_pair_stands_on_both(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            "Trial | Arm | ORR, % | p\nLARCH | Drug | 42 | 0.03\n | Placebo | 34 |",
            """
            ORR percent 42 {arm=Drug p=0.03 p_op== unit=%}
            ORR percent 34 {arm=Placebo p=0.03 p_op== unit=%}
            """,
        )

    def test_an_arm_goes_without_its_dose_where_its_name_is_enough(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            "Trial | Drug | ORR, %\nLARCH | Imatinib 400 mg/day | 42\n"
            "MAPLE | Imatinib 400 mg; imatinib 800 mg | 40; 45",
            """
            ORR percent 42 {arm=Imatinib unit=%}
            ORR percent 40 {arm=Imatinib 400 mg unit=%}
            ORR percent 45 {arm=imatinib 800 mg unit=%}
            """,
        )

    def test_conditioning_is_an_arm_only_where_it_tells_rows_apart(self, check_rows: Callable[..., None]) -> None:
        check_rows(
            "Consortium | Conditioning | OS\nNordic | Bu-Cy | 80%\nBaltic | TBI | Early: 70%\n | Bu-Flu | Early: 60%",
            """
            OS percent 80 {unit=%}
            OS percent 70 {arm=TBI; Early unit=%}
            OS percent 60 {arm=Bu-Flu; Early unit=%}
            """,
        )


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


class TestStudy:
    """The study of a row, and sentences in a cell."""

    def test_every_row_gets_its_study_and_the_doubt_of_it(self, links_of: Rows) -> None:
        (link,) = links_of("Outcome | Drug (n = 9)\nCR, n (%) | 3 (33)", studies=OneStudy())
        assert link.fields["study"].value == "LARCH-2"
        assert link.fields["refs"].value == (7,)
        assert link.confidence == "inferred"

    def test_a_row_that_goes_on_is_carried(self, links_of: Rows) -> None:
        links = links_of("Trial | Arm | ORR, %\nLARCH | Drug | 42\n | Placebo | 34")
        assert [link.confidence for link in links] == ["stated", "carried"]

    def test_sentences_of_a_cell_get_the_study_of_the_row(self, links_of: Rows) -> None:
        asked: list[tuple[int, int]] = []

        def prose(start: int, end: int) -> list[Link]:
            asked.append((start, end))
            place = (CharSpan(start, start + len("Overall survival")),)
            fields = {"endpoint": Found("OS", place), "endpoint_text": Found("Overall survival", place)}
            return [Link("outcomes", CharSpan(start, end), fields, "sentence")]

        table = "Trial | N | Main findings\nLARCH | 43 | Overall survival was 7.5% in the drug arm.\nMAPLE | 20 | –"
        links = links_of(table, prose=prose, studies=OneStudy())
        assert len(asked) == 1
        assert [link.fields["study"].value for link in links] == ["LARCH-2"]
        assert [link.rule for link in links] == ["sentence"]

    def test_figures_are_not_read_as_sentences(self, links_of: Rows) -> None:
        def prose(start: int, end: int) -> list[Link]:
            raise AssertionError("a cell of figures")

        assert len(links_of("Trial | N | OS\nLARCH | 43 | 71 (3-y, SE 4.9)", prose=prose)) == 1


class TestPlaces:
    """Where a link is anchored."""

    def test_a_value_stands_at_its_figure_and_a_count_at_its_outcome(self, nlp: Language, links_of: Rows) -> None:
        table = "Event | Drug (n = 47)\nNausea | 34 (72.3)\nRash | 0"
        text = parse_text(page(table, "Table 2. Adverse events, n (%)")).text
        links = links_of(table, "Table 2. Adverse events, n (%)")
        assert [text[slice(*link.anchor)] for link in links] == ["72.3", "Rash"]


def test_time_grows_with_the_number_of_rows(nlp: Language) -> None:
    def seconds(rows: int) -> float:
        rest = "71 (3-y, SE 1.0) | 0.8 (0.7–0.9) | 0.01"
        table = "\n".join(f"{'' if row else 'LARCH'} | Drug {row % 2} | {rest}" for row in range(rows))
        marks = Marks(make_doc(nlp, parse_text(page(f"Trial | Arm | OS, % | HR (95% CI) | p\n{table}"))))
        blocks = [block for block in marks.doc.user_data["extract_document"].blocks if block.table is not None]
        begun = process_time()
        assert sum(len(link_table(marks, block, NoStudy())) for block in blocks) == 2 * rows
        return process_time() - begun

    seconds(20)
    small, large = seconds(150), seconds(1200)
    assert large < 8 * small * 3
