"""Formulae as text: MathML flattened to a readable line, TeX where there is nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from extract.patterns import lazy_regex
from extract.readers.normalise import SUBSCRIPTS, SUPERSCRIPTS, lowered, normalised

if TYPE_CHECKING:
    from lxml.etree import _Element

_RELATIONS = frozenset("=<>≤≥≠≈∼~±×÷→∈⩽⩾≅∝≡")
_OPERATORS = frozenset("+-−∗*")  # spaced between two terms, not as the sign of one
_UNSEEN = lazy_regex("[\u2061-\u2064\u200b]")
_SKIPPED = frozenset({"annotation", "annotation-xml", "mphantom"})
_OVER = frozenset("¯‾^ˆ~˜.˙→ˉ_")  # accents, which a line of text leaves out
_TEX_BODY = lazy_regex(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
_TEX_FRAME = lazy_regex(r"\$+|\\[\[\]()]|\\(?:begin|end)\{[^{}]*\}(?:\{[^{}]*\})?|&|\\(?:left|right|,|;|!|:|limits)")
_TEX_FRACTION = lazy_regex(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_TEX_INDEX = lazy_regex(r"_\{([^{}]*)\}|_(\w)")


def math_text(element: _Element) -> str:
    """A MathML formula as one line: `x²`, `a/b`, `√(n)`, spaces around relations."""
    return re.sub(r"\s+", " ", _UNSEEN.sub("", _read(element))).strip()


def tex_text(tex: str) -> str:
    """A TeX formula as one line, as far as its commands are known."""
    body = _TEX_BODY.search(tex)
    text = _TEX_FRAME.sub(" ", body[1] if body else tex)
    text = _TEX_FRACTION.sub(lambda match: f"{_grouped(match[1])}/{_grouped(match[2])}", text)
    text = _TEX_INDEX.sub(lambda match: lowered(match[1] or match[2]), text)
    return re.sub(r"\s+", " ", re.sub(r"[{}]", "", normalised(text))).strip()


def _read(element: _Element) -> str:
    tag = element.tag
    if tag in _SKIPPED:
        return ""
    if tag in {"mi", "mn", "mtext", "ms"}:
        return element.text or ""
    if tag == "mo":
        return _operator(element)
    if tag == "mspace":
        return " "
    parts = [_read(child) for child in element]
    if tag in _TWO and len(parts) >= 2:
        return _TWO[tag](parts)
    if tag == "mroot" and len(parts) == 2:
        return f"{_script(parts[1], raised=True)}√({parts[0]})"
    if tag == "msqrt":
        return f"√({''.join(parts)})"
    if tag == "mfenced":
        separator = (element.get("separators") or ",").strip()[:1]
        return f"{element.get('open', '(')}{f'{separator} '.join(parts)}{element.get('close', ')')}"
    if tag == "mtr":
        return " ".join(parts)
    if tag == "mtable":
        return "; ".join(parts)
    return "".join(parts)


def _operator(element: _Element) -> str:
    """A sign, with spaces around it where it stands between two terms."""
    sign = (element.text or "").strip()
    if sign in _RELATIONS:
        return f" {sign} "
    if sign in _OPERATORS:
        previous = element.getprevious()
        term = previous is not None and (previous.tag != "mo" or (previous.text or "").strip() in {")", "]", "%"})
        return f" {sign} " if term else sign
    return f"{sign} " if sign in {",", ";"} and _is_list(element) else sign


def _is_list(element: _Element) -> bool:
    """Whether a comma parts two terms: not the digits of one number."""
    previous, following = element.getprevious(), element.getnext()
    return not (previous is not None and previous.tag == "mn" and following is not None and following.tag == "mn")


def _grouped(text: str) -> str:
    """A term in brackets where it is more than one."""
    text = text.strip()
    return f"({text})" if re.search(r"[\s+=×/−-]", text) and not re.fullmatch(r"\([^()]*\)", text) else text


def _script(text: str, *, raised: bool) -> str:
    """An exponent or index in raised or lowered characters where there are all of them, else behind a sign."""
    text = text.strip()
    table = SUPERSCRIPTS if raised else SUBSCRIPTS
    shown = "".join(table.get("-" if each in "−–" else each, " ") for each in text)
    if " " not in shown:
        return shown
    return f"^{_grouped(text)}" if raised else f"_{_grouped(text)}" if len(text) > 1 else text


def _fraction(parts: list[str]) -> str:
    return f"{_grouped(parts[0])}/{_grouped(parts[1])}"


def _over(parts: list[str]) -> str:
    return parts[0] if parts[1].strip() in _OVER else f"{parts[0]}{_script(parts[1], raised=True)}"


_TWO: dict[str, Callable[[list[str]], str]] = {
    "mfrac": _fraction,
    "msup": lambda parts: f"{parts[0]}{_script(parts[1], raised=True)}",
    "msub": lambda parts: f"{parts[0]}{_script(parts[1], raised=False)}",
    "msubsup": lambda parts: (
        f"{parts[0]}{_script(parts[1], raised=False)}{_script(parts[2] if len(parts) > 2 else '', raised=True)}"
    ),
    "mover": _over,
    "munder": lambda parts: f"{parts[0]}{_script(parts[1], raised=False)}",
    "munderover": lambda parts: (
        f"{parts[0]}{_script(parts[1], raised=False)}{_script(parts[2] if len(parts) > 2 else '', raised=True)}"
    ),
}
