"""Outcomes of running text: binds each figure of a sentence to the outcome it reports, and to its circumstances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from extract.components import sentence_spans, zones
from extract.components.sentences import split
from extract.document import BlockKind, CharSpan
from extract.linking import Found, Link, Mark, Marks
from extract.linking.absences import find_absences
from extract.linking.arms import Arms, introduced
from extract.linking.binding import NOT_COUNTED, Binder, Bound
from extract.linking.circumstances import found_time, grade_of, time_near, time_points, times_of_outcomes
from extract.linking.cohorts import Paragraph, add_totals, note_cohort, number_of
from extract.linking.coordination import OutcomeGroup, ResultGroup, group_outcomes, group_results
from extract.linking.figures import Result
from extract.linking.p_values import add_listed_p, add_lone_p, share_p
from extract.linking.results import find_results
from extract.linking.studies import Studies
from extract.linking.table_rows import link_table
from extract.linking.totals import group_sizes, sizes_of_arms
from extract.patterns import lazy_regex
from extract.values import Confidence

MIN_FIRMNESS = 2
# What a study was planned to show or will do reports nothing.
_PLANNED = lazy_regex(
    r"\b(?:power\s(?:to|of)|assum(?:ed|es|ing)|will\s(?:be|assess|evaluate|compare|enrol\w*|follow|test|receive|"
    r"include)|aims?\sto|"
    r"sample\ssize|non-?inferiority\smargin)\b"
)
_TO_COME = lazy_regex(r"\bwill\s(?:assess|evaluate|compare|test|have|show)\b")
_WHO = lazy_regex(
    r"\s(?:[\w+/-]+\s){0,4}?(?:patients|subjects|participants|children|infants|adults|women|men|people|"
    r"individuals)\swho\s(?:had\s)?"
)
MAX_SENTENCE = 4000  # characters; no sentence of prose is as long
TIMELESS = frozenset({"hazard_ratio", "median"})  # they speak of the whole course
_GOES_ON = lazy_regex(
    r"[\s)\]]*(?:\([^()]*\))?[\s,]*(?:and|with|while|whereas)\s(?:(?:the|a|an|of)\s)?(?:[\w-]+\s){0,4}"
)


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
        add_lone_p(marks, start, end, bound, rows)
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
    if not results and not endpoints:
        paragraph.order = introduced(text, marks.inside("arms", start, end), start, end) or paragraph.order
        return []
    sizes = group_sizes(text, results, start)
    for name, size in sizes_of_arms(text, marks.inside("arms", start, end), sizes):
        paragraph.arm_sizes[name] = size
    planned = bool(results) and _PLANNED.search(text, start, end) is not None
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
        note_cohort(sizes, paragraph)
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
    share_p(text, bound)
    add_listed_p(marks, bound, end)
    add_totals(text, bound, sizes, paragraph, start)
    note_cohort(sizes, paragraph)
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
        if paragraph.cohort is None or number_of(n) >= number_of(paragraph.cohort):
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
            position = _position(each, own)
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


def _position(each: Bound, times: Sequence[Mark]) -> int | None:
    """Which of several time points of an outcome a figure belongs to: by outcome, else by order in its part."""
    members = each.outcomes.members if each.outcomes else []
    if len(members) == len(times):
        return next((i for i, member in enumerate(members) if member[0].start == each.outcome[0].start), None)
    part = next((part for part in each.group.parts if any(result is each.result for result in part)), [])
    if len(part) == len(times):
        return next(i for i, result in enumerate(part) if result is each.result)
    return None


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
