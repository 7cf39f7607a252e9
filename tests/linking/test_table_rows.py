"""Tables whose rows are studies and arms, as specifications (the notation: table_making.py)."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

from spacy.language import Language
from table_making import NoStudy, OneStudy, Rows, page

from extract.document import CharSpan
from extract.linking import Found, Link, Marks
from extract.linking.table_rows import link_table
from extract.pipeline import make_doc
from extract.readers import parse_text


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
