"""The trial that a document itself reports, told by its title, its methods and its one registration."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.components import document_of, zones
from extract.document import Block, BlockKind, CharSpan
from extract.linking import Mark, Marks
from extract.linking.trial_index import TrialEntry, TrialIndex
from extract.patterns import lazy_regex

_REVIEW = lazy_regex(
    r"\b(?:reviews?|overview|meta-?analys[ei]s|guidelines?|consensus|perspectives?|recommendations?|appraisal|"
    r"editorial|"
    r"comment(?:ary)?|state of the art|narrative|lessons|advances|current|update on|position (?:paper|"
    r"statement))\b|\?$",
    re.IGNORECASE,
)
_SEARCHED = lazy_regex(
    r"\b(?:literature search|systematic(?:ally)? (?:review|search)\w*|this (?:\w+ )?(?:review|meta-analysis)|"
    r"we (?:searched|reviewed|summari[sz]e)|"
    r"MEDLINE|PubMed|Embase|Cochrane)\b",
    re.IGNORECASE,
)
_POOLS = lazy_regex(
    r"\b(?:meta-?analys[ei]s|systematic(?:ally)? (?:review|search)\w*|pooled (?:estimate|mean|analysis))\b",
    re.IGNORECASE,
)
_POOLING = (
    "prisma", "prospero", "revman", "review manager", "random-effect", "random effect", "fixed-effect", "funnel plot",
    "egger", "forest plot", "heterogeneity", "pooled ", "meta-regression", "the meta-analysis", "this meta-analysis",
    "risk of bias",
)  # fmt: skip
MIN_METHODS = 4  # different words of pooling that show a meta-analysis
_REPORT = lazy_regex(
    r"\b(?:trial|study|randomi[sz]ed|placebo|phase (?:I{1,3}|IV|[1-4])\b|open-label|single-arm|double-blind|"
    r"results|cohort|versus|vs)\b",
    re.IGNORECASE,
)
_REGISTERED = lazy_regex(
    r"\b(?:regist(?:ered|ration|ry)|this (?:trial|study)|identifier|ClinicalTrials?\.gov|EudraCT|approved by|"
    r"ethics committees?)\b",
    re.IGNORECASE,
)
_ENTERED = lazy_regex(r"\b(?:enrol\w+|randomi[sz]\w+|recruited|assigned|were treated|received)\b", re.IGNORECASE)
_METHODS = lazy_regex(r"\b(?:methods?|patients|materials?|design|results?|registration|regist\w+)\b", re.IGNORECASE)
_ELSEWHERE = lazy_regex(
    r"\b(?:introduction|background|rationale|discussion|comment|research in context|conclusions?)\b", re.IGNORECASE
)

_INTRODUCTION = lazy_regex(r"\b(?:introduction|background|rationale)\b", re.IGNORECASE)
_OWN_WORDS = lazy_regex(
    r"\b(?:our|we|(?:this|the present|the current) (?:\w+ ){0,2}(?:trial|study|analysis|report|cohort))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class OwnStudy:
    """The trial of a report: its id, where it is printed, and the registry numbers that go with it."""

    entry: TrialEntry
    mark: Mark


def find_own_study(marks: Marks, index: TrialIndex) -> OwnStudy | None:
    """The one trial that a document reports; None in reviews and where it is not plain."""
    document = document_of(marks.doc)
    if document is None or not document.title or _REVIEW.search(document.title):
        return None
    blocks = [zone.block for zone in zones(marks.doc) if zone.block is not None]
    abstract = [block for block in blocks if block.kind is BlockKind.ABSTRACT]
    if any(_SEARCHED.search(marks.text, *block.span) for block in abstract):
        return None
    if not any(_is_own_part(block) for block in blocks):
        return None
    named = _in_title(document.title, index)
    registered = _joined(_registered(marks, index, blocks), index)
    if len(named) == 1 and len(registered) == 1 and not registered[0].names:
        index.merge(named[0], registered[0])
        return OwnStudy(named[0], named[0].marks[0])
    if len(named) == 1 and _REPORT.search(document.title):
        return OwnStudy(named[0], named[0].marks[0])
    found = registered or _in_abstract(marks, index, abstract)
    return OwnStudy(found[0], found[0].marks[0]) if len(found) == 1 else None


def _in_abstract(marks: Marks, index: TrialIndex, abstract: list[Block]) -> list[TrialEntry]:
    """The registered trials that an abstract names as those in which people were treated."""
    found: dict[int, TrialEntry] = {}
    for block in abstract:
        if _ENTERED.search(marks.text, *block.span):
            for mark in marks.inside("trials", *block.span):
                entry = index.of(mark.start)
                if entry is not None and entry.registry_ids and not index.is_borrowed(mark):
                    found.setdefault(id(entry), entry)
    return list(found.values())


def _joined(registered: list[TrialEntry], index: TrialIndex) -> list[TrialEntry]:
    """The entries as one where each is but a number of another register."""
    registers = [mark.value.registry for entry in registered for mark in entry.registry_ids[:1]]
    if len(registered) < 2 or any(entry.names for entry in registered) or len(set(registers)) < len(registers):
        return registered
    for other in registered[1:]:
        index.merge(registered[0], other)
    return registered[:1]


def pools_studies(marks: Marks) -> bool:
    """Whether a document pools the results of studies: its own figures are then no study's."""
    document = document_of(marks.doc)
    if document is None:
        return False
    if document.title and _POOLS.search(document.title):
        return True
    abstract = [block for block in document.blocks if block.kind is BlockKind.ABSTRACT]
    if any(_POOLS.search(marks.text, *b.span) for b in abstract) and any(
        _SEARCHED.search(marks.text, *b.span) for b in abstract
    ):
        return True
    body = next((block.span.start for block in document.blocks if block.kind is BlockKind.REFERENCE), len(marks.text))
    text = marks.text[:body].lower()
    methods = [word for word in _POOLING if word in text]
    return len(methods) >= MIN_METHODS


