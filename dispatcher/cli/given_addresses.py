"""Addresses that a command is given: as arguments, or from standard input, so that no history keeps them."""

import sys
from collections.abc import Iterator


def numbered_addresses(given: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Each address with the number by which it is named should it be wrong: its line, or its place.

    `-` stands for the lines of standard input.
    """
    for place, address in enumerate(given, 1):
        if address == "-":
            yield from ((number, line.strip()) for number, line in enumerate(sys.stdin, 1) if line.strip())
        else:
            yield place, address
