"""What is thought of something that others see of us."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it is right (None: nothing is wrong, but worth knowing), what was found, and what to do."""

    ok: bool | None
    words: str
    mend: str = ""
