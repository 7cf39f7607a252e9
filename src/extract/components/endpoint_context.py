"""The words and numbers around an outcome's name: is it a status, is it a reason, does a number report it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from extract.components.endpoint_names import Concept
from extract.components.phrases import Hit
from extract.document import CharSpan

Pair = tuple[int, int]

_RESPONSES = frozenset({"CR", "CRI", "CRP", "PR", "REMISSION", "SD", "PD", "MRD_NEG"})
_SURVIVALS = frozenset(
    {"OS", "EFS", "DFS", "RFS", "PFS", "SURVIVAL", "ALIVE", "DEATH", "TRM", "NRM", "CV_DEATH", "ORR"}
)
_PEOPLE = (
    r"(?:patients?|subjects?|participants?|individuals?|children|adults|infants?|women|men|people|persons|cases|"
    r"cohorts?|"
    r"groups?|subgroups?|populations?|survivors|recipients|donors|disease|status|states?|leuk[ae]+mias?|"
    r"lymphomas?|myelomas?|ALL|AML|CLL|tumou?rs?|"
    r"cancers?|carcinomas?|setting|B-ALL|B-cell|T-cell|acute|multiple|diffuse|follicular|and/or|or\srefractory|"
    r"and\srefractory)"
)
_IN_STATE = re.compile(
    r"\b(?:in|during)\s(?:(?:first|second|third|their|continuous|complete|molecular|morphological|"
    r"ha?ematologic(?:al)?|early|late|"
    r"stable|sustained|either|clinical|deep|durable)\s)*$",
    re.IGNORECASE,
)
_REACHED = re.compile(
    r"\b(?:result(?:ed|ing|s)?|increases?|decreases?|improvements?|reductions?|differences?|changes?|rise|fall|"
    r"declines?|rates?|benefits?)"
    r"\sin\s[\w\s-]{0,20}$",
    re.IGNORECASE,
)
_REMAINED = re.compile(
    r"(?:%\s(?:of\s[\w\s-]{1,30}\s)?(?:were|are|was)|\b(?:remain(?:ed|s|ing)?|stay(?:ed|ing)?))\s(?:still\s)?$",
    re.IGNORECASE,
)
_RESPONSE_SYMBOLS = re.compile(r"(?<![\w-])(?:PR|PD|CR|ORR|stable\sdisease|progressive\sdisease)(?![\w-])")
_CARRIERS = re.compile(
    r"\b(?:patients?|subjects?|participants?|children|adults|those|individuals|women|men)\swith\s(?:(?:a|an|with)\s)?$",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"\b(?:first|second|third|fourth|1st|2nd|3rd|prior|previous|ongoing|continued|current)\s(?:or\s(?:second|"
    r"third|later|subsequent)\s)?"
    r"(?:complete\s|molecular\s|[A-Z-]+\s){0,2}$",
    re.IGNORECASE,
)
_STATUS_AFTER = re.compile(rf"[\s-](?:\(?[A-Z/]{{1,5}}\d?\)?\s)?{_PEOPLE}\b")
_INDUCED = re.compile(r"(?:-induced|-free)\s$|\bpost-$")
_HISTORY = re.compile(
    r"(?:\bhistor(?:y|ies)\sof\b(?:(?!\s(?:experienc|develop|had\b|were\b|was\b))[^.;]){0,50}|\b(?:prior|previous|"
    r"pre-?existing|known|suspected|recent|past|established|prevalence\sof|"
    r"(?:patients?|subjects?|participants?|adults|children|women|men|people|individuals|those|recipients|infants|"
    r"neonates|mothers|pregnancies|"
    r"hips|knees|eyes|joints|implants|grafts|lesions|tumou?rs|teeth|limbs|residents|veterans|workers|smokers|pts|"
    r"survivors|population)(?:\s\([^()]{0,30}\))?\s(?:with|without|after|"
    r"of)(?:\s\w+ly)?(?:(?:\s[\w/()-]+){0,5}\s(?:and|or|and/or))?(?:\sa|\san)?|"
    r"risk\sfactors?\sfor|survivors\sof|treatment\sof|management\sof|therapy\s(?:of|for)|treated\sfor|prevention\sof|"
    r"prophylaxis\s(?:of|for|against)|(?:admitted|hospitali[sz]ed|treated)\s(?:with|for)|presenting\swith|"
    r"diagnosed\swith|diagnosis\sof)\s?"
    r"(?:(?:active|acute|chronic|severe|early|late|recurrent|single|multiple|no|and|or|ischa?emic|major|"
    r"symptomatic|untreated|resistant|a|an|overt|B-ALL|ALL|"
    r"disease)\s)*)$",
    re.IGNORECASE,
)
_USE_AFTER = re.compile(
    r"[\s-](?:prophylaxis|treatment|therapy|management|assessments?|prevention|directed|adapted|guided|based|"
    r"driven|stratified|"
    r"monitoring|"
    r"criteria|definitions?|guidelines?|scale|grading|units?|centres?|centers?|services?|risk\sfactors?|"
    r"medications?|testing|"
    r"evaluation|panel|committee|specialists?|positivity|positive|induction|inducing|questionnaire|detection|assay|"
    r"reporting|maintenance|evaluable|data)\b",
    re.IGNORECASE,
)
_CRITERIA_AFTER = re.compile(r"[\s-](?:criteria|reporting\ssystems?|definitions?|committee)\b", re.IGNORECASE)
_ADJECTIVE = re.compile(r"(?:negative|positive|free)$", re.IGNORECASE)
_FIGURE_AFTER = re.compile(r"\s?[(\[]\d")
_BECAME = re.compile(r"\b(?:became|become|becomes|becoming|turned|converted\sto|rendered)\s(?:\w+\s)?$", re.IGNORECASE)
_WERE = re.compile(
    r"(?<!who\s)(?<!that\s)\b(?:were|was|being|are|is|remained|remain|remaining)\s(?:\w+\s)?$", re.IGNORECASE
)
_PARTICIPLE = re.compile(
    r"(?:relapsed|transplanted|progressed|infused|hospitali[sz]ed|revasculari[sz]ed|recurred)$", re.IGNORECASE
)
_VERB_AFTER = re.compile(
    r"\s?(?:$|[.,;:)\](\[]|(?:after|post|with|at|and|or|before|within|in|following|during|on|despite|by|to|while|but|"
    r"again|from|as|had|have|has|did|died|were|was|received|achieved|underwent)\b)"
)
_RELAPSE_NOUN = re.compile(r"(?:relapse|recurrence|progression)s?$", re.IGNORECASE)
_OBJECT = re.compile(
    r"\b(?:for|with|at|after|upon|following|before|prior\sto|until|since|from|in|reduce|reducing|prevent|"
    r"preventing|predict\w*|treat\w*|"
    r"first|second|overt|early|late|subsequent)\s(?:[\w+/-]+\s){0,3}$",
    re.IGNORECASE,
)
_RISK_LEVEL = re.compile(
    r"(?:high|low|standard|intermediate)-$|\bat\s(?:a\s|an\s)?(?:very\s)?(?:high|low|standard|intermediate|"
    r"increased|higher)[ -]$",
    re.IGNORECASE,
)
_PHENOTYPE = re.compile(
    r"\bwith\s(?:reduced|preserved|mid-?range|mildly\sreduced|low|normal|impaired|elevated|raised|high)\s$",
    re.IGNORECASE,
)
EVENTS = frozenset({"MI", "STROKE", "HF_HOSP", "BLEEDING"})
_EVENT_USE = re.compile(
    r"[\s-](?:patients?|survivors?|severity|types?|subtypes?|care|units?|onset|lesions?|populations?|cohorts?|"
    r"centres?|centers?|"
    r"aetiology|etiology|rehabilitation|recovery|diagnosis|guidelines?)\b",
    re.IGNORECASE,
)
_EXPOSED = re.compile(
    r"\s?(?:\([^()]{0,12}\)\s)?(?:was|were|is|are|(?:has|"
    r"have)\sbeen)\s(?:also\s)?(?:\w+ly\s){0,2}(?:associated\swith|linked\sto|related\sto|predictive\sof|"
    r"an?\s(?:\w+\s){0,3}(?:risk\sfactor|predictor)s?\s(?:for|of))\s"
    r"(?P<risk>(?:(?:an?|the|significantly|\d+(?:\.\d+)?%)\s)*(?:(?:increased|decreased|higher|lower|reduced|"
    r"greater|elevated|excess)\s)?(?:(?:risk|odds|rate|incidence|likelihood)s?\s(?:of|for)\s)?)"
)
# What was done or happened because of something: the cause is no outcome of its own.
_BECAUSE = re.compile(
    r"\b(?:revis\w+|readmi\w+|admi(?:tted|ssions?)|hospitali[sz]\w+|discontinu\w+|withdr\w+|re-?operat\w+|"
    r"re-?intervention|surgery|visits?|amputations?|stopped|"
    r"died|deaths?|mortality|conver\w+|remov\w+|explant\w+|delayed|interrupt\w+)\s"
    r"(?:(?:was|were|mainly|mostly|only|primarily)\s)*(?:due\sto|because\sof|for|from|secondary\sto|caused\sby|"
    r"owing\sto|related\sto|attributed\sto|attributable\sto)\s"
    r"(?:(?:an?|the|early|late|delayed|recurrent|any|suspected|severe)\s)*$",
    re.IGNORECASE,
)
_BASELINE_AFTER = re.compile(
    r"\s(?:(?:scores?|values?|levels?)\s)?(?:at\s(?:baseline|entry|enrol\w+|admission|screening|diagnosis|"
    r"presentation|inclusion))\b"
)
_CONDITION = re.compile(
    r"\b(?:normal|abnormal|baseline|initial|duration\sof|adjusted\sfor|cut-?offs?\s(?:for|of))\s(?:\w+\s)?$",
    re.IGNORECASE,
)
_EXCLUDED = re.compile(
    r"\b(?:excluded\s(?:if|were|when)|were\sexcluded|exclusion\scriteri\w+|ineligible|not\seligible|"
    r"eligibility\scriteri\w+)",
    re.IGNORECASE,
)
_AFTER_EVENT = re.compile(
    r"\bpost-$|\b(?:after|following|since|due\sto|unrelated\sto)\s(?:(?:an?|the|index|acute|recent|first|"
    r"previous)\s)*$",
    re.IGNORECASE,
)
_COUNTED_EVENT = re.compile(
    r"(?:\b\d+|\b(?:no|one|two|three|four|five|six|seven|eight|nine|ten|(?:experienc|suffer)(?:ed|ing)\san?|"
    r"had\san?))\s(?:[\w-]+\s)?$",
    re.IGNORECASE,
)
_WENT_ON = re.compile(r"(?:proceed|went|go|bridg|advanc)\w*\b", re.IGNORECASE)
_WHO = re.compile(
    r"\b(?:who|that|whom|those|not|(?<!able\s)to|of\swhom)\s(?:(?:had|have|has|were|was|did|then|subsequently|not|"
    r"never)\s){0,3}$",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"(?P<number>\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+)\s)?\b(?:for(?!\swhom|\swhich)|due\sto|"
    r"owing\sto|because\sof|caused\sby|secondary\sto|"
    r"as\sa\sresult\sof|despite|without|prevent\w*|avoid\w*|reasons?\sfor|lead(?:ing)?\sto|risk\sof|limited\sby|"
    r"in\sterms\sof)\s(?:[\w-]+\s){0,3}$",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:increas\w+|decreas\w+|reduc\w+|improv\w+|chang\w+|fell|fallen|falls?|rose|rise|risen|declin\w+|lower\w*|"
    r"higher|"
    r"greater|differ\w+|MD|SMD|WMD|"
    r"shorten\w*|prolong\w*|shorter|longer|worsen\w*|gain\w*|loss|drop\w*|median|mean|effect)\b",
    re.IGNORECASE,
)
_CLAUSE_CUT = re.compile(r"[;]|\s(?:whereas|while|although|though|but)\s")
_BRACKET_OPEN = re.compile(r"(?:(?!\sand\s)[^,;()\[\]\d]){0,30}[(\[][^()\[\]]{0,24}$")
_PLAIN_GAP = re.compile(r"[^,;.()]{0,45}$")
_ATTACHED = re.compile(
    r"\s?(?:[=:,]|(?:was|were|is|are|in|of|at|rates?|occurred|occurring|developed|reported|seen|ranged|ranging|"
    r"around|about|by|to|from|being|with)\b)"
)
_PREDICATE = re.compile(r"\b(?:was|were|occurr\w+|reported|developed|observed|seen|noted|affected)\b")
_COORDINATION = re.compile(
    r"(?:,|,?\s(?:and|or|as\swell\sas|and/or|plus)|/|,?\s&)\s?(?:(?!with\b|in\b|of\b|than\b)[a-z-]+\s){0,2}$|"
    r"\s?\($|\)?\s?[,/]\s?$"
)
_OF_PEOPLE = re.compile(
    r"\sof\s(?:the\s|all\s|these\s|our\s|those\s)?(?:[\w-]+\s){0,2}?(?:patients?|subjects?|participants?|"
    r"individuals?|children|adults|infants?|women|men|"
    r"people|recipients?|responders?|survivors?|cases?|them)\s(?:(?:had|have|developed|experienced|achieved|then|"
    r"later|also|subsequently|eventually)\s)*"
)
_VERBAL = re.compile(r"(?:relaps|surviv|respond|progress|recur)ed\b|died\b|discontinued\b|underwent\b|proceeded\b")
AT = 40  # characters between an event and a number that shows it to be a result also where it names the patients
OBJECT_REACH = 20  # characters between "associated with" and the outcome that is meant
NEAR = 4  # characters between an outcome and a number that can only be its own
SYMBOL_REACH = 200  # characters within which other responses show that SD is stable disease
LOOK_BACK = 70  # characters before a name in which its status shows
REACH = 110  # characters between a number and the outcome after it that it reports
REACH_BACK = 70  # characters between an outcome and the number after it
PREDICATE_REACH = 130  # characters between a subject and the number of its predicate
WORDS_REACH = 1000  # characters of a sentence that are searched for its words, for run-on lists taken as one sentence
STATISTIC_REACH = 160  # characters between a measure and the statistic that reports it


def is_status(text: str, start: int, end: int, code: str, place: CharSpan) -> bool:
    """Whether the outcome's name states who the patients are, or names a service, and not a result."""
    before = text[max(place[0], start - LOOK_BACK) : start]
    after = text[end : min(place[1], end + 40)]
    name = text[start:end]
    if name == "SD" and not _RESPONSE_SYMBOLS.search(text, max(start - SYMBOL_REACH, 0), end + SYMBOL_REACH):
        return True  # a standard deviation
    if _ADJECTIVE.search(name):
        return _is_response_status(name, before, after)
    if name.endswith("positivity") and before.endswith("with "):
        return True
    if _PARTICIPLE.search(name) and not _VERB_AFTER.match(after):
        return True
    if name.lower() in {"event", "events"}:
        return after.startswith("/") or not _COUNTED_EVENT.search(before)
    if code in EVENTS and (_AFTER_EVENT.search(before) or _EVENT_USE.match(after)):
        return True
    if code == "HSCT":
        passive = name.lower().startswith("transplanted")
        return (passive and not _WERE.search(before)) or (bool(_WHO.search(before)) and not _WENT_ON.match(name))
    if code == "RELAPSE":
        return _is_relapse_status(name, before)
    if _CRITERIA_AFTER.match(after) or (_USE_AFTER.match(after) and code not in _SURVIVALS):
        return True
    if code in _RESPONSES:
        return _is_response_status(name, before, after)
    if code in _SURVIVALS:
        return False
    return bool(
        _HISTORY.search(before)
        or _PHENOTYPE.search(before)
        or _excludes(text, max(place[0], start - WORDS_REACH), min(place[1], end + WORDS_REACH))
    )


