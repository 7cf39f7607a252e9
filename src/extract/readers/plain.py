"""Plain text and Markdown: lines to drafts, drafts to blocks, blocks to one text with its map."""

from __future__ import annotations

from extract.collector import collector_paused
from extract.document import BlockKind, CharSpan, Document
from extract.patterns import lazy_regex
from extract.readers.building import build_document, split_legends
from extract.readers.drafts import CAPTION, Draft, Line, join_flows, split_lines
from extract.readers.normalise import flatten, vocabulary_of
from extract.readers.sections import Parts, is_reference, known_heading, looks_like_heading
from extract.readers.tables import is_pipe_row, is_tab_row, table_draft
from extract.readers.wrapped import is_hard_wrapped, wrapped_drafts

_MARKDOWN_HEADING = lazy_regex(r"(#{1,6})\s+(?=\S)")
_BOLD_LINE = lazy_regex(r"\*\*[^*]+\*\*$")
_ITEM = lazy_regex(r"(?:[-*+]|\d{1,3}[.)]|\[\d{1,3}\]|\|)\s")  # begins an entry of a list or a row
_RULE = lazy_regex(r"(?:[-*_=.]\s?){3,}$")
MIN_HEADINGS = 2  # lines with a heading's mark: one `#` alone may be anything
MAX_STUB = 120  # characters: longer lines between the rows of a table are prose
MAX_STUB_ROWS = 3  # stub-only rows that may follow one another inside a table


@collector_paused()
def parse_text(
    source: str, *, document_id: str = "text", path: str | None = None, sha256: str | None = None
) -> Document:
    """A `Document` from decoded text; never fails, whatever the text."""
    flat = flatten(source)
    lines = split_lines(flat)
    broken = is_hard_wrapped(lines)
    wrapped = broken and not _is_markdown(lines)
    drafts = wrapped_drafts(flat, lines) if wrapped else _line_drafts(flat, lines, broken=broken)
    return build_document(
        split_legends(join_flows(Parts(drafts).settle())),
        source,
        flat,
        vocabulary=vocabulary_of(flat) if broken else frozenset(),
        document_id=document_id,
        path=path,
        sha256=sha256,
        hard_wrapped=wrapped,
    )


def _is_markdown(lines: list[Line]) -> bool:
    """Whether the text has headings by markup: its paragraphs end at blank lines, however their lines are broken."""
    return sum(bool(_MARKDOWN_HEADING.match(line.text)) for line in lines) >= MIN_HEADINGS


def _line_drafts(flat: str, lines: list[Line], *, broken: bool) -> list[Draft]:
    """One draft a line, but for tables, which take their consecutive rows, and `broken` paragraphs."""
    drafts: list[Draft] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if not line.text or _RULE.match(line.text):
            index += 1
            continue
        last = _table_end(flat, lines, index)
        if last - index >= 2:
            drafts.append(table_draft(flat, [row for row in lines[index:last] if row.text]))
            index = last
            continue
        if broken and index and lines[index - 1].text and drafts and _goes_on(drafts[-1], line):
            drafts[-1].pieces[-1] = CharSpan(drafts[-1].pieces[-1].start, line.end)
            drafts[-1].text += f" {line.text}"
            index += 1
            continue
        following = next((lines[later] for later in range(index + 1, len(lines)) if lines[later].text), None)
        alone = not broken or index + 1 == len(lines) or not lines[index + 1].text
        drafts.append(_line_draft(line, drafts[-1] if drafts else None, following, flat, alone=alone))
        index += 1
    return drafts


def _goes_on(previous: Draft, line: Line) -> bool:
    """Whether a line right below belongs to the paragraph or caption above it."""
    begins = _MARKDOWN_HEADING.match(line.text) or _ITEM.match(line.text) or CAPTION.match(line.text)
    return previous.kind in (BlockKind.PARAGRAPH, BlockKind.CAPTION) and not begins


def _table_end(flat: str, lines: list[Line], first: int) -> int:
    """One past the last row of the table that begins at line `first`; `first` itself where none does.

    Among tab-separated rows a short line without a tab is a row that has only its stub.
    """
    if is_pipe_row(lines[first]):
        last = first
        while last < len(lines) and is_pipe_row(lines[last]):
            last += 1
        return last
    last, position = first, first
    while position < len(lines) and position - last <= MAX_STUB_ROWS:
        line = lines[position]
        if not line.text:
            following = lines[position + 1] if position + 1 < len(lines) else line
            if position != last or last == first or not is_tab_row(flat, following):
                break  # one blank line may stand between two rows, as some converters print them
        elif is_tab_row(flat, line):
            last = position + 1
        elif last == first or len(line.text) > MAX_STUB or CAPTION.match(line.text) or line.text.endswith("."):
            break
        position += 1
    return last


def _line_draft(line: Line, previous: Draft | None, following: Line | None, flat: str, *, alone: bool) -> Draft:
    """The draft of a line; `alone`: it is no broken line of a paragraph, so its shape may make it a heading."""
    text, span = line.text, CharSpan(line.start, line.end)
    before_table = following is not None and (is_tab_row(flat, following) or is_pipe_row(following))
    if match := _MARKDOWN_HEADING.match(text):
        span = CharSpan(line.start + match.end(), line.end)
        return Draft(BlockKind.HEADING, [span], text[match.end() :], level=len(match[1]), marked=True)
    if CAPTION.match(text):
        return Draft(BlockKind.CAPTION, [span], text)
    if previous is not None and previous.kind is BlockKind.CAPTION and _is_bare_label(previous) and before_table:
        return Draft(BlockKind.CAPTION, [span], text)
    if alone and not is_reference(text) and (_BOLD_LINE.match(text) or known_heading(text) or looks_like_heading(text)):
        level = 1 if text.isupper() or known_heading(text) else 2
        return Draft(BlockKind.HEADING, [span], text, level=level)
    return Draft(BlockKind.PARAGRAPH, [span], text)


def _is_bare_label(draft: Draft) -> bool:
    """Whether a caption is only `Table 3`, its words following on the next line."""
    match = CAPTION.match(draft.text)
    return match is not None and len(draft.text) - match.end() < 3
