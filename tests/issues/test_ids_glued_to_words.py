"""`trialNCT01234567` was one span: the letters of the word and of the id were one token."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    "marked",
    [
        "The ASTER trial<registry_id normalized=NCT:NCT01234567>NCT01234567</registry_id> enrolled adults.",
        "Enrolment in<registry_id>ISRCTN12345678</registry_id> ended.",
    ],
)
def test_the_span_is_the_identifier_alone(check: Callable[..., None], marked: str) -> None:
    check(marked)
