"""The files for a meta-analysis as other programs read them: whole, typed, and with no figure that nobody printed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats.contingency import relative_risk

import extract
from extract.errors import OutputError, ReadError
from extract.sinks.dataset import Dataset
from extract.sinks.meta_analysis import write_metafor, write_revman

from .datasets import SAMPLES, TEXTS, damage, make_dataset, make_hostile, names_in, read_parquet
from .meta_records import count, difference, export, make_review, mean, ratio, read_export, read_table

Tables = dict[str, pd.DataFrame]
FIGURES = {
    "arms": "events total percent mean sd low high ci_low ci_high ci_level se dispersion",
    "comparisons": "ai n1i ci n2i m1i sd1i m2i sd2i",
    "effects": "value ci_low ci_high ci_level se_printed p n_studies i2",
}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The sample reviews."""
    paths = sorted(SAMPLES.glob("*.md"))
    extractions = [extract.extract_document(extract.read(path)) for path in paths]
    return make_dataset(tmp_path_factory.mktemp("samples"), extractions)


@pytest.fixture(scope="module")
def tables(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """All files of both exports of the sample reviews."""
    return read_export(dataset, tmp_path_factory.mktemp("written"))


@pytest.fixture(scope="module")
def outcomes(dataset: Dataset) -> pd.DataFrame:
    """The records of the sample reviews by document and record."""
    return read_parquet(dataset, "outcomes").set_index(["document_id", "record_id"], drop=False)


# What stands in the files


@pytest.mark.parametrize("write", [write_metafor, write_revman])
def test_every_file_and_column_that_is_documented_is_there(
    write: Callable[[Dataset, Path], list[Path]], tables: Tables
) -> None:
    named = re.findall(r"`(\w+)\.csv`", write.__doc__ or "")
    assert named
    assert set(named) <= tables.keys()
    columns = {column for name in named for column in tables[name].columns}
    arguments = re.findall(r"\w+=(\w+)", write.__doc__ or "")
    words = re.findall(r"`([a-z]\w*|GIV \w+|Footnotes)`", write.__doc__ or "")
    documented = {*arguments, *words} - {"folder", "meta"}
    assert documented <= columns
    derived = {column for column in columns if column.endswith("_derived")}
    assert bool(derived) == (write is write_metafor)


def test_the_samples_fill_every_file_but_the_one_of_complete_means(tables: Tables) -> None:
    assert {name for name, table in tables.items() if table.empty} == {"continuous"}


def test_records_and_documents_are_those_of_the_dataset(tables: Tables, outcomes: pd.DataFrame) -> None:
    for name in ("arms", "comparisons", "effects", "dichotomous", "generic_inverse_variance"):
        table = tables[name]
        documents = table["document_id" if "document_id" in table else "Document"]
        ids = table[next(column for column in ("record_ids", "record_id", "Records") if column in table)]
        named = {(key, each) for key, joined in zip(documents, ids, strict=True) for each in joined.split(";")}
        assert named <= set(outcomes.index), name


def test_each_record_stands_in_one_file_or_is_counted_as_left_out(tables: Tables, outcomes: pd.DataFrame) -> None:
    arms = [(row.document_id, each) for row in tables["arms"].itertuples() for each in str(row.record_ids).split(";")]
    effects = list(zip(tables["effects"].document_id, tables["effects"].record_id, strict=True))
    left = tables["left_out"].set_index("what").loc[["record in no file"]].number.sum()
    assert len({*arms, *effects}) == len(arms) + len(effects)
    assert len(arms) + len(effects) + left == len(outcomes)


def test_each_arm_in_no_comparison_says_why(tables: Tables) -> None:
    arms = tables["arms"]
    assert (arms.comparisons.isna() == arms.unpaired.notna()).all()
    counted = tables["left_out"].set_index(["what", "reason"]).number
    assert counted["arm in no comparison"].to_dict() == arms.unpaired.value_counts().to_dict()
    missing = counted["effect without sei"].sum()
    assert missing == tables["effects"].sei.isna().sum()


def test_every_figure_is_one_of_the_records_it_is_of(tables: Tables, outcomes: pd.DataFrame) -> None:
    numeric = outcomes.select_dtypes("number")
    for name, columns in FIGURES.items():
        table = tables[name]
        for _, row in table.iterrows():
            ids = row["record_ids" if "record_ids" in row else "record_id"].split(";")
            printed = set(numeric.loc[[(row.document_id, each) for each in ids]].stack())
            figures = set(row[columns.split()].dropna().astype(float))
            assert figures <= printed, (name, ids)


def test_every_number_in_revman_stands_in_metafor(tables: Tables) -> None:
    known = tables["comparisons"].set_index(["document_id", "record_ids"])
    for _, row in tables["dichotomous"].iterrows():
        pair = known.loc[row.Document, row.Records]
        cells = row[["Experimental cases", "Experimental N", "Control cases", "Control N"]]
        assert cells.tolist() == pair[["ai", "n1i", "ci", "n2i"]].tolist()
    effects = tables["effects"].set_index(["document_id", "record_id"])
    for _, row in tables["generic_inverse_variance"].iterrows():
        effect = effects.loc[row.Document, row.Records]
        assert row[["GIV Mean", "GIV SE"]].tolist() == effect[["yi", "sei"]].tolist()
        assert row["Log-scale data"] == (effect["transform"] == "log")
        assert not effect.pooled


def test_counts_are_possible(tables: Tables) -> None:
    pairs = tables["comparisons"]
    for events, total in (("ai", "n1i"), ("ci", "n2i"), ("ai_derived", "n1i_derived"), ("ci_derived", "n2i_derived")):
        both = pairs[[events, total]].dropna()
        assert (both[events] >= 0).all()
        assert (both[events] <= both[total]).all()
    arms = tables["arms"].query("kind == 'proportion' and events_derived.notna() and total_derived.notna()")
    settled = arms[arms.events.isna() | arms.total.isna()]
    assert len(settled)
    share = 100 * settled.events_derived / settled.total_derived
    printed = settled.percent.map(lambda value: 0.5 * 10.0 ** -len(f"{value:.10f}".rstrip("0").partition(".")[2]))
    assert ((share - settled.percent).abs() <= printed + 1e-9).all()


def test_effects_are_possible(tables: Tables) -> None:
    effects = tables["effects"]
    known = effects.dropna(subset=["sei"])
    assert len(known)
    assert (known.sei > 0).all()
    assert known.vi.to_numpy() == pytest.approx(known.sei.to_numpy() ** 2, rel=1e-8)
    within = known.dropna(subset=["ci_low"])
    scales: dict[str, Callable[[Any], Any]] = {"log": np.log, "percent": lambda value: value / 100, "none": float}
    for _, row in within.iterrows():
        scale = scales[row["transform"]]
        assert scale(row.ci_low) - 1e-9 <= row.yi <= scale(row.ci_high) + 1e-9


# Recomputed by others


def test_the_risk_ratio_and_its_variance_follow_from_the_columns(tmp_path: Path) -> None:
    tables = export(tmp_path, count("drug", 24, 228), count("placebo", 12, 117), ratio("1.03", "0.53", "1.98"))
    row = tables["comparisons"].iloc[0]
    by_scipy = relative_risk(int(row.ai), int(row.n1i), int(row.ci), int(row.n2i))
    variance = 1 / row.ai - 1 / row.n1i + 1 / row.ci - 1 / row.n2i
    interval = by_scipy.confidence_interval(0.95)
    assert np.log(interval.high / interval.low) / (2 * 1.959963985) == pytest.approx(np.sqrt(variance))
    effect = tables["effects"].iloc[0]
    assert effect.yi == pytest.approx(np.log(by_scipy.relative_risk), abs=0.01)  # as printed: two digits
    assert effect.vi == pytest.approx(variance, rel=0.02)


def test_the_generic_rows_pool_to_what_fixed_effects_give(tmp_path: Path) -> None:
    """Inverse variance by hand: three trials of one ratio."""
    records = [
        ratio("0.79", "0.69", "0.90", study="ref:1"),
        ratio("0.86", "0.71", "1.04", study="ref:2"),
        ratio("0.74", "0.63", "0.87", study="ref:3"),
        ratio("0.79", "0.72", "0.87", study=None, n_studies=3, i2="0"),
    ]
    table = export(tmp_path, *records)["generic_inverse_variance"]
    weight = 1 / table["GIV SE"] ** 2
    pooled = (weight * table["GIV Mean"]).sum() / weight.sum()
    half = 1.959963985 / np.sqrt(weight.sum())
    assert np.exp([pooled, pooled - half, pooled + half]).round(2).tolist() == [0.79, 0.72, 0.86]


def test_the_generic_rows_of_the_samples_pool_to_finite_results(tables: Tables) -> None:
    table = tables["generic_inverse_variance"]
    for _, rows in table.groupby(["Effect measure", "Unit"], dropna=False):
        weight = 1 / rows["GIV SE"] ** 2
        assert np.isfinite((weight * rows["GIV Mean"]).sum() / weight.sum())
    assert table["GIV SE"].notna().all()
    assert table.Study.notna().all()


def test_r_reads_and_pools_the_files(dataset: Dataset, tables: Tables, tmp_path: Path) -> None:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("Rscript is not installed")
    if subprocess.run([program, "-e", "library(metafor)"], capture_output=True, check=False).returncode:
        pytest.skip("R has no package metafor")
    write_metafor(dataset, tmp_path)
    script = """
        suppressMessages(library(metafor))
        read <- function(name) read.csv(paste0(name, ".csv"), na.strings = "")
        arms <- escalc("PLO", xi = events, ni = total, data = subset(read("arms"), events <= total))
        pairs <- escalc("RR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = read("comparisons"))
        once <- subset(read("effects"), pooled == FALSE & is.na(repeats) & measure == "HR")
        model <- rma(yi, sei = sei, data = subset(once, !is.na(sei)))
        cat(sum(is.finite(arms$vi)), sum(is.finite(pairs$vi)), model$k, is.finite(model$b))
    """
    run = subprocess.run([program, "-e", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    arms, pairs, effects = (tables[name] for name in ("arms", "comparisons", "effects"))
    once = effects[(effects.pooled == False) & effects.repeats.isna() & (effects.measure == "HR")]  # noqa: E712
    whole_arms = arms[arms.events.notna() & arms.total.notna() & (arms.events <= arms.total)]
    whole_pairs = pairs[["ai", "n1i", "ci", "n2i"]].notna().all(axis=1)
    assert run.stdout.split() == [
        str(len(whole_arms)),
        str(int(whole_pairs.sum())),
        str(int(once.sei.notna().sum())),
        "TRUE",
    ]


# Years, units, texts


@pytest.mark.parametrize(
    ("study", "refs", "year"),
    [
        ("Albers 2015", (), 2015),
        ("Albers 2015b", (), 2015),
        ("Albers-Brand et al. 2015", (5,), 2015),
        ("ref:5", (5,), 2008),
        ("RIVER", (5,), 2008),
        ("RIVER", (5, 6), None),
        ("RIVER", (7,), None),
        ("RIVER 2003", (), None),  # the year of a protocol
        ("RIVER2003", (), None),
        ("NCT00002019", (), None),
        ("Albers 2015,Brand 2017", (), None),
    ],
)
def test_the_year_of_a_study_is_that_beside_its_author_or_of_its_one_reference(
    tmp_path: Path, study: str, refs: tuple[int, ...], year: int | None
) -> None:
    tables = export(
        tmp_path,
        ratio("0.79", "0.69", "0.90", study=study, refs=refs),
        years={5: 2008, 6: 2012},
        trials=["RIVER", "RIVER 2003", "RIVER2003", "NCT00002019"],
    )
    assert tables["effects"].study_year.fillna(0).tolist() == [year or 0]


def test_revman_keeps_units_apart(tmp_path: Path) -> None:
    tables = export(
        tmp_path,
        mean("drug", "63", "25", 56, unit="mg/dL"),
        mean("placebo", "60", "19", 60, unit="mg/dL"),
        difference("3", "1", "5", unit="mg/dL"),
        ratio("-2.4", "-4.7", "-0.1", statistic="risk_difference", unit="%"),
    )
    assert tables["continuous"].Unit.tolist() == ["mg/dL"]
    assert tables["generic_inverse_variance"].Unit.fillna("").tolist() == ["mg/dL", ""]
    assert tables["generic_inverse_variance"]["GIV Mean"].tolist() == [3, -0.024]


def test_revman_has_time_severity_and_totals_of_an_effect(tmp_path: Path) -> None:
    setting = {"timepoint": "P1Y", "grade": "severe"}
    tables = export(
        tmp_path,
        count("drug", 24, 228, **setting),
        count("placebo", 12, 117, **setting),
        ratio("1.03", "0.53", "1.98", **setting),
    )
    row = tables["generic_inverse_variance"].iloc[0]
    assert (row["Analysis name"], row.Subgroup, row["Effect measure"]) == ("cough at P1Y", "severe", "Risk Ratio")
    assert (row["Experimental N"], row["Control N"], row["Log-scale data"]) == (228, 117, True)


def test_digits_stand_as_printed(tmp_path: Path) -> None:
    review = make_review(tmp_path, [ratio("0.80", "0.70", "0.90"), mean("drug", "5.0", "1.50", 20)])
    write_metafor(review, tmp_path)
    text = read_table_as_text(tmp_path / "effects.csv").iloc[0]
    assert (text.value, text.ci_low, text.ci_printed) == ("0.80", "0.70", "0.70 to 0.90")
    text = read_table_as_text(tmp_path / "arms.csv").iloc[0]
    assert (text["mean"], text.sd) == ("5.0", "1.50")


def test_texts_come_back_as_they_are(tmp_path: Path) -> None:
    texts = [text for text in TEXTS if text and "\x00" not in text]
    records = [count(text, place, 100, endpoint_text=text, grade=text) for place, text in enumerate(texts)]
    records += [ratio("0.5", "0.4", "0.6", arm=text, versus=text, endpoint_text=text) for text in texts]
    review = make_review(tmp_path, records)
    write_metafor(review, tmp_path)
    for name in ("arms", "effects"):
        table = read_table_as_text(tmp_path / f"{name}.csv")
        assert table.arm.tolist() == texts
        assert table.endpoint_text.tolist() == texts
        assert (table.study == "ref:5").all()


def test_hostile_records_are_written(tmp_path: Path) -> None:
    review = make_dataset(tmp_path / "dataset", [make_hostile()])
    tables = read_export(review, tmp_path)
    assert len(tables["arms"]) == len(make_hostile().outcomes)
    assert tables["comparisons"].empty


def test_a_dataset_without_results_gives_headers_alone(tmp_path: Path) -> None:
    tables = export(tmp_path)
    assert all(table.empty for table in tables.values())
    assert "yi" in tables["effects"]


# Files


def test_the_same_dataset_gives_the_same_bytes(dataset: Dataset, tmp_path: Path) -> None:
    for write in (write_metafor, write_revman):
        once, again = write(dataset, tmp_path / "1"), write(dataset, tmp_path / "2")
        assert [path.read_bytes() for path in once] == [path.read_bytes() for path in again]


def test_documents_are_told_apart(dataset: Dataset, tables: Tables) -> None:
    alone = {name: table[table.document_id == "cardiology"] for name, table in tables.items() if "document_id" in table}
    assert all(len(table) for table in alone.values())
    assert set(tables["arms"].document_id) == set(read_parquet(dataset, "documents").document_id)


def test_a_folder_that_cannot_be_written_is_named_and_nothing_is_left(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for write in (write_metafor, write_revman):
        with pytest.raises(OutputError, match="file"):
            write(dataset, tmp_path / "file")
    assert names_in(tmp_path) == ["file"]


def test_a_damaged_dataset_is_named_and_old_files_stay(tmp_path: Path) -> None:
    review = make_review(tmp_path, [ratio("0.80", "0.70", "0.90")])
    target = tmp_path / "out"
    before = [path.read_bytes() for path in write_metafor(review, target)]
    damage(review, "outcomes")
    with pytest.raises(ReadError, match=r"outcomes\.parquet: damaged"):
        write_metafor(review, target)
    assert [(target / f"{name}.csv").read_bytes() for name in ("arms", "comparisons", "effects", "left_out")] == before
    assert len(names_in(target)) == 4


def read_table_as_text(path: Path) -> pd.DataFrame:
    """A file as it stands, every cell a text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_empty_cells_alone_are_missing(tmp_path: Path) -> None:
    make = make_review(tmp_path, [ratio("0.80", arm="NA", versus="null")])
    write_metafor(make, tmp_path)
    row = read_table(tmp_path / "effects.csv").iloc[0]
    assert (row.arm, row.versus) == ("NA", "null")
    assert row[["timepoint", "grade", "ci_low", "sei", "se_printed"]].isna().all()
