"""Registry numbers: malformed, printed twice in one list, or given to two trials."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from extract.audit.case import Case, Check, Claim
from extract.components import Places
from extract.document import BlockKind
from extract.lexicons import load
from extract.linking import Mark
from extract.linking.study_tables import TableRow, TableRows
from extract.patterns import lazy_regex

# What may stand between two numbers of one list.
_LIST_GAP = lazy_regex(r"\s*(?:(?:[,;/|&•·]|\band\b|\bor\b)\s*)?(?:(?:\band\b|\bor\b|[-•·])\s*)?")
_SPACE = lazy_regex(r"\s*")
_MORE_DIGITS = lazy_regex(r"[ \u00a0\n](\d{1,3})(?![\d.,%])")  # a number cut by a space or a line end
_GLUED_MARK = lazy_regex(r"[^\W\d_]{3}\.?\Z")  # before a citation that has lost its raised place
# What may stand between a trial's name and its number, the bracket included.
_REGISTER = (
    r"(?:ClinicalTrials?\.?gov|Clinical\s?Trials?\.gov|EudraCT|EU-?CTR|CTIS|ISRCTN|UMIN-CTR|UMIN|jRCT|ChiCTR|CTRI|DRKS|"
    r"ANZCTR|registered|registration|registry|register|trial|study|identifier|identification|number|no\.?|nr\.?|ID|at|"
    r"in|on|with|as|under|the|https?://|www\.)"
)
_OPENS = lazy_regex(rf"(?:\s(?:trial|study))?,?\s?[(\[]\s?(?:{_REGISTER}[\s:,#]{{0,2}}){{0,6}}", re.IGNORECASE)
_TOGETHER = lazy_regex(rf"(?:[\s,;:/&()\[\].#-]|\b(?:and|or|also|plus|both|{_REGISTER})\b){{1,60}}", re.IGNORECASE)
_OPENS_NAME = lazy_regex(r"\s?[(\[]\s?(?:the\s)?")
_CLOSES_NAME = lazy_regex(r"(?:\s(?:trial|study))?\s?[)\]]")
_CLOSING = lazy_regex(r"[)\]]")
# Another study of the same name: a part of a trial, what came before it or after it.
_RELATED = lazy_regex(
    r"(?i)\b(?:sub-?stud\w+|extension|extended|ancillary|companion|pilot|follow-?up|long-?term|open-?label|parent|run-in|"
    r"roll-?over|successor|based on|arm|part|cohort|phase|stage|versus|vs)\b"
)
# Between two names that share what follows them, and before a number that shares a name.
_NAMES_GAP = lazy_regex(r"(?:\s(?:trial|study))?\s?[,;/&+]?\s?(?:(?:and|or|to)\s)?(?:the\s)?")
_LISTED = lazy_regex(r"(?:[,;/&+]|\b(?:and|or|to))\s?\Z")
_FAMILY = lazy_regex(r"\s(?:[\w-]+\s){0,2}?(?:trials|studies|protocols|program(?:me)?s?|series|family|group|network)\b")
_ID_HEAD = lazy_regex(r"\b(?:regist\w*|identifiers?|NCT|ID|trial\s(?:no|number)|clinicaltrials)\b", re.IGNORECASE)
_IS_CODE = lazy_regex(r"\d{3}")
RELATED_REACH = 45  # characters before and after a name in which it is told to be another study's
MAX_BRACKET = 160  # characters from a number to the end of its bracket
MAX_NUMBERS = 2  # of one register: a name with more is that of a family of trials
MAX_BESIDE = 30  # characters between two names of one trial
MAX_LABEL = 25  # characters that stand with a name in the cell that labels a row


def malformed_registry_id(case: Case) -> Iterator[Claim]:
    """Registry numbers with a digit too many or too few."""
    ids = case.marks.all("registry_ids")
    registers = {row.code: row.name for row in load("registries").registry}
    first: dict[str, Mark] = {}
    for mark in ids:
        first.setdefault(mark.value.normalized, mark)
    for mark in ids:
        if mark.value.valid or mark.value.reason is None or _is_cut(case, mark):
            continue
        printed, register = case.quote(mark.span), registers.get(mark.value.registry, mark.value.registry)
        counted = mark.value.reason.endswith("expected")
        meant = first.get(mark.value.meant) if mark.value.meant else None
        message = f"{printed} cannot be a number of {register}: {mark.value.reason}."
        assumes = None if counted else f"{register} gives out no numbers of another form"
        if counted and meant is None and _may_end_in_mark(case, mark):
            assumes = "the last digit is no citation or note mark"
        if meant is not None:
            message += f" {case.quote(meant.span)} stands elsewhere."
        yield Claim(
            severity="suspicious" if assumes else "impossible",
            message=message,
            stated=(mark.span,),
            against=(meant.span,) if meant else (),
            correction=case.quote(meant.span) if meant else None,
            assumes=assumes,
        )


def _is_cut(case: Case, mark: Mark) -> bool:
    """Whether the digits that a number lacks stand behind a space."""
    more = _MORE_DIGITS.match(case.marks.text, mark.end)
    counts = re.match(r"(\d+) digits, (\d+) expected", mark.value.reason or "")
    return bool(more and counts) and int(counts[1]) + len(more[1]) == int(counts[2])  # type: ignore[index]


def _may_end_in_mark(case: Case, mark: Mark) -> bool:
    """Whether citations of the document stand glued to words, so that one may have run into the number."""
    counts = re.match(r"(\d+) digits, (\d+) expected", mark.value.reason or "")
    if counts is None or not 0 < int(counts[1]) - int(counts[2]) <= 2:
        return False
    text = case.marks.text
    glued = (
        text[each.start].isdecimal() and _GLUED_MARK.search(text, max(each.start - 5, 0), each.start)
        for each in case.marks.all("citations")
    )
    return any(glued)


def duplicate_registry_id(case: Case) -> Iterator[Claim]:
    """One registry number printed twice in one list."""
    text = case.marks.text
    cells = Places(sorted(cell.span for block in case.document.blocks if block.table for cell in block.table.cells))
    run: list[Mark] = []
    for mark in [*case.marks.all("registry_ids"), None]:
        if mark is not None and run:
            gap = text[run[-1].end : mark.start]
            same_place = case.block(run[-1].span) is case.block(mark.span) and (
                cells.at(run[-1].start) == cells.at(mark.start)
            )
            if same_place and _LIST_GAP.fullmatch(gap):
                run.append(mark)
                continue
        yield from _repeated(case, run)
        run = [mark] if mark is not None else []


def _repeated(case: Case, run: list[Mark]) -> Iterator[Claim]:
    """The numbers of a list that stand in it twice."""
    first: dict[str, Mark] = {}
    several = len({mark.value.normalized for mark in run}) > 1
    for mark in run:
        before = first.setdefault(mark.value.normalized, mark)
        if before is mark:
            continue
        between = case.marks.text[before.end : mark.start]
        if not several and _SPACE.fullmatch(between) and case.document.geometry is not None:
            continue  # two rows of a drawn table read as one
        printed = case.quote(mark.span)
        yield Claim(
            severity="inconsistent",
            message=f"{printed} stands twice in one list; another number may be meant.",
            stated=(mark.span,),
            against=(before.span,),
        )


class _Pair(NamedTuple):
    """A trial's name with the registry number right beside it."""

    name: Mark
    id: Mark
    key: str


