"""What processes take: memory, with pages that they share counted once (PSS), and processor time."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")  # a second


def held_by(pid: int) -> int:
    """Bytes that a process and all that it started hold now."""
    return sum(map(_held, family(pid)))


def seconds_of(pid: int) -> float:
    """Processor seconds that a process and all that it started have taken, also those that have ended."""
    return sum(map(_ticks, family(pid))) / _TICKS


def family(pid: int) -> list[int]:
    """A process and all that it started, by their ids."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in family(int(child)))]


def _held(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _ticks(pid: int) -> int:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, words[11:15]))  # its own, and of those it has seen end: user and system
