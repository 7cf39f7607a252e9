"""What citations lead to: the numbers of their references, and the DOIs of these."""

from __future__ import annotations

from collections.abc import Iterable

from extract.document import Document
from extract.linking import Mark


def numbers_of(citations: Iterable[Mark]) -> tuple[int, ...]:
    """The reference numbers of citation marks in the order printed, each one once."""
    return tuple(dict.fromkeys(number for mark in citations for number in mark.value.numbers))


def dois_of(document: Document, numbers: Iterable[int]) -> tuple[str, ...]:
    """The DOIs of references as printed, in the order of the numbers, each one once."""
    wanted = tuple(numbers)
    if not wanted:
        return ()
    printed = {reference.number: reference.doi for reference in document.references}
    return tuple(dict.fromkeys(doi for number in wanted if (doi := printed.get(number)) is not None))
