"""The grammar of schedules: how often, on which days, for how long, in how many parts, as which kind of dose."""

from __future__ import annotations

import re
from functools import cache

from extract.components.grammar import NUMBER, NUMBER_WORD
from extract.lexicons import load

EXACT_ROUTE = 3  # printed routes up to this length match as written, longer ones in any case

_N = rf"(?:{NUMBER}|(?i:{NUMBER_WORD})|a|an|one)"
_RANGE = rf"(?:{_N}(?:(?:\s?-\s?|\sto\s|\sor\s){_N})?)"
_TIME = r"(?:hours?|hrs?|h|days?|d|weeks?|wks?|months?|mo|years?|yrs?|minutes?|mins?|min)(?![\w/])"
_PART = r"(?:cycles?|courses?|doses?|fractions?|infusions?|injections?|applications?|treatments?|sessions?)\b"
_SHORT = (
    r"(?:b\.i\.d\.|t\.i\.d\.|q\.i\.d\.|q\.o\.d\.|q\.d\.|o\.d\.|q\.h\.s\.|(?:bid|tid|qid|qod|qd|od|qhs|bds?|tds|qds|qw|"
    r"q\s?\d{1,2}\s?(?:h|hr|d|w|wk|weeks?|days?|hours?))\b)"
)
_OFTEN = (
    rf"(?:(?:(?:once|twice|thrice|{_N}\stimes)(?:\s?-\s?|\s)(?:daily|weekly|nightly|monthly|yearly|annually)"
    rf"|(?:once|twice|thrice|{_N}\stimes)\s(?:a|an|per|each|every)\s(?:other\s|{_RANGE}\s)?(?:day|week|month|year|cycle|{_TIME})"
    rf"|(?:once|twice|thrice|{_N}\stimes)\severy\s{_RANGE}\s?-?{_TIME}"
    rf"|every\s(?:other\s|second\s|third\s|fourth\s|alternate\s)?(?:{_RANGE}[\s-]?)?(?:{_TIME}|cycles?\b|morning\b|evening\b|night\b|visit\b)"
    r"|(?:on\s)?alternate\sdays|each\s(?:day|week|month|cycle|morning|evening)|(?:a|per)\s(?:day|week|month)\b"
    r"|(?:bi|semi|tri|thrice|half)?-?(?:daily|weekly|monthly|nightly|fortnightly|quarterly|yearly|annually)(?![\w-])"
    rf"|{_RANGE}\s{_TIME}\sapart|on\sdemand|as\s(?:needed|required)|(?i:{_SHORT}))(?:\sthereafter)?|thereafter\b|[×x]\s?\d{{1,2}}(?!\d))"
)
_INDEX = r"[-+]?\d{1,3}(?!\d|\.\d|\s?%)"
_INDICES = rf"{_INDEX}(?:(?:\s?[,/&]\s?(?:and\s|or\s)?|\s?-\s?|\s(?:and|or|to|through|until)\s)(?:(?:day|week|month|cycle)s?\s)?{_INDEX}){{0,20}}"
_UNIT_OF_DAYS = r"(?i:days?|weeks?|months?|cycles?|courses?|visits?)"
_OF_CYCLE = rf"(?:,?\s(?:of|in|during)\s(?:each|every|a|an|the|all)?\s?(?:subsequent\s)?(?:\d{{1,3}}-(?:day|week)\s)?(?:cycles?|courses?)(?:\s{_INDICES})?)"
_ON_DAYS = (
    rf"(?:(?:starting|beginning)\s)?(?:(?:on|from|at|until|through|in|during|for|by)\s)?(?:the\s)?"
    rf"(?:{_UNIT_OF_DAYS}\s?\+?(?:\()?{_INDICES}|[Dd](?=\d){_INDICES})(?:{_OF_CYCLE})?(?:\sonwards?|\sand\sbeyond|\sthereafter)?"
)
_LASTING = (
    rf"(?:for|over|during|within|in|across)\s(?:up\sto\s|at\sleast\s|about\s|approximately\s|an?\s(?:total|maximum|minimum)\sof\s|"
    rf"the\s(?:first|next|last)\s)?{_RANGE}[\s-](?:consecutive\s|additional\s|continuous\s|more\s)?(?:{_TIME}|cycles?\b|courses?\b|doses\b)"
)
_IN_PARTS = (
    rf"(?:divided\s)?(?:in|into|as|using|with|over)\s(?:a\s)?(?:{_RANGE}|single|divided)\s(?:equal\s|daily\s|divided\s|separate\s|once-daily\s)*"
    rf"(?:{_PART}|portions\b)|(?:divided|fractionated|split|spread)\s(?:into|over|in|across)\s{_RANGE}\s(?:consecutive\s)?(?:{_PART}|{_TIME})"
    rf"|{_RANGE}\sfractions\b"
)
_OF_SIZE = rf"(?:in|at|using|with)\s(?:{_N}\s)?(?:(?:daily|fractions?)\s(?:of\s)?)?{NUMBER}\s?c?Gy(?:\s(?:daily\s)?fractions?|\sper\sfraction)"
_AS = (
    r"(?:as|by|via)\s(?:an?\s|one\s)?(?:(?:single|continuous|one-time|split|divided|prolonged|rapid|slow|"
    r"\d{1,3}[\s-](?:h|hour|hours|min|minute|day)|24-h)\s){1,2}(?:oral\s|intravenous\s|iv\s|IV\s|subcutaneous\s|intramuscular\s)?"
    r"(?:doses?|infusions?|bolus(?:es)?|injections?|fractions?|tablet|shot)|as\s(?:an?\s)?bolus|continuously"
)
_KINDS = r"(?:total|loading|starting|initial|single|maintenance|cumulative|target|priming|booster|test|fixed|flat|split|induction|step-up|stepwise)"
_KIND_AFTER = rf"{_KINDS}\s(?:daily\s|weekly\s)?doses?\b|bolus(?:es)?\b|in\stotal\b|stat\b"
_EVENT = (
    r"(?:(?:each|every|the|their|any)\s)?(?:breakfast|dinner|meals?|food|bedtime|surgery|operation|procedure|transplant(?:ation)?|HSCT|HCT|"
    r"admission(?:\sto\sthe\s[a-z]+\s(?:unit|ward))?|dialysis|h[a]?emodialysis|delivery|birth|randomi[sz]ation|reperfusion|"
    r"PCI|angiography|infusion|chemotherapy|radiotherapy|discharge|conditioning)\b"
)
_RELATIVE = (
    rf"within\s{_RANGE}[\s-]{_TIME}\sof\s(?:{_EVENT}|(?:an?\s|the\s)?[\w-]+)|"
    rf"(?:(?:within|starting|beginning)\s)?{_RANGE}[\s-]{_TIME}\s(?:before|after|prior\sto|following)\s(?:{_EVENT}|(?:the\s)?[\w-]+(?:\s(?:infusion|administration|dose))?)"
    rf"|(?:immediately\s|shortly\s)?(?:before|after|prior\sto|following|with|at)\s{_EVENT}|at\s(?:night|baseline(?:\sand\s{_UNIT_OF_DAYS}\s{_INDICES})?)|in\sthe\s(?:morning|evening)"
)
_UNITS_EACH = (
    rf"{_RANGE}\s(?:inhalations?|puffs?|tablets?|capsules?|drops?|sprays?|injections?|doses?|applications?|actuations?)\s{_OFTEN}"
)

