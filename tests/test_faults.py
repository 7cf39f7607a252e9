"""Commands that write: on a full disk, or where nothing can be written, a line says so and nothing half is left."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from extract.cli import main
from mounts import run_mounted

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "corpus" / "samples"
REVIEW = str(SAMPLES / "haematology.md")
PDF = str(SAMPLES / "cardiology-typeset.pdf")
SCORED = ("--gold", str(ROOT / "gold"), "--corpus", str(ROOT / "corpus"))
FORMS = ("csv", "jsonl", "xlsx", "sqlite", "duckdb", "metafor", "brat", "bioc", "webannotation", "docbin")
WRITERS: dict[str, tuple[str, ...]] = {
    "run": ("run", REVIEW, "-o", "{out}/tables"),
    "pictures": ("show", PDF, "--png", "{out}/pages"),
    "report": ("report", PDF, "-o", "{out}/report.html"),
    "scores": ("evaluate", *SCORED, "--documents", "respiratory", "--html", "{out}/scores.html"),
    "corpus": ("corpus", "add", PDF, "--into", "{out}/papers"),
    "comparison": ("compare", "{data}", "--parquet", "{out}/comparison.parquet"),
    **{form: ("export", "{data}", "--to", form, "-o", f"{{out}}/{form}") for form in FORMS},
}
# All in one process, since each would load the libraries anew; tells of each its exit code, last line and leavings.
SCRIPT = """
import contextlib, io, json, shutil, sys
from pathlib import Path
from extract.cli import main
out, commands = Path(sys.argv[1]), json.loads(sys.argv[2])
told = {}
for name, arguments in commands.items():
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        code = main(arguments)
    left = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file() and path.name != "filler")
    told[name] = [code, said.getvalue().strip().splitlines()[-1:], left]
    for path in out.iterdir():
        if path.name != "filler":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset."""
    folder = tmp_path_factory.mktemp("data") / "out"
    assert main(["batch", REVIEW, str(SAMPLES / "respiratory.md"), "-o", str(folder), "--workers", "1"]) == 0
    return folder


@pytest.mark.parametrize(("options", "reason"), [("size=16k", "no space left|is full"), ("ro", "read-only|readonly")])
def test_what_cannot_be_written_is_told_and_leaves_nothing_half(
    options: str, reason: str, data: Path, tmp_path: Path
) -> None:
    copied, out = shutil.copytree(data, tmp_path / "data"), tmp_path / "place"
    commands = {name: [each.format(out=out, data=copied) for each in words] for name, words in WRITERS.items()}
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    ran = run_mounted(out, options, f"{sys.executable} {tmp_path}/script.py {out} '{json.dumps(commands)}'")
    assert ran.stderr == ""
    told = json.loads(ran.stdout)
    assert list(told) == list(WRITERS)
    for name, (code, lines, left) in told.items():
        assert (name, code) == (name, 2)
        assert lines[0].startswith("extract: "), (name, lines)
        assert str(out) in lines[0], (name, lines)
        assert re.search(reason, lines[0], re.IGNORECASE), (name, lines)
        assert [each for each in left if Path(each).name.startswith(".")] == [], name
