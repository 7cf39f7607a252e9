"""Statistics beside results: intervals, standard errors, p-values, effect measures, medians, means, dispersion, I²."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import get_args

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.components import Component, adapt_tokenizer, make_spans, text_of, zones
from extract.components.grammar import LEVEL, NUMBER, begun, covering, decimal, near, quantity
from extract.lexicons import Statistics, load
from extract.patterns import lazy_regex
from extract.values import EffectKind, Quantity, Statistic

_SIGNED = rf"-?{NUMBER}"
_TO = r"\s?(?:,|;|to|-|and)\s?"
_INTERVAL = lazy_regex(
    rf"(?:(?P<level>{LEVEL}(?:\.\d+)?)\s?%[\s-]?)?(?:\bCIs?\b|\bCrIs?\b|\b[Cc]onfidence\s[Ii]ntervals?\b|"
    rf"\b[Cc]redible\s[Ii]ntervals?\b)"
    rf"(?:\s?[(\[]\w{{2,3}}[)\]])?\s?[:,=;]?\s?[(\[]?\s?(?P<low>{_SIGNED})\s?%?{_TO}(?P<high>{_SIGNED})(?P<sign>\s?%)?"
)
_P_VALUE = lazy_regex(
    rf"(?<![A-Za-z])[pP](?:\s?-?\s?[vV]alue)?(?:\s(?:for|of)\s[a-z ]{{3,30}}?)?\s?(?P<op><=|>=|"
    rf"[=<>≤≥])\s?(?P<p>{NUMBER})(?P<exp>\s?[×x]\s?10[⁻⁰-⁹¹²³]+)?"
)
_P_WORDS = lazy_regex(rf"\b[pP]\s?-?\s?values?\s(?:of|was)\s(?P<p>{NUMBER})")
_ERROR = lazy_regex(
    rf"\b(?:SEM?|s\.e\.|standard\serror)\)?\s?[,:=]?\s?(?:of\s)?(?P<value>{NUMBER})(?:\s?%)?", re.IGNORECASE
)
_DISPERSION = lazy_regex(
    rf"(?:±|\+/-)\s?(?P<value>{NUMBER})(?:\s?%)?|\b(?:SD|standard\sdeviation)\)?\s?[,:=]?\s?(?:of\s)?(?P<sd>{NUMBER})"
)
_SPREAD = lazy_regex(
    rf"\b(?:IQR|interquartile\srange|range|"
    rf"ranging\sfrom)\)?\s?[,:=;]?\s?[(\[]?\s?(?P<low>{_SIGNED}){_TO}(?P<high>{_SIGNED})"
)
_I_SQUARED = lazy_regex(rf"\bI\s?[2²]\s?(?:=|:|of|was)\s?(?P<value>{NUMBER})\s?%")
_OPERATORS = {"≤": "<=", "≥": ">="}
# Linking tells an increase by the words beside a percentage.
_EFFECTS = tuple(kind for kind in get_args(EffectKind) if kind != "risk_increase")
# Differences and reductions may be percentages; a ratio never is.
_SIGNED_EFFECTS = frozenset({"risk_difference", "mean_difference", "risk_reduction"})
_AVERAGES = ("median", "mean")
# "(HR)", "[95% CI]", "(IQR)" between a measure's name and its value
_ASIDE = r"(?:\s?[(\[]\s?(?:\d\d(?:\.\d)?\s?%\s?)?[A-Za-z]{1,5}\s?[)\]])?"
_WHOLLY = r"(?:-|(?<![\w.]))"  # before a number: nothing that it is a part of
_IN_PHRASE = r"[\w\s,/()+.-]"  # of the words between: "for stroke or death, A vs. B"; of an average without figures
_GAP = (
    rf"{_ASIDE}\s?(?:(?:for|of|in|between)\s{_IN_PHRASE}{{1,70}}?(?:\s(?:was|were|of|being)|,|:)\s|"
    r"(?:was|were|is|are|of|=|:|,|[(\[])\s?){0,2}"
    r"(?:approximately\s|only\s|about\s|estimated\s(?:at|to\sbe)\s)?[<>≤≥]?\s?"
)
_WORD = lazy_regex(r"\w+")
_FIGURE = lazy_regex(r"\d+")
_INTERVAL_SIGNS = ("CI", "CrI", "nterval")
_INTERVAL_WORD = lazy_regex("|".join(_INTERVAL_SIGNS))
_P_SIGNS = ("=", "<", ">", "≤", "≥")
_P_NAMES = ("alue",)
_P_LETTER = lazy_regex(r"[pP](?=[\s=<>≤≥vV-])")
_ERROR_WORD = lazy_regex(r"S[Ee]|se(?=[\s)])|s\.e\.|[Ss]tandard\serror")
_DISPERSION_SIGNS = ("±", "+/-", "SD", "standard")
_DISPERSION_WORD = lazy_regex(r"±|\+/-|SD|standard\sdeviation")
_SPREAD_SIGNS = ("IQR", "rang")
_SPREAD_WORD = lazy_regex("|".join(_SPREAD_SIGNS))
_I_WORD = lazy_regex(r"I\s?[2²]")
NAME_REACH = 60  # characters from the start of a measure's name to the word that shows it
MIN_STEM = 2  # letters of a name's last word that are too few to look for
VALUE_REACH = 130  # characters from that word to the value


class StatisticSpans(Component):
    """Finds STATISTIC spans."""

    group = "statistics"

    def __init__(self, lexicon: Statistics) -> None:
        kinds = [kind for kind in (*_EFFECTS, *_AVERAGES) if kind in lexicon.measures]
        self._effects = [(kind, _named(lexicon, kind)) for kind in kinds]
        stems = [(number, stem) for number, kind in enumerate(kinds) for stem in _shortest(_stems(lexicon, kind))]
        self._stems = [(number, stem) for number, stem in stems if _WORD.fullmatch(stem)]
        self._others = [(number, stem) for number, stem in stems if not _WORD.fullmatch(stem)]  # "Coef.", "Cohen's"
        self._known: dict[str, tuple[tuple[int, int], ...]] = {}  # of each word met, what `_shown` gives

    def find(self, doc: Doc) -> list[Span]:
        """Statistics in text order."""
        text = text_of(doc)
        found: dict[tuple[int, int], Statistic] = {}
        for zone in zones(doc):
            start, end = zone.start, zone.end
            for first, last, value in _signed(text, start, end):
                found.setdefault((first, last), value)
            for number, hits in sorted(self._hits(text, start, end).items()):
                kind, pattern = self._effects[number]
                for match in covering(pattern, hits, text, start, end, before=NAME_REACH, after=VALUE_REACH):
                    printed = decimal(match["value"].lstrip("-"))
                    signed = printed.copy_negate() if match["value"].startswith("-") else printed
                    found.setdefault(match.span(), Statistic(kind, quantity(str(signed))))
        return make_spans(doc, [(start, end, value) for (start, end), value in found.items()], "STATISTIC")

    def _hits(self, text: str, start: int, end: int) -> dict[int, list[tuple[int, int]]]:
        """Where names of effects may end that a number follows, by the number of the effect."""
        figures = [match.start() for match in _FIGURE.finditer(text, start, end)]
        if not figures:
            return {}
        hits: dict[int, list[tuple[int, int]]] = {}
        for match in _WORD.finditer(text, start, end):
            shown = self._known.get(match[0])
            if shown is None:
                shown = self._known[match[0]] = tuple(self._shown(match[0]))
            for number, length in shown:
                hits.setdefault(number, []).append((match.end() - length, match.end()))
        for number, stem in self._others:
            hits.setdefault(number, []).extend(_words_ending(text, stem, start, end))
        for number, places in hits.items():
            hits[number] = [place for place in sorted(places) if _follows(figures, place[1])]
        return hits

    def _shown(self, word: str) -> Iterator[tuple[int, int]]:
        """The effects that a word may end the name of, each with the characters from there to the word's end."""
        for number, stem in self._stems:
            if word.endswith((stem, stem + "s")):
                yield number, len(stem) + (not word.endswith(stem))


