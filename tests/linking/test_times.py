"""Time points in running text: before the outcome, after the figure, or shared."""

from __future__ import annotations

from making import Row, percent, row, rows, says
from spacy.language import Language


@says(
    ("The 2-year OS was 64%.", [percent("OS", "64", timepoint="P2Y")]),
    ("Two-year OS was 64%.", [percent("OS", "64", timepoint="P2Y")]),
    ("OS at 2 years was 64%.", [percent("OS", "64", timepoint="P2Y")]),
    ("OS was 64% at 2 years.", [percent("OS", "64", timepoint="P2Y")]),
    ("At 24 months, OS was 64%.", [percent("OS", "64", timepoint="P24M")]),
    ("At week 12, 48% of patients had a clinical response.", [percent("clinical response", "48", timepoint="P12W")]),
    ("By day 28, 21% of patients had died.", [percent("DEATH", "21", timepoint="P28D")]),
    ("The 90-day readmission rate was 17%.", [percent("readmission", "17", timepoint="P90D")]),
    ("After 1 year of follow-up, graft survival was 93%.", [percent("SURVIVAL", "93", timepoint="P1Y")]),
    ("The probability of relapse at 5 years was 31% (SE 4%).", [percent("RELAPSE", "31", se="4", timepoint="P5Y")]),
    ("Of the patients treated, 72% were alive at 18 months.", [percent("ALIVE", "72", timepoint="P18M")]),
)
def test_where_the_time_point_may_stand(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "The 3-year EFS and OS were 62 and 75%, respectively.",
        [percent("EFS", "62", timepoint="P3Y"), percent("OS", "75", timepoint="P3Y")],
    ),
    (
        "The 1-, 3- and 5-year survival rates were 91, 80 and 72%, respectively.",
        [
            percent("SURVIVAL", "91", timepoint="P1Y"),
            percent("SURVIVAL", "80", timepoint="P3Y"),
            percent("SURVIVAL", "72", timepoint="P5Y"),
        ],
    ),
    (
        "OS was 80% at 1 year and 63% at 3 years.",
        [percent("OS", "80", timepoint="P1Y"), percent("OS", "63", timepoint="P3Y")],
    ),
    (
        "Mortality at 30 and 90 days was 12% and 19%.",
        [percent("DEATH", "12", timepoint="P30D"), percent("DEATH", "19", timepoint="P90D")],
    ),
    (
        "At 6 months, viral suppression was 88% with dolutegravir and 79% with efavirenz.",
        [
            percent("viral suppression", "88", timepoint="P6M", arm="dolutegravir"),
            percent("viral suppression", "79", timepoint="P6M", arm="efavirenz"),
        ],
    ),
    (
        "One-year OS was 58%, 49% and 30% with azacitidine, decitabine and supportive care, respectively.",
        [
            percent("OS", "58", timepoint="P1Y", arm="azacitidine"),
            percent("OS", "49", timepoint="P1Y", arm="decitabine"),
            percent("OS", "30", timepoint="P1Y", arm="supportive care"),
        ],
    ),
    (
        "DFS was 88% at 3 years; OS at 5 years was 90%.",
        [percent("DFS", "88", timepoint="P3Y"), percent("OS", "90", timepoint="P5Y")],
    ),
    (
        "The 4-year PFS with bevacizumab and placebo was 54 and 37%, respectively.",
        [
            percent("PFS", "54", timepoint="P4Y", arm="bevacizumab"),
            percent("PFS", "37", timepoint="P4Y", arm="placebo"),
        ],
    ),
)
def test_time_points_shared_and_listed(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected


@says(
    (
        "At a median follow-up of 38 months, OS was 71%.",
        [percent("OS", "71")],
    ),
    (
        "With a median follow-up of 5 years, relapse occurred in 14%.",
        [percent("RELAPSE", "14")],
    ),
    (
        "In patients older than 65 years, mortality was 22%.",
        [percent("DEATH", "22", arm="older than 65 years")],
    ),
    (
        "After a median follow-up of 4 years, the 2-year DFS was 81%.",
        [percent("DFS", "81", timepoint="P2Y")],
    ),
    (
        "Median OS was 11.2 months; at 1 year, 46% of patients were alive.",
        [row("OS", "median", "11.2", unit="mo"), percent("ALIVE", "46", timepoint="P1Y")],
    ),
)
def test_follow_up_age_and_length_of_treatment_are_no_time_points(
    nlp: Language, text: str, expected: list[Row]
) -> None:
    assert rows(nlp, text) == expected
