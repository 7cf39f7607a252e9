"""Forest-style plots: what stands together, in which order, and how it is drawn."""

from __future__ import annotations

import lxml.html
import pytest

from extract.sinks.html import make_environment
from extract.sinks.html.forest import ForestPlot, ForestRow, forest_plots, left_out

from .outcomes import Row, outcome, ratio


def rows_of(plot: ForestPlot) -> list[ForestRow]:
    return [row for study in plot.studies for row in study.rows]


def only_row(*rows: Row) -> ForestRow:
    (plot,) = forest_plots(rows)
    return rows_of(plot)[0]


def page(*rows: Row, left: int = 0) -> lxml.html.HtmlElement:
    """The plots, those that a page keeps for later as well."""
    template = make_environment().from_string(
        '{% from "forest.html" import forest %}<main>{{ forest(plots, left) }}</main>'
    )
    html = lxml.html.fromstring(template.render(plots=forest_plots(rows), left=left))
    for part in html.xpath('//script[@class="later"]'):
        part.getparent().replace(part, lxml.html.fromstring(part.text))
    return html


def test_each_kind_of_figure_has_its_own_plot() -> None:
    rows = [
        ratio(1),
        ratio(2, statistic="odds_ratio"),
        outcome(3),
        outcome(4, value="61"),
        outcome(5, statistic="median", unit="mo", ci_low="40", ci_high="60"),
        outcome(6, statistic="median", unit="d", ci_low="40", ci_high="60"),
        outcome(7, statistic="risk_difference", ci_low="1", ci_high="3", value="2"),
    ]
    plots = forest_plots(rows)
    assert [(plot.measure, plot.size) for plot in plots] == [
        ("hazard ratio, odds ratio", 2),
        ("risk difference", 1),
        ("percentage", 2),
        ("median (d)", 1),
        ("median (mo)", 1),
    ]
    assert [plot.shows_several for plot in plots] == [True, False, False, False, False]
    assert [each.shape for each in plots[0].shapes] == ["square", "diamond"]


def test_ratios_lie_on_a_log_axis_with_a_line_at_one() -> None:
    (plot,) = forest_plots([ratio()])
    assert plot.axis.scale == "log"
    assert plot.axis.line == next(tick.x for tick in plot.axis.ticks if tick.label == "1")


def test_endpoints_with_most_results_come_first_and_those_without_a_code_last() -> None:
    rows = [ratio(1, endpoint="OTHER", endpoint_text="falls"), ratio(2, endpoint="OTHER", endpoint_text="Falls")]
    rows += [ratio(3, endpoint="PFS"), ratio(4), ratio(5, value="0.5", low="0.4", high="0.6")]
    assert [(plot.endpoint, plot.name) for plot in forest_plots(rows)] == [
        ("OS", "overall survival"),
        ("PFS", "progression-free survival"),
        ("", "falls"),
    ]


def test_studies_stand_in_the_order_of_the_text_and_their_results_by_time() -> None:
    rows = [
        ratio(1, study="LAKE-2", timepoint="P5Y"),
        ratio(2, study="ref:7"),
        ratio(3, study="LAKE-2"),
        ratio(4, study="LAKE-2", timepoint="P24M"),
        ratio(5),
    ]
    (plot,) = forest_plots(rows)
    assert [(each.study, [row.record_id for row in each.rows]) for each in plot.studies] == [
        ("LAKE-2", ["o4", "o1", "o3"]),
        ("[7]", ["o2"]),
        ("study not told", ["o5"]),
    ]


def test_a_row_tells_arms_time_and_figure() -> None:
    row = only_row(ratio(arm="aspirin", versus="placebo", timepoint="P2Y", p_op="<", p="0.01", study="LAKE-2"))
    assert (row.study, row.arms, row.time) == ("LAKE-2", "aspirin vs. placebo", "2 y")
    assert row.figure == "HR 0.79 (95% CI 0.69 to 0.90; p < 0.01)"


def test_the_printed_name_stands_where_it_is_another_than_the_plots() -> None:
    rows = [
        ratio(1, endpoint="MACE", endpoint_text="cardiovascular death or stroke"),
        ratio(2, endpoint="MACE", endpoint_text="major adverse cardiovascular events"),
        ratio(3, endpoint="MACE", endpoint_text="MACE", grade="severe"),
    ]
    (plot,) = forest_plots(rows)
    assert [row.name for row in rows_of(plot)] == ["cardiovascular death or stroke", "", "severe"]


