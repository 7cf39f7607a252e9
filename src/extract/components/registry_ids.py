"""Registry ids: identifiers of trial registers, well-formed or not.

An id is found glued to a word, split at a line end or with odd separators; one with a wrong count of digits is
malformed and says why, with the id of the same document that it garbles where exactly one is a single slip away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, adapt_tokenizer, make_spans, text_of, zones
from extract.lexicons import Registries, RegistryRow, load
from extract.patterns import lazy_regex, regex
from extract.values import RegistryId

WINDOW_BEFORE, WINDOW_AFTER = 28, 40  # characters around a run of digits in which its id stands
CONTEXT = 160  # characters around an id without prefix in which its register is named
# Spelt out, and apart from names: Python looks for a pattern that begins with one set of characters ten times as fast.
_DIGITS = lazy_regex(r"\d\d\d\d(?:\d|[-/]\d)")
_LETTER_FOR_DIGIT = str.maketrans("OoIl", "0011")


@dataclass(frozen=True, slots=True)
class _Register:
    row: RegistryRow
    pattern: re.Pattern[str]
    loose: re.Pattern[str]


class RegistryIds(Component):
    """Finds REGISTRY_ID spans."""

    group = "registry_ids"

    def __init__(self, registries: Registries) -> None:
        self._registers = tuple(
            _Register(row, regex(row.pattern), regex(rf"(?<!\d)(?:{row.loose})(?!\d)")) for row in registries.registry
        )
        self._not_ids = regex("|".join(f"(?:{pattern})" for pattern in registries.not_ids) or r"(?!)")
        short = {
            match[0]
            for row in registries.registry
            for example in row.examples
            if not _DIGITS.search(example) and (match := re.match(r"[A-Za-z]+", example))
        }
        short |= {"NCT", "ISRCTN"}  # their digits are printed in groups, too
        names = "|".join(sorted(map(re.escape, short), key=lambda name: (-len(name), name)))
        self._names = regex(rf"(?:{names})(?=[\W_\d])")

    def find(self, doc: Doc) -> list[Span]:
        """Ids in text order."""
        text = text_of(doc)
        found: list[tuple[int, int, RegistryId]] = []
        for zone in zones(doc):
            found.extend(self._in_zone(text, zone.start, zone.end))
        valid = _by_deletion({value.normalized for _, _, value in found if value.valid})
        return make_spans(doc, [(start, end, _with_meant(value, valid)) for start, end, value in found], "REGISTRY_ID")

    def _in_zone(self, text: str, start: int, end: int) -> list[tuple[int, int, RegistryId]]:
        candidates: dict[tuple[int, int], tuple[int, _Register]] = {}
        reached = start
        for first_shown, last_shown in self._triggers(text, start, end):
            if last_shown < reached:
                continue
            first = max(first_shown - WINDOW_BEFORE, start)
            last = min(last_shown + WINDOW_AFTER, end)
            for rank, register in enumerate(self._registers):
                for cut in register.loose.finditer(text, first, last):
                    match = register.loose.match(text, cut.start(), min(cut.end() + WINDOW_AFTER, end)) or cut
                    if match.end() > first_shown:
                        candidates.setdefault(match.span(), (rank, register))
                        reached = max(reached, match.end())
        return self._settle(text, candidates, start, end)

    def _triggers(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Where an id may stand: digits enough, and the names of registers whose ids have few."""
        shown = [match.span() for match in _DIGITS.finditer(text, start, end)]
        for match in self._names.finditer(text, start, end):
            before = text[max(match.start() - 1, 0) : match.start()]
            if not (before.isalnum() or before == "_"):
                shown.append(match.span())
        return sorted(shown)

    def _settle(
        self, text: str, candidates: dict[tuple[int, int], tuple[int, _Register]], start: int, end: int
    ) -> list[tuple[int, int, RegistryId]]:
        """The candidates that are ids: none that is part of another number, none twice."""
        if not candidates:
            return []
        barred = [match.span() for match in self._not_ids.finditer(text, start, end)]
        found: list[tuple[int, int, RegistryId]] = []
        taken = start
        for (first, last), (_, register) in sorted(candidates.items(), key=lambda c: (c[0][0], c[1][0], -c[0][1])):
            if first < taken or any(a < last and first < b for a, b in barred):
                continue
            value = _value(text[first:last], register)
            if value is None or not _in_context(text, first, last, register.row.context):
                continue
            found.append((first, last, value))
            taken = last
        return found


def _value(quote: str, register: _Register) -> RegistryId | None:
    code, template = register.row.code, register.row.template
    for candidate in (quote, _tidy(quote, register)):
        match = register.pattern.fullmatch(candidate)
        if match:
            return RegistryId(code, f"{code}:{template.format(*(group or '' for group in match.groups()))}")
    digits = len(re.findall(r"\d", quote))
    expected = sorted({len(re.findall(r"\d", example)) for example in register.row.examples})
    if len(expected) == 1 and digits != expected[0]:
        reason = f"{digits} digits, {expected[0]} expected"
    else:
        reason = f"not of the form {register.row.examples[0]}"
    return RegistryId(code, f"{code}:{re.sub(r'[^A-Za-z0-9/-]', '', quote)}", valid=False, reason=reason)


def _tidy(quote: str, register: _Register) -> str:
    """The id rewritten in the register's own spelling, when only case, separators or O for 0 differ."""
    match = register.loose.fullmatch(quote)
    if match is None or match.lastindex is None:
        return quote
    groups = [re.sub(r"[ \u00a0-]", "", group or "") for group in match.groups()]
    model = register.pattern.fullmatch(register.row.examples[0])
    if model is not None and all(group.isdigit() for group in model.groups() if group):
        groups = [group.translate(_LETTER_FOR_DIGIT) for group in groups]
    try:
        return register.row.template.format(*groups)
    except IndexError:
        return quote


def _in_context(text: str, first: int, last: int, words: tuple[str, ...]) -> bool:
    if not words:
        return True
    around = text[max(first - CONTEXT, 0) : last + CONTEXT].lower()
    return any(word.lower() in around for word in words)


def _with_meant(value: RegistryId, valid: dict[str, set[str]]) -> RegistryId:
    """A malformed id with the well-formed one a single slip away, if there is exactly one."""
    if value.valid:
        return value
    candidates = {other for key in _deletions(value.normalized) for other in valid.get(key, ())}
    near = [
        other
        for other in sorted(candidates)
        if other.startswith(f"{value.registry}:") and _one_slip(value.normalized, other)
    ]
    return replace(value, meant=near[0]) if len(near) == 1 else value


def _deletions(text: str) -> set[str]:
    """The text, and it without each one of its characters: two texts a slip apart share one of these."""
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}


def _by_deletion(ids: set[str]) -> dict[str, set[str]]:
    index: dict[str, set[str]] = {}
    for each in ids:
        for key in _deletions(each):
            index.setdefault(key, set()).add(each)
    return index


def _one_slip(first: str, second: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours leads from one string to the other."""
    if abs(len(first) - len(second)) > 1 or first == second:
        return False
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    tail_first, tail_second = first[start:], second[start:]
    return (
        tail_first[1:] == tail_second[1:]
        or tail_first[1:] == tail_second
        or tail_first == tail_second[1:]
        or (tail_first[:2] == tail_second[:2][::-1] and tail_first[2:] == tail_second[2:])
    )


@Language.factory("extract_registry_ids", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> RegistryIds:
    """The component for `nlp.add_pipe("extract_registry_ids")`."""
    adapt_tokenizer(nlp)
    return RegistryIds(load("registries"))
