"""Shares of a whole, and whether two of them differ by more than chance."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

NEARLY_SURE = 1.96  # standard deviations: chance alone goes beyond once in twenty


class Verdict(StrEnum):
    """What one share is beside another."""

    HIGHER = "higher"
    LOWER = "lower"
    ALIKE = "alike"  # chance alone may make this difference


@dataclass(frozen=True, slots=True)
class Share:
    """`number` out of `of`."""

    number: int
    of: int

    def __add__(self, other: "Share") -> "Share":
        return Share(self.number + other.number, self.of + other.of)


def interval(share: Share, deviations: float = NEARLY_SURE) -> tuple[float, float]:
    """Where the true share lies, nearly surely: the Wilson score interval; of nothing anywhere, 0 to 1.

    It holds for small numbers and for shares near 0 and 1 too: three of three isn't surely all.
    """
    if share.of == 0:
        return 0.0, 1.0
    part, z2 = share.number / share.of, deviations**2
    middle = part + z2 / (2 * share.of)
    spread = deviations * sqrt(part * (1 - part) / share.of + z2 / (4 * share.of**2))
    whole = 1 + z2 / share.of
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def compare(now: Share, before: Share) -> Verdict:
    """Whether `now` is surely higher or lower: only where the two intervals don't overlap.

    That is stricter than a test of the difference: better one real change missed than one that isn't there.
    """
    (low, high), (low_before, high_before) = interval(now), interval(before)
    if low > high_before:
        return Verdict.HIGHER
    return Verdict.LOWER if high < low_before else Verdict.ALIKE


def percent(share: Share) -> str:
    """`2.1%`, with no more places than so many people allow; `-` of nothing.

    Below a hundred there are no tenths: one person is more than a percent.
    """
    if share.of == 0:
        return "-"
    value = 100 * share.number / share.of
    if share.of < 100 or share.number in {0, share.of}:
        return f"{value:.0f}%"
    shown = f"{value:.1f}%"
    if shown in {"0.0%", "100.0%"}:  # neither nobody nor everybody
        return "<0.1%" if shown == "0.0%" else ">99.9%"
    return shown
