"""Citations: named authors, trials and designs that are not those of the reference, and numbers out of the list."""

from __future__ import annotations

import pytest

from extract.records import Finding

from .checking import findings

ENTRIES = (
    "Hart AB, Moss C. Early use of valdorine. J Invent Med. 2011;1:1-9.",
    "Quillon D, Marsh E, Zell K. Combined therapy in adults. J Invent Med. 2012;2:10-19.",
    "van der Berg F, Hale G. Schedules compared. J Invent Med. 2013;3:20-29.",
    "Müller H, Ito K. Older patients. J Invent Med. 2014;4:30-39.",
    "Lopez-Yurda M, Ito K. Valdorine or placebo: the HERON trial. J Invent Med. 2015;5:40-49.",
    "European Heart Group. Recommendations on valdorine. J Invent Med. 2016;6:50-59.",
    "Tessaro L, Hale G. Frail patients. J Invent Med. 2017;7:60-69.",
    "Hart AB, Cole P. Late effects of cardoxane. J Invent Med. 2019;8:70-79.",
    "Underhill M, Quillon D. Valdorine in young children: a case series. J Invent Med. 2020;9:80-89.",
    "Li FR, Wang Z. Blood pressure and valdorine. J Invent Med. 2021;10:90-99.",
    "Eriksen Ø, Holm T. Survival with cardoxane: the EGRET trial. J Invent Med. 2021;11:1-9.",
    "Bell S, Kwan P. Lumetinib in asthma. J Invent Med. 2022;12:1-9.",
)
CITED = "Work on this has been done for a long time [1-12]. It was small at first [1]. It then grew [2,3].\n\n"


def review(text: str, entries: tuple[str, ...] = ENTRIES, cited: str = CITED) -> str:
    """A text above the numbered list."""
    numbered = "\n".join(f"{number}. {entry}" for number, entry in enumerate(entries, start=1))
    return f"{cited}{text}\n\n## References\n\n{numbered}\n"


def found(text: str, check: str = "citation_mismatch", **parts: object) -> list[Finding]:
    return findings(review(text, **parts), check)  # type: ignore[arg-type]


