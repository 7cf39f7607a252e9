"""What a phrase names, by the words of `cues.toml` and by what the doc has marked: a treatment, people, or neither."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from spacy.tokens import Doc

from extract.components import document_of, text_of, values
from extract.components.arm_phrases import words_of
from extract.components.grammar import NUMBER_WORDS
from extract.document import CharSpan
from extract.lexicons import ArmCues
from extract.patterns import lazy_regex
from extract.values import ArmKind

_SYMBOL = lazy_regex(
    r"(?=[A-Za-z][\w+/\u00b1-]{0,99}$)(?:[^a-z]*(?:[a-z]*[A-Z]){2}|[^a-z]*[A-Z][\w-]*\d|[^a-z]*\+)",
)
_DISEASE = lazy_regex(
    r"(?:failure|diseases?|syndromes?|cancers?|tumou?rs?|infarction|fibrillation|diabetes|hypertension|infections?|"
    r"disorders?|injur(?:y|ies)|deficiency|deficit|stroke|asthma|sepsis|shock|trauma|fractures?|pain|depression|dementia|"
    r"psoriasis|malaria|virus|events?|units?|block|"
    r"[a-z]+(?:itis|osis|oma|omas|a?emias?|pathy|plasia|penia|plegia|sclerosis|rrhoea|cytosis))$",
    re.IGNORECASE,
)
_ALTERED = lazy_regex(
    r"\b(?:mutations?|rearrangements?|translocations?|deletions?|amplifications?|fusions?|alleles?|genotypes?|expression|"
    r"positivity|negativity|history|class|stage|grade|score|type|phenotype|status|response|no|lack|absence|high|low|"
    r"early|late|more|less|fewer|multiple|single|elevated|reduced|preserved|normal|abnormal|impaired|prior|previous|"
    r"concomitant|other|good|poor|higher|lower)\b",
    re.IGNORECASE,
)
_ROMAN = lazy_regex(r"[IVX]+(?:[/-][IVX]+)?[a-cA-C]?$")
_NOT_SYMBOLS = frozenset({"NA", "NR", "NE", "NS", "ND", "CI", "SD", "SE", "HR", "OR", "RR", "IQR", "VS"})
_FIGURES = (lazy_regex(r"\.\d+\s?(?:[(\[\u00b1]|vs|versus)"), lazy_regex(r" by -?\d"))
_TIME = lazy_regex(
    r"\b(?:baseline|years?|months?|weeks?|days?|hours?|admission|discharge|diagnosis|follow-up|pre-?treatment|cycles?|"
    r"time|times|visits?|enrol?lment|randomi[sz]ation|beginning|end)$",
    re.IGNORECASE,
)
_THRESHOLD = lazy_regex(r"[<>\u2264\u2265%\d]")


class Candidate(NamedTuple):
    """A span that may be an arm; of two that overlap the stronger stays, of equals the longer.

    A name that `establishes` is marked wherever it stands.
    """

    start: int
    end: int
    kind: ArmKind
    strength: int = 1
    establishes: bool = False


@dataclass(slots=True)
class Scene:
    """What a doc has marked already, for look-up by place."""

    text: str
    agents: Marked
    doses: Marked
    outcomes: Marked
    times: Marked
    trials: Marked
    results: Sequence[int]
    figures: Sequence[tuple[int, int]]
    long_forms: dict[str, str]
    title: frozenset[str]
    _mentioned: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, doc: Doc) -> Scene:
        """The scene of a doc whose other components have run."""
        document = document_of(doc)
        title = document.title if document is not None and document.title else ""
        text = text_of(doc)
        marked = {name: [(start, end) for start, end, _ in values(doc, name)] for name in _READ}
        medians = [(start, end) for start, end in marked["durations"] if "." in text[start:end]]
        means = [(start, end) for start, end in marked["statistics"] if text[start] == "\u00b1"]
        decimals = [match.start() for pattern in _FIGURES for match in pattern.finditer(text)]
        return cls(
            text,
            Marked(marked["agents"]),
            Marked(marked["doses"]),
            Marked([*marked["endpoints"], *marked["percents"]]),
            Marked(marked["durations"]),
            Marked(marked["trials"]),
            sorted([start for start, _ in chain(medians, *(marked[name] for name in _RESULTS))] + decimals),
            sorted([*marked["percents"], *marked["counts"], *medians, *means]),
            {text[start:end]: value.long_form for start, end, value in values(doc, "abbreviations")},
            frozenset(_title_words(title)),
        )

    def is_titled(self, symbol: str, long_form: str) -> bool:
        """Whether a short form stands in the title, itself or in full."""
        words = [word for word in long_form.lower().split() if len(word) > 3]
        return symbol.lower() in self.title or (bool(words) and self.title.issuperset(words))

    def mentions(self, word: str) -> bool:
        """Whether a word stands anywhere in the text."""
        if word not in self._mentioned:
            self._mentioned[word] = f" {word}" in self.text
        return self._mentioned[word]

    def has_result(self, span: CharSpan) -> bool:
        """Whether a percentage, a count, a statistic or a figure with its interval stands in the span."""
        index = bisect_left(self.results, span[0])
        return index < len(self.results) and self.results[index] < span[1]


_RESULTS = ("percents", "counts", "statistics")
_READ = ("agents", "doses", "endpoints", "durations", "trials", *_RESULTS)


def _title_words(title: str) -> Iterator[str]:
    for word in re.findall(r"\w+(?:-\w+)*", title):
        if word.isupper() or len(word) > 3:
            yield word.lower()


class Marked:
    """Some spans of the text, those that overlap as one, for look-up by place."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if not self._ends or start >= self._ends[-1]:
                self._starts.append(start)
                self._ends.append(end)
            elif end > self._ends[-1]:
                self._ends[-1] = end

    def __iter__(self) -> Iterator[CharSpan]:
        return map(CharSpan, self._starts, self._ends)

    def at(self, offset: int) -> CharSpan | None:
        """The span that holds the offset."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self._ends[index]:
            return CharSpan(self._starts[index], self._ends[index])
        return None

    def touch(self, start: int, end: int) -> bool:
        """Whether one of the spans overlaps `text[start:end]`."""
        index = bisect_left(self._starts, end) - 1
        return index >= 0 and self._ends[index] > start


class Naming:
    """Tells what a phrase names."""

    def __init__(self, cues: ArmCues, groups: Iterable[str]) -> None:
        self.not_names = frozenset((*cues.not_names, *NUMBER_WORDS))
        self.treatments = frozenset(cues.treatments)
        self.regimens = frozenset(cues.regimens)
        self.controls = frozenset(cues.controls)
        self.marks = frozenset(cues.marks)
        self.people = frozenset(cues.people)
        self.subgroups = frozenset(cues.subgroups)
        self.columns = frozenset(cues.columns)
        self._groups = frozenset(groups)
        self._mark_ends = tuple(f"-{end}" for end in cues.mark_ends)

    def trimmed(self, text: str, span: CharSpan) -> CharSpan | None:
        """The phrase without the leading words that name nothing ("the other two")."""
        for match in re.finditer(r"\S+", text[slice(*span)]):
            if match[0].lower() not in self.not_names and not match[0].isdigit():
                return CharSpan(span.start + match.start(), span.end)
        return None

    def is_treatment(self, scene: Scene, span: CharSpan) -> bool:
        """Whether the phrase names a treatment, a comparator or a regimen."""
        words = words_of(scene.text, span)
        closed = words[-2] if len(words) > 1 and words[-1] in {"alone", "only"} else words[-1]
        name = " ".join(words)
        named = (
            closed in self.treatments
            or (words[0] == "no" and len(words) > 1)
            or name in self.controls
            or name in self.regimens
            or scene.agents.touch(*span)
            or scene.doses.touch(*span)
        )
        return named and not scene.outcomes.touch(*span)

    def is_control(self, scene: Scene, span: CharSpan) -> bool:
        """Whether the phrase names a comparator."""
        return scene.text[slice(*span)].lower() in self.controls

    def is_symbol(self, scene: Scene, span: CharSpan, *, titled: bool = False) -> bool:
        """Whether the phrase is a short form of something that is neither a disease, a group nor an outcome.

        One that stands in the title names the people, unless `titled`.
        """
        name = scene.text[slice(*span)]
        if name.islower() or _ROMAN.match(name) or name in _NOT_SYMBOLS:
            return False
        name = re.sub(r"^non[- ]", "", name)
        if not _SYMBOL.match(name) or name in self._groups or scene.outcomes.touch(*span):
            return False
        for part in (name, *name.split("-")):
            long_form = scene.long_forms.get(part, "")
            if _DISEASE.search(long_form) or (not titled and scene.is_titled(part, long_form)):
                return False
        return True

    def is_name(self, scene: Scene, span: CharSpan, *, titled: bool = False) -> bool:
        """Whether the phrase names a treatment, in full or by a short form."""
        return self.is_treatment(scene, span) or self.is_symbol(scene, span, titled=titled)

    def is_marked(self, scene: Scene, span: CharSpan) -> bool:
        """Whether a word of the phrase sets people apart from those of the title."""
        return any(
            (word in self.marks or word.endswith(self._mark_ends)) and word not in scene.title
            for word in words_of(scene.text, span)
        )

    def sets_apart(self, scene: Scene, span: CharSpan) -> bool:
        """Whether the phrase behind "patients with" tells some people from others by a word of its own."""
        name = scene.text[slice(*span)]
        return bool(_THRESHOLD.search(name) or _ALTERED.search(name)) or self.is_marked(scene, span)

    def is_population(self, scene: Scene, span: CharSpan) -> bool:
        """Whether the phrase names the disease of the title, or a disease by its short form."""
        words = words_of(scene.text, span)
        known = any(word.strip("+-") in scene.title or word.rstrip("s") in scene.title for word in words)
        return known or bool(_DISEASE.search(scene.long_forms.get(scene.text[slice(*span)], "")))

    def is_group(self, name: str) -> bool:
        """Whether the name is that of a cooperative group."""
        return name in self._groups

    def is_time(self, scene: Scene, span: CharSpan) -> bool:
        """Whether the phrase names a time and neither people nor a treatment."""
        timed = scene.times.touch(*span) and not self.is_treatment(scene, span)
        return timed or bool(_TIME.search(scene.text[slice(*span)]))
