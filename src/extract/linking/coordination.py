"""Coordination: outcomes, and figures, that authors join in one phrase.

"EFS and OS at 6 months were 18 and 47%", "65, 58, 27 and 28%, respectively", "71.3 vs. 58.4%".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.linking import Mark
from extract.linking.figures import Result
from extract.patterns import lazy_regex

_JOINT_OUTCOMES = lazy_regex(
    r"\s?(?:,|;|/|\(|\)|and/or|and|or|as well as|&|plus|,? but not)(?:[\s,()]|and\b|or\b|the\b|of\b|in\b|rates?\b|"
    r"a(?:n|nd)?\b|\d+-?\s?(?:years?|months?|days?|weeks?)\b|-|[a-z]+\b){0,8}\s?$|^\s?[,/(]\s?$"
)
_ALIAS = lazy_regex(r"(?:\s\w+)?\s?[\[(]\s?$")
_VERSUS = lazy_regex(r"\b(?:vs\.?|versus|compared (?:with|to)|against|as opposed to|and only|relative to|than)(?!\w)")
_PHRASE = r"(?:in|for|with|among|on|of|at|after|by|from|given|when|under|using)\s[^,;.]{1,70}?"
_CONNECTOR = lazy_regex(
    rf"[\s)\]%]*(?:(?:months?|years?|weeks?|days?|patients?)\b)?[\s)\],]*(?:{_PHRASE})?[\s,)\]]*"
    r"(?:,|;|/|and|or|vs\.?|versus|compared\s(?:with|to)|against|as\sopposed\sto|to|but|while|whereas|than|[(\[])\s*"
    r"(?:(?:only|in|for|with|among|on|at|the|those|of|after|by|from|given|when|under|using)\s[^,;.]{2,60})?$"
)
# "five Flu patients and ten", "30 of 49 women versus"
_NOUNS_CONNECT = lazy_regex(
    r"(?:\s[\w/+<>≤≥-]+){1,6}\s?(?:\([^()]*\)\s?)?,?\s?(?:and|or|vs\.?|versus|compared\s(?:with|to)|"
    r"but)\s(?:(?:only|in|by|of|for)\s)*$"
)
_VERB = lazy_regex(
    r"\b(?:was|were|is|are|had|have|has|achieved|developed|experienced|died|relapsed|received|underwent|showed|"
    r"reported|occurred|reached|who|which|that|whom|demonstrated|led)\b"
)
_ABBREVIATED = lazy_regex(r"\bvs\.")
_STOP = lazy_regex(r"[.;]\s|\b(?:whereas|while|although|however|differences?|no)\b")
_CONJUNCTION = lazy_regex(r"\b(?:and|or|plus|as well as)\b|[/&(]")
_PREDICATE = lazy_regex(
    r"(?:relaps|progress|recurr|surviv|respond|transplant)ed\b|died\b|alive\b|(?:proceed|underwent|went|receiv|"
    r"discontinu|stopp|withdr|achiev|"
    r"became|requir|complet|wean)\w*\s"
)
_DEATHS = frozenset({"DEATH", "TRM", "NRM", "CV_DEATH"})
_DIED_OF = lazy_regex(r"\s(?:of|from|due\sto|because\sof)\s(?:a\s|the\s)?")
_QUALIFIES = lazy_regex(
    r"\s(?:from|in|after|without|following)\s(?:first\s|continuous\s|complete\s)?"
)  # "survival from relapse"
_IS_A = lazy_regex(
    r"\s(?:was|were|is|are)\s(?:the|a|an|another)\s(?:[\w-]+\s){0,7}"
)  # "neutropenia was the commonest adverse event"
_OPEN = lazy_regex(r"(?<=\w)\s[(\[][^()\[\]\d]{0,40}$")
_CLOSES = lazy_regex(r"[^()\[\]\d%]{0,40}[)\]]")
_ASIDE = lazy_regex(r"\([^()]*\)|\[[^\[\]]*\]")
_GOES_ON = lazy_regex(
    r"[\s)\]%,]*(?:(?:in|for|with|among|on|of|at|after|by|from)\s[^,;.]{1,80}?)?[\s,)\]]*(?:and|versus|"
    r"compared\s(?:with|to)|but|to|,)\s"
    r"(?:only\s|(?:in|for|with|among|on|of|at|after|by|from)\s[^,;.]{2,80})?"
)
_COMMA = lazy_regex(r"[\s)%]*,\s")
_OWN_PREDICATE = lazy_regex(
    r"\)?\s(?:of\s(?:the\s|all\s|these\s|our\s|those\s)?(?:[\w-]+\s){0,3}?(?:patients?|subjects?|participants?|"
    r"individuals?|children|adults|infants?|"
    r"women|men|people|recipients?|responders?|survivors?|cases?|them|whom)\s)?(?:then\s|also\s|later\s|"
    r"subsequently\s)?(?:who\s)?"
    r"(?:relaps|died|develop|achiev|had\b|experienc|respond|surviv|discontinu|requir|need|reach|attain|underwent|"
    r"suffer|progress|recur|proceed|withdr|"
    r"stopp|report)\w*"
)
_OF_WHOM = lazy_regex(r"\s(?:of|in|for)\s(?:whom|which)\b")
_THAT_OF = lazy_regex(r"\b(?:that|those)\sof\b")
_LIKENED = lazy_regex(r"\b(?:similar|compared|than|versus|that of|those of|against)\b")
MAX_OUTCOME_GAP = 60  # characters between two outcomes of one phrase
MAX_GAP = 110  # characters between two figures of one list
RESPECTIVELY = lazy_regex(r"\brespectively\b|\bin that order\b", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class OutcomeGroup:
    """Outcomes joined in one phrase; each member holds the forms of one outcome (long form, then short form)."""

    members: list[list[Mark]]

    @property
    def start(self) -> int:
        """Where the first form begins."""
        return self.members[0][0].start

    @property
    def end(self) -> int:
        """Where the last form ends."""
        return self.members[-1][-1].end


@dataclass(slots=True, eq=False)
class ResultGroup:
    """Figures joined in one phrase; `parts` are the sides of a comparison ("6 and 3% vs. 4 and 2%")."""

    parts: list[list[Result]]

    @property
    def results(self) -> list[Result]:
        """All figures in text order."""
        return [result for part in self.parts for result in part]

    @property
    def start(self) -> int:
        """Where the first figure begins."""
        return self.parts[0][0].start

    @property
    def end(self) -> int:
        """Where the last figure ends with what stands beside it."""
        return self.parts[-1][-1].end

    def in_rows_of(self, size: int) -> list[list[Result]] | None:
        """The figures in runs of `size`, where they fill them and no run crosses a comparison."""
        if any(len(part) % size for part in self.parts):
            return None
        return [part[index : index + size] for part in self.parts for index in range(0, len(part), size)]


def group_outcomes(
    text: str, endpoints: Sequence[Mark], results: Sequence[Result], short_forms: Collection[int] = ()
) -> list[OutcomeGroup]:
    """Neighbouring outcomes without a figure between them, joined where the words between only coordinate.

    `short_forms` are the offsets of abbreviations that the sentence defines.
    """
    groups: list[OutcomeGroup] = []
    starts = [result.span.start for result in results]
    for mark in endpoints:
        last = groups[-1] if groups else None
        if last is not None and not any(last.end <= start < mark.start for start in starts):
            gap = text[last.end : mark.start]
            previous = last.members[-1]
            if mark.value.code in _DEATHS and previous[0].value.code == "DEATH" and _DIED_OF.fullmatch(gap):
                last.members[-1] = [mark]  # "died of non-relapse causes"
                continue
            if _ALIAS.fullmatch(gap) and (mark.value.code == previous[0].value.code or mark.start in short_forms):
                previous.append(mark)
                continue
            if _explains(text, last, mark) or _QUALIFIES.fullmatch(gap) or _IS_A.fullmatch(gap):
                previous.append(mark)
                continue
            if len(gap) <= MAX_OUTCOME_GAP and _JOINT_OUTCOMES.match(gap) and not _VERB.search(gap):
                last.members.append([mark])
                continue
        groups.append(OutcomeGroup([[mark]]))
    return [part for group in groups for part in _split_at_commas(text, group)]


def _explains(text: str, group: OutcomeGroup, mark: Mark) -> bool:
    """Whether an outcome stands in a bracket without figures behind another: "response (CR or PR) was 68%"."""
    opened = _OPEN.search(text, group.members[-1][0].end, mark.start)
    closed = _CLOSES.match(text, mark.end)
    return opened is not None and closed is not None


def _split_at_commas(text: str, group: OutcomeGroup) -> list[OutcomeGroup]:
    """A group as it is where a conjunction closes it; else, and before the last clause of it, its members apart."""
    parts: list[OutcomeGroup] = [OutcomeGroup([group.members[0]])]
    for index, (first, second) in enumerate(pairwise(group.members)):
        closed = any(
            _CONJUNCTION.search(text[each[-1].end : other[0].start]) for each, other in pairwise(group.members[index:])
        )
        if closed and not _is_verb(text, second[0], first[-1]):
            parts[-1].members.append(second)
        else:
            parts.append(OutcomeGroup([second]))
    return parts


def _is_verb(text: str, mark: Mark, previous: Mark) -> bool:
    """Whether only one of two outcomes is a verb phrase ("relapsed", "proceeded to transplant")."""
    return bool(_PREDICATE.match(text, mark.start)) != bool(_PREDICATE.match(text, previous.start))


def group_results(text: str, results: Sequence[Result], endpoints: Sequence[Mark]) -> list[ResultGroup]:
    """Neighbouring figures without an outcome between them, joined where the words between coordinate or compare."""
    groups: list[ResultGroup] = []
    for result in results:
        last = groups[-1] if groups else None
        if last is not None and _joined(text, last.results[-1], result, endpoints):
            gap = text[last.end : result.start]
            if _VERSUS.search(gap):
                last.parts.append([result])
            else:
                last.parts[-1].append(result)
            continue
        groups.append(ResultGroup([[result]]))
    return [part for group in groups for part in _split_bare(text, group)]


def _split_bare(text: str, group: ResultGroup) -> list[ResultGroup]:
    """A list as it is where "and", "vs." or "respectively" shows that it is one; bare commas only part clauses."""
    results = group.results
    gaps = [text[first.end : second.start] for first, second in pairwise(results)]
    if (
        not gaps
        or any(not _COMMA.fullmatch(gap) for gap in gaps)
        or RESPECTIVELY.search(text, group.end, group.end + 60)
    ):
        return [group]
    return [ResultGroup([[result]]) for result in results]


def _joined(text: str, first: Result, second: Result, endpoints: Sequence[Mark]) -> bool:
    if first.statistic != second.statistic or (first.is_effect and second.named is not None):
        return False
    gap = text[first.end : second.start]
    if _OF_WHOM.match(text, second.end) or _is_quantifier(text, first) != _is_quantifier(text, second):
        return False
    if len(gap) > MAX_GAP or any(first.end <= mark.start < second.start for mark in endpoints):
        return False
    if _signed(text, first) and _OWN_PREDICATE.match(text, second.end):
        return False  # "response was 61%, and 40% of patients relapsed"
    plain = _ABBREVIATED.sub("versus", gap)
    if _STOP.search(plain) or not (_CONNECTOR.match(plain) or _NOUNS_CONNECT.match(plain) or _VERSUS.search(plain)):
        return False
    return not _VERB.search(plain)


def _signed(text: str, result: Result) -> bool:
    """Whether a percentage carries its own sign and does not share that of the next one."""
    return result.statistic == "percent" and text[result.span.end - 1] == "%"


def _is_quantifier(text: str, result: Result) -> bool:
    return result.is_count and text[result.span.start : result.span.start + 4].lower().startswith(
        ("none", "no ", "all")
    )


def continues(text: str, previous: ResultGroup, group: ResultGroup) -> bool:
    """Whether a list goes on with the outcome of the list before: ", respectively, in one arm and 38% in the other"."""
    gap = _ASIDE.sub("", text[previous.end : group.start])
    likened = _LIKENED.search(gap)
    gap = _THAT_OF.sub("", gap)
    gap = RESPECTIVELY.sub("", _ABBREVIATED.sub("versus", gap)).replace('"', "")
    if len(gap) > 2 * MAX_GAP or _STOP.search(gap):
        return False
    if likened is not None and gap.rstrip().endswith(("(", "[", "versus")):
        return True
    return not _VERB.search(gap) and bool(_GOES_ON.fullmatch(gap))
