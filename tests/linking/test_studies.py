"""Whose result a value is. `{20%|KESTREL}` marks a value with the study that it belongs to, `{20%|}` one without."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from spacy.language import Language

from extract.linking import Found, Marks
from extract.linking.studies import Studies, StudyAt
from extract.linking.study_rows import link_studies
from extract.linking.trials import link_trials
from extract.pipeline import make_doc
from extract.readers import parse_text

_MARK = re.compile(r"\{(?P<value>[^|{}]+)\|(?P<study>[^{}]*)\}")
NUMBERED = "\n".join(
    [
        "1. Amann B, Beer C. Prognosis of asthma. Chest. (2011) 1:1-2. doi: 10.5555/chest.2011.001",
        "2. Castro D, Dahl E. Treatment of asthma in children. Chest. (2012) 2:3-4. doi: 10.5555/chest.2012.003",
        "3. Egede F, Fox G. Omalizumab: the KESTREL trial. Chest. (2013) 3:5-6. doi: 10.5555/chest.2013.005",
        "4. Grahl H, Hoi I. Bronchial thermoplasty in adults. Chest. (2014) 4:7-8. doi: 10.5555/chest.2014.007",
        "5. Imai J, Juhl K. Mepolizumab in exacerbating disease. Chest. (2015) 5:9-10. doi: 10.5555/chest.2015.009",
        "6. Kohl L, Lund M. Benralizumab without steroids. Chest. (2016) 6:11-12. doi: 10.5555/chest.2016.011",
        "7. Marsh N, Noor O. Tiotropium as an add-on. Chest. (2017) 7:13-14. doi: 10.5555/chest.2017.013",
    ]
)
NAMED = "\n\n".join(
    [
        "Amann, B., Beer, C., 2011. Prognosis of asthma. Chest 1, 1-2. https://doi.org/10.5555/chest.2011.001",
        "Castro, D., Dahl, E., 2012. Treatment of asthma in children. Chest 2, 3-4. https://doi.org/10.5555/chest.2012.003",
        "Egede, F., Fox, G., 2013. Omalizumab in severe asthma. Chest 3, 5-6. https://doi.org/10.5555/chest.2013.005",
        "Grahl, H., 2014. Bronchial thermoplasty in adults. Chest 4, 7-8. https://doi.org/10.5555/chest.2014.007",
    ]
)


def article(body: str, references: str, title: str) -> str:
    """A review in Markdown."""
    return (
        f"# {title}\n\n## Introduction\n\nAsthma is common.\n\n## Results\n\n{body}\n\n## References\n\n{references}\n"
    )


Check = Callable[..., None]


@pytest.fixture
def studies_of(nlp: Language) -> Callable[[str], tuple[Marks, Studies]]:
    """The studies of a text read as a file."""

    def build(text: str) -> tuple[Marks, Studies]:
        marks = Marks(make_doc(nlp, parse_text(text)))
        return marks, Studies(marks)

    return build


@pytest.fixture
def check_studies(studies_of: Callable[[str], tuple[Marks, Studies]]) -> Check:
    """Assert that each marked value has the marked study."""

    def check(marked: str, references: str = NUMBERED, title: str = "Asthma: a narrative review") -> None:
        marks, studies = studies_of(article(_MARK.sub(r"\g<value>", marked), references, title))
        position = 0
        for mark in _MARK.finditer(marked):
            start = marks.text.index(mark["value"], position)
            position = start + len(mark["value"])
            at = studies.at(start, position)
            found = at.study.value if at is not None and at.study is not None else ""
            assert found == mark["study"], f"{mark['value']}: {at}"

    return check


@pytest.mark.parametrize(
    "marked",
    [
        "In the KESTREL trial, {20%|KESTREL} of children relapsed.",
        "Relapse was seen in {20%|KESTREL} of children (KESTREL trial).",
        "The KESTREL trial (NCT01234567) was small. Relapse was seen in {20%|KESTREL} of children in KESTREL.",
        "Relapse was less frequent in HERON-2 (ISRCTN12345678; {20%|HERON-2} vs. {31%|HERON-2}).",
        "An unnamed trial (NCT01234567) reported relapse in {20%|NCT01234567} of children.",
    ],
)
def test_a_trial_named_or_registered_in_the_sentence_is_the_study(check_studies: Check, marked: str) -> None:
    check_studies(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Relapse was seen in {20%|KESTREL} of children in the KESTREL trial, whereas {31%|HERON-2} relapsed in the"
        " HERON-2 trial.",
        "The KESTREL and HERON-2 trials were early. In KESTREL {20%|KESTREL} and in HERON-2 {31%|HERON-2} relapsed.",
        "The KESTREL and HERON-2 trials saw relapse in {20%|KESTREL} and {31%|HERON-2}, respectively.",
        "Two trials, KESTREL and HERON-2, saw relapse in {20%|KESTREL} and {31%|HERON-2}, respectively (3, 5).",
        "The KESTREL trial (n = 90; HR {0.7|KESTREL}) and the HERON-2 trial (n = 80; HR {0.8|HERON-2}) were positive.",
        "Although the KESTREL trial was positive (HR {0.7|KESTREL}), a study from Iran (2) was not (HR {1.1|ref:2}).",
        "In the KESTREL trial relapse was rare ({5%|KESTREL}), compared with {31%|HERON-2} in the HERON-2 trial.",
        "The KESTREL trial found relapse in {20%|KESTREL}; in the HERON-2 trial {31%|HERON-2} relapsed.",
        "The KESTREL trial was early. Relapse was seen in {20%|KESTREL} of children, which was less than in the"
        " HERON-2 trial ({31%|HERON-2}).",
    ],
)
def test_each_clause_has_its_own_trial(check_studies: Check, marked: str) -> None:
    check_studies(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Children were treated according to the KESTREL protocol in a cohort in which {20%|ref:4} relapsed (4).",
        "After treatment per the KESTREL protocol, {20%|ref:4} relapsed (4).",
        "KESTREL-based induction led to remission in {20%|ref:4} of children (4).",
    ],
)
def test_a_trial_whose_treatment_is_taken_over_is_not_the_study(check_studies: Check, marked: str) -> None:
    check_studies("The KESTREL trial is ongoing.\n\n" + marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Relapse was seen in {20%|ref:2} of children (2).",
        "Relapse was seen in {20-25%|ref:1,2} of children (1, 2).",
        "Relapse was seen in {20%|ref:2} of children (2) and in {31%|ref:4} of adults (4).",
        "Relapse was seen in {20%|ref:2} of children (2), although newer work reports {31%|ref:4} (4).",
        "Although one study (2) found relapse in {20%|ref:2} of children, it was small.",
        "Relapse was higher than the rate reported by Imai et al. (5): {20%|ref:4} of adults relapsed (4).",
        "Compared with {10%|ref:5} in historical controls (5), {20%|ref:4} of adults relapsed (4).",
        "Imai et al. (5) saw relapse in {20%|ref:5}, whereas others saw it in {31%|ref:2,4} (2, 4).",
        "Relapse fell in girls (2) (HR {0.7|ref:2}) and in boys (4) (HR {0.8|ref:4}).",
    ],
)
def test_else_the_citation_of_the_clause(check_studies: Check, marked: str) -> None:
    check_studies(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Castro et al. treated 40 children. Relapse was seen in {20%|ref:2}. Death was rare ({2%|ref:2}) (2).",
        "Castro and colleagues (2) treated 40 children. Relapse was seen in {20%|ref:2} of them.",
        "A study from Iran followed 40 children. Relapse was seen in {20%|ref:2}. No child died (2).",
        "In a report from five centres, 40 children were treated (2). Relapse was seen in {20%|ref:2}.",
        "The KESTREL trial enrolled children (3). Relapse was seen in {20%|KESTREL} after therapy, for which steroids"
        " are now advised (7). These results were new. Death was seen in {2%|KESTREL}.",
        "In a phase II trial, 40 children were treated (2). The response rate was {45%|ref:2}, with remission in"
        " {12%|ref:2}. In a later trial (4), the response rate was {30%|ref:4}.",
        "Castro et al. treated 40 children. Relapse was seen in {20%|ref:2} (2). Grahl et al. treated 30 adults."
        " Relapse was seen in {31%|ref:4}. It was late (4).",
    ],
)
def test_a_study_goes_on_until_another_is_introduced(check_studies: Check, marked: str) -> None:
    check_studies(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "In adults relapse was seen in {11%|ref:4} of cases. Only 2 of 19 patients relapsed twice (4).",
        "Relapse is seen in {11%|} of adults. An advantage of steroids was shown in another study (4).",
        "Relapse was seen in {11%|} of adults. The KESTREL trial enrolled children. None of them relapsed (3).",
    ],
)
def test_a_result_takes_the_citation_that_closes_the_report_not_that_of_the_next_study(
    check_studies: Check, marked: str
) -> None:
    check_studies(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Castro et al. treated 40 children (2).\n\nRelapse is seen in {20%|} of all children.",
        "Castro et al. treated 40 children (2).\n\nThe study reported relapse in {20%|ref:2} of them.",
        "Castro et al. treated 40 children (2).\n\n### Adults\n\nThe study reported relapse in {20%|}.",
        "### The KESTREL trial\n\nChildren were enrolled.\n\nRelapse was seen in {20%|KESTREL}.\n\n### Others\n\n"
        "Relapse was seen in {21%|}.",
        "Castro et al. treated 40 children (2). In summary, relapse was seen in {20%|} of children.",
    ],
)
def test_a_study_goes_on_into_the_next_paragraph_only_where_that_plainly_goes_on(
    check_studies: Check, marked: str
) -> None:
    check_studies(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "The KESTREL trial enrolled children (3). Relapse was seen in {20%|KESTREL}.\n\nLater relapse was seen in"
        " {31%|KESTREL} (3).",
        "The KESTREL trial enrolled children. It was small (5).\n\nLater relapse was seen in {31%|KESTREL} (5).",
        "The KESTREL trial is known.\n\nOmalizumab led to relapse in {31%|KESTREL} (3).",
    ],
)
def test_a_citation_that_stands_with_a_trial_elsewhere_is_that_trial(check_studies: Check, marked: str) -> None:
    check_studies(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Relapse was seen in {20%|Castro 2012} of children (Castro and Dahl, 2012).",
        "Castro and Dahl (2012) reported relapse in {20%|Castro 2012} of children.",
        "Relapse was seen in {20%|Castro 2012} (Castro and Dahl, 2012) and later in {31%|Grahl 2014} (Grahl, 2014).",
        "Castro and Dahl (2012) reported relapse in {20%|Castro 2012} and Grahl (2014) in {31%|Grahl 2014} of adults.",
    ],
)
def test_without_citation_numbers_the_study_is_first_author_and_year(check_studies: Check, marked: str) -> None:
    check_studies(marked, NAMED)


def test_the_pooled_results_of_a_meta_analysis_have_no_study_but_cited_ones_have(check_studies: Check) -> None:
    check_studies(
        "Three studies (2, 4, 5) compared steroids. Overall, relapse was seen in {20%|} of children.\n\nThe pooled odds"
        " ratio was {0.71|}.\n\nOne study (4) reported {31%|ref:4}.",
        title="Steroids in asthma: a systematic review and meta-analysis",
    )


TABLE = (
    "Table 1. Results in children.\n\nConsortium\tYears\tN\tRelapse, %\tReferences\n"
    "Japan\t2001-05\t90\t{20%|KESTREL}\t(3)\nFrance\t1999-02\t40\t{31%|ref:2}\t(2)\n\t\t\t{32%|ref:2}\t\n"
    "HERON-2\t2004-06\t61\t{33%|HERON-2}\t(5)\n"
)


def test_a_table_row_has_the_study_of_its_reference_column_and_goes_on_below_an_empty_stub(
    check_studies: Check,
) -> None:
    check_studies(f"The KESTREL trial (3) and the HERON-2 trial were early.\n\n{TABLE}")


def test_bare_numbers_of_a_reference_column_are_citations_and_counts_in_brackets_are_none(check_studies: Check) -> None:
    check_studies(
        "Relapse was rare (1). It was seen often in children (2) and adults (4).\n\nTable 1. Results.\n\n"
        "Country\tN\tRelapse, n (%)\tRef.\nJapan\t90\t{18|ref:5} (20)\t5\nFrance\t40\t{4|ref:7} (10)\t7\n"
    )


def test_a_table_without_studies_has_that_of_its_caption(check_studies: Check) -> None:
    check_studies(
        "The KESTREL trial (3) was early.\n\nTable 1. Adverse events in the KESTREL trial, n (%).\n\n"
        "Event\tDrug\tPlacebo\nCough\t{12|KESTREL} (20)\t3 (5)\nRash\t{6|KESTREL} (10)\t4 (7)\n"
    )


REPORT = (
    "# Omalizumab in children: a randomised phase III trial\n\n## Abstract\n\n**Methods.** We enrolled 40 children.\n\n"
    "**Results.** Relapse was seen in 20%.\n\n**Trial registration.** ClinicalTrials.gov NCT01234567.\n\n"
    "## Introduction\n\nRelapse was seen in 21% of children in an earlier trial [2].\n\n## Methods\n\nChildren were"
    " treated.\n\n## Results\n\nRelapse was seen in 22% of children, as expected [1].\n\nEvent\tDrug\tPlacebo\n"
    "Cough\t23 (20)\t3 (5)\n\n## Discussion\n\nIn our trial relapse was seen in 24% of children. Castro et al. found"
    " relapse in 25% of children [2].\n\n"
    f"## References\n\n{NUMBERED}\n"
)


@pytest.mark.parametrize(
    ("value", "study"),
    [
        ("20%", "NCT01234567"),
        ("21%", "ref:2"),
        ("22%", "NCT01234567"),
        ("23 (", "NCT01234567"),
        ("24%", "NCT01234567"),
        ("25%", "ref:2"),
    ],
)
def test_in_the_report_of_one_trial_values_are_its_own_except_those_said_to_be_of_others(
    studies_of: Callable[[str], tuple[Marks, Studies]], value: str, study: str
) -> None:
    marks, studies = studies_of(REPORT)
    start = marks.text.index(value)
    at = studies.at(start, start + len(value))
    assert at is not None
    assert at.study is not None
    assert at.study.value == study
    assert (at.confidence == "inferred") == study.startswith("NCT")


def _at(studies: Studies, marks: Marks, value: str) -> StudyAt:
    start = marks.text.index(value)
    at = studies.at(start, start + len(value))
    assert at is not None
    return at


def _value(found: Found | None) -> object:
    return found.value if found is not None else None


def test_refs_are_the_citation_numbers_and_their_dois_as_printed(
    studies_of: Callable[[str], tuple[Marks, Studies]],
) -> None:
    marks, studies = studies_of(article("Relapse was seen in 20% of children (2, 4).", NUMBERED, "A review"))
    at = _at(studies, marks, "20%")
    assert at.refs is not None
    assert at.refs.value == (2, 4)
    assert [marks.text[start:end] for start, end in at.refs.spans] == ["(2, 4)"]
    assert _value(at.dois) == ("10.5555/chest.2012.003", "10.5555/chest.2014.007")


def test_without_citation_numbers_there_are_dois_but_no_refs(
    studies_of: Callable[[str], tuple[Marks, Studies]],
) -> None:
    marks, studies = studies_of(article("Relapse was seen in 20% (Castro and Dahl, 2012).", NAMED, "A review"))
    at = _at(studies, marks, "20%")
    assert at.refs is None
    assert _value(at.dois) == ("10.5555/chest.2012.003",)


def test_confidence_says_whether_the_study_stands_beside_the_value(
    studies_of: Callable[[str], tuple[Marks, Studies]],
) -> None:
    body = "Castro et al. (2) saw relapse in 20%. Death was seen in 21%. The KESTREL trial (3) saw relapse in 22%."
    marks, studies = studies_of(article(body, NUMBERED, "A review"))
    assert [_at(studies, marks, value).confidence for value in ("20%", "21%", "22%")] == ["stated", "carried", "stated"]


def test_studies_have_a_row_each_with_what_the_text_prints_of_them(
    studies_of: Callable[[str], tuple[Marks, Studies]],
) -> None:
    body = (
        "The KESTREL trial (NCT01234567), a phase III trial, enrolled 1,240 children between 2011 and 2015 (3). In a"
        " retrospective study from Iran, 40 children were included (2). Relapse was seen in 20% of them."
    )
    marks, studies = studies_of(article(body, NUMBERED, "A review"))
    rows = {row.fields["study"].value: row.fields for row in link_studies(marks, studies, link_trials(marks, studies))}
    assert list(rows) == ["KESTREL", "ref:2"]
    assert rows["KESTREL"]["n"].value == "1,240"
    assert rows["KESTREL"]["years"].value == "between 2011 and 2015"
    assert rows["KESTREL"]["registry_ids"].value == ("NCT01234567",)
    assert rows["ref:2"]["n"].value == "40"
    assert rows["ref:2"]["design"].value == "retrospective"
