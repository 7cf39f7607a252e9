"""Findings for people: each with its place, a sentence, the words on both sides and what was likely meant."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TextIO, get_args

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from extract.records import Evidence, Finding
from extract.sinks.tables import csv_cell, csv_line
from extract.sinks.terminal import visible
from extract.values import Severity

SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # the gravest first
_STYLES: Mapping[Severity, str] = {"impossible": "bold red", "inconsistent": "bold yellow", "suspicious": "bold cyan"}
_QUOTE = 60  # characters of the words in doubt that are shown
_EVIDENCE = ("stated", "against")  # columns behind those of a finding, with the words on both sides

Placed = Callable[[Finding], str]  # where a finding stands, in words


def findings_table(name: str, findings: Sequence[Finding], evidence: Iterable[Evidence], placed: Placed) -> Group:
    """The findings of one document, the gravest first."""
    title = Text.assemble((visible(name), "bold"), f": {summary(findings)}")
    if not findings:
        return Group(title)
    sides = _sides(evidence)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in sorted(findings, key=lambda each: SEVERITIES.index(each.severity)):
        table.add_row(Text(finding.severity, _STYLES[finding.severity]), Text(visible(finding.message)))
        table.add_row("", Text(visible(" · ".join(_details(finding, sides, placed))), "dim"), end_section=True)
    return Group(title, Padding(table, (1, 0, 1, 0)))


def summary(findings: Sequence[Finding]) -> str:
    """How many findings there are of each severity, in words."""
    counts = Counter(finding.severity for finding in findings)
    said = [f"{counts[severity]} {severity}" for severity in SEVERITIES if counts[severity]]
    return ", ".join(said) or "nothing found"


def write_findings(
    findings: Iterable[tuple[Finding, Sequence[Evidence]]], stream: TextIO, form: str, *, header: bool = True
) -> None:
    """Findings with the words on both sides as CSV (`csv`), with or without a header, or JSON lines (`jsonl`)."""
    columns = [*Finding.model_fields, *_EVIDENCE]
    if form == "csv" and header:
        stream.write(csv_line(columns))
    for finding, evidence in findings:
        row = finding.model_dump(mode="json")
        row |= {side: [each.quote for each in evidence if each.field == side] for side in _EVIDENCE}
        if form == "csv":
            stream.write(csv_line(csv_cell(row[column]) for column in columns))
        else:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def _sides(evidence: Iterable[Evidence]) -> dict[str, dict[str, list[str]]]:
    """The words on both sides, by finding."""
    sides: dict[str, dict[str, list[str]]] = {}
    for each in evidence:
        words = " ".join(each.quote.split())
        cut = words if len(words) <= _QUOTE else f"{words[:_QUOTE]}…"
        sides.setdefault(each.record_id, {}).setdefault(each.field, []).append(f"“{cut}”")
    return sides


def _details(finding: Finding, sides: Mapping[str, Mapping[str, list[str]]], placed: Placed) -> Iterator[str]:
    """Place, check, words on both sides, correction and assumption."""
    if place := placed(finding):
        yield place
    yield finding.check_name
    words = sides.get(finding.record_id, {})
    stated, against = (" ".join(words.get(side, [])) for side in _EVIDENCE)
    yield f"{stated} against {against}" if against else stated
    if finding.correction:
        yield f"likely meant: {finding.correction}"
    if finding.assumes:
        yield f"if {finding.assumes}"
