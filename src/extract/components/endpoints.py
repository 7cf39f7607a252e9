"""Endpoints: outcome measures by the lexicon, less the uses that state a status or population.

A `named` concept is marked wherever it stands as an outcome; a `bound` one only where a count or percentage reports
it; a `measure` only where a statistic of its change, difference or average stands in its sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
    is_cause,
    is_condition,
    is_exposure,
    is_named_adjective,
    is_reason,
    outcomes_of,
)
from extract.components.endpoint_names import Concept, Lookup
from extract.components.figures import Figures, read_figures, states_level
from extract.components.open_outcomes import find_open
from extract.components.phrases import Hit, PhraseIndex
from extract.components.table_endpoints import BASELINE, caption_before, in_table, outcome_of_caption
from extract.document import BlockKind, CharSpan
from extract.lexicons import Endpoints, load
from extract.values import Endpoint

_AS_POPULATION = re.compile(
    r"\b(?:in|with|after|following|post|for|of)[\s-](?:[\w-]+\s){0,3}\0|\0[\s-](?:patients|survivors|care|units?|rehabilitation)",
    re.IGNORECASE,
)
_COMPLETES = re.compile(r"(?:\s(?:scores?|index|scale|events?|levels?))+")
_JOINT = frozenset({" ", " mean "})  # between a mark and words that go on with its name


class EndpointSpans(Component):
    """Finds ENDPOINT spans; reads `sentences`, `abbreviations`, `percents`, `counts` and `statistics`."""

    group = "endpoints"

    def __init__(self, lexicon: Endpoints) -> None:
        forms: list[tuple[str, Concept]] = []
        symbols: list[tuple[str, Concept]] = []
        for row in lexicon.endpoint:
            concept = Concept(row.code, row.name, row.kind)
            bound = Concept(row.code, row.name, "bound")
            forms += [*((form, concept) for form in row.forms), *((form, bound) for form in row.bound_forms)]
            symbols += [*((s, concept) for s in row.symbols), *((s, bound) for s in row.bound_symbols)]
        self._forms = PhraseIndex(forms)
        self._symbols = PhraseIndex(symbols, folded=False)

    def find(self, doc: Doc) -> list[Span]:
        """Endpoints in text order, the longest where several overlap."""
        text = text_of(doc)
        barred = self._barred(doc)
        areas = zones(doc)
        figures = read_figures(doc, text, areas)
        numbers = Numbers(
            figures.results,
            [(start, end) for start, end, value in values(doc, "statistics") if value.kind != "p_value"],
        )
        trials = [CharSpan(span.start_char, span.end_char) for span in group(doc, "trials")]
        scene = _Scene(
            text,
            Lookup(self._forms, self._symbols, self._defined_here(doc)),
            Places(sentence_spans(doc)),
            numbers,
            figures,
            Places(sorted(trials + [CharSpan(each.start_char, each.end_char) for each in group(doc, "agents")])),
        )
        population = self._population(doc)
        found: list[tuple[int, int, Endpoint]] = []
        names = Places(trials)
        for index, zone in enumerate(areas):
            if zone.block is not None and zone.block.table is not None:
                caption = caption_before(text, areas[max(index - 2, 0) : index])
                hits = in_table(scene.lookup, text, zone.block.table, caption, numbers, things=scene.things)
            else:
                hits = _in_text(scene, zone)
            found.extend(
                (hit.start, hit.end, Endpoint(hit.payload.code, hit.payload.name))
                for hit in hits
                if text[hit.start : hit.end] not in barred
                and names.at(hit.start) is None
                and not (hit.payload.code in population and not numbers.near(hit.start, hit.end))
            )
        return make_spans(doc, found, "ENDPOINT")

    def _defined_here(self, doc: Doc) -> PhraseIndex[Concept] | None:
        """Short forms that the document defines for an outcome and the lexicon does not know."""
        defined: dict[str, Concept] = {}
        for span in group(doc, "abbreviations"):
            long_form = span._.value.long_form
            hit = next(
                (h for h in self._forms.find(long_form, 0, len(long_form)) if (h.start, h.end) == (0, len(long_form))),
                None,
            )
            outcome = hit is not None and (hit.payload.code != "OTHER" or hit.payload.kind != "bound")
            if hit is not None and outcome and is_initialism(span.text, long_form):
                defined[span.text] = hit.payload
        return PhraseIndex(sorted(defined.items()), folded=False) if defined else None

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


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a document holds beside outcomes; `things` are drugs and trials, which are none."""

    text: str
    lookup: Lookup
    sentences: Places
    numbers: Numbers
    figures: Figures
    things: Places

    def sentence_at(self, offset: int, zone: Zone) -> CharSpan:
        """The sentence that holds the offset, else the zone."""
        return CharSpan(*(self.sentences.at(offset) or (zone.start, zone.end))[:2])


