"""When a field of a predicted row says the same as the gold row's.

Texts compare without case, and without what renditions of a paper print differently (dashes, spaces, markup).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any

from extract.evaluation.matching import normalise_surface, plain_surface
from extract.patterns import lazy_regex

SIMILAR = 0.5  # share of common tokens from which two phrases name the same
_TOKEN = lazy_regex(r"\d+(?:\.\d+)+|[^\W_]+|[<>≤≥]")
_NUMBER = lazy_regex(r"\d+(?:\.\d+)?")
_AMOUNT = r"\d+(?:\.\d+)?"
_DURATION = lazy_regex(
    rf"P(?:(?P<Y>{_AMOUNT})Y)?(?:(?P<M>{_AMOUNT})M)?(?:(?P<W>{_AMOUNT})W)?(?:(?P<D>{_AMOUNT})D)?"
    rf"(?:T(?:(?P<hours>{_AMOUNT})H)?(?:(?P<minutes>{_AMOUNT})M)?)?"
)
# Words that two outcomes may share without being the same one.
_FUNCTION_WORDS = frozenset({
    "a", "an", "and", "any", "as", "at", "by", "for", "from", "in", "into", "no", "not", "of", "on", "or", "per",
    "than", "the", "their", "to", "vs", "versus", "with", "within", "without",
})  # fmt: skip


@lru_cache(maxsize=4096)
def tokens(text: str | None) -> frozenset[str]:
    """Words, numbers and comparison signs of a phrase: case folded, other punctuation dropped."""
    if text is None:
        return frozenset()
    return frozenset(_TOKEN.findall(plain_surface(text).replace(">=", "≥").replace("<=", "≤")))


def jaccard(first: str | None, second: str | None) -> float:
    """Share of the tokens of both phrases that they have in common; 1 where neither has any."""
    ours, theirs = tokens(first), tokens(second)
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else 1.0


def similar(first: str, second: str) -> bool:
    """Two phrases have at least half of their tokens in common."""
    return jaccard(first, second) >= SIMILAR


def share_word(first: str | None, second: str | None) -> bool:
    """Two names of outcomes have a word in common that is more than a function word."""
    ours, theirs = tokens(first), tokens(second)
    if ours == theirs:
        return True
    return bool((ours & theirs) - _FUNCTION_WORDS)


def same_text(first: str, second: str) -> bool:
    """Two texts are the same but for case, dashes and spaces."""
    return normalise_surface(first) == normalise_surface(second)


def name_key(name: str) -> str:
    """A name of a trial without case, spaces and hyphens."""
    return normalise_surface(name).replace("-", "")


def duration(iso: str) -> tuple[Decimal, Decimal, Decimal] | str:
    """Months, days and minutes of an ISO 8601 duration, so that P12M is P1Y and P2W is P14D but P52W is no year."""
    match = _DURATION.fullmatch(iso)
    if match is None:
        return iso
    parts = {name: Decimal(text or 0) for name, text in match.groupdict().items()}
    return parts["Y"] * 12 + parts["M"], parts["W"] * 7 + parts["D"], parts["hours"] * 60 + parts["minutes"]


def study_key(study: str) -> frozenset[str]:
    """The studies that a cell names: `ref:21,22` is references 21 and 22 in any order."""
    text = normalise_surface(study)
    if text.startswith("ref:"):
        return frozenset(f"ref:{part.removeprefix('ref:')}" for part in text.split(",") if part)
    return frozenset(name_key(part) for part in text.split(",") if part)


def same_figures(first: str, second: str) -> bool:
    """Two wordings of an age or of years give the same numbers, or without any are similar.

    Of several wordings (`1-18 years; ≥ 1 to < 18 years`) one that agrees is enough.
    """
    return any(_same_figures(ours, theirs) for ours in first.split(";") for theirs in second.split(";"))


def _same_figures(first: str, second: str) -> bool:
    ours, theirs = (frozenset(map(Decimal, _NUMBER.findall(plain_surface(text)))) for text in (first, second))
    return ours == theirs if ours or theirs else similar(first, second)


def _overlapping(first: frozenset[str], second: frozenset[str]) -> bool:
    return len(first & second) >= SIMILAR * len(first | second)


def _equal(first: object, second: object) -> bool:
    return first == second


def _filled(*names: str) -> Callable[[Any], tuple[object, ...] | None]:
    """The columns of a row as one field; None where all are empty."""

    def read(row: Any) -> tuple[object, ...] | None:
        cells = tuple(getattr(row, name) for name in names)
        return None if all(cell is None for cell in cells) else cells

    return read


def _read_dispersion(row: Any) -> tuple[object, ...] | None:
    """Its kind alone is no dispersion."""
    cells = (row.dispersion, row.dispersion_low, row.dispersion_high)
    return None if all(cell is None for cell in cells) else (*cells, row.dispersion_kind)


def _read_n(row: Any) -> int | None:
    """The n of a count has decided the match already and earns nothing again."""
    return None if row.statistic == "count" else row.n


def _read_refs(row: Any) -> frozenset[str] | None:
    """The citation numbers; author-year keys, which gold may hold instead, are no numbers of a list."""
    return frozenset(str(ref) for ref in row.refs if str(ref).isdecimal()) or None


def _read_names(column: str) -> Callable[[Any], frozenset[str] | None]:
    return lambda row: frozenset(map(name_key, getattr(row, column))) or None


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How a field is read from a row of either side (None: empty) and when two filled ones agree."""

    read: Callable[[Any], Any]
    agree: Callable[[Any, Any], bool]

    def agrees(self, gold: object, predicted: object) -> bool:
        """Both rows have nothing in the field, or the same."""
        ours, theirs = self.read(gold), self.read(predicted)
        if ours is None or theirs is None:
            return ours is theirs
        return self.agree(ours, theirs)


