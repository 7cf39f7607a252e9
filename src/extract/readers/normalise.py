"""Characters: printed variants to one form, markup residue to text, each with its way back to the file.

`flatten` replaces one character by one (dashes, spaces, quotes), so offsets stay. `TextBuilder` appends pieces of the
flattened source and rewrites what changes length: LaTeX residue, tags, emphasis, ligatures, soft hyphens, space.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from extract.document import Segment, SourceMap
from extract.patterns import lazy_regex

_ONE_TO_ONE = {
    **{chr(0xFF01 + place): chr(0x21 + place) for place in range(94)},  # full width: ２０（ｎ＝４）
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d\u00ad\u2043", "-"),
    **dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    ),
    **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
    "\u2217": "*",
    "\uff05": "%",
    "\u2264": "≤",
    "\u2a7d": "≤",
    "\u2a7e": "≥",
    "\u2265": "≥",
    "\uff1c": "<",
    "\uff1e": ">",
    "\uff1d": "=",
    "\u03bc": "µ",
    "\u2215": "/",
    "\u2044": "/",
    "\u223c": "~",
    "\uff5e": "~",
}
del _ONE_TO_ONE["\u00ad"]  # soft hyphens are dropped, not shown
_PLAIN = lazy_regex(r"[A-Za-z '()/+-]*")  # neither variants nor numbers
# Letters and digits of formulae in their own styles: 𝑝 = 𝟎.𝟎𝟑. A class of them would slow down the one below.
_STYLED = lazy_regex("[\U0001d400-\U0001d7ff]")
_VARIANT = lazy_regex("[" + "".join(map(re.escape, _ONE_TO_ONE)) + "]")

# Thousands set off by a space: kept as U+00A0, the only place where it stands in a normalised text.
GROUP_SPACE = "\u00a0"
_FIXED_SPACE_GROUPS = lazy_regex(r"(?<![\d.,])\d{1,3}(?:[\u00a0\u2007\u2009\u202f]\d{3})+(?![\d.,]?\d)")
_PLAIN_SPACE_GROUPS = lazy_regex(
    r"\b[nN] ?= ?([1-9]\d{0,2}(?: \d{3})+)(?![\d.,]?\d)|(?<![\d.,)(/-])([1-9]\d{0,2}(?: \d{3})+)"
    r"(?= (?:patients|participants|subjects|individuals|persons|people|adults|children|women|men|person-years|"
    r"events|mg|g|µg|mcg|IU|U|units|mL|ml|cGy)\b)"
)
_NUMBERED = lazy_regex(
    r"\b(?:days?|weeks?|months?|years?|cycles?|visits?|grades?|phases?|arms?|groups?|cohorts?|steps?|levels?) $"
)
# A class first and the look-behind after it: a text without such characters costs one scan.
_MIDDLE_DOT = lazy_regex(r"[\u00b7\u2219\u22c5\u2027\u30fb\uff65](?<=\d.)(?=\d)")
_FIXED_SPACE = lazy_regex(r"[\u00a0\u2007\u2009\u202f]\d{3}")
_PLAIN_SPACE = lazy_regex(r" \d{3}(?!\d)")
_COMMA = lazy_regex(r",\d")
_DECIMAL_COMMA = lazy_regex(r"(?<![\d.,])\d{1,3},\d{1,2}(?![\d.,]*\d)|(?<![\d.,])0,\d+(?![\d.,]*\d)")
_DECIMAL_POINT = lazy_regex(r"\d\.\d")
DECIMAL_COMMA_RATIO = 3  # decimal commas for each decimal point before a document counts as using them


def flatten(source: str) -> str:
    """`source` with every printed variant of a dash, space, quote or decimal sign replaced, length unchanged."""
    if _PLAIN.fullmatch(source):
        return source
    if _STYLED.search(source):
        source = _STYLED.sub(_unstyled, source)
    groups = [m.span() for m in _FIXED_SPACE_GROUPS.finditer(source)] if _FIXED_SPACE.search(source) else []
    text = _VARIANT.sub(lambda match: _ONE_TO_ONE[match[0]], source)
    groups += [
        match.span(match.lastindex or 0)
        for match in _around(_PLAIN_SPACE_GROUPS, _PLAIN_SPACE, text)
        if not _NUMBERED.search(text, max(match.start() - 12, 0), match.start())
    ]
    if groups:
        characters = list(text)
        for start, end in groups:
            for index in range(start, end):
                if characters[index] == " ":
                    characters[index] = GROUP_SPACE
        text = "".join(characters)
    text = _MIDDLE_DOT.sub(".", text)
    commas = list(_around(_DECIMAL_COMMA, _COMMA, text))
    if len(commas) >= DECIMAL_COMMA_RATIO and len(commas) > DECIMAL_COMMA_RATIO * len(_DECIMAL_POINT.findall(text)):
        text = _DECIMAL_COMMA.sub(lambda match: match[0].replace(",", "."), text)
    return text


def _unstyled(match: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKC", match[0])
    return plain.replace("\u03bc", "µ") if len(plain) == 1 else match[0]


def _around(pattern: re.Pattern[str], anchor: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches of a costly pattern that hold a hit of a cheap one: numbers around a comma or a space."""
    reached = 0
    for hit in anchor.finditer(text):
        if hit.start() >= reached:
            match = pattern.search(text, max(hit.start() - NUMBER_REACH, reached), hit.end() + NUMBER_REACH)
            if match is not None and match.start() < hit.start() < match.end():
                yield match
                reached = match.end()


