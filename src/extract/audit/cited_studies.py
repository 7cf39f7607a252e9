"""Citations of a study that the text describes by its trial or its design, where the reference is another one."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from extract.audit.authors import Authors
from extract.audit.case import Case, Claim
from extract.document import CharSpan, Reference
from extract.linking import Mark
from extract.patterns import lazy_regex

_CASES = lazy_regex(r"(?i)\bcase (?:reports?|series)\b")
_IS_TRIAL_TITLE = lazy_regex(r"(?i)\b(?:phase|randomi[sz]ed|trials?)\b")
_PHASE = r"phase (?:IV|I{1,3}|[1-4])[ab]?(?:/(?:phase )?(?:IV|I{1,3}|[1-4])[ab]?)?"
# A sentence about one study of a phase, up to its first citation.
_PHASE_STUDY = lazy_regex(
    rf"(?i)\b(?:the|an?|one|another)\s(?:[\w()/,'-]+\s){{0,10}}?(?P<phase>{_PHASE})\s(?:[\w/,-]+\s){{0,4}}?"
    r"(?:study|trial)\b"
)
_OPENS = lazy_regex(r"(?i)(?:in|of|from)?\s?\Z")
_NAMED_TRIAL = lazy_regex(r"\b(?:the|The)\s\Z")
_IS_TRIAL = lazy_regex(r"\s(?:trial|study)\b")
_SURNAME = lazy_regex(r"([^\W\d_a-zß-öø-ÿ][^\W\d_]+(?:['’-][^\W\d_]+)*),?\s(?:[A-Z]{1,3}\b|[A-Z]\.)")
_AT_END = lazy_regex(r"[\s.)\]]*")
MIN_LETTERS = 4  # of a trial's name that is looked for in titles
MIN_AGENT = 5  # letters of a drug's name
OPENING = 60  # characters in which a sentence comes to the study that it reports


def other_design(case: Case, authors: Authors) -> Iterator[Claim]:
    """A phase I study cited with a reference that calls itself a case report."""
    text = case.marks.text
    cases = {
        entry.number: called[0]
        for entry in case.document.references
        if entry.title and (called := _CASES.search(entry.title)) and not _IS_TRIAL_TITLE.search(entry.title)
    }
    for mark, sentence in _lone_citations(case, cases):
        entry, said = authors.entry(mark.value.numbers[0]), cases[mark.value.numbers[0]]
        study = _PHASE_STUDY.search(text, sentence.start, mark.start)
        if entry is None or study is None or study.start() - sentence.start > OPENING or _CASES.search(text, *sentence):
            continue
        printed = " ".join(study[0].split())
        yield Claim(
            severity="inconsistent",
            message=f"“{printed}” is cited as {case.quote(mark.span)}, but reference {entry.number} calls itself a"
            f" {said.lower()}.",
            stated=(CharSpan(study.start("phase"), study.end()), mark.span),
            against=(_in_entry(case, entry, said),),
        )


def other_trial(case: Case, authors: Authors) -> Iterator[Claim]:
    """A named trial cited with a reference about something else, where the title of another one names it."""
    titles = {entry.number: entry.title for entry in case.document.references if entry.title}
    if not titles:
        return
    names = _trials_in_titles(case, titles)
    for mark, sentence in _lone_citations(case, titles if names else ()):
        trials = {case.quote(each.span): each for each in case.marks.inside("trials", sentence.start, mark.start)}
        if len(trials) != 1:
            continue
        name, trial = trials.popitem()
        number, own = mark.value.numbers[0], names.get(name, set())
        entry = authors.entry(number)
        if not own or entry is None or number in own:
            continue
        others = {other for other, numbers in names.items() if number in numbers}
        agents = [case.quote(each.span).lower() for each in case.marks.inside("agents", *sentence)]
        elsewhere = _names_trial(case, trial) and (others or _is_about_another_drug(titles, number, own, agents))
        if not elsewhere or any(_share_authors(case, authors, number, each) for each in own):
            continue
        right = sorted(own)
        yield Claim(
            severity="suspicious",
            message=f"{name} is cited as {case.quote(mark.span)}, but the title of reference {number}"
            f" ({entry.first_author}) does not name it; that of {' and '.join(map(str, right))} does.",
            stated=(trial.span, mark.span),
            against=tuple(head_of(case, each) for n in (number, *right) if (each := authors.entry(n))),
            correction=either(right),
            assumes=f"the citation stands for {name}",
        )


def _lone_citations(case: Case, wanted: Container[int]) -> Iterator[tuple[Mark, CharSpan]]:
    """The citations of one number, a wanted one, that end a sentence without another citation, with that sentence."""
    text = case.marks.text
    marks = case.marks.all("citations")
    for mark in marks:
        if mark.value.keys or len(mark.value.numbers) != 1 or mark.value.numbers[0] not in wanted:
            continue
        sentence = case.sentence(mark.span)
        alone = len(case.marks.inside("citations", *sentence)) == 1
        if alone and _AT_END.fullmatch(text, mark.end, sentence.end):
            yield mark, sentence


def _trials_in_titles(case: Case, titles: dict[int, str]) -> dict[str, set[int]]:
    """The names of trials that titles of the list hold as whole words, with the numbers of these."""
    printed = {case.quote(mark.span) for mark in case.marks.all("trials")}
    names = sorted((name for name in printed if len(name) >= MIN_LETTERS), key=lambda name: (-len(name), name))
    if not names:
        return {}
    pattern = lazy_regex(r"(?<![\w-])(?:" + "|".join(map(re.escape, names)) + r")(?![\w-])")
    found: dict[str, set[int]] = {}
    for number, title in titles.items():
        for name in pattern.findall(title):
            found.setdefault(name, set()).add(number)
    return found


def _names_trial(case: Case, trial: Mark) -> bool:
    """Whether the text speaks of "the X trial"."""
    text = case.marks.text
    return bool(_NAMED_TRIAL.search(text, max(trial.start - 5, 0), trial.start) and _IS_TRIAL.match(text, trial.end))


def _is_about_another_drug(titles: dict[int, str], number: int, own: set[int], agents: list[str]) -> bool:
    """Whether a drug of the sentence stands in the titles that name its trial, and not in the cited one."""
    here, there = titles[number].lower(), [titles[each].lower() for each in own]
    named = [agent for agent in agents if len(agent) >= MIN_AGENT]
    return any(agent in title for agent in named for title in there) and not any(agent in here for agent in named)


def _share_authors(case: Case, authors: Authors, number: int, other: int) -> bool:
    """Whether two entries have an author in common: reports of one study."""
    found = [
        set(_SURNAME.findall(case.marks.text[entry.span.start : entry.span.end]))
        for each in (number, other)
        if (entry := authors.entry(each))
    ]
    return bool(set.intersection(*found))


def either(numbers: Sequence[int]) -> str:
    """Numbers of which one is meant: "4, 5 or 6"."""
    *first, last = map(str, numbers) if numbers else ("",)
    return f"{', '.join(first)} or {last}" if first else last


def head_of(case: Case, entry: Reference) -> CharSpan:
    """The beginning of an entry with its first author."""
    text, author = case.marks.text, entry.first_author
    at = text.find(author, *entry.span) if author else -1
    if author and at >= 0:
        return CharSpan(entry.span.start, at + len(author))
    end = text.find(",", *entry.span)
    return CharSpan(entry.span.start, end if end > 0 else entry.span.end)


def _in_entry(case: Case, entry: Reference, words: str) -> CharSpan:
    """Where an entry prints some words, else its beginning."""
    at = case.marks.text.find(words, *entry.span)
    return CharSpan(at, at + len(words)) if at >= 0 else head_of(case, entry)
