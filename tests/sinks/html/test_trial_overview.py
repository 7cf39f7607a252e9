"""The trials of a review at a glance."""

from __future__ import annotations

import lxml.html
import pytest

from extract.lexicons import load
from extract.sinks.html import make_environment
from extract.sinks.html.trial_overview import TrialCard, span_of, trial_overview
from extract.sinks.html.views import ReviewView

from .outcomes import outcome, registry_mention, trial, view


def page(shown: ReviewView) -> lxml.html.HtmlElement:
    template = make_environment().from_string(
        '{% from "trial_overview.html" import trial_list %}<main>{{ trial_list(trials) }}</main>'
    )
    return lxml.html.fromstring(template.render(trials=trial_overview(shown)))


def card(**fields: object) -> TrialCard:
    (only,) = trial_overview(view(trials=[trial(**fields)])).trials
    return only


@pytest.mark.parametrize(
    ("years", "span"),
    [
        ("2016-19", (2016, 2019)),
        ("1998–03", (1998, 2003)),
        ("between 2015 and 2018", (2015, 2018)),
        ("January 2006 to March 2016", (2006, 2016)),
        ("2011", (2011, 2011)),
        ("in 2011", (2011, 2011)),
        ("since 2011", None),
        ("2018 to 2011", None),
        ("2011 (n = 45)", None),
        ("1906 to 2016", None),
        ("", None),
        (None, None),
    ],
)
def test_years_are_read_where_they_are_a_span(years: str | None, span: tuple[int, int] | None) -> None:
    assert span_of(years) == span


def test_years_share_an_axis_from_the_first_to_the_end_of_the_last() -> None:
    overview = trial_overview(
        view(trials=[trial(1, years="2010-11"), trial(2, years="2012-13"), trial(3, years="soon")])
    )
    first, second, third = overview.trials
    assert first.years_bar == ("4.00", "46.00")
    assert second.years_bar == ("50.00", "46.00")
    assert third.years_bar is None
    assert [tick.label for tick in overview.years] == ["2010", "2011", "2012", "2013", "2014"]


def test_bars_of_people_are_relative_to_the_largest_trial() -> None:
    trials = trial_overview(view(trials=[trial(1, enrolled=400), trial(2, enrolled=100), trial(3)])).trials
    assert [each.enrolled_bar and each.enrolled_bar.width for each in trials] == ["100.00", "25.00", None]


def test_results_and_doses_count_for_the_trials_that_their_study_names() -> None:
    rows = [
        outcome(1, study="LAKE-1"),
        outcome(2, study="LAKE-1,LAKE-2", endpoint="PFS"),
        outcome(3, study="LAKE-1", endpoint="PFS"),
        outcome(4, study="LAKE-1", endpoint="OTHER"),
        outcome(5, study="ref:4"),
    ]
    shown = view(trials=[trial(1), trial(2)], outcomes=rows, dosing=[{"study": "LAKE-2"}])
    first, second = trial_overview(shown).trials
    assert [(each.code, each.results) for each in first.endpoints] == [("PFS", 2), ("OS", 1), ("other", 1)]
    assert [(each.code, each.results) for each in second.endpoints] == [("PFS", 1)]
    assert (first.doses, second.doses) == (0, 1)


def test_what_is_printed_of_a_trial_stands_together() -> None:
    each = card(aliases=["Lakes Study"], phase="II", age="≥ 65 years", sponsor="LakeNet")
    assert (each.name, each.other_names) == ("LAKE-1", ("Lakes Study",))
    assert each.about == ("phase II", "≥ 65 years", "LakeNet")


@pytest.mark.parametrize(
    ("normalized", "address"),
    [
        ("NCT:NCT02187354", "https://clinicaltrials.gov/study/NCT02187354"),
        ("ISRCTN:ISRCTN12345678", "https://www.isrctn.com/ISRCTN12345678"),
        ("CTRI:CTRI/2018/05/013773", "https://trialsearch.who.int/Trial2.aspx?TrialID=CTRI/2018/05/013773"),
        ("UMIN:UMIN000012345", "https://trialsearch.who.int/Trial2.aspx?TrialID=JPRN-UMIN000012345"),
        (
            "CTIS:2022-500137-37-00",
            "https://euclinicaltrials.eu/search-for-clinical-trials/?lang=en&EUCT=2022-500137-37-00",
        ),
        ("CTIS:2022-500137-37", None),
        ("NTR:NTR6359", None),
    ],
)
def test_a_number_leads_to_its_register_where_its_page_is_known(normalized: str, address: str | None) -> None:
    mention = registry_mention("as printed", normalized)
    (each,) = trial_overview(view(trials=[trial(registry_ids=["as printed"])], mentions=[mention])).trials
    (number,) = each.registrations
    names = {row.code: row.name for row in load("registries").registry}
    assert number == ("as printed", names[normalized.partition(":")[0]], address, False)


def test_a_malformed_number_is_told_and_leads_nowhere() -> None:
    shown = view(trials=[trial(registry_ids=["NCT1"])], mentions=[registry_mention("NCT1", "", valid=False)])
    assert trial_overview(shown).trials[0].registrations == (("NCT1", None, None, True),)
    html = page(shown)
    assert "malformed" in html.text_content()
    assert not html.xpath("//a")


def test_links_tell_the_register_nothing() -> None:
    mention = registry_mention("NCT02187354", "NCT:NCT02187354")
    (link,) = page(view(trials=[trial(registry_ids=["NCT02187354"])], mentions=[mention])).xpath("//a")
    assert "noreferrer" in link.get("rel").split()


def test_a_trial_known_by_its_number_alone_is_that_link() -> None:
    mention = registry_mention("NCT02187354", "NCT:NCT02187354")
    html = page(view(trials=[trial(id="NCT02187354", registry_ids=["NCT02187354"])], mentions=[mention]))
    assert [link.text_content() for link in html.xpath("//th//b/a")] == ["NCT02187354"]
    assert html.text_content().count("NCT02187354") == 1


def test_columns_that_nothing_fills_are_left_out() -> None:
    heads = [head.text_content() for head in page(view(trials=[trial()])).xpath("//thead//th")]
    assert heads == ["Trial", "Phase, age, sponsor", "Results"]
    heads = [head.text_content() for head in page(view(trials=[trial(enrolled=0, years="later")])).xpath("//thead//th")]
    assert heads == ["Trial", "Phase, age, sponsor", "People", "Recruited", "Results"]


def test_rows_carry_their_record_and_study() -> None:
    (row,) = page(view(trials=[trial()])).xpath("//tr[@data-record]")
    assert (row.get("data-record"), row.get("data-study")) == ("t1", "LAKE-1")


def test_text_of_a_document_is_never_markup() -> None:
    evil = '<script>alert(1)</script>" onload="x'
    shown = view(
        trials=[
            trial(id=evil, aliases=[evil + "2"], registry_ids=[evil], sponsor=evil, age=evil, years=evil, note=evil)
        ],
        outcomes=[outcome(study=evil, endpoint=evil)],
        mentions=[registry_mention(evil, f"NCT:{evil}")],
    )
    html = page(shown)
    assert not html.xpath("//script | //@onload")
    assert html.text_content().count("<script>") >= 6


def test_no_trial_is_said() -> None:
    assert "names no trial" in page(view()).text_content()
