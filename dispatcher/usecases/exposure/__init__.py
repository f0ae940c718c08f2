"""`dispatch exposure`: what a thief would learn tonight, in counts, and what makes it less."""

from collections.abc import Iterator

from dispatcher.house import House
from dispatcher.usecases.exposure.exposed import Exposed, Taken
from dispatcher.usecases.exposure.of_database import of_database
from dispatcher.usecases.exposure.of_machine import of_machine
from dispatcher.usecases.exposure.of_others import of_providers, of_redis

__all__ = ["Exposed", "Taken", "exposure"]


def exposure(house: House) -> Iterator[Exposed]:
    """Everything, thief by thief. Reads only; sends nothing and asks no provider."""
    with house.db.reading() as session:
        yield from of_database(session)
    yield from of_machine(house)
    with house.db.reading() as session:
        yield from of_providers(session, house.settings)
    yield from of_redis(house.settings)
