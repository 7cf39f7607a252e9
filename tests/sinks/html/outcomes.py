"""Rows of tables as a view has them, and views of nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extract.records import TABLES, Outcome, Trial
from extract.sinks.html.views import ReviewView

Row = dict[str, Any]


def outcome(number: int = 1, **fields: Any) -> Row:
    """OS of 50% where nothing else is said."""
    told = {"endpoint": "OS", "endpoint_text": "overall survival", "statistic": "percent", "value": "50", "unit": "%"}
    rest = {"quote": "x", "confidence": "stated", "rule": "made"}
    row = Outcome(document_id="made", record_id=f"o{number}", **{**told, **rest, **fields})
    return row.model_dump(mode="json")


def ratio(
    number: int = 1, value: str = "0.79", low: str | None = "0.69", high: str | None = "0.90", **fields: Any
) -> Row:
    """A hazard ratio with its interval."""
    told = {"statistic": "hazard_ratio", "unit": None, "value": value, "ci_low": low, "ci_high": high, "ci_level": "95"}
    return outcome(number, **{**told, **fields})


def trial(number: int = 1, **fields: Any) -> Row:
    row = Trial(document_id="made", record_id=f"t{number}", **{"id": f"LAKE-{number}", **fields})
    return row.model_dump(mode="json")


def registry_mention(quote: str, normalized: str, *, valid: bool = True) -> Row:
    return {"label": "REGISTRY_ID", "quote": quote, "normalized": normalized if valid else None, "valid": valid}


def view(**tables: Sequence[Row]) -> ReviewView:
    """A review that has these rows and no text."""
    return ReviewView(
        document_id="made",
        title=None,
        path="made.md",
        sha256="",
        doi=None,
        warnings=(),
        text="",
        blocks=(),
        tables={name: list(tables.get(name, ())) for name in TABLES},
    )
