"""Endpoints: outcome measures by the lexicon, less the uses that state a status or population.

A `named` concept is marked wherever it stands as an outcome; a `bound` one only where a count or percentage reports
it; a `measure` only where a statistic of its change, difference or average stands in its sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import (
    Component,
    Places,
    Zone,
    adapt_tokenizer,
    document_of,
    group,
    make_spans,
    sentence_spans,
    text_of,
    values,
    zones,
)
from extract.components.abbreviations import is_initialism
from extract.components.endpoint_context import (
    EVENTS,
    Numbers,
    has_change,
    is_condition,
    is_named_adjective,
    is_reason,
    is_status,
    reported,
)
from extract.components.open_outcomes import Figures, find_open
from extract.components.phrases import Hit, PhraseIndex, Words
from extract.document import Cell, CharSpan, Table
from extract.lexicons import Endpoints, load
from extract.values import Endpoint

_BASELINE = re.compile(
    r"\b(?:baseline|characteristics?|demographics?|comorbidit\w+|risk\sfactors|included\sstudies|study\sdesigns?|"
    r"eligibility|definitions?)\b",
    re.IGNORECASE,
)
_OUTCOME_COLUMN = re.compile(r"\b(?:outcomes?|end\s?-?points?|measures?)\b", re.IGNORECASE)
# Tables whose rows are adverse events, and what shows that the rows are something else.
_EVENT_TABLE = re.compile(
    r"\b(?:adverse|toxicit\w+|side\seffects?|safety|complications?|causes?\sof\sdeath|tolerability)\b", re.IGNORECASE
)
_NOT_EVENTS = re.compile(
    r"\b(?:baseline|characteristics|demographics?|trials?|stud(?:y|ies)|authors?|references?|consortium|regimens?|agents?|drugs?|treatments?|"
    r"pharmacokinetic\w*|doses?|guidelines?|criteria)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[A-Z][^\d,;:(\[*†‡§%<>≥≤=]{3,60}[^\W\d_]")
_NO_LABEL = re.compile(
    r"(?:(?:total|all|any|n|no|number|mean|median|range|yes|male|female|men|women|missing|unknown|unevaluable|not|none|other|others|p|arm|group|visit|"
    r"day|week|month|year|baseline|age|sex|mild|moderate|severe|stage|grade|patients?|subjects?|participants?|events?|related|serious|leading|"
    r"standard|probably|possibly|definitely|unlikely|unrelated|at\sleast|variable|system|class|overall|study|control|"
    r"placebo|ci|hr|or|rr)\b|[\d<>≥≤])",
    re.IGNORECASE,
)
_AS_POPULATION = re.compile(
    r"\b(?:in|with|after|following|post|for|of)[\s-](?:[\w-]+\s){0,3}\0|\0[\s-](?:patients|survivors|care|units?|rehabilitation)",
    re.IGNORECASE,
)
_SLASH = re.compile(r"\s?/\s?$")
# What a form may begin with and its span does not: severity, verbs of reaching, time, and how it is counted.
_LEADING = re.compile(
    r"(?:(?:grades?|stage)\s[\dIVX]+(?:\s?[-/–]\s?[\dIVX]+|\sor\s(?:higher|more|greater|above))?|serious|severe|"
    r"moderate|mild|fatal(?=\s\w)|"
    r"(?:deep|deeper|durable|long-term|persistent|sustained)(?=\s(?:responses?|remissions?|CR|MRD)\b)|overall(?=\sremission)|hepatic(?=\sveno)|on-treatment|achiev(?:ed?|ing)|"
    r"attain(?:ed|ing)|obtain(?:ed|ing)|"
    r"experienc(?:ed?|ing)|develop(?:ed|ing)?|report(?:ed|ing))[\s-]|"
    r"(?:cumulative\s)?(?:incidences?|rates?|risks?|probabilit(?:y|ies)|frequency|number)\sof\s(?=(?!relapse|"
    r"recurrence|progression|failure))",
    re.IGNORECASE,
)
_HEART_CAUSE = re.compile(
    r"(?<![\w-])(?:CVD?|CHD|IHD|cardiac|coronary(?:\s(?:heart|artery)\sdisease)?|cardiovascular(?:\sdisease)?|cerebrovascular|stroke|heart\sfailure|"
    r"sudden\scardiac|vascular)(?:-specific|-related)?\s$",
    re.IGNORECASE,
)
_DURING = re.compile(r"(?<![\w-])(?:post|peri|intra)-$", re.IGNORECASE)
_BESIDE = frozenset({"confidence_interval", "standard_error", "dispersion", "p_value", "i_squared"})
_LAST_NUMBER = re.compile(r"-?(?:\d[\d.,]*)$")
CAUSE_REACH = 40  # characters before a death in which its cause stands
_JOINED_AFTER = re.compile(r"-[A-Z0-9]")
_JOINED_BEFORE = re.compile(r"[A-Z0-9]-$")
# The word rate belongs to the name of few outcomes only.
_TRAILING = re.compile(
    r"(?<!response)(?<!responder)(?<!relapse)(?<!recurrence)(?<!death)(?<!birth)(?<!exacerbation)(?<!filtration)(?<!heart)(?<!sedimentation)\srates?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Concept:
    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Lookup:
    """The names of outcomes that hold in one document."""

    forms: PhraseIndex[_Concept]
    symbols: PhraseIndex[_Concept]
    local: PhraseIndex[_Concept]

    def hits(self, text: str, start: int, end: int) -> list[Hit[_Concept]]:
        """Forms and symbols, the longest where they overlap; two names of one outcome joined by a slash are one."""
        words = Words(text, start, end)
        symbols = (
            hit for hit in chain(self.symbols.find_in(words), self.local.find_in(words)) if _stands_alone(text, hit)
        )
        hits = [_trimmed(text, hit) for hit in (*self.forms.find_in(words), *symbols)]
        hits.sort(key=lambda hit: (hit.start, -hit.end))
        kept: list[Hit[_Concept]] = []
        for hit in hits:
            last = kept[-1] if kept else None
            if last is not None and hit.start < last.end:
                if hit.end - hit.start > last.end - last.start:
                    kept[-1] = hit
            elif (
                last is not None
                and last.payload.code == hit.payload.code != "OTHER"
                and _SLASH.match(text[last.end : hit.start])
            ):
                kept[-1] = Hit(last.start, hit.end, last.payload)
            else:
                kept.append(hit)
        return kept


class EndpointSpans(Component):
    """Finds ENDPOINT spans; reads `sentences`, `abbreviations`, `percents`, `counts` and `statistics`."""

    group = "endpoints"

    def __init__(self, lexicon: Endpoints) -> None:
        forms: list[tuple[str, _Concept]] = []
        symbols: list[tuple[str, _Concept]] = []
        for row in lexicon.endpoint:
            concept = _Concept(row.code, row.name, row.kind)
            bound = _Concept(row.code, row.name, "bound")
            forms += [*((form, concept) for form in row.forms), *((form, bound) for form in row.bound_forms)]
            symbols += [*((s, concept) for s in row.symbols), *((s, bound) for s in row.bound_symbols)]
        self._forms = PhraseIndex(forms)
        self._symbols = PhraseIndex(symbols, folded=False)

    def find(self, doc: Doc) -> list[Span]:
        """Endpoints in text order, the longest where several overlap."""
        text = text_of(doc)
        barred = self._barred(doc)
        numbers = Numbers(
            [(start, end) for start, end, value in values(doc, "percents") if value.role == "value"],
            [(start, end) for start, end, _ in values(doc, "counts")],
            [(start, end) for start, end, value in values(doc, "statistics") if value.kind != "p_value"],
        )
        figures = _figures(doc, text)
        areas = zones(doc)
        population = self._population(doc)
        lookup = _Lookup(self._forms, self._symbols, self._defined_here(doc))
        found: list[tuple[int, int, Endpoint]] = []
        places = Places(sentence_spans(doc))
        names = Places([CharSpan(start, end) for start, end, _ in values(doc, "trials")])
        for index, zone in enumerate(areas):
            if zone.block is not None and zone.block.table is not None:
                caption = _caption_before(text, areas[max(index - 2, 0) : index])
                hits = _in_table(lookup, text, zone.block.table, caption, numbers)
            else:
                hits = _in_text(lookup, text, zone, places, numbers, figures)
            found.extend(
                (hit.start, hit.end, Endpoint(hit.payload.code, hit.payload.name))
                for hit in hits
                if text[hit.start : hit.end] not in barred
                and names.at(hit.start) is None
                and not (hit.payload.code in population and not numbers.near(hit.start, hit.end))
            )
        return make_spans(doc, found, "ENDPOINT")

    def _defined_here(self, doc: Doc) -> PhraseIndex[_Concept]:
        """Short forms that the document defines for an outcome and the lexicon does not know."""
        defined: dict[str, _Concept] = {}
        for span in group(doc, "abbreviations"):
            long_form = span._.value.long_form
            hit = next(
                (h for h in self._forms.find(long_form, 0, len(long_form)) if (h.start, h.end) == (0, len(long_form))),
                None,
            )
            outcome = hit is not None and (hit.payload.code != "OTHER" or hit.payload.kind != "bound")
            if hit is not None and outcome and is_initialism(span.text, long_form):
                defined[span.text] = hit.payload
        return PhraseIndex(sorted(defined.items()), folded=False)

    def _population(self, doc: Doc) -> frozenset[str]:
        """Codes of events that the title names as the patients' disease ("pneumonia after stroke")."""
        document = document_of(doc)
        title = (document.title if document else None) or ""
        return frozenset(
            hit.payload.code
            for hit in self._forms.find(title, 0, len(title))
            if hit.payload.code in EVENTS and _AS_POPULATION.search(title[: hit.start] + "\0" + title[hit.end :])
        )

    def _barred(self, doc: Doc) -> frozenset[str]:
        """Symbols that this document defines as something else."""
        barred = set()
        for span in group(doc, "abbreviations"):
            own = next(iter(self._symbols.find(span.text, 0, len(span.text))), None)
            if own is not None and own.end - own.start == len(span.text):
                long_form = span._.value.long_form
                known = any(True for _ in self._forms.find(long_form, 0, len(long_form)))
                if not known and is_initialism(span.text, long_form):
                    barred.add(span.text)
        return frozenset(barred)


