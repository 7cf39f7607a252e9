"""Statistics beside a figure: its interval, error, dispersion, p-value and heterogeneity."""

from __future__ import annotations

import re

from extract.linking import Found, Mark, Marks
from extract.linking.figures import AVERAGES, Result, quantity_fields
from extract.linking.measures import unit_after
from extract.patterns import lazy_regex
from extract.values import Statistic

_BESIDE = frozenset({"confidence_interval", "standard_error", "dispersion", "p_value", "i_squared"})
_SD = lazy_regex(r"\b(?:SDs?|standard deviations?)\b", re.IGNORECASE)
_IQR = lazy_regex(r"\b(?:IQR|inter-?quartile)", re.IGNORECASE)
REACH_OF_CI = 60  # characters between a value and the interval or error that belongs to it
_SD_SAID = lazy_regex(r"±\s?SDs?\b|\bmeans?\s?\(SDs?\)|±\s?standard deviation")
AROUND = 200  # characters around a ± in which the text says what it is
NEAR = 25  # characters between a value and a p-value that stands with it
REACH_OF_P = 220  # characters between a value and its p-value


def attach_statistics(marks: Marks, results: list[Result], start: int, end: int) -> None:
    """Give each interval, error, dispersion and p-value to the result before it."""
    text = marks.text
    for mark in marks.inside("statistics", start, end):
        value: Statistic = mark.value
        if value.kind not in _BESIDE or value.quantity is None:
            continue
        owner = next((each for each in reversed(results) if each.reports and each.span.end <= mark.start + 1), None)
        if owner is None:
            continue
        gap = text[owner.span.end : mark.start]
        if value.kind == "p_value":
            if len(gap) <= REACH_OF_P and "p" not in owner.fields and value.quantity.value is not None:
                owner.fields["p"] = Found(value.quantity.value, (mark.span,))
                owner.fields["p_op"] = Found(value.operator or "=", (mark.span,))
                if len(gap) <= NEAR:
                    owner.end = max(owner.end, mark.end)
        elif len(gap) <= REACH_OF_CI and not re.search(r"[;.]\s", gap.replace("; ", ", ", 1)):
            _add_beside(text, owner, mark)


def _add_beside(text: str, owner: Result, mark: Mark) -> None:
    value: Statistic = mark.value
    quantity = value.quantity
    if quantity is None:
        return
    if value.kind == "confidence_interval" and "ci_low" not in owner.fields:
        owner.fields |= quantity_fields(quantity, mark.span, ("ci_value", "ci_low", "ci_high"))
        if value.level is not None:
            owner.fields["ci_level"] = Found(value.level, (mark.span,))
    elif value.kind == "standard_error" and "se" not in owner.fields:
        owner.fields |= quantity_fields(quantity, mark.span, ("se", "ci_low", "ci_high"))
    elif value.kind == "i_squared":
        owner.fields |= quantity_fields(quantity, mark.span, ("i2", "ci_low", "ci_high"))
    elif value.kind == "dispersion" and "dispersion_kind" not in owner.fields:
        if not _spreads(text, owner, mark):
            return
        owner.fields |= quantity_fields(quantity, mark.span, ("dispersion", "dispersion_low", "dispersion_high"))
        owner.fields["dispersion_kind"] = Found(_kind(text, mark), (mark.span,))
        unit = unit_after(text, mark.end, mark.end + 24)
        if unit is not None and "unit" not in owner.fields:
            owner.fields["unit"] = Found(unit[0], (unit[1],))
            owner.end = max(owner.end, unit[1].end)
    else:
        return
    owner.end = max(owner.end, mark.end)


def _spreads(text: str, owner: Result, mark: Mark) -> bool:
    """Whether a dispersion belongs to the figure before it: `±` right after it, a range after an average."""
    gap = text[owner.span.end : mark.start]
    if text[mark.start] in "±+":
        return len(gap) <= 12 and "(" not in gap
    spread = owner.statistic in AVERAGES or (
        owner.statistic == "mean_difference" and "SD" in text[mark.start : mark.end]
    )
    return spread and len(gap) <= 30


def _kind(text: str, mark: Mark) -> str:
    printed = text[mark.start : mark.end]
    if _SD.search(printed):
        return "sd"
    if _IQR.search(printed):
        return "iqr"
    if "rang" in printed:
        return "range"
    around = text[max(0, mark.start - AROUND) : mark.end + AROUND]
    return "sd" if _SD_SAID.search(around) else "unknown"
