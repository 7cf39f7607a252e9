"""Each dose knows its agent, schedule and route; `agent | amount unit | schedule | route`, one line a dose."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import process_time

import pytest
from spacy.language import Language

from extract.document import CharSpan
from extract.linking import Found, Link, Marks
from extract.linking.dosing import link_dosing
from extract.linking.studies import Studies, StudyAt
from extract.pipeline import make_doc
from extract.readers import parse_text

Lines = Callable[[str], list[str]]
Linked = Callable[[str], tuple[str, list[Link]]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ramipril 10 mg was given.", ["ramipril | 10 mg"]),
        ("Ramipril (5 or 10 mg) was given.", ["ramipril | 5 mg", "ramipril | 10 mg"]),
        ("A dose of 10 mg ramipril was given.", ["ramipril | 10 mg"]),
        ("They took 10 mg of ramipril.", ["ramipril | 10 mg"]),
        ("Ramipril was started at a dose of 2.5 mg.", ["ramipril | 2.5 mg"]),
        ("Ramipril was titrated from 2.5 to 10 mg.", ["ramipril | 2.5 mg", "ramipril | 10 mg"]),
        (
            "The dose of epirubicin was reduced from 100 to 75 mg/m².",
            ["epirubicin | 100 mg/m2", "epirubicin | 75 mg/m2"],
        ),
        ("Ramipril 5 mg plus amlodipine 10 mg was given.", ["ramipril | 5 mg", "amlodipine | 10 mg"]),
        (
            "Aspirin 81 mg, 75 mg clopidogrel and 40 mg atorvastatin.",
            ["aspirin | 81 mg", "clopidogrel | 75 mg", "atorvastatin | 40 mg"],
        ),
        ("Flu 150 mg/m2 Mel 140 mg/m2 TBI 2 Gy", ["fludarabine | 150 mg/m2", "melphalan | 140 mg/m2", "TBI | 2 Gy"]),
        ("Losartan and atenolol at 50 and 100 mg, respectively.", ["losartan | 50 mg", "atenolol | 100 mg"]),
        (
            "Losartan was compared with atenolol. The mean dose was 82 mg and 79 mg, respectively.",
            ["losartan | 82 mg", "atenolol | 79 mg"],
        ),
        ("Candesartan inhibits the receptor. It was given at 32 mg.", ["candesartan | 32 mg"]),
        ("At a dose of 80 mg once daily, osimertinib worked.", ["osimertinib | 80 mg | once daily"]),
        ("Doses were 10 mg for ramipril and 80 mg for telmisartan.", ["ramipril | 10 mg", "telmisartan | 80 mg"]),
        ("Patients took Jardiance 10 mg or acetaminophen 1 g.", ["empagliflozin | 10 mg", "acetaminophen | 1 g"]),
        ("They received placebo or 75 mg of aspirin.", ["aspirin | 75 mg"]),
        (
            "Children below 25 kg received 250 mg of amikacin, others 500 mg.",
            ["amikacin | 250 mg", "amikacin | 500 mg"],
        ),
        (
            "Ferric derisomaltose: 500 mg below 50 kg, 1,000 mg for 50-70 kg.",
            ["ferric derisomaltose | 500 mg", "ferric derisomaltose | 1000 mg"],
        ),
    ],
)
def test_the_agent_is_bound_by_clause_and_list(dose_lines: Lines, text: str, expected: list[str]) -> None:
    assert dose_lines(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Metformin-naive patients received 15 mg of pioglitazone.", ["pioglitazone | 15 mg"]),
        ("After failure of methotrexate, 11 mg once daily was given.", ["? | 11 mg | once daily"]),
        ("A dose-finding study of lorlatinib with binimetinib was positive at 75 mg.", ["lorlatinib | 75 mg"]),
        ("More insulin was needed with prednisone (median, 35 IU/day).", ["insulin | 35 [IU]/d"]),
        ("The cohort got 40 mg daily.", ["? | 40 mg | daily"]),
        ("Terlipressin acetate 1 mg and zolventamine 160 mg.", ["terlipressin | 1 mg", "zolventamine | 160 mg"]),
        ("LV 400 mg/m2 went with CTX (600 mg/m2).", ["leucovorin | 400 mg/m2", "cyclophosphamide | 600 mg/m2"]),
        ("They received ABX-4417 at 18 mg.", ["ABX-4417 | 18 mg"]),
        ("Cyclophospamide 60 mg/kg was given.", ["cyclophosphamide | 60 mg/kg"]),
    ],
)
def test_an_agent_that_only_stands_near_is_not_taken(dose_lines: Lines, text: str, expected: list[str]) -> None:
    assert dose_lines(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Budesonide/formoterol 160/4.5 µg two inhalations twice daily",
            [
                "budesonide | 160 ug | two inhalations twice daily | inh",
                "formoterol | 4.5 ug | two inhalations twice daily | inh",
            ],
        ),
        (
            "Trimethoprim-sulfamethoxazole (160/800 mg) daily",
            ["trimethoprim | 160 mg | daily", "sulfamethoxazole | 800 mg | daily"],
        ),
        ("Sacubitril-valsartan 100 mg twice daily", ["sacubitril-valsartan | 100 mg | twice daily"]),
    ],
)
def test_a_fixed_combination_has_as_many_agents_as_doses(dose_lines: Lines, text: str, expected: list[str]) -> None:
    assert dose_lines(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TBI (12 Gy in 6 fractions over 3 days) was given.", ["TBI | 12 Gy | in 6 fractions over 3 days"]),
        ("They received 8 Gy of total lymphoid irradiation.", ["TLI | 8 Gy"]),
        (
            "Radiotherapy of 60 Gy in 2 Gy fractions and cisplatin 40 mg/m2 weekly.",
            ["radiation | 60 Gy | in 2 Gy fractions", "radiation | 2 Gy", "cisplatin | 40 mg/m2 | weekly"],
        ),
        ("Chemoradiotherapy (45 Gy in 25 fractions) came first.", ["radiation | 45 Gy | in 25 fractions"]),
        ("A boost of 10 or 16 Gy was allowed.", ["radiation | 10 Gy", "radiation | 16 Gy"]),
        ("Tumours were irradiated with cisplatin, to 66 Gy.", ["radiation | 66 Gy"]),
    ],
)
def test_gray_is_of_radiation(dose_lines: Lines, text: str, expected: list[str]) -> None:
    assert dose_lines(text) == expected


@pytest.mark.parametrize(
    ("printed", "bound"),
    [
        ("≤ 12", "<="),
        ("at least 12", ">="),
        ("more than 12", ">"),
        ("in excess of 12", ">"),
        ("lower than 12", "<"),
        ("never exceeding 12", "<="),
        ("up to 12", "<="),
    ],
)
def test_words_and_signs_bound_a_dose(dose_links: Linked, printed: str, bound: str) -> None:
    text, [link] = dose_links(f"Bisoprolol was given at {printed} mg.")
    assert link.fields["bound"].value == bound
    [span] = link.fields["bound"].spans
    assert text[span.start : span.end] == printed.removesuffix(" 12")


def test_a_dose_or_more_is_a_lower_bound(dose_lines: Lines) -> None:
    assert dose_lines("Bisoprolol 5 mg or more was given.") == ["bisoprolol | >=5 mg"]


TABLE = """
Table 1. Doses of sotorasib.

