"""What each arm of a study had of an outcome: the records of one document made ready to be pooled.

Records that agree on an arm (same study, outcome, time, severity; one figure in common, none against another) are told
once. A subgroup stands where an arm stands: nothing in a record tells them apart.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal, TypeVar

from extract.lexicons import load
from extract.patterns import lazy_regex
from extract.records import Outcome
from extract.rounding import decimals, half_unit

Kind = Literal["proportion", "mean", "change"]

_KINDS: dict[str, Kind] = {"count": "proportion", "percent": "proportion", "mean": "mean", "mean_difference": "change"}
_DASHES = lazy_regex(r"[-‐‑‒–—−/]+")
_SUBGROUP = ";"  # stands between an arm and the subgroup of it
_ARM_WORDS = lazy_regex(r"^(?:the|a|an)\s+|\s+(?:arms?|groups?|cohorts?)$")
_AMOUNT = lazy_regex(r"\b\d+(?:[.,]\d+)?(?: ?(?:mg|g|µg|μg|mcg|ug|iu|u|gy|cgy|ml)(?: (?:kg|m2|m²|d|day))*)?(?!\w)")
_OVER_TIME = frozenset({"RELAPSE", "TRM", "NRM"})  # codes of outcomes mostly estimated with censoring, beside survival
_INCIDENCE = lazy_regex(r"cumulative|probabilit|actuarial|estimated", re.IGNORECASE)
_ONE_STUDY = lazy_regex(r"ref:\d+|(?!ref:)[^,]+")  # several stand with commas between them

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Arm:
    """What one arm (or a study as a whole, `name` null) had of one outcome, by the records that agree on it.

    `outcome` and `name` are normal forms, the latter of `ArmNames`. A change is the change of a mean within the arm.
    """

    kind: Kind
    outcome: str
    name: str | None
    rows: tuple[Outcome, ...]

    @property
    def row(self) -> Outcome:
        """The first record."""
        return self.rows[0]

    @property
    def bounded(self) -> bool:
        """Whether the text gives a bound or a range instead of the figure."""
        return self.row.bound is not None or self.row.low is not None

    @property
    def events(self) -> int | None:
        """People or events counted, as printed."""
        return None if self.kind != "proportion" or self.bounded else _first(row.n for row in self.rows)

    @property
    def total(self) -> int | None:
        """The people that they are counted in, or of whom a mean is; as printed."""
        total = _first(row.total for row in self.rows)
        return _first(row.n for row in self.rows) if total is None and self.kind != "proportion" else total

    @property
    def value(self) -> Decimal | None:
        """The percentage or mean, in the most decimals that a record prints it in."""
        values = [row.value for row in self.rows if row.value is not None and not self.bounded]
        return max(values, key=decimals, default=None)

    @property
    def sd(self) -> Decimal | None:
        """The standard deviation, where the text calls it one."""
        return _first(row.dispersion for row in self.rows if row.dispersion_kind == "sd")

    @property
    def is_estimate(self) -> bool:
        """Whether a percentage is estimated, over time or over studies, so that it is no share of the people."""
        spread = any(row.ci_low is not None or row.se is not None or is_pooled(row) for row in self.rows)
        return spread or self.row.endpoint in _survival() or bool(_INCIDENCE.search(self.row.endpoint_text))

    @property
    def events_derived(self) -> int | None:
        """The printed events, else the only whole number whose share of the printed total gives the percentage."""
        if self.kind != "proportion" or self.total is None or self.events is not None:
            return self.events
        if self.value is None or self.is_estimate or not 0 <= self.value <= 100:
            return None
        half = half_unit(self.value)
        low, high = (self.total * (self.value + change) / 100 for change in (-half, half))
        return _only(max(low, Decimal(0)), min(high, Decimal(self.total)))

    @property
    def total_derived(self) -> int | None:
        """The printed total, else the only whole number of which the printed events are the percentage."""
        if self.total is not None or self.kind != "proportion":
            return self.total
        if not self.events or not self.value or self.is_estimate:
            return None
        half = half_unit(self.value)
        least = max(100 * self.events / (self.value + half), Decimal(self.events))
        return _only(least, 100 * self.events / (self.value - half))

    @property
    def doubt(self) -> str | None:
        """What cannot be right in the figures."""
        events, total = self.events, self.total
        if self.kind != "proportion" or events is None or total is None:
            return None
        if events > total:
            return "more events than people"
        if self.value is not None and total and not self.is_estimate:
            difference = abs(Decimal(100 * events) / total - self.value)
            if difference > 2 * half_unit(self.value):  # authors round or cut off
                return "count and percentage disagree"
        return None


@lru_cache(maxsize=10_000)
def arm_name(text: str) -> str:
    """The normal form of an arm's name: small letters, no hyphens, no article, no `arm` or `group` behind."""
    name = " ".join(_DASHES.sub(" ", unicodedata.normalize("NFKC", text)).casefold().split())
    while (shorter := _ARM_WORDS.sub("", name)) != name:
        name = shorter
    return name


def split_subgroup(name: str) -> tuple[str, str]:
    """The normal name of an arm and the subgroup of it, empty where there is none."""
    head, _, subgroup = name.partition(_SUBGROUP)
    return arm_name(head), subgroup.strip()


