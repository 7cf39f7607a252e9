"""The names, brands, codes and short forms of an agent lead to its one generic name."""

from __future__ import annotations

import re

import pytest

from extract.lexicons import load

AGENTS = load("agents")
NAMES = AGENTS.names()


@pytest.mark.parametrize(
    ("printed", "generic"),
    [
        ("Keytruda", "pembrolizumab"),
        ("MK-3475", "pembrolizumab"),
        ("AMG 103", "blinatumomab"),
        ("Blincyto", "blinatumomab"),
        ("inotuzumab", "inotuzumab ozogamicin"),
        ("Besponsa", "inotuzumab ozogamicin"),
        ("gemtuzumab", "gemtuzumab ozogamicin"),
        ("tisa-cel", "tisagenlecleucel"),
        ("antithymocyte globulin", "anti-thymocyte globulin"),
        ("Thymoglobulin", "anti-thymocyte globulin"),
        ("total-body irradiation", "TBI"),
        ("total body irradiation", "TBI"),
        ("total lymphoid irradiation", "TLI"),
        ("radiotherapy", "radiation"),
        ("cranial irradiation", "radiation"),
        ("stereotactic body radiotherapy", "SBRT"),
        ("donor lymphocyte infusion", "DLI"),
        ("granulocyte colony-stimulating factor", "g-csf"),
        ("cytosine arabinoside", "cytarabine"),
        ("5-fluorouracil", "fluorouracil"),
        ("ciclosporin", "cyclosporine"),
        ("acetylsalicylic acid", "aspirin"),
        ("Entresto", "sacubitril-valsartan"),
        ("Jardiance", "empagliflozin"),
        ("Ozempic", "semaglutide"),
        ("Trikafta", "elexacaftor-tezacaftor-ivacaftor"),
        ("salbutamol", "salbutamol"),
        ("albuterol", "salbutamol"),
        ("rifampin", "rifampicin"),
        ("Truvada", "emtricitabine-tenofovir disoproxil fumarate"),
        ("co-trimoxazole", "trimethoprim-sulfamethoxazole"),
        ("acetaminophen", "paracetamol"),
        ("Humira", "adalimumab"),
        ("Botox", "onabotulinumtoxinA"),
        ("vitamin D3", "cholecalciferol"),
        ("Comirnaty", "bnt162b2"),
        ("Lutathera", "lutetium-177 dotatate"),
    ],
)
def test_another_name_leads_to_the_generic_one(printed: str, generic: str) -> None:
    assert NAMES[printed.lower()] == generic


@pytest.mark.parametrize(
    ("symbol", "generic"),
    [
        ("ATG", "anti-thymocyte globulin"),
        ("MTX", "methotrexate"),
        ("HD-MTX", "methotrexate"),
        ("Ara-C", "cytarabine"),
        ("VP-16", "etoposide"),
        ("5-FU", "fluorouracil"),
        ("Bu", "busulfan"),
        ("Flu", "fludarabine"),
        ("Treo", "treosulfan"),
        ("InO", "inotuzumab ozogamicin"),
        ("UFH", "heparin"),
    ],
)
def test_a_short_form_leads_to_the_generic_name(symbol: str, generic: str) -> None:
    assert AGENTS.symbols[symbol] == generic


@pytest.mark.parametrize(
    "agent",
    [
        "TBI", "TLI", "radiation", "anti-thymocyte globulin", "blinatumomab", "busulfan", "cyclophosphamide",
        "cytarabine", "etoposide", "fludarabine", "g-csf", "inotuzumab ozogamicin", "melphalan", "methotrexate",
        "rituximab", "thiotepa", "treosulfan",
    ],
)  # fmt: skip
def test_the_agents_of_the_gold_set_have_its_names(agent: str) -> None:
    assert NAMES[agent.lower()] == agent


@pytest.mark.parametrize(
    "word", ["emend", "versed", "cart", "lola", "cera", "tare", "focus", "oxygen", "glucose", "april"]
)
def test_ordinary_words_are_not_names(word: str) -> None:
    assert word not in NAMES


@pytest.mark.parametrize("symbol", ["CR", "OS", "HR", "OR", "CI", "MP", "CTX", "AZA", "DNR", "TTP", "SD"])
def test_ambiguous_short_forms_are_left_to_the_document(symbol: str) -> None:
    assert symbol not in AGENTS.symbols
    assert symbol.lower() not in NAMES


@pytest.mark.parametrize(
    "drug",
    [
        "zalifrelimab", "flumatinib", "olaparib", "xevinapant-tinib", "danuglutide", "aprocisartan", "bevirimavir",
        "ceftobactam", "delafloxacin", "milvexian", "atogepant", "somnorexant", "camoteskinra", "efgarticept",
    ],
)  # fmt: skip
def test_a_stem_knows_an_unlisted_drug(drug: str) -> None:
    assert drug.endswith(AGENTS.stems)


@pytest.mark.parametrize("word", AGENTS.not_agents)
def test_a_word_on_the_exception_list_needs_to_be_there(word: str) -> None:
    assert word.endswith(AGENTS.stems)
    assert word not in NAMES


@pytest.mark.parametrize(
    "word", ["peptide", "nucleotide", "cholesterol", "testosterone receptor", "patient", "andersen"]
)
def test_no_stem_takes_an_ordinary_ending(word: str) -> None:
    assert not word.endswith(AGENTS.stems)


def test_generic_names_are_lower_case_but_for_abbreviations() -> None:
    generic = [name for group in AGENTS.classes.values() for name in group]
    # a capital may stand at the end of a name (sipuleucel-T, onabotulinumtoxinA) or in an antigen (muromonab-CD3)
    assert [name for name in generic if not re.fullmatch(r"[^A-Z]+(?:-[A-Z]+\d?|[AB])?", name)] == []


def test_names_are_many_and_tidy() -> None:
    assert sum(len(group) for group in AGENTS.classes.values()) >= 1_200
    assert all(name == " ".join(name.split()) and len(name) > 2 for name in NAMES)
