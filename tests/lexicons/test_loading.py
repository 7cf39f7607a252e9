"""A lexicon is validated when it is loaded; an error names the file and the place."""

from __future__ import annotations

from importlib.resources import files
from typing import get_args

import pytest

from extract.errors import LexiconError
from extract.lexicons import Name, load, parse

FILES = [name for name in get_args(Name) if files("extract.lexicons").joinpath(f"{name}.toml").is_file()]

REGISTRY = """
[[registry]]
code = "NCT"
name = "ClinicalTrials.gov"
url = "https://clinicaltrials.gov"
pattern = 'NCT(\\d{8})'
loose = 'NCT(\\d{6,10})'
template = "NCT{0}"
examples = ["NCT02187354"]
"""
AGENTS = """
stems = ["mab"]
not_agents = []
[symbols]
{symbols}
[modalities]
TBI = ["total body irradiation"]
[classes.alkylating_agents]
melphalan = ["Alkeran"]
{row}
"""
ENDPOINTS = """
[codes]
OS = "overall survival"
[[endpoint]]
code = "{code}"
name = "overall survival"
family = "survival"
{forms}
"""
UNITS = """
not_doses = ["kg"]
[amounts]
mg = ["mg"]
ug = ["{form}"]
[per]
[measures]
"""


@pytest.mark.parametrize("name", FILES)
def test_a_lexicon_of_the_package_loads(name: Name) -> None:
    assert load(name) is load(name)


def test_the_lexicons_of_this_directory_are_there() -> None:
    assert {"agents", "registries", "units", "statistics"} <= set(FILES)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("registries", REGISTRY),
        ("agents", AGENTS.format(symbols='MEL = "melphalan"', row="")),
        ("endpoints", ENDPOINTS.format(code="OS", forms='symbols = ["OS"]')),
        ("units", UNITS.format(form="mcg")),
    ],
)
def test_a_sound_text_is_accepted(name: Name, text: str) -> None:
    parse(name, text)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        pytest.param("units", "amounts = = 1", r"units\.toml: .*line 1", id="bad TOML"),
        pytest.param("agents", 'a = "x"\na = "y"\n', r"agents\.toml: .*line 2", id="the same key twice"),
        pytest.param(
            "registries", REGISTRY + "sort = 1", r"registries\.toml registry\.0\.sort: ", id="unknown key in a row"
        ),
        pytest.param("registries", "list = []\n" + REGISTRY, r"registries\.toml list: ", id="unknown key"),
        pytest.param("registries", REGISTRY * 2, r"registries\.toml : .*duplicate registry 'NCT'", id="register twice"),
        pytest.param(
            "statistics",
            "[measures.median]\nnames = ['median']",
            r"statistics\.toml measures\.median\.names: ",
            id="kind",
        ),
        pytest.param(
            "agents",
            AGENTS.format(symbols="", row="alkeran = []"),
            r"agents\.toml : .*duplicate name 'alkeran'",
            id="brand",
        ),
        pytest.param(
            "agents",
            AGENTS.format(symbols="", row="[classes.others]\nMelphalan = []"),
            r"agents\.toml : .*duplicate agent 'melphalan'",
            id="generic name in two classes",
        ),
        pytest.param(
            "agents",
            AGENTS.format(symbols='BU = "busulfan"', row=""),
            r"agents\.toml : .*symbol BU: unknown agent busulfan",
            id="symbol of an agent that is not listed",
        ),
        pytest.param(
            "endpoints",
            ENDPOINTS.format(code="OSS", forms='symbols = ["OS"]'),
            r"endpoints\.toml : .*unknown code OSS",
            id="code that is not explained",
        ),
        pytest.param("endpoints", ENDPOINTS.format(code="OS", forms=""), r"endpoints\.toml : .*no form", id="no form"),
        pytest.param(
            "units", UNITS.format(form="mg"), r"units\.toml : .*duplicate printed form 'mg'", id="form of two units"
        ),
        pytest.param("units", "not_doses = []", r"units\.toml amounts: .*required", id="table missing"),
    ],
)
def test_a_damaged_text_is_an_error_that_names_file_and_place(name: Name, text: str, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        parse(name, text)


def test_a_pattern_that_does_not_compile_is_an_error() -> None:
    with pytest.raises(LexiconError, match=r"registries\.toml"):
        parse("registries", REGISTRY.replace("NCT(\\d{8})", "NCT(\\d{8}"))