class ArmNames:
    """The arms that the records of one document name, by study: one is the same with and without its dose.

    `everolimus 1.5 mg` is `everolimus` where the study has no other dose of it.
    """

    def __init__(self, outcomes: Iterable[Outcome]) -> None:
        self._dosed: dict[tuple[str | None, str], set[str]] = defaultdict(set)
        for row in outcomes:
            for text in (row.arm, row.versus):
                if text is not None and (stem := _stem(head := split_subgroup(arm_name(text))[0])) != head:
                    self._dosed[row.study, stem].add(head)

    def name(self, text: str | None, study: str | None) -> str | None:
        """The normal form of an arm of a study, with its subgroup behind `;`."""
        if text is None:
            return None
        head, subgroup = split_subgroup(arm_name(text))
        stem = _stem(head)
        if stem and len(self._dosed[study, stem]) <= 1:
            head = stem
        return f"{head}{_SUBGROUP} {subgroup}" if subgroup else head


@lru_cache(maxsize=10_000)
def outcome_name(code: str, text: str) -> str:
    """The lexicon's name of an abbreviated outcome, else its words in normal form.

    Not the lexicon's name for words, which brings related outcomes together: `bacterial` and `viral infection`.
    """
    name = _abbreviated().get((code, text.strip()))
    words = " ".join(_DASHES.sub(" ", name or text).casefold().split())
    return words.removesuffix("s")


def kind_of(row: Outcome) -> Kind | None:
    """As what an arm can be pooled by this record, else None; a change only with its standard deviation."""
    kind = _KINDS.get(row.statistic)
    return None if row.versus is not None or (kind == "change" and row.dispersion_kind != "sd") else kind


def is_pooled(row: Outcome) -> bool:
    """Whether a record is the result of a meta-analysis."""
    return row.n_studies is not None or row.i2 is not None


def whose(row: Outcome) -> str | None:
    """Why a record is not the result of one known study; None where it is."""
    if is_pooled(row):
        return "pooled over studies"
    if row.study is None:
        return "study not known"
    return None if _ONE_STUDY.fullmatch(row.study) else "several studies cited together"


def find_arms(outcomes: Iterable[Outcome], names: ArmNames) -> list[Arm]:
    """The arms in the outcomes of one document, in order."""
    arms: dict[tuple[object, ...], list[Arm]] = defaultdict(list)
    order: list[tuple[tuple[object, ...], int]] = []
    for row in outcomes:
        kind = kind_of(row)
        if kind is None:
            continue
        outcome = outcome_name(row.endpoint, row.endpoint_text)
        name = names.name(row.arm, row.study)
        key = (row.study, kind, row.endpoint, outcome, row.timepoint, severity(row), name)
        same = [at for at, arm in enumerate(arms[key]) if row.study is not None and _agrees(arm, row)]
        if len(same) == 1:
            known = arms[key][same[0]]
            arms[key][same[0]] = Arm(kind, outcome, name, (*known.rows, row))
        else:
            order.append((key, len(arms[key])))
            arms[key].append(Arm(kind, outcome, name, (row,)))
    return [arms[key][at] for key, at in order]


def severity(row: Outcome) -> str | None:
    """The normal form of the grade."""
    return None if row.grade is None else arm_name(row.grade)


def _agrees(arm: Arm, row: Outcome) -> bool:
    """Whether a record has a figure of the arm and none against it."""
    if (row.bound, row.low, row.high) != (arm.row.bound, arm.row.low, arm.row.high):
        return False
    counts = [(known.n, row.n) for known in arm.rows if known.n is not None and row.n is not None]
    values = [(known.value, row.value) for known in arm.rows if known.value is not None and row.value is not None]
    others = [pair for known in arm.rows for pair in ((known.total, row.total), (known.dispersion, row.dispersion))]
    units = {each.unit for each in (*arm.rows, row) if each.value is not None}
    against = any(one != two for one, two in (*counts, *others) if one is not None and two is not None)
    return bool(counts or values) and not against and len(units) <= 1 and all(_alike(one, two) for one, two in values)


def _alike(one: Decimal, two: Decimal) -> bool:
    """Equal, or one number rounded twice: 11 % and 11.5 % of 7 in 61."""
    if decimals(one) == decimals(two):
        return one == two
    return abs(one - two) <= half_unit(one) + half_unit(two)


def _stem(name: str) -> str:
    """A name without amounts: `edoxaban` of `edoxaban 15 mg`."""
    return " ".join(_AMOUNT.sub(" ", name).split())


def _only(low: Decimal, high: Decimal) -> int | None:
    """The whole number from `low` to `high`, if there is exactly one."""
    first, last = math.ceil(low), math.floor(high)
    return first if first == last else None


def _first(values: Iterable[_T | None]) -> _T | None:
    return next((value for value in values if value is not None), None)


@cache
def _abbreviated() -> dict[tuple[str, str], str]:
    """Code and abbreviation of each outcome of the lexicon -> its name."""
    names: dict[tuple[str, str], str] = {}
    for row in load("endpoints").endpoint:
        for symbol in (*row.symbols, *row.bound_symbols):
            names.setdefault((row.code, symbol), row.name)
            names.setdefault((row.code, f"{symbol}s"), row.name)
    return names


@cache
def _survival() -> frozenset[str]:
    """Codes of outcomes whose percentages are mostly estimates with censoring."""
    codes = {row.code for row in load("endpoints").endpoint if row.family == "survival"} - {"OTHER", "ALIVE", "DEATH"}
    return frozenset(codes | _OVER_TIME)
