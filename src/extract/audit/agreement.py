"""The same result, size or years told twice in two ways."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from types import MappingProxyType

from extract.audit.case import Case, Check, Claim
from extract.audit.changes import change_conflict
from extract.audit.groups import ANALYSIS, Place, PlaceFinder, agree, at_time, endpoint_of, in_arm, name_of
from extract.audit.same_interval import interval_conflict
from extract.audit.size_checks import age_conflict, total_conflict, years_conflict
from extract.audit.slashes import slash_conflict
from extract.audit.studies import own_study, study_in_words
from extract.document import BlockKind
from extract.patterns import lazy_regex
from extract.records import Outcome
from extract.rounding import half_unit
from extract.values import days_of

# Measures that two places can give of one group at one time.
_MEASURES = frozenset(["percent", "hazard_ratio", "odds_ratio", "risk_ratio", "median"])
_SURVIVALS = frozenset(["OS", "EFS", "DFS", "RFS", "PFS", "SURVIVAL"])
_RATIOS = frozenset(["hazard_ratio", "odds_ratio", "risk_ratio"])
_BROAD = frozenset(["OTHER", "AE", "INFECTION", "FAILURE", "ALIVE", "HSCT", "MRD_LEVEL"])
# Outcomes of many kinds and causes, of which two sentences seldom tell the same.
_OF_MANY_KINDS = frozenset(["DEATH death", "SURVIVAL survival"])
# Words of an outcome's name that do not change what is measured.
_IDLE = frozenset(["rate", "of", "the", "continuou", "cumulative", "incidence", "probability", "risk", "in", "event"])
_SAME = {
    "complete remission": "cr",
    "complete response": "cr",
    "died": "death",
    "dying": "death",
    "mortality": "death",
    "dead": "death",
}
_ARM_IDLE = frozenset(
    ["arm", "group", "patient", "the", "with", "of", "in", "for", "treatment", "therapy", "a", "treated"]
)
# Figures of another time of analysis.
_OTHER_TIME = lazy_regex(
    r"\b(?:final|later|longer|long-term|extended|first\sanalysis|primary\sanalysis|recalculated|by\s(?:then|that\stime)|"
    r"sub-?analys\w+|pooled|meta-analys\w+|among|subgroups?|cohorts?)\b",
    re.IGNORECASE,
)
_LEGEND = lazy_regex(r"(?P<short>[A-Z][\w-]{1,9})(?:,|:|\s=)\s(?P<long>[^;,.:]{4,60})(?=[;.]|$)")
_ABOUT = lazy_regex(
    r"\b(?:about|approximately|around|nearly|almost|roughly|some|up\sto)\s(?:\w+\s)?$|[~≈]\s?$", re.IGNORECASE
)
# "71% in girls", not "71% in the registry study" or "71% in TULIP-3".
_SOME_BEHIND = lazy_regex(
    r"%?\s(?:in|for|among|with)\s(?!(?:(?!(?:in|of|from|with)\b)[a-z][\w-]*\s){0,4}(?:study|trial|registry|cohort|series|report|analysis|[A-Z]))"
)
_CLOSE = 5  # units of the last printed digit within which a difference may be one of rounding or a later analysis
_CLOSE_POINTS = Decimal("1.0")


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of a study with what makes it comparable."""

    row: Outcome
    place: Place
    block: int  # where its paragraph or table begins
    unit: int  # where the sentence or the whole table begins
    time: str | None
    arm: frozenset[str] | None
    measured: str

    @property
    def value(self) -> Decimal:
        assert self.row.value is not None
        return self.row.value

    def agrees(self, other: _Figure) -> bool:
        """Whether both may be the same number, one of them rounded or cut to fewer digits."""
        return agree(self.value, other.value)

    def is_close(self, other: _Figure) -> bool:
        """Whether a difference is of a few units of the last digit."""
        unit = 2 * max(half_unit(self.value), half_unit(other.value))
        return abs(self.value - other.value) <= min(_CLOSE * unit, _CLOSE_POINTS)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """A figure that is none of those that another place gives; `within` where it lies between those of several arms."""

    figure: _Figure
    beside: tuple[_Figure, ...]
    within: bool = False


def value_conflict(case: Case) -> Iterator[Claim]:
    """One result of one study with two values, in two sentences or in the text and a table."""
    yield from interval_conflict(case)
    yield from slash_conflict(case)
    yield from change_conflict(case)
    figures = _Figures(case)
    verdicts: list[_Verdict] = []
    for group in figures.comparable():
        blocks: dict[int, list[_Figure]] = defaultdict(list)
        for figure in group:
            blocks[figure.unit].append(figure)
        for first, second in combinations(sorted(blocks), 2):
            verdicts += _compare(figures, blocks[first], blocks[second])
    wrong = {verdict.figure.place for verdict in verdicts if not verdict.within}
    for verdict in verdicts:
        # The figure of several arms together lies between theirs; it is in doubt where its sentence is wrong elsewhere.
        if not verdict.within or verdict.figure.place in wrong:
            yield _claim(case, verdict)


