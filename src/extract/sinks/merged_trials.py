"""Trials over all documents of a dataset: what is one trial, its names, and all its evidence in one order.

Results of one endpoint, time and arm stand next to each other whichever document they come from; whether they agree is
not judged here. What several files of one paper say alike stands once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, TypeVar

from extract.compare.joins import join_trials, name_key, number_key
from extract.compare.lines import days, outcome_group
from extract.errors import ExtractError
from extract.records import Dosing, Outcome, Schema, Study, Trial
from extract.sinks.dataset import Dataset
from extract.sinks.terminal import visible
from extract.sinks.trial_evidence import DocumentTrial, Line, read_trials

R = TypeVar("R", Outcome, Dosing, Trial, Study)

MAX_NEAR = 5  # names told where none fits
# What two files of a paper need not share for a record to be the same one: its ids, its place, and how it was found.
_NOT_CONTENT = frozenset(
    {"document_id", "record_id", "source_start", "source_end", "page_number"}
    | {"quote", "confidence", "rule", "note", "study", "refs", "dois"}
)


@dataclass(frozen=True, slots=True)
class MergedTrial:
    """A trial over all documents.

    `label` is its name, with a number or a place behind it where other trials have the name, too. `registry_ids` are
    the well-formed ones in the registers' own spelling. `documents` is what each says, in the order of the dataset.
    """

    label: str
    name: str
    other_names: tuple[str, ...]
    registry_ids: tuple[str, ...]
    notes: tuple[str, ...]
    documents: tuple[DocumentTrial, ...]
    trials: tuple[Line[Trial], ...]
    studies: tuple[Line[Study], ...]
    outcomes: tuple[Line[Outcome], ...]
    dosing: tuple[Line[Dosing], ...]

    @property
    def papers(self) -> int:
        """How many documents speak of it, the files of one paper counted once."""
        return len({each.paper for each in self.documents})

    def same_as(self, document: DocumentTrial) -> str | None:
        """The first of its documents that is the same paper, where that is another one."""
        first = next(each.document_id for each in self.documents if each.paper == document.paper)
        return None if first == document.document_id else first

    def joined_by(self, document: DocumentTrial) -> str | None:
        """What a document shares with another: `registry id`, else `name`; None where it is the only one."""
        others = [each for each in self.documents if each is not document]
        if not others:
            return None
        numbers = {number_key(number) for other in others for number in other.numbers}
        return "name" if numbers.isdisjoint(map(number_key, document.numbers)) else "registry id"

    def lines(self, table: Schema) -> tuple[Line[Any], ...]:
        """The evidence from a table."""
        lines: tuple[Line[Any], ...] = getattr(self, table)
        return lines


def merge_trials(dataset: Dataset) -> list[MergedTrial]:
    """The trials of all documents of a dataset, those in most documents first, then those with most evidence."""
    merged = [_merge(cluster.parts) for cluster in join_trials(read_trials(dataset))]
    merged = [
        replace(each, label=label, notes=notes)
        for each, label, notes in zip(merged, _labels(merged), _notes(merged), strict=True)
    ]
    return sorted(merged, key=lambda each: (-each.papers, -len(each.outcomes) - len(each.dosing), name_key(each.name)))


def find_trial(merged: Sequence[MergedTrial], name: str) -> MergedTrial:
    """The trial of a label, name or registry number, however it is spaced, hyphenated and capitalised.

    Raises ExtractError where there is none, with names that are near, and where there are several, with their labels.
    """
    wanted = name_key(name)
    spoken: tuple[Callable[[MergedTrial], Iterable[str]], ...] = (
        lambda each: [each.label],
        lambda each: [each.name],
        _all_names,
    )
    for names in spoken:
        found = [each for each in merged if wanted and any(name_key(other) == wanted for other in names(each))]
        if len(found) == 1:
            return found[0]
        if found:
            several = _listed(each.label for each in found)
            raise ExtractError(visible(f"{name!r} is the name of {len(found)} trials: {several}"))
    raise ExtractError(visible(f"no trial {name!r}{_near(merged, wanted)}"))


def _merge(parts: tuple[DocumentTrial, ...]) -> MergedTrial:
    """What documents say of one trial, under its most common name."""
    numbers = dict.fromkeys(number.partition(":")[2] for part in parts for number in part.numbers)
    registry_ids = tuple(sorted(numbers, key=lambda number: not number.startswith("NCT")))
    names = _names(parts)
    name = (*names, *registry_ids, parts[0].trial.record.id)[0]
    outcomes = _once(parts, lambda part: part.outcomes)
    return MergedTrial(
        label=name,
        name=name,
        other_names=tuple(names[1:]),
        registry_ids=registry_ids,
        notes=(),
        documents=parts,
        trials=tuple(_once(parts, lambda part: [part.trial])),
        studies=tuple(_once(parts, lambda part: part.studies)),
        outcomes=tuple(sorted(outcomes, key=_outcome_order(outcomes))),
        dosing=tuple(sorted(_once(parts, lambda part: part.dosing), key=_dosing_order)),
    )


def _names(parts: Sequence[DocumentTrial]) -> list[str]:
    """The names of a trial: first the id that most documents use, then the others as first printed."""
    ids = Counter(part.names[0] for part in parts if part.trial.record.id in part.names)
    ordered = [*(name for name, _ in ids.most_common()), *(name for part in parts for name in part.names)]
    return list(_by_key(ordered).values()) or ordered[:1]


def _by_key(names: Iterable[str]) -> dict[str, str]:
    """Names as they are compared, each with its first spelling; names without letters and digits are left out."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(name_key(name), name)
    by_key.pop("", None)
    return by_key


