"""Doses: units of another kind, days that are miscounted, parts that do not make the whole."""

from __future__ import annotations

import pytest

from extract.audit.days import read_days

from .checking import findings, told


@pytest.mark.parametrize(
    ("text", "severity", "quote"),
    [
        ("Fludarabine 30 mg/m2 was given for 3 consecutive days (days -7 to -4).", "impossible", "3 consecutive days"),
        ("Patients had cisplatin 20 mg/m2 on 5 days (days 1-3).", "inconsistent", "5 days"),
        ("Melphalan was infused on four days (days 1, 2 and 3).", "inconsistent", "four days"),
        ("Etoposide was given on 3 consecutive days (days 1, 3 and 5).", "impossible", "3 consecutive days"),
        ("Rituximab 375 mg/m2 was given on days 1, 3 and 5 (4 doses).", "inconsistent", "4 doses"),
        ("Carboplatin was given on days 1, 8 and 15 (2 days).", "inconsistent", "2 days"),
        ("Vincristine was given as 3 doses on days 1, 8, 15 and 22.", "inconsistent", "3 doses"),
        ("Azacitidine 75 mg/m2 was given on days 1 to 7 (5 consecutive days).", "impossible", "5 consecutive days"),
        ("Prednisolone 40 mg was given for 4 days, days 1-5.", "suspicious", "4 days"),
    ],
)
def test_a_number_of_days_against_the_days_named(text: str, severity: str, quote: str) -> None:
    assert told(text, "schedule_mismatch") == [(severity, quote)]


@pytest.mark.parametrize(
    "text",
    [
        "Fludarabine 30 mg/m2 was given for 4 consecutive days (days -7 to -4).",
        "Ciclosporin was given on 3 days (days -1 to +1).",
        "Ciclosporin was given on 2 days (days -1 to +1), since there is no day 0.",
        "Azacitidine was given on 7 consecutive days (days -3, -2, -1, 1, 2, 3 and 4).",
        "Fluorouracil was infused continuously over 4 days (days 1-5).",
        "Capecitabine was given for 14 days (day 1 evening to day 15 morning).",
        "Prednisolone was given every 2 days (days 1-9).",
        "Rituximab was given twice daily on days 1, 2 and 3 (6 doses).",
        "Interferon was given as 6 doses on days 1, 3 and 5.",
        "Dexamethasone was given for up to 5 days (days 1-3).",
        "Radiotherapy was given for 5 to 7 days (days 1-7).",
        "Bortezomib was given on days 1, 4, 8 and 11 (4 doses).",
        "Two doses of dexrazoxane were given on days 1 and 8.",
        "Filgrastim was given within 3 days (days 5-9 in 4 patients).",
        "Etoposide was given for 5 days (days 1-5 and 8-12 of alternating courses).",
        "Methotrexate was given on day 1 (2 doses).",
        "Gemcitabine was given on days 1, 8 and 15 (28 days).",
        "Temozolomide was given on days 1-14 (21 days).",
        "Engraftment was seen after a median of 12 days (days 9-20).",
        "Capecitabine was given in cycles of 21 days (days 1-14).",
        "Recovery took 12 days (days 9-20).",
        "Relapses were seen after 30 days (days 31 to 60 in table 2).",
    ],
)
def test_right_numbers_of_days(text: str) -> None:
    assert told(text, "schedule_mismatch") == []


def test_the_sentence_names_both_figures() -> None:
    (found,) = findings("Fludarabine was given for 3 consecutive days (days -7 to -4).", "schedule_mismatch")
    assert found.message == "The text says “3 consecutive days”, but “days -7 to -4” are 4 days."
    assert found.assumes is None


@pytest.mark.parametrize(
    ("printed", "sizes"),
    [
        ("days 1-5", {5}),
        ("days -7 to -4", {4}),
        ("days -1 to +1", {3, 2}),
        ("days 1, 3 and 5", {3}),
        ("day -3 and day -2", {2}),
        ("days 0, 7 and 14", {3}),
    ],
)
def test_days_are_counted(printed: str, sizes: set[int]) -> None:
    days = read_days(printed)
    assert days is not None
    assert days.sizes == sizes


