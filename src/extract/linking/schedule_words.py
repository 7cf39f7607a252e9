"""The grammar of schedules: how often, on which days, for how long, in how many parts, as which kind of dose."""

from __future__ import annotations

import re
from functools import cache

from extract.components.grammar import NUMBER, NUMBER_WORD
from extract.lexicons import load
from extract.patterns import FirstOf, lazy_regex

EXACT_ROUTE = 3  # printed routes up to this length match as written, longer ones in any case

_N = rf"(?:{NUMBER}|(?i:{NUMBER_WORD})|a|an)"
_RANGE = rf"(?:{_N}(?:(?:\s?-\s?|\sto\s|\sor\s){_N})?)"
_TIME = r"(?:hours?|hrs?|h|days?|d|weeks?|wks?|months?|mo|years?|yrs?|minutes?|mins?|min)(?![\w/])"
_PART = r"(?:cycles?|courses?|doses?|fractions?|infusions?|injections?|applications?|treatments?|sessions?)\b"

# ------------------------------------------------------------------------------------------------------ how often
_TIMES = rf"(?:once|twice|thrice|{_RANGE}\stimes)"
_DAILY = r"(?:daily|weekly|monthly|nightly|fortnightly|quarterly|yearly|annually)"
_SHORT = (
    r"(?i:b\.i\.d\.|t\.i\.d\.|q\.i\.d\.|q\.o\.d\.|q\.d\.|o\.d\.|q\.h\.s\.|(?:bid|tid|qid|qod|qd|od|qhs|bds?|tds|qds|qw|"
    r"q\s?\d{1,2}(?:-\d{1,2})?\s?(?:h|hr|d|w|wk|weeks?|days?|hours?))\b)"
)
_EVERY = (
    rf"every\s(?:(?:other|second|third|fourth|alternate)\s)?(?:{_RANGE}[\s-]?)?"
    rf"(?:{_TIME}|(?:cycles?|morning|evening|night|visit)\b)"
)
_OFTEN = (
    rf"(?:(?:(?:divided|split)\s)?(?:{_TIMES}[\s-]{{1,3}}{_DAILY}"
    rf"|{_TIMES}\s(?:a|an|per|each|every)\s(?:other\s|{_RANGE}[\s-])?(?:{_TIME}|cycle\b)"
    rf"|{_EVERY}|(?:on\s)?alternate\sdays|each\s(?:day|week|month|cycle|morning|evening)|(?:a|per)\s(?:day|week|month)\b"
    rf"|(?:(?:bi|semi|tri)-?)?{_DAILY}(?![\w-])|{_RANGE}\s{_TIME}\sapart|on\sdemand|as\s(?:needed|required)|{_SHORT})"
    rf"(?:\sthereafter)?|thereafter\b|{_RANGE}\s{_TIME}\son(?:\s?[,/]\s?|\sand\s){_RANGE}\s{_TIME}\soff"
    r"|[×x]\s?\d{1,2}(?!\d)(?:\s(?:days|doses|cycles|weeks))?)"
)
_UNITS_EACH = (
    rf"{_RANGE}\s(?:inhalation|puff|tablet|capsule|drop|spray|injection|dose|application|actuation)s?\s{_OFTEN}"
)

# ------------------------------------------------------------------------------------------------ when, how long
_INDEX = r"[-+]?\d{1,3}(?!\d|\.\d|\s?%)"
_MORE = (
    r"(?:(?:\s?[,/&]\s?(?:and\s|or\s)?|\s?-\s?|\s(?:and|or|to|through|until)\s)"
    rf"(?:(?:day|week|month|cycle)s?\s)?{_INDEX})"
)
_INDICES = rf"{_INDEX}{_MORE}{{0,20}}"
_COUNTED = r"(?i:days?|weeks?|months?|cycles?|courses?|visits?)"
_OF_CYCLE = (
    r"(?:,?\s(?:of|in|during)\s(?:(?:each|every|a|an|the|all)\s)?(?:subsequent\s)?(?:\d{1,3}-(?:day|week)\s)?"
    rf"(?:cycles?|courses?)(?:\s{_INDICES})?)"
)
_ON_DAYS = (
    r"(?:(?:starting|beginning)\s)?(?:(?:on|from|at|until|through|in|during|for|by)\s)?(?:the\s)?"
    rf"(?:{_COUNTED}\s?\+?{_INDICES}|[Dd](?=\d){_INDICES})(?:{_OF_CYCLE})?(?:\sonwards?|\sand\sbeyond|\sthereafter)?"
    rf"|at\s{_INDEX}{_MORE}{{1,20}}\s{_TIME}"
)
_LASTING = (
    r"(?:for|over|during|within|in|across)\s"
    r"(?:(?:up\sto|at\sleast|about|approximately|an?\s(?:total|maximum|minimum)\sof|the\s(?:first|next|last))\s)?"
    rf"{_RANGE}[\s-](?:(?:consecutive|additional|continuous|more)\s)?(?:{_TIME}|(?:cycles?|courses?|doses)\b)"
)
_EVENT = (
    r"(?:(?:each|every|the|their|any)\s)?(?:breakfast|dinner|meals?|food|bedtime|surgery|operation|procedure|HSCT|HCT|"
    r"transplant(?:ation)?|admission(?:\sto\sthe\s[a-z]+\s(?:unit|ward))?|dialysis|ha?emodialysis|delivery|birth|PCI|"
    r"randomi[sz]ation|reperfusion|angiography|infusion|chemotherapy|radiotherapy|discharge|conditioning)\b"
)
_RELATIVE = (
    rf"(?:(?:within|starting|beginning)\s)?{_RANGE}[\s-]{_TIME}\s(?:before|after|prior\sto|following)\s"
    rf"(?:{_EVENT}|(?:the\s)?[\w-]+(?:\s(?:infusion|administration|dose))?)"
    rf"|within\s{_RANGE}[\s-]{_TIME}\sof\s(?:{_EVENT}|(?:an?\s|the\s)?[\w-]+)"
    rf"|(?:(?:immediately|shortly)\s)?(?:before|after|prior\sto|following|at)\s{_EVENT}"
    rf"|at\s(?:night|baseline(?:\sand\s{_COUNTED}\s{_INDICES})?)|in\sthe\s(?:morning|evening)"
)

