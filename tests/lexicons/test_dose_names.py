"""Short forms beside doses, other generic names, and routes."""

from __future__ import annotations

import pytest

from extract.lexicons import load

AGENTS, ROUTES = load("agents"), load("units").routes


def test_a_short_form_of_doses_is_no_short_form_elsewhere() -> None:
    assert not AGENTS.dose_symbols.keys() & AGENTS.symbols.keys()
    assert set(AGENTS.dose_symbols.values()) <= set(AGENTS.names().values())


@pytest.mark.parametrize("name", ["acetaminophen", "albuterol", "folinic acid", "glyceryl trinitrate", "vitamin d3"])
def test_another_generic_name_is_a_synonym(name: str) -> None:
    assert name in AGENTS.synonyms()


@pytest.mark.parametrize("name", ["jardiance", "keytruda", "mk-3475", "total body irradiation", "ramipril"])
def test_a_brand_a_code_a_modality_or_the_name_itself_is_none(name: str) -> None:
    assert name not in AGENTS.synonyms()


@pytest.mark.parametrize("code", ["iv", "po", "sc", "im", "it", "inh", "top"])
def test_a_common_route_is_listed(code: str) -> None:
    assert ROUTES[code]


def test_a_printed_route_has_one_code() -> None:
    printed = [form.lower() for forms in ROUTES.values() for form in dict.fromkeys(form.lower() for form in forms)]
    assert len(printed) == len(set(printed))
