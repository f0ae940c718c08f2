"""What texts take, in words and as JSON."""

from typing import Any

from dispatcher.cli.counting import people
from dispatcher.rules.prices import money
from dispatcher.rules.text_cost import TextCost


def segments(number: int) -> str:
    """`1 segment`, `2,408 segments`."""
    return "1 segment" if number == 1 else f"{number:,} segments"


def took(cost: TextCost) -> str:
    """`2,408 segments, $19.02`; money only where prices are set."""
    words = [segments(cost.segments)]
    if cost.currency and cost.unpriced < cost.segments:
        words.append(money(cost.cost, cost.currency))
    if cost.currency and cost.unpriced:
        words.append(f"{segments(cost.unpriced)} of them to countries without a price (DISPATCH_SMS_PRICES)")
    if cost.unwritable:
        words.append(f"and {people(cost.unwritable)} it can't be written for")
    return ("about " if cost.about else "") + ", ".join(words)


def cost_json(cost: TextCost) -> dict[str, Any]:
    """The same as an object."""
    return cost.as_json()
