"""Where the PDF reader is unsure, in words for the user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from extract.document import BlockKind
from extract.readers.drafts import Draft
from extract.readers.pdf_lines import TextBlock
from extract.readers.pdf_runs import PageRuns

SCANNED = 0.4  # of the area of a page that a picture covers where its text is missing
MIN_TEXT = 30  # characters: a page with fewer and a large picture has no text layer
MIN_CUT = 3  # paragraphs of a page that begin in the middle of a sentence
GARBLED = 0.08  # of the characters of a page that stand for no letter


def page_warnings(pages: Sequence[PageRuns], blocks: Sequence[TextBlock]) -> Iterator[str]:
    """Pages without a text layer, with characters that cannot be read, and tables that could not be read."""
    for page in pages:
        number = page.page.number
        printed = page.page.text.split()
        count = sum(map(len, printed))
        if page.hidden:
            yield f"page {number}: {page.hidden} characters that the page does not show are left out"
        if count < MIN_TEXT:
            if _covered(page) > SCANNED:
                yield f"page {number}: a picture without a text layer"
            continue
        bad = sum(_is_garbled(character) for word in printed for character in word)
        if bad > GARBLED * count:
            yield f"page {number}: {bad} of {count} characters have no meaning in the file's fonts"
    number = 1
    for block in blocks:
        number = block.lines[0].page.page.number if block.lines else number  # a table without words: its caption's
        if block.table is not None and block.table.unread:
            yield f"page {number}: table not read: {block.table.unread}"


def order_warnings(drafts: Sequence[Draft], blocks: Sequence[TextBlock]) -> Iterator[str]:
    """Pages on which paragraphs begin in the middle of a sentence; `drafts` count blocks in their pieces."""
    cut: Counter[int] = Counter()
    for draft in drafts:
        first = blocks[draft.pieces[0].start]
        if draft.kind is BlockKind.PARAGRAPH and first.lines and first.text[:1].islower():
            cut[first.lines[0].page.page.number] += 1
    for number, count in sorted(cut.items()):
        if count >= MIN_CUT:
            yield f"page {number}: {count} paragraphs begin in the middle of a sentence; look at their order"


def _covered(page: PageRuns) -> float:
    """The part of the page that its largest picture covers."""
    if not len(page.pictures):
        return 0.0
    sizes = (page.pictures[:, 2] - page.pictures[:, 0]) * (page.pictures[:, 3] - page.pictures[:, 1])
    return float(sizes.max()) / max(page.width * page.height, 1.0)


def _is_garbled(character: str) -> bool:
    return character == "\ufffd" or "\ue000" <= character <= "\uf8ff" or character < " "
