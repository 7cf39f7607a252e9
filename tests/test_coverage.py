"""Coverage: nothing is lost silently. Every number in the zones stands in a record or is listed with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

import extract
from extract.assembly import Extraction
from extract.coverage import Reason, find_numbers, find_uncovered, merge
from extract.document import ZONES, CharSpan
from extract.readers import parse_text
from extract.records import Label

SAMPLES = sorted((Path(__file__).parents[1] / "corpus" / "samples").glob("*.md"))
HEAD = "# A review\n\n## Results\n\n"

Reader = Callable[[str], Extraction]


@pytest.fixture(scope="module")
def read(nlp: Language) -> Reader:
    def extract_text(text: str) -> Extraction:
        return extract.extract_document(parse_text(HEAD + text), nlp=nlp, helpers=True)

    return extract_text


def reasons(extraction: Extraction) -> dict[str, Reason]:
    """The reason of each number, as if no record had taken any."""
    return {each.number: each.reason for each in find_uncovered(replace(extraction, evidence=()))}


# ------------------------------------------------------------------------------------------------ nothing is lost


PIECES = (
    "In 2019, 43 patients",
    "sixty-nine of the 110 children",
    "(HR 0.58, 95% CI 0.41-0.83; p = 0.003)",
    "overall survival was 71.3 vs. 58.4%",
    "none of 1,568 women relapsed",
    "at 2 years",
    "15 µg/m²/day of blinatumomab",
    "NCT01234567",
    "CD19 and IL-6",
    "(5, 7-9)",
    "Table 2",
    "1.2.3",
    "1,0000",
    "10⁹/L",
    ".05",
    "both arms",
    "\n\n",
    "\n\n| arm | OS, % |\n|---|---|\n| A | 40 |\n| B | 12/30 (40%) |\n\n",
    ". ",
    "9" * 30,
)


def check_partition(extraction: Extraction) -> None:
    """Numbers hold every digit of the zones, do not overlap, and are covered or listed, never both."""
    document = extraction.document
    numbers = find_numbers(extraction)
    uncovered = {CharSpan(each.start, each.end): each for each in find_uncovered(extraction)}
    assert all(one.end <= two.start for one, two in pairwise(numbers))
    digits = {
        offset
        for block in document.blocks
        if block.kind in ZONES
        for offset in range(*block.span)
        if document.text[offset].isdecimal()
    }
    assert digits == {o for span in numbers for o in range(*span) if document.text[o].isdecimal()}
    assert uncovered.keys() <= set(numbers)
    evidence = merge(CharSpan(row.start, row.end) for row in extraction.evidence)
    for number in numbers:
        covered = any(span.start <= number.start and number.end <= span.end for span in evidence)
        assert covered != (number in uncovered)


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=12))
def test_every_number_is_in_a_record_or_listed(nlp: Language, pieces: list[str]) -> None:
    text = HEAD + " ".join(pieces)
    check_partition(extract.extract_document(parse_text(text), nlp=nlp, helpers=True))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_number_of_a_review_is_in_a_record_or_listed(nlp: Language, path: Path) -> None:
    check_partition(extract.extract_document(extract.read(path), nlp=nlp, helpers=True))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_file_holds_each_number_at_its_place_and_line(nlp: Language, path: Path) -> None:
    extraction = extract.extract_document(extract.read(path), nlp=nlp, helpers=True)
    lines = extraction.document.source.split("\n")
    for each in find_uncovered(extraction):
        assert extraction.document.text[each.start : each.end] == each.number
        assert each.line is not None
        digits = re.sub(r"[^\w]", "", each.number)
        assert digits in re.sub(r"[^\w]", "", lines[each.line - 1])


def test_a_number_inside_evidence_is_covered(read: Reader) -> None:
    made = read("In all, 12 of 40 men died of stroke (30%) in 2019.")
    rows = tuple(row for row in made.evidence if row.quote != "2019")
    numbers = {each.number for each in find_uncovered(replace(made, evidence=rows))}
    assert "2019" in numbers
    taken = {number for row in rows for number in re.findall(r"\d+", row.quote)}
    assert taken.isdisjoint(numbers)
    assert {each.number for each in find_uncovered(replace(made, evidence=()))} == {"12", "40", "30", "2019"}


def test_number_words_and_quantifiers_are_numbers_where_they_count(read: Reader) -> None:
    made = read("One might ask why none of the nineteen patients relapsed, and two of them died.")
    assert [made.document.text[slice(*span)] for span in find_numbers(made)] == ["none", "nineteen", "two"]


def test_thousands_and_decimals_are_one_number_and_superscripts_are_none(read: Reader) -> None:
    made = read("Of 1,568 cells × 10⁹/L, 0.05 and .5 were m² in size.²")
    numbers = [made.document.text[slice(*span)] for span in find_numbers(made)]
    assert numbers == ["1,568", "10", "0.05", ".5"]


def test_numbers_outside_the_zones_are_not_listed(nlp: Language) -> None:
    text = (
        "# A review of 12 trials\n\n## Results\n\nIt rained.\n\n## References\n\n1. Osei B. Rain. J Rain 2019;4:1-9.\n"
    )
    assert find_uncovered(extract.extract_document(parse_text(text), nlp=nlp, helpers=True)) == []


# ------------------------------------------------------------------------------------------------ why


@pytest.mark.parametrize(
    ("sentence", "number", "reason"),
    [
        ("The odd figure of 17 stood there.", "17", Reason.UNKNOWN),
        ("Some 62% of the patients had diabetes at baseline.", "62", Reason.BASELINE),
        ("About 41% chose the walk.", "41", Reason.NO_OUTCOME),
        ("Overall survival was better, which 41% had hoped for.", "41", Reason.UNSETTLED),
        ("The hazard ratio was 0.71 in that year.", "0.71", Reason.NO_OUTCOME),
        ("They took aspirin 75 mg.", "75", Reason.DOSE),
        ("It differed (p = 0.004).", "0.004", Reason.P_VALUE),
        ("It was small (95% CI 1.2-3.4).", "1.2", Reason.INTERVAL),
        ("It was small (95% CI 1.2-3.4).", "95", Reason.LEVEL),
        ("It was small (SE 0.9).", "0.9", Reason.DISPERSION),
        ("It took 8 days (interquartile range [IQR], 5-11).", "11", Reason.DISPERSION),
        ("It was 0.71 ± 0.22 in men.", "0.22", Reason.DISPERSION),
        ("14.0 (12.5 to 16.1) 38", "38", Reason.LOOSE),
        ("The creatinine was 2.4 mg/dL.", "2.4", Reason.MEASUREMENT),
        ("Women with a count of 300 × 10⁹/L were excluded.", "10", Reason.MEASUREMENT),
        ("In total, 212 adults were enrolled.", "212", Reason.SAMPLE_SIZE),
        ("One arm (n = 38) was closed.", "38", Reason.SAMPLE_SIZE),
        ("It ran in 14 European countries.", "14", Reason.SAMPLE_SIZE),
        ("The median age was 61.5 years.", "61.5", Reason.AGE),
        ("A 44-year-old woman came.", "44", Reason.AGE),
        ("Children under 5 years were excluded.", "5", Reason.AGE),
        ("They were seen at 18 months.", "18", Reason.TIME),
        ("It was given on days 1, 8 and 15.", "8", Reason.TIME),
        ("It was given on days -7 through -4.", "4", Reason.TIME),
        ("The trial ran from 2011 to 2016.", "2016", Reason.YEAR),
        ("It closed on 14 May 2016.", "14", Reason.YEAR),
        ("An ejection fraction above 40% was required.", "40", Reason.THRESHOLD),
        ("Those with ≥ 3 lesions were excluded.", "3", Reason.THRESHOLD),
        ("The trial had 80% power.", "80", Reason.DESIGN),
        ("Men were randomised in a 2:1 ratio.", "2", Reason.DESIGN),
        ("Rash of grade 3 was rare.", "3", Reason.GRADE),
        ("All had an ECOG PS of 0 or 1.", "1", Reason.GRADE),
        ("After 6 cycles it stopped.", "6", Reason.GRADE),
        ("The phase 2 trial was closed.", "2", Reason.GRADE),
        ("This was shown before (12).", "12", Reason.CITATION),
        ("It is registered as NCT01234567.", "01234567", Reason.REGISTRY_ID),
        ("Cells with CD19 were counted.", "19", Reason.NAME),
        ("Levels of IL-6 fell.", "6", Reason.NAME),
        ("The BREEZE-2 trial was closed.", "2", Reason.NAME),
        ("See Table 4.", "4", Reason.ITEM),
        ("As Figures 2 and 3 show, it fell.", "3", Reason.ITEM),
    ],
)
def test_what_a_number_is(read: Reader, sentence: str, number: str, reason: Reason) -> None:
    assert reasons(read(sentence))[number] is reason


TABLE = """Table 1. Trials of statins

