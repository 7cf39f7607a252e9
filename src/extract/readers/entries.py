"""One entry of a reference list: first author, title, journal, year, DOI and PubMed id, each as printed.

Reads the usual styles: Vancouver and its kin (`Hart AB, Moss C. Title. Journal. 2019;3:4`), names with points (APA,
Nature, MDPI, Harvard), initials before names, groups as authors. What the style does not show stays None.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from extract.patterns import lazy_regex

_PARTICLE = (
    r"(?:[Vv][ao]n|[Dd]e[rnl]?|[Dd]ella|[Dd][iau]|[Dd]os|[Ll][ae]|[Aa]l|[Ee]l|[Tt]e[rn]|[Zz]u[rm]?|[Bb]in|[Ii]bn|'t)"
)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_WORD = rf"(?:[dlD]')?{_CAPITAL}[^\s,.;:()\[\]\d]*"
_FAMILY = rf"(?:{_PARTICLE}[\s-]){{0,3}}{_WORD}(?:[\s-]{{1,2}}(?:{_PARTICLE}[\s-])?{_WORD}){{0,3}}?"
_INITIALS = rf"{_CAPITAL}(?:-?{_CAPITAL}){{0,3}}"  # SP, J-H
_POINTED = rf"(?:{_CAPITAL}[a-z]{{0,2}}\.[\s-]?){{1,5}}"  # A. M., J.-H.
_JUNIOR = r"(?:,?\s?\b(?:Jr|Sr|III?|IV)\b\.?)?"
_SUFFIX = rf"(?:{_JUNIOR[:-1]}|,?\s(?:2nd|3rd|4th)\b)?"
# How the first author may be printed: `Hart AB`, `Hart, A. B.`, `A. B. Hart`, `Hart, Ann B`.
_VANCOUVER = (
    rf"(?P<vancouver>{_FAMILY}){_SUFFIX}\s{_INITIALS}(?=[,.:;]|\s(?:\(|\[|et\sal|and\s|&|Jr|III?|[234][nrt][dh]))"
)
_INVERTED = rf"(?P<inverted>{_FAMILY}){_SUFFIX},\s{_POINTED}{_JUNIOR}(?=$|[\s,;.&(:\d])"
_WESTERN = rf"{_POINTED}\s?(?P<western>{_FAMILY})(?=,|\sand\s|\s&|\set\sal)"
_SPELLED = rf"(?P<spelled>{_WORD}),\s{_WORD}(?:\s{_CAPITAL}\.?)?(?=;|,?\s(?:and|&)\s{_WORD},|\.\s)"
_FIRST = lazy_regex(rf"{_INVERTED}|{_VANCOUVER}|{_WESTERN}|{_SPELLED}")
_NEXT = lazy_regex(
    rf"[;,]?\s?(?:(?:and|&|…)\s)?(?:{_FAMILY}{_SUFFIX},\s{_POINTED}{_JUNIOR}|{_POINTED}\s?{_FAMILY}(?=[,.;]|\sand\s|\s&|\set\sal))"
)
_ET_AL = lazy_regex(r"[,;]?\s?(?:et\sal\b\.?|\(?[Ee]ds?\b\.?\)?)")
_AUTHORS_END = lazy_regex(r"(?:\.:|[.:])\s|\s(?=\((?:19|20)\d\d[a-z]?[,)])")
_NAMES_END = lazy_regex(r"(?<![\s.][A-Z])\.\s|\s(?=\((?:19|20)\d\d[a-z]?[,)])")
_GROUP = lazy_regex(r"[^.:(\[]{3,100}?(?=\.?[.:]\s|\s?[(\[]|[.,]?\s(?:19|20)\d\d[a-z]?(?:[.,;:)]|$)|[.:]?$)")

# A class first and what must not stand before it last: the search then runs at the speed of the class.
_YEAR = r"(?P<year>[12](?:(?<=1)9|(?<=2)0)\d\d(?<!\w\d{4}))"
_EARLY_YEAR = lazy_regex(
    rf"[\s,.]{{0,3}}(?:\({_YEAR}[a-z]?(?:,\s?[^)]{{0,24}})?\)[.:,]?|(?P<bare>(?:19|20)\d\d)[a-z]?[.:;,])\s"
)
_MONTH_NAME = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t|tember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\.?(?:[-/][A-Z][a-z]{2,8})?(?:\s\d{1,2})?"
)
_MONTH = rf"(?:\s{_MONTH_NAME})?"
_MONTH_ONLY = lazy_regex(rf"{_MONTH_NAME}$")
# A year that stands after the journal, the surest form first.
_SURE_YEARS = tuple(
    lazy_regex(form)
    for form in (
        rf"{_YEAR}[a-z]?{_MONTH}\s?(?:;|:(?=\s?\d))",  # 2019;73:612
        rf"\({_YEAR}[a-z]?\)[.,:]?\s?[A-Za-z]{{0,8}}\d",  # (2019) 73:612
        rf"{_YEAR}(?<![-/]\d{{4}})[a-z]?,\s?(?=[A-Za-z]{{0,8}}\d)",  # 2019, 73, 612
    )
)
_OTHER_YEARS = tuple(
    lazy_regex(form)
    for form in (
        rf"\({_YEAR}[a-z]?(?:,[^)]{{1,24}})?\)",
        rf"[,.]\s{_YEAR}[a-z]?{_MONTH}(?:[.,]|$)",
        rf"{_YEAR}(?<![-/.]\d{{4}})(?![-/\d])",
    )
)
_VOLUME = lazy_regex(r"[,.]?\s\d{1,4}(?:\s?\([^)]{1,20}\))?[,:;]\s?(?:abstr(?:act)?\.?\s)?[A-Za-z]{0,3}\d")
_TRAILING_VOLUME = lazy_regex(r"[\s,]+\d{1,4}(?:\s?\([^)]{1,20}\))?$")
_STOP = lazy_regex(r"[.?!](?<!\bvs.)[\"')\]]?\s+(?=[^\W_a-z]|[\"'(]|npj|[a-z]{1,6}[A-Z])")
_SHORT = lazy_regex(r"[A-Z][\w&'()-]{0,14}(?:\s[A-Z][\w&'()-]{0,14})?$")  # a piece of a journal's abbreviated name
# Where the record of an entry begins, after what a reader reads; literals, for they are looked for in every entry.
_RECORD_SIGNS = (
    *("doi:", "doi.org", "doi 10", "doi=", "DOI:", "DOI ", "http", "www.", "PMID", "PMCID", "PubMed", "CrossRef"),
    *("Available at", "Available from", "Available online", "available at", "available from", "available online"),
)
_BARE_DOI = lazy_regex(r"10\.\d{4}(?<![\d.].{7})")
_DOI_LABEL = lazy_regex(r"(?i)\bdoi(?:\.org/|\s?[:=]\s?|\s)(?P<printed>\S*\d\S*)?")
_DOI = lazy_regex(r"10\.(?<![\d.]...)(?:\s?\d{4,9}(?:\.\d+)*(?:\s?/\s?\S+)?)")
_DOI_GLUED = lazy_regex(r"[\[(;,.]*(?:PMC?ID|PMC\d|PubMed|CrossRef|Epub|https?:|\[Google)", re.IGNORECASE)
_DOI_PART = lazy_regex(r"(?!https?:|www\.|doi|PM)[\w.;()/:<>\[\]+#~%=-]*\d[\w.;()/:<>\[\]+#~%=-]*", re.ASCII)
_DOI_FORM = lazy_regex(r"10\.\d{4,9}(?:\.\d+)*/[\x21-\x7e]+$")
_AFTER_DOI = lazy_regex(r"(?i)[\s.,;]*(?:$|PMC?ID|PMC\d|PubMed|CrossRef|Medline|Epub|Accessed|\[|\()")
_ANOTHER_DOI = lazy_regex(r"(?i)10\.\d{4,9}/.*10\.\d{4,9}/|doi\.org|doi:")
_YEAR_ONLY = lazy_regex(r"(?:19|20)\d\d\W*$")
_PMID = lazy_regex(
    r"(?i)(?:PMID\s?:?\s?|PubMed(?:\s?(?:ID|PMID))?\s?:\s?|pubmed(?:\.ncbi\.nlm\.nih\.gov)?/)(?P<pmid>\d{4,8})\b"
)
_PMID_SIGNS = ("PMID", "pmid", "PubMed", "pubmed")
MIN_CUT = 5  # characters that a DOI broken without a sign of it must still hold on the next line
MAX_GROUP_WORDS = 10
MIN_TITLE = 4  # characters


class Entry(NamedTuple):
    """The fields of one entry, without its number."""

    first_author: str | None
    title: str | None
    journal: str | None
    year: int | None
    doi: str | None
    pmid: str | None
    note: str | None


def parse_entry(body: str, line_starts: frozenset[int] = frozenset()) -> Entry:
    """The fields of an entry; `line_starts` are the offsets in `body` at which a printed line begins."""
    doi, note = find_doi(body, line_starts)
    pmid = _PMID.search(body) if any(sign in body for sign in _PMID_SIGNS) else None
    core = _before_record(body)
    author, end, western = _authors(core)
    early = _EARLY_YEAR.match(core, end)
    if early is not None:
        year: int | None = int(early["year"] or early["bare"])
        rest = _before_volume(core[early.end() :])
    else:
        year, rest = _late_year(core, end)
    title, journal = _title_and_journal(rest, western=western)
    return Entry(author, title, journal, year, doi, pmid["pmid"] if pmid else None, note)


def starts_with_author(text: str, position: int = 0) -> bool:
    """Whether a person's name with initials stands at `position`."""
    return _FIRST.match(text, position) is not None


