"""Citations: numbers beyond the list, references never cited, named authors who are not those of the reference."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from extract.audit.authors import Authors, Named, find_named, name_before
from extract.audit.case import Case, Check, Claim
from extract.audit.cited_studies import either, head_of, other_design, other_trial
from extract.components import Places, Zone, zones
from extract.components.citation_marks import Candidate, Style, find_candidates, find_glued
from extract.document import BlockKind, CharSpan, Reference
from extract.linking import Mark
from extract.patterns import lazy_regex

# What may stand between a named author and the citation of the work.
_GAP = lazy_regex(
    r"(?:['’]s?(?:\s[a-z][\w-]+){0,3})?(?:,?\s(?:in\s|from\s)?[(\[]?(?:19|20)\d\d[a-z]?[)\]]?)?,?\s?[(\[]?\s?",
)
_JOINS_NAMES = lazy_regex(r"(?:,|;|/)?\s?(?:and|or|&|by|vs\.?|versus)?\s?(?:by\s|the\s)?")
_JOINS_MARKS = lazy_regex(r"[\s,;]*(?:and\s)?")
_NUMBER = lazy_regex(r"(?<![\d.])\d{1,3}(?!\d)")
_YEAR = lazy_regex(r"(?:19|20)\d\d")
_RESULT = (
    r"(?:reported|described|presented|published|showed|found|observed|concluded|demonstrated|analy[sz]ed|conducted|"
    r"performed|evaluated|investigated|examined|studied|reviewed|identified|noted|documented|treated|enrolled)"
)
_REPORTS = lazy_regex(rf",?\s(?:[a-z]+ly\s|also\s|first\s)?{_RESULT}\b")
_REPORTED_BY = lazy_regex(
    rf"(?:\b{_RESULT}|\b(?:study|trial|series|analysis|report|experience|cohort))\s(?:(?:in|on)\s\d{{4}}\s)?by\s\Z"
)
# Words with which a sentence turns to something else, or to somebody else's work.
_TURNS = lazy_regex(
    r"(?i);|\b(?:whereas|while|whilst|although|though|but (?!did|was|were|had|not|also|only)|however|"
    r"others?|another|similar\w*|consistent|unlike|contrast|"
    r"in line|in keeping|agree\w*|compar(?:ed|ison|able)|confirm\w*|as (?:described|reported|shown|defined|proposed)|"
    r"according|using|used|previous\w*|earlier|subsequent\w*|later|since|after|because|criteria|guidelines?|"
    r"classification|score|scale|definition|defined|method\w*|than|companion|supplement|based|following|despite|like|"
    r"same|this (?:was|is)|which (?:was|were|is|are|has|have)|known|recommend\w*|approved|review\w*|meta-analys[ei]s|"
    r"(?:both|two|three|several|these|those|more)\s(?:[\w-]+\s)?(?:studies|trials|groups|series|analyses|reports))\b"
)
_AFTER = lazy_regex(r"(?i)\bafter\s")  # behind the author it is but a time: "relapse after surgery"
_ENDS = lazy_regex(r"[\s.)\]]*")
_LEAD = 60  # characters that may stand in a sentence before the author whose work it reports
_BESIDE = 40  # characters between a name and a citation that are told as one place
_COVERED = 0.95  # of the other entries that must be found cited before one counts as cited nowhere
_MIN_LISTED = 10  # entries of a list
_MOST_WRONG = 0.5  # share of wrong citations of named authors from which the list was likely read wrongly
_MIN_WRONG = 4  # of them
_MAX_BEYOND = 2  # different numbers beyond the list; with more its end was likely lost
_MAX_SPREAD = 5  # numbers of a range beyond the list, and how far behind its end
_AFTER_LIST = 300  # characters behind the list in which its next entry would stand
_BEFORE = 40  # characters before a citation that tell that it is one
_WORD_BEFORE = lazy_regex(r"(?:[^\W\d_A-Z]{3,}|[.,;:)\]\"'%])\s?\Z")
_FROM_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_MAYBE = lazy_regex(
    r"[(\[](?:[^\W\d]{3,10}\.?\s)?\d[\d\s,;&-]{0,200}[)\]]|[²³¹⁰⁴-⁹][²³¹⁰⁴-⁹,⁻-]{0,60}|[Rr]efs?[\w.]*\s\d{1,3}"
)
_CLOSES = lazy_regex(r"[.;]?\s*(?:\Z|[A-Z\n])|[.;]")
_CITED = lazy_regex(r"\([\d,; -]+\)")
_DIGIT = lazy_regex(r"\d")
_PEOPLE = lazy_regex(
    r"(?i)\b(?:patients?|participants?|subjects?|groups?|arms?|controls?|cohorts?|women|men|boys|girls|children|adults|"
    r"infants|cases?|events?|deaths?|studies|trials|days|weeks|months|years|points?|placebo|total|average|number)\W*\Z"
)
_MEASURED = lazy_regex(r"(?i)\b(?:means?|medians?|ranges?|iqr|ci|sd|aged?|bmi|scores?|n|model|equation|step)\b[^.;]*\Z")


class _Naming(NamedTuple):
    """Authors named together, and the citations that stand with them."""

    author: Named
    names: tuple[str, ...]
    marks: tuple[Mark, ...]
    sure: bool = True  # that it is an author who is named
    assumes: str | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(number for mark in self.marks for number in mark.value.numbers))


def citation_mismatch(case: Case) -> Iterator[Claim]:
    """Citations beside a named author, a trial or a kind of study that lead to another one's work."""
    authors = Authors(case.document)
    namings = [naming for naming in _namings(case, authors) if all(map(authors.entry, naming.numbers))]
    claims = [claim for naming in namings if (claim := _mismatch(case, authors, naming)) is not None]
    if len(claims) >= _MIN_WRONG and len(claims) > _MOST_WRONG * len(namings):
        return
    yield from claims
    yield from other_design(case, authors)
    yield from other_trial(case, authors)


