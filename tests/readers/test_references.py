"""The reference list becomes rows: lost and restarting numbers, split and run-on entries, hard-wrapped lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.document import BlockKind, Document
from extract.readers import parse_text

from .making_references import HART, LEE, NOOR, OSEI, PAGE, TOP, read_list, references


def authors(*lines: str) -> list[tuple[int, str | None]]:
    return [(each.number, each.first_author) for each in references(*lines)]


@pytest.mark.parametrize("form", ["{}. ", "[{}] ", "({}) ", "{}) ", "{} ", "{}.\n", "[{}]\n"])
def test_the_number_in_every_usual_form(form: str) -> None:
    lines = [form.format(number) + entry for number, entry in enumerate([HART, LEE, NOOR], start=1)]
    assert authors(*lines) == [(1, "Hart"), (2, "Lee"), (3, "Noor")]


class TestNumbers:
    def test_are_counted_by_place_in_a_list_without_them(self) -> None:
        assert authors(f"- {HART}", f"- {LEE}", f"- {NOOR}") == [(1, "Hart"), (2, "Lee"), (3, "Noor")]

    def test_that_are_lost_for_the_first_entries_are_counted_up_to_the_first_printed_one(self) -> None:
        assert authors(f"- {HART}", f"- {LEE}", f"3. {NOOR}", f"4. {OSEI}") == [
            (1, "Hart"),
            (2, "Lee"),
            (3, "Noor"),
            (4, "Osei"),
        ]

    def test_that_are_lost_inside_the_list_are_counted_between_their_neighbours(self) -> None:
        assert authors(f"1. {HART}", LEE, f"3. {NOOR}", f"4. {OSEI}") == [
            (1, "Hart"),
            (2, "Lee"),
            (3, "Noor"),
            (4, "Osei"),
        ]

    def test_that_skip_are_kept_as_printed(self) -> None:
        assert authors(f"1. {HART}", f"2. {LEE}", f"7. {NOOR}") == [(1, "Hart"), (2, "Lee"), (7, "Noor")]

    def test_that_restart_are_counted_by_place_and_flagged(self) -> None:
        found = references(f"1. {HART}", f"2. {LEE}", f"1. {NOOR}", f"2. {OSEI}")
        assert [each.number for each in found] == [1, 2, 3, 4]
        assert [each.note is not None and "restart" in each.note for each in found] == [False, False, True, True]

    def test_that_belong_to_no_entry_are_passed_over(self) -> None:
        assert authors(f"1. {HART}", f"21. {LEE}", f"2. {NOOR}", f"3. {OSEI}")[-2:] != [(22, "Noor"), (23, "Osei")]


class TestPieces:
    def test_of_an_entry_cut_by_a_column_are_put_together(self) -> None:
        found = references(
            "- Hart AB, Moss C. Steroids and other inhaled drugs in the treatment of",
            "- severe asthma. Chest. (2019) 4:12-9. doi: 10.5555/chest.2019.012",
            f"2. {LEE}",
            f"3. {NOOR}",
        )
        assert [each.number for each in found] == [1, 2, 3]
        assert found[0].title == "Steroids and other inhaled drugs in the treatment of severe asthma"
        assert found[0].doi == "10.5555/chest.2019.012"

    def test_that_begin_with_a_volume_or_a_doi_belong_to_the_entry_before(self) -> None:
        found = references(
            "1. Hart AB. Steroids in asthma. Chest.", "2019;4:12-9.", "doi: 10.5555/chest.12", f"2. {LEE}"
        )
        assert (found[0].year, found[0].doi) == (2019, "10.5555/chest.12")
        assert [each.number for each in found] == [1, 2]

    def test_entries_that_run_on_in_one_line_are_set_apart(self) -> None:
        assert authors(f"1. {HART} 2. {LEE} 3. {NOOR}", f"4. {OSEI}") == [
            (1, "Hart"),
            (2, "Lee"),
            (3, "Noor"),
            (4, "Osei"),
        ]

    def test_entries_without_numbers_that_run_on_are_set_apart(self) -> None:
        hart = "Hart, A. B. (2019). Steroids in asthma. Chest, 4, 12-19. https://doi.org/10.5555/chest.012"
        lee = "Lee, D., & Moss, C. (2020). SMART, a trial of one inhaler. Lancet, 5, 1-7."
        assert authors(f"{hart} {lee}") == [(1, "Hart"), (2, "Lee")]

    def test_a_list_cut_by_other_sections_reads_on(self) -> None:
        found = references(f"1. {HART}", f"2. {LEE}", "", "## Funding", "", "None.", "", f"3. {NOOR}")
        assert [(each.number, each.first_author) for each in found] == [(1, "Hart"), (2, "Lee"), (3, "Noor")]

    def test_the_span_is_the_entry_with_its_number(self) -> None:
        document = read_list(f"1. {HART}", f"2. {LEE}")
        assert [document.text[slice(*each.span)] for each in document.references] == [f"1. {HART}", f"2. {LEE}"]

    def test_the_publishers_words_are_no_part_of_the_last_entry(self) -> None:
        document = read_list(f"1. {HART}", f"2. {LEE} Publisher's Note The publisher remains neutral.")
        assert document.text[slice(*document.references[1].span)].rstrip() == f"2. {LEE}"


def test_a_list_that_has_lost_its_heading_is_found_at_the_end() -> None:
    entries = [f"{number}. {entry}" for number, entry in enumerate([HART, LEE, NOOR, OSEI, HART], start=1)]
    assert len(read_list(*entries, heading="").references) == 5


def test_a_document_without_a_list_has_no_references() -> None:
    assert parse_text(TOP).references == ()


class TestHardWrapped:
    """Printed lines: an entry begins where the next number or a new author stands at the start of a line."""

    @staticmethod
    def read(*lines: str) -> Document:
        return parse_text(PAGE + "=== page 2 ===\nReferences\n" + "\n".join(lines))

    def test_numbered_entries(self) -> None:
        document = self.read(
            "1. Hart AB, Moss C. Steroids in asthma and in other",
            "diseases of the airways. Chest. 2019;4:12-",
            "9. doi:10.5555/chest.2019.012",
            "2. Lee D, Moss C. Asthma in cities. Lancet. 2020;5:1-7.",
            "3. Noor F. Spirometry at home. Thorax. 2021;6:30-8.",
        )
        assert [(each.number, each.first_author) for each in document.references] == [
            (1, "Hart"),
            (2, "Lee"),
            (3, "Noor"),
        ]
        assert document.references[0].title == "Steroids in asthma and in other diseases of the airways"
        assert document.references[0].doi == "10.5555/chest.2019.012"

    def test_the_heading_needs_no_blank_line_before_it(self) -> None:
        page = PAGE.rstrip() + "\nORCID\nAnn Hart https://orcid.example/0000-0003\n"
        document = parse_text(page + f"REFERENCES\n1. {HART}\n2. {LEE}\n3. {NOOR}\n")
        assert [each.first_author for each in document.references] == ["Hart", "Lee", "Noor"]

    def test_entries_by_author_and_year(self) -> None:
        document = self.read(
            "Hart, A. B., Moss, C., van den Berg, E., Pardo, H.,",
            "Osei, G., & Lee, D. (2019). Steroids in asthma and in",
            "other diseases. Chest, 4(2), 12-19. https://",
            "doi.org/10.5555/chest.012",
            "Lee, D., & Moss, C. (2020). Asthma in cities. Lancet, 5,",
            "1-7. https://doi.org/10.5555/lancet.001",
        )
        assert [(each.number, each.first_author, each.year) for each in document.references] == [
            (1, "Hart", 2019),
            (2, "Lee", 2020),
        ]

    @pytest.mark.parametrize(
        ("lines", "doi"),
        [
            (["https://doi.org/10.5555/s1084", "0-022-01342-6"], "10.5555/s10840-022-01342-6"),
            (["https://doi.org/10.5555/jmor.", "20691"], "10.5555/jmor.20691"),
            (["https://doi.org/10.", "5555/j.hroo.2022.08.004"], "10.5555/j.hroo.2022.08.004"),
            (["doi:10.5555/eurhe", "artj/ehac445"], "10.5555/eurheartj/ehac445"),
        ],
    )
    def test_a_doi_that_runs_over_a_line_end_is_read_on_and_noted(self, lines: list[str], doi: str) -> None:
        others = [f"{number}. {entry}" for number, entry in enumerate([LEE, NOOR, OSEI, HART], start=2)]
        document = self.read("1. Hart AB. Steroids in asthma. Chest. 2019;4:12-9.", *lines, *others)
        assert (document.references[0].doi, document.references[0].note) == (doi, "DOI runs over a line end")

    def test_a_page_number_after_a_doi_is_no_part_of_it(self) -> None:
        document = self.read(
            "1. Hart AB. Steroids in asthma. Chest. 2019;4:12-9.", "doi:10.5555/chest.12", "46", f"2. {LEE}"
        )
        assert document.references[0].doi == "10.5555/chest.12"

    def test_an_address_on_a_line_of_its_own_stays_in_its_entry(self) -> None:
        document = self.read(
            f"1. {HART}", f"2. {NOOR.split(' doi')[0]}", "https://doi.org/10.5555/thorax.030", f"3. {LEE}"
        )
        assert document.references[1].doi == "10.5555/thorax.030"

    def test_short_lines_of_entries_are_no_table_cells(self) -> None:
        document = self.read(
            "1. Hart AB. Steroids in",
            "asthma. Chest 2019;",
            "4:12-9.",
            "",
            "2. Lee D. Asthma in",
            "cities. Lancet 2020;",
            "5:1-7.",
        )
        assert not [block for block in document.blocks if block.kind is BlockKind.TABLE]
        assert [each.first_author for each in document.references] == ["Hart", "Lee"]


NAMES = st.sampled_from(["Hart AB", "van den Berg E", "Lee D", "De Luca P", "O'Connor M", "Nguyen-Tran K"])
TITLES = st.sampled_from(
    ["Steroids in asthma", "A trial of two inhalers", "Does it help?", "Costs: a survey of 12 cities"]
)


@st.composite
def entries(draw: st.DrawFn) -> str:
    people = ", ".join(draw(st.lists(NAMES, min_size=1, max_size=4)))
    title, year = draw(TITLES), draw(st.integers(1960, 2025))
    stop = "" if title.endswith("?") else "."
    return f"{people}. {title}{stop} Chest. ({year}) {draw(st.integers(1, 400))}:{draw(st.integers(1, 2000))}-9."


@given(st.lists(entries(), min_size=2, max_size=30), st.sampled_from(["{}. ", "[{}] ", "{}) ", "- "]))
def test_every_entry_becomes_one_row_in_its_order(made: list[str], form: str) -> None:
    found = references(*(form.format(number) + entry for number, entry in enumerate(made, start=1)))
    assert [each.number for each in found] == list(range(1, len(made) + 1))
    for each, entry in zip(found, made, strict=True):
        assert entry.startswith(each.first_author or "no author")
        assert f"({each.year})" in entry
        assert (each.title or "no title") in entry


LINES = st.sampled_from(
    [f"1. {HART}", f"2. {LEE}", f"- {NOOR}", f"[3] {OSEI}", "References", "doi:10.5555/ab-", "cd.12", "12", "- ", "**",
     "=== page 3 ===", "words in lower case 2018;4:5", "Publisher's Note All words", "",
     "Hart, A. B. (2019). T. Chest, 4, 5."]
)  # fmt: skip


@given(st.lists(LINES, max_size=25), st.booleans())
def test_whatever_the_list_numbers_rise_and_what_is_printed_is_kept(lines: list[str], paged: bool) -> None:
    document = parse_text((PAGE if paged else TOP) + "References\n" + "\n".join(lines))
    numbers = [each.number for each in document.references]
    assert numbers == sorted(set(numbers))
    for each in document.references:
        printed = document.text[slice(*each.span)]
        assert printed
        assert each.first_author is None or each.first_author in printed
        assert each.year is None or str(each.year) in printed
        if each.doi is not None and "line end" not in (each.note or ""):
            assert each.doi in printed
