"""Python's cycle collector, kept from work that makes no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Run a block, or as a decorator a function, without Python's cycle collector.

    What one document makes is freed by reference counts alone; looking through it, and through all lexicons, for cycles
    again and again while the tables fill takes a sixth of the whole time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def collector_seldom() -> Iterator[None]:
    """Run a block, or as a decorator a function, with Python's cycle collector at work a hundred times less often.

    Modules, patterns and lexicons are hundreds of thousands of objects that stay; the collector's own pace would look
    through them again and again while they are made.
    """
    young, middle, old = gc.get_threshold()
    gc.set_threshold(100 * young, middle, old)
    try:
        yield
    finally:
        gc.set_threshold(young, middle, old)
