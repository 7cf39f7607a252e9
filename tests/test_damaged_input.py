"""Damaged and odd files: each is read or refused in one line; nothing crashes, hangs, leaks or looks elsewhere."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest

from damage import damaged
from extract.document import Document
from extract.errors import ReadError
from extract.readers import read
from extract.readers.isolated import Reader, read_isolated
from odd_pdfs import crashing_pdfs, large_pdfs, odd_pdfs, page, sound_pdfs, with_contents, with_map
from odd_xml import ADDRESS, FILE, article, html, odd_articles, odd_pages, table
from twins.article import read_article
from twins.jats_writer import MANNERS, write_jats
from twins.reportlab_journal import typeset_plainly

LIMIT = 30.0  # seconds for one file, on a loaded machine; the slowest takes two
MEGABYTE = 1 << 20
SEEDS = range(300)
SOME = SEEDS[::3]
MAX_GROWTH = 20 * MEGABYTE  # of a worker that reads the same files again
ODD = {f"{name}.pdf": make for name, make in (*odd_pdfs(), *large_pdfs())}
ODD |= {f"{name}.xml": make for name, make in odd_articles()}
ODD |= {f"{name}.html": make for name, make in odd_pages()}
needs_signals = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no signals here")


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """Reads in one worker, in which what numpy warns of is an error."""
    with pytest.MonkeyPatch.context() as patch, Reader(timeout=LIMIT) as found:
        patch.setenv("PYTHONWARNINGS", "error::RuntimeWarning")
        yield found


def read_or_refuse(reader: Reader, path: Path) -> Document | None:
    """The document, or None for a file that is refused as it should be."""
    try:
        document = reader.read(path)
    except ReadError as error:
        refusal = str(error)
        assert refusal.startswith(f"{path}: ")
        assert refusal.isprintable()
        assert not any(reason in refusal for reason in ("crashed", "seconds", "memory"))
        return None
    assert_sound(document)
    return document


def assert_sound(document: Document) -> None:
    """What all that comes after the readers relies on."""
    assert document.text.encode()
    assert document.source.encode()
    spans = [block.span for block in document.blocks]
    assert all(0 <= start <= end <= len(document.text) for start, end in spans)
    assert spans == sorted(spans)
    for segment in document.source_map.segments:
        assert 0 <= segment.source_start <= segment.source_end <= len(document.source)
    if document.geometry is not None:
        assert len(document.geometry.boxes) == len(document.geometry.page_numbers) == len(document.source)
        assert np.isfinite(document.geometry.boxes).all()
        assert document.geometry.page_numbers.max() <= document.pages[-1].number
        assert all(0 < side <= 1e6 for page in document.pages for side in (page.width, page.height))


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_read_or_refused(tmp_path: Path, reader: Reader, name: str) -> None:
    path = tmp_path / f"odd{Path(name).suffix}"
    path.write_bytes(ODD[name]())
    read_or_refuse(reader, path)


def test_a_character_of_two_halves_has_one_place(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "bold.pdf"
    path.write_bytes(with_map(lambda _: b"1 beginbfrange <41> <7e> <D835DC00> endbfrange"))
    document = reader.read(path)
    start = document.text.index("It 43")  # bold letters of formulae in the file, plain ones in the text
    left, right = (document.boxes(place, place + 1)[0].box for place in (start, start + 1))
    assert left.x1 <= right.x0 + 1 < right.x1


@cache
def typeset() -> tuple[bytes, bytes]:
    """A review of two columns as PDF and as JATS."""
    review = read_article(Path(__file__).parents[1] / "corpus" / "samples" / "haematology.md")
    return typeset_plainly(review), write_jats(review, MANNERS["jats"])


def damaged_file(seed: int) -> tuple[str, bytes]:
    """Ending and bytes of a file that was sound."""
    damage = partial(damaged, seed=seed)
    makers: list[tuple[str, Callable[[], bytes]]] = [
        (".pdf", lambda: damage(sound_pdfs()[seed // 8 % 3])),
        (".pdf", lambda: with_contents(damage)),
        (".pdf", lambda: with_contents(damage)),
        (".pdf", lambda: with_map(damage)),
        (".pdf", lambda: damage(typeset()[0])),
        (".nxml", lambda: damage(typeset()[1])),
        (".xml", lambda: damage(article(table(4, 4)))),
        (".html", lambda: damage(html(table(4, 4)))),
    ]
    suffix, make = makers[seed % len(makers)]
    return suffix, make()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, reader: Reader, seed: int) -> None:
    suffix, data = damaged_file(seed)
    path = tmp_path / f"damaged{suffix}"
    path.write_bytes(data)
    read_or_refuse(reader, path)


def test_half_of_the_damaged_files_can_be_read(tmp_path: Path, reader: Reader) -> None:
    read_ones = 0
    for seed in SOME:
        suffix, data = damaged_file(seed)
        path = tmp_path / f"damaged{suffix}"
        path.write_bytes(data)
        read_ones += read_or_refuse(reader, path) is not None
    assert 0.3 < read_ones / len(SOME) < 0.9  # neither too little damage to matter nor too much to be looked into


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory of a process from /proc")
def test_reading_damaged_files_again_takes_no_more_memory(tmp_path: Path, sound: Path) -> None:
    paths = []
    for seed in SOME:
        suffix, data = damaged_file(seed)
        paths.append(tmp_path / f"{seed}{suffix}")
        paths[-1].write_bytes(data)
    with Reader(timeout=LIMIT) as reader:
        process, sizes = worker_of(reader, sound), []
        for _ in range(3):
            for path in paths:
                read_or_refuse(reader, path)
            pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
            sizes.append(int(pages) * os.sysconf("SC_PAGESIZE"))
    assert sizes[2] - sizes[0] < MAX_GROWTH


def test_nothing_outside_the_file_is_read(tmp_path: Path, reader: Reader) -> None:
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_error(404)

    secret = tmp_path / "secret.txt"
    secret.write_text("Xanadu", encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        ours = f"http://127.0.0.1:{server.server_port}/".encode()
        asked = 0
        for name, make in ODD.items():
            data = make()
            if ADDRESS.encode() in data or FILE.encode() in data:
                path = tmp_path / f"outside{Path(name).suffix}"
                path.write_bytes(data.replace(ADDRESS.encode(), ours).replace(FILE.encode(), str(secret).encode()))
                document = read_or_refuse(reader, path)
                assert document is None or "Xanadu" not in document.text
                asked += 1
    finally:
        server.shutdown()
        server.server_close()
    assert asked > 8
    assert requests == []


# The worker


def workers() -> set[int | None]:
    """The processes that read files."""
    return {process.pid for process in active_children() if process.name == "extract-reader"}


def worker_of(reader: Reader, path: Path) -> int:
    """The process of a reader that begins with this file."""
    before = workers()
    reader.read(path)
    (started,) = workers() - before
    assert started is not None
    return started


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.pdf"
    path.write_bytes(page())
    return path


@pytest.mark.parametrize(("suffix", "data"), [(".pdf", page()), (".xml", article()), (".html", html())])
def test_a_document_comes_back_as_it_was_read(tmp_path: Path, reader: Reader, suffix: str, data: bytes) -> None:
    path = tmp_path / f"review{suffix}"
    path.write_bytes(data)
    here, there = read(path, document_id="review"), reader.read(path, document_id="review")
    assert (there.text, there.source, there.blocks, there.source_map) == (
        here.text,
        here.source,
        here.blocks,
        here.source_map,
    )
    assert (there.document_id, there.path, there.sha256, there.pages) == (
        "review",
        str(path),
        here.sha256,
        here.pages,
    )
    assert there.boxes(0, 60) == here.boxes(0, 60)
    assert there.element(0, 60) == here.element(0, 60)


def test_a_refusal_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "missing.pdf"
    with pytest.raises(ReadError, match=r"missing\.pdf: no such file$"):
        read_isolated(path)


def test_a_password_opens_an_encrypted_file(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "secret.pdf"
    path.write_bytes(ODD["encrypted.pdf"]())
    with pytest.raises(ReadError, match="encrypted"):
        reader.read(path)
    assert "43 children" in reader.read(path, password="secret").text


def test_a_fault_of_a_reader_is_raised_with_its_trace(sound: Path, reader: Reader) -> None:
    with pytest.raises(TypeError, match="int") as raised:
        reader.read(sound, password=3)  # type: ignore[arg-type]
    assert "parse_pdf" in "".join(raised.value.__notes__)
    assert reader.read(sound).pages


def test_a_relative_path_is_meant_where_the_caller_is(
    tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "review.txt").write_text(f"In {number} children.", encoding="utf-8")
        monkeypatch.chdir(folder)
        assert reader.read("review.txt").text == f"In {number} children."


@needs_signals
def test_a_worker_that_dies_costs_one_error(sound: Path) -> None:
    with Reader() as reader:
        process = worker_of(reader, sound)
        os.kill(process, signal.SIGSTOP)  # so that it cannot answer before it dies
        threading.Timer(0.1, os.kill, (process, signal.SIGKILL)).start()
        with pytest.raises(ReadError, match=r"sound\.pdf: the reader crashed \(signal 9\)$"):
            reader.read(sound)
        assert reader.read(sound).pages
        assert process not in workers()


@needs_signals
def test_a_worker_that_died_between_two_files_costs_none(sound: Path) -> None:
    with Reader() as reader:
        process = worker_of(reader, sound)
        (dying,) = [each for each in active_children() if each.pid == process]
        dying.kill()
        dying.join()
        assert reader.read(sound).pages


@needs_signals
def test_a_worker_that_takes_too_long_is_ended(sound: Path) -> None:
    with Reader(timeout=LIMIT) as reader:
        process = worker_of(reader, sound)
        os.kill(process, signal.SIGSTOP)
        reader.timeout = 0.1
        with pytest.raises(ReadError, match=r"sound\.pdf: not read within 0\.1 seconds$"):
            reader.read(sound)
        reader.timeout = LIMIT
        assert reader.read(sound).pages
        assert process not in workers()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_a_file_that_needs_too_much_memory_is_refused(tmp_path: Path, sound: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("In 43 children.\n" * 500_000, encoding="utf-8")
    with Reader(timeout=LIMIT, max_memory=32 * MEGABYTE) as reader:
        with pytest.raises(ReadError, match=r"long\.txt: needs more than 32 MiB of memory$"):
            reader.read(path)
        assert reader.read(sound).pages


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
@pytest.mark.parametrize(("name", "make"), list(crashing_pdfs()))
def test_a_library_that_takes_all_memory_costs_one_error(
    tmp_path: Path, sound: Path, name: str, make: Callable[[], bytes]
) -> None:
    path = tmp_path / f"{name}.pdf"
    path.write_bytes(make())
    with Reader(timeout=LIMIT, max_memory=200 * MEGABYTE) as reader:
        with pytest.raises(ReadError, match=r"\.pdf: (?:the reader crashed|needs more)"):
            reader.read(path)
        assert reader.read(sound).pages


def test_a_reader_that_is_closed_leaves_no_process(sound: Path) -> None:
    before = workers()
    with Reader() as reader:
        assert worker_of(reader, sound) not in before
    assert workers() == before
