"""docs/faults.md names tests that there are, and every extra is named where it is missing."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def named(row: str) -> list[Path]:
    """The tests of a row: `tests/a/b.py`, and `c.py` beside the one before."""
    found: list[Path] = []
    for name in re.findall(r"`([\w/]+(?:\.py)?)`", row.rpartition(" | ")[2]):
        found.append(ROOT / name if "/" in name else found[-1].with_name(name))
    return found


def test_every_fault_has_a_test() -> None:
    page = ROOT / "docs" / "faults.md"
    if not page.exists():
        pytest.skip("the documentation is not here")
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 20
    assert [row for row in rows if not named(row) or not all(path.exists() for path in named(row))] == []


def test_every_extra_is_named_where_it_is_missing() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    extras = project["optional-dependencies"].keys() - {"dev"}
    assert extras
    missing = [f"pip install '{project['name']}[{each}]'" for each in extras]
    assert [each for each in missing if not any(each in text for text in sources)] == []
