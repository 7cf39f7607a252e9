"""Citations by author and year: `(Keating et al., 2019)`, `Keating and Lee (2019)`, `Hart 2019` in a table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extract.document import Document, Reference
from extract.patterns import lazy_regex
from extract.values import Citation

_YEAR = lazy_regex(r"[12](?:(?<=1)9|(?<=2)0)\d\d(?<![\w./-]\d{4})(?P<suffix>[a-z]?(?:,\s?[b-h]\b)*)(?![\w%/-])(?!\.\d)")
_PARTICLE = r"(?:[Vv][ao]n|[Dd]e|[Dd]e[rnl]|[Dd]ella|[Dd][iau]|[Dd]os|[Ll][ae]|[Aa]l|[Ee]l|[Tt]e[rn]|[Zz]u)"
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_NAME = rf"(?:{_PARTICLE}\s){{0,3}}(?:O'|d'|D')?{_CAPITAL}[\w'-]+(?:\s{_CAPITAL}[\w'-]+){{0,2}}"
_ONE_NAME = rf"(?:{_PARTICLE}\s){{0,3}}(?:O'|d'|D')?{_CAPITAL}[\w'-]+"
_IS_PARTICLE = lazy_regex(rf"{_PARTICLE}\Z")
# What may stand between the first author and the year.
_OTHERS = (
    r"(?:,?\s(?:et\sal\b\.?|and\s(?:colleagues|co-?workers|associates|others))|"
    rf"(?:,\s{_ONE_NAME}){{0,3}},?\s(?:and|&)\s(?P<second>{_ONE_NAME}))"
)
_NAMED = lazy_regex(rf"(?<![\w-])(?P<author>{_NAME})(?P<others>{_OTHERS})?(?P<link>,?\s?[(\[]|,?\s)\Z")
_LAST_WORD = lazy_regex(r"(?:\bal\b\.?|colleagues|workers|associates|others|[^\W\d_a-z][\w'-]+),?\s?[(\[]?\Z")
_GROUP = lazy_regex(
    r"(?:[(\[;]|(?<=\t)|(?<=\n))\s?(?:see\s(?:also\s)?|e\.g\.,?\s)?(?P<author>[^()\[\];\n\t]{2,100}?),?\s\Z"
)
_MORE_YEARS = lazy_regex(r",\s?\Z")
_CLOSES = lazy_regex(r"\s?[)\];,]")
_NO_AUTHOR_WORDS = (
    "january february march april may june july august september october november december spring summer autumn winter "
    "in since until by from before after during between of the and version edition copyright table figure phase"
)
_NO_AUTHOR = frozenset(_NO_AUTHOR_WORDS.split())
REACH = 110  # characters from the first author to the year
LAST_WORD = 40  # characters of the word before the year


@dataclass(frozen=True, slots=True)
class Named:
    """A citation by author and year: where it stands and what it says."""

    start: int
    end: int
    value: Citation


@dataclass(frozen=True, slots=True)
class _Author:
    """The first author as printed, where the citation begins, and the second author where there are but two."""

    name: str
    start: int
    second: str = ""


@dataclass(slots=True)
class ReferenceIndex:
    """The reference list by author and year and by its last number; empty for a doc without one."""

    document: Document | None
    last: int = field(init=False, default=0)
    _by_key: dict[tuple[str, int], list[Reference]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for reference in self.document.references if self.document else ():
            self.last = max(self.last, reference.number)
            if reference.first_author and reference.year:
                for name in _forms(reference.first_author):
                    self._by_key.setdefault((name, reference.year), []).append(reference)

    def numbers(self, author: str, year: int, suffix: str, second: str = "") -> tuple[int, ...]:
        """The number of the one reference that is meant; empty where there is none or several.

        Several of one author and year are told apart by the letter behind the year, else by the `second` author.
        """
        found = self._by_key.get((_folded(author), year), [])
        if len(found) > 1 and self.document is not None and (sign := f"{year}{suffix}" if suffix else second):
            text = self.document.text
            found = [each for each in found if sign in text[each.span.start : each.span.end]]
        return (found[0].number,) if len(found) == 1 else ()

    def knows(self, author: str, year: int) -> bool:
        """Whether the list has an entry by that author of that year."""
        return (_folded(author), year) in self._by_key


def find_named(text: str, start: int, end: int, index: ReferenceIndex, *, bare: bool = False) -> Iterator[Named]:
    """The citations by author and year in `text[start:end]`; `bare`: in a column of studies they need no brackets."""
    last: Named | None = None
    author: _Author | None = None
    for year in _YEAR.finditer(text, start, end):
        if last is not None and author is not None and _MORE_YEARS.match(text, last.end, year.start()):
            author = _Author(author.name, year.start(), author.second)
        else:
            author = _author_before(text, start, year, index, bare=bare, end=end)
        if author is not None:
            last = _named(text, author, year, index)
            yield last


def _author_before(
    text: str, floor: int, year: re.Match[str], index: ReferenceIndex, *, bare: bool, end: int
) -> _Author | None:
    """The author of the citation that ends in a year."""
    if not _LAST_WORD.search(text, max(year.start() - LAST_WORD, floor), year.start()):
        return None
    printed = int(year[0][:4])
    window = max(year.start() - REACH, floor)
    match = _NAMED.search(text, window, year.start())
    if match is not None:
        second = match["second"] or ""
        opening = not text[floor : match.start()].strip() or text[match.start() - 2] in ".?!:"
        name, start = _without_lead(match["author"], match.start(), printed, index, opening=opening)
        in_list = match["link"][0] == "," and match["link"][-1] not in "([" and _CLOSES.match(text, year.end(), end)
        if name and (match["others"] or bare or index.knows(name, printed) or (in_list and not index.last)):
            return _Author(name, start, second)
    group = _GROUP.search(text, window, year.start())
    if group is not None and index.knows(group["author"], printed):
        return _Author(group["author"], group.start("author"))
    return None


def _without_lead(name: str, start: int, year: int, index: ReferenceIndex, *, opening: bool) -> tuple[str, int]:
    """A name without the word that opens its sentence: "Recently Hart et al. (2019)"; empty where none is left."""
    cuts = [0, *(match.end() for match in re.finditer(r"\s", name))]
    known = next((cut for cut in cuts if index.knows(name[cut:], year)), None)
    if known is None:
        word = name.split(maxsplit=1)[0]
        leads = word.lower() in _NO_AUTHOR or (opening and len(cuts) > 1 and not _IS_PARTICLE.match(word))
        known = 0 if not leads else cuts[1] if len(cuts) > 1 else len(name)
    return name[known:], start + known


def _named(text: str, author: _Author, year: re.Match[str], index: ReferenceIndex) -> Named:
    """The citation with the number of the one entry that it can mean."""
    end = year.end()
    if text[year.start() - 1] in "([" and text[end : end + 1] in {")", "]"}:
        end += 1
    printed = year[0][:4]
    suffixes = [letter for letter in year["suffix"] if letter.isalpha()] or [""]
    numbers = [n for suffix in suffixes for n in index.numbers(author.name, int(printed), suffix, author.second)]
    return Named(author.start, end, Citation(tuple(numbers), (f"{author.name} {printed}",)))


def _forms(author: str) -> Sequence[str]:
    """How an author may be cited: by the whole name, without the particles, a group by its initials."""
    words = author.split()
    forms = {_folded(author)}
    capital = next((index for index, word in enumerate(words) if word[:1].isupper()), 0)
    forms.add(_folded(" ".join(words[capital:])))
    if len(words) >= 3:
        forms.add("".join(word[0] for word in words if word[:1].isupper()).lower())
    return sorted(forms)


def _folded(name: str) -> str:
    """A name in lower-case letters alone, without accents."""
    plain = unicodedata.normalize("NFKD", name) if not name.isascii() else name
    return "".join(character for character in plain.lower() if character.isalpha())
