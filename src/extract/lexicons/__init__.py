"""Lexicons: TOML files that a clinician can correct, validated when they are loaded.

`load("endpoints")` gives the validated model of `endpoints.toml`. Unknown keys, duplicate forms and empty lists are
`LexiconError`s that name file and row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Literal, Self, overload

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator

from extract.errors import LexiconError
from extract.lexicons.toml import parse_toml
from extract.patterns import regex

Name = Literal["endpoints", "agents", "registries", "units", "statistics", "sections", "cues"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EndpointRow(_Strict):
    """One outcome concept.

    `forms` match without regard to case, with hyphens and spaces alike, in singular and plural, in British and American
    spelling; `symbols` match as written. `kind`: `named` is marked at every mention in a zone; `bound` only where a
    count or percentage in the sentence or cell reports it; `measure` only where a change, difference, mean or median of
    it is reported. `bound_forms`/`bound_symbols` are further forms of a named concept that are bound.
    """

    code: str
    name: str
    family: str
    kind: Literal["named", "bound", "measure"] = "named"
    forms: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    bound_forms: tuple[str, ...] = ()
    bound_symbols: tuple[str, ...] = ()


class Endpoints(_Strict):
    """`endpoints.toml`: the codes with their meaning, and the concepts."""

    codes: dict[str, str]
    endpoint: tuple[EndpointRow, ...]

    @model_validator(mode="after")
    def _check(self) -> Self:
        for row in self.endpoint:
            if row.code not in self.codes:
                raise ValueError(f"{row.name}: unknown code {row.code}")
            if not (row.forms or row.symbols or row.bound_forms or row.bound_symbols):
                raise ValueError(f"{row.name}: no form")
        _no_duplicates("form", (f.lower() for row in self.endpoint for f in (*row.forms, *row.bound_forms)))
        _no_duplicates("symbol", (s for row in self.endpoint for s in (*row.symbols, *row.bound_symbols)))
        return self


class Agents(_Strict):
    """`agents.toml`: generic names by class, each with its brand names and synonyms; short forms; INN stems.

    `classes`: class -> generic name -> other names (matched without regard to case).
    `symbols`: short form as written -> generic name; `dose_symbols` are such only beside a dose. `stems`: INN suffixes
    that make an unlisted word a drug name; `not_agents`: words that end in a stem and are no drugs. `modalities`:
    radiation, cell therapies and the like.
    """

    classes: dict[str, dict[str, tuple[str, ...]]]
    modalities: dict[str, tuple[str, ...]]
    symbols: dict[str, str]
    dose_symbols: dict[str, str] = {}
    stems: tuple[str, ...]
    not_agents: tuple[str, ...]

    @model_validator(mode="after")
    def _check(self) -> Self:
        generic = [name for group in self.classes.values() for name in group] + list(self.modalities)
        _no_duplicates("agent", (name.lower() for name in generic))
        others = [o for group in (*self.classes.values(), self.modalities) for names in group.values() for o in names]
        _no_duplicates("name", (name.lower() for name in (*generic, *others)))
        for symbol, name in (*self.symbols.items(), *self.dose_symbols.items()):
            if name not in generic:
                raise ValueError(f"symbol {symbol}: unknown agent {name}")
        return self

    def names(self) -> dict[str, str]:
        """Every name in lower case -> generic name."""
        groups = (*self.classes.values(), self.modalities)
        return {n.lower(): generic for group in groups for generic, others in group.items() for n in (generic, *others)}

    def synonyms(self) -> frozenset[str]:
        """Other generic names of drugs, in lower case: those that the file writes with a small first letter."""
        groups = (others for group in self.classes.values() for others in group.values())
        return frozenset(name.lower() for others in groups for name in others if name[0].islower())


class RegistryRow(_Strict):
    """One trial register: `pattern` takes a well-formed id, `loose` what an author may print of one.

    Both are `re` patterns without anchors; `loose` must take whatever `pattern` takes. `template` makes the normalised
    id from the groups of `pattern` (`NCT{0}`). `context` are words one of which must stand near an id that has no
    prefix of its own (EudraCT).
    """

    code: str
    name: str
    url: str
    pattern: str
    loose: str
    template: str
    context: tuple[str, ...] = ()
    examples: tuple[str, ...]

    @field_validator("pattern", "loose")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            regex(pattern)
        except re.error as error:
            raise ValueError(f"not a pattern: {error}") from error
        return pattern


class Registries(_Strict):
    """`registries.toml`: the registers, and what looks like an id and is none (`not_ids`)."""

    registry: tuple[RegistryRow, ...]
    not_ids: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        _no_duplicates("registry", (row.code for row in self.registry))
        return self


class Units(_Strict):
    """`units.toml`: UCUM code -> printed forms, for amounts, for what they are divided by, and for measurements.

    `amounts` are masses, activities and radiation doses; `per` are denominators (`m2`, `kg`, `d`, `{dose}`); `measures`
    are units of outcomes (`mm[Hg]`, `mo`, `mL/min`); `not_doses` are units after which a number is no dose. `routes`
    are the ways by which a dose is given: code -> printed forms.
    """

    amounts: dict[str, tuple[str, ...]]
    per: dict[str, tuple[str, ...]]
    measures: dict[str, tuple[str, ...]]
    not_doses: tuple[str, ...]
    routes: dict[str, tuple[str, ...]] = {}

    @model_validator(mode="after")
    def _check(self) -> Self:
        for table in (self.amounts, self.per):
            _no_duplicates("printed form", (form for forms in table.values() for form in forms))
        return self


class Statistics(_Strict):
    """`statistics.toml`: kind of statistic -> printed names (`symbols` as written, `forms` in any case)."""

    class Row(_Strict):
        """Names of one statistic."""

        forms: tuple[str, ...] = ()
        symbols: tuple[str, ...] = ()

    measures: dict[str, Row]


class Sections(_Strict):
    """`sections.toml`: heading words by the kind of block that they open."""

    abstract: tuple[str, ...]
    body: tuple[str, ...]
    front_matter: tuple[str, ...]
    back_matter: tuple[str, ...]
    references: tuple[str, ...]


class ArmCues(_Strict):
    """What names arms and subgroups.

    `nouns` close an arm's name, `people` are those studied, `subgroups` name people on their own; `controls` are
    comparators, `treatments` nouns that close a treatment's name, `regimens` words for one by its size; `marks` and
    `mark_ends` set people apart; `not_names` name no arm; `columns` are table headers over arms.
    """

    nouns: tuple[str, ...]
    people: tuple[str, ...]
    subgroups: tuple[str, ...]
    controls: tuple[str, ...]
    treatments: tuple[str, ...]
    regimens: tuple[str, ...]
    marks: tuple[str, ...]
    mark_ends: tuple[str, ...]
    not_names: tuple[str, ...]
    columns: tuple[str, ...]

    @model_validator(mode="after")
    def _check(self) -> Self:
        for name in type(self).model_fields:
            _no_duplicates(name, getattr(self, name))
        return self


class Cues(_Strict):
    """`cues.toml`: words beside trial names, groups whose protocols are numbered, societies, and what is no trial."""

    trial_after: tuple[str, ...]
    trial_before: tuple[str, ...]
    not_trials: tuple[str, ...]
    groups: tuple[str, ...]
    societies: tuple[str, ...]
    arms: ArmCues


_MODELS: dict[str, type[_Strict]] = {
    "endpoints": Endpoints,
    "agents": Agents,
    "registries": Registries,
    "units": Units,
    "statistics": Statistics,
    "sections": Sections,
    "cues": Cues,
}


@overload
def load(name: Literal["endpoints"]) -> Endpoints: ...
@overload
def load(name: Literal["agents"]) -> Agents: ...
@overload
def load(name: Literal["registries"]) -> Registries: ...
@overload
def load(name: Literal["units"]) -> Units: ...
@overload
def load(name: Literal["statistics"]) -> Statistics: ...
@overload
def load(name: Literal["sections"]) -> Sections: ...
@overload
def load(name: Literal["cues"]) -> Cues: ...
@cache
def load(name: Name) -> BaseModel:
    """The validated lexicon `name`; LexiconError when the file is damaged."""
    return parse(name, read_source(name))


def read_source(name: Name) -> str:
    """The TOML text of the lexicon `name`."""
    return files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf8")


def parse(name: Name, text: str) -> BaseModel:
    """Validate the TOML text of the lexicon `name`."""
    try:
        return _MODELS[name].model_validate(parse_toml(text))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise LexiconError(f"{name}.toml {place}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:  # no TOML, a number of thousands of digits, brackets in brackets
        raise LexiconError(f"{name}.toml: {error}") from error


def _no_duplicates(what: str, items: Iterable[str]) -> None:
    seen: set[str] = set()
    for item in items:
        if item in seen:
            raise ValueError(f"duplicate {what} {item!r}")
        seen.add(item)