def _follows(figures: Sequence[int], end: int) -> bool:
    """Whether a figure begins within reach."""
    index = bisect_left(figures, end)
    return index < len(figures) and figures[index] < end + VALUE_REACH


def _words_ending(text: str, stem: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where words end with a stem, or with it and a plural s."""
    first = text.find(stem, start, end)
    while first >= 0:
        last = first + len(stem)
        last += text[last : last + 1] == "s"
        if not (text[last : last + 1].isalnum() or text[last : last + 1] == "_"):
            yield first, last
        first = text.find(stem, first + 1, end)


def _holds(text: str, words: Sequence[str]) -> bool:
    """Whether one of the words stands in the text: far cheaper than the search for a pattern that begins with them."""
    return any(word in text for word in words)


def _signed(text: str, start: int, end: int) -> Iterator[tuple[int, int, Statistic]]:
    """Statistics that go by a sign of their own: intervals, p-values, errors, dispersion, I²."""
    piece = text[start:end]
    if _holds(piece, _INTERVAL_SIGNS):
        for match in near(_INTERVAL, _INTERVAL_WORD, text, start, end, before=24, after=60):
            level = Decimal(match["level"]) if match["level"] else None
            yield (*match.span(), Statistic("confidence_interval", quantity(match["low"], match["high"]), level))
    for pattern, signs in ((_P_VALUE, _P_SIGNS), (_P_WORDS, _P_NAMES)):
        if _holds(piece, signs):
            for match in begun(pattern, _P_LETTER, text, start, end, after=60):
                operator = match.groupdict().get("op") or "="
                yield (
                    *match.span(),
                    Statistic("p_value", _p_printed(match), operator=_OPERATORS.get(operator, operator)),  # type: ignore[arg-type]
                )
    for match in begun(_ERROR, _ERROR_WORD, text, start, end, after=30):
        yield (*match.span(), Statistic("standard_error", quantity(match["value"])))
    if _holds(piece, _DISPERSION_SIGNS):
        for match in begun(_DISPERSION, _DISPERSION_WORD, text, start, end, after=30):
            yield (*match.span(), Statistic("dispersion", quantity(match["value"] or match["sd"])))
    if _holds(piece, _SPREAD_SIGNS):
        for match in near(_SPREAD, _SPREAD_WORD, text, start, end, before=14, after=40):
            yield (*match.span(), Statistic("dispersion", quantity(match["low"], match["high"])))
    for match in begun(_I_SQUARED, _I_WORD, text, start, end, after=20):
        yield (*match.span(), Statistic("i_squared", quantity(match["value"])))


def _p_printed(match: re.Match[str]) -> Quantity | None:
    """The p-value where its digits say it all: not before a power of ten, nor above 1."""
    return None if match.groupdict().get("exp") or decimal(match["p"]) > 1 else quantity(match["p"])


def _shortest(stems: set[str]) -> list[str]:
    """The stems that end with no other: where none of these stands, none of all does."""
    return sorted(s for s in stems if not any(s != end and s.removesuffix("s").endswith(end) for end in stems))


def _stems(lexicon: Statistics, kind: str) -> set[str]:
    """Literals of which every name of the measure holds one: a symbol, or a form's last word without its first letter.

    A last word of few letters ("Cohen's d") would be hit all over the text: the form's longest word stands in for it.
    """
    row = lexicon.measures[kind]
    words = (form.split() for form in row.forms)
    stems = {(form[-1] if len(form[-1]) > MIN_STEM else max(form, key=len))[1:].lower() for form in words}
    return {*stems, *row.symbols}


def _named(lexicon: Statistics, kind: str) -> re.Pattern[str]:
    """A measure's name followed by its value: `HR 0.58`, `hazard ratio (HR), 0.58`, `median … was 5.5`."""
    row = lexicon.measures[kind]
    forms = sorted(row.forms, key=len, reverse=True)
    names = [*(f"(?i:{re.escape(form)}s?)" for form in forms), *(re.escape(s) + "s?" for s in row.symbols)]
    words = rf"{_ASIDE}(?:\s[A-Za-z][\w+/-]*){{0,14}}?" if kind in _AVERAGES else ""
    after = r"(?![\d]|\.\d)" if kind in _SIGNED_EFFECTS else r"(?![\d%]|\.\d)"
    gap = _GAP.replace(_IN_PHRASE, _IN_PHRASE.replace("\\w", "A-Za-z")) if kind in _AVERAGES else _GAP
    return lazy_regex(rf"(?<![\w-])(?:{'|'.join(names)})(?![\w]){words}{gap}(?P<value>{_WHOLLY}{NUMBER}){after}")


@Language.factory("extract_statistics", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> StatisticSpans:
    """The component for `nlp.add_pipe("extract_statistics")`."""
    adapt_tokenizer(nlp)
    return StatisticSpans(load("statistics"))
