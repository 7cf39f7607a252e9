"""Doses: amounts of drugs and radiation with their UCUM unit and agent.

Values that share one unit ("5 or 15 µg/m²/day") are spans of their own. Comparators and schedules stay outside. A
number with a unit that also measures other things (g, mL, U, mmol) is a dose only where its sentence names an agent.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import (
    Component,
    Places,
    adapt_tokenizer,
    make_spans,
    sentence_spans,
    text_of,
    values,
    zone_spans,
)
from extract.components.dose_agents import RADIATION_UNITS, bind_agents
from extract.components.dose_words import BEFORE_DOSE
from extract.components.grammar import NUMBER, begun, comparator_before, decimal, quantity
from extract.document import CharSpan
from extract.lexicons import Units, load
from extract.patterns import lazy_regex
from extract.values import Dose

EXACT_LENGTH = 3  # printed forms up to this length match as written, longer ones in any case
# Units that measure food, fluids, tissue or blood as often as drugs.
_AMBIGUOUS = frozenset(
    {"g", "mL", "uL", "U", "kU", "mU", "mmol", "umol", "nmol", "meq", "J", "mJ", "[ppm]", "RAD", "ng", "L"}
)
_VOLUMES = frozenset({"mL", "uL", "L"})
_NEAR = 60  # characters between a volume and its agent
_TO_VOLUME = lazy_regex(rf"(?:{BEFORE_DOSE.pattern})(?:{NUMBER}\s?%\s?(?:[(,]\s?)?)?")
_OF_VOLUME = lazy_regex(rf"\s(?:of\s)?(?:an?\s)?(?:{NUMBER}\s?%\s)?(?:oral\s|hyperbaric\s|plain\s|hypertonic\s)?")
_START = r"(?<![\w.,·])(?<!\d-)"  # a slash may stand before a dose: 300/200 mg
_STARTS = lazy_regex(r"[\d.](?<![\w.,·].)(?<!\d-.)")  # `_START` and what a number begins with, found faster
REACH = 400  # characters from the start of a number to the end of its unit
# What is measured in a dose's unit and is none.
_MEASURED = lazy_regex(
    r"\b(?:weigh\w*|birth ?weight|proteinuria|albuminuria|excretion|haemoglobin|hemoglobin|creatinine|glucose|"
    r"cholesterol|ferritin|"
    r"blood loss|volume|(?<!dose )levels?|(?<!dose )concentrations?|calcium score|protein loss|sodium intake|"
    r"salt intake|urine|ejection)\b[^.;:,()]{0,30}$",
    re.IGNORECASE,
)
_GIVEN = lazy_regex(r"\b(?:receiv\w+|given|got|took|taking|doses?|kg)\b")
_CHANGED = lazy_regex(r"[^.;]{0,50}\b(?:by|differences?|changes?|gain(?:ed)?|loss|lost)\b[^.;()]{0,12}$", re.IGNORECASE)
_RANGING = lazy_regex(r"\brang\w+\s(?:from|between)\s$", re.IGNORECASE)
# "… 5 or", "… 5, 10 and": what joins a number to the next one that carries the unit.
_JOINT = lazy_regex(rf"(?P<number>(?<![\w.,%/+-])(?:{NUMBER}))\s?(?:,|/|,?\s?(?:or|and|to|vs\.?|versus|and/or)\s)\s?$")
_CHANGE = lazy_regex(r"\b(?:from|between|reduced|increased|escalated|decreased)\b[^.;()]{0,60}$", re.IGNORECASE)
# Another denominator (a concentration, an index), or a product with time (an area under the curve).
_OTHER_MEASURE = lazy_regex(r"\s?/\s?[A-Za-z%]|[⁻²³]|\s?(?:m²|m2)\b|\s?[•·∙⋅*×]\s?(?:h|hr|hour|min|day|d)\b")
_EXPOSURE = lazy_regex(r"[·.]\s?(?:h|hr|hrs|hours?|min|minutes?|d|days?)\s?/")
_ORDINAL_BEFORE = lazy_regex(r"\b(?:days?|weeks?|months?|cycles?|visits?)\s$", re.IGNORECASE)


class Doses(Component):
    """Finds DOSE spans; reads the groups `sentences` and `agents`."""

    group = "doses"

    def __init__(self, units: Units) -> None:
        self._amounts = {form: code for code, forms in units.amounts.items() for form in forms}
        self._per = {form: code for code, forms in units.per.items() for form in forms}
        self._folded = {
            name: {form.lower(): code for form, code in table.items() if len(form) > EXACT_LENGTH}
            for name, table in (("amount", self._amounts), ("per", self._per))
        }
        self._not_doses = frozenset(form.replace(" ", "") for form in units.not_doses)
        per = _alternation(self._per)
        self._pattern = lazy_regex(
            rf"{_START}(?P<low>{NUMBER})(?:(?:\s?-\s?|\sto\s)(?P<high>{NUMBER}))?[ \t]?(?:-(?=[a-zA-Zµ]))?"
            rf"(?P<amount>{_alternation(self._amounts)})(?![A-Za-z])"
            rf"(?P<per>(?:(?:\s?/\s?|\s?per\s|\s?·\s?|\.|\s(?=\w{{1,3}}⁻))(?:{per})(?![A-Za-z²³]))*)"
        )
        self._per_part = lazy_regex(rf"(?:/|per\s|·|\.|\s(?=\w{{1,3}}⁻))\s?(?P<form>{per})(?![A-Za-z²³])")

    def find(self, doc: Doc) -> list[Span]:
        """Doses in text order."""
        text = text_of(doc)
        agents = [(start, end) for start, end, _ in values(doc, "agents")]
        places = Places(sentence_spans(doc))
        found: list[tuple[int, int, Dose]] = []
        for zone in zone_spans(doc):
            taken = zone.start
            for match in begun(self._pattern, _STARTS, text, zone.start, zone.end, after=REACH):
                unit = self._unit(match)
                if unit is None or not self._is_dose(text, match, unit, agents, places):
                    continue
                for start, end, low, high in _shared(text, match, taken):
                    found.append((start, end, Dose(quantity(low, high), unit, None, comparator_before(text, start))))
                taken = match.end()
        bound = bind_agents(doc, [(start, end, dose.unit) for start, end, dose in found])
        named = [
            (s, e, replace(d, agent=b.printed(text) if b else None)) for (s, e, d), b in zip(found, bound, strict=True)
        ]
        return make_spans(doc, named, "DOSE")

    def _unit(self, match: re.Match[str]) -> str | None:
        """The UCUM code of the printed unit; None for what is no unit of a dose."""
        amount = self._code("amount", match["amount"])
        parts = [self._code("per", part["form"]) for part in self._per_part.finditer(match["per"])]
        if amount is None or None in parts:
            return None
        printed = (match["amount"] + match["per"]).replace(" ", "")
        if printed in self._not_doses or (printed.replace("per", "/") in self._not_doses):
            return None
        return "/".join([amount, *(part for part in parts if part)])

    def _code(self, table: str, form: str) -> str | None:
        exact = self._amounts if table == "amount" else self._per
        return exact.get(form) or self._folded[table].get(form.lower())

    def _is_dose(
        self, text: str, match: re.Match[str], unit: str, agents: Sequence[tuple[int, int]], places: Places
    ) -> bool:
        after = text[match.end() : match.end() + 12]
        if Decimal(0) == decimal(match["low"]) and "." not in match["low"] and len(match["low"]) > 1:
            return False  # the rest of a number that was printed in groups
        if _OTHER_MEASURE.match(after) or _EXPOSURE.search(match["per"]):
            return False
        if text[max(match.start() - 2, 0) : match.start()].rstrip().endswith("±"):
            return False  # the deviation of a mean
        amount = unit.split("/", maxsplit=1)[0]
        by_size = "/m2" in unit or "/kg" in unit
        dissolved = unit.endswith(("/mL", "/L"))
        place = places.at(match.start())
        if ((amount in _AMBIGUOUS and not by_size) or dissolved) and not _names_agent(place, agents):
            return False
        if amount in _AMBIGUOUS and not by_size and _is_difference(text, match.start()):
            return False
        if amount in _VOLUMES and not by_size and not _beside_agent(text, match, agents):
            return False
        measured = _MEASURED.search(text, max(match.start() - 60, 0), match.start())
        return amount in RADIATION_UNITS or not measured or _GIVEN.search(measured[0]) is not None


def _alternation(forms: dict[str, str]) -> str:
    """Printed forms, longest first; long ones in any case; a space may be missing."""
    ordered = sorted(forms, key=len, reverse=True)
    parts = (re.escape(form) if len(form) <= EXACT_LENGTH else f"(?i:{re.escape(form)})" for form in ordered)
    return "|".join(parts)


def _shared(text: str, match: re.Match[str], floor: int) -> list[tuple[int, int, str, str | None]]:
    """The spans of one match: the value with the unit, and values before it that share the unit."""
    low, high, start = match["low"], match["high"], match.start("low")
    spans: list[tuple[int, int, str, str | None]] = []
    separator = text[match.end("low") : match.start("high")] if high else ""
    if high and _ORDINAL_BEFORE.search(text, max(start - 12, floor), start):
        spans = [(match.start("high"), match.end(), high, None)]
    elif high and "to" in separator and _is_change(text, max(start - 80, floor), start):
        spans = [(start, match.end("low"), low, None), (match.start("high"), match.end(), high, None)]
    else:
        spans = [(start, match.end(), low, high)]
    while True:
        joint = _JOINT.search(text, max(start - 24, floor), start)
        if joint is None or _is_other(text, joint):
            return spans
        start = joint.start("number")
        spans.insert(0, (start, joint.end("number"), joint["number"], None))


def _is_change(text: str, start: int, end: int) -> bool:
    """Whether "5 to 10 mg" is a step from one dose to another and no range."""
    return _CHANGE.search(text, start, end) is not None and _RANGING.search(text, start, end) is None


def _is_other(text: str, joint: re.Match[str]) -> bool:
    """Whether a joined number is no amount: a citation, a year, a count or a day."""
    number = joint["number"]
    before = text[max(joint.start("number") - 12, 0) : joint.start("number")]
    year = re.fullmatch(r"(?:19|20)\d\d", number) is not None
    return (
        year
        or re.search(r"(?:\b(?:n|N|p|P)\s?[=<]\s?|days?\s|weeks?\s|grades?\s|phase\s|levels?\s)$", before) is not None
    )


def _is_difference(text: str, start: int) -> bool:
    """Whether an amount is the change of a measure: "fell by 8 g with losartan"."""
    changed = _CHANGED.search(text, max(start - 80, 0), start)
    return changed is not None and _GIVEN.search(changed[0]) is None


def _names_agent(place: CharSpan | None, agents: Sequence[tuple[int, int]]) -> bool:
    """Whether an agent begins in the sentence or cell."""
    return place is not None and bisect_left(agents, (place[0], 0)) < bisect_left(agents, (place[1], 0))


def _beside_agent(text: str, match: re.Match[str], agents: Sequence[tuple[int, int]]) -> bool:
    """Whether an agent stands right before a volume ("lidocaine 2% 5 mL") or right after it ("5 mL of lidocaine")."""
    index = bisect_left(agents, (match.start(), 0))
    before = index > 0 and match.start() - agents[index - 1][1] <= _NEAR
    after = index < len(agents) and agents[index][0] - match.end() <= _NEAR
    return bool(
        (before and _TO_VOLUME.fullmatch(text, agents[index - 1][1], match.start()))
        or (after and _OF_VOLUME.fullmatch(text, match.end(), agents[index][0]))
    )


@Language.factory("extract_doses", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> Doses:
    """The component for `nlp.add_pipe("extract_doses")`."""
    adapt_tokenizer(nlp)
    return Doses(load("units"))
