"""Rates as people write them: `20/s`, `3.75/s`, `600/m`, `2000/d`, `none`."""

import re
from dataclasses import dataclass

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_RATE = re.compile(r"(?P<n>\d+(?:\.\d+)?)\s*/\s*(?P<unit>[smhd])")


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` units in `seconds`."""

    count: float
    seconds: float

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    def __str__(self) -> str:
        unit = next((name for name, length in _UNITS.items() if length == self.seconds), f"{self.seconds:g}s")
        return f"{self.count:.12g}/{unit}"


def parse_rate(text: str) -> Rate | None:
    """`20/s` as a Rate, `none` as None; ValueError says what would be right."""
    cleaned = text.strip().lower()
    if cleaned in {"none", "unlimited"}:
        return None
    match = _RATE.fullmatch(cleaned)
    if not match or float(match["n"]) <= 0:
        raise ValueError(f"{text!r} isn't a rate; write 20/s, 600/m, 1000/h, 2000/d or none")
    return Rate(float(match["n"]), _UNITS[match["unit"]])


def parse_domain_rates(text: str) -> dict[str, Rate]:
    """`gmail.com=10/s, yahoo.com=5/s` as {domain: Rate}; a domain with `none` isn't limited."""
    rates: dict[str, Rate] = {}
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;\s]+(?=[^=,;\s]+\s*=)", text))):
        domain, found, rate_text = part.strip(" ,;").partition("=")
        if not found or not domain.strip():
            raise ValueError(f"{part!r} isn't a domain's rate; write gmail.com=10/s")
        rate = parse_rate(rate_text)
        if rate is not None:
            rates[domain.strip().lower()] = rate
    return rates