def _excludes(text: str, start: int, end: int) -> bool:
    """Whether a sentence says who was not included."""
    if text.find("xclu", start, end) < 0 and text.find("ligib", start, end) < 0:
        return False
    return _EXCLUDED.search(text, start, end) is not None


def _is_relapse_status(name: str, before: str) -> bool:
    if name.lower().startswith("risk"):
        return bool(_RISK_LEVEL.search(before))
    if _RELAPSE_NOUN.fullmatch(name):
        return bool(_OBJECT.search(before) or _HISTORY.search(before))
    return bool(re.search(r"\b(?:relapsed\sor|refractory\sor|and/or)\s?$", before))


def _is_response_status(name: str, before: str, after: str) -> bool:
    if _ADJECTIVE.search(name):
        reached = _BECAME.search(before) or _WERE.search(before) or _FIGURE_AFTER.match(after)
        return not reached or bool(_STATUS_AFTER.match(after))
    if (
        _CARRIERS.search(before)
        or _ORDINAL.search(before)
        or _INDUCED.search(before)
        or re.match(r"[\s-](?:patients?|status|cohort)\b", after)
    ):
        return True
    state = _IN_STATE.search(before)
    return state is not None and not _REACHED.search(before) and not _REMAINED.search(before[: state.start()])


def is_named_adjective(text: str, start: int, end: int, place: CharSpan) -> bool | None:
    """For an adjective form (`MRD negative`) whether the state is reached; None for other forms."""
    if not _ADJECTIVE.search(text[start:end]):
        return None
    return bool(_BECAME.search(text[max(place[0], start - LOOK_BACK) : start]))


