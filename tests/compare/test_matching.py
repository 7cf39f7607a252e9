"""Which studies of several reviews are one, and which only look alike."""

from __future__ import annotations

import pytest

from extract.records import ReferenceRow, Trial

from .making import Review, cited, compare, said, trial

OTHER = "Lumetinib for newly diagnosed myeloma in younger adults"


def matched(first: list[Trial | ReferenceRow], second: list[Trial | ReferenceRow]) -> list[tuple[str, ...]]:
    return [study.matched_by for study in compare(Review("a", *first), Review("b", *second))]


def test_by_registry_number_whatever_the_names() -> None:
    assert matched([trial("LAKE-06", "NCT00000011")], [trial("Shore", "NCT00000011")]) == [("registry id NCT00000011",)]


def test_a_malformed_number_matches_nothing() -> None:
    assert matched([trial("NCT000000112", "NCT000000112")], [trial("Shore", "NCT000000112")]) == []


@pytest.mark.parametrize("printed", ["10.5555/abc.1", "https://doi.org/10.5555/ABC.1", "doi: 10.5555/abc.1"])
def test_by_doi_however_it_is_printed(printed: str) -> None:
    first, second = cited(3, doi="10.5555/abc.1"), cited(7, doi=printed)
    assert matched([first], [second]) == [("DOI 10.5555/abc.1",)]


def test_by_doi_where_the_titles_are_worded_differently() -> None:
    first = cited(3, title="Effect of postinduction lumetinib", doi="10.5555/abc.1")
    second = cited(7, title="Effect of postremission lumetinib", doi="10.5555/abc.1")
    assert matched([first], [second]) == [("DOI 10.5555/abc.1",)]


def test_a_doi_printed_with_another_work_matches_nothing() -> None:
    first = cited(3, doi="10.5555/abc.1")
    second = cited(7, "Okafor", 2011, "Aspirin after stroke", doi="10.5555/abc.1")
    assert matched([first], [second]) == []


def test_by_pmid() -> None:
    assert matched([cited(3, pmid="31000001")], [cited(7, "Moreau-Lind", pmid="31000001")]) == [("PMID 31000001",)]


def test_by_author_year_and_title() -> None:
    assert matched([cited(3, doi="10.5555/abc.1")], [cited(7)]) == [("author, year and title",)]


def test_a_garbled_doi_is_no_other_work() -> None:
    (study,) = compare(Review("a", cited(3, doi="10.1002/psc.28718")), Review("b", cited(7, doi="10.1002/pbc.28718")))
    assert study.matched_by == ("author, year and title",)
    assert study.note == "its DOI is printed as 10.1002/psc.28718 and as 10.1002/pbc.28718"


def test_the_abstract_of_a_later_paper_is_another_work() -> None:
    assert matched([cited(3, doi="10.5555/blood-2019-125931")], [cited(7, doi="10.5555/blood.20190041")]) == []


@pytest.mark.parametrize(
    "other",
    [
        cited(7, year=2021),
        cited(7, "Moreno"),
        cited(7, title=OTHER),
        cited(7, title="Lumetinib for relapsed lymphoma in older adults: part two"),
        cited(7, year=None),
    ],
)
def test_references_that_look_alike(other: ReferenceRow) -> None:
    assert matched([cited(3)], [other]) == []


def test_short_titles_match_nothing() -> None:
    assert matched([cited(3, title="Acute leukaemia")], [cited(7, title="Acute leukaemia")]) == []


def test_by_name_however_it_is_written() -> None:
    assert matched([trial("LAKE-06")], [trial("Lake 06")]) == [("name LAKE-06",)]


def test_by_another_name() -> None:
    assert matched([trial("LAKE-06", aliases=["SHORE"])], [trial("SHORE")]) == [("name SHORE",)]


@pytest.mark.parametrize(
    ("one", "two"), [("AALL0232", "AALL0233"), ("LAKE-1", "LAKE-2"), ("LAKE", "LAKE+"), ("HERON", "HERONS")]
)
def test_near_names_are_other_trials(one: str, two: str) -> None:
    assert matched([trial(one)], [trial(two)]) == []


def test_a_family_is_not_its_member() -> None:
    assert matched([trial("LAKE")], [trial("LAKE"), trial("LAKE-06")]) == []


def test_one_name_with_different_numbers_is_two_trials() -> None:
    assert matched([trial("HERON", "NCT00000011")], [trial("HERON", "NCT00000022")]) == []


def test_a_trial_and_a_citation_of_its_report() -> None:
    first = Review("a", trial("LAKE-06"), cited(3, doi="10.5555/abc.1"), said("LAKE-06", refs=(3,)))
    second = Review("b", cited(7, doi="10.5555/abc.1"), said("ref:7"))
    (study,) = compare(first, second)
    assert (study.label, study.matched_by) == ("LAKE-06", ("DOI 10.5555/abc.1",))
    assert [line.status for line in study.lines] == ["agree"]


def test_a_reference_for_two_trials_is_that_of_neither() -> None:
    first = Review(
        "a",
        *(trial("LAKE-06"), trial("RIVER-2"), cited(3, title="A review of all trials of lumetinib", doi="10.5555/r.1")),
        *(said("LAKE-06", refs=(3,)), said("RIVER-2", value="70", refs=(3,))),
    )
    second = Review("b", cited(7, title="A review of all trials of lumetinib", doi="10.5555/r.1"), said("ref:7"))
    (study,) = compare(first, second)
    assert [each.own_name for each in study.reviews] == ["ref:3", "ref:7"]


def test_a_report_and_a_review_that_cites_it() -> None:
    report = Review("a", trial("NCT00000011"), said("NCT00000011", confidence="inferred"), doi="10.5555/abc.1")
    (study,) = compare(report, Review("b", cited(7, doi="10.5555/abc.1"), said("ref:7")))
    assert [line.status for line in study.lines] == ["agree"]


def test_results_of_several_sources_together_are_of_no_study() -> None:
    first = Review("a", cited(1, doi="10.5555/a.1"), cited(2, "Berg", doi="10.5555/a.2"), said("ref:1,2"))
    (study,) = compare(first, Review("b", cited(1, doi="10.5555/a.1"), said("ref:1")))
    assert [line.status for line in study.lines] == ["only"]


def test_a_citation_by_author_and_year() -> None:
    first = Review("a", cited(3, doi="10.5555/abc.1"), said("Moreau 2019"))
    second = Review("b", cited(7, doi="10.5555/abc.1"), said("ref:7"))
    (study,) = compare(first, second)
    assert (study.label, [line.status for line in study.lines]) == ("Moreau 2019", ["agree"])


def test_two_files_of_one_paper_are_one_review() -> None:
    title = "Lumetinib in all lymphomas: a long title"
    first = Review("a", cited(3, doi="10.5555/abc.1"), said("ref:3"), title=title)
    assert compare(first, Review("b", cited(3, doi="10.5555/abc.1"), said("ref:3"), title=title)) == []


def test_works_that_differ_are_told() -> None:
    first = Review("a", trial("LAKE-06"), cited(3, doi="10.5555/a.1"), said("LAKE-06", refs=(3,)))
    second = Review("b", trial("LAKE-06"), cited(7, title=OTHER, doi="10.5555/a.2"), said("LAKE-06", refs=(7,)))
    (study,) = compare(first, second)
    assert study.note == "the reviews cite different works for it"
