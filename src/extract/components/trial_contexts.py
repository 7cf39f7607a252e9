"""Places where a name can be nothing but a trial's: lists of trials, what enrols or shows, titles of the references."""

from __future__ import annotations

from collections.abc import Iterator

from extract.components import Zone
from extract.components.grammar import begun, near
from extract.components.trial_names import NameGrammar
from extract.document import Document
from extract.patterns import lazy_regex

_WORD = r"[A-Za-z0-9À-ž][\w.'+]*(?:[-/&][A-Za-z0-9À-ž][\w.'+]*)*"
LONGEST_TITLE = 1_000  # characters
MIN_CAPITALS = 5  # of a name that a title shows: shorter acronyms are diseases and drugs, too
# "RIVER randomised 150 patients"
_ENROLS = lazy_regex(
    rf"(?<![\w-])(?P<name>{_WORD})\s(?:randomi[sz]ed|enrol?led|recruited)\s(?=\d|[a-z-]+\s(?:patients|adults|"
    rf"children|women|men|"
    rf"people|participants))"
)
_ENROLS_ANCHOR = lazy_regex(r" (?:randomi[sz]ed|enrol?led|recruited) ")
# "In RIVER-HF, 400 patients", "LAKE 227 showed": what stands there is a trial where it has the form of one
_IN_NAME = lazy_regex(rf"\b(?:In|Within)\s(?:the\s)?(?P<name>{_WORD}(?:\s{_WORD}){{0,2}})(?=,\s|\s[(\[])")
_IN_NAME_ANCHOR = lazy_regex(r"I(?<!\wI)n |W(?<!\wW)ithin ")
_SHOWS = lazy_regex(
    rf"(?<![\w-])(?P<name>{_WORD})\s(?:showed|demonstrated|found|reported|evaluated|compared|tested|investigated|"
    rf"examined|"
    rf"assessed|met its|failed to)\s"
)
_SHOWS_ANCHOR = lazy_regex(
    r" (?:showed|demonstrated|found|reported|evaluated|compared|tested|investigated|examined|assessed|met its|"
    r"failed to) "
)
# RIVER-HF, EMERALD-Late, LAKE-2, LAKE 227, MEADOW-189; with few letters and many digits it may be a drug
_CODED = lazy_regex(
    r"(?=(?:[^A-Z]*[A-Z]){6})[A-Z][A-Za-z]{2,}-[A-Za-z]{2,}(?:[ -]\d{1,3})?|[A-Z][A-Za-z]{3,}-\d{1,2}|"
    r"[A-Z][A-Za-z]{5,}-\d{3}|"
    r"[A-Z][a-z]+[A-Z][a-z]+ ?\d{1,3}[A-Z]?|(?=(?:[^A-Z]*[A-Z]){6})[A-Z][A-Za-z-]{2,} [A-Z]{4,}|"
    r"[A-Z]{4,}(?: [A-Z][A-Z-]{2,}){1,2}(?: \d{1,3})?"
)
_ILL = lazy_regex(
    rf"\b(?i:patients|adults|children|people|those|individuals|subjects|men|women|infants|cases|diagnosis|treatment|"
    rf"management|diagnosed|prevalence|incidence|presence|severity|history|form|risk)\s(?:with|of|having|for)\s"
    rf"(?:[a-z-]+\s){{0,3}}(?P<name>{_WORD})"
)
# "(RIVER)", ": RIVER", "the RIVER trial" in the title of a reference
_IN_TITLE = lazy_regex(
    rf"(?:\(|:\s)(?P<last>{_WORD})\)?$|(?<![\w-])(?P<cued>{_WORD})\s(?:[a-z-]+\s){{0,3}}?(?:trial|study)\b|"
    rf"\((?P<inner>{_WORD})\):"
)
# "two replicate phase III trials, RIVER and LAKE, showed", "trials such as RIVER and LAKE"
_LISTED = lazy_regex(
    rf"\b(?:(?:trials|studies)\ssuch\sas|(?:(?i:two|three|four|five|both|several|the)|"
    rf"\d)\s(?:[\w-]+\s){{0,6}}?(?:trials|studies)(?:,|:|\sof\s[\w\s-]{{1,40}},|\s\())\s?"
    rf"(?P<names>{_WORD}(?:\s\([^()]*\))?(?:,\s{_WORD}(?:\s\([^()]*\))?){{0,4}},?\s(?:and|&)\s{_WORD})"
)
_LISTED_ANCHOR = lazy_regex(r"trials|studies")
_LISTED_NAME = lazy_regex(rf"(?<!\w){_WORD}(?![^()]*\))")


def listed_names(grammar: NameGrammar, text: str, zone: Zone) -> Iterator[tuple[int, int]]:
    """Names in a list after a word for trials."""
    for match in near(_LISTED, _LISTED_ANCHOR, text, zone.start, zone.end, before=80, after=160):
        listed = [grammar.last_name(text, *each.span()) for each in _LISTED_NAME.finditer(text, *match.span("names"))]
        found = [name for name in listed if name is not None]
        if len(found) >= 2:
            yield from found


def enrolling_names(grammar: NameGrammar, text: str, zone: Zone) -> Iterator[tuple[int, int]]:
    """Names that enrol people."""
    for match in near(_ENROLS, _ENROLS_ANCHOR, text, zone.start, zone.end, before=40, after=40):
        name = grammar.last_name(text, max(match.start() - 30, zone.start), match.end("name"))
        if name:
            yield name


def placed_names(grammar: NameGrammar, text: str, areas: list[Zone]) -> Iterator[tuple[int, int]]:
    """Codes that a sentence opens with or that show something, unless people have them."""
    found: list[tuple[int, int]] = []
    for zone in areas:
        for match in begun(_IN_NAME, _IN_NAME_ANCHOR, text, zone.start, zone.end, after=60):
            found.extend(_coded(grammar, text, *match.span("name")))
        for match in near(_SHOWS, _SHOWS_ANCHOR, text, zone.start, zone.end, before=40, after=2):
            found.extend(_coded(grammar, text, max(match.start() - 30, zone.start), match.end("name")))
    if found:
        ills = {match["name"] for zone in areas for match in _ILL.finditer(text, zone.start, zone.end)}
        yield from (name for name in found if text[slice(*name)].split(maxsplit=1)[0] not in ills)


def _coded(grammar: NameGrammar, text: str, start: int, end: int) -> list[tuple[int, int]]:
    name = grammar.last_name(text, start, end)
    return [name] if name and _CODED.fullmatch(text, *name) else []


def titled_names(grammar: NameGrammar, document: Document | None) -> set[str]:
    """Names that the titles of the reference list show to be trials."""
    found: set[str] = set()
    for reference in document.references if document is not None else ():
        title = (reference.title or "")[:LONGEST_TITLE]
        for match in _IN_TITLE.finditer(title):
            kind = match.lastgroup or "last"
            name = grammar.last_name(title, *match.span(kind))
            whole = name is not None and name[0] == match.start(kind)
            enough = sum(map(str.isupper, match[kind])) >= MIN_CAPITALS
            if whole and enough and ("-" in match[kind] or kind == "cued"):
                found.add(match[kind])
    return found
