"""`Vitamin D 2,000 IU` raised KeyError: spaCy's matcher takes `vitamin D 2` for the name `vitamin D2`."""

from __future__ import annotations

import re

from spacy.language import Language

from extract.lexicons import load


def test_no_spacing_of_an_agents_name_is_an_error(nlp: Language) -> None:
    nlp("Vitamin D 2,000 IU daily was given.")
    agents = load("agents")
    for name in (*agents.names(), *agents.symbols):
        pieces = re.findall(r"\d+|[^\W\d_]+|[^ ]", name)
        for printed in {" ".join(pieces), "".join(pieces), name.replace("-", " ")}:
            with nlp.select_pipes(enable="extract_agents"):
                nlp(f"with {printed} in")
