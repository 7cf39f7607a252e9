"""The desk at work: uploads are extracted and listed, failures told with what to do, and a restart loses nothing."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from batch.reviews import review_text, run_here, write_reviews
from extract.batch.ledger import LEDGER
from extract.batch.outcomes import Limits, Options
from extract.errors import OutputError
from extract.sinks.dataset import Dataset
from extract.web.app import create_app
from extract.web.jobs import State
from extract.web.workspace import NoReviewError, UnknownReviewError, Workspace

from .desks import ADDRESS, make_pdf, post, settled, upload, upload_all

REVIEW = review_text(7).encode()
RESULT = "In 43 children, 2-year survival was 71.3% in the blinatumomab arm."


def open_desk(out: Path, *, options: Options | None = None) -> TestClient:
    return TestClient(create_app(out, options=options or Options()), base_url=ADDRESS)


def workspace_of(client: TestClient) -> Workspace:
    workspace = client.app.state.desk.workspace  # type: ignore[attr-defined]
    assert isinstance(workspace, Workspace)
    return workspace


def test_an_upload_is_extracted_and_listed(client: TestClient, out: Path) -> None:
    (job,) = upload_all(client, ("My review.md", REVIEW))
    assert (job["state"], job["document_id"], job["address"]) == ("done", "My review", "/reviews/My%20review")
    assert job["message"] == "4 results, 1 dose, 2 trials, 1 finding"
    page = client.get("/").text
    assert '<a href="/reviews/My%20review">Therapy of Disease 7: A Review</a>' in page
    assert (out / "papers" / "My review.md").read_bytes() == REVIEW
    assert [row["document_id"] for row in Dataset(out).rows("documents")] == ["My review"]
    assert len(list(Dataset(out).rows("trials"))) == 2


def test_uploads_of_one_form_are_extracted_in_their_order(client: TestClient, out: Path) -> None:
    jobs = upload_all(client, ("b.md", REVIEW), ("a.md", review_text(8).encode()))
    assert [(job["name"], job["state"]) for job in jobs] == [("a.md", "done"), ("b.md", "done")]
    assert [row["document_id"] for row in Dataset(out).rows("documents")] == ["b", "a"]


def test_a_failed_upload_is_told_with_the_reason_and_what_to_do(client: TestClient, out: Path) -> None:
    (job,) = upload_all(client, ("broken.pdf", b"%PDF-1.7\nnothing of a PDF"))
    assert job["state"] == "failed"
    assert "PDF" in job["message"]
    assert job["advice"] == "open the file in its usual program and save it again, or get it anew"
    page = client.get("/").text
    assert "Failed:" in page
    assert job["message"].split(":")[0] in page
    with (out / "failures.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["document_id"] for row in csv.DictReader(stream)] == ["broken"]


def test_a_file_that_is_no_review_is_refused_and_the_others_go_on(client: TestClient, out: Path) -> None:
    jobs = upload_all(client, ("a.docx", b"PK\x03\x04"), ("b.pdf", b"no PDF"), ("c.md", REVIEW))
    assert [(job["name"], job["state"]) for job in jobs] == [
        ("c.md", "done"),
        ("b.pdf", "failed"),
        ("a.docx", "failed"),
    ]
    assert jobs[1]["message"] == "this is no PDF, though its name ends with .pdf"
    assert [path.name for path in (out / "papers").iterdir()] == ["c.md"]


def test_an_encrypted_pdf_is_read_with_the_password_of_the_desk(out: Path, tmp_path: Path) -> None:
    pdf = make_pdf(tmp_path / "paper.pdf", RESULT, password="open sesame").read_bytes()
    with open_desk(out) as client:
        (job,) = upload_all(client, ("paper.pdf", pdf))
        assert job["state"] == "failed"
        assert job["advice"].startswith(
            "start the review desk with --password; then choose “Try the failed ones again”"
        )
    with open_desk(out, options=Options(password="open sesame")) as client:
        assert "Failed:" in client.get("/").text
        assert post(client, "/runs", which="failed").status_code == 303
        (job,) = settled(client)["jobs"]
        assert job["state"] == "done"
        assert len(workspace_of(client).view("paper").pages) == 1
        assert "Failed:" not in client.get("/").text


def test_the_same_file_is_there_already_whatever_its_name(client: TestClient, out: Path) -> None:
    upload_all(client, ("a.md", REVIEW))
    again, other = upload(client, ("a.md", REVIEW), ("b.md", REVIEW)).json()["jobs"]
    assert (again["state"], again["message"], again["document_id"]) == ("done", "is already there", "a")
    assert (other["state"], other["message"], other["document_id"]) == ("done", "is already there as a.md", "a")
    assert [path.name for path in (out / "papers").iterdir()] == ["a.md"]


def test_another_file_of_the_same_name_gets_a_number(client: TestClient, out: Path) -> None:
    upload_all(client, ("a.md", REVIEW))
    jobs = upload_all(client, ("a.md", review_text(8).encode()))
    assert [job["document_id"] for job in jobs] == ["a-2", "a"]
    assert sorted(path.name for path in (out / "papers").iterdir()) == ["a-2.md", "a.md"]


def test_a_file_that_failed_is_tried_again_when_it_is_sent_again(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("extract.batch.work.pipeline", lambda: 1 / 0)
        (job,) = upload_all(client, ("a.md", REVIEW))
        assert (job["state"], job["advice"][:13]) == ("failed", "please report")
    assert upload_all(client, ("a.md", REVIEW))[0]["state"] == "done"


def test_a_restart_keeps_everything(out: Path) -> None:
    with open_desk(out) as client:
        post(client, "/reviewer", name="Ann")
        cookies = client.cookies
        upload_all(client, ("a.md", REVIEW), ("broken.pdf", b"%PDF-1.7\nnothing"))
        before = client.get("/").text.split('<div id="reviews">')[1]
    with TestClient(create_app(out), base_url=ADDRESS, cookies=cookies) as client:
        page = client.get("/").text
        assert page.split('<div id="reviews">')[1] == before
        assert "<strong>Ann</strong>" in page
        assert workspace_of(client).view("a").title == "Therapy of Disease 7: A Review"


def test_an_upload_that_was_not_extracted_when_the_desk_ended_is_extracted_by_the_next(out: Path) -> None:
    client = open_desk(out)  # its jobs do not run
    assert upload(client, ("a.md", REVIEW)).json()["jobs"][0]["state"] == "queued"
    assert "Not extracted yet" in client.get("/").text
    workspace_of(client).close()
    with open_desk(out) as client:
        assert [(job["name"], job["state"]) for job in settled(client)["jobs"]] == [("a.md", "done")]


def test_a_folder_of_a_batch_opens_as_it_is(out: Path, tmp_path: Path) -> None:
    write_reviews(tmp_path / "papers", 2)
    run_here(out, tmp_path / "papers")
    with open_desk(out) as client:
        assert settled(client)["jobs"] == []
        page = client.get("/").text
        assert page.count('data-standing="ready"') == 2
        assert workspace_of(client).open_review("review001").notice is None
        upload_all(client, ("new.md", review_text(9).encode()))
        assert [row["document_id"] for row in Dataset(out).rows("documents")] == ["review000", "review001", "new"]


def test_double_files_are_listed_as_one(out: Path, tmp_path: Path) -> None:
    write_reviews(tmp_path / "papers", 1)
    (tmp_path / "papers" / "z.md").write_text(review_text(0), encoding="utf-8")
    run_here(out, tmp_path / "papers")
    with open_desk(out) as client:
        page = client.get("/").text
    assert 'The same file as <a href="/reviews/review000">review000</a>' in page


def test_extract_again_does_what_is_new_or_changed_and_leaves_what_is_gone(out: Path, tmp_path: Path) -> None:
    paths = write_reviews(tmp_path / "papers", 3)
    run_here(out, tmp_path / "papers")
    paths[0].unlink()
    paths[1].write_text(review_text(40), encoding="utf-8")
    with open_desk(out) as client:
        post(client, "/runs", which="all")
        assert [(job["name"], job["state"]) for job in settled(client)["jobs"]] == [("review001.md", "done")]
        assert "Therapy of Disease 40: A Review" in client.get("/").text
        assert len(list(Dataset(out).rows("documents"))) == 3
        post(client, "/runs", which="all")
        assert settled(client)["said"] == "Everything is up to date."
        post(client, "/runs", which="failed")
        assert settled(client)["said"] == "There is no failed file to try."


def test_what_another_version_extracted_is_told_and_extracted_again_on_request(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("extract.batch.versions.program_version", lambda: "earlier")
        with open_desk(out) as client:
            upload_all(client, ("a.md", REVIEW))
    with open_desk(out) as client:
        assert "1 review was extracted by another version of the program. “Extract again”" in client.get("/").text
        opened = workspace_of(client).open_review("a")
        assert (opened.view.n_numbers, "Another version" in str(opened.notice)) == (None, True)
        post(client, "/runs", which="all")
        assert [job["state"] for job in settled(client)["jobs"]] == ["done"]
        assert workspace_of(client).open_review("a").notice is None
        assert "extracted by another version of the program. “" not in client.get("/").text


def test_a_view_is_made_of_the_file_with_its_pages_and_its_coverage(out: Path, tmp_path: Path) -> None:
    pdf = make_pdf(tmp_path / "paper.pdf", RESULT, "They took 15 mg of prednisone daily (NCT02187354).")
    with open_desk(out) as client:
        upload_all(client, ("paper.pdf", pdf.read_bytes()))
        opened = workspace_of(client).open_review("paper")
        assert opened.notice is None
        assert [page.number for page in opened.view.pages] == [1, 2]
        assert opened.view.uncovered is not None
        assert opened.view.path == opened.view.tables["documents"][0]["path"] == str(out / "papers" / "paper.pdf")
        assert workspace_of(client).open_review("paper") is opened


def test_a_view_falls_back_to_what_is_kept_when_the_file_is_gone_or_has_changed(client: TestClient, out: Path) -> None:
    upload_all(client, ("a.md", REVIEW))
    path, workspace = out / "papers" / "a.md", workspace_of(client)
    fresh = workspace.view("a")
    path.write_bytes(REVIEW + b"\nA further 5% died.\n")
    changed = workspace.open_review("a")
    assert "has changed since it was extracted" in str(changed.notice)
    path.unlink()
    gone = workspace.open_review("a")
    assert "no longer at" in str(gone.notice)
    for opened in (changed, gone):
        assert opened.view.text == fresh.text
        assert opened.view.tables == fresh.tables
        assert opened.view.uncovered is None
    path.write_bytes(REVIEW)
    assert workspace.open_review("a").notice is None


def test_what_cannot_be_shown_is_told(client: TestClient) -> None:
    workspace = workspace_of(client)
    with pytest.raises(UnknownReviewError, match="no review “none”"):
        workspace.view("none")
    upload_all(client, ("broken.pdf", b"%PDF-1.7\nnothing"))
    with pytest.raises(NoReviewError, match="could not be extracted") as told:
        workspace.view("broken")
    assert "save it again" in told.value.advice


def test_an_upload_finds_the_review_whose_file_is_gone(out: Path, tmp_path: Path) -> None:
    (path,) = write_reviews(tmp_path / "papers", 1)
    run_here(out, path)
    path.rename(tmp_path / "elsewhere.md")
    with open_desk(out) as client:
        jobs = upload_all(client, ("found.md", (tmp_path / "elsewhere.md").read_bytes()))
        assert [(job["document_id"], job["state"]) for job in jobs] == [("review000", "done")]
        assert workspace_of(client).open_review("review000").notice is None


def test_another_upload_does_not_take_the_place_of_a_review_whose_file_is_gone(client: TestClient, out: Path) -> None:
    upload_all(client, ("a.md", REVIEW))
    (out / "papers" / "a.md").unlink()
    assert upload_all(client, ("a.md", review_text(8).encode()))[0]["document_id"] == "a-2"
    assert workspace_of(client).view("a").title == "Therapy of Disease 7: A Review"


def test_a_folder_that_was_moved_or_copied_has_its_files(out: Path, tmp_path: Path) -> None:
    with open_desk(out) as client:
        upload_all(client, ("a.md", REVIEW))
    out.rename(tmp_path / "moved")
    with open_desk(tmp_path / "moved") as client:
        assert settled(client)["jobs"] == []
        opened = workspace_of(client).open_review("a")
    assert (opened.notice, opened.view.path) == (None, str(tmp_path / "moved" / "papers" / "a.md"))
    assert opened.view.document_id == "a"


def test_a_fault_of_the_work_is_told_and_the_desk_goes_on(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OutputError("out: no space left on the disk")

    with monkeypatch.context() as broken:
        broken.setattr("extract.batch.runs.Batch.write", full)
        upload_all(client, ("a.md", REVIEW))
        assert settled(client)["problem"] == "out: no space left on the disk"
        assert "no space left on the disk" in client.get("/").text
    upload_all(client, ("b.md", review_text(8).encode()))
    assert settled(client)["problem"] == ""


def test_rows_of_another_version_that_do_not_fit_are_told(client: TestClient, out: Path) -> None:
    upload_all(client, ("a.md", REVIEW))
    ledger = workspace_of(client).ledger
    ledger._execute("DELETE FROM parts WHERE name = 'findings'")
    ledger._execute("UPDATE files SET key = 'earlier'")
    ledger._execute("UPDATE results SET key = 'earlier'")
    ledger._execute("UPDATE parts SET key = 'earlier'")
    with pytest.raises(NoReviewError, match="Another version of the program"):
        workspace_of(client).view("a")
    upload_all(client, ("b.md", review_text(8).encode()))
    assert "another version of the program extracted some" in settled(client)["problem"]
    assert [row["document_id"] for row in Dataset(out).rows("documents")] == ["a"]
    post(client, "/runs", which="all")
    assert settled(client)["problem"] == ""
    assert [row["document_id"] for row in Dataset(out).rows("documents")] == ["a", "b"]


def test_of_very_many_files_in_work_some_are_told_and_the_number_that_wait(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.web.jobs.KEPT", 3)
    jobs = workspace_of(client).jobs
    for number in range(5):
        jobs.new(f"{number}.md")
    jobs.new("reading.md", state=State.READING)
    jobs.new("late.md")
    report = jobs.report()
    assert [job["name"] for job in report["jobs"]] == ["reading.md", "late.md", "4.md"]
    assert report["said"] == "6 files wait."


def test_a_folder_that_another_process_holds_is_refused(out: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom extract.batch.ledger import Ledger\n"
        "ledger = Ledger(Path(sys.argv[1]))\nprint('held', flush=True)\nsys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, out], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(OutputError, match=rf"{LEDGER}: another run works on this folder"):
            create_app(out)
        holder.communicate("")
    workspace = Workspace(out, options=Options(), limits=Limits(), max_upload=1000)
    workspace.close()


def test_a_desk_that_ends_lets_the_folder_go(out: Path) -> None:
    with open_desk(out) as client:
        upload_all(client, ("a.md", REVIEW))
    shutil.copytree(out, out.with_name("copy"))
    _, told = run_here(out)
    assert [name for _, name in told] == ["a.md"]
