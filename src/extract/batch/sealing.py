"""Bytes in the ledger behind their length and checksum, so that what was damaged is not taken for a result."""

from __future__ import annotations

import struct
import zlib

_HEAD = struct.Struct("<II")  # length of what is packed, checksum; 0 in results of versions that had none
_ZSTD = b"\x28\xb5\x2f\xfd"
_LENGTH = 4  # bytes of the length, which the checksum covers too


def seal(packed: bytes, *, length: int) -> bytes:
    """Packed bytes with their head; `length` is that of what they hold."""
    return _HEAD.pack(length, _checksum(length, packed)) + packed


def open_seal(data: bytes) -> tuple[int, bytes]:
    """The length of what is packed, and the packed bytes."""
    return int.from_bytes(data[:_LENGTH], "little"), data[_HEAD.size :]


def is_whole(data: bytes) -> bool:
    """Whether sealed bytes are as they were."""
    if len(data) < _HEAD.size:
        return False
    length, checksum = _HEAD.unpack_from(data)
    packed = data[_HEAD.size :]
    return checksum == _checksum(length, packed) or (checksum == 0 and length > 0 and packed.startswith(_ZSTD))


def _checksum(length: int, packed: bytes) -> int:
    return zlib.crc32(packed, length & 0xFFFF_FFFF)
