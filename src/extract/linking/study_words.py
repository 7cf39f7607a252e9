"""Words that tell whose results a sentence reports: they open a study, resume one, compare it, cut clauses.

What reads whole sentences reads them in lower case.
"""

from __future__ import annotations

import re

from extract.patterns import lazy_regex

_PARTICLE = r"(?:[Vv]an|[Vv]on|[Dd]e[rnl]?|[Dd]i|[Dd]a|[Dd]u|[Ll]e|[Ll]a|[Ee]l|[Aa]l|[Tt]en|[Tt]er)[ -]"
_NAME = rf"(?:{_PARTICLE})*[A-ZÀ-Ž][\w'À-ž-]+"
AUTHOR = lazy_regex(
    rf"(?P<author>{_NAME})(?:\s[A-Z]{{1,3}})?,?\s(?:et\sal\b\.?|and\s(?:colleagues|co-?workers|co-?authors|"
    rf"associates|collaborators)|"
    rf"(?:and|&)\s{_NAME}(?=,?\s(?:reported|presented|showed|found|described|analy[sz]ed|conducted|observed|[(\[])))"
)
_STUDY = (
    r"(?:trial|study|analysis|analyses|report|series|cohort|experience|meta-analysis|metaanalysis|review|abstract|"
    r"programme|program|project|survey|investigation|registry|database|substudy|sub-study|publication|paper)"
)
# Analyses of a study already spoken of. These and the next read the sentence in lower case.
NOT_NEW = lazy_regex(
    r"\b(?:post[ -]?hoc|sub-?group|multivaria\w+|univaria\w+|interim|exploratory|sensitivity|intention-to-treat|"
    r"per-protocol|"
    r"updated?|landmark|secondary|planned|pre-?specified|final|primary|propensity\S*|matched|regression|cox|"
    r"competing\S*|"
    r"adjusted|ad hoc|further|mature|longer|follow-up)\b",
)
# "a retrospective analysis", "another study", "data from a series": a study not spoken of before.
NEW = lazy_regex(
    rf"\b(?:an?|one|another|other|two|three|four|several|some|second|third|further|different|separate|parallel|"
    rf"recent|earlier|previous)\s(?:(?!(?:in|of|the|with|for|to|by|from|on|at|who|that|which|an?|was|were|is|are|"
    rf"had|has)\s)"
    rf"[\w/,.'()<>≥≤-]+\s){{0,7}}?{_STUDY}(?P<plural>s|es)?\b(?!\s(?:arm|group|drug|period|population|participant|"
    rf"patient|"
    rf"team|product|design|medication|treatment))",
)
# "The study", "This trial", "in the same cohort", "these authors": the study spoken of before.
SAME = lazy_regex(
    rf"\b(?:the|this|that|its|their|same|our|these|those)\s(?:same\s|present\s|latter\s|whole\s|entire\s|full\s|"
    rf"overall\s)?"
    rf"(?:(?:randomi[sz]ed|phase\s\w+|pivotal|pilot|clinical|large|small|multicent(?:re|er)|prospective|"
    rf"retrospective|registration)\s)?"
    rf"(?:{_STUDY}|(?:authors?|investigators?|researchers?|protocol|group|subgroup|patients?|population|participants?|"
    rf"randomi[sz]ation|treatment|(?:\w+\s)?(?:regimen|combination|approach|strategy))s?)\b",
)
OPENS_SAME = lazy_regex(
    rf"(?:(?:however|moreover|furthermore|in addition|additionally|finally|notably|of note|also|similarly|subsequently|"
    rf"interestingly|importantly|overall|in contrast|by contrast|conversely),?\s)?"
    rf"(?:(?:the\s)?(?:\w+\s)?(?:results|findings|data|"
    rf"end-?point|analys[ei]s|aim|objective)\s(?:of|from|in)\s|(?:in|within|of|among|at)\s)?(?:the|this|that|these)\s"
    rf"(?:same\s)?(?:{_STUDY}|authors|investigators)\b(?!\s(?:by|from)\s)",
)
# Sentences that draw together what was said and are no study's own.
SUMMARY = lazy_regex(
    r"(?:in (?:summary|conclusion|general|brief|short|aggregate)|to (?:summari[sz]e|conclude|date)|taken together|"
    r"collectively|"
    r"altogether|summari[sz]ing|thus far|these (?:studies|trials|reports)|"
    r"(?:the )?(?:present|current|available) (?:data|evidence)|current(?:ly)?\b|(?:in )?(?:the|this|our|"
    r"present) (?:review|meta-analysis))\b",
)
_AUXILIARY = r"was|were|had|did"
PAST = lazy_regex(
    rf"(?<!-)\b(?:{_AUXILIARY}|died|met|gave|led|rose|fell|became|underwent|showed|found|went|began|grew|saw|"
    rf"(?<!has )(?<!have )(?<!is )"
    r"(?<!are )(?<!be )(?<!been )(?<!being )[a-z]{3,}ed)\b"
)
PRESENT = lazy_regex(r"\b(?:is|are|has|have|should|can|may|might|must|remains?|will|would)\b")
PLAIN_PAST = lazy_regex(rf"\b(?:{_AUXILIARY})\b")
# Opens a part of the sentence that speaks of another study for comparison.
# This and CLAUSE have alternatives that are plain letters at their start: the engine then skips to their first letters.
COMPARISON = lazy_regex(
    r"(?:compared with|compared to|in comparison with|in comparison to|comparable with|comparable to|similar to|than|"
    r"as opposed to|in contrast with|in contrast to|unlike|consistent with|in line with|in agreement with|"
    r"in keeping with|historical (?:cohorts?|controls?|data)|resembl\w+|like those|relative to|companion paper by)\b"
)
# In a comparison, the source that a citation stands for.
REPORTED = lazy_regex(
    rf"\b(?:reported|described|observed|seen|published|shown|found|{_STUDY}s?|studies|trials|et\sal|colleagues|"
    rf"literature|"
    rf"historical|previously|earlier|others)\b",
    re.IGNORECASE,
)
CLAUSE = lazy_regex(
    r";|:|whereas\b|while\b|whilst\b|although\b|though\b|but\b|however\b|,\s(?:and|for which|of which|with|in which|"
    r"which|who|whose|where|as opposed to)\s"
)
OPENING = lazy_regex(r"(?:although|though|while|whilst|whereas)\b")
COMMA = lazy_regex(r",\s")
BRACKET = lazy_regex(r"[()\[\]]")
RELATIVE = lazy_regex(r",\s(?:for which|of which|in which|which|who|whose|where)\s")
COHORT = lazy_regex(
    r"\b(?:\d[\d,]*|[a-z]+(?:-[a-z]+)?)\s(?:[\w/+-]+\s){0,5}?(?:patients|children|adults|women|men|infants|subjects|"
    r"participants|individuals|adolescents|recipients|cases)\b"
)
HEADING_NOUN = lazy_regex(
    rf"(?:\b{_STUDY}s?|\bet\sal\.?|\bcolleagues|\bco-?workers|\bauthors|\bgroup|\bfollow-up|"
    rf"\binvestigators)\s?,?\s?[(\[]?$",
    re.IGNORECASE,
)
# "a study from Denmark [6] found": the citation belongs to the study before it.
STUDY_OF = lazy_regex(rf"\b{_STUDY}s?\s(?:from|of|in|by|on|with|among)\s(?:[\w<>≥≤-]+\s){{1,5}}[(\[]?$", re.IGNORECASE)
THEN_SAYS = lazy_regex(
    r"[)\]]?(?:,\s(?!and\b|but\b|or\b|whereas\b|while\b)|\s(?:found|showed|reported|demonstrated|suggested|yielded|observed|"
    r"confirmed|revealed|had|was|were|did|could|failed|achieved|described)\b)"
)
