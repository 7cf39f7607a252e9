"""When and by which route a dose is given: `agent | amount unit | schedule | route`, one line a dose."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Lines = Callable[[str], list[str]]
SCHEDULES = [
    "once daily",
    "twice a day",
    "every 3 weeks for six cycles",
    "every other week",
    "3 times per week for weeks 1-4",
    "weekly",
    "b.i.d. for 10 days",
    "q3w",
    "on days -3 and -2",
    "on days 1, 8 and 15 of each 28-day cycle",
    "from cycle 2 onwards",
    "as a single dose on day -1",
    "divided over 2 days",
    "in two divided doses",
    "over 46 h",
    "as a continuous infusion on days 1-4",
    "total dose",
    "loading dose",
    "at weeks 0 and 4, then every 12 weeks",
    "at bedtime",
    "as needed",
    "within 3 h of birth",
    "12 h before surgery",
    "3 weeks on, 1 week off",
]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_schedule_after_a_dose_is_taken_as_printed(dose_lines: Lines, schedule: str) -> None:
    assert dose_lines(f"Melphalan 10 mg {schedule} was safe.") == [f"melphalan | 10 mg | {schedule}"]
    assert dose_lines(f"Melphalan (10 mg {schedule}) was safe.") == [f"melphalan | 10 mg | {schedule}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A loading dose of 8 mg/kg trastuzumab was given.", ["trastuzumab | 8 mg/kg | loading dose"]),
        ("A single dose of obinutuzumab 1,000 mg was given.", ["obinutuzumab | 1000 mg | single dose"]),
        ("Apixaban at a starting dose of 2.5 mg.", ["apixaban | 2.5 mg | starting dose"]),
        ("The daily dose of lithium was 600 mg.", ["lithium | 600 mg | daily"]),
        ("One cycle of blinatumomab (4 weeks of 15 µg/m²/day).", ["blinatumomab | 15 ug/m2/d | 4 weeks"]),
        ("Weekly paclitaxel 80 mg/m2 was given.", ["paclitaxel | 80 mg/m2 | Weekly"]),
        (
            "Intravenous treosulfan on days -6 to -4 (10 g/m2 or, above 1 m2, 14 g/m2)",
            ["treosulfan | 10 g/m2 | on days -6 to -4 | iv", "treosulfan | 14 g/m2 | on days -6 to -4 | iv"],
        ),
        ("On days 1 and 15, patients received 1,000 mg of rituximab.", ["rituximab | 1000 mg | On days 1 and 15"]),
        (
            "Cyclophosphamide (60 mg/kg) on days -3 and -2 followed.",
            ["cyclophosphamide | 60 mg/kg | on days -3 and -2"],
        ),
        ("Vincristine 1.5 mg/m2 (maximum 2 mg) weekly.", ["vincristine | 1.5 mg/m2 | weekly", "vincristine | <=2 mg"]),
        (
            "Ticagrelor (180 mg loading dose, 90 mg twice daily)",
            ["ticagrelor | 180 mg | loading dose", "ticagrelor | 90 mg | twice daily"],
        ),
        (
            "Dupilumab 300 mg (loading dose 600 mg) every 2 weeks",
            ["dupilumab | 300 mg | every 2 weeks", "dupilumab | 600 mg | loading dose"],
        ),
        (
            "Methotrexate 3 g/m2 with vincristine every two weeks for 5 doses",
            ["methotrexate | 3 g/m2 | every two weeks for 5 doses"],
        ),
    ],
)
def test_the_schedule_may_stand_before_the_dose_or_behind_other_words(
    dose_lines: Lines, text: str, expected: list[str]
) -> None:
    assert dose_lines(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Tofacitinib 5 or 10 mg twice daily",
            ["tofacitinib | 5 mg | twice daily", "tofacitinib | 10 mg | twice daily"],
        ),
        (
            "Lenalidomide 25 mg on days 1-21, or 10 mg if clearance is low.",
            ["lenalidomide | 25 mg | on days 1-21", "lenalidomide | 10 mg | on days 1-21"],
        ),
        (
            "Edoxaban 60 mg once daily (30 mg in light patients).",
            ["edoxaban | 60 mg | once daily", "edoxaban | 30 mg | once daily"],
        ),
        (
            "Ezetimibe 10 mg and simvastatin 40 mg once daily",
            ["ezetimibe | 10 mg | once daily", "simvastatin | 40 mg | once daily"],
        ),
        ("Ezetimibe 10 mg or simvastatin 40 mg once daily", ["ezetimibe | 10 mg", "simvastatin | 40 mg | once daily"]),
        (
            "Cisplatin 40 mg/m2 weekly with 45 Gy of radiotherapy",
            ["cisplatin | 40 mg/m2 | weekly", "radiation | 45 Gy"],
        ),
        ("Heparin as a bolus of 80 IU/kg, then 18 IU/kg/h", ["heparin | 80 [IU]/kg | bolus", "heparin | 18 [IU]/kg/h"]),
        ("Carboplatin 300 mg/m2 was given, weekly paclitaxel was not.", ["carboplatin | 300 mg/m2"]),
        ("Semaglutide 2.4 mg reduced deaths at 2 years.", ["semaglutide | 2.4 mg"]),
    ],
)
def test_a_schedule_is_shared_where_the_words_share_it(dose_lines: Lines, text: str, expected: list[str]) -> None:
    assert dose_lines(text) == expected


@pytest.mark.parametrize(
    ("printed", "route"),
    [
        ("intravenously", "iv"),
        ("IV", "iv"),
        ("i.v.", "iv"),
        ("orally", "po"),
        ("PO", "po"),
        ("subcutaneously", "sc"),
        ("s.c.", "sc"),
        ("intramuscularly", "im"),
        ("intrathecally", "it"),
        ("by inhalation", "inh"),
        ("topically", "top"),
        ("intravitreally", "ivt"),
        ("by subcutaneous injection", "sc"),
    ],
)
def test_the_route_after_a_dose(dose_lines: Lines, printed: str, route: str) -> None:
    assert dose_lines(f"Triamcinolone 10 mg {printed} weekly was given.") == [
        f"triamcinolone | 10 mg | weekly | {route}"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Intrathecal methotrexate 12 mg was given.", ["methotrexate | 12 mg |  | it"]),
        ("Oral semaglutide 14 mg was given.", ["semaglutide | 14 mg |  | po"]),
        ("They took 10 mg oral prednisolone.", ["prednisolone | 10 mg |  | po"]),
        (
            "Daratumumab 16 mg/kg intravenously or a fixed subcutaneous dose of 1,800 mg",
            ["daratumumab | 16 mg/kg |  | iv", "daratumumab | 1800 mg | fixed | sc"],
        ),
        ("Intravenous busulfan plus cyclophosphamide (120 mg/kg)", ["cyclophosphamide | 120 mg/kg"]),
        (
            "Inhaled amikacin prevents pneumonia. In one trial amikacin 20 mg/kg was given.",
            ["amikacin | 20 mg/kg |  | inh"],
        ),
        ("In stage IV disease, imatinib 400 mg was given.", ["imatinib | 400 mg"]),
    ],
)
def test_the_route_before_a_dose_is_that_of_its_agent(dose_lines: Lines, text: str, expected: list[str]) -> None:
    assert dose_lines(text) == expected
