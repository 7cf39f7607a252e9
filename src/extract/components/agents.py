"""Agents: drugs, radiation and cell therapies, by their names in the lexicon or by the stem of an INN."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from spacy.attrs import LOWER, ORTH
from spacy.language import Language
from spacy.strings import StringStore
from spacy.tokens import Doc, Span

from extract.components import Component, Places, adapt_tokenizer, group, make_spans, zone_spans
from extract.lexicons import Agents, load
from extract.values import Agent

MIN_STEM_WORD = 6  # letters: shorter words that end in a stem are seldom drugs


class AgentNames(Component):
    """Finds AGENT spans; the value is the lower-case generic name."""

    group = "agents"

    def __init__(self, nlp: Language, agents: Agents) -> None:
        self._words = _words_by(nlp)
        self._generic = agents.names()
        self._symbols = dict(agents.symbols)
        self._stems = tuple(agents.stems)
        self._formed: dict[int, str | None] = {}  # words met, by their hash: those formed like an agent's name
        self._not_agents = frozenset(word.lower() for word in agents.not_agents)
        self._names = _Phrases(self._generic, lambda name: self._words(name.lower()), nlp.vocab.strings)
        self._short = _Phrases(self._symbols, self._words, nlp.vocab.strings)

    def find(self, doc: Doc) -> list[Span]:
        """Agents in text order, the longest where several overlap."""
        defined = self._defined_here(doc)
        lowers, words = doc.to_array(LOWER).tolist(), doc.to_array(ORTH).tolist()
        hits = list(self._names.find(lowers))
        for start, end, generic in self._short.find(words):
            hits.append((start, end, defined.get(doc[start:end].text, generic)))
        hits.extend(self._by_stem(doc, lowers))
        own = {symbol: name for symbol, name in defined.items() if symbol not in self._symbols}
        if own:
            hits.extend(_Phrases(own, self._words, doc.vocab.strings).find(words))
        places = Places(zone_spans(doc))
        found, taken = [], -1
        for start, end, name in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
            first, last = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
            if start >= taken and places.at(first) is not None and not _inside_word(doc, start, end):
                found.append((first, last, Agent(name)))
                taken = end
        return make_spans(doc, found, "AGENT")

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


class _Phrases:
    """Names by the hashes of their words: the spaces between words are passed over, as by spaCy's `PhraseMatcher`.

    A matcher needs a `Doc` for each name, which costs more than a review.
    """

    def __init__(self, names: Mapping[str, str], words: Callable[[str], Sequence[str]], strings: StringStore) -> None:
        self._single: dict[int, str] = {}
        self._longer: dict[int, list[tuple[list[int], str]]] = {}
        for name, meaning in names.items():
            first, *others = [strings.add(word) for word in words(name)]
            if others:
                self._longer.setdefault(first, []).append((others, meaning))
            else:
                self._single[first] = meaning
        self._firsts = frozenset((*self._single, *self._longer))

    def find(self, words: list[int]) -> Iterator[tuple[int, int, str]]:
        """First word, the one after the last, and meaning of each name, by the hashes of the words of a text."""
        single, longer, firsts = self._single, self._longer, self._firsts
        for start in [at for at, word in enumerate(words) if word in firsts]:
            if words[start] in single:
                yield start, start + 1, single[words[start]]
            for others, meaning in longer.get(words[start], ()):
                if words[start + 1 : start + 1 + len(others)] == others:
                    yield start, start + 1 + len(others), meaning


def _words_by(nlp: Language) -> Callable[[str], Sequence[str]]:
    """How the pipeline cuts a text into words; its own tokenizer does so without a `Doc`."""
    words: Callable[[str], Sequence[str]] | None = getattr(nlp.tokenizer, "words", None)
    return words or (lambda text: [token.text for token in nlp.make_doc(text)])


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
