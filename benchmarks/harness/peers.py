"""The peers: how each is set up, what it finds in a text, and as which of our labels that counts.

Run as a script by the interpreter of a peer, `python peers.py NAME`, it answers on stdout in JSON lines: to a first
line with the texts with version and seconds of import and load, to each line `round` with the seconds of spaCy's blank
tokenizer and of the peer, to a last line `found` with the spans. Only the peer "extract" needs this project.
"""

from __future__ import annotations

import gc
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any

Found = list[tuple[int, int, str]]  # first character, last + 1, label
Find = Callable[[str], Found]
Load = Callable[[], Find]

COMPARATORS = "<>≤≥=~≈±"  # stand outside a span in the gold
AMOUNTS = re.compile(
    r"(?:mg|milligram|[µμu]g|mcg|microgram|ng|nanogram|g|gram|c?gy|(?:centi)?gray|iu|ui|international unit"
    r"|[mg]bq|(?:mega|giga)becquerel|mci|millicurie)s?"
)
VOLUMES = re.compile(r"(?:[dmc]?l|(?:deci|milli)?lit(?:re|er)|cubic \w+)s?")


def unit_label(unit: str) -> str | None:
    """The label of a quantity with this unit, such as "milligram per kilogram": amounts of drugs and rays are DOSE.

    Kilograms and litres are body weights and volumes, what is per litre a concentration: no doses, for the peer's good.
    """
    if unit.lower() in {"%", "percentage", "percent", "per cent"}:
        return "PERCENT"
    first, *others = unit.lower().split(" per ")
    return "DOSE" if AMOUNTS.fullmatch(first) and not any(map(VOLUMES.fullmatch, others)) else None


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends and without comparison signs before it."""
    while start < end and (text[start].isspace() or text[start] in COMPARATORS):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def id_pattern(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression that finds what anchored patterns of ids match; forms of digits alone are left out."""
    forms = [form.strip("^$") for pattern in patterns for form in pattern.split("|")]
    kept = sorted({form for form in forms if re.match(r"[A-Za-z]{2}", form) or form.startswith(r"\d{4}\-\d{6}")})
    return re.compile(rf"(?<![\w-])(?:{'|'.join(kept)})(?![\w-])")


def by_line(text: str, find: Callable[[str], Iterable[tuple[int, int, str | None]]]) -> Found:
    """What `find` finds line by line (a line is a paragraph here), each span once, those without a label left out."""
    found: dict[tuple[int, int, str], None] = {}
    offset = 0
    for line in text.splitlines(keepends=True):
        for start, end, label in find(line) if line.strip() else ():
            if label:
                found[(*trimmed(text, offset + start, offset + end), label)] = None
        offset += len(line)
    return list(found)


def load_extract(components: Sequence[str] = ()) -> Find:
    """This program, from the stored text to mentions; with `components` only what those find."""
    from extract.assembly import assemble_mentions  # noqa: PLC0415
    from extract.pipeline import load, make_doc  # noqa: PLC0415
    from extract.readers import parse_text  # noqa: PLC0415

    nlp = load()
    if components:
        nlp.select_pipes(enable=list(components))

    def find(text: str) -> Found:
        document = parse_text(text, document_id="text")
        mentions = assemble_mentions(make_doc(nlp, document), document)
        return [(each.source_start or 0, each.source_end or 0, each.label.value) for each in mentions]

    return find


def load_quantulum3() -> Find:
    """Without its optional classifier, whose pickled model only loads under the scikit-learn it was made with."""
    from quantulum3 import classifier, parser  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415

    classifier.USE_CLF = False
    return lambda text: by_line(text, lambda line: [(*q.span, unit_label(q.unit.name)) for q in parser.parse(line)])


def load_edsnlp() -> Find:
    """Its sentences and all its quantities, ranges too; the label of a span is its unit."""
    import edsnlp  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from edsnlp import pipes  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    nlp = edsnlp.blank("eds")
    nlp.max_length = 10_000_000
    nlp.add_pipe(pipes.sentences())
    nlp.add_pipe(pipes.quantities(quantities="all", extract_ranges=True, use_tables=False))

    def find(text: str) -> Found:
        spans = nlp(text).spans["quantities"]
        labels = [unit_label(span.label_.replace("_", " ")) for span in spans]
        return [
            (*trimmed(text, s.start_char, s.end_char), label) for s, label in zip(spans, labels, strict=True) if label
        ]

    return find


def load_recognizers() -> Find:
    """Percentages and dimensions of Microsoft's Recognizers-Text."""
    from recognizers_number import NumberRecognizer  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from recognizers_number_with_unit import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
        NumberWithUnitRecognizer,
    )

    percentages = NumberRecognizer("en-us").get_percentage_model()
    dimensions = NumberWithUnitRecognizer("en-us").get_dimension_model()

    def find(line: str) -> list[tuple[int, int, str | None]]:
        found: list[tuple[int, int, str | None]] = [(q.start, q.end + 1, "PERCENT") for q in percentages.parse(line)]
        return [
            *found,
            *((q.start, q.end + 1, unit_label(str((q.resolution or {}).get("unit")))) for q in dimensions.parse(line)),
        ]

    return lambda text: by_line(text, find)


