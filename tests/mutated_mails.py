"""Mails damaged on purpose, by a fixed seed: bytes changed, pieces cut, repeated, exchanged, nested."""

import random
from collections.abc import Iterator, Sequence

_BAD = (
    b"\0",
    b"\xff\xfe",
    b"=?utf-8?b?",
    b"\r",
    b"boundary=",
    b"charset=unknown-9",
    b"@" * 50,
    b"<<<",
    b"5.1.1.1",
)


def mutants(mails: Sequence[bytes], number: int, seed: int = 1) -> Iterator[bytes]:
    """So many mutants of these mails, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(number):
        raw = bytearray(chance.choice(mails))
        for _ in range(chance.randint(1, 6)):
            _damage(raw, chance, mails)
        yield bytes(raw)


def _damage(raw: bytearray, chance: random.Random, mails: Sequence[bytes]) -> None:
    at = chance.randrange(len(raw) + 1)
    to = min(len(raw), at + chance.randint(1, 400))
    kind = chance.randrange(7)
    if kind == 0:
        raw[at:to] = b""
    elif kind == 1:
        raw[at:at] = chance.choice(_BAD)
    elif kind == 2:
        raw[at:to] = chance.randbytes(to - at)
    elif kind == 3:
        raw[at:at] = raw[at:to] * chance.randint(2, 40)
    elif kind == 4:
        del raw[at:]
    elif kind == 5:
        other = chance.choice(mails)
        begin = chance.randrange(len(other))
        raw[at:at] = other[begin : begin + 2_000]
    else:
        raw[at:to] = raw[at:to].swapcase()
