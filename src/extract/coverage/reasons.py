"""What a number is that no record took: read from the marks that hold it, then from the words around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from extract.components.grammar import NUMBER
from extract.document import Block, CharSpan
from extract.lexicons import load
from extract.patterns import lazy_regex
from extract.records import Label, Mention


class Reason(StrEnum):
    """Why no record took a number: first those that may be results lost, then what is none."""

    UNSETTLED = "result: an outcome is near, not bound"
    NO_OUTCOME = "result: no outcome in its sentence or row"
    DOSE = "dose without a row"
    P_VALUE = "p-value without a result"
    INTERVAL = "confidence interval without a result"
    DISPERSION = "error or dispersion without a result"
    UNKNOWN = "not recognised"
    LOOSE = "in a line without words"
    MEASUREMENT = "measurement"
    BASELINE = "baseline characteristic"
    SAMPLE_SIZE = "sample size"
    AGE = "age"
    TIME = "time point or length of time"
    YEAR = "year or date"
    THRESHOLD = "threshold"
    DESIGN = "design figure"
    LEVEL = "confidence level"
    GRADE = "grade, stage, phase, cycle or fraction"
    CITATION = "citation"
    REGISTRY_ID = "part of a registry id"
    NAME = "part of a name or word"
    ITEM = "number of a table, figure or item"


@dataclass(frozen=True, slots=True)
class Place:
    """A number with its sentence or cell, the marks that hold it by label and what is known of its place.

    `title` is the heading above it and the caption of its table. `heads` are the header and row label of a cell, and
    `headed` tells whether they name an outcome; `outcome` whether the sentence does, or the header or row of the cell.
    """

    text: str
    number: CharSpan
    sentence: CharSpan
    block: Block
    marks: Mapping[Label, Mention]
    title: str
    heads: str
    headed: bool
    outcome: bool

    def printed(self) -> str:
        """The number as printed."""
        return self.text[self.number.start : self.number.end]

    def before(self, width: int) -> str:
        """Up to `width` characters of the sentence before the number."""
        return self.text[max(self.number.start - width, self.sentence.start) : self.number.start]

    def after(self, width: int) -> str:
        """Up to `width` characters of the sentence after the number."""
        return self.text[self.number.end : min(self.number.end + width, self.sentence.end)]


_JOINT = r"(?:,?\s(?:and|or|to|through|vs\.?|versus)\s|\s?[,/-]\s?)[-+<>≤≥]?\s?"
_MORE = rf"(?:{NUMBER}[a-zA-Z]?{_JOINT}){{0,6}}"  # earlier numbers of a list
_FURTHER = rf"(?:{_JOINT}{NUMBER}){{0,6}}"  # later ones
_ITEM_BEFORE = lazy_regex(
    r"\b(?:tables?|figures?|figs?\.?|box(?:es)?|panels?|sections?|appendix|chapters?|eqs?\.?|equations?|items?|steps?|"
    r"questions?|refs?\.?|references?|supplement(?:ary)?(?:\s\w+)?|vol(?:ume)?\.?|pages?|pp?\.|no\.|versions?|PMID:?|PMC:?)"
    rf"\s?S?{_MORE}$",
    re.IGNORECASE,
)
_LIST_BEFORE = lazy_regex(r"^\s*[(\[]?$")
_LIST_AFTER = lazy_regex(r"^[.)\]](?:\s|$)")
_GRADE_BEFORE = lazy_regex(
    r"\b(?:grades?|stages?|phases?|class(?:es)?|types?|levels?|lines?|cycles?|courses?|arms?|groups?|cohorts?|parts?|"
    r"NYHA|ECOG|WHO|CTCAE|Child-Pugh|scores?|PS|performance\sstatus|CR|factors?|exon|codon|chromosome)"
    rf"\s?(?:of\s)?[=≥≤<>]{{0,2}}\s?{_MORE}$",
    re.IGNORECASE,
)
_GRADE_AFTER = lazy_regex(
    rf"^(?:st|nd|rd|th)\b|^{_FURTHER}[\s-](?:[a-z]+\s)?(?:lines?|cycles?|courses?|fractions?|doses)\b", re.IGNORECASE
)
_IN_WORD_BEFORE = lazy_regex(r"[^\W\d_][-/]?(?:\d{1,4}[-/])?$")
_IN_WORD_AFTER = lazy_regex(r"^-?[^\W\d_]")
_FOUR_DIGITS = lazy_regex(r"(?:19|20)\d\d")
_YEARS_BEFORE = lazy_regex(r"\b(?:19|20)\d\d\s?[-/]\s?$")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)"
)
_DATE_BEFORE = lazy_regex(rf"\b{_MONTH}\.?\s$")
_DATE_AFTER = lazy_regex(rf"^(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b")
_AGE_BEFORE = lazy_regex(rf"\b(?:aged?|ages)\s[<>≤≥]{{0,2}}\s?{_MORE}$", re.IGNORECASE)
_AGE_NEAR = lazy_regex(
    r"\b(?:aged?|ages|older|younger)\b(?:[^.;%]|\.\d){0,40}$|"
    r"\b(?:children|infants|patients|adults|adolescents|those|subjects|participants|people|individuals)\s"
    r"(?:aged\s|under\s|over\s|below\s|above\s|[<>≤≥]\s?=?\s?)$",
    re.IGNORECASE,
)
_AGE_UNIT = lazy_regex(
    rf"^{_FURTHER}[\s-]?(?:years?|yrs?|y|months?|mo|weeks?|wk|days?|d)\b|^{_FURTHER}(?:[,;)\]]|$)", re.IGNORECASE
)
_AGE_AFTER = lazy_regex(
    rf"^{_FURTHER}[\s-]?(?:years?|yrs?|y|months?|weeks?|days?)(?:[\s-](?:old|of\sage|olds)\b|\sor\s(?:older|younger)\b)",
    re.IGNORECASE,
)
_TIME_BEFORE = lazy_regex(
    rf"\b(?:days?|weeks?|months?|years?|hours?|time\s?points?|visits?)\s[-+]?{_MORE}[-+]?$", re.IGNORECASE
)
_TIME_AFTER = lazy_regex(r"^-\s(?:and|or|to)\s\d+-(?:years?|months?|weeks?|days?)\b", re.IGNORECASE)
_P_BEFORE = lazy_regex(r"\bp\W{0,4}values?\s(?:of|was|were|=)\s$", re.IGNORECASE)
_SPREAD_BEFORE = lazy_regex(
    rf"(?:±|\+/-|\b(?:IQR|SDs?|ranges?|quartiles)\b[\])]?)\s?[,:=;]?\s?[(\[]?\s?{_MORE}$", re.IGNORECASE
)
_WORD = lazy_regex(r"[^\W\d_]{3}")
_MEASURE_HEAD = lazy_regex(r"\b(?:ratios?|HR|OR|RR|differences?|means?|medians?|rates?|CI|effects?|change)\b|%")
_PEOPLE_AFTER = lazy_regex(
    r"^\s(?:[\w-]+\s){0,3}(?:patients|participants|subjects|children|adults|people|men|women|individuals|cases)\b",
    re.IGNORECASE,
)
_SHARE_AFTER = lazy_regex(r"^\s?\(\d[\d.]*\s?%")
_SUPERSCRIPT_AFTER = lazy_regex(r"^[⁻⁰¹²³⁴-⁹^]")
_POWER_AFTER = lazy_regex(r"^\s?[×x]\s?10\s?[\^⁰¹²³⁴-⁹]")
_COMPARED = lazy_regex(
    r"(?:[<>≤≥]\s?=?\s?|\b(?:at\sleast|at\smost|more\sthan|less\sthan|greater\sthan|fewer\sthan|lower\sthan|higher\sthan|"
    r"up\sto|exceed(?:s|ed|ing)|above|below|(?P<over>over)|under|cut-?off(?:\sof)?|threshold(?:\sof)?)\s(?:a\s|the\s)?)$",
    re.IGNORECASE,
)
_RATIO = lazy_regex(r"^\s?:\s?\d|^[\s-]?(?:to-\d|fold\b|sided\b|tailed\b|arm\b|way\b)")
_RATIO_BEFORE = lazy_regex(r"\d\s?:\s?$")
_DESIGN = lazy_regex(
    r"\b(?:randomi[sz]\w*\s(?:\d\s?:\s?\d|in\sa)|power|alpha|sample\ssize|non-?inferiority\smargin|hypothesi\w+|assum\w+|"
    r"planned|to\sdetect|recruitment\starget|will\s(?:enrol|recruit|follow|randomi[sz]e|include))\b",
    re.IGNORECASE,
)
_SIZED_BEFORE = lazy_regex(
    r"(?:\b[nN]\s?=\s?|\b(?:in|of|among|for|from|with|to|by|enrol+ed|includ(?:ed|ing)|randomi[sz]ed|assigned|treated|recruited|"
    r"screened|analy[sz]ed|evaluated|compris(?:ed|ing)|studied|and|total\sof|comparing|compared)\s(?:the\s|a\s(?:total|cohort)\sof\s|all\s)?)$",
    re.IGNORECASE,
)
_SIZED_AFTER = lazy_regex(
    r"^\s(?:[^\s.;,]+\s){0,12}(?:(?:were|was|are)\s(?:\w+\s)?(?:enrol+ed|included|randomi[sz]ed|assigned|allocated|treated|recruited|"
    r"screened|analy[sz]ed|evaluable|evaluated|eligible|studied|infused|registered)|received\b|underwent\b)",
    re.IGNORECASE,
)
_UNITS_COUNTED = lazy_regex(
    r"^\s(?:[\w-]+\s){0,3}(?:trials?|studies|RCTs?|cent(?:er|re)s|sites|hospitals|countries|cohorts|reports|articles|publications|transplants|procedures|samples)\b",
    re.IGNORECASE,
)
_BASELINE = lazy_regex(
    r"\b(?:baseline|characteristics?|demographics?|comorbidit\w+|at\s(?:diagnosis|presentation|screening|enrol+ment|study\sentry)|"
    r"history\sof|males?|females?|men|women|girls|boys|white|black|asian|hispanic|smok\w+|body\s(?:weight|mass)|BMI)\b",
    re.IGNORECASE,
)
_BASELINE_TABLE = lazy_regex(r"\b(?:baseline|characteristics?|demographics?|comorbidit\w+)\b", re.IGNORECASE)
# What the header or the row label of a cell says of its numbers.
_HEADS: tuple[tuple[re.Pattern[str], Reason], ...] = tuple(
    (lazy_regex(rf"(?:^|\|\s)(?:{words})\s*(?:$|[|(,])", re.IGNORECASE), reason)
    for words, reason in (
        (r"refs?\.?|references?|citations?", Reason.CITATION),
        (r"(?:[\w.]+\s){0,2}ages?(?:\s(?:at|in)\s[\w\s]{1,20})?", Reason.AGE),
        (
            r"(?:no\.?|number|total)(?:\sof\s(?:patients|participants|subjects|children|cases|studies))?|n|sample\ssize|size|"
            r"patients|participants|subjects",
            Reason.SAMPLE_SIZE,
        ),
        (r"(?:median\s|mean\s)?follow-?up|(?:treatment\s)?duration", Reason.TIME),
        (r"(?:[\w-]+\s)?years?|(?:study\s)?period|date", Reason.YEAR),
        (r"(?:study\s)?phase|grade|stage|class", Reason.GRADE),
        (r"p(?:[\s-]?values?)?", Reason.P_VALUE),
        (r"(?:[\w-]+\s)?dos(?:e|es|ing|age)", Reason.DOSE),
    )
)
_BY_ROLE = {
    "level": Reason.LEVEL,
    "interval": Reason.INTERVAL,
    "error": Reason.DISPERSION,
    "threshold": Reason.THRESHOLD,
    "quantile": Reason.DESIGN,
    "design": Reason.DESIGN,
}
_BY_STATISTIC = {
    "confidence_interval": Reason.INTERVAL,
    "standard_error": Reason.DISPERSION,
    "dispersion": Reason.DISPERSION,
    "p_value": Reason.P_VALUE,
    "i_squared": Reason.DESIGN,
}


def find_reason(place: Place) -> Reason:
    """The first reason that applies."""
    return next((reason for rule in _RULES if (reason := rule(place)) is not None), Reason.UNKNOWN)


def _of_marked_name(place: Place) -> Reason | None:
    if Label.REGISTRY_ID in place.marks:
        return Reason.REGISTRY_ID
    if Label.CITATION in place.marks:
        return Reason.CITATION
    return Reason.NAME if Label.TRIAL in place.marks else None


def _of_item(place: Place) -> Reason | None:
    listed = place.sentence.start == place.block.span.start and _LIST_BEFORE.match(place.before(4))
    if _ITEM_BEFORE.search(place.before(60)) or (listed and _LIST_AFTER.match(place.after(2))):
        return Reason.ITEM
    return None


def _of_age(place: Place) -> Reason | None:
    if place.marks.keys() & {Label.PERCENT, Label.COUNT, Label.DOSE}:
        return None
    before, after = place.before(50), place.after(60)
    near = _AGE_NEAR.search(before) and _AGE_UNIT.match(after)
    return Reason.AGE if near or _AGE_BEFORE.search(before) or _AGE_AFTER.match(after) else None


def _of_year(place: Place) -> Reason | None:
    if place.marks.keys() & {Label.PERCENT, Label.DOSE, Label.STATISTIC}:
        return None
    if Label.COUNT in place.marks and _PEOPLE_AFTER.match(place.after(40)):
        return None
    if (
        _FOUR_DIGITS.fullmatch(place.printed())
        or _YEARS_BEFORE.search(place.before(8))
        or _DATE_BEFORE.search(place.before(12))
        or _DATE_AFTER.match(place.after(16))
    ):
        return Reason.YEAR
    return None


def _of_statistic(place: Place) -> Reason | None:
    """Intervals, errors and p-values; effect measures, medians and means are results."""
    if _P_BEFORE.search(place.before(20)):
        return Reason.P_VALUE
    if _SPREAD_BEFORE.search(place.before(40)):
        return Reason.DISPERSION
    mention = place.marks.get(Label.STATISTIC)
    percent = place.marks.get(Label.PERCENT)
    if percent is not None and percent.role in _BY_ROLE:
        return _BY_ROLE[percent.role]
    if mention is None:
        return None
    if mention.code == "confidence_interval" and place.after(3).lstrip().startswith("%") and "%" in mention.quote[:5]:
        return Reason.LEVEL
    return _BY_STATISTIC.get(mention.code or "") or _result(place)


def _of_percent(place: Place) -> Reason | None:
    if Label.PERCENT not in place.marks:
        return None
    return (None if place.outcome else _of_threshold(place)) or _result(place)


def _of_dose(place: Place) -> Reason | None:
    return Reason.DOSE if Label.DOSE in place.marks else None


def _of_grade(place: Place) -> Reason | None:
    if _GRADE_BEFORE.search(place.before(60)) or (
        Label.COUNT not in place.marks and _GRADE_AFTER.match(place.after(40))
    ):
        return Reason.GRADE
    return None


def _of_design(place: Place) -> Reason | None:
    if _RATIO.match(place.after(8)) or _RATIO_BEFORE.search(place.before(5)):
        return Reason.DESIGN
    return Reason.DESIGN if _DESIGN.search(place.before(60)) or _DESIGN.match(place.after(20).lstrip()) else None


def _of_count(place: Place) -> Reason | None:
    mention = place.marks.get(Label.COUNT)
    if re.search(r"\b[nN]\s?=\s?$", place.before(6)) or (
        "." not in place.printed() and _UNITS_COUNTED.match(place.after(50))
    ):
        return Reason.SAMPLE_SIZE
    if mention is None:
        return _result(place) if _SHARE_AFTER.match(place.after(10)) else None
    shared = re.search(r"\d\s?/\s?\d|\sof\s", mention.quote)
    if not shared and (_SIZED_BEFORE.search(place.before(30)) or _SIZED_AFTER.match(place.after(140))):
        return Reason.SAMPLE_SIZE
    return _result(place)


def _of_threshold(place: Place) -> Reason | None:
    match = _COMPARED.search(place.before(24))
    lasting = match is not None and match["over"] and Label.DURATION in place.marks
    return Reason.THRESHOLD if match and not lasting else None


def _of_time(place: Place) -> Reason | None:
    marked = Label.DURATION in place.marks
    listed = _TIME_BEFORE.search(place.before(40)) or _TIME_AFTER.match(place.after(20))
    return Reason.TIME if marked or listed else None


def _of_word(place: Place) -> Reason | None:
    return Reason.NAME if _IN_WORD_BEFORE.search(place.before(8)) else None


def _of_measurement(place: Place) -> Reason | None:
    """A number before a unit of the lexicon: a result where an outcome is near, else a measurement."""
    after = place.after(40)
    power = _POWER_AFTER.match(after) or (place.printed() == "10" and _SUPERSCRIPT_AFTER.match(after))
    if not power and not _unit_after().match(after):
        return None
    return Reason.UNSETTLED if place.outcome and not power else Reason.MEASUREMENT


def _of_name(place: Place) -> Reason | None:
    named = place.marks.keys() & {Label.AGENT, Label.ENDPOINT, Label.ABBREVIATION}
    return Reason.NAME if named or _IN_WORD_AFTER.match(place.after(2)) else None


def _of_heads(place: Place) -> Reason | None:
    """What the header or row label says, unless it names an outcome."""
    if not place.heads or place.headed or place.marks.keys() & {Label.PERCENT, Label.STATISTIC}:
        return None
    return next((reason for pattern, reason in _HEADS if pattern.search(place.heads)), None)


def _of_figure(place: Place) -> Reason | None:
    """What nothing tells the kind of: a cell or a number with decimals that may be the result of an outcome near."""
    if place.block.table is not None:
        return _result(place) if place.outcome or _MEASURE_HEAD.search(place.heads) else None
    if not _WORD.search(place.text, place.sentence.start, min(place.sentence.start + 400, place.sentence.end)):
        return Reason.LOOSE
    return _result(place) if place.outcome and "." in place.printed() else None


def _result(place: Place) -> Reason:
    """A result-like number: a baseline characteristic, or a result whose outcome is near or not."""
    if _BASELINE_TABLE.search(place.title):
        return Reason.BASELINE
    if place.outcome:
        return Reason.UNSETTLED
    words = f"{place.before(80)}|{place.after(60)}|{place.heads}"
    return Reason.BASELINE if _BASELINE.search(words) else Reason.NO_OUTCOME


@cache
def _unit_after() -> re.Pattern[str]:
    """A unit of measurement that follows a number, or the second number of its range."""
    units = load("units")
    forms = {form for group in (units.measures.values(), [units.not_doses]) for forms in group for form in forms}
    long = sorted(map(re.escape, forms), key=lambda form: (-len(form), form))
    spread = rf"(?:\s?[-±]\s?{NUMBER}|\s(?:to|and|or|vs\.?|versus)\s{NUMBER})?"
    return lazy_regex(rf"^{spread}[\s-]?(?:{'|'.join(long)})(?![A-Za-z0-9²³])")


_RULES: tuple[Callable[[Place], Reason | None], ...] = (
    _of_marked_name,
    _of_item,
    _of_heads,
    _of_age,
    _of_year,
    _of_dose,
    _of_statistic,
    _of_percent,
    _of_grade,
    _of_design,
    _of_count,
    _of_word,
    _of_threshold,
    _of_time,
    _of_measurement,
    _of_name,
    _of_figure,
)
