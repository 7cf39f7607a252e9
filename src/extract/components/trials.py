"""Trial names: acronyms, protocol codes, group codes and spelled-out forms, by their form and their context.

There is no list of trials. A name is established once by strong evidence (a word such as "trial" beside it, a registry
id, a trial column of a table, a spelled-out form that ends in "Trial", a cooperative group's code) and is then marked
wherever it stands. Cooperative groups, defined abbreviations of other things and the words of cues.toml are no trials.
Missed: names that are ordinary capitalised words without a number, unless they share their stem with a coded name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, Zone, adapt_tokenizer, document_of, group, make_spans, text_of, values, zones
from extract.components.abbreviations import is_initialism
from extract.components.grammar import beginning, near
from extract.components.trial_contexts import enrolling_names, listed_names, placed_names, titled_names
from extract.components.trial_names import NameFinder, NameGrammar, canonical_names, stem_of
from extract.document import CharSpan
from extract.lexicons import Cues, load
from extract.patterns import lazy_regex, regex
from extract.values import TrialName

_WORD = r"[A-Za-z0-9À-ž][\w.'+]*(?:[-/&][A-Za-z0-9À-ž][\w.'+]*)*"
# What may stand between a name and "trial": "the RIVER registration trial", "the LAKE-2 phase III study".
_BETWEEN = frozenset(
    [
        "registration",
        "registrational",
        "pivotal",
        "phase",
        "extension",
        "pilot",
        "merged",
        "induction",
        "consolidation",
        "frontline",
        "randomized",
        "randomised",
        "controlled",
        "open-label",
        "clinical",
        "multicenter",
        "multicentre",
        "prospective",
        "dose-finding",
        "add-on",
        "follow-up",
        "first-in-human",
        "i",
        "ii",
        "iii",
        "iv",
        "1",
        "2",
        "3",
        "4",
        "i/ii",
        "1/2",
        "ii/iii",
        "2/3",
        "therapy",
        "treatment",
        "open",
        "label",
        "long-term",
        "safety",
        "main",
        "parent",
        "original",
        "and",
    ]
)
_NUMERAL = lazy_regex(r"[iv]{1,3}|\d(?:/\d)?")
_PHASE = ("phase ", "phase-")  # else a numeral is part of the name: "the LAKE 2 trial"
MAX_BETWEEN = 4  # words
REACH = 160  # characters before a cue in which its name stands
_COPULA = lazy_regex(
    rf"(?<![\w-])(?P<name>{_WORD})(?:\s(?:is|was)|,)\s(?:a|an|the|our)\s[^.;()]{{0,120}}?\b(?:trial|study)\b"
)
_COPULA_ANCHOR = lazy_regex(r"(?: is|was|,) (?=an? |the |our )")
_ID_AFTER = lazy_regex(
    r"\s?[,;:]?\s?[(\[]?\s?(?:(?:Clinical\s?Trials?\.gov|EudraCT|EUDRACT|EU\sCT|ISRCTN|UMIN|trial|registration|"
    r"identifier|number|no\.?|NCT|ID|"
    r"registered|at|as|under|registry)\s?(?:[Ii]dentifier|[Nn]umber|[Nn]o\.?|ID)?[:,;]?\s?){0,4}$"
)
_HEADER = lazy_regex(r"\b(?:trials?|stud(?:y|ies)|protocols?|acronym|consortium|group|regimen)\b", re.IGNORECASE)
_SPELLED = lazy_regex(r"\b(?:Trials?|Stud(?:y|ies)|Protocol|Programme|Program|Intervention)$")
_JOINT = lazy_regex(r"(?:,|,?\s(?:and|or|&))\s$")  # "the RIVER-1 and RIVER-2 trials"
_BRACKET_BEFORE = lazy_regex(r"\s?\([^()]{1,80}\)$")
_TITLE_BRACKET = lazy_regex(r"(?:\s(?:trial|study))?\s?\((?P<long>[A-Z][^();,\d]{8,120}?)\s?[);,]")
_TITLE_WORD = lazy_regex(r"[A-Z][\w'-]*|of|in|for|the|and|with|on|to|a|an|by|under|or|versus|vs\.?|after|during|from")
_GROUP_NOUN = lazy_regex(
    r"\b(?:Group|Society|Consortium|Network|Association|Organi[sz]ation|Committee|Cent(?:er|re)|Registry|Register|"
    r"University|Institut\w+|Foundation|"
    r"Administration|Agency|College|Party|Federation|Alliance|Council|Service|Hospital|Database|Initiative)\b"
)
# A stem alone is the trial's family: "the LAKE pilot study".
_STEM_CUE = lazy_regex(r"[\s—-](?:[A-Za-z-]+\s){0,2}?(?:trial|study|protocol|pilot)")
_NOT_AFTER = lazy_regex(
    r"\s?(?:group|groups|investigators|consortium|network|collaborat\w+|committee|syndrome|score|criteria|"
    r"guidelines?|staging|scale|index)\b",
    re.IGNORECASE,
)


class Trials(Component):
    """Finds TRIAL spans; reads the groups `abbreviations`, `registry_ids` and `agents`."""

    group = "trials"

    def __init__(self, cues: Cues) -> None:
        self._grammar = NameGrammar(cues)
        after = "|".join(sorted((re.escape(cue) for cue in cues.trial_after), key=len, reverse=True))
        before = "|".join(sorted((re.escape(cue) for cue in cues.trial_before), key=len, reverse=True))
        self._cue = regex(
            rf"(?<![\w-])(?P<cue>{after})(?![\w-])(?!\s(?i:group|committee|population|drug|period|arms?|visit|"
            rf"medication))",
            re.IGNORECASE,
        )
        stems = {cue[:4] for cue in (*cues.trial_after, *cues.trial_before)}
        self._cue_anchor = regex("|".join(sorted({*stems, *map(str.capitalize, stems), *map(str.upper, stems)})))
        self._after_cue = regex(rf"(?<![\w-])(?:{before})\s(?P<name>{_WORD}(?:\s{_WORD}){{0,3}})", re.IGNORECASE)

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
        for start, end in placed_names(self._grammar, text, areas):
            self._add(spans, text, start, end, barred)
        spelled = self._spelled_out(doc, text, spans)
        names = Counter(text[span.start : span.end] for span in spans)
        names.update(titled_names(self._grammar, document_of(doc)) - names.keys() - barred)
        named = {*spans, *self._propagate(text, areas, names, barred)}
        spelled |= _titles_after(text, named)
        everywhere = {*named, *spelled}
        ids = {CharSpan(start, end) for start, end, _ in values(doc, "registry_ids")}
        kept = [
            CharSpan(span.start, self._grammar.with_second_year(text, span.end))
            for span in _longest(everywhere | ids)
            if span not in ids
        ]
        canonical = canonical_names(Counter(text[s.start : s.end] for s in kept if s not in spelled), self._grammar)
        found = []
        for span in kept:
            quote = text[span.start : span.end]
            found.append(
                (span.start, span.end, TrialName(canonical.get(spelled.get(span, quote), spelled.get(span, quote))))
            )
        return make_spans(doc, found, "TRIAL")

    def _barred(self, doc: Doc) -> frozenset[str]:
        """Words that the document itself shows to be something else: agents and abbreviations of common nouns."""
        barred = {span.text for span in group(doc, "agents")} | {span.text for span in group(doc, "registry_ids")}
        for span in group(doc, "abbreviations"):
            long_form = span._.value.long_form
            capitals = sum(word[:1].isupper() for word in long_form.split())
            plain = capitals < 2 and not _SPELLED.search(long_form) and is_initialism(span.text, long_form)
            if _GROUP_NOUN.search(long_form) or plain:
                barred.add(span.text)
        return frozenset(barred)

    def _add(self, spans: dict[CharSpan, None], text: str, start: int, end: int, barred: frozenset[str]) -> None:
        name = text[start:end]
        if name not in barred and not _NOT_AFTER.match(text, end):
            spans[CharSpan(start, end)] = None

    def _by_cue(self, text: str, zone: Zone) -> Iterator[tuple[int, int]]:
        """`the RIVER trial`, `LAKE-2 registration study`, `study AQUA123`."""
        cues = [hit.span() for hit in self._cue_anchor.finditer(text, zone.start, zone.end)]
        for cue in beginning(self._cue, cues, text, zone.end, after=30):
            if cue["cue"].isupper():
                continue  # a heading in capitals shows no acronym
            first = max(cue.start() - REACH, zone.start)
            end = _before_cue(text, first, cue.start())
            if text[end - 1 : end] == ")":
                opening = text.rfind("(", first, end)
                name = self._grammar.last_name(text, opening + 1, end - 1) if opening >= 0 else None
                if name and name[0] == opening + 1:
                    yield name
                end = len(text[first:opening].rstrip()) + first if opening >= 0 else first
            name = self._grammar.last_name(text, first, end)
            while name:
                yield name
                joint = _JOINT.search(text, first, name[0]) if cue["cue"].endswith("s") else None
                bracket = _BRACKET_BEFORE.search(text, first, joint.start()) if joint else None
                before = bracket or joint
                name = self._grammar.last_name(text, first, before.start()) if before else None
        for match in beginning(self._after_cue, cues, text, zone.end, after=90):
            if match[0].isupper():
                continue
            name = self._grammar.first_name(text, *match.span("name"))
            if name:
                yield name
        yield from listed_names(self._grammar, text, zone)
        yield from enrolling_names(self._grammar, text, zone)
        for match in near(_COPULA, _COPULA_ANCHOR, text, zone.start, zone.end, before=40, after=150):
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
                if (
                    text[cut - 1 : cut].isalnum()
                    and not text[cut : cut + 1].isalnum()
                    and _ID_AFTER.fullmatch(text[cut:start])
                ):
                    name = self._grammar.last_name(text, max(cut - 60, 0), cut)
                    if name and not re.search(r"[;.]\s", text[name[0] : cut]):
                        yield name
                        break

    def _spelled_out(self, doc: Doc, text: str, spans: dict[CharSpan, None]) -> dict[CharSpan, str]:
        """Spelled-out forms beside their acronym -> the acronym; a trial's title establishes its acronym."""
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
        if not names:
            return
        stems = {
            stem for name in names if (stem := stem_of(name)) and stem not in barred and self._grammar.is_free(stem)
        }
        finder = NameFinder(names, stems)
        for zone in areas:
            for start, end in finder.find(text, zone.start, zone.end):
                name = text[start:end]
                alone = name in stems and name not in names and not _STEM_CUE.match(text, end)
                if not alone and not _NOT_AFTER.match(text, end):
                    yield CharSpan(start, end)


def _before_cue(text: str, first: int, start: int) -> int:
    """Where the name can end that a cue at `start` is about: before the words that may stand between."""
    end = start
    for _ in range(MAX_BETWEEN + 1):
        while end > first and text[end - 1] in " -":
            end -= 1
        cut = max(text.rfind(" ", first, end), first - 1) + 1
        word = text[cut:end].lower()
        numeral = _NUMERAL.fullmatch(word) and text[max(cut - 6, first) : cut].lower() not in _PHASE
        if word not in _BETWEEN or numeral or cut == first:
            break
        end = cut
    return end


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
