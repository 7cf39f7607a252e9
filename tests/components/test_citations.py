"""Citations by number and by author and year resolve to the reference list; counts, ranges and exponents are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from extract.components import values
from extract.components.citation_marks import expand
from extract.pipeline import make_doc
from extract.readers import parse_text
from extract.values import Citation

Check = Callable[..., None]
NUMBERED = "\n".join(
    f"{n}. Hart{'abcdefghijklmnopqrst'[n - 1]} AB. Part {n}. Chest. (2019) 4:{n}." for n in range(1, 21)
)
NAMED = "\n".join(
    [
        "Hart, A. B., & Moss, C. (2019). Steroids in asthma. Chest, 4, 12-19.",
        "Keating, A., Lee, D., & Noor, F. (2019). Asthma in cities. Lancet, 5, 1-7.",
        "Keating, A., & Osei, G. (2020a). Asthma in towns. Lancet, 6, 1-7.",
        "Keating, A., & Pardo, H. (2020b). Asthma in villages. Lancet, 6, 8-9.",
        "van den Berg, E. (2018). Spirometry at home. Thorax, 3, 30-38.",
        "World Health Organization. (2021). Asthma. Geneva.",
    ]
)


def cite(nlp: Language, body: str, listed: str = NUMBERED) -> list[tuple[str, Citation]]:
    """Quote and value of each citation in a body above a reference list."""
    document = parse_text(f"# Asthma\n\n## Results\n\n{body}\n\n## References\n\n{listed}")
    doc = make_doc(nlp, document)
    return [(document.text[start:end], value) for start, end, value in values(doc, "citations")]


def numbers(nlp: Language, body: str, listed: str = NUMBERED) -> list[tuple[int, ...]]:
    return [value.numbers for _, value in cite(nlp, body, listed)]


@pytest.mark.parametrize(
    "marked",
    [
        "Statins lower the risk <citation numbers=5>(5)</citation>.",
        "Statins lower the risk <citation numbers=2,45,46>(2, 45, 46)</citation>.",
        "Statins lower the risk <citation numbers=30,31,32,33>(30–33)</citation>.",
        "Statins lower the risk <citation numbers=5,6>(5 and 6)</citation>.",
        "Statins lower the risk <citation numbers=1,3,4,5>[1,3-5]</citation>.",
        "Statins lower the risk <citation numbers=1,2,3>[1]–[3]</citation>.",
        "Statins lower the risk <citation numbers=12,13>(see 12, 13)</citation>.",
        "Statins lower the risk <citation numbers=5,6>(refs 5 and 6)</citation>.",
        "As shown in ref. <citation numbers=7>7</citation>, statins lower the risk.",
        "Statins lower the risk in vitro<citation numbers=27>[27]</citation> too.",
        "Statins lower the risk.<citation numbers=12>¹²</citation> They are cheap.",
        "Statins lower the risk.<citation numbers=1,2>¹,²</citation> They are cheap.",
        "Statins lower the risk.<citation numbers=13,14,15><sup>13–15</sup></citation> They are cheap.",
        "The dose was 20 mg/m<sup>2</sup>,<citation numbers=11><sup>11</sup></citation> as usual.",
        "Parikh et al. <citation numbers=18>(18)</citation> found no benefit.",
        "The benefit was lost [particularly in the old <citation numbers=41>(41)</citation>].",
        "The hazard ratio was 0.82 <citation numbers=8>(8)</citation>.",
        "Relapse fell by 35% <citation numbers=9>(9)</citation>, which was expected.",
    ],
)
def test_numbers_in_brackets_and_superscripts(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "The arm with diabetes (n = 5) was small.",
        "A total of (12) patients came.",
        "Twelve (12) patients came.",
        "The difference was large (0.79).",
        "The value was found in 2,019 m² of space.",
        "It was seen in (66%) of the eyes.",
        "Area in m² and counts of 10⁹/L were used.",
        "The heterogeneity was low (I² = 12%; R² 0.8) and VO² was high.",
        "The year (2019) was good.",
        "The median age was 45 (23-67) years and the score 5 (3, 9) points.",
        "The median was 12 (9-15).",
        "The effect was small (95% CI (5, 12)).",
        "The translocations t(9;22), t(4;11) and inv(16) were rare.",
        "Levels of CD(19) and IL(6) rose.",
        "The model is given in equation (5) and in Figure (2).",
        "We ask: (1) does it work; (2) is it safe and (3) is it cheap?",
        "Since 1995, it was known, and in August 2018, it was approved.",
        "The last visit was on 26 November 2014.",
    ],
)
def test_other_brackets_exponents_and_dates_are_none(check: Check, text: str) -> None:
    check(text, "citation")


@given(st.lists(st.integers(1, 999), min_size=1, max_size=8, unique=True), st.sampled_from([", ", ",", ";", " , "]))
def test_a_list_expands_to_its_numbers_in_the_order_printed(made: list[int], sign: str) -> None:
    assert expand(sign.join(map(str, made))) == tuple(made)


@given(st.integers(1, 900), st.integers(0, 60))
def test_a_range_expands_to_all_between_its_ends(first: int, length: int) -> None:
    assert expand(f"{first}-{first + length}") == tuple(range(first, first + length + 1))


@pytest.mark.parametrize("printed", ["0", "0-8", "9-3", "1-99", "1-2-3", "5, 5", "1234"])
def test_what_cannot_be_citations_expands_to_nothing(printed: str) -> None:
    assert expand(printed) == ()


class TestStyle:
    """A document cites in one style: brackets of another style hold counts."""

    def test_counts_in_round_brackets_beside_square_citations(self, nlp: Language) -> None:
        body = "Steroids help [1, 2]. They are cheap [3-9]. Men (12) and women (15) came [10-12]."
        assert numbers(nlp, body) == [(1, 2), (3, 4, 5, 6, 7, 8, 9), (10, 11, 12)]

    def test_counts_in_round_brackets_beside_superscripts(self, nlp: Language) -> None:
        body = "Steroids help.¹,² They are cheap.³⁻⁹ Men (12) and women (15) came.¹⁰⁻¹²"
        assert numbers(nlp, body) == [(1, 2), (3, 4, 5, 6, 7, 8, 9), (10, 11, 12)]

    def test_counts_in_round_brackets_beside_authors_and_years(self, nlp: Language) -> None:
        body = (
            "Steroids help (Hart & Moss, 2019; Keating et al., 2019). They are cheap (van den Berg, 2018). "
            "Asthma is common (World Health Organization, 2021). Deaths (3) and relapses (4) were few."
        )
        assert [key for _, value in cite(nlp, body, NAMED) for key in value.keys] == [
            "Hart 2019",
            "Keating 2019",
            "van den Berg 2018",
            "World Health Organization 2021",
        ]

    def test_superscripts_that_a_converter_glued_to_the_text(self, nlp: Language) -> None:
        body = (
            "Steroids help.1,2 They are cheap,3-6 as we know. Three studies7,8 and one study9 agree. "
            "Moss et al.10 did not. In phase 2, grade3 events fell by 25%.11,12 No. 5 was lost."
        )
        assert numbers(nlp, body) == [(1, 2), (3, 4, 5, 6), (7, 8), (9,), (10,), (11, 12)]

    def test_numbers_glued_to_words_are_none_where_the_document_cites_otherwise(self, nlp: Language) -> None:
        body = "Steroids help (1-9). They are cheap (10-18). They lower interleukin6 and factor8.4 In all (19)."
        assert numbers(nlp, body)[-1] == (19,)
        assert len(numbers(nlp, body)) == 3


class TestList:
    """What a citation may be is settled by the reference list."""

    def test_numbers_beyond_the_list_are_none(self, nlp: Language) -> None:
        assert numbers(nlp, "Steroids help (5). In all (64) came, of them (5, 21) late.") == [(5,)]

    def test_a_list_that_was_read_in_part_takes_nothing_away(self, nlp: Language) -> None:
        body = " ".join(f"Steroids help ({number})." for number in range(1, 31))
        assert numbers(nlp, body) == [(number,) for number in range(1, 31)]

    @pytest.mark.parametrize(
        ("body", "quote", "found"),
        [
            ("Steroids help (Hart and Moss, 2019).", "Hart and Moss, 2019", (1,)),
            ("Steroids help (Keating et al., 2019).", "Keating et al., 2019", (2,)),
            ("Keating et al. (2019) disagree.", "Keating et al. (2019)", (2,)),
            ("Keating et al (2019) disagree.", "Keating et al (2019)", (2,)),
            ("Keating and colleagues (2019) disagree.", "Keating and colleagues (2019)", (2,)),
            ("Steroids help (see also van den Berg, 2018).", "van den Berg, 2018", (5,)),
            ("Van den Berg (2018) disagrees.", "Van den Berg (2018)", (5,)),
            ("It is common (World Health Organization, 2021).", "World Health Organization, 2021", (6,)),
            ("It is common (WHO, 2021).", "WHO, 2021", (6,)),
            ("Steroids help (Keating & Pardo, 2020b).", "Keating & Pardo, 2020b", (4,)),
            ("Steroids help (Keating & Pardo, 2020).", "Keating & Pardo, 2020", (4,)),
            ("Recently Keating et al. (2019) disagreed.", "Keating et al. (2019)", (2,)),
            ("In Keating et al. (2019), all did.", "Keating et al. (2019)", (2,)),
            ("Steroids help (Keating & Pardo, 2020a,b).", "Keating & Pardo, 2020a,b", (3, 4)),
        ],
    )
    def test_author_and_year_lead_to_the_one_entry_they_can_mean(
        self, nlp: Language, body: str, quote: str, found: tuple[int, ...]
    ) -> None:
        assert [(text, value.numbers) for text, value in cite(nlp, body, NAMED)] == [(quote, found)]

    def test_several_years_of_one_author(self, nlp: Language) -> None:
        assert [value for _, value in cite(nlp, "Steroids help (Keating et al., 2019, 2020).", NAMED)] == [
            Citation((2,), ("Keating 2019",)),
            Citation((), ("Keating 2020",)),
        ]

    @pytest.mark.parametrize("body", ["Steroids help (Keating et al., 2020).", "Steroids help (Lund et al., 2017)."])
    def test_what_leads_to_several_entries_or_to_none_stays_unresolved(self, nlp: Language, body: str) -> None:
        ((_, value),) = cite(nlp, body, NAMED)
        assert value.numbers == ()
        assert len(value.keys) == 1

    def test_a_name_and_a_year_that_the_list_does_not_know_are_no_citation(self, nlp: Language) -> None:
        assert cite(nlp, "It was approved (Food and Drug Agency, 2017), as Geneva (2016) was.", NAMED) == []

    def test_a_word_that_opens_the_sentence_is_no_name(self, nlp: Language) -> None:
        assert cite(nlp, "Recently Lund et al. (2017) disagreed.", NAMED) == [
            ("Lund et al. (2017)", Citation((), ("Lund 2017",)))
        ]

    def test_a_particle_that_opens_the_sentence_is_a_part_of_the_name(self, nlp: Language) -> None:
        assert cite(nlp, "De Lund et al. (2017) disagreed.", NAMED)[0][1].keys == ("De Lund 2017",)

    def test_numbers_printed_behind_author_and_year_are_theirs(self, nlp: Language) -> None:
        body = "Steroids help (1-9). They are cheap [Lund et al., 2017, (10)]. More (11-19)."
        assert cite(nlp, body)[1] == ("Lund et al., 2017, (10)", Citation((10,), ("Lund 2017",)))


class TestTables:
    """In a table a column of references or studies cites; numbers behind numbers are counts and ranges."""

    TABLE = "Table 1. Trials\n\nStudy\tPatients\tMen\tReferences\n{}"

    def cells(self, nlp: Language, *rows: str, body: str = "Steroids help (1-9).") -> list[tuple[int, ...]]:
        table = self.TABLE.format("\n".join("\t".join(row.split("|")) for row in rows))
        return numbers(nlp, f"{body}\n\n{table}")[1:]

    def test_bare_and_bracketed_numbers_under_references(self, nlp: Language) -> None:
        assert self.cells(nlp, "AIR-1|12|8 (67)|4", "AIR-2|14|9 (64)|(5, 6)", "AIR-3|9|3 (33)|[7]") == [
            (4,),
            (5, 6),
            (7,),
        ]

    def test_numbers_behind_the_name_of_a_study(self, nlp: Language) -> None:
        assert self.cells(nlp, "Lund et al. (4)|12|8 (67)|", "AIR-2 (5)|14 (9-15)|9 (64)|") == [(4,), (5,)]

    def test_counts_alone_in_brackets_are_none(self, nlp: Language) -> None:
        assert self.cells(nlp, "AIR-1|12|(8)|", "AIR-2|Breast (9)|10 (5)|") == []

    def test_author_and_year_without_brackets(self, nlp: Language) -> None:
        table = self.TABLE.format("Keating 2019\t12\t8\t\nHart and Moss 2019\t14\t9\t")
        assert numbers(nlp, f"Steroids help.\n\n{table}", NAMED) == [(2,), (1,)]

    def test_sentences_in_cells_cite_as_prose_does(self, nlp: Language) -> None:
        assert self.cells(nlp, "AIR-1|12|The effect was lost in all older people (4)|") == [(4,)]


def test_a_bracketed_citation_is_no_count(nlp: Language) -> None:
    doc = make_doc(
        nlp, parse_text(f"# Asthma\n\n## Results\n\nIn a report (5) patients slept.\n\n## References\n\n{NUMBERED}")
    )
    assert [value.numbers for _, _, value in values(doc, "citations")] == [(5,)]
    assert list(values(doc, "counts")) == []
