"""Counts, percentages and sums: what is found, and what is right and left alone."""

from __future__ import annotations

import pytest

from extract.audit import extract_and_audit
from extract.readers import parse_text

from .checking import RESULTS, findings, pipeline, told

MISMATCH, PERCENT, SUM = "percent_count_mismatch", "impossible_percent", "sum_mismatch"
EVENTS = """| Event | Drug (n = 47) | Placebo (n = 50) | Total (n = 97) |
|---|---|---|---|
| Nausea | 34 (72.3) | 11 (22.0) | 45 (46.4) |
| Vomiting | 27 (57.4) | 4 (8.0) | 31 (32.0) |
| Dizziness | 18 (38.3) | 11 (22.0) | 29 (29.9) |
| Rash | 10 (21.3) | 3 (6.0) | 13 (13.4) |
| Fatigue | 16 (34.0) | 13 (26.0) | 29 (29.9) |
| Cough | 5 (10.6) | 6 (12.0) | 11 (11.3) |
"""


def against(text: str, check: str) -> list[list[str]]:
    """The words on the other side of each finding."""
    result = extract_and_audit(parse_text(RESULTS + text, document_id="made"), nlp=pipeline())
    return [
        [e.quote for e in result.evidence if e.record_id == finding.record_id and e.field == "against"]
        for finding in result.findings
        if finding.check_name == check
    ]


@pytest.mark.parametrize(
    ("text", "severity", "quote", "correction"),
    [
        ("Stroke occurred in 18 of 120 patients (25%) on warfarin.", "impossible", "25%", "15%"),
        ("Stroke occurred in 18/120 patients (15.1%) on warfarin.", "suspicious", "15.1%", "15.0%"),
        ("Stroke was seen in 23% (19/120) of them.", "impossible", "23%", "16%"),
        ("Recurrence was found in 43 (33%) of 143 women.", "impossible", "33%", "30% or 47 of 143"),
        ("Of our cohort, 7 of 15 women (46.6%) relapsed.", "suspicious", "46.6%", "46.7%"),
        ("Thrush was seen in eleven of the 21 children (62%).", "impossible", "62%", "52% or 13 of 21"),
    ],
)
def test_counts_beside_their_percentage(text: str, severity: str, quote: str, correction: str) -> None:
    (finding,) = findings(text, MISMATCH)
    assert (finding.severity, finding.quote, finding.correction) == (severity, quote, correction)
    assert finding.assumes is None


def test_both_figures_speak_against_the_percentage() -> None:
    assert against("Stroke occurred in 18 of 120 patients (25%) on warfarin.", MISMATCH) == [["18", "120"]]


def test_a_cohort_that_is_only_likely_makes_a_suspicion() -> None:
    text = "Twenty-six patients with asthma were enrolled. Sixteen patients (65%) completed the year of treatment."
    (finding,) = findings(text, MISMATCH)
    assert (finding.severity, finding.quote) == ("suspicious", "65%")
    assert finding.correction == "62% or 17 of 26"
    assert finding.assumes == "the percentage is of the 26 patients"


def test_a_percentage_cut_off_instead_of_rounded() -> None:
    text = "A series of 15 patients was reported. Overall, seven patients (46.6%) improved."
    assert told(text, MISMATCH) == [("suspicious", "46.6%")]


def test_a_count_that_is_that_percentage_of_nothing() -> None:
    (finding,) = findings("Gout was seen in 7 patients (46.3%).", MISMATCH)
    assert finding.severity == "suspicious"
    assert finding.message == "There is no whole number of which 7 is 46.3%."


