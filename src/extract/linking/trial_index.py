"""Which mentions are one trial: names and registry ids of a document joined to one entry a trial.

A number belongs to the name that it stands beside ("RIVER (NCT…)", one table row, the only name of a sentence that
ends in the number). Numbers of different registers in one bracket are one trial; several of one register are several.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from extract.components import Places
from extract.document import CharSpan
from extract.linking import Mark, Marks
from extract.linking.study_tables import TableRows, sentences_of
from extract.patterns import lazy_regex
from extract.values import RegistryId, TrialName

# What may stand between a name and its number, and between two numbers of one trial.
_CONNECTOR = lazy_regex(
    r"(?:[\s,;:()\[\]=/#-]|\b(?:trials?|stud(?:y|ies)|protocols?|program(?:me)?|registration|registered|registry|"
    r"register|"
    r"registrations?|identifiers?|numbers?|no|nos|nr|ID|IDs|as|also|under|with|at|in|on|and|the|a|phase|I{1,3}|IV|"
    r"I/II|II/III|"
    r"1/2|2/3|1|2|3|4|"
    r"clinical|EU|ClinicalTrials?|gov|www|https?|EudraCT|CTIS|CT|Netherlands|Dutch|German|Chinese|Japan(?:ese)?|"
    r"UMIN|JPRN|"
    r"Australian|New|Zealand|ISRCTN|WHO|ICTRP|number is|extension|add-on|sub-?study|pilot|randomi[sz]ed|controlled|"
    r"open-label|"
    r"current controlled trials)\b\.?)*",
    re.IGNORECASE,
)
_JOINS = lazy_regex(r"[,;/()\[\]]|\band\b|\balso\b", re.IGNORECASE)
_SEVERAL = lazy_regex(r"\b(?:trials|studies|protocols)\b", re.IGNORECASE)
_OWN_NOUN = lazy_regex(r"\b(?:trial|study|protocol|another|one)\s?[(\[]?[\w .:,]{0,30}$", re.IGNORECASE)
# A name in such a phrase is where another study took something from: always, or where no result of it is meant.
_TAKEN = lazy_regex(
    r"\b(?:(?:as\s)?per\s(?:the\s|their\s)?|(?:as in|derived from|adapted from|such as|e\.g\.,?|as planned in)\s"
    r"(?:the\s|their\s)?(?:[\w-]+\s){0,3}[(\[]?)$",
    re.IGNORECASE,
)
_TAKEN_AS_PROTOCOL = lazy_regex(
    r"\b(?:according to|based on|following)\s(?:the\s|their\s)?(?:[\w-]+\s){0,3}[(\[]?$", re.IGNORECASE
)
_ITS_RESULT = lazy_regex(r"\s(?:[\w-]+\s){0,2}?(?:trials?|stud(?:y|ies)|results|data|analys[ei]s)\b", re.IGNORECASE)
_IS_FOR = lazy_regex(r"\s?(?:\(?for|=)\s(?:the\s)?")
_OPENS = lazy_regex(r"\s?[(\[]\s?(?:the\s)?")
# "RIVER-style induction", "RIVER consolidation therapy": the treatment of a trial, given elsewhere.
_ITS_TREATMENT = lazy_regex(
    r"(?:-(?:based|like|type|style|derived)\b|\s(?:induction|consolidation|maintenance|conditioning|backbone|regimens?|"
    r"chemotherapy|therapy|treatment|criteria|risk group))\b",
    re.IGNORECASE,
)
REACH = 200  # characters before a number in which a sentence can speak of several trials
MAX_GAP = 90  # characters between a name and its number


@dataclass(slots=True)
class TrialEntry:
    """One trial: its id, its mentions in text order, and the registry ids among them."""

    id: str
    marks: list[Mark] = field(default_factory=list)

    @property
    def names(self) -> list[Mark]:
        """The mentions by name."""
        return [mark for mark in self.marks if isinstance(mark.value, TrialName)]

    @property
    def registry_ids(self) -> list[Mark]:
        """The mentions by registry number."""
        return [mark for mark in self.marks if isinstance(mark.value, RegistryId)]


class TrialIndex:
    """The trials of a document in the order of their first mention. Built once a document."""

    def __init__(self, marks: Marks) -> None:
        self._text = marks.text
        names, ids = marks.all("trials"), marks.all("registry_ids")
        self._key: dict[str, str] = {}  # a number -> the name that it belongs to, or the first number of its trial
        self._named = {mark.value.trial for mark in names}
        self._rows = TableRows(marks)
        self._of_row: dict[int, tuple[dict[str, Mark], set[str]]] = {}
        runs = self._runs(ids)
        beside = [run for run in runs if self._beside(run, names)]
        named = {run[0].start for run in beside}
        loose = [each for run in runs if run[0].start not in named for each in self._apart(run)]
        runs = [*beside, *loose]
        loose = [run for run in loose if not self._in_row(run, marks)]
        self._in_sentence(loose, runs, marks)
        for run in runs:
            self._join(run)
        self._meant(ids)
        self.entries = self._entries(names, ids)
        self._first = {entry.id: self._printed(entry) for entry in self.entries}
        self._of = {mark.start: entry for entry in self.entries for mark in entry.marks}

    def of(self, start: int) -> TrialEntry | None:
        """The trial whose mention begins at an offset."""
        return self._of.get(start)

    def first(self, trial: str) -> Mark:
        """The first mention that prints a trial's id, else its first by name, else its first."""
        return self._first[trial]

    def places(self, entry: TrialEntry) -> tuple[CharSpan, ...]:
        """Where a trial is first mentioned and, if that is elsewhere, where its id is first printed."""
        return tuple(dict.fromkeys((entry.marks[0].span, self._first[entry.id].span)))

    def _printed(self, entry: TrialEntry) -> Mark:
        exact = next((mark for mark in entry.marks if self.text_of(mark) == entry.id), None)
        return exact or next(iter(entry.names), entry.marks[0])

    def text_of(self, mark: Mark) -> str:
        """A mention as printed."""
        return self._text[mark.start : mark.end]

    def merge(self, entry: TrialEntry, other: TrialEntry) -> None:
        """Make the mentions of another entry those of an entry."""
        entry.marks.extend(other.marks)
        entry.marks.sort(key=lambda mark: mark.start)
        self.entries.remove(other)
        if not entry.names:
            entry.id = min(entry.registry_ids, key=_preference).value.normalized.partition(":")[2]
        self._first[entry.id] = self._printed(entry)
        self._of.update({mark.start: entry for mark in other.marks})

    def _runs(self, ids: list[Mark]) -> list[list[Mark]]:
        """Numbers in a row that are one trial: no register twice."""
        runs: list[list[Mark]] = []
        for mark in ids:
            last = runs[-1][-1] if runs else None
            gap = self._text[last.end : mark.start] if last else ""
            if last and len(gap) <= MAX_GAP and _JOINS.search(gap) and _CONNECTOR.fullmatch(gap):
                runs[-1].append(mark)
            else:
                runs.append([mark])
        found = []
        for run in runs:
            registers = [mark.value.registry for mark in run]
            nested = len(run) == 2 and "(" in self._text[run[0].end : run[1].start]
            if len(set(registers)) == len(registers) or nested:
                found.append(run)
            else:
                found.extend([mark] for mark in run)
        return found

    def _apart(self, run: list[Mark]) -> list[list[Mark]]:
        """A run of numbers without a name, or each by itself where the text speaks of several trials."""
        before = self._text[max(run[0].start - REACH, 0) : run[0].start]
        sentence = before.rpartition(". ")[2]
        several = len(run) > 1 and _SEVERAL.search(sentence) and "(" not in self._text[run[0].end : run[1].start]
        return [[mark] for mark in run] if several else [run]

    def _beside(self, run: list[Mark], names: list[Mark]) -> bool:
        """Join a run to the name right before it, or right after it in a bracket."""
        after = self._after(run, names)
        if after is not None and _IS_FOR.fullmatch(self._text, run[-1].end, after.start):
            return self._take(run, after.value.trial)
        before = _last_before(names, run[0].start)
        while before is not None and run[0].start - names[before].end <= MAX_GAP:
            gap = self._text[names[before].end : run[0].start]
            if _CONNECTOR.fullmatch(self._without_marks(names[before].end, run[0].start, names)) and "\n" not in gap:
                return self._take(run, names[before].value.trial)
            before = before - 1 if before and names[before - 1].value == names[before].value else None
        if after is not None and _OPENS.fullmatch(self._text, run[-1].end, after.start):
            return self._take(run, after.value.trial)
        return False

    def _after(self, run: list[Mark], names: list[Mark]) -> Mark | None:
        """The first name after a run."""
        index = _last_before(names, run[-1].end)
        following = 0 if index is None else index + 1
        return names[following] if following < len(names) else None

    def _without_marks(self, start: int, end: int, names: list[Mark]) -> str:
        """`text[start:end]` without the trial names in it."""
        position, pieces = start, []
        before = _last_before(names, start)
        index = 0 if before is None else before + 1
        while index < len(names) and names[index].start < end:
            pieces.append(self._text[position : names[index].start])
            position = names[index].end
            index += 1
        return "".join([*pieces, self._text[position:end]])

    def _in_row(self, run: list[Mark], marks: Marks) -> bool:
        """Join a run that has a table row to itself to the one trial that another cell of the row names."""
        number = self._rows.index(run[0].start)
        if number is None:
            return False
        row = self._rows.rows[number]
        if number not in self._of_row:
            names = {mark.value.trial: mark for mark in marks.inside("trials", *row.span)}
            ids = {mark.value.normalized for mark in marks.inside("registry_ids", *row.span)}
            self._of_row[number] = (names, ids)
        names, ids = self._of_row[number]
        if len(names) != 1 or len(ids) > len(run) or ids - {mark.value.normalized for mark in run}:
            return False
        trial, mark = next(iter(names.items()))
        return row.column(mark.start) != row.column(run[0].start) and self._take(run, trial)

    def _in_sentence(self, runs: list[list[Mark]], all_runs: list[list[Mark]], marks: Marks) -> None:
        """Join a number that closes a sentence about one named trial, where neither has another partner."""
        if not runs:
            return
        sentences = Places([span for span in sentences_of(marks) if self._rows.at(span.start) is None])
        crowd = Counter(sentence for run in all_runs if (sentence := sentences.at(run[0].start)) is not None)
        taken = set(self._key.values())
        for run in runs:
            start = run[0].start
            sentence = sentences.at(start)
            if sentence is None or crowd[sentence] > 1:
                continue
            names = {mark.value.trial: mark for mark in marks.inside("trials", *sentence)}
            if len(names) != 1:
                continue
            trial, mark = names.popitem()
            between = self._text[mark.end : start]
            noun = _OWN_NOUN.search(between) and not _OWN_NOUN.match(between)
            if mark.end <= start and trial not in taken and not noun and not self.is_borrowed(mark):
                self._take(run, trial)

    def is_borrowed(self, mark: Mark) -> bool:
        """Whether only the protocol or treatment of a trial is taken over ("according to the … protocol")."""
        return self.is_borrowed_in(self._text, mark.span)

    @staticmethod
    def is_borrowed_in(text: str, name: CharSpan) -> bool:
        """As `is_borrowed`, for a name anywhere."""
        first = max(name.start - 70, 0)
        if _TAKEN.search(text, first, name.start) or _ITS_TREATMENT.match(text, name.end):
            return True
        protocol = _TAKEN_AS_PROTOCOL.search(text, first, name.start)
        return bool(protocol) and not _ITS_RESULT.match(text, name.end)

    def _take(self, run: Iterable[Mark], trial: str) -> bool:
        for mark in run:
            self._key.setdefault(mark.value.normalized, trial)
        return True

    def _join(self, run: list[Mark]) -> None:
        """Give the numbers of a run one key."""
        known = [self._key[mark.value.normalized] for mark in run if mark.value.normalized in self._key]
        key = known[0] if known else min(run, key=_preference).value.normalized
        for mark in run:
            self._key.setdefault(mark.value.normalized, key)

    def _meant(self, ids: list[Mark]) -> None:
        """Give a malformed number the key of the one that it garbles."""
        for mark in ids:
            if mark.value.meant and mark.value.meant in self._key:
                self._key[mark.value.normalized] = self._key[mark.value.meant]

    def _entries(self, names: list[Mark], ids: list[Mark]) -> list[TrialEntry]:
        entries: dict[str, TrialEntry] = {}
        for mark in sorted([*names, *ids], key=lambda mark: mark.start):
            key = mark.value.trial if isinstance(mark.value, TrialName) else self._key[mark.value.normalized]
            if key not in entries:
                entries[key] = TrialEntry(key if key in self._named else key.partition(":")[2])
            entries[key].marks.append(mark)
        return list(entries.values())


def _preference(mark: Mark) -> tuple[bool, bool, int]:
    """Which number of a trial without a name is its id: a well-formed one, ClinicalTrials.gov first, then the first."""
    return (not mark.value.valid, mark.value.registry != "NCT", mark.start)


def _last_before(marks: list[Mark], offset: int) -> int | None:
    """Index of the last mark that begins before an offset."""
    index = bisect_left(marks, offset, key=lambda mark: mark.start) - 1
    return index if index >= 0 else None
