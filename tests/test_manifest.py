"""corpus/manifest.toml: every gold document is in it, and the texts at hand are those that were annotated."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from extract.evaluation import find_source, gold_documents

ROOT = Path(__file__).resolve().parent.parent
CORPORA = [ROOT / "corpus", ROOT.parent / "shared" / "corpus"]
MANIFEST: list[dict[str, Any]] = tomllib.loads((ROOT / "corpus" / "manifest.toml").read_text(encoding="utf-8"))[
    "document"
]
IDS = [entry["id"] for entry in MANIFEST]
SAMPLES = sorted(path.stem for path in (ROOT / "corpus" / "samples").glob("*.md"))


def test_every_gold_document_is_in_the_manifest_once() -> None:
    assert sorted(IDS) == gold_documents(ROOT / "gold")


@pytest.mark.parametrize("entry", MANIFEST, ids=IDS)
def test_an_entry_says_what_the_text_is_and_under_which_licence(entry: dict[str, Any]) -> None:
    assert entry.keys() <= {"id", "title", "doi", "licence", "extent", "sha256"}
    assert entry.keys() >= {"id", "title", "licence", "sha256"}
    assert re.fullmatch(r"[0-9a-f]{64}", entry["sha256"])
    assert ("doi" in entry) == (entry["id"] not in SAMPLES)


@pytest.mark.parametrize("entry", MANIFEST, ids=IDS)
def test_the_text_at_hand_is_the_one_that_was_annotated(entry: dict[str, Any]) -> None:
    path = find_source(entry["id"], CORPORA)
    if path is None:
        pytest.skip(f"{entry['id']} is not at hand: put it into corpus/sources/")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"], path


def test_the_project_holds_the_text_of_its_samples_only() -> None:
    assert sorted(entry["id"] for entry in MANIFEST if "doi" not in entry) == SAMPLES
