"""The patterns that the package keeps in its modules, and which of them are tried at one place of a text alone."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import extract
from extract.patterns import lazy_regex
from fuzz.bases import nlp

_DEPTH = 5  # containers in containers
_LAZY = type(lazy_regex(""))
_AT_ONE_PLACE = frozenset({"match", "fullmatch", "pattern", "flags", "groupindex", "groups"})


@cache
def package_patterns() -> dict[str, re.Pattern[str]]:
    """The patterns in the globals of all modules and in the pipeline, also in containers, by their first place."""
    found: dict[tuple[str, int], tuple[str, re.Pattern[str]]] = {}
    for place, pattern in _all_patterns():
        of_text = _of_text(pattern)
        found.setdefault((of_text.pattern, of_text.flags), (place, of_text))
    return dict(found.values())


def _of_text(pattern: re.Pattern[Any]) -> re.Pattern[str]:
    """The pattern, or for one of bytes the same of text."""
    if isinstance(pattern.pattern, bytes):
        return re.compile(pattern.pattern.decode("latin-1"), pattern.flags | re.ASCII)
    return pattern


def _all_patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    for module in pkgutil.walk_packages(extract.__path__, "extract."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                yield from _patterns_in(value, f"{module.name}:{name}", _DEPTH)
    for name, component in nlp().pipeline:
        yield from _patterns_in(component, name, _DEPTH)


def _patterns_in(value: object, place: str, depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield place, value
    elif isinstance(value, _LAZY):
        yield place, value.match.__self__
    elif depth and isinstance(value, Mapping):
        for key, each in value.items():
            yield from _patterns_in(key, f"{place}[{key!r}]", depth - 1)
            yield from _patterns_in(each, f"{place}[{key!r}]", depth - 1)
    elif depth and isinstance(value, Collection) and not isinstance(value, str | bytes | type):
        for number, each in enumerate(value):
            yield from _patterns_in(each, f"{place}[{number}]", depth - 1)
    elif depth:
        for name, each in _attributes(value).items():
            yield from _patterns_in(each, f"{place}.{name}", depth - 1)


def _attributes(value: Any) -> dict[str, object]:
    """What an object or a class of the package holds."""
    kind = value if isinstance(value, type) else type(value)
    if not kind.__module__.startswith("extract"):
        return {}
    slots = {name: getattr(value, name, None) for name in getattr(kind, "__slots__", ()) if isinstance(name, str)}
    return {**slots, **dict(getattr(value, "__dict__", {}))}


@cache
def known_pieces() -> frozenset[str]:
    """The places of the patterns that see short pieces alone."""
    lines = Path(__file__).with_name("pieces.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def only_matched() -> frozenset[str]:
    """`module:name` of what no module searches a text for, but only tries at one place."""
    found: dict[str, bool] = {}
    for module in pkgutil.walk_packages(extract.__path__, "extract."):
        spec = importlib.util.find_spec(module.name)
        assert spec is not None
        assert spec.origin is not None
        tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
        homes = _imported(tree)
        for name, is_at_one_place in _loads(tree):
            home = homes.get(name, f"{module.name}:{name}")
            found[home] = is_at_one_place and found.get(home, True)
    return frozenset(home for home, is_at_one_place in found.items() if is_at_one_place)


def _imported(tree: ast.Module) -> dict[str, str]:
    """Name -> where it comes from."""
    return {
        each.asname or each.name: f"{node.module}:{each.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    }


def _loads(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """The names that are read, and whether each is asked only for what it finds at one place."""
    asked = {
        node.value: node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id.isupper():
            yield node.id, asked.get(node) in _AT_ONE_PLACE
