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
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extract import __version__
from extract.batch.inputs import document_ids
from extract.cli import main
from extract.coverage import Reason
from extract.readers import SUFFIXES, ocr
from extract.records import TABLES, Label, Schema

REVIEW = """# Blinatumomab in children

## Results

In 43 children (NCT02187354), 2-year survival was 71.3 vs. 58.4% after 15 µg/m²/day of blinatumomab.
"""


@pytest.fixture
def review(tmp_path: Path) -> Path:
    path = tmp_path / "review.md"
    path.write_text(REVIEW, encoding="utf-8")
    return path


FILLER = (
    "Children whose disease came back were long given chemotherapy alone,",
    "and what was to follow was decided by the physicians who treated them.",
    "Antibodies have changed that, as the following paragraphs tell at length.",
)


def make_pdf(path: Path, *pages: str, password: str | None = None) -> Path:
    """A paper as PDF with one of these sentences on each page; an empty one is a page that is an image."""
    canvas = Canvas(str(path), encrypt=StandardEncryption(password) if password else None)
    for number, page in enumerate(pages):
        if page:
            canvas.setFont("Helvetica-Bold", 18)
            canvas.drawString(72, 760, "" if number else "Antibodies in children: a review of trials")
            canvas.setFont("Helvetica-Bold", 12)
            canvas.drawString(72, 720 - 13 * number, ("Introduction", "Treatment")[number])
            canvas.setFont("Helvetica", 10)
            for row, line in enumerate((*FILLER, page, *FILLER)):
                canvas.drawString(72, 690 - 13 * (row + number), line)
        else:
            canvas.drawImage(ImageReader(Image.new("L", (600, 800), 200)), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return make_pdf(
        tmp_path / "paper.pdf",
        "In 43 children, 2-year survival was 71.3% in the blinatumomab arm.",
        "They took 15 mg of prednisone daily (NCT02187354).",
    )


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


# ------------------------------------------------------------------------------------------------ run


def test_run_writes_tables_and_counts_their_rows(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["run", str(review), "-o", str(out)]) == 0
    shown = capsys.readouterr()
    header, *rows = [line for line in shown.out.splitlines() if line.startswith(("┃", "│"))]
    assert header.split()[1::2] == ["document", *(table for table in TABLES if table != "documents")]
    counts = [str(len(read_lines(out / f"{table}.jsonl"))) for table in TABLES if table != "documents"]
    assert [row.split()[1::2] for row in rows] == [["review", *counts]]
    assert shown.err == f"extract: wrote {2 * len(TABLES)} files to {out}\n"
    quotes = {(row["label"], row["quote"]) for row in read_lines(out / "mentions.jsonl")}
    assert {("REGISTRY_ID", "NCT02187354"), ("DOSE", "15 µg/m²/day"), ("PERCENT", "71.3")} <= quotes
    assert [row["document_id"] for row in read_lines(out / "documents.jsonl")] == ["review"]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of a sample review, which fills all of them."""
    folder = tmp_path_factory.mktemp("written")
    sample = Path(__file__).parents[1] / "corpus" / "samples" / "haematology.md"
    assert main(["run", str(sample), "-o", str(folder), "--helpers"]) == 0
    return folder


@pytest.mark.parametrize("table", TABLES)
def test_every_line_fits_the_schema_that_extract_prints(
    written: Path, capsys: pytest.CaptureFixture[str], table: Schema
) -> None:
    capsys.readouterr()
    assert main(["schema", table]) == 0
    schema = json.loads(capsys.readouterr().out)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    rows = read_lines(written / f"{table}.jsonl")
    assert rows
    assert [error.message for row in rows for error in validator.iter_errors(row)] == []
    with (written / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == list(TABLES[table].model_fields)


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
    assert list(document_ids([Path(name) for name in names])) == ["x", "x-3", "x-2", "x-4", "y"]


def test_rows_of_a_pdf_have_pages_and_boxes_and_no_offsets_into_the_file(pdf: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["run", str(pdf), "-o", str(out)]) == 0
    (dose,) = read_lines(out / "dosing.jsonl")
    assert (dose["page_number"], dose["source_start"]) == (2, None)
    evidence = [row for row in read_lines(out / "evidence.jsonl") if row["record_id"] == dose["record_id"]]
    assert evidence
    for row in evidence:
        assert [box[0] for box in row["boxes"]] == [2]  # type: ignore[attr-defined]
    (document,) = read_lines(out / "documents.jsonl")
    assert (document["pages"], document["path"]) == (2, str(pdf))


@pytest.mark.parametrize("command", ["run", "show"])
def test_what_a_reader_was_unsure_of_is_told_for_each_file(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    scan = make_pdf(tmp_path / "scan.pdf", "In 43 children, survival was 71.3%.", "")
    output = [str(review), "-o", str(tmp_path / "out")] if command == "run" else []
    assert main([command, str(scan), *output]) == 0
    warnings = [line for line in capsys.readouterr().err.splitlines() if "warning" in line]
    assert warnings
    assert all(line.startswith(f"extract: {scan}: warning: ") for line in warnings)
    if command == "run":
        kept = {row["document_id"]: row["warnings"] for row in read_lines(tmp_path / "out" / "documents.jsonl")}
        assert [f"extract: {scan}: warning: {each}" for each in kept["scan"]] == warnings  # type: ignore[attr-defined]
        assert kept["review"] == []


# ------------------------------------------------------------------------------------------------ passwords and scans

READING = ["run", "show", "coverage", "corpus add"]


def call(command: str, path: Path, *options: str) -> int:
    place = {"run": ["-o", str(path.parent / "out")], "corpus add": ["--into", str(path.parent / "sources")]}
    return main([*command.split(), str(path), *place.get(command, []), *options])


@pytest.mark.parametrize("command", READING)
def test_an_encrypted_file_opens_with_its_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    locked = make_pdf(tmp_path / "locked.pdf", "In 43 children, survival was 71.3%.", password="key")
    assert call(command, locked) == 2
    assert capsys.readouterr().err == f"extract: {locked}: encrypted; give --password\n"
    assert call(command, locked, "--password", "lock") == 2
    assert capsys.readouterr().err == f"extract: {locked}: wrong password\n"
    assert call(command, locked, "--password", "key") == 0


def test_an_encrypted_page_is_drawn_with_its_password(tmp_path: Path) -> None:
    locked = make_pdf(tmp_path / "locked.pdf", "In 43 children, survival was 71.3%.", password="key")
    assert main(["show", str(locked), "--png", str(tmp_path / "page.png"), "--password", "key"]) == 0
    assert (tmp_path / "page.png").exists()


@pytest.mark.parametrize("command", READING)
def test_a_scan_is_told_to_need_recognition(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    scan = make_pdf(tmp_path / "scan.pdf", "")
    assert call(command, scan) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"extract: {scan}: ")
    assert "--ocr" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("command", READING)
def test_scans_need_a_program_that_one_line_tells_how_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(ocr, "find_program", lambda: None)
    scan = make_pdf(tmp_path / "scan.pdf", "")
    assert call(command, scan, "--ocr") == 2
    error = capsys.readouterr().err
    assert error.startswith(
        f"extract: {scan}: page 1: no text but images; to recognise it, install OCRmyPDF (pip install"
    )
    assert error.count("\n") == 1


@pytest.mark.parametrize("command", READING)
def test_a_file_with_text_needs_no_program(pdf: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr(ocr, "find_program", lambda: None)
    assert call(command, pdf, "--ocr") == 0


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


@pytest.mark.parametrize("table", ["outcomes", "dosing", "trials", "studies", "references"])
def test_show_table_has_the_rows_of_a_table(review: Path, capsys: pytest.CaptureFixture[str], table: str) -> None:
    assert main(["show", str(review), "--table", table]) == 0
    assert capsys.readouterr().out.startswith(f"{table} of review")


def test_show_table_outcomes_tells_result_time_and_line(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(review), "--table", "outcomes"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    assert [row[1] for row in rows] == ["5", "5"]
    assert [[word for word in row if word in ("71.3%", "58.4%", "y")] for row in rows] == [
        ["71.3%", "y"],
        ["58.4%", "y"],
    ]


def test_show_table_of_a_pdf_tells_the_page_and_no_line(pdf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(pdf), "--table", "dosing"]) == 0
    shown = capsys.readouterr().out
    (row,) = [line.split() for line in shown.splitlines() if line.startswith("│")]
    assert row[1] == "2"
    assert "page" in shown
    assert "line" not in shown


def test_show_head_is_the_first_rows(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(review), "--table", "outcomes", "--head", "1"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("outcomes of review: 1 of 2 rows\n")
    assert len([line for line in shown.splitlines() if line.startswith("│")]) == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--head", "3"], "--head belongs to --table: it shows the first rows of one"),
        (["--page", "3"], "--page belongs to --png: name the picture to draw, --png page.png"),
        (["--blocks"], "--blocks belongs to --png: name the picture to draw, --png page.png"),
        (["--scale", "1", "--list"], "--scale belongs to --png: name the picture to draw, --png page.png"),
    ],
)
def test_an_option_without_the_one_that_it_belongs_to_is_told(
    review: Path, capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    assert main(["show", str(review), *options]) == 2
    assert capsys.readouterr().err == f"extract: {told}\n"


@pytest.mark.parametrize(
    "options",
    [["--page", "0"], ["--page", "x"], ["--head", "-1"], ["--scale", "0"], ["--scale", "nan"], ["--scale", "x"]],
)
def test_a_number_that_makes_no_sense_is_an_error_of_usage(
    review: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["show", str(review), *options])
    assert stop.value.code == 2
    assert f"argument {options[0]}: '{options[1]}' is no " in capsys.readouterr().err.replace("expected", "'-1' is no ")


def test_show_draws_a_page_with_its_mentions(pdf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "page.png"
    assert main(["show", str(pdf), "--png", str(out), "--page", "2", "--scale", "1"]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    with Image.open(out) as picture:
        colours = {colour for _, colour in picture.getcolors(100_000) or []}
    orange, pink, yellow = (0xE6, 0x9F, 0x00), (0xCC, 0x79, 0xA7), (0xF0, 0xE4, 0x42)
    assert (orange in colours, pink in colours, yellow in colours) == (True, True, False)


def test_show_draws_all_pages_and_only_the_labels_asked_for(
    pdf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pages"
    assert main(["show", str(pdf), "--png", str(folder), "--label", "percent", "--scale", "1"]) == 0
    paths = [folder / f"paper-page-{number}.png" for number in (1, 2)]
    assert capsys.readouterr().out.splitlines() == [str(path) for path in paths]
    marked = []
    for path in paths:
        with Image.open(path) as picture:
            marked.append((0xF0, 0xE4, 0x42) in {colour for _, colour in picture.getcolors(100_000) or []})
    assert marked == [True, False]


def test_show_draws_blocks_without_loading_the_pipeline(pdf: Path, tmp_path: Path) -> None:
    code = (
        "import sys\nfrom extract.cli import main\n"
        f"main(['show', {str(pdf)!r}, '--png', {str(tmp_path / 'blocks')!r}, '--blocks'])\n"
        "print('spacy' in sys.modules)"
    )
    assert run_in_new_process("-c", code).stdout.splitlines()[-1] == "False"
    assert len(list((tmp_path / "blocks").iterdir())) == 2


def test_pictures_of_a_text_are_told_to_be_none(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(review), "--png", str(tmp_path / "page.png")]) == 2
    assert capsys.readouterr().err == f"extract: {review}: has no pages; pictures are drawn of PDF files\n"


def test_a_page_that_is_not_there_is_told_before_anything_is_extracted(
    pdf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", str(pdf), "--png", str(tmp_path / "page.png"), "--page", "9"]) == 2
    assert capsys.readouterr().err == f"extract: {pdf}: no page 9; there are pages 1 to 2\n"
    assert not (tmp_path / "page.png").exists()


def test_an_unknown_label_is_told_with_those_there_are(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(review), "--label", "DRUG"]) == 2
    assert capsys.readouterr().err == f"extract: no label 'DRUG'; there are {', '.join(Label)}\n"


def test_a_reader_that_stops_early_is_no_error(review: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.md"
    long.write_text(REVIEW + "\nIn all, 50% relapsed.\n" * 5000, encoding="utf-8")
    command = f'"{sys.executable}" -m extract show "{long}" | head -n 1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, timeout=120)
    assert done.stderr == ""


# ------------------------------------------------------------------------------------------------ coverage


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    path = tmp_path / "odd.md"
    path.write_text("# Walks\n\n## Results\n\nIt rained in 2019.\n\nSee Table 4.\n", encoding="utf-8")
    return path


def test_coverage_lists_numbers_with_line_and_reason(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(odd)]) == 0
    shown = capsys.readouterr().out
    assert "odd: 2 of 2 numbers" in shown
    rows = [
        [cell.strip() for cell in line.strip("│").split("│")] for line in shown.splitlines() if line.startswith("│")
    ]
    assert rows == [
        ["5", "2019", "year or date", "It rained in »2019«."],
        ["7", "4", "number of a table, figure or item", "See Table »4«."],
    ]


def test_coverage_prints_json_lines(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(odd), "--json", "--reason", "year"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    row = json.loads(line)
    assert (row["document_id"], row["number"], row["reason"], row["line"]) == ("odd", "2019", "year or date", 5)


def test_coverage_prints_csv_with_one_header(odd: Path, review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(odd), str(review), "--csv"]) == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))
    assert [row[:3] for row in rows[:3]] == [
        ["document_id", "number", "reason"],
        ["odd", "2019", "year or date"],
        ["odd", "4", "number of a table, figure or item"],
    ]
    assert [row[0] for row in rows].count("document_id") == 1


def test_coverage_summary_counts_by_reason(odd: Path, review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(odd), str(review), "--summary"]) == 0
    rows = [line.split("│")[1:-1] for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    counts = {row[0].strip(): [int(cell) for cell in row[1:]] for row in rows}
    assert counts["in records"][0] == 0
    assert counts["year or date"][0] == 1
    left = [name for name in counts if name in list(Reason)]
    for column in range(3):
        taken = counts["in records"][column] + sum(counts[name][column] for name in left)
        assert taken == counts["in all"][column]


def test_an_unknown_reason_is_told_with_those_there_are(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", str(odd), "--reason", "weather"]) == 2
    assert capsys.readouterr().err == f"extract: no reason contains 'weather'; there are: {', '.join(Reason)}\n"


def test_coverage_goes_on_after_a_file_that_fails(
    odd: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.md"
    assert main(["coverage", str(missing), str(odd)]) == 1
    assert "odd: 2 of 2 numbers" in capsys.readouterr().out
    assert main(["coverage", str(missing)]) == 2


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


def test_an_evaluation_without_gold_tells_where_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--gold", str(tmp_path / "none")]) == 2
    assert f"{tmp_path / 'none'}: no gold documents; name their folder with --gold" in capsys.readouterr().err


def test_a_document_asked_for_must_be_at_hand(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(gold, "--documents", "elsewhere") == 2
    assert "elsewhere" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------ schema


def test_schema_prints_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == list(TABLES)


def test_an_unknown_table_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "patients"]) == 2
    assert capsys.readouterr().err == f"extract: no table 'patients'; there are {', '.join(TABLES)}\n"


# ------------------------------------------------------------------------------------------------ everywhere


def test_an_interrupt_is_one_line(
    review: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("extract.audit.extract_and_audit", interrupt)
    assert main(["run", str(review), "-o", str(tmp_path / "out")]) == 130
    assert capsys.readouterr().err == "extract: interrupted\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.name == "nt", reason="line feeds do not fit in a Windows path")
def test_a_line_feed_in_a_name_does_not_break_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(tmp_path / "two\nlines.md")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
