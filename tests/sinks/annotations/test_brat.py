"""brat: what is written follows the standoff format, opens in brat, and comes back with what annotators did to it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import bioc.brat
import pytest

from extract.errors import OutputError, ReadError
from extract.records import Label
from extract.sinks.annotations import AnnotatedDocument
from extract.sinks.annotations.brat import BratDocument, read_brat, write_brat
from extract.sinks.annotations.rows import checked_mentions, typed_values

from .documents import BARE, DNA, DOCUMENTS, EMPTY, ODD, SIMPLE, annotated, sample_reviews

ALL = [pytest.param(document, id=document.document_id) for document in DOCUMENTS]


def test_a_document_is_its_text_and_its_mentions(tmp_path: Path) -> None:
    write_brat([SIMPLE], tmp_path)
    assert (tmp_path / "simple.txt").read_text() == SIMPLE.content.text
    assert (tmp_path / "simple.ann").read_text().splitlines() == [
        "T1\tTRIAL 3 10\tALPHA-1",
        '#1\tAnnotatorNotes T1\t{"trial": "ALPHA-1"}',
        "T2\tREGISTRY_ID 12 23\tNCT01234567",
        "A1\tregistry T2 NCT",
        "A2\tvalid T2 false",
        '#2\tAnnotatorNotes T2\t{"normalized": "NCT:NCT01234567", "reason": "made up"}',
        "T3\tENDPOINT 26 42\toverall survival",
        "A3\tcode T3 OS",
        "T4\tPERCENT 47 54\t>=66.2%",
        "A4\trole T4 value",
        "A5\tbound T4 at_least",
        "A6\timplicit T4 false",
        '#4\tAnnotatorNotes T4\t{"value": "66.20"}',
        "T5\tDOSE 58 65\t5 mg/m²",
        '#5\tAnnotatorNotes T5\t{"value": "5", "unit": "mg/m2", "agent": "examplinib"}',
    ]


def test_a_mention_over_a_line_break_is_discontinuous_and_comes_back_whole(tmp_path: Path) -> None:
    text = f"{DNA} Overall \n  survival\n"
    write_brat([annotated(text, ("ENDPOINT", "Overall \n  survival"))], tmp_path)
    assert (tmp_path / "made.ann").read_text() == "T1\tENDPOINT 2 9;13 21\tOverall survival\n"
    (document,) = read_brat(tmp_path)
    assert [(span.start, span.end, span.fragments) for span in document.spans] == [(2, 21, ((2, 21),))]


@pytest.mark.parametrize("document", ALL)
def test_an_independent_reader_finds_every_mention(document: AnnotatedDocument, tmp_path: Path) -> None:
    assert_read_independently(document, tmp_path)


def test_a_mention_that_ends_with_a_tab_ends_before_it(tmp_path: Path) -> None:
    write_brat([annotated("± 14.13\t5", ("STATISTIC", "± 14.13\t"))], tmp_path)
    assert (tmp_path / "made.ann").read_text() == "T1\tSTATISTIC 0 7\t± 14.13\n"


def test_an_independent_reader_finds_every_mention_of_the_samples(tmp_path: Path) -> None:
    for document in sample_reviews():
        assert_read_independently(document, tmp_path)


def test_the_bioc_library_reads_every_mention(tmp_path: Path) -> None:
    for document in (SIMPLE, *sample_reviews()):
        write_brat([document], tmp_path)
        text, annotations = files_of(document, tmp_path)
        read = bioc.brat.loads(text, annotations)
        found = [(entity.type, [(loc.begin, loc.end) for loc in entity.locations]) for entity in read.entities]
        expected = [
            (row["label"], [(start, end) for start, end in standoff.places])
            for row, standoff in zip(
                checked_mentions(document), parse_standoff(text, annotations).values(), strict=True
            )
        ]
        assert sorted(found) == sorted(expected)
        assert found


def test_read_brat_gives_back_what_was_written(tmp_path: Path) -> None:
    documents = (*DOCUMENTS, *sample_reviews())
    write_brat(documents, tmp_path)
    read = {document.document_id: document for document in read_brat(tmp_path)}
    assert set(read) == {document.document_id for document in documents}
    for document in documents:
        found = read[document.document_id]
        assert found.text == document.content.text.replace("\r", " ")
        assert [(span.label, span.start, span.end, span.values, span.note) for span in found.spans] == [
            (row["label"], row["start"], row["end"], typed_values(row), None) for row in checked_mentions(document)
        ]


def test_no_program_that_splits_lines_finds_more_of_them(tmp_path: Path) -> None:
    write_brat([ODD], tmp_path)
    _, annotations = files_of(ODD, tmp_path)
    assert annotations.splitlines() == annotations.split("\n")[:-1]


def test_the_configuration_knows_all_labels_attributes_and_values(tmp_path: Path) -> None:
    further = annotated("RRR rose.", ("ENDPOINT", "RRR", {"code": "NOT_IN_THE_LEXICON"}), document_id="further")
    documents = (SIMPLE, ODD, further, *sample_reviews())
    write_brat(documents, tmp_path)
    sections = parse_configuration((tmp_path / "annotation.conf").read_text())
    assert list(sections) == ["entities", "relations", "events", "attributes"]
    labels = [line for line in sections["entities"] if set(line) != {"-"}]
    assert sorted(labels) == sorted(Label)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]+", label) for label in labels)
    # what lets any two spans cross and nest (https://brat.nlplab.org/configuration.html#advanced-entities)
    assert sections["relations"] == ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"]
    attributes = dict(map(parse_attribute, sections["attributes"]))
    for document in documents:
        for standoff in parse_standoff(*files_of(document, tmp_path)).values():
            for name, value in standoff.attributes.items():
                allowed, values = attributes[name]
                assert standoff.label in allowed
                assert value in values
    assert "NOT_IN_THE_LEXICON" in attributes["code"][1]


def test_the_visual_configuration_names_and_colours_the_labels(tmp_path: Path) -> None:
    write_brat([SIMPLE], tmp_path)
    sections = parse_configuration((tmp_path / "visual.conf").read_text())
    assert sorted(line.split(" | ")[0] for line in sections["labels"]) == sorted(Label)
    drawn = {line.split("\t")[0]: line.split("\t")[1] for line in sections["drawing"]}
    assert all(re.fullmatch(r"\w+:[^,\s]+(, \w+:[^,\s]+)*", what) for what in drawn.values())
    assert {"SPAN_DEFAULT", "ARC_DEFAULT", "TRIAL", "DOSE"} <= set(drawn)


HOSTILE_NAMES = (
    *("Smith", "smith", "SMITH", "a/b", "a_b", "a b", "../up", "..", ".", ".hidden", "hidden_one", "~", "con", "COM1"),
    *("x" * 80, "x" * 81, "x" * 300, "ü", "u\u0308", "\U0001f9ec", "a\nb", "a\0b", "a.txt", "-", "*?", "", "\udcff"),
)


def test_each_document_has_files_of_its_own_on_any_file_system(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_brat([replace(BARE, document_id=name) for name in HOSTILE_NAMES], folder)
    texts = [path.name for path in folder.iterdir() if path.suffix == ".txt"]
    assert len({name.lower() for name in texts}) == len(HOSTILE_NAMES)
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_~-]{0,83}\.txt", name) for name in texts)
    assert not any(re.fullmatch(r"(con|com1)\.txt|hidden_.*", name.lower()) for name in texts)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert {document.document_id for document in read_brat(folder)} == set(HOSTILE_NAMES)
    assert {"Smith.txt", "a_b.txt", "a_b~c14cddc033f64b9d.txt"} <= set(texts)


def test_a_document_keeps_its_files_when_others_are_exported_to_the_folder(tmp_path: Path) -> None:
    upper, lower = (replace(document, document_id=name) for document, name in ((SIMPLE, "Smith"), (BARE, "smith")))
    write_brat([upper, lower], tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    write_brat([lower], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == before
    assert {document.document_id: document.text for document in read_brat(tmp_path)} == {
        "Smith": SIMPLE.content.text,
        "smith": BARE.content.text,
    }


def test_annotations_that_were_changed_are_not_overwritten(tmp_path: Path) -> None:
    write_brat([SIMPLE], tmp_path)
    path = tmp_path / "simple.ann"
    changed = path.read_text().replace("role T4 value", "role T4 threshold")
    path.write_text(changed)
    with pytest.raises(OutputError, match=r"simple\.ann: changed since it was exported") as raised:
        write_brat([SIMPLE], tmp_path)
    assert "\n" not in str(raised.value)
    assert path.read_text() == changed


def test_annotations_that_nobody_changed_are_replaced(tmp_path: Path) -> None:
    write_brat([SIMPLE], tmp_path)
    write_brat([replace(SIMPLE, mentions=SIMPLE.mentions[:1])], tmp_path)
    (document,) = read_brat(tmp_path)
    assert len(document.spans) == 1


def test_what_annotators_do_comes_back(tmp_path: Path) -> None:
    write_brat([SIMPLE], tmp_path)
    path = tmp_path / "simple.ann"
    lines = path.read_text().splitlines()
    lines = [line for line in lines if not line.startswith(("T1\t", "#1\t", "A6\t"))]
    lines = [line.replace("bound T4 at_least", "bound T4 below") for line in lines]
    lines = [line.replace('"agent": "examplinib"}', '"agent": "otherinib"} is it?') for line in lines]
    lines += [
        "T9\tENDPOINT 26 33;43 46\toverall was",  # a discontinuous span
        "A9\tNegation T9",
        "#9\tAnnotatorNotes T9\tnot an endpoint",
        "R1\tOVERLAP Arg1:T9 Arg2:T3",
        "#10\tAnnotatorNotes R1\tabout a relation",
        "E1\tENDPOINT:T9",
        "N1\tReference T3 X:1\tname",
        "*\tEquiv T3 T9",
    ]
    path.write_text("\n".join(lines) + "\n")
    (document,) = read_brat(tmp_path)
    spans = {span.span_id: span for span in document.spans}
    assert list(spans) == ["T2", "T3", "T9", "T4", "T5"]
    assert spans["T4"].values == {"role": "value", "bound": "<", "value": "66.20"}
    assert (spans["T5"].values["agent"], spans["T5"].note) == ("otherinib", "is it?")
    assert spans["T9"].fragments == ((26, 33), (43, 46))
    assert (spans["T9"].values, spans["T9"].note) == ({"Negation": True}, "not an endpoint")


def test_a_collection_made_elsewhere_is_read(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_bytes(b"Overall survival\n")
    (tmp_path / "one.ann").write_bytes(
        b"T1\tENDPOINT 0 16\tOverall survival\r\nA1\tcode T1 OS\r\n#1\tNote T1\t5 years\r\n"
    )
    (tmp_path / "two.txt").write_bytes(b"Without annotations.\n")
    one, two = read_brat(tmp_path)
    assert [(span.label, span.values, span.note) for span in one.spans] == [("ENDPOINT", {"code": "OS"}, "5 years")]
    assert two == BratDocument("two", "Without annotations.\n", ())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("T1 PERCENT 0 3 50%", "no label and offsets"),
        ("T1\tPERCENT\t50%", "no label and offsets"),
        ("T1\tPERCENT 0 three\t50%", "no label and offsets"),
        ("T1\tPERCENT 0 99\t50%", "outside of the text, which has 8 characters"),
        ("T1\tPERCENT 1 1\t", "outside of the text"),
        ("T1\tPERCENT 0 3\t51%", "'51%' is marked, but the text has '50%' there"),
        ("A1\trole", "names no annotation"),
        ("#1", "names no annotation"),
    ],
)
def test_what_is_not_standoff_is_told_with_file_and_line(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "one.txt").write_text("50% rose")
    (tmp_path / "one.ann").write_text(f"\n{line}\n")
    with pytest.raises(ReadError, match=re.escape(reason)) as raised:
        list(read_brat(tmp_path))
    assert str(raised.value).startswith(f"{tmp_path / 'one.ann'} line 2: ")


@pytest.mark.parametrize("name", ["one.txt", "one.ann"])
def test_files_that_are_not_utf8_are_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "one.txt").write_bytes(b"")
    (tmp_path / name).write_bytes(b"5\xff")
    with pytest.raises(ReadError, match=rf"{name}: byte 1: not UTF-8"):
        list(read_brat(tmp_path))


@pytest.mark.parametrize("line", ["no JSON", "[]", '{"name": "one"}'])
def test_a_damaged_index_is_told(tmp_path: Path, line: str) -> None:
    (tmp_path / "documents.jsonl").write_text(line)
    for use in (lambda: list(read_brat(tmp_path)), lambda: write_brat([SIMPLE], tmp_path)):
        with pytest.raises(ReadError, match=r"documents.jsonl: not the names and ids"):
            use()


def test_two_documents_of_one_id_are_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="simple: two documents have this id"):
        write_brat([SIMPLE, SIMPLE], tmp_path)


def test_a_mention_of_white_space_alone_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="made: mention m1: brat cannot mark white space alone"):
        write_brat([annotated("a \n b", ("TRIAL", " \n "))], tmp_path)


def test_an_empty_document_is_there(tmp_path: Path) -> None:
    write_brat([EMPTY], tmp_path)
    assert files_of(EMPTY, tmp_path) == ("", "")


@dataclass
class Standoff:
    """A text-bound annotation as the independent reader has it."""

    label: str
    places: list[tuple[int, int]]
    attributes: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def parse_standoff(text: str, annotations: str) -> dict[str, Standoff]:
    """Reads a text's `T`, `A` and `#` lines by the letter of the format, in their order; anything else is an error."""
    found: dict[str, Standoff] = {}
    ids: set[str] = set()
    assert annotations == "" or annotations.endswith("\n")
    for line in annotations.split("\n")[:-1]:
        if match := re.fullmatch(r"(T[0-9]+)\t([A-Za-z0-9_-]+) ([0-9]+ [0-9]+(?:;[0-9]+ [0-9]+)*)\t([^\t]+)", line):
            name, label, offsets, marked = match.groups()
            places = [(int(a), int(b)) for a, b in (each.split(" ") for each in offsets.split(";"))]
            assert all(a < b < c for (a, b), (c, _) in pairwise(places))
            assert all(a < b <= len(text) for a, b in places)
            assert " ".join(text[a:b] for a, b in places) == marked
            assert "\n" not in marked
            found[name] = Standoff(label, places)
        elif match := re.fullmatch(r"(A[0-9]+)\t(\w+) (T[0-9]+) ([^\s]+)", line):
            name, attribute, target, value = match.groups()
            assert attribute not in found[target].attributes
            found[target].attributes[attribute] = value
        elif match := re.fullmatch(r"(#[0-9]+)\tAnnotatorNotes (T[0-9]+)\t([^\t]+)", line):
            name, target, note = match.groups()
            found[target].notes.append(note)
        else:
            pytest.fail(f"not standoff: {line!r}")
        assert name not in ids
        ids.add(name)
    return found