def _mismatch(case: Case, authors: Authors, naming: _Naming) -> Claim | None:
    """The claim about citations that lead to none of the named authors."""
    numbers = naming.numbers
    if any(authors.is_by(number, name) for number in numbers for name in naming.names):
        return None
    naming = naming._replace(author=authors.narrowed(naming.author))
    name, mark = naming.author.name, naming.marks[0]
    held = any(authors.holds(number, each) for number in numbers for each in naming.names)
    own = _own(case, authors, naming)
    if not own and (held or not naming.sure or any(authors.resembles(number, name) for number in numbers)):
        return None
    entry, places = authors.entry(numbers[0]), either(own)
    assert entry is not None
    short = authors.first(own[0]) if own else name.rsplit(maxsplit=1)[-1]
    printed = case.marks.text[mark.start : mark.end] if not mark.value.keys else ", ".join(map(str, numbers))
    whose = f"reference {entry.number} is by {entry.first_author}" if len(numbers) == 1 else "none of these is by them"
    told = f"{short} is cited as {printed.strip()}, but {whose}"
    assumes = "the study is called after its first author" if held else naming.assumes
    if not own:
        assumes = f"{short} is no author whom the entry leaves out"
    return Claim(
        severity="suspicious" if assumes else "inconsistent",
        message=f"{told}; {short} is {places}." if own else f"{told}, and the list has no reference by {short}.",
        stated=_stated(naming),
        against=tuple(head_of(case, each) for number in (entry.number, *own) if (each := authors.entry(number))),
        correction=places or None,
        assumes=assumes,
    )


def _stated(naming: _Naming) -> tuple[CharSpan, ...]:
    """The words of a name with its citation, as one where they stand side by side."""
    author, mark = naming.author, naming.marks[0]
    if mark.start - author.end > _BESIDE:
        return author.span, mark.span
    return (CharSpan(min(author.start, mark.start), mark.end),)


def _own(case: Case, authors: Authors, naming: _Naming) -> list[int]:
    """The entries of the named author, of these the ones of the year printed between name and citation."""
    own = next((found for name in naming.names if (found := authors.numbers(name))), [])
    first, last = naming.author.end, naming.marks[0].end
    years = {int(year) for year in _YEAR.findall(case.marks.text, first, last)} if naming.assumes is None else set()
    return [number for number in own if (entry := authors.entry(number)) and entry.year in years] or own


def _namings(case: Case, authors: Authors) -> Iterator[_Naming]:
    """The named authors of the document with the numbered citations that are theirs."""
    text = case.marks.text
    for zone in zones(case.marks.doc):
        found = case.marks.inside("citations", zone.start, zone.end)
        marks = [mark for mark in found if _is_numbered(text, mark)]
        if marks:
            named = list(find_named(text, zone.start, zone.end))
            beside = list(_beside(case, authors, named, marks, zone))
            yield from beside
            if zone.kind is not BlockKind.TABLE:
                taken = {mark.start for naming in beside for mark in naming.marks}
                yield from _in_sentences(case, authors, named, marks, taken)


def _is_numbered(text: str, mark: Mark) -> bool:
    """Whether a citation prints numbers of the list."""
    if not mark.value.keys:
        return bool(mark.value.numbers)
    behind = _YEAR.split(text[mark.start : mark.end])[-1]
    return set(map(int, _NUMBER.findall(behind))) >= set(mark.value.numbers) > set()