def is_reason(text: str, start: int, place: CharSpan) -> bool:
    """Whether the outcome stands as the reason, aim or absence of something else."""
    match = _REASON.search(text[max(place[0], start - LOOK_BACK) : start])
    return match is not None and not match["number"]


def is_cause(text: str, start: int, place: CharSpan) -> bool:
    """Whether the name says why something else was done or happened ("revision due to dislocation")."""
    return bool(_BECAUSE.search(text, max(place[0], start - LOOK_BACK), start))


def is_exposure(text: str, end: int, place: CharSpan, names: Sequence[int]) -> bool:
    """Whether the name is what another outcome is associated with ("late rejection was associated with graft loss").

    `names` are where the outcomes of the sentence begin.
    """
    match = _EXPOSED.match(text, end, place[1])
    if match is None:
        return False
    index = bisect_left(names, match.end())
    return "of" in match["risk"].split() or (index < len(names) and names[index] - match.end() <= OBJECT_REACH)


def is_condition(text: str, start: int, end: int, place: CharSpan) -> bool:
    """Whether a measure stands in a criterion or as a starting value and not as a result."""
    return bool(_CONDITION.search(text[max(place[0], start - LOOK_BACK) : start])) or bool(
        _BASELINE_AFTER.match(text, end, place[1])
    )


