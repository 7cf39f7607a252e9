"""spaCy's DocBin (https://spacy.io/api/docbin): docs with the mentions as span groups and entities.

Plain spaCy reads it: `DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)`, and `spacy train` takes the files
as they are. A doc has
- `doc.text`: exactly the normalised text;
- `doc.spans`: every mention in the group that the pipeline puts it in (`percents`, `doses` …), its `id_` the mention's;
- `doc.ents`: the mentions of the promised labels, of two that overlap the longer, then the first;
- `doc.user_data`: `document_id`, `path`, `sha256`, `title`, `doi`, `values` (by mention id what the surface means) and
  `cut_tokens`: how many tokens of the tokenizer were cut, so that every mention begins and ends with a token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from glob import escape
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from spacy.tokens import Doc, DocBin, Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from extract.assembly import GROUPS
from extract.pipeline import ReviewTokenizer
from extract.records import PROMISED, Label
from extract.sinks.annotations import AnnotatedDocument
from extract.sinks.annotations.rows import checked_mentions, storable, typed_values
from extract.sinks.exporting import telling

ATTRIBUTES = ("ENT_IOB", "ENT_TYPE", "ENT_KB_ID", "ENT_ID")  # no other is set
SHARD = 500_000  # tokens of a file: to pack it, and to unpack it, takes 200 bytes of memory for each
_NUMBERED = "-[0-9][0-9][0-9][0-9]"


def write_docbin(documents: Iterable[AnnotatedDocument], path: Path, *, shard: int = SHARD) -> list[Path]:
    """Write the docs to `path` or, where they have more than `shard` tokens, to `<name>-0001.spacy` and so on.

    Returns the files, which take their places together; those that an earlier run left under these names are removed. A
    document is never divided: one larger than `shard` has a file of its own. The same documents give the same bytes.
    Raises OutputError where the place cannot be written or a mention does not fit its text.
    """
    with telling(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = TemporaryDirectory(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    with beside as folder:
        packed: list[Path] = []
        for content in _shards(documents, shard):
            packed.append(Path(folder, str(len(packed))))
            with telling(path):
                packed[-1].write_bytes(content)
        written = [path] if len(packed) == 1 else [_numbered(path, number + 1) for number in range(len(packed))]
        with telling(path):
            for source, target in zip(packed, written, strict=True):
                source.replace(target)
            for left in (path, *path.parent.glob(f"{escape(path.stem)}{_NUMBERED}{escape(path.suffix)}")):
                if left not in written:
                    left.unlink(missing_ok=True)
    return written


def _shards(documents: Iterable[AnnotatedDocument], shard: int) -> Iterator[bytes]:
    """The files; the last holds what is left, and there is one even of no documents."""
    filled, tokens = DocBin(attrs=ATTRIBUTES, store_user_data=True), 0
    tokenize = ReviewTokenizer(Vocab())
    for document in documents:
        doc = _make_doc(document, tokenize)
        if tokens and tokens + len(doc) > shard:
            yield filled.to_bytes()
            filled, tokens = DocBin(attrs=ATTRIBUTES, store_user_data=True), 0
            tokenize = ReviewTokenizer(Vocab())  # a vocabulary only grows
        filled.add(doc)
        tokens += len(doc)
    yield filled.to_bytes()


def _make_doc(document: AnnotatedDocument, tokenize: Callable[[str], Doc]) -> Doc:
    mentions = checked_mentions(document)
    doc, cut = _aligned(tokenize(storable(document.content.text)), mentions)
    first = {token.idx: token.i for token in doc}
    last = {token.idx + len(token): token.i + 1 for token in doc}
    groups: dict[str, list[Span]] = {GROUPS[label]: [] for label in PROMISED}
    for row in mentions:
        span = Span(
            doc,
            first[row["start"]],
            last[row["end"]],
            label=row["label"],
            kb_id=row.get("normalized") or 0,
            span_id=row["mention_id"],
        )
        groups.setdefault(GROUPS[Label(row["label"])], []).append(span)
    for name in GROUPS.values():  # in the order of the pipeline, whichever label came first
        if name in groups:
            doc.spans[name] = groups[name]
    doc.set_ents(filter_spans([span for label in PROMISED for span in groups[GROUPS[label]]]))
    doc.user_data.update(_user_data(document, mentions), cut_tokens=cut)
    return doc


def _user_data(document: AnnotatedDocument, mentions: list[dict[str, Any]]) -> dict[str, Any]:
    facts = {name: getattr(document, name) for name in ("document_id", "path", "sha256", "title", "doi")}
    values = {row["mention_id"]: _stored(typed_values(row)) for row in mentions}
    return {**_stored(facts), "values": {mention_id: typed for mention_id, typed in values.items() if typed}}


def _stored(values: dict[str, Any]) -> dict[str, Any]:
    return {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}


def _aligned(doc: Doc, mentions: list[dict[str, Any]]) -> tuple[Doc, int]:
    """The doc with its tokens cut where a mention begins or ends inside of one, and how many were cut."""
    starts, ends = ({row[side] for row in mentions} for side in ("start", "end"))
    if starts <= {token.idx for token in doc} and ends <= {token.idx + len(token) for token in doc}:
        return doc, 0
    words: list[str] = []
    spaces: list[bool] = []
    cut = 0
    for token in doc:
        pieces, space = _pieces(token.text, bool(token.whitespace_), token.idx, starts, ends)
        words += pieces
        spaces += [False] * (len(pieces) - 1) + [space]
        cut += len(pieces) > 1
    return Doc(doc.vocab, words=words, spaces=spaces), cut


def _pieces(word: str, space: bool, start: int, starts: set[int], ends: set[int]) -> tuple[list[str], bool]:
    """A word cut where a mention begins or ends; a space after it is a word where it belongs to a mention."""
    end = start + len(word)
    cuts = [position for position in range(start + 1, end) if position in starts or position in ends]
    edges = [start, *cuts, end]
    pieces = [word[left - start : right - start] for left, right in pairwise(edges)]
    if space and (end in starts or end + 1 in ends):
        return [*pieces, " "], False
    return pieces, space


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}-{number:04}{path.suffix}")
