"""What tests of sinks share: a dataset of small extractions, to be read and not changed."""

from __future__ import annotations

import pytest

from extract.sinks.dataset import Dataset

from .datasets import make_dataset, make_extractions


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The small extractions that `datasets` makes."""
    return make_dataset(tmp_path_factory.mktemp("dataset"), make_extractions())