def has_change(text: str, offset: int, sentence: CharSpan) -> bool:
    """Whether the sentence speaks of a change, a difference, a mean or a median around the offset."""
    return bool(_CHANGE.search(text, max(sentence[0], offset - WORDS_REACH), min(sentence[1], offset + WORDS_REACH)))


def outcomes_of(
    text: str, hits: list[Hit[Concept]], place: CharSpan, numbers: Numbers
) -> tuple[list[Hit[Concept]], dict[Pair, bool]]:
    """The hits of a sentence or cell that are no status, and which of them a number reports."""
    if not hits:
        return [], {}
    outcomes = [hit for hit in hits if not is_status(text, hit.start, hit.end, hit.payload.code, place)]
    return outcomes, reported(text, [(hit.start, hit.end) for hit in outcomes], numbers.reporting(place))


class Numbers:
    """The numbers of a doc that can report an outcome, sorted for look-up."""

    def __init__(self, results: Sequence[Pair], statistics: Sequence[Pair]) -> None:
        self._results = sorted(results)
        self._statistics = sorted(statistics)
        self._spans = (self._statistics, self._results)

    def reporting(self, place: CharSpan) -> list[Pair]:
        """Percentages, counts and effect measures inside the place."""
        return sorted([*_inside(self._results, place), *_inside(self._statistics, place)])

    def near(self, start: int, end: int) -> bool:
        """Whether a percentage or count stands right at a place."""
        index = bisect_left(self._results, (start, 0))
        around = self._results[max(index - 1, 0) : index + 2]
        return any(first - end <= AT and start - last <= AT for first, last in around)

    def statistics(self, place: CharSpan, offset: int) -> bool:
        """Whether a statistic or percentage stands near the offset inside the place."""
        if bisect_left(self._statistics, (place[0], 0)) == bisect_left(self._statistics, (place[1], 0)):
            return False
        around = max(place[0], offset - STATISTIC_REACH), min(place[1], offset + STATISTIC_REACH + 1)
        return any(bisect_left(each, (around[0], 0)) < bisect_left(each, (around[1], 0)) for each in self._spans)


