"""Licences as SPDX identifiers, read from what publishers and archives print."""

from __future__ import annotations

import re

from lxml import etree
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from extract.patterns import lazy_regex

_TERMS = r"by(?:-nc)?(?:-sa|-nd)?"
_URL = lazy_regex(
    rf"creativecommons\.org/(?:licen[cs]es/(?P<terms>{_TERMS})|publicdomain/(?P<zero>zero))/(?P<version>\d\.\d)"
    r"(?:/(?P<port>[a-z]{2,3})(?![a-z]))?",
    re.IGNORECASE,
)
_NAME = lazy_regex(rf"\bCC[ -]?(?P<terms>{_TERMS}|0)[ -]*(?P<version>\d\.\d)\b", re.IGNORECASE)
_WORDS = lazy_regex(
    r"\bCreative Commons Attribution(?P<nc>[ -]*Non-?commercial)?"
    r"(?:(?P<sa>[ -]*Share-?alike)|(?P<nd>[ -]*No-?deriv\w*))?"
    r"(?: Licen[cs]e)?,? \(?(?:version )?(?P<version>\d\.\d)\b",
    re.IGNORECASE,
)
_XLINK = "{http://www.w3.org/1999/xlink}href"


def find_spdx(text: str) -> str | None:
    """The SPDX identifier of the first licence that a text names by address, by short or by long name.

    None where none is named with its version: "cc by" may be any of five.
    """
    found = _URL.search(text)
    if found:
        terms = "0" if found["zero"] else f"-{found['terms']}"
        port = f"-{found['port']}" if found["port"] else ""
        return _known(f"CC{terms}-{found['version']}{port}")
    found = _NAME.search(text)
    if found:
        return _known(f"CC{'' if found['terms'] == '0' else '-'}{found['terms']}-{found['version']}")
    found = _WORDS.search(text)
    if found:
        terms = "".join(f"-{term}" for term in ("nc", "sa", "nd") if found[term])
        return _known(f"CC-BY{terms}-{found['version']}")
    return _known(text.strip())


def read_licence(xml: bytes) -> str | None:
    """The SPDX identifier of the licence that a JATS article states for itself, None where none can be told."""
    try:
        article = etree.fromstring(xml, safe_parser())
    except etree.XMLSyntaxError:
        return None
    for licence in article.findall("./front/article-meta/permissions/license"):
        stated = [licence.get(_XLINK, "")]
        for element in licence.iter("{*}license_ref", "{*}ext-link", "{*}uri"):
            stated += [element.get(_XLINK, ""), element.text or ""]
        stated += ["".join(map(str, licence.itertext()))]
        found = next(filter(None, map(find_spdx, stated)), None)
        if found is not None:
            return found
    return None


def safe_parser() -> etree.XMLParser:
    """A parser that fetches and expands nothing."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _known(expression: str) -> str | None:
    """The expression in SPDX's own spelling, None where SPDX does not know it."""
    try:
        return canonicalize_license_expression(expression)
    except InvalidLicenseExpression:
        return None
