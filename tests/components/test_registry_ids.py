"""Registry ids: every register's form, what authors make of it, and numbers that are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


@pytest.mark.parametrize(
    "marked",
    [
        "The trial (<registry_id registry=NCT valid=true normalized=NCT:NCT01234567>NCT01234567</registry_id>)"
        " was halted.",
        "It is registered (EudraCT"
        " <registry_id registry=EUDRACT normalized=EUDRACT:2012-003456-78>2012-003456-78</registry_id>).",
        "See <registry_id registry=CTIS normalized=CTIS:2023-504321-11-00>2023-504321-11-00</registry_id> in the EU.",
        "The UK study <registry_id registry=ISRCTN normalized=ISRCTN:ISRCTN87654321>ISRCTN87654321</registry_id>"
        " ended.",
        "The Dutch study <registry_id registry=NTR normalized=NTR:NTR4321>NTR4321</registry_id> of asthma ended.",
        "Registered as <registry_id registry=NTR normalized=NTR:NL7654>NL7654</registry_id> in the Netherlands.",
        "Registered as <registry_id registry=UMIN normalized=UMIN:UMIN000054321>UMIN000054321</registry_id> in Japan.",
        "Registered as <registry_id registry=JRCT normalized=JRCT:jRCTs051190123>jRCTs051190123</registry_id> in"
        " Japan.",
        "Registered as <registry_id registry=CHICTR normalized=CHICTR:ChiCTR1900098765>ChiCTR1900098765</registry_id>.",
        "Registered as"
        " <registry_id registry=ANZCTR normalized=ANZCTR:ACTRN12611000987654>ACTRN12611000987654</registry_id>.",
        "Registered as"
        " <registry_id registry=CTRI normalized=CTRI:CTRI/2019/03/018765>CTRI/2019/03/018765</registry_id>.",
        "Registered as <registry_id registry=DRKS normalized=DRKS:DRKS00087654>DRKS00087654</registry_id> in Germany.",
        "Registered as"
        " <registry_id registry=IRCT normalized=IRCT:IRCT20180909040987N2>IRCT20180909040987N2</registry_id>.",
        "Registered as"
        " <registry_id registry=PACTR normalized=PACTR:PACTR202005607890123>PACTR202005607890123</registry_id>.",
        "Registered as <registry_id registry=CRIS normalized=CRIS:KCT0009876>KCT0009876</registry_id> in Korea.",
        "Registered as <registry_id registry=REBEC>RBR-6xyz9k</registry_id> in Brazil.",
        "Registered as <registry_id registry=TCTR>TCTR20210403002</registry_id> in Thailand.",
    ],
)
def test_the_identifier_alone_without_the_name_of_its_register(check: Check, marked: str) -> None:
    check(marked)


def test_every_mention_is_marked(check: Check) -> None:
    check(
        "<registry_id>NCT01234567</registry_id> and <registry_id>NCT07654321</registry_id> compared insulins;"
        " <registry_id>NCT01234567</registry_id> was larger."
    )


@pytest.mark.parametrize(
    "marked",
    [
        "The ASTER trial(<registry_id normalized=NCT:NCT01234567>NCT01234567</registry_id>)enrolled adults.",
        "Identifier:<registry_id normalized=NCT:NCT01234567>NCT01234567</registry_id>.",
        "The trial (<registry_id normalized=NCT:NCT01234567 valid=true>NCT 01234567</registry_id>) enrolled adults.",
        "The trial (<registry_id normalized=NCT:NCT01234567 valid=true>NCT-01234567</registry_id>) enrolled adults.",
        "The trial (<registry_id normalized=NCT:NCT01234567 valid=true>NCT: 01234567</registry_id>) enrolled adults.",
        "The trial (<registry_id normalized=NCT:NCT01234567 valid=true>nct01234567</registry_id>) enrolled adults.",
        "EudraCT <registry_id normalized=EUDRACT:2012-003456-78 valid=true>2012–003456–78</registry_id> is the number.",
        "EudraCT <registry_id normalized=EUDRACT:2012-003456-78 valid=true>2012‑003456‑78</registry_id> is the number.",
        "EudraCT <registry_id normalized=EUDRACT:2012-003456-78 valid=true>2012 - 003456 - 78</registry_id> is"
        " the number.",
        "EudraCT <registry_id normalized=EUDRACT:2012-003456-78 valid=true>2012/003456/78</registry_id> is the number.",
        "The study <registry_id normalized=ISRCTN:ISRCTN87654321 valid=true>ISRCTN 87654321</registry_id> ended.",
        "Registered as <registry_id normalized=UMIN:UMIN000054321 valid=true>UMIN-CTR 000054321</registry_id>.",
        "Registered as <registry_id normalized=CTRI:CTRI/2019/03/018765 valid=true>CTRI-2019-03-018765</registry_id>.",
    ],
)
def test_glued_odd_and_typographic_forms_are_normalised(check: Check, marked: str) -> None:
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "It is <registry_id valid=false registry=NCT normalized=NCT:NCT0123456>NCT0123456</registry_id> in the text.",
        "It is <registry_id valid=false registry=NCT normalized=NCT:NCT012345678>NCT012345678</registry_id> in"
        " the text.",
        "It is EudraCT <registry_id valid=false registry=EUDRACT>2012-03456-78</registry_id> in the text.",
        "It is <registry_id valid=false registry=ISRCTN>ISRCTN8765432</registry_id> in the text.",
        "It is <registry_id valid=false registry=DRKS>DRKS0008765</registry_id> in the text.",
    ],
)
def test_a_malformed_identifier_is_marked_as_such(check: Check, marked: str) -> None:
    check(marked)


def test_a_malformed_identifier_says_why_and_what_was_meant(check: Check) -> None:
    check(
        "<registry_id meant=none reason=none>NCT01234567</registry_id> is also printed as"
        ' <registry_id valid=false reason="7 digits, 8 expected" meant=NCT:NCT01234567>NCT0123456</registry_id>.'
    )


def test_nothing_is_guessed_where_two_identifiers_may_be_meant(check: Check) -> None:
    check(
        "<registry_id>NCT01234561</registry_id> and <registry_id>NCT01234562</registry_id> are registered;"
        " <registry_id valid=false meant=none>NCT0123456</registry_id> is not."
    )


@pytest.mark.parametrize(
    "text",
    [
        "See PMID: 31234567 and PMC7654321.",
        "The article doi:10.1056/NEJMoa01234567 was withdrawn.",
        "The review is in PROSPERO (CRD42019123456).",
        "It was paid by grant R01 CA123456 and U01HL123456.",
        "The protocol AALL1731 of the group is open.",
        "In 2012-2013, 003456 samples were stored.",
        "Call 2012-345-6789 for details.",
        "There were 12345678 cells and 20120034 reads.",
        "The Netherlands (NL) enrolled 43 patients.",
        "The pages 2012-2016 and 1998-2001 were read.",
        "ORCID 0000-0002-1825-0097 belongs to an author.",
    ],
)
def test_other_identifiers_are_none(check: Check, text: str) -> None:
    check(text, "registry_id")


def test_an_identifier_split_at_a_line_end_of_printed_text_is_whole(check: Check) -> None:
    lines = [
        "Inhaled steroids are the mainstay of treatment of asthma in adults and",
        "children, and most of the evidence comes from trials of moderate size with",
        "a short follow-up. The largest of them was done in four countries and was",
        "registered before the first patient was enrolled, as <registry_id normalized=NCT:NCT01234567>NCT",
        "01234567</registry_id>, and its results were published within one year of the last visit",
        "of the last patient. A second one was smaller and was registered late, with",
        "the number EudraCT <registry_id normalized=EUDRACT:2012-003456-78>2012-003456-",
        "78</registry_id>, and the third was not registered at all, which is why it is not",
        "considered in what follows here. All of them used a spirometer at each of",
        "the visits, and all of them asked for symptoms in a diary that the patients",
        "filled in each evening. Exacerbations were counted by the investigators of",
        "the centres, and a committee reviewed those that had led to an admission to",
        "a hospital or to an unscheduled visit to the emergency department there.",
    ]
    check("\n".join(lines))
