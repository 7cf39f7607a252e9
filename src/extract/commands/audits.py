"""What the commands that look for errors do: audit, compare."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from extract.commands import DONE, exit_code, extract_files, stdout_console
from extract.errors import ExtractError

if TYPE_CHECKING:
    from extract.assembly import Extraction
    from extract.records import Evidence, Finding
    from extract.sinks.finding_tables import Placed


class Audited(NamedTuple):
    """One document with its findings and where they stand."""

    document_id: str
    findings: Sequence[Finding]
    evidence: Sequence[Evidence]
    placed: Placed


def audit_files(args: argparse.Namespace) -> int:
    """`extract audit`: print what cannot be right in reviews or in a dataset."""
    from extract.audit import CHECKS
    from extract.sinks.finding_tables import findings_table, write_findings

    if args.checks:
        return _list_checks()
    wanted = _checks(args.check, list(CHECKS))
    files = [path for path in dict.fromkeys(args.inputs) if not path.is_dir()]
    folders = [path for path in dict.fromkeys(args.inputs) if path.is_dir()]
    if not args.inputs:
        raise ExtractError("nothing to audit: name reviews, or a folder that `extract batch` wrote")
    console, header, audited = stdout_console(), True, 0
    for document in chain(*map(_of_folder, folders), _of_files(args, files)):
        audited += 1
        findings = [each for each in document.findings if each.check_name in wanted and _grave(each, args.severity)]
        if args.csv or args.json:
            form = "jsonl" if args.json else "csv"
            write_findings(_with_evidence(findings, document.evidence), sys.stdout, form, header=header)
            header = False
        elif findings or not folders:  # of the many documents of a dataset those with findings
            console.print(findings_table(document.document_id, findings, document.evidence, document.placed))
    return exit_code(audited, audited) if folders else exit_code(audited, len(files))


def compare_files(args: argparse.Namespace) -> int:
    """`extract compare`: print what reviews say of the same studies."""
    from extract.compare import compare_documents
    from extract.sinks.compare_tables import (
        comparison_tables,
        read_sources,
        write_comparison,
        write_comparison_parquet,
    )
    from extract.sinks.dataset import Dataset

    files = [path for path in dict.fromkeys(args.inputs) if not path.is_dir()]
    folders = [path for path in dict.fromkeys(args.inputs) if path.is_dir()]
    if folders and (files or len(folders) > 1):
        raise ExtractError("name either reviews or one dataset; `extract batch` makes one of many reviews")
    if len(files) == 1:
        raise ExtractError(f"{files[0]}: one review alone cannot be compared; name another")
    extractions = list(extract_files(args, files, helpers=False))
    if files and len(extractions) < 2:
        readable = f"only {extractions[0].document.document_id}" if extractions else "none of them"
        raise ExtractError(f"nothing to compare: of {len(files)} reviews {readable} could be read")
    studies = list(compare_documents(read_sources(Dataset(folders[0])) if folders else extractions))
    if args.parquet:
        write_comparison_parquet(studies, args.parquet)
        print(args.parquet)
    elif args.csv or args.json:
        write_comparison(studies, sys.stdout, "jsonl" if args.json else "csv")
    else:
        stdout_console().print(comparison_tables(studies))
    return exit_code(len(extractions), len(files)) if files else DONE


def _of_files(args: argparse.Namespace, files: Sequence[Path]) -> Iterator[Audited]:
    for extraction in extract_files(args, list(files), helpers=False):
        ids = {finding.record_id for finding in extraction.findings}
        evidence = [each for each in extraction.evidence if each.record_id in ids]
        yield Audited(extraction.document.document_id, extraction.findings, evidence, _placed_in(extraction))


def _of_folder(folder: Path) -> Iterator[Audited]:
    """The documents of a dataset."""
    from extract.records import Evidence, Finding
    from extract.sinks.dataset import Dataset
    from extract.sinks.exporting import read_documents

    for document, tables in read_documents(Dataset(folder), ("findings", "evidence")):
        findings = [Finding.model_validate(row) for row in tables["findings"]]
        ids = {finding.record_id for finding in findings}
        evidence = [Evidence.model_validate(row) for row in tables["evidence"] if row["record_id"] in ids]
        yield Audited(document["document_id"], findings, evidence, _placed_by_row)


def _placed_in(extraction: Extraction) -> Placed:
    """Where a finding stands in a file: its line in a text, else as its row says."""
    from extract.document import Lines

    document = extraction.document
    lines = Lines(document.source) if document.has_source_offsets else None

    def placed(finding: Finding) -> str:
        if lines is not None and finding.source_start is not None:
            return f"line {lines.at(finding.source_start)}"
        return _placed_by_row(finding)

    return placed


def _placed_by_row(finding: Finding) -> str:
    if finding.page_number is not None:
        return f"p. {finding.page_number}"
    return (finding.section or "").rpartition(" > ")[2]


def _with_evidence(
    findings: Sequence[Finding], evidence: Sequence[Evidence]
) -> Iterator[tuple[Finding, list[Evidence]]]:
    for finding in findings:
        yield finding, [each for each in evidence if each.record_id == finding.record_id]


def _grave(finding: Finding, level: str | None) -> bool:
    from extract.sinks.finding_tables import SEVERITIES

    return level is None or SEVERITIES.index(finding.severity) <= SEVERITIES.index(level)


def _checks(chosen: Sequence[str] | None, known: Sequence[str]) -> Sequence[str]:
    """The checks that were asked for, all of them by default."""
    names = [name.strip() for each in chosen or () for name in each.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise ExtractError(f"no check {name!r}; the checks are {', '.join(known)}")
    return names or known


def _list_checks() -> int:
    from rich.table import Table

    from extract.audit import CHECKS

    table = Table()
    table.add_column("check", no_wrap=True)
    table.add_column("finds", overflow="fold")
    for name, check in CHECKS.items():
        table.add_row(name, " ".join((check.__doc__ or "").partition("\n\n")[0].split()))
    stdout_console().print(table)
    return DONE
