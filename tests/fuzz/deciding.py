"""What people type and select in the review desk: fields, rows, places, names of files and of people."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from extract.assembly import extract_document
from extract.batch.inputs import document_ids
from extract.decisions.attaching import locate
from extract.decisions.entries import TABLE_NAMES, Anchor, DecisionError, TableName, checked_name
from extract.decisions.fields import check_row, differing, empty_row, parse_fields, settable
from extract.decisions.places import anchor_at
from extract.readers import SUFFIXES, parse_text
from extract.sinks.html.offsets import Utf16
from extract.web.sessions import NameRefusedError, inner_path, reviewer_name
from extract.web.uploads import RefusedError, safe_name
from fuzz.bases import REVIEW, nlp, sentences, short_texts
from fuzz.mutating import NUMBERS, ODD, PIECES, UNITS, Change, change, changed, changes
from fuzz.targets import Target

_PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(PIECES),
    st.sampled_from(
        (
            "percent",
            "OS",
            "count",
            "ENDPOINT",
            "PERCENT",
            "P2Y",
            "mg",
            "0.80",
            "5",
            "a; b;c",
            "1,2,3",
            "true",
            "<=",
            "sd",
        )
    ),
)
JSON = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
_NUMBERS = st.sampled_from((*NUMBERS, "5", "0.80", "-3.5", "−3", "1e3", " 5 ", "+5", 5, 0, -1, 10**30, True, None, ""))
_TEXTS = st.one_of(
    st.sampled_from(("OS", "iron", "in the placebo arm", "a;b", "", " ")),
    st.text(max_size=30),
    changed(st.sampled_from(sentences())),
)


@cache
def _rows() -> dict[TableName, tuple[dict[str, Any], ...]]:
    """What a person may set of the rows of a review, by their table."""
    extraction = extract_document(parse_text(REVIEW), nlp=nlp(), helpers=True)
    found = {table: [row.model_dump(mode="json") for row in getattr(extraction, table)] for table in TABLE_NAMES}
    return {table: tuple(_settable(table, row) for row in rows) for table, rows in found.items()}


def _settable(table: TableName, row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in settable(table) if row.get(name) is not None}


@st.composite
def typed(draw: st.DrawFn) -> tuple[TableName, dict[str, Any]]:
    """A table and fields of it: those of a row, some of them with other values of the column, and odd ones."""
    table = draw(st.sampled_from(TABLE_NAMES))
    rows = st.sampled_from(_rows()[table])
    row = draw(rows)
    for other in draw(st.lists(rows, max_size=2)):
        for name in draw(st.sets(st.sampled_from(sorted(other)), max_size=3)):
            row = {**row, name: other[name]}
    return table, {**row, **draw(st.one_of(st.just({}), _odd_fields(table)))}


@st.composite
def _odd_fields(draw: st.DrawFn, table: TableName) -> dict[str, Any]:
    names = draw(
        st.lists(
            st.one_of(st.sampled_from(settable(table)), st.sampled_from(["quote", "", "record_id", "x" * 999])),
            max_size=4,
            unique=True,
        )
    )
    return {name: draw(st.one_of(_NUMBERS, _TEXTS, JSON, st.sampled_from(UNITS))) for name in names}


def check_fields(case: tuple[TableName, dict[str, Any]]) -> None:
    """Fields are refused or parsed to values that stay as they are, fit JSON, and make a row or a refusal."""
    table, fields = case
    try:
        parsed = parse_fields(table, fields)
    except DecisionError as error:
        _check_told(error)
        return
    assert parse_fields(table, parsed) == parsed
    assert json.loads(json.dumps(parsed, allow_nan=False)) == parsed
    row = {**empty_row(table), **parsed}
    assert differing(table, row, row) == []
    try:
        check_row(table, row)
    except DecisionError as error:
        _check_told(error)


def _check_told(error: Exception) -> None:
    told = str(error)
    assert told
    assert len(told) < 6_000
    assert "\n" not in told
    told.encode()


def places() -> st.SearchStrategy[tuple[str, int, int, list[Change]]]:
    """A text, a selection in it, and how the text changes afterwards."""
    text = st.one_of(changed(st.sampled_from(sentences())), st.sampled_from(short_texts()), st.text("ab ", max_size=40))
    return st.tuples(text, st.integers(0, 2_000), st.integers(0, 60), changes(most=3))


def check_place(case: tuple[str, int, int, list[Change]]) -> None:
    """A place is found again where it was, in a changed text only with its words; UTF-16 leads there and back."""
    text, start, length, later = case
    start = min(start, len(text))
    end = min(start + length, len(text))
    anchor = anchor_at(text, start, end)
    assert text[anchor.start : anchor.end] == anchor.quote
    again = Anchor.from_json(json.loads(json.dumps(anchor.as_json())))
    assert again == anchor
    (found,) = locate(text, [anchor])
    assert found is None if not anchor.quote else found == (anchor.start, anchor.end)
    other = change(text, later)
    (moved,) = locate(other, [anchor])
    assert moved is None or other[slice(*moved)] == anchor.quote
    offsets = Utf16(text)
    assert offsets.points(offsets.units(start)) == start
    assert offsets.units(end) == len(text[:end].encode("utf-16-le", "surrogatepass")) // 2


_NAMES = st.one_of(
    st.text(max_size=40),
    st.builds(
        lambda parts, suffix: "".join(parts) + suffix,
        st.lists(
            st.sampled_from(
                (*ODD, "..", "/", "\\", "a", " ", ".", "CON", "nul", "é" * 80, "%2e", "?", "#", "C:", "\ud800")
            ),
            max_size=6,
        ),
        st.sampled_from((*SUFFIXES, ".PDF", ".exe", "", ".", ".pdf.", ".md/")),
    ),
)


def check_name(name: str) -> None:
    """The name of an upload stays inside its folder on every system; names of people are refused or kept."""
    try:
        kept = safe_name(name)
    except RefusedError as error:
        str(error)
    else:
        path = Path(kept)
        assert path.name == kept
        assert path.suffix in SUFFIXES
        assert kept.isprintable()
        assert len(kept.encode()) < 200
        assert kept[0] not in ". "
        assert not set('<>:"/\\|?*') & set(kept)
        assert safe_name(kept) == kept
    try:
        person = reviewer_name(name)
    except NameRefusedError:
        pass
    else:
        assert checked_name(person) == person
    inner = inner_path(name)
    assert inner.startswith("/")
    assert not inner.startswith(("//", "/\\"))
    given = [Path(f"{at}") / (name.replace("\x00", "") or "a") for at in range(3)]
    ids = list(document_ids(given))
    assert len(set(ids)) == len(ids)


TARGETS = (
    Target("typed fields", typed, check_fields, few=60, many=15_000, size=lambda case: 1_000),
    Target("places", places, check_place, few=40, many=20_000, size=lambda case: len(case[0])),
    Target("names", lambda: _NAMES, check_name, few=60, many=30_000),
)
