"""Counting: whether a count reports an outcome or only says how many people there are."""

from __future__ import annotations

import re

from extract.linking import Mark
from extract.patterns import lazy_regex
from extract.values import Count

_PEOPLE = (
    r"(?:patients?|subjects?|participants?|individuals?|persons?|people|men|women|children|adults|infants?|"
    r"adolescents?|boys|girls|"
    r"cases?|responders?|survivors?|recipients?|donors?|studies|trials?|reports?|cohorts?|centers?|centres?|sites|"
    r"countries)"
)
# "In 17 infants", "for the 75 patients", "of these 21", "with 43 patients"
_SIZE_BEFORE = lazy_regex(
    r"\b(?:[Oo]f|[Aa]mong|[Ii]n|[Ff]or|[Ff]rom|[Ww]ith|[Ww]ithin|[Tt]o|[Oo]n|[Bb]y|[Bb]etween|[Ii]ncluding|"
    r"[Ii]nvolving|[Ee]nrolling|[Cc]omprising|"
    r"[Aa]cross|[Tt]han|[Aa]fter|[Oo]ver)\s(?:(?:the|these|those|all|a\stotal\sof|a\scohort\sof|a\sseries\sof|"
    r"remaining|other|first|only|another)\s)*$|"
    r"\b[nN]\s?=\s?$|\b(?:both|total|the|these|those|cohort of|series of|groups? of|sample of|studied|describes?d?|"
    r"enrolled|included|recruited|"
    r"reviewed|randomi[sz]ed|treated|screened|analy[sz]ed|reported on|reports? on|compared)\s(?:the\s|a total of\s)?$"
)
# "was seen in 3 patients": the count of those who had the event.
_EVENT_BEFORE = lazy_regex(
    r"\b(?:occur\w*|seen|observed|reported|noted|recorded|documented|found|developed|diagnosed|detected|"
    r"experienced|present|required|"
    r"leading\sto\s\w+|led\sto\s\w+|resulted|happened|confirmed|achieved|fatal|needed|given|affect\w+|"
    r"by)\s(?:only\s)?(?:in|by|for|among)?\s?(?:the\s|only\s|just\s)?$",
    re.IGNORECASE,
)
_COHORT_AFTER = lazy_regex(
    r"\s(?:enrolled|randomi[sz]ed|recruited|screened|included|allocated|assigned)\b|"
    r"\s(?:[\w<>≤≥/+-]+\s){0,8}?(?:were|was|had\sbeen|have\sbeen|are|is)\s(?:\w+ly\s)?(?:treated|enrol\w+|included|"
    r"randomi[sz]ed|recruited|analy[sz]ed|"
    r"studied|evaluable|assessed|evaluated|screened|infused|allocated|assigned|identified|eligible|followed|"
    r"selected|registered|available|male|female|"
    r"men|women|aged|older|younger|performed|conducted|published|given)\b"
)
_NOT_PEOPLE = lazy_regex(
    r"\s(?:patient|person|participant|subject|woman|child)s?[\s-](?:years|months|days|weeks)\b|"
    r"\s(?:[\w-]+\s){0,2}?(?:of\sthe\s(?:following|above)|arms?|groups?|cycles?|courses?|doses?|weeks?|months?|"
    r"years?|days?|trials?|studies|countries|sites|"
    r"centres?|centers?|phases?|strategies|lines?|consecutive|drugs?|agents?|regimens?|levels?|reviewers?|authors?|"
    r"databases?|reports?|factors?|"
    r"meta-analys[ei]s|components?|outcomes?|endpoints?|risk|more|approaches|options|different|types?|parallel|"
    r"active|experimental|domains?|"
    r"measures|tests|timepoints?|time\spoints?|interventions?|analyses|publications?|articles|citations|records|"
    r"subgroups?|cohorts?|questions?)\b"
)
# "with three patients developing", "including one in whom it was fatal"
_PARTICIPLE = lazy_regex(
    rf"\s(?:[\w-]+\s){{0,2}}?(?:{_PEOPLE}\s)?(?:(?:experienc|develop|achiev|requir|hav|dy|be|relaps|progress|"
    rf"respond|surviv|attain|show)ing|"
    rf"(?:in|for|of)\s(?:whom|which))\b"
)
_ADJACENT = lazy_regex(
    r"\s(?:(?:fatal|severe|serious|major|minor|new|further|additional|late|early|confirmed|grade\s[\dIV-]+|"
    r"treatment-related)\s)*"
)
_BRACKET = lazy_regex(r"\s\([^()]*\)")
_QUANTIFIER = lazy_regex(r"(?:all|both|none|neither|no|each|every)$", re.IGNORECASE)
_NO_EFFECT = lazy_regex(
    r"\s(?:\w+\s){0,2}?(?:difference|effect|benefit|change|impact|evidence|association|correlation|improvement|"
    r"reduction|increase|data|significant|"
    r"information|consensus|advantage|influence|signal|relation\w*|trend|heterogeneity|clear|separate|specific|"
    r"single|randomi[sz]ed|study|studies|trials?|"
    r"longer|doubt|need|role|detailed|further\s(?:studies|data)|one|comparison|prior|previous|history|control|"
    r"comparator|anticoagul\w+|treatment|therapy)\b",
    re.IGNORECASE,
)
_PEOPLE_AFTER = lazy_regex(
    rf"\s(?:of\s)?(?:the\s|these\s|our\s|\d+\s|other\s|[\w-]+\s){{0,2}}?{_PEOPLE}\b", re.IGNORECASE
)
_VERB_AFTER = lazy_regex(
    r"\s(?:of\s(?:them|whom|these|those|the)\b|(?:had|have|has|were|was|died|relapsed|experienced|developed|"
    r"survived|achieved)\b)"
)


def is_result(text: str, mark: Mark, start: int, end: int, outcome: int | None) -> bool:
    """Whether a count can report an outcome; sizes of groups, studies and numbers of other things cannot.

    `outcome` is where the next outcome of the sentence begins.
    """
    value: Count = mark.value
    before, after = text[max(start, mark.start - 40) : mark.start], text[mark.end : min(end, mark.end + 110)]
    if value.total is None and _NOT_PEOPLE.match(after):
        return False
    if _QUANTIFIER.fullmatch(text[mark.start : mark.end]):
        if value.n is None and text[mark.start : mark.end].lower() != "all":
            return False
        return not _NO_EFFECT.match(after) and bool(
            _PEOPLE_AFTER.match(after) or _VERB_AFTER.match(after) or text[mark.start : mark.end].lower() == "no"
        )
    after = _BRACKET.sub("", after)
    if before.endswith("least "):
        return False
    if value.total is not None or _EVENT_BEFORE.search(before) or _PARTICIPLE.match(after):
        return True
    if outcome is not None and _ADJACENT.fullmatch(text[mark.end : outcome]):
        return True
    return not _SIZE_BEFORE.search(before) and not _COHORT_AFTER.match(after)
