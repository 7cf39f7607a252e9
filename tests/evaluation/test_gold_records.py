"""Gold rows: what a csv file may hold, and what is told where it does not."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from extract.errors import GoldError
from extract.evaluation import check_lines, gold_documents, load_gold_records
from extract.evaluation.gold_records import GoldDosing, GoldOutcome, GoldRecords, GoldTrial

from .making_records import gold_outcome
from .test_gold import CORPORA, GOLD

OUTCOMES = ",".join(GoldOutcome.model_fields)
DOSING = ",".join(GoldDosing.model_fields)
TRIALS = ",".join(GoldTrial.model_fields)


def write_table(root: Path, table: str, *lines: str) -> Path:
    folder = root / "made"
    folder.mkdir(exist_ok=True)
    (folder / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


def row(columns: str, **cells: str) -> str:
    stream = StringIO()
    csv.writer(stream).writerow([cells.get(name, "") for name in columns.split(",")])
    return stream.getvalue().removesuffix("\r\n")


def outcome(**cells: str) -> str:
    return row(OUTCOMES, **{"line": "3", "endpoint": "OS", "statistic": "percent", "value": "0.80", **cells})


@pytest.mark.parametrize("document_id", gold_documents(GOLD))
def test_the_gold_loads_row_by_row(document_id: str) -> None:
    gold = load_gold_records(GOLD, document_id)
    for table, rows in (("outcomes", gold.outcomes), ("dosing", gold.dosing), ("trials", gold.trials)):
        path = GOLD / document_id / f"{table}.csv"
        if path.exists():
            assert len(rows or ()) == len(path.read_text(encoding="utf-8").splitlines()) - 1


@pytest.mark.parametrize("document_id", gold_documents(GOLD))
def test_every_gold_row_stands_on_a_line_of_its_text(document_id: str) -> None:
    from extract.evaluation import find_source

    path = find_source(document_id, CORPORA)
    if path is None:
        pytest.skip("text not at hand")
    check_lines(load_gold_records(GOLD, document_id), path.read_text(encoding="utf-8"))


def test_numbers_keep_their_printed_precision_and_empty_cells_are_none(tmp_path: Path) -> None:
    write_table(tmp_path, "outcomes", OUTCOMES, outcome(refs="21,22", ci_low="-1.20", ci_high="0.5"))
    (found,) = load_gold_records(tmp_path, "made").outcomes or ()
    assert str(found.value) == "0.80"
    assert str(found.ci_low) == "-1.20"
    assert found.refs == ("21", "22")
    assert found.arm is None


def test_lists_are_cut_at_their_sign_and_an_unnamed_drug_is_none(tmp_path: Path) -> None:
    write_table(tmp_path, "trials", TRIALS, row(TRIALS, id="KESTREL", aliases="Falcon one; KESTREL 1", refs="3,4"))
    write_table(tmp_path, "dosing", DOSING, row(DOSING, line="2", agent="?", low="5", high="15", unit="mg"))
    gold = load_gold_records(tmp_path, "made")
    assert gold.trials is not None
    assert gold.trials[0].aliases == ("Falcon one", "KESTREL 1")
    assert gold.trials[0].refs == ("3", "4")
    assert gold.dosing is not None
    assert gold.dosing[0].agent is None
    assert (gold.dosing[0].low, gold.dosing[0].high) == (Decimal(5), Decimal(15))


def test_a_table_without_a_file_is_not_a_table_without_rows(tmp_path: Path) -> None:
    write_table(tmp_path, "dosing", DOSING)
    gold = load_gold_records(tmp_path, "made")
    assert gold.outcomes is None
    assert gold.dosing == ()


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"value": "1,150"}, "row 2: value: '1,150' is no number as printed"),
        ({"value": "about 5"}, "row 2: value: 'about 5' is no number as printed"),
        ({"value": "·5"}, "row 2: value: '·5' is no number as printed"),
        ({"n": "+5"}, "row 2: n: '\\+5' is no whole number"),
        ({"line": "0"}, "row 2: line: "),
        ({"timepoint": "2Y"}, "row 2: timepoint: '2Y' is no ISO 8601 duration"),
        ({"bound": "~"}, "row 2: bound: "),
        ({"low": "1", "high": "2"}, "row 2: a quantity is one value, or low and high"),
        ({"value": "", "low": "1"}, "row 2: a quantity is one value, or low and high"),
        ({"value": ""}, "row 2: a percent has a value, or low and high"),
        ({"statistic": "count"}, "row 2: a count has n and no value"),
        ({"p": "0.05"}, "row 2: p and p_op stand together"),
    ],
)
def test_a_cell_that_does_not_fit_is_told_with_file_row_and_reason(
    tmp_path: Path, cells: dict[str, str], reason: str
) -> None:
    write_table(tmp_path, "outcomes", OUTCOMES, outcome(**cells))
    with pytest.raises(GoldError, match=rf"^made/outcomes\.csv .*({reason})"):
        load_gold_records(tmp_path, "made")


def test_the_row_is_that_of_the_file(tmp_path: Path) -> None:
    write_table(tmp_path, "outcomes", OUTCOMES, outcome(note="on two\nlines"), outcome(value="x"))
    with pytest.raises(GoldError, match=r"^made/outcomes\.csv row 4: value: "):
        load_gold_records(tmp_path, "made")


def test_a_median_may_not_have_been_reached(tmp_path: Path) -> None:
    write_table(tmp_path, "outcomes", OUTCOMES, outcome(statistic="median", value=""))
    (found,) = load_gold_records(tmp_path, "made").outcomes or ()
    assert found.value is None


def test_a_row_of_another_length_is_refused(tmp_path: Path) -> None:
    write_table(tmp_path, "trials", TRIALS, "KESTREL,,,")
    with pytest.raises(GoldError, match=r"^made/trials\.csv row 2: 4 cells under 10 columns"):
        load_gold_records(tmp_path, "made")


def test_another_header_is_refused(tmp_path: Path) -> None:
    write_table(tmp_path, "trials", "id,alias")
    with pytest.raises(GoldError, match=r"made/trials\.csv: the header is not id,aliases,registry_ids"):
        load_gold_records(tmp_path, "made")


def test_broken_files_are_refused(tmp_path: Path) -> None:
    write_table(tmp_path, "trials", TRIALS, '"KESTREL')
    with pytest.raises(GoldError, match=r"made/trials\.csv: not CSV"):
        load_gold_records(tmp_path, "made")
    (tmp_path / "made" / "trials.csv").write_bytes(b"id\xff")
    with pytest.raises(GoldError, match=r"made/trials\.csv: not UTF-8 at byte 2"):
        load_gold_records(tmp_path, "made")


def test_a_row_beyond_the_end_of_the_text_is_refused() -> None:
    gold = GoldRecords("made", outcomes=(gold_outcome(4),))
    check_lines(gold, "a\nb\nc\n")
    with pytest.raises(GoldError, match=r"made/outcomes\.csv: line 4 of a file with 3 lines"):
        check_lines(gold, "a\nb\nc")
