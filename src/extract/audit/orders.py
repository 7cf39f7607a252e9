"""What cannot be larger: event-free over overall survival, complete over all responses, severe over all cases."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from types import MappingProxyType

from extract.audit.case import Case, Check, Claim
from extract.audit.grades import grades_of
from extract.audit.groups import (
    ANALYSIS,
    Place,
    PlaceFinder,
    above_even_cut,
    arm_of,
    at_time,
    endpoint_of,
    group_of,
    in_arm,
    is_single_percent,
    name_of,
    surely_above,
    time_in_words,
)
from extract.audit.series import rising_series, tells_groups
from extract.audit.slashes import slash_order
from extract.document import CharSpan
from extract.patterns import lazy_regex
from extract.records import Outcome
from extract.values import days_of

_FREE = {
    "EFS": "event-free survival",
    "DFS": "disease-free survival",
    "RFS": "relapse-free survival",
    "PFS": "progression-free survival",
}
_IN_REMISSION = ("DFS", "RFS")  # often counted only in those who reached a remission
_REMISSIONS = frozenset(["CR", "CRI", "CRP", "REMISSION", "ORR", "MRD_NEG", "MRD_RESPONSE"])
# Survivals in which death is no event, or that are of one site.
_NOT_ALL_DEATHS = lazy_regex(
    r"interval|DRFI|specific|local|regional|cranial|CNS|radiograph|biochemical|PSA|second|2\b", re.IGNORECASE
)
_DEATHS = frozenset(["DEATH", "CV_DEATH", "TRM", "NRM"])
_CUMULATIVE = lazy_regex(r"\bcumulative\b", re.IGNORECASE)
# A figure of one span of time, not of all time until then; or of those who lived until then.
_OF_A_SPAN = lazy_regex(
    r"\b(?:annual\w*|yearly|per\s(?:year|annum|month|\d)|each\syear|(?:first|second|third|next|last)\s(?:year|month|\d)|"
    r"between|from\s(?:day|month|year)|after\s(?:day|month|year)|survivors?|conditional|in-hospital|landmark|"
    r"\d+-?\s?(?:to|-)\s?\d+\s?-?(?:years?|months?|days?))\b",
    re.IGNORECASE,
)
# Words that make the people of one figure a part of those of another.
_PART = lazy_regex(
    r"\b(?:of|among|amongst|in|for)\s(?:these|them|those|whom|which|the\s(?:latter|former|remaining|other)|"
    r"(?:all\s|the\s)?(?:\d+\s)?(?:complete\s)?respon(?:ders|ding\s\w+))\b|\bresponders\b|\bpatients\sin\s(?:CR|remission)\b|"
    r"\bwho\s(?:respond|achiev|reach|surviv|relaps|develop|progress|had|were|receiv|underw)\w*|\bsurvivors\b",
    re.IGNORECASE,
)
_PART_COUNTED = lazy_regex(r"\b(?:of|among)\s(?:which|whom|these|them)\b|\bincluding\b", re.IGNORECASE)
_OVERALL = lazy_regex(r"\b(?:overall|objective)\b|\bORRs?\b", re.IGNORECASE)
_MRD_NEGATIVE_CR = lazy_regex(r"\b(?:MRD|residual disease)[- ]neg\w+\s(?:CR|complete)", re.IGNORECASE)
_PLAIN_CR = lazy_regex(r"(?:CRs?|CR rates?|complete (?:remission|response)s?(?: rates?)?)", re.IGNORECASE)
_CONFIRMED = lazy_regex(r"(?<!un)\bconfirmed\b", re.IGNORECASE)
_UNCONFIRMED = lazy_regex(r"\bunconfirmed\b|\bbest\b|\bnot\sconfirmed\b", re.IGNORECASE)
_AT_TIME = lazy_regex(r"\s?%?(?:\s?\([^()]{1,40}\))?\s(?:at|after)\s")
_NEAR = 40  # characters before a result in which a word still says of what kind it is


def survival_order(case: Case) -> Iterator[Claim]:
    """Event-free survival above overall survival at the same time in the same people."""
    yield from slash_order(case, frozenset(["OS", *_FREE]))
    rows = [row for row in case.extraction.outcomes if _is_survival(row) and not _is_of_other_time(case, row)]
    for place, group in _groups(case, rows):
        known = {row.endpoint: row for row in group}
        overall = known.get("OS")
        for row in group:
            if overall is None or row.endpoint == "OS" or not surely_above(_value(row), _value(overall)):
                continue
            if _is_doubtful(case, place, row, overall):
                continue
            assumed = _survival_assumption(case, row, overall)
            yield Claim(
                severity="suspicious" if assumed else "impossible",
                message=(
                    f"{_FREE[row.endpoint].capitalize()} ({row.value}%) is above overall survival ({overall.value}%)"
                    f"{at_time(overall.timepoint)} in the same patients{in_arm(row.arm)}; whoever is free of events"
                    " is alive."
                ),
                stated=(case.anchor(row),),
                against=(case.anchor(overall),),
                correction=_swapped(row, overall, group),
                assumes=assumed,
                study=row.study,
                about=(row, overall),
            )


def survival_rising(case: Case) -> Iterator[Claim]:
    """Survival that is higher at a later time, or deaths that become fewer."""
    listed = list(rising_series(case))
    yield from listed
    known = {claim.stated[0].start for claim in listed}
    rows = [row for row in case.extraction.outcomes if is_single_percent(row) and days_of(row.timepoint)]
    kept = [row for row in rows if _is_survival(row) or row.endpoint in _DEATHS or row.endpoint == "RELAPSE"]
    kept = [row for row in kept if not _is_of_other_time(case, row)]
    finder = case.once(PlaceFinder)
    series: dict[tuple[object, ...], list[Outcome]] = defaultdict(list)
    for row in kept:
        if not row.study or "," not in row.study:
            series[finder.of(row), row.study, arm_of(row), endpoint_of(row), row.grade].append(row)
    for group in series.values():
        place = finder.of(group[0])
        words = case.document.text[slice(*place.span)]
        if _OF_A_SPAN.search(words) or (group[0].endpoint == "RELAPSE" and not _CUMULATIVE.search(words)):
            continue
        unknown = [row for row in group if case.anchor(row).start not in known]
        for late, early in product(unknown, group):
            if _days(early) >= _days(late) or not _turns_back(early, late) or _is_doubtful(case, place, early, late):
                continue
            times = {early.timepoint, late.timepoint}
            if not early.arm and any(each.timepoint in times and each not in (early, late) for each in group):
                continue  # "84.6% and 76.6% at 3 years, 80.2% and 71.8% at 5 years": two arms, not bound
            if not tells_groups(case.document.text, max(case.anchor(early), case.anchor(late)).end, place.span.end):
                yield _rising(case, early, late)


def severity_order(case: Case) -> Iterator[Claim]:
    """More severe cases than cases of the same event in the same arm."""
    rows = [row for row in case.extraction.outcomes if row.statistic in ("percent", "count") and row.bound is None]
    finder = case.once(PlaceFinder)
    groups: dict[tuple[object, ...], list[Outcome]] = defaultdict(list)
    for row in rows:
        groups[finder.of(row), *group_of(row), endpoint_of(row)].append(row)
    for (place, *_), group in groups.items():
        assert isinstance(place, Place)
        if not any(row.grade for row in group):
            continue
        for part, whole in _graded_pairs(case, place, group):
            if (more := _more(case, place, part, whole)) is not None:
                yield Claim(
                    severity="impossible",
                    message=(
                        f"{part.grade} {part.endpoint_text} ({more[0]}) is told of more patients than"
                        f" {_whole_words(whole)} ({more[1]}){in_arm(part.arm)}; the severe cases are among all cases."
                    ),
                    stated=(case.anchor(part),),
                    against=(case.anchor(whole),),
                    study=part.study,
                    about=(part, whole),
                )


def response_order(case: Case) -> Iterator[Claim]:
    """More complete than overall responses, more MRD-negative than all complete remissions, more confirmed than all."""
    yield from slash_order(case, frozenset(["CR", "ORR"]))
    codes = ("CR", "CRI", "ORR", "MRD_NEG", "PR", "DCR")
    rows = [row for row in case.extraction.outcomes if row.endpoint in codes and row.bound is None and not row.grade]
    finder = case.once(PlaceFinder)
    groups: dict[tuple[object, ...], list[Outcome]] = defaultdict(list)
    for row in rows:
        groups[(finder.of(row), *group_of(row))].append(row)
    for (place, *_), group in groups.items():
        assert isinstance(place, Place)
        for one, other in combinations(group, 2):
            for part, whole in ((one, other), (other, one)):
                why = _part_of_response(case, part, whole)
                more = _more(case, place, part, whole) if why else None
                if more is not None:
                    yield Claim(
                        severity="impossible",
                        message=(
                            f"{part.endpoint_text} ({more[0]}) is above {whole.endpoint_text} ({more[1]})"
                            f"{in_arm(part.arm)}; {why}."
                        ),
                        stated=(case.anchor(part),),
                        against=(case.anchor(whole),),
                        study=part.study,
                        about=(part, whole),
                    )


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "survival_order": survival_order,
        "survival_rising": survival_rising,
        "severity_order": severity_order,
        "response_order": response_order,
    }
)


def _groups(case: Case, rows: Sequence[Outcome]) -> Iterator[tuple[Place, list[Outcome]]]:
    """The rows of one study, arm and time that stand in one sentence or table row, one of each endpoint."""
    finder = case.once(PlaceFinder)
    groups: dict[tuple[object, ...], list[Outcome]] = defaultdict(list)
    for row in rows:
        groups[(finder.of(row), *group_of(row))].append(row)
    columns: dict[tuple[object, ...], list[tuple[Place, Outcome]]] = defaultdict(list)
    for (place, *group), members in groups.items():
        assert isinstance(place, Place)
        if len(members) > 1 and len({row.endpoint for row in members}) == len(members):
            yield place, members
        elif place.table is not None and len(members) == 1 and members[0].arm:
            columns[(place.table, *group)].append((place, members[0]))
    for found in columns.values():  # arms side by side, endpoints one below the other
        if len({row.endpoint for _, row in found}) == len(found) > 1:
            yield found[0][0], [row for _, row in found]


def _is_survival(row: Outcome) -> bool:
    named = row.endpoint == "OS" or (row.endpoint in _FREE and not _NOT_ALL_DEATHS.search(row.endpoint_text))
    return named and is_single_percent(row)


def _is_of_other_time(case: Case, row: Outcome) -> bool:
    """Whether another time than that of a row stands right behind its figure."""
    end = case.anchor(row).end
    match = _AT_TIME.match(case.document.text, end)
    behind = case.marks.inside("durations", match.end(), match.end() + 1) if match else ()
    return any(days_of(mark.value.iso) != days_of(row.timepoint) for mark in behind)


def _value(row: Outcome) -> Decimal:
    assert row.value is not None
    return row.value


def _days(row: Outcome) -> Fraction:
    days = days_of(row.timepoint)
    assert days is not None
    return days


def _survival_assumption(case: Case, row: Outcome, overall: Outcome) -> str | None:
    """What must hold for the order to be impossible."""
    if not above_even_cut(_value(row), _value(overall)):
        return "both figures are rounded, not cut off"
    block = case.block(case.anchor(row))
    if row.endpoint in _IN_REMISSION and block is not None and row.arm is None:
        marks = case.marks.inside("endpoints", *block.span)
        if any(mark.value.code in _REMISSIONS for mark in marks):
            return f"both are of the same patients ({_FREE[row.endpoint]} is often that of patients in remission only)"
    return None


def _swapped(row: Outcome, overall: Outcome, group: Sequence[Outcome]) -> str | None:
    """The two figures exchanged, where no other survival of the group is then above overall survival."""
    others = [_value(each) for each in group if each is not overall and each is not row]
    if any(other > _value(row) for other in others):
        return None
    return f"{row.endpoint_text} {overall.value}%, {overall.endpoint_text} {row.value}%"


def _is_doubtful(case: Case, place: Place, one: Outcome, other: Outcome) -> bool:
    """Whether the words around two figures say that they may be of different people or analyses."""
    first, last = sorted((case.anchor(one), case.anchor(other)))
    if place.table is not None:
        return False
    around = CharSpan(place.span.start, min(last.end + 2 * _NEAR, place.span.end))
    between = case.document.text[first.start : around.end]
    if ANALYSIS.search(between) or _PART.search(between):
        return True
    following = case.marks.inside("percents", last.end, place.span.end)
    reach = following[0].start if following else place.span.end
    clause = case.document.text.find(";", last.end, reach)
    reach = reach if clause < 0 else clause
    arms = {name_of(mark.value.name) for mark in case.marks.inside("arms", first.start, reach)}
    return bool(arms - {arm_of(one), arm_of(other)}) if one.arm else bool(arms)


def _turns_back(early: Outcome, late: Outcome) -> bool:
    """Whether a later figure is on the wrong side of the earlier one."""
    if early.endpoint in _DEATHS or early.endpoint == "RELAPSE":
        return above_even_cut(_value(early), _value(late))
    return above_even_cut(_value(late), _value(early))


def _rising(case: Case, early: Outcome, late: Outcome) -> Claim:
    assert early.timepoint is not None
    assert late.timepoint is not None
    survival = early.endpoint not in _DEATHS and early.endpoint != "RELAPSE"
    why = "survival cannot rise with time" if survival else "what has happened by then cannot become less with time"
    return Claim(
        severity="impossible",
        message=(
            f"{late.endpoint_text} is {late.value}% at {time_in_words(late.timepoint)} but {early.value}% at"
            f" {time_in_words(early.timepoint)} in the same patients{in_arm(late.arm)}; {why}."
        ),
        stated=(case.anchor(late),),
        against=(case.anchor(early),),
        correction=(
            f"{early.value}% at {time_in_words(late.timepoint)}, {late.value}% at {time_in_words(early.timepoint)}"
        ),
        study=late.study,
        about=(late, early),
    )


def _graded_pairs(case: Case, place: Place, group: Sequence[Outcome]) -> Iterator[tuple[Outcome, Outcome]]:
    """The more severe cases and the cases that they are among."""
    ranked = [(row, grades_of(row.grade)) for row in group]
    for part, inner in ranked:
        for whole, outer in ranked:
            if inner is None or part is whole or inner[0] < 2 or (_is_serious(whole) and inner[0] < 5):
                continue
            held = outer
            if held is None and whole.grade is None and _is_all_grades(case, place, whole):
                held = (1, 5)
            if held is not None and held != inner and held[0] <= inner[0] and inner[1] <= held[1]:
                yield part, whole


def _is_serious(row: Outcome) -> bool:
    return row.grade is not None and row.grade.lower() == "serious"


def _is_all_grades(case: Case, place: Place, row: Outcome) -> bool:
    """Whether a result without a grade is of all grades: in a table only where its column says so."""
    if place.table is None:
        return True
    block, anchor = case.block(case.anchor(row)), case.anchor(row)
    if block is None or block.table is None:
        return False
    cell = next((cell for cell in block.table.cells if cell.span.start <= anchor.start < cell.span.end), None)
    heads = [
        case.document.text[slice(*each.span)]
        for each in block.table.cells
        if each.is_header and cell is not None and each.column == cell.column
    ]
    return any(re.search(r"\b(?:any|all|total)\b", head, re.IGNORECASE) for head in heads)


def _whole_words(row: Outcome) -> str:
    return f"{row.grade} {row.endpoint_text}" if row.grade else f"all {row.endpoint_text}"


def _part_of_response(case: Case, part: Outcome, whole: Outcome) -> str | None:
    """Why one response is among those of the other."""
    if part.endpoint == "CR" and whole.endpoint == "ORR" and _PLAIN_CR.fullmatch(part.endpoint_text):
        return "complete responses are among all responses" if _OVERALL.search(whole.endpoint_text) else None
    if part.endpoint == "MRD_NEG" and whole.endpoint == "CR" and _PLAIN_CR.fullmatch(whole.endpoint_text):
        negative = _MRD_NEGATIVE_CR.search(part.endpoint_text)
        return "MRD-negative complete remissions are among the complete ones" if negative else None
    if part.endpoint == whole.endpoint and endpoint_of(part) == endpoint_of(whole):
        confirmed = _CONFIRMED.search(_before(case, part)) and not _UNCONFIRMED.search(_before(case, part))
        if confirmed and _UNCONFIRMED.search(_before(case, whole)):
            return "confirmed responses are among all responses"
    return None


def _before(case: Case, row: Outcome) -> str:
    """The words right before the outcome of a row and its name."""
    spans = case.spans(row, "endpoint_text") or (case.anchor(row),)
    return case.document.text[max(spans[0].start - _NEAR, 0) : spans[0].end]


def _more(case: Case, place: Place, part: Outcome, whole: Outcome) -> tuple[str, str] | None:
    """The figures of a part and its whole as printed, where the part is surely the larger."""
    counted = part.n is not None and whole.n is not None
    totals = (_printed_total(case, place, part), _printed_total(case, place, whole))
    if counted and (totals[0] == totals[1] or None in totals):
        assert part.n is not None
        assert whole.n is not None
        if part.n <= whole.n:
            return None
        if place.table is None and not _counts_same(case, part, whole) and not _shares_rise(case, place, part, whole):
            return None
        return f"{part.n}", f"{whole.n}"
    if not (is_single_percent(part) and is_single_percent(whole)) or (None not in totals and totals[0] != totals[1]):
        return None
    if not above_even_cut(_value(part), _value(whole)) or _is_doubtful(case, place, part, whole):
        return None
    return f"{part.value}%", f"{whole.value}%"


def _printed_total(case: Case, place: Place, row: Outcome) -> int | None:
    """The people that a count is of, where the sentence or table row prints them."""
    spans = case.spans(row, "total")
    return row.total if any(place.span.start <= span.start < place.span.end for span in spans) else None


def _shares_rise(case: Case, place: Place, part: Outcome, whole: Outcome) -> bool:
    """Whether the shares of two counts say the same as these: of the same people, the part is the larger."""
    if not (is_single_percent(part) and is_single_percent(whole)) or _is_doubtful(case, place, part, whole):
        return False
    return above_even_cut(_value(part), _value(whole))


def _counts_same(case: Case, part: Outcome, whole: Outcome) -> bool:
    """Whether a sentence says that the people of one count are among those of the other."""
    first, last = case.anchor(whole), case.anchor(part)
    between = case.document.text[first.start : last.end + _NEAR] if first < last else ""
    return bool(_PART_COUNTED.search(between)) or (part.total is not None and part.total == whole.total)
