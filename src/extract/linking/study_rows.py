"""Studies: one row for each study that results can refer to, with what the text prints of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from extract.document import CharSpan
from extract.linking import Found, Link, Marks
from extract.linking.enrolment import find_enrolled
from extract.linking.studies import Studies
from extract.linking.study_tables import TableRow
from extract.linking.trial_facts import find_age, find_years
from extract.linking.trials import read_row
from extract.patterns import lazy_regex

_DESIGN_WORD = (
    r"(?:randomi[sz]ed|non-randomi[sz]ed|controlled|placebo-controlled|double-blind(?:ed)?|single-blind(?:ed)?|"
    r"open-label|"
    r"single-arm|three-arm|two-arm|multi-?arm|prospective|retrospective|observational|multi-?cent(?:re|er)|"
    r"single-cent(?:re|er)|"
    r"cross-?over|cross-sectional|case-control|pilot|adaptive|factorial|registry-based|population-based|"
    r"non-inferiority|"
    r"phase\s(?:IV|I{1,3}|[1-4])(?:/(?:IV|I{1,3}|[2-4]))?)"
)
_DESIGN = lazy_regex(
    rf"\b{_DESIGN_WORD}(?:(?:,\s|\s|\sand\s){_DESIGN_WORD})*\b|\b(?:case series|case report|cohort study|"
    rf"registry study|meta-analysis|"
    rf"pooled analysis|compassionate[ -]use|expanded[ -]access|dose-finding)\b",
    re.IGNORECASE,
)
# What every design's words hold, to be looked for before their costly pattern.
_DESIGN_SIGNS = (
    "andomi",
    "controlled",
    "blind",
    "label",
    "arm",
    "spective",
    "observ",
    "cent",
    "cross",
    "pilot",
    "adaptive",
    "factorial",
    "-based",
    "inferior",
    "phase",
    "case ",
    "cohort st",
    "registry st",
    "analysis",
    "use",
    "access",
    "finding",
)
_COLUMNS = {"enrolled": "n", "years": "years", "age": "age"}


def link_studies(marks: Marks, studies: Studies, trials: Sequence[Link], results: Iterable[Link] = ()) -> list[Link]:
    """The trials and cited studies of the document, in the order in which they are first printed.

    `trials` are the links of `link_trials`; every study of the `results` (links of outcomes and doses) has its row.
    """
    found: dict[str, dict[str, Found]] = {}
    for link in trials:
        fields = found[str(link.fields["id"].value)] = {"study": link.fields["id"]}
        for column in ("refs", "registry_ids"):
            if column in link.fields:
                fields[column] = link.fields[column]
        for column, ours in _COLUMNS.items():
            if column in link.fields:
                fields[ours] = _printed(marks.text, link.fields[column])
    named = set(found)  # what is printed of trials has been read
    for study, refs, said, row in _reported(studies):
        fields = _row(found, study, refs)
        if said is not None:
            _add(marks.text, fields, said, known=str(study.value) in named)
        for column, value in read_row(marks.text, studies, row).items() if row is not None else ():
            if column in _COLUMNS:
                fields.setdefault(_COLUMNS[column], _printed(marks.text, value))
    for link in results:
        if "study" in link.fields:
            _row(found, link.fields["study"], link.fields.get("refs"))
    links = [Link("studies", min(fields["study"].spans), fields, "study") for fields in found.values()]
    return sorted(links, key=lambda link: link.anchor)


def _row(found: dict[str, dict[str, Found]], study: Found, refs: Found | None) -> dict[str, Found]:
    """The row of a study, new where it has none yet."""
    fields = found.setdefault(str(study.value), {"study": study})
    if refs is not None:
        fields.setdefault("refs", refs)
    return fields


def _reported(studies: Studies) -> Iterator[tuple[Found, Found | None, CharSpan | None, TableRow | None]]:
    """The study and citations of each sentence and table row that is about one."""
    for place in studies.places:
        told = studies.of_place(place)
        trial = place.passage.trial if place.passage is not None else None
        if told is not None and told.study is not None and (trial is None or len(trial.key) == 1):
            yield told.study, told.refs, place.said.span, None
    for row in studies.rows.rows:
        told = None if row.is_header else studies.of_row((), row.span.start)
        if told is not None and told.study is not None and told.rule.startswith("table row"):
            yield told.study, told.refs, None, row


def _add(text: str, fields: dict[str, Found], span: CharSpan, *, known: bool) -> None:
    """Design, and of a study without a name its number, years and age, from a sentence about it."""
    if "design" not in fields and (design := _find_design(text, span)):
        fields["design"] = Found(design[0], (CharSpan(*design.span()),))
    if known:
        return
    if "n" not in fields and (enrolled := find_enrolled(text, span, loose=False)):
        fields["n"] = _printed(text, enrolled)
    if "years" not in fields and (years := find_years(text, span)):
        fields["years"] = years
    if "age" not in fields and (age := find_age(text, span)):
        fields["age"] = age


def _find_design(text: str, span: CharSpan) -> re.Match[str] | None:
    words = text[slice(*span)].lower()
    return _DESIGN.search(text, *span) if any(sign in words for sign in _DESIGN_SIGNS) else None


def _printed(text: str, found: Found) -> Found:
    """A value as it is printed."""
    span = found.spans[0]
    return Found(re.sub(r"\s+", " ", text[span.start : span.end]), (span,))
