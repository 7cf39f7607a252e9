"""Which of the studies that several documents speak of are one: shared keys, where nothing stands against them.

Names are compared by their letters and digits, so that `LAKE-06` is `Lake 06` and not `LAKE-99`. Against a shared name
stand different numbers of one register, a document that names both as different trials, and a document in which the
name is that of a family (`LAKE` beside `LAKE-06`). Where a name is shared by trials that cannot be one, those with
numbers stay apart and those without are one, apart from them. The order of the documents does not change what is
joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Generic, Protocol, TypeVar

from extract.patterns import lazy_regex

# A register can number in several series (NTR6359 is NL5993): only numbers of one series tell trials apart.
_SERIES = lazy_regex(r"[A-Z]+:[A-Z-]*")
_FAMILY = lazy_regex(r"(?P<family>.*[^\d])\d{2,}")  # of `LAKE-06`; `LAKE-2` rather follows a trial LAKE
_CTIS_VERSION = lazy_regex(r"(?P<number>CTIS:\d{4}-\d{6}-\d{2})-\d{2}")  # 2022-500137-37-00: the dossier, not the trial


class Joinable(Protocol):
    """What one document says of one study.

    `numbers` are well-formed registry ids as `REGISTRY:ID`. `paper` is one id for all files of a paper. `own_name` is
    the one that the document uses, `names` are all; a registry number is none.
    """

    @property
    def document_id(self) -> str:
        """The document."""

    @property
    def paper(self) -> str:
        """The paper that the document is a file of."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Its registry ids."""

    @property
    def own_name(self) -> str:
        """What tells the study from the others of the document."""

    @property
    def names(self) -> Sequence[str]:
        """Its names."""


P = TypeVar("P", bound=Joinable)


@dataclass(frozen=True, slots=True)
class Cluster(Generic[P]):
    """Studies of documents that are one, with the keys by which they are compared."""

    parts: tuple[P, ...]
    numbers: frozenset[str]
    ids: frozenset[str]
    names: frozenset[str]
    named_in: frozenset[str]  # documents that have a name for it


Keys = Callable[[Cluster[P]], Iterable[str]]
Fit = Callable[[Sequence[Cluster[P]]], bool]


def name_key(name: str) -> str:
    """A name by its letters and digits; a plus stays, as `LAKE+` is another trial than `LAKE`."""
    return re.sub(r"[^\w+]|_", "", name).casefold()


def number_key(number: str) -> str:
    """A registry id (`REGISTRY:ID`) without what is not the trial's."""
    match = _CTIS_VERSION.fullmatch(number)
    return match["number"] if match else number


def join_trials(parts: Iterable[P], *, sources: Sequence[tuple[Keys[P], Fit[P]]] = ()) -> list[Cluster[P]]:
    """The studies of all documents, those that are one together, in the order of their first document.

    They are joined by registry number, then by the keys in `sources` where these fit, then by name.
    """
    parts = list(parts)
    families = _families(parts)
    clusters = [_cluster(part, families) for part in parts]
    order = {id(part): at for at, part in enumerate(parts)}
    clusters = _join_numbers(clusters)
    steps: list[tuple[Keys[P], Fit[P]]] = [
        *sources,
        (lambda cluster: cluster.ids, _name_fits),
        (lambda cluster: cluster.names, _name_fits),  # a shared other name counts less
    ]
    for keys, fits in steps:
        clusters = [each for group in _connected(clusters, keys) for each in _settle(group, keys, fits)]
    ordered = [replace(each, parts=tuple(sorted(each.parts, key=lambda part: order[id(part)]))) for each in clusters]
    return sorted(ordered, key=lambda cluster: order[id(cluster.parts[0])])


def numbers_fit(group: Sequence[Cluster[P]]) -> bool:
    """Whether no two have different numbers of one series."""
    series = [_by_series(cluster) for cluster in group if cluster.numbers]
    return all(
        not first[name].isdisjoint(second[name])
        for first, second in combinations(series, 2)
        for name in first.keys() & second.keys()
    )


def _name_fits(group: Sequence[Cluster[P]]) -> bool:
    """Whether no document names two of them, and their numbers fit."""
    documents = [document for cluster in group for document in cluster.named_in]
    return len(set(documents)) == len(documents) and numbers_fit(group)