class TestNamedAuthors:
    """The author named beside a citation is the first author of the reference."""

    @pytest.mark.parametrize(
        ("text", "quote", "correction"),
        [
            ("Tessaro et al. [4] studied frail patients.", "Tessaro et al. [4]", "7"),
            ("Tessaro and colleagues [4] studied frail patients.", "Tessaro and colleagues [4]", "7"),
            ("Frail patients were studied by Tessaro et al. (2017) [4].", "Tessaro et al. (2017) [4]", "7"),
            ("As Tessaro et al. [4,12] showed, it was safe.", "Tessaro et al. [4,12]", "7"),
            ("The schedules of van der Berg et al. [4] differ.", "van der Berg et al. [4]", "3"),
            ("Mueller et al. [3] treated older patients.", "Mueller et al. [3]", "4"),
            ("Eriksen and Holm [3] treated older patients.", "Eriksen and Holm [3]", "11"),
            ("Hart et al. (2019) [4] described late effects.", "Hart et al. (2019) [4]", "8"),
            ("Hart et al. [4] described effects.", "Hart et al. [4]", "1 or 8"),
            ("The finding of Tessaro et al.'s meta-analysis [4] was new.", "Tessaro et al.'s meta-analysis [4]", "7"),
        ],
    )
    def test_another_first_author(self, text: str, quote: str, correction: str) -> None:
        (told,) = found(text)
        assert told.severity == "inconsistent"
        assert told.correction == correction
        assert told.quote in quote
        assert told.quote.split()[0] == quote.split()[0]

    def test_in_a_table(self) -> None:
        text = (
            "| Study | Patients |\n|---|---|\n| Tessaro [4] | 120 |\n| Underhill et al. [9] | 80 |\n| Hart [1] | 70 |\n"
        )
        (told,) = found(text)
        assert (told.severity, told.correction) == ("inconsistent", "7")

    def test_at_the_end_of_what_is_reported(self) -> None:
        (told,) = found("In 2017, Tessaro et al. reported on 120 frail patients who received valdorine [4].")
        assert (told.severity, told.quote, told.correction) == ("inconsistent", "Tessaro et al.", "7")
        (told,) = found("A study conducted by Tessaro et al. in 120 patients concluded that it was safe [4].")
        assert told.correction == "7"

    def test_a_later_author_is_in_doubt_only(self) -> None:
        (told,) = found("Quillon et al. [9] treated children.")
        assert (told.severity, told.correction) == ("suspicious", "2")
        assert told.assumes is not None

    def test_an_author_of_no_reference(self) -> None:
        (told,) = found("Prescott et al. [4] treated older patients.")
        assert (told.severity, told.correction) == ("suspicious", None)

    @pytest.mark.parametrize(
        "text",
        [
            "Tessaro et al. [7] studied frail patients.",
            "Tessaro et al. [4,7] studied frail patients.",
            "Tessaro et al. [4], [7] studied frail patients.",
            "Tessaro L et al. [7] studied frail patients.",
            "L. Tessaro and co-workers [7] studied frail patients.",
            "Van der Berg et al. [3] compared schedules. Berg et al. [3] did it first.",
            "Muller et al. [4], Mueller et al. [4] and Müller et al. [4] are one.",
            "Lopez-Yurda et al. [5] and Yurda et al. [5] are one. So is Lopez Yurda et al. [5].",
            "Eriksen et al. [11] treated adults.",
            "Marsh et al. [2] treated adults.",
            "Fu-Rong et al. [10] measured blood pressure.",
            "Tesaro et al. [7] studied frail patients.",
            "Recently Tessaro et al. [7] studied frail patients.",
            "Hart et al. and Tessaro et al. [1,7] agree. Hart et al., Tessaro et al. [7] agree.",
            "Hart and Tessaro [1] agree. Moss and Hart [1] agree.",
            "The European Heart Group [6] recommends it.",
            "It is the fifth most common cancer in Europe [3].",
            "Tessaro et al. and others [4] studied it.",
            "Tessaro et al. found more than was known of older patients [4].",
            "Tessaro et al. reported good results, whereas survival was poor in older patients [4].",
            "In contrast to Tessaro et al., survival was poor in older patients [4].",
            "Tessaro et al. [7] studied frail patients. Tessaro et al. also reported on survival in the old [4].",
            "Since Tessaro et al. reported on frail patients, survival has improved in older patients [4].",
            "Survival of 12 patients (Tessaro et al.) was poor. It was better in older patients [4].",
            "Tessaro et al. reported on 120 patients. Older patients were left out [4].",
        ],
    )
    def test_right(self, text: str) -> None:
        assert found(text) == []

    def test_author_and_year_alone_say_nothing(self) -> None:
        entries = "\n\n".join(
            f"{entry.split('. ')[0]} ({2010 + n}). Title of it. J Med, 1, 1-9." for n, entry in enumerate(ENTRIES)
        )
        said = "Hart et al. (2010) and Quillon (2011) agree (Tessaro et al., 2016; Hart, 2012)."
        text = f"{said}\n\n## References\n\n{entries}\n"
        assert [each for each in findings(text) if each.check_name.startswith(("citation", "reference"))] == []

    def test_a_list_read_wrongly_says_nothing(self) -> None:
        text = "Hart et al. [2], Quillon et al. [3], Müller et al. [5] and Tessaro et al. [8] studied it."
        assert found(text) == []


