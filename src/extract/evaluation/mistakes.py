"""Every error of an evaluation with its place: what was missed, invented, cut wrongly or read wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from extract.evaluation.gold import GoldMention
from extract.evaluation.matching import gold_span, match_spans, predicted_span
from extract.evaluation.scores import DocumentEvaluation, wrong_attributes
from extract.records import Mention

Kind = Literal["miss", "false alarm", "boundary", "label", "attribute", "core", "field"]


class Context(NamedTuple):
    """Words in doubt and the text on either side, on one line."""

    before: str
    words: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}»{self.words}«{self.after}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One error; `place` sorts it in its document, `context` is None where the gold's text is not at hand."""

    place: int
    kind: Kind
    label: str
    told: str
    context: Context | None
    document_id: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.document_id if self.line is None else f"{self.document_id} line {self.line}"
        line = f"{place}: {self.label} {self.kind}: {self.told}"
        return line if self.context is None else f"{line} | {self.context}"


def find_mistakes(document: DocumentEvaluation) -> list[Mistake]:
    """Misses, false alarms, wrong boundaries, labels and attributes of one document, in document order."""
    mistakes = [*_read_wrongly(document), *_without_partner(document)]
    return sorted(mistakes, key=lambda mistake: (mistake.place, mistake.kind, mistake.told))


def show_context(text: str, start: int, end: int, *, width: int = 60) -> Context:
    """`text[start:end]` with up to `width` characters on either side."""
    parts = (text[max(start - width, 0) : start], text[start:end], text[end : end + width])
    return Context(*("".join(" " if sign in "\r\n\t" else sign for sign in part) for part in parts))


def _read_wrongly(document: DocumentEvaluation) -> Iterator[Mistake]:
    for first, second in document.strict:
        gold, predicted = document.gold[first], document.predicted[second]
        wrong = wrong_attributes(gold, predicted)
        if wrong:
            told = "; ".join(f"{name} {_tell(gold, name)} read as {_tell(predicted, name)}" for name in wrong)
            yield _at_gold(document, gold, "attribute", f"{gold.text!r} {told}")


def _without_partner(document: DocumentEvaluation) -> Iterator[Mistake]:
    """Mentions without a strict partner; a loose partner among them explains both sides at once."""
    gold = sorted(set(range(len(document.gold))) - {first for first, _ in document.strict})
    predicted = sorted(set(range(len(document.predicted))) - {second for _, second in document.strict})
    explained: set[int] = set()
    guessed: set[int] = set()
    if document.type is not None:
        gold_spans = [gold_span(document.gold[index]) for index in gold]
        predicted_spans = [predicted_span(document.predicted[index]) for index in predicted]
        for i, j in match_spans(gold_spans, predicted_spans, mode="type"):
            explained.add(gold[i])
            guessed.add(predicted[j])
            yield _read_beside(document, document.gold[gold[i]], document.predicted[predicted[j]])
    for index in gold:
        if index not in explained:
            yield _at_gold(document, document.gold[index], "miss", repr(document.gold[index].text))
    for index in predicted:
        if index not in guessed:
            yield _false_alarm(document, index)


def _read_beside(document: DocumentEvaluation, gold: GoldMention, predicted: Mention) -> Mistake:
    if gold.label == predicted.label:
        return _at_gold(document, gold, "boundary", f"{gold.text!r} read as {predicted.quote!r}")
    return _at_gold(document, gold, "label", f"{gold.text!r} read as {predicted.label.value} {predicted.quote!r}")


def _at_gold(document: DocumentEvaluation, gold: GoldMention, kind: Kind, told: str) -> Mistake:
    """In the aligned mode the gold's offsets are those of another file: its line stands in for them."""
    if document.type is None:
        return Mistake(gold.line, kind, gold.label.value, told, None, document.document_id, gold.line)
    context = show_context(document.document.source, gold.start, gold.end)
    return Mistake(gold.start, kind, gold.label.value, told, context, document.document_id, gold.line)


def _false_alarm(document: DocumentEvaluation, index: int) -> Mistake:
    guess = document.predicted[index]
    label, told = guess.label.value, repr(guess.quote)
    if document.type is None:
        context = show_context(document.document.text, guess.start, guess.end)
        return Mistake(document.predicted_blocks[index], "false alarm", label, told, context, document.document_id)
    source, span = document.document.source, predicted_span(guess)
    line = source.count("\n", 0, span.start) + 1
    context = show_context(source, span.start, span.end)
    return Mistake(span.start, "false alarm", label, told, context, document.document_id, line)


def _tell(mention: GoldMention | Mention, attribute: str) -> str:
    if attribute == "value" and mention.low is not None:
        return f"{mention.low}–{mention.high}"
    value = getattr(mention, attribute)
    return "nothing" if value is None else str(value)