def _before_record(body: str) -> str:
    """An entry without DOI, addresses and database numbers."""
    end = len(body)
    for sign in _RECORD_SIGNS:
        if (found := body.find(sign, 1, end)) > 0:
            end = found
    if bare := _BARE_DOI.search(body, 1, end):
        end = bare.start()
    return body[:end].rstrip(" [(<")


def _authors(core: str) -> tuple[str | None, int, bool]:
    """The first author, where the authors end, and whether initials stand before names."""
    first = _FIRST.match(core)
    if first is None:
        return _group(core)
    form = first.lastgroup or ""
    name = re.sub(r"-\s", "-", first[form])
    if form in {"vancouver", "spelled"}:
        end = (_AUTHORS_END if form == "vancouver" else _NAMES_END).search(core, first.end())
        return name, end.end() if end else first.end(), False
    position = first.end()
    while (following := _NEXT.match(core, position)) is not None:
        position = following.end()
    if others := _ET_AL.match(core, position):
        position = others.end()
    return name, position, form == "western"


def _group(core: str) -> tuple[str | None, int, bool]:
    """A group as author: the words up to the first point, colon, bracket or year."""
    match = _GROUP.match(core)
    if match is None or len(match[0].split()) > MAX_GROUP_WORDS or not core[0].isupper():
        return None, 0, False
    name = re.sub(r",?\s(?:et\sal|and\scolleagues)$", "", match[0].strip())
    end = match.end()
    while end < len(core) and core[end] in ".: ":
        end += 1
    return name, end, False


