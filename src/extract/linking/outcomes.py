"""Outcomes of running text: binds each figure of a sentence to the outcome it reports, and to its circumstances."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extract.components import sentence_spans, zones
from extract.components.sentences import split
from extract.document import BlockKind, CharSpan
from extract.linking import FieldValue, Found, Link, Mark, Marks
from extract.linking.absences import find_absences
from extract.linking.arms import Arms, introduced
from extract.linking.binding import NOT_COUNTED, Binder, Bound
from extract.linking.circumstances import found_time, grade_of, time_near, time_points, times_of_outcomes
from extract.linking.coordination import OutcomeGroup, ResultGroup, group_outcomes, group_results
from extract.linking.figures import Result
from extract.linking.results import find_results
from extract.linking.studies import Studies
from extract.linking.table_rows import link_table
from extract.linking.totals import Cohorts, find_total, group_sizes, sizes_of_arms
from extract.values import Confidence

MIN_FIRMNESS = 2
# "11 of 21 had it, including five in whom it was severe": counted in the same 21
_INCLUDING = re.compile(r"\bincluding\s(?:\w+\s)?$")
_IN_WHOM = re.compile(r"[^.;]{0,14}?\b(?:in|for)\swhom\s(?:this|it)\b")
_OF_THESE = re.compile(r"\bof\s(?:these|those|the)\b")
# What a study was planned to show or will do reports nothing.
_PLANNED = re.compile(
    r"\b(?:power\s(?:to|of)|assum(?:ed|es|ing)|will\s(?:be|assess|evaluate|compare|enrol\w*|follow|test|receive|"
    r"include)|aims?\sto|"
    r"sample\ssize|non-?inferiority\smargin)\b"
)
_TO_COME = re.compile(r"\bwill\s(?:assess|evaluate|compare|test|have|show)\b")
_WHO = re.compile(
    r"\s(?:[\w+/-]+\s){0,4}?(?:patients|subjects|participants|children|infants|adults|women|men|people|"
    r"individuals)\swho\s(?:had\s)?"
)
MAX_SENTENCE = 4000  # characters; no sentence of prose is as long
TIMELESS = frozenset({"hazard_ratio", "median"})  # they speak of the whole course
_BEHIND = re.compile(r"\s?[(\[]\s?")
_GOES_ON = re.compile(
    r"[\s)\]]*(?:\([^()]*\))?[\s,]*(?:and|with|while|whereas)\s(?:(?:the|a|an|of)\s)?(?:[\w-]+\s){0,4}"
)
_COMPARED = re.compile(r"\b(?:vs\.?|versus|compared|than|higher|lower|greater|against)(?!\w)")
SURVIVAL = frozenset({"OS", "EFS", "DFS", "RFS", "PFS", "SURVIVAL", "ALIVE", "NRM", "TRM", "RELAPSE", "DEATH"})


@dataclass(slots=True)
class Paragraph:
    """What a sentence hands on to the next ones of its paragraph."""

    order: tuple[Mark, ...] = ()
    topic: list[Mark] = field(default_factory=list)
    compared: bool = False
    cohort: Found | None = None
    counted: Found | None = None
    counted_as: Found | None = None
    arm_sizes: dict[str, Found] = field(default_factory=dict)  # "dabigatran (n = 120)"
    whole: Found | None = None  # the total of the last row
    study: FieldValue | None = None
    told: set[tuple[str, FieldValue]] = field(default_factory=set)  # codes and counts of the rows so far

    def enter(self, studies: Studies | None, start: int, end: int) -> None:
        """Forget cohort, counts and arms where a sentence turns to another study."""
        at = studies.at(start, end) if studies is not None else None
        study = at.study.value if at is not None and at.study is not None else None
        if study is not None and self.study is not None and study != self.study:
            self.cohort = self.counted = self.counted_as = self.whole = None
            self.order = ()
        self.study = study or self.study


def link_outcomes(marks: Marks, studies: Studies) -> list[Link]:
    """The outcome links of the document's running text and tables, block by block in text order."""

    def in_cell(start: int, end: int) -> list[Link]:
        return link_sentences(marks, split(marks.text, start, end), None, Paragraph())

    sentences = sentence_spans(marks.doc)
    links: list[Link] = []
    topic: list[Mark] = []
    last = Paragraph()
    index = 0
    for zone in zones(marks.doc):
        while index < len(sentences) and sentences[index].end <= zone.start:
            index += 1
        first = index
        while index < len(sentences) and sentences[index].start < zone.end:
            index += 1
        if zone.block is not None and zone.block.table is not None:
            links += link_table(marks, zone.block, studies, prose=in_cell)
            continue
        if zone.kind is BlockKind.HEADING:
            named = marks.inside("endpoints", zone.start, zone.end)
            topic = named if len(named) == 1 else []
        paragraph = Paragraph(topic=list(topic), order=last.order, study=last.study)
        links += link_sentences(marks, sentences[first:index], studies, paragraph)
        last = paragraph
    return links


