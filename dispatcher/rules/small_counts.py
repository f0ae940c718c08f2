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


def too_small_alone(column: Mapping[K, int], least: int = LEAST) -> set[K]:
    """The keys to count as OTHER so that no small count is told, nor can be reckoned from the sum.

    A single small count would be all of OTHER; so the next larger go with it, until together they come to
    `least`. The zeros go too: if they were told, what is hidden would be known to be at least one each, and
    one that is hidden alone would be the sum. (In a column of one key the sum is told by it, hidden or not.)
    """
    hidden: set[K] = set()
    together = 0
    if not any(0 < number < least for number in column.values()):
        return hidden
    for key in sorted(column, key=lambda key: column[key]):
        if together >= least and column[key] >= least:
            break
        hidden.add(key)
        together += column[key]
    return hidden