class TestCitedStudies:
    """A trial or a design that is not the reference's."""

    def test_a_phase_study_is_no_case_series(self) -> None:
        (told,) = found("In the European phase I dose-finding study of valdorine, 25 patients were included [9].")
        assert told.severity == "inconsistent"
        assert told.quote == "phase I dose-finding study"

    def test_the_title_of_another_reference_names_the_trial(self) -> None:
        text = "HERON and EGRET are trials. In the HERON trial, survival was better with valdorine [11]."
        (told,) = found(text)
        assert (told.severity, told.correction) == ("suspicious", "5")

    @pytest.mark.parametrize(
        "text",
        [
            "In a series of 25 children, valdorine was well tolerated [9].",
            "After the phase I study of valdorine, a case series followed [9].",
            "Valdorine was safe in children [9], as in the phase I study of adults [1].",
            "In the HERON trial, survival was better with valdorine [5].",
            "The HERON trial was designed on the basis of early work [1].",
            "Unlike in the HERON trial [5], it was worse in the EGRET trial [11].",
            "In the HERON trial and the EGRET trial, survival was better [11].",
        ],
    )
    def test_right(self, text: str) -> None:
        assert found(text) == []


class TestBeyondList:
    """No citation is above the last number."""

    @pytest.mark.parametrize(
        ("text", "quote"),
        [
            ("A meta-analysis pooled all of them [26].", "[26]"),
            ("Survival was better [5,13].", "[5,13]"),
            ("Survival was better [11-14].", "[11-14]"),
            ("Prescott et al. [13] found more.", "[13]"),
        ],
    )
    def test_beyond(self, text: str, quote: str) -> None:
        (told,) = found(text, "citation_beyond_list")
        assert (told.severity, told.quote) == ("impossible", quote)
        assert "12" in told.message

    def test_beyond_in_round_brackets(self) -> None:
        cited = CITED.replace("[", "(").replace("]", ")")
        (told,) = found("A meta-analysis pooled all of them (26).", "citation_beyond_list", cited=cited)
        assert told.quote == "(26)"

    @pytest.mark.parametrize(
        "text",
        [
            "Survival was better [12].",
            "The mean age was 57 [51-63] years, the median score [42-58].",
            "The median age [44-61] was the same.",
            "Response was seen in 20 of 25 patients (26).",
            "See equation [26]. The dose was 13 [26] mg.",
        ],
    )
    def test_no_citation(self, text: str) -> None:
        assert found(text, "citation_beyond_list") == []

    @pytest.mark.parametrize(
        "text", ["Survival was better in women (26).", "Of these (26), most were better. There were more (40) of them."]
    )
    def test_counts_in_round_brackets(self, text: str) -> None:
        cited = CITED.replace("[", "(").replace("]", ")")
        assert found(text, "citation_beyond_list", cited=cited) == []

    def test_a_list_with_a_gap_says_nothing(self) -> None:
        text = review("Survival was better [26].").replace(
            "\n7. Tessaro L, Hale G. Frail patients. J Invent Med. 2017;7:60-69.", ""
        )
        assert findings(text, "citation_beyond_list") == []


class TestNeverCited:
    """Every entry is cited."""

    SOME = "Work on this has been done for a long time [1-6,8-12]. It was small at first [1].\n\n"

    def test_one_is_not(self) -> None:
        (told,) = found("It then grew.", "reference_never_cited", cited=self.SOME)
        assert (told.severity, told.quote) == ("suspicious", "7. Tessaro")

    @pytest.mark.parametrize(
        "text",
        [
            "It then grew [7].",
            "It then grew [5-8].",
            "It was known to Tessaro et al. before.",
            "| Study | Patients | Reference |\n|---|---|---|\n| Frail | 120 | 7 |\n| Old | 80 | 4 |\n",
            "Figure 1. Frail patients. Adapted with permission [7].",
            "It then grew [5] to [9].",
        ],
    )
    def test_cited_somewhere(self, text: str) -> None:
        assert found(text, "reference_never_cited", cited=self.SOME) == []

    def test_where_several_are_missing_nothing_is_said(self) -> None:
        cited = "Work on this has been done for a long time [1-6]. It was small at first [1]. It grew [2].\n\n"
        assert found("It then grew.", "reference_never_cited", cited=cited) == []