# ------------------------------------------------------------------------------------------- in which parts, as what
_IN_PARTS = (
    rf"(?:divided\s)?(?:in|into|as|using|with|over)\s(?:a\s)?(?:{_RANGE}|single|divided)\s"
    rf"(?:(?:equal|daily|divided|separate|once-daily)\s)*(?:{_PART}|portions\b)"
    rf"|(?:divided|fractionated|split|spread)\s(?:into|over|in|across)\s{_RANGE}\s(?:consecutive\s)?(?:{_PART}|{_TIME})"
    rf"|{_RANGE}\sfractions\b"
)
_OF_SIZE = (
    rf"(?:in|at|using|with)\s(?:{_N}\s)?(?:(?:daily|fractions?)\s(?:of\s)?)?{NUMBER}(?:-{NUMBER})?\s?c?Gy"
    r"(?:\s(?:daily\s)?fractions?|\sper\sfraction)"
)
_AS = (
    r"(?:as|by|via)\s(?:(?:an?|one)\s)?(?:(?:single|continuous|one-time|split|divided|prolonged|rapid|slow|"
    r"\d{1,3}[\s-](?:h|hour|hours|min|minute|day))\s){1,2}"
    r"(?:(?:oral|intravenous|iv|IV|subcutaneous|intramuscular)\s)?"
    r"(?:doses?|infusions?|bolus(?:es)?|injections?|fractions?|tablet|shot)|as\s(?:an?\s)?bolus|continuously"
)
_KINDS = (
    r"(?:total|loading|starting|initial|single|maintenance|cumulative|priming|booster|test|fixed|flat|split|"
    r"induction|step-up|stepwise)"
)
_KIND = rf"{_KINDS}\s(?:(?:daily|weekly)\s)?doses?\b|bolus(?:es)?\b|in\stotal\b|stat\b"


def _step(grammar: str) -> re.Pattern[str]:
    return lazy_regex(rf"(?<![\w-])(?:{grammar})(?!\w)")


_STEP_OF_SIZE, _STEP_ON_DAYS, _STEP_OFTEN, _STEP_IN_PARTS = map(_step, (_OF_SIZE, _ON_DAYS, _OFTEN, _IN_PARTS))
# One step of a schedule, the longest first.
STEP = FirstOf(
    _step(_UNITS_EACH),
    _STEP_OF_SIZE,
    _step(_RELATIVE),
    _STEP_ON_DAYS,
    _step(_AS),
    _STEP_OFTEN,
    _STEP_IN_PARTS,
    _step(_LASTING),
    _step(_KIND),
)
# The steps that speak of dosing also where other words stand between them and the dose.
FAR_STEP = FirstOf(_STEP_OF_SIZE, _STEP_ON_DAYS, _STEP_OFTEN, _STEP_IN_PARTS)
WHEN = FirstOf(_STEP_ON_DAYS, _STEP_OFTEN)
KIND = lazy_regex(_KIND)
# Kinds that say more than a frequency beside them.
TELLING_KIND = lazy_regex(r"total|loading|single|cumulative|bolus", re.IGNORECASE)
# A frequency that stands as an adjective: "weekly paclitaxel", "once-daily 10 mg".
ADJECTIVE = lazy_regex(
    r"(?<![\w-])(?P<out>(?i:(?:once|twice|thrice|three-times|four-times)[\s-](?:daily|weekly|monthly|yearly)|nightly|"
    r"(?:bi)?(?:daily|weekly|monthly)|single-dose|every-other-week|continuous|fractionated))\s"
)
# "1 week of", "two doses of", "6 fractions of"
LENGTH_OF = lazy_regex(
    rf"(?<![\w-])(?P<out>(?!an?\s){_RANGE}\s(?:[\w-]+\s)?(?:weeks?|days?|months?|{_PART}))"
    r"\sof\s"
)
# "a loading dose of", "step-up doses of", "bolus of", "a daily dose of"
KIND_OF = lazy_regex(
    r"(?<![\w-])(?:(?P<adverb>(?i:(?:(?:once|twice)[\s-])?(?:daily|weekly)|monthly|fixed|flat|step-up|stepwise))\s"
    rf"(?:[a-z]+\s)?doses?|(?P<kind>(?i:{_KINDS})\s(?:[\w-]+\s)?doses?)|(?P<bolus>(?i:bolus)))\b"
)
# "On days 1 and 8, patients were given"
OPENING = lazy_regex(rf"[\"'(]?(?P<out>On\s{_ON_DAYS}|Every\s{_RANGE}\s{_TIME}|(?:Once|Twice)\s(?:daily|weekly)),?\s")
GIVEN = lazy_regex(r"\b(?:receiv\w+|given|administered|infused|took|injected)\b")

