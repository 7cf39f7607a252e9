"""Typed values: frozen, a value or a range, precision as printed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from decimal import Decimal

import pytest

from extract.values import Count, Dose, Percent, Quantity, RegistryId


@pytest.mark.parametrize(
    "numbers",
    [
        {},
        {"low": Decimal(1)},
        {"high": Decimal(1)},
        {"value": Decimal(1), "low": Decimal(1)},
        {"value": Decimal(1), "low": Decimal(1), "high": Decimal(2)},
    ],
)
def test_a_quantity_is_one_value_or_a_whole_range(numbers: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match="one value or a range"):
        Quantity(**numbers)


def test_precision_and_order_stay_as_printed() -> None:
    assert str(Quantity(value=Decimal("0.80")).value) == "0.80"
    printed = Quantity(low=Decimal("12"), high=Decimal("9.90"))
    assert (str(printed.low), str(printed.high)) == ("12", "9.90")


def test_values_are_frozen_and_compare_by_content() -> None:
    dose = Dose(Quantity(value=Decimal(5)), "mg", "apixaban")
    assert dose == Dose(Quantity(value=Decimal(5)), "mg", "apixaban")
    assert len({dose, Dose(Quantity(value=Decimal(5)), "mg", "apixaban")}) == 1
    with pytest.raises(FrozenInstanceError):
        dose.unit = "g"  # type: ignore[misc]


def test_what_is_not_said_is_none_and_never_zero() -> None:
    percent = Percent(Quantity(value=Decimal(5)))
    assert (percent.bound, percent.role, percent.implicit) == (None, "value", False)
    assert Dose(Quantity(value=Decimal(5)), "mg").agent is None
    assert Count(None).total is None
    identifier = RegistryId("NCT", "NCT:NCT01234567")
    assert (identifier.valid, identifier.reason, identifier.meant) == (True, None, None)
