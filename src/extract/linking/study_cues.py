"""What a sentence says about whose results it reports: trials, citations, authors, and words that open or go on with a study."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from extract.document import CharSpan
from extract.linking import Marks
from extract.linking.trial_index import TrialIndex

_NAME = r"(?:(?:[Vv]an|[Vv]on|[Dd]e[rnl]?|[Dd]e|[Dd]i|[Dd]a|[Dd]u|[Ll]e|[Ll]a|[Ee]l|[Aa]l|[Tt]en|[Tt]er)[ -])*[A-ZÀ-Ž][\w'À-ž-]+"
_AUTHOR = re.compile(
    rf"(?P<author>{_NAME})(?:,)?\s(?:et\sal\b\.?|and\s(?:colleagues|co-?workers|co-?authors|associates|collaborators)|"
    rf"(?:and|&)\s{_NAME}(?=,?\s(?:reported|presented|showed|found|described|analy[sz]ed|conducted|observed|[(\[])))"
)
_AUTHOR_ANCHOR = re.compile(r"\b(?:et\sal|and|&)\b")
_STUDY = (
    r"(?:trial|study|analysis|analyses|report|series|cohort|experience|meta-analysis|metaanalysis|review|abstract|"
    r"programme|program|project|survey|investigation|registry|database|substudy|sub-study|publication|paper)"
)
# "A retrospective analysis", "another study", "Data from a series": a study not spoken of before.
# Analyses of a study already spoken of.
_NOT_NEW = re.compile(
    r"\b(?:post[ -]?hoc|sub-?group|multivaria\w+|univaria\w+|interim|exploratory|sensitivity|intention-to-treat|per-protocol|"
    r"updated?|landmark|secondary|planned|pre-?specified|final|primary|propensity\S*|matched|regression|Cox|competing\S*|"
    r"adjusted|ad hoc|further|mature|longer|follow-up)\b",
    re.IGNORECASE,
)
_NEW = re.compile(
    rf"\b(?P<article>an?|one|another|other|two|three|four|several|some|second|third|further|different|separate|parallel|"
    rf"recent|earlier|previous)\s(?:(?!(?:in|of|the|with|for|to|by|from|on|at|who|that|which|an?|was|were|is|are|had|has)\s)"
    rf"[\w/,.'()<>≥≤-]+\s){{0,7}}?{_STUDY}(?P<plural>s|es)?\b(?!\s(?:arm|group|drug|period|population|participant|patient|"
    rf"team|product|design|medication|treatment))",
    re.IGNORECASE,
)
# "The study", "This trial", "in the same cohort", "these authors": the study spoken of before.
_SAME = re.compile(
    rf"\b(?:the|this|that|its|their|same|our|these|those)\s(?:same\s|present\s|latter\s|whole\s|entire\s|full\s|overall\s)?"
    rf"(?:(?:randomi[sz]ed|phase\s\w+|pivotal|pilot|clinical|large|small|multicent(?:re|er)|prospective|retrospective|registration)\s)?"
    rf"(?:{_STUDY}|(?:authors?|investigators?|researchers?|protocol|group|subgroup|patients?|population|participants?|"
    rf"randomi[sz]ation|treatment|(?:\w+\s)?(?:regimen|combination|approach|strategy))s?)\b",
    re.IGNORECASE,
)
_OPENS_SAME = re.compile(
    rf"(?:(?:However|Moreover|Furthermore|In addition|Additionally|Finally|Notably|Of note|Also|Similarly|Subsequently|Interestingly|"
    rf"Importantly|Overall|In contrast|By contrast|Conversely),?\s)?(?:(?:In|Within|Of|Among|At)\s)?(?:the|this|that|these)\s"
    rf"(?:same\s)?(?:{_STUDY}|trial|authors?|investigators?)s?\b(?!\s(?:by|from)\s)",
    re.IGNORECASE,
)
# Sentences that draw together what was said and are no study's own.
_SUMMARY = re.compile(
    r"(?:In (?:summary|conclusion|general|brief|short|aggregate)|To (?:summari[sz]e|conclude|date)|Taken together|Collectively|"
    r"Altogether|Summari[sz]ing|Thus far|These (?:data|results|findings|studies|trials|reports|observations)|"
    r"(?:The )?(?:present|current|available) (?:data|evidence)|Current(?:ly)?\b|(?:In )?(?:the|this|our|present) (?:review|meta-analysis))\b",
    re.IGNORECASE,
)
_POOLED = re.compile(
    r"\b(?:meta-analys[ei]s|pooled|pooling|our (?:analysis|analyses|results|findings|review)|we (?:found|observed|performed|show)|"
    r"sub-?group analys[ei]s|sensitivity analys[ei]s|meta-regression|heterogeneity)\b",
    re.IGNORECASE,
)
_AUXILIARY = r"was|were|had|did"
_PAST = re.compile(
    rf"(?<!-)\b(?:{_AUXILIARY}|died|met|gave|led|rose|fell|became|underwent|showed|found|went|began|grew|saw|(?<!has )(?<!have )(?<!is )"
    r"(?<!are )(?<!be )(?<!been )(?<!being )[a-z]{3,}ed)\b"
)
_PRESENT = re.compile(r"\b(?:is|are|has|have|should|can|may|might|must|remains?|will|would)\b")
_PLAIN_PAST = re.compile(rf"\b(?:{_AUXILIARY})\b")
# Opens a part of the sentence that speaks of another study for comparison.
_COMPARISON = re.compile(
    r"\b(?:compared (?:with|to)|in comparison (?:with|to)|comparable (?:with|to)|similar to|than|as opposed to|in contrast (?:with|to)|"
    r"unlike|consistent with|in line with|in agreement with|in keeping with|historical (?:cohorts?|controls?|data)|resembl\w+|like those|relative to|companion paper by)\b",
    re.IGNORECASE,
)
# In a comparison, the source that a citation stands for.
_REPORTED = re.compile(
    rf"\b(?:reported|described|observed|seen|published|shown|found|{_STUDY}s?|studies|trials|et\sal|colleagues|literature|"
    rf"historical|previously|earlier|others)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r";|:|\b(?:whereas|while|whilst|although|though|but|however)\b|,\s(?:and|for which|of which|with|in which|which|who|whose|"
    r"where|as opposed to)\s",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r",\s(?:for which|of which|in which|which|who|whose|where)\s")
_COHORT = re.compile(
    r"\b(?:\d[\d,]*|[a-z]+(?:-[a-z]+)?)\s(?:[\w/+-]+\s){0,5}?(?:patients|children|adults|women|men|infants|subjects|"
    r"participants|individuals|adolescents|recipients|cases)\b"
)
_HEADING_NOUN = re.compile(
    rf"(?:\b{_STUDY}s?|\bet\sal\.?|\bcolleagues|\bco-?workers|\bauthors|\bgroup|\bfollow-up|\binvestigators)\s?,?\s?[(\[]?$",
    re.IGNORECASE,
)
CueKind = Literal["trial", "citation", "author", "new"]


class Cue(NamedTuple):
    """A mark in a sentence that tells a study.

    `key` is a trial id, an author or a citation's numbers or keys. `leads`: what follows it is that study's (the
    subject of a sentence), else what stands before. `compared`: it stands in a comparison; `borrowed`: only its
    protocol or treatment was taken over.
    """

    kind: CueKind
    start: int
    end: int
    key: tuple[str, ...]
    leads: bool = False
    compared: bool = False
    borrowed: bool = False
    names: tuple[str, ...] = ()  # of a citation: authors and years as printed


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with its cues in text order and what its words say of the study before."""

    span: CharSpan
    cues: tuple[Cue, ...]
    opens: bool  # speaks of a study not spoken of before
    several: bool  # speaks of several
    resumes: bool  # begins with the study spoken of before
    continues: bool  # speaks of it anywhere
    sums_up: bool  # draws studies together or reports the review's own pooling
    reports: bool  # in the past tense, as results are
    generalises: bool  # in the present tense
    clauses: tuple[int, ...]  # where a new clause begins
    relative: tuple[int, ...] = ()  # where one begins that only adds to the one before

    def of_kind(self, kind: CueKind) -> list[Cue]:
        """The cues of a kind that are not comparisons."""
        return [cue for cue in self.cues if cue.kind == kind and not cue.compared and not cue.borrowed]

    @property
    def introduces(self) -> bool:
        """Whether the sentence brings in a study of its own."""
        leads = any(cue.leads and not cue.compared and not cue.borrowed for cue in self.cues)
        return leads or (self.opens and not self.resumes)

    def is_aside(self, offset: int) -> bool:
        """Whether the clause that holds an offset is a relative one."""
        return any(start <= offset for start in self.relative) and self.clause(offset).start in self.relative

    def clause(self, offset: int) -> CharSpan:
        """The clause that holds an offset."""
        starts = [self.span.start, *self.clauses, self.span.end]
        number = max(sum(start <= offset for start in starts[:-1]) - 1, 0)
        return CharSpan(starts[number], starts[number + 1])


