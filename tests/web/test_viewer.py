"""The process that reads files for pages: what crashes or hangs in it costs the page its freshness, not the desk."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from batch.reviews import review_text
from extract import workers
from extract.web import desk
from extract.web.cache import Cache
from extract.web.viewer import Viewer, ViewerError

from . import desks


@pytest.fixture
def _real_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.web.viewer.Worker", workers.Worker)
    monkeypatch.setattr("extract.web.viewer._answer", desks.crash)


def viewers() -> list[str]:
    return [each.name for each in multiprocessing.active_children() if each.name == "extract-viewer"]


@pytest.mark.usefixtures("_real_worker")
def test_a_review_whose_reading_crashes_is_shown_as_kept_and_the_next_one_fresh(client: TestClient) -> None:
    desks.upload_all(client, ("crash.md", review_text(1).encode()), ("good.md", review_text(2).encode()))
    workspace = client.app.state.desk.workspace  # type: ignore[attr-defined]
    assert isinstance(client.app.state.desk, desk.Desk)  # type: ignore[attr-defined]
    opened = workspace.open_review("crash")
    assert opened.notice.startswith("The file could not be opened again: the process that read it died (")
    assert len(opened.view.tables["trials"]) == 2
    assert workspace.open_review("good").notice is None


@pytest.mark.usefixtures("_real_worker")
def test_what_crashes_hangs_or_fails_is_told_and_the_process_ends_with_the_viewer(tmp_path: Path) -> None:
    viewer = Viewer(timeout=2)
    values = {"document_id": "a", "path": "a", "password": None, "sha256": "0"}
    try:
        with pytest.raises(ViewerError, match=r"the process that read it died \(signal 6\)"):
            viewer.ask("view", place=tmp_path / "crash.md", **values)
        with pytest.raises(ViewerError, match="not done within 2 seconds"):
            viewer.ask("view", place=tmp_path / "hang.md", **values)
        with pytest.raises(ViewerError, match=r"gone\.md: no such file"):
            viewer.ask("view", place=tmp_path / "gone.md", **values)
        assert viewers() == ["extract-viewer"]
    finally:
        viewer.close()
    assert viewers() == []
    with pytest.raises(ViewerError, match="closing"):
        viewer.ask("view", place=tmp_path / "a.md", **values)


def test_a_cache_keeps_what_was_used_last_and_no_more_than_it_has_room_for() -> None:
    cache: Cache[str, bytes] = Cache(10, weigh=len)
    for name in "abc":
        cache.put(name, b"1234" if name != "c" else b"12")
    assert cache.get("a") == b"1234"
    cache.put("d", b"1234")
    assert [cache.get(name) for name in "abcd"] == [b"1234", None, b"12", b"1234"]
    cache.put("d", b"1")
    cache.put("huge", b"x" * 11)
    assert cache.get("huge") is None
