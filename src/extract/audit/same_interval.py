"""One interval of one study printed with two estimates: "0.53 (95% CI 0.40-0.71)", "RR 0.58 (0.40-0.71)"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from extract.audit.case import Case, Claim
from extract.audit.groups import PlaceFinder, agree
from extract.document import Block, BlockKind, CharSpan
from extract.patterns import lazy_regex

_NUMBER = r"-?\d{1,3}\.\d{1,3}"
_LABEL = r"(?:\d\d(?:\.\d)?\s?%\s?)?(?:CI|CrI|confidence\sintervals?|credible\sintervals?)\s?[:,=]?\s?"
_TO = r"\s?(?:-|to|,)\s?"
# "0.53 (95% CI 0.40-0.71)", "1.27, 95% CI 0.87 to 1.85"; in a table the label stands in the heading.
_IN_TEXT = lazy_regex(
    rf"(?<![\d.-])(?P<estimate>{_NUMBER})\s?%?\s?[(\[,;]{{1,2}}\s?{_LABEL}[(\[]?(?P<low>{_NUMBER})\s?%?{_TO}(?P<high>{_NUMBER})"
    r"(?![\d.]*\d)"
)
_IN_CELL = lazy_regex(
    rf"(?<![\d.-])(?P<estimate>{_NUMBER})\s?%?\s?[(\[,;]{{1,2}}\s?(?:{_LABEL})?[(\[]?(?P<low>{_NUMBER})\s?%?{_TO}(?P<high>{_NUMBER})"
    r"(?![\d.]*\d)"
)
_LABELLED = lazy_regex(r"\bCIs?\b|confidence interval")
_MIN_DIGITS = 2  # of a bound, without leading zeros: shorter intervals are alike by chance


class _Estimate(NamedTuple):
    """An estimate with where it stands; `table` where its block is one."""

    value: Decimal
    span: CharSpan
    block: CharSpan
    in_table: bool


def interval_conflict(case: Case) -> Iterator[Claim]:
    """Two estimates with one interval, in two places about one trial."""
    found: dict[tuple[str, Decimal, Decimal], list[_Estimate]] = defaultdict(list)
    for trials, bounds, estimate in _estimates(case):
        for trial in trials:
            found[trial, *bounds].append(estimate)
    for (trial, low, high), estimates in found.items():
        first = estimates[0]
        others = [each for each in estimates if each.block != first.block and not agree(each.value, first.value)]
        if not others or len({each.value for each in estimates}) != 2:
            continue
        text, against = sorted((first, others[0]), key=lambda each: (each.in_table, -each.span.start))
        yield Claim(
            severity="inconsistent",
            message=(
                f"For {trial}, {text.value} stands here with the interval {low} to {high};"
                f" {'the table' if against.in_table else 'another place'} has {against.value} with the same interval."
            ),
            stated=(text.span,),
            against=(against.span,),
            study=trial,
        )


def _estimates(case: Case) -> Iterator[tuple[set[str], tuple[Decimal, Decimal], _Estimate]]:
    """The estimates with an interval, the trials that their paragraph or table row names, and the interval."""
    text, finder = case.document.text, case.once(PlaceFinder)
    for block in case.document.blocks:
        in_table = block.kind is BlockKind.TABLE
        if not in_table and block.kind not in (BlockKind.PARAGRAPH, BlockKind.ABSTRACT):
            continue
        if in_table and not _is_labelled(case, block):
            continue
        for match in (_IN_CELL if in_table else _IN_TEXT).finditer(text, *block.span):
            low, high, value = (Decimal(match[name]) for name in ("low", "high", "estimate"))
            span = CharSpan(*match.span("estimate"))
            about = finder.at(span).span if in_table else block.span
            trials = {mark.value.trial for mark in case.marks.inside("trials", *about)}
            if low < high and len(str(abs(low)).replace(".", "").lstrip("0")) >= _MIN_DIGITS and trials:
                yield trials, (low, high), _Estimate(value, span, block.span, in_table)


def _is_labelled(case: Case, block: Block) -> bool:
    """Whether a heading of a table speaks of confidence intervals."""
    cells = block.table.cells if block.table else ()
    return any(cell.is_header and _LABELLED.search(case.document.text, *cell.span) for cell in cells)
