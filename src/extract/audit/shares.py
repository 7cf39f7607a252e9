"""Shares as printed: a count, the whole that it is a part of and the percentage, where they stand side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import ceil, floor

from extract.audit.case import Case
from extract.components.grammar import NUMBER_WORD, whole_number
from extract.document import BlockKind, CharSpan
from extract.patterns import lazy_regex
from extract.rounding import counts_of, half_unit, percent_of
from extract.values import Percent

WHOLE = r"(?:[1-9]\d{0,2}(?:,\d{3})+|\d{1,6})"
NUMBER = rf"(?:{WHOLE}|(?i:{NUMBER_WORD}))"
PEOPLE = (
    r"(?:patients?|subjects?|participants?|individuals?|persons?|people|men|women|children|adults?|infants?|"
    r"adolescents?|boys|girls|males?|females?|cases?|responders?|survivors?|recipients?|donors?|eyes|newborns?|"
    r"neonates?|babies|mothers|volunteers|controls?|enrollees|respondents|residents)"
)
_NUMERAL = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]{3,6}teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty)"
)
# Between a count and its share: no other count, no other clause
_WORDS = rf"(?:\s(?!(?:and|or|but|vs|versus|while|whereas|than|(?i:{_NUMERAL}))\b)[A-Za-z][\w/+'-]*){{0,7}}?"
_BEGIN = r"(?<![\w.,/%±+·:-])(?<!\d\s)"
_OPEN = r"\s?[(\[]\s?$"
_DET = r"(?:the\s|these\s|those\s|all\s|our\s)?(?:evaluable\s|eligible\s|enrolled\s|included\s|randomi[sz]ed\s)?"
# Behind "n of N" also a dose or the like: "11 of the 225 patients given 300 mg (4.9%)"
_DOSE = (
    r"\s(?:[≥≤<>]\s?)?\d[\d.,]*\s?"
    r"(?:mg|µg|μg|mcg|g|mL|ml|IU|U|Gy|years?|months?|weeks?|days?|kg|cells)(?:/[A-Za-zµ²2]+)*"
)
_OF_WORDS = rf"(?:{_DOSE}|\s(?!(?:and|or|but|vs|versus|while|whereas|than|(?i:{_NUMERAL}))\b)[A-Za-z][\w/+'-]*){{0,8}}?"
_SAID = r"(?:,?\s(?:or|that\sis,?|i\.e\.,?|equal\sto|=)\s|\s?=\s?)$"  # "31 of 205 patients, or 15.1%"
_PERSON = lazy_regex(rf"\b{PEOPLE}\b")
_PART_OF = lazy_regex(
    rf"{_BEGIN}(?P<n>{NUMBER})(?P<noun>(?:\s[A-Za-z][\w-]*){{0,2}}?)\s(?:out\s)?of\s{_DET}(?P<total>{NUMBER})(?![\w.%/-]|,\d)"
    rf"(?P<words>{_OF_WORDS})(?:{_OPEN}|{_SAID})"
)
_PART_IN_BRACKETS = lazy_regex(
    rf"[(\[]\s?(?P<n>{NUMBER})(?P<noun>(?:\s[A-Za-z][\w-]*){{0,2}}?)\s(?:out\s)?of\s{_DET}(?P<total>{NUMBER})(?![\w.%/-]|,\d)"
    rf"(?P<words>{_WORDS})\s?[,;:]\s?$"
)
_RATIO = lazy_regex(
    rf"{_BEGIN}(?P<n>{WHOLE})\s?/\s?(?P<total>{WHOLE})(?![\w.,%/-])(?P<words>{_WORDS})(?:{_OPEN}|[,;:]\s?$)"
)
_COUNT = lazy_regex(rf"{_BEGIN}(?P<n>{NUMBER})(?P<words>{_WORDS}){_OPEN}")
_RATIO_BEHIND = lazy_regex(
    rf"\s?[(\[]\s?(?:[nN]\s?=\s?)?(?P<n>{WHOLE})\s?(?:/|(?:out\s)?of(?:\sthe)?)\s?(?P<total>{WHOLE})(?![\w.%/-])"
)
_RATIO_IN_BRACKETS = lazy_regex(
    rf"\s?[,;:]\s?(?:[nN]\s?=\s?)?(?P<n>{WHOLE})\s?(?:/|(?:out\s)?of(?:\sthe)?)\s?(?P<total>{WHOLE})(?![\w.%/-]|,\d)"
)
_CLOSE_OF = lazy_regex(rf"\s?[)\]]\s(?:out\s)?of\s{_DET}(?P<total>{NUMBER})(?![\w.%/-])(?P<words>{_WORDS})")
# Two figures with a stroke that are no share: grades, alleles, blood pressure
_LABELS = (
    r"grades?|stages?|phase|types?|class|score|ratio|ECOG|FIGO|matched|HLA|arms?|cohorts?|groups?|schedule|tables?|"
    r"figures?|fig|cycles?|days?|weeks?|months?|years?|visits?|than|least|every|version|part|model|step|trials?|study|"
    r"patient|case|site"
)
_LABEL = lazy_regex(rf"\b(?:{_LABELS})\s?(?:[≥>]\s?)?$", re.IGNORECASE)
_NO_SHARE = lazy_regex(rf"\b(?:{_LABELS}|on|at|to|level|of|from|by|between)\s?(?:[≥>]\s?)?$", re.IGNORECASE)
_NO_SHARE_BEHIND = lazy_regex(
    r"\s?(?:HLA|match|allele|loci|antigen|mm\s?Hg|tox|AEs?\b|adverse|day|week|month|year|cm|mg|h\b)",
    re.IGNORECASE,
)
# A number of something other than what is counted
_MEASURED = lazy_regex(
    r"^\s?(?:years?|yrs?|months?|weeks?|days?|hours?|h|min|minutes|mg|g|kg|ml|mL|cm|mm|Gy|cGy|cycles?|doses?|courses?|fold|"
    r"times|points?|units?|and|to|of)\b"
)
_ESTIMATED = lazy_regex(
    r"cumulative|kaplan|actuarial|estimat|probabilit|surviv|\b(?:OS|EFS|PFS|DFS|RFS|LFS|GRFS|CIR|NRM|TRM)\b|adjusted|"
    r"weighted|pooled|standardi[sz]ed|freedom\sfrom|annuali[sz]ed|per\s(?:year|annum|patient)",
    re.IGNORECASE,
)
_MEASURE = lazy_regex(r"\bmean\b|median|reduc|decreas|increas|\bchange|donor\scells|chimerism|blasts", re.IGNORECASE)
_SIGN = lazy_regex(r"%|per\s?cent")
# "34 of the 38 and in 71 of the 82 (89.5% and 86.6%)": each percentage belongs to a count of its own.
_ONE_OF_SEVERAL = lazy_regex(r"(?:\s?%)?\s?(?:,|,?\s(?:and|or|vs\.?|versus)|/)\s?\d+(?:\.\d+)?\s?%[^()\[\]]{0,40}[)\]]")
_OF_OTHERS = lazy_regex(r"\sof\b")  # the percentage says itself what it is of
_NAME = lazy_regex(r"(?<!^)\b[A-Z][A-Za-z]*[\s-]$")  # a name that ends with a number: COVID 19, vitamin B 12
OF_THEM = lazy_regex(r"\sof\s(?:them|whom|these|those)\b|\s(?:male|female|men|women|boys|girls)s?\b")
NEXT_DIGIT = Decimal("1.5")  # units of the last digit: so far a percentage is one off in it, rounded either way
MOST_READINGS = 1000  # counts or wholes that a percentage may be of, tried for one that differs in a digit
REACH = 90  # characters before and behind a percentage in which its count and whole stand


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage with the count that it says of whom (`n`), the whole (`total`), or both, and where they stand."""

    percent: Decimal
    percent_at: CharSpan
    n: int
    n_at: CharSpan
    sentence: CharSpan
    total: int | None = None
    total_at: CharSpan | None = None

    def fits(self, total: int, *, cut_off: bool = True) -> bool:
        """Whether the count is that percentage of a total, as far as rounding tells."""
        return fits(self.n, total, self.percent, cut_off=cut_off)


