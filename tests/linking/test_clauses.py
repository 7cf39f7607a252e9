"""Clauses: a figure stays with the outcome and the arm of its own clause."""

from __future__ import annotations

from making import Row, count, percent, row, rows, says
from spacy.language import Language


@says(
    (
        "OS was 71% with ibrutinib, whereas only 44% of patients given chlorambucil were progression-free.",
        [percent("OS", "71", arm="ibrutinib"), percent("PFS", "44", arm="chlorambucil")],
    ),
    (
        "While 12% of patients had major bleeding, 3% had a stroke.",
        [percent("BLEEDING", "12"), percent("STROKE", "3")],
    ),
    (
        "OS was 68%; EFS, 51%; and relapse, 33%.",
        [percent("OS", "68"), percent("EFS", "51"), percent("RELAPSE", "33")],
    ),
    (
        "Survival was 92%, with acute rejection in 14% and infection in 22%.",
        [percent("SURVIVAL", "92"), percent("acute rejection", "14"), percent("INFECTION", "22")],
    ),
    (
        "Three patients died while in remission and five relapsed.",
        [count("DEATH", "3"), count("RELAPSE", "5")],
    ),
    (
        "Clinical response was reached by 52% of patients, including 20% with clinical remission.",
        [percent("Clinical response", "52"), percent("REMISSION", "20")],
    ),
    (
        "Ischaemic stroke was reduced by clopidogrel (HR 0.72, 95% CI 0.58-0.90) at the cost of more "
        "bleeding (HR 1.31, 95% CI 1.02-1.68).",
        [
            row("STROKE", "hazard_ratio", "0.72", arm="clopidogrel", ci="95% 0.58 to 0.90"),
            row("BLEEDING", "hazard_ratio", "1.31", arm="clopidogrel", ci="95% 1.02 to 1.68"),
        ],
    ),
    (
        "Pain relief was achieved in 66% of patients and constipation occurred in 23%.",
        [percent("Pain relief", "66"), percent("constipation", "23")],
    ),
    (
        "The caesarean section rate fell from 28% to 21%.",
        [percent("caesarean section", "28"), percent("caesarean section", "21")],
    ),
)
def test_figures_stay_in_their_clause(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected
