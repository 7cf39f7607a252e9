"""Which part of an article a draft stands in: front matter, abstract, body, references, back matter."""

from __future__ import annotations

import re
from functools import cache

from extract.document import BlockKind
from extract.lexicons import load
from extract.patterns import lazy_regex, regex
from extract.readers.drafts import FOOTNOTE, LEGEND, LEGEND_START, OPEN_END, Draft

_NUMBERING = lazy_regex(r"^(?:\d+(?:\.\d+)*\.?|[IVX]+\.)\s+(?:\|\s+)?")
LETTERSPACED = lazy_regex(r"(?:[^\W\d_] ){3,}[^\W\d_]")
_ENTRY = lazy_regex(r"(?:[-•*]|\[?\d{1,3}[.\])]?)\s+\S")
_ENTRY_YEAR = lazy_regex(r"\((?:19|20)\d\d[a-z]?\)|\b(?:19|20)\d\d[a-z]?;|\bdoi:|\bet al\b.*\b(?:19|20)\d\d")
_AFFILIATION = lazy_regex(
    r"\b(?:Universit\w+|Hospital|Department|Institut\w*|Cent(?:er|re)|School|Faculty|Division|College|Clinic\w*|Laboratory)\b"
)
ADDRESS = lazy_regex(r"(?i)doi\b|https?:")  # in a reference list a part of an entry
_SENTENCE_END = lazy_regex(r"[a-z)\]%]\.(?:\s|$)")
MIN_LIST = 5  # entries in a row that are a reference list without its heading
MIN_ABSTRACT = 250  # characters: no title-block line but an affiliation is longer
MAX_HEADING_WORDS = 16
MAX_HEADING = 120  # characters


@cache
def _matcher(name: str) -> re.Pattern[str]:
    rows = getattr(load("sections"), name)
    forms = (re.escape(row[:-2]) + r"\b.*" if row.endswith(" *") else re.escape(row) for row in rows)
    return regex(rf"(?:{'|'.join(forms)})$")


def heading_key(text: str) -> str:
    """A heading in lower case without markup, numbering and final colon."""
    bare = text.replace("\u2019", "'").strip("#*_ \t\\:.")
    if LETTERSPACED.fullmatch(bare):
        bare = bare.replace(" ", "")
    return _NUMBERING.sub("", bare).strip("*_ :").lower()


def opens(name: str, text: str) -> bool:
    """Whether the heading `text` opens a part of kind `name` (a table of sections.toml)."""
    return bool(_matcher(name).match(heading_key(text)))


def is_reference(text: str) -> bool:
    """Whether the text has the shape of an entry of a reference list."""
    return bool(_ENTRY.match(text)) and bool(_ENTRY_YEAR.search(text))


def known_heading(text: str) -> bool:
    """Whether the line is short and stands in the lexicon, in any part."""
    short = len(text) <= MAX_HEADING and not text.endswith(".")
    return short and any(
        opens(name, text) for name in ("abstract", "body", "front_matter", "back_matter", "references")
    )


def run_in(name: str, text: str) -> bool:
    """Whether a paragraph begins with a run-in heading of kind `name` (`Keywords: …`, `**Funding** …`)."""
    head = re.match(r"\*\*(?P<bold>[^*]{3,60}?)[:.]?\*\*|(?P<plain>[^:.]{3,60}):", text)
    return bool(head) and opens(name, (head["bold"] or head["plain"]) if head else "")


def looks_like_heading(text: str) -> bool:
    """Whether a line standing alone has the shape of a heading."""
    bare = text.strip("*_ ")
    words = bare.split()
    return (
        0 < len(words) <= MAX_HEADING_WORDS
        and len(bare) <= MAX_HEADING
        and (bare[0].isupper() or bool(_NUMBERING.match(bare)) or (bare[0].isalpha() and bare[1:2].isupper()))
        and not re.search(r"[.;,:]$", bare)
        and not OPEN_END.search(bare)
        and any(character.isalpha() for character in bare)
        and not re.search(r"\d{4};|https?:|@|\bet al\b", bare)
    )


def is_prose(text: str) -> bool:
    """Whether the text is running sentences, not a title-block line."""
    if len(text) < MIN_ABSTRACT or not _SENTENCE_END.search(text):
        return False
    return len(_AFFILIATION.findall(text)) * 120 < len(text)


