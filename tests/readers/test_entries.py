"""One entry of a reference list: its authors, title, journal, year and identifiers in every usual style."""

from __future__ import annotations

import pytest

from extract.readers.entries import parse_entry

from .making_references import HART, LEE, references


@pytest.mark.parametrize(
    ("style", "entry"),
    [
        ("Frontiers", "Hart AB, Moss C, et al. Steroids in asthma. *Chest J*. (2019) 4:12–9. doi: 10.5555/chest.012"),
        ("Vancouver", "Hart AB, Moss C. Steroids in asthma. Chest J. 2019 Mar;4(2):12-9. doi: 10.5555/chest.012."),
        ("JAMA", "Hart AB, Moss C; AIR Group. Steroids in asthma. *Chest J*. 2019;4(2):12-19. doi:10.5555/chest.012"),
        (
            "Springer",
            "Hart AB, Moss C et al (2019) Steroids in asthma. Chest J 4(2):12–19. https://doi.org/10.5555/chest.012",
        ),
        ("PLOS", "Hart AB, Moss C (2019) Steroids in asthma. Chest J 4: e12. doi:10.5555/chest.012"),
        ("Cureus", "Hart AB, Moss C, et al.: Steroids in asthma. Chest J. 2019, 4:12-9. 10.5555/chest.012"),
        (
            "MDPI",
            "Hart, A.B.; Moss, C. Steroids in asthma. *Chest J.* **2019**, *4*, 12. doi:10.5555/chest.012 [CrossRef]",
        ),
        (
            "Nature",
            "Hart, A. B. & Moss, C. Steroids in asthma. *Chest J* **4**, 12–19 (2019). https://doi.org/10.5555/chest.012",
        ),
        (
            "APA",
            "Hart, A. B., & Moss, C. (2019). Steroids in asthma. *Chest J*, *4*(2), 12–19. https://doi.org/10.5555/chest.012",
        ),
        (
            "Harvard",
            "Hart, A.B., Moss, C., 2019. Steroids in asthma. Chest J 4, 12–19. https://doi.org/10.5555/chest.012",
        ),
        (
            "Cell",
            "Hart, A.B., and Moss, C. (2019). Steroids in asthma. Chest J 4, 12–19. https://doi.org/10.5555/chest.012.",
        ),
        (
            "Elsevier",
            "A.B. Hart, C. Moss, Steroids in asthma, Chest J 4 (2019) 12–19. https://doi.org/10.5555/chest.012",
        ),
    ],
)
def test_the_fields_of_every_usual_style(style: str, entry: str) -> None:
    (found,) = references(f"1. {entry}")
    assert (found.first_author, found.title, found.journal, found.year) == (
        "Hart",
        "Steroids in asthma",
        "Chest J",
        2019,
    )
    assert found.doi == "10.5555/chest.012"
    assert found.note is None


@pytest.mark.parametrize(
    ("entry", "author"),
    [
        ("van den Berg E, Lee D. Asthma. Chest. 2019;4:1.", "van den Berg"),
        ("De Lorenzo P. Asthma. Chest. 2019;4:1.", "De Lorenzo"),
        ("O'Connor D, Lee D. Asthma. Chest. 2019;4:1.", "O'Connor"),
        ("García-López M, Lee D. Asthma. Chest. 2019;4:1.", "García-López"),
        ("Dalle J-H, Lee D. Asthma. Chest. 2019;4:1.", "Dalle"),
        ("Hart AB Jr, Lee D. Asthma. Chest. 2019;4:1.", "Hart"),
        ("Doi, M., Lee, D., 2019. Asthma. Chest 4, 1-5.", "Doi"),
        ("World Asthma Organization. Asthma. 2019. Available at: https://wao.example", "World Asthma Organization"),
        ("Global Asthma Network (2019). Available online at: https://gan.example", "Global Asthma Network"),
        ("GBA 2017 Collaborators (2018) Global burden. Lancet 392(10159):1923-1994.", "GBA 2017 Collaborators"),
    ],
)  # fmt: skip
def test_people_and_groups_as_first_author(entry: str, author: str) -> None:
    assert references(f"1. {entry}")[0].first_author == author


