"""Studies: one row for each study that results can refer to, with what the text prints of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extract.document import CharSpan
from extract.linking import Found, Link, Marks
from extract.linking.enrolment import find_enrolled
from extract.linking.studies import Studies, StudyAt
from extract.linking.study_tables import TableRow
from extract.linking.trial_facts import find_age, find_years
from extract.linking.trials import link_trials, read_row

_DESIGN_WORD = (
    r"(?:randomi[sz]ed|non-randomi[sz]ed|controlled|placebo-controlled|double-blind(?:ed)?|single-blind(?:ed)?|"
    r"open-label|"
    r"single-arm|three-arm|two-arm|multi-?arm|prospective|retrospective|observational|multi-?cent(?:re|er)|"
    r"single-cent(?:re|er)|"
    r"cross-?over|cross-sectional|case-control|pilot|adaptive|factorial|registry-based|population-based|"
    r"non-inferiority|"
    r"phase\s(?:IV|I{1,3}|[1-4])(?:/(?:IV|I{1,3}|[2-4]))?)"
)
_DESIGN = re.compile(
    rf"\b{_DESIGN_WORD}(?:(?:,\s|\s|\sand\s){_DESIGN_WORD})*\b|\b(?:case series|case report|cohort study|"
    rf"registry study|meta-analysis|"
    rf"pooled analysis|compassionate[ -]use|expanded[ -]access|dose-finding)\b",
    re.IGNORECASE,
)
_VALUES = ("percents", "statistics", "counts", "doses")
_COLUMNS = {"enrolled": "n", "years": "years", "age": "age"}


def link_studies(marks: Marks, studies: Studies, trials: Sequence[Link] | None = None) -> list[Link]:
    """The trials and cited studies of the document, in the order in which they are first printed.

    `trials` are the links of `link_trials`, where they have been made.
    """
    found: dict[str, dict[str, Found]] = {}
    anchors: dict[str, CharSpan] = {}
    for link in trials if trials is not None else link_trials(marks, studies):
        name = str(link.fields["id"].value)
        fields = found[name] = {"study": link.fields["id"]}
        anchors[name] = link.anchor
        for column in ("refs", "registry_ids"):
            if column in link.fields:
                fields[column] = link.fields[column]
        for column, ours in _COLUMNS.items():
            if column in link.fields:
                fields[ours] = _printed(marks.text, link.fields[column])
    for at, spans, row in _cited(marks, studies):
        if at.study is None:
            continue
        name = str(at.study.value)
        fields = found.setdefault(name, {"study": at.study})
        anchors.setdefault(name, at.study.spans[0])
        if at.refs is not None:
            fields.setdefault("refs", at.refs)
        for span in spans:
            _add(marks.text, fields, span)
        if row is not None:
            for column, value in read_row(marks.text, studies, row).items():
                if column in _COLUMNS:
                    fields.setdefault(_COLUMNS[column], _printed(marks.text, value))
    return [
        Link("studies", anchors[name], found[name], "study") for name in sorted(found, key=lambda name: anchors[name])
    ]


def _cited(marks: Marks, studies: Studies) -> Iterable[tuple[StudyAt, list[CharSpan], TableRow | None]]:
    """The study of each sentence and row that reports something, with the sentences to read."""
    for place in studies.places:
        span = place.said.span
        told = studies.of_place(place)
        if told is not None and place.passage is not None and place.passage.particular:
            yield told, [span], None
        for name in _VALUES if place.said.cues else ():
            for mark in marks.inside(name, *span):
                at = studies.at(mark.start, mark.end)
                if at is not None:
                    yield at, [], None
    for row in studies.rows.rows:
        at = None if row.is_header else studies.of_row((), row.span.start)
        if at is not None and at.rule.startswith("table row"):
            yield at, [], row


def _add(text: str, fields: dict[str, Found], span: CharSpan) -> None:
    """Number, years, age and design from a sentence about a study."""
    if "n" not in fields and (enrolled := find_enrolled(text, span, loose=False)):
        fields["n"] = _printed(text, enrolled)
    if "years" not in fields and (years := find_years(text, span)):
        fields["years"] = years
    if "age" not in fields and (age := find_age(text, span)):
        fields["age"] = age
    if "design" not in fields and (design := _DESIGN.search(text, *span)):
        fields["design"] = Found(design[0], (CharSpan(*design.span()),))


def _printed(text: str, found: Found) -> Found:
    """A value as it is printed."""
    span = found.spans[0]
    return Found(re.sub(r"\s+", " ", text[span.start : span.end]), (span,))