@pytest.mark.parametrize(
    "text",
    [
        "Overall, 24 of 51 patients (47.1%) and 24 of 54 (44.4%) had gout.",
        "Cough was seen in 1 of 8 patients (12%) and 3 of 8 patients (38%).",  # half even, half up
        "Bleeding occurred in 270 of 1,514 patients (18%) and 204 of 1,509 (14%).",
        "Grade 3/4 (15%) diarrhoea was rare, and 9/10 HLA (30%) matches were few.",
        "Survival at 2 years was 12 of 40 (45%) by Kaplan-Meier estimates.",
        "Two of three doses (50% and 80%) were tested, in one of five centres (30% of all patients).",
        "We enrolled 80 patients, 40 in each arm. Twelve patients (30%) in the placebo arm died.",
        "A total of 200 patients were enrolled. Among those with diabetes, 30 patients (60%) were women.",
        "In all 150 patients were enrolled, with data at baseline in 140. Sixty-three patients (45%) were women.",
        "Twenty children were treated. Of these, 8 (40%) improved. In 6 children (75%) this lasted.",
        "Of the 117 trials 91 (78%) reported losses, and 3 (3%) did not say.",
        "Among the 64 patients with type 2 diabetes (36.5%), an HbA1c above 7 (46.3%) was seen.",
        "Of 120 patients, 60 received dapagliflozin. Death occurred in 12 patients (20%) with dapagliflozin.",
        "The 14 patients (80% of them men) were old.",
        "We enrolled 90 patients. The age was known in 60 patients with asthma. Twenty patients (50%) smoked.",
    ],
)
def test_counts_that_go_with_their_percentage(text: str) -> None:
    assert told(text, MISMATCH) == []


def test_a_cell_that_does_not_go_with_the_size_of_its_column() -> None:
    (finding,) = findings(EVENTS.replace("18 (38.3)", "18 (39.8)"), MISMATCH)
    assert (finding.severity, finding.quote, finding.correction) == ("inconsistent", "39.8", "38.3%")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("18 (38.3)", "18 (39.1)"),  # of 46, one without data
        ("18 (38.3)", "18 (38.2)"),  # cut off
        ("| Rash | 10 (21.3)", "| Age, mean (SD) | 10 (2.1)"),
        ("| Rash | 10 (21.3)", "| Severe, of those with nausea | 10 (29.4)"),
    ],
)
def test_cells_that_another_whole_explains(old: str, new: str) -> None:
    assert told(EVENTS.replace(old, new), MISMATCH) == []


@pytest.mark.parametrize(
    ("text", "severity", "quote"),
    [
        ("Asthma control improved in 56% of the 31 children.", "inconsistent", "56%"),
        ("Data on 14 infants (80% of them boys) were reported.", "suspicious", "80%"),
        ("Spanish data in 29 children show remission rates of 47.6% with either drug.", "suspicious", "47.6%"),
        ("We included 25 patients; the response rate was 80%, with 84% of the responders off steroids.", "suspicious",
         "84%"),
        ("In one study 27 children were treated with omalizumab. Ninety-two percent of patients improved.",
         "suspicious", "Ninety-two percent"),
    ],
)  # fmt: skip
def test_percentages_that_no_count_makes(text: str, severity: str, quote: str) -> None:
    (finding,) = findings(text, PERCENT)
    assert (finding.severity, finding.quote) == (severity, quote)
    assert (finding.assumes is None) == (severity == "inconsistent")


def test_the_counts_next_to_an_impossible_percentage_are_told() -> None:
    (finding,) = findings("Asthma control improved in 56% of the 31 children.", PERCENT)
    assert finding.message == "No whole number of 31 children is 56%: 17 of 31 is 54.8%, 18 of 31 is 58.1%."


