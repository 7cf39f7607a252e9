"""Papers into a folder: fetched from Europe PMC, for which a server on this machine stands in, or added by hand."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from extract import __version__
from extract.cli import main
from extract.corpus import europe_pmc
from extract.corpus.europe_pmc import WAITS, normalise_doi
from extract.corpus.licences import find_spdx, read_licence
from extract.errors import ExtractError
from extract.readers import SUFFIXES

DOI = "10.5555/Walks.2023(7)1"
TITLE = "Walking after surgery: a <i>randomised</i> trial of pace &amp; rest."
ARTICLE = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.3 20210610//EN"
  "JATS-archivearticle1-3.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink">
<front><article-meta><article-id pub-id-type="doi">{DOI.lower()}</article-id>
<title-group><article-title>Walking after surgery</article-title></title-group>
<permissions>LICENCE</permissions></article-meta></front>
<body><sec><title>Results</title><p>In 40 adults, pain was less in 50%.</p></sec></body></article>
"""
CC_BY = """<license xlink:href="http://creativecommons.org/licenses/by/4.0/"><license-p>Free to share, and the data are
<ext-link xlink:href="http://creativecommons.org/publicdomain/zero/1.0/">CC0</ext-link>.</license-p></license>"""
RESULT = {
    "id": "39999999",
    "source": "MED",
    "pmid": "39999999",
    "pmcid": "PMC9999999",
    "doi": DOI.lower(),
    "title": TITLE,
    "isOpenAccess": "Y",
    "license": "cc by",
}


def article(licence: str = CC_BY) -> str:
    return ARTICLE.replace("LICENCE", licence)


@dataclass
class Archive:
    """What the server answers: for the search and for the text a list of (status, body), the last one for good."""

    search: list[tuple[int, str]]
    text: list[tuple[int, str]]
    headers: dict[str, str] = field(default_factory=dict)
    announced: int = 0  # bytes announced beyond those that are sent
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    url: str = ""

    def answer(self, path: str) -> tuple[int, str]:
        self.asked.append(path)
        answers = self.search if urlsplit(path).path.endswith("/search") else self.text
        return answers.pop(0) if len(answers) > 1 else answers[0]


def found(**fields: Any) -> str:
    return json.dumps({"hitCount": 1, "resultList": {"result": [{**RESULT, **fields}]}})


@pytest.fixture
def archive() -> Iterator[Archive]:
    state = Archive([(200, found())], [(200, article())])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.agents.add(self.headers["User-Agent"])
            status, body = state.answer(self.path)
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data) + state.announced))
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/rest"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been waited."""
    waited: list[float] = []
    monkeypatch.setattr(europe_pmc.time, "sleep", waited.append)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("COLUMNS", "160")
    return waited


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "corpus" / "sources"


def fetch(archive: Archive, folder: Path, *dois: str) -> int:
    return main(["corpus", "fetch", *(dois or (DOI,)), "--into", str(folder), "--base-url", archive.url])


def entries(folder: Path) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))["document"]
    return documents


# ------------------------------------------------------------------------------------------------ fetch


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


BY_HAND = f"if you have the paper: extract corpus add FILE --doi {DOI}"


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


# ------------------------------------------------------------------------------------------------ add


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "desk" / "walks.md"
    path.parent.mkdir()
    path.write_text("# Walks in the rain\n\n## Results\n\nIn 40 adults, 50% fell.\n", encoding="utf-8")
    return path


def add(folder: Path, *arguments: object) -> int:
    return main(["corpus", "add", *map(str, arguments), "--into", str(folder)])


