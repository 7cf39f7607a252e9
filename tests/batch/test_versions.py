"""A result is kept as long as the code that made it: what shows or judges results is no part of that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import extract
from extract.batch import work
from extract.batch.versions import APART

FOLDER = Path(extract.__file__).parent


def test_what_is_left_out_exists_and_is_not_used_by_the_work() -> None:
    assert [name for name in APART if not (FOLDER / name).is_dir()] == []
    script = "import sys, extract.batch.work, extract.readers; extract.readers.load_readers(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    prefixes = tuple(f"extract.{name.rstrip('/').replace('/', '.')}" for name in APART)
    assert [name for name in loaded if name.startswith(prefixes)] == []
    assert work.__name__ in loaded