@pytest.mark.parametrize("printed", ["days 1-5 and 8-12", "days 9 to 3", "days 1-5, 8", "days 1, 1 and 2"])
def test_days_that_cannot_be_counted(printed: str) -> None:
    assert read_days(printed) is None


@pytest.mark.parametrize(
    ("text", "severity", "quote", "correction"),
    [
        (
            "Inotuzumab 1.8 mg/m2 per dose, consisting of 0.8 mg/m2 on day 1, 0.5 mg/m2 on day 8 and 0.5 mg/m2 on day"
            " 15, was given.",
            ("suspicious"),
            "1.8 mg/m2 per dose",
            "1.8 mg/m2 per course",
        ),
        (
            "Thiotepa 12 mg/kg, given as 5 mg/kg on day 1 and 5 mg/kg on day 2, was added.",
            "inconsistent",
            "12 mg/kg",
            None,
        ),
        (
            "Fludarabine 30 mg/m2/day for 5 days (total dose 160 mg/m2) was given.",
            "inconsistent",
            "160 mg/m2",
            "150 mg/m2",
        ),
        (
            "Cyclophosphamide at a total dose of 200 mg/kg (60 mg/kg/day for 2 days) was given.",
            "inconsistent",
            "200 mg/kg",
            "120 mg/kg",
        ),
        ("Radiotherapy was 60 Gy in 25 fractions of 2 Gy.", "inconsistent", "60 Gy", "50 Gy"),
        (
            "Prednisolone 40 mg once daily for 5 days (a total of 240 mg) was given.",
            "inconsistent",
            "240 mg",
            "200 mg",
        ),
    ],
)
def test_parts_that_do_not_make_the_whole(text: str, severity: str, quote: str, correction: str | None) -> None:
    (found,) = findings(text, "dose_sum")
    assert (found.severity, found.quote, found.correction) == (severity, quote, correction)


@pytest.mark.parametrize(
    "text",
    [
        "Fludarabine 30 mg/m2/day for 5 days (total dose 150 mg/m2) was given.",
        "Radiotherapy was 40 Gy in 15 fractions of 2.67 Gy.",
        "Radiotherapy was 60 Gy in 30 fractions of 2 Gy.",
        "Inotuzumab 1.8 mg/m2 per course, consisting of 0.8 mg/m2 on day 1, 0.5 mg/m2 on day 8 and 0.5 mg/m2 on day"
        " 15, was given.",
        "Metformin 1500 mg per day, given as 1000 mg in the morning and 500 mg in the evening, was continued.",
        "Busulfan 0.8 mg/kg four times daily for 4 days (total dose 12.8 mg/kg) was given.",
        "Prednisolone 40 mg once daily for 5 days (maximum 300 mg) was given.",
        "Cytarabine 3 g/m2 twice daily for 2 days (total dose 12 g/m2) was given.",
        "Paclitaxel 80 mg/m2 for 5 days (total dose 400 mg/m2) was given.",
    ],
)
def test_parts_that_make_the_whole(text: str) -> None:
    assert told(text, "dose_sum") == []


WEIGHT_BASED = (
    "Cyclophosphamide 60 mg/kg was given on two days. Others had cyclophosphamide 50 mg/kg. A third group had"
    " cyclophosphamide 120 mg/kg in all. "
)


def test_a_dose_per_surface_among_doses_by_weight() -> None:
    (found,) = findings(WEIGHT_BASED + "One centre gave cyclophosphamide 90 mg/m2.", "unit_suspect")
    assert (found.severity, found.quote, found.correction) == ("suspicious", "90 mg/m2", "90 mg/kg")
    assert found.assumes


