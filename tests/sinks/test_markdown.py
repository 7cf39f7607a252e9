"""The data dictionary and the table of scores."""

from __future__ import annotations

from extract.evaluation import Accuracy, Evaluation, Row, Score
from extract.evaluation.bootstrap import Interval, Intervals
from extract.records import TABLES
from extract.sinks.dictionary import data_dictionary
from extract.sinks.markdown import ratio, score_table


def test_every_column_of_every_table_is_in_the_dictionary_in_order() -> None:
    text = data_dictionary()
    columns = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    assert columns == [name for model in TABLES.values() for name in model.model_fields]


def test_types_are_told_in_words() -> None:
    text = data_dictionary()
    assert "| `page_number` | integer or null |" in text
    assert "| `warnings` | list of string |" in text
    assert "| `bound` | one of `<`, `<=`, `>`, `>=` or null |" in text


def test_no_column_lacks_a_meaning() -> None:
    rows = [line for line in data_dictionary().splitlines() if line.startswith("| `")]
    assert [row for row in rows if row.rstrip(" |").count("|") < 3] == []


def test_scores_have_three_decimals_and_a_dash_where_there_is_nothing_to_count() -> None:
    rows = (
        Row("DOSE", 4, 4, Score(3, 1, 1), None, None, Intervals(f1=Interval(0.5, 1.0)), (Accuracy("unit", 2, 3),)),
        Row("TRIAL", 0, 0, Score(), None, None, Intervals(), (Accuracy("trial", 0, 0),)),
    )
    lines = score_table(Evaluation(documents=(), rows=rows)).splitlines()
    assert lines[2] == "| DOSE | 4 | 0.750 | 0.750 | 0.750 (0.500–1.000) | unit 0.667 |"
    assert lines[3] == "| TRIAL | 0 | – | – | – |  |"
    assert ratio(None) == "–"