def fits(n: int, total: int, percent: Decimal, *, cut_off: bool = False) -> bool:
    """Whether `n` of `total` make a printed percentage, with `cut_off` also one whose further digits were left out."""
    half = half_unit(percent)
    share = percent_of(n, total)
    return percent - half <= share <= percent + (2 * half if cut_off else half)


def totals_of(n: int, percent: Decimal) -> range:
    """The whole numbers of which `n` make a printed percentage, rounded or cut off."""
    half = half_unit(percent)
    high, low = percent + 2 * half, percent - half
    if n == 0 or high <= 0 or low <= 0:
        return range(0)
    return range(max(ceil(100 * n / high), n), floor(100 * n / low) + 1)


def share_of(n: int, total: int, like: Decimal, *, digits: int = 0) -> Decimal:
    """The percentage that `n` is of `total`, with as many decimals as a printed one or some more."""
    exponent = like.as_tuple().exponent
    assert isinstance(exponent, int)
    return percent_of(n, total).quantize(Decimal(1).scaleb(exponent - digits), ROUND_HALF_UP)


def off_by(n: int, total: int, percent: Decimal) -> Decimal:
    """How many units of its last digit a printed percentage is from that of the counts."""
    return abs(percent - percent_of(n, total)) / (2 * half_unit(percent))


