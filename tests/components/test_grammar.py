"""The fragments of regular expressions that the components compose."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from extract.components.grammar import (
    NUMBER,
    NUMBER_WORD,
    NUMBER_WORDS,
    PERCENT_SIGN,
    START,
    comparator_before,
    decimal,
    near,
    quantity,
)
from extract.values import Quantity


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("12", "12"),
        ("0.82", "0.82"),
        ("0.80", "0.80"),
        (".05", "0.05"),
        ("1,568", "1568"),
        ("1,234,567", "1234567"),
        ("1\u00a0568", "1568"),
        ("1,568.5", "1568.5"),
    ],
)
def test_every_printed_form_of_a_number_keeps_its_precision(printed: str, number: str) -> None:
    assert re.fullmatch(NUMBER, printed)
    assert str(decimal(printed)) == number


@pytest.mark.parametrize("printed", ["", ".", "1.", "1,56", "1 568", "a", "1,5689", "1..2"])
def test_what_is_no_number(printed: str) -> None:
    assert not re.fullmatch(NUMBER, printed)


@pytest.mark.parametrize("text", ["12", "(12", "was 12", "[12", "=12", "≥12", "<12"])
def test_a_number_starts_after_space_brackets_and_signs(text: str) -> None:
    assert re.search(f"{START}12", text)


@pytest.mark.parametrize("text", ["A12", "0.12", "1,12", "_12", "3/12", "5-12"])
def test_a_number_does_not_start_inside_another_or_a_word(text: str) -> None:
    assert not re.search(f"{START}12", text)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("zero", 0),
        ("nine", 9),
        ("nineteen", 19),
        ("twenty-four", 24),
        ("ninety nine", 99),
        ("a hundred", 100),
        ("forty", 40),
    ],
)
def test_number_words(word: str, number: int) -> None:
    assert NUMBER_WORDS[word] == number
    assert re.match(NUMBER_WORD, word)[0] == word  # type: ignore[index]


def test_the_longest_number_word_is_read() -> None:
    for first in NUMBER_WORDS:
        assert re.fullmatch(NUMBER_WORD, first)
        for text in (f"{first}{rest}" for rest in ("-one", " six", "-seven", " eleven", "teen", "ty", "-hundred", "!")):
            longest = max((word for word in NUMBER_WORDS if text.startswith(word)), key=len)
            assert re.match(NUMBER_WORD, text)[0] == longest  # type: ignore[index]


@pytest.mark.parametrize("sign", ["%", "percent", "per cent", "percentage"])
def test_percent_signs(sign: str) -> None:
    assert re.fullmatch(PERCENT_SIGN, sign)


def test_a_percentile_is_no_percent_sign() -> None:
    assert not re.match(PERCENT_SIGN, "percentile")


@pytest.mark.parametrize(
    ("before", "comparator"),
    [
        ("<", "<"),
        ("≤", "<="),
        ("<=", "<="),
        (">", ">"),
        ("≥ ", ">="),
        (">= ", ">="),
        ("was ", None),
        ("", None),
        ("< of ", None),
    ],
)
def test_the_comparator_right_before_a_number(before: str, comparator: str | None) -> None:
    assert comparator_before(f"{before}5%", len(before)) == comparator


def test_a_quantity_is_a_value_or_a_range_as_printed() -> None:
    assert quantity("0.80") == Quantity(value=Decimal("0.80"))
    assert quantity("9.9", "12") == Quantity(low=Decimal("9.9"), high=Decimal("12"))
    assert quantity("80", "27") == Quantity(low=Decimal("80"), high=Decimal("27"))


def test_near_finds_each_match_that_covers_an_anchor_once() -> None:
    pattern, anchor = re.compile(r"\d+\s?%"), re.compile("%")
    text = "5% and 17 % but 12 and % and 100%"
    found = [match[0] for match in near(pattern, anchor, text, 0, len(text), before=5, after=5)]
    assert found == ["5%", "17 %", "100%"]
