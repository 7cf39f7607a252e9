"""The cycle collector is as it was before, also after a failure."""

from __future__ import annotations

import gc
from contextlib import suppress

from extract.collector import collector_paused, collector_seldom


def test_pausing_ends_with_the_block() -> None:
    assert gc.isenabled()
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
    with suppress(KeyError), collector_paused():
        raise KeyError
    assert gc.isenabled()


def test_a_pause_inside_another_does_not_end_it() -> None:
    with collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()


def test_collecting_seldom_ends_with_the_block() -> None:
    before = gc.get_threshold()
    with collector_seldom():
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before
    with suppress(KeyError), collector_seldom():
        raise KeyError
    assert gc.get_threshold() == before
