"""Sizes, years of recruitment and ages of one study told in two ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from extract.audit.case import Case, Claim
from extract.audit.named_sizes import named_sizes
from extract.audit.sizes import StudyFacts, Told
from extract.audit.studies import study_in_words


def total_conflict(case: Case) -> Iterator[Claim]:
    """The number of people of a study told twice: in the text and in a table's column, or twice by the same verb."""
    facts = case.once(StudyFacts)
    for study in facts.places.studies():
        columns = list(facts.table_sizes(study))
        plain = list(facts.plain_sizes(study)) if columns else []
        if len(columns) == 1 and plain and columns[0].value[0] not in facts.numbers_about(study):
            yield _twice(case, plain[0], columns[0], study=study, form="{} patients")
        counted: dict[str, list[Told]] = defaultdict(list)
        for told in facts.counted_sizes(study):
            counted[told.kind].append(told)
        for kind, found in counted.items():
            for first, second in _disjoint(case, found):
                yield _twice(case, second, first, study=study, form=f"{{}} patients {kind}")
    for trial, span, against in named_sizes(case):
        yield Claim(
            severity="inconsistent",
            message=f"{trial} has {case.quote(span)} patients here; another place has {case.quote(against)}.",
            stated=(span,),
            against=(against,),
            study=trial,
        )


def years_conflict(case: Case) -> Iterator[Claim]:
    """The years of recruitment of a study told in two ways."""
    facts = case.once(StudyFacts)
    for study in facts.places.studies():
        told = list({each.span: each for each in facts.years(study)}.values())
        shared = {each.value for each in told if sum(each.value == other.value for other in told) > 1}
        pairs: dict[Told, list[Told]] = defaultdict(list)
        for first, second in _disjoint(case, told):
            if first.value in shared and second.value not in shared:
                pairs[second].append(first)
            elif not shared or first.value not in shared:
                pairs[first].append(second)
        for each, others in pairs.items():
            if not shared or any(other.value in shared for other in others):
                claim = _twice(case, each, others[0], study=study, assumes="both are the years of recruitment")
                yield replace(claim, against=tuple(sorted(other.span for other in others)))


def age_conflict(case: Case) -> Iterator[Claim]:
    """The range of ages of a study told in two ways."""
    facts = case.once(StudyFacts)
    for study in facts.places.studies():
        for first, second in _disjoint(case, list(facts.ages(study))):
            yield _twice(case, first, second, study=study, form="age {}", assumes="both are the ages at entry")


def _disjoint(case: Case, found: Sequence[Told]) -> Iterator[tuple[Told, Told]]:
    """The first facts of two paragraphs or table rows that have none in common."""
    blocks: dict[object, list[Told]] = defaultdict(list)
    for told in found:
        block = case.block(told.span)
        blocks[told.place if told.place.table is not None else block and block.span].append(told)
    for one, other in combinations(sorted(blocks.values(), key=lambda each: each[0].span), 2):
        if not {told.value for told in one} & {told.value for told in other}:
            yield one[0], other[0]


def _twice(case: Case, told: Told, other: Told, *, study: str, form: str = "{}", assumes: str | None = None) -> Claim:
    """A fact of a study that another place tells otherwise; `form` is how it reads in a sentence."""
    here, there = (form.format(case.quote(each.span)) for each in (told, other))
    where = "the table" if other.place.table is not None else "another place"
    return Claim(
        severity="suspicious" if assumes else "inconsistent",
        message=f"For {study_in_words(study)}, {here} is printed here; {where} has {there}.",
        stated=(told.span,),
        against=(other.span,),
        assumes=assumes,
        study=study,
    )