def _in_text(scene: _Scene, zone: Zone) -> list[Hit[Concept]]:
    """Endpoints of running text, sentence by sentence."""
    text, numbers = scene.text, scene.numbers
    baseline = zone.block is not None and any(BASELINE.search(title) for title in zone.block.section[-1:])
    sentences: dict[CharSpan, list[Hit[Concept]]] = {}
    for hit in scene.lookup.hits(text, zone.start, zone.end):
        sentences.setdefault(scene.sentence_at(hit.start, zone), []).append(hit)
    for start in scene.figures.starts(zone.start, zone.end):
        sentences.setdefault(scene.sentence_at(start, zone), [])
    if zone.kind is BlockKind.CAPTION:
        sentences.setdefault(CharSpan(zone.start, zone.end), [])
    found: list[Hit[Concept]] = []
    for sentence, hits in sentences.items():
        figures = scene.figures.inside(sentence)
        possible = hits if figures else [hit for hit in hits if hit.payload.kind != "bound"]
        outcomes, bound = outcomes_of(text, possible, sentence, numbers)
        names = [hit.start for hit in hits]
        marked = [
            hit
            for hit in outcomes
            if _is_outcome(text, hit, sentence, bound, numbers, baseline=baseline)
            and not (hit.payload.kind != "named" and is_exposure(text, hit.end, sentence, names))
        ]
        found += marked
        phrases = find_open(text, sentence, figures, [hit[:2] for hit in marked], scene.things) if figures else []
        if zone.kind is BlockKind.CAPTION and (reported := outcome_of_caption(text, *sentence)):
            phrases = [reported]
        found += _by_construction(text, phrases, hits, marked)
    return found


def _by_construction(
    text: str, phrases: Sequence[tuple[int, int]], hits: Sequence[Hit[Concept]], marked: Sequence[Hit[Concept]]
) -> Iterator[Hit[Concept]]:
    """The phrases of a sentence that no mark covers yet, under their name in the lexicon or else their own.

    All are in text order, and neither hits nor marks overlap.
    """
    starts, ends = [hit.start for hit in hits], [hit.end for hit in hits]
    taken = [hit[:2] for hit in marked]
    for start, end in phrases:
        last = bisect_left(starts, end) - 1
        phrase = Hit(start, end, Concept("OTHER", text[start:end].lower(), "bound"))
        if last >= 0 and ends[last] > start:
            phrase = hits[last]
        if phrase.end < end:
            if phrase.start > start or not _COMPLETES.fullmatch(text, phrase.end, end):
                continue
            phrase = Hit(start, end, phrase.payload)
        index = bisect_left(taken, phrase[:2])
        before = taken[index - 1] if index else (0, 0)
        joined = before[1] > 0 and (before[1] > phrase.start or text[before[1] : phrase.start] in _JOINT)
        if not joined and not (index < len(taken) and taken[index][0] < phrase.end):
            insort(taken, phrase[:2])
            yield phrase


def _is_outcome(
    text: str,
    hit: Hit[Concept],
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
        near = near or states_level(text, hit.start, sentence)
        return near and has_change(text, hit.start, sentence) and not is_condition(text, hit.start, hit.end, sentence)
    if baseline or place not in bound or is_cause(text, hit.start, sentence):
        return False
    return bound[place] or not is_reason(text, hit.start, sentence)


@Language.factory("extract_endpoints", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> EndpointSpans:
    """The component for `nlp.add_pipe("extract_endpoints")`."""
    adapt_tokenizer(nlp)
    return EndpointSpans(load("endpoints"))
