"""JATS twins of the sample reviews say what the reviews say: words, cells, references, mentions and records."""

from __future__ import annotations

import pytest

from twins.jats_writer import MANNERS, write_jats
from twins.making import write_twin
from twins.measure import PAPER_IDS, SAMPLE_IDS, Measured, Original, load_original, measure

TWINS = [(manner, document) for manner in MANNERS for document in (*SAMPLE_IDS, *PAPER_IDS)]
F1_LOSS = 0.005  # of a label or a table of records, against the text


def original(document_id: str) -> Original:
    found = load_original(document_id)
    if found is None:
        pytest.skip(f"{document_id} is not at hand: put it into corpus/sources/")
    return found


@pytest.fixture(scope="module", params=TWINS, ids="/".join)
def twin(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    manner, document_id = request.param
    text = original(document_id)
    path = write_twin(manner, text.article, tmp_path_factory.mktemp("jats"))
    return measure(f"{manner}/{document_id}", text, path)


def told(twin: Measured) -> str:
    """What differs, for the message of a test that fails."""
    return "\n".join(map(str, twin.differences()))


def test_every_run_of_words_stands_in_its_block(twin: Measured) -> None:
    assert twin.words.share == 1, told(twin)
    assert twin.words.notes_found == twin.words.notes, told(twin)


def test_nothing_else_stands_in_the_blocks_and_they_keep_kind_and_order(twin: Measured) -> None:
    assert (twin.words.added, twin.words.kinds_wrong, twin.words.order_wrong) == (0, 0, 0), told(twin)


def test_every_cell_stands_in_its_row_and_column(twin: Measured) -> None:
    assert twin.cells.tables >= 1
    assert twin.cells.share == 1, told(twin)


def test_title_and_references_are_those_of_the_text(twin: Measured) -> None:
    assert twin.title_right
    assert twin.references_right == len(twin.original.document.references), told(twin)


def test_mentions_and_records_score_as_those_of_the_text(twin: Measured) -> None:
    lost = {name: loss for name, loss in twin.losses.items() if loss > F1_LOSS}
    assert not lost, f"{lost}\n{told(twin)}"


@pytest.mark.parametrize("manner", MANNERS)
def test_the_same_article_gives_the_same_bytes(manner: str) -> None:
    article = original("cardiology").article
    assert write_jats(article, MANNERS[manner]) == write_jats(article, MANNERS[manner])
