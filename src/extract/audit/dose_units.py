"""Doses in a unit that no other dose of the agent and of this size has: per m² for per kg, µg for mg."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from extract.audit.case import Case, Claim
from extract.document import CharSpan
from extract.patterns import lazy_regex
from extract.records import Dosing

_GRAMS = {"g": Decimal(1000), "mg": Decimal(1), "ug": Decimal("0.001"), "ng": Decimal("0.000001")}  # in mg
_WORD = lazy_regex(r"[^\W\d_][\w-]+")
LIKE_SIZE = 3  # times: doses of one agent and kind that far apart are of another size
MIN_OTHERS = 3  # doses of the agent that must agree before one is doubted


class _Sized(NamedTuple):
    """A dose by its kind (`kg`, `m2`, none for a flat dose), its amount in mg and its printed number."""

    row: Dosing
    amount_unit: str
    kind: str
    milligrams: Decimal
    number: Decimal


def find_suspect_units(case: Case) -> Iterator[Claim]:
    """Doses in a unit that no other dose of the agent and of this size has: per m² for per kg, µg for mg."""
    agents: dict[str, list[_Sized]] = defaultdict(list)
    known = {row.agent for row in case.extraction.dosing if row.agent}
    for row in case.extraction.dosing:
        sized = _sized(row)
        agent = row.agent if row.agent and row.note is None else _agent_before(case, row, known)
        if agent and sized:
            agents[agent].append(sized)
    for doses in agents.values():
        if len(doses) > MIN_OTHERS:
            yield from _suspects(case, doses)


def _suspects(case: Case, doses: Sequence[_Sized]) -> Iterator[Claim]:
    """The doubtful doses of one agent, those of one sentence together."""
    together: dict[tuple[CharSpan, tuple[str, ...]], list[tuple[_Sized, list[_Sized]]]] = {}
    for dose in doses:
        others = _other_kind(case, dose, doses) or _other_prefix(case, dose, doses)
        if others:
            key = (case.sentence(case.anchor(dose.row)), tuple(each.row.record_id for each in others))
            together.setdefault(key, []).append((dose, others))
    for found in together.values():
        yield _suspect(case, [dose for dose, _ in found], found[0][1])


def _agent_before(case: Case, row: Dosing, known: Collection[str]) -> str | None:
    """The one agent of the document's other doses that the sentence names before a dose without an agent."""
    if row.agent is not None:
        return None
    anchor = case.anchor(row)
    words = set(_WORD.findall(case.document.text[case.sentence(anchor).start : anchor.start].lower()))
    named = words & set(known)
    return named.pop() if len(named) == 1 else None


def _sized(row: Dosing) -> _Sized | None:
    number = row.value if row.value is not None else row.high
    amount, _, rest = row.unit.partition("/")
    if number is None or not number or amount not in _GRAMS:
        return None
    kind = next((part for part in rest.split("/") if part in ("kg", "m2")), "")
    return _Sized(row, amount, kind, number * _GRAMS[amount], number)


def _other_kind(case: Case, dose: _Sized, doses: Sequence[_Sized]) -> list[_Sized]:
    """The doses that speak against one by body surface where all of this size are by weight, or the other way round."""
    if not dose.kind or any(
        each.kind == dose.kind and _is_like(each.milligrams, dose.milligrams) and not _is_together(case, each, dose)
        for each in doses
    ):
        return []
    others = [each for each in doses if each.kind not in {"", dose.kind} and _is_like(each.milligrams, dose.milligrams)]
    return others if len(others) >= MIN_OTHERS else []


def _other_prefix(case: Case, dose: _Sized, doses: Sequence[_Sized]) -> list[_Sized]:
    """The doses that speak against one that is a thousandth, or a thousand times, of the same number in them."""
    if any(each.amount_unit == dose.amount_unit and each.kind == dose.kind and each is not dose for each in doses):
        return []
    others = [each for each in doses if each.kind == dose.kind and each is not dose]
    units = {each.amount_unit for each in others}
    if len(others) < MIN_OTHERS or len(units) != 1:
        return []
    routes = {each.row.route for each in others if each.row.route}
    if dose.row.route and routes and dose.row.route not in routes:
        return []
    ratio = _GRAMS[dose.amount_unit] / _GRAMS[units.pop()]
    if ratio not in (Decimal(1000), Decimal("0.001")):
        return []
    together = [each for each in others if _is_together(case, each, dose)]
    is_slip = dose.number in {each.number for each in others} or _is_within(dose.number, together)
    return others if is_slip else []


def _is_within(number: Decimal, doses: Sequence[_Sized]) -> bool:
    """Whether a number is one that the doses of its sentence go up to and beyond."""
    lows = [each.row.low if each.row.low is not None else each.number for each in doses]
    return bool(doses) and min(lows) <= number <= max(each.number for each in doses)


def _suspect(case: Case, doses: Sequence[_Sized], others: Sequence[_Sized]) -> Claim:
    places = sorted(case.anchor(dose.row) for dose in doses)
    stated = CharSpan(places[0].start, places[-1].end)
    against = sorted({case.anchor(each.row) for each in others})
    shown = ", ".join(dict.fromkeys(f"“{case.quote(place)}”" for place in against))
    quoted, unit = case.quote(stated), others[0]
    name = next((each.row.agent for each in (*doses, *others) if each.row.agent), "")
    message = f"{name} “{quoted}”: all other doses of this size are in another unit ({shown})."
    correction = None
    if len({each.amount_unit for each in (*doses, unit)}) == 1:
        printed = next((sign for sign in ("m²", "m2", "kg") if sign in quoted), None)
        correction = quoted.replace(printed, "m²" if unit.kind == "m2" else unit.kind) if printed else None
    return Claim(
        severity="suspicious",
        message=message,
        stated=(stated,),
        against=tuple(against),
        correction=correction,
        assumes="doses of this size are meant in one unit",
        study=doses[0].row.study,
        about=tuple(each.row for each in (*doses, *others)),
    )


def _is_like(one: Decimal, two: Decimal) -> bool:
    return one <= LIKE_SIZE * two and two <= LIKE_SIZE * one


def _is_together(case: Case, one: _Sized, two: _Sized) -> bool:
    """Whether two doses stand in one sentence, so that one slip can spoil both: `from 120 to 90 mg/m²`."""
    return case.sentence(case.anchor(one.row)) == case.sentence(case.anchor(two.row))
