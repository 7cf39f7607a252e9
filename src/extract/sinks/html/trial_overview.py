"""The trials of a review at a glance: names, registrations, size, years, and how much the review tells of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from extract.compare.documents import Named, names_of, numbers_of, well_formed_numbers
from extract.lexicons import load
from extract.patterns import lazy_regex
from extract.records import Label, Mention, Trial
from extract.sinks.html.forest_axes import MARGIN, Tick, percent
from extract.sinks.html.rows import hooks_of, places_of
from extract.sinks.html.views import ReviewView, Row

MAX_TICKS = 4
LONGEST = 60  # years: what is printed as longer is no recruitment
_WHO = "https://trialsearch.who.int/Trial2.aspx?TrialID="
# Where a register shows the trial of an id. Registers whose pages have addresses of their own are left out, but for
# those that the search portal of the WHO shows.
_PAGES = {
    "NCT": "https://clinicaltrials.gov/study/{}",
    "CTIS": "https://euclinicaltrials.eu/search-for-clinical-trials/?lang=en&EUCT={}",
    "EUDRACT": "https://www.clinicaltrialsregister.eu/ctr-search/search?query={}",
    "ISRCTN": "https://www.isrctn.com/{}",
    "ANZCTR": "https://www.anzctr.org.au/{}.aspx",
    "DRKS": "https://drks.de/search/en/trial/{}",
    "JRCT": "https://jrct.mhlw.go.jp/en-latest-detail/{}",
    "UMIN": _WHO + "JPRN-{}",
    **dict.fromkeys(("CHICTR", "CRIS", "CTRI", "IRCT", "PACTR", "TCTR"), _WHO + "{}"),
}
_CTIS_VERSION = lazy_regex(r"\d{4}-\d{6}-\d{2}-\d{2}")  # the register finds its numbers whole
_SPAN = lazy_regex(
    r"\b(?P<first>(?:19|20)\d\d)\b(?:\D{1,24}?\b(?P<last>(?:19|20)\d\d)\b|\s?[-‐‑‒–—/]\s?(?P<short>\d\d)\b)"
)
_ONE = lazy_regex(r"\W*(?:in\s)?(?P<first>(?:19|20)\d\d)\W*")


class Registration(NamedTuple):
    """A registry number as printed; `address` is its page at the register, None where that cannot be told."""

    number: str
    register: str | None
    address: str | None
    malformed: bool = False


class Bar(NamedTuple):
    """A bar, in percent of the width."""

    x: str
    width: str


class EndpointCount(NamedTuple):
    """How many results of an endpoint there are."""

    code: str
    name: str
    results: int


@dataclass(frozen=True, slots=True)
class TrialCard:
    """A trial: `about` is phase, age and sponsor, each as printed; bars are None where there is nothing to draw."""

    record_id: str
    name: str
    other_names: tuple[str, ...]
    registrations: tuple[Registration, ...]
    about: tuple[str, ...]
    enrolled: int | None
    enrolled_bar: Bar | None
    years: str | None
    years_bar: Bar | None
    endpoints: tuple[EndpointCount, ...]
    doses: int
    where: str
    note: str | None
    hooks: Markup


@dataclass(frozen=True, slots=True)
class TrialOverview:
    """The trials in the order of the text, and the marks of the axis of years."""

    trials: tuple[TrialCard, ...]
    years: tuple[Tick, ...]

    @property
    def has_enrolled(self) -> bool:
        """Whether the size of any trial is told."""
        return any(each.enrolled is not None for each in self.trials)

    @property
    def has_years(self) -> bool:
        """Whether the years of any trial are told."""
        return any(each.years is not None for each in self.trials)


class _Years(NamedTuple):
    """An axis from the begin of one year to that of another."""

    first: int
    last: int

    def place(self, year: int) -> str:
        return percent((year - self.first) / (self.last - self.first))

    def bar(self, years: tuple[int, int] | None) -> Bar | None:
        if years is None:
            return None
        share = (years[1] + 1 - years[0]) / (self.last - self.first)
        return Bar(self.place(years[0]), f"{(100 - 2 * MARGIN) * share:.2f}")


def trial_overview(view: ReviewView) -> TrialOverview:
    """What a review tells of its trials."""
    trials = [Trial.model_validate(row) for row in view.tables["trials"]]
    years = {each.record_id: span_of(each.years) for each in trials}
    spans = [span for span in years.values() if span is not None]
    axis = _Years(min(first for first, _ in spans), max(last for _, last in spans) + 1) if spans else _Years(0, 1)
    most = max((each.enrolled or 0 for each in trials), default=0)
    mentions = [Mention.model_construct(**row) for row in view.tables["mentions"] if row["label"] == Label.REGISTRY_ID]
    numbers = well_formed_numbers(mentions)
    malformed = {" ".join(each.quote.split()) for each in mentions if each.valid is False}
    named = Named((each, each.record_id) for each in trials)
    endpoints = _endpoints(view.tables["outcomes"], named)
    doses = Counter(record_id for row in view.tables["dosing"] for record_id in named.trials(row["study"]))
    where = places_of(view)
    return TrialOverview(
        tuple(
            TrialCard(
                record_id=each.record_id,
                name=each.id,
                other_names=tuple(name for name in names_of(each, numbers_of(each, numbers)) if name != each.id),
                registrations=tuple(_registration(number, numbers, malformed) for number in each.registry_ids),
                about=_about(each),
                enrolled=each.enrolled,
                enrolled_bar=None if not each.enrolled else Bar("0", f"{100 * each.enrolled / most:.2f}"),
                years=each.years,
                years_bar=axis.bar(years[each.record_id]),
                endpoints=endpoints.get(each.record_id, ()),
                doses=doses[each.record_id],
                where=where(each.record_id),
                note=each.note,
                hooks=hooks_of(each.record_id, {"study": each.id}),
            )
            for each in trials
        ),
        _year_ticks(axis) if spans else (),
    )


def span_of(years: str | None) -> tuple[int, int] | None:
    """First and last year of a printed span: `2016-19`, `between 2015 and 2018`; None for what is no such span."""
    found = _SPAN.search(years or "") or _ONE.fullmatch(years or "")
    if found is None:
        return None
    told = found.groupdict()
    first = int(told["first"])
    last = int(told.get("last") or first)
    if short := told.get("short"):
        last = first - first % 100 + int(short)
        last += 100 if last < first else 0
    return (first, last) if 0 <= last - first <= LONGEST else None


def _registration(number: str, numbers: Mapping[str, str], malformed: set[str]) -> Registration:
    if number not in numbers:
        return Registration(number, None, None, malformed=number in malformed)
    code, _, plain = numbers[number].partition(":")
    register = next((row.name for row in load("registries").registry if row.code == code), None)
    page = _PAGES.get(code)
    if page is None or (code == "CTIS" and not _CTIS_VERSION.fullmatch(plain)):
        return Registration(number, register, None)
    return Registration(number, register, page.format(quote(plain, safe="/")))


def _about(trial: Trial) -> tuple[str, ...]:
    told = (f"phase {trial.phase}" if trial.phase else None, trial.age, trial.sponsor)
    return tuple(part for part in told if part)


def _endpoints(outcomes: Sequence[Row], named: Named[str]) -> dict[str, tuple[EndpointCount, ...]]:
    """Of each trial its endpoints, those with most results first and those without a code last."""
    counts: dict[str, Counter[str]] = {}
    for row in outcomes:
        for record_id in named.trials(row["study"]):
            counts.setdefault(record_id, Counter())[row["endpoint"]] += 1
    meanings = load("endpoints").codes
    return {
        record_id: tuple(
            EndpointCount("other" if code == "OTHER" else code, meanings.get(code, "outcomes without a code"), count)
            for code, count in sorted(found.items(), key=lambda item: (item[0] == "OTHER", -item[1], item[0]))
        )
        for record_id, found in counts.items()
    }


def _year_ticks(axis: _Years) -> tuple[Tick, ...]:
    """Begins of years, few enough to be read."""
    width = axis.last - axis.first
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if width / step <= MAX_TICKS)
    first = -(-axis.first // step) * step
    return tuple(Tick(axis.place(year), str(year)) for year in range(first, axis.last + 1, step))