def link_sentences(
    marks: Marks, sentences: Sequence[CharSpan], studies: Studies | None, paragraph: Paragraph
) -> list[Link]:
    """The outcome links of the sentences of one paragraph; without `studies` their study stays open."""
    paragraph.compared = _compares(marks, sentences)
    if paragraph.study is None:
        paragraph.order = ()
    rows: list[Bound] = []
    for start, end in _pieces(sentences):
        paragraph.enter(studies, start, end)
        bound = _sentence(marks, start, end, paragraph)
        _add_lone_p(marks, start, end, bound, rows)
        rows += bound
    return [_link(marks.text, each, studies) for each in rows]


def _pieces(sentences: Sequence[CharSpan]) -> Iterator[CharSpan]:
    """The sentences; a run-on list taken as one is cut, so that the work stays linear."""
    for start, end in sentences:
        for first in range(start, end, MAX_SENTENCE):
            yield CharSpan(first, min(first + MAX_SENTENCE, end))


def _compares(marks: Marks, sentences: Sequence[CharSpan]) -> bool:
    """Whether a paragraph sets two treatments against each other."""
    if not sentences:
        return False
    arms = [mark.value for mark in marks.inside("arms", sentences[0].start, sentences[-1].end)]
    treatments = {arm.name.lower() for arm in arms if arm.kind == "arm"}
    return len(treatments) > 1


def _sentence(marks: Marks, start: int, end: int, paragraph: Paragraph) -> list[Bound]:
    text = marks.text
    endpoints = marks.inside("endpoints", start, end)
    results = find_results(marks, start, end)
    sizes = group_sizes(text, results, start)
    for name, size in sizes_of_arms(text, marks.inside("arms", start, end), sizes):
        paragraph.arm_sizes[name] = size
    planned = _PLANNED.search(text, start, end) is not None
    to_come = planned and _TO_COME.search(text, start, end) is not None
    reporting = [
        result
        for result in results
        if result.reports and not (planned and (result.is_effect or result.is_count or to_come))
    ]
    short_forms = {mark.start for mark in marks.inside("abbreviations", start, end)}
    outcomes = group_outcomes(text, endpoints, reporting, short_forms)
    groups = group_results(text, reporting, endpoints)
    bound = Binder(text, outcomes, groups, end).bind()
    bound += _absent(text, endpoints, bound, start, end)
    bound += _of_whom(text, endpoints, bound, sizes, paragraph)
    bound += _carried(groups, outcomes, paragraph)
    bound.sort(key=lambda each: each.result.start)
    if bound:
        paragraph.topic = bound[-1].outcome
    elif outcomes:
        paragraph.topic = outcomes[-1].members[-1]
    if not bound:
        _note_cohort(sizes, paragraph)
        paragraph.order = introduced(text, marks.inside("arms", start, end), start, end) or paragraph.order
        return []
    _add_times(marks, bound, outcomes, start, end)
    arms = Arms(text, marks.inside("arms", start, end), start, end, paragraph.order, paragraph.compared)
    arms.add(bound)
    paragraph.order = arms.order
    for each in bound:
        grade = grade_of(text, each.outcome[0], start, end)
        if grade is not None:
            each.fields.setdefault("grade", grade)
    _share_p(text, bound)
    _add_listed_p(marks, bound, end)
    _add_totals(text, bound, sizes, paragraph, start)
    _note_cohort(sizes, paragraph)
    return [each for each in bound if _has_number(each)]


def _absent(text: str, endpoints: Sequence[Mark], bound: Sequence[Bound], start: int, end: int) -> list[Bound]:
    """Counts of nought for events that no figure reports."""
    taken = {each.outcome[0].start for each in bound}
    return [
        Bound(result, [mark], "absence", ResultGroup([[result]]))
        for result, mark in find_absences(text, endpoints, start, end)
        if mark.start not in taken
    ]


def _of_whom(
    text: str, endpoints: Sequence[Mark], bound: Sequence[Bound], sizes: Sequence[Result], paragraph: Paragraph
) -> list[Bound]:
    """A part of the cohort that is named by what happened to it: "of the four patients who relapsed"."""
    taken = {each.outcome[0].start for each in bound}
    found: list[Bound] = []
    for size in sizes:
        n = size.fields["n"]
        if paragraph.cohort is None or _number(n) >= _number(paragraph.cohort):
            continue
        name = next((mark for mark in endpoints if mark.start > size.end), None)
        if name is None or name.start in taken or name.value.code in NOT_COUNTED:
            continue
        if _WHO.fullmatch(text[size.end : name.start]) and (name.value.code, n.value) not in paragraph.told:
            result = Result(size.span, "count", {"n": n}, size.start, size.end, count=size.span)
            found.append(Bound(result, [name], "who clause", ResultGroup([[result]])))
    return found


