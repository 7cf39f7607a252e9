"""Typed values behind mentions: frozen, printed precision kept, ranges kept as ranges.

Numbers are `decimal.Decimal` made from the printed digits (thousands separators removed, decimal sign
normalised), so `Decimal("0.80")` stays two-digit. Units are UCUM (https://ucum.org). Durations are ISO 8601.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from extract.patterns import lazy_regex

PercentRole = Literal["value", "level", "interval", "error", "threshold", "quantile", "design"]
Comparator = Literal["<", "<=", ">", ">="]
Operator = Literal["=", "<", ">", "<=", ">="]
Confidence = Literal["stated", "carried", "inferred"]
DispersionKind = Literal["sd", "iqr", "range", "unknown"]
ArmKind = Literal["arm", "subgroup"]
ArmRole = Literal["index", "reference"]
Severity = Literal["impossible", "inconsistent", "suspicious"]
EffectKind = Literal[
    "hazard_ratio",
    "odds_ratio",
    "risk_ratio",
    "rate_ratio",
    "ratio_of_means",
    "win_ratio",
    "win_odds",
    "risk_difference",
    "mean_difference",
    "standardized_mean_difference",
    "risk_reduction",
    "risk_increase",
    "regression_coefficient",
    "correlation",
    "number_needed_to_treat",
    "number_needed_to_harm",
]
StatisticKind = Literal[
    "confidence_interval",
    "standard_error",
    "p_value",
    EffectKind,
    "median",
    "mean",
    "rate",
    "dispersion",
    "i_squared",
]


def as_printed(number: Decimal) -> str:
    """The digits of a number, never with an exponent: `0.0000001`, which `str` makes `1E-7`."""
    return format(number, "f")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number (`value`) or a range as printed (`low`, `high`); never both, never collapsed."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    def __post_init__(self) -> None:
        single = self.value is not None and self.low is None and self.high is None
        ranged = self.value is None and self.low is not None and self.high is not None
        if not (single or ranged):
            raise ValueError("a quantity is one value or a range of low and high")


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage; `implicit` when the sign stands in a header or not at all."""

    quantity: Quantity
    role: PercentRole = "value"
    implicit: bool = False
    bound: Comparator | None = None


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount of a drug or of radiation; `unit` in UCUM, `agent` a lower-case generic name or None."""

    quantity: Quantity
    unit: str
    agent: str | None = None
    bound: Comparator | None = None


@dataclass(frozen=True, slots=True)
class RegistryId:
    """An identifier in a trial register.

    `normalized` is `REGISTRY:ID` in the register's own spelling; `reason` says what is malformed when not
    `valid`, and `meant` is the identifier elsewhere in the document that it plainly garbles, if there is one.
    """

    registry: str
    normalized: str
    valid: bool = True
    reason: str | None = None
    meant: str | None = None


@dataclass(frozen=True, slots=True)
class TrialName:
    """The name of a trial; `trial` is the one canonical name that its mentions share in the document."""

    trial: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A clinical outcome measure by its code in `lexicons/endpoints.toml`."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Agent:
    """A drug, radiation or cell therapy by its lower-case generic name."""

    name: str


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: ISO 8601 (`P2Y`, `P12M`, `P28D`), a range where `high` is filled."""

    iso: str
    high: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """`n` of `total` people or events; None where the phrase does not give it ("all patients" has no `n`)."""

    n: int | None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic beside a result: an interval, an error, a p-value or an effect measure."""

    kind: StatisticKind
    quantity: Quantity | None = None
    level: Decimal | None = None
    operator: Operator | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Citations of the reference list: numbers in the order printed, or author–year keys."""

    numbers: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form defined beside its long form."""

    long_form: str


@dataclass(frozen=True, slots=True)
class Arm:
    """A treatment arm or a subgroup as printed; `role` is its side in a comparison, None outside of one."""

    name: str
    kind: ArmKind
    role: ArmRole | None = None


Value = (
    Percent
    | Dose
    | RegistryId
    | TrialName
    | Endpoint
    | Agent
    | Duration
    | Count
    | Statistic
    | Citation
    | Abbreviation
    | Arm
)

_ISO = lazy_regex(
    r"P(?:(?P<years>[\d.]+)Y)?(?:(?P<months>[\d.]+)M)?(?:(?P<weeks>[\d.]+)W)?(?:(?P<days>[\d.]+)D)?"
    r"(?:T(?:(?P<hours>[\d.]+)H)?(?:(?P<minutes>[\d.]+)M)?)?"
)
_DAYS: dict[str, Fraction] = {
    "years": Fraction(1461, 4),
    "months": Fraction(1461, 48),
    "weeks": Fraction(7),
    "days": Fraction(1),
    "hours": Fraction(1, 24),
    "minutes": Fraction(1, 1440),
}


def days_of(iso: str | None) -> Fraction | None:
    """The length of an ISO 8601 duration in days; None for what is no simple one."""
    match = _ISO.fullmatch(iso) if iso else None
    if match is None or not any(match.groups()):
        return None
    return sum((Fraction(match[unit]) * days for unit, days in _DAYS.items() if match[unit]), Fraction(0))
