"""XML bytes to a tree of elements without namespaces: no network, no DTD, no entity that grows or leads outside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from html.entities import html5
from typing import TYPE_CHECKING, Any, cast

from lxml import etree

from extract.errors import ReadError
from extract.patterns import lazy_regex

if TYPE_CHECKING:
    from lxml.etree import _Element, _Entity

MAX_ENTITY = 1000  # characters: what an entity of an article stands for is a sign or a name
_PLACE = lazy_regex(r"[\s,.]*line \d+, column \d+.*$", re.DOTALL)
_SPACE = b" \t\r\n"
_MORE_THAN_WORDS = lazy_regex(r"<|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)")


def parse_xml(data: bytes, place: str) -> tuple[_Element, list[str]]:
    """The root of an XML file, and warnings; tags are local names, comments and processing instructions are left out.

    Entities are put in as text: those of HTML by their names, those that the file declares if they are plain text.
    Raises ReadError, with `place` and the line, for what is not well-formed, nested deeper than 256 elements or holds
    entities made of other entities, of markup or of other files.
    """
    body = data.lstrip(_SPACE)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        line = (error.lineno or 1) + data[: len(data) - len(body)].count(b"\n")
        raise _malformed(place, line, _PLACE.sub("", error.msg or "no XML")) from None
    named: Any = root.xpath("//*[namespace-uri()]")
    for element in named:
        element.tag = element.tag.rpartition("}")[2]
    return root, _put_in_entities(root, place) if b"<!DOCTYPE" in body else []


def _malformed(place: str, line: int, reason: str) -> ReadError:
    return ReadError(f"{place}: not well-formed XML at line {line}: {' '.join(reason.split())}")


def _put_in_entities(root: _Element, place: str) -> list[str]:
    """Write what the entities of a tree stand for in their places; warn of those that nobody declares."""
    references: list[_Entity] = list(root.iter(etree.Entity))
    if not references:
        return []
    dtd = root.getroottree().docinfo.internalDTD
    entities: Iterable[Any] = dtd.entities() if dtd is not None else ()  # type: ignore[attr-defined]
    declared = {entity.name: entity.content for entity in entities}
    unknown: set[str] = set()
    meanings: dict[str, str] = {}
    for reference in references:
        name = reference.name
        if name in meanings:
            continue
        if name in declared:
            meanings[name] = _declared(name, declared[name], place, reference.sourceline or 1)
        else:
            meanings[name] = html5.get(f"{name};", f"&{name};")
            if meanings[name] == f"&{name};":
                unknown.add(name)
    for parent in {reference.getparent(): None for reference in references}:
        if parent is not None:
            _write_meanings(parent, meanings)
    return [f"entity &{name}; is not declared and stands in the text as it is" for name in sorted(unknown)]


def _declared(name: str, content: str | None, place: str, line: int) -> str:
    """What an entity that the file declares stands for."""
    if content is None:
        raise _malformed(place, line, f"entity &{name}; stands for another file")
    if _MORE_THAN_WORDS.search(content) or len(content) > MAX_ENTITY:
        raise _malformed(place, line, f"entity &{name}; stands for more than a few plain words")
    return unescape(content)


def _write_meanings(parent: _Element, meanings: dict[str, str]) -> None:
    """Put text in the places of the references to entities right inside an element."""
    words = [parent.text or ""]
    before: _Element | None = None
    for child in [*parent, None]:
        if child is not None and child.tag is etree.Entity:
            words += meanings[cast("_Entity", child).name], child.tail or ""
            parent.remove(child)
            continue
        if before is None:
            parent.text = "".join(words)
        else:
            before.tail = "".join(words)
        if child is not None:
            before, words = child, [child.tail or ""]
