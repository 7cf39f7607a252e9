"""Statistics beside results: intervals, standard errors, p-values, effect measures, medians, means, dispersion, I²."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, adapt_tokenizer, make_spans, text_of, zones
from extract.components.grammar import NUMBER, decimal, quantity
from extract.lexicons import Statistics, load
from extract.values import Statistic

_SIGNED = rf"-?{NUMBER}"
_TO = r"\s?(?:,|;|to|-|and)\s?"
_INTERVAL = re.compile(
    rf"(?:(?P<level>\d{{2}}(?:\.\d+)?)\s?%[\s-]?)?(?:\bCIs?\b|\bCrIs?\b|\b[Cc]onfidence\s[Ii]ntervals?\b|\b[Cc]redible\s[Ii]ntervals?\b)"
    rf"(?:\s?[(\[]\w{{2,3}}[)\]])?\s?[:,=;]?\s?[(\[]?\s?(?P<low>{_SIGNED})\s?%?{_TO}(?P<high>{_SIGNED})(?P<sign>\s?%)?"
)
_P_VALUE = re.compile(
    rf"(?<![A-Za-z])[pP](?:\s?-?\s?[vV]alue)?(?:\s(?:for|of)\s[a-z ]{{3,30}}?)?\s?(?P<op><=|>=|[=<>≤≥])\s?(?P<p>{NUMBER})(?P<exp>\s?[×x]\s?10[⁻⁰-⁹¹²³]+)?"
)
_P_WORDS = re.compile(rf"\b[pP]-?\s?values?\s(?:of|was)\s(?P<p>{NUMBER})")
_ERROR = re.compile(rf"\b(?:SEM?|s\.e\.|standard\serror)\)?\s?[,:=]?\s?(?:of\s)?(?P<value>{NUMBER})\s?%?", re.IGNORECASE)
_DISPERSION = re.compile(rf"(?:±|\+/-)\s?(?P<value>{NUMBER})\s?%?|\b(?:SD|standard\sdeviation)\)?\s?[,:=]?\s?(?:of\s)?(?P<sd>{NUMBER})")
_SPREAD = re.compile(rf"\b(?:IQR|interquartile\srange|range|ranging\sfrom)\)?\s?[,:=;]?\s?[(\[]?\s?(?P<low>{_SIGNED}){_TO}(?P<high>{_SIGNED})")
_I_SQUARED = re.compile(rf"\bI\s?[2²]\s?(?:=|:|of|was)\s?(?P<value>{NUMBER})\s?%")
_OPERATORS = {"≤": "<=", "≥": ">="}
_EFFECTS = ("hazard_ratio", "odds_ratio", "risk_ratio", "mean_difference", "risk_reduction")
_AVERAGES = ("median", "mean")
_GAP = r"(?:\s?[(\[]\s?[A-Za-z]{1,4}\s?[)\]])?\s?(?:(?:was|were|is|of|for\s[\w\s-]{1,40}\s(?:was|of)|=|:|,)\s?){0,2}(?:approximately\s|only\s|about\s)?"


class StatisticSpans(Component):
    """Finds STATISTIC spans."""

    group = "statistics"

    def __init__(self, lexicon: Statistics) -> None:
        self._effects = [(kind, _named(lexicon, kind)) for kind in (*_EFFECTS, *_AVERAGES) if kind in lexicon.measures]

    def find(self, doc: Doc) -> list[Span]:
        """Statistics in text order."""
        text = text_of(doc)
        found: dict[tuple[int, int], Statistic] = {}
        for zone in zones(doc):
            for start, end, value in self._in_zone(text, zone.start, zone.end):
                found.setdefault((start, end), value)
        return make_spans(doc, [(start, end, value) for (start, end), value in found.items()], "STATISTIC")

    def _in_zone(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, Statistic]]:
        for match in _INTERVAL.finditer(text, start, end):
            level = Decimal(match["level"]) if match["level"] else None
            yield (*match.span(), Statistic("confidence_interval", quantity(match["low"], match["high"]), level))
        for pattern in (_P_VALUE, _P_WORDS):
            for match in pattern.finditer(text, start, end):
                operator = match.groupdict().get("op") or "="
                yield (
                    *match.span(),
                    Statistic("p_value", quantity(match["p"]), operator=_OPERATORS.get(operator, operator)),  # type: ignore[arg-type]
                )
        for match in _ERROR.finditer(text, start, end):
            yield (*match.span(), Statistic("standard_error", quantity(match["value"])))
        for match in _DISPERSION.finditer(text, start, end):
            yield (*match.span(), Statistic("dispersion", quantity(match["value"] or match["sd"])))
        for match in _SPREAD.finditer(text, start, end):
            yield (*match.span(), Statistic("dispersion", quantity(match["low"], match["high"])))
        for match in _I_SQUARED.finditer(text, start, end):
            yield (*match.span(), Statistic("i_squared", quantity(match["value"])))
        for kind, pattern in self._effects:
            for match in pattern.finditer(text, start, end):
                number = decimal(match["value"].lstrip("-"))
                signed = -number if match["value"].startswith("-") else number
                yield (*match.span(), Statistic(kind, quantity(str(signed))))  # type: ignore[arg-type]


def _named(lexicon: Statistics, kind: str) -> re.Pattern[str]:
    """A measure's name followed by its value: `HR 0.58`, `hazard ratio (HR), 0.58`, `median … was 5.5`."""
    row = lexicon.measures[kind]
    forms = sorted(row.forms, key=len, reverse=True)
    names = [*(f"(?i:{re.escape(form)}s?)" for form in forms), *(re.escape(s) + "s?" for s in row.symbols)]
    words = r"(?:\s[A-Za-z][\w-]*){0,6}" if kind in _AVERAGES else ""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(names)})(?![\w]){words}{_GAP}(?P<value>-?{NUMBER})(?![\d%])")


@Language.factory("extract_statistics", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> StatisticSpans:
    """The component for `nlp.add_pipe("extract_statistics")`."""
    adapt_tokenizer(nlp)
    return StatisticSpans(load("statistics"))
