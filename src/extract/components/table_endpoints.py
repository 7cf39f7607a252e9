"""Endpoints of tables: headers and stubs of columns and rows with values, and cells with sentences."""

from __future__ import annotations

import re

from extract.components import Places, Zone
from extract.components.endpoint_names import Concept, named_phrases
from extract.components.endpoint_numbers import Scene, outcomes_of
from extract.components.noun_phrases import names_outcome, phrases_after
from extract.components.open_outcomes import find_open
from extract.components.phrases import Hit
from extract.document import BlockKind, Cell, Table
from extract.patterns import lazy_regex

BASELINE = lazy_regex(
    r"\b(?:baseline|characteristics?|demographics?|comorbidit\w+|risk\sfactors|included\sstudies|study\sdesigns?|"
    r"eligibility|definitions?)\b",
    re.IGNORECASE,
)
_OUTCOME_COLUMN = lazy_regex(r"\b(?:outcomes?|end\s?-?points?|measures?)\b", re.IGNORECASE)
# Tables whose rows are adverse events, and what shows that the rows are something else.
_EVENT_TABLE = lazy_regex(
    r"\b(?:adverse|toxicit\w+|side\seffects?|safety|complications?|causes?\sof\sdeath|tolerability)\b", re.IGNORECASE
)
_NOT_EVENTS = lazy_regex(
    r"\b(?:baseline|characteristics|demographics?|trials?|stud(?:y|ies)|authors?|references?|consortium|regimens?|"
    r"agents?|drugs?|treatments?|"
    r"pharmacokinetic\w*|doses?|guidelines?|criteria)\b",
    re.IGNORECASE,
)
_LABEL = lazy_regex(r"[A-Z][^\d,;:(\[*†‡§%<>≥≤=]{3,60}[^\W\d_]")
_NO_LABEL = lazy_regex(
    r"(?:(?:total|all|any|n|no|number|mean|median|range|yes|male|female|men|women|missing|unknown|unevaluable|not|"
    r"none|other|others|p|arm|group|visit|"
    r"day|week|month|year|baseline|age|sex|mild|moderate|severe|stage|grade|patients?|subjects?|participants?|"
    r"events?|related|serious|leading|"
    r"standard|probably|possibly|definitely|unlikely|unrelated|at\sleast|variable|system|class|overall|study|control|"
    r"placebo|ci|hr|or|rr)\b|[\d<>≥≤])",
    re.IGNORECASE,
)
# Tables whose rows are exposures, subgroups or other things, and whose outcome stands in the caption.
_PREDICTORS = lazy_regex(
    r"\b(?:predictors?|risk\sfactors?|prognostic\sfactors?|determinants?|correlates|covariates?|"
    r"factors\s(?:associated|predicting|affecting|influencing)|"
    r"(?:uni|multi|bi)varia\w+|regression|subgroups?|sensitivity\sanalys[ei]s|moderators?)\b",
    re.IGNORECASE,
)
_NOT_OUTCOMES = lazy_regex(
    r"\b(?:baseline|characteristics|demographics?|authors?|references?|quality|bias|search|guidelines?|criteria|"
    r"definitions?|"
    r"pharmacokinetic\w*|mechanisms?|costs?|ongoing|GRADE|questions?)\b",
    re.IGNORECASE,
)
# "number of patients who developed", "follow-up", before an outcome in a header; "recorded", "at 12 months", after it
_COUNTED_BEFORE = lazy_regex(
    r"\b(?:developed|developing|number\sof|incidence\sof|prevalence\sof|rates?\sof|follow-?up|post\w*|final|"
    r"cases\sof|cumulative|changes?\sin|n\sof|with)\s?[-:]?\s?$",
    re.IGNORECASE,
)
_COUNTED_AFTER = lazy_regex(
    r"\s(?:events?\s)?(?:recorded|reported|observed|occurred|rates?|incidence|prevalence|at\s(?:follow-?up|\d)|after|"
    r"cases|events)\b",
    re.IGNORECASE,
)
_TABLE = lazy_regex(r"\W*table\b", re.IGNORECASE)
_REPORTS = lazy_regex(
    r"\b(?:(?:predictors?|(?:risk|prognostic)\sfactors?|determinants?|(?:cumulative\s)?incidences?|rates?|prevalence|"
    r"odds\sratios?|hazard\sratios?|relative\srisks?|risks?)\s"
    r"(?:\([^()]{1,40}\)\s)?(?:of|for)|(?:factors|variables)\s(?:\w+ly\s)?associated\swith|(?:uni|"
    r"multi)varia\w+\s(?:\w+\s){0,3}(?:of|for))\s",
    re.IGNORECASE,
)
MAX_CAPTION = 400  # characters
MIN_PROSE = 40  # characters of a cell that is read as a sentence
MIN_KNOWN = 3  # rows whose outcome the lexicon knows, which show that the others are outcomes