| Drug | Start | Target | Notes |
|---|---|---|---|
| Carvedilol | 3.125 mg | 25 mg twice daily | |
| | 6.25 mg | | |

| Trial | Dapagliflozin | Control |
|---|---|---|
| ALPHA | 10 mg | enalapril 5 mg |
"""


def test_a_dose_in_a_table_is_of_the_stub_or_the_header(dose_lines: Lines, dose_links: Linked) -> None:
    rules = [link.rule for link in dose_links(TABLE)[1]]
    assert list(zip(dose_lines(TABLE), rules, strict=True)) == [
        ("carvedilol | 3.125 mg", "table stub"),
        ("carvedilol | 25 mg | twice daily", "table stub"),
        ("carvedilol | 6.25 mg", "table stub"),
        ("dapagliflozin | 10 mg", "table header"),
        ("enalapril | 5 mg", "agent before"),
    ]


def test_a_shared_unit_is_printed_at_the_next_value(dose_links: Linked) -> None:
    text, [first, second] = dose_links("Apixaban 2.5 and 5 mg was given.")
    assert (first.anchor.end - first.anchor.start, second.anchor) == (3, second.fields["unit"].spans[0])
    assert first.fields["unit"].spans == second.fields["unit"].spans
    assert text[slice(*second.anchor)] == "5 mg"


def test_an_agent_of_a_sentence_before_is_carried(dose_links: Linked) -> None:
    _, [stated, carried] = dose_links("Losartan 50 mg was given. Later the dose was 100 mg.")
    assert (stated.confidence, carried.confidence) == ("stated", "carried")
    assert carried.rule == "carried"
    assert stated.note is None


def test_what_is_not_settled_is_empty_or_noted(dose_links: Linked) -> None:
    _, [unknown] = dose_links("The dose was 100 mg.")
    assert "agent" not in unknown.fields
    assert unknown.note == "no agent named"
    _, [doubtful] = dose_links("Losartan and atenolol were given. The dose was 50 mg.")
    assert doubtful.fields["agent"].value == "losartan"
    assert doubtful.note == "the place that names the agent names several"


EVIDENCE = (
    "Fludarabine 30 mg/m2/day on days -7 through -3, treosulfan 10 or 14 g/m2 IV once daily and thiotepa 5-10 mg/kg in "
    "2 doses on day -2, then a loading dose of 1,000 mg of levetiracetam, never more than 3,000 mg twice a day."
)


def test_every_number_is_printed_at_its_evidence(dose_links: Linked) -> None:
    text, links = dose_links(EVIDENCE)
    assert len(links) == 6
    for link in links:
        for name in {"value", "low", "high", "schedule"} & link.fields.keys():
            found = link.fields[name]
            printed = " ".join(text[span.start : span.end] for span in found.spans).replace(",", "")
            numbers = re.findall(r"\d+(?:\.\d+)?", str(found.value))
            assert set(numbers) <= set(re.findall(r"\d+(?:\.\d+)?", printed))
        assert all(found.spans for found in link.fields.values())


class OneStudy(Studies):
    """Every place speaks of one study."""

    def __init__(self) -> None:
        self.span = CharSpan(0, 7)

    def at(self, start: int, end: int) -> StudyAt:
        """The study."""
        return StudyAt(Found("KESTREL", (self.span,)), Found((3,), (self.span,)), "inferred", "document")


def test_the_study_of_the_place_is_that_of_the_dose(nlp: Language) -> None:
    marks = Marks(make_doc(nlp, parse_text("## Results\n\nRamipril 5 mg was given.")))
    [link] = link_dosing(marks, OneStudy())
    assert (link.fields["study"].value, link.fields["refs"].value) == ("KESTREL", (3,))
    assert link.confidence == "inferred"
    [alone] = link_dosing(marks)
    assert "study" not in alone.fields


def test_the_agent_is_told_where_its_name_is_printed(dose_links: Linked) -> None:
    text, [link] = dose_links("Patients received HD-MTX (5 g/m2).")
    [span] = link.fields["agent"].spans
    assert link.fields["agent"].value == "methotrexate"
    assert text[span.start : span.end] == "HD-MTX"


def test_the_work_grows_with_the_doses(nlp: Language) -> None:
    """Eight times the doses of one long sentence are about eight times the work; 64 times would be quadratic."""
    times = []
    for repeats in (100, 800):
        text = "## Results\n\n" + "ramipril 5 or 10 mg once daily and amlodipine 5 mg on days 1, 2 and 3, " * repeats
        marks = Marks(make_doc(nlp, parse_text(text)))
        assert len(marks.all("doses")) == 3 * repeats
        times.append(min(_seconds(marks) for _ in range(3)))
    assert times[1] < 24 * times[0]


def _seconds(marks: Marks) -> float:
    start = process_time()
    link_dosing(marks)
    return process_time() - start
