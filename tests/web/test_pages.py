"""The pages of the desk: what they say, and that nothing of a document or a name becomes markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from lxml import html
from PIL import Image
from starlette.testclient import TestClient

from batch.reviews import review_text, run_here, write_reviews
from extract.web.app import create_app
from extract.web.desk import page_address, review_address, reviewer_address
from extract.web.jobs import State
from extract.web.workspace import Workspace

from .desks import ADDRESS, make_pdf, post, upload_all

EVIL = '"onload=alert(1) x="<script>alert(2)</script>'
TEMPLATES = sorted((Path(__file__).parents[2] / "src/extract/web/templates").glob("*.html"))
SCRIPTS = sorted((Path(__file__).parents[2] / "src/extract/web/static").glob("*.js"))


def scripts_of(page: str) -> Sequence[html.HtmlElement]:
    return [each for each in html.fromstring(page).iter("script") if each.get("type") != "application/json"]


def is_harmless(page: str) -> bool:
    """Whether all scripts are the desk's own files and no element has a handler or styles of its own."""
    tree = html.fromstring(page)
    own = all(
        (each.get("src") or "").startswith(("/static/", "/assets/")) and not each.text for each in scripts_of(page)
    )
    names = [name for each in tree.iter(html.etree.Element) if isinstance(each.tag, str) for name in each.attrib]
    return own and not any(name.startswith("on") or name == "style" for name in names)


def test_an_empty_desk_says_what_to_do(client: TestClient) -> None:
    page = client.get("/").text
    assert "No reviews here yet" in page
    tree = html.fromstring(page)
    (form,) = tree.xpath("//form[@action='/papers']")
    assert (form.get("method"), form.get("enctype")) == ("post", "multipart/form-data")
    (chooser,) = form.xpath(".//input[@type='file']")
    assert ".pdf" in chooser.get("accept").split(",")
    assert tree.xpath(f"//label[@for='{chooser.get('id')}']")
    assert tree.xpath("//*[@aria-live='polite']")


def test_a_form_without_scripts_does_the_same(client: TestClient) -> None:
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert token is not None
    response = client.post(
        "/papers",
        data={"csrf": token[1]},
        files=[("files", ("a.md", review_text(1).encode())), ("files", ("b.txt", b""))],
        follow_redirects=False,
    )
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    page = client.get("/").text
    assert "a.md" in page
    assert "the file is empty" in page
    assert client.post("/papers", data={"csrf": token[1]}, files={"files": ("", b"")}).status_code == 400
    assert "No file was chosen." in client.post("/papers", data={"csrf": token[1]}).text


def test_without_scripts_the_page_loads_itself_again_while_files_are_in_work(out: Path) -> None:
    client = TestClient(create_app(out), base_url=ADDRESS)  # its jobs do not run
    refresh = '<noscript><meta http-equiv="refresh"'
    assert refresh not in client.get("/").text
    workspace: Workspace = client.app.state.desk.workspace  # type: ignore[attr-defined]
    workspace.jobs.extract_again(retry_failed=False)
    assert refresh in client.get("/").text
    workspace.close()