def test_a_file_is_copied_and_entered_with_its_title(
    paper: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(folder, paper, "--doi", f"doi:{DOI}", "--licence", "cc by 4.0") == 0
    assert (folder / "walks.md").read_bytes() == paper.read_bytes()
    (entry,) = entries(folder)
    entry.pop("retrieved")
    assert entry == {
        "id": "walks",
        "file": "walks.md",
        "title": "Walks in the rain",
        "doi": DOI,
        "licence": "CC-BY-4.0",
        "sha256": hashlib.sha256(paper.read_bytes()).hexdigest(),
        "origin": str(paper),
    }
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (f"added {folder / 'walks.md'}: Walks in the rain (CC-BY-4.0)\n", "")


def test_a_licence_without_an_spdx_identifier_is_entered_as_it_is_named(paper: Path, folder: Path) -> None:
    assert add(folder, paper, "--licence", "our library's contract") == 0
    assert entries(folder)[0]["licence"] == "our library's contract"


def test_a_file_added_again_is_there_already_and_its_entry_takes_what_is_new(
    paper: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(folder, paper)
    assert "(licence unknown)" in capsys.readouterr().out
    assert add(folder, paper, "--licence", "CC-BY-4.0") == 0
    assert capsys.readouterr().out.startswith(f"already there: {folder / 'walks.md'}: Walks in the rain (CC-BY-4.0)")
    (entry,) = entries(folder)
    assert (entry["licence"], entry["file"]) == ("CC-BY-4.0", "walks.md")


def test_another_file_of_the_same_name_gets_a_name_of_its_own(paper: Path, folder: Path) -> None:
    add(folder, paper)
    paper.write_text("# Walks in the sun\n\nNobody fell.\n", encoding="utf-8")
    assert add(folder, paper) == 0
    assert [(entry["id"], entry["file"]) for entry in entries(folder)] == [
        ("walks", "walks.md"),
        ("walks-2", "walks-2.md"),
    ]


def test_a_file_that_lies_in_the_folder_stays_and_is_entered(paper: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    paper = paper.rename(folder / "Walks.md")
    assert add(folder, paper) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["Walks.md", "manifest.toml"]
    (entry,) = entries(folder)
    assert (entry["id"], entry["file"], "origin" in entry) == ("Walks", "Walks.md", False)
    paper.write_text("# Walks, corrected\n\nNobody fell.\n", encoding="utf-8")
    assert add(folder, paper) == 0
    assert [each["title"] for each in entries(folder)] == ["Walks, corrected"]


def test_a_file_that_cannot_be_read_is_not_added(paper: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = paper.with_name("missing.md")
    assert add(folder, missing) == 2
    assert not folder.exists()
    assert add(folder, missing, paper) == 1
    assert capsys.readouterr().err.splitlines()[0] == f"extract: {missing}: no such file"
    assert len(entries(folder)) == 1


def test_a_doi_is_of_one_file(paper: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = paper.with_name("other.md")
    other.write_text("# Other\n\nText.\n", encoding="utf-8")
    assert add(folder, paper, other, "--doi", DOI) == 2
    assert capsys.readouterr().err == "extract: --doi belongs to one file: add the others by themselves\n"


def test_a_paper_that_was_added_by_hand_is_not_fetched(archive: Archive, paper: Path, folder: Path) -> None:
    add(folder, paper, "--doi", DOI.upper())
    assert fetch(archive, folder) == 0
    assert archive.asked == []


# ------------------------------------------------------------------------------------------------ manifest and list


def test_what_a_person_wrote_into_the_manifest_stays(archive: Archive, paper: Path, folder: Path) -> None:
    add(folder, paper)
    manifest = folder / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    edited = text.replace('title = "Walks in the rain"', 'title = "Walks"  # shorter\nnote = "read twice"')
    manifest.write_text(edited, encoding="utf-8")
    fetch(archive, folder)
    assert manifest.read_text(encoding="utf-8").startswith(edited.rstrip("\n"))
    assert [entry["id"] for entry in entries(folder)] == ["walks", "PMC9999999"]
    add(folder, paper, "--licence", "CC-BY-4.0")
    assert (entries(folder)[0]["note"], entries(folder)[0]["licence"]) == ("read twice", "CC-BY-4.0")
    assert "# shorter" in manifest.read_text(encoding="utf-8")


def test_the_manifest_is_laid_out_for_people(paper: Path, folder: Path) -> None:
    for number in range(3):
        paper.write_text(f"# Walk {number}\n\nText.\n", encoding="utf-8")
        add(folder, paper)
    text = (folder / "manifest.toml").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert text.count("\n\n[[document]]\nid = ") == 3
    assert "\n\n\n" not in text
    assert text.endswith("\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[document]\n", "not TOML: "),
        ("document = 5\n", "'document' is no list of tables"),
        ('[[document]]\nid = "a"\n', "document 1: file: "),
        (f'[[document]]\nid = "a"\nfile = "../a.txt"\nsha256 = "{"0" * 64}"\n', "document 1: file: "),
        (f'[[document]]\nid = "a"\nfile = "a.txt"\nsha256 = "{"0" * 64}"\ntitle = 5\n', "document 1: title: "),
    ],
)
@pytest.mark.parametrize("command", ["fetch", "add", "list"])
def test_a_manifest_that_is_not_understood_is_told_and_left_alone(
    archive: Archive,
    paper: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    text: str,
    reason: str,
) -> None:
    folder.mkdir(parents=True)
    manifest = folder / "manifest.toml"
    manifest.write_text(text, encoding="utf-8")
    code = {
        "fetch": lambda: fetch(archive, folder),
        "add": lambda: add(folder, paper),
        "list": lambda: main(["corpus", "list", "--into", str(folder)]),
    }[command]()
    assert code == 2
    error = capsys.readouterr().err
    assert error.startswith(f"extract: {manifest}: {reason}")
    assert error.count("\n") == 1
    assert manifest.read_text(encoding="utf-8") == text
    assert [path.name for path in folder.iterdir()] == ["manifest.toml"]


def test_list_shows_what_there_is_and_what_does_not_fit(
    archive: Archive, paper: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch(archive, folder)
    add(folder, paper)
    (folder / "walks.md").write_text("# Rain\n", encoding="utf-8")
    (folder / "PMC9999999.xml").unlink()
    (folder / "stray.txt").write_text("Text", encoding="utf-8")
    (folder / "notes.docx").write_bytes(b"")
    capsys.readouterr()
    assert main(["corpus", "list", "--into", str(folder)]) == 0
    shown = capsys.readouterr().out
    rows = [line for line in shown.splitlines() if line.startswith("│")]
    firsts = {row.split("│")[1].strip(): row for row in rows if row.split("│")[1].strip()}
    assert list(firsts) == ["PMC9999999.xml", "walks.md", "stray.txt"]
    for file, note in (("PMC9999999.xml", "missing"), ("walks.md", "changed"), ("stray.txt", "not in")):
        assert note in firsts[file]
    assert "CC-BY-4.0" in firsts["PMC9999999.xml"]
    assert "unknown" in firsts["walks.md"]


def test_an_empty_folder_says_how_to_fill_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus", "list", "--into", str(folder)]) == 0
    assert capsys.readouterr().err == (
        f"extract: no papers in {folder}; get some: extract corpus fetch DOI, or extract corpus add FILE\n"
    )


def test_a_folder_that_cannot_be_written_is_one_line(
    archive: Archive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert fetch(archive, tmp_path / "file") == 2
    error = capsys.readouterr().err
    assert "cannot be written" in error
    assert error.count("\n") == 1


def test_make_run_takes_every_kind_of_file_in_the_folder() -> None:
    recipe = (Path(__file__).parents[1] / "Makefile").read_text(encoding="utf-8")
    assert [suffix for suffix in SUFFIXES if f"*{suffix}|" not in recipe and f"*{suffix})" not in recipe] == []


# ------------------------------------------------------------------------------------------------ licences


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("http://creativecommons.org/licenses/by/2.0", "CC-BY-2.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/legalcode.en", "CC-BY-NC-ND-4.0"),
        ("http://creativecommons.org/licenses/by-nc-nd/3.0/igo/", "CC-BY-NC-ND-3.0-IGO"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("Open access under the CC BY-NC-SA 4.0 licence", "CC-BY-NC-SA-4.0"),
        ("Creative Commons Attribution 4.0 International License", "CC-BY-4.0"),
        ("Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 International", "CC-BY-NC-ND-4.0"),
        ("the Creative Commons Attribution License (version 3.0)", "CC-BY-3.0"),
        ("the Creative Commons Attribution License", None),
        ("mit", "MIT"),
        ("cc by", None),
        ("http://creativecommons.org/licenses/by/3.0/xx/", None),
        ("all rights reserved", None),
        ("", None),
    ],
)
def test_licences_as_spdx(text: str, identifier: str | None) -> None:
    assert find_spdx(text) == identifier


@pytest.mark.parametrize(
    ("licence", "identifier"),
    [
        (CC_BY, "CC-BY-4.0"),
        (
            '<license><ali:license_ref xmlns:ali="http://www.niso.org/schemas/ali/1.0/">'
            "https://creativecommons.org/licenses/by-nc/4.0/</ali:license_ref></license>",
            "CC-BY-NC-4.0",
        ),
        ("<license><license-p>Free under CC BY 4.0.</license-p></license>", "CC-BY-4.0"),
        ("<copyright-statement>CC BY 4.0 of a figure</copyright-statement>", None),
        ("", None),
    ],
    ids=["address", "ali", "in words", "no licence element", "nothing"],
)
def test_the_licence_of_an_article_is_in_its_licence_element(licence: str, identifier: str | None) -> None:
    assert read_licence(article(licence).encode()) == identifier


def test_a_damaged_article_has_no_licence() -> None:
    assert read_licence(b"<article>") is None
