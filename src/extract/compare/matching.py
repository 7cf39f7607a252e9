"""Which studies of reviews are one, and by what: registry number, DOI, PMID, author with year and title, name.

A shared DOI counts unless the two references are plainly of different works (a DOI printed with the wrong entry). A
shared author, year and title count unless both references print DOIs that are not a misprint of each other: an abstract
and the later paper can have the same title.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from unicodedata import combining, normalize

from extract.compare.joins import Cluster, join_trials, name_key, number_key, numbers_fit
from extract.compare.rows import ReviewStudy, Source
from extract.patterns import lazy_regex

MIN_WORDS = 3  # of a title: shorter ones ("Acute leukaemia") stand over several works of an author in a year
_RESOLVER = lazy_regex(r"(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*", re.IGNORECASE)
_WORD = lazy_regex(r"\w+")
MISPRINTED = 2  # characters in which a garbled DOI differs from the right one
ALIKE = 0.5  # share of words that two titles of one work have in common, however they are cited


def match_studies(studies: Sequence[ReviewStudy]) -> Iterator[tuple[tuple[ReviewStudy, ...], tuple[str, ...]]]:
    """The studies that at least two reviews have, with what these share."""
    steps = ((_dois, _works_fit), (_pmids, _works_fit), (_titles, _titles_fit))
    for cluster in join_trials(studies, sources=steps):
        if len({part.paper for part in cluster.parts}) > 1:
            yield cluster.parts, tuple(_shared(cluster.parts))


def doi_key(doi: str) -> str:
    """A DOI as it is compared: without resolver, in lower case."""
    return _RESOLVER.sub("", doi.strip()).rstrip(".").lower()


def title_key(source: Source) -> str | None:
    """Author, year and title of a reference as they are compared; None where one is missing or the title is short."""
    words = _words(source.title)
    if not source.author or source.year is None or len(words) < MIN_WORDS:
        return None
    return f"{_author_key(source)} {source.year} {' '.join(words)}"


def _author_key(source: Source) -> str:
    return name_key(_plain(source.author or "")).removeprefix("von").removeprefix("van")


def _words(title: str | None) -> list[str]:
    return _WORD.findall(_plain(title or "").casefold())


def _plain(text: str) -> str:
    """A text without accents."""
    return "".join(sign for sign in normalize("NFKD", text) if not combining(sign))


def _sources(cluster: Cluster[ReviewStudy]) -> Iterator[Source]:
    for part in cluster.parts:
        yield from part.sources


def _dois(cluster: Cluster[ReviewStudy]) -> list[str]:
    return [doi_key(source.doi) for source in _sources(cluster) if source.doi]


def _pmids(cluster: Cluster[ReviewStudy]) -> list[str]:
    return [source.pmid for source in _sources(cluster) if source.pmid]


def _titles(cluster: Cluster[ReviewStudy]) -> list[str]:
    return [key for source in _sources(cluster) if (key := title_key(source))]


def _works_fit(group: Sequence[Cluster[ReviewStudy]]) -> bool:
    """Whether the numbers fit and all references with one DOI or PMID are of one work."""
    by_key: dict[str, list[Source]] = {}
    for source in (source for cluster in group for source in _sources(cluster)):
        for key in (source.doi and doi_key(source.doi), source.pmid):
            if key and source.title:
                by_key.setdefault(key, []).append(source)
    return numbers_fit(group) and all(
        _same_work(sources[0], other) for sources in by_key.values() for other in sources[1:]
    )


def _same_work(one: Source, two: Source) -> bool:
    """Whether two references can be of one work: the same author, or titles that share half of their words."""
    if one.author and two.author and _author_key(one) == _author_key(two):
        return True
    first, second = set(_words(one.title)), set(_words(two.title))
    return len(first & second) >= ALIKE * min(len(first), len(second))


def _titles_fit(group: Sequence[Cluster[ReviewStudy]]) -> bool:
    """Whether the numbers fit and no two references with the same title print DOIs of different works."""
    by_title: dict[str, set[str]] = {}
    for source in (source for cluster in group for source in _sources(cluster)):
        if (key := title_key(source)) and source.doi:
            by_title.setdefault(key, set()).add(doi_key(source.doi))
    return numbers_fit(group) and all(
        _is_misprint(first, second) for dois in by_title.values() for first, second in combinations(sorted(dois), 2)
    )


def _is_misprint(first: str, second: str) -> bool:
    """Whether two DOIs differ in a character or two, not in a number at the end (which counts the articles)."""
    if len(first) != len(second):
        return False
    wrong = [at for at, (one, two) in enumerate(zip(first, second, strict=True)) if one != two]
    return len(wrong) <= MISPRINTED and not all(first[at].isdigit() and second[at].isdigit() for at in wrong)


def _shared(parts: Sequence[ReviewStudy]) -> Iterator[str]:
    """What studies of different reviews share, the strongest first."""
    numbers = _common(parts, lambda part: [number_key(number).partition(":")[2] for number in part.numbers])
    dois = _common(parts, lambda part: [_RESOLVER.sub("", source.doi) for source in part.sources if source.doi])
    pmids = _common(parts, lambda part: [source.pmid for source in part.sources if source.pmid])
    titles = _common(parts, lambda part: [key for source in part.sources if (key := title_key(source))])
    names = _common(parts, lambda part: part.names)
    yield from (f"registry id {number}" for number in numbers)
    yield from (f"DOI {doi}" for doi in dois)
    yield from (f"PMID {pmid}" for pmid in pmids)
    if titles and not dois and not pmids:
        yield "author, year and title"
    yield from (f"name {name}" for name in names)


def _common(parts: Sequence[ReviewStudy], keys: Callable[[ReviewStudy], Iterable[str]]) -> list[str]:
    """The keys that two reviews have, each as first printed."""
    papers: dict[str, set[str]] = {}
    printed: dict[str, str] = {}
    for part in parts:
        for key in keys(part):
            compared = name_key(key)
            printed.setdefault(compared, key)
            papers.setdefault(compared, set()).add(part.paper)
    return [printed[key] for key, found in papers.items() if key and len(found) > 1]
