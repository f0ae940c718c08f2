"""The site watches over the workers."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest
from conftest import OpenHouse
from starlette.applications import Starlette
from web_site import Site

from dispatcher.house import House
from dispatcher.rules.alarms import Event
from dispatcher.usecases.alarms.note import raise_alarm
from dispatcher.web.watch import Watch
from fakes.chat import ChatServer
from servers.processes import wait_until


@pytest.fixture
def chat() -> Iterator[ChatServer]:
    with ChatServer() as server:
        yield server


def note(house: House, words: str) -> None:
    with house.db.transaction() as session:
        raise_alarm(session, Event.ALERT_PAUSED, words, again=True)


def rename(house: House, before: str, after: str) -> None:
    """Alarms of one event become another's, which this release may not know."""
    with house.db.transaction() as session:
        session.connection().exec_driver_sql(f"UPDATE alarms SET event = '{after}' WHERE event = '{before}'")


def run(watch: Watch, while_it_lives: Callable[[], object]) -> None:
    """As the server does: begin the app's life, and end it."""

    async def live() -> None:
        async with watch.lifespan(Starlette()):
            await asyncio.to_thread(while_it_lives)

    asyncio.run(live())


def test_while_the_site_lives_alarms_are_told_and_no_trouble_ends_the_watch(
    open_house_with: OpenHouse, chat: ChatServer, caplog: pytest.LogCaptureFixture
) -> None:
    house = open_house_with(alarm_url=chat.url)
    note(house, "First.")
    chat.answer(500)

    def a_trouble_comes_and_goes() -> None:
        wait_until(lambda: "An alarm couldn't be told by DISPATCH_ALARM_URL" in caplog.text)
        rename(house, "alert_paused", "from_the_future")
        wait_until(lambda: "The watch met a trouble (LookupError) and goes on." in caplog.messages)
        rename(house, "from_the_future", "alert_paused")
        note(house, "Second.")
        wait_until(lambda: chat.posted)

    run(Watch(house, every=0.05), a_trouble_comes_and_goes)
    assert [posted["words"] for posted in chat.posted] == ["Second."]  # the first is tried again in a minute


def test_a_site_that_runs_watches(site_with: Callable[..., Site], chat: ChatServer) -> None:
    running = [thread.name for thread in threading.enumerate()]
    site = site_with(alarm_url=chat.url)
    assert site.get("/health").status == 200
    assert [thread.name for thread in threading.enumerate()].count("watch") == running.count("watch") + 1
