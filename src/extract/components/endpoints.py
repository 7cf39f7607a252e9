"""Endpoints: outcome measures by the lexicon, less the uses that state a status or population.

A `named` concept is marked wherever it stands as an outcome; a `bound` one only where a count or percentage reports
it; a `measure` only where a statistic of its change, difference or average stands in its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
    has_change,
    is_baseline,
    is_cause,
    is_condition,
    is_exposure,
    is_named_adjective,
    is_reason,
)
from extract.components.endpoint_forms import EndpointForms, endpoint_forms
from extract.components.endpoint_names import Concept, Lookup, named_phrases
from extract.components.endpoint_numbers import Numbers, Scene, outcomes_of
from extract.components.figures import read_figures, states_level
from extract.components.open_outcomes import find_open
from extract.components.outcome_wording import EVENT
from extract.components.phrases import Hit, PhraseIndex
from extract.components.table_endpoints import BASELINE, caption_before, in_table, outcome_of_caption
from extract.document import BlockKind, CharSpan
from extract.patterns import lazy_regex
from extract.values import Endpoint

_AS_POPULATION = lazy_regex(
    r"\b(?:in|with|after|following|post|for|of)[\s-](?:[\w-]+\s){0,3}\0|\0[\s-](?:patients|survivors|care|units?|"
    r"rehabilitation)",
    re.IGNORECASE,
)


class EndpointSpans(Component):
    """Finds ENDPOINT spans; reads `sentences`, `abbreviations`, `percents`, `counts` and `statistics`."""

    group = "endpoints"

    def __init__(self, lexicon: EndpointForms) -> None:
        self._forms, self._symbols = lexicon.forms, lexicon.symbols

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
        trials = [CharSpan(start, end) for start, end, _ in values(doc, "trials")]
        scene = Scene(
            text,
            Lookup(self._forms, self._symbols, self._defined_here(doc)),
            Places(sentence_spans(doc)),
            numbers,
            figures,
            Places(sorted(trials + [CharSpan(start, end) for start, end, _ in values(doc, "agents")])),
        )
        population = self._population(doc)
        found: list[tuple[int, int, Endpoint]] = []
        names = Places(trials)
        for index, zone in enumerate(areas):
            if zone.block is not None and zone.block.table is not None:
                caption = caption_before(text, areas[max(index - 2, 0) : index])
                hits = in_table(scene, zone.block.table, caption)
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


def _in_text(scene: Scene, zone: Zone) -> list[Hit[Concept]]:
    """Endpoints of running text, sentence by sentence."""
    text = scene.text
    baseline = zone.block is not None and any(BASELINE.search(title) for title in zone.block.section[-1:])
    hits = scene.lookup.hits(text, zone.start, zone.end)
    sentences: dict[CharSpan, list[Hit[Concept]]] = {}
    for hit in hits:
        sentences.setdefault(scene.sentence_at(hit.start, zone), []).append(hit)
    for start in scene.figures.starts(zone.start, zone.end):
        sentences.setdefault(scene.sentence_at(start, zone), [])
    found = [
        hit
        for sentence, printed in sentences.items()
        for hit in _in_sentence(scene, sentence, printed, baseline=baseline)
    ]
    reported = outcome_of_caption(text, zone.start, zone.end) if zone.kind is BlockKind.CAPTION else None
    if reported is not None:
        found += named_phrases(text, [reported], hits, sorted(found, key=lambda hit: hit.start))
    return found


def _in_sentence(scene: Scene, sentence: CharSpan, hits: list[Hit[Concept]], *, baseline: bool) -> list[Hit[Concept]]:
    text = scene.text
    figures = scene.figures.inside(sentence)
    possible = hits if figures else [hit for hit in hits if hit.payload.kind != "bound"]
    outcomes, bound = outcomes_of(text, possible, sentence, scene.numbers)
    marked = [hit for hit in outcomes if _is_outcome(text, hit, sentence, bound, scene.numbers, baseline=baseline)]
    if not figures:
        return marked
    names = [hit.start for hit in hits]
    marked = [hit for hit in marked if not _is_exposure(text, hit, sentence, names)]
    phrases = find_open(text, sentence, figures, [hit[:2] for hit in marked], scene.things)
    names = sorted([*names, *(start for start, _ in phrases)])
    marked = [hit for hit in marked if not _is_exposure(text, hit, sentence, names)]
    named = list(named_phrases(text, phrases, hits, marked))
    wider = Places([CharSpan(*hit[:2]) for hit in named])
    return [*(hit for hit in marked if wider.at(hit.start) is None), *named]


def _is_exposure(text: str, hit: Hit[Concept], sentence: CharSpan, names: Sequence[int]) -> bool:
    return hit.payload.kind != "named" and is_exposure(text, hit.end, sentence, names)


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
    adjective = is_named_adjective(text, hit.start, hit.end, sentence) is False
    if adjective or (kind == "measure" and place in bound and EVENT.search(text, *place)):
        kind = "bound"
    if kind == "named":
        return True
    if kind == "measure":
        near = bound.get(place, False) or numbers.statistics(sentence, hit.start)
        near = near or states_level(text, hit.start, sentence)
        return near and has_change(text, hit.start, sentence) and not is_condition(text, hit.start, hit.end, sentence)
    if baseline or place not in bound or is_cause(text, hit.start, sentence) or is_baseline(text, *place, sentence):
        return False
    return bound[place] or not is_reason(text, hit.start, sentence)


@Language.factory("extract_endpoints", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> EndpointSpans:
    """The component for `nlp.add_pipe("extract_endpoints")`."""
    adapt_tokenizer(nlp)
    return EndpointSpans(endpoint_forms())
