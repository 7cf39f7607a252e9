"""Absences: "no cases of", "without any" before the name of an event report a count of nought."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.document import CharSpan
from extract.linking import Found, Mark
from extract.linking.figures import Result
from extract.patterns import lazy_regex

_NO = lazy_regex(
    r"(?<![\w-])(?P<no>no)\s(?:(?:further|new|additional|reported|documented|serious|severe|major|fatal|"
    r"treatment-related|drug-related|transplant-related|"
    r"procedure-related|symptomatic|clinical|late|early|acute|chronic|hepatic|cardiac|subsequent|other|unexpected|"
    r"confirmed|grade\s[≥>]?\s?[\dIV-]+|"
    r"(?:cases?|signs?|episodes?|instances?|reports?|events?)(?:\sof)?|\d+-(?:day|week|month|year))\s)*$",
    re.IGNORECASE,
)
_SAID = lazy_regex(
    r"\b(?:was|were|been|occurr\w+|observed|seen|reported|recorded|noted|detected|experienced|developed|had|showed|"
    r"documented|found|there)\b"
)
_NOT_SAID = lazy_regex(
    r"\b(?:if|unless|defined\sas|criteri\w+|eligible|should|will|would|must|whether)\b", re.IGNORECASE
)
_MORE = lazy_regex(
    r"[\s-](?:differ\w+|increase\w*|reduction|change\w*|risk|rate|data|information|effect|benefit|improvement|"
    r"signal|free|correlation|association)\b"
)
# Measures of a whole group: nought of them is no count.
_NOT_EVENTS = frozenset(
    {
        "OS",
        "EFS",
        "DFS",
        "RFS",
        "PFS",
        "SURVIVAL",
        "TTP",
        "DOR",
        "ORR",
        "DCR",
        "BP",
        "MRD_LEVEL",
        "ENGRAFTMENT",
        "ALIVE",
    }
)
REACH = 60  # characters between "no" and the event


def find_absences(text: str, endpoints: Sequence[Mark], start: int, end: int) -> Iterator[tuple[Result, Mark]]:
    """A count of nought for each event that the sentence says did not occur."""
    if not endpoints or not _SAID.search(text, start, end) or _NOT_SAID.search(text, start, end):
        return
    for mark in endpoints:
        match = _NO.search(text, max(start, mark.start - REACH), mark.start)
        if match is None or mark.value.code in _NOT_EVENTS or _MORE.match(text, mark.end, end):
            continue
        span = CharSpan(*match.span("no"))
        yield Result(span, "count", {"n": Found(0, (span,))}, span.start, span.end, count=span), mark
