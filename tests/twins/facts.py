"""Mentions and records of a twin beside those of the text: scores against the gold, and each fact lost or added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from extract.assembly import Extraction
from extract.document import Document
from extract.evaluation import (
    GoldDocument,
    GoldMention,
    GoldRecords,
    RecordCase,
    Score,
    align_mentions,
    evaluate_records,
    load_gold,
    load_gold_records,
)
from extract.evaluation.matching import Pair, normalise_surface, plain_surface
from extract.evaluation.record_scores import CORE
from extract.records import PROMISED, Dosing, Mention, Outcome, Trial

from .words import Difference

AROUND = 40  # characters shown on either side of a mention, and searched for its neighbours
NEIGHBOURS = 14  # letters and digits on either side that show that a mention is the same one
ATTRIBUTES = ("role", "code", "value", "low", "high", "unit", "agent", "trial", "valid", "registry", "bound")
OUTCOME = (
    "endpoint", "endpoint_text", "statistic", "value", "low", "high", "unit", "n", "total", "timepoint", "arm",
    "versus", "ci_low", "ci_high", "se", "p", "study",
)  # fmt: skip
DOSING = ("agent", "value", "low", "high", "unit", "schedule", "route", "study")
TRIAL = ("id", "registry_ids", "phase", "enrolled", "years")
TABLES = {"OUTCOME": "outcomes", "DOSING": "dosing", "TRIAL": "trials"}

Scores = dict[str, float | None]


class Facts(NamedTuple):
    """F1 by label and, by table, of the cores of the records, in the aligned mode."""

    mentions: Scores
    records: Scores


class Gold(NamedTuple):
    """What people marked in the text."""

    mentions: GoldDocument
    records: GoldRecords


def load_both(folder: Path, document_id: str) -> Gold:
    """The gold of a document."""
    return Gold(load_gold(folder, document_id), load_gold_records(folder, document_id))


def score_facts(gold: Gold, text: Extraction, twin: Extraction | None = None) -> Facts:
    """The scores of the text and, where one is given, of its twin.

    A mention of the twin is right where the one of the text that it stands for is, or where it is what people marked
    and the program did not find in the text.
    """
    ours = [mention for mention in gold.mentions.mentions if mention.label in PROMISED]
    places = {(each.label, each.source_start, each.source_end): index for index, each in enumerate(text.promised())}
    keys = ((mention.label, mention.start, mention.end) for mention in ours)
    pairs = [(index, places[key]) for index, key in enumerate(keys) if key in places]
    if twin is not None:
        partner = dict(align(_as_gold(text), twin.promised(), text.document.text, twin.document.text))
        pairs = [(first, partner[second]) for first, second in pairs if second in partner]
        pairs += _pair_alike(ours, twin.promised(), pairs, text.document.source, twin.document.text, sides=("both",))
    extraction = twin or text
    theirs = extraction.promised()
    mentions: Scores = {}
    for label in PROMISED:
        found = sum(ours[first].label is label for first, _ in pairs)
        wanted, guessed = (sum(mention.label is label for mention in side) for side in (ours, theirs))
        mentions[label.value] = Score(found, guessed - found, wanted - found).f1
    case = RecordCase(
        gold=gold.records,
        document=extraction.document,
        outcomes=extraction.outcomes,
        dosing=extraction.dosing,
        trials=extraction.trials,
        evidence=extraction.evidence,
        aligned=[(ours[first], theirs[second]) for first, second in pairs],
    )
    records = evaluate_records([case], resamples=1)
    return Facts(mentions, {TABLES[score.table]: score.score.f1 for score in records.scores if score.name == CORE})


def _as_gold(text: Extraction) -> list[GoldMention]:
    """The mentions found in the text, to be looked for in its twin."""
    return [GoldMention(start=m.start, end=m.end, line=1, label=m.label, text=m.quote) for m in text.promised()]


def align(ours: Sequence[GoldMention], theirs: Sequence[Mention], source: str, text: str) -> list[Pair]:
    """Which mention of a twin stands for which of the text: the same between the same words, else in order.

    A caption may stand at another place in the twin, so what is left over by the order is the same after or before the
    same words.
    """
    pairs = _pair_alike(ours, theirs, [], source, text, sides=("both",))
    first, second = (
        [index for index in range(len(side)) if index not in {pair[number] for pair in pairs}]
        for number, side in enumerate((ours, theirs))
    )
    rest = align_mentions([ours[index] for index in first], [theirs[index] for index in second])
    pairs += [(first[one], second[other]) for one, other in rest]
    return sorted(pairs + _pair_alike(ours, theirs, pairs, source, text, sides=("before", "after")))


def _pair_alike(
    ours: Sequence[GoldMention],
    theirs: Sequence[Mention],
    pairs: Iterable[Pair],
    source: str,
    text: str,
    *,
    sides: Sequence[str],
) -> list[Pair]:
    """Pairs of mentions, not paired so far, that have the same neighbours on one of the sides, in order."""
    found, right = ({pair[number] for pair in pairs} for number in (0, 1))
    waiting: dict[tuple[str, ...], list[int]] = {}
    for index, guess in enumerate(theirs):
        if index not in right:
            for key in _neighbours(guess.label, guess.quote, text, guess.start, guess.end, sides):
                waiting.setdefault(key, []).append(index)
    moved: dict[int, int] = {}
    for index, mention in enumerate(ours):
        if index in found:
            continue
        keys = _neighbours(mention.label, mention.text, source, mention.start, mention.end, sides)
        candidates = (each for key in keys for each in waiting.get(key, ()) if each not in moved.values())
        partner = next(candidates, None)
        if partner is not None:
            moved[index] = partner
    return sorted(moved.items())


def _neighbours(
    label: str, surface: str, text: str, start: int, end: int, sides: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """A mention with what stands before it in its line, after it, or both."""
    letters = {
        "before": _letters(text[max(start - AROUND, 0) : start].rpartition("\n")[2])[-NEIGHBOURS:],
        "after": _letters(text[end : end + AROUND].partition("\n")[0])[:NEIGHBOURS],
    }
    letters["both"] = f"{letters['before']} {letters['after']}"
    for side in sides:
        if len(letters[side]) >= NEIGHBOURS:
            yield str(label), normalise_surface(surface), side, letters[side]


def _letters(text: str) -> str:
    """Letters and digits alone: another rendition may part and join words otherwise."""
    return "".join(filter(str.isalnum, plain_surface(text)))


def compare_facts(text: Extraction, twin: Extraction) -> Iterator[Difference]:
    """What the program finds in one rendition and not in the other."""
    yield from _mentions(text, twin)
    for table, fields in (("outcomes", OUTCOME), ("dosing", DOSING), ("trials", TRIAL)):
        yield from _records(getattr(text, table), getattr(twin, table), fields, twin.document)


CORES = {
    "outcomes": ("endpoint", "statistic", "value", "low", "high", "n"),
    "dosing": ("value", "low", "high", "unit", "agent"),
    "trials": ("id",),
}


def rows_alike(text: Extraction, twin: Extraction) -> float:
    """F1 of the twin's records against those of the text, by what they say at the core."""
    ours, theirs = (
        Counter((table, *_key(row, fields)) for table, fields in CORES.items() for row in getattr(each, table))
        for each in (text, twin)
    )
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


