"""extract: clinical review articles to tables of trials, registry ids, doses, percentages and endpoints."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extract.assembly import Extraction, extract_document
    from extract.audit import audit_documents
    from extract.batch import Failure, Result, run_batch
    from extract.compare import compare_documents
    from extract.document import Document
    from extract.errors import ExtractError
    from extract.frames import to_frames
    from extract.pipeline import load
    from extract.readers import read

__version__ = "0.1.0"
__all__ = [
    "Document",
    "ExtractError",
    "Extraction",
    "Failure",
    "Result",
    "audit_documents",
    "compare_documents",
    "extract_document",
    "load",
    "read",
    "run_batch",
    "to_frames",
]

# Public names load what they need when they are first used: `extract --help` imports neither spaCy nor pydantic.
_HOMES = {
    "Document": "extract.document",
    "ExtractError": "extract.errors",
    "Extraction": "extract.assembly",
    "Failure": "extract.batch",
    "Result": "extract.batch",
    "audit_documents": "extract.audit",
    "compare_documents": "extract.compare",
    "extract_document": "extract.assembly",
    "load": "extract.pipeline",
    "read": "extract.readers",
    "run_batch": "extract.batch",
    "to_frames": "extract.frames",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'extract' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
