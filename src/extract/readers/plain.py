"""Plain text and Markdown: lines to drafts, drafts to blocks, blocks to one text with its map."""

from __future__ import annotations

import re

from extract.collector import collector_paused
from extract.document import BlockKind, CharSpan, Document
from extract.readers.building import build_document, split_legends
from extract.readers.drafts import CAPTION, Draft, Line, join_flows, split_lines
from extract.readers.normalise import flatten, vocabulary_of
from extract.readers.sections import Parts, is_reference, known_heading, looks_like_heading
from extract.readers.tables import is_pipe_row, is_tab_row, table_draft
from extract.readers.wrapped import is_hard_wrapped, wrapped_drafts

_MARKDOWN_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_BOLD_LINE = re.compile(r"\*\*[^*]+\*\*$")
_RULE = re.compile(r"(?:[-*_=.]\s?){3,}$")
MAX_STUB = 120  # characters: longer lines between the rows of a table are prose
MAX_STUB_ROWS = 3  # stub-only rows that may follow one another inside a table


@collector_paused()
def parse_text(
    source: str, *, document_id: str = "text", path: str | None = None, sha256: str | None = None
) -> Document:
    """A `Document` from decoded text; never fails, whatever the text."""
    flat = flatten(source)
    lines = split_lines(flat)
    wrapped = is_hard_wrapped(lines)
    drafts = wrapped_drafts(flat, lines) if wrapped else _line_drafts(flat, lines)
    return build_document(
        split_legends(join_flows(Parts(drafts).settle())),
        source,
        flat,
        vocabulary=vocabulary_of(flat) if wrapped else frozenset(),
        document_id=document_id,
        path=path,
        sha256=sha256,
        hard_wrapped=wrapped,
    )


def _line_drafts(flat: str, lines: list[Line]) -> list[Draft]:
    """One draft a line, but for tables, which take their consecutive rows."""
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
        following = next((lines[later] for later in range(index + 1, len(lines)) if lines[later].text), None)
        drafts.append(_line_draft(line, drafts[-1] if drafts else None, following, flat))
        index += 1
    return drafts


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


def _line_draft(line: Line, previous: Draft | None, following: Line | None, flat: str) -> Draft:
    text, span = line.text, CharSpan(line.start, line.end)
    before_table = following is not None and (is_tab_row(flat, following) or is_pipe_row(following))
    if match := _MARKDOWN_HEADING.match(text):
        span = CharSpan(line.start + match.end(), line.end)
        return Draft(BlockKind.HEADING, [span], text[match.end() :], level=len(match[1]), marked=True)
    if CAPTION.match(text):
        return Draft(BlockKind.CAPTION, [span], text)
    if previous is not None and previous.kind is BlockKind.CAPTION and _is_bare_label(previous) and before_table:
        return Draft(BlockKind.CAPTION, [span], text)
    if not is_reference(text) and (_BOLD_LINE.match(text) or known_heading(text) or looks_like_heading(text)):
        level = 1 if text.isupper() or known_heading(text) else 2
        return Draft(BlockKind.HEADING, [span], text, level=level)
    return Draft(BlockKind.PARAGRAPH, [span], text)


def _is_bare_label(draft: Draft) -> bool:
    """Whether a caption is only `Table 3`, its words following on the next line."""
    match = CAPTION.match(draft.text)
    return match is not None and len(draft.text) - match.end() < 3
