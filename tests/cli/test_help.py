"""Help, version and the start of the command `extract`: quick, with examples, naming all there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract import __version__
from extract.cli import main
from extract.readers import SUFFIXES
from extract.records import Label

from .making import run_in_new_process

COMMANDS = (
    [],
    ["run"],
    ["show"],
    ["coverage"],
    ["corpus"],
    ["corpus", "fetch"],
    ["corpus", "add"],
    ["corpus", "list"],
    ["evaluate"],
    ["schema"],
    ["model"],
    ["model", "build"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_gives_examples(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*command, "--help"])
    assert stop.value.code == 0
    assert f"examples:\n  {' '.join(['extract', *command])}" in capsys.readouterr().out


def test_help_of_show_names_every_label(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["show", "--help"])
    shown = capsys.readouterr().out
    assert [label for label in Label if label not in shown] == []


def test_help_names_every_kind_of_file(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    named = capsys.readouterr().out.replace(",", " ").replace(")", " ").replace("(", " ").split()
    assert [suffix for suffix in SUFFIXES if suffix not in named] == []


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom extract.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    loaded = set(run_in_new_process("-c", code).stderr.split())
    assert "extract" in loaded
    heavy = {"spacy", "scispacy", "pandas", "numpy", "scipy", "pydantic", "rich", "thinc", "lxml", "PIL", "pypdfium2"}
    assert loaded & heavy == set()


def test_only_frames_import_pandas(review: Path, tmp_path: Path) -> None:
    code = (
        "import sys\nimport extract\nfrom extract.cli import main\n"
        f"main(['run', {str(review)!r}, '-o', {str(tmp_path / 'out')!r}])\n"
        "print('pandas' in sys.modules)\n"
        "extract.to_frames([])\nprint('pandas' in sys.modules)"
    )
    assert run_in_new_process("-c", code).stdout.splitlines()[-2:] == ["False", "True"]


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"extract {__version__}\n"


def test_python_m_extract_is_the_command() -> None:
    done = run_in_new_process("-m", "extract", "--version")
    assert (done.returncode, done.stdout) == (0, f"extract {__version__}\n")


def test_no_command_is_an_error_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2
    assert "COMMAND" in capsys.readouterr().err
