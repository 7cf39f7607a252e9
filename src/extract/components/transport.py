"""Typed values in spaCy's own bytes: docs keep them in `Doc.to_bytes`, DocBin, pickles and `nlp.pipe(n_process=2)`.

spaCy packs `doc.user_data` as msgpack, which knows no dataclasses; srsly, which packs, asks the functions registered
here. Only values of `extract.values` are made when bytes are read, nothing else is imported or called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from typing import Any, get_args

import srsly

from extract.values import Quantity, Value

_MARK = "extract_value"  # the key that tells such an object from other dictionaries
_KINDS: dict[str, Any] = {kind.__name__: kind for kind in (Quantity, *get_args(Value))}
_DECIMAL = "Decimal"


def encode(obj: Any, chain: Callable[[Any], Any] | None = None) -> Any:
    """A value as what msgpack knows; anything else goes on to `chain`."""
    if isinstance(obj, Decimal):
        return {_MARK: _DECIMAL, "value": str(obj)}
    if _KINDS.get(type(obj).__name__) is type(obj):
        return {_MARK: type(obj).__name__, **{field.name: getattr(obj, field.name) for field in fields(obj)}}
    return obj if chain is None else chain(obj)


def decode(obj: Any, chain: Callable[[Any], Any] | None = None) -> Any:
    """Undoes `encode`; what does not fit is left as it is."""
    kind = obj.get(_MARK) if isinstance(obj, dict) else None
    if kind == _DECIMAL:
        return Decimal(obj["value"])
    if kind in _KINDS:
        return _KINDS[kind](**{name: _fixed(value) for name, value in obj.items() if name != _MARK})
    return obj if chain is None else chain(obj)


def _fixed(value: Any) -> Any:
    """Lists are tuples in values."""
    return tuple(map(_fixed, value)) if isinstance(value, list) else value


srsly.msgpack_encoders.register("extract_value", func=encode)
srsly.msgpack_decoders.register("extract_value", func=decode)
