"""All twins by the name of their style: how each is made of an article."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from .article import Article
from .jats_writer import MANNERS, write_jats
from .reportlab_journal import typeset_plainly
from .typst_journal import STYLES, typeset


class Twin(NamedTuple):
    """A kind of file and what writes it; `run_in` where low headings stand at the beginning of their paragraph."""

    suffix: str
    make: Callable[[Article], bytes]
    run_in: bool = False


TWINS: dict[str, Twin] = {
    name: Twin(".pdf", partial(typeset, style=style), style.run_in) for name, style in STYLES.items()
} | {
    "reportlab": Twin(".pdf", typeset_plainly),
    **{name: Twin(".nxml", partial(write_jats, manner=manner)) for name, manner in MANNERS.items()},
}


def write_twin(name: str, article: Article, folder: Path) -> Path:
    """Write the twin of an article as `folder/name/document_id.suffix`."""
    twin = TWINS[name]
    path = folder / name / f"{article.document_id}{twin.suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(twin.make(article))
    return path
