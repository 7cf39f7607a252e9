"""Findings in published papers, each judged by reading; the papers are not part of this project.

`judged.csv` has a row for each finding in the texts, PDF and XML files of the corpus: the file, where the finding
stands in it, check, severity, the words in doubt, the verdict (right, wrong, unclear) and why. What is found there anew
has to be read and judged before these tests pass.
"""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from extract.assembly import Extraction
from extract.audit import extract_and_audit
from extract.compare import compare_documents
from extract.document import CharSpan, Lines
from extract.readers import read

from .checking import pipeline

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
PAPERS = ("balduzzi2022.txt", "kallay2022.txt")
Key = tuple[str, str, str, str, str]  # file, place, check, severity, words in doubt
MIN_PRECISION = 0.80  # of all findings
MIN_RECALL = 0.75  # of the known errors that are impossible or inconsistent
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the published papers are not at hand")


def files() -> list[Path]:
    return [CORPUS / name for name in PAPERS] + sorted([*CORPUS.glob("pdf/*.pdf"), *CORPUS.glob("jats/*.*ml")])


@cache
def audited(path: Path) -> Extraction:
    return extract_and_audit(read(path), nlp=pipeline())


def keys_of(path: Path) -> list[Key]:
    """The findings of a file by place and words."""
    extraction = audited(path)
    lines = Lines(extraction.document.source)
    keys = []
    for finding in extraction.findings:
        if finding.source_start is not None:
            place = f"line {lines.at(finding.source_start)}"
        elif finding.page_number is not None:
            place = f"p. {finding.page_number}"
        else:
            place = (finding.section or "").rpartition(" > ")[2][:40]
        keys.append((path.name, place, finding.check_name, finding.severity, " ".join(finding.quote.split())[:40]))
    return keys


def judged() -> list[dict[str, str]]:
    with (Path(__file__).parent / "judged.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def found() -> Counter[Key]:
    return Counter(key for path in files() for key in keys_of(path))


def test_every_finding_was_judged_by_reading() -> None:
    known = Counter((row["file"], row["place"], row["check"], row["severity"], row["words"]) for row in judged())
    assert found() - known == Counter(), "read these, and add them to judged.csv with a verdict"
    assert known - found() == Counter(), "these are not found any more"


def test_most_findings_are_right() -> None:
    verdicts = Counter(row["verdict"] for row in judged())
    assert set(verdicts) <= {"right", "wrong", "unclear"}
    assert verdicts["right"] / verdicts.total() >= MIN_PRECISION


def lines_of(path: Path) -> Counter[tuple[str, int]]:
    """The lines on which findings of a text stand, on either side, by check."""
    extraction = audited(path)
    lines = Lines(extraction.document.source)
    checks = {finding.record_id: finding.check_name for finding in extraction.findings}
    spans = {
        (each.record_id, lines.at(extraction.document.source_spans(*CharSpan(each.start, each.end))[0].start))
        for each in extraction.evidence
        if each.record_id in checks
    }
    return Counter((checks[record_id], line) for record_id, line in spans)


def known_errors() -> list[dict[str, str]]:
    with (ROOT / "gold" / "errata.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def found_errors() -> dict[str, list[bool]]:
    """Whether each known error of the two papers is found, by its certainty."""
    left = {path.stem: lines_of(path) for path in files()[:2]}
    found: dict[str, list[bool]] = {"impossible": [], "inconsistent": [], "suspicious": []}
    for error in known_errors():
        if error["kind"] == "cross_review_conflict":
            is_found = "swapped" in compared()["10.1182/blood.2019004008"]
        else:
            key = (error["kind"], int(error["line"]))
            is_found = left[error["document"]][key] > 0
            left[error["document"]][key] -= is_found
        found[error["certainty"]].append(is_found)
    return found


def test_most_known_errors_are_found() -> None:
    found = found_errors()
    proved = [*found["impossible"], *found["inconsistent"]]
    assert sum(proved) / len(proved) >= MIN_RECALL
    assert sum(found["suspicious"]) > 0


@cache
def compared() -> dict[str, list[str]]:
    """How the results of each source that both papers cite compare, by DOI."""
    studies = compare_documents([audited(path) for path in files()[:2]])
    return {doi.lower(): [line.status for line in study.lines] for study in studies for doi in study.dois}


def test_the_sources_that_two_reviews_share_are_matched() -> None:
    cited = [{reference.doi.lower() for reference in audited(path).references if reference.doi} for path in files()[:2]]
    shared = cited[0] & cited[1]
    assert len(shared) >= 13
    assert shared - set(compared()) == set()
    assert compared()["10.1182/blood.2019004008"].count("swapped") == 2
