"""Arms of tables: headers with their N, columns of treatments, and labels before a value in a cell."""

from __future__ import annotations

from collections.abc import Iterator

from extract.components.arm_names import Candidate, Naming, Scene
from extract.components.arm_phrases import word_set
from extract.document import CharSpan, Table
from extract.patterns import lazy_regex

_N = lazy_regex(r"\s?,?\s?[(\[]?\s?\b[nN]\s?=\s?\d[\d,/\s]*[)\]]?")
_LABEL = r"(?P<label>[^\s:;,\d][^:;,]{0,30}?):\s?(?=[<>\u2264\u2265~]?\d)"
_FIRST_LABEL = lazy_regex(_LABEL)
_NEXT_LABEL = lazy_regex(rf"(?:(?<=[%\d)*]\s)|(?<=;\s)|(?<=,\s)){_LABEL}")
_ITEM = lazy_regex(
    r";\s?|\svs\.?\s|\sversus\s|\sor\s|\n|\s(?=[<>\u2264\u2265]\s?\d+\s?[a-z]+:)|"
    r"(?<![+\u00b1/&])(?<!plus|with|then)\s(?=[A-Z][\w]*(?:-[A-Z][\w]*)+(?:\s|$|\*))"
)
_DETAIL = lazy_regex(r",\s(?:any|all|grade|grades|n\b|no\b|number|%)|\s[(\[]")
_WORDS = lazy_regex(r"[A-Za-z\u2264\u2265<>]")
_NOT_ARMS = word_set("n no. number characteristic characteristics variable variables parameter total outcome p value")
MAX_NAME = 80  # characters of a header cell that names an arm
MAX_LABEL_WORDS = 4


def table_arms(scene: Scene, naming: Naming, table: Table) -> Iterator[Candidate]:
    """Arms that the cells of a table name."""
    text = scene.text
    treated: set[int] = set()
    for cell in table.cells:
        start, end = cell.span
        if end <= start:
            continue
        if cell.row < table.header_rows:
            if text[start:end].lower().rstrip(" *") in naming.columns:
                treated.add(cell.column)
            elif end - start <= MAX_NAME:
                yield from _header(scene, naming, cell.span, stub=cell.column == 0)
        elif cell.column in treated:
            yield from _items(scene, cell.span)
        elif end - start <= MAX_NAME and "=" in text[start:end] and _N.search(text, start, end):
            yield from _header(scene, naming, cell.span, stub=cell.column == 0)
        elif cell.column == 0:
            yield from _stub(scene, naming, cell.span)
        elif ":" in text[start:end]:
            yield from _labels(scene, cell.span)


def _header(scene: Scene, naming: Naming, span: CharSpan, *, stub: bool) -> Iterator[Candidate]:
    """ "Placebo (n = 47)", "Dovitinib + fulvestrant, any grade"."""
    text = scene.text
    n = _N.search(text, *span)
    detail = _DETAIL.search(text, *span)
    end = min(n.start() if n else span.end, detail.start() if detail else span.end)
    printed = text[span.start : end].strip()
    name = CharSpan(span.start, span.start + len(printed))
    if not _WORDS.search(printed) or scene.outcomes.touch(*name):
        return
    first = printed.lower().split()[0]
    if first in naming.not_names or first in _NOT_ARMS:
        return
    known = naming.is_treatment(scene, name)
    if known or (n is not None and not stub):
        marked = naming.is_marked(scene, name) and not known
        yield Candidate(*name, "subgroup" if marked else "arm", 3, known or naming.is_symbol(scene, name))


def _items(scene: Scene, span: CharSpan) -> Iterator[Candidate]:
    """The treatments of a cell in a treatment column, without their doses where these do not tell them apart."""
    text, position = scene.text, span.start
    found: list[tuple[CharSpan, CharSpan]] = []
    for part in _ITEM.split(text[slice(*span)]):
        start = text.find(part, position, span.end)
        position = start + len(part)
        name = part.rstrip(" *,")
        if _WORDS.search(name) and len(name) <= MAX_NAME:
            whole = CharSpan(start, start + len(name))
            agent = scene.agents.at(start)
            dose = scene.doses.at(agent.end + 1) if agent is not None else None
            dosed = dose is not None and agent is not None and dose.start == agent.end + 1
            found.append((whole, agent if dosed and agent is not None else whole))
    names = {text[slice(*bare)].lower() for _, bare in found}
    for whole, bare in found:
        yield Candidate(*(bare if len(found) > 1 and len(names) == len(found) else whole), "arm", 3)


def _stub(scene: Scene, naming: Naming, span: CharSpan) -> Iterator[Candidate]:
    """A row label that names a treatment or people and nothing else."""
    printed = scene.text[slice(*span)].lower()
    if scene.agents.at(span.start) == span or printed in naming.controls:
        yield Candidate(*span, "arm", 3)
    elif printed in naming.subgroups:
        yield Candidate(*span, "subgroup", 3)


def _labels(scene: Scene, span: CharSpan) -> Iterator[Candidate]:
    """ "MSD: 79% MUD: 71%"."""
    first = _FIRST_LABEL.match(scene.text, *span)
    for match in (
        *((first,) if first else ()),
        *_NEXT_LABEL.finditer(scene.text, first.end() if first else span.start, span.end),
    ):
        label = CharSpan(*match.span("label"))
        if len(match["label"].split()) <= MAX_LABEL_WORDS and not scene.outcomes.touch(*label):
            yield Candidate(*label, "subgroup", 3, sum(map(str.isupper, match["label"])) > 1)