@pytest.mark.parametrize(
    "text",
    [
        "Asthma control improved in 55% of the 31 children.",
        "Asthma control improved in about 56% of the 31 children.",
        "Of 62 patients, 4-year EFS was 43% and OS was 67%.",
        "The cumulative incidence of relapse was 31% in 17 patients.",
        "In 29 patients with heart failure the mean ejection fraction was 32%.",
        "In 29 patients with heart failure the ejection fraction decreased by 32%.",
        "Of 35 patients with asthma, 20 received omalizumab. Response was seen in 55% of patients.",
        "Fourteen studies had 62 patients (63.2% female).",
        "We included 25 patients; the response rate was 80%, with 85% of the responders off steroids.",
        "We included 25 patients and 40 controls; the response rate was 80%, with 84% of the responders off steroids.",
        "The trial had 629 patients. Nausea was seen in 63.2% of patients.",
        "We enrolled 48 patients; the complication rate was 12.5% and the mortality rate was 2.1%.",
        "We studied 27 children with asthma. Ninety-two percent of patients with eczema improved.",
    ],
)
def test_percentages_that_may_be_right(text: str) -> None:
    assert told(text, PERCENT) == []


@pytest.mark.parametrize(
    ("text", "severity", "quote", "correction"),
    [
        ("Of the 50 patients, 20 had asthma and the remaining 35 patients had COPD.", "impossible", "35",
         "30 remaining"),
        ("Only 76 of the 143 women had surgery, due to deaths in the 54 remaining women.", "impossible", "54",
         "67 remaining"),
        ("Of the 10 infants, all were treated. In two infants it failed. In the other seven infants it worked.",
         "inconsistent", "seven", "8 remaining"),
        ("In all 240 patients were randomised to apixaban (n = 119) or warfarin (n = 131).", "impossible", "240",
         "250"),
        ("In all 240 patients were randomly assigned: 119 to apixaban and 101 to warfarin.", "inconsistent", "240",
         "220"),
        ("The cohort had 52 patients (30 men and 23 women).", "impossible", "52", "53"),
        ("The cohort had 52 patients (20 females, 31 males).", "inconsistent", "52", "51"),
        ("The sample was 61% male and 42% female.", "impossible", "61", None),
    ],
)  # fmt: skip
def test_parts_that_do_not_make_their_whole(text: str, severity: str, quote: str, correction: str | None) -> None:
    (finding,) = findings(text, SUM)
    assert (finding.severity, finding.quote, finding.correction) == (severity, quote, correction)


@pytest.mark.parametrize(
    "text",
    [
        "Of the 100 patients, 60 responded, 25 progressed, and the remaining 15 were not evaluable.",
        "Of the 50 patients, 20 had asthma. Of the 30 with COPD, 10 smoked and the other 20 patients had quit.",
        "Of the 30 patients, 10 had asthma. Two patients died; the other 8 patients with asthma recovered.",
        "Of 40 patients, three quarters improved and the remaining 11 patients did not.",
        "Of 40 patients, 25% had asthma, 10 had COPD, and the remaining 20 patients were healthy.",
        "Of 40 patients, 12 were treated for the remaining 6 months.",
        "In all 240 patients were randomised to apixaban (n = 119) or warfarin (n = 121).",
        "In all 240 patients were randomised; apixaban (n = 119) and warfarin (n = 115) were analysed.",
        "In all 240 patients were randomised to apixaban (n = 80), warfarin (n = 80) or three other drugs.",
        "The cohort had 52 patients (30 men and 22 women), 57.7% male and 42.3% female.",
        "The sample was 33.3% male and 66.6% female.",
        "Asthma was seen in 52 patients, 20 men and 27 women with eczema.",
        "Of these, 55% men and 49% women had asthma.",
    ],
)
def test_parts_that_make_their_whole_or_need_not(text: str) -> None:
    assert told(text, SUM) == []


def test_a_row_that_merges_other_rows() -> None:
    table = "| Trial | N | Drug |\n|---|---|---|\n| BREEZE-301 | 1,210 | A |\n| BREEZE-302 | 190 | A |\n"
    (finding,) = findings(table + "| BREEZE-301 & 302 | 1,440 | A |\n", SUM)
    assert (finding.severity, finding.quote, finding.correction) == ("inconsistent", "1,440", "1,400")
    assert told(table + "| BREEZE-301 & 302 | 1,400 | A |\n", SUM) == []
    assert told(table + "| BREEZE-303 & 304 | 1,440 | A |\n", SUM) == []


