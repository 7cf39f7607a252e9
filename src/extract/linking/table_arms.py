"""Arms in tables: of a column, of a row, of a figure in a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.document import CharSpan
from extract.linking import Found, Marks
from extract.linking.cells import Item
from extract.linking.table_words import Words, effect_label, is_plain
from extract.patterns import lazy_regex

_WORD = lazy_regex(r"\S+")
_SPLIT = lazy_regex(r"\s?[;|]\s?|\s(?:vs\.?|versus)\s")
_VERSUS = lazy_regex(r"\s(?:vs\.?|versus|compared\s(?:with|to)|or)\s")
_WITH_OR_WITHOUT = lazy_regex(r"\s(?:±|\+/-|with\sor\swithout)\s")
_LEADING = lazy_regex(r"(?:(?:in|for|with|among|on|of|comparison|difference|between|the|and)\s)+", re.IGNORECASE)
_NO_ARM = lazy_regex(
    r"\W*(?:n\.?\s?s\.?|not\ssignificant|ref\w*|n\.?r\.?|n/?a|p|log-?rank|fixed|random)\W*$", re.IGNORECASE
)
_CONTROL = lazy_regex(
    r"\b(?:placebo|no|without|controls?|usual|standard|sham|observation|none|conventional)\b", re.IGNORECASE
)
_SHAPES = ((lazy_regex(r"[^\W\d_]"), "w"), (lazy_regex(r"\d"), "d"))


def joined(text: str, spans: Sequence[CharSpan]) -> Found:
    """Arms as one field, joined with `; `; what is repeated stands once."""
    names = list(dict.fromkeys(text[span.start : span.end] for span in spans))
    return Found("; ".join(names), tuple(spans))


def header_arms(marks: Marks, path: Sequence[Words]) -> list[CharSpan]:
    """Arms and subgroups that a header path (innermost first) names, outer ones first."""
    return [
        words.rest
        for words in reversed(path)
        if words.rest is not None
        and words.outcome is None
        and not (words.is_effect or words.p_value or words.baseline or words.against or words.difference)
        and not any(marks.inside(name, *words.span) for name in ("trials", "registry_ids", "citations"))
    ]


def compared(text: str, words: Words) -> tuple[CharSpan, CharSpan] | None:
    """The two arms that a header sets against each other."""
    if words.against is None:
        return None
    first, second = (_stripped(text, span) for span in words.against)
    return first, second


def _stripped(text: str, span: CharSpan) -> CharSpan:
    match = _LEADING.match(text, span.start, span.end)
    return CharSpan(match.end(), span.end) if match else span


def label_arm(text: str, item: Item) -> CharSpan | None:
    """The arm or subgroup that the cell prints at a figure: `MSD: 79%`, `45% (placebo)`."""
    if item.label is None:
        return None
    span = _stripped(text, item.label)
    words = text[span.start : span.end]
    if effect_label(text, item) or is_plain(words) or _NO_ARM.match(words):
        return None
    return span


def arms_of(
    text: str, span: CharSpan, items: Sequence[Item], index: int, *, effect: bool
) -> tuple[CharSpan | None, CharSpan | None]:
    """The arm of one of a cell's figures from the row's list of arms, and what a ratio compares it with."""
    parts, count = _parts(text, span), len(items)
    item = items[index]
    if effect and len(parts) == item.slots + 1:
        return _sides(text, parts, item)
    if len(parts) == item.slots > 1:
        return parts[item.slot], None
    if len(parts) == count:
        return parts[index], None
    if len(parts) > 1:
        return None, None
    if sum(bool(item.times) for item in items) == count:
        return span, None
    return _one_arm(text, span, items, index)


def _sides(text: str, parts: Sequence[CharSpan], item: Item) -> tuple[CharSpan | None, CharSpan | None]:
    """The arms of one ratio fewer than arms: each against a control named last, else the first against each other."""
    if len(parts) == 2:
        return parts[0], parts[1]
    if _CONTROL.search(text, *parts[-1]):
        return parts[item.slot], None
    return parts[0], parts[item.slot + 1]


def _one_arm(text: str, span: CharSpan, items: Sequence[Item], index: int) -> tuple[CharSpan | None, CharSpan | None]:
    """One printed arm for several figures: a stack without separators, `A ± B`, or the index arm of a pair."""
    chunks = _stack(text, span, len(items))
    if chunks is not None:
        return chunks[index], None
    if any(item.label for item in items):
        return span, None
    if index > 0:
        return None, None
    added = _WITH_OR_WITHOUT.search(text, *span)
    return (CharSpan(added.end(), span.end) if added else span), None


def _parts(text: str, span: CharSpan) -> list[CharSpan]:
    parts: list[CharSpan] = []
    start = span.start
    for match in _SPLIT.finditer(text, *span):
        parts.append(CharSpan(start, match.start()))
        start = match.end()
    return [*parts, CharSpan(start, span.end)]


def _stack(text: str, span: CharSpan, count: int) -> list[CharSpan] | None:
    """A cell cut into `count` arms that stand below each other without a separator: as many parts of one shape."""
    words = [CharSpan(*match.span()) for match in _WORD.finditer(text, *span)]
    if count < 2 or not words or len(words) % count:
        return None
    size = len(words) // count
    chunks = [words[i * size : (i + 1) * size] for i in range(count)]
    shapes = {tuple(_shape(text[word.start : word.end]) for word in chunk) for chunk in chunks}
    if size > 1 and len(shapes) > 1:
        return None
    return [CharSpan(chunk[0].start, chunk[-1].end) for chunk in chunks]


def _shape(word: str) -> str:
    """Whether a word has letters, digits only, or signs only."""
    return next((shape for pattern, shape in _SHAPES if pattern.search(word)), "s")