def _late_year(core: str, start: int) -> tuple[int | None, str]:
    """The year that stands after the journal, and what stands before it (and before the volume)."""
    for form in _SURE_YEARS:
        if match := form.search(core, start):
            return int(match["year"]), core[start : match.start()]
    for form in _OTHER_YEARS:
        if match := form.search(core, start):
            return int(match["year"]), _before_volume(core[start : match.start()])
    return None, _before_volume(core[start:])


def _before_volume(text: str) -> str:
    volume = None
    for volume in _VOLUME.finditer(text):  # noqa: B007
        pass
    return text[: volume.start()] if volume else text


def _title_and_journal(text: str, *, western: bool) -> tuple[str | None, str | None]:
    """Title and journal from what stands between the authors and the year or volume."""
    text = _TRAILING_VOLUME.sub("", text.strip(" .,;:[("))
    if western and ", " in text:
        cut = text.rindex(", ")
        return _title(text[:cut]), text[cut + 2 :] or None
    stops = [match.span() for match in _STOP.finditer(text)]
    if not stops:
        return _title(text), None
    # A journal's abbreviated name may hold points: `J. Am. Coll. Cardiol.`
    index = len(stops) - 1
    while index > 0 and _SHORT.match(text[stops[index - 1][1] : stops[index][0]]):
        index -= 1
    journal = text[stops[index][1] :].strip(" .,;:")
    return _title(text[: stops[index][0] + 1]), None if _MONTH_ONLY.match(journal) else journal or None


