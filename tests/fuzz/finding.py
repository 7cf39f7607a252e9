"""Grammar, components, records, audit and comparison: the invariants of DESIGN.md on sentences that were changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import pairwise

from hypothesis import strategies as st

from extract.assembly import Extraction, extract_document
from extract.audit import extract_and_audit
from extract.compare import compare_documents
from extract.components.grammar import NUMBER as NUMBER_PATTERN
from extract.components.grammar import NUMBER_WORDS, comparator_before, decimal, quantity, whole_number
from extract.components.grammar import WHOLE as WHOLE_PATTERN
from extract.pipeline import make_doc
from extract.readers import parse_text
from extract.values import Quantity
from fuzz.bases import REVIEW, nlp, sentences, short_texts
from fuzz.mutating import DASHES, NUMBERS, ODD, UNITS, WORDS, change, changed, changes
from fuzz.targets import Target
from record_checks import CHECKS
from test_invariants import assert_evidence, assert_no_invented_numbers


@contextmanager
def warm() -> Iterator[None]:
    """The pipeline, loaded before time is taken."""
    check_audit(REVIEW)
    yield


# ------------------------------------------------------------------------------------------------------------- grammar

_PIECES = (
    *NUMBERS,
    *DASHES,
    *UNITS,
    *WORDS,
    *ODD,
    "5",
    "12",
    "0.82",
    "1,568",
    "(",
    ")",
    "[",
    "]",
    "<",
    "≥",
    ", ",
    " and ",
    " or ",
    "CI",
    "NCT",
    "ISRCTN",
    "EudraCT ",
    "ChiCTR-",
    "U1111-1111-",
    "busulfan",
    "TBI",
    "dose",
    "death",
    "CR",
    "relapse",
    "EFS",
    "was",
    "than",
    "twice daily",
    "every 3 weeks",
    "iv",
    "n/N",
    "no ",
    "none ",
    "all ",
    "both ",
    "arm",
    "group",
)


def phrases() -> st.SearchStrategy[str]:
    """Pieces of the grammar in any order, and sentences with changes."""
    pieced = st.builds(
        lambda space, parts: space.join(parts),
        st.sampled_from(("", " ")),
        st.lists(st.sampled_from(_PIECES), max_size=14),
    )
    return st.one_of(pieced, pieced, changed(st.sampled_from(sentences())))


def check_components(text: str) -> None:
    """Each component finds spans inside the text, in order, without overlap, the same twice, with sound values."""
    doc = nlp()(text)
    for _, component in nlp().pipeline:
        found = component.find(doc)  # type: ignore[attr-defined]
        assert [(span.start_char, span.end_char, span.label_, span._.value) for span in found] == [
            (span.start_char, span.end_char, span.label_, span._.value)
            for span in component.find(doc)  # type: ignore[attr-defined]
        ]
        places = [(span.start_char, span.end_char) for span in found]
        assert all(0 <= start < end <= len(text) for start, end in places)
        if component.group in {"percents", "doses", "registry_ids", "trials", "endpoints"}:  # type: ignore[attr-defined]
            assert all(one[1] <= other[0] for one, other in pairwise(places)), (component, places)
        for span in found:
            _check_quantity(getattr(span._.value, "quantity", None), span.text)


def _check_quantity(found: Quantity | None, words: str) -> None:
    for number in (found.value, found.low, found.high) if found is not None else ():
        assert number is None or (isinstance(number, Decimal) and number.is_finite()), f"{number} of {words!r}"


def numbers() -> st.SearchStrategy[str]:
    """What may be taken for a number."""
    signs = st.text("0123456789.,·\u00a0-–−+eE ½²٣０𝟎₀⁰", max_size=14)
    words = st.sampled_from((*NUMBERS, *NUMBER_WORDS))
    return st.one_of(signs, words, st.builds(lambda word, sign: word + sign, words, signs))


def check_numbers(text: str) -> None:
    """Numbers of the grammar are decimals with the printed digits; whole numbers are whole or None."""
    found = whole_number(text)
    assert found is None or (isinstance(found, int) and found >= 0)
    for match in re.finditer(NUMBER_PATTERN, text):
        number = decimal(match[0])
        assert number.is_finite()
        assert re.sub(r"\D", "", match[0]).lstrip("0") == "".join(map(str, number.as_tuple().digits)).lstrip("0") or (
            not match[0].isascii()
        )
        assert quantity(match[0]).value == number
        assert quantity(match[0], match[0]).high == number
    for match in re.finditer(WHOLE_PATTERN, text):
        assert whole_number(match[0]) is not None, match[0]
    for at in range(len(text) + 1):
        comparator_before(text, at)


# ------------------------------------------------------------------------------------------------------------- records


def bodies() -> st.SearchStrategy[str]:
    """Short reviews with changes."""
    paragraph = changed(st.lists(st.sampled_from(sentences()), min_size=1, max_size=3).map(" ".join), most=4)
    whole = st.lists(paragraph, min_size=1, max_size=3).map(lambda parts: "## Results\n\n" + "\n\n".join(parts))
    return st.one_of(
        whole, changed(st.sampled_from(short_texts())), st.builds(change, st.just(REVIEW), changes(most=8))
    )


def as_bytes(extraction: Extraction) -> bytes:
    """All rows of all tables."""
    tables = ("mentions", "outcomes", "dosing", "trials", "studies", "findings", "evidence", "references")
    return "\n".join(row.model_dump_json() for name in tables for row in getattr(extraction, name)).encode()


_ANYWHERE = "is not in the list"  # a changed text may cite what its list, changed too, does not hold


def check_extraction(text: str) -> None:
    """Every mention and record has its evidence and no invented number; the same twice."""
    document = parse_text(text)
    extraction = extract_document(document, nlp=nlp())
    assert_evidence(extraction)
    for mention in extraction.promised():
        assert_no_invented_numbers(mention)
    found = (f"{check.__name__}: {each}" for check in CHECKS for each in check(extraction))
    wrong = [each for each in found if not each.endswith(_ANYWHERE)]
    assert not wrong, "\n".join(wrong)
    assert as_bytes(extract_document(parse_text(text), nlp=nlp())) == as_bytes(extraction)


def check_audit(text: str) -> None:
    """Findings show words of the document on the stated side, name rows that there are, and are the same twice."""
    extraction = extract_and_audit(parse_text(text), nlp=nlp(), helpers=True)
    document = extraction.document
    rows = {
        row.record_id for table in ("outcomes", "dosing", "trials", "studies") for row in getattr(extraction, table)
    }
    assert [each.record_id for each in extraction.findings] == [
        f"f{at}" for at in range(1, len(extraction.findings) + 1)
    ]
    for finding in extraction.findings:
        pieces = [each for each in extraction.evidence if each.record_id == finding.record_id]
        assert any(each.field == "stated" for each in pieces)
        assert set(finding.about) <= rows
        assert finding.message.isprintable() or not finding.quote.isprintable()
        for each in pieces:
            assert document.text[each.start : each.end] == each.quote
            assert each.source_spans == tuple(map(tuple, document.source_spans(each.start, each.end)))
    assert as_bytes(extract_and_audit(parse_text(text), nlp=nlp(), helpers=True)) == as_bytes(extraction)
    make_doc(nlp(), document)


def pairs() -> st.SearchStrategy[tuple[str, str]]:
    """A review in two versions, each with changes of its own."""
    base = st.one_of(st.just(REVIEW), st.sampled_from(short_texts()))
    return st.builds(
        lambda text, one, other: (change(text, one), change(text, other)), base, changes(most=4), changes(most=4)
    )


def check_comparison(texts: tuple[str, str]) -> None:
    """Comparing gives the same twice; each study is of at least two reviews, each said row is one that there is."""
    sources = [
        extract_document(parse_text(text, document_id=f"review{at}"), nlp=nlp()) for at, text in enumerate(texts)
    ]
    found = list(compare_documents(sources))
    assert list(map(repr, compare_documents(sources))) == list(map(repr, found))
    ids = {(each.document.document_id, row.record_id) for each in sources for row in (*each.outcomes, *each.dosing)}
    for study in found:
        assert len({review.document_id for review in study.reviews}) >= 2
        for review in study.reviews:
            for said in review.said:
                record = getattr(said, "record_id", None)
                assert record is None or (review.document_id, record) in ids


TARGETS = (
    Target("numbers", numbers, check_numbers, few=60, many=40_000),
    Target("components", phrases, check_components, few=30, many=25_000, around=warm),
    Target("records", bodies, check_extraction, few=15, many=6_000, around=warm),
    Target("audit", bodies, check_audit, few=12, many=4_000, around=warm),
    Target(
        "compare",
        pairs,
        check_comparison,
        few=6,
        many=2_000,
        size=lambda pair: len(pair[0]) + len(pair[1]),
        around=warm,
    ),
)
