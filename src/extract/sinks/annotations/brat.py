"""brat standoff (https://brat.nlplab.org/standoff.html): a folder that brat opens as it is, and the way back.

A document is `<name>.txt`, its text, and `<name>.ann`, its mentions:
- `T`: label and offsets in code points. brat cannot mark a line break, so that a mention over one is discontinuous;
  tabs and the other signs that some program ends a line at are left out in the same way.
- `A`: role, bound, code, registry, implicit and valid, to be corrected from lists, which `annotation.conf` has.
- `#`: the other typed values as JSON in the note of the mention (`{"value": "66.2"}`). They are no `N` lines, for which
  brat would ask a database of each register whenever the pointer rests on one.
`documents.jsonl` says which file is which document, and by the SHA-256 of its `.ann` whether that was changed since.

Names: a document id of up to 80 ASCII letters, digits, `-` and `_` is the name. Where it holds other signs, is longer,
is one that Windows keeps for devices or brat hides, or differs from an earlier one by case alone, other signs become
`_` and `~` with the first 16 hexadecimal digits of the id's SHA-256 follows: `a/b` is `a_b~c14cddc033f64b9d`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from extract import lexicons
from extract.document import CharSpan
from extract.errors import OutputError, ReadError
from extract.patterns import lazy_regex
from extract.records import PROMISED, Label
from extract.sinks.annotations import AnnotatedDocument
from extract.sinks.annotations.rows import checked_mentions, printed, storable, typed_values
from extract.sinks.tables import write_atomically
from extract.sinks.terminal import COLOURS
from extract.values import PercentRole, StatisticKind

INDEX = "documents.jsonl"
NOTE = "AnnotatorNotes"  # the one type of note that can be edited in brat
BOUNDS = {"<": "below", "<=": "at_most", ">": "above", ">=": "at_least"}  # brat's lists take `<` for a macro
BOOLEANS = {"true": True, "false": False}
HELPER_COLOUR = "#dddddd"
MAX_NAME = 80  # characters: with the longest suffix well below the 255 bytes of common file systems
# Where some program ends a line or a column of an annotation, with the white space around it.
_BREAK = lazy_regex("\\s*[\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]\\s*")
_BREAK_IN_JSON = lazy_regex("[\x85\u2028\u2029]")  # those that JSON leaves as they are
_PLAIN = lazy_regex(rf"(?!hidden_)[A-Za-z0-9][A-Za-z0-9_-]{{0,{MAX_NAME - 1}}}")
_DEVICE = lazy_regex(r"con|prn|aux|nul|com\d|lpt\d")
_LISTED = lazy_regex(r"[A-Za-z0-9_.-]+")  # values that stand in a list of `annotation.conf`


@dataclass(frozen=True, slots=True)
class BratSpan:
    """A marked span: `text[start:end]`, its label, typed values and what else its note says.

    `fragments` are several where something other than line breaks is left out between them. `values` are those of the
    table `mentions` by column, except that a value which an annotator removed is missing.
    """

    span_id: str
    label: str
    fragments: tuple[CharSpan, ...]
    values: dict[str, Any] = field(default_factory=dict)
    note: str | None = None

    @property
    def start(self) -> int:
        """Its first character."""
        return self.fragments[0].start

    @property
    def end(self) -> int:
        """One past its last character."""
        return self.fragments[-1].end


@dataclass(frozen=True, slots=True)
class BratDocument:
    """A document as it comes out of brat, its spans in text order."""

    document_id: str
    text: str
    spans: tuple[BratSpan, ...]


def write_brat(documents: Iterable[AnnotatedDocument], folder: Path) -> list[Path]:
    """Write the documents as a brat collection and return its files.

    What an earlier export left of a document is replaced, but not annotations that were changed since. In the texts a
    space stands for each carriage return, which readers of text files take away. A mention that begins or ends with a
    break begins or ends beside it. Raises OutputError where the folder cannot be written, annotations were changed, two
    documents have one id, or a mention does not fit its text or is white space alone.
    """
    paths: list[Path] = []
    index = _Index(folder)
    listed: dict[str, set[str]] = {name: set() for name in _lists()}
    for document in documents:
        text = storable(document.content.text).replace("\r", " ")
        annotations = _joined(_annotation_lines(document, text, listed))
        name = index.enter(document, annotations)
        for suffix, content in ((".txt", text.encode()), (".ann", annotations)):
            paths.append(folder / f"{name}{suffix}")
            write_atomically(paths[-1], content)
    for file_name, lines in (
        (INDEX, index.lines()),
        ("annotation.conf", _annotation_conf(listed)),
        ("visual.conf", _visual_conf()),
    ):
        paths.append(folder / file_name)
        write_atomically(paths[-1], _joined(lines))
    return paths


def read_brat(folder: Path) -> Iterator[BratDocument]:
    """The documents of a brat collection, by file name.

    Relations, events and normalizations are passed over. Raises ReadError where a file cannot be read, is not as brat
    writes it, or annotates another text.
    """
    ids = {row["name"]: row["document_id"] for row in _rows(folder / INDEX)}
    for path in sorted(folder.glob("*.txt")):
        text, annotations = _read(path), path.with_suffix(".ann")
        lines = _read(annotations).split("\n") if annotations.exists() else []
        spans = tuple(_Reading(annotations, text).spans(lines))
        yield BratDocument(ids.get(path.stem, path.stem), text, spans)


class _Index:
    """Which files hold which document, and what their annotations were when they were exported, over all exports."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        rows = (row for row in _rows(folder / INDEX) if (folder / f"{row['name']}.txt").exists())
        self._rows = {row["document_id"]: row for row in rows}
        self._used = {row["name"].lower() for row in self._rows.values()}
        self._entered: set[str] = set()

    def enter(self, document: AnnotatedDocument, annotations: bytes) -> str:
        """The name of a document's files, without suffix.

        Raises OutputError where the document was entered before or its annotations were changed since an export.
        """
        document_id = document.document_id
        if document_id in self._entered:
            raise OutputError(f"{document_id}: two documents have this id")
        self._entered.add(document_id)
        known = self._rows.get(document_id)
        name = known["name"] if known else self._new_name(document_id)
        checksum = hashlib.sha256(annotations).hexdigest()
        path = self._folder / f"{name}.ann"
        if path.exists():
            present = hashlib.sha256(_read(path).encode()).hexdigest()
            if present not in (checksum, known and known["sha256"]):
                raise OutputError(f"{path}: changed since it was exported; choose another folder, or move it away")
        self._used.add(name.lower())
        self._rows[document_id] = {
            "name": name,
            "document_id": document_id,
            "path": document.path,
            "sha256": checksum,
        }
        return name

    def lines(self) -> Iterator[str]:
        """The lines of the file."""
        return map(json.dumps, self._rows.values())

    def _new_name(self, document_id: str) -> str:
        lower = document_id.lower()
        if _PLAIN.fullmatch(document_id) and not _DEVICE.fullmatch(lower) and lower not in self._used:
            return document_id
        digest = hashlib.sha256(document_id.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        plain = re.sub(r"[^A-Za-z0-9_-]", "_", document_id)[: MAX_NAME - 20]
        return f"{re.sub('^(?=hidden_|-|$)', '_', plain)}~{digest}"


def _annotation_lines(document: AnnotatedDocument, text: str, listed: dict[str, set[str]]) -> Iterator[str]:
    """The lines of a document; notes what values its attributes have."""
    attributes = 0
    for number, row in enumerate(checked_mentions(document), start=1):
        pieces = _fragments(text, row["start"], row["end"])
        if not "".join(text[start:end] for start, end in pieces).strip():
            place = f"{document.document_id}: mention {row['mention_id']}"
            raise OutputError(f"{place}: brat cannot mark white space alone")
        spans = ";".join(f"{start} {end}" for start, end in pieces)
        yield f"T{number}\t{row['label']} {spans}\t{' '.join(text[start:end] for start, end in pieces)}"
        noted = {}
        for name, value in typed_values(row).items():
            item = BOUNDS.get(value, value) if name == "bound" else printed(value)
            if name in listed and _LISTED.fullmatch(item):
                attributes += 1
                listed[name].add(item)
                yield f"A{attributes}\t{name} T{number} {item}"
            else:
                noted[name] = value
        if noted:
            note = storable(json.dumps(noted, ensure_ascii=False))
            note = _BREAK_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", note)
            yield f"#{number}\t{NOTE} T{number}\t{note}"


def _fragments(text: str, start: int, end: int) -> list[CharSpan]:
    """The pieces of a span between the breaks in it."""
    pieces = []
    for match in _BREAK.finditer(text, start, end):
        if match.start() > start:
            pieces.append(CharSpan(start, match.start()))
        start = match.end()
    return [*pieces, CharSpan(start, end)] if start < end else pieces


def _lists() -> dict[str, tuple[str, tuple[str, ...]]]:
    """The attributes with the labels that have them and the values to choose from."""
    codes = (*lexicons.load("endpoints").codes, *get_args(StatisticKind))
    return {
        "role": ("PERCENT", get_args(PercentRole)),
        "bound": ("PERCENT|DOSE", tuple(BOUNDS.values())),
        "code": ("ENDPOINT|STATISTIC", codes),
        "registry": ("REGISTRY_ID", tuple(row.code for row in lexicons.load("registries").registry)),
        "implicit": ("PERCENT", tuple(BOOLEANS)),
        "valid": ("REGISTRY_ID", tuple(BOOLEANS)),
    }


def _annotation_conf(listed: dict[str, set[str]]) -> Iterator[str]:
    """The labels, leave for any two spans to overlap, and the attributes (https://brat.nlplab.org/configuration.html)."""
    yield "[entities]"
    yield from PROMISED
    yield "----"
    yield from (label for label in Label if label not in PROMISED)
    yield "[relations]"
    yield "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"
    yield "[events]"
    yield "[attributes]"
    for name, (labels, values) in _lists().items():
        further = sorted(listed[name].difference(values))
        yield f"{name}\tArg:{labels}, Value:{'|'.join((*values, *further))}"


def _visual_conf() -> Iterator[str]:
    """Labels in words, the colours of the terminal, and no sign for attributes, which nearly every span has."""
    yield "[labels]"
    yield from (f"{label} | {label.replace('_', ' ').capitalize()} | {label}" for label in Label)
    yield "[drawing]"
    yield f"SPAN_DEFAULT\tfgColor:black, bgColor:{HELPER_COLOUR}, borderColor:darken"
    yield "ARC_DEFAULT\tcolor:black, arrowHead:triangle-5"
    yield "ATTRIBUTE_DEFAULT\tglyph:<NONE>"
    yield from (f"{label}\tbgColor:{colour}" for label, colour in COLOURS.items())


def _joined(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _rows(index: Path) -> list[dict[str, str]]:
    """The lines of an index; none where the collection was made elsewhere."""
    if not index.exists():
        return []
    try:
        columns = ("name", "document_id", "path", "sha256")
        return [{column: row[column] for column in columns} for row in map(json.loads, _read(index).splitlines())]
    except (ValueError, KeyError, TypeError) as error:
        raise ReadError(f"{index}: not the names and ids of documents ({error})") from error


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ReadError(f"{path}: byte {error.start}: not UTF-8") from error


class _Reading:
    """Reads the annotations of one text."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    def spans(self, lines: list[str]) -> list[BratSpan]:
        """The spans that the lines of an annotation file mark, in text order."""
        marked: dict[str, BratSpan] = {}
        about: list[tuple[int, str]] = []
        for number, line in enumerate(lines, start=1):
            if line.startswith("T"):
                span = self._span(number, line)
                marked[span.span_id] = span
            elif line[:1] in ("A", "M", "#"):
                about.append((number, line))
        notes: dict[str, str] = {}
        for number, line in about:
            target, values, note = self._facts(number, line)
            if target in marked:  # else it is about a relation or an event
                marked[target].values.update(values)
                notes[target] = "\n".join(filter(None, (notes.get(target), note)))
        spans = (
            BratSpan(span.span_id, span.label, span.fragments, span.values, notes.get(span.span_id) or None)
            for span in marked.values()
        )
        return sorted(spans, key=lambda span: (span.start, span.end))

    def _span(self, number: int, line: str) -> BratSpan:
        try:
            span_id, place, printed_text = line.rstrip("\r").split("\t", 2)
            label, offsets = place.split(" ", 1)
            pieces = sorted(CharSpan(*map(int, each.split())) for each in offsets.split(";"))
        except (ValueError, TypeError) as error:
            raise self._error(number, "no label and offsets as brat writes them") from error
        if any(not 0 <= start < end <= len(self.text) for start, end in pieces):
            raise self._error(number, f"outside of the text, which has {len(self.text)} characters")
        found = " ".join(self.text[start:end] for start, end in pieces)
        if found.strip() != printed_text.strip():
            raise self._error(number, f"{printed_text.strip()!r} is marked, but the text has {found.strip()!r} there")
        return BratSpan(span_id, label, tuple(self._joined(pieces)))

    def _joined(self, pieces: list[CharSpan]) -> list[CharSpan]:
        """The pieces, those as one that only a break divides."""
        joined = pieces[:1]
        for piece in pieces[1:]:
            if _BREAK.fullmatch(self.text, joined[-1].end, piece.start):
                joined[-1] = CharSpan(joined[-1].start, piece.end)
            else:
                joined.append(piece)
        return joined

    def _facts(self, number: int, line: str) -> tuple[str, dict[str, Any], str | None]:
        """What a line says of which annotation: values by column, or a note in words."""
        kind, *rest = line.rstrip("\r").split("\t", 2)
        words = rest[0].split(" ", 2) if rest else []
        if len(words) < 2:
            raise self._error(number, "it names no annotation")
        name, target = words[:2]
        if kind.startswith("#"):
            return (target, *_note(rest[1] if len(rest) > 1 else ""))
        if len(words) < 3:
            return target, {name: True}, None
        bounds = {word: sign for sign, word in BOUNDS.items()}
        value = bounds.get(words[2], words[2]) if name == "bound" else BOOLEANS.get(words[2], words[2])
        return target, {name: value}, None

    def _error(self, number: int, reason: str) -> ReadError:
        return ReadError(f"{self.path} line {number}: {reason}")


def _note(note: str) -> tuple[dict[str, Any], str | None]:
    """The typed values that a note begins with, and the words after them."""
    try:
        values, end = json.JSONDecoder().raw_decode(note)
    except ValueError:
        return {}, note.strip() or None
    if not isinstance(values, dict):
        return {}, note.strip()
    return values, note[end:].strip() or None