def read_sentence(span: CharSpan, marks: Marks, index: TrialIndex) -> Said:
    """A sentence's cues."""
    text = marks.text
    sentence = text[span.start : span.end]
    depth = _depths(sentence)
    compared = [span.start + m.start() for m in _COMPARISON.finditer(sentence) if not depth[m.start()]]
    clauses = sorted(
        {
            *(span.start + m.start() for m in _CLAUSE.finditer(sentence) if not depth[m.start()] and m.start()),
            *(start for start in compared if start > span.start),
        }
    )
    said = Said(span, (), False, False, False, False, False, False, False, tuple(clauses))
    cues: list[Cue] = []
    for mark in marks.inside("trials", *span) + marks.inside("registry_ids", *span):
        entry = index.of(mark.start)
        if entry is not None:
            borrowed = index.is_borrowed(mark)
            cues.append(Cue("trial", mark.start, mark.end, (entry.id,), True, _is_compared(said, compared, mark.start), borrowed))
    for mark in marks.inside("citations", *span):
        cue = citation_cue(mark)
        leads = bool(_HEADING_NOUN.search(text, max(mark.start - 40, span.start), mark.start))
        leads |= bool(cue.names) and text[cue.start].isalpha() and "(" in text[cue.start : cue.end]  # "Smith (2012) found"
        leads = leads and bool(text[mark.end : span.end].strip(" .)],;"))
        clause = said.clause(mark.start)
        other = clause.start in compared and bool(_REPORTED.search(text, clause.start, mark.start))
        cues.append(cue._replace(leads=leads, compared=other))
    if _AUTHOR_ANCHOR.search(sentence):
        for match in _AUTHOR.finditer(sentence):
            start, end = span.start + match.start("author"), span.start + match.end()
            if not any(cue.kind == "trial" and cue.start <= start < cue.end for cue in cues):
                cues.append(Cue("author", start, end, (match["author"],), True, _is_compared(said, compared, start)))
    cues.sort(key=lambda cue: cue.start)
    same = bool(_OPENS_SAME.match(sentence))
    new = _NEW.search(sentence)
    opens = new is not None and not (
        same or depth[new.start()] or _NOT_NEW.search(new[0]) or _is_compared(said, compared, span.start + new.start())
    )
    return Said(
        span,
        tuple(cues),
        opens,
        opens and new is not None and new["plural"] is not None,
        same,
        same or bool(_SAME.search(sentence)),
        bool(_SUMMARY.match(sentence) or (not any(cue.kind == "citation" for cue in cues) and _POOLED.search(sentence))),
        bool(_PAST.search(sentence)),
        bool(_PRESENT.search(sentence)) and not _PLAIN_PAST.search(sentence),
        tuple(clauses),
        tuple(start for start in clauses if _RELATIVE.match(text, start)),
    )


def citation_cue(mark: Mark) -> Cue:
    """A citation as a cue: its numbers, else its authors and years."""
    key = tuple(map(str, mark.value.numbers)) or mark.value.keys
    return Cue("citation", mark.start, mark.end, key, names=mark.value.keys)


def states_cohort(text: str, span: CharSpan) -> bool:
    """Whether a sentence says how many people were studied."""
    return bool(_COHORT.search(text, *span))


def _is_compared(said: Said, compared: Sequence[int], offset: int) -> bool:
    return said.clause(offset).start in compared


def _depths(text: str) -> list[int]:
    """Bracket depth of each character."""
    depths, depth = [], 0
    for character in text:
        if character in ")]" and depth:
            depth -= 1
        depths.append(depth)
        if character in "([":
            depth += 1
    return depths