def test_one_value_alone_is_left_out_and_counted() -> None:
    rows = [outcome(1), outcome(2, endpoint="PFS"), outcome(3, endpoint="PFS", value="61"), ratio(4)]
    plots = forest_plots(rows)
    assert {plot.endpoint: plot.size for plot in plots} == {"OS": 1, "PFS": 2}
    assert left_out(rows, plots) == 1


def test_counts_have_no_place_and_are_not_counted() -> None:
    rows = [outcome(1, statistic="count", value=None, unit=None, n=4, total=9)]
    assert forest_plots(rows) == ()
    assert left_out(rows, ()) == 0


@pytest.mark.parametrize("value", ["0", "-0.5", "1E+400"])
def test_a_ratio_that_no_log_axis_holds_is_left_out(value: str) -> None:
    rows = [ratio(1, value=value), ratio(2)]
    plots = forest_plots(rows)
    assert [row.record_id for plot in plots for row in rows_of(plot)] == ["o2"]
    assert left_out(rows, plots) == 1


def test_a_value_with_its_interval_is_a_point_with_whiskers() -> None:
    mark = only_row(ratio(low="0.90", high="0.69")).mark  # printed from high to low
    assert mark.drawing == "point"
    assert mark.left is not None
    assert mark.x is not None
    assert mark.right is not None
    assert float(mark.left) < float(mark.x) < float(mark.right)
    assert not mark.cut_left
    assert not mark.cut_right


def test_an_interval_beyond_the_axis_is_cut() -> None:
    mark = only_row(ratio(low="0.69", high="400")).mark
    assert (mark.cut_left, mark.cut_right) == (False, True)
    assert mark.right == "96.00"


@pytest.mark.parametrize(
    ("fields", "drawing"),
    [
        ({}, "open"),
        ({"bound": "<"}, "below"),
        ({"bound": ">="}, "above"),
        ({"value": None, "low": "10", "high": "20"}, "range"),
    ],
)
def test_values_without_an_interval_differ_in_form(fields: dict[str, str | None], drawing: str) -> None:
    (plot,) = forest_plots([outcome(1, **fields), outcome(2)])
    assert rows_of(plot)[0].mark.drawing == drawing


def test_a_range_is_never_a_point() -> None:
    mark = only_row(outcome(value=None, low="10", high="20")).mark
    assert (mark.x, mark.left, mark.right) == (None, "50.00", "96.00")


def test_rows_carry_what_the_page_filters_by() -> None:
    row = page(ratio(arm='"aspirin"', study="LAKE-2")).find(".//tr[@data-record]")
    assert row is not None
    assert {name: row.get(f"data-{name}") for name in ("record", "study", "endpoint", "arm", "confidence")} == {
        "record": "o1",
        "study": "LAKE-2",
        "endpoint": "OS",
        "arm": '"aspirin"',
        "confidence": "stated",
    }


def test_the_plots_say_that_nothing_is_pooled() -> None:
    words = " ".join(page(ratio(), left=3).text_content().split())
    assert "They are not a meta-analysis: nothing is pooled" in words
    assert "nor 3 values that stand alone" in words


def test_each_result_is_drawn_beside_its_words() -> None:
    rows = [outcome(1), outcome(2, bound="<"), outcome(3, bound=">"), outcome(4, value=None, low="10", high="20")]
    html = page(*rows, outcome(5, ci_low="40", ci_high="60"))
    drawn = html.xpath("//tr[@data-record]/td/svg")
    assert [svg.get("aria-hidden") for svg in drawn] == ["true"] * 5
    shapes = [lxml.html.tostring(svg) for svg in drawn]
    assert len(set(shapes)) == 5
    assert [cell.text_content() for cell in html.xpath("//td[@class='figure']")] == [
        "50%",
        "<50%",
        ">50%",
        "10 to 20%",
        "50% (CI 40 to 60)",
    ]


def test_no_plot_is_said() -> None:
    assert "No endpoint has a result with an interval" in page().text_content()


def test_text_of_a_document_is_never_markup() -> None:
    evil = '<script>alert(1)</script>" onload="x'
    html = page(
        ratio(1, arm=evil, study=evil, endpoint="OTHER", endpoint_text=evil), ratio(2, endpoint_text=evil, grade=evil)
    )
    assert len(html.xpath("//figure")) == 2
    assert not html.xpath("//script | //@onload")
    assert html.text_content().count(evil) > 4