def test_a_combination_of_drugs_merges_no_rows() -> None:
    rows = "| Oral venetoclax | 40 |\n| Oral azacitidine | 50 |\n| Oral venetoclax + azacitidine | 60 |\n"
    assert told("| Regimen | N |\n|---|---|\n" + rows, SUM) == []


def test_a_total_column_that_its_arms_do_not_make() -> None:
    assert told(EVENTS, SUM) == []
    (finding,) = findings(EVENTS.replace("13 (13.4)", "14 (14.4)"), SUM)
    assert (finding.severity, finding.quote, finding.correction) == ("inconsistent", "14", "13")
    assert told(EVENTS.replace("n = 97", "n = 99").replace("13 (13.4)", "14 (14.4)"), SUM) == []


@pytest.mark.parametrize(
    ("text", "quote", "correction"),
    [
        ("Rash was reported by 24 of 150 patients (18.0%) on cefazolin.", "18.0%", "16.0% or 27 of 150"),
        ("A catheter was given to 61 of 140 women (34.6%).", "34.6%", "43.6%"),
        ("Relief (18 of 40, 54%) came early.", "54%", "45%"),
        ("Nausea affected 12 of the 90 children given 50 mg (31.3%).", "31.3%", "13.3%"),
        ("Stroke was seen in 12 of 90 patients, or 31.3%, at one year.", "31.3%", "13.3%"),
        ("Early closure was frequent (54.0%; 18 of 40).", "54.0%", "45.0%"),
    ],
)
def test_counts_and_their_percentage_in_any_sentence(text: str, quote: str, correction: str) -> None:
    (finding,) = findings(text, MISMATCH)
    assert (finding.severity, finding.quote, finding.correction) == ("impossible", quote, correction)


@pytest.mark.parametrize(
    "text",
    [
        "Rash was reported by 27 of 150 patients (18.0%) on cefazolin.",
        "Relief (18 of 40, 45%) came early.",
        "Early closure was frequent (45.0%; 18 of 40).",
        "The dose was reduced by 20 of 100 mg (30%) in men.",
        "The risk fell from 12 of 60 (20%) to 6 of 60 (10%).",
        "Of 40 patients, 20% of 15 women and 4 of 25 men (16%) improved.",
    ],
)
def test_counts_that_go_with_their_percentage_in_any_sentence(text: str) -> None:
    assert told(text, MISMATCH) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Insulin was stopped in 44% of the 17, and two patients relapsed.", "44%"),
        ("The response rate was 71% among the 19.", "71%"),
        ("The complication rate was 37% in the 21 patients.", "37%"),
    ],
)
def test_percentages_of_a_whole_without_its_noun(text: str, quote: str) -> None:
    assert told(text, PERCENT) == [("inconsistent", quote)]


@pytest.mark.parametrize(
    "text",
    [
        "The response rate was 71% among the 21.",
        "The complication rate was 38% in the 21 patients.",
        "Pain fell by 44% of the 17 points.",
        "Mean adherence was 78% among the 21.",
        "The 5-year survival rate was 78% among the 21.",
        "The Kaplan-Meier estimate of relief was 78% among the 21 patients.",
    ],
)
def test_percentages_that_the_whole_gives_or_need_not(text: str) -> None:
    assert told(text, PERCENT) == []


