"""What is shipped: lexicons and pages in wheel and source package, entry points, licence; nothing of a machine."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Any

import pytest
import spacy

import extract
from extract.pipeline import COMPONENTS

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LEXICONS = sorted(path.name for path in (ROOT / "src" / "extract" / "lexicons").glob("*.toml"))
PAGES = sorted(
    path.relative_to(ROOT / "src").as_posix()
    for folder in ("web", "sinks/html")
    for suffix in ("html", "css", "js", "svg")
    for path in (ROOT / "src" / "extract" / folder).rglob(f"*.{suffix}")
)
MODULES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "src").rglob("*.py"))
MAX_LINES = 400


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source package, built without network."""
    if importlib.util.find_spec("hatchling") is None or importlib.util.find_spec("build") is None:
        pytest.skip("hatchling and build are not installed; with network, `make build` does the same")
    return build(ROOT, tmp_path_factory.mktemp("dist"))


def build(project: Path, folder: Path, *, umask: int = -1) -> Path:
    """The folder, with what a project builds in it."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(project)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, umask=umask)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> set[str]:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def source_package(built: Path) -> set[str]:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def test_the_wheel_carries_lexicons_type_marker_and_licence(wheel: set[str]) -> None:
    assert {f"extract/lexicons/{name}" for name in LEXICONS} <= wheel
    assert "extract/py.typed" in wheel
    assert any(re.fullmatch(r"review_extract-[\d.]+\.dist-info/licenses/LICENSE", name) for name in wheel)


def test_the_wheel_carries_templates_styles_and_scripts_of_the_pages(wheel: set[str]) -> None:
    assert {
        "extract/web/templates/start.html",
        "extract/web/static/start.js",
        "extract/sinks/html/assets/base.css",
    } <= wheel
    assert set(PAGES) <= wheel


def test_the_wheel_carries_every_module_and_nothing_else(wheel: set[str]) -> None:
    shipped = {name for name in wheel if not re.match(r"review_extract-[^/]+\.dist-info/", name)}
    modules = {name.removeprefix("src/") for name in MODULES}
    assert shipped == modules | {f"extract/lexicons/{name}" for name in LEXICONS} | set(PAGES) | {"extract/py.typed"}


def test_the_source_package_carries_what_the_tests_need(source_package: set[str]) -> None:
    assert {f"src/extract/lexicons/{name}" for name in LEXICONS} <= source_package
    assert {f"src/{name}" for name in PAGES} <= source_package
    needed = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "corpus/manifest.toml"}
    assert needed <= source_package
    assert any(name.startswith("corpus/samples/") for name in source_package)
    assert not any(name.startswith("corpus/sources/") for name in source_package)


def test_the_same_files_give_the_same_bytes_in_another_folder_on_another_day_for_another_user(
    built: Path, tmp_path: Path
) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    project = next(tmp_path.iterdir())
    for path in project.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(path.stat().st_mode & 0o700)
    again = build(project, tmp_path / "again", umask=0o077)
    assert read_all(again) == read_all(built)


def read_all(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.*"))}


def test_every_dependency_has_a_reason_and_a_row_in_the_documentation() -> None:
    command = [sys.executable, str(ROOT / "docs" / "dependencies.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_classifiers_name_every_python_version_from_the_lowest_allowed() -> None:
    named = [name.rpartition(" ")[2] for name in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", name)]
    minors = [int(name.removeprefix("3.")) for name in named]
    assert PROJECT["requires-python"] == f">={named[0]}"
    assert minors == list(range(minors[0], minors[-1] + 1))


def test_the_version_is_the_same_everywhere() -> None:
    assert extract.__version__ == PROJECT["version"] == version(PROJECT["name"])


@pytest.mark.parametrize("name", COMPONENTS)
def test_each_component_works_in_any_english_pipeline(name: str) -> None:
    factories = {entry.name for entry in entry_points(group="spacy_factories")}
    assert name in factories, "install the package again: pip install -e ."
    nlp = spacy.blank("en")
    nlp.add_pipe(name)
    assert nlp("Two-year OS was 71.3 vs. 58.4% after 15 mg of prednisone (NCT02187354).").text


def test_public_names_are_sorted_and_there() -> None:
    assert extract.__all__ == sorted(extract.__all__)
    assert [name for name in extract.__all__ if not hasattr(extract, name)] == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_at_most_400_lines(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_no_file_of_the_set_up_names_a_machine_or_a_registry() -> None:
    files = [ROOT / name for name in ("Makefile", ".ci/run", "pyproject.toml", "README.md", "CONTRIBUTING.md")]
    files += [*(ROOT / "docs").glob("*.*"), *(ROOT / "corpus").glob("*.*")]
    pattern = re.compile(
        r"(?<![\w.])/(?:home|root|work|Users|opt|mnt)/|pypi\.org|pythonhosted|--index-url|--find-links"
    )
    assert [path.name for path in files if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_ci_calls_the_test_command_of_the_readme() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in text
    assert "make test" in text
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
