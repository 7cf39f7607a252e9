"""Findings as rows: evidence that stands in the text, an order that does not change; the commands that show them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest

import extract
from extract.audit import CHECKS, audit_documents, extract_and_audit
from extract.cli import main
from extract.readers import read

from .checking import pipeline

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"
PLANTED = SAMPLES / "audit" / "planted-errors.md"


@pytest.mark.parametrize("path", [PLANTED, *sorted(SAMPLES.glob("*.*"))], ids=lambda path: path.name)
def test_every_finding_has_its_words_in_the_text(path: Path) -> None:
    extraction = extract_and_audit(read(path), nlp=pipeline())
    ids = [finding.record_id for finding in extraction.findings]
    assert ids == [f"f{number}" for number in range(1, len(ids) + 1)]
    rows = {row.record_id for table in ("outcomes", "dosing", "trials", "studies") for row in extraction.rows(table)}
    for finding in extraction.findings:
        sides = [each for each in extraction.evidence if each.record_id == finding.record_id]
        stated = [each for each in sides if each.field == "stated"]
        assert stated
        assert {each.field for each in sides} <= {"stated", "against"}
        assert all(extraction.document.text[each.start : each.end] == each.quote != "" for each in sides)
        assert finding.quote == stated[0].quote
        assert finding.check_name in CHECKS
        assert finding.message.endswith(".")
        assert "\n" not in finding.message
        assert (finding.assumes is None) or finding.severity == "suspicious"
        assert set(finding.about) <= rows


def test_the_rows_are_those_of_an_extraction_without_audit() -> None:
    audited = extract_and_audit(read(PLANTED), nlp=pipeline())
    alone = extract.extract_document(read(PLANTED), nlp=pipeline())
    assert audited.outcomes == alone.outcomes
    assert audited.mentions == alone.mentions
    assert audited.evidence[: len(alone.evidence)] == alone.evidence
    assert alone.findings == ()


def test_documents_are_audited_one_by_one() -> None:
    documents = [read(PLANTED), read(SAMPLES / "cardiology.md")]
    found = list(audit_documents(documents, nlp=pipeline()))
    assert found[0].document_id == "planted-errors"
    assert found == list(audit_documents(documents, nlp=pipeline()))


def test_the_command_shows_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(PLANTED)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("planted-errors: ")
    assert "survival_order" in printed
    assert "line " in printed
    assert main(["audit", str(PLANTED), "--check", "survival_order", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["check_name"] for row in rows} == {"survival_order"}
    assert rows[0]["stated"]
    assert rows[0]["against"]
    assert main(["audit", str(PLANTED), "--severity", "impossible", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["severity"] for line in lines} == {"impossible"}


def test_a_dataset_holds_its_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["batch", str(PLANTED), str(SAMPLES / "cardiology.md"), "-o", str(out), "--workers", "1"]) == 0
    expected = list(audit_documents([read(PLANTED)], nlp=pipeline()))
    findings = pd.read_parquet(out / "findings.parquet")
    assert list(findings[findings["document_id"] == "planted-errors"]["message"]) == [each.message for each in expected]
    capsys.readouterr()
    assert main(["audit", str(out), "--csv"]) == 0
    assert "planted-errors" in capsys.readouterr().out


def test_the_checks_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--checks"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in CHECKS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [([], "nothing to audit"), ([str(PLANTED), "--check", "spelling"], "no check 'spelling'; the checks are")],
)
def test_what_cannot_be_audited_is_told(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", *arguments]) == 2
    assert said in capsys.readouterr().err
