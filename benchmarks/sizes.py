"""How much each benchmark does: the full sizes, and small ones that show whether everything runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of messages or people, and seconds."""

    emails: int = 50_000
    naive: int = 2_000
    delayed: int = 50_000
    domain: int = 40_000
    steady_seconds: int = 75  # of texts: 60 are looked at
    audience: int = 1_000_000
    parts: int = 30_000
    growth: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    memory_from: int = 50_000  # messages after which a worker's memory is compared with its end
    starts: int = 15
    imported: int = 1_000_000
    called: int = 20_000  # calls in each of three runs, at 1,000 a second


QUICK = Sizes(
    emails=4_000,
    naive=300,
    delayed=3_000,
    domain=6_000,
    steady_seconds=25,
    audience=20_000,
    parts=4_000,
    growth=(1_000, 4_000, 12_000),
    memory_from=2_000,
    starts=3,
    imported=20_000,
    called=3_000,
)
