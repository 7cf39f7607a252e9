"""What every process makes of the package's own files, kept beside its byte code: patterns compiled, lexicons read.

Python compiles each regular expression anew in each process, some thousand of them for one review. Their compiled form
is kept in `__pycache__`, by the same rules as byte code: for this Python only, nowhere with `PYTHONDONTWRITEBYTECODE`,
without a word where the folder cannot be written. What is there is used only where it is whole and made of the same
source; otherwise it is made again.
"""

from __future__ import annotations

import atexit
import marshal
import os
import re
import sys
import zlib
from array import array
from collections.abc import Callable
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, AnyStr, TypeVar, cast

Value = TypeVar("Value")

try:  # parts of `re` that it does not promise: without them patterns are compiled anew
    _sre, _compiler, _parser = map(import_module, ("_sre", "re._compiler", "re._parser"))
    _KNOWN = array("I").itemsize == _sre.CODESIZE
except (ImportError, AttributeError):  # pragma: no cover - an interpreter other than CPython
    _KNOWN = False

_FORMAT = 1
MOST_PATTERNS = 4000  # with more, those of former versions are dropped


class Store:
    """Patterns and values by what they are made of, in one file; nothing is written before `save`."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stamp = (_FORMAT, sys.version, _sre.MAGIC if _KNOWN else 0, sys.byteorder)
        self._read = False
        self._patterns: dict[tuple[str | bytes, int], tuple[int, bytes, tuple[str | None, ...]]] = {}
        self._values: dict[str, tuple[bytes, Any]] = {}
        self._used: set[tuple[str | bytes, int]] = set()
        self._new = False

    def pattern(self, pattern: AnyStr, flags: int) -> re.Pattern[AnyStr]:
        """`re.compile(pattern, flags)`."""
        if not _KNOWN or self._path is None:
            return re.compile(pattern, flags)
        self._fill()
        key = (pattern, int(flags))
        self._used.add(key)
        kept = self._patterns.get(key)
        try:
            if kept is None:
                kept = self._patterns[key] = _compile(*key)
                self._new = True
            all_flags, code, names = kept
            numbers = {name: number for number, name in enumerate(names) if name is not None}
            codes = array("I", code).tolist()
            return cast("re.Pattern[AnyStr]", _sre.compile(pattern, all_flags, codes, len(names) - 1, numbers, names))
        except (AttributeError, TypeError, ValueError, RuntimeError):  # a Python whose `re` is built otherwise
            self._patterns.pop(key, None)
            return re.compile(pattern, flags)

    def value(self, name: str, source: bytes, make: Callable[[], Value]) -> Value:
        """What `make` gives, plain data (dicts, lists, tuples, strings, numbers), made once for each `source`."""
        self._fill()
        kept = self._values.get(name)
        if kept is None or kept[0] != source:
            kept = self._values[name] = (source, make())
            self._new = True
        return cast("Value", kept[1])

    def save(self) -> None:
        """Write what is new, in one step; a folder that cannot be written is left as it is."""
        if not self._new or self._path is None or sys.dont_write_bytecode:
            return
        if len(self._patterns) > MOST_PATTERNS:
            self._patterns = {key: kept for key, kept in self._patterns.items() if key in self._used}
        content = marshal.dumps((self._stamp, self._patterns, self._values))
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                temporary.write_bytes(zlib.crc32(content).to_bytes(4, "big") + content)
                temporary.replace(self._path)
            except OSError:
                temporary.unlink(missing_ok=True)
                raise
        except OSError:
            return
        self._new = False

    def _fill(self) -> None:
        """Read the file, once; what is missing, damaged or of another Python is passed over."""
        if self._read or self._path is None:
            return
        self._read = True
        try:
            data = self._path.read_bytes()
        except OSError:
            return
        content = memoryview(data)[4:]
        if len(data) > 4 and zlib.crc32(content).to_bytes(4, "big") == data[:4]:
            stamp, patterns, kept_values = marshal.loads(content)
            if stamp == self._stamp:
                self._patterns, self._values = patterns, kept_values


def _compile(pattern: str | bytes, flags: int) -> tuple[int, bytes, tuple[str | None, ...]]:
    """The flags, the code and the names of the groups of a pattern; a `re.error` is raised as by `re.compile`."""
    parsed = _parser.parse(pattern, flags)
    names: list[str | None] = [None] * parsed.state.groups
    for name, number in parsed.state.groupdict.items():
        names[number] = name
    code = array("I", _compiler._code(parsed, flags)).tobytes()
    return int(flags | parsed.state.flags), code, tuple(names)


def _place() -> Path | None:
    try:
        return Path(cache_from_source(__file__)).with_suffix(".kept")
    except NotImplementedError:  # byte code is not cached at all
        return None


STORE = Store(_place())
atexit.register(STORE.save)
