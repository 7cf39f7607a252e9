"""The model folder and its card: `spacy.load` opens it, and every figure was measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy

import extract
from extract.cli import main
from extract.errors import OutputError
from extract.model import build_model, model_card
from extract.pipeline import COMPONENTS
from extract.records import Label

ROOT = Path(__file__).resolve().parent.parent
TEXT = "# Review\n\n## Results\n\nIn 43 children (NCT02187354), 2-year survival was 71.3 vs. 58.4%.\n"


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Gold of one registry id that the program finds and one trial that it cannot."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "small.md").write_text(TEXT, encoding="utf-8")
    folder = tmp_path / "gold" / "small"
    folder.mkdir(parents=True)
    rows = [
        {"label": "TRIAL", "text": "children", "trial": "children"},
        {"label": "REGISTRY_ID", "text": "NCT02187354", "registry": "NCT", "valid": True},
    ]
    for row in rows:
        row["start"] = TEXT.index(str(row["text"]))
        row["end"] = int(row["start"]) + len(str(row["text"]))
        row["line"] = 5
    (folder / "mentions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path / "gold"


def build(gold: Path, folder: Path, *, corpus: str = "corpus") -> str:
    """The model card of a build."""
    card = folder.parent / "card.md"
    build_model(folder, card=card, gold=gold, corpora=[gold.parent / corpus])
    return card.read_text(encoding="utf-8")


def test_spacy_opens_the_model_and_it_marks_what_the_program_marks(gold: Path, tmp_path: Path) -> None:
    build(gold, tmp_path / "models" / "review_trials")
    nlp = spacy.load(tmp_path / "models" / "review_trials")
    assert tuple(nlp.pipe_names) == COMPONENTS
    document = extract.read(ROOT / "corpus" / "samples" / "cardiology.md")
    loaded = extract.extract_document(document, nlp=nlp)
    assert loaded == extract.extract_document(document)


def test_the_card_has_the_scores_that_were_measured(gold: Path, tmp_path: Path) -> None:
    card = build(gold, tmp_path / "model")
    assert "| REGISTRY_ID | 1 | 1.000 | 1.000 | 1.000" in card
    assert "| TRIAL | 1 | – | 0.000 | 0.000" in card
    meta = json.loads((tmp_path / "model" / "meta.json").read_text(encoding="utf-8"))
    assert meta["performance"]["registry_id_f"] == 1
    assert meta["version"] == extract.__version__


def test_a_card_without_texts_says_that_nothing_was_measured(gold: Path, tmp_path: Path) -> None:
    assert "Not measured" in build(gold, tmp_path / "model", corpus="nowhere")


def test_first_run_scores_stand_beside_those_of_now(
    gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["evaluate", "--gold", str(gold), "--corpus", str(gold.parent / "corpus"), "--json"])
    first = json.loads(capsys.readouterr().out)
    first["documents"]["small"]["labels"]["REGISTRY_ID"]["strict"]["f1"] = 0.5
    (gold / "first_run.json").write_text(json.dumps(first), encoding="utf-8")
    assert "| small | REGISTRY_ID | 0.500 | 1.000 |" in build(gold, tmp_path / "model")


def test_a_card_without_a_first_run_says_so() -> None:
    assert "Not recorded." in model_card(None)


def test_an_earlier_model_is_replaced(gold: Path, tmp_path: Path) -> None:
    build(gold, tmp_path / "model")
    (tmp_path / "model" / "stale.txt").write_text("", encoding="utf-8")
    build(gold, tmp_path / "model")
    assert not (tmp_path / "model" / "stale.txt").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["card.md", "corpus", "gold", "model"]


def test_a_folder_with_anything_else_is_left_alone(gold: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="holds something else than a model"):
        build(gold, tmp_path / "corpus")
    assert (tmp_path / "corpus" / "small.md").exists()


def test_two_builds_give_the_same_bytes(gold: Path, tmp_path: Path) -> None:
    first, second = (build(gold, tmp_path / name / "model") for name in ("a", "b"))
    assert first == second
    for path in (tmp_path / "a" / "model").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes(), path.name


def test_the_command_puts_the_card_into_the_folder_that_is_named(
    gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--gold", str(gold), "--corpus", str(gold.parent / "corpus")]
    assert main(["model", "build", "-o", str(tmp_path / "model"), *places]) == 0
    assert (tmp_path / "model" / "README.md").read_text(encoding="utf-8").startswith("# review_trials")
    assert "gold documents scored: 1" in capsys.readouterr().err


def test_the_card_names_every_promised_label(gold: Path, tmp_path: Path) -> None:
    card = build(gold, tmp_path / "model")
    assert [
        label for label in ("TRIAL", "REGISTRY_ID", "DOSE", "PERCENT", "ENDPOINT") if f"| {Label[label]} |" not in card
    ] == []
