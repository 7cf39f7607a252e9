"""What must hold of every record: each check gives the records of an extraction that break it, in words."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import get_args

from extract.assembly import Extraction
from extract.document import ZONES, Document
from extract.records import Dosing, Evidence, Outcome, Study, Trial
from extract.values import Confidence, StatisticKind
from printed import (
    is_made_of,
    is_printed,
    printed_references,
    says_bound,
    says_operator,
    says_phase,
    says_route,
    says_time,
    says_unit,
    squeezed,
    stands_for_all,
)

Row = Outcome | Dosing | Trial | Study
Check = Callable[[Extraction], list[str]]

# Columns that say how a row came about or follow from others; the text does not print them at one place.
NOT_PRINTED = frozenset(
    {"document_id", "record_id", "source_start", "source_end", "page_number", "quote", "confidence", "rule", "note"}
    | {"dois"}
)
AS_PRINTED = (
    *("arm", "versus", "endpoint_text", "schedule", "grade", "age", "years", "design", "sponsor", "aliases"),
    *("registry_ids", "id"),
)
FIGURES = (
    *("value", "low", "high", "n", "total", "ci_low", "ci_high", "ci_level", "se", "dispersion", "dispersion_low"),
    *("dispersion_high", "p", "i2", "n_studies", "enrolled"),
)
NOT_EFFECTS = frozenset({"percent", "count", "median", "mean", "rate"})
STATISTICS = frozenset({"percent", "count", *get_args(StatisticKind)})
_REFS = re.compile(r"ref:(\d+(?:,\d+)*)")
_AUTHOR_YEAR = re.compile(r"[^\W\d_][\w' .&-]*[ ,](?:19|20)\d\d[a-z]?")


# ----------------------------------------------------------------------------------------------------------- reading


def rows_of(extraction: Extraction) -> Iterator[Row]:
    """The rows of the four tables."""
    for table in tables_of(extraction).values():
        yield from table


def tables_of(extraction: Extraction) -> dict[str, tuple[Row, ...]]:
    """The four tables by the first letter of their record ids."""
    return {"o": extraction.outcomes, "d": extraction.dosing, "t": extraction.trials, "s": extraction.studies}


def filled(row: Row) -> dict[str, object]:
    """The printed columns of a row that are not empty."""
    return {name: value for name, value in row if name not in NOT_PRINTED and value is not None and value != ()}


def quotes_by_row(extraction: Extraction) -> dict[str, dict[str, list[str]]]:
    """Record id -> column -> quotes."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in extraction.evidence:
        found[each.record_id][each.field].append(each.quote)
    return found