def test_titles_and_names_of_files_are_escaped(out: Path, tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    text = review_text(1).replace("Therapy of Disease 1", f"Therapy {EVIL.replace('_', '')}")
    (papers / f"{EVIL.replace('/', '')}.md").write_text(text, encoding="utf-8")
    (papers / f"{EVIL.replace('/', '')}.pdf").write_bytes(b"no PDF")
    run_here(out, papers)
    with TestClient(create_app(out), base_url=ADDRESS) as client:
        upload_all(client, (f"{EVIL}.exe", b"x"), (f"{EVIL}.md", review_text(2).encode()))
        page = client.get("/").text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert is_harmless(page)
    titles = html.fromstring(page).xpath("//tr[@data-standing='ready']/th/a/text()")
    assert any("<script>alert(2)</script>" in title for title in titles)


def test_names_given_in_forms_and_addresses_are_escaped(client: TestClient) -> None:
    post(client, "/reviewer", name=EVIL[:60])
    pages = [
        client.get("/").text,
        client.get("/reviewer", params={"next": f"/{EVIL}"}).text,
        post(client, "/reviewer", name=EVIL * 3).text,
        client.get(f"/reviews/{EVIL}/pages/1.webp").text,
        client.get(f"/{EVIL}").text,
        client.get("/enter", params={"next": f"/{EVIL}"}).text,
    ]
    assert all(map(is_harmless, pages))


def test_an_id_of_any_characters_has_an_address() -> None:
    assert review_address("a b/ü?#%\"'") == "/reviews/a%20b%2F%C3%BC%3F%23%25%22%27"
    assert page_address("a", 3, scale=2.0) == "/reviews/a/pages/3.webp?scale=2"
    assert reviewer_address("/reviews/a%20b?x=1") == "/reviewer?next=%2Freviews%2Fa%2520b%3Fx%3D1"


def test_the_page_of_an_odd_address_links_back_to_itself(client: TestClient) -> None:
    page = html.fromstring(client.get("/reviewer").text)
    assert page.xpath("//a[contains(@href, 'next=')]/@href") == ["/reviewer?next=%2Freviewer"]


def test_a_long_list_has_pages(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.web.routes_start.SHOWN", 2)
    write_reviews(tmp_path / "papers", 5)
    run_here(out, tmp_path / "papers")
    with TestClient(create_app(out), base_url=ADDRESS) as client:
        rows = [
            re.findall(r'data-document="(\w+)"', client.get("/", params={"page": page}).text)
            for page in ("1", "3", "9")
        ]
        assert rows == [["review000", "review001"], ["review004"], ["review004"]]
        assert client.get("/", params={"page": "x"}).status_code == 404
        assert "Page 3 of 3" in client.get("/?page=3").text


def test_how_far_reviewers_are_is_listed(client: TestClient) -> None:
    upload_all(client, ("a.md", review_text(1).encode()), ("b.md", review_text(2).encode()))
    workspace: Workspace = client.app.state.desk.workspace  # type: ignore[attr-defined]
    workspace.decisions.finish("a", reviewer="Ann <b>")
    page = client.get("/").text
    assert "Ann &lt;b&gt;: 0, finished" in page
    assert page.count("nothing yet") == 1


def test_jobs_are_told_with_their_states_in_words(client: TestClient) -> None:
    upload_all(client, ("a.md", review_text(1).encode()), ("b.exe", b"x"))
    states = html.fromstring(client.get("/").text).xpath("//ol[@id='jobs']/li")
    assert [(each.get("data-state"), each.xpath("string(.//*[@class='job-state'])")) for each in states] == [
        (State.FAILED, "Failed"),
        (State.DONE, "Done"),
    ]


def test_pictures_of_pages_are_shown_at_a_bounded_scale(client: TestClient, tmp_path: Path) -> None:
    pdf = make_pdf(tmp_path / "paper.pdf", "In 43 children, 2-year survival was 71.3%.", "Two.")
    upload_all(client, ("paper.pdf", pdf.read_bytes()))
    widths = {}
    for scale in (None, 1.0, 100.0, -5.0):
        response = client.get(page_address("paper", 2, scale=scale))
        assert response.headers["Content-Type"] == "image/webp"
        (tmp_path / "page.webp").write_bytes(response.content)
        with Image.open(tmp_path / "page.webp") as picture:
            widths[scale] = picture.width
    assert widths[1.0] == pytest.approx(595, abs=1)
    assert widths[100.0] == pytest.approx(4 * 595, abs=4)
    assert widths[-5.0] == pytest.approx(595 / 2, abs=1)
    assert response.headers["Cache-Control"] == "private, no-cache"
    kept = client.get(page_address("paper", 2, scale=-5.0), headers={"If-None-Match": response.headers["ETag"]})
    assert (kept.status_code, kept.content) == (304, b"")


def test_a_page_that_is_not_there_is_told(client: TestClient, out: Path, tmp_path: Path) -> None:
    pdf = make_pdf(tmp_path / "paper.pdf", "In 43 children, 2-year survival was 71.3%.")
    upload_all(client, ("paper.pdf", pdf.read_bytes()), ("text.md", review_text(1).encode()))
    for page in (
        "paper/pages/2",
        "paper/pages/0",
        "paper/pages/-1",
        "text/pages/1",
        "no/pages/1",
        "..%2Fpaper/pages/1",
    ):
        assert client.get(f"/reviews/{page}.webp").status_code == 404
    for scale in ("x", "nan"):
        assert client.get(f"/reviews/paper/pages/1.webp?scale={scale}").status_code == 400
    (out / "papers" / "paper.pdf").unlink()
    assert client.get("/reviews/paper/pages/1.webp").status_code == 404


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_scripts_styles_or_foreign_addresses(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""\son\w+\s*=|\sstyle\s*=|<style|https?://|<script>|\|\s*safe""", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_markup_of_data(path: Path) -> None:
    ways = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://"
    assert not re.search(ways, path.read_text(encoding="utf-8"))
