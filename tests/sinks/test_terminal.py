"""What the terminal shows: marked or coloured text, the overview, the counts."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract.assembly import Extraction
from extract.records import PROMISED, Label
from extract.sinks.terminal import STYLES, colour_text, mark_text, overview

from .making import make_extraction

MARKED = "The [TRIAL RIALTO] trial\n\n[ENDPOINT OS] was [PERCENT 50%] after [DOSE 5 mg] of [AGENT prednisone]"


def printed(table: Table) -> str:
    console = Console(width=200, file=StringIO())
    console.print(table)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def styled(text: Text) -> list[tuple[str, str]]:
    return [(text.plain[span.start : span.end], str(span.style)) for span in text.spans]


def test_marked_text_is_the_text_with_brackets_and_a_blank_line_between_blocks() -> None:
    text = "[ENDPOINT OS] was [PERCENT 50%]\nThe [TRIAL RIALTO] trial"
    assert mark_text(make_extraction(text), PROMISED) == text.replace("\n", "\n\n")


def test_only_the_labels_asked_for_are_marked() -> None:
    shown = mark_text(make_extraction("[ENDPOINT OS] was [PERCENT 50%]"), [Label.PERCENT])
    assert shown == "OS was [PERCENT 50%]"


def test_mentions_inside_mentions_are_marked_from_outer_to_inner() -> None:
    extraction = make_extraction("[DOSE prednisone 5 mg] daily")
    inner = extraction.mentions[0].model_copy(update={"label": Label.AGENT, "quote": "prednisone", "end": 10})
    nested = Extraction(extraction.document, (*extraction.mentions, inner))
    assert mark_text(nested, list(Label)) == "[DOSE [AGENT prednisone] 5 mg] daily"


def test_coloured_text_has_a_legend_and_each_mention_in_the_colour_of_its_label() -> None:
    text = colour_text(make_extraction(MARKED), PROMISED)
    assert text.plain.split("\n")[0].split() == [str(label) for label in PROMISED]
    spans = styled(text)
    assert ("RIALTO", STYLES[Label.TRIAL]) in spans
    assert ("50%", STYLES[Label.PERCENT]) in spans
    assert not any(quote == "prednisone" for quote, _ in spans)


@pytest.mark.parametrize("label", PROMISED)
def test_every_promised_label_has_a_colour_of_its_own(label: Label) -> None:
    assert [other for other in PROMISED if STYLES[other] == STYLES[label]] == [label]


def test_control_characters_do_not_reach_the_terminal_and_do_not_shift_the_marks() -> None:
    extraction = make_extraction("a\x07b\x1b[2J [PERCENT 50%]")
    assert mark_text(extraction, PROMISED) == "a�b�[2J [PERCENT 50%]"
    assert ("50%", STYLES[Label.PERCENT]) in styled(colour_text(extraction, PROMISED))


def test_the_overview_counts_surfaces_and_tells_what_is_malformed() -> None:
    malformed = {"registry": "NCT", "valid": False, "reason": "7 digits, 8 expected", "meant": "NCT:NCT02187354"}
    extraction = make_extraction(
        "[REGISTRY_ID NCT0218735], [REGISTRY_ID NCT02187354], [ENDPOINT OS] and [ENDPOINT OS]",
        NCT0218735=malformed,
        NCT02187354={"registry": "NCT", "valid": True},
        OS={"code": "OS"},
    )
    shown = printed(overview(extraction, PROMISED))
    assert "OS ×2" in shown
    assert "NCT0218735 (malformed: 7 digits, 8 expected; meant NCT:NCT02187354) · NCT02187354" in shown


def test_the_overview_of_many_surfaces_says_how_many_are_left_out() -> None:
    marked = " ".join(f"[PERCENT {number}%]" for number in range(30))
    assert "· 18 more" in printed(overview(make_extraction(marked), PROMISED))


def test_markup_of_the_terminal_library_in_a_review_is_text() -> None:
    extraction = make_extraction("[TRIAL /red]", _red={"trial": "[bold]"})
    assert "[bold]" in printed(overview(extraction, PROMISED))
