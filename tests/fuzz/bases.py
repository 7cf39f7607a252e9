"""Sound input: sentences, tables and lists of the sample reviews, and a short review of this project's own words."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from spacy.language import Language

import extract
from odd_xml import article, html, table
from test_record_invariants import pieces
from twins.article import read_article
from twins.jats_writer import MANNERS, write_jats

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "corpus" / "samples"
REVIEW = """# Oral iron and copper in children: a review

Moss A, Reed B, van der Hall C. 2021.

## Abstract

In 412 children (median age 7.5 years, range 2–17), 2-year overall survival was 71.3% (95% CI 66.0–76.6) with \
iron.

## Results

In the OPAL-4 trial (NCT01234567; EudraCT 2016-000227-71) (1), 2-year event-free survival was 66·2 vs. 58.4% \
with placebo (HR 0.58, 95% CI 0.41–0.83, p = 0.003). Twelve of 204 patients died, and nausea \
was seen in 3, 4 and 9%, respectively.

Iron 1.5 mg/m<sup>2</sup> per dose (maximum 2 mg) was given intravenously on days 1, 8 and 15; \
copper 5–10 µg/kg/day [2,3].

Table 1. Outcomes of the trials, n (%).

| Trial | Iron (n = 45) | Placebo (N = 1,020) | p |
|---|---|---|---|
| OPAL-4 | 9 (20.0) | 102 (10.0) | <0.001 |
| KESTREL-2 (2) | 12/45 | 0.82 (0.58 to 0.89) | 0.04 |

Smith et al. (2019) reported a median survival of 14.2 months ± 3.1 (IQR 9–20) in 18/43 patients.

## References

1. Moss A, Reed B. Iron in the young. Lung 2019;1:2-9. doi: 10.1000/abc.1
2. Smith J. Copper and iron: a phase III trial. Bone 2018; 3: 1-4.
3. Hall C, Moss A. Nausea after iron. Bone 2017; 2: 7.
"""
PARTS = tuple(part for part in REVIEW.split("\n\n") if part)


@cache
def nlp() -> Language:
    """The default pipeline."""
    return extract.load()


@cache
def sentences() -> tuple[str, ...]:
    """Sentences with figures."""
    return (*PARTS, *(each for each in pieces()[0] if len(each) < 600))


@cache
def short_texts() -> tuple[str, ...]:
    """Whole short reviews, tables and lists of references."""
    _, tables, references = pieces()
    entries = references.split("\n\n")[:12]
    return (REVIEW, *(each[:1500] for each in tables), "## References\n\n" + "\n\n".join(entries))


@cache
def xml_files() -> tuple[str, ...]:
    """Articles in JATS and NLM."""
    path = SAMPLES / "haematology-archive.nxml"
    start = path.read_text(encoding="utf-8")
    review = _short_article()
    return (article().decode(), article(table(3, 3)).decode(), review, start[:6000])


@cache
def html_files() -> tuple[str, ...]:
    """Saved pages."""
    rows = table(3, 3).replace("table-wrap", "div")
    return (html().decode(), html(rows).decode(), html("<p>" + "</p><p>".join(PARTS) + "</p>").decode())


def _short_article() -> str:
    """The short review as JATS."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "short.md"
        path.write_text(REVIEW, encoding="utf-8")
        return write_jats(read_article(path), MANNERS["jats"]).decode()
