"""The words of JATS elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from extract.readers.xml_inline import InlineText, Script, last

if TYPE_CHECKING:
    from lxml.etree import _Element

_MARKS = frozenset({"table-fn", "fn", "aff", "corresp", "author-notes"})
_FORMS = ("math", "textual-form", "tex-math")


class JatsInline(InlineText):
    """Reads the words of JATS elements; citations are its `xref` of the kind `bibr`."""

    FLOATS: ClassVar[frozenset[str]] = frozenset(
        {
            "table-wrap",
            "table-wrap-group",
            "fig",
            "fig-group",
            "boxed-text",
            "supplementary-material",
            "media",
            "array",
            "fn",
        }
    )
    SKIPPED: ClassVar[frozenset[str]] = frozenset(
        {
            "index-term",
            "graphic",
            "inline-graphic",
            "alt-text",
            "long-desc",
            "object-id",
            "institution-id",
            "private-char",
            "glyph-data",
        }
    )
    SPACED: ClassVar[frozenset[str]] = frozenset(
        {
            *("p", "title", "subtitle", "list", "list-item", "def-list", "def-item", "term", "def", "disp-quote"),
            *("disp-formula", "verse-line", "speech", "statement", "td", "th", "tr", "attrib", "nlm-citation"),
            *("mixed-citation", "element-citation", "preformat", "code", "sec", "label-text"),
        }
    )
    SPECIAL: ClassVar[dict[str, str]] = {
        "sup": "_superscript",
        "sub": "_subscript",
        "xref": "_xref",
        "break": "_space",
        "hr": "_space",
        "br": "_space",
        "math": "_math",
        "tex-math": "_tex",
        "alternatives": "_alternatives",
        "name": "_name",
        "etal": "_et_al",
        "ext-link": "_link",
        "uri": "_link",
        "inline-supplementary-material": "_link",
    }

    def _cites(self, element: _Element) -> bool:
        return any(xref.get("ref-type") == "bibr" for xref in element.iter("xref"))

    def _xref(self, element: _Element, parts: list[str], script: Script | None) -> None:
        kind = element.get("ref-type")
        if kind in {"fig", "table", "boxed-text", "box"}:
            self.named += (element.get("rid") or "").split()
        if script is not None or (kind != "bibr" and kind not in _MARKS):
            self._walk(element, parts, script)
        elif kind == "bibr" and element.find(".//sup") is not None:
            self._raise_citation(self._plain(element), parts)
        elif kind == "bibr":
            self._bare_citation(element, self._plain(element), parts)
        else:
            self._mark(self._plain(element), parts)

    def _name(self, element: _Element, parts: list[str], script: Script | None) -> None:
        """Append the parts of a person's name with spaces between them."""
        if len(element) < 2 or any(child.tail for child in list(element)[:-1]):
            self._walk(element, parts, script)
            return
        parts.append(" ".join(filter(None, (self._plain(child).strip() for child in element))))

    def _et_al(self, element: _Element, parts: list[str], script: Script | None) -> None:
        parts.append(f"{'' if not parts or last(parts).isspace() else ' '}{self._plain(element) or 'et al'}")

    def _alternatives(self, element: _Element, parts: list[str], script: Script | None) -> None:
        """Append the best form of what is given in several: of a formula MathML, else words, else TeX."""
        best = next((form for tag in _FORMS for form in element.iterchildren(tag)), None)
        for form in [best] if best is not None else list(element):
            self._child(form, parts, script)
