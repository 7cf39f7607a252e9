"""Binding: which outcome each list of figures in a sentence reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from extract.components.endpoint_forms import endpoint_forms
from extract.document import CharSpan
from extract.linking import Found, Mark
from extract.linking.clauses import firmness_after, firmness_before
from extract.linking.coordination import RESPECTIVELY, OutcomeGroup, ResultGroup, continues
from extract.linking.figures import Result
from extract.patterns import lazy_regex
from extract.values import Confidence

MIN_FIRMNESS = 2
_LOWERED = lazy_regex(r"\b(?:reduc|lower|decreas|cut)\w*\s(?:the\s)?(?:[\w-]+\s){0,4}$")
_BY = lazy_regex(r"\s(?:[\w-]+\s){0,3}?by\s(?:about\s|approximately\s|up\sto\s)?")
NOT_COUNTED = frozenset({"OS", "EFS", "DFS", "RFS", "PFS", "SURVIVAL", "TTP", "DOR", "BP"})
_OF_TREATMENT = lazy_regex(
    r"[^.;,\d]{0,30}\b(?:due\sto|of|from|owing\sto|because\sof|by)\s(?:[\w-]+\s){0,2}?(?:[\w-]*(?:transplant\w*|"
    r"HSCT|HCT|SCT|treatment|therapy|"
    r"chemotherapy|drug|procedure|regimen|conditioning)[\s-](?:related|associated)|toxicit\w+|toxic\b)"
)
_CHANGED = lazy_regex(
    r"\b(?:increas|decreas|reduc|improv|chang|declin|fell|rose|lower)\w*\s(?:\w+\s)?(?:by\s|of\s)?(?:\w+\s)?$"
)
_SECOND_VERB = lazy_regex(
    r"[^.;:()\d]{0,60}\band\s(?:(?:were|was|had|have|has|then|subsequently|also|all|later|could|able|to|did|not|"
    r"eventually)\s)*"
)
_GRADED_AGAIN = lazy_regex(
    r"[\s)]*(?:of\s[\w\s]{1,30}|\([^()]*\))?[\s,)]*(?:and|which)\s(?:was|were)\s(?P<grade>severe|moderate|mild|"
    r"serious|life-threatening|grades?\s(?:[≥>]\s?)?[\dIV]+"
    r"(?:\s?(?:-|or|to)\s?(?:[\dIV]+|higher|worse|more|above))?)\sin\s(?:only\s)?"
)
_PRONOUN = lazy_regex(
    r"\s(?:(?:patients?|cases?|children|subjects?)\s)?(?:in|for|of)\s(?:whom|which)\s(?:this|it|they|"
    r"these)\s(?:was|were)\s(?P<grade>severe|moderate|mild|"
    r"serious|life-threatening|grade\s[\dIV]+(?:\s?(?:-|or|to)\s?[\dIV]+)?)\b"
)
_AND = lazy_regex(r"\b(?:and|or|vs\.?|versus)\b")
_NOUN_OR = lazy_regex(r"\bor\b")
COMPOSITE = frozenset({"CV_DEATH", "MI", "STROKE", "MACE"})


@dataclass(slots=True, eq=False)
class Bound:
    """A figure with the forms of the outcome it reports."""

    result: Result
    outcome: list[Mark]
    rule: str
    group: ResultGroup
    outcomes: OutcomeGroup | None = None
    confidence: Confidence = "stated"
    fields: dict[str, Found] = field(default_factory=dict)


@dataclass(slots=True)
class Binder:
    """Binds the lists of figures of one sentence, which ends at `end`, to its outcomes."""

    text: str
    outcomes: Sequence[OutcomeGroup]
    groups: Sequence[ResultGroup]
    end: int
    bound: list[Bound] = field(default_factory=list)

    def bind(self) -> list[Bound]:
        """The figures with the outcomes they report; figures that no rule binds are left out."""
        for index, group in enumerate(self.groups):
            fitting = [each for each in self.outcomes if _fits(group, each)]
            inner = _inner(group, fitting)
            earlier = _outcomes_with_values(self.bound, group) if _said(self.text, group, self.end) else []
            if inner is not None:
                self.bound += _spread(self.text, group, inner, "named measure", self.end)
            elif earlier:
                self.bound += [
                    Bound(result, each.outcome, "respectively", group, each.outcomes)
                    for result, each in zip(group.results, earlier, strict=True)
                ]
            elif (again := self._graded_again(index)) is not None:
                self.bound.append(again)
            elif self._is_pronoun(index):
                self.bound += self._pronoun(group)
            else:
                self.bound += self._outside(index, fitting)
                self.bound += self._same_predicate(index)
        for each in self.bound:
            _set_statistic(self.text, each)
            _set_code(self.text, each, self.end)
        self._spread_differences()
        return [
            each for index, each in enumerate(self.bound) if not _is_restated(each, self.bound[index + 1 : index + 2])
        ]

    def _graded_again(self, index: int) -> Bound | None:
        """The outcome before by severity: "occurred in 77% and was grade 3 or higher in 9%"."""
        group = self.groups[index]
        if not index or len(group.results) != 1 or not self._of(self.groups[index - 1]):
            return None
        last = self._of(self.groups[index - 1])[-1]
        match = _GRADED_AGAIN.fullmatch(self.text, last.result.end, group.start)
        if match is None:
            return None
        bound = Bound(group.results[0], last.outcome, "same outcome", group, last.outcomes)
        bound.fields["grade"] = Found(match["grade"], (CharSpan(*match.span("grade")),))
        return bound

    def _is_pronoun(self, index: int) -> bool:
        """Whether the words behind a count take up the outcome before it: "five in whom this was severe"."""
        group = self.groups[index]
        count = group.results[0].count
        return (
            len(group.results) == 1
            and count is not None
            and bool(_PRONOUN.match(self.text, count.end))
            and bool(self.bound)
        )

    def _pronoun(self, group: ResultGroup) -> list[Bound]:
        result, last = group.results[0], self.bound[-1]
        match = _PRONOUN.match(self.text, result.count.end if result.count is not None else result.end)
        bound = Bound(result, last.outcome, "pronoun", group, last.outcomes)
        if match is not None:
            bound.fields["grade"] = Found(match["grade"], (CharSpan(*match.span("grade")),))
        return [bound]

    def _spread_differences(self) -> None:
        """A percentage that goes on with a change is one, too: "fell by 1.5% with A and by 0.1% with B"."""
        for first, second in pairwise(self.bound):
            same = first.outcome[0].start == second.outcome[0].start and second.result.statistic == "percent"
            unit = first.result.fields.get("unit")
            if same and first.result.statistic == "mean_difference" and unit is not None and unit.value == "%":
                second.result.statistic = "mean_difference"

    def _of(self, group: ResultGroup) -> list[Bound]:
        """What is bound of a list."""
        return [each for each in self.bound if each.group is group]

    def _outside(self, index: int, outcomes: Sequence[OutcomeGroup]) -> list[Bound]:
        """Bind a list to the outcome before or after it, whichever the words tie it to more firmly."""
        group = self.groups[index]
        before, after = self._neighbours(group, outcomes)
        inherited = self._inherited(index, before)
        firm_before = firm_after = 0
        if inherited:
            firm_before = 2 if _inherits(self.text, self.groups[index - 1], group) else 1
        elif before is not None and not (index and self.groups[index - 1].start >= before.end):
            first = group.results[0]
            edge = first.span.start if first.named is not None else group.start
            firm_before = firmness_before(self.text, before.end, edge, is_count=first.count is not None)
        following = self.groups[index + 1] if index + 1 < len(self.groups) else None
        if after is not None and not (following is not None and following.start < after.start):
            firm_after = firmness_after(self.text, min(group.end, after.start), after.start)
        if max(firm_before, firm_after) < MIN_FIRMNESS:
            return []
        if firm_before >= firm_after and before is not None:
            if inherited and len({each.outcome[0].start for each in inherited}) == 1:
                own = inherited[0]
                return [Bound(result, own.outcome, "same outcome", group, own.outcomes) for result in group.results]
            return _spread(self.text, group, before, "outcome before", self.end)
        if after is None:
            return []
        return [
            *_spread(self.text, group, after, "outcome after", self.end),
            *self._same_subject(group, after, outcomes),
        ]

    def _neighbours(
        self, group: ResultGroup, outcomes: Sequence[OutcomeGroup]
    ) -> tuple[OutcomeGroup | None, OutcomeGroup | None]:
        """The outcomes before and after a list; before a list "respectively" one with as many members."""
        before = next((each for each in reversed(outcomes) if each.start < group.start), None)
        if _said(self.text, group, self.end):
            sizes = {len(part) for part in group.parts} - {1}
            before = next(
                (each for each in reversed(outcomes) if each.end <= group.start and len(each.members) in sizes), before
            )
        return before, next((each for each in outcomes if each.start >= group.results[-1].span.end), None)

    def _inherited(self, index: int, before: OutcomeGroup | None) -> list[Bound]:
        """What the list before is bound to, where no outcome stands between it and this one."""
        if before is None or not index or self.groups[index - 1].start < before.end:
            return []
        return self._of(self.groups[index - 1])

    def _same_predicate(self, index: int) -> list[Bound]:
        """Figures before a list share the outcome after it: "A (HR 0.3) and B (HR 0.5) were tied to relapse"."""
        group = self.groups[index]
        own = next((each for each in self._of(group) if each.rule == "outcome after"), None)
        if not index or own is None or self._of(self.groups[index - 1]):
            return []
        previous = self.groups[index - 1]
        gap = self.text[previous.end : group.start]
        between = any(previous.end <= each.start < group.start for each in self.outcomes)
        same = previous.results[0].statistic == group.results[0].statistic
        if not same or between or not _AND.search(gap) or ";" in gap:
            return []
        return [Bound(result, own.outcome, "same predicate", previous, own.outcomes) for result in previous.results]

    def _same_subject(self, group: ResultGroup, after: OutcomeGroup, outcomes: Sequence[OutcomeGroup]) -> list[Bound]:
        """A count also reports the outcome that a second verb states: "14 had … and proceeded to …"."""
        position = next(index for index, each in enumerate(outcomes) if each is after)
        if len(group.results) != 1 or not group.results[0].is_count or position + 1 >= len(outcomes):
            return []
        second = outcomes[position + 1]
        if not _SECOND_VERB.fullmatch(self.text[after.end : second.start]):
            return []
        return [Bound(group.results[0], second.members[0], "same subject", group, second)]


def _is_restated(bound: Bound, later: Sequence[Bound]) -> bool:
    """Whether a ratio behind an increase says the same figure again: "a 45% increased risk (HR 1.45)"."""
    increase = bound.result.fields.get("value")
    if bound.result.statistic != "risk_increase" or increase is None or not isinstance(increase.value, Decimal):
        return False
    ratio = later[0].result.fields.get("value") if later and later[0].result.is_effect else None
    return ratio is not None and isinstance(ratio.value, Decimal) and 100 * (ratio.value - 1) == increase.value


def _fits(group: ResultGroup, outcome: OutcomeGroup) -> bool:
    """Whether the figures can report the outcome: a count cannot report a level or the length of a survival."""
    first, name = group.results[0], outcome.members[-1][0].value
    if first.is_count:
        return name.code not in NOT_COUNTED and name.name not in endpoint_forms().measures
    return True


def _set_statistic(text: str, bound: Bound) -> None:
    """A percentage by which a measure changed is a difference: "ejection fraction increased by 4.8%"."""
    result, name = bound.result, bound.outcome[0]
    if result.statistic != "percent" or name.end > result.start:
        return
    between = text[name.end : result.start]
    if name.value.name in endpoint_forms().measures:
        if _CHANGED.search(between):
            result.statistic = "mean_difference"
    elif _LOWERED.search(text, max(0, name.start - 40), name.start) and _BY.fullmatch(between):
        result.statistic = "risk_reduction"  # "reduced mortality by 12%"


def _set_code(text: str, bound: Bound, end: int) -> None:
    """Codes that the words behind a name settle: death "of treatment-related causes", MRD in so many patients."""
    name = bound.outcome[0]
    code = name.value.code
    if code == "DEATH" and _OF_TREATMENT.match(text, bound.outcome[-1].end, end):
        code = "TRM"
    elif code == "MRD_LEVEL" and bound.result.is_count:
        code = "MRD_NEG"
    if code != name.value.code:
        bound.outcome = [Mark(name.start, name.end, replace(name.value, code=code)), *bound.outcome[1:]]


def _inherits(text: str, previous: ResultGroup, group: ResultGroup) -> bool:
    """Whether a list reports the outcome that the list before it reports."""
    if group.results[0].is_effect or continues(text, previous, group):
        return True
    gap = text[previous.end : group.start]
    opened = re.search(r"[(\[][^()\[\]]*$", gap)
    if opened is not None and len(gap[: opened.start()].strip(" ,.;)")) > 3:
        return False  # the words before a bracket name another outcome: "a dose change (57%)"
    return firmness_before(text, previous.end, group.start) >= MIN_FIRMNESS


def _inner(group: ResultGroup, outcomes: Sequence[OutcomeGroup]) -> OutcomeGroup | None:
    """The outcome inside a named measure: "hazard ratio for death was 0.70", "median OS 14 months"."""
    first = group.results[0]
    start, end = first.named or (first.start, first.end)
    inside = [each for each in outcomes if start <= each.start and each.end <= end]
    return inside[-1] if inside else None


def _said(text: str, group: ResultGroup, end: int) -> bool:
    return RESPECTIVELY.search(text, group.end, min(end, group.end + 200)) is not None


def _outcomes_with_values(bound: Sequence[Bound], group: ResultGroup) -> list[Bound]:
    """As many outcomes before a list as it has figures, each of which has one value of its own already.

    "infections (15%) and sepsis (2%) in one arm, against the other (65 and 27%, respectively)"
    """
    count = len(group.results)
    last = list(bound[-count:])
    alone = all(len(each.group.results) == 1 for each in last)
    different = len({each.outcome[0].value.code for each in last}) == count
    return last if count > 1 and len(last) == count and alone and different and len(group.parts) == 1 else []


def _spread(text: str, group: ResultGroup, outcome: OutcomeGroup, rule: str, end: int) -> list[Bound]:
    """The figures of a group over the outcomes of a group."""
    members = outcome.members
    sizes = {len(part) for part in group.parts}
    said = _said(text, group, end)
    if len(members) > 1:
        joint = text[members[0][-1].end : members[-1][0].start]
        if _NOUN_OR.search(joint) and rule == "outcome before" and not (said and sizes == {len(members)}):
            return [Bound(result, _composite(members), "composite", group, outcome) for result in group.results]
    rows = group.in_rows_of(len(members))
    if len(members) > 1 and rows is not None:
        return [
            Bound(result, member, "respectively" if said else "in order", group, outcome)
            for row in rows
            for result, member in zip(row, members, strict=True)
        ]
    if len(members) > 1 and len(group.parts) == len(members) and sizes == {1} and said:
        return [
            Bound(part[0], member, "respectively", group, outcome)
            for part, member in zip(group.parts, members, strict=True)
        ]
    if len(members) > 1 and rule == "outcome after":
        return [Bound(result, member, rule, group, outcome) for result in group.results for member in members]
    member = members[-1] if rule == "outcome before" else members[0]
    return [Bound(result, member, rule, group, outcome) for result in group.results]


def _composite(members: Sequence[list[Mark]]) -> list[Mark]:
    first, last = members[0][0], members[-1][-1]
    codes = {member[0].value.code for member in members}
    code = "MACE" if codes & COMPOSITE else "OTHER"
    return [Mark(first.start, last.end, replace(first.value, code=code))]
