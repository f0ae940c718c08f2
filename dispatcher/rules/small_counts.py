"""Counts that are too small to stand alone: three readers of Ukrainian are three people."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

LEAST = 10  # messages; a smaller count says something of a person
OTHER = "other"  # what those are counted under

K = TypeVar("K", bound=Hashable)


def too_small(counts: Mapping[K, int], together: Callable[[K], Hashable], least: int = LEAST) -> set[K]:
    """The keys that don't come to `least`; those that are `together` (one domain, say) count as one."""
    sums: Counter[Hashable] = Counter()
    for key, number in counts.items():
        sums[together(key)] += number
    return {key for key in counts if sums[together(key)] < least}