class _Figures:
    """The figures of a document by study and measure."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.finder = case.once(PlaceFinder)
        self.own = own_study(case)
        self._printed: dict[tuple[int, str | None], list[_Figure]] = defaultdict(list)
        self._groups: dict[tuple[object, ...], list[_Figure]] = defaultdict(list)
        for row in case.extraction.outcomes:
            if row.value is None or row.bound is not None or not row.study or "," in row.study:
                continue
            figure = self._figure(row)
            self._printed[figure.unit, row.study].append(figure)
            if row.statistic in _MEASURES and row.endpoint not in _BROAD and not row.grade:
                self._groups[row.study, figure.measured, row.statistic, row.unit].append(figure)

    def comparable(self) -> Iterable[list[_Figure]]:
        """The figures of one study that measure one thing."""
        return [group for group in self._groups.values() if len(group) > 1]

    def disagree(self, figure: _Figure, beside: Sequence[_Figure]) -> bool:
        """Whether a figure is none of some others, nor printed beside them for the same study, nor they beside it."""
        there = self._printed[beside[0].unit, figure.row.study]
        here = self._printed[figure.unit, figure.row.study]
        if any(figure.agrees(each) for each in there) or _ABOUT.search(self.lead(figure)):
            return False
        return not any(each.agrees(found) for each in beside for found in here) and not any(
            None not in (figure.row.total, each.row.total) and figure.row.total != each.row.total for each in beside
        )

    def is_other_analysis(self, figure: _Figure) -> bool:
        """Whether the words around a figure say that it is of another analysis or of some of the people."""
        if figure.place.table is not None:
            return False
        words = self.case.document.text[slice(*figure.place.span)]
        return bool(ANALYSIS.search(words) or _OTHER_TIME.search(words))

    def same_comparison(self, one: _Figure, other: _Figure) -> bool:
        """Whether two ratios compare with one group, as far as it is told; one that tells none needs an arm."""
        if one.row.statistic not in _RATIOS:
            return True
        versus, others = self.arm(one.row.versus), self.arm(other.row.versus)
        return versus == others or (None in (versus, others) and one.arm is not None and one.arm == other.arm)

    def arm(self, name: str | None) -> frozenset[str] | None:
        """The words of an arm that tell it from others, its abbreviations spelled out."""
        if not name:
            return None
        words: list[str] = []
        for part in re.split(r"[\s/,;+&-]+", name):
            words += name_of(self._long_forms.get(part, part)).split()
        return frozenset(words) - _ARM_IDLE or None

    @cached_property
    def _long_forms(self) -> dict[str, str]:
        text = self.case.document.text
        found: dict[str, str] = {}
        for mark in self.case.marks.all("abbreviations"):
            found.setdefault(text[mark.start : mark.end], mark.value.long_form)
        for block in self.case.document.blocks:
            if block.kind is BlockKind.LEGEND:
                for match in _LEGEND.finditer(text, *block.span):
                    found.setdefault(match["short"], match["long"])
        return found

    def _figure(self, row: Outcome) -> _Figure:
        anchor = self.case.anchor(row)
        place = self.finder.at(anchor)
        time = row.timepoint
        if time is None and place.table is None:
            told = {mark.value.iso for mark in self.case.marks.inside("durations", *place.span) if not mark.value.high}
            time = told.pop() if len(told) == 1 else None
        block = self.case.block(anchor)
        begins, unit = block.span.start if block else 0, place.span.start if place.table is None else place.table
        return _Figure(row, place, begins, unit, time, self.arm(row.arm), _measured(row))

    def lead(self, figure: _Figure) -> str:
        """The words from the figure before to this one."""
        anchor = self.case.anchor(figure.row)
        before = [mark.end for mark in self.case.marks.inside("percents", figure.place.span.start, anchor.start)]
        return self.case.document.text[max(before, default=figure.place.span.start) : anchor.start]

    def names_arm(self, figure: _Figure) -> bool:
        """Whether the sentence of a figure without an arm speaks of arms or of some of the people."""
        if figure.place.table is not None:
            return False
        behind = _SOME_BEHIND.match(self.case.document.text, self.case.anchor(figure.row).end, figure.place.span.end)
        return behind is not None or bool(self.case.marks.inside("arms", *figure.place.span))


def _measured(row: Outcome) -> str:
    """What a result measures, without words that do not change it."""
    code, _, name = endpoint_of(row).partition(" ")
    for words, short in _SAME.items():
        name = name.replace(words, short)
    return " ".join([code, *sorted({word for word in name.split() if word not in _IDLE})])


def _compare(figures: _Figures, one: Sequence[_Figure], other: Sequence[_Figure]) -> Iterator[_Verdict]:
    """What disagrees in two blocks that measure one thing of one study; of two texts the later is in doubt."""
    text, against = (one, other) if other[0].place.table is not None else (other, one)
    if text[0].place.table is not None:
        return
    for figure in text:
        beside = [
            each
            for each in against
            if _same_time(figure, each, own=figure.row.study == figures.own)
            and _same_source(figure, each)
            and figures.same_comparison(figure, each)
        ]
        if not beside or figures.is_other_analysis(figure) or any(map(figures.is_other_analysis, beside)):
            continue
        arm = figure.arm or _told_arm(figures, figure, beside)
        same = tuple(each for each in beside if each.arm == arm)
        apart = same and same[0].block != figure.block  # one paragraph gives two values of two groups knowingly
        if same and (arm is not None or (apart and not any(map(figures.names_arm, (figure, *same))))):
            if figures.disagree(figure, same):
                yield _Verdict(figure, same)
        elif arm is None and _of_several_arms(figures, figure, beside) and figures.disagree(figure, beside):
            values = [each.value for each in beside]
            yield _Verdict(figure, tuple(beside), within=min(values) <= figure.value <= max(values))


def _same_time(one: _Figure, other: _Figure, *, own: bool) -> bool:
    """Whether two figures are of the same time; what has no time by nature needs an arm instead.

    A report says much of its `own` study, in many groups: there time and arm must be printed beside both figures.
    """
    arm = one.arm is not None and one.arm == other.arm
    if own and not arm:
        return False
    if one.row.statistic != "percent":
        return not (one.time and other.time) or days_of(one.time) == days_of(other.time)
    if one.time and other.time and not (own and None in (one.row.timepoint, other.row.timepoint)):
        return days_of(one.time) == days_of(other.time)
    untimed = one.row.timepoint is None and other.row.timepoint is None
    return untimed and arm and not own and one.measured not in _OF_MANY_KINDS and one.row.endpoint not in _SURVIVALS


def _same_source(one: _Figure, other: _Figure) -> bool:
    """Whether two figures are cited from one source; of a trial known by name the time decides."""
    cited, others = set(one.row.refs), set(other.row.refs)
    if not cited or not others or cited & others:
        return True
    return not (one.row.study or "").startswith("ref:") and bool(one.time and other.time)


def _of_several_arms(figures: _Figures, figure: _Figure, beside: Sequence[_Figure]) -> bool:
    """Whether a figure is of a whole study and the others are those of its arms in one table row, and only of arms."""
    if figures.names_arm(figure):
        return False
    arms = [each.arm for each in beside]
    rows = {each.place for each in beside}
    return beside[0].place.table is not None and len(rows) == 1 and None not in arms and len(set(arms)) > 1


def _told_arm(figures: _Figures, figure: _Figure, beside: Sequence[_Figure]) -> frozenset[str] | None:
    """The arm that the words before a figure tell: all words that only this arm has stand there, of no other arm."""
    arms = {each.arm for each in beside if each.arm}
    if len(arms) < 2:
        return None
    words = set(name_of(figures.lead(figure)).split())
    told = []
    for arm in arms:
        only = arm.difference(*(other for other in arms if other != arm))
        if only and only <= words:
            told.append(arm)
    return told[0] if len(told) == 1 else None


def _claim(case: Case, verdict: _Verdict) -> Claim:
    """What a verdict says; a small difference may be one of rounding or of a later analysis."""
    figure, beside = verdict.figure, verdict.beside
    row = figure.row
    values = list(dict.fromkeys(_printed(each.row) for each in beside))
    where = "the table" if beside[0].place.table is not None else "another place"
    close = any(figure.is_close(each) for each in beside)
    assumes = None
    if verdict.within:
        assumes = f"{_printed(row)} is not the figure of the groups of the table together."
    elif close:
        assumes = "both places tell of the same analysis"
    return Claim(
        severity="suspicious" if assumes else "inconsistent",
        message=(
            f"{row.endpoint_text}{at_time(figure.time)}{in_arm(row.arm)} of {study_in_words(row.study)} is"
            f" {_printed(row)} here; {where} gives {' and '.join(values)}."
        ),
        stated=(case.anchor(row),),
        against=tuple(sorted({case.anchor(each.row) for each in beside})),
        assumes=assumes,
        study=row.study,
        about=(row, *(each.row for each in beside)),
    )


def _printed(row: Outcome) -> str:
    """The figure of a row with its unit."""
    return f"{row.value}%" if row.unit == "%" else f"{row.value}"


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "value_conflict": value_conflict,
        "total_conflict": total_conflict,
        "years_conflict": years_conflict,
        "age_conflict": age_conflict,
    }
)