def meant_by(n: int, total: int, percent: Decimal) -> str:
    """The percentage of the counts, and the counts of the percentage where one other digit makes them."""
    meant = [f"{share_of(n, total, percent)}%"]
    counts = [each for each in counts_of(percent, total)[:MOST_READINGS] if _one_digit_apart(each, n)]
    totals = [each for each in totals_of(n, percent)[:MOST_READINGS] if _one_digit_apart(each, total)]
    if off_by(n, total, percent) >= NEXT_DIGIT:
        meant += [f"{each} of {total}" for each in counts if len(counts) == 1]
        meant += [f"{n} of {each}" for each in totals if len(totals) == 1]
    return " or ".join(meant)


def _one_digit_apart(one: int, other: int) -> bool:
    """Whether two numbers differ in one digit, or in two neighbours that changed places."""
    a, b = str(one), str(other)
    if len(a) != len(b):
        return False
    apart = [index for index, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    if len(apart) == 2:
        first, second = apart
        return second == first + 1 and a[first] == b[second] and a[second] == b[first]
    return len(apart) == 1


def is_estimated(text: str, percent_at: CharSpan, sentence: CharSpan, *, beside: bool) -> bool:
    """Whether the words around a percentage say that it is an estimate or, without its whole `beside` it, a measure."""
    start, end = max(sentence.start, percent_at.start - REACH), min(sentence.end, percent_at.end + 30)
    if not beside and _MEASURE.search(text, start, end):
        return True
    return _ESTIMATED.search(text, start, end) is not None


def printed_percents(case: Case) -> Iterator[tuple[CharSpan, Decimal]]:
    """The single percentages of running text that stand for a share of something."""
    for mark in case.marks.all("percents"):
        value: Percent = mark.value
        block = case.document.block_at(mark.start)
        if value.role != "value" or value.bound is not None or value.quantity.value is None:
            continue
        sign = _SIGN.search(case.document.text, mark.start, mark.end)
        if block is not None and block.kind is not BlockKind.TABLE and sign is not None:
            yield mark.span, value.quantity.value


def find_shares(case: Case) -> Iterator[Share]:
    """The shares of running text whose count is printed beside the percentage."""
    text = case.document.text
    for span, percent in printed_percents(case):
        sentence = case.sentence(span)
        share = _share(text, span, percent, sentence)
        if share is not None:
            yield share


def _share(text: str, span: CharSpan, percent: Decimal, sentence: CharSpan) -> Share | None:
    first, ceiling = max(sentence.start, span.start - REACH), min(sentence.end, span.end + REACH)
    before = text[first : span.start]
    if _OF_OTHERS.match(text, span.end) or _ONE_OF_SEVERAL.match(text, span.end):
        return None
    for pattern in (_PART_OF, _PART_IN_BRACKETS, _RATIO):
        match = pattern.search(before)
        if match is not None and _is_share(before, match, told=pattern is not _RATIO):
            return _made(match, first, span, percent, sentence)
    match = _RATIO_BEHIND.match(text, span.end, ceiling)
    if match is None and text[span.start - 1 : span.start] in {"(", "["}:
        match = _RATIO_IN_BRACKETS.match(text, span.end, ceiling)
    if match is not None and not _NO_SHARE_BEHIND.match(text, match.end()):
        return _made(match, 0, span, percent, sentence)
    match = _COUNT.search(before)
    if (
        match is None
        or (not match["words"] and _NAME.search(before, 0, match.start("n")))
        or OF_THEM.match(text, span.end)
        or _MEASURED.match(match["words"])
        or _is_labelled(before, match.start("n"))
    ):
        return None
    n = whole_number(match["n"])
    if n is None:
        return None
    n_at = CharSpan(first + match.start("n"), first + match.end("n"))
    behind = _CLOSE_OF.match(text, span.end, ceiling)
    if behind is not None and not _MEASURED.match(behind["words"]) and not match["words"]:
        total = whole_number(behind["total"])
        if total is not None and total >= n and total > 0:
            return Share(percent, span, n, n_at, sentence, total, CharSpan(*behind.span("total")))
    return Share(percent, span, n, n_at, sentence)


def _is_share(text: str, match: re.Match[str], *, told: bool) -> bool:
    """Whether the two figures are a part and its whole, not a grade, a schedule or a measure.

    Where words tell it ("by 28 of 172", "to 118/246 patients"), a preposition before is that of the sentence.
    """
    label = _LABEL if told or _PERSON.search(match["words"]) else _NO_SHARE
    if label.search(text, max(match.start("n") - 24, 0), match.start("n")) or _MEASURED.match(match["words"]):
        return False
    return not _NO_SHARE_BEHIND.match(text, match.end("total"))


def _is_labelled(text: str, start: int) -> bool:
    return _NO_SHARE.search(text, max(start - 24, 0), start) is not None


def _made(match: re.Match[str], offset: int, span: CharSpan, percent: Decimal, sentence: CharSpan) -> Share | None:
    n, total = whole_number(match["n"]), whole_number(match["total"])
    if n is None or not total or n > total:
        return None
    n_at, total_at = (CharSpan(offset + match.start(name), offset + match.end(name)) for name in ("n", "total"))
    return Share(percent, span, n, n_at, sentence, total, total_at)
