"""A folder that cannot be written and a disk that is full: one line that says so, and nothing lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mounts import run_mounted

from .reviews import dataset_bytes, run_here, write_reviews


def batch(papers: Path, out: Path) -> str:
    return f"{sys.executable} -m extract batch {papers} -o {out} --workers 1"


def test_a_full_disk_ends_the_run_with_a_line_and_a_rerun_goes_on(tmp_path: Path) -> None:
    papers, out, kept = tmp_path / "papers", tmp_path / "small", tmp_path / "kept"
    write_reviews(papers, 40)
    kept.mkdir()
    script = f"{batch(papers, out)}; echo exit $?; cp {out}/* {kept}; ls -A {out}"
    ran = run_mounted(out, "size=400k", script)
    assert "exit 2" in ran.stdout
    assert ran.stderr.splitlines()[-1] == (
        f"extract: {out}/ledger.sqlite: no space left on the disk; what was done is kept: make room and run again"
    )
    assert not any(line.startswith(".") for line in ran.stdout.splitlines())
    said = subprocess.run(batch(papers, kept).split(), capture_output=True, text=True, check=True).stderr
    assert "kept from before" in said
    run_here(tmp_path / "here", papers)
    assert dataset_bytes(kept) == dataset_bytes(tmp_path / "here")


def test_a_disk_that_is_full_when_the_dataset_is_written_keeps_the_one_before(tmp_path: Path) -> None:
    papers, out, kept = tmp_path / "papers", tmp_path / "small", tmp_path / "kept"
    write_reviews(papers, 6)
    run_here(tmp_path / "here", papers)
    kept.mkdir()
    fill = f"head -c 10M /dev/zero > {out}/filler; rm {out}/outcomes.parquet"
    script = f"cp {tmp_path}/here/* {out}; {fill}; {batch(papers, out)}; echo exit $?; ls -A {out}; cp {out}/*.* {kept}"
    ran = run_mounted(out, "size=600k", script)
    assert "exit 2" in ran.stdout
    assert ran.stderr.splitlines()[-1].startswith(f"extract: {out}")
    assert "No space left on device" in ran.stderr.splitlines()[-1] or "no space left" in ran.stderr.splitlines()[-1]
    assert not any(line.startswith(".dataset") for line in ran.stdout.splitlines())
    subprocess.run(batch(papers, kept).split(), capture_output=True, check=True)
    assert dataset_bytes(kept) == dataset_bytes(tmp_path / "here")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    papers, out = tmp_path / "papers", tmp_path / "fixed"
    write_reviews(papers, 1)
    ran = run_mounted(out, "ro", f"{batch(papers, out)}; echo exit $?; {batch(papers, out / 'deeper')}; echo exit $?")
    assert ran.stdout.count("exit 2") == 2
    assert len(ran.stderr.splitlines()) == 2
    assert all("cannot be written" in line and str(out) in line for line in ran.stderr.splitlines())


def test_a_ledger_in_a_folder_that_became_read_only_is_told_and_stays(tmp_path: Path) -> None:
    papers, out = tmp_path / "papers", tmp_path / "fixed"
    write_reviews(papers, 2)
    run_here(tmp_path / "here", papers)
    script = (
        f"cp {tmp_path}/here/* {out}; mount -o remount,ro {out}; {batch(papers, out)}; echo exit $?; "
        f"cmp {out}/ledger.sqlite {tmp_path}/here/ledger.sqlite && echo intact"
    )
    ran = run_mounted(out, "size=8M", script)
    assert "exit 2" in ran.stdout
    assert "intact" in ran.stdout
    assert len(ran.stderr.splitlines()) == 1
    assert "cannot be written" in ran.stderr


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    papers, out = tmp_path / "papers", tmp_path / "out"
    write_reviews(papers, 1)
    out.write_text("a file", encoding="utf-8")
    ran = subprocess.run(batch(papers, out).split(), capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.splitlines() == [f"extract: {out}/ledger.sqlite: cannot be written: File exists"]
