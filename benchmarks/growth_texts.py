"""Texts of one short unit repeated, of any length: what a review does not hold and a reader must survive."""

from __future__ import annotations

from collections.abc import Callable

HEAD = "# A review\n\n## Results\n\nOf these, "  # what follows is in a paragraph of the body, a zone of every component
# A page mark makes it hard-wrapped text, which is read by other rules.
WRAPPED = "=== page 1 ===\nA review\n\nResults\n\n"

UNITS = {
    "digits": "1",
    "digits spaced": "1 ",
    "digits comma": "1,",
    "digits list": "(1,",
    "digits dot": "1.",
    "digits dash": "1-",
    "thousands": "1,000,",
    "round bracket": "(",
    "round brackets": "()",
    "closing bracket": ")",
    "square bracket": "[",
    "brace": "{",
    "angle": "<",
    "dash": "-",
    "slash": "/",
    "percent": "%",
    "percents": "1% ",
    "percent range": "1-2% ",
    "percent joined": "1/",
    "or joined": "1 or ",
    "dollar": "$",
    "dollar maths": "$a ",
    "asterisk": "*",
    "emphasis": "*a ",
    "strong": "**a",
    "caret": "^{",
    "backslash": "\\a",
    "sup": "<sup>",
    "sup closed": "<sup>1</sup>",
    "entity": "&",
    "tab": "\t",
    "space": " ",
    "spaced letter": "a    ",
    "soft hyphen": "\u00ad",
    "superscript": "¹",
    "middle dot": "1·",
    "fixed space": "1\u00a0",
    "letter": "a",
    "capital": "A",
    "capital spaced": "A ",
    "letters dash": "a-",
    "capitals dash": "A-",
    "capitals slash": "AB/",
    "camel": "aB",
    "code": "A1",
    "word": "word ",
    "capital word": "Word ",
    "mg/": "mg/",
    "dose": "5 mg/m² ",
    "dose joined": "5, ",
    "per": "1 mg per ",
    "NCT": "NCT",
    "NCT id": "NCT01234567 ",
    "NCT digits": "NCT0123",
    "EudraCT": "2012-",
    "versus": "1 vs. ",
    "plus minus": "±",
    "plus minus number": "1 ± ",
    "equals": "n = ",
    "p value": "p for ",
    "interval": "CI ",
    "median": "median ",
    "was": "hazard ratio for ",
    "trial": "trial ",
    "the X trial": "AB-1 trial ",
    "phase trial": "phase ",
    "study is a": "AB is a ",
    "long form": "AB (Ab) ",
    "bracket word": "(AB",
    "bracket pair": "AB (a ",
    "full stop": ". ",
    "stop capital": "A. ",
    "stop digits": ".1",
    "quotes": "'",
    "survival": "survival ",
    "survival commas": "OS, ",
    "survival numbers": "OS 5% ",
    "complete": "complete ",
    "history of": "history of ",
    "number word": "one ",
    "two of": "two of ",
    "patients": "1 patients ",
    "author year": "Smith et al., ",
    "day": "day 1 ",
    "drug": "aspirin ",
    "new line": "\n",
    "line": "a\n",
    "lines apart": "a\n\n",
    "sentence line": "A sentence of some words, ending.\n\n",
    "open lines": "and then the\n\n",
    "heading": "# a\n\n",
    "tab row": "a\t1\n",
    "tab rows apart": "a\t1\na\t2\n\nA sentence of some words.\n\n",
    "tab header": "a\tOS 5%\n",
    "tab cell": "1%\t",
    "pipe row": "|a|1|\n",
    "pipes": "|a",
    "pipe rule": "|--|",
    "caption": "Table 1. A\n\n",
    "legend": "AB, a b c; ",
    "reference": "1. Smith A, et al. (2019) A b.\n",
}


def _numbered(unit: str) -> Callable[[int], str]:
    """Repetitions of a unit, each with a number of its own: what a document establishes grows with it."""

    def text(length: int) -> str:
        parts, size, number = [], 0, 10
        while size < length:
            parts.append(
                unit.replace("#", str(number)).replace("§", str(10_000 + number)).replace("@", _letters(number))
            )
            size += len(parts[-1])
            number += 1
        return "".join(parts)[:length]

    return text


def _letters(number: int) -> str:
    """A number as capitals."""
    name = ""
    while number:
        number, rest = divmod(number, 26)
        name += chr(65 + rest)
    return name


GROWING = {
    "many trials": "the RIVER-# trial was closed. ",
    "many acronyms": "the @LAKE trial was closed. ",
    "many titles": "the Kind of River Evaluation (@KORE) trial was closed. ",
    "many ids": "NCT0#1 was closed; ",
    "many malformed ids": "NCT012§ and NCT02§; ",
    "many abbreviations": "an odd kind of thing (@OT) was seen. ",
    "many doses": "aspirin # mg and # mg/day. ",
    "many percents": "survival was #.5% (95% CI, #.1-#.9). ",
    "many counts": "# of the # patients died. ",
    "many in one sentence": "# patients had OS of #.5%, ",
    "many events in one sentence": "infections and headache, ",
    "many tables": "Table 1. Of #\n\na\tOS, %\nb\t#\n\nA sentence of some words.\n\n",
    "many headings": "## Of #\n\nA sentence of some words with # of them.\n\n",
    "many citations": "Smith et al. (#) and others (1, #). ",
}
WRAPPED_UNITS = {
    "wrapped line": "a line that goes on\n",
    "wrapped long line": "a line that goes on for more than forty-five characters and then some\n",
    "wrapped heading": "Results\n",
    "wrapped short": "Ab cd\n\n",
    "wrapped cells": "5.1\n",
    "wrapped pages": "=== page 2 ===\nSome head\nA line of the text that is long enough to be one\n\n",
    "wrapped hyphens": "a line that goes on for more than forty-five charac-\n",
}


def repeated(unit: str) -> Callable[[int], str]:
    """A text of a given length made of one unit."""
    return lambda length: (unit * (length // len(unit) + 1))[:length]


def all_texts() -> dict[str, Callable[[int], str]]:
    """Name -> a function that makes the text of a length."""
    made = {name: _headed(HEAD, repeated(unit)) for name, unit in UNITS.items()}
    made |= {name: _headed(HEAD, _numbered(unit)) for name, unit in GROWING.items()}
    made |= {name: _headed(WRAPPED, repeated(unit)) for name, unit in WRAPPED_UNITS.items()}
    return made


def _headed(head: str, make: Callable[[int], str]) -> Callable[[int], str]:
    return lambda length: head + make(length)
