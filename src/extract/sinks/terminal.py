"""The terminal: coloured or marked text, an overview of what a review reports, and tables of any rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from extract.document import BlockKind
from extract.records import Label, Mention

if TYPE_CHECKING:
    from extract.assembly import Extraction

# Okabe and Ito's palette, which people with any colour vision can tell apart, under black letters.
COLOURS: dict[Label, str] = {
    Label.TRIAL: "#56b4e9",
    Label.REGISTRY_ID: "#cc79a7",
    Label.DOSE: "#e69f00",
    Label.PERCENT: "#f0e442",
    Label.ENDPOINT: "#00b384",
}
_FACES = {Label.TRIAL: "bold", Label.REGISTRY_ID: "underline", Label.ENDPOINT: "italic"}
STYLES: dict[Label, str] = {
    label: f"{_FACES.get(label, '')} black on {colour}".strip() for label, colour in COLOURS.items()
}
HELPER_STYLE = "underline"
_NUMBERS = frozenset({"line", "page", "number"})  # columns set to the right
MAX_SURFACES = 12  # different surfaces named a line of the overview
# Control characters would steer the terminal; one sign stands for each, so that offsets hold.
_VISIBLE = {code: "\ufffd" for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if chr(code) not in "\n\t"}
_CLOSE, _BREAK, _OPEN = range(3)  # what comes first where several signs fall on one place


def colour_text(extraction: Extraction, labels: Sequence[Label]) -> Text:
    """The document's text with its mentions coloured, under a legend of the colours."""
    document = extraction.document
    legend = Text(" ").join(Text(f" {label} ", style=STYLES.get(label, HELPER_STYLE)) for label in labels)
    body = Text(visible(document.text))
    for block in document.blocks:
        if block.kind in (BlockKind.TITLE, BlockKind.HEADING):
            body.stylize("bold", *block.span)
    for mention in _chosen(extraction, labels):
        body.stylize(STYLES.get(mention.label, HELPER_STYLE), mention.start, mention.end)
    blocks = body.divide([block.span.start for block in document.blocks[1:]])
    return Text("\n").join([legend, Text(), *blocks])


def mark_text(extraction: Extraction, labels: Sequence[Label]) -> str:
    """The document's text with its mentions as `[ENDPOINT overall survival]`."""
    document = extraction.document
    text = visible(document.text)
    breaks = [(block.span.start, _BREAK, 0, "\n") for block in document.blocks[1:]]
    pieces, position = [], 0
    for offset, *_, sign in sorted([*_marks(_chosen(extraction, labels)), *breaks]):
        pieces += [text[position:offset], sign]
        position = offset
    return "".join([*pieces, text[position:]])


def overview(extraction: Extraction, labels: Sequence[Label]) -> Table:
    """What the document reports, by label and kind, as a table of different surfaces and how often each stands."""
    title = extraction.document.title or extraction.document.document_id
    table = Table(title=Text(title), title_justify="left")
    table.add_column("label", no_wrap=True)
    table.add_column("what", no_wrap=True)
    table.add_column("mentions", justify="right")
    table.add_column("in the text")
    for label in labels:
        table.add_section()
        groups: dict[str, list[Mention]] = {}
        for mention in _chosen(extraction, [label]):
            groups.setdefault(_KINDS.get(label, _no_kind)(mention), []).append(mention)
        ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        for position, (kind, mentions) in enumerate(ordered):
            table.add_row("" if position else str(label), Text(kind), str(len(mentions)), Text(_surfaces(mentions)))
    return table


def grid(title: str, rows: Sequence[Mapping[str, str]]) -> Group:
    """Rows of cells by name, one at least, under a title; columns in which no row has anything are left out."""
    filled = [name for name in rows[0] if any(row[name] for row in rows)]
    table = Table()
    for name in filled:
        table.add_column(name, justify="right" if name in _NUMBERS else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(row[name])) for name in filled))
    return Group(Text(title, style="italic"), table)


def visible(text: str) -> str:
    """The text with one sign for each character that would steer the terminal."""
    return text.translate(_VISIBLE)


def _chosen(extraction: Extraction, labels: Sequence[Label]) -> list[Mention]:
    return [mention for mention in extraction.mentions if mention.label in labels]


def _marks(mentions: Iterable[Mention]) -> Iterator[tuple[int, int, int, str]]:
    """Brackets with their place in the text, so that sorted the outer one opens first and closes last."""
    for mention in mentions:
        yield mention.end, _CLOSE, -mention.start, "]"
        yield mention.start, _OPEN, -mention.end, f"[{mention.label} "


def _surfaces(mentions: Sequence[Mention]) -> str:
    """The different surfaces in the order they first stand, those that recur with their number."""
    counts = Counter(_with_note(mention) for mention in mentions)
    shown = [f"{surface} ×{count}" if count > 1 else surface for surface, count in counts.items()]
    rest = len(shown) - MAX_SURFACES
    return " · ".join(shown[:MAX_SURFACES]) + (f" · {rest} more" if rest > 0 else "")


def _with_note(mention: Mention) -> str:
    surface = " ".join(visible(mention.quote).split())
    if mention.valid is False:
        meant = f"; meant {mention.meant}" if mention.meant else ""
        return f"{surface} (malformed: {mention.reason or 'unknown form'}{meant})"
    return surface


def _no_kind(_mention: Mention) -> str:
    return ""


_KINDS: dict[Label, Callable[[Mention], str]] = {
    Label.TRIAL: lambda mention: mention.trial or "",
    Label.REGISTRY_ID: lambda mention: mention.registry or "",
    Label.DOSE: lambda mention: mention.agent or "agent not stated",
    Label.PERCENT: lambda mention: mention.role or "",
    Label.ENDPOINT: lambda mention: mention.code or "",
}