def _in_text(
    lookup: _Lookup, text: str, zone: Zone, places: Places, numbers: Numbers, figures: Figures
) -> list[Hit[_Concept]]:
    """Endpoints of running text, sentence by sentence."""
    baseline = zone.block is not None and any(_BASELINE.search(title) for title in zone.block.section[-1:])
    sentences_of: dict[CharSpan, list[Hit[_Concept]]] = {}
    for hit in lookup.hits(text, zone.start, zone.end):
        sentence = places.at(hit.start) or CharSpan(zone.start, zone.end)
        sentences_of.setdefault(CharSpan(sentence[0], sentence[1]), []).append(hit)
    for start in figures.starts(zone.start, zone.end):
        sentence = places.at(start) or CharSpan(zone.start, zone.end)
        sentences_of.setdefault(CharSpan(sentence[0], sentence[1]), [])
    found: list[Hit[_Concept]] = []
    for sentence, hits in sentences_of.items():
        outcomes, bound = _outcomes(text, hits, sentence, numbers)
        marked = [hit for hit in outcomes if _is_outcome(text, hit, sentence, bound, numbers, baseline=baseline)]
        own = figures.inside(sentence)
        if own:
            marked += _by_construction(text, sentence, own, hits, marked)
        found += marked
    return found


def _by_construction(
    text: str, sentence: CharSpan, figures: Figures, hits: list[Hit[_Concept]], marked: list[Hit[_Concept]]
) -> list[Hit[_Concept]]:
    """Names of the sentence that its wording makes outcomes: hits that are not marked yet, and phrases of no lexicon."""
    places = {(hit.start, hit.end) for hit in marked}
    found: list[Hit[_Concept]] = []
    taken: list[tuple[int, int]] = sorted(places)
    for start, end in find_open(text, sentence, figures, taken):
        inside = [hit for hit in hits if hit.start < end and start < hit.end]
        if inside:
            last = inside[-1]
            if last.end >= end and (last.start, last.end) not in places:
                places.add((last.start, last.end))
                found.append(last)
        elif not any(s < end and start < e for s, e in places):
            places.add((start, end))
            found.append(Hit(start, end, _Concept("OTHER", text[start:end].lower(), "bound")))
    return found


