"""Files that people write: gold, word lists, manifests. Each is taken or refused with a reason in one line."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import cast

from hypothesis import strategies as st

from extract.corpus.manifest import Entry, put_entry, read_manifest
from extract.errors import ExtractError
from extract.evaluation.gold import check_offsets, load_gold
from extract.evaluation.gold_records import check_lines, load_gold_records
from extract.lexicons import Name, parse
from extract.lexicons.toml import parse_toml
from fuzz.bases import ROOT
from fuzz.mutating import NUMBERS, ODD, change, changed, changes
from fuzz.targets import Target

GOLD = ROOT / "gold"
LEXICONS = ROOT / "src" / "extract" / "lexicons"
_PIECES = (
    "\x00",
    "\ud7ff",
    '"',
    '""',
    ",",
    ",,",
    "\n",
    "{",
    "}",
    "[",
    "]" * 3,
    "null",
    "true",
    "NaN",
    "1e999",
    "9" * 5000,
    "-1",
    "²",
    "[" * 3000,
    '{"a":' * 2000,
    "'",
    "\\u0000",
    "\\ud800",
    "\\",
    "#",
    "=",
    "a = 1\n",
    "[[document]]\n",
    "٣",
    "PERCENT",
    "label",
)


def _parts(path: Path, *, head: int, lines: int) -> tuple[str, ...]:
    """Short files: the first lines of a file with some of its others."""
    text = path.read_text(encoding="utf-8").splitlines()
    starts = range(head, max(head + 1, min(len(text), 400)), lines)
    return tuple("\n".join(text[:head] + text[start : start + lines]) + "\n" for start in starts)


def _changed(bases: Callable[[], tuple[str, ...]]) -> Callable[[], st.SearchStrategy[str]]:
    pieces = (*_PIECES, *NUMBERS, *ODD)
    return lambda: st.one_of(
        st.builds(change, st.sampled_from(bases()), changes(most=3, pieces=pieces)), changed(st.sampled_from(bases()))
    )


@cache
def mention_files() -> tuple[str, ...]:
    return tuple(part for path in sorted(GOLD.glob("*/mentions.jsonl"))[:6] for part in _parts(path, head=0, lines=3))


@cache
def row_files() -> tuple[str, ...]:
    return tuple(
        f"{name}\n{part}"
        for name in ("outcomes", "dosing", "trials")
        for path in sorted(GOLD.glob(f"*/{name}.csv"))[:4]
        for part in _parts(path, head=1, lines=2)
    )


def refuses(call: Callable[[], object]) -> object:
    """What a call gives, None where it refuses in one line."""
    try:
        return call()
    except ExtractError as error:
        if str(error).splitlines() != [str(error)]:
            raise AssertionError(str(error)) from error
        return None


def check_mentions(text: str) -> None:
    """Mentions are read, the same twice, and fit into their text or are refused."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "d" / "mentions.jsonl"
        path.parent.mkdir()
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        gold = refuses(lambda: load_gold(Path(made), "d"))
        if gold is not None:
            refuses(lambda: check_offsets(gold, "Survival was 5%.\n" * 50))  # type: ignore[arg-type]
            assert load_gold(Path(made), "d") == gold


def check_rows(text: str) -> None:
    """Rows of gold are read, the same twice, or refused."""
    name, _, content = text.partition("\n")
    if name not in {"outcomes", "dosing", "trials"}:
        name = "outcomes"
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "d" / f"{name}.csv"
        path.parent.mkdir()
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
        gold = refuses(lambda: load_gold_records(Path(made), "d"))
        if gold is not None:
            refuses(lambda: check_lines(gold, "Survival was 5%.\n" * 50))  # type: ignore[arg-type]
            assert load_gold_records(Path(made), "d") == gold


# ---------------------------------------------------------------------------------------------------------- word lists

_SMALL = {
    "endpoints": '[codes]\nOS = "overall survival"\nCR = "complete remission"\n\n[[endpoint]]\ncode = "OS"\n'
    'name = "overall survival"\nfamily = "survival"\nforms = ["overall survival"]\nsymbols = ["OS"]\n',
    "agents": '[classes.metals]\niron = ["ferrum", "iron sulphate"]\ncopper = []\n\n[modalities]\n'
    'TBI = ["irradiation"]\n\n[symbols]\nFE = "iron"\n',
}


@cache
def lexicon_files() -> tuple[str, ...]:
    """Small word lists and whole short ones, each with its name in the first line."""
    whole = {path.stem: path.read_text(encoding="utf-8") for path in sorted(LEXICONS.glob("*.toml"))}
    short = {name: text for name, text in whole.items() if len(text) < 20_000}
    return tuple(f"{name}\n{text}" for name, text in {**short, **_SMALL}.items())


def check_lexicon(text: str) -> None:
    """A word list is validated or refused; the quick parser gives what `tomllib` gives."""
    name, _, content = text.partition("\n")
    if name in {"endpoints", "agents", "registries", "units", "statistics", "sections", "cues"}:
        refuses(lambda: parse(cast(Name, name), content))
        assert _toml(parse_toml, content) == _toml(tomllib.loads, content)


def _toml(parser: Callable[[str], object], content: str) -> object:
    """What a parser gives, or the kind of its refusal."""
    try:
        return repr(parser(content))
    except (ValueError, RecursionError) as error:
        return type(error)


# ------------------------------------------------------------------------------------------------------------ manifests

_ENTRY = Entry(id="new", file="new.md", sha256="0" * 64)


@cache
def manifests() -> tuple[str, ...]:
    made = f'# mine\n\n[[document]]\nid = "moss2021"\nfile = "moss2021.md"\ntitle = "Iron"\nsha256 = "{"a" * 64}"\n'
    return (
        made,
        made + made.replace("moss", "reed"),
        made + "mine = { a = [1, 2.5, 2021-02-03] }\nretrieved = 2026-01-02\n",
    )


def check_manifest(text: str) -> None:
    """A manifest is read or refused; one that is read takes a further paper and keeps the others."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "manifest.toml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        before = refuses(lambda: read_manifest(Path(made)))
        if before is None:
            return
        refuses(lambda: put_entry(Path(made), _ENTRY))
        after = read_manifest(Path(made))
        assert [each for each in after if each.id != "new"] == [each for each in before if each.id != "new"]  # type: ignore[attr-defined]
        assert any(each.id == "new" for each in after)


TARGETS = (
    Target("gold mentions", _changed(mention_files), check_mentions, few=30, many=12_000),
    Target("gold rows", _changed(row_files), check_rows, few=30, many=12_000),
    Target("word lists", _changed(lexicon_files), check_lexicon, few=15, many=4_000),
    Target("manifests", _changed(manifests), check_manifest, few=20, many=8_000),
)
