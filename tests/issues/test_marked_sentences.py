"""Sentences that were read wrongly."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    "marked",
    [
        "Graft loss was halved, from <percent value=12>12%</percent> in 2001 to <percent value=6>6%</percent> in 2011.",
        "About one in 10 and <percent>0.1%</percent> had it.",
        "Blasts of <percent role=threshold>5%</percent> or more define relapse.",
        "A threshold of <percent role=threshold>0.01%</percent> was used for MRD.",
        "A cut-off of <percent role=threshold>0.01%</percent> was used.",
        "Ferric carboxymaltose <dose value=1000 unit=mg>1 000 mg</dose> was infused.",
        "The trial (<registry_id normalized=NCT:NCT01234567 valid=true>NCT0123 4567</registry_id>) enrolled adults.",
        "The trial (<registry_id normalized=NCT:NCT01234567 valid=true>NCTO1234567</registry_id>) enrolled adults.",
        "Children were treated on <trial>AALL9999</trial> and <trial>ANHL9876</trial>.",
        "The <trial>RIVERA-1</trial> and <trial>RIVERA-2</trial> trials enrolled adults.",
        "The <trial trial=MARBLE-06>MARBLE-06</trial> trial ended; <trial trial=MARBLE-06>MARBLE 06</trial> was small.",
        "<endpoint>Cardiac arrhythmias</endpoint> were seen in 5% of the patients.",
        "<endpoint code=OTHER>ACR20</endpoint> and <endpoint code=OTHER>PASI 75</endpoint> were reached early.",
        "<agent>Empagliflozin</agent> (<agent name=empagliflozin>EMPA</agent>) was safe; <agent>EMPA</agent> helped.",
    ],
)
def test_a_sentence(check: Callable[..., None], marked: str) -> None:
    check(marked)