@pytest.mark.parametrize(
    ("text", "severity", "quote", "correction"),
    [
        (
            "Of the 40 deaths, 20 were due to stroke, 12 to infection and 13 to other causes.",
            "inconsistent",
            "40",
            "45",
        ),
        ("There were 30 deaths: 12 from sepsis, 11 from stroke and 10 from cancer.", "inconsistent", "30", "33"),
        (
            "Of the 90 children, 30 were younger than 2 years, 41 were 2-5 years and 29 were 6 years or older.",
            "impossible",
            "90",
            "100",
        ),
        (
            "In all, 40 of the 120 eyes had a pressure below 15 mmHg, 51 had 15-20 mmHg and 39 had one above 20 mmHg.",
            "impossible",
            "120",
            "130",
        ),
        (
            "Of 80 patients, 20 had a complete response, 25 a partial response, 30 stable disease and 15 progression.",
            "inconsistent",
            "80",
            "90",
        ),
        (
            "The remaining 30 were excluded because of refusal (n = 12), pregnancy (n = 9) and allergy (n = 12).",
            "suspicious",
            "30",
            "33",
        ),
        (
            "Of these, 68 reports were set aside (31 wrong population, 22 no comparator, 12 secondary reports).",
            "suspicious",
            "68",
            "65",
        ),
        ("The trial assigned 240 patients to a splint (n = 118) or a cast (n = 128).", "impossible", "240", "246"),
        ("It randomised 300 patients, 144 to surgery and 146 to physiotherapy.", "inconsistent", "300", "290"),
    ],
)
def test_lists_of_parts_that_do_not_make_their_whole(text: str, severity: str, quote: str, correction: str) -> None:
    (finding,) = findings(text, SUM)
    assert (finding.severity, finding.quote, finding.correction) == (severity, quote, correction)
    assert (finding.assumes is not None) == (severity == "suspicious")


@pytest.mark.parametrize(
    "text",
    [
        "Of the 40 deaths, 20 were due to stroke, 12 to infection and 8 to other causes.",
        "Of the 40 deaths, 20 were due to stroke and 5 to infection.",
        "Of the 40 deaths, 20 were in men, 25 in patients with diabetes and 13 in hospital.",
        "Of the 25 deaths, 10 were due to sepsis, 12 to stroke, 4 to cancer and 3 to both.",
        "Of the 40 deaths, 20 were from stroke, 12 from infection, and the remaining 8 from other causes.",
        "Of the 90 children, 30 were younger than 2 years, 41 were 2-5 years and 19 were 6 years or older.",
        "Of the 90 children, 30 had fever, 41 had cough and 39 had rash.",
        "Of the 120 eyes, 40 had a pressure below 15 mmHg, 51 had cataract and 39 had a pressure above 20 mmHg.",
        "Of the 120 patients, 100 were followed for at least 1 year, 80 for at least 2 years and 30 for 3 or more.",
        "Of 80 patients, 20 had a complete response, 25 a partial response, 20 stable disease and 10 progression.",
        "The remaining 30 were excluded because of refusal (n = 12), pregnancy (n = 9) and allergy (n = 9).",
        "The remaining 30 were excluded, mainly because of refusal (n = 12), pregnancy (n = 9) and allergy (n = 6).",
        "The other 30 were tested for asthma (n = 20), rhinitis (n = 18) and eczema (n = 9), several for all three.",
        "Of these, 68 reports were set aside (31 wrong population, 22 no comparator, 15 secondary reports).",
        "Twenty patients had adverse events (12 nausea, 10 headache and 5 rash).",
        "The trial assigned 240 patients to a splint (n = 118) or a cast (n = 122).",
        "The trial assigned 240 patients to a splint (n = 118) or a cast (n = 120); two withdrew at once.",
        "It randomised 290 patients, 144 to surgery and 146 to physiotherapy.",
    ],
)
def test_lists_of_parts_that_make_their_whole_or_need_not(text: str) -> None:
    assert told(text, SUM) == []


@pytest.mark.parametrize(
    "text",
    [
        "The rash cleared in 31 of the 36 and in 64 of the 79 (86.1% and 81.0%).",
        "Fever was seen in 12 of 48 and 30 of 60 patients (25.0% vs. 50.0%).",
        "Fever was seen in 12 of 48 and 30 of 60 patients (25% and 50%, respectively).",
    ],
)
def test_two_percentages_in_one_bracket_belong_to_two_counts(text: str) -> None:
    assert told(text, MISMATCH) == []
