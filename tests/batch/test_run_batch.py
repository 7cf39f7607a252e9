"""The library's side: `run_batch` gives results as they come; pipelines travel between processes."""

from __future__ import annotations

import pickle
from itertools import islice
from pathlib import Path

import pytest
from spacy.tokens import Doc

import extract
from extract.pipeline import make_doc
from extract.records import Label

from .reviews import review_text, write_reviews


def test_each_path_gives_a_result_or_a_failure(tmp_path: Path) -> None:
    paths = write_reviews(tmp_path, 3)
    same_name = tmp_path / "other" / paths[0].name
    same_name.parent.mkdir()
    same_name.write_text(review_text(9), encoding="utf-8")
    given = [*map(str, paths), same_name, tmp_path / "gone.md"]
    outcomes = {outcome.path: outcome for outcome in extract.run_batch(given, workers=2)}
    failure = outcomes.pop(tmp_path / "gone.md")
    assert isinstance(failure, extract.Failure)
    assert str(failure) == f"{tmp_path / 'gone.md'}: no such file"
    results = [outcome for outcome in outcomes.values() if isinstance(outcome, extract.Result)]
    assert {result.path: result.document_id for result in results} == {
        **{path: path.stem for path in paths},
        same_name: "review000-2",
    }
    for result in results:
        expected = extract.extract_document(extract.read(result.path, document_id=result.document_id))
        assert result.rows("outcomes") == expected.outcomes != ()
        assert result.rows("mentions") == expected.promised() != ()
        assert result.table("documents").to_pylist()[0]["path"] == str(result.path)


def test_results_come_before_all_paths_are_read_and_nothing_goes_on_behind_them(tmp_path: Path) -> None:
    paths = write_reviews(tmp_path, 40)
    outcomes = extract.run_batch(paths, workers=2)
    assert len(list(islice(outcomes, 2))) == 2
    outcomes.close()
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert len(list(extract.run_batch(paths[:2], workers=2))) == 2
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_helpers_are_an_option(tmp_path: Path) -> None:
    (path,) = write_reviews(tmp_path, 1)
    promised, everything = (
        {row.label for result in extract.run_batch([path], helpers=helpers) for row in result.rows("mentions")}
        for helpers in (False, True)
    )
    assert promised < everything
    assert Label.TRIAL in promised


@pytest.mark.parametrize("limit", [{"workers": 0}, {"timeout": -1.0}, {"max_memory": 0}])
def test_limits_that_allow_nothing_are_refused(tmp_path: Path, limit: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(limit))):
        next(extract.run_batch(write_reviews(tmp_path, 1), **limit))


def spans_of(doc: Doc) -> list[tuple[str, str, int, int, object]]:
    """What the pipeline found in a doc, group by group."""
    found = [
        (group, span.label_, span.start_char, span.end_char, span._.value)
        for group in sorted(doc.spans)
        for span in doc.spans[group]
    ]
    assert {label for _, label, *_ in found} >= {"TRIAL", "REGISTRY_ID", "PERCENT", "ENDPOINT", "DOSE"}
    return found


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [review_text(number) for number in range(6)]


def test_the_pipeline_works_in_several_processes(texts: list[str]) -> None:
    nlp = extract.load()

    alone = [spans_of(nlp(text)) for text in texts]
    assert [spans_of(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=2)] == alone
    assert [spans_of(doc) for doc in nlp.pipe(texts)] == alone


def test_components_and_pipelines_can_be_pickled(texts: list[str]) -> None:
    nlp = extract.load()
    copy = pickle.loads(pickle.dumps(nlp))
    assert [spans_of(copy(text)) for text in texts] == [spans_of(nlp(text)) for text in texts]
    for name, component in nlp.components:
        assert type(pickle.loads(pickle.dumps(component))) is type(component), name


def test_docs_travel_with_the_values_of_their_spans(texts: list[str]) -> None:
    nlp = extract.load()
    doc = nlp(texts[0])
    assert spans_of(Doc(nlp.vocab).from_bytes(doc.to_bytes())) == spans_of(doc)
    assert spans_of(pickle.loads(pickle.dumps(doc))) == spans_of(doc)


def test_docs_of_documents_can_be_pickled(tmp_path: Path) -> None:
    document = extract.read(*write_reviews(tmp_path, 1))
    nlp = extract.load()
    doc = make_doc(nlp, document)
    assert spans_of(pickle.loads(pickle.dumps(doc))) == spans_of(doc)
