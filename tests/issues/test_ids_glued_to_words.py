"""`trialNCT01234567` was one span, and `ISRCTN12345678OSISRCTN12345678` two that overlap: letters were one token."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    "marked",
    [
        "The ASTER trial<registry_id normalized=NCT:NCT01234567>NCT01234567</registry_id> enrolled adults.",
        "See <registry_id>ISRCTN12345678</registry_id>OS<registry_id>ISRCTN12345678</registry_id>.",
    ],
)
def test_the_span_is_the_identifier_alone(check: Callable[..., None], marked: str) -> None:
    check(marked)
