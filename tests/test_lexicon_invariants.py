"""Every name, form and example of the lexicons is found in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

import spacy
from spacy.language import Language

from extract.components.phrases import PhraseIndex
from extract.lexicons import load

WORDS = re.compile(r"[A-Za-z0-9à-ž₀-₉²]+(?:[ /-][A-Za-z0-9à-ž₀-₉²]+)*")


def endpoint_forms() -> Iterator[tuple[str, str, bool]]:
    for row in load("endpoints").endpoint:
        for form in (*row.forms, *row.bound_forms):
            yield row.code, form, True
        for symbol in (*row.symbols, *row.bound_symbols):
            yield row.code, symbol, False


def test_every_endpoint_form_of_words_is_found_in_a_text() -> None:
    """Each form and symbol, each form in capitals and with hyphens for spaces; those with signs (≥, %, +) left out."""
    missed = []
    for folded in (True, False):
        forms = [(form, code) for code, form, is_form in endpoint_forms() if is_form is folded]
        index = PhraseIndex(forms, folded=folded)
        for form, code in forms:
            plain = folded and form.replace(" ", "").isalpha()
            for printed in {form, form.upper(), form.replace(" ", "-")} if plain else {form}:
                text = f"the {printed} of"
                hits = [(hit.start, hit.end, hit.payload) for hit in index.find(text, 0, len(text))]
                if (4, 4 + len(printed), code) not in hits and WORDS.fullmatch(printed):
                    missed.append((printed, code, hits))
    assert not missed


def test_every_agent_is_found_by_each_of_its_names() -> None:
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "extract.review_tokenizer.v1"}}})
    nlp.add_pipe("extract_agents")
    names = load("agents").names()
    printed = [*names.items(), *((symbol, name) for symbol, name in load("agents").symbols.items())]
    missed = []
    for doc, (name, generic) in zip(nlp.pipe(f"with {name} in" for name, _ in printed), printed, strict=True):
        spans = [(span.start_char, span.end_char, span._.value.name) for span in doc.spans["agents"]]
        if spans != [(5, 5 + len(name), generic)]:
            missed.append((name, generic, [(doc.text[a:b], value) for a, b, value in spans]))
    assert not missed


def test_every_registry_example_is_found_well_formed(nlp: Language) -> None:
    missed = []
    for row in load("registries").registry:
        for identifier in row.examples:
            doc = nlp(f"It is registered as {identifier} there.")
            ids = [(span.text, span._.value.registry, span._.value.valid) for span in doc.spans["registry_ids"]]
            if ids != [(identifier, row.code, True)]:
                missed.append((identifier, row.code, ids))
    assert not missed


def test_every_unit_form_makes_a_dose_of_a_drug(nlp: Language) -> None:
    units = load("units")
    missed = []
    for code, forms in units.amounts.items():
        for form in forms:
            doc = nlp(f"They received methotrexate 5 {form} once.")
            doses = [(span.text, span._.value.unit) for span in doc.spans["doses"]]
            if doses != [(f"5 {form}", code)]:
                missed.append((form, code, doses))
    for code, forms in units.per.items():
        for form in forms:
            doc = nlp(f"They received methotrexate 5 mg/{form} once.")
            doses = [(span.text, span._.value.unit) for span in doc.spans["doses"]]
            if doses != [(f"5 mg/{form}", f"mg/{code}")] and f"mg/{form}" not in units.not_doses:
                missed.append((f"mg/{form}", code, doses))
    assert not missed
