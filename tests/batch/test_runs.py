"""Runs: only what is new or changed is done, and the dataset says the same however the runs went."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extract.batch import runs
from extract.batch.outcomes import Limits, Options
from extract.batch.runs import Batch, Became, local_extractor
from extract.batch.versions import hash_file
from extract.errors import ReadError
from extract.sinks.dataset import FILES, Dataset

from .reviews import dataset_bytes, review_text, run_here, write_reviews


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def ids(folder: Path) -> list[tuple[str, str]]:
    return [(row["document_id"], Path(row["path"]).name) for row in Dataset(folder).rows("documents")]


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    write_reviews(tmp_path / "papers", 3)
    return tmp_path / "papers"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_a_second_run_does_nothing_and_writes_nothing(papers: Path, out: Path) -> None:
    _, first = run_here(out, papers)
    times = {name: (out / name).stat().st_mtime_ns for name in FILES}
    summary, second = run_here(out, papers)
    assert {became for became, _ in first} == {Became.DONE}
    assert {became for became, _ in second} == {Became.KEPT}
    assert (summary.files, summary.documents, summary.counts["trials"]) == (3, 3, 6)
    assert {name: (out / name).stat().st_mtime_ns for name in FILES} == times


def test_only_what_is_new_or_changed_is_done(papers: Path, out: Path) -> None:
    run_here(out, papers)
    (papers / "review001.md").write_text(review_text(77), encoding="utf-8")
    (papers / "extra.md").write_text(review_text(78), encoding="utf-8")
    os.utime(papers / "review002.md")  # touched, not changed
    _, told = run_here(out, papers)
    assert dict(map(reversed, told)) == {
        "extra.md": Became.DONE,
        "review000.md": Became.KEPT,
        "review001.md": Became.DONE,
        "review002.md": Became.KEPT,
    }
    assert "NORTH-77" in {row["id"] for row in Dataset(out).rows("trials")}
    assert "NORTH-1" not in {row["id"] for row in Dataset(out).rows("trials")}


def test_without_inputs_the_files_of_the_last_run_are_taken(papers: Path, out: Path) -> None:
    run_here(out, papers)
    (papers / "review000.md").unlink()
    summary, told = run_here(out)
    assert [became for became, _ in told] == [Became.FAILED, Became.KEPT, Became.KEPT]
    assert summary.documents == 2


def test_a_batch_without_files_is_told(out: Path) -> None:
    with pytest.raises(ReadError, match="no files were ever given"):
        run_here(out)


def test_the_dataset_holds_the_files_of_the_last_run_in_their_order(papers: Path, out: Path) -> None:
    run_here(out, papers)
    run_here(out, papers / "review002.md", papers / "review000.md")
    assert ids(out) == [("review002", "review002.md"), ("review000", "review000.md")]


def test_a_moved_file_is_not_extracted_again(papers: Path, out: Path) -> None:
    run_here(out, papers)
    papers.rename(papers.with_name("moved"))
    _, told = run_here(out, papers.with_name("moved"))
    assert {became for became, _ in told} == {Became.KEPT}
    assert str(papers.with_name("moved")) in next(Dataset(out).rows("documents"))["path"]


def test_an_id_stays_with_its_file_when_others_come_before_it(papers: Path, out: Path) -> None:
    run_here(out, papers / "review000.md")
    other = papers / "before" / "review000.md"
    other.parent.mkdir()
    other.write_text(review_text(9), encoding="utf-8")
    run_here(out, other, papers / "review000.md")
    assert [document_id for document_id, _ in ids(out)] == ["review000-2", "review000"]


def test_other_options_are_other_results(papers: Path, out: Path) -> None:
    run_here(out, papers)
    _, told = run_here(out, papers, options=Options(helpers=True))
    assert {became for became, _ in told} == {Became.DONE}


def test_another_version_does_all_again(papers: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_here(out, papers)
    monkeypatch.setattr("extract.batch.versions.program_version", lambda: "another")
    _, told = run_here(out, papers)
    assert {became for became, _ in told} == {Became.DONE}


def test_files_with_the_same_bytes_are_extracted_once_and_told(papers: Path, out: Path) -> None:
    copy = papers / "z-copy.md"
    copy.write_bytes((papers / "review000.md").read_bytes())
    summary, told = run_here(out, papers)
    assert told[-1] == (Became.SAME, "z-copy.md")
    assert summary.documents == 3
    assert rows_of(out / "duplicates.csv") == [
        {
            "file": str(copy),
            "document_id": "z-copy",
            "same_as_file": str(papers / "review000.md"),
            "same_as": "review000",
            "why": "same bytes",
        }
    ]


def test_documents_with_the_same_doi_stay_and_are_told(papers: Path, out: Path) -> None:
    for name, doi in (("x", "10.5555/Abc.1"), ("y", "10.5555/abc.1")):
        (papers / f"{name}.md").write_text(review_text(5 + len(doi + name), doi=doi) + name, encoding="utf-8")
    run_here(out, papers)
    assert [(row["document_id"], row["same_as"], row["why"]) for row in rows_of(out / "duplicates.csv")] == [
        ("y", "x", "same DOI 10.5555/abc.1")
    ]
    assert len(ids(out)) == 5


def test_failures_are_listed_and_left_until_they_are_retried(papers: Path, out: Path) -> None:
    bad = papers / "bad, really.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    _, first = run_here(out, papers, papers / "gone.md")
    assert dict(map(reversed, first))["bad, really.pdf"] is Became.FAILED
    failures = {Path(row["file"]).name: row for row in rows_of(out / "failures.csv")}
    assert {name: (row["stage"], row["error"] != "", row["advice"] != "") for name, row in failures.items()} == {
        "bad, really.pdf": ("read", True, True),
        "gone.md": ("open", True, True),
    }
    summary, second = run_here(out, papers, papers / "gone.md")
    assert summary.failed == 2
    assert [became for became, _ in second].count(Became.KEPT) == 3
    assert len(rows_of(out / "failures.csv")) == 2


def test_retrying_does_the_failed_ones_and_no_other(papers: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (papers / "gone.md").write_text("", encoding="utf-8")
    run_here(out, papers)
    (papers / "gone.md").write_text(review_text(8), encoding="utf-8")
    (papers / "review000.md").write_text(review_text(9), encoding="utf-8")
    hashed: list[str] = []
    monkeypatch.setattr(runs, "hash_file", lambda path: hashed.append(path.name) or hash_file(path))
    _, told = run_here(out, retry_failed=True)
    assert told[0] == (Became.DONE, "gone.md")
    assert hashed == ["gone.md"]
    assert rows_of(out / "failures.csv") == []


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_any_number_of_workers_gives_the_same_bytes(papers: Path, tmp_path: Path, workers: int) -> None:
    write_reviews(papers, 12)
    (papers / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    (papers / "review003.md").write_bytes((papers / "review001.md").read_bytes())
    run_here(tmp_path / "here", papers)
    batch = Batch(tmp_path / "out", Options())
    files = batch.choose([papers])
    extractor = local_extractor(Options(), Limits(), workers=workers)
    batch.write(batch.run(extractor, files=files, told=lambda *_: None))
    batch.close()
    assert dataset_bytes(tmp_path / "out") == dataset_bytes(tmp_path / "here")


def test_the_order_in_which_files_end_does_not_matter(papers: Path, tmp_path: Path) -> None:
    from extract.batch.work import extract_file

    def backwards(tasks: Any) -> Iterator[Any]:
        for task in reversed(list(tasks)):
            yield task, extract_file(task.path, Options())

    run_here(tmp_path / "here", papers)
    batch = Batch(tmp_path / "out", Options())
    batch.write(batch.run(backwards, files=batch.choose([papers]), told=lambda *_: None))
    batch.close()
    assert dataset_bytes(tmp_path / "out") == dataset_bytes(tmp_path / "here")


def test_an_interrupted_run_keeps_what_was_done_and_goes_on(papers: Path, tmp_path: Path) -> None:
    from .reviews import extract_here

    def interrupted(tasks: Any) -> Iterator[Any]:
        for number, outcome in enumerate(extract_here(tasks)):
            if number == 2:
                raise KeyboardInterrupt
            yield outcome

    out = tmp_path / "out"
    batch = Batch(out, Options())
    summary = batch.run(interrupted, files=batch.choose([papers]), told=lambda *_: None)
    batch.write(summary)
    batch.close()
    assert summary.interrupted
    assert len(ids(out)) == 2
    _, told = run_here(out, papers)
    assert [became for became, _ in told] == [Became.KEPT, Became.KEPT, Became.DONE]
    run_here(tmp_path / "here", papers)
    assert dataset_bytes(out) == dataset_bytes(tmp_path / "here")


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # the child ends at once
@pytest.mark.parametrize("placed", range(len(FILES)))
def test_a_dataset_that_was_not_put_in_place_whole_is_written_again(
    papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, placed: int
) -> None:
    run_here(tmp_path / "here", papers)
    out = tmp_path / "out"
    run_here(out, papers / "review001.md")
    replace = Path.replace
    done: list[Path] = []

    def replace_some(path: Path, target: Path) -> Path:
        if target.name in FILES:
            if len(done) == placed:
                os._exit(9)
            done.append(target)
        return replace(path, target)

    if (child := os.fork()) == 0:
        monkeypatch.setattr(Path, "replace", replace_some)
        run_here(out, papers)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    run_here(out, papers)
    assert dataset_bytes(out) == dataset_bytes(tmp_path / "here")
    assert [path.name for path in out.glob(".*")] == []


def test_a_missing_file_of_the_dataset_is_written_again(papers: Path, out: Path) -> None:
    run_here(out, papers)
    before = dataset_bytes(out)
    (out / "outcomes.parquet").unlink()
    run_here(out, papers)
    assert dataset_bytes(out) == before


def test_results_of_files_that_were_changed_do_not_pile_up(papers: Path, out: Path) -> None:
    run_here(out, papers)
    size = (out / "ledger.sqlite").stat().st_size
    for number in range(30, 50):
        (papers / "review000.md").write_text(review_text(number), encoding="utf-8")
        run_here(out, papers)
    assert (out / "ledger.sqlite").stat().st_size < 3 * size


def test_a_file_whose_name_is_no_text_fails_and_the_others_go_on(papers: Path, out: Path) -> None:
    name = os.fsencode(papers) + b"/odd\xff.md"
    try:
        with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123 - a name in bytes
            file.write(review_text(8))
    except OSError:
        pytest.skip("this file system takes only names that are text")
    summary, _ = run_here(out, papers)
    assert (summary.documents, summary.failed) == (3, 1)
    (row,) = rows_of(out / "failures.csv")
    assert row["file"].endswith("odd\\udcff.md")
    assert (row["stage"], row["error"]) == ("open", "its name is not UTF-8; rename it")
