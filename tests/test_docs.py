"""The documentation: its code runs, its commands exist, every command and table is in it, its output is current."""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
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
    "docs/tutorial.md",
    "docs/python.md",
    "docs/extending.md",
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
STORY, RECIPES = "docs/tutorial.md", "docs/extending.md"
RECIPE_STEP = re.compile(
    r"`(?P<path>[\w./-]+)`[^`\n]*:\n\n```(?P<language>diff|python)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
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


@pytest.fixture(scope="module")
def rscript() -> str | None:
    """A program that runs R with metafor."""
    program = shutil.which("Rscript")
    found = program and subprocess.run([program, "-e", "library(metafor)"], capture_output=True, check=False)
    return program if found and not found.returncode else None


@pytest.mark.parametrize(
    "page", [page for page in PAGES if code_blocks(page, "python") and page not in (STORY, RECIPES)]
)
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


def follow_recipes(text: str, folder: Path) -> int:
    """Do what the recipes say in a copy of the project; returns how many files were changed or made."""
    steps = list(RECIPE_STEP.finditer(text))
    for step in steps:
        path, lines = folder / step["path"], step["code"].splitlines(keepends=True)
        if step["language"] == "python":
            assert not path.exists(), f"{step['path']} is not new"
            path.write_text(step["code"], encoding="utf-8")
            continue
        old, new = ("".join(line[1:] for line in lines if line[0] != sign) for sign in "+-")
        before = path.read_text(encoding="utf-8")
        assert before.count(old) == 1, f"{step['path']}: not in one place: {old!r}"
        path.write_text(before.replace(old, new), encoding="utf-8")
    return len(steps)


def install_factories(folder: Path) -> None:
    """What `pip install -e .` does for the spaCy factories of a copy whose `src` is on the path."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = folder / "src" / "recipes-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: recipes\nVersion: 1.0\n")
    named = [f"{name} = {place}" for name, place in project["entry-points"]["spacy_factories"].items()]
    (info / "entry_points.txt").write_text("\n".join(["[spacy_factories]", *named]))


def test_the_recipes_work_as_written(tmp_path: Path) -> None:
    text = read_page(RECIPES)
    for name in ("src", "tests", "gold", "corpus/samples"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
    for name in ("pyproject.toml", "corpus/manifest.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    blocks = sum(len(code_blocks(RECIPES, language)) for language in ("diff", "python"))
    assert follow_recipes(text, tmp_path) == blocks > 0
    install_factories(tmp_path)
    commands = [line.split() for block in code_blocks(RECIPES, "sh") for line in block.splitlines()]
    named = {path for command in commands if command[:1] == ["pytest"] for path in command[1:]}
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *sorted(named)]
    done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    made = {path.name for path in tmp_path.rglob("test_*.py")} - {path.name for path in ROOT.glob("tests/**/*.py")}
    assert made <= {Path(path).name for path in named}, "a recipe's own test is not among its commands"


def test_the_lexicon_row_of_the_guide_is_valid() -> None:
    from extract.lexicons import parse

    row = next(block for block in code_blocks("docs/rules.md", "toml") if block.startswith("[[endpoint]]"))
    parse("endpoints", f"{(ROOT / 'src/extract/lexicons/endpoints.toml').read_text(encoding='utf-8')}\n{row}")


@pytest.mark.parametrize(
    "page", ["README.md", "docs/records.md", "docs/batch.md", "docs/audit.md", "docs/evaluation.md", "docs/rules.md"]
)
def test_quoted_output_is_what_the_command_prints(page: str, refresh: ModuleType) -> None:
    text = read_page(page)
    assert refresh.refresh_page(text) == text, "run `make docs`"


def test_the_tutorial_works_as_written_and_prints_what_it_quotes(refresh: ModuleType, rscript: str | None) -> None:
    text = read_page(STORY)
    assert refresh.refresh_story(text, rscript=rscript) == text, "run `make docs`"


def test_the_tutorial_has_its_forest_plots_in_python_and_in_r() -> None:
    python = "".join(code_blocks(STORY, "python"))
    assert "final/outcomes.csv" in python
    assert "matplotlib" in python
    assert "forest(" in "".join(code_blocks(STORY, "r"))


def test_a_story_stops_where_a_command_fails(refresh: ModuleType) -> None:
    with pytest.raises(SystemExit, match="exit code 2"):
        refresh.refresh_story("```sh\nextract run nothing.pdf -o out\n```\n")


def test_the_readme_names_both_commands() -> None:
    text = read_page("README.md")
    assert "make run" in text
    assert "make test" in text