def registry_id_conflict(case: Case) -> Iterator[Claim]:
    """One trial with two numbers of one register, or one number with the names of two trials."""
    pairs = _pairs(case)
    by_name: dict[tuple[str, str], dict[str, list[_Pair]]] = defaultdict(lambda: defaultdict(list))
    by_id: dict[str, dict[str, list[_Pair]]] = defaultdict(lambda: defaultdict(list))
    for pair in pairs:
        by_name[pair.key, pair.id.value.registry][pair.id.value.normalized].append(pair)
        by_id[pair.id.value.normalized][pair.key].append(pair)
    printed = Counter(mark.value.normalized for mark in case.marks.all("registry_ids"))
    conflicting: set[str] = set()
    for (key, _), numbers in by_name.items():
        if len(numbers) == MAX_NUMBERS and _are_of_one_trial(case, key, numbers):
            conflicting.add(key)
            yield _two_numbers(case, numbers, printed, by_id)
    for names in by_id.values():
        if len(names) == MAX_NUMBERS and not conflicting & set(names) and not _are_one(case, names):
            yield _two_names(case, names)


def _two_numbers(
    case: Case,
    numbers: Mapping[str, list[_Pair]],
    printed: Counter[str],
    by_id: Mapping[str, Mapping[str, list[_Pair]]],
) -> Claim:
    """The claim about a trial with two numbers; in doubt is the one that is another trial's, else the rarer one."""
    order = list(numbers)
    doubtful = max(order, key=lambda number: (len(by_id[number]), -printed[number], order.index(number)))
    right = next(number for number in order if number != doubtful)
    stated, against = numbers[doubtful][0], numbers[right][0]
    name, here, there = case.quote(stated.name.span), case.quote(stated.id.span), case.quote(against.id.span)
    sure = len(by_id[doubtful]) > len(by_id[right]) or printed[right] > printed[doubtful]
    return Claim(
        severity="inconsistent",
        message=f"{name} has the registry number {here} here and {there} elsewhere.",
        stated=(stated.id.span,),
        against=(against.id.span,),
        correction=there if sure else None,
    )