# ------------------------------------------------------------------------------------------------ words in between
# Between such a phrase and the dose, its agent left out.
OF = lazy_regex(
    r"[\s(:]*(?:(?:of|at|was|were|is|as|to|be|with|from|between|rang\w+|oral|intravenous|subcutaneous|administration|"
    r"dosing|intake|infusions?|injections?|doses?|regimen|treatment|therapy)[\s(]+)*"
)
_USED = r"(?:given|administered|infused|injected|taken|delivered|applied|used|dosed)"
# Between a dose and its schedule.
SKIP = lazy_regex(
    r"[\s,)\]]+|(?:induction|maintenance|doses?|infusions?|injections?|tablets?|capsules?|fractions?|treatment|therapy|"
    rf"starting|{_USED}|either|each|of|then|also|(?:was|were|is|are|to\sbe|being)\s(?:(?:then|also)\s)?{_USED})(?![\w-])"
)
# Between a schedule and the dose after it: "daily for 8 weeks with 200 mg".
LINKS = lazy_regex(r"\s(?:at|with)\s(?:a\sdose\sof\s)?$")
BY = lazy_regex(r"(?:by|via|as)\s(?:an?\s)?")
JOINED = lazy_regex(r"\s?(?:and\sthen|and|then|;|followed\sby)\s")
BESIDE_AGENT = lazy_regex(r"(?:(?:in\scombination\s)?with|plus)\s")
# A phrase after which a schedule is no longer the dose's.
BREAK = lazy_regex(
    r"\b(?:was|were|is|are|be|had|has|have|did|does|which|who|whom|that|whereas|while|but|compared|versus|vs|than|or|"
    r"and|with|in|among|for|after|until|if|when|patients|arms?|groups?|because|to)\b|[;:.,()\[\]]"
)
# A bracket that goes with the dose before it and has a dose of its own: "(maximum 2 mg)".
CAP = lazy_regex(
    rf"{_RANGE}\s[a-z]+\sof\s|max|cap|loading|starting|initial|maintenance|up\sto|not\s(?:to\s)?exceed|total|cumulative|"
    r"i\.e|equivalent|approx|about|[=≤<]",
    re.IGNORECASE,
)

# --------------------------------------------------------------------------------------------------------- routes
_NUMBERED = lazy_regex(r"(?:stage|phase|grade|class|type|factor|group|arm|level)s?\s$", re.IGNORECASE)


@cache
def _routes() -> tuple[re.Pattern[str], dict[str, str]]:
    forms = {form: code for code, printed in load("units").routes.items() for form in printed}
    ordered = sorted(forms, key=len, reverse=True)
    parts = (re.escape(form) if len(form) <= EXACT_ROUTE else f"(?i:{re.escape(form)})" for form in ordered)
    return lazy_regex(rf"(?<![\w-])(?:{'|'.join(parts)})(?!\w)"), {form.lower(): code for form, code in forms.items()}


def route_at(text: str, start: int, end: int) -> re.Match[str] | None:
    """A printed route at an offset."""
    match = _routes()[0].match(text, start, end)
    return match if match and _is_route(text, match) else None


def routes_in(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The printed routes in `text[start:end]`."""
    return [match for match in _routes()[0].finditer(text, start, end) if _is_route(text, match)]


def route_code(printed: str) -> str:
    """The code of a printed route: iv, po, sc …"""
    return _routes()[1][printed.lower()]


def _is_route(text: str, match: re.Match[str]) -> bool:
    """Whether it is no Roman number: stage IV, phase IV."""
    return _NUMBERED.search(text, max(match.start() - 10, 0), match.start()) is None
