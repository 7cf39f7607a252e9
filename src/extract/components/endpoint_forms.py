"""The endpoint lexicon as it is looked up: concepts by the words of their forms and symbols; kept, as it is large."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any, NamedTuple

from extract.components.endpoint_names import Concept
from extract.components.phrases import PhraseIndex, PhraseTable, make_table
from extract.kept import STORE
from extract.lexicons import EndpointRow, load, read_source

# What the index is made by; one made by other code is not used.
_MADE_BY = ("components/endpoint_forms.py", "components/phrases.py", "lexicons/__init__.py", "readers/normalise.py")


class EndpointForms(NamedTuple):
    """The concepts of the lexicon by their forms, in any case, and by their symbols, as written."""

    forms: PhraseIndex[Concept]
    symbols: PhraseIndex[Concept]
    measures: frozenset[str]  # names of the outcomes that are levels and not events


@cache
def endpoint_forms() -> EndpointForms:
    """The forms of `endpoints.toml`; LexiconError when it is damaged."""
    code = [files("extract").joinpath(path).read_bytes() for path in _MADE_BY]
    made_of = blake2b(b"".join([read_source("endpoints").encode(), *code])).digest()
    made = STORE.value("endpoints", made_of, _make)
    concepts = [Concept(*fields) for fields in made["concepts"]]
    forms, symbols = (
        PhraseIndex.of_table(PhraseTable(*table), [concepts[number] for number in numbers], folded=kind == "forms")
        for kind, (numbers, table) in made["printed"].items()
    )
    return EndpointForms(forms, symbols, frozenset(made["measures"]))


def _make() -> dict[str, Any]:
    """Concepts; of forms and of symbols the number of the concept of each and the table of their words; measures."""
    rows = load("endpoints").endpoint
    concepts: dict[tuple[str, str, str], int] = {}
    printed: dict[str, dict[str, list[Any]]] = {kind: {"forms": [], "concepts": []} for kind in ("forms", "symbols")}
    for row in rows:
        for kind, form, marked in _printed(row):
            printed[kind]["forms"].append(form)
            printed[kind]["concepts"].append(concepts.setdefault((row.code, row.name, marked), len(concepts)))
    return {
        "concepts": list(concepts),
        "printed": {
            kind: (each["concepts"], tuple(make_table(each["forms"], folded=kind == "forms")))
            for kind, each in printed.items()
        },
        "measures": sorted({row.name for row in rows if row.kind == "measure"}),
    }


def _printed(row: EndpointRow) -> Iterator[tuple[str, str, str]]:
    """Forms and symbols of a row, each with the kind by which it is marked."""
    for kind, named, bound in (("forms", row.forms, row.bound_forms), ("symbols", row.symbols, row.bound_symbols)):
        yield from ((kind, form, row.kind) for form in named)
        yield from ((kind, form, "bound") for form in bound)
