"""How the desk says things: counts of rows, and advice for people who see no command line."""

from __future__ import annotations

from collections.abc import Mapping

from extract.batch.outcomes import Failure
from extract.records import Schema

COUNTED: dict[Schema, tuple[str, str]] = {
    "outcomes": ("result", "results"),
    "dosing": ("dose", "doses"),
    "trials": ("trial", "trials"),
    "findings": ("finding", "findings"),
}
_AGAIN = "run again with "


def told_counts(counts: Mapping[Schema, int]) -> str:
    """`42 results, 5 doses, 1 trial`."""
    words = [
        f"{counts[table]:,} {one if counts[table] == 1 else many}"
        for table, (one, many) in COUNTED.items()
        if counts.get(table)
    ]
    return ", ".join(words) or "nothing found"


def advice_of(failure: Failure) -> str:
    """What to do about a failure, where the desk runs."""
    advice = failure.advice
    if not advice.startswith(_AGAIN):
        return advice
    options = advice.removeprefix(_AGAIN).replace(", and --retry-failed", "").replace(" and --retry-failed", "")
    return f"start the review desk with {options}; then choose “Try the failed ones again”"
