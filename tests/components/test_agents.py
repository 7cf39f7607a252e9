"""Agents: drugs, radiation and cell therapies by generic name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "<agent name=dapagliflozin>Dapagliflozin</agent> was compared with <agent name=metformin>metformin</agent>.",
        "<agent name=adalimumab>Humira</agent> is the brand of <agent name=adalimumab>adalimumab</agent>.",
        "<agent name=methotrexate>MTX</agent> was kept in all patients with psoriasis.",
        "Patients received <agent name=TBI>total body irradiation</agent> or <agent name=busulfan>busulfan</agent>.",
        "<agent name=tisagenlecleucel>Tisagenlecleucel</agent> is a cell therapy.",
        "The fictive antibody <agent name=zorbalumab>zorbalumab</agent> is known by its stem.",
        "The fictive inhibitor <agent name=quorafenib>quorafenib</agent> is known by its stem.",
        "Give <agent name=lenalidomide>LENALIDOMIDE</agent> in capitals.",
        "<agent name=trastuzumab>Trastuzumab</agent>-treated women had <agent name=docetaxel>docetaxel</agent>/"
        "<agent name=carboplatin>carboplatin</agent>.",
    ],
)
def test_names_brands_symbols_and_stems(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        '<agent>Mycophenolate mofetil</agent> (<agent name="mycophenolate mofetil">MYFE</agent>) was safe;'
        ' <agent name="mycophenolate mofetil">MYFE</agent> was stopped in one arm.',
    ],
)
def test_a_short_form_that_the_document_defines_is_its_agent(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "text",
    [
        "The patients walked in the park and slept.",
        "Meals without sodium were served.",
        "Asthma control was good after education.",
        "MYFE lowered weight in one arm.",
    ],
)
def test_other_words_are_no_agents(check: Check, text: str) -> None:
    check(text, "agent")
