"""The pipeline as a folder that `spacy.load` opens, with a model card whose figures the build measured itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language

from extract import __version__
from extract.assembly import Extraction, extract_document
from extract.errors import GoldError, OutputError
from extract.evaluation import Evaluation, evaluate_gold, to_json
from extract.pipeline import COMPONENTS, load
from extract.readers import read
from extract.records import PROMISED
from extract.sinks.baseline import read_json
from extract.sinks.markdown import ratio, record_table, score_table
from extract.sinks.tables import open_atomically

NAME = "review_trials"
FIRST_RUN = "first_run.json"  # beside the gold: `extract evaluate --json` on texts that no rule had seen
DESCRIPTION = "Marks trials, registry ids, doses, percentages and endpoints in clinical review articles."


def build_model(folder: Path, *, card: Path, gold: Path, corpora: Sequence[Path]) -> Evaluation | None:
    """Write the pipeline to `folder` and its model card to `card`; returns what was measured for it.

    The gold whose texts lie in `corpora` is scored; None, and a card that says so, where none is at hand. An earlier
    model in `folder` is replaced. Raises OutputError where `folder` holds anything else, GoldError where the gold does
    not fit its texts.
    """
    folder = folder.resolve()
    nlp = load()
    evaluation = measure(nlp, gold, corpora)
    nlp.meta.update(
        name=NAME,
        version=__version__,
        description=DESCRIPTION,
        author="The extract maintainers",
        license="MIT",
        requirements=[f"review-extract=={__version__}"],
        performance=_performance(evaluation),
    )
    _replace_folder(folder, nlp.to_disk)
    with open_atomically(card) as stream:
        stream.write(model_card(evaluation, first_run=_read_first_run(gold / FIRST_RUN)))
    return evaluation


def measure(nlp: Language, gold: Path, corpora: Sequence[Path]) -> Evaluation | None:
    """The scores of a pipeline on the gold whose texts are at hand, None without any."""

    def extract_file(path: Path) -> Extraction:
        return extract_document(read(path), nlp=nlp)

    evaluation = evaluate_gold(gold, corpora, extract_file)
    return evaluation if evaluation.documents else None


def model_card(evaluation: Evaluation | None, *, first_run: dict[str, Any] | None = None) -> str:
    """The model card as Markdown."""
    return "\n\n".join([_INTRODUCTION, _scores(evaluation), _first_run(evaluation, first_run), _LIMITS]) + "\n"


_INTRODUCTION = f"""# {NAME} {__version__}

{DESCRIPTION} Made by `extract model build`; every figure below was measured by that command.

## What it is

A spaCy pipeline of rules and lexicons. It has no trained weights: the same text always gives the same mentions, each of
which can be traced to a rule or a lexicon row. Language: English. Licence: MIT. `spacy.load` opens the folder where the
package `review-extract` is installed; spans stand in `doc.spans`, their typed value in `span._.value`.

Components, in order: {", ".join(f"`{name}`" for name in COMPONENTS)}.

## Intended use

To draft extraction tables for systematic reviews and evidence maps that a person then checks against the text, each row
with the place it comes from. Not for clinical decisions, and not as the only reader of a review."""

_LIMITS = """## Limits

- The rules were written and corrected while looking at the documents scored above, except for the first-run scores:
  expect new texts to score nearer to the first run.
- Gold covers oncology, haematology, transplantation, cardiology and respiratory medicine. Other fields rest on the
  lexicons and on the grammar alone; outcomes without a name of their own are missed more often there.
- A row is bound by grammar to outcome, arm, time and study. What no rule settles stays empty; `extract coverage` lists
  what is in no row.
- English only. Text and Markdown only: figures are not read."""

_RECORDS = """Rows: the core of a row is its place, outcome, statistic and value; a whole row has arm, comparator, time,
study, total and statistics right as well. Fields are judged on the rows whose core is right."""


def _scores(evaluation: Evaluation | None) -> str:
    if evaluation is None:
        return "## Scores\n\nNot measured: no text of the gold was at hand when this card was made."
    names = ", ".join(document.document_id for document in evaluation.documents)
    parts = [
        "## Scores",
        "A mention counts as correct only with the same first and last character and label as in the gold. Intervals"
        " are 95% bootstrap intervals over blocks of text; attributes are judged on the correct mentions.",
        f"### All documents ({names})",
        score_table(evaluation),
        _RECORDS,
        record_table(evaluation),
    ]
    if evaluation.missing:
        parts.append(f"Not at hand and not scored: {', '.join(evaluation.missing)}.")
    for document in evaluation.documents:
        parts += [f"### {document.document_id}", score_table(evaluation, document_id=document.document_id)]
        parts.append(record_table(evaluation, document_id=document.document_id))
        if any(document.left_out):
            gold, predicted = document.left_out
            parts.append(
                f"Hard-wrapped text: {gold} gold and {predicted} predicted mentions left out, as the guidelines say."
            )
    return "\n\n".join(parts)


def _first_run(evaluation: Evaluation | None, first_run: dict[str, Any] | None) -> str:
    """F1 on texts before any rule had seen them, beside the F1 measured now on the same documents."""
    heading = "## First run on unseen texts"
    if first_run is None:
        return f"{heading}\n\nNot recorded."
    tuned = {} if evaluation is None else to_json(evaluation)["documents"]
    lines = ["| document | label | F1 at first run | F1 now |", "|---|---|---:|---:|"]
    for document_id, scores in first_run["documents"].items():
        for label, row in scores["labels"].items():
            now = tuned.get(document_id, {}).get("labels", {}).get(label, {}).get("strict", {}).get("f1")
            lines.append(f"| {document_id} | {label} | {ratio(row['strict']['f1'])} | {ratio(now)} |")
    told = (
        "These documents were annotated before the program first read them. What it scored then tells more about new"
        " texts than what it scores now."
    )
    return "\n\n".join([heading, told, "\n".join(lines)])


def _read_first_run(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    scores = read_json(path)
    if not isinstance(scores.get("documents"), dict):
        raise GoldError(f"{path}: not what `extract evaluate --json` prints")
    return scores


def _performance(evaluation: Evaluation | None) -> dict[str, float | None]:
    """Strict scores under names as spaCy's training gives them."""
    if evaluation is None:
        return {}
    rows = {row.label: row.strict for row in evaluation.rows if row.label in PROMISED}
    return {
        f"{label.lower()}_{short}": value
        for label, score in rows.items()
        for short, value in (("p", score.precision), ("r", score.recall), ("f", score.f1))
    }


def _replace_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make the folder beside its place, then put it there; an earlier model makes room."""
    if folder.exists() and not (folder / "meta.json").is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise OutputError(f"{folder}: holds something else than a model; name another folder")
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        write(fresh)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.replace(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
