"""Trials over the documents of a dataset: which are one, what evidence they have, and by which names they are found."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from extract.compare.joins import join_trials
from extract.errors import ExtractError
from extract.records import Evidence, Label, Mention, Trial
from extract.sinks.merged_trials import find_trial
from extract.sinks.trial_evidence import read_trials
from extract.sinks.trial_tables import trial_detail

from .datasets import make_dataset
from .making_trials import (
    LAKE,
    RIVER,
    joined,
    make_document,
    make_dosing,
    make_outcome,
    make_study,
    make_trial,
    merge,
    printed,
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (make_trial("LAKE", LAKE), make_trial("Long-term Aspirin", LAKE)),
        (make_trial("LAKE", LAKE), make_trial(LAKE, LAKE)),
        (make_trial("LAKE", LAKE), make_trial("LAKE")),
        (make_trial("LAKE", LAKE), make_trial("LAKE", "2010-000001-10")),
        (make_trial("LAKE", LAKE), make_trial("LAKE", "NCT000")),  # a malformed number says nothing
        (make_trial("LAKE-06"), make_trial("Lake 06")),
        (make_trial("LAKE"), make_trial("RIVER", aliases=["LAKE"])),
        (make_trial("LAKE", "NTR6359"), make_trial("LAKE", "NL5993")),  # two series of one register
        (make_trial("A", "2022-500001-10-00"), make_trial("B", "2022-500001-10-01")),  # two versions of a dossier
    ],
)
def test_trials_are_one_by_a_number_or_a_name(tmp_path: Path, first: Trial, second: Trial) -> None:
    assert len(merge(tmp_path, make_document("a", first), make_document("b", second))) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (make_trial("LAKE", LAKE), make_trial("LAKE", RIVER)),
        (make_trial("AALL0232"), make_trial("AALL0233")),
        (make_trial("LAKE"), make_trial("LAKE+")),
        (make_trial("LAKE"), make_trial("LAKE-2")),
        (make_trial("+"), make_trial("-")),  # no name at all
        (make_trial("LAKE"), make_trial("RIVER")),
    ],
)
def test_other_trials_stay_apart(tmp_path: Path, first: Trial, second: Trial) -> None:
    assert len(merge(tmp_path, make_document("a", first), make_document("b", second))) == 2


def test_a_name_with_two_numbers_joins_no_trial_without_a_number_to_either(tmp_path: Path) -> None:
    documents = [
        make_document("a", make_trial("LAKE", LAKE)),
        make_document("b", make_trial("LAKE", RIVER)),
        make_document("c", make_trial("LAKE")),
        make_document("d", make_trial("Lake")),
        make_document("e", make_trial("LAKE", LAKE)),
    ]
    apart = [["a LAKE", "e LAKE"], ["b LAKE"], ["c LAKE", "d Lake"]]
    assert joined(tmp_path, *documents) == apart
    merged = merge(tmp_path, *documents)
    assert [each.label for each in merged] == [f"LAKE ({LAKE})", "LAKE (c)", f"LAKE ({RIVER})"]
    assert merged[2].notes == (f"LAKE also stands for LAKE ({LAKE}; a), LAKE (without number; c): not joined",)


def test_the_order_of_the_documents_does_not_change_what_is_one(tmp_path: Path) -> None:
    documents = [
        make_document("a", make_trial("LAKE", LAKE, RIVER)),  # a trial and its extension, as one
        make_document("b", make_trial("LAKE", LAKE)),
        make_document("c", make_trial("LAKE extension", RIVER)),
        make_document("d", make_trial("LAKE", aliases=["POND"])),
        make_document("e", make_trial("POND", "NCT00000033")),
    ]
    parts = list(read_trials(make_dataset(tmp_path, documents)))
    found = {
        frozenset(frozenset(part.document_id for part in cluster.parts) for cluster in join_trials(order))
        for order in permutations(parts)
    }
    assert found == {frozenset(map(frozenset, ("abd", "c", "e")))}


def test_two_numbers_of_one_register_make_no_bridge_between_two_trials(tmp_path: Path) -> None:
    documents = [
        make_document("a", make_trial("LAKE", LAKE)),
        make_document("b", make_trial("RIVER", RIVER)),
        make_document("c", make_trial("BOTH", LAKE, RIVER)),
        make_document("d", make_trial("BOTH as well", RIVER, LAKE)),
    ]
    assert joined(tmp_path, *documents) == [["a LAKE"], ["b RIVER"], ["c BOTH", "d BOTH as well"]]
    assert merge(tmp_path, *documents)[0].notes == (
        f"{LAKE} also stands for LAKE ({LAKE}; a): not joined",
        f"{RIVER} also stands for RIVER ({RIVER}; b): not joined",
    )


def test_what_a_document_names_apart_stays_apart(tmp_path: Path) -> None:
    documents = [
        make_document("a", make_trial("LAKE", LAKE), make_trial("POND")),
        make_document("b", make_trial("LAKE", LAKE, aliases=["POND"])),
    ]
    assert joined(tmp_path, *documents) == [["a LAKE", "b LAKE"], ["a POND"]]


def test_a_name_and_a_number_that_another_document_has_together_are_one(tmp_path: Path) -> None:
    documents = [
        make_document("a", make_trial("LAKE"), make_trial(LAKE, LAKE)),
        make_document("b", make_trial("LAKE", LAKE)),
    ]
    assert joined(tmp_path, *documents) == [["a LAKE", f"a {LAKE}", "b LAKE"]]


def test_a_further_name_parts_no_trials_of_one_name(tmp_path: Path) -> None:
    documents = [
        make_document("a", make_trial("LAKE", LAKE, aliases=["POND"])),
        make_document("b", make_trial("LAKE")),
        make_document("c", make_trial("POND", RIVER)),
    ]
    assert joined(tmp_path, *documents) == [["a LAKE", "b LAKE"], ["c POND"]]


def test_the_name_of_a_family_joins_nothing(tmp_path: Path) -> None:
    documents = [
        make_document("a", make_trial("LAKE"), make_trial("LAKE-06")),
        make_document("b", make_trial("LAKE"), make_trial("LAKE-06")),
        make_document("c", make_trial("LAKE"), sha256="a"),  # the paper of the first
    ]
    assert joined(tmp_path, *documents) == [["a LAKE", "c LAKE"], ["a LAKE-06", "b LAKE-06"], ["b LAKE"]]


# The evidence.


@pytest.mark.parametrize("study", ["LAKE", "Lake Trial", "NCT 00000011"])
def test_evidence_belongs_to_the_trial_that_study_names(tmp_path: Path, study: str) -> None:
    trial = make_trial("LAKE", "NCT 00000011", aliases=["Lake Trial"])
    rows = [trial, make_outcome(study), make_dosing(study), make_study(study, n="40")]
    (merged,) = merge(tmp_path, make_document("a", *rows))
    assert [len(merged.lines(table)) for table in ("trials", "studies", "outcomes", "dosing")] == [1, 1, 1, 1]


@pytest.mark.parametrize("study", [None, "ref:4", "Osei 2019", "lake", "LAKE,ref:4"])
def test_no_evidence_is_guessed(tmp_path: Path, study: str | None) -> None:
    (merged,) = merge(tmp_path, make_document("a", make_trial("LAKE", refs=(4,)), make_outcome(study)))
    assert merged.outcomes == ()


def test_an_alias_of_two_trials_leads_to_neither(tmp_path: Path) -> None:
    trials = [make_trial("LAKE", aliases=["POND"]), make_trial("RIVER", aliases=["POND"])]
    merged = merge(tmp_path, make_document("a", *trials, make_outcome("POND"), make_outcome("LAKE")))
    assert {each.name: len(each.outcomes) for each in merged} == {"LAKE": 1, "RIVER": 0}


def test_a_result_of_two_trials_together_belongs_to_both(tmp_path: Path) -> None:
    rows = [make_trial("LAKE"), make_trial("RIVER"), make_outcome("LAKE,RIVER")]
    merged = merge(tmp_path, make_document("a", *rows))
    assert [len(each.outcomes) for each in merged] == [1, 1]
    assert "LAKE,RIVER" in printed(trial_detail(merged[0]))


def test_the_study_of_a_document_is_that_document_s(tmp_path: Path) -> None:
    documents = [
        make_document("a", make_trial("LAKE")),
        make_document("b", make_trial("RIVER"), make_outcome("LAKE")),
    ]
    assert all(each.outcomes == () for each in merge(tmp_path, *documents))


def test_like_results_of_different_documents_stand_side_by_side(tmp_path: Path) -> None:
    documents = [
        make_document(
            name,
            make_trial("LAKE"),
            make_outcome("LAKE", "1", endpoint="PFS"),
            make_outcome("LAKE", "2", arm="Aspirin", timepoint="P2Y" if name == "a" else "P24M"),
            make_outcome("LAKE", "3", arm="placebo", timepoint="P2Y" if name == "a" else "P24M"),
            make_outcome("LAKE", "4", arm="aspirin", timepoint="P90D"),
            make_outcome("LAKE", "5", arm="aspirin"),
        )
        for name in "ab"
    ]
    (merged,) = merge(tmp_path, *documents)
    assert [f"{line.record.value}{line.record.document_id}" for line in merged.outcomes] == [
        *("4a", "4b", "2a", "2b", "3a", "3b", "5a", "5b", "1a", "1b"),
    ]


TITLE = "Aspirin for people with a very cold lake nearby"


@pytest.mark.parametrize(
    "same", [{"sha256": "x"}, {"doi": "10.5555/Lake"}, {"title": TITLE}], ids=["bytes", "doi", "title"]
)
def test_files_of_one_paper_count_once(tmp_path: Path, same: dict[str, str]) -> None:
    rows = [make_trial("LAKE", LAKE), make_outcome("LAKE", arm="Aspirin")]
    twin = {name: value if name == "sha256" else value.upper() for name, value in same.items()}
    (merged,) = merge(
        tmp_path,
        make_document("a", *rows, make_outcome("LAKE", "7"), make_outcome("LAKE", "7"), **same),
        make_document(
            "b", make_trial("LAKE", LAKE), make_outcome("LAKE", "9"), make_outcome("LAKE", arm="aspirin"), **twin
        ),
        make_document("c", *rows),
        make_document("d", *rows, **twin),
    )
    assert merged.papers == 2
    assert [merged.same_as(each) for each in merged.documents] == [None, "a", None, "a"]
    found = [(line.record.document_id, str(line.record.value), line.also_in) for line in merged.outcomes]
    assert sorted(found) == [
        ("a", "50", ("b o2", "d o1")),
        ("a", "7", ()),
        ("a", "7", ()),
        ("b", "9", ()),
        ("c", "50", ()),
    ]


def test_a_short_title_makes_no_paper(tmp_path: Path) -> None:
    documents = [make_document(name, make_trial("LAKE"), title="Original Article") for name in "ab"]
    assert merge(tmp_path, *documents)[0].papers == 2


def test_a_line_says_where_it_stands(tmp_path: Path) -> None:
    made = make_document("a", make_trial("LAKE"), *(make_outcome("LAKE", str(n)) for n in range(4)), make_study("LAKE"))
    places = [("o1", 10), ("o2", 15), ("o3", 35), ("o4", 60), ("s1", 60)]
    evidence = tuple(
        Evidence(document_id="a", record_id=record, field=name, start=start, end=start + 1, quote="", page_number=3)
        for record, start in places
        for name, start in (("statistic", 90), ("value", start))
    )
    sections = [(10, "Results > Survival"), (20, "Results > Survival"), (40, "Harms"), (90, None)]
    mentions = tuple(
        Mention(
            document_id="a", mention_id="m", label=Label.ENDPOINT, quote="", start=start, end=start, section=section
        )
        for start, section in sections
    )
    (merged,) = merge(tmp_path, replace(made, evidence=evidence, mentions=mentions))
    found = {line.record.record_id: line.section for line in (*merged.outcomes, *merged.studies)}
    assert found == {"o1": "Results > Survival", "o2": "Results > Survival", "o3": None, "o4": None, "s1": None}
    assert merged.studies[0].page_number == 3


def test_the_name_is_the_most_common_one(tmp_path: Path) -> None:
    documents = [
        make_document("a", make_trial(LAKE, LAKE)),
        make_document("b", make_trial("Lake Study", LAKE, "2010-000001-10")),
        make_document("c", make_trial("LAKE", LAKE)),
        make_document("d", make_trial("LAKE", LAKE, aliases=["L.A.K.E.", "Long-term Aspirin"])),
    ]
    (merged,) = merge(tmp_path, *documents)
    assert (merged.label, merged.other_names) == ("LAKE", ("Lake Study", "Long-term Aspirin"))
    assert merged.registry_ids == (LAKE, "2010-000001-10")


# Finding one.


@pytest.mark.parametrize(
    "name", ["LAKE-06", "lake 06", "Long Term Aspirin", LAKE, LAKE.lower(), "nct 00000011", "NCT00"]
)
def test_a_trial_is_found_by_any_of_its_names(tmp_path: Path, name: str) -> None:
    trial = make_trial("LAKE-06", LAKE, "NCT00", aliases=["Long-term aspirin"])
    merged = merge(tmp_path, make_document("a", trial, make_trial("RIVER", RIVER)))
    assert find_trial(merged, name).label == "LAKE-06"


def test_a_name_goes_before_another_name(tmp_path: Path) -> None:
    merged = merge(tmp_path, make_document("a", make_trial("LAKE", LAKE), make_trial("RIVER", aliases=["LAKE"])))
    assert find_trial(merged, "LAKE").registry_ids == (LAKE,)


def test_a_name_that_is_not_there_is_told_with_names_that_are_near(tmp_path: Path) -> None:
    merged = merge(tmp_path, make_document("a", make_trial("LAKE-06", LAKE), make_trial("RIVER\x1b[2J")))
    with pytest.raises(ExtractError, match=r"^no trial 'lake'; did you mean LAKE-06\?$"):
        find_trial(merged, "lake")
    with pytest.raises(ExtractError, match="did you mean RIVER\ufffd"):
        find_trial(merged, "river")
    for nothing in ("xylophone", ""):
        with pytest.raises(ExtractError, match=r"lists the 2 there are$"):
            find_trial(merged, nothing)


def test_a_name_of_several_trials_is_told_with_what_finds_each(tmp_path: Path) -> None:
    documents = [make_document(name, make_trial("LAKE", number)) for name, number in (("a", LAKE), ("b", RIVER))]
    merged = merge(tmp_path, *documents)
    with pytest.raises(ExtractError, match=rf"'lake' is the name of 2 trials: LAKE \({LAKE}\), LAKE \({RIVER}\)$"):
        find_trial(merged, "lake")
    assert [find_trial(merged, each.label) for each in merged] == merged
    assert find_trial(merged, RIVER).documents[0].document_id == "b"


def test_labels_differ_even_where_names_and_numbers_do_not(tmp_path: Path) -> None:
    documents = [
        make_document("a", make_trial("LAKE", aliases=["POND"]), make_trial("LAKE-06")),
        make_document("b", make_trial("LAKE"), make_trial("LAKE-06")),
        make_document("c", make_trial("+"), make_trial("-")),
    ]
    labels = [each.label for each in merge(tmp_path, *documents)]

    assert len(set(labels)) == len(labels) == 5
