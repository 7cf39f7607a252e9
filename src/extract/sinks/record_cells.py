"""Records in words for people: an outcome's name, result, time and arms, and the amount of a dose."""

from __future__ import annotations

from decimal import Decimal

from extract.patterns import lazy_regex
from extract.records import Dosing, Outcome
from extract.values import as_printed

_SHORT = {
    "hazard_ratio": "HR",
    "odds_ratio": "OR",
    "risk_ratio": "RR",
    "mean_difference": "MD",
    "percent": "",
    "count": "",
}  # what stands before a value; other statistics are written out
_COMPARATORS = {"<=": "≤", ">=": "≥"}
_SPREADS = {"sd": "SD", "iqr": "IQR", "range": "range"}
_DURATION = lazy_regex(r"P(?P<time>T)?(?P<number>[\d.]+)(?P<unit>[YMWDH])")
_UNITS = {"Y": "y", "M": "mo", "W": "wk", "D": "d", "TH": "h", "TM": "min"}


def endpoint_name(row: Outcome) -> str:
    """`overall survival (OS)`; the text alone where the endpoint has no code, or the code is the text."""
    text = row.endpoint_text
    if row.endpoint == "OTHER" or row.endpoint.lower() == text.lower():
        return text
    return f"{text} ({row.endpoint})"


def result(row: Outcome) -> str:
    """`HR 0.79 (95% CI 0.69 to 0.90; p = 0.0004)`, `25.0% (402/1606)`, `12/30`."""
    beside = []
    counted = "/".join(str(number) for number in (row.n, row.total) if number is not None)
    if row.n is None and row.total is not None:
        counted = f"of {row.total}"
    value = _quantity(row.bound, row.value, row.low, row.high, row.unit)
    if counted and value:
        beside.append(counted)
    if row.ci_low is not None:
        level = "" if row.ci_level is None else f"{row.ci_level:f}% "
        beside.append(f"{level}CI {row.ci_low:f} to {_printed(row.ci_high)}")
    if row.se is not None:
        beside.append(f"SE {row.se:f}")
    spread = _quantity(None, row.dispersion, row.dispersion_low, row.dispersion_high, None)
    if spread:
        beside.append(f"{_SPREADS.get(row.dispersion_kind or '', '±')} {spread}")
    if row.p is not None:
        beside.append(f"p {_sign(row.p_op or '=')} {row.p:f}")
    name = _SHORT.get(row.statistic, row.statistic.replace("_", " "))
    return " ".join(part for part in (name, value or counted, f"({'; '.join(beside)})" if beside else "") if part)


def timepoint(row: Outcome) -> str:
    """`2 y` for `P2Y`."""
    match = _DURATION.fullmatch(row.timepoint or "")
    if match is None:
        return row.timepoint or ""
    return f"{match['number']} {_UNITS[(match['time'] or '') + match['unit']]}"


def arms(row: Outcome) -> str:
    """`ramipril vs. placebo`."""
    return " vs. ".join(arm for arm in (row.arm, row.versus) if arm)


def amount(row: Dosing) -> str:
    """`5 to 10 mg/kg`."""
    return _quantity(row.bound, row.value, row.low, row.high, row.unit)


def _quantity(
    bound: str | None, value: Decimal | None, low: Decimal | None, high: Decimal | None, unit: str | None
) -> str:
    if value is None and low is None:
        return ""
    number = f"{_printed(low)} to {_printed(high)}" if value is None else _printed(value)
    return f"{_sign(bound)}{number}{'' if unit in (None, '%') else ' '}{unit or ''}"


def _printed(number: Decimal | None) -> str:
    return "" if number is None else as_printed(number)


def _sign(operator: str | None) -> str:
    return _COMPARATORS.get(operator or "", operator or "")
