"""The work on one file, as a worker does it."""

from __future__ import annotations

import os
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from extract.audit import extract_and_audit
from extract.batch.outcomes import Failure, Options, Result, Stage, failure_of
from extract.batch.packing import pack_extraction
from extract.batch.versions import hash_file
from extract.document import Document
from extract.errors import ReadError
from extract.pipeline import load
from extract.readers import read

if TYPE_CHECKING:
    from spacy.language import Language


@cache
def pipeline() -> Language:
    """The pipeline, loaded once in a process."""
    return load()


def extract_file(path: Path, options: Options, *, sha256: str | None = None) -> Result | Failure:
    """The result of a file, or why there is none; with `sha256` it must still have these bytes.

    MemoryError is raised: what a process holds after it is not known.
    """
    begun = time.perf_counter()
    try:
        document = _read(path, options)
        if sha256 is not None and document.sha256 != sha256 and hash_file(path) != sha256:
            return failure_of(path, Stage.OPEN, "changed while it was read")
    except OSError as error:
        return failure_of(path, Stage.OPEN, error.strerror or str(error))
    except ReadError as error:
        is_there = path.is_file() and os.access(path, os.R_OK)
        return failure_of(path, Stage.READ if is_there else Stage.OPEN, error)
    except MemoryError:
        raise
    except Exception as error:
        return failure_of(path, Stage.READ, error)
    try:
        nlp = pipeline()
        with nlp.memory_zone():  # the words of one document leave with it
            extraction = extract_and_audit(document, nlp=nlp, helpers=options.helpers)
        parts, counts = pack_extraction(extraction, helpers=options.helpers)
    except MemoryError:
        raise
    except Exception as error:
        return failure_of(path, Stage.EXTRACT, error)
    return Result(
        path,
        document.document_id,
        document.sha256 or "",
        document.title,
        document.doi,
        counts,
        document.warnings,
        parts,
        time.perf_counter() - begun,
    )


def _read(path: Path, options: Options) -> Document:
    if options.ocr:
        from extract.readers.ocr import read_scan  # noqa: PLC0415 - an extra

        return read_scan(path, password=options.password)
    return read(path, password=options.password)
