"""The words of HTML elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from extract.patterns import lazy_regex
from extract.readers.xml_inline import InlineText, Script

if TYPE_CHECKING:
    from lxml.etree import _Element

# Addresses of entries: `#bib12`, `#ref-CR7`, `#B3`, `article.html#R14`.
_ENTRY = lazy_regex(r"(?i)#(?:.*(?:bib|ref|cit|cr)[^/]{0,12}\d|[brc]-?\d)")
_HIDDEN = lazy_regex(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_DROPPED = frozenset(
    {
        *("script", "style", "noscript", "template", "svg", "iframe", "object", "button", "select", "input", "form"),
        *("nav", "footer", "img", "picture", "video", "audio", "canvas", "head", "title", "meta", "link"),
        *("col", "colgroup"),
    }
)


class HtmlInline(InlineText):
    """Reads the words of HTML elements; citations are links to entries of the reference list."""

    SKIPPED: ClassVar[frozenset[str]] = frozenset(
        {
            *(
                "script",
                "style",
                "noscript",
                "template",
                "svg",
                "iframe",
                "object",
                "button",
                "select",
                "input",
                "form",
            ),
            *("nav", "footer", "img", "picture", "video", "audio", "canvas", "head", "title", "meta", "link"),
        }
    )
    SPACED: ClassVar[frozenset[str]] = frozenset(
        {"p", "div", "li", "ul", "ol", "dl", "dt", "dd", "td", "th", "tr", "table", "blockquote", "section", "figure"}
    )
    SPECIAL: ClassVar[dict[str, str]] = {
        "sup": "_superscript",
        "sub": "_subscript",
        "br": "_space",
        "hr": "_space",
        "math": "_math",
        "a": "_anchor",
    }

    def _child(self, child: _Element, parts: list[str], script: Script | None) -> None:
        if is_dropped(child):
            parts.append(" ")
        else:
            super()._child(child, parts, script)

    def _cites(self, element: _Element) -> bool:
        return any(_ENTRY.search(link.get("href") or "") for link in element.iter("a"))

    def _anchor(self, element: _Element, parts: list[str], script: Script | None) -> None:
        if script is not None or not _ENTRY.search(element.get("href") or ""):
            self._link(element, parts, script)
        elif element.find(".//sup") is not None:
            self._raise_citation(self._plain(element), parts)
        else:
            self._bare_citation(element, self._plain(element), parts)


def is_dropped(element: _Element) -> bool:
    """Whether an element holds no words of the article, or is not shown."""
    return (
        element.tag in _DROPPED or element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))
    )