# One step of a schedule, longest kinds first.
ATOM = re.compile(
    rf"(?<![\w-])(?:{_UNITS_EACH}|{_OF_SIZE}|{_RELATIVE}|{_ON_DAYS}|{_AS}|{_OFTEN}|{_IN_PARTS}|{_LASTING}|{_KIND_AFTER})(?![\w])"
)
# The steps that speak of dosing also where other words stand between them and the dose.
FAR_ATOM = re.compile(rf"(?<![\w-])(?:{_OF_SIZE}|on\s{_ON_DAYS}|{_ON_DAYS}|{_OFTEN}|{_IN_PARTS})(?![\w])")
FREQUENCY = re.compile(rf"(?<![\w-])(?:{_OFTEN})(?![\w])")
WHEN = re.compile(rf"(?<![\w-])(?:{_ON_DAYS}|{_OFTEN})(?![\w])")
# A frequency that stands as an adjective: "weekly paclitaxel", "once-daily 10 mg".
ADJECTIVE = re.compile(
    r"(?<![\w-])(?P<out>(?i:(?:once|twice|thrice|three-times|four-times)[\s-](?:daily|weekly|monthly|yearly)|(?:bi)?(?:daily|weekly|monthly)|nightly|"
    r"single-dose|every-other-week|continuous|fractionated))\s"
)
# "1 week of", "two doses of", "6 fractions of"
LENGTH_OF = re.compile(rf"(?<![\w-])(?P<out>(?!an?\s){_RANGE}\s(?:additional\s|more\s|consecutive\s|divided\s)?(?:weeks?|days?|months?|{_PART}))\sof\s")
# "a loading dose of", "step-up doses of", "bolus of", "a daily dose of"
KIND_OF = re.compile(
    rf"(?<![\w-])(?:(?P<adverb>(?i:(?:once|twice)[\s-](?:daily|weekly)|daily|weekly|monthly|fixed|flat|step-up|stepwise))\s(?:[a-z]+\s)?doses?"
    rf"|(?P<kind>(?i:{_KINDS})\s(?:[\w-]+\s)?doses?)|(?P<bolus>(?i:bolus)))\b"
)
# Between such a phrase and the dose, its agent left out.
OF = re.compile(
    r"[\s(:]*(?:(?:of|at|was|were|is|as|to|be|with|from|between|rang\w+|oral|intravenous|subcutaneous|administration|dosing|intake|"
    r"infusions?|injections?|doses?|regimen|treatment|therapy)[\s(]+)*"
)
# Kinds that say more than a frequency beside them.
KIND = re.compile(rf"(?:{_KIND_AFTER})")
TELLING_KIND = re.compile(r"(?:total|loading|single|cumulative|bolus)", re.IGNORECASE)
# What may stand between a dose and its schedule.
SKIP = re.compile(
    r"[\s,)\]]+|(?:induction|maintenance|doses?|infusions?|injections?|tablets?|capsules?|fractions?|treatment|therapy|starting|given|administered|infused|injected|taken|"
    r"delivered|applied|used|dosed|either|each|of|then|also|(?:was|were|is|are|to\sbe|being)\s(?:then\s|also\s)?(?:given|administered|infused|injected|"
    r"taken|delivered|applied|used|dosed))(?![\w-])"
)
BY = re.compile(r"(?:by|via|as)\s(?:an?\s)?")
JOINED = re.compile(r"\s?(?:and\sthen|and|then|;|followed\sby)\s")
BESIDE_AGENT = re.compile(r"(?:(?:in\scombination\s)?with|plus)\s")
# A phrase after which a schedule is no longer the dose's.
BREAK = re.compile(
    r"\b(?:was|were|is|are|be|had|has|have|did|does|which|who|whom|that|whereas|while|but|compared|versus|vs|than|or|and|with|in|among|for|"
    r"after|until|if|when|patients|arms?|groups?|because|to)\b|[;:.()\[\]]|,"
)
# "On days 1 and 8, patients were given"
OPENING = re.compile(rf"[\"'(]?(?P<out>On\s{_ON_DAYS}|Every\s{_RANGE}\s{_TIME}|(?:Once|Twice)\s(?:daily|weekly)),?\s")
GIVEN = re.compile(r"\b(?:receiv\w+|given|administered|infused|took|injected)\b")
# A bracket that bounds the dose before it: "(maximum 2 mg)".
CAP = re.compile(rf"(?:{_RANGE}\s[a-z]+\sof\s|max|cap|loading|starting|initial|maintenance|up to|to a max|not (?:to )?exceed|total|cumulative|i\.e|equivalent|=|approx|about|≤|<)", re.IGNORECASE)
_AT = re.compile(r"(?:stage|phase|grade|class|type|factor|group|arm|level)s?\s$", re.IGNORECASE)


@cache
def _routes() -> tuple[re.Pattern[str], dict[str, str]]:
    forms = {form: code for code, printed in load("units").routes.items() for form in printed}
    ordered = sorted(forms, key=len, reverse=True)
    parts = (re.escape(form) if len(form) <= EXACT_ROUTE else f"(?i:{re.escape(form)})" for form in ordered)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?!\w)"), {form.lower(): code for form, code in forms.items()}


def route_at(text: str, start: int, end: int) -> re.Match[str] | None:
    """A printed route at an offset."""
    return _told(text, _routes()[0].match(text, start, end))


def routes_in(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The printed routes in `text[start:end]`."""
    return [match for match in _routes()[0].finditer(text, start, end) if _told(text, match)]


def route_code(printed: str) -> str:
    """The code of a printed route: iv, po, sc …"""
    return _routes()[1][printed.lower()]


def _told(text: str, match: re.Match[str] | None) -> re.Match[str] | None:
    """A match that is no Roman number: stage IV, grade III-IV."""
    if match is None or _AT.search(text, max(match.start() - 10, 0), match.start()):
        return None
    return match