def _figures(doc: Doc, text: str) -> Figures:
    """The figures of the doc that can report an outcome."""
    results = [(start, end) for start, end, value in values(doc, "percents") if value.role == "value"]
    results += [(start, end) for start, end, _ in values(doc, "counts")]
    effects = [
        (number.start(), end)
        for start, end, value in values(doc, "statistics")
        if value.kind not in _BESIDE and (number := _LAST_NUMBER.search(text, start, end))
    ]
    return Figures(sorted(results), sorted(effects))


def _outcomes(
    text: str, hits: list[Hit[_Concept]], place: CharSpan, numbers: Numbers
) -> tuple[list[Hit[_Concept]], dict[tuple[int, int], bool]]:
    """The hits of a sentence or cell that are no status, and which of them a number reports."""
    outcomes = [hit for hit in hits if not is_status(text, hit.start, hit.end, hit.payload.code, place)]
    return outcomes, reported(text, [(hit.start, hit.end) for hit in outcomes], numbers.reporting(place))


def _in_table(lookup: _Lookup, text: str, table: Table, caption: str, numbers: Numbers) -> list[Hit[_Concept]]:
    """Endpoints of a table: headers and stubs of columns and rows with values, and cells with sentences."""
    outcome_table = not _BASELINE.search(caption)
    valued = _valued_rows(text, table)
    labels = {0} | {
        c.column for c in table.cells if c.is_header and _OUTCOME_COLUMN.search(text[c.span.start : c.span.end])
    }
    corner = " ".join(text[slice(*cell.span)] for cell in table.cells if cell.is_header and cell.column == 0)
    found: list[Hit[_Concept]] = []
    for cell in table.cells:
        hits, bound = _outcomes(text, lookup.hits(text, *cell.span), cell.span, numbers)
        label = _row_label(text, cell, caption, corner) if not hits and valued.get(cell.row, False) else None
        if label is not None:
            found.append(label)
        for hit in hits:
            if cell.is_header:
                labelled = outcome_table and cell.column > 0
            else:
                labelled = outcome_table and cell.column in labels and valued.get(cell.row, False)
            if (
                hit.payload.kind == "named"
                or labelled
                or (hit.payload.kind == "bound" and (hit.start, hit.end) in bound)
            ):
                found.append(hit)
    return found