def _carried(groups: Sequence[ResultGroup], outcomes: Sequence[OutcomeGroup], paragraph: Paragraph) -> list[Bound]:
    """Ratios and differences in a sentence that names no outcome go on with the last outcome of the paragraph."""
    if outcomes or not paragraph.topic:
        return []
    return [
        Bound(result, paragraph.topic, "outcome of the sentence before", group, None, "carried")
        for group in groups
        for result in group.results
        if result.is_effect
    ]


def _has_number(bound: Bound) -> bool:
    """Whether the row states any figure; "all patients" of an unknown cohort states none."""
    return any(name in bound.result.fields or name in bound.fields for name in ("value", "low", "n"))


def _add_times(marks: Marks, bound: list[Bound], outcomes: list[OutcomeGroup], start: int, end: int) -> None:
    times = time_points(marks, start, end)
    if not times:
        return
    text = marks.text
    figures = [each.result.span for each in bound]
    times = [time for time in times if not any(span.start < time.end and time.start < span.end for span in figures)]
    at_outcomes = times_of_outcomes(text, outcomes, times, end)
    index_of = {id(group): index for index, group in enumerate(outcomes)}
    for each in bound:
        if each.result.statistic in TIMELESS:
            continue
        near = time_near(text, each.result, times, start, end)
        own = at_outcomes.get(index_of[id(each.outcomes)], []) if each.outcomes is not None else []
        if len(own) > 1:
            position = _position(each, own, text)
            each.fields["timepoint"] = found_time(text, own[position] if position is not None else own[0])
        elif own:
            each.fields["timepoint"] = found_time(text, own[0])
        elif near is not None:
            each.fields["timepoint"] = found_time(text, near)
    for first, second in pairwise(bound):
        carried = first.fields.get("timepoint")
        if carried is None or "timepoint" in second.fields or second.result.statistic in TIMELESS:
            continue
        later = first.outcome[0].start < second.outcome[0].start and first.result.end <= second.outcome[0].start
        if later and _GOES_ON.fullmatch(text[first.result.end : second.outcome[0].start]):
            second.fields["timepoint"] = carried


def _position(each: Bound, times: Sequence[Mark], text: str) -> int | None:
    """Which of several time points of an outcome a figure belongs to: by outcome, else by order in its part."""
    members = each.outcomes.members if each.outcomes else []
    if len(members) == len(times):
        return next((i for i, member in enumerate(members) if member[0].start == each.outcome[0].start), None)
    part = next((part for part in each.group.parts if any(result is each.result for result in part)), [])
    if len(part) == len(times):
        return next(i for i, result in enumerate(part) if result is each.result)
    return None


def _share_p(text: str, bound: list[Bound]) -> None:
    """A p-value after a pair stands on both rows, or on the ratio's row alone if there is one."""
    for index, each in enumerate(bound):
        p = each.result.fields.get("p")
        if p is None or each.result.is_effect:
            continue
        for other in bound[:index]:
            same = other.outcome[0].value.code == each.outcome[0].value.code and not other.result.is_effect
            between = text[other.result.end : each.result.start]
            if same and (other.group is each.group or _COMPARED.search(between)):
                other.fields.setdefault("p", p)
                other.fields.setdefault("p_op", each.result.fields["p_op"])


def _add_listed_p(marks: Marks, bound: list[Bound], end: int) -> None:
    """As many p-values behind the last figure as its list has outcomes: one for each, on the rows of every arm."""
    if not bound:
        return
    last = bound[-1]
    members = last.outcomes.members if last.outcomes is not None else []
    values = [mark for mark in marks.inside("statistics", last.result.span.end, end) if mark.value.kind == "p_value"]
    if len(members) < 2 or len(values) != len(members):
        return
    for each in bound:
        if each.outcomes is last.outcomes and not each.result.is_effect:
            position = next(i for i, member in enumerate(members) if member[0].start == each.outcome[0].start)
            mark = values[position]
            each.fields["p"] = Found(mark.value.quantity.value, (mark.span,))
            each.fields["p_op"] = Found(mark.value.operator or "=", (mark.span,))


