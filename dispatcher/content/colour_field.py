"""A calm landscape in one colour, for a card without a picture: drawn, so that it weighs next to nothing."""

from dispatcher.content.palette import ACCENT
from dispatcher.rules.contrast import BLACK, WHITE, mixed

_WIDTH, _HEIGHT = 640, 360
_CALM = ("#0b4f5c", "#2c4a7c", "#6d3b5e", "#1f5f43", "#7a4a21", "#4a4a86")  # for who has said no colour


def colour_field(color: str, seed: bytes, turn: int) -> str:
    """An SVG document of 640 x 360. `seed` (8 bytes or more) gives each card a landscape of its own, `turn`
    (its place on the page) a colour where it has none.
    """
    if color == ACCENT:
        color = _CALM[turn % len(_CALM)]
    sun_x, sun_y = 120 + seed[1] * 400 // 255, 70 + seed[2] * 60 // 255
    sky, haze, glow = mixed(color, WHITE, 0.62), mixed(color, WHITE, 0.86), mixed(color, "#ffe2ad", 0.85)
    hills = "".join(
        f'<path fill="{mixed(color, WHITE, light)}" d="{_hill(base, seed[3 + number], seed[4 + number])}"/>'
        for number, (base, light) in enumerate(((190, 0.42), (240, 0.2), (295, 0.0)))
    )
    shade = mixed(color, BLACK, 0.25)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'preserveAspectRatio="xMidYMid slice"><defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{sky}"/><stop offset="0.7" stop-color="{haze}"/></linearGradient>'
        '<linearGradient id="g" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{shade}" stop-opacity="0"/>'
        f'<stop offset="1" stop-color="{shade}" stop-opacity="0.6"/></linearGradient></defs>'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="url(#s)"/>'
        f'<circle cx="{sun_x}" cy="{sun_y}" r="46" fill="{glow}"/>{hills}'
        f'<rect y="230" width="{_WIDTH}" height="130" fill="url(#g)"/></svg>\n'
    )


def _hill(base: int, left: int, right: int) -> str:
    """A gentle slope across the whole width, `left` and `right` of 0 to 255 saying how it swings."""
    top = _WIDTH * (20 + left * 55 // 255) // 100  # where it is highest
    rise, end = base - 30 - right * 60 // 255, base - 20 + left * 60 // 255
    return (
        f"M0 {base + 15} C{top // 2} {base + 10} {top - 70} {rise} {top} {rise} "
        f"S{(top + _WIDTH) // 2} {end} {_WIDTH} {end - 10} V{_HEIGHT} H0 Z"
    )
