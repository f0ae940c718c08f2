"""Two `dispatch send` at the same moment: every address gets one message all the same."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from campaigns import chunks_of, frozen_campaign, messages_of, opening, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people
from sqlalchemy import func, select

from dispatcher.house import House
from dispatcher.models import Alert
from dispatcher.usecases.open_alert import Opening, lay_out_scheduled

AT_ONCE = 3


def at_the_same_moment(run: Callable[[int], int]) -> list[int]:
    """Call `run` in several threads that begin together; what they return, in order of size."""
    begin = Barrier(AT_ONCE, timeout=30)

    def begin_together(nth: int) -> int:
        begin.wait()
        return run(nth)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(begin_together, range(AT_ONCE)))


def everybody_has_one(house: House, people: int) -> None:
    messages = messages_of(house)
    assert len(messages) == len({(m.channel, m.subscriber_id) for m in messages}) == 2 * people
    assert sum(chunk.size for chunk in chunks_of(house)) == 2 * people


def test_two_first_sends_open_one_alert_and_give_each_address_one_message(
    any_house: House, open_house_with: OpenHouse, any_database_url: str, tmp_path: Path
) -> None:
    wanted = campaign_for(any_house, tmp_path, people=40)
    houses = [any_house, *(open_house_with(database_url=any_database_url) for _ in range(AT_ONCE - 1))]
    assert at_the_same_moment(lambda nth: send(houses[nth], wanted).added) == [0, 0, 80]
    with any_house.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Alert)) == 1
    everybody_has_one(any_house, people=40)


def test_two_reruns_add_each_missing_person_once(
    any_house: House, open_house_with: OpenHouse, any_database_url: str, tmp_path: Path
) -> None:
    wanted = campaign_for(any_house, tmp_path, people=5)
    send(any_house, wanted)
    add_people(any_house, 20)
    houses = [any_house, *(open_house_with(database_url=any_database_url) for _ in range(AT_ONCE - 1))]
    assert at_the_same_moment(lambda nth: send(houses[nth], wanted).added) == [0, 0, 40]
    everybody_has_one(any_house, people=25)


def test_a_scheduled_alert_is_laid_out_by_one_of_several_timers(
    any_house: House, open_house_with: OpenHouse, any_database_url: str, tmp_path: Path
) -> None:
    wanted = campaign_for(any_house, tmp_path, people=10, scheduled=True)
    send(any_house, wanted)
    houses = [any_house, *(open_house_with(database_url=any_database_url) for _ in range(AT_ONCE - 1))]

    def lay_out(nth: int) -> int:
        with houses[nth].db.transaction() as session:
            return lay_out_scheduled(session, houses[nth].settings, 1)

    assert at_the_same_moment(lay_out) == [0, 0, 20]
    everybody_has_one(any_house, people=10)


def campaign_for(house: House, folder: Path, *, people: int, scheduled: bool = False) -> Opening:
    add_list(house)
    add_people(house, people)
    write_campaign(folder)
    return opening(frozen_campaign(), starts_at=house.db.now() if scheduled else None)
