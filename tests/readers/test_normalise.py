"""Normalising: every printed variant becomes one form, and every character leads back to the file."""

from __future__ import annotations

import pytest

from extract.document import Document
from extract.readers import parse_text
from extract.readers.normalise import flatten

BEFORE = "## Results\n\n"


def read(printed: str) -> Document:
    return parse_text(BEFORE + printed)


def body(printed: str) -> str:
    return read(printed).text.removeprefix("Results\n")


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("0·82", "0.82"),
        ("0∙82", "0.82"),
        ("0⋅82", "0.82"),
        (".05", ".05"),
        ("1,568", "1,568"),
        ("1\u00a0568", "1\u00a0568"),
        ("1\u2009568", "1\u00a0568"),
        ("1\u202f568", "1\u00a0568"),
        ("1 568 patients", "1\u00a0568 patients"),
        ("−0.6", "-0.6"),
        ("n = 1 568", "n = 1\u00a0568"),
    ],
)
def test_numbers(printed: str, text: str) -> None:
    assert body(f"It was {printed}") == f"It was {text}"


def test_decimal_commas_where_the_document_uses_them() -> None:
    printed = "Der Anteil betrug 12,5 % und 0,82 gegen 3,4 und 7,25, bei 1,568 Personen."
    assert body(printed) == "Der Anteil betrug 12.5 % und 0.82 gegen 3.4 und 7.25, bei 1,568 Personen."


def test_commas_between_numbers_of_a_document_with_decimal_points() -> None:
    printed = "It was 0.5 in 12,5 and 7.1 of 3,4 while 2.2 of them cite 5,6 or 8.8."
    assert body(printed) == printed


@pytest.mark.parametrize("dash", list("‐‑‒–−﹣－"))
def test_every_dash(dash: str) -> None:
    assert body(f"It was 3{dash}4 mg") == "It was 3-4 mg"


@pytest.mark.parametrize(
    "space",
    [
        "\u00a0",
        "\u2002",
        "\u2003",
        "\u2004",
        "\u2005",
        "\u2006",
        "\u2007",
        "\u2008",
        "\u2009",
        "\u200a",
        "\u202f",
        "\u205f",
        "\u3000",
    ],
)
def test_every_space(space: str) -> None:
    assert body(f"It was{space}5{space}mg") == "It was 5 mg"


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("the re\u00adsult", "the result"),
        ("e\ufb03cacy of in\ufb02iximab, a \ufb01rst", "efficacy of infliximab, a first"),
        ("o\ufb00 and e\ufb04uent", "off and effluent"),
        ("zero\u200bwidth and word\u2060joiner", "zerowidth and wordjoiner"),
        ("two  spaces   here", "two spaces here"),
        ("\u201cquoted\u201d and it\u2019s", '"quoted" and it\'s'),
        ("5％ of μg", "5% of µg"),
        ("＜5 and ≥6", "<5 and ≥6"),
    ],
)
def test_characters(printed: str, text: str) -> None:
    assert body(f"It was {printed}.") == f"It was {text}."


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        (r"$\mu\text{g}/\text{m}^2/\text{day}$", "µg/m²/day"),
        (r"$\geq 5\%$", "≥ 5%"),
        (r"5\%", "5%"),
        (r"a^{1*} b", "a¹* b"),
        (r"m^{2}", "m²"),
        (r"$p < 0.05$", "p < 0.05"),
        (r"$12 \pm 3$", "12 ± 3"),
        (r"$\alpha$ and $\beta$", "α and β"),
        (r"$\le 3 \times 10^{9}$", "≤ 3 × 10⁹"),
        (r"\textbf{bold} words", "bold words"),
        (r"\textit{in vitro} tests", "in vitro tests"),
    ],
)
def test_latex_residue(printed: str, text: str) -> None:
    assert body(f"It was {printed}.") == f"It was {text}."


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("m<sup>2</sup>", "m²"),
        ("word<sup>12,13</sup>", "word¹²,¹³"),
        ("CO<sub>2</sub>", "CO₂"),
        ("*in vivo* tests", "in vivo tests"),
        ("**bold** words", "bold words"),
        ("<i>in vivo</i> tests", "in vivo tests"),
        ("<b>bold</b> <em>words</em>", "bold words"),
        ("5 &lt; 6 &amp; 7&nbsp;mg", "5 < 6 & 7 mg"),
        (r"5\* and 6\_7", "5* and 6_7"),
        ("one<br>two", "one two"),
    ],
)
def test_tags_emphasis_and_entities(printed: str, text: str) -> None:
    assert body(f"It was {printed}.") == f"It was {text}."


@pytest.mark.parametrize(
    "printed",
    [
        "It cost $5 and then $6 more.",
        "Where 3 * 4 is 12 and 5 * 6 is 30.",
        "It is a < b and c > d.",
        "See a_b_c and file_name.",
        "A ^ B holds.",
        "R&D and AT&T.",
    ],
)
def test_signs_that_are_no_markup_stay(printed: str) -> None:
    assert body(printed) == printed


@pytest.mark.parametrize(
    ("printed", "part", "source"),
    [
        ("It was 0·82 then", "0.82", "0·82"),
        ("It was −0.6 then", "-0.6", "−0.6"),
        ("an e\ufb03cacy of", "efficacy", "e\ufb03cacy"),
        ("the re\u00adsult of", "result", "re\u00adsult"),
        ("at 15 mg/m<sup>2</sup> per dose", "15 mg/m² per dose", "15 mg/m<sup>2</sup> per dose"),
        ("at 15 mg/m<sup>2</sup> daily", "15 mg/m²", "15 mg/m<sup>2</sup>"),
        (r"at $15 \mu\text{g}$ daily", "15 µg", r"15 \mu\text{g}"),
        (r"was 5\% of", "5%", r"5\%"),
        ("the *in vivo* test", "in vivo", "in vivo"),
        ("a  wide   gap", "a wide gap", "a  wide   gap"),
        ("5 &lt; 6", "<", "&lt;"),
    ],
)
def test_each_part_of_the_text_leads_to_its_part_of_the_file(printed: str, part: str, source: str) -> None:
    document = read(printed)
    start = document.text.index(part, len("Results\n"))
    spans = document.source_spans(start, start + len(part))
    assert [document.source[first:last] for first, last in spans] == [source]


def test_a_span_across_emphasis_holds_its_markup() -> None:
    document = read("the *in vivo* test")
    start = document.text.index("the in vivo test")
    (span,) = document.source_spans(start, start + len("the in vivo test"))
    assert document.source[slice(*span)] == "the *in vivo* test"


def test_the_text_as_it_is_needs_no_change() -> None:
    printed = "Death was rare (5% of 40, p < 0.05); it was 3-4 mg."
    document = read(printed)
    assert document.text == f"Results\n{printed}"
    assert document.source == BEFORE + printed


def test_letters_and_digits_of_formulae_are_plain() -> None:
    assert flatten("𝑝 = 𝟎.𝟎𝟑, 5 𝜇g") == "p = 0.03, 5 µg"