def _two_names(case: Case, names: Mapping[str, list[_Pair]]) -> Claim:
    """The claim about a number that stands beside two names."""
    first, second = sorted((pairs[0] for pairs in names.values()), key=lambda pair: pair.id.start)
    one, other = case.quote(first.name.span), case.quote(second.name.span)
    return Claim(
        severity="suspicious",
        message=f"{case.quote(second.id.span)} is the registry number of {other} here and of {one} elsewhere.",
        stated=(second.name.span, second.id.span),
        against=(first.name.span, first.id.span),
        assumes=f"{one} and {other} are two trials, not two names of one",
    )


def _are_of_one_trial(case: Case, key: str, numbers: Mapping[str, list[_Pair]]) -> bool:
    """Whether two numbers of a name exclude each other: it names one trial, and they never stand together."""
    values = [pairs[0].id.value for pairs in numbers.values()]
    if any(value.meant in numbers or not value.valid for value in values):
        return False
    text = case.marks.text
    names = [mark for mark in case.marks.all("trials") if _key(text[mark.start : mark.end]) == key]
    if any(_FAMILY.match(text, mark.end) for mark in names):
        return False
    ids = [mark for mark in case.marks.all("registry_ids") if mark.value.normalized in numbers]
    return not any(
        one.value != other.value and _TOGETHER.fullmatch(text, one.end, other.start) for one, other in pairwise(ids)
    )


def _are_one(case: Case, names: Mapping[str, list[_Pair]]) -> bool:
    """Whether two names may be those of one trial: one holds the other, is a code, or they stand side by side."""
    (one, first), (other, second) = names.items()
    if one in other or other in one or _IS_CODE.search(one) or _IS_CODE.search(other):
        return True
    if first[0].name.value == second[0].name.value:
        return True
    for row in case.extraction.trials:
        known = {_key(name) for name in (row.id, *row.aliases)}
        if one in known and other in known:
            return True
    text = case.marks.text
    marks = [(mark, _key(text[mark.start : mark.end])) for mark in case.marks.all("trials")]
    return any(
        {key, later_key} == {one, other} and later.start - mark.end <= MAX_BESIDE
        for (mark, key), (later, later_key) in pairwise(marks)
    )


