"""Chunks: one channel, one lane, one due time, no bigger than their size, and numbers that never meet."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from campaigns import chunks_of, frozen_campaign, messages_of, opening, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people
from sqlalchemy import update

from dispatcher.content.edition import Frozen
from dispatcher.house import House
from dispatcher.models import Alert, Chunk, Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status

EMAIL, SMS = Channel.EMAIL, Channel.SMS


def campaign(house: House, folder: Path) -> Frozen:
    add_list(house)
    write_campaign(folder)
    return frozen_campaign()


def of(channel: Channel, chunks: Sequence[Chunk]) -> list[tuple[str, int]]:
    """Lane and size of a channel's chunks, in the order in which they go."""
    return [(chunk.lane, chunk.size) for chunk in chunks if chunk.channel is channel]


def hold_together(house: House) -> None:
    """Every message's chunk is there, has its channel and lane, and says its size."""
    sizes = Counter((m.chunk_number, m.channel, m.lane) for m in messages_of(house))
    assert {(c.number, c.channel, c.lane): c.size for c in chunks_of(house)} == sizes


def test_messages_begin_queued_and_untried_in_the_order_of_their_people(
    any_house: House, tmp_path: Path
) -> None:
    frozen = campaign(any_house, tmp_path)
    people = add_people(any_house, 3, channels=[EMAIL])
    send(any_house, opening(frozen))
    messages = messages_of(any_house)
    assert [message.subscriber_id for message in messages] == people
    facts = {(m.status, m.attempt, m.edition_number, m.due_at, m.error) for m in messages}
    assert facts == {(Status.QUEUED, 0, 1, None, None)}
    now = any_house.db.now()
    assert all(abs(message.changed_at - now) < timedelta(minutes=1) for message in messages)


def test_chunks_have_one_channel_and_are_no_bigger_than_their_size(
    open_house_with: OpenHouse, any_database_url: str, tmp_path: Path
) -> None:
    house = open_house_with(database_url=any_database_url, chunk_size=4)
    frozen = campaign(house, tmp_path)
    add_people(house, 9)
    send(house, opening(frozen))
    assert of(EMAIL, chunks_of(house)) == of(SMS, chunks_of(house)) == [("", 4), ("", 4), ("", 1)]
    hold_together(house)


def test_limited_and_frequent_domains_get_chunks_of_their_own(
    open_house_with: OpenHouse, any_database_url: str, tmp_path: Path
) -> None:
    house = open_house_with(database_url=any_database_url, rate_domains="gmail.com=10/s, hey.com=1/s")
    frozen = campaign(house, tmp_path)
    for domain, number in {"gmail.com": 3, "yahoo.com": 500, "aol.com": 499, "uic.edu": 2}.items():
        add_people(house, number, channels=[EMAIL], domain=domain)
    send(house, opening(frozen))
    lanes = Counter(dict(of(EMAIL, chunks_of(house))))
    assert lanes == {"gmail.com": 3, "yahoo.com": 500, "": 1}
    assert of(EMAIL, chunks_of(house))[:2] == [("", 500), ("", 1)]
    hold_together(house)


def test_chunk_numbers_never_meet_over_reruns_and_chunks_made_between_them(
    open_house_with: OpenHouse, any_database_url: str, tmp_path: Path
) -> None:
    house = open_house_with(database_url=any_database_url, chunk_size=2, rate_domains="gmail.com=1/s")
    wanted = opening(campaign(house, tmp_path))
    for _ in range(3):
        add_people(house, 3)
        add_people(house, 3, domain="gmail.com")
        assert send(house, wanted).added == 12
        regroup_one(house)
    hold_together(house)
    assert len(messages_of(house)) == 36


def regroup_one(house: House) -> None:
    """Put a message back and give it a new chunk, as the sweep does."""
    with house.db.transaction() as session:
        number = session.scalars(
            update(Alert).values(chunk_count=Alert.chunk_count + 1).returning(Alert.chunk_count - 1)
        ).one()
        put_back = messages_of(house)[-1]
        session.execute(update(Message).where(Message.id == put_back.id).values(chunk_number=number))
        session.add(Chunk(alert_id=1, number=number, channel=SMS, lane="", due_at=house.db.now(), size=1))
        left = (Chunk.alert_id == 1, Chunk.number == put_back.chunk_number)
        session.execute(update(Chunk).where(*left).values(size=Chunk.size - 1))


def test_real_texts_wait_in_a_chunk_of_their_own_for_the_hours_of_their_people(
    open_house_with: OpenHouse, any_database_url: str, tmp_path: Path
) -> None:
    house = open_house_with(
        database_url=any_database_url,
        sms_url="twilio://AC1:token@?from=+13125550100",
        sms_hours="0-24",
        chunk_size=2,
    )
    frozen = campaign(house, tmp_path)
    now = house.db.now()
    opens = (now.hour + 3) % 24
    asleep = add_people(house, 3, quiet_zones=f"UTC@{opens}-{opens + 1}")
    awake = add_people(house, 1, quiet_zones="UTC")
    send(house, opening(frozen))
    hold_together(house)
    due = {chunk.number: chunk.due_at for chunk in chunks_of(house)}
    texts = {m.subscriber_id: due[m.chunk_number or 0] for m in messages_of(house) if m.channel is SMS}
    assert {texts[person] - now > timedelta(hours=1) for person in asleep} == {True}
    assert {(texts[person].hour, texts[person].minute) for person in asleep} == {(opens, 0)}
    assert texts[awake[0]] - now < timedelta(minutes=5)  # minutes before midnight: when the next day begins
    assert sorted(chunk.size for chunk in chunks_of(house) if chunk.channel is SMS) == [1, 1, 2]


def test_practice_texts_wait_for_nobody(house: House, tmp_path: Path) -> None:
    frozen = campaign(house, tmp_path)
    opens = (house.db.now().hour + 3) % 24
    add_people(house, 3, quiet_zones=f"UTC@{opens}-{opens + 1}")
    send(house, opening(frozen))
    now = house.db.now()
    assert all(chunk.due_at <= now for chunk in chunks_of(house))


def test_a_rerun_adds_only_who_is_missing(any_house: House, tmp_path: Path) -> None:
    wanted = opening(campaign(any_house, tmp_path))
    add_people(any_house, 3)
    first = send(any_house, wanted)
    before = messages_of(any_house)
    late = add_people(any_house, 1)
    second = send(any_house, wanted)
    assert (first.alert_id, first.added, second.alert_id, second.added) == (1, 6, 1, 2)
    added = messages_of(any_house)[len(before) :]
    assert [message.subscriber_id for message in added] == late * 2
    assert send(any_house, wanted).added == 0
    hold_together(any_house)


def test_a_channel_or_a_list_added_later_reaches_those_who_are_missing(
    any_house: House, tmp_path: Path
) -> None:
    frozen = campaign(any_house, tmp_path)
    add_list(any_house, "budget")
    add_people(any_house, 2)
    add_people(any_house, 3, lists=["budget"])
    assert send(any_house, opening(frozen, channels=[EMAIL])).added == 2
    assert send(any_house, opening(frozen)).added == 2
    assert send(any_house, opening(frozen, lists=["budget"])).added == 6


def test_nobody_is_no_chunk(any_house: House, tmp_path: Path) -> None:
    frozen = campaign(any_house, tmp_path)
    assert send(any_house, opening(frozen)).added == 0
    assert not chunks_of(any_house)
