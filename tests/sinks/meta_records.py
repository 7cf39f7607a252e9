"""Records for a meta-analysis, written as a dataset and read back from its export as any other program reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from extract.records import Outcome, ReferenceRow, Study, Trial
from extract.sinks.dataset import Dataset
from extract.sinks.meta_analysis import write_metafor, write_revman

from .datasets import make_dataset
from .making import make_extraction

NUMBERS = ("value", "low", "high", "ci_low", "ci_high", "ci_level", "se", "dispersion", "p", "i2")  # printed


def outcome(**fields: Any) -> dict[str, Any]:
    """A record of the study `ref:5`; printed numbers are given as they are printed."""
    numbers = {name: Decimal(fields.pop(name)) for name in NUMBERS if fields.get(name) is not None}
    made = {"endpoint": "OTHER", "endpoint_text": "cough", "statistic": "percent", "study": "ref:5", "refs": (5,)}
    return {**made, "quote": "", "confidence": "stated", "rule": "made", **fields, **numbers}


def ratio(value: str, low: str | None = None, high: str | None = None, **fields: Any) -> dict[str, Any]:
    """A risk ratio of drug against placebo with its interval at 95 %."""
    level = {"ci_level": "95"} if low is not None else {}
    arms = {"arm": "drug", "versus": "placebo"}
    return outcome(
        **{"statistic": "risk_ratio", "value": value, "ci_low": low, "ci_high": high, **level, **arms, **fields}
    )


def difference(value: str, low: str | None = None, high: str | None = None, **fields: Any) -> dict[str, Any]:
    """A mean difference of drug against placebo with its interval at 95 %."""
    return ratio(value, low, high, **{"statistic": "mean_difference", **fields})


def count(arm: str | None, n: int | None, total: int | None = None, **fields: Any) -> dict[str, Any]:
    """People with an outcome in an arm, maybe with their percentage."""
    statistic = "percent" if "value" in fields else "count"
    unit = {"unit": "%"} if "value" in fields else {}
    return outcome(**{"statistic": statistic, "arm": arm, "n": n, "total": total, **unit, **fields})


def mean(arm: str, value: str, sd: str, total: int | None, **fields: Any) -> dict[str, Any]:
    """The mean of an arm with its standard deviation."""
    given = {"statistic": "mean", "arm": arm, "value": value, "dispersion": sd, "dispersion_kind": "sd", "total": total}
    return outcome(**{**given, **fields})


def make_review(
    folder: Path,
    outcomes: Iterable[dict[str, Any]],
    *,
    designs: dict[str, str] | None = None,
    years: dict[int, int] | None = None,
    trials: Iterable[str] = (),
) -> Dataset:
    """The dataset of one review with these records."""
    key = {"document_id": "made"}
    rows = [Outcome(**key, record_id=f"o{place}", **fields) for place, fields in enumerate(outcomes, start=1)]
    extraction = replace(
        make_extraction("nothing"),
        outcomes=tuple(rows),
        studies=tuple(
            Study(**key, record_id=f"s{place}", study=study, design=design)
            for place, (study, design) in enumerate((designs or {}).items(), start=1)
        ),
        references=tuple(ReferenceRow(**key, number=number, year=year) for number, year in (years or {}).items()),
        trials=tuple(Trial(**key, record_id=f"t{place}", id=name) for place, name in enumerate(trials, start=1)),
    )
    return make_dataset(folder / "dataset", [extraction])


def read_export(dataset: Dataset, folder: Path) -> dict[str, pd.DataFrame]:
    """The files of both exports by their stem."""
    paths = [*write_metafor(dataset, folder / "metafor"), *write_revman(dataset, folder / "revman")]
    return {path.stem: read_table(path) for path in paths}


def read_table(path: Path) -> pd.DataFrame:
    """A file as pandas reads it, where empty cells alone are missing."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def export(folder: Path, *outcomes: dict[str, Any], **others: Any) -> dict[str, pd.DataFrame]:
    """What both exports write for a review with these records."""
    return read_export(make_review(folder, outcomes, **others), folder)