def _beside(
    case: Case, authors: Authors, named: Sequence[Named], marks: Sequence[Mark], zone: Zone
) -> Iterator[_Naming]:
    """Authors right before their citation: "Hart et al. [5]", "Hart and Lee [5]", "Hart [5]" in a table."""
    text = case.marks.text
    table = zone.block.table if zone.block else None
    cells = Places(sorted(cell.span for cell in table.cells)) if table else None
    ends = [each.end for each in named]
    last = 0
    for index, mark in enumerate(marks):
        group = [mark]
        for later in marks[index + 1 :]:
            if later.value.keys or not _JOINS_MARKS.fullmatch(text, group[-1].end, later.start):
                break
            group.append(later)
        if index < last:
            continue
        last = index + len(group)
        if mark.value.keys:
            name = mark.value.keys[0].rpartition(" ")[0]
            yield _Naming(Named(mark.start, mark.start + len(name), name), (name,), tuple(group))
            continue
        before = bisect_right(ends, mark.start)
        if before and _GAP.fullmatch(text, ends[before - 1], mark.start):
            names = [named[before - 1]]
            for each in named[before - 2 :: -1] if before > 1 else ():
                if not _JOINS_NAMES.fullmatch(text, each.end, names[-1].start):
                    break
                names.append(each)
            yield _Naming(names[0], tuple(each.name for each in names), tuple(group))
            continue
        cell = cells.at(mark.start) if cells else None
        pair = name_before(text, cell.start if cell else zone.start, mark.start, opens=cell is not None)
        if pair is not None and any(map(authors.numbers, pair[1])):
            yield _Naming(pair[0], pair[1], tuple(group), sure=False)


