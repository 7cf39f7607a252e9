"""`extract schema`: the JSON schema of every table."""

from __future__ import annotations

import json

import pytest

from extract.cli import main
from extract.records import TABLES


def test_schema_prints_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == list(TABLES)


def test_an_unknown_table_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "patients"]) == 2
    assert capsys.readouterr().err == f"extract: no table 'patients'; there are {', '.join(TABLES)}\n"
