"""Cohorts: what the sentences of a paragraph hand on, and the total that each count and percentage takes from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.linking import FieldValue, Found, Mark
from extract.linking.binding import Bound
from extract.linking.figures import Result
from extract.linking.studies import Studies
from extract.linking.totals import Cohorts, find_total
from extract.patterns import lazy_regex

# "11 of 21 had it, including five in whom it was severe": counted in the same 21
_INCLUDING = lazy_regex(r"\bincluding\s(?:\w+\s)?$")
_IN_WHOM = lazy_regex(r"[^.;]{0,14}?\b(?:in|for)\swhom\s(?:this|it)\b")
_OF_THESE = lazy_regex(r"\bof\s(?:these|those|the)\b")


@dataclass(slots=True)
class Paragraph:
    """What a sentence hands on to the next ones of its paragraph."""

    order: tuple[Mark, ...] = ()
    topic: list[Mark] = field(default_factory=list)
    compared: bool = False
    cohort: Found | None = None
    counted: Found | None = None
    counted_as: Found | None = None
    arm_sizes: dict[str, Found] = field(default_factory=dict)  # "dabigatran (n = 120)"
    whole: Found | None = None  # the total of the last row
    study: FieldValue | None = None
    told: set[tuple[str, FieldValue]] = field(default_factory=set)  # codes and counts of the rows so far

    def enter(self, studies: Studies | None, start: int, end: int) -> None:
        """Forget cohort, counts and arms where a sentence turns to another study."""
        at = studies.at(start, end) if studies is not None else None
        study = at.study.value if at is not None and at.study is not None else None
        if study is not None and self.study is not None and study != self.study:
            self.cohort = self.counted = self.counted_as = self.whole = None
            self.order = ()
        self.study = study or self.study


def add_totals(text: str, bound: list[Bound], sizes: Sequence[Result], paragraph: Paragraph, start: int) -> None:
    """Give each count and percentage of a sentence (that begins at `start`) the total it was counted in, in place.

    A total is printed with its value, or is a size in the sentence (`sizes`), the size of its arm, the count before it
    whose part it is, or the cohort of the paragraph; what is counted becomes the total of its own parts.
    """
    for each in bound:
        result = each.result
        if not result.is_effect and result.statistic in {"count", "percent"} and "total" not in result.fields:
            _add_total(text, each, sizes, paragraph, start)
        elif paragraph.counted is not None and paragraph.counted_as is not None:
            total = result.fields.get("total")
            again = total is not None and number_of(total) == number_of(paragraph.counted)
            if again and _OF_THESE.search(text, *result.span):
                each.fields.setdefault("arm", paragraph.counted_as)
        paragraph.whole = each.fields.get("total") or result.fields.get("total") or paragraph.whole
        if "n" in result.fields:
            paragraph.counted = result.fields["n"]
            name = each.outcome[0]
            paragraph.told.add((name.value.code, result.fields["n"].value))
            paragraph.counted_as = Found(text[name.start : name.end], (name.span,))


def _add_total(text: str, each: Bound, sizes: Sequence[Result], paragraph: Paragraph, start: int) -> None:
    result, arm = each.result, each.fields.get("arm")
    cohorts = Cohorts(text, start, sizes, paragraph.counted, paragraph.cohort)
    found = find_total(cohorts, result, each.outcome[-1].end, arm)
    if paragraph.whole is not None and _is_part(text, result, start):
        found = (paragraph.whole, "stated")
    if found is None and arm is not None and (own := paragraph.arm_sizes.get(str(arm.value).lower())) is not None:
        found = (own, "stated")
    nought = "n" in result.fields and result.fields["n"].value == 0
    if found is None and nought and paragraph.whole is not None and paragraph.whole.spans[0].start >= start:
        found = (paragraph.whole, "stated")  # "all 14 responded and none relapsed"
    if found is None or not _fits(result, found[0]) or _is_itself(result, found[0]):
        return
    total, confidence = found
    each.fields["total"] = total
    if total is paragraph.counted and paragraph.counted_as is not None:
        each.fields.setdefault("arm", paragraph.counted_as)
    if confidence == "carried" or (arm is not None and total in paragraph.arm_sizes.values()):
        each.confidence = "carried"
    if result.is_count and "n" not in result.fields:
        each.fields["n"] = Found(total.value, (*total.spans, result.span))


def _is_part(text: str, result: Result, start: int) -> bool:
    """Whether a count is a part of the one before it, counted in the same cohort."""
    place = result.count or result.span
    before = _INCLUDING.search(text, max(start, result.start - 24), result.start)
    return before is not None or _IN_WHOM.match(text, place.end) is not None


def _is_itself(result: Result, total: Found) -> bool:
    """Whether a total is the row's own count."""
    n = result.fields.get("n")
    return n is not None and any(span in n.spans for span in total.spans)


def _fits(result: Result, total: Found) -> bool:
    """Whether a count is not larger than its total."""
    n = result.fields.get("n")
    return n is None or (isinstance(n.value, int) and isinstance(total.value, int) and n.value <= total.value)


def note_cohort(sizes: Sequence[Result], paragraph: Paragraph) -> None:
    """Keep the largest group of the study: the cohort that later counts are counted in."""
    for size in sizes:
        n = size.fields["n"]
        if paragraph.cohort is None or number_of(n) > number_of(paragraph.cohort):
            paragraph.cohort = n


def number_of(found: Found) -> int:
    """The whole number that a field holds, 0 for any other value."""
    return found.value if isinstance(found.value, int) else 0