def _once(parts: Sequence[DocumentTrial], lines_of: Callable[[DocumentTrial], list[Line[R]]]) -> list[Line[R]]:
    """The lines of all documents; what a further file of a paper says alike is told at the first one's line."""
    lines: list[Line[R]] = []
    known: dict[tuple[str, str], int] = {}
    also_in: dict[int, list[str]] = {}
    for part in parts:
        own: dict[tuple[str, str], int] = {}
        for line in lines_of(part):
            key = (part.paper, line.record.model_dump_json(exclude=set(_NOT_CONTENT)).casefold())
            if key in known:
                also_in.setdefault(known[key], []).append(f"{part.document_id} {line.record.record_id}")
            else:
                own.setdefault(key, len(lines))
                lines.append(line)
        known |= own
    return [replace(line, also_in=tuple(also_in.get(at, ()))) for at, line in enumerate(lines)]


def _outcome_order(lines: Iterable[Line[Outcome]]) -> Callable[[Line[Outcome]], tuple[Any, ...]]:
    """Endpoints with most results first, then by time, grade, arm and statistic, so that like stands by like."""
    counts = Counter(outcome_group(line.record) for line in lines)

    def order(line: Line[Outcome]) -> tuple[Any, ...]:
        record = line.record
        group = outcome_group(record)
        arms = [name_key(arm or "") for arm in (record.arm, record.versus)]
        length = days(record.timepoint)
        time = (record.timepoint is None, length, "" if length else record.timepoint or "")
        return (record.endpoint == "OTHER", -counts[group], group, *time, record.grade or "", *arms, record.statistic)

    return order


def _dosing_order(line: Line[Dosing]) -> tuple[Any, ...]:
    record = line.record
    return record.agent is None, record.agent or "", record.unit, record.value or record.low or 0


def _labels(merged: Sequence[MergedTrial]) -> list[str]:
    """The names, each with as much behind it as no other trial has: a number, a document, a record."""
    labels = [each.name for each in merged]
    further: tuple[Callable[[MergedTrial], str], ...] = (
        lambda each: next(iter(each.registry_ids), each.documents[0].document_id),
        lambda each: f"{each.documents[0].document_id} {each.documents[0].trial.record.record_id}",
    )
    for words in further:
        used = Counter(map(name_key, labels))
        labels = [
            f"{each.name} ({words(each)})" if used[name_key(label)] > 1 else label
            for each, label in zip(merged, labels, strict=True)
        ]
    return labels


def _notes(merged: Sequence[MergedTrial]) -> list[tuple[str, ...]]:
    """The names and numbers that each trial shares with others that it was not joined with."""
    spoken = [_by_key(_all_names(each)) for each in merged]
    owners: dict[str, list[int]] = {}
    for at, names in enumerate(spoken):
        for key in names:
            owners.setdefault(key, []).append(at)
    return [
        tuple(
            f"{name} also stands for {_listed(_told(merged[each]) for each in owners[key] if each != at)}: not joined"
            for key, name in names.items()
            if len(owners[key]) > 1
        )
        for at, names in enumerate(spoken)
    ]


def _told(each: MergedTrial) -> str:
    """A trial by its numbers and first document."""
    numbers = ", ".join(each.registry_ids) or "without number"
    return f"{each.name} ({numbers}; {each.documents[0].document_id})"


def _all_names(each: MergedTrial) -> list[str]:
    """Names and numbers, the malformed ones, too."""
    printed = (number for line in each.trials for number in line.record.registry_ids)
    return [each.name, *each.other_names, *each.registry_ids, *printed]


def _near(merged: Sequence[MergedTrial], wanted: str) -> str:
    """`; did you mean …`, or how many there are."""
    labels = {name_key(name): each.label for each in merged for name in _all_names(each)}
    holding = [key for key in labels if len(wanted) > 2 and wanted in key]
    near = dict.fromkeys(labels[key] for key in [*holding, *get_close_matches(wanted, labels, MAX_NEAR)])
    if near:
        return f"; did you mean {_listed(near)}?"
    return f"; `extract trials DIR` lists the {len(merged)} there are"


def _listed(names: Iterable[str]) -> str:
    ordered = list(names)
    rest = len(ordered) - MAX_NEAR
    return ", ".join(ordered[:MAX_NEAR]) + (f" and {rest} more" if rest > 0 else "")
