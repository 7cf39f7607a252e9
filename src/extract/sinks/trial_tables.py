"""One evidence table a trial over all documents of a dataset: in the terminal, as CSV and as JSON lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Literal, TextIO

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from extract.compare.lines import outcome_group
from extract.records import TABLES, Dosing, Outcome, Schema
from extract.sinks.merged_trials import MergedTrial
from extract.sinks.record_cells import amount, arms, endpoint_name, result, timepoint
from extract.sinks.tables import csv_cell, csv_line
from extract.sinks.terminal import visible
from extract.sinks.trial_evidence import DocumentTrial, Line

TrialForm = Literal["csv", "json"]
Cells = Mapping[str, str]

EVIDENCE: tuple[Schema, ...] = ("trials", "studies", "outcomes", "dosing")
_COLUMNS = tuple(
    dict.fromkeys(
        (
            *("trial", "trial_registry_ids", "table", "document_id", "title", "record_id", "page_number", "section"),
            *(name for table in ("outcomes", "dosing", "trials", "studies") for name in TABLES[table].model_fields),
            "also_in",
        )
    )
)  # of the CSV: of which trial, where, then what each table has
_CONFIDENCES = {
    "carried": ("~", "the study is that of a sentence before"),
    "inferred": ("≈", "the study is the document's own"),
}
MAX_WHERE = 18  # columns of a heading, so that results have room in 80; the whole heading is in the CSV
_MIN_WIDTHS = {"outcome": 14, "arm": 14, "result": 12}  # columns, wide enough for most words
MAX_ENDPOINTS = 3  # told in a row of the overview


def trials_overview(merged: Sequence[MergedTrial]) -> Group | Text:
    """A line a trial: in how many documents it stands and how much evidence there is."""
    if not merged:
        return Text("no trials", style="italic")
    shared = sum(each.papers > 1 for each in merged)
    title = f"{_counted(len(merged), 'trial')}, {shared:,} of them in more than one document"
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("trial", overflow="fold", ratio=2)
    table.add_column("registry ids", no_wrap=True)
    for name in ("documents", "outcomes", "doses"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("endpoints", overflow="fold", ratio=3)
    for each in merged:
        counts = (each.papers, len(each.outcomes), len(each.dosing))
        table.add_row(
            _text(each.label, "bold" if each.papers > 1 else ""),
            Text("\n").join(_text(number) for number in each.registry_ids if number != each.label),
            *(f"{count:,}" if count else "" for count in counts),
            _text(_endpoints(each)),
        )
    return Group(Text(title, style="italic"), table)


def trial_detail(each: MergedTrial) -> Group:
    """A trial in full: its names and documents, what they say of the study, its outcomes and its doses.

    The documents have numbers, by which the tables name them.
    """
    numbers = {document.document_id: str(number) for number, document in enumerate(each.documents, start=1)}
    studies = [_study_cells(each, document, numbers) for document in each.documents]
    by_endpoint = groupby(each.outcomes, key=lambda line: outcome_group(line.record))
    by_agent = groupby(each.dosing, key=lambda line: line.record.agent)
    parts: list[RenderableType] = [
        _header(each, numbers),
        *_table("study", [[cells for cells in studies if any(cells[name] for name in cells if name != "in")]]),
        *_table("outcomes", [[_outcome_cells(line, numbers) for line in lines] for _, lines in by_endpoint]),
        *_table("doses", [[_dosing_cells(line, numbers) for line in lines] for _, lines in by_agent]),
    ]
    found = {line.record.confidence for line in each.outcomes} | {line.record.confidence for line in each.dosing}
    legend = [f"{sign} {meaning}" for confidence, (sign, meaning) in _CONFIDENCES.items() if confidence in found]
    return Group(*parts, *([Text(", ".join(legend), style="italic")] if legend else []))


def write_trials(merged: Iterable[MergedTrial], stream: TextIO, form: TrialForm) -> None:
    """Write trials as CSV, one row a record of evidence, or as JSON lines, one line a trial with its evidence."""
    if form == "json":
        stream.writelines(json.dumps(_as_json(each), ensure_ascii=False) + "\n" for each in merged)
        return
    stream.write(csv_line(_COLUMNS))
    for each in merged:
        titles = {document.document_id: document.title for document in each.documents}
        for table in EVIDENCE:
            for line in each.lines(table):
                row = _row(line)
                row |= {"trial": each.label, "trial_registry_ids": list(each.registry_ids), "table": table}
                row["title"] = titles[row["document_id"]]
                stream.write(csv_line(csv_cell(row.get(column)) for column in _COLUMNS))


def _as_json(each: MergedTrial) -> dict[str, Any]:
    return {
        "trial": each.label,
        "name": each.name,
        "other_names": list(each.other_names),
        "registry_ids": list(each.registry_ids),
        "notes": list(each.notes),
        "documents": [
            {
                "document_id": document.document_id,
                "title": document.title,
                "same_as": each.same_as(document),
                "joined_by": each.joined_by(document),
                "page_number": document.trial.page_number,
                "section": document.trial.section,
            }
            for document in each.documents
        ],
        **{table: [_row(line) for line in each.lines(table)] for table in EVIDENCE},
    }


def _row(line: Line[Any]) -> dict[str, Any]:
    """A record as in its table, with its place."""
    fields: dict[str, Any] = line.record.model_dump(mode="json")
    return {**fields, "page_number": line.page_number, "section": line.section, "also_in": list(line.also_in)}


def _header(each: MergedTrial, numbers: Mapping[str, str]) -> Panel:
    """Names, registry ids and documents of a trial, and what it was not joined with."""
    lines = Table.grid(padding=(0, 2, 0, 0))
    lines.add_column(style="italic", no_wrap=True)
    lines.add_column(overflow="fold")
    for name, values in (("other names", each.other_names), ("registry ids", each.registry_ids)):
        if values:
            lines.add_row(name, _text(" · ".join(values)))
    for document in each.documents:
        lines.add_row(f"document {numbers[document.document_id]}", _text(_document(each, document)))
    for note in each.notes:
        lines.add_row("note", _text(note))
    return Panel(lines, title=_text(each.label, "bold"), title_align="left")


def _document(each: MergedTrial, document: DocumentTrial) -> str:
    """`review-3: A title (p. 4; joined by name)`."""
    same = each.same_as(document)
    beside = [_place(document.trial), f"the same paper as {same}" if same else ""]
    if each.joined_by(document) == "name":
        beside.append("joined by name")
    title = f": {document.title}" if document.title else ""
    told = "; ".join(filter(None, beside))
    return f"{document.document_id}{title}{f' ({told})' if told else ''}"


def _study_cells(each: MergedTrial, document: DocumentTrial, numbers: Mapping[str, str]) -> Cells:
    """What a document says of the study itself, each thing once."""
    trials = [line.record for line in each.trials if line.record.document_id == document.document_id]
    studies = [line.record for line in each.studies if line.record.document_id == document.document_id]
    return {
        "in": numbers[document.document_id],
        "people": _once(study.n for study in studies) or _once(trial.enrolled for trial in trials),
        "phase": _once(trial.phase for trial in trials),
        "design": _once(study.design for study in studies),
        "age": _once([*(trial.age for trial in trials), *(study.age for study in studies)]),
        "years": _once([*(trial.years for trial in trials), *(study.years for study in studies)]),
        "sponsor": _once(trial.sponsor for trial in trials),
    }


def _once(values: Iterable[str | int | None]) -> str:
    return "; ".join(dict.fromkeys(str(value) for value in values if value is not None))


def _outcome_cells(line: Line[Outcome], numbers: Mapping[str, str]) -> Cells:
    record = line.record
    return {
        "outcome": endpoint_name(record),
        "grade": record.grade or "",
        "at": timepoint(record),
        "arm": arms(record),
        "result": result(record),
        **_line_cells(line, numbers),
    }


def _dosing_cells(line: Line[Dosing], numbers: Mapping[str, str]) -> Cells:
    record = line.record
    return {
        "agent": record.agent or "not stated",
        "dose": amount(record),
        "schedule": record.schedule or "",
        "route": record.route or "",
        **_line_cells(line, numbers),
    }


def _line_cells(line: Line[Outcome] | Line[Dosing], numbers: Mapping[str, str]) -> Cells:
    """Where a line stands: in which documents, and on which page or under which heading of the first."""
    record = line.record
    documents = [record.document_id, *(place.rpartition(" ")[0] for place in line.also_in)]
    return {
        "of": record.study if record.study is not None and "," in record.study else "",
        "": _CONFIDENCES.get(record.confidence, ("", ""))[0],
        "in": ", ".join(dict.fromkeys(numbers[document] for document in documents)),
        "where": _place(line),
    }


def _place(line: Line[Any]) -> str:
    """`p. 4`, else the innermost heading."""
    if line.page_number is not None:
        return f"p. {line.page_number}"
    return (line.section or "").rpartition(" > ")[2]


def _table(title: str, groups: Sequence[Sequence[Cells]]) -> list[RenderableType]:
    """Groups of rows under each other, without empty columns; what the rows of a group begin with alike stands once."""
    rows = [row for group in groups for row in group]
    if not rows:
        return []
    names = [name for name in rows[0] if any(row[name] for row in rows)]
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in names:
        if name == "where":
            table.add_column(name, overflow="ellipsis", no_wrap=True, max_width=MAX_WHERE)
        else:
            whole = name in ("at", "in")
            table.add_column(name, overflow="fold", no_wrap=whole, min_width=_MIN_WIDTHS.get(name))
    for group in groups:
        before = ""
        for row in group:
            first = row[names[0]]
            is_same = first.casefold() == before.casefold()
            table.add_row(*(_text("" if name == names[0] and is_same else row[name]) for name in names))
            before = first
        table.add_section()
    return [Text(f"\n{title}", style="bold italic"), table]


def _endpoints(each: MergedTrial) -> str:
    """The endpoints with most results, those of the lexicon first: `OS 4 · EFS 2 …`."""
    counts = Counter(outcome_group(line.record) for line in each.outcomes)
    coded = {line.record.endpoint for line in each.outcomes}
    ordered = sorted(counts, key=lambda name: (name not in coded, -counts[name], name))
    shown = [f"{name} {counts[name]}" for name in ordered[:MAX_ENDPOINTS]]
    return " · ".join(shown) + (" …" if len(ordered) > MAX_ENDPOINTS else "")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _text(text: str, style: str = "") -> Text:
    return Text(visible(" ".join(text.split())), style=style)