def is_elsewhere(block: Block) -> bool:
    """Whether a block speaks of other studies as well: introduction, background, discussion."""
    return bool(block.section) and bool(_ELSEWHERE.search(block.section[-1])) and block.kind is BlockKind.PARAGRAPH


def is_introduction(block: Block) -> bool:
    """Whether a block stands before the study itself."""
    return bool(block.section) and bool(_INTRODUCTION.search(block.section[-1]))


def speaks_of_own(text: str, span: CharSpan) -> bool:
    """Whether a sentence speaks of the document's own study."""
    return bool(_OWN_WORDS.search(text, *span))


def _is_own_part(block: Block) -> bool:
    return any(_METHODS.search(heading) for heading in block.section)


def _in_title(title: str, index: TrialIndex) -> list[TrialEntry]:
    """The trials that a title names."""
    found = []
    for entry in index.entries:
        names = sorted({index.text_of(mark) for mark in entry.names}, key=len, reverse=True)
        pattern = "|".join(re.escape(name) for name in names)
        match = re.search(rf"(?<![\w-])(?:{pattern})(?![\w-])", title) if names else None
        if match and not index.is_borrowed_in(title, CharSpan(*match.span())):
            found.append(entry)
    return found


def _registered(marks: Marks, index: TrialIndex, blocks: list[Block]) -> list[TrialEntry]:
    """The trials whose number the abstract or a sentence on the document's registration gives."""
    found: dict[int, TrialEntry] = {}
    for block in blocks:
        if block.kind not in {BlockKind.ABSTRACT, BlockKind.HEADING, BlockKind.PARAGRAPH} or is_elsewhere(block):
            continue
        own_part = block.kind in {BlockKind.ABSTRACT, BlockKind.HEADING} or _is_own_part(block)
        for mark in marks.inside("registry_ids", *block.span):
            around = marks.text[max(mark.start - 160, block.span.start) : min(mark.end + 60, block.span.end)]
            entry = index.of(mark.start)
            if entry is not None and own_part and (block.kind is BlockKind.ABSTRACT or _REGISTERED.search(around)):
                found.setdefault(id(entry), entry)
    return list(found.values())
