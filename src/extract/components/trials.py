"""Trial names: acronyms, protocol codes, group codes and spelled-out forms, by their form and their context.

There is no list of trials. A name is established once by strong evidence (a word such as "trial" beside it, a registry id,
a trial column of a table, a spelled-out form that ends in "Trial", a cooperative group's code) and is then marked wherever
it stands. Cooperative groups, defined abbreviations of other things and the words of cues.toml are no trials.
Missed: names that are ordinary capitalised words without a number, unless they share their stem with a coded name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, Zone, adapt_tokenizer, group, make_spans, text_of, values, zones
from extract.components.trial_names import NameGrammar, canonical_names, flexible, stem_of
from extract.document import CharSpan
from extract.lexicons import Cues, load
from extract.values import TrialName

_WORD = r"[A-Za-z0-9À-ž][\w.'+]*(?:[-/&][A-Za-z0-9À-ž][\w.'+]*)*"
_CUE_GAP = (
    r"(?:(?:registration|registrational|pivotal|phase|Phase|extension|pilot|merged|induction|consolidation|frontline|randomi[sz]ed|controlled|"
    r"open-label|clinical|multicent(?:er|re)|prospective|dose-finding|add-on|Add-on|follow-up|first-in-human|I{1,3}V?|[1-4]|I/II|1/2|II/III|2/3|"
    r"therapy|treatment|open|label|long-term|safety|main|parent|original|and)\s){0,4}"
)
_BRACKETED = re.compile(rf"\((?P<name>[A-Z][^()\s]{{2,24}})\)[\s-]{_CUE_GAP}$")
_COPULA = re.compile(rf"(?<![\w-])(?P<name>{_WORD})(?:\s(?:is|was)|,)\s(?:a|an|the|our)\s[^.;()]{{0,120}}?\b(?:trial|study)\b")
_ID_AFTER = re.compile(
    r"\s?[,;:]?\s?[(\[]?\s?(?:(?:Clinical\s?Trials?\.gov|EudraCT|EUDRACT|EU\sCT|ISRCTN|UMIN|trial|registration|identifier|number|no\.?|NCT|ID|"
    r"registered|at|as|under|registry)\s?(?:[Ii]dentifier|[Nn]umber|[Nn]o\.?|ID)?[:,;]?\s?){0,4}$"
)
_HEADER = re.compile(r"\b(?:trials?|stud(?:y|ies)|protocols?|acronym|consortium|group|regimen)\b", re.IGNORECASE)
_SPELLED = re.compile(r"\b(?:Trials?|Stud(?:y|ies)|Protocol|Programme|Program|Evaluation|Investigation|Assessment|Intervention)$")
_TITLE_BRACKET = re.compile(r"\s?\((?P<long>[A-Z][^();,\d]{8,120}?)\s?[);,]")
_TITLE_WORD = re.compile(r"[A-Z][\w'-]*|of|in|for|the|and|with|on|to|a|an|by|under|or|versus|vs\.?|after|during|from")
_GROUP_NOUN = re.compile(
    r"\b(?:Group|Society|Consortium|Network|Association|Organi[sz]ation|Committee|Cent(?:er|re)|Registry|Register|University|Institut\w+|Foundation|"
    r"Administration|Agency|College|Party|Federation|Alliance|Council|Service|Hospital|Database|Initiative)\b"
)
_NOT_AFTER = re.compile(r"\s?(?:group|groups|investigators|consortium|network|collaborat\w+|committee|syndrome|score|criteria|guidelines?|staging|scale|index)\b", re.IGNORECASE)


class Trials(Component):
    """Finds TRIAL spans; reads the groups `abbreviations`, `registry_ids` and `agents`."""

    group = "trials"

    def __init__(self, cues: Cues) -> None:
        self._grammar = NameGrammar(cues)
        after = "|".join(sorted((re.escape(cue) for cue in cues.trial_after), key=len, reverse=True))
        before = "|".join(sorted((re.escape(cue) for cue in cues.trial_before), key=len, reverse=True))
        self._cue = re.compile(rf"(?<![\w-])(?P<cue>{after})(?![\w-])(?!\s(?i:group|committee|population|drug|period|arms?|visit|medication))", re.IGNORECASE)
        self._after_cue = re.compile(rf"(?<![\w-])(?:{before})\s(?P<name>{_WORD}(?:\s{_WORD}){{0,3}})", re.IGNORECASE)
        self._gap = re.compile(rf"(?P<name>(?:{_WORD}\s){{0,5}}{_WORD})(?P<bracket>\s?\([^()]{{2,90}}\))?[\s-]{_CUE_GAP}$")

    def find(self, doc: Doc) -> list[Span]:
        """Trial names in text order."""
        text = text_of(doc)
        areas = zones(doc)
        barred = self._barred(doc)
        spans: dict[CharSpan, None] = {}
        for zone in areas:
            for start, end in (*self._by_cue(text, zone), *self._by_shape(text, zone), *self._by_column(text, zone)):
                self._add(spans, text, start, end, barred)
        for start, end in self._by_registry_id(doc, text):
            self._add(spans, text, start, end, barred)
        spelled = self._spelled_out(doc, text, spans)
        names = Counter(text[span.start : span.end] for span in spans)
        named = {*spans, *self._propagate(text, areas, names, barred)}
        spelled |= _titles_after(text, named)
        everywhere = {*named, *spelled}
        ids = {CharSpan(start, end) for start, end, _ in values(doc, "registry_ids")}
        kept = [CharSpan(span.start, self._grammar.with_second_year(text, span.end)) for span in _longest(everywhere | ids) if span not in ids]
        canonical = canonical_names(Counter(text[s.start : s.end] for s in kept if s not in spelled), self._grammar)
        found = []
        for span in kept:
            quote = text[span.start : span.end]
            found.append((span.start, span.end, TrialName(canonical.get(spelled.get(span, quote), spelled.get(span, quote)))))
        return make_spans(doc, found, "TRIAL")

    def _barred(self, doc: Doc) -> frozenset[str]:
        """Words that the document itself shows to be something else: agents and abbreviations of common nouns."""
        barred = {span.text for span in group(doc, "agents")} | {span.text for span in group(doc, "registry_ids")}
        for span in group(doc, "abbreviations"):
            long_form = span._.value.long_form
            capitals = sum(word[:1].isupper() for word in long_form.split())
            if _GROUP_NOUN.search(long_form) or (capitals < 2 and not _SPELLED.search(long_form)):
                barred.add(span.text)
        return frozenset(barred)

    def _add(self, spans: dict[CharSpan, None], text: str, start: int, end: int, barred: frozenset[str]) -> None:
        name = text[start:end]
        if name not in barred and not _NOT_AFTER.match(text, end):
            spans[CharSpan(start, end)] = None

    def _by_cue(self, text: str, zone: Zone) -> Iterator[tuple[int, int]]:
        """`the RIVER trial`, `LAKE-2 registration study`, `study AQUA123`."""
        for cue in self._cue.finditer(text, zone.start, zone.end):
            if cue["cue"].isupper():
                continue  # a heading in capitals shows no acronym
            first = max(cue.start() - 160, zone.start)
            inner = _BRACKETED.search(text, first, cue.start())
            if inner and (name := self._grammar.last_name(text, *inner.span("name"))) and name[0] == inner.start("name"):
                yield name
            match = self._gap.search(text, first, cue.start())
            if match:
                end = match.end("name")
                name = self._grammar.last_name(text, match.start("name"), end)
                if name:
                    yield name
        for match in self._after_cue.finditer(text, zone.start, zone.end):
            if match[0].isupper():
                continue
            name = self._grammar.first_name(text, *match.span("name"))
            if name:
                yield name
        for match in _COPULA.finditer(text, zone.start, zone.end):
            name = self._grammar.last_name(text, *match.span("name"))
            if name and name[0] == match.start("name"):
                yield name

    def _by_shape(self, text: str, zone: Zone) -> Iterator[tuple[int, int]]:
        """Codes that only protocols have: a cooperative group with a number, group codes such as `ABCD1234`."""
        yield from self._grammar.group_codes(text, zone.start, zone.end)

    def _by_column(self, text: str, zone: Zone) -> Iterator[tuple[int, int]]:
        """Names at the start of the cells of a trial column."""
        table = zone.block.table if zone.block is not None else None
        if table is None or table.n_columns < 2:
            return
        columns = {
            cell.column
            for cell in table.cells
            if cell.is_header and cell.column <= 1 and _HEADER.search(text[cell.span.start : cell.span.end])
        }
        for cell in table.cells:
            if cell.column in columns and not cell.is_header:
                name = self._grammar.cell_name(text, *cell.span)
                if name:
                    yield name

    def _by_registry_id(self, doc: Doc, text: str) -> Iterator[tuple[int, int]]:
        """`RIVER (NCT…)`, `(RIVER, EudraCT: …)`: a name right before an id."""
        for start, _, _value in values(doc, "registry_ids"):
            window = max(start - 90, 0)
            for cut in range(start, window, -1):
                if text[cut - 1 : cut].isalnum() and not text[cut : cut + 1].isalnum() and _ID_AFTER.fullmatch(text[cut:start]):
                    name = self._grammar.last_name(text, max(cut - 60, 0), cut, touching=True)
                    if name and not re.search(r"[;.]\s", text[name[0] : cut]):
                        yield name
                        break

    def _spelled_out(self, doc: Doc, text: str, spans: dict[CharSpan, None]) -> dict[CharSpan, str]:
        """Spelled-out forms beside their acronym -> the acronym; establishes acronyms whose long form is a trial's title."""
        spelled: dict[CharSpan, str] = {}
        known = {text[span.start : span.end] for span in spans}
        last_words = {word for name in known if self._grammar.is_free(word := name.split()[-1])}
        for span in group(doc, "abbreviations"):
            long_form, short = span._.value.long_form, span.text
            titled = all(_TITLE_WORD.fullmatch(word) for word in long_form.split()) and len(long_form.split()) >= 3
            established = short in known or short in last_words or (titled and bool(_SPELLED.search(long_form)))
            if _GROUP_NOUN.search(long_form) or not titled or not established or not self._grammar.is_free(short):
                continue
            at = text.rfind(long_form, max(span.start_char - len(long_form) - 4, 0), span.end_char + len(long_form) + 4)
            if at < 0:
                continue
            spans.setdefault(CharSpan(span.start_char, span.end_char))
            start = self._grammar.widen_left(text, at)
            spelled[CharSpan(start, at + len(long_form))] = short
        return spelled

    def _propagate(
        self, text: str, areas: list[Zone], names: Counter[str], barred: frozenset[str]
    ) -> Iterator[CharSpan]:
        """Every other place where an established name stands, with its other numbers and separators."""
        forms = {flexible(name) for name in names}
        stems = {stem for name in names if (stem := stem_of(name)) and stem not in barred and self._grammar.is_free(stem)}
        numbered = {rf"{re.escape(stem)}[- ]?\d{{2,4}}" for stem in stems}
        if not forms:
            return
        pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(forms | numbered, key=len, reverse=True))})(?![\w])(?!-\d)")
        stem_cue = None
        if stems:
            stem_cue = re.compile(rf"(?<![\w-])(?P<name>{'|'.join(map(re.escape, sorted(stems)))})(?=[\s—-]{_CUE_GAP}(?:trial|study|protocol|pilot))")
        for zone in areas:
            for match in pattern.finditer(text, zone.start, zone.end):
                if not _NOT_AFTER.match(text, match.end()):
                    yield CharSpan(*match.span())
            if stem_cue:
                for match in stem_cue.finditer(text, zone.start, zone.end):
                    yield CharSpan(*match.span("name"))


def _titles_after(text: str, names: set[CharSpan]) -> dict[CharSpan, str]:
    """Titles in brackets right after a name -> the name."""
    found: dict[CharSpan, str] = {}
    for span in names:
        name = text[span.start : span.end]
        bracket = _TITLE_BRACKET.match(text, span.end)
        if bracket and _is_title_of(bracket["long"], name.split()[-1]):
            found[CharSpan(*bracket.span("long"))] = name
    return found


def _is_title_of(long_form: str, acronym: str) -> bool:
    """Whether a bracket holds a name in title case, one word apart, that begins as the acronym does."""
    words = long_form.split()
    plain = sum(not all(_TITLE_WORD.fullmatch(part) for part in word.split("-") if part) for word in words)
    return plain <= 1 and len(words) >= 3 and words[0][0] == acronym[0].upper()


def _longest(spans: set[CharSpan]) -> list[CharSpan]:
    """Spans in text order without those inside or across a longer one."""
    kept: list[CharSpan] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


@Language.factory("extract_trials", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> Trials:
    """The component for `nlp.add_pipe("extract_trials")`."""
    adapt_tokenizer(nlp)
    return Trials(load("cues"))