def _row_label(text: str, cell: Cell, caption: str, corner: str) -> Hit[_Concept] | None:
    """The stub of a row of an adverse-event table that the lexicon does not know: an outcome under its own name."""
    if (
        cell.column != 0
        or cell.is_header
        or not _EVENT_TABLE.search(caption)
        or _NOT_EVENTS.search(f"{caption} {corner}")
    ):
        return None
    start, end = cell.span
    label = _LABEL.match(text, start, end)
    if label is None or _NO_LABEL.match(text, start, end):
        return None
    return Hit(label.start(), label.end(), _Concept("OTHER", label[0].lower(), "bound"))


def _is_outcome(
    text: str,
    hit: Hit[_Concept],
    sentence: CharSpan,
    bound: dict[tuple[int, int], bool],
    numbers: Numbers,
    *,
    baseline: bool,
) -> bool:
    """Whether a hit that is no status is marked, by the kind of its concept."""
    place, kind = (hit.start, hit.end), hit.payload.kind
    if is_named_adjective(text, hit.start, hit.end, sentence) is False:
        kind = "bound"
    if kind == "named":
        return True
    if kind == "measure":
        near = bound.get(place, False) or numbers.statistics(sentence, hit.start)
        return near and has_change(text, hit.start, sentence) and not is_condition(text, hit.start, sentence)
    if baseline or place not in bound:
        return False
    return bound[place] or not is_reason(text, hit.start, sentence)


def _stands_alone(text: str, hit: Hit[_Concept]) -> bool:
    """Whether a symbol is a word of its own and no part of a hyphenated code (`PD-L1`, `ABC-VTE`)."""
    return not _JOINED_AFTER.match(text, hit.end) and not _JOINED_BEFORE.search(text, max(hit.start - 2, 0), hit.start)


def _trimmed(text: str, hit: Hit[_Concept]) -> Hit[_Concept]:
    """The hit without the severity, verb or rate that its form begins with."""
    start = hit.start
    while match := _LEADING.match(text, start, hit.end):
        start = match.end()
    payload = hit.payload
    if payload.code == "DEATH" and (cause := _HEART_CAUSE.search(text, max(start - CAUSE_REACH, 0), start)):
        start, payload = cause.start(), _Concept("CV_DEATH", "cardiovascular death", "named")
    elif during := _DURING.search(text, max(start - CAUSE_REACH, 0), start):
        start = during.start()
    rate = _TRAILING.search(text, start, hit.end)
    end = rate.start() if rate else hit.end
    return Hit(start, end, payload) if start < end else hit


def _caption_before(text: str, before: list[Zone]) -> str:
    """The words of the captions or short paragraphs right before a table."""
    return " ".join(text[zone.start : zone.end] for zone in before if zone.end - zone.start < MAX_CAPTION)


MAX_CAPTION = 400  # characters


def _valued_rows(text: str, table: Table) -> dict[int, bool]:
    """Which rows have a value outside their stub."""
    rows: dict[int, bool] = {}
    for cell in table.cells:
        if cell.column > 0:
            filled = any(character.isdigit() for character in text[cell.span.start : cell.span.end])
            rows[cell.row] = rows.get(cell.row, False) or filled
    return rows


@Language.factory("extract_endpoints", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> EndpointSpans:
    """The component for `nlp.add_pipe("extract_endpoints")`."""
    adapt_tokenizer(nlp)
    return EndpointSpans(load("endpoints"))
