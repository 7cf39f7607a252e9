"""The invariants of DESIGN.md as properties: maps, evidence, determinism, no state, and any Unicode text."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

import extract
from extract.assembly import GROUPS, Extraction, extract_document
from extract.components.grammar import NUMBER_WORDS
from extract.document import ZONES, Document
from extract.pipeline import COMPONENTS, make_doc
from extract.readers import parse_text
from extract.records import PROMISED, Label, Mention
from inline import attributes_of, document_from

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = sorted((ROOT / "corpus" / "samples").glob("*.md"))
# Where the texts of the gold documents may lie: papers that are not free to pass on stand outside the repository.
FOLDERS = tuple(
    ROOT / folder for folder in ("corpus/samples", "corpus/sources", "../shared/corpus", "../shared/corpus/text")
)
GOLD = sorted(path.parent.name for path in (ROOT / "gold").glob("*/mentions.jsonl"))

# Pieces that readers and components look for, in any order and nesting.
PIECES = (
    "EFS", "OS", "CR", "MRD", "died", "two patients", "all", "18/43", "of", "the", "trial", "KESTREL-2", "AALL1731",
    "COG", "NCT01234567", "NCT0123", "2016-000227-71", "ISRCTN12345678", "5", "0.82", "0·82", ".05", "1,568", "1 568",
    "1\u2009568", "12,5", "−0.6", "%", " %", "5%", "71.3 vs. 58.4%", "25–50%", "95% CI", "0.58 to 0.89", "(5)",
    "(2, 45)", "[3-5]", "mg", "mg/m²", "µg/m²/day", "Gy", "5 or 15 µg/m²/day", "busulfan", "TBI", "2-year", "day 100",
    "HR 0.79", "p < 0.05", "±", "<", "≥", "<sup>", "</sup>", "<sup>2</sup>", "<i>", "$", "\\", "\\%", "\\mu",
    "\\text{", "}", "{", "^", "^{2}", "^{", "$\\geq 5\\%$", "*", "**", "_", "|", "|---|---|", "\t", "\n", "\n\n",
    "\r\n", "\r", "\f", "#", "## Results", "Abstract", "References", "Table 1 |", "Keywords:", "Funding",
    "1. Moss A. Lung 2019; 1: 2.", "===== Page 2 =====", "-", "–", "—", "\u00ad", "\u200b", "\u00a0", "\ufeff",
    "\ufb01", "²", "⁻¹", "₂", "\u0301", "é", "漢", "👩", "\u202e", "\U00010400", "(", ")", "[", "]", ".", ",", ";", ":",
    "?", "Fig.", "et al.", "&lt;", "&", "ß", "İ", "ﬃ", "Ⅷ", "½", "٣",
)  # fmt: skip
NASTY = "0123456789.,·%$\\^{}()[]<>|*_#-–−~±²µ \t\n\r\f\u00a0\u00ad\u0301abcXYZ/:;'\"&"
PIECED = st.builds(
    lambda space, pieces: space.join(pieces), st.sampled_from([" ", ""]), st.lists(st.sampled_from(PIECES))
)
ANY = st.one_of(PIECED, st.text(NASTY, max_size=120), st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
# Sentences that hold mentions for sure, in random company.
SENTENCES = (
    "EFS was 66·2% (95% CI 60–72%) in 18/43 patients.",
    "Tacrolimus 5 or 15 $\\mu\\text{g}/\\text{m}^2/\\text{day}$ was given.",
    "Twenty-four per cent relapsed in the KESTREL-2 trial (NCT 01234567, EudraCT 2016–000227–71).",
    "DFS 50 vs. 37 with TBI of 9.9–12 Gy.",
    "Vincristine 1.5 mg/m<sup>2</sup> per dose led to *febrile neutropenia* in 3·1, 4·4 and 2·9%.",
    "Arm\tEFS (%)\tDeath, n (%)\nIron\t55\t20 (10.0)\nTin\t41·5\t3 (1.5)",
    "The e\ufb03cacy was 5\\% and the mor\u00adtality 1 568 of 2 000 patients.",
)
FILLED = st.lists(st.one_of(st.sampled_from(SENTENCES), PIECED), min_size=1, max_size=4).map(
    lambda parts: "## Results\n\n" + "\n\n".join(parts)
)


@cache
def pipeline() -> Language:
    return extract.load()


def run(text: str) -> Extraction:
    return extract_document(parse_text(text), nlp=pipeline())


# ------------------------------------------------------------------------------------------- readers never fail, maps


def assert_mapped(document: Document) -> None:
    """Every segment lies in text and file, in order; only separators and markup stand for nothing."""
    length, size = len(document.text), len(document.source)
    position = 0
    for segment in document.source_map.segments:
        assert position <= segment.start < segment.end <= length
        assert document.text[position : segment.start].strip() == ""
        assert 0 <= segment.source_start <= segment.source_end <= size
        position = segment.end
    assert document.text[position:].strip() == ""
    by_piece: dict[int, int] = {}
    for segment in document.source_map.segments:
        assert segment.source_start >= by_piece.get(segment.piece, 0), "a piece of the file is read backwards"
        by_piece[segment.piece] = segment.source_end
    taken = sorted((s.source_start, s.source_end) for s in document.source_map.segments)
    assert all(first[1] <= second[0] for first, second in pairwise(taken)), "a character of the file is read twice"


def assert_blocks(document: Document) -> None:
    """Blocks are ordered, disjoint, not empty, hold their cells, and leave out only line ends."""
    position = 0
    for block in document.blocks:
        assert position <= block.span.start <= block.span.end <= len(document.text)
        assert document.text[position : block.span.start].strip() == ""
        position = block.span.end
        if block.table is None:
            continue
        edge = block.span.start
        for cell in block.table.cells:
            assert edge <= cell.span.start <= cell.span.end <= block.span.end
            assert document.text[edge : cell.span.start].strip() == ""
            assert cell.row < block.table.n_rows
            assert cell.column < block.table.n_columns
            edge = cell.span.end
    assert document.text[position:].strip() == ""


@given(ANY)
@example("$^{")
@example("a\u0301" * 3 + "%")
@example("|a|\n|-|\n|")
@example("<sup>5" * 5)
def test_any_text_is_read_with_its_map_and_blocks(text: str) -> None:
    document = parse_text(text)
    assert document.source == text
    assert_mapped(document)
    assert_blocks(document)


@given(FILLED)
def test_text_without_markup_leads_to_the_same_characters(text: str) -> None:
    document = parse_text(text)
    for segment in document.source_map.segments:
        piece, source = document.text[segment.start : segment.end], text[segment.source_start : segment.source_end]
        if len(piece) == len(source):
            pairs = zip(piece, source, strict=True)
            assert all(one == other for one, other in pairs if one.isascii() and one.isalnum())


PLAIN_WORDS = st.sampled_from(["Death", "was", "rare", "(5%", "of", "40)", "at", "3-4", "mg;", "OS"])


@given(st.lists(PLAIN_WORDS, min_size=1, max_size=25), st.data())
def test_source_spans_of_plain_words_are_the_words(words: list[str], data: st.DataObject) -> None:
    document = document_from(" ".join(words) + ".")
    start = data.draw(st.integers(0, len(document.text) - 1))
    end = data.draw(st.integers(start + 1, len(document.text)))
    if "\n" in document.text[start:end]:
        return
    spans = document.source_spans(start, end)
    assert [document.source[slice(*span)] for span in spans] == [document.text[start:end]]


# ----------------------------------------------------------------------------------------------- evidence and numbers


def assert_evidence(extraction: Extraction) -> None:
    """Quotes stand where mentions say, inside zones, and lead into the file; mentions of a label do not overlap."""
    document = extraction.document
    for mention in extraction.mentions:
        assert 0 <= mention.start < mention.end <= len(document.text)
        assert document.text[mention.start : mention.end] == mention.quote
        assert mention.quote == mention.quote.strip()
        block = document.block_at(mention.start)
        assert block is not None
        assert block.kind in ZONES
        assert mention.end <= block.span.end
        spans = document.source_spans(mention.start, mention.end)
        assert spans
        assert (mention.source_start, mention.source_end) == (spans[0].start, spans[-1].end)
        assert all(0 <= start < end <= len(document.source) for start, end in spans)
    for label in PROMISED:
        ends = 0
        for mention in (each for each in extraction.mentions if each.label is label):
            assert mention.start >= ends, f"{label} mentions overlap at {mention.quote!r}"
            ends = mention.end


def printed_numbers(quote: str) -> set[str]:
    """The numbers of a quote as values print them."""
    plain = re.sub(r"(?<=\d)[,\u00a0](?=\d{3})", "", quote)
    found = {str(Decimal(number)).lstrip("0") or "0" for number in re.findall(r"\d+(?:\.\d+)?|\.\d+", plain)}
    words = {str(number) for word, number in NUMBER_WORDS.items() if word in quote.lower()}
    return found | words


def assert_no_invented_numbers(mention: Mention) -> None:
    printed = printed_numbers(mention.quote)
    for number in (mention.value, mention.low, mention.high):
        if number is not None:
            digits = str(number.copy_abs()).lstrip("0") or "0"
            assert digits in printed, f"{number} is not printed in {mention.quote!r}"
    if mention.label in {Label.PERCENT, Label.DOSE}:
        assert (mention.value is None) != (mention.low is None and mention.high is None)


@given(FILLED)
@settings(max_examples=400)
def test_every_mention_has_its_evidence_and_no_invented_number(text: str) -> None:
    extraction = run(text)
    assert_evidence(extraction)
    for mention in extraction.promised():
        assert_no_invented_numbers(mention)


@given(ANY)
@settings(max_examples=500)
@example("%" * 50)
@example("5" * 400 + "%")
@example("(" * 200)
@example("1-" * 200 + "%")
@example("NCT" + "0" * 300)
@example("\\" * 99)
@example("5%\u0301")
@example("\u0301%")
@example("\udbff".encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
def test_any_text_is_worked_through(text: str) -> None:
    assert_evidence(run(text))
    pipeline()(text)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_hold_the_invariants(path: Path) -> None:
    extraction = extract_document(extract.read(path), nlp=pipeline())
    assert len(extraction.promised()) > 50
    assert_mapped(extraction.document)
    assert_blocks(extraction.document)
    assert_evidence(extraction)
    for mention in extraction.promised():
        assert_no_invented_numbers(mention)


# ------------------------------------------------------------------------------------------- determinism and no state


def found(doc: Doc) -> list[tuple[str, int, int, object]]:
    return [
        (name, span.start_char, span.end_char, span._.value)
        for name in GROUPS.values()
        for span in doc.spans.get(name, ())
    ]


@given(FILLED)
@settings(max_examples=150)
def test_the_same_text_gives_the_same_document_and_mentions(text: str) -> None:
    assert parse_text(text) == parse_text(text)
    assert run(text) == run(text)


def test_a_second_pipeline_finds_the_same() -> None:
    text = SAMPLES[0].read_text(encoding="utf-8")
    assert extract_document(parse_text(text), nlp=extract.load()).mentions == run(text).mentions


@given(FILLED, FILLED)
@settings(max_examples=150)
def test_components_hold_no_state_of_a_document(one: str, other: str) -> None:
    nlp, document = pipeline(), parse_text(one)
    before = found(make_doc(nlp, document))
    make_doc(nlp, parse_text(other))
    assert found(make_doc(nlp, document)) == before


def test_a_definition_in_one_document_means_nothing_in_the_next() -> None:
    nlp = pipeline()
    text = "The VOLE and the OS were measured. VOLE was 5%."
    before = found(nlp(text))
    nlp("Mycophenolate mofetil (VOLE) and operating system (OS) matter. The VOLE trial (NCT01234567) was positive.")
    assert found(nlp(text)) == before


# ------------------------------------------------------------------------------------------------------------- spaCy


@pytest.mark.parametrize("factory", COMPONENTS)
@given(text=st.one_of(st.sampled_from(SENTENCES), PIECED))
@settings(max_examples=25)
def test_each_factory_alone_keeps_offsets_exact_in_a_blank_pipeline(factory: str, text: str) -> None:
    nlp = alone(factory)
    doc = nlp(text)
    assert doc.text == text
    for group in doc.spans.values():
        for span in group:
            assert text[span.start_char : span.end_char] == span.text
            if factory != "extract_sentences":
                assert attributes_of(span._.value)


@cache
def alone(factory: str) -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe(factory)
    return nlp


@pytest.mark.parametrize("document_id", GOLD)
def test_no_token_straddles_a_gold_mention(document_id: str) -> None:
    named = (folder / f"{document_id}{ending}" for folder in FOLDERS for ending in (".md", ".txt"))
    path = next((each for each in named if each.is_file()), None)
    if path is None:
        pytest.skip(f"the text of {document_id} is not at hand")
    document = extract.read(path)
    doc = pipeline().make_doc(document.text)
    gold = (ROOT / "gold" / document_id / "mentions.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in gold.splitlines()]
    places = text_places(document)
    straddled, unmapped = [], []
    for row in rows:
        place = places.get(row["start"]), places.get(row["end"] - 1)
        if place[0] is None or place[1] is None:
            unmapped.append(row["text"])
        elif doc.char_span(place[0][0], place[1][1]) is None:
            straddled.append(row["text"])
    assert not straddled
    assert (
        len(unmapped) <= len(rows) / 20
    )  # markup at the edge of a mention, and lines that the reader takes for furniture


def text_places(document: Document) -> dict[int, tuple[int, int]]:
    """Offset into the file -> where its character begins and ends in the text."""
    places: dict[int, tuple[int, int]] = {}
    for s in document.source_map.segments:
        if s.end - s.start == s.source_end - s.source_start:
            places |= {s.source_start + n: (s.start + n, s.start + n + 1) for n in range(s.end - s.start)}
        else:
            places |= dict.fromkeys(range(s.source_start, s.source_end), (s.start, s.end))
    return places
