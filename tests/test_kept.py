"""What is kept from one process to the next gives what would be made anew, and nothing is lost where it is damaged."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.kept import STORE, Store

PATTERNS: list[tuple[str | bytes, int]] = [
    (r"(?P<n>\d+) (?:MG|ml)(?=\b)", re.IGNORECASE),
    (r"(?:a|(b))+c*?\1?", 0),
    (r"[^\W\d_]{2,}[–-]\w", re.ASCII),
    (b"<\\?xml[^>]*>", 0),
    (r"(?i:x{3})|(?-i:Y)", re.DOTALL | re.MULTILINE),
    ("", 0),
]


def kept_in(folder: Path) -> Store:
    """What another process would read there."""
    return Store(folder / "kept")


def test_a_kept_pattern_is_the_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    first = kept_in(tmp_path)
    for pattern, flags in PATTERNS:
        first.pattern(pattern, flags)
    first.save()
    second = kept_in(tmp_path)
    monkeypatch.setattr("extract.kept._compile", None)  # it is not compiled again
    for pattern, flags in PATTERNS:
        kept, made = second.pattern(pattern, flags), re.compile(pattern, flags)
        assert kept == made
        assert (kept.pattern, kept.flags, kept.groups) == (made.pattern, made.flags, made.groups)
        assert kept.groupindex == made.groupindex


@given(st.text("ab12 mgMGÄß–\n", max_size=20))
def test_it_finds_the_same(text: str) -> None:
    for pattern, flags in PATTERNS:
        if isinstance(pattern, str):
            kept, made = STORE.pattern(pattern, flags), re.compile(pattern, flags)
            assert [(m.span(), m.groups(), m.groupdict()) for m in kept.finditer(text)] == [
                (m.span(), m.groups(), m.groupdict()) for m in made.finditer(text)
            ]


def test_a_pattern_that_is_none_is_refused_as_ever(tmp_path: Path) -> None:
    with pytest.raises(re.error, match="missing \\)"):
        kept_in(tmp_path).pattern("(a", 0)


def test_a_value_is_made_once_for_each_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    first = kept_in(tmp_path)
    assert first.value("words", b"one", lambda: {"a": [1, ("b",)]}) == {"a": [1, ("b",)]}
    first.save()
    assert kept_in(tmp_path).value("words", b"one", lambda: pytest.fail("made again")) == {"a": [1, ("b",)]}
    assert kept_in(tmp_path).value("words", b"two", lambda: [2]) == [2]


@pytest.mark.parametrize("damage", ["empty", "short", "turned bit", "cut off", "other Python", "folder"])
def test_what_is_damaged_is_made_again(damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = tmp_path / "kept"
    store = Store(path)
    if damage == "other Python":
        store._stamp = (0, "3.0", 0, "little")
    store.pattern("a+", 0)
    store.save()
    data = path.read_bytes()
    if damage == "turned bit":
        path.write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
    elif damage == "folder":
        path.unlink()
        path.mkdir()
    elif damage != "other Python":
        path.write_bytes({"empty": b"", "short": b"abcd", "cut off": data[:-5]}[damage])
    again = Store(path)
    assert again.pattern("a+", 0).findall("baa") == ["aa"]
    assert again._new
    again.save()  # says nothing where it cannot be written


def test_nothing_is_written_where_byte_code_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    store = kept_in(tmp_path)
    store.pattern("a+", 0)
    store.save()
    assert not list(tmp_path.iterdir())


def test_former_patterns_are_dropped_where_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr("extract.kept.MOST_PATTERNS", 3)
    for pattern in ("a", "b", "c", "d"):
        store = kept_in(tmp_path)
        store.pattern(pattern, 0)
        store.save()
    last = kept_in(tmp_path)
    last.pattern("e", 0)
    assert set(last._patterns) == {("d", 0), ("e", 0)}


def test_the_tables_are_the_same_with_and_without(tmp_path: Path) -> None:
    """The first run keeps, the second uses, the third may not keep; and no pattern differs from run to run."""
    review = tmp_path / "review.md"
    review.write_text("# A review\n\n## Results\n\nIn KESTREL-2 (NCT01234567), 45% responded to 10 mg at 6 months.\n")
    kept = tmp_path / "kept"
    code = (
        "import sys, pathlib, extract.kept as kept; kept.STORE._path = pathlib.Path(sys.argv[1]);"
        "sys.dont_write_bytecode = bool(sys.argv[2]); from extract.cli import main;"
        "sys.exit(main(['run', sys.argv[3], '-o', sys.argv[4]]))"
    )
    written = []
    for number, refused in enumerate(("", "", "refused")):
        out = tmp_path / str(number)
        command = [sys.executable, "-c", code, str(kept), refused, str(review), str(out)]
        environment = {**os.environ, "PYTHONHASHSEED": str(number)}
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
        written.append({path.name: path.read_bytes() for path in out.iterdir()})
        written[-1]["kept at"] = str(kept.stat().st_mtime_ns).encode()
    assert written[0] == written[1] == written[2]
