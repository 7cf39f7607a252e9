"""Every code of the units lexicon is UCUM (checked against ucumvert on pint), every printed form is unambiguous."""

from __future__ import annotations

from itertools import product

import pytest

from extract.lexicons import load

ucumvert = pytest.importorskip("ucumvert")
UNITS = load("units")
PARSER = ucumvert.get_ucum_parser()
MICRO_SIGN, GREEK_MU = "\u00b5", "\u03bc"

DIMENSIONS = {
    "mg": "[mass]",
    "ug": "[mass]",
    "mmol": "[substance]",
    "mL": "[length] ** 3",
    "cGy": "[length] ** 2 / [time] ** 2",
    "MBq": "1 / [time]",
    "mCi": "1 / [time]",
    "J": "[length] ** 2 * [mass] / [time] ** 2",
}


@pytest.fixture(scope="module")
def registry() -> object:
    return ucumvert.PintUcumRegistry()


@pytest.mark.parametrize("code", [*UNITS.amounts, *UNITS.measures])
def test_a_code_is_ucum(code: str) -> None:
    PARSER.parse(code)


@pytest.mark.parametrize(("amount", "per"), list(product(UNITS.amounts, UNITS.per)))
def test_an_amount_over_a_denominator_is_ucum(amount: str, per: str) -> None:
    PARSER.parse(f"{amount}/{per}")


@pytest.mark.parametrize(
    "code",
    ["mg/m2/d", "ug/kg", "cGy", "ug/m2/d", "mg/m2/{dose}", "mg/kg/d", "[IU]/kg/h", "Gy/{fraction}", "U/m2/{dose}"],
)
def test_a_dose_unit_is_ucum(code: str) -> None:
    PARSER.parse(code)


@pytest.mark.parametrize(("code", "dimension"), DIMENSIONS.items())
def test_a_code_has_the_dimension_that_pint_gives_it(registry: object, code: str, dimension: str) -> None:
    assert code in UNITS.amounts
    quantity = registry.from_ucum(code)  # type: ignore[attr-defined]
    assert quantity.check(dimension)


@pytest.mark.parametrize(
    ("table", "printed", "code"),
    [
        ("amounts", "mg", "mg"),
        ("amounts", "mcg", "ug"),
        ("amounts", f"{MICRO_SIGN}g", "ug"),
        ("amounts", f"{GREEK_MU}g", "ug"),
        ("amounts", "IU", "[IU]"),
        ("amounts", "units", "U"),
        ("amounts", "MIU", "M[IU]"),
        ("amounts", "mIU", "m[IU]"),
        ("amounts", "mEq", "meq"),
        ("amounts", "Gray", "Gy"),
        ("amounts", "cGy", "cGy"),
        ("amounts", "ppm", "[ppm]"),
        ("per", "m²", "m2"),
        ("per", "m2", "m2"),
        ("per", "kg body weight", "kg"),
        ("per", "day", "d"),
        ("per", "24 h", "d"),
        ("per", "dose", "{dose}"),
        ("per", "fraction", "{fraction}"),
        ("measures", "mmHg", "mm[Hg]"),
        ("measures", "months", "mo"),
        ("measures", "years", "a"),
        ("measures", "ml·kg−1·min−1", "mL/kg/min"),
        ("measures", f"{GREEK_MU}mol/L", "umol/L"),
        ("measures", "percentage points", "%"),
    ],
)
def test_a_printed_form_has_its_code(table: str, printed: str, code: str) -> None:
    assert printed in getattr(UNITS, table)[code]


@pytest.mark.parametrize("table", ["amounts", "per", "measures"])
def test_a_printed_form_has_one_code(table: str) -> None:
    forms = [form for group in getattr(UNITS, table).values() for form in group]
    assert len(forms) == len(set(forms))
    assert all(form == form.strip() and form for form in forms)


@pytest.mark.parametrize("table", ["amounts", "per", "measures"])
def test_both_letters_for_micro_are_known(table: str) -> None:
    forms = {form for group in getattr(UNITS, table).values() for form in group}
    assert {form.replace(MICRO_SIGN, GREEK_MU) for form in forms} <= forms
    assert {form.replace(GREEK_MU, MICRO_SIGN) for form in forms} <= forms


@pytest.mark.parametrize("printed", ["kg", "m²", "×10^9/L", "cells/kg", "mg/dL", "mmol/L", "ng/mL", "mL/min"])
def test_weights_counts_and_concentrations_are_not_doses(printed: str) -> None:
    assert printed in UNITS.not_doses


def test_no_amount_is_a_weight_or_a_count() -> None:
    assert not {form for group in UNITS.amounts.values() for form in group} & set(UNITS.not_doses)