def in_table(scene: Scene, table: Table, caption: str) -> list[Hit[Concept]]:
    """Endpoints of a table with the words of its caption."""
    text = scene.text
    corner = " ".join(text[slice(*cell.span)] for cell in table.cells if cell.is_header and cell.column == 0)
    said = f"{caption} {corner}"
    predictors = _PREDICTORS.search(said) is not None
    outcome_table = not BASELINE.search(caption) and not predictors
    valued = _valued_rows(text, table)
    labels = {0} | {
        c.column for c in table.cells if c.is_header and _OUTCOME_COLUMN.search(text[c.span.start : c.span.end])
    }
    found: list[Hit[Concept]] = []
    unnamed: list[Hit[Concept]] = []
    known = 0
    for cell in table.cells:
        printed = scene.lookup.hits(text, *cell.span)
        hits, bound = outcomes_of(text, printed, cell.span, scene.numbers)
        is_label = not cell.is_header and cell.column in labels and valued.get(cell.row, False)
        known += bool(hits) and is_label and cell.column == 0
        if not hits and is_label and cell.column == 0 and (own := _row_label(text, cell, scene.things)):
            unnamed.append(own)
        own_names = len(found)
        for hit in hits:
            if cell.is_header:
                labelled = cell.column > 0 and (outcome_table or _is_counted(text, cell, hit))
            else:
                labelled = outcome_table and is_label
            reports = hit.payload.kind == "bound" and (hit.start, hit.end) in bound and not (predictors and is_label)
            if hit.payload.kind == "named" or labelled or reports:
                found.append(hit)
        if not cell.is_header and not is_label and cell.span[1] - cell.span[0] >= MIN_PROSE:
            figures = scene.figures.inside(cell.span)
            marked = found[own_names:]
            phrases = find_open(text, cell.span, figures, [hit[:2] for hit in marked], scene.things) if figures else []
            found += named_phrases(text, phrases, printed, marked)
    of_events = _EVENT_TABLE.search(caption) and not _NOT_EVENTS.search(said)
    of_outcomes = outcome_table and not _NOT_OUTCOMES.search(said) and known >= MIN_KNOWN
    if of_events:
        found += unnamed
    elif of_outcomes and known >= len(unnamed):
        found += [hit for hit in unnamed if names_outcome(text, hit.start, hit.end)]
    return found


def _is_counted(text: str, cell: Cell, hit: Hit[Concept]) -> bool:
    """Whether the header of a table of studies or people says that its column counts or follows up an outcome."""
    before, after = text[cell.span.start : hit.start], text[hit.end : cell.span.end]
    return bool(_COUNTED_BEFORE.search(before) or _COUNTED_AFTER.match(after))


def outcome_of_caption(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The outcome of a caption that says what its table reports: "Risk factors for X", "Incidence of X by region"."""
    match = _REPORTS.search(text, start, end)
    if match is None or not _TABLE.match(text, start, end):
        return None
    return next(phrases_after(text, match.end(), end), None)


def _row_label(text: str, cell: Cell, things: Places) -> Hit[Concept] | None:
    """The stub of a row that the lexicon does not know: in a table of outcomes one under its own name."""
    start, end = cell.span
    label = _LABEL.match(text, start, end)
    if label is None or _NO_LABEL.match(text, start, end) or things.at(label.end() - 1) is not None:
        return None
    return Hit(label.start(), label.end(), Concept("OTHER", label[0].lower(), "bound"))


def caption_before(text: str, before: list[Zone]) -> str:
    """The words of the captions or short paragraphs right before a table."""
    captions = [zone for zone in before if zone.kind is BlockKind.CAPTION]
    return " ".join(text[zone.start : zone.end] for zone in captions or before if zone.end - zone.start < MAX_CAPTION)


def _valued_rows(text: str, table: Table) -> dict[int, bool]:
    """Which rows have a value outside their stub."""
    rows: dict[int, bool] = {}
    for cell in table.cells:
        if cell.column > 0:
            filled = any(character.isdigit() for character in text[cell.span.start : cell.span.end])
            rows[cell.row] = rows.get(cell.row, False) or filled
    return rows
