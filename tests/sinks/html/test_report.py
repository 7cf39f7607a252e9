"""The report as a file: self-contained, the same bytes twice, from files and from datasets, and what it refuses."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from pathlib import Path

import pytest
from lxml import html

from extract.cli import main

SAMPLES = Path(__file__).resolve().parents[3] / "corpus" / "samples"
PDF = SAMPLES / "cardiology-typeset.pdf"


def parsed(path: Path) -> html.HtmlElement:
    return html.fromstring(path.read_text(encoding="utf-8"))


def whole(path: Path) -> str:
    """All that a page holds, with what it carries packed."""
    text = path.read_text(encoding="utf-8")
    packed = re.findall(r'<script type="text/plain" class="packed">([^<]*)</script>', text)
    return text + "".join(zlib.decompress(base64.b64decode(each)).decode() for each in packed)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    assert main(["report", str(PDF), "-o", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of two reviews, of which one is no longer where it was."""
    folder = tmp_path_factory.mktemp("dataset")
    for name in ("cardiology.md", "haematology.md"):
        (folder / name).write_bytes((SAMPLES / name).read_bytes())
    files = [str(folder / name) for name in ("cardiology.md", "haematology.md")]
    assert main(["batch", *files, "-o", str(folder / "out"), "--workers", "1"]) == 0
    (folder / "haematology.md").unlink()
    return folder / "out"


def test_nothing_is_fetched_and_only_the_own_script_runs(page: Path) -> None:
    shown = parsed(page)
    assert shown.xpath("//*[@src][not(starts-with(@src, 'data:'))] | //link[not(starts-with(@href, 'data:'))]") == []
    assert shown.xpath("//*[@style] | //*[@*[starts-with(name(), 'on')]]") == []
    (policy,) = shown.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (script,) = shown.xpath("//script[@type='module']")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_the_same_review_gives_the_same_bytes(page: Path, tmp_path: Path) -> None:
    assert main(["report", str(PDF), "-o", str(tmp_path / "again.html")]) == 0
    assert (tmp_path / "again.html").read_bytes() == page.read_bytes()


def test_every_row_of_the_tables_is_on_the_page(page: Path, tmp_path: Path) -> None:
    assert main(["run", str(PDF), "-o", str(tmp_path)]) == 0
    text = whole(page)
    for table in ("outcomes", "dosing", "studies", "trials"):
        rows = (tmp_path / f"{table}.csv").read_text(encoding="utf-8").splitlines()[1:]
        ids = {row.split(",")[1] for row in rows}
        assert ids
        assert ids <= set(re.findall(r'data-record="(\w+)"', text))


def test_pages_are_pictures_and_can_be_left_out(page: Path, tmp_path: Path) -> None:
    assert len(parsed(page).xpath("//figure[@data-page]//img")) == 3
    assert main(["report", str(PDF), "-o", str(tmp_path / "text.html"), "--no-pages"]) == 0
    assert parsed(tmp_path / "text.html").xpath("//figure[@data-page]") == []


def test_a_dataset_is_shown_also_where_files_are_gone(dataset: Path, tmp_path: Path) -> None:
    assert main(["report", str(dataset), "-o", str(tmp_path / "all.html")]) == 0
    assert len(parsed(tmp_path / "all.html").xpath("//select[@id='which']/option")) == 2
    assert "The file was not at hand" in whole(tmp_path / "all.html")
    assert main(["report", str(dataset), "-o", str(tmp_path / "one.html"), "--documents", "haematology"]) == 0
    one = whole(tmp_path / "one.html")
    assert 'data-document="haematology"' in one
    assert "<table>" in one  # the cells of its tables are kept, too
    assert parsed(tmp_path / "one.html").xpath("//select[@id='which']") == []


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("{pdf}", "-o", "{tmp}/report.pdf"), "ends with .html"),
        (("{out}", "{pdf}", "-o", "{tmp}/r.html"), "a folder is reported by itself"),
        (("{pdf}", "-o", "{tmp}/r.html", "--documents", "a"), "--documents belongs to a dataset"),
        (("{out}", "-o", "{tmp}/r.html", "--documents", "unknown"), "no document 'unknown'; there are cardiology"),
        (("{tmp}", "-o", "{tmp}/r.html"), "no batch was run here"),
        (("{tmp}/none.pdf", "-o", "{tmp}/r.html"), "none.pdf"),
        (("{pdf}", "-o", "{pdf}/r.html"), "cannot be written"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(
    arguments: tuple[str, ...], reason: str, dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = [each.format(pdf=PDF, tmp=tmp_path, out=dataset) for each in arguments]
    assert main(["report", *filled]) == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert reason in told[-1]
    assert len(told) == 1
    assert list(tmp_path.iterdir()) == []


def test_files_that_fail_leave_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["report", str(tmp_path / "none.md"), str(SAMPLES / "respiratory.md"), "-o", str(tmp_path / "r.html")])
    assert code == 1
    assert "none.md" in capsys.readouterr().err
    assert 'data-document="respiratory"' in (tmp_path / "r.html").read_text(encoding="utf-8")
