"""Citations: `(5)`, `(2, 45, 46)`, `[30-33]`, superscripts, `prognosis.1,2`, `refs 5 and 6`, `(Keating et al., 2019)`.

A document cites in one style; a number in brackets of another style is a count, a range or a dose. Which style is its
own shows in how many entries of the list it reaches. Citations by author and year get the number of the one entry that
they can mean; without one they keep their key alone. Numbers beyond the list are no citations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, adapt_tokenizer, document_of, make_spans, text_of, zones
from extract.components.author_years import Named, ReferenceIndex, find_named
from extract.components.citation_marks import Candidate, Column, find_candidates, find_glued
from extract.document import Table
from extract.patterns import lazy_regex
from extract.values import Citation

_SIGN = lazy_regex(r"[(\[⁰¹²³⁴-⁹]|[12][09]\d\d")  # without one a cell cites nothing
_REFERENCES = lazy_regex(r"(?i)\W*(?:refs?\b\.?|references?|citations?)(?:\s(?:nos?\.?|numbers?|#|\(.*\)))?\W*\Z")
_STUDIES = lazy_regex(r"(?i)\b(?:refs?|references?|citations?|stud(?:y|ies)|trials?|authors?|sources?|publications?)\b")
_ITEM_BEFORE = lazy_regex(r"(?:[;:,]|\b(?:and|or|then|versus|vs\.))\s?\Z")
_ITEM_AFTER = lazy_regex(r"\s[^\W\d_]")
_TO_NUMBERS = lazy_regex(r",?\s?")
ITEM_REACH = 600  # characters from one item of a list in a sentence to the next
COVERED = 0.8  # of the list cited in other styles: no need to look for glued numbers
ENOUGH = 20  # citations in another style after which a doc without a list is not searched for glued numbers
MIN_REACH = 3  # entries that must be cited before a document shows its style
MIN_BEYOND = 5  # cited numbers beyond the list which show that it was not read to its end


class Citations(Component):
    """Finds CITATION spans."""

    group = "citations"

    def find(self, doc: Doc) -> list[Span]:
        """Citations in text order."""
        text = text_of(doc)
        index = ReferenceIndex(document_of(doc))
        places = list(_places(doc, text))
        candidates: list[Candidate] = []
        named: list[Named] = []
        for start, end, column in places:
            candidates += _without_items(text, find_candidates(text, start, end, column), start)
            named += find_named(text, start, end, index, bare=column == "studies")
        reach = _reach(candidates, named, index.last)
        if max(reach.values(), default=0) < (COVERED * index.last or ENOUGH):
            glued = [
                each for start, end, column in places if column == "prose" for each in find_glued(text, start, end)
            ]
            candidates = sorted(candidates + glued)
            reach = _reach(candidates, named, index.last)
        accepted = _in_style(candidates, reach, index.last)
        return make_spans(doc, _with_named(text, accepted, named), "CITATION")


def _places(doc: Doc, text: str) -> Iterator[tuple[int, int, Column]]:
    """Runs of text in which citations may stand: zones, and the cells of tables with what their column holds."""
    for zone in zones(doc):
        if zone.block is None or zone.block.table is None:
            yield zone.start, zone.end, "prose"
            continue
        columns = _columns(text, zone.block.table)
        for cell in zone.block.table.cells:
            column = "other" if cell.is_header else columns.get(cell.column, "other")
            if column == "references" or _SIGN.search(text, *cell.span):
                yield *cell.span, column


def _columns(text: str, table: Table) -> dict[int, Column]:
    """What the columns of a table hold, by their headers."""
    columns: dict[int, Column] = {}
    for cell in table.cells:
        if not cell.is_header:
            break
        header = text[cell.span.start : cell.span.end]
        if _REFERENCES.match(header):
            columns[cell.column] = "references"
        elif _STUDIES.search(header):
            columns.setdefault(cell.column, "studies")
    return columns


def _without_items(text: str, candidates: list[Candidate], floor: int) -> list[Candidate]:
    """The candidates without the numbers of a list in a sentence: "(1) survival; (2) relapse and (3) cost"."""
    items: set[int] = set()
    run: list[Candidate] = []
    for each in candidates:
        if each.style != "round" or len(each.numbers) != 1 or not _ITEM_AFTER.match(text, each.end):
            continue
        follows = (
            run
            and each.numbers[0] == run[-1].numbers[0] + 1
            and each.start - run[-1].end <= ITEM_REACH
            and _ITEM_BEFORE.search(text, max(each.start - 8, floor), each.start)
        )
        if follows:
            run.append(each)
            items.update(item.start for item in run)
        else:
            run = [each] if each.numbers == (1,) else []
    return [each for each in candidates if each.start not in items]


def _reach(candidates: Sequence[Candidate], named: Sequence[Named], last: int) -> dict[str, int]:
    """How many entries of the list each style of citing reaches."""
    reach: dict[str, set[int | str]] = {"named": {key for each in named for key in each.value.keys}}
    for each in candidates:
        if each.style != "sure":
            reach.setdefault(each.style, set()).update(n for n in each.numbers if not last or n <= last)
    return {style: len(entries) for style, entries in reach.items()}


def _in_style(candidates: Sequence[Candidate], reach: Mapping[str, int], last: int) -> list[Candidate]:
    """The candidates in the document's own style of citing, up to the last number of its list."""
    top = max(reach.values(), default=0)
    own = {"sure"}
    for style, size in reach.items():
        if (size >= MIN_REACH and 2 * size >= top) or (top < MIN_REACH and style != "glued"):
            own.add(style)
    accepted = [each for each in candidates if each.style in own]
    beyond = {number for each in accepted for number in each.numbers if last and number > last}
    if not beyond or (len(beyond) >= MIN_BEYOND and 2 * len(beyond) >= max(beyond) - last):
        return accepted
    return [each for each in accepted if max(each.numbers) <= last]


def _with_named(
    text: str, accepted: Sequence[Candidate], named: Sequence[Named]
) -> Iterator[tuple[int, int, Citation]]:
    """All citations; numbers printed behind an author and year are its own: `[Hart et al., 2021, (10)]`."""
    starts = {each.start: each for each in accepted if each.style in {"round", "square", "sure"}}
    taken = set()
    for each in named:
        behind = _TO_NUMBERS.match(text, each.end)
        numbered = starts.get(behind.end()) if behind else None
        if numbered is None:
            yield each.start, each.end, each.value
        else:
            taken.add(numbered.start)
            yield each.start, numbered.end, Citation(numbered.numbers, each.value.keys)
    yield from ((each.start, each.end, Citation(each.numbers)) for each in accepted if each.start not in taken)


@Language.factory("extract_citations", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> Citations:
    """The component for `nlp.add_pipe("extract_citations")`."""
    adapt_tokenizer(nlp)
    return Citations()
