"""A decision finds its row again: text moved, rows numbered anew, fields changed, sentences that stand twice."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.decisions.attaching import Attached, attach, locate
from extract.decisions.entries import Subject
from extract.decisions.places import PlacedRow, anchor_at, anchor_row, placed_rows

from .making import make

SENTENCES = (
    "Overall survival at two years was [outcome 66.2%|arm=placebo] in the control group.",
    "Of all patients, [outcome 43|n=18] relapsed and [outcome 12|n=5] died of infection.",
    "Patients received [dose 15 mg|agent=alpelisib] daily or [dose 30 mg|agent=alpelisib] weekly.",
    "In [trial NORTH-7|registry_ids=NCT00000007] the follow-up was short.",
    "Response and survival were [outcome 71%|endpoint=CR][outcome +|endpoint=OS] with the drug.",
    "The review by Winter names [mention survival] and [mention remission|code=CR] as endpoints.",
)
FILLERS = (
    "No figures stand in this sentence at all.",
    "A second group of 30 mg was planned, survival was 66.2% before.",
    "Methods are told elsewhere; see the supplement for 71% of them.",
)
texts = st.lists(st.sampled_from(range(len(SENTENCES))), min_size=1, max_size=6, unique=True)


def subjects_of(text: str, rows: Sequence[PlacedRow]) -> list[Subject]:
    """A subject for each row, numbered from 1 in their order."""
    return [
        Subject(number, "review", placed.table, "machine", anchor_row(text, placed), placed.row)
        for number, placed in enumerate(rows, start=1)
    ]


def found(text: str, rows: Sequence[PlacedRow], subjects: Sequence[Subject]) -> list[int | None]:
    attached = attach(text, rows, subjects)
    return [attached[subject.subject_id].row for subject in subjects]


def same_rows(before: Sequence[PlacedRow], after: Sequence[PlacedRow]) -> list[int]:
    """For each row the index of the one that says the same, in the same order among those that do."""

    def keys(rows: Sequence[PlacedRow]) -> list[tuple[object, int]]:
        said = [
            (each.table, {**each.row, "record_id": 0, "mention_id": 0, "start": 0, "end": 0}.__repr__())
            for each in rows
        ]
        return [(key, said[:index].count(key)) for index, key in enumerate(said)]

    return [keys(after).index(key) for key in keys(before)]


@given(chosen=texts, data=st.data())
def test_rows_are_found_again_when_text_is_inserted_or_deleted_elsewhere(
    chosen: list[int], data: st.DataObject
) -> None:
    pieces = [SENTENCES[index] for index in chosen]
    text, tables = make(" ".join(pieces))
    rows = placed_rows(tables)
    for at in sorted(data.draw(st.sets(st.integers(0, len(pieces)), max_size=3)), reverse=True):
        pieces.insert(at, data.draw(st.sampled_from(FILLERS)))
    text_now, tables_now = make(" ".join(pieces))
    rows_now = placed_rows(tables_now)
    assert found(text_now, rows_now, subjects_of(text, rows)) == same_rows(rows, rows_now)
    # And back: what was inserted is deleted.
    assert found(text, rows, subjects_of(text_now, rows_now)) == same_rows(rows_now, rows)


@given(st.permutations(range(len(SENTENCES))))
def test_rows_are_found_again_when_they_are_numbered_anew(order: list[int]) -> None:
    text, tables = make(" ".join(SENTENCES))
    rows = placed_rows(tables)
    text_now, tables_now = make(" ".join(SENTENCES[index] for index in order))
    rows_now = placed_rows(tables_now)
    assert found(text_now, rows_now, subjects_of(text, rows)) == same_rows(rows, rows_now)


@given(
    copies=st.integers(2, 5),
    decided=st.sets(st.integers(0, 9), min_size=1),
    before=st.sampled_from(("", *FILLERS)),
    sentence=st.sampled_from(SENTENCES),
)
def test_of_sentences_that_stand_several_times_each_decision_finds_its_own(
    copies: int, decided: set[int], before: str, sentence: str
) -> None:
    text, tables = make(" ".join([sentence] * copies))
    rows = placed_rows(tables)
    subjects = [each for each in subjects_of(text, rows) if each.subject_id - 1 in decided]
    text_now, tables_now = make(" ".join([before, *[sentence] * copies]))
    assert found(text_now, placed_rows(tables_now), subjects) == [each.subject_id - 1 for each in subjects]


@given(chosen=texts, gone=st.sets(st.integers(0, 20)))
def test_a_row_that_is_gone_gives_its_decision_to_no_other(chosen: list[int], gone: set[int]) -> None:
    text, tables = make(" ".join(SENTENCES[index] for index in chosen))
    rows = placed_rows(tables)
    left = [row for index, row in enumerate(rows) if index not in gone]
    attached = found(text, left, subjects_of(text, rows))
    for index, row in enumerate(rows):
        alike = [each for each in left if each.place == row.place and each.table == row.table]
        if row in left:
            assert attached[index] == left.index(row)
        elif not alike:
            assert attached[index] is None
    taken = [index for index in attached if index is not None]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize(
    "after",
    [
        "Survival was [outcome 66.2%|arm=control] in 2019.",  # another arm
        "Survival was [outcome 66.2%|arm=placebo,timepoint=P2Y] in 2019.",  # a time
        "Survival was [outcome 66.2%|arm=placebo,endpoint=PFS] in 2019.",  # another endpoint
        "Survival was [outcome 66.2|arm=placebo]% in 2019.",  # a narrower place
        "Survival was at last [outcome 66.2%|arm=placebo] in the year 2019.",  # other words beside it
    ],
)
def test_a_row_whose_fields_or_surroundings_changed_is_the_same(after: str) -> None:
    text, tables = make("Survival was [outcome 66.2%|arm=placebo] in 2019.")
    text_now, tables_now = make(after)
    assert found(text_now, placed_rows(tables_now), subjects_of(text, placed_rows(tables))) == [0]


@pytest.mark.parametrize(
    "after",
    [
        "Survival was 66.2% in 2019.",  # no row there any more
        "Survival was [mention 66.2%] in 2019.",  # of another table
        "Survival was [outcome 66.2%|endpoint=CR,n=12] in 2019.",  # a count of something else
    ],
)
def test_another_row_at_the_same_place_is_another(after: str) -> None:
    text, tables = make("Survival was [outcome 66.2%|arm=placebo] in 2019.")
    text_now, tables_now = make(after)
    assert found(text_now, placed_rows(tables_now), subjects_of(text, placed_rows(tables))) == [None]


def test_rows_at_one_place_are_told_apart_by_what_they_say() -> None:
    text, tables = make("Rates were [outcome 71%|endpoint=CR,arm=drug][outcome +|endpoint=OS,arm=drug] in all.")
    text_now, tables_now = make("Rates were [outcome 71%|endpoint=OS,arm=drug][outcome +|endpoint=CR,arm=both] in all.")
    assert found(text_now, placed_rows(tables_now), subjects_of(text, placed_rows(tables))) == [1, 0]


def test_a_trial_is_known_by_its_name_wherever_it_stands() -> None:
    text, tables = make("Later [trial NORTH-7|registry_ids=NCT00000007] was run, as was [trial SOUTH-2].")
    text_now, tables_now = make("A word on [trial South 2] first. We come to [trial NORTH-7] after it.")
    assert found(text_now, placed_rows(tables_now), subjects_of(text, placed_rows(tables))) == [1, 0]


def test_a_trial_with_another_name_is_known_by_its_registry_number() -> None:
    text, tables = make("The trial [trial NCT00000007|registry_ids=NCT00000007] was run.")
    text_now, tables_now = make("The [trial NORTH-7|registry_ids=NCT00000007] trial.")
    assert found(text_now, placed_rows(tables_now), subjects_of(text, placed_rows(tables))) == [0]


def test_words_in_other_surroundings_are_other_words() -> None:
    text = "Survival was 66.2% in the control group of this trial."
    anchor = anchor_at(text, text.index("66.2%"), text.index("66.2%") + 5)
    assert locate("Quality of life rose, and 66.2% thought so when asked by post.", [anchor]) == [None]
    assert locate("Nothing of the kind.", [anchor]) == [None]


def test_of_similar_surroundings_the_most_similar_count() -> None:
    text = "Survival was 66.2% in the control group of this trial."
    anchor = anchor_at(text, 13, 18)
    now = "Survival is 66.2% in a group. Later survival was 66.2% in the control group of a trial."
    assert locate(now, [anchor]) == [(now.rindex("66.2%"), now.rindex("66.2%") + 5)]


def test_a_copy_that_was_added_does_not_move_a_decision() -> None:
    sentence = "Of all who were treated in either group, 66.2% were alive in the end, as the table below tells."
    filler = "Something else is told here at some length, so that the copies stand apart from each other. "
    text = f"{sentence} {filler * 3}{sentence} The end."
    second = text.rindex("66.2%")
    anchor = anchor_at(text, second, second + 5)
    assert (anchor.nth, anchor.of) == (1, 2)
    beside = anchor_at(text, text.index("The end"), text.index("The end") + 7)
    now = f"{filler * 5}{sentence} {filler * 3}{sentence} The end. {filler}{sentence}"
    places = locate(now, [anchor, beside])
    assert places[0] is not None
    assert places[0].start == text.rindex("66.2%") + len(filler) * 5


def test_a_selection_loses_the_white_space_at_its_ends() -> None:
    anchor = anchor_at("a  66% b", 1, 7)
    assert (anchor.quote, anchor.start, anchor.end) == ("66%", 3, 6)


def test_added_rows_are_found_but_have_no_row() -> None:
    text = "Deaths were 12% in all."
    subject = Subject(1, "review", "outcomes", "person", anchor_at(text, 12, 15), None)
    assert attach(f"First. {text}", [], [subject]) == {1: Attached(None, (19, 22))}
