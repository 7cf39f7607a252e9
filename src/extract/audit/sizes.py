"""Numbers of people, years of recruitment and ages of a study, where a sentence or a table column prints them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from extract.audit.case import Case
from extract.audit.groups import Place, PlaceFinder
from extract.audit.studies import StudyPlaces
from extract.document import BlockKind, Cell, CharSpan
from extract.patterns import lazy_regex

PEOPLE = (
    r"(?:patients|participants|subjects|children|adults|infants|individuals|people|women|men|adolescents|volunteers|"
    r"neonates|newborns)"
)
_NUMBER = r"(?P<n>\d{1,3}(?:,\d{3})+|\d{1,6})"
_WORDS = r"(?:(?!and\b|or\b|of\b|in\b|with\b|versus\b|vs\b|to\b|were\b|was\b|who\b)[A-Za-z][\w/-]*,?\s){0,5}?"
_N_HEAD = lazy_regex(
    r"(?:total\s|sample\s)?(?:n|no\.?|number|size|enrolled|randomi[sz]ed)"
    rf"(?:\s(?:of\s)?(?:{PEOPLE}|patients? enrolled))?|{PEOPLE}(?:,?\s\(?(?:n|no\.?)\)?)?|sample size",
    re.IGNORECASE,
)
_WHOLE = lazy_regex(r"\d{1,3}(?:,\d{3})+|\d{1,6}")
# "a study in 184 patients", "included 124 paediatric patients": the plain number of a study.
_PLAIN = lazy_regex(
    rf"\b(?P<verb>in|of|among|on|with|included|includes|including|enrolled|enrolling|enrols|recruited|recruiting|"
    rf"comprised|comprising|involved|involving|studied|evaluated|analy[sz]ed)\s(?:a\stotal\sof\s)?{_NUMBER}\s{_WORDS}"
    rf"{PEOPLE}\b",
    re.IGNORECASE,
)
_DESIGN = lazy_regex(
    r"\b(?:stud(?:y|ies)|trial|experience|cohort|series|report(?:ed)?|registry|survey|programme|program|analy[sz]ed|"
    r"retrospectively|prospectively|enrol\w+|recruit\w+|included|evaluated)\b",
    re.IGNORECASE,
)
_PARTIAL = lazy_regex(
    r"\b(?:including|of\swhom|of\swhich|sub-?(?:group|set|study|cohort|population)|arm|respective\w*|among|observed\sin|"
    r"seen\sin|occurred\sin|reported\sin|achieved\sin|noted\sin|developed\sin|found\sin|ongoing|will|planned|"
    r"controls?|healthy|phase|first|additional|another|other|remaining|expan\w+)\s?(?:the\s)?$",
    re.IGNORECASE,
)
_QUALIFIED = lazy_regex(
    r"[^.;:]{0,60}?\b(?:screened|assessed|evaluable|analy[sz]ed|infused|transplanted|responded|survived|died|achieved|"
    r"relapsed|received|treated|developed|experienced|completed|discontinued|to\s(?:each|receive)|in\s(?:each|the)|"
    r"randomi[sz]ed|versus|vs\b|compared|respectively|per\s(?:arm|group)|matched|controls?|hospitals?|cent(?:er|re)s)\b",
    re.IGNORECASE,
)
# The same verb in two sentences: "431 adults were randomised", "randomised 431 adults".
_VERB = r"(?:enrol(?:l?ed|ling)|recruit(?:ed|ing)|randomi[sz](?:ed|ing))"
_COUNTED = (
    lazy_regex(
        rf"\b(?P<verb>{_VERB})\s(?:a\stotal\sof\s)?{_NUMBER}\s{_WORDS}{PEOPLE}\b(?!\s(?:to|in)\s)", re.IGNORECASE
    ),
    lazy_regex(
        rf"(?<![\d,.(])\b(?<!of\s)(?<!the\s){_NUMBER}\s{_WORDS}{PEOPLE}\s(?:\([^()]*\)\s)?(?:were|had\sbeen)\s"
        rf"(?P<verb>{_VERB})\b(?!\s(?:to|in|into|at|by)\b)",
        re.IGNORECASE,
    ),
)
_YEAR = r"(?:19[5-9]|20[0-4])\d"
_MONTH = r"(?:(?:\d{1,2}\s)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s(?:\d{1,2},?\s)?)?"
_YEARS = lazy_regex(
    rf"\b(?:between\s|from\s)?{_MONTH}(?P<first>{_YEAR})\s?(?:-|to|through|until|and)\s?{_MONTH}(?P<last>{_YEAR}|\d\d)"
    r"(?![\w-])",
    re.IGNORECASE,
)
_TAKEN_IN = (
    r"(?:recruit(?:ed|ing)|enrol(?:l?ed|ling)|randomi[sz](?:ed|ing)|accrued|ran|conducted|allocated|assigned|treated|"
    r"included)"
)
# "X, which recruited in 2012-2014", "X recruited from 2012 to 2014"
_CLAUSE_YEARS = lazy_regex(
    rf"(?:\s(?:trial|study))?(?:,?\s(?:which|that))?\s(?:was\s|were\s)?{_TAKEN_IN}\s"
    rf"(?:(?:[\d,]+\s(?:[\w-]+\s){{0,3}}?)?{PEOPLE}\s)?(?:in|during|over)?\s?(?P<years>{_YEARS.pattern})",
    re.IGNORECASE,
)
# "From 2012 to 2017, 1,124 patients with ... were allocated", as the next sentence
_NEXT_YEARS = lazy_regex(
    rf"\s(?P<years>{_YEARS.pattern}),\s[\d,]+\s[^.;]{{0,120}}?\bwere\s(?:randomly\s)?{_TAKEN_IN}\b", re.IGNORECASE
)
_CLAUSE_ON = lazy_regex(r"\b(?P<name>[A-Z][\w-]*[A-Z0-9][\w-]*),?\s(?:which|that)\s[^,;]*$")
_YEARS_HEAD = lazy_regex(
    r"(?:treatment|study|enrol?lment|recruitment|inclusion|accrual)?\s?(?:years?|period|dates?)(?:\sof\s\w+)?|"
    r"(?:enrol?lment|recruitment|inclusion|accrual|enrolled|recruited)",
    re.IGNORECASE,
)
_RECRUITS = lazy_regex(
    r"\b(?:enrol\w*|recruit\w*|diagnosed|treated|running|ran|included|accru\w*|conducted|transplant\w+|registered)\b",
    re.IGNORECASE,
)
_AGES = lazy_regex(
    rf"\b(?:{PEOPLE}\s(?:were\s)?)?aged\s(?P<low>\d{{1,2}})\s?(?:-|to|and|through)\s?(?P<high>\d{{1,3}})\s"
    r"(?P<unit>years?|months?)\b",
    re.IGNORECASE,
)
_AGE_HEAD = lazy_regex(r"(?:(?:patients?'?|pts?'?|eligible)\s)?ages?(?:\s(?:range|group|\(?years?\)?))*", re.IGNORECASE)
_AGE_CELL = lazy_regex(r"(?P<low>\d{1,2})\s?(?:-|to)\s?(?P<high>\d{1,3})(?:\s?(?P<unit>y(?:ea)?rs?|months?))?")


class Told(NamedTuple):
    """A fact of a study: what it is (for comparison), where it is printed, and as what (`enrolled`, `table`)."""

    value: tuple[int, ...]
    span: CharSpan
    place: Place
    kind: str


class StudyFacts:
    """Reads the facts of studies from the places about them."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._text = case.document.text
        self.places = case.once(StudyPlaces)
        self._tables: dict[int, tuple[dict[int, str], dict[int, list[Cell]]]] = {}

    def table_sizes(self, study: str) -> Iterator[Told]:
        """Numbers of people in the column for them of the study's table rows."""
        for place, cell in self._cells(study, _N_HEAD):
            words = self._text[slice(*cell.span)].strip()
            if _WHOLE.fullmatch(words):
                yield Told((whole(words),), cell.span, place, "table")

    def plain_sizes(self, study: str) -> Iterator[Told]:
        """Numbers of people of a study as a whole: in the sentence that opens its paragraph or names it."""
        for place in self._sentences(study):
            words = self._text[slice(*place.span)]
            if not (self._opens(place) or self.places.is_named(place)) or not _DESIGN.search(words):
                continue
            found = [match for match in _PLAIN.finditer(self._text, *place.span) if self._is_whole(match, place)]
            if found:
                largest = max(found, key=lambda match: whole(match["n"]))
                yield Told((whole(largest["n"]),), CharSpan(*largest.span("n")), place, "plain")

    def counted_sizes(self, study: str) -> Iterator[Told]:
        """Numbers of people that were enrolled, recruited or randomised, by the verb."""
        for place in self._sentences(study, "nrol", "ecruit", "andomi"):
            for pattern in _COUNTED:
                for match in pattern.finditer(self._text, *place.span):
                    before = self._text[max(match.start() - 40, place.span.start) : match.start("n")]
                    if not _PARTIAL.search(before):
                        kind = "randomised" if match["verb"].lower().startswith("rand") else "enrolled"
                        yield Told((whole(match["n"]),), CharSpan(*match.span("n")), place, kind)

    def years(self, study: str) -> Iterator[Told]:
        """Years in which the people of a study were recruited or treated."""
        for place, cell in self._cells(study, _YEARS_HEAD):
            if match := _YEARS.fullmatch(self._text, *cell.span):
                yield Told(_years(match), cell.span, place, "table")
        yield from self._years_beside_name(study)
        for place in self._sentences(study, "19", "20"):
            if not self.places.is_named(place):
                continue
            found = list(_YEARS.finditer(self._text, *place.span))
            if len(found) == 1:
                before = self._text[max(found[0].start() - 80, place.span.start) : found[0].start()]
                if _RECRUITS.search(before) and not self._is_of_another(study, found[0].start(), len(before)):
                    yield Told(_years(found[0]), CharSpan(*found[0].span()), place, "text")

    def _is_of_another(self, study: str, start: int, reach: int) -> bool:
        """Whether years stand in a clause on a name that is not the study's: "EGRET, which recruited in ..."."""
        match = _CLAUSE_ON.search(self._text, start - reach, start)
        return match is not None and CharSpan(*match.span("name")) not in self._names.get(study, ())

    def _years_beside_name(self, study: str) -> Iterator[Told]:
        """Years told in a clause on a trial's name, and those that open the sentence behind the one that names it."""
        finder = self._case.once(PlaceFinder)
        for start, end in self._names.get(study, ()):
            block = self._case.block(CharSpan(start, end))
            if block is None or block.kind not in (BlockKind.PARAGRAPH, BlockKind.ABSTRACT):
                continue
            sentence = self._case.sentence(CharSpan(start, end))
            match = _CLAUSE_YEARS.match(self._text, end, sentence.end)
            if match is None and len(self._case.marks.inside("trials", *sentence)) == 1:
                match = _NEXT_YEARS.match(self._text, sentence.end, block.span.end)
                if match and self._case.marks.inside("trials", *self._case.sentence(CharSpan(*match.span("first")))):
                    match = None
            if match and (years := _YEARS.search(self._text, match.start("years"), match.end("years"))):
                span = CharSpan(*years.span())
                yield Told(_years(years), span, finder.at(span), "text")

    @cached_property
    def _names(self) -> dict[str, list[CharSpan]]:
        names: dict[str, list[CharSpan]] = defaultdict(list)
        for mark in self._case.marks.all("trials"):
            names[mark.value.trial].append(mark.span)
        return names

    def ages(self, study: str) -> Iterator[Told]:
        """The range of ages of those who could enter a study."""
        for place, cell in self._cells(study, _AGE_HEAD):
            if match := _AGE_CELL.fullmatch(self._text, *cell.span):
                yield Told(_ages(match), cell.span, place, "table")
        for place in self._sentences(study, "aged "):
            found = list(_AGES.finditer(self._text, *place.span))
            if len(found) == 1 and self.places.is_named(place):
                sentence = self._text[slice(*place.span)]
                if re.search(r"\b(?:eligible|enrol\w+|randomi[sz]ed|recruited|included)\b", sentence):
                    yield Told(_ages(found[0]), CharSpan(found[0].start("low"), found[0].end()), place, "text")

    def numbers_about(self, study: str) -> set[int]:
        """Every whole number in the paragraphs that hold sentences about a study."""
        blocks = {block.span for place in self._sentences(study) if (block := self._case.block(place.span))}
        return {whole(match[0]) for span in blocks for match in _WHOLE.finditer(self._text, *span)}

    def _sentences(self, study: str, *signs: str) -> Iterator[Place]:
        """The sentences about a study that hold one of some signs."""
        for place in self.places.of(study):
            if signs and not any(self._text.find(sign, *place.span) >= 0 for sign in signs):
                continue
            block = self._case.block(place.span)
            if place.table is None and block is not None and block.kind in (BlockKind.PARAGRAPH, BlockKind.ABSTRACT):
                yield place

    def _opens(self, place: Place) -> bool:
        block = self._case.block(place.span)
        return block is not None and not self._text[block.span.start : place.span.start].strip()

    def _is_whole(self, match: re.Match[str], place: Place) -> bool:
        """Whether a number of people is that of the study, not of a part or of an outcome."""
        before = self._text[max(match.start() - 40, place.span.start) : match.start("n")]
        return not (
            _PARTIAL.search(before)
            or _PARTIAL.search(self._text[max(match.start() - 40, place.span.start) : match.start()])
            or _QUALIFIED.match(self._text, match.end("n"), place.span.end)
        )

    def _cells(self, study: str, head: re.Pattern[str]) -> Iterator[tuple[Place, Cell]]:
        """The cells of the study's table rows under a column heading."""
        for place in self.places.of(study):
            if place.table is not None:
                heads, rows = self._table(place)
                for cell in rows.get(place.span.start, ()):
                    if not cell.is_header and cell.column and head.fullmatch(heads.get(cell.column, "")):
                        yield place, cell

    def _table(self, place: Place) -> tuple[dict[int, str], dict[int, list[Cell]]]:
        """The headings of the columns of a place's table, and its cells by where their row begins."""
        block = self._case.block(place.span)
        if block is None or block.table is None:
            return {}, {}
        if block.span.start not in self._tables:
            heads: dict[int, str] = {}
            numbered: dict[int, list[Cell]] = {}
            for cell in block.table.cells:
                numbered.setdefault(cell.row, []).append(cell)
                if cell.is_header:
                    words = self._text[slice(*cell.span)].strip()
                    heads[cell.column] = f"{heads.get(cell.column, '')} {words}".strip()
            rows = {min(cell.span.start for cell in cells): cells for cells in numbered.values()}
            self._tables[block.span.start] = heads, rows
        return self._tables[block.span.start]


def whole(words: str) -> int:
    """A number of people in digits."""
    return int(words.replace(",", ""))


def _years(match: re.Match[str]) -> tuple[int, int]:
    first, last = match["first"], match["last"]
    if len(last) == 4:
        return int(first), int(last)
    return int(first), int(first[:2] + last) + (100 if last < first[2:] else 0)  # 1999-05 ends in 2005


def _ages(match: re.Match[str]) -> tuple[int, int, int]:
    months = bool(match["unit"]) and match["unit"].lower().startswith("month")
    return int(match["low"]), int(match["high"]), int(months)
