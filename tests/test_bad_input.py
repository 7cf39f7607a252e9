"""Bad input: one clear line that names the file and the reason, exit code 2, no traceback, no long wait."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from extract.errors import ReadError
from extract.readers import read

LIMIT = 10  # seconds for a command on a loaded machine; a refusal itself takes well under one

# entities of entities: a gigabyte of words where they are expanded
BOMB = (
    b'<!DOCTYPE article [<!ENTITY e0 "ha">'
    + b"".join(b'<!ENTITY e%d "%s">' % (number, b"&e%d;" % (number - 1) * 10) for number in range(1, 10))
    + b"]><article><body><p>&e9;</p></body></article>"
)
OUTSIDE = b'<!DOCTYPE article [<!ENTITY x SYSTEM "secret.txt">]><article><body><p>It was &x;.</p></body></article>'

# name of the file, its bytes, what the line must say
BAD_FILES = [
    ("empty.txt", b"", "empty file"),
    ("blank.txt", b" \n\t\r\n\n", "empty file"),
    ("mark.txt", b"\xef\xbb\xbf\n", "empty file"),
    ("binary.txt", b"\x7fELF\x02\x01\x01\x00\x00\x00\x00" + bytes(range(256)), "binary"),
    ("late-binary.txt", b"Survival was 50%.\n" * 2000 + b"\x00\x01\x02\xff", "binary|UTF-8"),
    ("latin-1.txt", "Überleben war 50%".encode("latin-1"), r"UTF-8 at byte 0"),
    ("utf-16.txt", "Survival was 50%".encode("utf-16"), "binary|UTF-8"),
    ("image.png", b"\x89PNG\r\n\x1a\n", "file type"),
    ("no-ending", b"Survival was 50%.", "file type"),
    ("one-line.txt", b"1% " * 2_000_000, "line of more than 5,000,000 characters"),
    ("empty.pdf", b"", "empty file"),
    ("text.pdf", b"Survival was 50%.\n" * 50, "no PDF"),
    ("archive.pdf", b"PK\x03\x04" + bytes(range(256)), "no PDF"),
    ("head.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "damaged"),
    ("empty.xml", b"", "empty file"),
    ("blank.xml", b" \n", "not well-formed XML"),
    ("text.xml", b"Survival was 50%.", "not well-formed XML at line 1"),
    ("cut.xml", b"<article><body>\n<p>Survival was", "not well-formed XML at line 2"),
    ("binary.xml", bytes(range(256)) * 10, "not well-formed XML"),
    ("encoding.xml", "<article><body><p>Überleben</p></body></article>".encode("latin-1"), "encoding"),
    ("other.xml", b"<note><to>you</to></note>", "no JATS article"),
    ("words.xml", b"<article><front/></article>", "no words"),
    ("deep.xml", b"<article><body>" + b"<sec>" * 5000 + b"</sec>" * 5000 + b"</body></article>", "depth"),
    ("bomb.xml", BOMB, "not well-formed XML"),
    ("outside.xml", OUTSIDE, "another file"),
    ("empty.html", b"", "empty file"),
    ("blank.html", b"<html><body></body></html>", "no words"),
    ("binary.html", bytes(range(256)) * 10, "binary"),
    ("deep.html", b"<html><body>" + b"<div>" * 20_000 + b"</body></html>", "nested"),
]
SUBCOMMANDS = ["run", "show"]


def call(subcommand: str, path: Path) -> subprocess.CompletedProcess[str]:
    output = ["-o", str(path.parent / "out")] if subcommand == "run" else []
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "extract", subcommand, str(path), *output],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert time.monotonic() - started < LIMIT
    return done


def assert_refused(done: subprocess.CompletedProcess[str], path: Path, reason: str) -> None:
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith(f"extract: {path}: ")
    assert any(word in done.stderr for word in reason.split("|")), done.stderr


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
@pytest.mark.parametrize(("name", "content", "reason"), BAD_FILES, ids=[name for name, _, _ in BAD_FILES])
def test_a_file_that_is_no_review_is_refused(
    tmp_path: Path, subcommand: str, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert_refused(call(subcommand, path), path, reason)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_pdf_is_read_or_refused_in_one_line(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "paper.pdf"
    canvas = Canvas(str(path), pageCompression=0, invariant=True)
    for top in range(740, 500, -13):
        canvas.drawString(72, top, "In 43 children, survival was 71.3% after two years (n = 31).")
    canvas.save()
    chance, data = random.Random(seed), bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 5, 20])):
        place = chance.randrange(len(data))
        if chance.random() < 0.5:
            data[place] = chance.randrange(256)
        else:
            del data[place : place + chance.randrange(1, 20)]
    path.write_bytes(data)
    refusal = ""
    try:
        read(path)
    except ReadError as error:
        refusal = str(error)
    assert refusal == "" or refusal.startswith(f"{path}: ")
    assert "\n" not in refusal


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_a_missing_file_is_told(tmp_path: Path, subcommand: str) -> None:
    path = tmp_path / "missing.txt"
    assert_refused(call(subcommand, path), path, "no such file")


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_a_folder_is_told(tmp_path: Path, subcommand: str) -> None:
    folder = tmp_path / "reviews.txt"
    folder.mkdir()
    assert_refused(call(subcommand, folder), folder, "folder")


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_200_megabytes_in_one_line_are_refused_unread(tmp_path: Path, subcommand: str) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:
        stream.write(b"a")
        stream.truncate(200_000_000)  # sparse: no disk is filled
    assert_refused(call(subcommand, path), path, "200,000,000 bytes")


def test_200_megabytes_of_text_in_one_line_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    chunk = b"Survival was 50%. " * 55_556
    with path.open("wb") as stream:
        for _ in range(200):
            stream.write(chunk)
    assert_refused(call("run", path), path, "bytes")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_does_not_hang(tmp_path: Path) -> None:
    path = tmp_path / "pipe.txt"
    os.mkfifo(path)
    assert_refused(call("show", path), path, "not a regular file")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("Survival was 50%.", encoding="utf-8")
    path.chmod(0)
    assert_refused(call("show", path), path, "ermission")


def test_a_dangling_link_is_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "link.txt"
    path.symlink_to(tmp_path / "nowhere.txt")
    assert_refused(call("show", path), path, "no such file")


def test_a_refusal_loads_no_pipeline(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom extract.cli import main\n"
        f"code = main(['run', {str(tmp_path / 'missing.txt')!r}, '-o', {str(tmp_path / 'out')!r}])\n"
        "print(code, 'spacy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "2 False\n"
