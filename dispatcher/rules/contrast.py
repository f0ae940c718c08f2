"""How well words stand out from what is behind them (WCAG 2.2, success criterion 1.4.3), and mixed colours.

A colour is `#rrggbb` in sRGB.
"""

import re
from collections.abc import Iterable
from colorsys import hls_to_rgb, rgb_to_hls

AA = 4.5  # the least contrast of words of ordinary size
WHITE, BLACK = "#ffffff", "#000000"
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_STEP = 0.01  # of lightness


def is_colour(text: str) -> bool:
    """Whether it is written as `#rrggbb`."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white), whichever of them is in front."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with a `share` of 0 to 1 of `other` in it."""
    parts = zip(_parts(colour), _parts(other), strict=True)
    return _written(one + (two - one) * share for one, two in parts)


def lighter(colour: str, behind: str, least: float = AA) -> str:
    """The colour, as much lighter as it takes for a contrast of `least` with `behind`; at most white."""
    return _moved(colour, behind, least, +1)


def darker(colour: str, behind: str, least: float = AA) -> str:
    """The colour, as much darker as it takes for a contrast of `least` with `behind`; at most black."""
    return _moved(colour, behind, least, -1)


def _moved(colour: str, behind: str, least: float, direction: int) -> str:
    """Lightness moves, hue and saturation stay: a mixture with white would look washed out."""
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in _parts(colour)))
    while contrast(colour, behind) < least and 0 < lightness + direction * _STEP < 1:
        lightness += direction * _STEP
        colour = _written(part * 255 for part in hls_to_rgb(hue, lightness, saturation))
    return colour


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _written(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in parts)
