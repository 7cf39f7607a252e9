"""What the numbers of the reference list lead to."""

from __future__ import annotations

from collections.abc import Iterable

from extract.document import Document


def dois_of(document: Document, numbers: Iterable[int]) -> tuple[str, ...]:
    """The DOIs of references, as printed, in the order of the numbers."""
    wanted = list(numbers)
    if not wanted:
        return ()
    dois = {reference.number: reference.doi for reference in getattr(document, "references", ())}
    return tuple(doi for number in wanted if (doi := dois.get(number)) is not None)
