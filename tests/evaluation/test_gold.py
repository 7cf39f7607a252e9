"""Gold annotations: their format, and that they fit the files they were made on."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from extract.errors import GoldError
from extract.evaluation.gold import check_offsets, find_source, gold_documents, load_gold

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "gold"
CORPORA = (ROOT / "corpus", ROOT.parent / "shared" / "corpus")
SCHEMA: dict[str, Any] = json.loads((GOLD / "schema.json").read_text(encoding="utf-8"))
CSV_TABLES = ("outcomes", "dosing", "trials")
PERCENT = {"start": 4, "end": 9, "line": 1, "label": "PERCENT", "text": "54.4%", "role": "value", "value": 54.4}


def write_gold(root: Path, *mentions: dict[str, Any] | str, document_id: str = "made") -> Path:
    folder = root / document_id
    folder.mkdir()
    lines = [mention if isinstance(mention, str) else json.dumps(mention) for mention in mentions]
    (folder / "mentions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("document_id", gold_documents(GOLD))
def test_every_gold_mention_fits_the_schema(document_id: str) -> None:
    validator = Draft202012Validator(SCHEMA)
    lines = (GOLD / document_id / "mentions.jsonl").read_text(encoding="utf-8").splitlines()
    faults = [
        f"line {n}: {e.message}" for n, line in enumerate(lines, 1) for e in validator.iter_errors(json.loads(line))
    ]
    assert faults == []


@pytest.mark.parametrize("table", CSV_TABLES)
@pytest.mark.parametrize("document_id", gold_documents(GOLD))
def test_every_gold_row_fits_the_schema(document_id: str, table: str) -> None:
    validator = Draft202012Validator({"$ref": f"#/$defs/{table}", "$defs": SCHEMA["$defs"]})
    with (GOLD / document_id / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        assert list(rows.fieldnames or ()) == list(SCHEMA["$defs"][table]["properties"])
        faults = [f"row {n}: {error.message}" for n, row in enumerate(rows, 2) for error in validator.iter_errors(row)]
    assert faults == []


@pytest.mark.parametrize("document_id", gold_documents(GOLD))
def test_every_gold_mention_stands_where_it_says(document_id: str) -> None:
    gold = load_gold(GOLD, document_id)
    path = find_source(document_id, CORPORA)
    if path is None:
        pytest.skip(f"the text of {document_id} is not at hand")
    check_offsets(gold, path.read_bytes().decode("utf-8"))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"label": "PERCENTAGE"}, "label"),
    ({"label": "COUNT"}, "COUNT is not annotated in gold"),
    ({"role": "ratio"}, "role"),
    ({"role": None}, "needs role"),
    ({"code": "OS"}, "PERCENT has no code"),
    ({"colour": "red"}, "colour"),
    ({"start": 9}, "no span"),
    ({"start": 3}, "not 6 characters long"),
    ({"start": "4"}, "start"),
    ({"text": "4.4% "}, "white space"),
    ({"line": 0}, "lines count from 1"),
    ({"value": None}, "either a value or low and high"),
    ({"low": 50, "high": 60}, "either a value or low and high"),
]


@pytest.mark.parametrize(("change", "reason"), WRONG, ids=lambda part: part if isinstance(part, str) else "")
def test_a_wrong_mention_is_refused_with_its_place(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    root = write_gold(tmp_path, PERCENT | {"start": 14, "end": 19}, PERCENT | change)
    with pytest.raises(GoldError, match=rf"^made/mentions.jsonl line 2: .*{reason}"):
        load_gold(root, "made")


CHECKED_BY_CODE_ONLY = {"no span", "not 6 characters long"}  # JSON Schema does not compare two fields


@pytest.mark.parametrize("change", [change for change, reason in WRONG if reason not in CHECKED_BY_CODE_ONLY])
def test_the_schema_refuses_what_the_loader_refuses(change: dict[str, Any]) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid(PERCENT | change)


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"made/mentions.jsonl line 1: not JSON: .* column 12"):
        load_gold(write_gold(tmp_path, '{"start": 4'), "made")


def test_a_mention_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"line 2: PERCENT '54.4%' stands twice"):
        load_gold(write_gold(tmp_path, PERCENT, PERCENT), "made")


def test_a_missing_document_is_named(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="nowhere: no gold mentions"):
        load_gold(tmp_path, "nowhere")


def test_numbers_keep_their_printed_precision(tmp_path: Path) -> None:
    line = json.dumps(PERCENT).replace(": 54.4}", ": 54.40}")
    (mention,) = load_gold(write_gold(tmp_path, line), "made").mentions
    assert str(mention.value) == "54.40"
    assert mention.value == Decimal("54.4")


def test_a_drug_the_text_does_not_name_is_none(tmp_path: Path) -> None:
    dose = {"start": 0, "end": 4, "line": 1, "label": "DOSE", "text": "1 mg", "agent": "?", "value": 1, "unit": "mg"}
    (mention,) = load_gold(write_gold(tmp_path, dose), "made").mentions
    assert mention.agent is None


def test_offsets_that_do_not_fit_name_document_and_line(tmp_path: Path) -> None:
    gold = load_gold(write_gold(tmp_path, PERCENT), "made")
    check_offsets(gold, "was 54.4% or so")
    with pytest.raises(GoldError, match=r"made line 1 char 4: the gold has '54.4%', the file ' 54.4'"):
        check_offsets(gold, "OS   54.4%")
    with pytest.raises(GoldError, match=r"made line 1 char 4: '54.4%' stands on line 2"):
        check_offsets(gold, "was\n54.4%")


def test_sources_are_found_in_the_usual_folders(tmp_path: Path) -> None:
    for name in ("samples/a.md", "text/b.txt", "c.txt", "sources/c.txt", "d.pdf"):
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    roots = [tmp_path / "none", tmp_path / "corpus"]
    found = {document_id: find_source(document_id, roots) for document_id in "abcde"}
    relative = {key: path.relative_to(tmp_path / "corpus").as_posix() for key, path in found.items() if path}
    assert relative == {"a": "samples/a.md", "b": "text/b.txt", "c": "c.txt"}
    assert find_source("d", roots, suffixes=(".pdf",)) == tmp_path / "corpus" / "d.pdf"


def test_documents_are_folders_with_mentions(tmp_path: Path) -> None:
    write_gold(tmp_path, PERCENT, document_id="b")
    write_gold(tmp_path, PERCENT, document_id="a")
    (tmp_path / "c").mkdir()
    assert gold_documents(tmp_path) == ["a", "b"]