def _mentions(text: Extraction, twin: Extraction) -> Iterator[Difference]:
    theirs = twin.promised()
    pairs = align(_as_gold(text), theirs, text.document.text, twin.document.text)
    partner = dict(pairs)
    right = set(partner.values())
    near = "start"
    for index, mention in enumerate(text.promised()):
        if index not in partner:
            yield Difference(f"lost {_label(mention)}", near, _context(text.document, mention))
            continue
        other = theirs[partner[index]]
        near = _page(other, twin.document)
        wrong = [
            f"{name} {getattr(mention, name)} read {getattr(other, name)}"
            for name in ATTRIBUTES
            if getattr(mention, name) != getattr(other, name)
        ]
        if wrong:
            told = f"{'; '.join(wrong)}: {_context(twin.document, other)}"
            yield Difference(f"attr {_label(mention)}", near, told)
    for index, mention in enumerate(theirs):
        if index not in right:
            told = f"{mention.block_kind}: {_context(twin.document, mention)}"
            yield Difference(f"new {_label(mention)}", _page(mention, twin.document), told)


def _label(mention: Mention) -> str:
    return mention.label.value[:9]


def _context(document: Document, mention: Mention) -> str:
    text, start, end = document.text, mention.start, mention.end
    shown = f"{text[max(start - AROUND, 0) : start]}»{text[start:end]}«{text[end : end + AROUND]}"
    return " ".join(shown.split())


def _page(mention: Mention, document: Document) -> str:
    page = document.page_number(mention.start, mention.end)
    return f"page {page}" if page else ""


Row = Outcome | Dosing | Trial


def _records(
    text: Sequence[Row], twin: Sequence[Row], fields: Sequence[str], document: Document
) -> Iterator[Difference]:
    ours, theirs = (Counter(_key(row, fields) for row in rows) for rows in (text, twin))
    pages = {_key(row, fields): row.page_number for row in twin}
    for word, rows in (("lost", ours - theirs), ("new", theirs - ours)):
        for key in rows.elements():
            page = pages.get(key)
            told = ", ".join(f"{name} {value}" for name, value in zip(fields, key, strict=True) if value)
            yield Difference(f"{word} row", f"page {page}" if page else "", told)


def _key(row: Row, fields: Iterable[str]) -> tuple[str, ...]:
    values = (getattr(row, name) for name in fields)
    return tuple("" if value in (None, ()) else str(value) for value in values)