def places_by_row(extraction: Extraction) -> dict[str, list[Evidence]]:
    """Record id -> its evidence."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for each in extraction.evidence:
        found[each.record_id].append(each)
    return found


# ---------------------------------------------------------------------------------------------------- zero invention


def numbers_without_evidence(extraction: Extraction) -> list[str]:
    """Every number of a record is printed in the quotes of its column, with its precision and its sign."""
    quotes, wrong = quotes_by_row(extraction), []
    for row in rows_of(extraction):
        said = quotes[row.record_id]
        for name in FIGURES:
            figure = getattr(row, name, None)
            if figure is None or isinstance(figure, str) or is_printed(figure, said[name]):
                continue
            wrong.append(_say(row, f"{name} {figure} is not in {said[name]}"))
        total = row.total if isinstance(row, Outcome) and row.n == row.total else None
        if total is not None and said["n"] == said["total"] and not stands_for_all(total, said["n"]):
            wrong.append(_say(row, f"n {total} of as many: printed once and no 'all' in {said['n']}"))
        for column in ("refs", "study"):
            unsaid = numbers_of(row, column) - printed_references(said[column], extraction.references)
            wrong += [_say(row, f"{column} {number} is not cited in {said[column]}") for number in sorted(unsaid)]
        if isinstance(row, Study) and row.n is not None and not is_made_of(row.n, said["n"]):
            wrong.append(_say(row, f"n {row.n!r} is not in {said['n']}"))
    return wrong


def numbers_of(row: Row, column: str) -> set[int]:
    """The reference numbers that a column gives."""
    if column == "refs":
        return set() if isinstance(row, Study) and not row.refs else set(row.refs)
    study = getattr(row, "study", None)
    cited = _REFS.fullmatch(study) if study else None
    return {int(number) for number in cited[1].split(",")} if cited else set()


def texts_without_evidence(extraction: Extraction) -> list[str]:
    """Texts are made of what their quotes print; names of studies by any of their printed names."""
    quotes, wrong = quotes_by_row(extraction), []
    for row in rows_of(extraction):
        said = quotes[row.record_id]
        for name, value in filled(row).items():
            if name in AS_PRINTED:
                texts = value if isinstance(value, tuple) else (str(value),)
                unsaid = [text for text in texts if not _is_named(text, said[name], name)]
                wrong += [_say(row, f"{name} {text!r} is not in {said[name]}") for text in unsaid]
        study = getattr(row, "study", None)
        parts = studies_in(extraction, study) if study and not _REFS.fullmatch(study) else []
        unsaid = [
            part
            for part in parts
            if not any(_is_named(name, said["study"], "id") for name in names_of(extraction, part))
        ]
        wrong += [_say(row, f"study {part!r} is not in {said['study']}") for part in unsaid]
    return wrong


def _is_named(text: str, quotes: list[str], column: str) -> bool:
    """As printed; a name also with other spaces and hyphens."""
    if is_made_of(text, quotes):
        return True
    return column in {"id", "aliases", "registry_ids"} and any(squeezed(text) in squeezed(quote) for quote in quotes)


def studies_in(extraction: Extraction, study: str) -> list[str]:
    """The names of a `study` of several trials."""
    names = {trial.id for trial in extraction.trials}
    return [study] if study in names else study.split(",")


def names_of(extraction: Extraction, study: str) -> tuple[str, ...]:
    """The id of a trial with its other names and numbers."""
    trial = next((trial for trial in extraction.trials if trial.id == study), None)
    return (study, *trial.aliases, *trial.registry_ids) if trial else (study,)


def codes_without_evidence(extraction: Extraction) -> list[str]:
    """Units, time points, bounds, operators, phases and routes are printed in one of their forms.

    A percent sign is asked for where the block of the figure or its caption prints one.
    """
    quotes, places, wrong = quotes_by_row(extraction), places_by_row(extraction), []
    for row in rows_of(extraction):
        for name, reads in CODES.items():
            code = getattr(row, name, None)
            if code is None or reads(code, quotes[row.record_id][name]):
                continue
            if code != "%" or _has_percent_sign(extraction.document, places[row.record_id]):
                wrong.append(_say(row, f"{name} {code!r} is not in {quotes[row.record_id][name]}"))
    return wrong


def _has_percent_sign(document: Document, places: Iterable[Evidence]) -> bool:
    """Whether the paragraph of a figure prints a percent sign; survival tables leave it out."""
    blocks = [document.block_at(each.start) for each in places if each.field == "unit"]
    return any("%" in document.text[slice(*block.span)] for block in blocks if block and block.table is None)


CODES: dict[str, Callable[[str, list[str]], bool]] = {
    "unit": says_unit,
    "timepoint": says_time,
    "bound": says_bound,
    "p_op": says_operator,
    "phase": says_phase,
    "route": says_route,
}


# ---------------------------------------------------------------------------------------------------------- evidence


def columns_without_evidence(extraction: Extraction) -> list[str]:
    """Every filled column has evidence; none belongs to an empty column or to no row; none is given twice."""
    rows = {row.record_id: row for row in rows_of(extraction)}
    places, wrong = places_by_row(extraction), []
    for row in rows.values():
        given, has = {each.field for each in places[row.record_id]}, set(filled(row))
        given -= {"dois"} if getattr(row, "dois", ()) else set()  # they stand in the reference list
        wrong += [_say(row, f"{name} = {getattr(row, name)!r} has no evidence") for name in sorted(has - given)]
        wrong += [_say(row, f"evidence of the empty column {name}") for name in sorted(given - has)]
    wrong += [f"{each.record_id}: evidence of no row" for each in extraction.evidence if each.record_id not in rows]
    counted = Counter((each.record_id, each.field, each.start, each.end) for each in extraction.evidence)
    return wrong + [f"{key[0]}: {key[1]} has one place twice" for key, times in counted.items() if times > 1]


def evidence_out_of_place(extraction: Extraction) -> list[str]:
    """Quotes stand where evidence says, without outer space, and in the file as the same characters."""
    document, wrong = extraction.document, []
    for each in extraction.evidence:
        name = f"{each.record_id}: {each.field} {each.quote!r}"
        if not 0 <= each.start < each.end <= len(document.text) or document.text[each.start : each.end] != each.quote:
            wrong.append(f"{name} is not the text at {each.start}")
            continue
        if each.quote != each.quote.strip():
            wrong.append(f"{name} has outer space")
        spans = tuple((span.start, span.end) for span in document.source_spans(each.start, each.end))
        if not spans or each.source_spans != spans:
            wrong.append(f"{name} has the source spans {each.source_spans}, not {spans}")
        elif not _same_characters(each.quote, [document.source[slice(*span)] for span in spans]):
            wrong.append(f"{name} is {[document.source[slice(*span)] for span in spans]} in the file")
    return wrong


def _same_characters(quote: str, pieces: list[str]) -> bool:
    """The letters and digits of a quote stand in the file in this order; no further digits outside of markup."""
    source = unicodedata.normalize("NFKC", html.unescape("".join(pieces)))
    rest = iter(source.lower())
    digits = re.sub(r"\D", "", re.sub(r"<[^<>]{1,40}>|\{,\}", "", source))
    letters = (letter for letter in squeezed(quote) if letter.isascii())  # µ may be \\mu in the file
    return all(letter in rest for letter in letters) and digits == re.sub(
        r"\D", "", unicodedata.normalize("NFKC", quote)
    )


def outcomes_outside_zones(extraction: Extraction) -> list[str]:
    """Evidence of outcomes lies within blocks that carry mentions."""
    document, wrong = extraction.document, []
    ids = {row.record_id for row in extraction.outcomes}
    for each in extraction.evidence:
        block = document.block_at(each.start)
        if (
            each.field != "dois"
            and each.record_id in ids
            and (block is None or block.kind not in ZONES or each.end > block.span.end)
        ):
            wrong.append(f"{each.record_id}: {each.field} {each.quote!r} stands in {block and block.kind}")
    return wrong


# ------------------------------------------------------------------------------------------------- order and joins


def out_of_order(extraction: Extraction) -> list[str]:
    """Record ids count the rows of a table in text order; the place of a row is that of its figure or its outcome."""
    wrong: list[str] = []
    places = places_by_row(extraction)
    for prefix, table in tables_of(extraction).items():
        ids = [row.record_id for row in table]
        if ids != [f"{prefix}{number}" for number in range(1, len(ids) + 1)]:
            wrong.append(f"the ids of table {prefix} are {ids}")
        anchors = [(row, anchor_of(row, places[row.record_id])) for row in table if not isinstance(row, Study)]
        wrong += [_say(row, f"no evidence at its place {row.source_start}") for row, at in anchors if at is None]
        placed = [(row, at) for row, at in anchors if at is not None]
        for (one, first), (other, second) in pairwise(placed):
            if first > second:
                wrong.append(_say(other, f"stands before {one.record_id}"))
    return wrong


def anchor_of(row: Row, places: Iterable[Evidence]) -> int | None:
    """Where the figure of a row stands; of a count its outcome, of a trial one of its names."""
    columns = {"id", "aliases", "registry_ids"} if isinstance(row, Trial) else {"value", "low"}
    if isinstance(row, Outcome) and row.statistic == "count":
        columns = {"endpoint", "n"}  # a count in a column of its outcome stands by itself
    for each in places:
        if (
            each.field in columns
            and each.source_spans
            and each.source_spans[0][0] == getattr(row, "source_start", None)
        ):
            return each.start
    return None


def unresolved_studies(extraction: Extraction) -> list[str]:
    """`study` is a trial, a citation or author and year, and a row of `studies`; refs and DOIs are of the list."""
    wrong = []
    trials = {trial.id for trial in extraction.trials}
    studies = Counter(study.study for study in extraction.studies)
    wrong += [f"study {name!r} has {times} rows" for name, times in studies.items() if times > 1]
    listed = {each.number: each.doi for each in extraction.references}
    for row in rows_of(extraction):
        study = getattr(row, "study", None)
        if study is not None:
            parts = [study] if _REFS.fullmatch(study) else studies_in(extraction, study)
            for part in parts:
                if part not in trials and not _REFS.fullmatch(part) and not _AUTHOR_YEAR.fullmatch(part):
                    wrong.append(_say(row, f"study {part!r} is no trial, citation or author with year"))
            if study not in studies:
                wrong.append(_say(row, f"study {study!r} has no row in studies"))
        for number in (numbers_of(row, "refs") | numbers_of(row, "study")) - set(listed) if listed else ():
            wrong.append(_say(row, f"reference {number} is not in the list"))
        dois = tuple(dict.fromkeys(doi for number in row.refs if (doi := listed.get(number))))
        if getattr(row, "dois", dois) != dois:
            wrong.append(_say(row, f"DOIs {row.model_dump()['dois']} are not those of refs {row.refs}"))
    return wrong


# -------------------------------------------------------------------------------------------------- shape of a row


def misshapen(extraction: Extraction) -> list[str]:
    """Columns that go together stand together, columns that exclude each other do not."""
    wrong: list[str] = []
    for outcome in extraction.outcomes:
        wrong += [_say(outcome, rule) for rule, holds in outcome_rules(outcome).items() if not holds]
    for dose in extraction.dosing:
        wrong += [_say(dose, rule) for rule, holds in dose_rules(dose).items() if not holds]
    return wrong


def outcome_rules(row: Outcome) -> dict[str, bool]:
    """What holds of an outcome, each rule with whether it does."""
    is_count, is_effect = row.statistic == "count", row.statistic not in NOT_EFFECTS
    single, ranged = row.value is not None, row.low is not None and row.high is not None
    spread = row.dispersion_low is not None and row.dispersion_high is not None
    return {
        f"{row.n} of {row.total}": row.n is None or row.total is None or row.n <= row.total,
        "a total of none": row.total != 0,
        "low without high": (row.low is None) == (row.high is None),
        "a count has n and no value": not is_count or (row.n is not None and not single and not ranged),
        f"a {row.statistic} has a value or a range": is_count or single != ranged,
        f"bound {row.bound} without a value": row.bound is None or single,
        "p without its sign": (row.p_op is None) == (row.p is None),
        f"p {row.p}": row.p is None or 0 <= row.p <= 1,
        "an upper bound alone": row.ci_high is None or row.ci_low is not None,
        f"a level {row.ci_level} without an interval": row.ci_level is None or row.ci_low is not None,
        "half a dispersion": (row.dispersion_low is None) == (row.dispersion_high is None),
        "two dispersions": row.dispersion is None or not spread,
        "dispersion and its kind": (row.dispersion is not None or spread) == (row.dispersion_kind is not None),
        f"versus {row.versus!r} of a {row.statistic}": row.versus is None or is_effect,
        f"arm {row.arm!r} against itself": row.versus is None or row.versus != row.arm,
        f"unit {row.unit} of a {row.statistic}": not is_count or row.unit is None,
        f"unit {row.unit} of a percentage": row.statistic != "percent" or row.unit == "%",
        f"statistic {row.statistic!r}": row.statistic in STATISTICS
        or re.fullmatch(r"[a-z]+(?:_[a-z]+)*", row.statistic) is not None,
        f"confidence {row.confidence!r}": row.confidence in get_args(Confidence),
        "no rule": bool(row.rule),
    }


def dose_rules(row: Dosing) -> dict[str, bool]:
    """What holds of a dose, each rule with whether it does."""
    return {
        "low without high": (row.low is None) == (row.high is None),
        "a dose has a value or a range": (row.value is not None) != (row.low is not None),
        f"bound {row.bound} without a value": row.bound is None or row.value is not None,
        f"confidence {row.confidence!r}": row.confidence in get_args(Confidence),
        "no rule": bool(row.rule),
    }


def _say(row: Row, what: str) -> str:
    shown = getattr(row, "quote", None) or getattr(row, "id", None) or getattr(row, "study", "")
    return f"{row.record_id} ({shown}): {what}"


CHECKS: tuple[Check, ...] = (
    numbers_without_evidence,
    texts_without_evidence,
    codes_without_evidence,
    columns_without_evidence,
    evidence_out_of_place,
    outcomes_outside_zones,
    out_of_order,
    unresolved_studies,
    misshapen,
)