def load_bioregistry() -> Find:
    """Its patterns of trial registers, which are made to check an id, used to find them."""
    import bioregistry  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    registers = (
        "anzctr chictr clinicaltrials ctri drks euclinicaltrials irct isrctn itmctr jrct kcris lbctr pactr rebec "
        "rpcec slctr tctr uminctr"
    )
    pattern = id_pattern(filter(None, map(bioregistry.get_pattern, registers.split())))
    return lambda text: [(*hit.span(), "REGISTRY_ID") for hit in pattern.finditer(text)]


def load_medspacy() -> Find:
    """Its default pipeline: tokens, PyRuSH sentences, target rules (none are delivered) and ConText."""
    import medspacy  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from loguru import logger  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    logger.remove()  # PyRuSH logs every token
    nlp = medspacy.load()
    nlp.max_length = 10_000_000
    return lambda text: [(each.start_char, each.end_char, each.label_) for each in nlp(text).ents]


def load_pubextractor() -> Find:
    """Its n, means, deviations, test statistics and p-values."""
    from pubextractor.statistics import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
        find_statistics,
    )

    return lambda text: [(each["start"], each["end"], each["stat"]) for each in find_statistics(text)]


def load_drug_names() -> Find:
    """Names of drugs among the words of a text."""
    from drug_named_entity_recognition import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
        find_drugs,
    )

    def find(text: str) -> Found:
        places = [hit.span() for hit in re.finditer(r"\S+", text)]
        drugs = find_drugs([text[start:end] for start, end in places], is_ignore_case=True)
        return [(places[first][0], places[last - 1][1], "drug") for _, first, last in drugs]

    return find


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A program to compare with: its distribution, what pip installs for it, the labels that compare."""

    title: str
    distribution: str
    load: Load
    requires: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


QUANTITIES = ("PERCENT", "DOSE")
SPACY = "spacy>=3.7,<3.9"  # for its tokenizer, the unit of time
OURS = "extract"
OURS_ALONE = {  # the components that find some labels and nothing else
    "extract-quantities": ("extract_sentences", "extract_agents", "extract_doses", "extract_percents"),
    "extract-ids": ("extract_registry_ids",),
}
PEERS: Mapping[str, Peer] = {
    OURS: Peer(
        title="extract",
        distribution="review-extract",
        load=load_extract,
        labels=("TRIAL", "REGISTRY_ID", "DOSE", "PERCENT", "ENDPOINT"),
    ),
    "extract-quantities": Peer(
        title="extract, doses and percentages alone",
        distribution="review-extract",
        load=partial(load_extract, OURS_ALONE["extract-quantities"]),
        labels=QUANTITIES,
    ),
    "extract-ids": Peer(
        title="extract, registry ids alone",
        distribution="review-extract",
        load=partial(load_extract, OURS_ALONE["extract-ids"]),
        labels=("REGISTRY_ID",),
    ),
    "quantulum3": Peer(
        title="quantulum3",
        distribution="quantulum3",
        load=load_quantulum3,
        requires=("quantulum3==0.10.0", SPACY),
        labels=QUANTITIES,
    ),
    "edsnlp": Peer(
        title="EDS-NLP eds.quantities",
        distribution="edsnlp",
        load=load_edsnlp,
        requires=("edsnlp==0.23.0", SPACY),
        labels=QUANTITIES,
    ),
    "recognizers": Peer(
        title="Recognizers-Text",
        distribution="recognizers-text-suite",
        load=load_recognizers,
        requires=("recognizers-text-suite==1.0.2a2", "emoji<2", "setuptools<81", SPACY),
        labels=QUANTITIES,
    ),
    "bioregistry": Peer(
        title="Bioregistry patterns",
        distribution="bioregistry",
        load=load_bioregistry,
        requires=("bioregistry==0.15.6", SPACY),
        labels=("REGISTRY_ID",),
    ),
    "medspacy": Peer(
        title="medspaCy default pipeline",
        distribution="medspacy",
        load=load_medspacy,
        requires=("medspacy==1.3.1", "numpy<2"),
    ),
    "pubextractor": Peer(
        title="pubextractor find_statistics",
        distribution="pubextractor",
        load=load_pubextractor,
        requires=("pubextractor==0.1.3", SPACY),
    ),
    "drug-names": Peer(
        title="drug-named-entity-recognition",
        distribution="drug-named-entity-recognition",
        load=load_drug_names,
        requires=("drug-named-entity-recognition==2.0.9", SPACY),
    ),
}


def serve(name: str) -> None:
    """Answer the lines on stdin for one peer."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a peer prints must not stand among the answers

    def answer(values: Mapping[str, Any]) -> None:
        answers.write(json.dumps(values) + "\n")
        answers.flush()

    texts: dict[str, str] = json.loads(sys.stdin.readline())
    started = time.perf_counter()
    find = PEERS[name].load()
    loaded = time.perf_counter()
    import spacy  # noqa: PLC0415

    tokenizer = spacy.blank("en")
    tokenizer.max_length = 10_000_000
    answer({"version": version(PEERS[name].distribution), "start": loaded - started})
    found: dict[str, Found] = {}
    for line in sys.stdin:
        if line.strip() == "found":
            answer({"found": found})
            return
        gc.collect()
        start = time.perf_counter()
        for text in texts.values():
            tokenizer.make_doc(text)
        middle = time.perf_counter()
        found = {each: find(text) for each, text in texts.items()}
        answer({"unit": middle - start, "seconds": time.perf_counter() - middle})


if __name__ == "__main__":
    serve(sys.argv[1])
