"""Importing `extract.components.sentences` first replaced the function of that name, and every pipeline failed."""

from __future__ import annotations

import subprocess
import sys


def test_the_module_can_be_imported_before_the_pipeline() -> None:
    code = "import extract.components.sentences, extract; extract.load()('Death was 5%.')"
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, timeout=60).returncode == 0
