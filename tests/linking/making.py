"""What tests of outcomes share: the outcome rows of a text in a short form, and the decorator that lists cases.

A row is `(name, statistic, figure, fields)`. The name is the endpoint's code, of OTHER the name as printed. The figure
is the value (`47`, `<5`, `20 to 25`), of counts `n/total` or `n`. A percentage with its count has `of="69/110"`.
`ci` is written `95% 0.69 to 0.90`, `p` with its sign, a dispersion under its kind (`sd`, `iqr`, `range`, `unknown`).
The study stands only where `studies=True`; the unit `%` of a percentage is left out.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from spacy.language import Language

from extract.assembly import extract_document
from extract.readers import parse_text
from extract.records import Outcome

Row = tuple[str, str, str, dict[str, str]]
Case = tuple[str, list[Row]]
_AS_THEY_ARE = ("timepoint", "arm", "versus", "se", "grade")


def rows(nlp: Language, text: str, *, studies: bool = False) -> list[Row]:
    """The outcome rows of the paragraphs of a text, in the order of the table; a text with headings stands as it is."""
    source = text if text.lstrip().startswith("#") else f"## Results\n\n{text}"
    return [_row(outcome, studies=studies) for outcome in extract_document(parse_text(source), nlp=nlp).outcomes]


def percent(name: str, figure: str, **fields: str) -> Row:
    """The row of a percentage."""
    return name, "percent", figure, fields


def count(name: str, figure: str, **fields: str) -> Row:
    """The row of a count."""
    return name, "count", figure, fields


def row(name: str, statistic: str, figure: str, **fields: str) -> Row:
    """The row of any other statistic."""
    return name, statistic, figure, fields


def says(*cases: Case) -> pytest.MarkDecorator:
    """Runs a test on each `(text, expected)`; the first words of a text are its id."""
    return pytest.mark.parametrize(
        ("text", "expected"), [pytest.param(text, expected, id=_slug(text)) for text, expected in cases]
    )


def silent(*texts: str) -> pytest.MarkDecorator:
    """Runs a test on each text, which reports no outcome."""
    return pytest.mark.parametrize("text", [pytest.param(text, id=_slug(text)) for text in texts])


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[A-Za-z0-9]+", text)[:9])


def _row(outcome: Outcome, *, studies: bool) -> Row:
    name = outcome.endpoint_text if outcome.endpoint == "OTHER" else outcome.endpoint
    fields: dict[str, Any] = {key: getattr(outcome, key) for key in _AS_THEY_ARE}
    if outcome.unit is not None and not (outcome.statistic == "percent" and outcome.unit == "%"):
        fields["unit"] = outcome.unit
    if outcome.statistic == "count":
        figure = _of(outcome)
    else:
        figure = (outcome.bound or "") + (_range(outcome.low, outcome.high) or str(outcome.value))
        if outcome.n is not None and outcome.total is not None:
            fields["of"] = _of(outcome)
        else:
            fields |= {"n": outcome.n, "total": outcome.total}
    interval = _range(outcome.ci_low, outcome.ci_high)
    if interval is not None:
        fields["ci"] = interval if outcome.ci_level is None else f"{outcome.ci_level}% {interval}"
    if outcome.p is not None:
        fields["p"] = f"{outcome.p_op or ''}{outcome.p}"
    if outcome.dispersion_kind is not None:
        spread = outcome.dispersion if outcome.dispersion is not None else None
        fields[outcome.dispersion_kind] = spread or _range(outcome.dispersion_low, outcome.dispersion_high)
    if studies:
        fields["study"] = outcome.study
    return name, outcome.statistic, figure, {key: str(value) for key, value in fields.items() if value is not None}


def _of(outcome: Outcome) -> str:
    return f"{outcome.bound or ''}{outcome.n}" + ("" if outcome.total is None else f"/{outcome.total}")


def _range(low: object, high: object) -> str | None:
    return None if low is None else f"{low} to {high}"
