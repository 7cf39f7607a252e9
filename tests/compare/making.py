"""Small reviews to compare: the rows that each table has, without a text."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from extract.compare import ComparedStudy, compare_documents
from extract.records import DocumentRow, Evidence, Label, Mention, Outcome, Record, ReferenceRow, Schema, Trial

TABLES: tuple[Schema, ...] = ("documents", "outcomes", "trials", "references", "mentions", "evidence")


class Review:
    """One review by its rows."""

    def __init__(self, name: str, *records: Record, **document: Any) -> None:
        kinds = {Outcome: "outcomes", Trial: "trials", ReferenceRow: "references", Mention: "mentions"}
        self._rows: dict[str, list[Record]] = {table: [] for table in TABLES}
        self._rows["documents"] = [DocumentRow(document_id=name, path=f"{name}.txt", sha256=name, **document)]
        for number, record in enumerate(records):
            changed = {"document_id": name}
            if isinstance(record, Outcome | Trial):
                changed["record_id"] = f"{kinds[type(record)][0]}{number}"
            self._rows[kinds[type(record)]].append(record.model_copy(update=changed))
        for row in self._rows["trials"]:
            assert isinstance(row, Trial)
            self._rows["mentions"] += [make_number(name, each) for each in row.registry_ids]
        self._rows["evidence"] = [
            Evidence(document_id=name, record_id=row.record_id, field="value", start=9, end=11, quote="50")
            for row in self._rows["outcomes"]
            if isinstance(row, Outcome)
        ]

    def rows(self, table: Schema) -> Sequence[Record]:
        return self._rows[table]


def make_number(document_id: str, printed: str) -> Mention:
    """The mention of a registry number, under the heading Results."""
    fields = {"document_id": document_id, "mention_id": "m1", "quote": printed, "start": 0, "end": 11}
    return Mention(
        **fields, label=Label.REGISTRY_ID, section="Results", normalized=f"NCT:{printed}", valid=len(printed) == 11
    )


def trial(name: str, *numbers: str, aliases: Sequence[str] = (), refs: Sequence[int] = ()) -> Trial:
    return Trial(document_id="", record_id="", id=name, registry_ids=numbers, aliases=tuple(aliases), refs=tuple(refs))


def cited(
    number: int, author: str = "Moreau", year: int | None = 2019, title: str | None = None, **ids: str
) -> ReferenceRow:
    words = title or "Lumetinib for relapsed lymphoma in older adults"
    return ReferenceRow(document_id="", number=number, first_author=author, year=year, title=words, **ids)


def said(study: str | None, endpoint: str = "OS", value: str | None = "50", **fields: Any) -> Outcome:
    """A result: a percentage unless `statistic` says else; of `ref:5` it cites reference 5."""
    refs = tuple(map(int, study[4:].split(","))) if study and study.startswith("ref:") else ()
    given = {"endpoint_text": endpoint, "statistic": "percent", "unit": "%", "refs": refs, "quote": value or "x"}
    rule = {"confidence": "stated", "rule": "made"}
    numbers = {
        key: Decimal(each) if isinstance(each, str) and key in ("low", "high", "ci_low", "ci_high") else each
        for key, each in fields.items()
    }
    value_given = None if value is None else Decimal(value)
    return Outcome(
        document_id="", record_id="", study=study, endpoint=endpoint, value=value_given, **{**rule, **given, **numbers}
    )


def counted(study: str, endpoint: str, n: int, total: int | None, **fields: Any) -> Outcome:
    return said(study, endpoint, None, statistic="count", unit=None, n=n, total=total, **fields)


def compare(*reviews: Review) -> list[ComparedStudy]:
    return list(compare_documents(reviews))


def lines(*reviews: Review) -> list[tuple[str, str, list[str]]]:
    """Status, endpoint and the quotes of the sides of each line of the one study that the reviews share."""
    (study,) = compare(*reviews)
    return [
        (line.status, line.said[0].outcome.endpoint, [side.outcome.quote for side in line.said]) for line in study.lines
    ]
