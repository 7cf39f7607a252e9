"""The report: one page, to be opened anywhere, that shows reviews beside the rows made of them."""

from __future__ import annotations

import base64
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from extract.patterns import lazy_regex
from extract.records import Schema
from extract.sinks.exporting import placing
from extract.sinks.finding_tables import SEVERITIES
from extract.sinks.html import render_page, render_part, script_json
from extract.sinks.html.forest import forest_plots, left_out
from extract.sinks.html.mentions import mention_groups, mentions_of
from extract.sinks.html.offsets import Utf16
from extract.sinks.html.pages import data_address, draw_pages, shown_pages
from extract.sinks.html.rows import choices_of, evidence_of, places_of, records_of, shown_tables
from extract.sinks.html.text import MarkedText
from extract.sinks.html.trial_overview import trial_overview
from extract.sinks.html.views import ReviewView, Row

STYLES = ("base.css", "reading.css", "forest.css", "report.css")
SCRIPTS = ("places.js", "reading.js", "report.js")
_INSPECTED: tuple[Schema, ...] = ("outcomes", "dosing", "trials", "studies", "findings")
_PIECE = lazy_regex(  # what the browser need not read before it is asked for
    r'(?P<head><script type="(?:text/plain" class="later|application/json" class="review-data)")>'
    r"(?P<piece>.*?)(?P<tail></script>)",
    re.DOTALL,
)
_BETWEEN = "<!---->"  # pieces: a comment, of which none has any
_LEFT = ("document_id", "record_id", "source_start", "source_end")  # of a record, that its inspector does not tell


class Reason(NamedTuple):
    """Why numbers are in no row, and how many."""

    reason: str
    numbers: int


def save_report(reviews: Sequence[dict[str, Any]], path: Path) -> int:
    """Write the page of some reviews as `review_part` gives them; gives its size in bytes.

    Raises OutputError where it cannot be written.
    """
    data = render_report(reviews).encode()
    with placing(path) as place:
        place.write_bytes(data)
    return len(data)


def render_report(reviews: Sequence[dict[str, Any]]) -> str:
    """The page of some reviews as `review_part` gives them."""
    return render_page("report.html", styles=STYLES, scripts=SCRIPTS, reviews=reviews)


def review_part(view: ReviewView, *, pictures: Sequence[str] | None = None) -> dict[str, Any]:
    """What the page tells of one review: its name, counts, and its part of the page."""
    context = reading_context(view, pictures=pictures)
    return {
        "document_id": view.document_id,
        "name": view.name,
        "doi": view.doi,
        "counts": [(table.title.lower(), len(table.rows)) for table in context["tables"].values()],
        "findings": len(context["findings"]),
        "html": _packed(render_part("review.html", **context)),
    }


def _packed(html: Markup) -> Markup:
    """A review's part of the page with what is needed later made small, behind it, and places that name its pieces."""
    pieces: list[str] = []

    def leave(match: re.Match[str]) -> str:
        pieces.append(match["piece"])
        return f'{match["head"]}" data-piece="{len(pieces) - 1}">{match["tail"]}'

    left = _PIECE.sub(leave, html)
    data = zlib.compress(_BETWEEN.join(pieces).encode(), 9)
    packed = Markup('<script type="text/plain" class="packed">{}</script>').format(base64.b64encode(data).decode())
    return Markup(left.replace("</article>", f"{packed}</article>"))


def reading_context(view: ReviewView, *, pictures: Sequence[str] | None = None) -> dict[str, Any]:
    """What the templates of a review's text and rows need, in the report and in the review desk."""
    units = Utf16(view.text).units
    tables = shown_tables(view)
    reasons = None if view.uncovered is None else reasons_of(view.uncovered)
    numbers = {each.reason: number for number, each in enumerate(reasons or ())}
    plots = forest_plots(view.tables["outcomes"])
    return {
        "view": view,
        "blocks": list(MarkedText(view).blocks()),
        "pages": shown_pages(view, pictures) if pictures and view.pages else (),
        "tables": tables,
        "filters": choices_of(view),
        "labels": mention_groups(view),
        "plots": plots,
        "left_out": left_out(view.tables["outcomes"], plots),
        "trials": trial_overview(view),
        "findings": shown_findings(view),
        "reasons": reasons,
        "data": script_json(
            {
                "evidence": evidence_of(view, units),
                "records": {
                    name: fields
                    for table in _INSPECTED
                    for name, fields in records_of(view.tables[table], _LEFT).items()
                },
                "mentions": mentions_of(view, units),
                "uncovered": [
                    [units(each["start"]), units(each["end"]), numbers[str(each["reason"])]]
                    for each in view.uncovered or ()
                ],
            }
        ),
    }


def draw_pictures(view: ReviewView, *, password: str | None = None) -> list[str] | None:
    """The pictures of a PDF's pages, None where there are none; ReadError where one cannot be drawn."""
    if not view.pages:
        return None
    return [data_address(picture) for picture in draw_pages(view.path, view.pages, password=password)]


def shown_findings(view: ReviewView) -> list[dict[str, Any]]:
    """The findings, the gravest first, with the words on both sides."""
    where = places_of(view)
    sides: dict[tuple[str, str], list[str]] = {}
    for row in view.tables["evidence"]:
        sides.setdefault((row["record_id"], row["field"]), []).append(" ".join(row["quote"].split()))
    return [
        {
            **row,
            "where": where(row["record_id"]),
            "stated": sides.get((row["record_id"], "stated"), []),
            "against": sides.get((row["record_id"], "against"), []),
        }
        for row in sorted(view.tables["findings"], key=lambda row: SEVERITIES.index(row["severity"]))
    ]


def reasons_of(uncovered: Sequence[Row]) -> list[Reason]:
    """Why numbers are in no row, the most frequent reason first."""
    counts = Counter(str(each["reason"]) for each in uncovered)
    return [Reason(reason, count) for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