| Trial | Period | No. of patients | Age | Myocardial infarction | Score | Reference |
|---|---|---|---|---|---|---|
| ASTRA-1 | 2011 | 1986 | 64 | 31 | 8 | 12 |
"""


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("2011", Reason.YEAR),
        ("1986", Reason.SAMPLE_SIZE),
        ("64", Reason.AGE),
        ("31", Reason.UNSETTLED),
        ("12", Reason.CITATION),
    ],
)
def test_the_header_says_what_a_cell_is(read: Reader, number: str, reason: Reason) -> None:
    assert reasons(read(TABLE))[number] is reason


def test_a_table_of_characteristics_has_baseline_characteristics(read: Reader) -> None:
    table = "Table 1. Baseline characteristics\n\n| Item | Drug |\n|---|---|\n| Diabetes | 12/40 (30%) |\n"
    assert reasons(read(table))["30"] is Reason.BASELINE


def test_the_context_is_the_number_between_its_words_on_one_line(read: Reader) -> None:
    found = find_uncovered(replace(read("It was a long walk in 2019, and nobody\tminded."), evidence=()))
    assert [each.context for each in found] == ["It was a long walk in »2019«, and nobody minded."]


def test_place_and_section_are_told(read: Reader) -> None:
    (found,) = find_uncovered(replace(read("It rained in 2019."), evidence=()))
    assert (found.line, found.block_kind) == (5, "paragraph")
    assert found.section is not None
    assert found.section.endswith("Results")


def test_without_helpers_the_same_digits_are_listed(nlp: Language) -> None:
    document = parse_text(HEAD + "In 2019, 12 of 40 men died (30%) after 5 mg of prednisone (NCT01234567).")
    with_helpers, without = (extract.extract_document(document, nlp=nlp, helpers=helpers) for helpers in (True, False))
    assert not any(mention.label is Label.COUNT for mention in without.mentions)
    assert find_numbers(with_helpers) == find_numbers(without)


@pytest.mark.parametrize(
    ("spans", "merged"),
    [
        ([(0, 2), (1, 4)], [(0, 4)]),
        ([(3, 5), (0, 3)], [(0, 3), (3, 5)]),
        ([(0, 9), (2, 3)], [(0, 9)]),
        ([], []),
    ],
)
def test_overlapping_spans_become_one_and_touching_ones_stay_apart(
    spans: list[tuple[int, int]], merged: list[tuple[int, int]]
) -> None:
    assert merge(CharSpan(*span) for span in spans) == merged
