"""What holds for each format: the same bytes, nothing held in memory, nothing left half done, one line of complaint."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from extract.errors import OutputError
from extract.sinks.annotations import AnnotatedDocument, Content
from extract.sinks.annotations.bioc import write_bioc
from extract.sinks.annotations.brat import write_brat
from extract.sinks.annotations.docbin import write_docbin
from extract.sinks.annotations.web import write_web_annotations

from .documents import BARE, DOCUMENTS, SIMPLE, annotated, sample_reviews

Write = Callable[[Iterable[AnnotatedDocument], Path], object]
WRITERS: dict[str, Write] = {
    "brat": write_brat,
    "bioc": write_bioc,
    "webannotation": write_web_annotations,
    "docbin": partial(write_docbin, shard=3_000),
}
COUNTS = {WRITERS["brat"]: 1_000, WRITERS["docbin"]: 1_000}  # of documents: files, and msgpack, take their time
FILES = [name for name in WRITERS if name != "brat"]
every_format = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
each_file = pytest.mark.parametrize("write", [WRITERS[name] for name in FILES], ids=FILES)


@every_format
def test_the_same_documents_give_the_same_bytes_and_again_over_the_first(write: Write, tmp_path: Path) -> None:
    documents = (*DOCUMENTS, *sample_reviews())
    write(documents, tmp_path / "one" / "out.spacy")
    first = contents(tmp_path / "one")
    write(iter(documents), tmp_path / "two" / "out.spacy")
    assert contents(tmp_path / "two") == first
    write(documents, tmp_path / "one" / "out.spacy")
    assert contents(tmp_path / "one") == first
    assert first


@every_format
def test_what_is_returned_is_what_is_written(write: Write, tmp_path: Path) -> None:
    returned = write(DOCUMENTS, tmp_path / "out.spacy")
    paths = returned if isinstance(returned, list) else [returned]
    assert sorted(paths) == sorted(path for path in tmp_path.rglob("*") if path.is_file())


@every_format
def test_documents_are_let_go_one_after_the_other(write: Write, tmp_path: Path) -> None:
    alive: weakref.WeakSet[Content] = weakref.WeakSet()
    most = 0

    def stream() -> Iterator[AnnotatedDocument]:
        nonlocal most
        for number in range(COUNTS.get(write, 5_000)):
            content = WatchedContent(f"Document {number}: 50%.", ())
            alive.add(content)
            most = max(most, len(alive))
            yield replace(BARE, document_id=f"d{number}", content=content)
            del content

    write(stream(), tmp_path / "out")
    assert 1 <= most <= 2


@every_format
def test_memory_does_not_grow_with_the_number_of_documents(write: Write, tmp_path: Path) -> None:
    def stream(count: int) -> Iterator[AnnotatedDocument]:
        for number in range(count):
            yield annotated(f"Document {number}: 50%.\n" * 200, ("PERCENT", "50%"), document_id=f"d{number}")

    def peak(count: int) -> int:
        gc.collect()
        tracemalloc.start()
        try:
            write(stream(count), tmp_path / str(count))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    write(stream(1), tmp_path / "lexicons are loaded")
    few, many = peak(10), peak(60)
    assert many - few < 50 * 3_000  # the texts are 4,000 characters


@every_format
def test_an_interrupted_export_leaves_no_litter(write: Write, tmp_path: Path) -> None:
    def interrupted() -> Iterator[AnnotatedDocument]:
        yield SIMPLE
        yield from sample_reviews()  # more than one DocBin
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(interrupted(), tmp_path / "out")
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    if write is not write_brat:
        assert list(tmp_path.iterdir()) == []
    assert len(left) % 2 == 0  # of each document that is done the text and its annotations
    assert not any(name.startswith(".") for name in left)


@each_file
def test_an_interrupted_export_leaves_what_was_there(write: Write, tmp_path: Path) -> None:
    write((SIMPLE, *sample_reviews()), tmp_path / "out.spacy")
    before = contents(tmp_path)
    with pytest.raises(OutputError):
        write((SIMPLE, *sample_reviews(), misplaced()), tmp_path / "out.spacy")
    assert contents(tmp_path) == before


@every_format
def test_a_place_below_a_file_is_told_in_one_line(write: Write, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as raised:
        write(DOCUMENTS, tmp_path / "file" / "out")
    assert_one_line(raised.value, tmp_path / "file" / "out")


@each_file
def test_a_folder_in_the_place_is_told_in_one_line(write: Write, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(OutputError) as raised:
        write([SIMPLE], tmp_path / "out")
    assert_one_line(raised.value, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@each_file
def test_a_full_disk_is_told_in_one_line(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def full(path: Path, mode: str = "r", *rest: object, **named: object) -> object:
        return real(Path("/dev/full") if "w" in mode else path, mode, *rest, **named)  # type: ignore[call-overload]

    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OutputError, match="No space left") as raised:
        write(sample_reviews(), tmp_path / "out")
    assert_one_line(raised.value, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@every_format
@pytest.mark.parametrize(
    ("start", "end", "quote"),
    [(3, 10, "ALPHA-2"), (4, 11, "ALPHA-1"), (3, 3, ""), (-1, 2, ""), (60, 99, "5 mg/m²")],
)
def test_a_mention_that_does_not_fit_its_text_is_told_in_one_line(
    write: Write, tmp_path: Path, start: int, end: int, quote: str
) -> None:
    with pytest.raises(OutputError) as raised:
        write([misplaced(start=start, end=end, quote=quote)], tmp_path / "out")
    assert "simple: mention m1" in str(raised.value)
    assert "\n" not in str(raised.value)


def misplaced(*, start: int = 3, end: int = 10, quote: str = "ALPHA-2") -> AnnotatedDocument:
    """A document with a mention that is not where it says."""
    row = {**SIMPLE.mentions[0], "start": start, "end": end, "quote": quote}
    return replace(SIMPLE, mentions=(row,))


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_one_line(error: OutputError, place: Path) -> None:
    """A line that begins with the place."""
    assert str(error).startswith(str(place))
    assert "cannot be written" in str(error)
    assert "\n" not in str(error)


class WatchedContent(Content):
    """A content that can be watched."""

    __slots__ = ("__weakref__",)
