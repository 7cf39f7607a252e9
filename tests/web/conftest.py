"""A desk over a new folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from extract.web.app import create_app

from .desks import ADDRESS, HerePool, HereWorker


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.web.jobs.Pool", HerePool)
    monkeypatch.setattr("extract.web.viewer.Worker", HereWorker)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def client(out: Path) -> Iterator[TestClient]:
    with TestClient(create_app(out), base_url=ADDRESS) as client:
        yield client