@pytest.mark.parametrize(
    ("entry", "title", "journal"),
    [
        ("Hart A. Which dose? A trial. Chest. 2019;4:1.", "Which dose? A trial", "Chest"),
        ("Hart A. Low vs. high dose. Chest. 2019;4:1.", "Low vs. high dose", "Chest"),
        ("Hart A. 2016 guideline for asthma. Eur Respir J. 2017;4:1.", "2016 guideline for asthma", "Eur Respir J"),
        ("Hart, A. Asthma today. Am. J. Respir. Med. 2019, 4, 1.", "Asthma today", "Am. J. Respir. Med"),
        ("Hart A. Asthma in Chad. A survey. Chest. 2019;4:1.", "Asthma in Chad. A survey", "Chest"),
        ("Hart A. Vitamin D. Chest. 2019;4:1.", "Vitamin D", "Chest"),
    ],
)  # fmt: skip
def test_where_a_title_ends_and_the_journal_begins(entry: str, title: str, journal: str) -> None:
    found = parse_entry(entry)
    assert (found.title, found.journal) == (title, journal)


@pytest.mark.parametrize("printed", ["PMID: 12345678", "PMID 12345678", "[PubMed: 12345678]", "PubMed PMID: 12345678.",
                                     "https://pubmed.ncbi.nlm.nih.gov/12345678/"])  # fmt: skip
def test_the_pubmed_id(printed: str) -> None:
    found = parse_entry(f"{HART}. {printed}")
    assert (found.pmid, found.doi) == ("12345678", "10.5555/chest.2019.012")


def test_a_pubmed_central_id_is_no_pubmed_id() -> None:
    assert parse_entry(f"{HART} PMCID: PMC1234567").pmid is None


class TestDois:
    """A DOI is kept as printed; what cannot be right is flagged and not mended."""

    @pytest.mark.parametrize(
        ("printed", "doi"),
        [
            ("doi: 10.5555/chest.2019.012", "10.5555/chest.2019.012"),
            ("doi:10.5555/chest.2019.012.", "10.5555/chest.2019.012"),
            ("DOI 10.5555/S0140-6736(07)61126-X", "10.5555/S0140-6736(07)61126-X"),
            ("(https://doi.org/10.5555/a(1)b)", "10.5555/a(1)b"),
            ("<https://dx.doi.org/10.5555/a.1>", "10.5555/a.1"),
            ("https://doi.org/10.5555/a.1. PMID: 1234567", "10.5555/a.1"),
            ("doi:10.5555/a.1;PMID:1234567", "10.5555/a.1"),
            ("10.5555/a.1 [CrossRef] [PubMed]", "10.5555/a.1"),
        ],
    )
    def test_without_its_address_and_final_punctuation(self, printed: str, doi: str) -> None:
        found = parse_entry(f"Hart AB. Steroids. Chest. (2019) 4:12. {printed}")
        assert (found.doi, found.note) == (doi, None)

    @pytest.mark.parametrize(
        ("printed", "doi", "doubt"),
        [
            ("doi: 10.5555/ chest.2019.012", "10.5555/ chest.2019.012", "space inside"),
            ("doi: 10.5555/chest. 2019.0125", "10.5555/chest. 2019.0125", "space inside"),
            ("doi: 1O.5555/chest.012", "1O.5555/chest.012", "no prefix"),
            ("doi: 10.5555", "10.5555", "not of the form"),
            ("doi: 10.5555/chest.2019-", "10.5555/chest.2019-", "cut off"),
            ("doi: 10.5555/10.5555/chest.1", "10.5555/10.5555/chest.1", "two in one"),
        ],
    )
    def test_that_looks_garbled_is_flagged(self, printed: str, doi: str, doubt: str) -> None:
        found = parse_entry(f"Hart AB. Steroids. Chest. (2019) 4:12. {printed}")
        assert found.doi == doi
        assert (found.note or "").startswith("DOI looks garbled")
        assert doubt in (found.note or "")

    def test_that_two_entries_share_is_flagged_in_both(self) -> None:
        found = references(
            f"1. {HART}", f"2. {LEE}", "3. Noor F. Asthma. Thorax. 2021;6:3. doi: 10.5555/chest.2019.012"
        )
        assert [each.note for each in found] == ["DOI also printed for 3", None, "DOI also printed for 1"]

    def test_that_differs_in_a_letter_from_those_of_its_journal_is_flagged(self) -> None:
        entries = [
            f"{n}. Hart AB. Part {n}. Chest. 2019;4:{n}. doi: 10.5555/{'chast' if n == 2 else 'chest'}.{n}"
            for n in (1, 2, 3)
        ]
        notes = [each.note for each in references(*entries)]
        assert notes == [None, "DOI looks garbled: 10.5555/chast where the journal has 10.5555/chest", None]

    def test_that_is_not_printed_is_none(self) -> None:
        assert parse_entry("Hart AB. Steroids. Chest. (2019) 4:12.").doi is None