NUMBER_REACH = 40  # characters from a separator to the ends of its number and the noun that follows

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
SUPERSCRIPTS = dict(
    zip("0123456789+-=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)
)
SUBSCRIPTS = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_COMMANDS = {
    "mu": "µ",
    "geq": "≥",
    "ge": "≥",
    "geqslant": "≥",
    "leq": "≤",
    "le": "≤",
    "leqslant": "≤",
    "lt": "<",
    "gt": ">",
    "times": "×",
    "pm": "±",
    "sim": "~",
    "approx": "≈",
    "cdot": ".",
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "Delta": "Δ",
    "kappa": "κ",
    "lambda": "λ",
    "sigma": "σ",
    "tau": "τ",
    "chi": "χ",
    "omega": "ω",
    "dagger": "†",
    "ddagger": "‡",
    "circ": "°",
    "degree": "°",
    "prime": "'",
    "rightarrow": "→",
    "to": "→",
    "infty": "∞",
    "ldots": "…",
    "dots": "…",
    "quad": " ",
    "qquad": " ",
}
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&nbsp;": " ", "&#160;": " ", "&ndash;": "-", "&minus;": "-"}

# What may change length. One alternative a branch; the names of the groups say which.
_REWRITE = lazy_regex(
    r"""
    (?P<sup><sup>(?P<sup_in>[^<>\n]{0,80})</sup>)
  | (?P<sub><sub>(?P<sub_in>[^<>\n]{0,80})</sub>)
  | (?P<brk><br\ ?/?>)
  | (?P<tag></?(?:b|i|em|strong|u|p|span|div|a|sup|sub|sc|italic|bold)(?:\ [^<>\n]{0,200})?>)
  | (?P<math>\$(?P<math_in>[^$\n]{1,200})\$)
  | (?P<caret>\^\{(?P<caret_in>[^{}\n]{0,60})\}|(?<=[\dA-Za-zµ}])\^(?P<caret_digits>[-+]?\d+))
  | (?P<command>\\(?P<command_name>[A-Za-z]+)(?P<command_arg>\{[^{}\n]{0,120}\})?)
  | (?P<escape>\\(?P<escaped>[%&\#_$*{}\[\]()<>~^|.,;:!+-]))
  | (?P<strong>\*\*)
  | (?P<emphasis>(?<![\w*\\])\*(?=[^\s*])(?P<emphasis_in>[^*\n]{1,200}?)(?<=[^\s*])\*(?![\w*]))
  | (?P<entity>&(?:lt|gt|amp|nbsp|\#160|ndash|minus);)
  | (?P<ligature>[\ufb00-\ufb06])
  | (?P<soft>\u00ad[ ]?\r?\n[ \t]*|[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]+)
  | (?P<wrap>(?:\r\n|\r|\n)[ \t\r\n]*)
  | (?P<space>[ \t]{2,}|\t)
    """,
    re.VERBOSE,
)
# Every rewrite begins with one of these; the search for them is what a clean text costs.
_TRIGGER = lazy_regex(r"[<$^\\*&\ufb00-\ufb06\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x1f]|  ")
# Where a source holds no markup: what its characters and line ends alone ask for.
_PLAIN_REWRITE = lazy_regex(
    _REWRITE.pattern[_REWRITE.pattern.index("(?P<ligature>") :],
    re.VERBOSE,
)
_PLAIN_TRIGGER = lazy_regex(r"[\ufb00-\ufb06\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\x00-\x1f]|  ")
_MATH_SIGN = lazy_regex(r"[\\^_<>=≤≥±×~]|^\s*(?:[-+]?\d+(?:\.\d+)?|[A-Za-z])\s*$")


class TextBuilder:
    """Collects the text of a document with its source map."""

    def __init__(self, flat: str, *, vocabulary: frozenset[str] = frozenset(), markup: bool = True) -> None:
        """`flat` is the flattened source; `vocabulary` its words in lower case, which settle line-end hyphens.

        Without `markup` signs such as `$`, `*` and `<i>` stand for themselves.
        """
        self._trigger, self._pattern = (_TRIGGER, _REWRITE) if markup else (_PLAIN_TRIGGER, _PLAIN_REWRITE)
        self._flat = flat
        self._vocabulary = vocabulary
        self._parts: list[str] = []
        self._segments: list[Segment] = []
        self._piece = 0
        self.length = 0

    def literal(self, text: str) -> None:
        """Append a separator that stands for nothing in the file."""
        self._parts.append(text)
        self.length += len(text)

    def ends_with_space(self) -> bool:
        """Whether the text so far is empty or ends in white space."""
        return not self._parts or self._parts[-1][-1:].isspace()

    def piece(self, start: int, end: int) -> None:
        """Append `source[start:end]`, normalised, as one unbroken run of the file."""
        self._piece += 1
        self._rewrite(start, end)

    def build(self) -> tuple[str, SourceMap]:
        """The text and its map."""
        return "".join(self._parts), SourceMap(tuple(self._segments))

    def _copy(self, start: int, end: int) -> None:
        if start < end:
            self._emit(self._flat[start:end], start, end)

    def _emit(self, text: str, start: int, end: int) -> None:
        if text:
            self._segments.append(Segment(self.length, self.length + len(text), start, end, self._piece))
            self._parts.append(text)
            self.length += len(text)

    def _rewrite(self, start: int, end: int, *, math: bool = False) -> None:
        position = search = start
        while trigger := self._trigger.search(self._flat, search, end):
            match = self._pattern.match(self._flat, trigger.start(), end)
            if match is None or (match.lastgroup == "math" and (math or not _MATH_SIGN.search(match["math_in"]))):
                search = trigger.start() + 1
                continue
            if match.lastgroup == "wrap":
                self._line_end(position, match)
            else:
                self._copy(position, match.start())
                self._replace(match, math=math)
            position = search = match.end()
        self._copy(position, end)

    def _replace(self, match: re.Match[str], *, math: bool) -> None:
        kind, start, end = match.lastgroup, match.start(), match.end()  # the outermost group closes last
        if kind in {"sup", "sub"}:
            self._emit(_script(match[f"{kind}_in"], SUPERSCRIPTS if kind == "sup" else SUBSCRIPTS), start, end)
        elif kind == "caret":
            inner = match["caret_in"] if match["caret_in"] is not None else match["caret_digits"]
            self._emit(_script(_plain_latex(inner), SUPERSCRIPTS), start, end)
        elif kind == "math":
            self._rewrite(*match.span("math_in"), math=True)
        elif kind == "command":
            self._command(match)
        elif kind == "escape":
            self._emit(match["escaped"], start, end)
        elif kind == "emphasis":
            self._rewrite(*match.span("emphasis_in"), math=math)
        elif kind == "entity":
            self._emit(_ENTITIES[match[0]], start, end)
        elif kind == "ligature":
            self._emit(_LIGATURES[match[0]], start, end)
        elif kind in {"brk", "space"}:
            self._emit(" ", start, end)

    def _command(self, match: re.Match[str]) -> None:
        name, argument = match["command_name"], match["command_arg"]
        if name in _COMMANDS:
            self._emit(_COMMANDS[name], match.start(), match.end("command_name"))
            if argument:
                self._rewrite(match.start("command_arg") + 1, match.end("command_arg") - 1, math=True)
        elif argument:
            self._rewrite(match.start("command_arg") + 1, match.end("command_arg") - 1, math=True)
        else:
            self._copy(match.start(), match.end())

    def _line_end(self, position: int, match: re.Match[str]) -> None:
        """A line end inside a piece: a space, or nothing after a hyphen that only the line end made."""
        start, end = match.span()
        while start > position and self._flat[start - 1] in " \t":
            start -= 1
        after = _WORD.match(self._flat, end, end + 40)
        suspends = after is not None and after[0] in _SUSPENDING
        goes_on = self._flat[end : end + 1].isdigit() or (after is not None and after[0][0].islower() and not suspends)
        if goes_on and _DIGIT_HYPHEN.search(self._flat, max(start - 3, position), start):
            self._copy(position, start)  # "4.4-" "13.9", "48-" "month"
            return
        before = _WORD_HYPHEN.search(self._flat, max(start - 40, position), start)
        if before is None or suspends:
            self._copy(position, start)
            self._emit(" ", start, end)
            return
        if after and after[0][0].islower():
            joined, hyphenated = (before[1] + after[0]).lower(), f"{before[1]}-{after[0]}".lower()
            if joined in self._vocabulary and hyphenated not in self._vocabulary:
                start -= 1
        self._copy(position, start)


_DIGIT_HYPHEN = lazy_regex(r"\d-$|(?<=[\s(])-$")  # of a range, a compound or a minus
_WORD_HYPHEN = lazy_regex(r"([^\W\d_]+)-$")
_WORD = lazy_regex(r"[^\W\d_]+")
_SUSPENDING = frozenset({"and", "or", "to", "versus", "vs"})  # "high- and low-dose"


def _script(text: str, table: dict[str, str]) -> str:
    """`text` raised or lowered; characters without such a form stay as they are."""
    return "".join(table.get(character, character) for character in text)


def raised(text: str) -> str:
    """`text` in superscript characters, as far as there are any."""
    return _script(_VARIANT.sub(lambda match: _ONE_TO_ONE[match[0]], text), SUPERSCRIPTS)


def lowered(text: str) -> str:
    """`text` in subscript characters, as far as there are any."""
    return _script(_VARIANT.sub(lambda match: _ONE_TO_ONE[match[0]], text), SUBSCRIPTS)


def normalised(printed: str, *, markup: bool = True) -> str:
    """A few words by themselves, normalised as in a document's text."""
    builder = TextBuilder(flatten(printed), markup=markup)
    builder.piece(0, len(printed))
    return builder.build()[0]


def _plain_latex(text: str) -> str:
    return re.sub(r"\\(?:text|mathrm|rm|,|;)?|[{}]", "", text)


_INSIDE = lazy_regex(r"(?<![^\W\d_])[^\W\d_]+(?:-[^\W\d_]+)*(?![^\W\d_]|-?[ \t]*[\r\n])")


def vocabulary_of(flat: str) -> frozenset[str]:
    """Words and hyphenated compounds that stand inside lines, in lower case."""
    return frozenset(map(str.lower, _INSIDE.findall(flat)))
