"""The command `extract`: what it writes, prints and returns."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from extract import __version__
from extract.cli import main, unique_ids
from extract.records import DocumentRow, Label, Mention

REVIEW = """# Blinatumomab in children

## Results

In 43 children (NCT02187354), 2-year survival was 71.3 vs. 58.4% after 15 µg/m²/day of blinatumomab.
"""


@pytest.fixture
def review(tmp_path: Path) -> Path:
    path = tmp_path / "review.md"
    path.write_text(REVIEW, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _no_colour_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


def run_in_new_process(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *args], capture_output=True, text=True, encoding="utf-8", check=False, timeout=120
    )


def read_lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# ------------------------------------------------------------------------------------------------ help


COMMANDS = ([], ["run"], ["show"], ["evaluate"], ["schema"], ["model"], ["model", "build"])


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


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom extract.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    loaded = set(run_in_new_process("-c", code).stderr.split())
    assert "extract" in loaded
    assert loaded & {"spacy", "scispacy", "pandas", "numpy", "scipy", "pydantic", "rich", "thinc"} == set()


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


# ------------------------------------------------------------------------------------------------ run


def test_run_writes_tables_and_counts_mentions(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["run", str(review), "-o", str(out)]) == 0
    shown = capsys.readouterr()
    assert "review" in shown.out
    assert shown.err.startswith("extract: wrote ")
    quotes = {(row["label"], row["quote"]) for row in read_lines(out / "mentions.jsonl")}
    assert {("REGISTRY_ID", "NCT02187354"), ("DOSE", "15 µg/m²/day"), ("PERCENT", "71.3")} <= quotes
    assert [row["document_id"] for row in read_lines(out / "documents.jsonl")] == ["review"]


@pytest.mark.parametrize(("table", "model"), [("mentions", Mention), ("documents", DocumentRow)])
def test_every_line_fits_the_schema_that_extract_prints(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str, model: type[Mention]
) -> None:
    main(["run", str(review), "-o", str(tmp_path), "--helpers"])
    capsys.readouterr()
    assert main(["schema", table]) == 0
    schema = json.loads(capsys.readouterr().out)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    rows = read_lines(tmp_path / f"{table}.jsonl")
    assert rows
    assert [error.message for row in rows for error in validator.iter_errors(row)] == []
    with (tmp_path / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == list(model.model_fields)


def test_evidence_of_each_row_is_in_the_file(review: Path, tmp_path: Path) -> None:
    main(["run", str(review), "-o", str(tmp_path)])
    source = review.read_text(encoding="utf-8")
    for row in read_lines(tmp_path / "mentions.jsonl"):
        assert source[row["source_start"] : row["source_end"]] == row["quote"]  # type: ignore[misc]


def test_two_runs_give_the_same_bytes(review: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        main(["run", str(review), "-o", str(tmp_path / name)])
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_a_failing_file_is_told_and_the_others_go_on(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.md"
    assert main(["run", str(missing), str(review), "-o", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.splitlines()[0] == f"extract: {missing}: no such file"
    assert len(read_lines(tmp_path / "out" / "documents.jsonl")) == 1


def test_where_every_file_fails_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path / "a.md"), str(tmp_path / "b.md"), "-o", str(tmp_path / "out")]) == 2
    shown = capsys.readouterr()
    assert (shown.out, len(shown.err.splitlines())) == ("", 2)
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_is_one_line(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(review), "-o", str(review)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"extract: {review}")
    assert error.count("\n") == 1


def test_helpers_are_written_on_request(review: Path, tmp_path: Path) -> None:
    main(["run", str(review), "-o", str(tmp_path / "five")])
    main(["run", str(review), "-o", str(tmp_path / "all"), "--helpers"])
    five, everything = (
        {str(row["mention_id"]) for row in read_lines(tmp_path / name / "mentions.jsonl")} for name in ("five", "all")
    )
    assert five < everything


def test_a_file_named_twice_is_read_once(review: Path, tmp_path: Path) -> None:
    assert main(["run", str(review), str(review), "-o", str(tmp_path / "out")]) == 0
    assert len(read_lines(tmp_path / "out" / "documents.jsonl")) == 1


def test_ids_are_the_stems_made_unique() -> None:
    names = ["a/x.md", "b/x.md", "x-2.md", "c/x.txt", "y.md"]
    assert unique_ids([Path(name) for name in names]) == ["x", "x-3", "x-2", "x-4", "y"]


# ------------------------------------------------------------------------------------------------ show


def test_show_marks_mentions_in_a_pipe(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(review)]) == 0
    shown = capsys.readouterr().out
    assert "survival was [PERCENT 71.3] vs. [PERCENT 58.4%] after [DOSE 15 µg/m²/day]" in shown.replace(
        "[ENDPOINT survival]", "survival"
    )
    assert "\x1b" not in shown


def test_show_marks_only_the_labels_asked_for(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(review), "--label", "dose,agent"]) == 0
    assert "survival was 71.3 vs. 58.4% after [DOSE 15 µg/m²/day] of [AGENT blinatumomab]" in capsys.readouterr().out


def test_show_colours_mentions_in_a_terminal(
    review: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert main(["show", str(review)]) == 0
    shown = capsys.readouterr().out
    assert "\x1b[" in shown
    assert "[PERCENT" not in shown


@pytest.mark.parametrize(("variable", "option"), [("NO_COLOR", []), ("", ["--plain"])])
def test_show_marks_in_a_terminal_without_colour(
    review: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    option: list[str],
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    if variable:
        monkeypatch.setenv(variable, "1")
    assert main(["show", str(review), *option]) == 0
    assert "[PERCENT 58.4%]" in capsys.readouterr().out


def test_show_list_is_an_overview(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(review), "--list"]) == 0
    shown = capsys.readouterr().out
    assert "Blinatumomab in children" in shown
    assert "71.3 · 58.4%" in shown


def test_an_unknown_label_is_told_with_those_there_are(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(review), "--label", "DRUG"]) == 2
    assert capsys.readouterr().err == f"extract: no label 'DRUG'; there are {', '.join(Label)}\n"


def test_a_reader_that_stops_early_is_no_error(review: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.md"
    long.write_text(REVIEW + "\nIn all, 50% relapsed.\n" * 5000, encoding="utf-8")
    command = f'"{sys.executable}" -m extract show "{long}" | head -n 1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, timeout=120)
    assert done.stderr == ""


# ------------------------------------------------------------------------------------------------ evaluate


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Gold of two mentions, one of which the program finds, beside a corpus with the text."""
    corpus = tmp_path / "corpus" / "sources"
    corpus.mkdir(parents=True)
    (corpus / "review.md").write_text(REVIEW, encoding="utf-8")
    folder = tmp_path / "gold" / "review"
    folder.mkdir(parents=True)
    rows = []
    for quote, attributes in (
        ("NCT02187354", {"label": "REGISTRY_ID", "registry": "NCT", "valid": True}),
        ("children", {"label": "TRIAL", "trial": "children"}),
    ):
        start = REVIEW.index(quote, 30)
        rows.append({"start": start, "end": start + len(quote), "line": 5, "text": quote, **attributes})
    rows.sort(key=lambda row: row["start"])
    (folder / "mentions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    other = tmp_path / "gold" / "elsewhere"
    other.mkdir()
    (other / "mentions.jsonl").write_text("", encoding="utf-8")
    return tmp_path / "gold"


def evaluate(gold: Path, *options: str) -> int:
    return main(["evaluate", "--gold", str(gold), "--corpus", str(gold.parent / "corpus"), *options])


def test_evaluate_prints_scores_and_what_is_not_at_hand(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold) == 0
    shown = capsys.readouterr().out
    assert "REGISTRY_ID" in shown
    assert "not at hand: elsewhere" in shown


def test_evaluate_lists_errors_in_context(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--errors") == 0
    assert "review line 5: TRIAL miss: 'children' | " in capsys.readouterr().out


def test_evaluate_prints_json_with_the_errors_asked_for(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--json", "--errors") == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["labels"]["REGISTRY_ID"]["strict"]["f1"] == 1
    assert any("'children'" in error for error in scores["errors"])


def test_evaluate_prints_markdown(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--markdown") == 0
    assert "| REGISTRY_ID | 1 | 1.000 | 1.000 | 1.000" in capsys.readouterr().out


def test_evaluate_aligned_needs_no_offsets(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = gold.parent / "corpus" / "sources" / "review.md"
    text.write_text("\n\nOther offsets. " + REVIEW, encoding="utf-8")
    assert evaluate(gold) == 2
    capsys.readouterr()
    assert evaluate(gold, "--aligned", "--json") == 0
    assert json.loads(capsys.readouterr().out)["labels"]["REGISTRY_ID"]["strict"]["f1"] == 1


def test_the_baseline_is_written_kept_and_compared(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = gold / "baseline.json"
    path.write_text('{"other": {"DOSE": {"tp": 4, "fp": 0, "fn": 0}}}', encoding="utf-8")
    assert evaluate(gold, "--update-baseline") == 0
    baseline = json.loads(path.read_text(encoding="utf-8"))
    assert baseline["other"]["DOSE"]["tp"] == 4
    assert baseline["review"]["REGISTRY_ID"] == {"tp": 1, "fp": 0, "fn": 0}
    assert evaluate(gold, "--check-baseline") == 0
    baseline["review"]["REGISTRY_ID"]["tp"] = 4
    path.write_text(json.dumps(baseline), encoding="utf-8")
    capsys.readouterr()
    assert evaluate(gold, "--check-baseline") == 1
    assert "review: REGISTRY_ID has 1 correct, 3 fewer" in capsys.readouterr().err


def test_a_missing_baseline_is_told(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--check-baseline") == 2
    assert "baseline.json" in capsys.readouterr().err


def test_an_evaluation_without_any_text_is_told(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--gold", str(gold), "--corpus", str(gold)]) == 2
    assert "has its text in" in capsys.readouterr().err


def test_a_document_asked_for_must_be_at_hand(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--documents", "elsewhere") == 2
    assert "elsewhere" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------ schema


def test_schema_prints_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["mentions", "documents"]


def test_an_unknown_table_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "patients"]) == 2
    assert capsys.readouterr().err == "extract: no table 'patients'; there are mentions, documents\n"


# ------------------------------------------------------------------------------------------------ everywhere


def test_an_interrupt_is_one_line(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("extract.assembly.extract_document", interrupt)
    assert main(["run", str(review), "-o", str(tmp_path / "out")]) == 130
    assert capsys.readouterr().err == "extract: interrupted\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.name == "nt", reason="line feeds do not fit in a Windows path")
def test_a_line_feed_in_a_name_does_not_break_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(tmp_path / "two\nlines.md")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
