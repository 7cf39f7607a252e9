"""Rows that people added, each once: of several people, and of the machine that has come to find one.

The same are rows of one table at overlapping places that name the same thing; trials are known by their names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from extract.decisions.fields import differing, say_the_same
from extract.decisions.reviewed import ReviewedRow
from extract.evaluation.agreement import name_key


def merge_added(rows: Sequence[ReviewedRow]) -> list[ReviewedRow]:
    """The rows, those of different people joined one to one where they are the same, the most alike first."""
    groups = {index: [index] for index in range(len(rows))}  # by any of their rows
    pairs = [pair for pair in combinations(range(len(rows)), 2) if _same(*(rows[index] for index in pair))]
    for first, second in sorted(pairs, key=lambda pair: (_distance(*(rows[index] for index in pair)), pair)):
        ours, theirs = groups[first], groups[second]
        authors = [author for index in (*ours, *theirs) for author in rows[index].decisions]
        if ours is not theirs and len(authors) == len(set(authors)):
            joined = sorted([*ours, *theirs])
            groups |= dict.fromkeys(joined, joined)
    return [_join([rows[each] for each in group]) for index, group in groups.items() if index == group[0]]


def join_machine(rows: Sequence[ReviewedRow], added: Sequence[ReviewedRow]) -> list[ReviewedRow]:
    """The machine's rows, then the added ones that are none of them.

    An added row is one of the machine's where it says the same and nobody decided on both.
    """
    joined = list(rows)
    left = []
    for each in added:
        for index, row in enumerate(joined):
            is_free = not set(row.decisions) & set(each.decisions) and not row.also
            if is_free and _same(row, each) and say_the_same(row.table, row.row, each.row):
                joined[index] = _join([row, each])
                break
        else:
            left.append(each)
    return joined + left


def _same(first: ReviewedRow, second: ReviewedRow) -> bool:
    if first.table != second.table:
        return False
    if first.table == "trials":  # known by their names, wherever these were selected
        return name_key(first.row["id"]) == name_key(second.row["id"])
    names = {"outcomes": "endpoint", "mentions": "label"}.get(first.table)
    if names is not None and first.row[names] != second.row[names]:
        return False
    if first.start is None or first.end is None or second.start is None or second.end is None:
        return False
    return first.start < second.end and second.start < first.end


def _distance(first: ReviewedRow, second: ReviewedRow) -> int:
    return len(differing(first.table, first.row, second.row))


def _join(rows: Sequence[ReviewedRow]) -> ReviewedRow:
    """One row of several; the first of them gives its place."""
    if len(rows) == 1:
        return rows[0]
    decisions = {author: decision for row in rows for author, decision in row.decisions.items()}
    seen = sorted(rows, key=lambda row: not row.decisions)  # a subject of which nothing is seen comes last
    first, *others = [number for row in seen for number in (row.subject_id, *row.also) if number is not None]
    return replace(rows[0], decisions=decisions, subject_id=first, also=tuple(others))
