"""The baseline: how many mentions and records were right when it was last agreed on, so that a loss is seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from extract.errors import GoldError
from extract.evaluation import Evaluation, baseline_of, compare_baseline
from extract.evaluation.changes import EVERYWHERE, Baseline
from extract.sinks.tables import open_atomically


def update_baseline(path: Path, evaluation: Evaluation) -> None:
    """Put the evaluation's counts into the baseline; documents and labels that were not scored keep theirs."""
    counts = read_json(path) if path.exists() else {}
    for document_id, fresh in baseline_of(evaluation).items():
        counts[document_id] = counts.get(document_id, {}) | fresh
    with open_atomically(path) as stream:
        stream.write(json.dumps(dict(sorted(counts.items())), ensure_ascii=False, indent=2) + "\n")


def check_baseline(path: Path, evaluation: Evaluation) -> list[str]:
    """One line for each label or score that fell in a document or in all of them together."""
    return find_losses(read_json(path), evaluation)


def find_losses(baseline: Baseline, evaluation: Evaluation) -> list[str]:
    """The same, with the baseline's counts."""
    groups = {document_id: [document_id] for document_id in baseline} | {EVERYWHERE: list(baseline)}
    return compare_baseline(evaluation, baseline, groups=groups)


def read_json(path: Path) -> dict[str, Any]:
    """A file with a JSON object; GoldError where it is none."""
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise GoldError(f"{path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{path}: not JSON: {error}") from error
    if not isinstance(content, dict):
        raise GoldError(f"{path}: not a JSON object")
    return content
