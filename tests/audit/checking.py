"""Findings in small texts: `findings("OS was …")` audits a text and gives what was found."""

from __future__ import annotations

from functools import cache

from spacy.language import Language

import extract
from extract.audit import extract_and_audit
from extract.readers import parse_text
from extract.records import Finding

RESULTS = "# A Review\n\n## Results\n\n"


@cache
def pipeline() -> Language:
    """The default pipeline, loaded once."""
    return extract.load()


def findings(text: str, check: str | None = None, *, title: str = RESULTS) -> list[Finding]:
    """What is found in a text under a heading, of one check or of all."""
    found = extract_and_audit(parse_text(title + text, document_id="made"), nlp=pipeline()).findings
    return [finding for finding in found if check in (None, finding.check_name)]


def told(text: str, check: str, *, title: str = RESULTS) -> list[tuple[str, str]]:
    """Severity and words in doubt of what a check finds in a text."""
    return [(finding.severity, finding.quote) for finding in findings(text, check, title=title)]
