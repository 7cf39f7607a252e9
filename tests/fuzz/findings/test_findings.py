"""What fuzzing found, each made small: read rightly, or refused in one line."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

import extract
from extract.components.grammar import whole_number
from extract.corpus.manifest import read_manifest
from extract.decisions.fields import parse_fields
from extract.errors import ExtractError, ReadError
from extract.evaluation.gold import load_gold
from extract.lexicons import parse
from extract.readers import parse_text, read
from extract.sinks.arrow import to_arrow
from extract.sinks.baseline import read_json
from extract.sinks.record_cells import result
from extract.web.uploads import safe_name
from fuzz.bases import nlp

RESULTS = "# A review\n\n## Results\n\n"


def extracted(text: str) -> extract.Extraction:
    return extract.extract_document(parse_text(RESULTS + text), nlp=nlp(), helpers=True)


def test_raised_digits_are_no_whole_number() -> None:
    assert whole_number("²") is None
    assert whole_number("٣") == 3


def test_the_end_of_a_longer_number_is_no_value() -> None:
    """It was 0.2: `.2` without the digits before it."""
    assert extracted("The median survival was NCT012345614.2 months.").outcomes == ()


@pytest.mark.parametrize("printed", ["999999", "195"])
def test_the_end_of_a_longer_number_is_no_level_of_an_interval(printed: str) -> None:
    """It was 99 and 95."""
    (row,) = extracted(f"Iron lowered the risk of death (hazard ratio 0.79, {printed}% CI 0.69-0.90).").outcomes
    assert (str(row.ci_low), row.ci_level) == ("0.69", None)


def test_a_long_negative_number_keeps_all_its_digits() -> None:
    """A minus sign rounded to 28 digits."""
    digits = "1234567890123456789012345678901234567890"
    extraction = extracted(f"The mean difference was -{digits} mmHg with iron.")
    printed = {str(each.value) for each in extraction.mentions if each.value is not None}
    assert printed == {f"-{digits}"}


@pytest.mark.parametrize("content", ["\x13", "\u200b\n\u00ad", "***\n", "\x01\x02\n"])
def test_a_text_without_words_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "review.md"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReadError, match=r"review\.md: no words in it$"):
        read(path)


@pytest.mark.parametrize("printed", ["p = 3 × 10⁻⁵", "p = 0.5 × 10⁻³", "p < 95"])
def test_a_p_value_that_its_digits_do_not_give_stays_empty(printed: str) -> None:
    """It was 3, 0.5 and 95."""
    (row,) = extracted(f"Overall survival was longer with iron (HR 0.61; 95% CI 0.48 to 0.78; {printed}).").outcomes
    assert (str(row.value), row.p, row.p_op) == ("0.61", None, None)


@pytest.mark.parametrize("printed", ["２-year", "٢-year"])
def test_times_in_other_digits_are_iso_8601(printed: str) -> None:
    """It was `P２Y`."""
    (row,) = extracted(f"The {printed} overall survival was 71.3% with iron.").outcomes
    assert (row.timepoint, str(row.value)) == ("P2Y", "71.3")


def test_signs_of_full_width_are_read_as_plain_ones() -> None:
    (row,) = extracted("The 2-year overall survival was ７１.３％ （９５％ ＣＩ ６０－７２） with iron.").outcomes
    assert [str(each) for each in (row.value, row.ci_low, row.ci_high, row.unit)] == ["71.3", "60", "72", "%"]


@pytest.mark.parametrize("printed", ["0.0000001", "0.00", "0.000"])
def test_small_p_values_are_written_as_printed(printed: str, tmp_path: Path) -> None:
    """They were written as `1E-7` and `0`."""
    extraction = extracted(f"Overall survival was longer with iron (HR 0.61; p = {printed}).")
    (row,) = extraction.outcomes
    assert json.loads(row.model_dump_json())["p"] == printed
    assert result(row) == f"HR 0.61 (p = {printed})"
    assert to_arrow([row], "outcomes")["p_printed"].to_pylist() == [printed]


def test_a_small_number_that_a_person_types_stays_as_it_is() -> None:
    """It became `1E-7`, which was refused when it was read again."""
    typed = {"p": "0.0000001"}
    assert parse_fields("outcomes", parse_fields("outcomes", typed)) == typed


@pytest.mark.parametrize(("name", "content"), [("page.html", "\x01"), ("page.html", "<p>&#8203;</p>")])
def test_a_page_without_words_is_refused(tmp_path: Path, name: str, content: str) -> None:
    """What nobody sees was a document without words."""
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReadError, match=r"page\.html: no words in "):
        read(path)


def test_a_refusal_that_quotes_the_file_is_one_line_of_some_length(tmp_path: Path) -> None:
    """Tags of any length and names with line breaks were quoted whole."""
    path = tmp_path / "review.xml"
    path.write_text(f"<article><p></{'p' * 5_000}>", encoding="utf-8")
    (tmp_path / "d").mkdir()
    line = json.dumps({"start": 0, "end": 1, "line": 1, "label": "TRIAL", "text": "A", "\x85\u2028role": 1})
    (tmp_path / "d" / "mentions.jsonl").write_text(line, encoding="utf-8")
    for call in (lambda: read(path), lambda: load_gold(tmp_path, "d")):
        with pytest.raises(ExtractError) as refused:
            call()
        assert str(refused.value).isprintable()
        assert len(str(refused.value)) < 1_100


def test_the_name_of_an_upload_is_composed_also_where_signs_are_left_out() -> None:
    """An accent behind a sign that is left out stayed by itself."""
    kept = safe_name("re\u2066\u0301view.pdf")
    assert kept == "r\u00e9view.pdf"
    assert safe_name(kept) == kept


def test_a_percent_sign_in_a_header_is_found_without_the_space_before_it() -> None:
    """The evidence of the unit was ` %`."""
    head = "\tIron, events %\tPlacebo, events %\nNausea\t24\t12\nVomiting\t22\t11\n"
    extraction = extract.extract_document(parse_text(f"{RESULTS}Table 1. Adverse events\n\n{head}"), nlp=nlp())
    quotes = [each.quote for each in extraction.evidence if each.field == "unit"]
    assert quotes
    assert all(quote == quote.strip() for quote in quotes)


def test_a_header_of_thousands_of_digits_is_read_in_linear_time() -> None:
    """12 seconds for three cells of 8,000 digits: what stands before `% CI` was looked for from each of them."""
    digits = "1" * 8_000
    started = time.process_time()
    extracted(
        f"Table 1. Outcomes, n (%)\n\n| Trial | {digits} | Copper |\n|---|---|---|\n| {digits} | 5 ({digits}) | 6 |"
    )
    assert time.process_time() - started < 4.0


def test_the_title_of_a_reference_is_read_in_linear_time() -> None:
    """Words of thousands of letters took time with the square of their length."""
    started = time.process_time()
    extracted(f"Survival was 5%.\n\n## References\n\n1. Moss A. {'-Aa&À+' * 4_000}. Lung 2019; 1: 2.")
    assert time.process_time() - started < 2.0


def test_line_breaks_before_a_comparison_are_no_arm() -> None:
    """The pipeline on a text that no reader has made failed with an IndexError."""
    doc = nlp()("Survival was longer with iron than 2 \n\n vs. placebo")
    assert all(span.text.strip() for span in doc.spans["arms"])


@pytest.mark.parametrize("gap", ["1" * 140, "<1" + "1-" * 70, "1" + "a" * 140])
def test_what_stands_between_a_comparison_and_its_arm_is_read_in_no_time(gap: str) -> None:
    """140 digits took 21 seconds, and four times as long for 30 more."""
    started = time.process_time()
    extracted(f"Overall survival was 5% higher with iron compared with {gap}; copper arm.")
    assert time.process_time() - started < 2.0


def test_a_word_of_thousands_of_letters_is_no_symbol_of_an_arm() -> None:
    """The time grew with the square of its length: 4 seconds for 24,000 letters."""
    word = "A-" * 12_000
    started = time.process_time()
    extracted(f"Overall survival was longer with iron compared with {word}; copper arm (12% vs. 5%).")
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 100_000])
def test_what_no_parser_takes_is_refused_in_one_line(value: str, tmp_path: Path) -> None:
    """Numbers of over 4,300 digits and brackets in brackets were faults of the program."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "mentions.jsonl").write_text(f'{{"start": {value}', encoding="utf-8")
    (tmp_path / "manifest.toml").write_text(f"a = {value}", encoding="utf-8")
    (tmp_path / "baseline.json").write_text(value, encoding="utf-8")
    for call in (
        lambda: load_gold(tmp_path, "d"),
        lambda: read_manifest(tmp_path),
        lambda: read_json(tmp_path / "baseline.json"),
        lambda: parse("sections", f"a = {value}"),
    ):
        with pytest.raises(ExtractError) as refused:
            call()
        assert len(str(refused.value).splitlines()) == 1
