"""Clauses: how firmly the words between a figure and an outcome tie the two together.

Firmness runs from 0 (another clause) to 3 (the words say so: "OS was 47%", "sepsis (2%)", "two patients relapsed").
"""

from __future__ import annotations

import re

from extract.patterns import lazy_regex

# "OS was 47%", "an incidence of 15%", "EFS: 85%"
_LEADS = lazy_regex(
    r"(?:\b(?:was|were|is|are|be|being|been|of|at|reached|reaching|averaged|remained|to|by|from|around|"
    r"approximately|about|"
    r"only|in|between|yielded|showed|estimated|as (?:low|high) as|exceeded|exceeding|below|above|up to|nearly|"
    r"almost|over|under|roughly|with)"
    r"|[:=~≈<>≤≥]|±|\brates?|\bincidence)\s?(?:a\s|an\s|the\s|only\s|approximately\s|around\s|about\s|just\s|"
    r"[<>≤≥~]\s?)*$",
    re.IGNORECASE,
)
_OPENS_BRACKET = lazy_regex(r"[(\[][^()\[\]]*$")
_CLOSED = lazy_regex(r"\([^()]*\)|\[[^\[\]]*\]")
_BREAK = lazy_regex(
    r";|,\s(?:and\s|but\s|with\s|while\s|whereas\s|although\s|of (?:whom|which|these)\s|including\s|which\s|who\s|"
    r"whose\s|"
    r"in whom\s|resulting\s|because\s|due\s|comprising\s|among\s)|\b(?:whereas|while|although|but|however|because|"
    r"since)\b|,"
)
_HARD_BREAK = lazy_regex(
    r";|\b(?:whereas|while|although|however|but)\b|,\s(?:with|of (?:whom|which|these)|including|comprising)\b"
)
_PEOPLE = (
    r"(?:patients?|subjects?|participants?|individuals?|persons?|people|men|women|children|adults|infants?|"
    r"adolescents?|"
    r"cases?|responders?|survivors?|recipients?|transplants?|events?|episodes?|hospitali[sz]ations?|those|whom|"
    r"these|them|"
    r"others?|pts?|eyes|lesions|deaths|relapses|girls|boys)"
)
_VERBS = (
    r"(?:achiev\w+|attain\w+|obtain\w+|reach\w+|had|have|has|develop\w+|experienc\w+|suffer\w+|report\w+|were|was|"
    r"being|is|are|"
    r"died|relaps\w+|progress\w+|surviv\w+|respond\w+|underwent|undergo\w+|proceed\w+|receiv\w+|show\w+|became|"
    r"remain\w+|"
    r"went|discontinu\w+|withdrew|requir\w+|needed|did|alive|complet\w+|with|free|from|after|before|during|at|to|"
    r"due|for|by|in|"
    r"on|of|who|that|a|an|the|and|or|any|new|at least|one|more|further|also|not|could|able|it|this|subsequently|"
    r"then|again|"
    r"another|eventually|ultimately|finally)"
)
# "of the responders achieved", "patients (12%) developed", " had"
_TAKES = lazy_regex(
    rf"\s?(?:[)\]]\s?)?(?:\([^()]*\)\s?)?(?:of\s|in\s|for\s)?(?:[\w/+<>≤≥.'-]+\s){{0,12}}?(?:{_PEOPLE}|"
    rf"{_VERBS})\b[^,;:]*$",
    re.IGNORECASE,
)
_ADJACENT = lazy_regex(r"\s(?:[\w≥≤<>/-]+\s){0,3}$")
_TIGHT = lazy_regex(r"[\s)]*[;:,]?\s?[(\[]?\s?")
_RESPECTIVELY = lazy_regex(r",\srespectively,")
_NO_DIFFERENCE = lazy_regex(r"\b(?:without|no)\s(?:\w+\s){0,2}(?:differences?|effects?|changes?|increase|impact)\b")
_AND_WHO = lazy_regex(r"\b(?:but|and)\s(?=who\b)")
MAX_BEFORE = 260  # characters between an outcome and the figure after it
MAX_AFTER = 200


def firmness_before(text: str, outcome_end: int, start: int, *, is_count: bool = False) -> int:
    """How firmly a figure at `start` belongs to the outcome that ends before it."""
    if start - outcome_end > MAX_BEFORE:
        return 0
    gap = text[outcome_end:start]
    if _TIGHT.fullmatch(gap):
        listed = re.search(r"[;,]\s$", gap)
        if not (listed and is_count):
            return 2 if listed else 3
    opened = _OPENS_BRACKET.search(gap)
    if opened:
        outside, inside = _CLOSED.sub("", gap[: opened.start()]), gap[opened.start() + 1 :]
        if _HARD_BREAK.search(outside):
            return 1
        breaks = len(re.findall(r",", outside))
        return 3 if not breaks and len(outside) <= 60 else 2 if len(inside) < 80 else 1
    flat = _CLOSED.sub("", gap)
    if _HARD_BREAK.search(flat):
        return 1 if _LEADS.search(flat) and len(flat) < 120 and ";" not in flat else 0
    if _LEADS.search(flat):
        return 3 if "," not in flat else 2
    if len(flat) <= 3 and not ("," in flat and is_count):
        return 3
    return 2 if not _BREAK.search(flat) and len(flat) <= 60 else 1


def firmness_after(text: str, end: int, outcome_start: int) -> int:
    """How firmly a figure that ends at `end` belongs to the outcome that begins after it."""
    if outcome_start - end > MAX_AFTER:
        return 0
    gap = _CLOSED.sub("", text[end:outcome_start]).replace(")", "").replace("]", "")
    gap = _AND_WHO.sub("", _RESPECTIVELY.sub("", gap))
    if _HARD_BREAK.search(gap) or _NO_DIFFERENCE.search(gap):
        return 0
    if _ADJACENT.fullmatch(gap) and len(gap) < 40 and not re.search(r"\b(?:and|or|vs|versus|in|at|than|with)\b", gap):
        return 3
    if "," in gap or ":" in gap:
        return 1 if _TAKES.match(gap.split(",")[0] + " ") else 0
    if re.search(r"\band\b(?!\s(?:who|were|had|achieved|developed|received|proceeded|able))", gap) and len(gap) > 30:
        return 1
    return 3 if _TAKES.match(gap) else 1
