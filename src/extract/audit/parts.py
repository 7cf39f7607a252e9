"""Parts and their whole in running text: the rest of a group, the arms of a randomisation, men and women."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain, combinations

from extract.audit.case import Case, Claim
from extract.audit.lists import find_list_sums
from extract.audit.shares import NUMBER, PEOPLE, WHOLE
from extract.audit.table_parts import find_table_sums
from extract.components.grammar import whole_number
from extract.document import ZONES, BlockKind, CharSpan
from extract.patterns import lazy_regex
from extract.rounding import counts_of, half_unit

_ANYONE = (
    r"(?:patients?|children|infants?|subjects?|participants?|individuals?|cases?|people|men|women|adults|persons?)"
)
_ENDS = r"(?=\s?[,.;(]|\s(?:were|was|had|have|did|received|died|achieved|relapsed|developed|underwent|remained)\b)"
_REST = lazy_regex(
    rf"\b(?:the\sother\s(?P<other>{NUMBER})\s{_ANYONE}|(?:the\s)?remaining\s(?P<left>{NUMBER})(?:\s{_ANYONE}\b|{_ENDS})"
    rf"|the\s(?P<late>{NUMBER})\s(?:remaining|other)\s{_ANYONE}\b)"
)
_WHOLE_OF = lazy_regex(
    rf"(?:(?<![\w.,%-])(?P<n>{NUMBER})(?:\s{_ANYONE})?\s(?:out\s)?of|\b(?:Of|Among|From))\s(?:the\s|these\s|a\stotal\sof\s|all\s)*"
    rf"(?P<total>{NUMBER})(?![\w.,%/-])(?=(?:\s[A-Za-z][\w-]*){{0,3}}?\s{PEOPLE}\b)"
    rf"|(?<![\w.,%-])(?P<named>{NUMBER})(?:\s[A-Za-z][\w-]*){{0,3}}?\s{_ANYONE}[^.;]{{0,80}}?\s(?:of|among)\s(?:whom|which|these)\b"
)
_COUNT_BETWEEN = lazy_regex(
    rf"(?<![\w.,/%±+:<>≥≤=-])(?<!\d\s)(?P<n>{NUMBER})(?![\w.%/-]|,\d|\s?(?:and|to|or|,)\s[\d.]+\s?%|\s(?:years?|months?|weeks?|days?|cycles?|courses?|mg|"
    rf"doses?|of\swhich|arms?|studies|trials|lines?|hours?|h\b|points?|times|centres|centers|sites)\b)"
)
_LABELLED = lazy_regex(
    r"\b(?:grades?|stages?|phase|types?|class|day|week|month|year|cycle|table|figure|after|within|at|than|age|aged)\s$",
    re.IGNORECASE,
)
_PERCENT_BETWEEN = lazy_regex(r"(?<![\d(\[.])(?P<percent>\d{1,2}(?:\.\d+)?)\s?%(?!\s?(?:CI|conf))")
_UNCOUNTED = lazy_regex(
    r"\b(?:all\sbut|except|excluding|half|thirds?|quarters?|fifths?|most|majority|several|some|few|many|others|another|rest|each|"
    r"screened|per\sarm)\b",
    re.IGNORECASE,
)
_MOST_PARTS = 7  # counts between the whole and its rest: beyond that some of them always add up
_BACK = 420  # characters before a rest in which its whole and the other parts stand

_RANDOMISED = lazy_regex(
    rf"\b(?:randomi[sz]ed|allocated|assigned|allotted)\s(?:a\stotal\sof\s)?(?P<active>{WHOLE})(?:\s[A-Za-z][\w-]*){{0,3}}?\s{PEOPLE}\b|"
    rf"(?<![\w.,%-])(?P<total>{WHOLE})(?:\s[A-Za-z][\w-]*){{0,3}}?\s{PEOPLE}\s(?:were|was|had\sbeen)?\s?(?:\w+ly\s)?"
    r"(?:1:1\s)?(?:randomi[sz]ed|allocated|assigned)(?:\s(?:assigned|allocated))?\b"
)
_ARM_SIZE = lazy_regex(rf"[(\[]\s?[nN]\s?=\s?(?P<n>{WHOLE})\s?(?:[)\]]|patients|[,;])")
_TO_ARM = lazy_regex(
    rf"(?<![\w.,%/-])(?P<a>{WHOLE})(?:\s(?:patients|participants|subjects))?\s(?:were\s)?(?:assigned\s|allocated\s|randomi[sz]ed\s)?to\s"
    rf"[^.;\d]{{2,80}}?\sand\s(?P<b>{WHOLE})(?:\s(?:patients|participants|subjects))?\s(?:were\s)?(?:assigned\s|allocated\s|randomi[sz]ed\s)?to\s"
)
_NOT_ALL = lazy_regex(
    r"screened|evaluable|analy[sz]|complet|treated|withdr|exclu|cross|lost|eligib|discontinu|efficacy|safety|not\s",
    re.IGNORECASE,
)
_ARM_SLACK = Decimal("0.15")  # of the whole: parts further from it are other parts than the arms

_MALE = r"(?:males?|men|boys)(?:\s(?:patients|participants|subjects|children|infants))?"
_FEMALE = r"(?:females?|women|girls)(?:\s(?:patients|participants|subjects|children|infants))?"
# Men and women who have something, or a third group beside them
_OF_SOME = lazy_regex(
    r"\s(?:had|have|who|with|were|was|developed|reported|died|achieved|experienced|showed|in\b)|"
    r"[^.;]{0,30}\b(?:unknown|missing|unspecified|not\s|other|intersex)",
    re.IGNORECASE,
)
_SEX_SLACK = Decimal("0.1")  # of the whole: further from it the two are not all of the people
_JOIN = r"\s?(?:,?\sand\s|[,;/]\s?|\svs\.?\s)"
_SEXES = lazy_regex(
    rf"(?<![\w.,%/=-])(?P<total>{NUMBER})(?:\s[A-Za-z][\w-]*){{0,3}}?\s(?:patients|participants|subjects|individuals|children|infants|adults|people|"
    rf"adolescents|volunteers)(?:\s?[,(\[:]\s?|\s(?:were\s\w+\s?)?[,(]\s?)(?:including\s|i\.e\.,?\s|comprising\s)?"
    rf"(?:(?P<m>{NUMBER})(?:\s\([\d.]+\s?%\))?\s{_MALE}(?:\s\([\d.]+\s?%\))?{_JOIN}(?P<f>{NUMBER})(?:\s\([\d.]+\s?%\))?\s{_FEMALE}"
    rf"|(?P<f2>{NUMBER})(?:\s\([\d.]+\s?%\))?\s{_FEMALE}(?:\s\([\d.]+\s?%\))?{_JOIN}(?P<m2>{NUMBER})(?:\s\([\d.]+\s?%\))?\s{_MALE})\b"
)
_SEX_PERCENTS = lazy_regex(
    rf"(?<![\w.,-])(?P<a>\d{{1,2}}(?:\.\d+)?)\s?%\s(?:were\s)?(?:(?P<first>{_MALE})|{_FEMALE}){_JOIN}"
    rf"(?P<b>\d{{1,2}}(?:\.\d+)?)\s?%\s(?:were\s)?(?(first){_FEMALE}|{_MALE})\b"
)


def find_sum_mismatches(case: Case) -> Iterator[Claim]:
    """Parts that do not make the whole that they are said to make."""
    for block in case.document.blocks:
        if block.kind not in ZONES or block.kind is BlockKind.TABLE:
            continue
        words = case.document.text[block.span.start : block.span.end]
        if "remaining" in words or "the other" in words:
            yield from _rests(case, block.span)
        if "andomi" in words or "llocated" in words or "ssigned" in words or "llotted" in words:
            yield from _arms(case, block.span)
        if "emale" in words or "women" in words or "girls" in words:
            yield from _sexes(case, block.span)
        yield from find_list_sums(case, block.span)
    yield from find_table_sums(case)


def _rests(case: Case, area: CharSpan) -> Iterator[Claim]:
    """A part, the rest that is said to remain, and the whole."""
    text = case.document.text
    for match in _REST.finditer(text, *area):
        group = next(name for name in ("other", "left", "late") if match[name])
        rest, rest_at = whole_number(match[group]), CharSpan(*match.span(group))
        start = max(area.start, match.start() - _BACK)
        wholes = list(_WHOLE_OF.finditer(text, start, match.start()))
        if rest is None or not wholes or (rest < 2 and group == "other"):
            continue
        whole = wholes[-1]
        name = "total" if whole["total"] else "named"
        total, total_at = whole_number(whole[name]), CharSpan(*whole.span(name))
        if total is None or rest >= total or _UNCOUNTED.search(text, total_at.end, match.start()):
            continue
        parts = [CharSpan(*whole.span("n"))] if whole["n"] else []
        parts += _counts_between(text, total_at.end, match.start())
        counts = [count for part in parts if (count := whole_number(text[part.start : part.end]))]
        if not counts or len(counts) > _MOST_PARTS:
            continue
        extra = _percents_between(text, total_at.end, match.start(), total)
        if (
            total - rest in _sums([*counts, *extra])
            or counts[0] >= total
            or _fits_other(text, area, match, counts, rest)
        ):
            continue
        same = case.sentence(total_at) == case.sentence(rest_at)
        sum_ = sum(counts) if sum(counts) < total else counts[0]
        yield Claim(
            severity="impossible" if same and len(counts) == 1 else "inconsistent",
            message=f"{sum_} and the remaining {rest} make {sum_ + rest}, not {total}.",
            stated=(rest_at,),
            against=tuple(sorted({total_at, *parts})),
            correction=f"{total - sum_} remaining",
        )


def _counts_between(text: str, start: int, end: int) -> list[CharSpan]:
    return [
        CharSpan(*match.span("n"))
        for match in _COUNT_BETWEEN.finditer(text, start, end)
        if not _LABELLED.search(text, max(start, match.start() - 14), match.start())
    ]


def _percents_between(text: str, start: int, end: int, total: int) -> list[int]:
    """The counts that percentages without counts stand for."""
    found = []
    for match in _PERCENT_BETWEEN.finditer(text, start, end):
        counts = counts_of(Decimal(match["percent"]), total)
        found += [count for count in counts if count][:1]
    return found[:3]


def _sums(counts: Iterable[int]) -> set[int]:
    """All sums of some of the counts."""
    numbers = list(counts)
    return {
        sum(some) for some in chain.from_iterable(combinations(numbers, size) for size in range(1, len(numbers) + 1))
    }


def _fits_other(text: str, area: CharSpan, rest: re.Match[str], counts: list[int], left: int) -> bool:
    """Whether the parts make one of them, or another whole that the paragraph names before."""
    wholes = _WHOLE_OF.finditer(text, max(area.start, rest.start() - 3 * _BACK), rest.start())
    named = {whole_number(match["total"] or match["named"]) for match in wholes}
    return bool({each + left for each in _sums(counts)} & (named | set(counts)))


def _arms(case: Case, area: CharSpan) -> Iterator[Claim]:
    """The arms of a randomisation whose sizes stand in one sentence with the number randomised."""
    text = case.document.text
    for match in _RANDOMISED.finditer(text, *area):
        name = "active" if match["active"] else "total"
        total, total_at = whole_number(match[name]), CharSpan(*match.span(name))
        sentence = case.sentence(total_at)
        sizes = [CharSpan(*each.span("n")) for each in _ARM_SIZE.finditer(text, match.end(), sentence.end)]
        pair = _TO_ARM.search(text, match.end(), sentence.end)
        if pair is not None and not sizes:
            sizes = [CharSpan(*pair.span("a")), CharSpan(*pair.span("b"))]
        if total is None or not 2 <= len(sizes) <= 3:
            continue
        counts = [whole_number(text[at.start : at.end]) or 0 for at in sizes]
        made = sum(counts)
        if made == total or abs(made - total) > _ARM_SLACK * total or 0 in counts:
            continue
        if made < total and _NOT_ALL.search(text, *sentence):
            continue
        if any(whole_number(each["n"]) == made for each in _COUNT_BETWEEN.finditer(text, *sentence)):
            continue
        yield _claim(total, total_at, counts, sizes, "in the arms", sure=made > total)


def _sexes(case: Case, area: CharSpan) -> Iterator[Claim]:
    """Men and women beside the number of people, and their percentages beside each other."""
    text = case.document.text
    for match in _SEXES.finditer(text, *area):
        names = ("m", "f") if match["m"] else ("f2", "m2")
        places = [CharSpan(*match.span(name)) for name in names]
        total, counts = whole_number(match["total"]), [whole_number(match[name]) or 0 for name in names]
        if total is None or sum(counts) == total or abs(sum(counts) - total) > max(_SEX_SLACK * total, Decimal(2)):
            continue
        if sum(counts) > total or not _OF_SOME.match(text, match.end()):
            yield _claim(
                total, CharSpan(*match.span("total")), counts, places, "of both sexes", sure=sum(counts) > total
            )
    for match in _SEX_PERCENTS.finditer(text, *area):
        one, other = Decimal(match["a"]), Decimal(match["b"])
        if _OF_SOME.match(text, match.end()) or abs(one + other - 100) > 100 * _SEX_SLACK:
            continue
        if abs(one + other - 100) > half_unit(one) + half_unit(other):
            yield Claim(
                severity="impossible" if one + other > 100 else "inconsistent",
                message=f"{one}% and {other}% of the two sexes make {one + other}%, not 100%.",
                stated=(CharSpan(*match.span("a")),),
                against=(CharSpan(*match.span("b")),),
            )


def _claim(
    total: int, total_at: CharSpan, counts: list[int], places: list[CharSpan], whose: str, *, sure: bool
) -> Claim:
    return Claim(
        severity="impossible" if sure else "inconsistent",
        message=f"{' and '.join(map(str, counts))} {whose} make {sum(counts)}, not {total}.",
        stated=(total_at,),
        against=tuple(places),
        correction=str(sum(counts)),
    )
