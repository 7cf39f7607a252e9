"""Counts of an evaluation beside those of the baseline: what was gained and what was lost, score by score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from extract.evaluation.report import baseline_of, sum_counts
from extract.evaluation.scores import Evaluation, Score

Verdict = Literal["gain", "loss", "moved", "same"]
Baseline = Mapping[str, Mapping[str, Mapping[str, int]]]  # document, label or score, tp | fp | fn

EVERYWHERE = "all documents"


@dataclass(frozen=True, slots=True)
class Change:
    """One score before and now."""

    document_id: str
    label: str
    before: Score
    now: Score

    @property
    def difference(self) -> float:
        """Of the F1; where there is nothing to find and nothing was found, that is right."""
        before, now = (1.0 if score.f1 is None else score.f1 for score in (self.before, self.now))
        return now - before

    @property
    def verdict(self) -> Verdict:
        """`moved`: other counts with the same F1."""
        if self.before == self.now:
            return "same"
        return "gain" if self.difference > 0 else "loss" if self.difference < 0 else "moved"


@dataclass(frozen=True, slots=True)
class Changes:
    """All scores that stand on both sides, those of all documents together first.

    `absent` are documents of the baseline that were not scored, `fresh` are scored documents without a baseline.
    """

    changes: tuple[Change, ...]
    absent: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()


def find_changes(evaluation: Evaluation, baseline: Baseline) -> Changes:
    """What changed since the baseline, document by document in the order of the evaluation."""
    current = baseline_of(evaluation)
    shared = [document_id for document_id in current if document_id in baseline]
    changes = []
    for document_id, members in {EVERYWHERE: shared, **{each: [each] for each in shared}}.items():
        for label in dict.fromkeys(label for each in members for label in current[each]):
            both = [each for each in members if label in current[each] and label in baseline[each]]
            if both:
                before, now = (sum_counts(counts[each][label] for each in both) for counts in (baseline, current))
                changes.append(Change(document_id, label, before, now))
    return Changes(
        tuple(changes),
        absent=tuple(document_id for document_id in baseline if document_id not in current),
        fresh=tuple(document_id for document_id in current if document_id not in baseline),
    )
