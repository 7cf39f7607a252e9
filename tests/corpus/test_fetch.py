"""Papers fetched from Europe PMC, for which a server on this machine stands in."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from extract import __version__
from extract.corpus.europe_pmc import WAITS, normalise_doi
from extract.errors import ExtractError

from .making import BY_HAND, DOI, Archive, article, entries, fetch, found


def test_a_paper_is_fetched_with_what_is_known_of_it(
    archive: Archive, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch(archive, folder) == 0
    path = folder / "PMC9999999.xml"
    assert path.read_text(encoding="utf-8") == article()
    (entry,) = entries(folder)
    retrieved = entry.pop("retrieved")
    assert retrieved.isoformat() == str(retrieved)
    assert entry == {
        "id": "PMC9999999",
        "file": "PMC9999999.xml",
        "title": "Walking after surgery: a randomised trial of pace & rest",
        "doi": DOI,
        "licence": "CC-BY-4.0",
        "sha256": hashlib.sha256(article().encode()).hexdigest(),
        "origin": f"{archive.url}/PMC9999999/fullTextXML",
    }
    shown = capsys.readouterr()
    assert shown.out == f"fetched {path}: Walking after surgery: a randomised trial of pace & rest (CC-BY-4.0)\n"
    assert shown.err == ""
    assert sorted(each.name for each in folder.iterdir()) == ["PMC9999999.xml", "manifest.toml"]


def test_the_search_asks_for_the_doi_and_names_the_program(archive: Archive, folder: Path) -> None:
    fetch(archive, folder, f"https://doi.org/{DOI}")
    search, text = archive.asked
    asked = parse_qs(urlsplit(search).query)
    assert (asked["query"], asked["resultType"], asked["format"]) == ([f'DOI:"{DOI}"'], ["core"], ["json"])
    assert text == "/rest/PMC9999999/fullTextXML"
    assert archive.agents == {f"review-extract/{__version__} (extract corpus fetch)"}


def test_a_second_fetch_says_that_it_is_there_and_asks_nobody(
    archive: Archive, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch(archive, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    archive.asked.clear()
    capsys.readouterr()
    assert fetch(archive, folder, DOI.upper()) == 0
    assert capsys.readouterr().out.startswith(f"already there: {folder / 'PMC9999999.xml'}: Walking after surgery")
    assert archive.asked == []
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_paper_whose_file_went_is_fetched_again_under_the_same_id(archive: Archive, folder: Path) -> None:
    fetch(archive, folder)
    (folder / "PMC9999999.xml").unlink()
    assert fetch(archive, folder) == 0
    assert (folder / "PMC9999999.xml").exists()
    assert [entry["id"] for entry in entries(folder)] == ["PMC9999999"]


def test_a_file_of_the_same_name_is_not_overwritten(archive: Archive, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "PMC9999999.txt").write_text("my notes", encoding="utf-8")
    assert fetch(archive, folder) == 0
    assert (folder / "PMC9999999.txt").read_text(encoding="utf-8") == "my notes"
    assert [entry["file"] for entry in entries(folder)] == ["PMC9999999-2.xml"]


@pytest.mark.parametrize(
    ("licence", "printed", "entered"),
    [
        ('<license xlink:href="https://creativecommons.org/licenses/by-nc-nd/4.0/"/>', "cc by", "CC-BY-NC-ND-4.0"),
        ("<license><license-p>All rights reserved.</license-p></license>", "cc by-nc", "cc by-nc"),
        ("", "cc0 1.0", "CC0-1.0"),
    ],
    ids=["the article's own goes first", "the archive's as printed", "the archive's as SPDX"],
)
def test_the_licence_is_that_of_the_article_or_of_the_archive(
    archive: Archive, folder: Path, licence: str, printed: str, entered: str
) -> None:
    archive.search, archive.text = [(200, found(license=printed))], [(200, article(licence))]
    assert fetch(archive, folder) == 0
    assert entries(folder)[0]["licence"] == entered


def test_a_paper_of_unknown_licence_is_fetched_and_flagged(
    archive: Archive, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.search, archive.text = [(200, found(license=None))], [(200, article(""))]
    assert fetch(archive, folder) == 0
    shown = capsys.readouterr()
    assert "(licence unknown)" in shown.out
    assert shown.err == (
        f"extract: {folder / 'PMC9999999.xml'}: warning: licence unknown; look it up before you pass the paper on\n"
    )
    assert "licence" not in entries(folder)[0]


@pytest.mark.parametrize(
    ("search", "reason"),
    [
        ('{"hitCount": 0, "resultList": {"result": []}}', f"not in Europe PMC; check the DOI, or {BY_HAND}"),
        (found(doi="10.5555/other"), f"not in Europe PMC; check the DOI, or {BY_HAND}"),
        (found(isOpenAccess="N"), f"no open-access full text in Europe PMC; {BY_HAND}"),
        (found(pmcid=None), f"no open-access full text in Europe PMC; {BY_HAND}"),
        (found(pmcid="../../etc"), f"no open-access full text in Europe PMC; {BY_HAND}"),
        ("<html>We will be back</html>", "Europe PMC's answer to the search is not understood; try again later"),
        ('{"resultList": ["a"]}', "Europe PMC's answer to the search is not understood; try again later"),
        ('{"resultList": {"result": ["a"]}}', "Europe PMC's answer to the search is not understood; try again later"),
    ],
    ids=["no result", "another DOI", "closed", "no number", "a bad number", "no JSON", "other JSON", "no objects"],
)
def test_a_paper_that_there_is_not_is_told_with_what_to_do(
    archive: Archive, folder: Path, capsys: pytest.CaptureFixture[str], search: str, reason: str
) -> None:
    archive.search = [(200, search)]
    assert fetch(archive, folder) == 2
    assert capsys.readouterr().err == f"extract: {DOI}: {reason}\n"
    assert not folder.exists()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((404, ""), f"no open-access full text in Europe PMC; {BY_HAND}"),
        ((200, article()[:-40]), "the full text came damaged ("),
        ((200, ""), "the full text came damaged ("),
        ((200, "<error>none</error>"), f"Europe PMC's file holds no full text; {BY_HAND}"),
        ((200, "<article><front/></article>"), f"Europe PMC's file holds no full text; {BY_HAND}"),
        ((200, article().replace("walks", "runs")), "Europe PMC's file is another article's (10.5555/runs.2023(7)1)"),
        ((403, ""), "Europe PMC answered HTTP 403 Forbidden; try again later"),
    ],
    ids=["404", "truncated", "empty", "no article", "no body", "another article", "403"],
)
def test_a_text_that_does_not_come_whole_leaves_nothing_behind(
    archive: Archive, folder: Path, capsys: pytest.CaptureFixture[str], answer: tuple[int, str], reason: str
) -> None:
    archive.text = [answer]
    assert fetch(archive, folder) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"extract: {DOI}: {reason}")
    assert error.count("\n") == 1
    assert not folder.exists()
    assert len(archive.asked) == 2, "what will not change is not asked for again"


def test_a_passing_fault_is_tried_again_after_a_while(archive: Archive, folder: Path, waits: list[float]) -> None:
    archive.search = [(500, ""), (503, ""), (200, found())]
    archive.text = [(502, ""), (200, article())]
    assert fetch(archive, folder) == 0
    assert waits == [*WAITS, WAITS[0]]


def test_a_server_that_says_when_to_come_back_is_heard(archive: Archive, folder: Path, waits: list[float]) -> None:
    archive.search, archive.headers = [(429, ""), (200, found())], {"Retry-After": "7"}
    assert fetch(archive, folder) == 0
    assert waits == [7]


def test_a_server_that_is_busy_for_long_is_told_at_once(
    archive: Archive, folder: Path, waits: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    archive.search, archive.headers = [(503, "")], {"Retry-After": "3600"}
    assert fetch(archive, folder) == 2
    assert "answered HTTP 503 Service Unavailable; try again later" in capsys.readouterr().err
    assert waits == []


def test_a_server_that_stays_broken_is_told_after_three_tries(
    archive: Archive, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.search = [(500, "")]
    assert fetch(archive, folder) == 2
    assert capsys.readouterr().err == (
        f"extract: {DOI}: Europe PMC answered HTTP 500 Internal Server Error; try again later\n"
    )
    assert len(archive.asked) == 3


def test_a_connection_that_breaks_off_is_tried_again_and_told(
    archive: Archive, folder: Path, waits: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    archive.announced = 100
    assert fetch(archive, folder) == 2
    size = len(found())
    assert f"Europe PMC cannot be reached ({size} of {size + 100} bytes came)" in capsys.readouterr().err
    assert waits == [*WAITS]


def test_without_network_one_line_says_what_to_do_and_no_further_paper_is_tried(
    archive: Archive, folder: Path, waits: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    archive.url = "http://127.0.0.1:9/rest"  # the port that discards; nobody listens
    assert fetch(archive, folder, DOI, "10.5555/second") == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "Europe PMC cannot be reached (" in error
    assert f"download the paper by other means, then: extract corpus add FILE --doi {DOI}" in error
    assert waits == [*WAITS]


def test_one_paper_that_fails_does_not_keep_the_others_back(
    archive: Archive, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch(archive, folder, "10.5555/none", "no doi", DOI) == 1
    shown = capsys.readouterr()
    assert shown.err.splitlines() == [
        "extract: 10.5555/none: not in Europe PMC; check the DOI, or if you have the paper:"
        " extract corpus add FILE --doi 10.5555/none",
        "extract: no doi: not a DOI; one looks like 10.1000/182",
    ]
    assert shown.out.startswith("fetched ")


@pytest.mark.parametrize("url", ["file:///etc", "localhost"])
def test_only_a_web_service_is_asked(
    archive: Archive, folder: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    archive.url = url
    assert fetch(archive, folder) == 2
    assert capsys.readouterr().err == f"extract: {url}: not the address of a web service\n"


def test_control_characters_of_a_title_do_not_reach_the_terminal(
    archive: Archive, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.search = [(200, found(title="Walk\x1b[2J"))]
    assert fetch(archive, folder) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.5555/a.b", "10.5555/a.b"),
        ("doi:10.5555/a", "10.5555/a"),
        ("DOI: 10.5555/a.", "10.5555/a"),
        (" http://dx.doi.org/10.5555/a%2Fb ", "10.5555/a/b"),
    ],
)
def test_a_doi_may_be_written_in_several_ways(written: str, doi: str) -> None:
    assert normalise_doi(written) == doi


@pytest.mark.parametrize("written", ["", "10.5555", "PMC123", '10.5555/a"OR', "https://elsewhere.example/10.5555/a"])
def test_what_is_no_doi_is_told(written: str) -> None:
    with pytest.raises(ExtractError, match="not a DOI"):
        normalise_doi(written)
