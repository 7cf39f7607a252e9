"""Licences as SPDX identifiers, read out of the words of an article."""

from __future__ import annotations

import pytest

from extract.corpus.licences import find_spdx, read_licence

from .making import CC_BY, article


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("http://creativecommons.org/licenses/by/2.0", "CC-BY-2.0"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/legalcode.en", "CC-BY-NC-ND-4.0"),
        ("http://creativecommons.org/licenses/by-nc-nd/3.0/igo/", "CC-BY-NC-ND-3.0-IGO"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("Open access under the CC BY-NC-SA 4.0 licence", "CC-BY-NC-SA-4.0"),
        ("Creative Commons Attribution 4.0 International License", "CC-BY-4.0"),
        ("Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 International", "CC-BY-NC-ND-4.0"),
        ("the Creative Commons Attribution License (version 3.0)", "CC-BY-3.0"),
        ("the Creative Commons Attribution License", None),
        ("mit", "MIT"),
        ("cc by", None),
        ("http://creativecommons.org/licenses/by/3.0/xx/", None),
        ("all rights reserved", None),
        ("", None),
    ],
)
def test_licences_as_spdx(text: str, identifier: str | None) -> None:
    assert find_spdx(text) == identifier


@pytest.mark.parametrize(
    ("licence", "identifier"),
    [
        (CC_BY, "CC-BY-4.0"),
        (
            '<license><ali:license_ref xmlns:ali="http://www.niso.org/schemas/ali/1.0/">'
            "https://creativecommons.org/licenses/by-nc/4.0/</ali:license_ref></license>",
            "CC-BY-NC-4.0",
        ),
        ("<license><license-p>Free under CC BY 4.0.</license-p></license>", "CC-BY-4.0"),
        ("<copyright-statement>CC BY 4.0 of a figure</copyright-statement>", None),
        ("", None),
    ],
    ids=["address", "ali", "in words", "no licence element", "nothing"],
)
def test_the_licence_of_an_article_is_in_its_licence_element(licence: str, identifier: str | None) -> None:
    assert read_licence(article(licence).encode()) == identifier


def test_a_damaged_article_has_no_licence() -> None:
    assert read_licence(b"<article>") is None
