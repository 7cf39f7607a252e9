"""What was recognised in a review, grouped for people: by label and by what it stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extract.records import PROMISED
from extract.sinks.html.views import ReviewView, Row

_KINDS = {"TRIAL": "trial", "REGISTRY_ID": "registry", "DOSE": "agent", "PERCENT": "role", "ENDPOINT": "code"}
_ABOUT = (
    "role", "code", "value", "low", "high", "unit", "bound", "implicit", "agent", "registry", "normalized", "valid",
    "reason", "meant", "trial",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MentionGroup:
    """Mentions that stand for one thing: its name, the ids of the mentions and the different words."""

    name: str
    mentions: tuple[str, ...]
    surfaces: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class LabelGroups:
    """A label with what it was given to."""

    label: str
    count: int
    groups: tuple[MentionGroup, ...]


def mention_groups(view: ReviewView) -> list[LabelGroups]:
    """The promised labels with their groups, the largest first."""
    found = []
    for label in PROMISED:
        groups: dict[str, list[Row]] = {}
        for row in view.tables["mentions"]:
            if row["label"] == label:
                groups.setdefault(row[_KINDS[label]] or "not stated", []).append(row)
        ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        count = sum(map(len, groups.values()))
        found.append(LabelGroups(str(label), count, tuple(_group(name, rows) for name, rows in ordered)))
    return found


def mentions_of(view: ReviewView, units: Callable[[int], int]) -> dict[str, list[object]]:
    """For the page's script: of each mention its label, start and end (UTF-16) and what is known about it."""
    return {
        row["mention_id"]: [
            row["label"],
            units(row["start"]),
            units(row["end"]),
            {name: row[name] for name in _ABOUT if row.get(name) is not None},
        ]
        for row in view.tables["mentions"]
        if row["label"] in PROMISED
    }


def _group(name: str, rows: list[Row]) -> MentionGroup:
    surfaces: dict[str, int] = {}
    for row in rows:
        surface = " ".join(row["quote"].split())
        surfaces[surface] = surfaces.get(surface, 0) + 1
    return MentionGroup(name, tuple(row["mention_id"] for row in rows), tuple(surfaces.items()))
