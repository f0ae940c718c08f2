"""What a benchmark says: ratios of two things measured in one run and other figures, beside their targets."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `of` says in words what was measured; without a target it is for information."""

    section: str
    name: str
    value: float
    of: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.at_least is None and self.at_most is None:
            return None
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)

    @property
    def target(self) -> str:
        """The target as people read it."""
        bounds = []
        if self.at_least is not None:
            bounds.append(f">= {self.at_least:,g}")
        if self.at_most is not None:
            bounds.append(f"<= {self.at_most:,g}")
        return ", ".join(bounds)

    def as_line(self) -> str:
        """For a terminal."""
        verdict = {None: "", True: "met", False: "MISSED"}[self.met]
        value = f"{self.value:,.0f}" if abs(self.value) >= 1000 else f"{self.value:.3g}"
        words = f"{self.section:<9} {self.name:<50} {value:>9}  {self.target:<13} {verdict:<6}  {self.of}"
        return words.rstrip()

    def as_json(self) -> dict[str, Any]:
        """For the file that --json names."""
        return asdict(self) | {"met": self.met}


HEADING = f"{'section':<9} {'what':<50} {'value':>9}  {'target':<13} {'':<6}  measured"