def _pairs(case: Case) -> list[_Pair]:
    """Names with the number right beside them, in brackets or alone in a table row."""
    names, ids = case.marks.all("trials"), case.marks.all("registry_ids")
    if not names or not ids:
        return []
    starts = [mark.start for mark in names]
    rows = TableRows(case.marks)
    found: list[_Pair] = []
    for mark in ids:
        index = bisect_left(starts, mark.start)
        before = names[index - 1] if index else None
        after = names[index] if index < len(names) else None
        pair = None
        listed = index > 1 and _NAMES_GAP.fullmatch(case.marks.text, names[index - 2].end, names[index - 1].start)
        if before is not None and not listed and _is_bracketed(case, before, mark):
            pair = before
        elif after is not None and _names_in_bracket(case, mark, after):
            pair = after
        elif (row := rows.at(mark.start)) is not None and not row.is_header:
            pair = _label_of(case, row, mark)
        if pair is not None:
            found.append(_Pair(pair, mark, _key(case.marks.text[pair.start : pair.end])))
    return found


def _is_bracketed(case: Case, name: Mark, mark: Mark) -> bool:
    """Whether a number stands alone in the bracket right behind a name."""
    text = case.marks.text
    if not _OPENS.fullmatch(text, name.end, mark.start) or not _stands_for_itself(case, name):
        return False
    closing = _CLOSING.search(text, mark.end, mark.end + MAX_BRACKET)
    end = closing.start() if closing else mark.end
    others = case.marks.inside("registry_ids", mark.end, end)
    related = _RELATED.search(text, mark.end, end)
    return (
        closing is not None
        and not related
        and not any(each.value.registry == mark.value.registry for each in others)
        and not case.marks.inside("trials", mark.end, end)
    )


def _names_in_bracket(case: Case, mark: Mark, name: Mark) -> bool:
    """Whether a name stands alone in the bracket right behind a number."""
    text = case.marks.text
    return (
        _OPENS_NAME.fullmatch(text, mark.end, name.start) is not None
        and _CLOSES_NAME.match(text, name.end) is not None
        and not _LISTED.search(text, max(mark.start - 8, 0), mark.start)
        and not _RELATED.search(text, max(mark.start - RELATED_REACH, 0), mark.start)
    )


def _stands_for_itself(case: Case, name: Mark) -> bool:
    """Whether a name is whole and not that of a related study."""
    text = case.marks.text
    before = text[max(name.start - RELATED_REACH, 0) : name.start].rpartition(". ")[2]
    return not (before[-1:].isalnum() or before[-1:] in {"-", "/"} or _RELATED.search(before))


def _label_of(case: Case, row: TableRow, mark: Mark) -> Mark | None:
    """The one name that labels the row of a number, where the row has no other of the register."""
    text = case.marks.text
    names = case.marks.inside("trials", *row.span)
    ids = case.marks.inside("registry_ids", *row.span)
    if len({each.value.normalized for each in ids if each.value.registry == mark.value.registry}) != 1:
        return None
    if len({_key(text[each.start : each.end]) for each in names}) != 1:
        label = row.cells[0].span  # further names in the row may be no trials, or trials that it is compared with
        names = case.marks.inside("trials", *label)
        if len(names) != 1 or not _ID_HEAD.search(_heading(case, mark)):
            return None
    column = row.column(names[0].start)
    cell = row.cell(column) if column is not None else None
    if cell is None or column == row.column(mark.start) or case.marks.inside("registry_ids", *cell):
        return None
    rest = (cell.end - cell.start) - (names[0].end - names[0].start)
    labelled = rest <= MAX_LABEL and not _RELATED.search(text, *cell)
    block = case.block(mark.span)
    return names[0] if labelled and block is not None and block.kind is BlockKind.TABLE else None


def _heading(case: Case, mark: Mark) -> str:
    """The heading of the table column in which a number stands."""
    block = case.block(mark.span)
    cells = block.table.cells if block is not None and block.table else ()
    columns = {cell.column for cell in cells if cell.span.start <= mark.start < cell.span.end}
    heads = [case.marks.text[slice(*cell.span)] for cell in cells if cell.is_header and cell.column in columns]
    return " ".join(heads)


def _key(name: str) -> str:
    """A name without case and signs."""
    return re.sub(r"[\W_]", "", name).lower()


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "malformed_registry_id": malformed_registry_id,
        "duplicate_registry_id": duplicate_registry_id,
        "registry_id_conflict": registry_id_conflict,
    }
)