def _column(name: str, agree: Callable[[Any, Any], bool] = _equal) -> FieldRule:
    return FieldRule(attrgetter(name), agree)


_STUDY = _column("study", lambda gold, predicted: study_key(gold) == study_key(predicted))
_REFS = FieldRule(_read_refs, _equal)

OUTCOME_FIELDS: Mapping[str, FieldRule] = {
    "timepoint": _column("timepoint", lambda gold, predicted: duration(gold) == duration(predicted)),
    "arm": _column("arm", similar),
    "versus": _column("versus", similar),
    "study": _STUDY,
    "total": _column("total"),
    "n": FieldRule(_read_n, _equal),
    "ci": FieldRule(_filled("ci_low", "ci_high"), _equal),
    "se": _column("se"),
    "dispersion": FieldRule(_read_dispersion, _equal),
    "p": FieldRule(_filled("p_op", "p"), _equal),
    "endpoint_text": _column("endpoint_text", similar),
    "refs": _REFS,
    "grade": _column("grade", same_text),
    "bound": _column("bound"),
    "unit": _column("unit"),
}
OUTCOME_ROW = ("timepoint", "arm", "versus", "study", "total", "n", "ci", "se", "dispersion", "p")

DOSING_FIELDS: Mapping[str, FieldRule] = {
    "agent": _column("agent", same_text),
    "schedule": _column("schedule", similar),
    "route": _column("route", same_text),
    "bound": _column("bound"),
    "study": _STUDY,
    "refs": _REFS,
}
DOSING_ROW = ("agent",)

TRIAL_FIELDS: Mapping[str, FieldRule] = {
    "registry_ids": FieldRule(_read_names("registry_ids"), _equal),
    "phase": _column("phase", same_text),
    "enrolled": _column("enrolled"),
    "age": _column("age", same_figures),
    "years": _column("years", same_figures),
    "sponsor": _column("sponsor", similar),
    "refs": _REFS,
    "aliases": FieldRule(_read_names("aliases"), _overlapping),
}
TRIAL_ROW = ()