def _inside(spans: Sequence[Pair], place: CharSpan) -> Sequence[Pair]:
    return spans[bisect_left(spans, (place[0], 0)) : bisect_left(spans, (place[1], 0))]


def reported(text: str, hits: Sequence[Pair], numbers: Sequence[Pair]) -> dict[Pair, bool]:
    """The hits that a number of the sentence reports, each with whether the number stands right at it.

    A number speaks for the outcome before it when it is attached to it ("infections (15%)", "mortality was 3%") and for
    the next one after it ("two patients relapsed"), within a clause; outcomes coordinated with a reported one are
    reported. The hits are sorted and do not overlap.
    """
    claimed: dict[Pair, bool] = {}
    starts, ends = [start for start, _ in hits], [end for _, end in hits]
    for start, end in numbers:
        next_one, last_one = bisect_left(starts, end), bisect_right(ends, start) - 1
        after = hits[next_one] if next_one < len(hits) else None
        before = hits[last_one] if last_one >= 0 else None
        inside = hits[last_one + 1] if last_one + 1 < len(hits) and starts[last_one + 1] <= start else None
        if inside:
            claimed[inside] = True
            continue
        if after is not None and after[0] - end <= REACH and _has_own_predicate(text, end, after):
            claimed.setdefault(after, False)
            continue
        near = before is not None and start - before[1] <= PREDICATE_REACH
        gap = text[before[1] : start] if before is not None and near else ""
        attached = near and (_is_attached(gap) or (before not in claimed and _is_predicate(gap)))
        if before is not None and attached:
            claimed[before] = claimed.get(before, False) or start - before[1] <= NEAR
        spoken_for = attached and (text[end - 1] == "%" or bool(_BRACKET_OPEN.match(gap)))
        if (
            after is not None
            and not spoken_for
            and after[0] - end <= REACH
            and not _CLAUSE_CUT.search(text[end : after[0]])
        ):
            claimed.setdefault(after, False)
    _spread(text, hits, claimed)
    return claimed


