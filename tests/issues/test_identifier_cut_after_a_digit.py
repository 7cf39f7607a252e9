"""`NCT0123-` at a line end and `4567` on the next became `NCT0123- 4567`, which no register takes."""

from __future__ import annotations

from extract.readers import parse_text

LINES = [
    "Inhaled steroids are the mainstay of treatment of asthma in adults and",
    "children, and most of the evidence comes from trials of moderate size with",
    "a short follow-up. The largest of them was done in four countries and was",
    "registered before the first patient was enrolled, as NCT0123-",
    "4567, and its results were published within one year of the last visit",
    "of the last patient. A second one was smaller and was registered late, with",
    "two doses of the drug, and the third was not registered at all, which is",
    "considered in what follows here. All of them used a spirometer at each of",
    "the visits, and all of them asked for symptoms in a diary that the patients",
    "filled in each evening. Exacerbations were counted by the investigators of",
    "the centres, and a committee reviewed those that had led to an admission to",
    "a hospital or to an unscheduled visit to the emergency department there.",
]


def test_no_space_is_made_within_it() -> None:
    document = parse_text("\n".join(LINES))
    assert document.hard_wrapped
    assert "NCT0123- 4567" not in document.text
