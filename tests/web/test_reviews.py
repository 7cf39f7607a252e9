"""The page of a review: decisions by request, blind for reviewers, together for adjudicators, and what is exported."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from extract.cli import main
from extract.web.app import create_app

from .desks import ADDRESS, post, upload_all

TEXT = """# Trials of an invented drug 𝛼𝛽

## Results

In the SAFE-1 trial (NCT09990001), 2-year overall survival was 61.5% (95% CI 55.0-68.1) with zanidip 5 mg 𝛼 and 48%
without. Complete remission was reached by 12 of 40 patients. Nausea was seen in 𝛼 several.
"""
REVIEW = "/reviews/review"


@pytest.fixture
def ready(client: TestClient) -> TestClient:
    upload_all(client, ("review.md", TEXT.encode()))
    assert post(client, "/reviewer", name="Anna").status_code == 303
    return client


@pytest.fixture
def other(ready: TestClient) -> Iterator[TestClient]:
    """Another browser, with another person, on the same desk."""
    second = TestClient(ready.app, base_url=ADDRESS)
    assert post(second, "/reviewer", name="Ben").status_code == 303
    yield second
    second.close()


def desk_data(client: TestClient, role: str = "reviewer") -> dict[str, Any]:
    page = client.get(f"{REVIEW}?role={role}")
    assert page.status_code == 200
    found = re.search(r'<script type="application/json" id="desk-data">(.*?)</script>', page.text, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def rows(client: TestClient, table: str = "outcomes", role: str = "reviewer") -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in desk_data(client, role)["rows"] if row["table"] == table}


def ask(client: TestClient, path: str, **body: Any) -> Any:
    headers = {"X-CSRF-Token": desk_data(client)["csrf"], "Accept": "application/json"}
    return client.post(f"{REVIEW}/{path}", json=body, headers=headers)


def decide(client: TestClient, key: str, action: str, *, table: str = "outcomes", **body: Any) -> Any:
    return ask(client, "decisions", table=table, key=key, action=action, **body)


def in_units(text: str, words: str) -> dict[str, int]:
    at = text.index(words)
    start = len(text[:at].encode("utf-16-le")) // 2
    return {"start": start, "end": start + len(words.encode("utf-16-le")) // 2}


def shown_text(client: TestClient) -> str:
    """The normalised text of the review."""
    return str(client.app.state.desk.workspace.view("review").text)  # type: ignore[attr-defined]


def test_who_has_no_name_is_asked_first(client: TestClient) -> None:
    upload_all(client, ("review.md", TEXT.encode()))
    answer = client.get(REVIEW, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/reviewer?next=%2Freviews%2Freview")


def test_a_row_is_accepted_and_then_corrected(ready: TestClient) -> None:
    answer = decide(ready, "o1", "accept", base=0).json()
    assert [row["status"] for row in answer["rows"]] == ["accepted"]
    assert answer["progress"]["outcomes"]["done"] == 1
    base = answer["rows"][0]["base"]
    answer = decide(ready, "o1", "correct", base=base, fields={"value": "61.6", "arm": ""}).json()
    (row,) = answer["rows"]
    assert (row["status"], row["fields"]["value"], row["fields"]["arm"]) == ("corrected", "61.6", None)
    assert row["machine"]["value"] == "61.5"
    assert "61.6%" in " ".join(row["cells"])


def test_an_outdated_window_is_told_and_nothing_is_written_over(ready: TestClient) -> None:
    decide(ready, "o1", "accept", base=0)
    refused = decide(ready, "o1", "reject", base=0)
    assert refused.status_code == 409
    (row,) = refused.json()["rows"]
    assert row["status"] == "accepted"
    assert decide(ready, "o1", "reject", base=row["base"]).json()["rows"][0]["status"] == "rejected"


def test_what_does_not_fit_is_refused_with_its_column(ready: TestClient) -> None:
    refused = decide(ready, "o1", "correct", base=0, fields={"value": "61,6"})
    assert (refused.status_code, refused.json()["error"][:15]) == (422, "outcomes value:")
    assert rows(ready)["o1"]["status"] == "open"


def test_undo_and_redo(ready: TestClient) -> None:
    decide(ready, "o1", "accept", base=0)
    assert ask(ready, "undo").json()["rows"][0]["status"] == "open"
    assert ask(ready, "undo").json()["nothing"] is True
    assert ask(ready, "redo").json()["rows"][0]["status"] == "accepted"


def test_selected_words_become_a_row_at_their_place(ready: TestClient) -> None:
    place = in_units(shown_text(ready), "several")
    fields = {"endpoint": "OTHER", "endpoint_text": "nausea", "statistic": "count", "n": "7"}
    answer = decide(ready, "", "add", fields=fields, **place).json()
    (row,) = answer["rows"]
    assert (row["status"], row["quote"], row["span"]) == ("added", "several", [place["start"], place["end"]])
    assert answer["added"] == [row["key"]]
    gone = ask(ready, "undo").json()
    assert (gone["gone"], gone["added"]) == (row["key"], [])


@pytest.mark.parametrize("place", [{}, {"start": 5, "end": 5}, {"start": 5, "end": 10**9}])
def test_nothing_is_added_without_words(place: dict[str, int], ready: TestClient) -> None:
    fields = {"endpoint": "OS", "statistic": "percent", "value": "5"}
    assert decide(ready, "", "add", fields=fields, **place).status_code == 422


def test_reviewers_are_blind_and_adjudicators_see_all(ready: TestClient, other: TestClient) -> None:
    decide(ready, "o1", "accept", base=0)
    decide(other, "o1", "reject", base=0)
    assert rows(other)["o1"]["status"] == "rejected"
    assert "Anna" not in json.dumps(desk_data(other))
    row = rows(other, role="adjudicator")["o1"]
    assert row["status"] == "disputed"
    assert [(each["reviewer"], each["action"]) for each in row["others"]] == [("Anna", "accept"), ("Ben", "reject")]
    settled = decide(other, "o1", "reject", base=0, role="adjudicator").json()["rows"][0]
    assert (settled["status"], settled["adjudicated"]) == ("rejected", True)
    assert rows(ready)["o1"]["status"] == "accepted"  # one's own work stays as it was


def test_agreement_tells_where_two_differ(ready: TestClient, other: TestClient) -> None:
    decide(ready, "o1", "accept", base=0)
    assert "Agreement needs two people" in ready.get(f"{REVIEW}/agreement").text
    decide(other, "o1", "correct", base=0, fields={"arm": "somebody else"})
    text = ready.get(f"{REVIEW}/agreement").text
    assert "Anna and Ben" in text
    assert "somebody else" in text


def test_other_windows_hear_of_changes(ready: TestClient) -> None:
    version = desk_data(ready)["version"]
    assert ready.get(f"{REVIEW}/changes", params={"version": version}).json() == {"version": version}
    decide(ready, "o1", "accept", base=0)
    heard = ready.get(f"{REVIEW}/changes", params={"version": version}).json()
    assert heard["version"] != version
    assert [(row["key"], row["status"]) for row in heard["rows"]] == [("o1", "accepted")]


def test_who_is_done_says_so(ready: TestClient) -> None:
    assert ask(ready, "finished", finished=True).json() == {"finished": True}
    assert "Anna" in ready.get("/").text
    assert ask(ready, "finished", finished=False).json() == {"finished": False}


def test_the_tables_are_exported_with_who_decided(ready: TestClient) -> None:
    decide(ready, "o1", "correct", base=0, fields={"value": "61.6"})
    first = ready.get("/exports/tables.zip")
    assert first.content == ready.get("/exports/tables.zip").content
    with zipfile.ZipFile(io.BytesIO(first.content)) as archive:
        assert {"outcomes.csv", "outcomes.parquet", "changes.csv"} <= set(archive.namelist())
        assert "review,outcomes,o1,o1,value,61.5,61.6,corrected,Anna" in archive.read("changes.csv").decode()


def test_gold_needs_all_rows_and_scores_one(ready: TestClient, tmp_path: Path) -> None:
    assert ready.get("/exports/gold.zip").status_code == 409
    for table in ("outcomes", "dosing", "trials", "mentions"):
        for key in rows(ready, table):
            assert decide(ready, key, "accept", table=table, base=0).status_code == 200
    with zipfile.ZipFile(io.BytesIO(ready.get("/exports/gold.zip").content)) as archive:
        archive.extractall(tmp_path / "mine")
    mine = tmp_path / "mine"
    assert main(["evaluate", "--gold", str(mine / "gold"), "--corpus", str(mine / "corpus"), "--errors"]) == 0


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("decisions", {"table": "evidence", "key": "o1", "action": "accept"}, 400),
        ("decisions", {"table": "outcomes", "key": "o1", "action": "burn"}, 400),
        ("decisions", {"table": "outcomes", "key": "o999", "action": "accept"}, 404),
        ("decisions", {"table": "outcomes", "key": ["o1"], "action": "accept"}, 404),
        ("decisions", {"table": "outcomes", "key": "o1", "action": "accept", "base": "x"}, 400),
        ("decisions", {"table": "outcomes", "key": "o1", "action": "correct", "fields": {"quote": "x"}}, 422),
        ("nothing", {}, 404),
    ],
)
def test_requests_that_make_no_sense(path: str, body: dict[str, Any], status: int, ready: TestClient) -> None:
    assert ask(ready, path, **body).status_code == status


def test_decisions_need_the_token_of_the_session(ready: TestClient) -> None:
    body = {"table": "outcomes", "key": "o1", "action": "accept"}
    assert ready.post(f"{REVIEW}/decisions", json=body).status_code == 403
    assert ready.post(f"{REVIEW}/decisions", json=body, headers={"X-CSRF-Token": "guessed"}).status_code == 403
    assert rows(ready)["o1"]["status"] == "open"


def test_decisions_survive_another_extraction(ready: TestClient, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decide(ready, "o2", "correct", base=0, fields={"arm": "nobody"})
    ready.close()
    ready.app.state.desk.workspace.close()  # type: ignore[attr-defined]
    monkeypatch.setattr("extract.batch.versions.program_version", lambda: "another")
    assert main(["batch", "-o", str(out), "--workers", "1"]) == 0
    with TestClient(create_app(out), base_url=ADDRESS) as again:
        post(again, "/reviewer", name="Anna")
        assert (rows(again)["o2"]["status"], rows(again)["o2"]["fields"]["arm"]) == ("corrected", "nobody")
