"""Counts and percentages: what no count can give, and parts that do not make the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from extract.audit.case import Case, Check, Claim
from extract.audit.cohorts import Cohort, cohorts_before, is_pooled
from extract.audit.parts import find_sum_mismatches
from extract.audit.shares import (
    NEXT_DIGIT,
    OF_THEM,
    PEOPLE,
    Share,
    find_shares,
    fits,
    is_estimated,
    meant_by,
    off_by,
    printed_percents,
    share_of,
    totals_of,
)
from extract.audit.table_shares import find_table_mismatches
from extract.components.grammar import NUMBER_WORD, whole_number
from extract.document import CharSpan
from extract.patterns import lazy_regex
from extract.rounding import counts_of

_BEGINS_SENTENCE = 45  # characters: a count that opens its sentence counts the cohort, not a group named before it
_REACH = 1500  # characters of a paragraph around a figure in which other wholes are looked for
_LEAST_COHORT = 5  # people: in fewer, a percentage of a number that is no cohort would fit by chance
_LARGEST_COHORT = 100  # people: in larger ones a few without data make any percentage
_GENERIC = r"(?:patients|participants|subjects|children|infants|individuals|people|women|men|adolescents|cases|eyes)"
_APPROXIMATE = lazy_regex(
    r"(?:about|approximately|around|nearly|almost|over|roughly|than|least|most|up\sto|some|circa|~|≈)\s?$",
    re.IGNORECASE,
)
_INTEGER = lazy_regex(r"(?<![\w.,])\d{1,6}(?![\w%]|[.,]\d)")
_VERBS = (
    r"were|was|had|have|are|who|whom|responded|achieved|died|survived|received|did|remained|relapsed|developed|stopped"
)
_OF_N = lazy_regex(
    rf"\s(?:out\s)?of\s(?:the\s|these\s|those\s|all\s|our\s|all\sthe\s)?(?P<total>\d{{1,4}}|(?i:{NUMBER_WORD}))"
    rf"(?P<words>(?:\s[A-Za-z][\w+-]*){{0,3}}?)\s(?P<people>{PEOPLE})\b"
)
# The whole without its noun, which was named before: "in 45% of the 19, and …", "63% of these 23 were …"
_OF_BARE = lazy_regex(
    rf"\s(?:out\s)?of\s(?:the|these|those|all|our|all\sthe)\s(?P<total>\d{{1,4}}|(?i:{NUMBER_WORD}))"
    rf"(?=\s?[.,;:)](?!\d)|\s(?:{_VERBS})\b|$)(?!,?\s(?:and|or|to)\s\d)"
)
_AMONG = lazy_regex(
    rf"\s(?:among|in|for)\s(?:the|these|those|all|our|all\sthe)\s(?P<total>\d{{1,4}}|(?i:{NUMBER_WORD}))"
    rf"(?:(?:\s[A-Za-z][\w+-]*){{0,3}}?\s(?P<people>{PEOPLE})\b|(?=\s?[.,;:)](?!\d)|\s(?:{_VERBS})\b|$))"
)
_SHARE_BEFORE = lazy_regex(
    r"\b(?:(?<!heart\s)(?<!intensity\s)(?<!infusion\s)(?<!growth\s)rates?|responses?|remissions?|incidence|prevalence|frequency|proportion)\b[^.;:%\d]{0,40}$",
    re.IGNORECASE,
)
_CHANGED_BY = lazy_regex(r"\b(?:by|mean|median|average|score|adherence|intensity)\b[^.;:%]{0,12}$", re.IGNORECASE)
_N_BEFORE = lazy_regex(
    rf"(?<![\w.,/%-])(?P<total>\d{{1,4}}|(?i:{NUMBER_WORD}))(?P<words>(?:\s[A-Za-z][\w+-]*){{0,3}}?)\s(?P<people>{PEOPLE})\s?"
    r"[(,]\s?$"
)
_OF_PATIENTS = lazy_regex(
    rf"\sof\s(?:the\s|all\s)?(?:{_GENERIC}|treated\spatients)\b(?!\s(?:with|who|in|aged|on|from|without|"
    rf"treated|receiving|under|over|not|that|undergoing|[<>≤≥]))"
)
_RATE_BEFORE = lazy_regex(
    r"\b(?:remission|response|mortality|complication|success|cure|failure|discontinuation|fatality|recurrence|relapse|"
    r"engraftment|retention|completion)\srates?\s(?:of|was|were)\s$",
    re.IGNORECASE,
)
_OF_RESPONDERS = lazy_regex(
    r"\sof\s(?:the\s|all\s)?(?:(?:complete\s)?responders|responding\spatients|patients\swho\sresponded)\b",
    re.IGNORECASE,
)
_RESPONSE = lazy_regex(r"\b(?:respon[sd]|remission)[^.;%]{0,60}?\s(?P<percent>\d{1,2}(?:\.\d+)?)\s?%", re.IGNORECASE)


def find_percent_count_mismatches(case: Case) -> Iterator[Claim]:
    """Counts that are not the percentage printed beside them: of the whole beside them, of the cohort, of any whole."""
    for share in find_shares(case):
        claims = _against_total(case, share) if share.total is not None else _against_cohort(case, share)
        for claim in claims:
            if not is_estimated(case.document.text, share.percent_at, share.sentence, beside=share.total is not None):
                yield claim
    yield from find_table_mismatches(case)


def _against_total(case: Case, share: Share) -> Iterator[Claim]:
    total, total_at = share.total, share.total_at
    if total is None or total_at is None or fits(share.n, total, share.percent) or _unlike(case, share, total):
        return
    near = share.fits(total) or off_by(share.n, total, share.percent) < NEXT_DIGIT
    yield Claim(
        severity="suspicious" if near else "impossible",
        message=_told(share, total),
        stated=(share.percent_at,),
        against=tuple(sorted((share.n_at, total_at))),
        correction=meant_by(share.n, total, share.percent),
    )


def _unlike(case: Case, share: Share, total: int) -> bool:
    """Whether figures so small and so far from the percentage are hardly its count and whole ("one of three arms")."""
    if total > 12 or off_by(share.n, total, share.percent) < 5:
        return False
    around = case.document.text[share.n_at.start : share.percent_at.end + 30]
    return re.search(rf"\b{PEOPLE}\b", around) is None


def _told(share: Share, total: int) -> str:
    return f"{share.n} of {total} is {share_of(share.n, total, share.percent, digits=1)}%, printed as {share.percent}%."


def _against_cohort(case: Case, share: Share) -> Iterator[Claim]:
    """A count and its percentage without their whole: some whole number must fit, best the cohort of the paragraph."""
    text = case.document.text
    cohorts = [each for each in cohorts_before(case, share.n_at) if each.size >= share.n]
    if any(fits(share.n, each.size, share.percent) for each in cohorts):
        return
    likely = [each for each in cohorts if each.whole]
    opens = share.n_at.start - share.sentence.start <= _BEGINS_SENTENCE and not re.search(
        r"\b(?:of|among|in|for|with)\b", text[share.sentence.start : share.n_at.start], re.IGNORECASE
    )
    cut = [each for each in likely if share.fits(each.size)]
    alone = len({each.size for each in likely}) == 1 and len({each.size for each in cohorts}) == 1
    people = _counts_people(case, share)
    if cut or (people and opens and alone and not _other_whole(case, share)):
        cohort = (cut or likely)[-1]
        if is_pooled(case, share.percent_at):
            return
        yield Claim(
            severity="suspicious",
            message=_told(share, cohort.size),
            stated=(share.percent_at,),
            against=(share.n_at, cohort.span) if share.n_at < cohort.span else (cohort.span, share.n_at),
            correction=meant_by(share.n, cohort.size, share.percent),
            assumes=f"the percentage is of the {cohort.size} {cohort.noun}",
        )
    elif people and share.n and not totals_of(share.n, share.percent) and not is_pooled(case, share.percent_at):
        yield Claim(
            severity="suspicious",
            message=f"There is no whole number of which {share.n} is {share.percent}%.",
            stated=(share.percent_at,),
            against=(share.n_at,),
            assumes="the percentage says how many the count is of a whole number of people",
        )


def _counts_people(case: Case, share: Share) -> bool:
    """Whether the count is of people: "seven patients (46%)", "in seven (46%)"."""
    text = case.document.text
    if re.search(rf"\b{PEOPLE}\b", text[share.n_at.end : share.percent_at.start]):
        return True
    beside = text[share.n_at.end : share.percent_at.start].strip() in {"(", "["}
    return beside and text.endswith(" in ", 0, share.n_at.start)


def _other_whole(case: Case, share: Share) -> bool:
    """Whether the percentage may be of an arm, or of another number in the paragraph that it fits."""
    block, place = case.block(share.n_at), share.n_at.start
    if block is None:
        return True
    nearby = max(share.sentence.start, place - _REACH), min(share.sentence.end, place + _REACH)
    if any(mark.value.kind == "arm" for mark in case.marks.inside("arms", *nearby)):
        return True
    numbers = _numbers(case, max(block.span.start, place - _REACH), min(block.span.end, place + _REACH))
    return any(each >= share.n and share.fits(each) for each in numbers)


def _numbers(case: Case, start: int, end: int) -> set[int]:
    """The whole numbers of some text that may be people, in digits and in words."""
    cited = [mark.span for mark in case.marks.inside("citations", start, end)]
    found = {
        int(match[0])
        for match in _INTEGER.finditer(case.document.text, start, end)
        if not any(place.start <= match.start() < place.end for place in cited)
    }
    for mark in case.marks.inside("counts", start, end):
        found |= {each for each in (mark.value.n, mark.value.total) if each is not None}
    return found - {0}


def find_impossible_percents(case: Case) -> Iterator[Claim]:
    """Percentages that no whole number of the people whom they count gives."""
    text = case.document.text
    for span, percent in printed_percents(case):
        sentence = case.sentence(span)
        if _APPROXIMATE.search(text, max(span.start - 20, 0), span.start):
            continue
        match = _OF_N.match(text, span.end, sentence.end) or _of_named(text, span, sentence)
        if match is not None and (total := whole_number(match["total"])):
            claims = _of_total(span, percent, total, CharSpan(*match.span("total")), _noun(match))
        elif _OF_RESPONDERS.match(text, span.end):
            claims = _of_responders(case, span, percent, sentence)
        else:
            claims = _of_cohort(case, span, percent, sentence)
        for claim in claims:
            if not is_estimated(text, span, sentence, beside=match is not None) and (
                match is not None or not is_pooled(case, span)
            ):
                yield claim


def _of_named(text: str, span: CharSpan, sentence: CharSpan) -> re.Match[str] | None:
    """The whole behind a percentage in other words: without its noun, or in whom a rate was found."""
    before = text[max(sentence.start, span.start - 60) : span.start]
    if _CHANGED_BY.search(before):
        return None
    if _SHARE_BEFORE.search(before) and (match := _AMONG.match(text, span.end, sentence.end)):
        return match
    return _OF_BARE.match(text, span.end, sentence.end)


def _noun(match: re.Match[str]) -> str:
    return match.groupdict().get("people") or "people"


def _of_total(span: CharSpan, percent: Decimal, total: int, total_at: CharSpan, people: str) -> Iterator[Claim]:
    if counts_of(percent, total):
        return
    yield Claim(
        severity="suspicious" if counts_of(percent, total, cut_off=True) else "inconsistent",
        message=f"No whole number of {total} {people} is {percent}%: {_nearest(percent, total)}.",
        stated=(span,),
        against=(total_at,),
    )


def _of_cohort(case: Case, span: CharSpan, percent: Decimal, sentence: CharSpan) -> Iterator[Claim]:
    text = case.document.text
    before = _N_BEFORE.search(text, max(sentence.start, span.start - 60), span.start)
    if before is not None:
        if not OF_THEM.match(text, span.end) or (total := whole_number(before["total"])) is None:
            return
        cohorts = [Cohort(total, CharSpan(*before.span("total")), before["people"], whole=True)]
    elif _RATE_BEFORE.search(text, max(sentence.start, span.start - 40), span.start):
        cohorts = [each for each in cohorts_before(case, span) if each.span.start >= sentence.start]
    elif text[span.start - 1] in "([":
        return
    elif _OF_PATIENTS.match(text, span.end):
        cohorts = cohorts_before(case, span)
    else:
        return
    sizes = sorted({each.size for each in cohorts})
    if not 1 <= len(sizes) <= 2 or sizes[-1] > _LARGEST_COHORT or not any(each.whole for each in cohorts):
        return
    if any(counts_of(percent, size) for size in sizes):
        return
    block = case.block(span)
    others = (
        _numbers(case, max(block.span.start, span.start - _REACH), span.start)
        if block is not None and before is None
        else set()
    )
    if any(counts_of(percent, size) for size in others if _LEAST_COHORT <= size <= sizes[-1]):
        return
    last = cohorts[-1]
    wholes = " or ".join(str(size) for size in sizes)
    yield Claim(
        severity="suspicious",
        message=f"No whole number of {wholes} {last.noun} is {percent}%: {_nearest(percent, last.size)}.",
        stated=(span,),
        against=tuple(sorted({each.span for each in cohorts})),
        assumes=f"the percentage is of the {wholes} {last.noun}",
    )


def _of_responders(case: Case, span: CharSpan, percent: Decimal, sentence: CharSpan) -> Iterator[Claim]:
    """A percentage of the responders, whose number follows from the response rate and the cohort."""
    rate = _RESPONSE.search(case.document.text, max(sentence.start, span.start - _REACH), span.start)
    groups = cohorts_before(case, span)
    cohorts = [each for each in groups if each.whole]
    if rate is None or len({each.size for each in cohorts}) != 1:
        return
    cohort, rated = cohorts[-1], Decimal(rate["percent"])
    responders = counts_of(rated, cohort.size)
    if cohort.size > _LARGEST_COHORT or len(responders) != 1:
        return
    if any(counts_of(percent, count) for each in groups for count in counts_of(rated, each.size)):
        return
    part = f"{responders[0]} responders ({rate['percent']}% of {cohort.size})"
    yield Claim(
        severity="suspicious",
        message=f"No whole number of {part} is {percent}%: {_nearest(percent, responders[0])}.",
        stated=(span,),
        against=tuple(sorted((cohort.span, CharSpan(*rate.span("percent"))))),
        assumes=f"the response rate is that of the {cohort.size} {cohort.noun}",
    )


def _nearest(percent: Decimal, total: int) -> str:
    """What the counts next to a percentage give: `13 of 29 is 44.8%, 14 of 29 is 48.3%`."""
    low = min(int(percent * total / 100), total - 1)
    return ", ".join(f"{n} of {total} is {share_of(n, total, percent, digits=1)}%" for n in (low, low + 1))


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "percent_count_mismatch": find_percent_count_mismatches,
        "impossible_percent": find_impossible_percents,
        "sum_mismatch": find_sum_mismatches,
    }
)
