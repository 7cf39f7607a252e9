"""A review with errors put in: every one is found, and nothing that only looks like one."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from extract.assembly import Extraction
from extract.audit import CHECKS, extract_and_audit
from extract.readers import read
from extract.records import Finding

from .checking import pipeline

FOLDER = Path(__file__).parents[2] / "corpus" / "samples" / "audit"
with (FOLDER / "planted-errors.csv").open(encoding="utf-8", newline="") as _stream:
    PLANTED = [tuple(row.values()) for row in csv.DictReader(_stream)]


@cache
def audited() -> Extraction:
    return extract_and_audit(read(FOLDER / "planted-errors.md"), nlp=pipeline())


def is_planted(finding: Finding, check: str, words: str) -> bool:
    """Whether a finding is about the words in which an error was put."""
    sides = [each.quote for each in audited().evidence if each.record_id == finding.record_id]
    return finding.check_name == check and any(words in side or side in words for side in sides)


@pytest.mark.parametrize(("check", "severity", "words"), PLANTED)
def test_every_error_is_found(check: str, severity: str, words: str) -> None:
    found = [finding for finding in audited().findings if is_planted(finding, check, words)]
    assert [finding.severity for finding in found] == [severity], [
        (finding.check_name, finding.quote, finding.message)
        for finding in audited().findings
        if finding.check_name == check
    ]


def test_nothing_else_is_found() -> None:
    others = [
        (finding.check_name, finding.quote, finding.message)
        for finding in audited().findings
        if not any(is_planted(finding, check, words) for check, _, words in PLANTED)
    ]
    assert others == []


def test_every_check_has_an_error_in_the_sample() -> None:
    assert {check for check, *_ in PLANTED} == set(CHECKS)
