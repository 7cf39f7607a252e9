"""`extract show`: a review with its mentions in the terminal, its tables, and pictures of its pages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from extract.cli import main
from extract.records import Label

from .making import REVIEW, run_in_new_process


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
