"""DocBin: plain spaCy reads it, every mention is in its span group, and `spacy train` takes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin
from spacy.training import Corpus

from extract.assembly import GROUPS
from extract.records import PROMISED, Label
from extract.sinks.annotations import AnnotatedDocument
from extract.sinks.annotations.docbin import write_docbin
from extract.sinks.annotations.rows import typed_values

from .documents import BARE, DOCUMENTS, EMPTY, SIMPLE, annotated, sample_reviews

LETTER = "\U0001d49c"  # beyond the first plane


def test_a_document_in_full(tmp_path: Path) -> None:
    (doc,) = read([SIMPLE], tmp_path)
    assert doc.text == SIMPLE.content.text
    assert [(ent.text, ent.label_, ent.ent_id_, ent.kb_id_) for ent in doc.ents] == [
        ("ALPHA-1", "TRIAL", "m1", ""),
        ("NCT01234567", "REGISTRY_ID", "m2", "NCT:NCT01234567"),
        ("overall survival", "ENDPOINT", "m3", ""),
        (">=66.2%", "PERCENT", "m4", ""),
        ("5 mg/m²", "DOSE", "m5", ""),
    ]
    assert list(doc.spans) == ["trials", "registry_ids", "doses", "percents", "endpoints"]
    assert [(span.id_, span.kb_id_) for span in doc.spans["registry_ids"]] == [("m2", "NCT:NCT01234567")]
    assert doc.user_data == {
        "document_id": "simple",
        "path": "simple.txt",
        "sha256": "0" * 64,
        "title": "A <review> & more",
        "doi": "10.5555/example",
        "values": {
            "m1": {"trial": "ALPHA-1"},
            "m2": {"registry": "NCT", "normalized": "NCT:NCT01234567", "valid": False, "reason": "made up"},
            "m3": {"code": "OS"},
            "m4": {"role": "value", "value": "66.20", "bound": ">=", "implicit": False},
            "m5": {"value": "5", "unit": "mg/m2", "agent": "examplinib"},
        },
        "cut_tokens": 0,
    }


@pytest.mark.parametrize("document", [pytest.param(each, id=each.document_id) for each in DOCUMENTS])
def test_spacy_finds_every_mention(document: AnnotatedDocument, tmp_path: Path) -> None:
    assert_all_found([document], read([document], tmp_path))


def test_spacy_finds_every_mention_of_all_together(tmp_path: Path) -> None:
    documents = (*DOCUMENTS, *sample_reviews(), EMPTY)
    assert_all_found(documents, read(documents, tmp_path))


def test_entities_are_the_longer_of_two_and_of_promised_labels_alone(tmp_path: Path) -> None:
    document = annotated(
        "12-month overall survival rate",
        ("DURATION", "12-month"),
        ("ENDPOINT", "overall survival"),
        ("ENDPOINT", "overall survival rate"),
        ("STATISTIC", "rate"),
    )
    (doc,) = read([document], tmp_path)
    assert [(ent.text, ent.ent_id_) for ent in doc.ents] == [("overall survival rate", "m3")]
    assert [span.text for span in doc.spans["durations"]] == ["12-month"]
    assert len(doc.spans["endpoints"]) == 2


@pytest.mark.parametrize(
    ("text", "quotes", "tokens"),
    [
        ("ab cd", ["b c"], ["a", "b", "c", "d"]),
        ("ab cd", ["b "], ["a", "b", " ", "cd"]),
        ("ab cd", [" c"], ["ab", " ", "c", "d"]),
        ("abc", ["a", "b", "c"], ["a", "b", "c"]),
        ("a   b", ["   b"], ["a", " ", " ", "b"]),
        (f"{LETTER}{LETTER}a", [LETTER, "a"], [LETTER, LETTER, "a"]),
    ],
)
def test_tokens_are_cut_where_mentions_begin_and_end(
    text: str, quotes: list[str], tokens: list[str], tmp_path: Path
) -> None:
    document = annotated(text, *[("TRIAL", quote) for quote in quotes])
    (doc,) = read([document], tmp_path)
    assert doc.text == text
    assert [span.text for span in doc.spans["trials"]] == quotes
    assert [token.text for token in doc] == tokens
    assert doc.user_data["cut_tokens"] >= 1


def test_spacy_train_takes_the_files(tmp_path: Path) -> None:
    write_docbin([SIMPLE, *sample_reviews()], tmp_path / "train" / "docs.spacy", shard=1_000)
    examples = list(Corpus(tmp_path / "train")(spacy.blank("en")))
    assert sorted(len(example.reference.ents) for example in examples) == sorted(
        len(doc.ents) for doc in read([SIMPLE, *sample_reviews()], tmp_path)
    )
    assert all(example.reference.ents for example in examples)


def test_many_documents_are_several_files_and_none_is_divided(tmp_path: Path) -> None:
    documents = [annotated("one two three four", ("TRIAL", "two"), document_id=f"d{number}") for number in range(5)]
    written = write_docbin(documents, tmp_path / "docs.spacy", shard=9)
    assert [path.name for path in written] == ["docs-0001.spacy", "docs-0002.spacy", "docs-0003.spacy"]
    ids = [[doc.user_data["document_id"] for doc in docs_of([path])] for path in written]
    assert ids == [["d0", "d1"], ["d2", "d3"], ["d4"]]
    assert len(write_docbin(documents, tmp_path / "small.spacy", shard=1)) == 5
    assert sorted(tmp_path.glob("docs*")) == written


def test_files_of_an_earlier_run_go_and_those_of_others_stay(tmp_path: Path) -> None:
    documents = [annotated("one two", document_id=f"d{number}") for number in range(3)]
    others = [tmp_path / name for name in ("docs-1.spacy", "docs-00001.spacy", "docs-0001.txt", "my-docs-0001.spacy")]
    for other in others:
        other.touch()
    path = tmp_path / "docs.spacy"
    write_docbin(documents, path, shard=1)
    assert len(write_docbin(documents, path, shard=4)) == 2
    assert sorted(tmp_path.iterdir()) == sorted([*others, *(tmp_path / f"docs-000{n}.spacy" for n in (1, 2))])
    assert write_docbin(documents, path) == [path]
    assert sorted(tmp_path.iterdir()) == sorted([*others, path])
    write_docbin(documents, path, shard=4)
    assert not path.exists()


def test_of_no_documents_there_is_a_file_without_docs(tmp_path: Path) -> None:
    assert read([], tmp_path) == []


def test_documents_without_mentions_have_no_entities(tmp_path: Path) -> None:
    (doc,) = read([BARE], tmp_path)
    assert doc.has_annotation("ENT_IOB")
    assert (doc.ents, {name: len(group) for name, group in doc.spans.items()}) == (
        (),
        {GROUPS[each]: 0 for each in PROMISED},
    )


def test_signs_that_cannot_be_stored_have_a_stand_in(tmp_path: Path) -> None:
    (doc,) = read([annotated("a \ud800 50%", ("PERCENT", "50%"), title="\udfff")], tmp_path)
    assert (doc.text, doc.user_data["title"], doc.ents[0].text) == ("a \ufffd 50%", "\ufffd", "50%")


def read(documents: Sequence[AnnotatedDocument], folder: Path) -> list[Doc]:
    """The docs as plain spaCy has them."""
    return docs_of(write_docbin(documents, folder / "docs.spacy"))


def docs_of(paths: Sequence[Path]) -> list[Doc]:
    """The docs of files, each with a vocabulary that knows nothing of ours."""
    return [doc for path in paths for doc in DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)]


def assert_all_found(documents: Sequence[AnnotatedDocument], docs: list[Doc]) -> None:
    """The text, and id, label, place, quote and values of each mention."""
    for document, doc in zip(documents, docs, strict=True):
        assert doc.text == document.content.text
        assert doc.user_data["document_id"] == document.document_id
        found = {
            (name, span.id_, span.label_, span.start_char, span.end_char, span.text)
            for name, group in doc.spans.items()
            for span in group
        }
        assert found == {
            (
                GROUPS[Label(row["label"])],
                *(row[column] for column in ("mention_id", "label", "start", "end", "quote")),
            )
            for row in document.mentions
        }
        assert sum(map(len, doc.spans.values())) == len(document.mentions)
        for row in document.mentions:
            assert doc.user_data["values"].get(row["mention_id"], {}) == typed_values(row)
        promised = {row["mention_id"] for row in document.mentions if row["label"] in PROMISED}
        assert {ent.ent_id_ for ent in doc.ents} <= promised
        covered = {char for ent in doc.ents for char in range(ent.start_char, ent.end_char)}
        for row in document.mentions:
            if row["mention_id"] in promised:
                assert covered.intersection(range(row["start"], row["end"]))
