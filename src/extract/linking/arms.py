"""Arms: which arm or subgroup a result belongs to, by preposition, by order and by what a comparison stands against."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from extract.document import CharSpan
from extract.linking import Found, Mark
from extract.linking.binding import Bound
from extract.linking.coordination import RESPECTIVELY
from extract.linking.figures import Result
from extract.patterns import lazy_regex

_CUT = lazy_regex(r";|\b(?:whereas|while|although|however)\b")
_PEOPLE = (
    r"(?:patients?|subjects?|participants?|individuals?|people|persons?|children|adults|infants?|women|men|cases?|"
    r"recipients?|those|responders?|(?:of\s)?the\s[\w-]+)"
)
_AFTER = lazy_regex(
    rf"[\s)\]%,]*(?:(?:were|was|are|is|occurred)\s(?:[\w-]+\s){{0,4}}?)?(?:\([^()]*\)|"
    rf"\[[^\[\]]*\])?[\s,)\]]*(?:respectively,?\s)?(?:months?\s|years?\s|days?\s|weeks?\s|"
    rf"mm\sHg\s|points?\s|[\w²]+(?:/[\w.²]+)+\s|[a-zµ]{1, 4}\s)?(?:(?:of\s)?(?:\w+\s)?{_PEOPLE}\s)?"
    r"(?:of\b|in\b|for\b|with\b|among\b|on\b|after\b|when\b|from\b|given\b|treated\b|receiving\b|assigned\b|"
    r"allocated\b|randomi[sz]ed\b|who\b|the\b|to\b|"
    r"under\b|by\b|at\b|using\b|following\b|aged\b|taking\b|\(|-|$)[^;.]*$"
)
_LEADS = lazy_regex(
    r"(?:In|For|Among|Of|Within|With|Overall,\sin)\s(?:the\s|our\s|all\s|these\s|those\s)?(?:[\w-]+\s){0,4}$"
)
_GROUP = lazy_regex(r"\b(?:arms?|groups?|cohorts?|subgroups?)\b")
_GROUP_AFTER = lazy_regex(r"['\"]?\s(?:\w+\s)?(?:arms?|groups?|cohorts?|subgroups?)\b")
_SETS_SIDE_BY_SIDE = lazy_regex(
    r"\b(?:randomi[sz]\w+|compar\w+|versus|vs\.?|assigned|allocated|either|arms?|added\sto|received|given|tested|"
    r"plus|with\sor\swithout)(?!\w)",
    re.IGNORECASE,
)
_ALIAS = lazy_regex(r"\s?[(\[]")  # the short form behind an arm is not another arm
_NO_ARM_BEFORE = lazy_regex(
    r"\b(?:(?:deaths?|died|alive|relapsed?|dying)\s(?:while\s)?in|this|such|that|same)\s$", re.IGNORECASE
)
_TIGHT = lazy_regex(r"['\"]?(?:\s(?:arm|group|patients))?\s?[:=,(]?\s?")  # "DA 78%", "iron: 12%"
_BETWEEN = lazy_regex(r"\bbetween\s(?:the\s)?$")
_AND = lazy_regex(r"\sand\s(?:the\s)?")
_LIST = lazy_regex(r"[\s)\],]*(?:and\s|or\s|,\s)*(?:the\s|a\s)?(?:[\w-]+\s){0,2}")
Cluster = Sequence[Result]
ADJACENT = 22  # characters between an arm and the ratio that stands right behind it
NEAR = 120  # characters between a figure and its arm


@dataclass(slots=True)
class Arms:
    """The arms of one sentence and those that a comparison before it set against each other."""

    text: str
    marks: Sequence[Mark]
    start: int
    end: int
    order: tuple[Mark, ...] = ()  # the arms in the order in which figures before stood for them
    compared: bool = True  # the paragraph sets treatments against each other
    used: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        kept: list[Mark] = []
        for mark in self.marks:
            before = self.text[max(self.start, mark.start - 24) : mark.start]
            if kept and _ALIAS.fullmatch(self.text[kept[-1].end : mark.start]):
                kept[-1] = Mark(
                    mark.start, mark.end, replace(mark.value, kind=kept[-1].value.kind, role=kept[-1].value.role)
                )
            elif not _NO_ARM_BEFORE.search(before):
                kept.append(mark)
        self.marks = kept

    def add(self, bound: Sequence[Bound]) -> None:
        """Fill `arm` and `versus` of the figures of the sentence."""
        series = _series([each for each in bound if not each.result.is_effect])
        for index, clusters in enumerate(series):
            floor = series[index - 1][-1][-1].result.end if index else self.start
            ceiling = series[index + 1][0][0].result.start if index + 1 < len(series) else self.end
            self._bind(clusters, floor, ceiling)
        self._share_subject(series)
        self._share_backwards(series)
        for each in bound:
            if each.result.is_effect:
                self._compare(each)

    def _bind(self, clusters: Sequence[Sequence[Bound]], floor: int, ceiling: int) -> None:
        names = {each.outcome[0].start for cluster in clusters for each in cluster}
        free = [
            mark
            for mark in self.marks
            if floor <= mark.start < ceiling
            and mark.start not in self.used
            and not any(mark.start <= name < mark.end for name in names)
        ]
        edges = [(cluster[0].result.start, cluster[-1].result.end) for cluster in clusters]
        found = bind_arms(self.text, edges, free, floor, ceiling)
        if not (len(found) > 1 and all(found) and len({own[0].value.name.lower() for own in found}) > 1):
            # only one group: no comparison of its own
            found = bind_arms(self.text, edges, [mark for mark in free if self._tells_apart(mark)], floor, ceiling)
        carried = False
        if not any(found) and len(clusters) > 1 and len(self.order) == len(clusters):
            found = [[mark] for mark in self.order]
            carried = not self.start <= self.order[0].start < self.end
        names = {own[0].value.name.lower() for own in found if own}
        if (
            len(found) == 2 == len(self.order)
            and len(names) == 1
            and any(_same(each, own[0]) for each in self.order for own in found if own)
        ):
            found = [[mark] for mark in self.order]  # "increased with B (8% vs. 13%)" keeps the order told before
        self.used |= {mark.start for own in found for mark in own}
        if len(found) > 1 and all(found):
            self.order = tuple(own[0] for own in found)
        leading = self._leading(edges[0][0]) if any(found) and not carried else None
        for cluster, own in zip(clusters, found, strict=True):
            marks = own if leading is None or leading in own or not own else [*own, leading]
            name = found_arm(self.text, marks)
            for each in cluster:
                if name is not None:
                    each.fields["arm"] = name
                    each.confidence = "carried" if carried else each.confidence

    def _leading(self, before: int) -> Mark | None:
        """The subgroup that the sentence opens with: "In patients under 2 years, … 67% with A and 33% with B"."""
        first = next((index for index, mark in enumerate(self.marks) if mark.value.kind == "subgroup"), None)
        if first is None or not _LEADS.fullmatch(self.text[self.start : self.marks[first].start]):
            return None
        leading = self.marks[first]
        for mark in self.marks[first + 1 :]:  # "the transplanted patients under 2 years": the last is the narrowest
            if mark.value.kind != "subgroup" or mark.start - leading.end > 1:
                break
            leading = mark
        return leading if leading.end <= before else None

    def _share_subject(self, series: Sequence[Sequence[Sequence[Bound]]]) -> None:
        """The arm that a sentence begins with holds for its later clauses too, where they name none."""
        if not series or "arm" not in series[0][0][0].fields:
            return
        arm = series[0][0][0].fields["arm"]
        first = series[0][0][0]
        if arm.spans[-1].end > first.result.start:
            return
        for clusters in series[1:]:
            if len(clusters) == 1 and "arm" not in clusters[0][0].fields:
                between = self.text[arm.spans[-1].end : clusters[0][0].result.start]
                if not _CUT.search(between):
                    for each in clusters[0]:
                        each.fields["arm"] = arm

    def _tells_apart(self, mark: Mark) -> bool:
        """Whether an arm distinguishes: a subgroup, a named group, or a treatment that the paragraph compares."""
        if mark.value.kind == "subgroup" or self.compared:
            return True
        return bool(_GROUP.search(self.text[mark.start : mark.end]) or _GROUP_AFTER.match(self.text, mark.end))

    def _share_backwards(self, series: Sequence[Sequence[Sequence[Bound]]]) -> None:
        """The arm after the last item of a list holds for all: "fever (5%) and rash (2%) in the A arm"."""
        for first, second in reversed(list(pairwise(series))):
            arm = second[0][0].fields.get("arm")
            if len(first) == len(second) > 1:
                self._share_row(first, second)
                continue
            if arm is None or len(first) > 1 or len(second) > 1 or "arm" in first[0][0].fields:
                continue
            last, following = first[0][-1], second[0][0]
            if arm.spans[0].start < following.result.start or following.outcome[0].start < last.result.end:
                continue
            if _LIST.fullmatch(self.text[last.result.end : following.outcome[0].start]):
                for each in first[0]:
                    each.fields["arm"] = arm

    def _share_row(self, first: Sequence[Sequence[Bound]], second: Sequence[Sequence[Bound]]) -> None:
        """The arms of a row of figures hold for the row before: "fever (4 vs. 1%) and rash (9 vs. 2%) with A and B"."""
        arms = [cluster[0].fields.get("arm") for cluster in second]
        bare = not any("arm" in each.fields for cluster in first for each in cluster)
        last, following = first[-1][-1], second[0][0]
        if not bare or None in arms or following.outcome[0].start < last.result.end:
            return
        if not _LIST.fullmatch(self.text[last.result.end : following.outcome[0].start]):
            return
        for cluster, arm in zip(first, arms, strict=True):
            for each in cluster:
                if arm is not None and arm.spans[0].start > last.result.end:
                    each.fields["arm"] = arm

    def _compare(self, each: Bound) -> None:
        index, reference = comparison(self.text, each.result, self.marks, self.order, (self.start, self.end))
        if index is not None and reference is not None and _same(index, reference):
            reference = None
        for name, mark in (("arm", index), ("versus", reference)):
            found = found_arm(self.text, [mark] if mark is not None else [])
            if found is not None and mark is not None:
                each.fields[name] = found
                if not self.start <= mark.start < self.end:
                    each.confidence = "carried"


def _series(bound: Sequence[Bound]) -> list[list[list[Bound]]]:
    """Figures that report the same outcomes, in clusters that need an arm each.

    Figures for several outcomes, or several times, of one arm are one cluster.
    """
    groups: list[list[Bound]] = []
    for each in bound:
        if groups and groups[-1][-1].group is each.group:
            groups[-1].append(each)
        else:
            groups.append([each])
    series: list[list[list[Bound]]] = []
    last_key: tuple[object, ...] = ()
    for members in groups:
        outcomes = tuple(sorted({each.outcome[0].start for each in members}))
        times = {str(each.fields["timepoint"].value) for each in members if "timepoint" in each.fields}
        size = len(outcomes) if len(outcomes) > 1 else max(len(times), 1)
        clusters = [members[index : index + size] for index in range(0, len(members), size)]
        key = (*outcomes, members[0].result.statistic)
        if series and key == last_key:
            series[-1].extend(clusters)
        else:
            series.append(clusters)
        last_key = key
    return series


def bind_arms(
    text: str, edges: Sequence[tuple[int, int]], arms: Sequence[Mark], start: int, end: int
) -> list[list[Mark]]:
    """The arms of clusters of figures, given by where each begins and ends, in text order."""
    if not arms:
        return [[] for _ in edges]
    within = [[arm for arm in arms if first <= arm.start and arm.end <= last][:1] for first, last in edges]
    if any(within):  # "in the eight women aged under 40 (100%)"
        return within
    after = [_after(text, edges, index, arms, end) for index in range(len(edges))]
    before = [_before(text, edges, index, arms, start) for index in range(len(edges))]
    if len(edges) == 1:
        return [after[0] or before[0]]
    tight = [
        own if own and _TIGHT.fullmatch(text[own[0].end : edge]) else []
        for own, (edge, _) in zip(before, edges, strict=True)
    ]
    if sum(map(bool, tight)) > 1:
        return tight
    parallel = _parallel(text, edges, arms, end)
    if parallel:
        return parallel
    merged = [own or other for own, other in zip(after, before, strict=True)]
    if not all(after) and all(merged) and len({own[0].start for own in merged}) == len(merged):
        return merged  # "in the A group it was 44%, compared with 26% in the B group"
    if after[-1] or not before[0]:
        return after if all(after) or not before[0] else _first_before(after, before)
    return before


def _first_before(after: list[list[Mark]], before: list[list[Mark]]) -> list[list[Mark]]:
    """After-binding where it leaves no figure bare, else before-binding."""
    return after if sum(map(bool, after)) >= sum(map(bool, before)) else before


def _after(text: str, edges: Sequence[tuple[int, int]], index: int, arms: Sequence[Mark], end: int) -> list[Mark]:
    edge = edges[index][1]
    ceiling = edges[index + 1][0] if index + 1 < len(edges) else end
    arm = next((arm for arm in arms if edge <= arm.start < min(ceiling, edge + NEAR)), None)
    if arm is None:
        return []
    gap = text[edge : arm.start]
    return [arm] if _AFTER.match(gap) and not _CUT.search(gap) else []


def _before(text: str, edges: Sequence[tuple[int, int]], index: int, arms: Sequence[Mark], start: int) -> list[Mark]:
    edge = edges[index][0]
    floor = edges[index - 1][1] if index else start
    arm = next((arm for arm in reversed(arms) if floor <= arm.start and arm.end <= edge), None)
    if arm is None:
        return []
    gap = text[arm.end : edge]
    return [] if _CUT.search(gap) and index == 0 and len(gap) > NEAR else [arm]


def _parallel(text: str, edges: Sequence[tuple[int, int]], arms: Sequence[Mark], end: int) -> list[list[Mark]] | None:
    """As many arms after the last figure as there are figures, or before the first, with none in between."""
    count = len(edges)
    first, last = edges[0][0], edges[-1][1]
    if any(first <= arm.start < last for arm in arms):
        return None
    behind = [arm for arm in arms if last <= arm.start < last + 2 * NEAR]
    ahead = [arm for arm in arms if arm.end <= first]
    said = RESPECTIVELY.search(text, last, min(end, last + 240)) is not None
    if len(behind) >= count and _AFTER.match(text[last : behind[0].start]) and (said or _joined(text, behind[:count])):
        return [[arm] for arm in behind[:count]]
    if len(ahead) >= count and (said or _joined(text, ahead[-count:])):
        last_ones = ahead[-count:]
        if count == 2 and not said and last_ones[0].value.role == "reference" != last_ones[1].value.role:
            last_ones.reverse()  # "compared with placebo, the drug caused more nausea (44% vs. 16%)"
        return [[arm] for arm in last_ones]
    return None


def _joined(text: str, arms: Sequence[Mark]) -> bool:
    """Whether the arms stand in one phrase."""
    return all(
        second.start - first.end <= 60 and ";" not in text[first.end : second.start] for first, second in pairwise(arms)
    )


def found_arm(text: str, arms: Sequence[Mark]) -> Found | None:
    """The arms of one result as a field; several are joined with `; `."""
    if not arms:
        return None
    names = "; ".join(text[arm.start : arm.end] for arm in arms)
    return Found(names, tuple(CharSpan(arm.start, arm.end) for arm in arms))


def comparison(
    text: str, result: Result, arms: Sequence[Mark], order: Sequence[Mark], sentence: tuple[int, int]
) -> tuple[Mark | None, Mark | None]:
    """The index and the reference arm of a ratio or difference.

    Said by "vs.", "compared with" and the like; else the arms of the two figures that it compares, in their order.
    """
    start, end = sentence
    near = sorted(arms, key=lambda arm: _distance(text, result, arm))
    reference = next((arm for arm in near if arm.value.role == "reference"), None)
    index = next((arm for arm in near if arm.value.role == "index"), None)
    own = _after(text, [(result.start, result.end)], 0, [arm for arm in arms if arm is not reference], end)
    if own:
        index = own[0]
    sides = _between(text, near)
    if sides is not None:
        return sides
    within = [arm for arm in arms if result.named and result.named.start <= arm.start < result.named.end]
    if len(within) == 1 and index is None:
        index = within[0]
    pair = len(order) == 2
    ahead = [arm for arm in arms if arm.end <= result.start and arm.value.kind == "arm"]
    if index is None and reference is None and not (pair and start <= order[0].start < end):
        if len(ahead) == 2 and not _same(*ahead) and len(text[ahead[1].end : result.start]) <= ADJACENT:
            return ahead[0], ahead[1]
        tight = next((arm for arm in near if arm.end <= result.start), None)
        if tight is not None and len(text[tight.end : result.start]) <= ADJACENT:
            other = [arm for arm in order if not _same(arm, tight)] if pair else []
            return tight, other[0] if len(other) == 1 else None
    if pair and index is None and (reference is None or start <= order[0].start < result.start):
        return order[0], order[1]
    if index is None:
        others = [arm for arm in near if arm is not reference and arm.end <= result.start]
        index = others[0] if others else None
    if reference is None and pair and index is not None and _same(index, order[0]):
        reference = order[1]
    if reference is not None and pair and index is None and _same(reference, order[1]):
        index = order[0]
    return index, reference


def _between(text: str, arms: Sequence[Mark]) -> tuple[Mark, Mark] | None:
    """The two arms of "the difference between A and B"."""
    for first, second in pairwise(sorted(arms)):
        if _BETWEEN.search(text, max(0, first.start - 16), first.start) and _AND.fullmatch(
            text[first.end : second.start]
        ):
            return first, second
    return None


def _same(first: Mark, second: Mark) -> bool:
    return bool(first.value.name.lower() == second.value.name.lower())


def introduced(text: str, arms: Sequence[Mark], start: int, end: int) -> tuple[Mark, ...]:
    """The treatments that a sentence sets side by side: "were randomised to A or B", "compared A with B and C"."""
    treatments: dict[str, Mark] = {}
    for arm in arms:
        if arm.value.kind == "arm":
            treatments.setdefault(arm.value.name.lower(), arm)
    if len(treatments) < 2 or not _SETS_SIDE_BY_SIDE.search(text, start, end):
        return ()
    return tuple(treatments.values())


def _distance(text: str, result: Result, arm: Mark) -> int:
    gap = text[arm.end : result.start] if arm.end <= result.start else text[result.end : arm.start]
    return len(gap) + 200 * len(_CUT.findall(gap))
