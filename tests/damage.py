"""Damage to files, the same for the same seed: cuts, flipped bits, lost, doubled or swapped ranges, lies, lost ends."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Damage = Callable[[bytearray, random.Random], None]
_NUMBER = re.compile(rb"(?<![\w.-])-?\d+(?:\.\d+)?(?![\w.])")
_WORD = re.compile(rb"[A-Za-z][\w:-]*")
_MARK = re.compile(rb"endobj|endstream|stream|obj|xref|trailer|startxref|%%EOF|[<>]{1,2}|[\[\]()/\"'=&;]")
_LIES = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"2147483647",
    b"-2147483648",
    b"99999999999999999999",
    b"1e38",
    b"nan",
    b"0.0001",
)
_NOISE = (b"\x00", b"\xff", b"(", b")", b"<", b">", b"[", b"]", b"/", b"%", b"&", b";", b"\n", b" ", b"\xed\xa0\x80")
LONG = 4  # parts of a file: ranges are shorter


def _range(data: bytearray, chance: random.Random) -> tuple[int, int]:
    """A part of a file, short ones as likely as long ones."""
    length = min(int(2 ** chance.uniform(0, 14)), max(len(data) // LONG, 1))
    start = chance.randrange(max(len(data) - length, 1))
    return start, start + length


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _lose_beginning(data: bytearray, chance: random.Random) -> None:
    del data[: chance.randrange(min(len(data), 2000))]


def _flip_bits(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 3, 10, 100])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _zero(data: bytearray, chance: random.Random) -> None:
    start, end = _range(data, chance)
    data[start:end] = bytes(end - start)


def _lose(data: bytearray, chance: random.Random) -> None:
    start, end = _range(data, chance)
    del data[start:end]


def _double(data: bytearray, chance: random.Random) -> None:
    start, end = _range(data, chance)
    data[start:start] = data[start:end] * chance.choice([1, 1, 20])


def _swap(data: bytearray, chance: random.Random) -> None:
    (a, b), (c, d) = sorted((_range(data, chance), _range(data, chance)))
    if b <= c:
        data[a:d] = data[c:d] + data[b:c] + data[a:b]


def _scatter(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 5, 30])):
        place = chance.randrange(len(data))
        data[place : place + chance.randrange(2)] = chance.choice(_NOISE)


def _replace(pattern: re.Pattern[bytes], pick: Callable[[bytes, list[bytes], random.Random], bytes]) -> Damage:
    """Damage to some of what a pattern finds; `pick` gives what takes its place."""

    def damage(data: bytearray, chance: random.Random) -> None:
        found = list(pattern.finditer(bytes(data)))
        if not found:
            return
        chosen = chance.sample(found, min(chance.choice([1, 2, 10, 50]), len(found)))
        words = [match[0] for match in chosen]
        for match in sorted(chosen, key=lambda each: -each.start()):
            data[match.start() : match.end()] = pick(match[0], words, chance)

    return damage


_DAMAGES: tuple[Damage, ...] = (
    _cut,
    _lose_beginning,
    _flip_bits,
    _zero,
    _lose,
    _double,
    _swap,
    _scatter,
    _replace(_NUMBER, lambda _, words, chance: chance.choice(_LIES)),
    _replace(_NUMBER, lambda number, words, chance: chance.choice(words)),
    _replace(_WORD, lambda word, words, chance: chance.choice(words)),
    _replace(_MARK, lambda mark, words, chance: chance.choice([b"", mark * 2, chance.choice(words)])),
)


def damaged(data: bytes, seed: int) -> bytes:
    """A copy with one to three kinds of damage."""
    chance, copy = random.Random(seed), bytearray(data)
    for damage in chance.sample(_DAMAGES, chance.choice([1, 1, 2, 3])):
        if copy:
            damage(copy, chance)
    return bytes(copy)