def _in_sentences(
    case: Case, authors: Authors, named: Sequence[Named], marks: Sequence[Mark], taken: set[int]
) -> Iterator[_Naming]:
    """Authors whose work a sentence reports, with the one citation at its end."""
    text = case.marks.text
    starts = [mark.start for mark in marks]
    crowd = Counter(case.sentence(each.span) for each in named)
    for author in map(authors.narrowed, named):
        sentence = case.sentence(author.span)
        inside = marks[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        if crowd[sentence] > 1 or len(inside) != 1 or inside[0].start in taken or inside[0].start < author.end:
            continue
        mark, before = inside[0], text[sentence.start : author.start]
        between = text[author.end : mark.start]
        reports = _REPORTS.match(text, author.end) or _REPORTED_BY.search(before)
        turns = _TURNS.search(before) or _TURNS.search(_AFTER.sub(" ", between))
        if not reports or turns or len(before) > _LEAD or not _ENDS.fullmatch(text, mark.end, sentence.end):
            continue
        own = set(authors.numbers(author.name))
        cited = {number for each in marks if each.start < sentence.start for number in each.value.numbers}
        if own and not own & cited and not any(authors.holds(number, author.name) for number in mark.value.numbers):
            yield _Naming(author, (author.name,), (mark,), sure=False)


def citation_beyond_list(case: Case) -> Iterator[Claim]:
    """Cited numbers above the last one of a list that was surely read whole."""
    references = case.document.references
    last = len(references)
    if not last or not _is_whole(case, references):
        return
    accepted = case.marks.all("citations")
    starts = {mark.start for mark in accepted}
    styles = _styles(case.marks.text, accepted)
    found: list[Candidate] = [
        Candidate(mark.start, mark.end, mark.value.numbers, "sure")
        for mark in accepted
        if max(mark.value.numbers, default=0) > last
    ]
    for zone in zones(case.marks.doc):
        if zone.kind is not BlockKind.TABLE and styles and _goes_beyond(case.marks.text, zone, last):
            found += [
                each
                for each in find_candidates(case.marks.text, zone.start, zone.end)
                if max(each.numbers) > last and each.start not in starts and _is_citation(case, each, styles, last)
            ]
    beyond = {number for each in found for number in each.numbers if number > last}
    if len(beyond) > _MAX_BEYOND:
        return
    for each in found:
        numbers = ", ".join(str(number) for number in each.numbers if number > last)
        yield Claim(
            severity="impossible",
            message=f"Reference {numbers} is cited, but the list ends with {last}.",
            stated=(CharSpan(each.start, each.end),),
            against=(head_of(case, references[-1]),),
        )


def _is_whole(case: Case, references: Sequence[Reference]) -> bool:
    """Whether a list is numbered from 1 on without a gap, and nothing like a further entry follows it."""
    text, last = case.marks.text, references[-1]
    if [reference.number for reference in references] != list(range(1, last.number + 1)):
        return False
    if case.document.elements is None and not re.match(rf"\W{{0,3}}{last.number}\b", text[last.span.start :][:8]):
        return False
    following = lazy_regex(rf"(?:\A|\s)[\[(]?{last.number + 1}[\])]?\.?\s")
    end = last.span.end
    return not following.search(text[last.span.start + 4 : end]) and not following.search(text[end : end + _AFTER_LIST])


def _goes_beyond(text: str, zone: Zone, last: int) -> bool:
    """Whether a bracket or raised number of a zone is above the last one of the list."""
    return any(
        int(number) > last
        for match in _MAYBE.finditer(text, zone.start, zone.end)
        for number in re.findall(r"\d{1,3}", match[0].translate(_FROM_RAISED))
    )


def _styles(text: str, marks: Sequence[Mark]) -> set[Style]:
    """The ways in which most of the citations of a document are printed."""
    styles: Counter[Style] = Counter()
    for mark in marks:
        sign = text[mark.start]
        if sign == "[":
            styles["square"] += 1
        elif sign == "(":
            styles["round"] += 1
        elif not sign.isascii():
            styles["raised"] += 1
    return {style for style, count in styles.items() if 2 * count > len(marks)}


def _is_citation(case: Case, each: Candidate, styles: set[Style], last: int) -> bool:
    """Whether numbers beyond the list can be nothing but a citation: words before them, and no measure."""
    text = case.marks.text
    before = text[max(each.start - _BEFORE, 0) : each.start]
    if each.style == "sure":
        return True
    if each.style not in styles or not _WORD_BEFORE.search(before) or _MEASURED.search(before):
        return False
    printed = text[each.start : each.end]
    if "-" in printed or "⁻" in printed:
        within = len(each.numbers) <= _MAX_SPREAD and max(each.numbers) <= last + _MAX_SPREAD
        return within or (min(each.numbers) <= last and "," in printed)
    if each.style != "round" or min(each.numbers) <= last or before.rstrip().endswith(("et al.", "et al")):
        return True
    sentence = case.sentence(CharSpan(each.start, each.end))
    rest = text[sentence.start : each.start] + text[each.end : sentence.end]
    return (
        bool(_CLOSES.match(text, each.end)) and not _DIGIT.search(_CITED.sub("", rest)) and not _PEOPLE.search(before)
    )


def reference_never_cited(case: Case) -> Iterator[Claim]:
    """Entries of a numbered list that are cited nowhere, where nearly all others are."""
    references = case.document.references
    marks = case.marks.all("citations")
    text = case.marks.text
    if len(references) < _MIN_LISTED or any(not _is_numbered(text, mark) for mark in marks):
        return
    cited = {number for mark in marks for number in mark.value.numbers}
    missing = [reference for reference in references if reference.number not in cited]
    if not missing or len(references) - len(missing) < _COVERED * (len(references) - 1):
        return
    maybe = _numbers_anywhere(case)
    authors = Authors(case.document)
    for reference in missing:
        name = reference.first_author
        if reference.number in maybe or name is None or _is_named(case, authors, reference.number):
            continue
        yield Claim(
            severity="suspicious",
            message=f"Reference {reference.number} ({name}) stands in the list but is cited nowhere in the text.",
            stated=(head_of(case, reference),),
            assumes="every citation of the document was found",
        )


def _numbers_anywhere(case: Case) -> set[int]:
    """Every number that may be a citation, in whatever style and part of the document, and those of table cells."""
    text = case.marks.text
    found: set[int] = set()
    for block in case.document.blocks:
        if block.kind is BlockKind.REFERENCE:
            continue
        for each in (*find_candidates(text, *block.span), *find_glued(text, *block.span)):
            found.update(each.numbers)
        for cell in block.table.cells if block.table else ():
            found.update(map(int, _NUMBER.findall(text, *cell.span)))
    for mark, later in zip(case.marks.all("citations"), case.marks.all("citations")[1:], strict=False):
        if later.start - mark.end <= len(" through "):  # "[5] to [8]"
            found.update(range(max(mark.value.numbers, default=0), min(later.value.numbers, default=0)))
    return found


def _is_named(case: Case, authors: Authors, number: int) -> bool:
    """Whether the text names the first author of an entry, with or without its number."""
    return any(
        authors.is_by(number, each.name)
        for block in case.document.blocks
        if block.kind is not BlockKind.REFERENCE
        for each in find_named(case.marks.text, *block.span)
    )


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "citation_mismatch": citation_mismatch,
        "citation_beyond_list": citation_beyond_list,
        "reference_never_cited": reference_never_cited,
    }
)
