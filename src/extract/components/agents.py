"""Agents: drugs, radiation and cell therapies, by their names in the lexicon or by the stem of an INN."""

from __future__ import annotations

from spacy.attrs import LOWER
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from extract.components import Component, Places, adapt_tokenizer, group, make_spans, zone_spans
from extract.lexicons import Agents, load
from extract.values import Agent

MIN_STEM_WORD = 6  # letters: shorter words that end in a stem are seldom drugs


class AgentNames(Component):
    """Finds AGENT spans; the value is the lower-case generic name."""

    group = "agents"

    def __init__(self, nlp: Language, agents: Agents) -> None:
        self._make_doc = nlp.make_doc
        self._generic = agents.names()
        self._symbols = dict(agents.symbols)
        # The matchers pass over spaces between tokens, so what they find is looked up without them.
        self._spelled = {_unspaced(name): generic for name, generic in self._generic.items()}
        self._short_for = {_unspaced(symbol): generic for symbol, generic in self._symbols.items()}
        self._stems = tuple(agents.stems)
        self._formed: dict[int, str | None] = {}  # words met, by their hash: those formed like an agent's name
        self._not_agents = frozenset(word.lower() for word in agents.not_agents)
        # A name of one plain word is a look-up of its hash; the matcher, slow to build, is for the rest.
        single = {name for name in self._generic if name.isalpha()}
        self._single = {nlp.vocab.strings.add(name): self._generic[name] for name in sorted(single)}
        self._names = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._names.add("name", [nlp.make_doc(name) for name in self._generic if name not in single])
        self._short = PhraseMatcher(nlp.vocab, attr="ORTH")
        self._short.add("symbol", [nlp.make_doc(symbol) for symbol in self._symbols])

    def find(self, doc: Doc) -> list[Span]:
        """Agents in text order, the longest where several overlap."""
        defined = self._defined_here(doc)
        hits: list[tuple[int, int, str]] = []
        lowers = doc.to_array(LOWER).tolist()
        hits.extend((i, i + 1, self._single[lower]) for i, lower in enumerate(lowers) if lower in self._single)
        for _, start, end in self._names(doc):
            hits.append((start, end, self._spelled[_unspaced(doc[start:end].text.lower())]))
        for _, start, end in self._short(doc):
            symbol = doc[start:end].text
            hits.append((start, end, defined.get(symbol, self._short_for[_unspaced(symbol)])))
        hits.extend(self._by_stem(doc, lowers))
        hits.extend(self._by_definition(doc, {s: n for s, n in defined.items() if s not in self._symbols}))
        places = Places(zone_spans(doc))
        found, taken = [], -1
        for start, end, name in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
            first, last = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
            if start >= taken and places.at(first) is not None and not _inside_word(doc, start, end):
                found.append((first, last, Agent(name)))
                taken = end
        return make_spans(doc, found, "AGENT")

    def _by_definition(self, doc: Doc, defined: dict[str, str]) -> list[tuple[int, int, str]]:
        if not defined:
            return []
        matcher = PhraseMatcher(doc.vocab, attr="ORTH")
        matcher.add("symbol", [self._make_doc(symbol) for symbol in sorted(defined)])
        unspaced = {_unspaced(symbol): name for symbol, name in defined.items()}
        return [(start, end, unspaced[_unspaced(doc[start:end].text)]) for _, start, end in matcher(doc)]

    def _defined_here(self, doc: Doc) -> dict[str, str]:
        """Short forms that the document defines for an agent: `inotuzumab ozogamicin (InO)`."""
        defined = {}
        for span in group(doc, "abbreviations"):
            long_form = span._.value.long_form.lower()
            if long_form in self._generic:
                defined[span.text] = self._generic[long_form]
        return defined

    def _by_stem(self, doc: Doc, lowers: list[int]) -> list[tuple[int, int, str]]:
        strings = doc.vocab.strings
        for lower in set(lowers) - self._formed.keys():
            printed = strings[lower]
            formed = len(printed) >= MIN_STEM_WORD and printed.endswith(self._stems) and printed.isalpha()
            known = printed in self._generic or printed in self._not_agents
            self._formed[lower] = printed if formed and not known else None
        words = self._formed
        return [(i, i + 1, word) for i, lower in enumerate(lowers) if (word := words[lower])]


def _unspaced(name: str) -> str:
    return "".join(name.split())


def _inside_word(doc: Doc, start: int, end: int) -> bool:
    """Whether letters or digits go on without a break at either side."""
    before = start > 0 and not doc[start - 1].whitespace_ and doc[start - 1].text[-1:].isalnum()
    after = end < len(doc) and not doc[end - 1].whitespace_ and doc[end].text[:1].isalpha()
    return before or after


@Language.factory("extract_agents", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> AgentNames:
    """The component for `nlp.add_pipe("extract_agents")`."""
    adapt_tokenizer(nlp)
    return AgentNames(nlp, load("agents"))