def _add_lone_p(marks: Marks, start: int, end: int, bound: Sequence[Bound], earlier: Sequence[Bound]) -> None:
    """A p-value in brackets right behind an outcome without a figure belongs to the pair told before it."""
    text = marks.text
    taken = {each.outcome[0].start for each in bound}
    for mark in marks.inside("statistics", start, end):
        if mark.value.kind != "p_value" or mark.value.quantity is None:
            continue
        name = next(
            (
                each
                for each in marks.inside("endpoints", max(start, mark.start - 80), mark.start)
                if each.end <= mark.start
            ),
            None,
        )
        if name is None or name.start in taken or not _BEHIND.fullmatch(text[name.end : mark.start]):
            continue
        rows = [each for each in earlier if each.outcome[0].value.code == name.value.code and not each.result.is_effect]
        if len(rows) == 2 and not any("p" in {**each.result.fields, **each.fields} for each in rows):
            for each in rows:
                each.fields["p"] = Found(mark.value.quantity.value or 0, (mark.span,))
                each.fields["p_op"] = Found(mark.value.operator or "=", (mark.span,))


def _add_totals(text: str, bound: list[Bound], sizes: Sequence[Result], paragraph: Paragraph, start: int) -> None:
    for each in bound:
        result = each.result
        if not result.is_effect and result.statistic in {"count", "percent"} and "total" not in result.fields:
            ends = each.outcome[-1].end
            arm = each.fields.get("arm")
            found = find_total(Cohorts(text, start, sizes, paragraph.counted, paragraph.cohort), result, ends, arm)
            if paragraph.whole is not None and _is_part(text, result, start):
                found = (paragraph.whole, "stated")
            own = paragraph.arm_sizes.get(str(arm.value).lower()) if arm is not None and found is None else None
            found = (own, "stated") if own is not None else found
            nought = "n" in result.fields and result.fields["n"].value == 0
            if found is None and nought and paragraph.whole is not None and paragraph.whole.spans[0].start >= start:
                found = (paragraph.whole, "stated")  # "all 14 responded and none relapsed"
            if found is not None and _fits(result, found[0]) and not _is_itself(result, found[0]):
                each.fields["total"] = found[0]
                if found[0] is paragraph.counted and paragraph.counted_as is not None:
                    each.fields.setdefault("arm", paragraph.counted_as)
                if arm is not None and found[0] in paragraph.arm_sizes.values():
                    each.confidence = "carried"
                if found[1] == "carried":
                    each.confidence = "carried"
                if result.is_count and "n" not in result.fields:
                    each.fields["n"] = Found(found[0].value, (*found[0].spans, result.span))
        elif paragraph.counted is not None and paragraph.counted_as is not None:
            total = result.fields.get("total")
            again = total is not None and _number(total) == _number(paragraph.counted)
            if again and _OF_THESE.search(text, *result.span):
                each.fields.setdefault("arm", paragraph.counted_as)
        paragraph.whole = each.fields.get("total") or result.fields.get("total") or paragraph.whole
        if "n" in result.fields:
            paragraph.counted = result.fields["n"]
            name = each.outcome[0]
            paragraph.told.add((name.value.code, result.fields["n"].value))
            paragraph.counted_as = Found(text[name.start : name.end], (name.span,))


def _is_part(text: str, result: Result, start: int) -> bool:
    """Whether a count is a part of the one before it, counted in the same cohort."""
    place = result.count or result.span
    before = _INCLUDING.search(text, max(start, result.start - 24), result.start)
    return before is not None or _IN_WHOM.match(text, place.end) is not None


def _is_itself(result: Result, total: Found) -> bool:
    """Whether a total is the row's own count."""
    n = result.fields.get("n")
    return n is not None and any(span in n.spans for span in total.spans)


def _fits(result: Result, total: Found) -> bool:
    """Whether a count is not larger than its total."""
    n = result.fields.get("n")
    return n is None or (isinstance(n.value, int) and isinstance(total.value, int) and n.value <= total.value)


def _note_cohort(sizes: Sequence[Result], paragraph: Paragraph) -> None:
    """Keep the largest group of the study: the cohort that later counts are counted in."""
    for size in sizes:
        n = size.fields["n"]
        if paragraph.cohort is None or _number(n) > _number(paragraph.cohort):
            paragraph.cohort = n


def _number(found: Found) -> int:
    return found.value if isinstance(found.value, int) else 0


def _link(text: str, bound: Bound, studies: Studies | None) -> Link:
    result, name = bound.result, bound.outcome[0]
    anchor = name.span if result.is_count else result.span
    fields = {
        "endpoint": Found(name.value.code, (name.span,)),
        "endpoint_text": Found(text[name.start : name.end], (name.span,)),
        "statistic": Found(result.statistic, (result.named or result.span,)),
        **result.fields,
        **bound.fields,
    }
    confidence = bound.confidence
    study = studies.at(*result.span) if studies is not None else None
    if study is not None:
        fields |= {key: found for key, found in (("study", study.study), ("refs", study.refs)) if found is not None}
        confidence = weaker(confidence, study.confidence)
    return Link("outcomes", anchor, fields, bound.rule, confidence)


def weaker(first: Confidence, second: Confidence) -> Confidence:
    """The less certain of two confidences."""
    return max(first, second, key=("stated", "carried", "inferred").index)
