"""Tables as specifications: a table, and its links one a line, `code statistic value {field=value …}`.

Tables stand in tab-separated form with ` | ` for the tab; a caption is given where it matters. Links are
written with the fields that they have besides study and refs, in alphabetical order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extract.document import CharSpan
from extract.linking import Found, Link
from extract.values import Confidence

_APART = {"endpoint", "endpoint_text", "statistic", "value", "low", "high", "study", "refs"}
NUMBER = re.compile(r"\d[\d,\u00a0]*(?:\.\d+)?|\.\d+")


@dataclass(frozen=True)
class At:
    """A study as `Studies.of_row` gives it."""

    study: Found | None
    refs: Found | None = None
    confidence: Confidence = "stated"


class OneStudy:
    """Gives every row the same study, which stands at the start of the text."""

    def of_row(self, cells: Sequence[CharSpan], offset: int) -> At:
        return At(Found("LARCH-2", (CharSpan(0, 1),)), Found((7,), (CharSpan(0, 1),)), "inferred")


class NoStudy:
    """Knows no study."""

    def of_row(self, cells: Sequence[CharSpan], offset: int) -> None:
        return None


def page(table: str, caption: str = "Table 1. Results") -> str:
    """A review in plain text with one table."""
    lines = [re.sub(r"\s*\|\s*", "\t", line.strip()) for line in table.strip().splitlines()]
    return "\n".join(
        ["# A review of drugs", "", "## Results", "", "Some trials were found.", "", caption, "", *lines, ""]
    )


Rows = Callable[..., list[Link]]


def told(link: Link) -> str:
    """A link as a line: `OS percent 71 {ci_high=80 …}`; an outcome without a code stands under its name."""
    fields = {name: str(found.value) for name, found in link.fields.items()}
    name = fields["endpoint_text"] if fields["endpoint"] == "OTHER" else fields["endpoint"]
    value = fields.get("value") or "..".join(fields[end] for end in ("low", "high") if end in fields)
    rest = " ".join(f"{key}={fields[key]}" for key in sorted(fields) if key not in _APART)
    return " ".join(f"{name} {fields['statistic']} {value} {{{rest}}}".split())
