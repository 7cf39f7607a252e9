"""The words between a dose and the agents around it, and those that tell which agent it cannot be of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.components import Places
from extract.patterns import lazy_regex

# Agents whose dose is printed in gray.
RADIATION_NAME = lazy_regex(
    r"\b(?:TBI|TLI|TMI|TSEBT|SBRT|IORT)\b|irradiation|radiation|radiotherapy|radiosurgery|brachytherapy|proton therapy"
)
# Radiation that is named with what goes beside it.
MIXED = frozenset({"chemoradiotherapy"})
# Words for radiation that are no agents by themselves.
IRRADIATED = lazy_regex(r"\b(?:irradiat\w+|radi(?:ation|otherap\w+)|boost\w*|fraction\w*|RT)\b")

_KIND = (
    r"low|high|standard|full|half|reduced|fixed|flat|single|starting|initial|loading|maintenance|target|total|maxim\w+|"
    r"minimum|recommended|approved|usual|median|mean|average|cumulative|daily|weekly|monthly|once|twice|bolus|oral|orally|"
    r"intravenous|intravenously|iv|IV|subcutaneous|subcutaneously|SC|sc|po|PO|inhaled|topical|intramuscular|intrathecal|"
    r"continuous|first|second|higher|lower"
)
_FORM = r"doses?|tablets?|capsules?|infusions?|injections?|every|each|per|day|weeks?|the|a|an|of|\d"
# All that may stand between an agent and the dose beside it: "bisoprolol at a starting dose of", "melphalan (".
BEFORE_DOSE = lazy_regex(
    rf"(?:[\s(\[,:=~≤≥<>+|*®™-]|\b(?:{_KIND}|{_FORM}|at|to|from|in|with|was|were|is|are|be|being|given|administered|"
    r"infused|injected|taken|dosed|used|applied|started|initiated|continued|titrated|tapered|escalated|increased|"
    r"reduced|decreased|ranging|ramped|up|down|between|either|as|dosing|dosages?|levels?|therapy|treatment|about|"
    r"approximately|then|followed|by|arm|group|sodium|potassium|calcium|hydrochloride|hydrobromide|sul(?:f|ph)ate|"
    r"acetate|phosphate|mesylate|maleate|tartrate|succinate|fumarate|citrate|besylate|tosylate|alfa|beta)(?![\w-]))*"
)
# All that may stand between a dose and the agent after it: "40 mg of", "10 mg daily oral".
AFTER_DOSE = lazy_regex(
    rf"[)\]]?(?:[\s-]|\b(?:{_KIND}|{_FORM}|fractionated|cranial|nebuli[sz]ed|generic|liposomal|pegylated|recombinant|"
    r"unfractionated|elemental|bid|qd|other|either)(?!\w))*"
)
# "10 mg for ramipril"
FOR = lazy_regex(r"\s(?:\w+\s)?for\s(?:the\s)?")
# "15 mg/kg every 3 weeks of bevacizumab", "At 80 mg once daily, osimertinib …"
FOR_AGENT = lazy_regex(r"[^.;()]{0,60}\b(?:of|for)\s(?:the\s)?|[^.;()]{0,60},\s(?:oral\s|intravenous\s|the\s)?")
# Doses of one list: what stands between them.
DOSE_JOIN = lazy_regex(
    r"(?:\s?(?:,|/)\s?(?:(?:or|and|and/or)\s)?|\s(?:or|and|to|vs\.?|versus|and/or)\s)(?:either\s|up to\s)?"
)
RESPECTIVELY = lazy_regex(r"[^.;]{0,40}\brespectively\b")
AGENT_JOIN = lazy_regex(r"\s?[)\]]?(?:,|/|\+|-)?\s?(?:(?:and|or|plus|vs\.?|versus)\s)?(?:the\s|oral\s|low-dose\s)?")
CLAUSE_END = lazy_regex(r";|\.\s|\b(?:while|whereas)\b")
# An agent that was there before, or that the dose stands against: never the agent of a dose that is not beside it.
HISTORY = lazy_regex(
    r"\b(?:prior|previous(?:ly)?|former(?:ly)?|(?:pre-?|previously )treated with|refractory to|resistan(?:t|ce) to|"
    r"intoleran(?:t|ce) (?:of|to)|respon(?:se|ses|ders?|ded|d|ding) to|expos(?:ure|ed) to|na[iï]ve to|"
    r"contra-?indicat(?:ions? (?:to|for|against)|ed for)|fail(?:ed|ure of|ure to|ure on|ing)|instead of|rather than|"
    r"despite|without|from|replac(?:ed|es|ing)|withdrawal of|discontinu(?:ed|ation of|ing)|stopp(?:ed|ing)|after|"
    r"before|interact\w* with|allerg\w* to|ineligible for|unsuitable for|unfit for|no|not|avoid\w*)\s"
    r"(?:(?:the|any|a|oral|of|with|to)\s)*$",
    re.IGNORECASE,
)
STATUS = lazy_regex(
    r"[- ](?:na[iï]ve|refractory|resistan\w+|pre-?treated|treated|exposed|intoleran\w+|free|induced|related|"
    r"associated|sensitive|ineligible|experienced|sparing|failure|failed|users?|recipients?|patients)\b"
)
# An agent that only goes with another one.
COMPANION = lazy_regex(
    r"(?:\b(?:combin(?:ation|ed)|together|along|concomitant(?:ly)?|concurrent(?:ly)?|compar(?:ed|ison)|or without|"
    r"alternating|versus|vs\.?|than|add(?:ed|ition|ing) (?:of \w+ )?to|over|against|relative to|plus)"
    r"\s(?:with\s|to\s)?)(?:(?:the|a|oral|standard|low-dose|high-dose|intravenous)\s)*$",
    re.IGNORECASE,
)
WITH = lazy_regex(r"\s?[)\]]?\swith\s(?:(?:the|a|oral|standard)\s)*")
# A predicate: what comes after it need not be of the agent just before it.
PREDICATE = lazy_regex(r"\b(?:was|were|is|are|had|has|have|met|did|gave|[a-z]{3,}ed)\b")
# Agents whose amount is printed in units of activity.
DOSED_IN_UNITS = lazy_regex(
    r"insulin|heparin|parin\b|poetin|vitamin|calciferol|oxytocin|vasopressin|tropin|gonadotropin|ase\b|botulinum|interferon|"
    r"leukin\b|penicillin|factor|globulin|bleomycin|colisti|polymyxin|nystatin|antithrombin|calcitonin|retinol"
)


def dose_chains(text: str, doses: Sequence[tuple[int, int, str]], sentences: Places) -> Iterator[range]:
    """Runs of doses of one sentence that only commas, slashes and conjunctions part: "5, 10 or 20 mg"."""
    first = 0
    for index in range(1, len(doses) + 1):
        if index == len(doses) or not _chained(text, doses[index - 1], doses[index], sentences):
            yield range(first, index)
            first = index


def _chained(text: str, one: tuple[int, int, str], two: tuple[int, int, str], sentences: Places) -> bool:
    return (
        two[0] - one[1] <= 16
        and one[2].split("/")[0] == two[2].split("/")[0]
        and DOSE_JOIN.fullmatch(text, one[1], two[0]) is not None
        and sentences.at(one[0]) == sentences.at(two[0])
    )
