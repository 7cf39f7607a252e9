"""What can go wrong, as a tree.

ExtractError
├── ReadError         a file that cannot be read: missing, empty, binary, wrongly encoded, too long a line
├── LexiconError      a lexicon file that does not validate: unknown key, duplicate form, unknown code
├── GoldError         an annotation file that does not fit its document
├── FetchError        a paper that the archive of open-access papers does not give
│   ├── NetworkError  the archive cannot be reached
│   └── BusyError     the archive asks to come back later
└── OutputError       a place that cannot be written

Every message names the file, the place and the reason in one line.
"""

from __future__ import annotations

LONGEST = 1_000  # characters of a message, which may quote what stands in a file


class ExtractError(Exception):
    """Base of all errors that a user can cause and can mend; its text is one printable line, whatever it quotes."""

    def __str__(self) -> str:
        line = "".join(
            each if each.isprintable() else " " if each.isspace() else "\ufffd" for each in super().__str__()
        )
        if len(line) <= LONGEST:
            return line
        return f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"


class ReadError(ExtractError):
    """A document that cannot be read."""


class LexiconError(ExtractError):
    """A lexicon that does not validate."""


class GoldError(ExtractError):
    """Gold annotations that do not fit their document or their schema."""


class OutputError(ExtractError):
    """An output place that cannot be written."""


class FetchError(ExtractError):
    """A paper that the archive does not give."""


class NetworkError(FetchError):
    """The archive cannot be reached."""


class BusyError(FetchError):
    """The archive asks to come back, after `seconds` where it says so."""

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds
