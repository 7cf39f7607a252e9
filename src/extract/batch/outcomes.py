"""What becomes of a file: a result or a failure, and the options that both depend on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from extract.errors import ExtractError
from extract.records import TABLES, Record, Schema

if TYPE_CHECKING:
    import pyarrow as pa

CONTENT = "content"  # the part that holds the text and its blocks; the others are named as their tables
MAX_MEMORY = 2 << 30  # bytes on top of the loaded libraries; a review of 20 pages takes a fortieth
TIMEOUT = 120.0  # seconds for one file; a review of 20 pages takes 0.5
OCR_TIMEOUT = 1800.0  # seconds for one file, where scans are recognised: some 5 a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How files are read and extracted; all but `password` are part of what a result depends on."""

    helpers: bool = False
    ocr: bool = False
    password: str | None = field(default=None, repr=False)

    def key(self) -> str:
        """The options that change a result, in one word."""
        return f"helpers={self.helpers:d},ocr={self.ocr:d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may take: `timeout` in seconds, `max_memory` in bytes (kept to on Linux)."""

    timeout: float = TIMEOUT
    max_memory: int = MAX_MEMORY

    def __post_init__(self) -> None:
        """Raise ValueError where no file could be done."""
        for name in ("timeout", "max_memory"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} is not above 0: {getattr(self, name)}")

    @classmethod
    def of(cls, options: Options, *, timeout: float | None = None, max_memory: int | None = None) -> Limits:
        """Limits with what was not given by default."""
        usual = OCR_TIMEOUT if options.ocr else TIMEOUT
        return cls(
            timeout=usual if timeout is None else timeout,
            max_memory=MAX_MEMORY if max_memory is None else max_memory,
        )


class Stage(StrEnum):
    """Where a file failed."""

    OPEN = "open"  # it is not there or may not be read
    READ = "read"  # no reader makes a document of it
    EXTRACT = "extract"  # the program itself failed on it
    LIMIT = "limit"  # it took too long or too much memory
    CRASH = "crash"  # the process that worked on it died, again and again


@dataclass(frozen=True, slots=True)
class Failure:
    """A file without a result: why, in a line that does not name it, and what to do."""

    path: Path
    stage: Stage
    error: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}: {self.error}"


@dataclass(frozen=True, slots=True)
class Result:
    """The tables of one file, packed: Arrow streams under zstd, named as the tables, and its content.

    The packed rows carry no document id: a result belongs to bytes, an id to a file.
    """

    path: Path
    document_id: str
    sha256: str
    title: str | None
    doi: str | None
    counts: Mapping[Schema, int]
    warnings: tuple[str, ...]
    parts: Mapping[str, bytes] = field(repr=False)
    seconds: float = 0.0

    def table(self, table: Schema) -> pa.Table:
        """The document's rows of a table as Arrow; the columns are those of the dataset."""
        from extract.batch.packing import unpack  # noqa: PLC0415 - pyarrow only where it is used

        return unpack(self.parts[table], table, document_id=self.document_id, path=str(self.path))

    def rows(self, table: Schema) -> tuple[Record, ...]:
        """The document's rows of a table as records."""
        from extract.sinks.arrow import to_rows  # noqa: PLC0415

        return tuple(TABLES[table].model_validate(row) for row in to_rows(self.table(table), table))


def failure_of(path: Path, stage: Stage, error: BaseException | str) -> Failure:
    """A failure with its advice; the message is made one line without the file's name."""
    message = " ".join(str(error).split()) or type(error).__name__
    message = message.removeprefix(f"{path}:").strip()
    if isinstance(error, BaseException) and not isinstance(error, ExtractError):
        message = f"{type(error).__name__}: {message}"
    return Failure(path, stage, message, _advice(stage, message))


def _advice(stage: Stage, message: str) -> str:
    for sign, advice in _SIGNS:
        if sign in message:
            return advice
    return _ADVICE[stage]


_SIGNS: Sequence[tuple[str, str]] = (
    ("--password", "run again with --password and --retry-failed"),
    ("wrong password", "run again with another --password and --retry-failed"),
    ("--ocr", "run again with --ocr: it recognises the text of scans"),
    ("not within", "run again with a longer --timeout and --retry-failed"),
    ("of memory", "run again with more --memory and --retry-failed"),
)
_ADVICE: dict[Stage, str] = {
    Stage.OPEN: "check that the file is there and may be read",
    Stage.READ: "open the file in its usual program and save it again, or get it anew",
    Stage.EXTRACT: "please report it with the file: this is a fault of the program",
    Stage.LIMIT: "run again with a longer --timeout or more --memory, and --retry-failed",
    Stage.CRASH: "open the file in its usual program and save it again; please report it with the file",
}
