"""The words and numbers around an outcome's name: is it a status, is it a reason, does a number report it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from extract.document import CharSpan
from extract.patterns import lazy_regex

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
_IN_STATE = lazy_regex(
    r"\b(?:in|during)\s(?:(?:first|second|third|their|continuous|complete|molecular|morphological|"
    r"ha?ematologic(?:al)?|early|late|"
    r"stable|sustained|either|clinical|deep|durable)\s)*$",
    re.IGNORECASE,
)
_REACHED = lazy_regex(
    r"\b(?:result(?:ed|ing|s)?|increases?|decreases?|improvements?|reductions?|differences?|changes?|rise|fall|"
    r"declines?|rates?|benefits?)"
    r"\sin\s[\w\s-]{0,20}$",
    re.IGNORECASE,
)
_REMAINED = lazy_regex(
    r"(?:%\s(?:of\s[\w\s-]{1,30}\s)?(?:were|are|was)|\b(?:remain(?:ed|s|ing)?|stay(?:ed|ing)?))\s(?:still\s)?$",
    re.IGNORECASE,
)
_RESPONSE_SYMBOLS = lazy_regex(r"(?<![\w-])(?:PR|PD|CR|ORR|stable\sdisease|progressive\sdisease)(?![\w-])")
_CARRIERS = lazy_regex(
    r"\b(?:patients?|subjects?|participants?|children|adults|those|individuals|women|men)\swith\s(?:(?:a|an|with)\s)?$",
    re.IGNORECASE,
)
_ORDINAL = lazy_regex(
    r"\b(?:first|second|third|fourth|1st|2nd|3rd|prior|previous|ongoing|continued|current)\s(?:or\s(?:second|"
    r"third|later|subsequent)\s)?"
    r"(?:complete\s|molecular\s|[A-Z-]+\s){0,2}$",
    re.IGNORECASE,
)
_STATUS_AFTER = lazy_regex(rf"[\s-](?:\(?[A-Z/]{{1,5}}\d?\)?\s)?{_PEOPLE}\b")
_INDUCED = lazy_regex(r"(?:-induced|-free)\s$|\bpost-$")
_HISTORY = lazy_regex(
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
_USE_AFTER = lazy_regex(
    r"[\s-](?:prophylaxis|treatment|therapy|management|assessments?|prevention|directed|adapted|guided|based|"
    r"driven|stratified|"
    r"monitoring|"
    r"criteria|definitions?|guidelines?|scale|grading|units?|centres?|centers?|services?|risk\sfactors?|"
    r"medications?|testing|"
    r"evaluation|panel|committee|specialists?|positivity|positive|induction|inducing|questionnaire|detection|assay|"
    r"reporting|maintenance|evaluable|data)\b",
    re.IGNORECASE,
)
_CRITERIA_AFTER = lazy_regex(r"[\s-](?:criteria|reporting\ssystems?|definitions?|committee)\b", re.IGNORECASE)
_ADJECTIVE = lazy_regex(r"(?:negative|positive|free)$", re.IGNORECASE)
_FIGURE_AFTER = lazy_regex(r"\s?[(\[]\d")
_BECAME = lazy_regex(r"\b(?:became|become|becomes|becoming|turned|converted\sto|rendered)\s(?:\w+\s)?$", re.IGNORECASE)
_WERE = lazy_regex(
    r"(?<!who\s)(?<!that\s)\b(?:were|was|being|are|is|remained|remain|remaining)\s(?:\w+\s)?$", re.IGNORECASE
)
_PARTICIPLE = lazy_regex(
    r"(?:relapsed|transplanted|progressed|infused|hospitali[sz]ed|revasculari[sz]ed|recurred)$", re.IGNORECASE
)
_VERB_AFTER = lazy_regex(
    r"\s?(?:$|[.,;:)\](\[]|(?:after|post|with|at|and|or|before|within|in|following|during|on|despite|by|to|while|but|"
    r"again|from|as|had|have|has|did|died|were|was|received|achieved|underwent)\b)"
)
_RELAPSE_NOUN = lazy_regex(r"(?:relapse|recurrence|progression)s?$", re.IGNORECASE)
_OBJECT = lazy_regex(
    r"\b(?:for|with|at|after|upon|following|before|prior\sto|until|since|from|in|reduce|reducing|prevent|"
    r"preventing|predict\w*|treat\w*|"
    r"first|second|overt|early|late|subsequent)\s(?:[\w+/-]+\s){0,3}$",
    re.IGNORECASE,
)
_RISK_LEVEL = lazy_regex(
    r"(?:high|low|standard|intermediate)-$|\bat\s(?:a\s|an\s)?(?:very\s)?(?:high|low|standard|intermediate|"
    r"increased|higher)[ -]$",
    re.IGNORECASE,
)
_PHENOTYPE = lazy_regex(
    r"\bwith\s(?:reduced|preserved|mid-?range|mildly\sreduced|low|normal|impaired|elevated|raised|high)\s$",
    re.IGNORECASE,
)
EVENTS = frozenset({"MI", "STROKE", "HF_HOSP", "BLEEDING"})
_EVENT_USE = lazy_regex(
    r"[\s-](?:patients?|survivors?|severity|types?|subtypes?|care|units?|onset|lesions?|populations?|cohorts?|"
    r"centres?|centers?|"
    r"aetiology|etiology|rehabilitation|recovery|diagnosis|guidelines?)\b",
    re.IGNORECASE,
)
_EXPOSED = lazy_regex(
    r"\s?(?:\([^()]{0,12}\)\s)?(?:was|were|is|are|(?:has|"
    r"have)\sbeen)\s(?:also\s)?(?:\w+ly\s){0,2}(?:associated\swith|linked\sto|related\sto|predictive\sof|"
    r"an?\s(?:\w+\s){0,3}(?:risk\sfactor|predictor)s?\s(?:for|of))\s"
    r"(?P<risk>(?:(?:an?|the|significantly|\d+(?:\.\d+)?%)\s)*(?:(?:increased|decreased|higher|lower|reduced|"
    r"greater|elevated|excess)\s)?(?:(?:risk|odds|rate|incidence|likelihood)s?\s(?:of|for)\s)?)"
)
# "male sex (OR 1.5), anaemia (OR 2.0) were risk factors for": what stands before it with a bracket is an exposure.
_LISTED_EXPOSURES = lazy_regex(
    r"[)\]]\s(?:(?:both|all|each)\s)?(?:were|was|are|is|(?:may|might|could)\sbe|remained)\s(?:also\s)?(?:\w+ly\s){0,2}"
    r"(?:associated\swith|linked\sto|related\sto|predictive\sof|(?:an?\s|the\s)?(?:\w+\s){0,3}(?:risk\sfactor|"
    r"predictor)s?\s(?:for|of))\s"
)
_BRACKETED_RATIO = lazy_regex(
    r"\s?[(\[]\s?(?:adjusted\s|pooled\s)?(?:[ah]?OR|[as]?HR|RR|IRR|odds|hazard|risk|relative|HRs?)\b"
)
_AT_BASELINE = lazy_regex(r"\bat\s(?:baseline|(?:study\s)?entry|enrol\w+|presentation|screening|inclusion)\b")
# What was done or happened because of something: the cause is no outcome of its own.
_BECAUSE = lazy_regex(
    r"\b(?:revis\w+|readmi\w+|admi(?:tted|ssions?)|hospitali[sz]\w+|discontinu\w+|withdr\w+|re-?operat\w+|"
    r"re-?intervention|surgery|visits?|amputations?|stopped|"
    r"died|deaths?|mortality|conver\w+|remov\w+|explant\w+|delayed|interrupt\w+)\s"
    r"(?:(?:was|were|mainly|mostly|only|primarily)\s)*(?:due\sto|because\sof|for|from|secondary\sto|caused\sby|"
    r"owing\sto|related\sto|attributed\sto|attributable\sto)\s"
    r"(?:(?:an?|the|early|late|delayed|recurrent|any|suspected|severe)\s)*$",
    re.IGNORECASE,
)
_BASELINE_AFTER = lazy_regex(
    r"\s(?:(?:scores?|values?|levels?)\s)?(?:at\s(?:baseline|entry|enrol\w+|admission|screening|diagnosis|"
    r"presentation|inclusion))\b"
)
_CONDITION = lazy_regex(
    r"\b(?:normal|abnormal|baseline|initial|duration\sof|adjusted\sfor|cut-?offs?\s(?:for|of))\s(?:\w+\s)?$",
    re.IGNORECASE,
)
_EXCLUDED = lazy_regex(
    r"\b(?:excluded\s(?:if|were|when)|were\sexcluded|exclusion\scriteri\w+|ineligible|not\seligible|"
    r"eligibility\scriteri\w+)",
    re.IGNORECASE,
)
_AFTER_EVENT = lazy_regex(
    r"\bpost-$|\b(?:after|following|since|due\sto|unrelated\sto)\s(?:(?:an?|the|index|acute|recent|first|"
    r"previous)\s)*$",
    re.IGNORECASE,
)
_COUNTED_EVENT = lazy_regex(
    r"(?:\b\d+|\b(?:no|one|two|three|four|five|six|seven|eight|nine|ten|(?:experienc|suffer)(?:ed|ing)\san?|"
    r"had\san?))\s(?:[\w-]+\s)?$",
    re.IGNORECASE,
)
_WENT_ON = lazy_regex(r"(?:proceed|went|go|bridg|advanc)\w*\b", re.IGNORECASE)
_WHO = lazy_regex(
    r"\b(?:who|that|whom|those|not|(?<!able\s)to|of\swhom)\s(?:(?:had|have|has|were|was|did|then|subsequently|not|"
    r"never)\s){0,3}$",
    re.IGNORECASE,
)
_REASON = lazy_regex(
    r"(?P<number>\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+)\s)?\b(?:for(?!\swhom|\swhich)|due\sto|"
    r"owing\sto|because\sof|caused\sby|secondary\sto|"
    r"as\sa\sresult\sof|despite|without|prevent\w*|avoid\w*|reasons?\sfor|lead(?:ing)?\sto|risk\sof|limited\sby|"
    r"in\sterms\sof)\s(?:[\w-]+\s){0,3}$",
    re.IGNORECASE,
)
_CHANGE = lazy_regex(
    r"\b(?:increas\w+|decreas\w+|reduc\w+|improv\w+|chang\w+|fell|fallen|falls?|rose|rise|risen|declin\w+|lower\w*|"
    r"higher|"
    r"greater|differ\w+|MD|SMD|WMD|"
    r"shorten\w*|prolong\w*|shorter|longer|worsen\w*|gain\w*|loss|drop\w*|median|mean|effect)\b",
    re.IGNORECASE,
)
OBJECT_REACH = 20  # characters between "associated with" and the outcome that is meant
SYMBOL_REACH = 200  # characters within which other responses show that SD is stable disease
LOOK_BACK = 70  # characters before a name in which its status shows
WORDS_REACH = 1000  # characters of a sentence that are searched for its words, for run-on lists taken as one sentence


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
        return _BRACKETED_RATIO.match(text, end, place[1]) is not None and (
            _LISTED_EXPOSURES.search(text, end, min(place[1], end + WORDS_REACH)) is not None
        )
    index = bisect_left(names, match.end())
    return "of" in match["risk"].split() or (index < len(names) and names[index] - match.end() <= OBJECT_REACH)


def is_baseline(text: str, start: int, end: int, place: CharSpan) -> bool:
    """Whether the clause says what people had when they were enrolled."""
    return bool(_AT_BASELINE.search(text, max(place[0], start - LOOK_BACK), min(place[1], end + LOOK_BACK)))


def is_condition(text: str, start: int, end: int, place: CharSpan) -> bool:
    """Whether a measure stands in a criterion or as a starting value and not as a result."""
    return bool(_CONDITION.search(text[max(place[0], start - LOOK_BACK) : start])) or bool(
        _BASELINE_AFTER.match(text, end, place[1])
    )


def has_change(text: str, offset: int, sentence: CharSpan) -> bool:
    """Whether the sentence speaks of a change, a difference, a mean or a median around the offset."""
    return bool(_CHANGE.search(text, max(sentence[0], offset - WORDS_REACH), min(sentence[1], offset + WORDS_REACH)))