class Parts:
    """Walks the drafts of one article and settles kinds, levels and section paths."""

    def __init__(self, drafts: list[Draft]) -> None:
        self._drafts = drafts
        self._part = "front"
        self._path: list[tuple[int, str]] = []
        self._listed = False  # the reference list has begun; back matter may interrupt it
        self._unheaded = False  # in a structured abstract without a heading of its own
        self._skipping = False  # under a front-matter heading inside the body

    def settle(self) -> list[Draft]:
        """The drafts with their final kind and section."""
        previous: Draft | None = None
        self._unheaded = self._is_unheaded_abstract()
        titled = any(draft.kind is BlockKind.TITLE for draft in self._drafts)
        for draft in self._drafts:
            if draft.kind is BlockKind.FURNITURE:
                continue
            if not titled and draft.kind in {BlockKind.PARAGRAPH, BlockKind.HEADING} and not known_heading(draft.text):
                titled = True
                if not is_prose(draft.text):
                    draft.kind, draft.level = BlockKind.TITLE, None
                    previous = draft
                    continue
            titled = True
            if draft.kind is BlockKind.HEADING:
                self._heading(draft)
            elif draft.kind is BlockKind.PARAGRAPH:
                self._paragraph(draft, previous)
            elif self._part == "front" and draft.kind is BlockKind.TABLE and [*map(len, draft.rows[:1])] == [1]:
                draft.kind, draft.rows = BlockKind.AUTHORS, []
            elif self._part == "references" and draft.kind is BlockKind.TABLE and not draft.header_rows:
                draft.kind, draft.rows = BlockKind.REFERENCE, []  # an entry's short lines, taken for cells
            elif self._part == "front" and draft.kind in {BlockKind.TABLE, BlockKind.CAPTION}:
                self._part = "body"
            draft.section = tuple(title for _, title in self._path)
            previous = draft
        if not self._listed:
            self._find_list()
        return self._drafts

    def _is_unheaded_abstract(self) -> bool:
        """Whether the article begins with a structured abstract that has no heading of its own.

        Its parts (aims, methods, results, conclusion) then stand before the keywords or the introduction.
        """
        parts = 0
        for draft in self._drafts:
            if draft.kind not in {BlockKind.HEADING, BlockKind.PARAGRAPH}:
                continue
            if draft.kind is BlockKind.HEADING and opens("abstract", draft.text):
                return parts > 1 and heading_key(draft.text) != "abstract"
            introduces = draft.kind is BlockKind.HEADING and heading_key(draft.text) == "introduction"
            ends = parts and run_in("front_matter", draft.text)
            if introduces or ends or draft.text.lower().startswith("keywords"):
                return parts > 1
            parts += draft.kind is BlockKind.HEADING and opens("body", draft.text)
        return False

    def _find_list(self) -> None:
        """Mark the reference list of an article whose list has lost its heading: the entries in a row at its end."""
        drafts = [draft for draft in self._drafts if draft.kind is not BlockKind.FURNITURE]
        entries = [draft.kind is not BlockKind.TABLE and is_reference(draft.text) for draft in drafts]
        last = max((index for index, entry in enumerate(entries) if entry), default=-1)
        first = last
        while first > 0 and entries[first - 1]:
            first -= 1
        if last - first + 1 >= MIN_LIST:
            for draft in drafts[first : last + 1]:
                draft.kind = BlockKind.REFERENCE

    def _heading(self, draft: Draft) -> None:
        text, level = draft.text, draft.level or 2
        self._skipping = False
        if self._part == "references" and ADDRESS.match(text):
            draft.kind = BlockKind.REFERENCE
        elif opens("references", text):
            self._part, self._listed = "references", True
        elif opens("back_matter", text):
            self._part = "back"
        elif opens("abstract", text):
            self._part = "abstract"
        elif opens("body", text):
            ends = heading_key(text) == "introduction" or self._part not in {"front", "abstract"}
            self._unheaded = self._unheaded and not ends
            self._part = "abstract" if self._unheaded else "body"
        elif opens("front_matter", text):
            exact = heading_key(text) in load("sections").front_matter
            self._skipping = exact and self._part not in {"front", "references", "back"}
            draft.kind = BlockKind.FRONT_MATTER
        elif self._part == "front":
            draft.kind = BlockKind.AUTHORS
        elif self._part in {"references", "back"} and draft.marked:
            self._part = "body"
        elif self._part in {"references", "back"}:
            draft.kind = BlockKind.REFERENCE if self._part == "references" else BlockKind.BACK_MATTER
        elif self._part == "abstract" and level <= 2:
            self._part = "body"
        if draft.kind is BlockKind.HEADING:
            while self._path and self._path[-1][0] >= level:
                self._path.pop()
            self._path.append((level, text.strip("#*_ ")))
            if self._part in {"references", "back"}:
                draft.kind = BlockKind.BACK_MATTER

    def _paragraph(self, draft: Draft, previous: Draft | None) -> None:
        text = draft.text
        if run_in("back_matter", text) and self._part != "front":
            self._part = "back"
        elif run_in("abstract", text) and self._part == "front":
            self._part = "abstract"
        if run_in("front_matter", text) and not (self._part == "references" and ADDRESS.match(text)):
            draft.kind = BlockKind.FRONT_MATTER
        elif previous is not None and _is_legend(text, previous):
            draft.kind = BlockKind.LEGEND
        elif previous is not None and previous.kind in {BlockKind.TABLE, BlockKind.LEGEND} and FOOTNOTE.match(text):
            draft.kind = BlockKind.FOOTNOTE
        elif self._part == "references":
            draft.kind = BlockKind.REFERENCE
        elif self._part == "back" and self._listed and is_reference(text):
            self._part, draft.kind = "references", BlockKind.REFERENCE
        elif self._part == "back":
            draft.kind = BlockKind.BACK_MATTER
        elif self._skipping:
            draft.kind = BlockKind.FRONT_MATTER
        elif self._part == "front":
            if is_prose(text):
                self._part, draft.kind = "abstract", BlockKind.ABSTRACT
            else:
                draft.kind = BlockKind.FRONT_MATTER if _AFFILIATION.search(text) else BlockKind.AUTHORS
        elif self._part == "abstract":
            draft.kind = BlockKind.ABSTRACT


def _is_legend(text: str, previous: Draft) -> bool:
    after_float = previous.kind in {BlockKind.TABLE, BlockKind.CAPTION, BlockKind.LEGEND, BlockKind.FOOTNOTE}
    return is_legend(text) if after_float else _names_abbreviations(text)


def is_legend(text: str) -> bool:
    """Whether what stands under a table or figure is a list of abbreviations."""
    listed = LEGEND.search(text)
    return _names_abbreviations(text) or (listed is not None and listed.start() < 40)


def _names_abbreviations(text: str) -> bool:
    return bool(LEGEND_START.match(text)) and len(text) < 4000 and ("," in text or ":" in text)