def parse_configuration(text: str) -> dict[str, list[str]]:
    """The lines of a configuration by section."""
    sections: dict[str, list[str]] = {}
    for line in text.splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            sections[match[1]] = []
        else:
            assert line == line.strip()  # an indented line would be below the one before
            list(sections.values())[-1].append(line)
    return sections


def parse_attribute(line: str) -> tuple[str, tuple[list[str], list[str]]]:
    """The name of an attribute, the labels that may have it and its values."""
    match = re.fullmatch(r"(\w+)\tArg:([\w|]+), Value:([\w.|-]+)", line)
    assert match, line
    return match[1], (match[2].split("|"), match[3].split("|"))


def files_of(document: AnnotatedDocument, folder: Path) -> tuple[str, str]:
    """The text and the annotations of a document, decoded and no more."""
    rows = map(json.loads, (folder / "documents.jsonl").read_text().splitlines())
    (name,) = (row["name"] for row in rows if row["document_id"] == document.document_id)
    return (folder / f"{name}.txt").read_bytes().decode(), (folder / f"{name}.ann").read_bytes().decode()


def assert_read_independently(document: AnnotatedDocument, folder: Path) -> None:
    """Label, place, quote and values of each mention, read from the files by the independent reader."""
    write_brat([document], folder)
    text, annotations = files_of(document, folder)
    assert len(text) == len(document.content.text)
    found = list(parse_standoff(text, annotations).values())
    rows = sorted(document.mentions, key=lambda row: (row["start"], row["end"]))
    assert [each.label for each in found] == [row["label"] for row in rows]
    for each, row in zip(found, rows, strict=True):
        assert (each.places[0][0], each.places[-1][1]) == (row["start"], row["end"])
        skipped = "".join(text[b:c] for (_, b), (c, _) in pairwise(each.places))
        assert not skipped.strip(" \t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
        assert text[row["start"] : row["end"]] == row["quote"].replace("\r", " ")
        values = {} if not each.notes else json.loads(*each.notes)
        assert len(values) + len(each.attributes) == len(typed_values(row))
