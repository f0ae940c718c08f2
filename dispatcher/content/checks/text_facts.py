"""What checks of texts are told by who has settings and a database; without, they count segments alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dispatcher.rules.text_cost import TextCost


@dataclass(frozen=True, slots=True)
class TextFacts:
    """`costs` is asked only where it is to be said: it looks at everybody who gets a text."""

    short_links: Mapping[str, str] = field(default_factory=dict)  # language -> the action link in its texts
    costs: Callable[[], Mapping[str, TextCost]] = dict  # language -> what its texts take