def _has_own_predicate(text: str, end: int, after: Pair) -> bool:
    """Whether a number begins a clause that the outcome behind it ends: "40% of patients relapsed", "8% died"."""
    gap = text[end : after[0]]
    return bool(_OF_PEOPLE.fullmatch(gap)) or (gap == " " and bool(_VERBAL.match(text, after[0])))


def _is_predicate(gap: str) -> bool:
    """Whether a subject's verb stands between an outcome and the first number after it."""
    return bool(_PREDICATE.search(gap)) and not _CLAUSE_CUT.search(gap)


def _is_attached(gap: str) -> bool:
    if len(gap) > REACH_BACK or _CLAUSE_CUT.search(gap):
        return False
    return bool(_BRACKET_OPEN.match(gap) or _ATTACHED.match(gap) or _PLAIN_GAP.match(gap))


def _spread(text: str, hits: Sequence[Pair], claimed: dict[Pair, bool]) -> None:
    """Carry a claim to outcomes coordinated with a claimed one, in both directions."""
    for ordered in (list(hits), list(reversed(hits))):
        for first, second in pairwise(ordered):
            left, right = (first, second) if first[0] < second[0] else (second, first)
            if first in claimed and second not in claimed and _COORDINATION.match(text[left[1] : right[0]]):
                claimed[second] = False
