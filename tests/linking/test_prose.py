"""Sentences of narrative reviews: figures among words that report nothing."""

from __future__ import annotations

from making import Row, percent, row, rows, says
from spacy.language import Language


@says(
    (
        "Outcome is poor, with a 5-year OS of only 12%.",
        [percent("OS", "12", timepoint="P5Y")],
    ),
    (
        "Long-term survival rates of 80-90% have been reported with this approach.",
        [percent("SURVIVAL", "80 to 90")],
    ),
    (
        "Treatment was well tolerated: only 4% of patients discontinued because of adverse events.",
        [percent("discontinued", "4")],
    ),
    (
        "With longer follow-up, the OS benefit was maintained (HR 0.77; 95% CI 0.66-0.90).",
        [row("OS", "hazard_ratio", "0.77", ci="95% 0.66 to 0.90")],
    ),
    (
        "No significant difference in mortality was found (14.2% vs. 15.8%, p = 0.38).",
        [percent("DEATH", "14.2", p="=0.38"), percent("DEATH", "15.8", p="=0.38")],
    ),
    (
        "Relapse (27%) and infection (11%) were the main causes of failure.",
        [percent("RELAPSE", "27"), percent("INFECTION", "11")],
    ),
)
def test_narrative_sentences(nlp: Language, text: str, expected: list[Row]) -> None:
    assert rows(nlp, text) == expected
