"""CSS colours as they are written (CSS Color 4): hex, rgb(), and the names that people use."""

import re
from typing import NamedTuple

_NAMES: dict[str, str] = dict(
    pair.split()
    for pair in """
    black #000000, silver #c0c0c0, gray #808080, grey #808080, white #ffffff, maroon #800000, red
    #ff0000, purple #800080, fuchsia #ff00ff, magenta #ff00ff, green #008000, lime #00ff00, olive
    #808000, yellow #ffff00, navy #000080, blue #0000ff, teal #008080, aqua #00ffff, cyan #00ffff,
    orange #ffa500, pink #ffc0cb, gold #ffd700, brown #a52a2a, crimson #dc143c, darkred #8b0000,
    darkgreen #006400, darkblue #00008b, darkgray #a9a9a9, darkgrey #a9a9a9, dimgray #696969, dimgrey
    #696969, lightgray #d3d3d3, lightgrey #d3d3d3, lightblue #add8e6, lightgreen #90ee90, lightyellow
    #ffffe0, whitesmoke #f5f5f5, gainsboro #dcdcdc, ivory #fffff0, beige #f5f5dc, indigo #4b0082, tomato
    #ff6347, coral #ff7f50, salmon #fa8072, skyblue #87ceeb, steelblue #4682b4, slategray #708090,
    slategrey #708090, royalblue #4169e1, midnightblue #191970
    """.split(",")
)
_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_RGB = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:[\s,/]+([\d.]+)(%?))?\s*\)")


class Colour(NamedTuple):
    """`#rrggbb`, and from 0 to 1 how much it covers of what is behind it."""

    code: str
    opacity: float = 1.0


def parse_colour(text: str) -> Colour | None:
    """A colour of a style sheet; None for what isn't one, or can't be known here (`currentcolor`)."""
    written = text.strip().lower()
    if written == "transparent":
        return Colour("#000000", 0.0)
    if written in _NAMES:
        return Colour(_NAMES[written])
    if match := _HEX.fullmatch(written):
        digits = match[1] if len(match[1]) > 4 else "".join(digit * 2 for digit in match[1])
        return Colour(f"#{digits[:6]}", int(digits[6:] or "ff", 16) / 255)
    if match := _RGB.fullmatch(written):
        red, green, blue = (min(int(match[number]), 255) for number in (1, 2, 3))
        opacity = float(match[4] or 1) / (100 if match[5] else 1)
        return Colour(f"#{red:02x}{green:02x}{blue:02x}", min(opacity, 1.0))
    return None
