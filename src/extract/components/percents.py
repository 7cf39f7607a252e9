"""Percentages: value or range, what each is (role), shared signs, number words, and those whose sign stands elsewhere.

Roles are read from the words around the number: `level` and `interval` of a confidence interval, `error`, `threshold`,
`quantile`, `design`; everything else is a `value`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, Places, Zone, adapt_tokenizer, make_spans, sentence_spans, text_of, zones
from extract.components.grammar import (
    NUMBER,
    NUMBER_WORD,
    NUMBER_WORDS,
    PERCENT_SIGN,
    START,
    comparator_before,
    decimal,
    near,
    quantity,
)
from extract.components.table_percents import table_percents
from extract.patterns import lazy_regex
from extract.values import Percent, PercentRole, Quantity

_SIGNED = lazy_regex(
    rf"(?P<minus>(?<=[\s(\[=:,])-(?=[\d.]))?{START}(?P<low>{NUMBER})"
    rf"(?:(?P<lowsign>\s?%)?(?P<sep>\s?-\s?|\sto\s)(?P<highminus>-)?(?P<high>{NUMBER}))?\s?(?P<sign>{PERCENT_SIGN})"
)
_WORDED = lazy_regex(
    rf"(?<![\w-])(?P<words>{NUMBER_WORD})[\s-](?:per\s?cent|percentage|percent)(?![a-z])", re.IGNORECASE
)
_SIGN = lazy_regex(r"%|per\ ?cent")
_SIGN_WORD = lazy_regex(r"[Pp]er\ ?cent")
_VERSUS_WORD = lazy_regex(r"v(?:s|ersus)(?=[. ])")
# What joins a number to a later one that carries the sign.
_JOINT = lazy_regex(
    rf"(?P<number>(?<![\w.,%/·-]){NUMBER})\s?(?P<joint>,|,?\s?(?:or|and|vs\.?|versus|to)\s|/|,\s?vs\.?\s|"
    rf"\s?±)\s?(?:[<>≤≥]\s?)?$"
)
_COUNTED = lazy_regex(
    r"(?:±|\b(?:SEM?|SD|CI|HR|OR|RR|one\sin|n|N|p|P|week|weeks|day|days|month|months|year|years|grade|grades|phase|"
    r"cycle|cycles|table|tables|figure|figures|"
    r"group|groups|level|levels|arm|arms|class|stage|aged|age|score|type|factor|chromosome|version|ratio|cohort|"
    r"part)\s?[=<>]?\s?|(?:\d|\b(?:n|one|two|three|four|five|six|seven|eight|nine|ten|none))\sof\s(?:the\s)?|(?-i:\bOf)\s(?:the\s)?)$",
    re.IGNORECASE,
)
_CHANGED = lazy_regex(r"\bfrom\b[^.;]{0,60}$", re.IGNORECASE)
_RANGED = lazy_regex(r"\brang(?:ed|ing|es?)\b[^.;]{0,30}$", re.IGNORECASE)

_LEVEL_AFTER = lazy_regex(
    r"[)\]]?[\s-]?(?:(?:two-sided|one-sided|Bayesian|bootstrap\w*|exact|binomial|Wilson|Clopper-Pearson)\s){0,3}"
    r"(?:CIs?\b|CrIs?\b|CLs?\b|PIs?\b|HDI\b|UI\b|[Cc]onf(?:idence|ident)\b|[Cc]redible\b|"
    r"[Pp]rediction\s+[Ii]nterval|[Uu]ncertainty\s+[Ii]nterval|[Ll]imits\s+of)"
)
_LEVEL_BEFORE = lazy_regex(r"(?:\bCIs?|\b[Cc]onfidence\s[Ii]ntervals?)\s?[(\[]?\s?$")
_LEVELS = frozenset({"80%", "90%", "95%", "97.5%", "99%"})
_INTERVAL_BEFORE = lazy_regex(
    r"(?:\bCIs?\b|\bCrIs?\b|\bintervals?\b|\bIntervals?\b|\blimits\b)[)\]]?\s*[:,=;]?\s*(?:of\s|from\s|was\s|is\s|"
    r"ranging\sfrom\s)?[(\[]?\s*$"
)
_INTERVAL_PAIR = lazy_regex(r"^\s?(?:,|;|to|-|and)\s?$")
_ERROR_BEFORE = lazy_regex(
    r"(?:±|\+/-|\+-|\bSEM?|\bSD|\bs\.e\.|\bstandard\s(?:error|deviation)s?)[)\]]?\s*[:,=]?\s*(?:of\s)?$"
)
_BARE_COMPARATOR = lazy_regex(r"(?P<context>.{0,40}?)(?:<=|>=|[<>≤≥])\s?$", re.DOTALL)
_REPORTED = lazy_regex(
    r"\b(?:was|were|is|are|remained|remains|became|being|be|been|at|to|by|fell|dropped|rose)\s(?:only\s|still\s|"
    r"approximately\s)?$"
)
_CONDITION = lazy_regex(r"\b(?:when|if|whose|where|once|unless|until)\b[^.;,]{0,36}$", re.IGNORECASE)
_EXPRESSED = lazy_regex(r"\sin\s\d")  # "was ≥1% in 64%": the share follows the cut-off
_OF_PEOPLE = lazy_regex(
    r"\sof\s(?:the\s|all\s)?(?:\w+\s)?(?:patients|subjects|participants|children|women|men|cases)\b"
)
_CRITERION_IN = lazy_regex(r"\b(?:in|with|by|if)\s$")
_SHARE = lazy_regex(r"\b(?:in|affects?|affecting)\s$")
_SOLE = lazy_regex(r"[(\[]\s?$")
_WORD_COMPARATOR = lazy_regex(
    r"\b(?:at least|more than|less than|greater than|fewer than|lower than|higher than|up to|exceeding|above|"
    r"below|over|under)\s(?:a\s|the\s)?$",
    re.IGNORECASE,
)
_CRITERION = lazy_regex(
    r"(?:\b(?:occurr(?:ed|ing)|reported|seen|observed|affecting|present|found)\s(?:in|at)|\bdefined\s(?:as|by)|"
    r"\bthreshold|\bcut-?offs?|"
    r"\bif\b|\bwhen\b|\bwho\shad|\bwith\b|\bhaving\b|\brequir\w+|\beligib\w+|\bcriteri\w+|\bwhose\b|\bby\b|"
    r"\bof\b)[^.;,]{0,40}$",
    re.IGNORECASE,
)
_OR_MORE = lazy_regex(r"\sor\s(?:more|greater|above|less|fewer|below)\b")
_CUTOFF_BEFORE = lazy_regex(
    r"\b(?:cut-?offs?|cut-?points?|thresholds?)(?:\s(?:value|level|limit))?(?:\s(?:of|was|is|at)|:|\s?=)\s$",
    re.IGNORECASE,
)
_CUTOFF_AFTER = lazy_regex(r"^[^.;]{0,20}\b(?:cut-?offs?|thresholds?|as the cut)\b", re.IGNORECASE)
_I_SQUARED = lazy_regex(
    r"\bI(?:\s?[2²]|-squared|\ssquared)(?:\s(?:statistic|value|values|index)s?)?\s?(?:of\s|was\s|is\s|=|:|"
    r",)?\s?(?P<cut>[<>≤≥]\s?)?$"
)
_HETEROGENEITY_CUT = lazy_regex(
    r"\bheterogeneity\s(?:was|were|is|as|if|when|defined\sas|corresponds?\sto)?\s?(?:[<>≤≥]\s?)?$|"
    r"\bI\s?[2²][^.]{0,60}[<>≤≥]\s?$",
    re.IGNORECASE,
)
_DESIGN_BEFORE = lazy_regex(
    r"\b(?:assum(?:ed?|es|ing|ption)\w*|to\sexclude|to\sdetect|sample\ssize|type\sI+\serror|alpha|"
    r"significance\slevel|(?:non-?inferiority|equivalence)\smargin|null\shypothesis|hypothesi[sz]ed|expected\sto\sbe|power\sof|"
    r"dropout|drop-out|attrition|weights?\sof|weight(?:ed|ing)?)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_DESIGN_AFTER = lazy_regex(
    r"^\s(?:statistical\s)?(?:power|significance|weight|two-sided\ssignificance|alpha|dropout|drop-out|attrition|"
    r"non-?inferiority)\b"
)
_QUANTILE_AFTER = lazy_regex(r"^\s?(?:quantiles?|quartiles?|percentiles?)\b", re.IGNORECASE)

_QUANTILE_BEFORE = lazy_regex(r"\b(?:lowest|highest|top|bottom|upper|lower)\s$", re.IGNORECASE)
_PROBABILITY = lazy_regex(
    r"\b(?:OS|EFS|DFS|PFS|RFS|LFS|GRFS|TRM|NRM|CIR|ORR|survival|response\srates?|relapse\srates?|"
    r"remission\srates?|mortality)\b[^.;%]{0,40}$"
)
_VERSUS = lazy_regex(
    rf"{START}(?P<first>{NUMBER})\s(?:vs\.?|versus)\s(?P<second>{NUMBER})(?![\w.%/]|\s?%|,\d)(?!\s?-\s?\d)"
)
_OTHER_UNIT = lazy_regex(
    r"^\s?(?:months?|years?|weeks?|days?|hours?|min|mo\b|y\b|yr|d\b|mg|g\b|kg|µg|mm|cm|mL|ml|points?|score|beats|"
    r"pg|ng|mmol|patients|events|deaths|"
    r"participants|subjects|cases|of\s\d)"
)
_NO_PROBABILITY = lazy_regex(r"\b(?:median|mean|months|HR|hazard|ratio|years)\b", re.IGNORECASE)
_OTHER_MEASURE = lazy_regex(r"\b(?:ratios?|HR|OR|RR|difference|MD|SMD|WMD|median|mean|p)\b", re.IGNORECASE)
_BOUNDS = lazy_regex(
    rf"(?P<open>\s?[(\[;,]\s?)(?:(?P<inner>[^()\[\]]{{0,60}}?)\b(?:CI|CrI|"
    rf"interval)\)?\s?[:,=;]?\s?)[(\[]?(?P<low>-?{NUMBER})(?:\s?-\s?|\sto\s|"
    rf"\s?[,;]\s?)(?P<high>-?{NUMBER})(?!\s?%|[\d.])"
)
_BARE_BOUNDS = lazy_regex(rf"\s?[(\[](?P<inner>)(?P<low>-?{NUMBER})(?:\s?-\s?|\sto\s)(?P<high>-?{NUMBER})(?=\s?[)\];])")
LIST_REACH = 200  # characters over which a list of results keeps the way it prints its intervals


@dataclass(slots=True)
class _Found:
    start: int
    end: int
    quantity: Quantity
    role: PercentRole = "value"
    implicit: bool = False


class Percents(Component):
    """Finds PERCENT spans; reads the group `sentences`."""

    group = "percents"

    def find(self, doc: Doc) -> list[Span]:
        """Percentages in text order."""
        text = text_of(doc)
        places = Places(sentence_spans(doc))
        found: list[_Found] = []
        for zone in zones(doc):
            found.extend(_in_zone(text, zone, places))
        return make_spans(
            doc,
            [
                (f.start, f.end, Percent(f.quantity, f.role, f.implicit, comparator_before(text, f.start)))
                for f in found
            ],
            "PERCENT",
        )


def _in_zone(text: str, zone: Zone, places: Places) -> list[_Found]:
    matches = near(_SIGNED, _SIGN, text, zone.start, zone.end, before=40, after=24)
    signed = [each for match in matches for each in _expand(text, match, zone.start)]
    for match in near(_WORDED, _SIGN_WORD, text, zone.start, zone.end, before=20, after=12):
        number = Quantity(value=quantity(str(NUMBER_WORDS[match["words"].lower()])).value)
        signed.append(_Found(match.start(), match.end(), number))
    signed.sort(key=lambda each: each.start)
    previous: _Found | None = None
    for each in signed:
        sentence = places.at(each.start)
        first, last = (sentence[0], sentence[1]) if sentence else (zone.start, zone.end)
        each.role = _role(text, each, first, last, previous)
        previous = each
    if zone.block is not None and zone.block.table is not None:
        taken = [(each.start, each.end) for each in signed]
        for start, end, number, role in table_percents(text, zone.block.table, taken):
            signed.append(_Found(start, end, number, role, implicit=True))
    signed.extend(_versus(text, zone, signed))
    signed.extend(_bounds(text, zone, signed))
    return signed


def _expand(text: str, match: re.Match[str], floor: int) -> list[_Found]:
    """The spans of one signed number: itself, the other end of a change, and numbers before it that share the sign."""
    low, high = match["low"], match["high"]
    start = match.start("minus") if match["minus"] else match.start("low")
    low_text = ("-" if match["minus"] else "") + low
    high_text = ("-" if match["highminus"] else "") + high if high else None
    if high_text and re.fullmatch(r"(?:19|20)\d\d", low) and not match["lowsign"]:
        start = match.start("highminus") if match["highminus"] else match.start("high")
        return [_Found(start, match.end(), quantity(high_text))]
    if high_text and _is_change(text, match):
        first = _Found(start, match.end("lowsign") if match["lowsign"] else match.end("low"), quantity(low_text))
        second_start = match.start("highminus") if match["highminus"] else match.start("high")
        return [first, _Found(second_start, match.end(), quantity(high_text))]
    spans = [_Found(start, match.end(), quantity(low_text, high_text))]
    if match["lowsign"]:
        return spans
    listed = False
    while joint := _JOINT.search(text, max(start - 24, floor), start):
        kind = joint["joint"].strip()
        if (kind in {",", "/"} and not listed) or not _is_percent(text, joint):
            break
        listed = True
        start = joint.start("number")
        spans.insert(0, _Found(start, joint.end("number"), quantity(joint["number"])))
    return spans


def _is_change(text: str, match: re.Match[str]) -> bool:
    """Whether `A to B%` is a change from A to B and not a range."""
    before = max(match.start() - 80, 0)
    return (
        "to" in match["sep"]
        and bool(_CHANGED.search(text, before, match.start()))
        and not _RANGED.search(text, before, match.start())
    )


def _is_percent(text: str, joint: re.Match[str]) -> bool:
    """Whether a joined number can be a percentage: no year, count, time or part of a label."""
    number = joint["number"]
    if re.fullmatch(r"(?:1[89]|20)\d\d", number) or decimal(number) > 1000:
        return False
    before = text[max(joint.start("number") - 14, 0) : joint.start("number")]
    return _COUNTED.search(before) is None


def _role(text: str, found: _Found, first: int, last: int, previous: _Found | None) -> PercentRole:
    """What the percentage is, by the words around it in its sentence."""
    before, after = text[max(first, found.start - 90) : found.start], text[found.end : min(last + 24, found.end + 60)]
    if _LEVEL_AFTER.match(after) or (text[found.start : found.end] in _LEVELS and _LEVEL_BEFORE.search(before)):
        return "level"
    if _INTERVAL_BEFORE.search(before):
        return "interval"
    if previous is not None and previous.role == "interval" and _INTERVAL_PAIR.match(text[previous.end : found.start]):
        return "interval"
    if _ERROR_BEFORE.search(before):
        return "error"
    if (
        previous is not None
        and found.quantity.low is not None
        and previous.role == "value"
        and previous.quantity.value is not None
    ):
        low, value, high = found.quantity.low, previous.quantity.value, found.quantity.high
        alone = text[previous.end : found.start] in {" (", " [", "("} and after[:1] in ")]"
        if alone and high is not None and low <= value <= high:
            return "interval"
    if (
        _QUANTILE_AFTER.match(after)
        or _QUANTILE_BEFORE.search(before)
        or (found.start == first and found.end == last and text[found.start : found.end] in {"25%", "75%"})
    ):
        return "quantile"
    squared = _I_SQUARED.search(before)
    if squared:
        return "threshold" if squared["cut"] else "design"
    if _HETEROGENEITY_CUT.search(before):
        return "threshold"
    if _DESIGN_AFTER.match(after) or _DESIGN_BEFORE.search(before):
        return "design"
    return "threshold" if _is_threshold(before, after) else "value"


def _is_threshold(before: str, after: str) -> bool:
    if _CUTOFF_AFTER.match(after) or _OR_MORE.match(after) or _CUTOFF_BEFORE.search(before):
        return True
    comparator = _BARE_COMPARATOR.search(before) if before.rstrip()[-1:] in {*"<>=≤≥"} else None
    if comparator:
        context = comparator["context"] + " " if not comparator["context"].endswith(" ") else comparator["context"]
        if _REPORTED.search(context) or not context.strip():
            return bool(_CONDITION.search(context)) or bool(_EXPRESSED.match(after))
        sign = before.rstrip()[-1]
        if sign in ">≥" and _OF_PEOPLE.match(after) and not _CRITERION_IN.search(context):
            return False
        if sign in "<≤" and _SHARE.search(context) and after.startswith(" of "):
            return False
        return not (_SOLE.search(context.rstrip() + " ") and sign == "<" and after[:1] in ")];")
    words = _WORD_COMPARATOR.search(before)
    return bool(words) and bool(_CRITERION.search(before[: words.start()] if words else ""))


def _versus(text: str, zone: Zone, signed: list[_Found]) -> list[_Found]:
    """`DFS 50 vs. 37`: bare pairs after an endpoint that is a probability."""
    found: list[_Found] = []
    for match in near(_VERSUS, _VERSUS_WORD, text, zone.start, zone.end, before=16, after=24):
        if any(each.start < match.end() and match.start() < each.end for each in signed):
            continue
        before = text[max(match.start() - 60, zone.start) : match.start()]
        probable = _PROBABILITY.search(before)
        numbers = [decimal(match[name]) for name in ("first", "second")]
        if (
            probable
            and not _NO_PROBABILITY.search(before)
            and all(1 <= number <= 100 for number in numbers)
            and not _OTHER_UNIT.match(text[match.end() : match.end() + 16])
        ):
            found.extend(_Found(*match.span(n), quantity(match[n]), implicit=True) for n in ("first", "second"))
    return found


def _bounds(text: str, zone: Zone, signed: list[_Found]) -> list[_Found]:
    """Unsigned bounds of an interval in the bracket right after a percentage."""
    found: list[_Found] = []
    starts = {each.start for each in signed}
    stated = -LIST_REACH  # where the last interval that is called one ends: its siblings may be bare brackets
    for each in signed:
        if each.role != "value":
            continue
        limit = min(zone.end, each.end + 120)
        match = _BOUNDS.match(text, each.end, limit)
        if match is None and each.start - stated <= LIST_REACH:
            match = _BARE_BOUNDS.match(text, each.end, limit)
        if match and not _OTHER_MEASURE.search(match["inner"] or "") and match.start("low") not in starts:
            between = text[match.end("low") : match.start("high")]
            if "," in between or ";" in between:
                parts = [(match.span(name), quantity(match[name])) for name in ("low", "high")]
            else:
                parts = [((match.start("low"), match.end("high")), quantity(match["low"], match["high"]))]
            found.extend(_Found(*place, number, "interval", implicit=True) for place, number in parts)
            stated = match.end()
    return found


@Language.factory("extract_percents", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> Percents:
    """The component for `nlp.add_pipe("extract_percents")`."""
    adapt_tokenizer(nlp)
    return Percents()
