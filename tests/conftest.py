"""What many tests share: the pipeline, loaded once, and the check of a marked sentence against it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import settings
from spacy.language import Language

import extract
from inline import check as check_marked

# The same examples on every machine: CI is deterministic, and a slow machine does not fail.
settings.register_profile("extract", deadline=None, derandomize=True, database=None, max_examples=100)
settings.load_profile("extract")


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The default pipeline."""
    return extract.load()


@pytest.fixture
def check(nlp: Language) -> Callable[..., None]:
    """`check("EFS was <percent value=66.2>66.2%</percent>.")`: see inline.py."""
    return partial(check_marked, nlp)