def test_two_doses_that_share_the_unit_are_one_finding() -> None:
    text = WEIGHT_BASED + "One centre reduced the cyclophosphamide dose from 120 to 90 mg/m2."
    assert told(text, "unit_suspect") == [("suspicious", "120 to 90 mg/m2")]


def test_a_thousandth() -> None:
    text = (
        "Salbutamol 5 mg was nebulised. Others had salbutamol 5 mg or salbutamol 2.5 mg. In one trial salbutamol 5 µg"
        " was nebulised."
    )
    assert told(text, "unit_suspect") == [("suspicious", "5 µg")]


@pytest.mark.parametrize(
    "text",
    [
        WEIGHT_BASED + "One centre gave cyclophosphamide 1500 mg/m2.",
        WEIGHT_BASED + "One centre gave cyclophosphamide 100 mg flat.",
        WEIGHT_BASED + "Others had cyclophosphamide 90 mg/m2. A last group had cyclophosphamide 60 mg/m2.",
        "Cyclophosphamide 60 mg/kg was given. Others had cyclophosphamide 60 mg/m2.",
        WEIGHT_BASED + "One centre gave melphalan 90 mg/m2.",
        "Octreotide 20 mg, octreotide 30 mg and octreotide 20 mg were given monthly; octreotide 50 µg was given daily.",
        "Nivolumab 3 mg/kg, nivolumab 1 mg/kg and nivolumab 3 mg/kg were given; later nivolumab 240 mg was used.",
    ],
)
def test_units_that_may_be_right(text: str) -> None:
    assert told(text, "unit_suspect") == []


@pytest.mark.parametrize(
    ("text", "quote", "correction"),
    [
        ("Patients received six infusions of 300 mg, 1,600 mg in all.", "1,600 mg", None),
        ("The first dose was 500 mg (two injections of 200 mg).", "500 mg", "400 mg"),
        ("Iron was given at 900 mg as two infusions of 400 mg.", "900 mg", "800 mg"),
        ("Methylprednisolone 500 mg daily for 3 days (2000 mg in total) was given.", "2000 mg", "1500 mg"),
        ("Prednisolone was given at 30 mg daily for 5 days, 180 mg altogether.", "180 mg", "150 mg"),
    ],
)
def test_pieces_and_days_that_do_not_make_the_total(text: str, quote: str, correction: str | None) -> None:
    (found,) = findings(text, "dose_sum")
    assert (found.severity, found.quote, found.correction) == ("inconsistent", quote, correction)


@pytest.mark.parametrize(
    "text",
    [
        "Patients received six infusions of 300 mg, 1,800 mg in all.",
        "The first dose was 400 mg (two injections of 200 mg).",
        "Patients received six infusions of 300 mg, 250 mg less than planned.",
        "Patients received up to six infusions of 300 mg, 1,500 mg in all.",
        "Methylprednisolone 500 mg twice daily for 3 days (3,000 mg in total) was given.",
        "Amiodarone 200 mg three times daily for 10 days (6 g in all) was given.",
        "Furosemide 40 mg daily for 5 days (80 mg in severe cases) was given.",
    ],
)
def test_pieces_and_days_that_make_the_total(text: str) -> None:
    assert told(text, "dose_sum") == []


THYROXINE = "Levothyroxine was started at 50 µg daily and raised to 75-150 µg daily"


def test_a_thousandfold_among_the_doses_of_its_sentence() -> None:
    text = f"{THYROXINE}, but the elderly began with 100 mg daily; the mean dose was 112 µg daily."
    assert told(text, "unit_suspect") == [("suspicious", "100 mg")]


@pytest.mark.parametrize(
    "text",
    [
        f"{THYROXINE}, but the elderly began with 100 µg daily; the mean dose was 112 µg daily.",
        f"{THYROXINE}; the mean dose was 112 µg daily, and calcium carbonate 500 mg was added.",
        f"{THYROXINE}; the mean dose was 112 µg daily. One patient took 1 mg.",
    ],
)
def test_doses_of_another_size_or_drug(text: str) -> None:
    assert told(text, "unit_suspect") == []
