"""Trials: one row a trial with its names, registry ids, phase, enrolment, age, years, sponsor and citations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from extract.components import document_of
from extract.document import CharSpan
from extract.lexicons import load
from extract.linking import Found, Link, Mark, Marks
from extract.linking.enrolment import find_enrolled
from extract.linking.studies import Studies
from extract.linking.study_tables import TableRow
from extract.linking.trial_facts import (
    find_age,
    find_people,
    find_phase,
    find_years,
    says_who_enters,
    sponsor_reader,
)
from extract.linking.trial_index import TrialEntry
from extract.patterns import lazy_regex

_FAMILY = lazy_regex(r"\s(?:[\w-]+\s)?(?:trials|studies|protocols)\b")
_N_HEADER = lazy_regex(
    r"(?:\bN\b|\bn\b|\bno\b|number|patients?|participants?|subjects?|sample size|enrol\w+|randomi[sz]ed)", re.IGNORECASE
)
_NOT_N = lazy_regex(r"%|registr|year|age\b|aged|yr|/|\bper\b|follow|arm", re.IGNORECASE)
_YEARS_HEADER = lazy_regex(r"\b(?:years?|period|dates?|recruit\w+|accrual|enrol\w+)\b", re.IGNORECASE)
_NOT_YEARS = lazy_regex(r"follow|median|age|\bage\b|yr, n|\bn\b", re.IGNORECASE)
_AGE_HEADER = lazy_regex(r"\bages?\b", re.IGNORECASE)
_PHASE_HEADER = lazy_regex(r"\bphase\b", re.IGNORECASE)
_SPONSOR_HEADER = lazy_regex(r"\b(?:sponsor|group|consortium|cooperative)\b", re.IGNORECASE)
_PHASE = lazy_regex(r"(?:I{1,3}|IV|[1-4])(?:/(?:I{1,3}|[2-4]))?")
MAX_CELL = 60  # characters: a longer cell is a comment
_WHOLE_NUMBER = lazy_regex(r"\d{1,3}(?:[,\u00a0 ]\d{3})+|\d{2,6}")
_YEAR_RANGE = lazy_regex(r"(?:19|20)\d\d(?:\s?-\s?(?:(?:19|20)\d\d|\d\d|present|ongoing))?")


@dataclass(slots=True)
class _Facts:
    """What was found of a trial so far: the first finding of a column stays."""

    fields: dict[str, Found] = field(default_factory=dict)

    def add(self, column: str, found: Found | None) -> None:
        if found is not None:
            self.fields.setdefault(column, found)

    def look(self, column: str, find: Callable[..., Found | None], *where: object, **how: bool) -> None:
        """Fill a column that is still empty with what `find` finds."""
        if column not in self.fields:
            self.add(column, find(*where, **how))


def link_trials(marks: Marks, studies: Studies | None = None) -> list[Link]:
    """The trials of the document in the order of their first mention."""
    studies = studies or Studies(marks)
    rows = _rows_by_trial(studies)
    sentences = _sentences_by_trial(studies)
    read_sponsor = sponsor_reader((*load("cues").groups, *load("cues").societies))
    links = []
    for entry in studies.index.entries:
        if _is_family(marks.text, entry):
            continue
        facts = _Facts()
        facts.add("id", Found(entry.id, studies.index.places(entry)))
        _add_names(marks.text, entry, facts)
        for said, mention in sentences.get(entry.id, ()):
            if mention is not None:
                facts.look("phase", find_phase, marks.text, said)
                facts.look("sponsor", read_sponsor, marks.text, said, mention)
        _add_running_text(marks, sentences.get(entry.id, []), facts)
        for row in rows.get(entry.id, ()):
            for column, found in read_row(marks.text, studies, row).items():
                facts.add(column, found)
        for said, _ in sentences.get(entry.id, ()):
            facts.look("enrolled", find_enrolled, marks.text, said)
        if studies.own is not None and studies.own.entry is entry:
            _add_own(marks, studies, facts, read_sponsor)
        else:
            _add_refs(studies, entry, facts)
        links.append(Link("trials", entry.marks[0].span, facts.fields, "trial", note=_note(marks.text, entry)))
    return links


def _is_family(text: str, entry: TrialEntry) -> bool:
    """Whether a name without a number only stands for several trials at once ("the LAKE trials")."""
    names = entry.names
    alone = not entry.registry_ids and not any(map(str.isdigit, entry.id)) and "-" in entry.id + "-"
    return alone and all(_FAMILY.match(text, mark.end) for mark in names)


def _add_names(text: str, entry: TrialEntry, facts: _Facts) -> None:
    """Other names as printed, and registry numbers, the well-formed ones first."""
    aliases: dict[str, Mark] = {}
    for mark in entry.names:
        printed = re.sub(r"\s+", " ", text[mark.start : mark.end])
        if printed != entry.id and (_key(printed) != _key(entry.id) or " " in printed):
            aliases.setdefault(printed, mark)
    if aliases:
        facts.add("aliases", Found(tuple(aliases), tuple(mark.span for mark in aliases.values())))
    ids: dict[str, Mark] = {}
    for mark in sorted(entry.registry_ids, key=lambda mark: (not mark.value.valid, mark.start)):
        ids.setdefault(mark.value.normalized, mark)
    if ids:
        printed_ids = tuple(re.sub(r"\s+", " ", text[mark.start : mark.end]) for mark in ids.values())
        facts.add("registry_ids", Found(printed_ids, tuple(mark.span for mark in ids.values())))


def _key(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _note(text: str, entry: TrialEntry) -> str | None:
    """What a malformed number was taken for."""
    notes = []
    for mark in entry.registry_ids:
        if not mark.value.valid:
            printed = text[mark.start : mark.end]
            meant = mark.value.meant
            said = f"taken for {meant.partition(':')[2]}" if meant else mark.value.reason
            note = f"{printed}: {said}"
            if note not in notes:
                notes.append(note)
    return "; ".join(notes) or None


def _sentences_by_trial(studies: Studies) -> dict[str, list[tuple[CharSpan, CharSpan | None]]]:
    """The sentences about each trial, with the place where each names it (None where it is carried).

    Of a sentence about several trials each has the part from the one before it to the one after.
    """
    found: dict[str, list[tuple[CharSpan, CharSpan | None]]] = defaultdict(list)
    for place in studies.places:
        span, passage = place.said.span, place.passage
        named = {cue.key[0]: CharSpan(cue.start, cue.end) for cue in reversed(place.said.subjects.cues)}
        ordered = sorted(named.items(), key=lambda item: item[1])
        for number, (trial, mention) in enumerate(ordered):
            start = ordered[number - 1][1].end if number else span.start
            end = ordered[number + 1][1].start if number + 1 < len(ordered) else span.end
            found[trial].append((CharSpan(start, end), mention))
        if not named and passage is not None and passage.trial is not None and len(passage.trial.key) == 1:
            found[passage.trial.key[0]].append((span, None))
    return found


def _add_running_text(marks: Marks, sentences: list[tuple[CharSpan, CharSpan | None]], facts: _Facts) -> None:
    """Number, years and age from the sentences about a trial: those that name it or say who entered it."""
    text = marks.text
    for said, mention in sentences:
        facts.look("enrolled", find_enrolled, text, said, loose=False)
        enters = "enrolled" in facts.fields and _holds(said, facts.fields["enrolled"])
        if mention is not None or enters:
            facts.look("years", find_years, text, said)
        if mention is not None or enters or says_who_enters(text, said):
            facts.look("age", find_age, text, said)
    for said, mention in sentences:
        if mention is not None or ("enrolled" in facts.fields and _holds(said, facts.fields["enrolled"])):
            facts.look("age", find_people, text, said, mention)


def _holds(span: CharSpan, found: Found) -> bool:
    return any(span.start <= place.start < span.end for place in found.spans)


def _rows_by_trial(studies: Studies) -> dict[str, list[TableRow]]:
    """The table rows about each trial."""
    found: dict[str, list[TableRow]] = {}
    for row in studies.rows.rows:
        at = None if row.is_header else studies.of_row((), row.span.start)
        if at is not None and at.study is not None and at.rule.startswith("table row"):
            found.setdefault(str(at.study.value), []).append(row)
    return found


def read_row(text: str, studies: Studies, row: TableRow) -> dict[str, Found]:
    """Number, years, age, phase and sponsor from the columns of a table row."""
    facts = _Facts()
    for column, header in studies.rows.headers(row.table):
        span = row.cell(column)
        if span is None or span.end <= span.start:
            continue
        content = text[span.start : span.end]
        printed = Found(content, (span,))
        if _N_HEADER.search(header) and not _NOT_N.search(header) and _WHOLE_NUMBER.fullmatch(content):
            facts.add("enrolled", Found(int(re.sub(r"\D", "", content)), (span,)))
        elif _YEARS_HEADER.search(header) and not _NOT_YEARS.search(header) and _YEAR_RANGE.fullmatch(content):
            facts.add("years", printed)
        elif _AGE_HEADER.search(header) and re.search(r"\d", content) and len(content) <= MAX_CELL:
            facts.add("age", printed)
        elif _PHASE_HEADER.fullmatch(header.strip()) and _PHASE.fullmatch(content):
            facts.add("phase", printed)
        elif _SPONSOR_HEADER.search(header) and column and re.search(r"[A-Z]{2}", content) and len(content) <= MAX_CELL:
            facts.add("sponsor", printed)
    return facts.fields


def _add_own(
    marks: Marks,
    studies: Studies,
    facts: _Facts,
    read_sponsor: Callable[[str, CharSpan, CharSpan], Found | None],
) -> None:
    """What the title, abstract and results of a report print of its own trial."""
    for said in _own_sentences(marks, studies):
        facts.look("phase", find_phase, marks.text, said)
        facts.look("enrolled", find_enrolled, marks.text, said, loose=False)
        facts.look("years", find_years, marks.text, said)
        facts.look("age", find_age, marks.text, said)
        facts.look("sponsor", read_sponsor, marks.text, said, CharSpan(said.end, said.end))


def _own_sentences(marks: Marks, studies: Studies) -> Iterator[CharSpan]:
    """The title, then the sentences of the document's own parts."""
    document = document_of(marks.doc)
    if document is not None and document.title:
        at = marks.text.find(document.title)
        if at >= 0:
            yield CharSpan(at, at + len(document.title))
    yield from studies.own_sentences()


def _add_refs(studies: Studies, entry: TrialEntry, facts: _Facts) -> None:
    """The citations that stand with the trial."""
    numbers: list[int] = []
    spans: list[CharSpan] = []
    for citation in studies.ties.refs_of(entry.id):
        cue = studies.ties.cue(entry.id, citation)
        if cue is not None and studies.refs_of(cue) is not None and int(citation) not in numbers:
            numbers.append(int(citation))
            spans.append(CharSpan(cue.start, cue.end))
    if numbers:
        ordered = sorted(zip(numbers, spans, strict=True))
        facts.add("refs", Found(tuple(n for n, _ in ordered), tuple(dict.fromkeys(span for _, span in ordered))))
