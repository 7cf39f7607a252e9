"""The measures notice what a reader can get wrong: each is tried on a text that was changed in one place."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

from extract.document import BlockKind
from twins.article import Article, Float, Paragraph, Passage, article_of
from twins.measure import SAMPLES, Measured, Original, load_original, measure
from twins.words import Printed, printed_blocks

SAMPLE = SAMPLES / "haematology.md"


class Change(Protocol):
    """Measures the sample with pieces of its text replaced: `changed((old, new), …)`."""

    def __call__(self, *pieces: tuple[str, str]) -> Measured: ...


@pytest.fixture(scope="module")
def text() -> Original:
    found = load_original("haematology")
    assert found is not None
    return found


@pytest.fixture
def changed(text: Original, tmp_path: Path) -> Change:
    def _changed(*pieces: tuple[str, str]) -> Measured:
        source = SAMPLE.read_text(encoding="utf8")
        for old, new in pieces:
            assert source.count(old) == 1, old
            source = source.replace(old, new)
        path = tmp_path / SAMPLE.name
        path.write_text(source, encoding="utf8")
        return measure("changed", text, path)

    return _changed


def told(measured: Measured, kind: str) -> list[str]:
    return [each.told for each in measured.differences() if each.kind.startswith(kind)]


def test_a_text_is_like_itself(changed: Change) -> None:
    same = changed()
    assert list(same.differences()) == []
    assert (same.words.share, same.cells.share, same.rows_alike) == (1, 1, 1)
    assert set(same.losses.values()) == {0}


def test_a_paragraph_cut_in_two_loses_the_smaller_part(changed: Change) -> None:
    cut = changed((" Twenty-six of the 38 patients", "\n\nTwenty-six of the 38 patients"))
    assert cut.words.in_order < cut.words.anywhere < cut.words.printed
    assert len(told(cut, "cut")) == 1


def test_a_word_read_wrongly_is_told_with_what_stands_there(changed: Change) -> None:
    wrong = changed(("Febrile neutropenia (41 vs. 19%)", "Febrile neutro penia (41 vs. 19%)"))
    assert wrong.words.printed - wrong.words.anywhere == 5
    assert any("[neutropenia] read [neutro penia]" in each for each in told(wrong, "words"))


def test_furniture_in_a_paragraph_counts_as_added(changed: Change) -> None:
    added = changed(("were left out.", "were left out. Annals of Trial Reviews volume seven page"))
    assert added.words.added == 7
    assert "annals of trial reviews volume seven page" in told(added, "added")[0]


def test_a_heading_that_is_lost_is_told(changed: Change) -> None:
    lost = changed(("### FLT3 Inhibitors\n\n", ""))
    assert told(lost, "not found") == ["heading: flt3 inhibitors"]


def test_a_heading_in_another_block_has_the_wrong_kind(changed: Change) -> None:
    merged = changed(("### FLT3 Inhibitors\n\n", "FLT3 Inhibitors — "))
    assert told(merged, "kind") == ["heading as paragraph: flt3 inhibitors"]


def test_a_heading_in_the_line_is_told_where_it_was_not_printed_so(text: Original) -> None:
    printed = printed_blocks(text.article, run_in=True)
    assert Printed(BlockKind.HEADING, ("flt3", "inhibitors."), inside=True) in printed
    assert Printed(BlockKind.HEADING, ("multiple", "myeloma")) in printed


def test_cells_count_where_row_and_column_are_right(changed: Change) -> None:
    moved = changed(("| 49 vs. 36 | 81 vs. 77 (4-y) |", "| 81 vs. 77 (4-y) | 49 vs. 36 |"))
    assert moved.cells.printed - moved.cells.exact == 2
    assert len(told(moved, "cell")) == 2


def test_a_lost_reference_is_one_difference(changed: Change) -> None:
    entry = next(line for line in SAMPLE.read_text(encoding="utf8").splitlines() if line.startswith("8. Delacroix"))
    assert told(changed((entry + "\n", "")), "reference") == ["8 lost: Delacroix-Wynn 2022"]


def test_a_trial_name_read_wrongly_lowers_the_score_of_its_label(changed: Change) -> None:
    wrong = changed(("GEMMA-4 (ISRCTN99182736) compared", "Gem-ma4 (ISRCTN99182736) compared"))
    assert wrong.losses["TRIAL"] > 0
    assert wrong.losses["DOSE"] == 0
    assert any("»GEMMA-4«" in each for each in told(wrong, "lost"))


def test_a_caption_that_moved_loses_no_mention(changed: Change) -> None:
    caption = next(line for line in SAMPLE.read_text(encoding="utf8").splitlines() if line.startswith("**FIGURE 1**"))
    moved = changed((f"{caption}\n\n", ""), ("## AUTHOR CONTRIBUTIONS", f"{caption}\n\n## AUTHOR CONTRIBUTIONS"))
    assert moved.losses["TRIAL"] == 0
    assert moved.losses["ENDPOINT"] == 0
    assert moved.words.share == 1


# --------------------------------------------------------------------------------------------------- the article


@pytest.fixture(scope="module")
def article(text: Original) -> Article:
    return text.article


def test_a_paragraph_that_a_table_interrupts_is_whole_and_the_table_follows(article: Article) -> None:
    index = next(number for number, each in enumerate(article.body) if isinstance(each, Float) and each.rows)
    before, table = article.body[index - 1], article.body[index]
    assert isinstance(before, Paragraph)
    assert before.words.text.endswith("second malignancies were noted in the quadruplet arm (9 vs. 5 patients).")
    assert isinstance(table, Float)
    assert [cell.text for cell in table.rows[0]][:3] == ["Trial", "Registry", "N"]
    assert len(table.notes) == 1


def test_runs_keep_what_is_printed_and_text_what_it_means() -> None:
    from extract.readers import parse_text

    source = (
        "# On rates\n\nA Person<sup>1</sup>\n\n## Abstract\n\nAt 10<sup>−5</sup>/mL, *P* was 0·04 (5–7%) with "
        "$\\geq 2$ mg/m<sup>2</sup>.\n\n## Introduction\n\nNothing.\n"
    )
    words: Passage = article_of(parse_text(source)).abstract[0]
    assert words.text == "At 10⁻⁵/mL, P was 0.04 (5-7%) with ≥ 2 mg/m²."
    assert [(run.text, run.script, run.italic) for run in words.runs] == [
        ("At 10", "", False),
        ("−5", "sup", False),
        ("/mL, ", "", False),
        ("P", "", True),
        (" was 0·04 (5–7%) with ≥ 2 mg/m", "", False),
        ("2", "sup", False),
        (".", "", False),
    ]
