"""The pipeline: its visible order, its tokenizer, each factory alone, and our components behind a foreign base."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language

import extract
from extract.assembly import GROUPS
from extract.components import values
from extract.pipeline import COMPONENTS, make_doc
from extract.records import PROMISED, Label
from inline import document_from

SENTENCE = (
    "EFS was 66.2% (95% CI 60 to 72) in 18/43 patients of the KESTREL trial (NCT01234567) given methotrexate 15 mg/m²"
    " for 2 years (5)."
)
EXPECTED = {
    "trials": ["KESTREL"],
    "registry_ids": ["NCT01234567"],
    "doses": ["15 mg/m²"],
    "endpoints": ["EFS"],
    "agents": ["methotrexate"],
    "durations": ["2 years"],
    "counts": ["18/43"],
    "citations": ["(5)"],
}


def test_load_gives_the_components_in_their_order() -> None:
    assert tuple(extract.load().pipe_names) == COMPONENTS


def test_every_label_has_its_group_and_the_five_are_promised(nlp: Language) -> None:
    assert set(GROUPS) == set(Label)
    assert {label.value for label in PROMISED} == {"TRIAL", "REGISTRY_ID", "DOSE", "PERCENT", "ENDPOINT"}
    doc = nlp(SENTENCE)
    assert set(GROUPS.values()) <= set(doc.spans)
    for label, name in GROUPS.items():
        assert all(span.label_ == label and span._.value is not None for span in doc.spans[name])


def test_a_sentence_with_everything(nlp: Language) -> None:
    doc = nlp(SENTENCE)
    assert {name: [span.text for span in doc.spans[name]] for name in EXPECTED} == EXPECTED
    assert [span.text for span in doc.spans["percents"]] == ["66.2%", "95%", "60 to 72"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "  two  spaces ",
        "15µg/m²/day",
        "NCT01234567and",
        "5-10mg",
        "tab\tand\nline",
        "a\u00a0b",
        "é and 漢字",
        "👩‍⚕️ 5%",
        "x₂ 10⁹/L",
    ],
)
def test_the_tokenizer_keeps_every_character(nlp: Language, text: str) -> None:
    doc = nlp.make_doc(text)
    assert doc.text == text
    assert "".join(token.text_with_ws for token in doc) == text


@pytest.mark.parametrize("quote", ["15", "µg", "m²", "7", "10", "mg", "NCT01234567", "AB-12", "66·2%"])
def test_no_token_straddles_a_mention(nlp: Language, quote: str) -> None:
    text = "Given 15µg/m²/day and 7-10mg(NCT01234567)in AB-12x:66·2%."
    start = text.index(quote)
    assert nlp.make_doc(text).char_span(start, start + len(quote)) is not None


@pytest.mark.parametrize(
    ("factory", "name", "text", "quotes"),
    [
        ("extract_sentences", "sentences", "Death was rare. Stroke was not.", ["Death was rare.", "Stroke was not."]),
        ("extract_abbreviations", "abbreviations", "Ejection fraction (EF) fell.", ["EF"]),
        ("extract_citations", "citations", "Statins help (5).", ["(5)"]),
        ("extract_registry_ids", "registry_ids", "See NCT01234567, now.", ["NCT01234567"]),
        ("extract_agents", "agents", "Give metformin-based therapy.", ["metformin"]),
        ("extract_trials", "trials", "In the KESTREL-2 trial, death was rare.", ["KESTREL-2"]),
        ("extract_doses", "doses", "Given 15mg/m²/day or 5-10mg.", ["15mg/m²/day", "5-10mg"]),
        ("extract_durations", "durations", "The 2-year rate.", ["2-year"]),
        ("extract_statistics", "statistics", "It fell (HR 0.79).", ["HR 0.79"]),
        ("extract_percents", "percents", "It was 71.3 vs. 58.4% or 25-50%.", ["71.3", "58.4%", "25-50%"]),
        ("extract_counts", "counts", "Of all, 18/43 died.", ["18/43"]),
        ("extract_endpoints", "endpoints", "The 2-year OS and PFS.", ["OS", "PFS"]),
        ("extract_arms", "arms", "Death was rare with placebo vs. usual care.", ["placebo", "usual care"]),
    ],
)
def test_each_factory_alone_works_in_a_blank_pipeline(factory: str, name: str, text: str, quotes: list[str]) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe(factory)
    doc = nlp(text)
    assert doc.text == text
    assert [span.text for span in doc.spans[name]] == quotes
    assert [text[span.start_char : span.end_char] for span in doc.spans[name]] == quotes


def test_our_components_stand_behind_those_of_a_base(tmp_path: Path) -> None:
    base = spacy.blank("en")
    base.add_pipe("sentencizer")
    base.to_disk(tmp_path / "base")
    nlp = extract.load(base=str(tmp_path / "base"))
    assert tuple(nlp.pipe_names) == ("sentencizer", *COMPONENTS)
    doc = nlp(SENTENCE)
    assert {name: [span.text for span in doc.spans[name]] for name in EXPECTED} == EXPECTED


def test_a_base_that_is_not_installed_is_an_error() -> None:
    with pytest.raises(OSError, match="no_such_pipeline"):
        extract.load(base="no_such_pipeline")


def test_the_value_of_a_span_is_its_own_even_where_labels_share_a_surface(nlp: Language) -> None:
    doc = nlp("Death was rarer (95% CI 60% to 72%).")
    (statistic,) = [value for _, _, value in values(doc, "statistics") if value.kind == "confidence_interval"]
    roles = [value.role for _, _, value in values(doc, "percents")]
    assert str(statistic.level) == "95"
    assert roles == ["level", "interval"]


def test_make_doc_keeps_the_text_of_the_document(nlp: Language) -> None:
    document = document_from("EFS was 66·2% at 15 mg/m<sup>2</sup>.\n\nArm\tEFS (%)\nIron\t5\nTin\t6\n")
    doc = make_doc(nlp, document)
    assert doc.text == document.text


def test_docs_of_a_stream_are_those_of_single_calls(nlp: Language) -> None:
    texts = [SENTENCE, "Nothing here.", SENTENCE.replace("66.2", "71.0")]
    for doc, text in zip(nlp.pipe(texts), texts, strict=True):
        single = nlp(text)
        for name in GROUPS.values():
            assert [(s.text, s._.value) for s in doc.spans[name]] == [(s.text, s._.value) for s in single.spans[name]]


def test_mentions_are_numbered_in_text_order(nlp: Language) -> None:
    extraction = extract.extract_document(document_from(SENTENCE), nlp=nlp)
    mentions = extraction.mentions
    assert [mention.mention_id for mention in mentions] == [f"m{n}" for n in range(1, len(mentions) + 1)]
    assert [mention.start for mention in mentions] == sorted(mention.start for mention in mentions)
    assert {mention.label for mention in extraction.promised()} == set(PROMISED)
    assert {mention.section for mention in mentions} == {"Results"}
    assert {mention.block_kind for mention in mentions} == {"paragraph"}