def _cluster(part: P, families: frozenset[str]) -> Cluster[P]:
    """One study of one document; the name of a family joins it within its paper only."""
    names = {key: f"{key} {part.paper}" if key in families else key for key in map(name_key, part.names) if key}
    own = names.get(name_key(part.own_name))
    return Cluster(
        parts=(part,),
        numbers=frozenset(map(number_key, part.numbers)),
        ids=frozenset() if own is None else frozenset({own}),
        names=frozenset(names.values()),
        named_in=frozenset({part.document_id} if names else ()),
    )


def _joined(clusters: Sequence[Cluster[P]]) -> Cluster[P]:
    """Several as one."""
    return Cluster(
        parts=tuple(part for cluster in clusters for part in cluster.parts),
        numbers=frozenset().union(*(cluster.numbers for cluster in clusters)),
        ids=frozenset().union(*(cluster.ids for cluster in clusters)),
        names=frozenset().union(*(cluster.names for cluster in clusters)),
        named_in=frozenset().union(*(cluster.named_in for cluster in clusters)),
    )


def _families(parts: Iterable[P]) -> frozenset[str]:
    """Names that stand beside the same name with a number for another study in one document."""
    documents: dict[str, dict[str, str]] = {}
    for part in parts:
        names = documents.setdefault(part.document_id, {})
        names |= {name_key(name): part.own_name for name in part.names}
    return frozenset(
        match["family"]
        for names in documents.values()
        for name, own in names.items()
        if (match := _FAMILY.fullmatch(name)) and names.get(match["family"], own) != own
    )


def _join_numbers(clusters: list[Cluster[P]]) -> list[Cluster[P]]:
    """Join by shared numbers.

    A trial to which its document gives several numbers of one series (of a trial and its extension, say) does not make
    one of the trials that have only one of them each: it stays by itself.
    """
    single = [cluster for cluster in clusters if not _repeats(cluster)]
    joined = [_joined(group) for group in _connected(single, lambda cluster: cluster.numbers)]
    several = [cluster for cluster in clusters if _repeats(cluster)]
    alike = [_joined(group) for group in _connected(several, lambda cluster: [" ".join(sorted(cluster.numbers))])]
    owners = {number: at for at, cluster in enumerate(joined) for number in cluster.numbers}
    for cluster in alike:
        found = {owners[number] for number in cluster.numbers if number in owners}
        if len(found) == 1:
            at = found.pop()
            joined[at] = _joined([joined[at], cluster])
        else:
            joined.append(cluster)
    return joined


def _repeats(cluster: Cluster[P]) -> bool:
    return any(len(numbers) > 1 for numbers in _by_series(cluster).values())


def _by_series(cluster: Cluster[P]) -> dict[str, set[str]]:
    series: dict[str, set[str]] = {}
    for number in cluster.numbers:
        match = _SERIES.match(number)
        series.setdefault(match[0] if match else number, set()).add(number)
    return series


def _settle(group: list[Cluster[P]], keys: Keys[P], fits: Fit[P]) -> list[Cluster[P]]:
    """Clusters that share keys: one where nothing stands against it."""
    if len(group) == 1 or fits(group):
        return [_joined(group)]
    numbered = [cluster for cluster in group if cluster.numbers]
    unnumbered = [cluster for cluster in group if not cluster.numbers]
    if not numbered:
        return group
    return [*numbered, *(each for sub in _connected(unnumbered, keys) for each in _settle(sub, keys, fits))]


def _connected(clusters: Sequence[Cluster[P]], keys: Keys[P]) -> list[list[Cluster[P]]]:
    """The clusters in groups that shared keys hold together."""
    parents = list(range(len(clusters)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    owners: dict[str, int] = {}
    for at, cluster in enumerate(clusters):
        for key in keys(cluster):
            first, second = sorted((root(owners.setdefault(key, at)), root(at)))
            parents[second] = first  # the group goes by its first cluster
    groups: dict[int, list[Cluster[P]]] = {}
    for at, cluster in enumerate(clusters):
        groups.setdefault(root(at), []).append(cluster)
    return list(groups.values())
