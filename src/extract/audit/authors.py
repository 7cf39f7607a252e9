"""Authors in running text and in the reference list: who is named, and whose an entry is."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from extract.document import CharSpan, Document, Reference
from extract.patterns import lazy_regex

_PARTICLE_WORDS = "van von der den de del della di da du dos das le la el al ten ter te zu zur zum bin ibn af av"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_PARTICLE = (
    r"(?:[Vv][ao]n|[Dd]e[nrl]?|[Dd]ella|[Dd][iau]|[Dd][ao]s|[Ll][ae]|[EeAa]l|[Tt]e[nr]?|[Zz]u[rm]?|[Bb]in|[Ii]bn|"
    r"[Aa][fv])"
)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_WORD = rf"(?:[dlODL]['’]\s?)?{_CAPITAL}[^\W\d_]+(?:['’-][^\W\d_]{{2,}})*"
_NAME = rf"(?:{_PARTICLE}[ -]){{0,3}}{_WORD}"
_INITIALS = rf"(?:\s(?:{_CAPITAL}{{1,3}}\b|(?:{_CAPITAL}\.[ -]?){{1,3}}))?"
_PEOPLE = r"(?:colleagues|co-?workers|co-?authors|co-?investigators|associates|collaborators|others)"
# "Hart et al.", "van der Berg and colleagues", "Hart AB et al."; words before the name may belong to it or to the text.
_AND_OTHERS = lazy_regex(rf"\set\sal\b\.?|\s(?:and|&)\s{_PEOPLE}\b")
_NAMES = lazy_regex(rf"(?<![\w'’-])(?P<names>(?:{_NAME}[ -]){{0,2}}{_NAME}){_INITIALS},?\Z")
_PAIR = lazy_regex(
    rf"(?<![\w'’-])(?P<name>{_NAME}){_INITIALS}\s(?:and|&)\s(?P<second>{_NAME})(?:\s{_CAPITAL}{{1,3}})?\Z"
)
_AFTER_BY = lazy_regex(rf"\bby\s(?P<name>{_NAME})\Z")
_ALONE = lazy_regex(rf"(?P<name>{_NAME}){_INITIALS}\Z")
_BEFORE_NUMBER = lazy_regex(r",?(?:\s?[(\[]?(?:19|20)\d\d[a-z]?[)\]]?)?,?\s?[(\[]?\Z")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "a", "œ": "o", "ß": "ss", "þ": "th", "ı": "i"})
_SPELLED_OUT = lazy_regex(r"(?<=[aou])e")  # Mueller for Müller
_NO_LETTER = lazy_regex(r"[\W\d_]")  # combining accents, too
_SPLIT = lazy_regex(r"[\s'’-]+")
_AUTHOR_WORD = lazy_regex(r"[^\W\d_]{2,}(?:['’-][^\W\d_]+)*")
_INITIAL = lazy_regex(rf"[,\s]+(?P<initials>(?:{_CAPITAL}[.\s-]{{0,2}}){{1,4}})(?=[,.:;\s]|\Z)")
MIN_LIKENESS = 0.75  # of two spellings of one name: Contrearas and Contreras
HEAD = 400  # characters of an entry in which its authors stand
NAME_REACH = 80  # characters before a citation in which two names can stand


class Named(NamedTuple):
    """An author named in the text; `name` is as printed, with the words before it that may belong to it."""

    start: int
    end: int
    name: str

    @property
    def span(self) -> CharSpan:
        """Its char span."""
        return CharSpan(self.start, self.end)


def find_named(text: str, start: int, end: int) -> Iterator[Named]:
    """The authors of `text[start:end]` that are named with others: "Hart et al.", "Hart and colleagues"."""
    for others in _AND_OTHERS.finditer(text, start, end):
        first = max(others.start() - NAME_REACH, start)
        if match := _NAMES.search(text[first : others.start()]):
            yield Named(first + match.start(), others.end(), match["names"])


def name_before(text: str, floor: int, end: int, *, opens: bool) -> tuple[Named, tuple[str, ...]] | None:
    """The names right before a citation that stand without "et al.": two of them, one after "by".

    `opens`: `floor` is where a table cell begins; one name may then stand there alone. Whether it is an author's, the
    list must tell.
    """
    first = max(floor, end - NAME_REACH)
    before = text[first:end]
    before = before[: match.start()] if (match := _BEFORE_NUMBER.search(before)) else before
    if pair := _PAIR.search(before):
        return Named(first + pair.start(), first + pair.end(), pair["name"]), (pair["name"], pair["second"])
    alone = _AFTER_BY.search(before) or (_ALONE.match(before) if opens and first == floor else None)
    if alone is None:
        return None
    return Named(first + alone.start("name"), first + alone.end(), alone["name"]), (alone["name"],)


def fold(name: str) -> str:
    """A name in plain lower-case letters, without accents, signs and the ways to spell an umlaut."""
    plain = name.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.translate(_LETTERS))
    return _SPELLED_OUT.sub("", _NO_LETTER.sub("", plain))


class Authors:
    """The authors of a reference list."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._entries = {reference.number: reference for reference in document.references}

    @cached_property
    def _by_first(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for entry in self._entries.values():
            for form in _forms(entry.first_author or ""):
                found[form].append(entry.number)
        return found

    def entry(self, number: int) -> Reference | None:
        """An entry by its number."""
        return self._entries.get(number)

    def first(self, number: int) -> str | None:
        """The first author of an entry as printed."""
        entry = self._entries.get(number)
        return entry.first_author if entry else None

    def numbers(self, name: str) -> list[int]:
        """The entries whose first author has this name; of "Later Hart" those of Hart."""
        words = name.split()
        for index in range(len(words)):
            form = fold(" ".join(words[index:]))
            if len(form) > 1 and form in self._by_first:
                return self._by_first[form]
        return []

    def narrowed(self, named: Named) -> Named:
        """A named author without the words of the text before the name: "Since Hart" is Hart."""
        cuts = [0, *(match.end() for match in re.finditer(r"\s", named.name))]
        known = (cut for cut in cuts if fold(named.name[cut:]) in self._by_first)
        words = (cut for cut in cuts if named.name[cut:].split()[0].lower() in _PARTICLES)
        cut = next(known, next(words, cuts[-1]))
        return Named(named.start + cut, named.end, named.name[cut:])

    def is_by(self, number: int, name: str) -> bool:
        """Whether a part of the name is a part of the first author's."""
        return bool(_parts(name) & _parts(self.first(number) or ""))

    def holds(self, number: int, name: str) -> bool:
        """Whether an entry holds the name, or a part of it, anywhere."""
        entry = self._entries[number]
        words = {fold(word) for word in _AUTHOR_WORD.findall(self._text[entry.span.start : entry.span.end])}
        words |= {part for word in words for part in _parts(word)}
        printed = fold(self._text[entry.span.start : entry.span.end])
        return bool(_parts(name) & words) or fold(name.rsplit(maxsplit=1)[-1]) in printed

    def resembles(self, number: int, name: str) -> bool:
        """Whether a name may be an author of the entry in another spelling, or a given name of the first one."""
        entry = self._entries[number]
        head = self._text[entry.span.start : min(entry.span.end, entry.span.start + HEAD)]
        last = fold(name.rsplit(maxsplit=1)[-1])
        spelled = any(
            SequenceMatcher(None, last, fold(word)).ratio() >= MIN_LIKENESS for word in _AUTHOR_WORD.findall(head)
        )
        at = head.find(entry.first_author) if entry.first_author else -1
        if at < 0 or spelled:
            return True  # without a first author nothing can be said
        initials = _INITIAL.match(head, at + len(entry.first_author or ""))
        before = head[:at].strip(" .-0123456789[]()")
        given = (initials["initials"] if initials else "") + before
        return fold(name.split(maxsplit=1)[0])[:1] in fold(given)


def _forms(author: str) -> set[str]:
    """How a first author may be cited: whole, and without particles."""
    words = author.split()
    while len(words) > 1 and words[0].lower() in _PARTICLES:
        words = words[1:]
    return {form for form in (fold(author), fold(" ".join(words))) if form}


def _parts(name: str) -> set[str]:
    """The words of a name that are no particles: both of a double name."""
    parts = {fold(word) for word in _SPLIT.split(name) if word.lower() not in _PARTICLES}
    return {part for part in parts | {fold(name)} if len(part) > 1}
