"""An email's colours, all from one accent: AA in light and dark by construction, and put in as text.

A layout writes `{{ palette.accent }}`, which is replaced before CSS is inlined: it is the same for everybody.
"""

import re
from collections.abc import Mapping
from functools import cache

from dispatcher.errors import BrokenCampaign
from dispatcher.rules.contrast import AA, BLACK, WHITE, contrast, darker, lighter, mixed

ACCENT = "#0b4f5c"  # where campaign.toml has no `color`
_PANEL = "#1f2d31"  # the lightest that words stand on in dark mode
_TINTED = 0.92  # how much white is in a note's ground
_COMFORTABLE = 7.0  # WCAG's AAA: for what glows on a dark ground
_USED = re.compile(r"\{\{-?\s*palette\.(\w+)\s*-?\}\}")


def problem_with(accent: str) -> str:
    """Why white words on it, or links in it, couldn't be read; nothing when they can."""
    found = contrast(accent, _tint(accent))
    if found >= AA:
        return ""
    enough = darker(accent, mixed(accent, WHITE, _TINTED))
    return f"is too light for words: its contrast is {found:.1f}, and {AA} is needed; {enough} would do"


@cache
def palette(accent: str) -> Mapping[str, str]:
    """Every colour that a layout can name, from an accent that `problem_with` finds nothing wrong with."""
    bright = lighter(mixed(accent, WHITE, 0.12), _PANEL, _COMFORTABLE)
    return {
        "accent": accent,  # masthead, button and links
        "soft": lighter(mixed(accent, WHITE, 0.8), accent),  # lesser words on the accent
        "tint": _tint(accent),  # behind a note
        "bright": bright,  # button and links in dark mode
        "on_bright": darker(mixed(accent, BLACK, 0.5), bright, _COMFORTABLE),
    }


def painted(html: str, accent: str, file: str) -> str:
    """`html` with its colours in place; BrokenCampaign when it names one that there isn't."""
    colours = palette(accent)

    def colour(match: re.Match[str]) -> str:
        if match[1] not in colours:
            problem = f"palette.{match[1]} isn't known; there are {', '.join(sorted(colours))}."
            raise BrokenCampaign(file=file, place="", problem=problem)
        return colours[match[1]]

    return _USED.sub(colour, html)


def _tint(accent: str) -> str:
    return mixed(accent, WHITE, _TINTED)
