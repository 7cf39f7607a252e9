"""Each register takes its own ids, mends what authors print of them, and leaves other numbers alone."""

from __future__ import annotations

import re
from time import perf_counter

import pytest

from extract.lexicons import RegistryRow, load

ROWS = load("registries").registry
BY_CODE = {row.code: row for row in ROWS}
EXAMPLES = [pytest.param(row, text, id=text) for row in ROWS for text in row.examples]


def normalise(row: RegistryRow, text: str) -> str | None:
    match = re.fullmatch(row.pattern, text)
    return match and row.template.format(*match.groups())


def takers(text: str, field: str = "pattern") -> list[str]:
    return [row.code for row in ROWS if re.fullmatch(getattr(row, field), text)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_a_register_has_two_examples_and_patterns_with_equal_groups(row: RegistryRow) -> None:
    assert len(row.examples) >= 2
    assert re.compile(row.pattern).groups == re.compile(row.loose).groups
    assert not re.search(r"[+*][^)]*\)[+*{]", row.loose), "nested quantifiers are not linear"


@pytest.mark.parametrize(("row", "text"), EXAMPLES)
def test_an_example_is_well_formed_and_is_its_own_normal_form(row: RegistryRow, text: str) -> None:
    assert normalise(row, text) == text


@pytest.mark.parametrize(("row", "text"), EXAMPLES)
def test_loose_takes_what_pattern_takes(row: RegistryRow, text: str) -> None:
    match = re.fullmatch(row.loose, text)
    assert match
    assert row.template.format(*match.groups()) == text


@pytest.mark.parametrize(("row", "text"), EXAMPLES)
def test_an_id_belongs_to_one_register(row: RegistryRow, text: str) -> None:
    assert takers(text) == [row.code]
    assert takers(text, "loose") == [row.code]


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("NCT", "nct02187354"),
        ("NCT", "NCT-02187354"),
        ("NCT", "NCT 02187354"),
        ("NCT", "NCT: 02187354"),
        ("NCT", "NCT#02187354"),
        ("NCT", "NCT 0218 7354"),
        ("NCT", "NCT No. 02187354"),
        ("NCT", "NCTO2187354"),
        ("NCT", "NCT047462069"),
        ("NCT", "NCT0474620"),
        ("EUDRACT", "2016–000227–71"),
        ("EUDRACT", "2016-00227-71"),
        ("EUDRACT", "2016 - 000227 - 71"),
        ("CTIS", "2022–500137–37–00"),
        ("ISRCTN", "ISRCTN 12345678"),
        ("ISRCTN", "ISCTN12345678"),
        ("ANZCTR", "ACTRN 12605000012345"),
        ("CHICTR", "ChiCTR-1800012345"),
        ("CHICTR", "CHICTR-TRC-08000123"),
        ("CTRI", "CTRI-2018-05-013773"),
        ("DRKS", "DRKS-ID: 00012345"),
        ("IRCT", "IRCT20121021011192 N4"),
        ("UMIN", "UMIN-CTR 000012345"),
        ("UMIN", "UMIN-CTR: C000000123"),
        ("JAPICCTI", "Japic CTI-132234"),
        ("JRCT", "JRCT2031210123"),
        ("NTR", "NTR 6359"),
        ("NTR", "NTR-6359"),
        ("REBEC", "RBR–2nft3z"),
        ("SLCTR", "SLCTR-2015-010"),
        ("UTN", "U1111 - 1234 - 5678"),
    ],
)
def test_loose_takes_what_authors_print(code: str, printed: str) -> None:
    assert re.fullmatch(BY_CODE[code].loose, printed)
    assert not re.fullmatch(BY_CODE[code].pattern, printed)


@pytest.mark.parametrize(
    "text",
    [
        "PMID: 31234567",
        "PMC11231943",
        "10.3389/fped.2021.795833",
        "CRD42020123456",
        "INPLASY202340012",
        "EUPAS12345",
        "ISBN 978-3-16-148410-0",
        "ISSN 2296-2360",
        "0000-0002-1825-0097",
        "NL12345.018.06",
        "R01 CA123456",
        "U10CA180821",
        "RRID: SCR_012345",
        "GSE12345",
        "PRJNA123456",
    ],
)
def test_other_numbers_are_not_ids(text: str) -> None:
    assert takers(text) == takers(text, "loose") == []
    assert any(re.fullmatch(pattern, text) for pattern in load("registries").not_ids)


@pytest.mark.parametrize(
    "text", ["2010-2014", "2016-12-31", "2019-123456", "NL63", "NTR", "0.5-1000-20", "1111-1234-5678", "PER-10", "UMIN"]
)
def test_years_dates_and_bare_names_are_not_ids(text: str) -> None:
    assert takers(text) == takers(text, "loose") == []


def test_a_following_number_is_not_swallowed() -> None:
    match = re.match(BY_CODE["NCT"].loose, "NCT02187354 12 patients")
    assert match
    assert match.group() == "NCT02187354"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_loose_is_linear(row: RegistryRow) -> None:
    prefix = re.match(r"[A-Za-z]*", row.examples[0])
    hostile = ((prefix.group() if prefix else "") + "-0 ") * 5_000 + "0" * 20_000 + "-" * 20_000
    start = perf_counter()
    for _ in re.finditer(row.loose, hostile):
        pass
    assert perf_counter() - start < 2  # seconds for 60,000 characters: quadratic needs minutes