def _title(text: str) -> str | None:
    text = text.strip(" .,;:\"'")
    return text if len(text) >= MIN_TITLE else None


def find_doi(body: str, line_starts: frozenset[int] = frozenset()) -> tuple[str | None, str | None]:
    """The DOI of an entry as printed, and what is doubtful about it.

    Left out are the URL before it and the punctuation after it. One that runs over a line end is read on; one with a
    space inside keeps it.
    """
    match = _DOI.search(body)
    if match is None:
        label = _DOI_LABEL.search(body)
        printed = label["printed"].rstrip(".,;)]>") if label and label["printed"] else None
        return printed, "DOI looks garbled: no prefix 10.nnnn/" if printed else None
    start, end = match.span()
    if glued := _DOI_GLUED.search(body, start, end):
        end = glued.start()
    else:
        while (later := _doi_goes_on(body, end, line_starts)) is not None:
            end = later
    parts = re.split(r"\s", body[start:end])
    printed, position, over_line = "", start, False
    for part in parts:
        if printed:
            broken = position in line_starts
            over_line |= broken
            printed += part if broken else f" {part}"
        else:
            printed = part
        position += len(part) + 1
    printed = _trim(printed)
    if doubt := _doubt(printed):
        return printed, f"DOI looks garbled: {doubt}"
    return printed, "DOI runs over a line end" if over_line else None


def _doi_goes_on(body: str, end: int, line_starts: frozenset[int]) -> int | None:
    """The end of the DOI's next part where a space cuts it; None where it is whole."""
    part = _DOI_PART.match(body, end + 1) if body[end : end + 1] == " " else None
    if part is None or not _AFTER_DOI.match(body, part.end()):
        return None
    if body[end - 1] in "/-(_":
        return part.end()
    long_enough = len(part[0].rstrip(".,;")) >= MIN_CUT and not _YEAR_ONLY.match(part[0])
    if body[end - 1] == "." and (end + 1 in line_starts or long_enough):
        return part.end()
    at_line = end + 1 in line_starts or part[0][0].islower() or part[0][0].isdigit()
    return part.end() if long_enough and at_line else None


def _trim(printed: str) -> str:
    """A DOI without the punctuation and unmatched closers after it."""
    while printed:
        last = printed[-1]
        opener = {")": "(", "]": "[", ">": "<"}.get(last)
        if last in ".,;:\"'*" or (opener is not None and printed.count(last) > printed.count(opener)):
            printed = printed[:-1]
        else:
            break
    return printed


def _doubt(printed: str) -> str | None:
    """Why a DOI cannot be right as printed."""
    if " " in printed:
        return "space inside"
    if not _DOI_FORM.match(printed):
        return "not of the form 10.nnnn/suffix"
    if _ANOTHER_DOI.search(printed):
        return "two in one"
    if printed[-1] in "-/(_" or printed.count("(") != printed.count(")"):
        return "cut off"
    return None
