"""Deciding, undoing and redoing in any order: as in any editor, each person by themselves."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.decisions.places import anchor_row, placed_rows
from extract.decisions.store import Decisions

from .making import make

TEXT, TABLES = make("Rates were [outcome 1%|arm=a], [outcome 2%|arm=b] and [outcome 3%|arm=c] in all.")
PLACED = placed_rows(TABLES)
PEOPLE = ("Anna", "Ben")
STEPS = st.one_of(
    st.tuples(st.just("decide"), st.sampled_from(PEOPLE), st.integers(0, 2), st.sampled_from(("accept", "reject"))),
    st.tuples(st.sampled_from(("undo", "redo")), st.sampled_from(PEOPLE)),
)


class Editor:
    """What a person has done and can undo or redo."""

    def __init__(self) -> None:
        self.done: list[tuple[int, str]] = []
        self.undone: list[tuple[int, str]] = []

    def standing(self) -> dict[int, str]:
        return dict(self.done)


@settings(max_examples=40)
@given(st.lists(STEPS, max_size=16))
def test_the_log_does_what_an_editor_does(steps: list[tuple[str, ...]]) -> None:
    editors = {name: Editor() for name in PEOPLE}
    with tempfile.TemporaryDirectory() as folder, Decisions(Path(folder)) as log:
        log._log.all("PRAGMA synchronous = OFF")
        for action, name, *what in steps:
            editor = editors[name]
            if action == "decide":
                _decide(log, name, *what)
                editor.done.append((what[0], what[1]))
                editor.undone.clear()
            elif action == "undo":
                made = log.undo("review", reviewer=name)
                assert (made is None) == (not editor.done)
                if editor.done:
                    editor.undone.append(editor.done.pop())
            else:
                made = log.redo("review", reviewer=name)
                assert (made is None) == (not editor.undone)
                if editor.undone:
                    editor.done.append(editor.undone.pop())
        subjects = {each.subject_id: each.snapshot for each in log.subjects("review")}
        for name, editor in editors.items():
            standing = {
                PLACED.index(next(row for row in PLACED if row.row == subjects[each.subject_id])): each.action
                for each in log.history("review")
                if each.reviewer == name and not each.is_undone
            }
            assert standing == editor.standing()


def _decide(log: Decisions, name: str, index: int, action: str) -> None:
    placed = PLACED[index]
    standing = [
        each.decision_id
        for each in log.history("review")
        if each.reviewer == name and not each.is_undone and each.seen == placed.row
    ]
    log.decide(
        *("review", "outcomes"),
        reviewer=name,
        action=action,
        anchor=anchor_row(TEXT, placed),
        row=placed.row,
        base=max(standing, default=0),
    )
