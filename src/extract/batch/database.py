"""SQLite files that several processes share: what goes wrong with one is told in a line with what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from extract.errors import OutputError

_DAMAGE = (
    "not a database",
    "malformed",
    "no such table",
    "no such column",
    "decode to UTF-8",
    "constraint failed",
    "foreign key",
)
_UNREACHABLE = ("readonly", "unable to open", "disk I/O")


@dataclass(frozen=True, slots=True)
class Advice:
    """What is said of a file that others hold, that does not fit on the disk, and that is damaged."""

    busy: str
    full: str
    damaged: str

    @contextmanager
    def told(self, path: Path, *, damage: tuple[type[Exception], ...] = (UnicodeDecodeError,)) -> Iterator[None]:
        """Turns what SQLite and the operating system say, and errors that mean `damage`, into a named OutputError."""
        try:
            yield
        except sqlite3.Error as error:
            raise OutputError(f"{path}: {self._reason(str(error))}") from error
        except OSError as error:
            raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
        except damage as error:
            raise OutputError(f"{path}: {self.damage(str(error))}") from error

    def damage(self, found: str) -> str:
        """What is said of a damaged file."""
        return f"damaged ({found}); {self.damaged}"

    def _reason(self, message: str) -> str:
        if "locked" in message:
            return self.busy
        if "full" in message:
            return f"no space left on the disk; {self.full}"
        if any(sign in message for sign in _DAMAGE):
            return self.damage(message)
        if any(sign in message for sign in _UNREACHABLE):
            return f"cannot be written ({message}); is its disk there, and may it be written?"
        return message


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """What is written in the block is written whole or not at all, and nobody else writes in between."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield database
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
