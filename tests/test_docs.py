"""The documentation: its code runs, its commands exist, every command and table is in it, its output is current."""

from __future__ import annotations

import argparse
import importlib.util
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from extract.cli import _parser
from extract.sinks.dictionary import data_dictionary

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/records.md",
    "docs/batch.md",
    "docs/scale.md",
    "docs/audit.md",
    "docs/report.md",
    "docs/desk.md",
    "docs/evaluation.md",
    "docs/rules.md",
    "docs/data-dictionary.md",
    "docs/formats.md",
    "corpus/README.md",
)
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)(?P<target>[^)#]+)")
INLINE = re.compile(r"`(extract [^`]+)`")


def read_page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code_blocks(name: str, language: str) -> list[str]:
    return [match["code"] for match in FENCE.finditer(read_page(name)) if match["language"] == language]


def documented_commands() -> Iterator[tuple[str, str]]:
    """Every `extract …` in the pages, as written, without comment and redirection."""
    for name in PAGES:
        lines = [line for block in code_blocks(name, "sh") for line in block.splitlines()]
        quoted = [match[1] for match in INLINE.finditer(FENCE.sub("", read_page(name)))]
        for line in (*lines, *quoted):
            command = re.split(r"\s+[#<>|]", line)[0].strip()
            if command.startswith("extract "):
                yield name, command


def leaf_commands(
    parser: argparse.ArgumentParser, prefix: str = "extract"
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield prefix, parser
    for group in groups:
        for name, command in group.choices.items():
            yield from leaf_commands(command, f"{prefix} {name}")


LEAVES = dict(leaf_commands(_parser()))


@pytest.fixture(scope="module")
def refresh() -> ModuleType:
    spec = importlib.util.spec_from_file_location("refresh", ROOT / "docs" / "refresh.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["refresh"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("command", LEAVES)
def test_every_command_is_documented(command: str) -> None:
    assert any(written.startswith(command) for _, written in documented_commands())


@pytest.mark.parametrize("command", LEAVES)
def test_every_option_has_help(command: str) -> None:
    assert [action.dest for action in LEAVES[command]._actions if not action.help] == []


@pytest.mark.parametrize(("page", "command"), sorted(set(documented_commands())))
def test_every_documented_command_and_option_exists(page: str, command: str) -> None:
    parser = next((LEAVES[leaf] for leaf in LEAVES if f"{command} ".startswith(f"{leaf} ")), _parser())
    words = shlex.split(command)[1:]
    options = [word for word in words if word.startswith("-") and word != "-"]
    assert [option for option in options if option not in parser._option_string_actions] == [], page
    assert parser.prog != "extract" or words == options, f"{page}: no such command"


@pytest.mark.parametrize("page", [page for page in PAGES if code_blocks(page, "python")])
def test_python_blocks_run(page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in code_blocks(page, "python"):
        exec(compile(block, page, "exec"), namespace)
        assert capsys.readouterr().out.strip() not in ("", "[]")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    targets = [match["target"] for match in LINK.finditer(read_page(page))]
    assert [target for target in targets if not (folder / target).exists()] == []


def test_the_data_dictionary_is_current() -> None:
    assert read_page("docs/data-dictionary.md") == data_dictionary(), "run `make docs`"


def test_the_lexicon_row_of_the_guide_is_valid() -> None:
    from extract.lexicons import parse

    row = next(block for block in code_blocks("docs/rules.md", "toml") if block.startswith("[[endpoint]]"))
    parse("endpoints", f'[codes]\nOTHER = "other"\n\n{row}')


@pytest.mark.parametrize(
    "page", ["README.md", "docs/records.md", "docs/batch.md", "docs/audit.md", "docs/evaluation.md", "docs/rules.md"]
)
def test_quoted_output_is_what_the_command_prints(page: str, refresh: ModuleType) -> None:
    text = read_page(page)
    assert refresh.refresh_page(text) == text, "run `make docs`"


def test_the_readme_names_both_commands() -> None:
    text = read_page("README.md")
    assert "make run" in text
    assert "make test" in text
