"""What a thief would learn tonight, counted; each count falls when its advice is followed."""

from pathlib import Path

from campaigns import frozen_campaign, opening, real, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people, add_person
from sqlalchemy import update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Action, AttributeValue, DeliveryLogEntry, Message, Subscriber
from dispatcher.rules.actions import ActionHow
from dispatcher.rules.alert import Channel
from dispatcher.rules.journal import LaidOut, Pulse
from dispatcher.rules.moves import Status
from dispatcher.usecases.exposure import Exposed, Taken, exposure
from dispatcher.usecases.journal import note
from dispatcher.usecases.journal.names import sealed


def found(house: House) -> dict[str, Exposed]:
    return {one.code: one for one in exposure(house)}


def counts(house: House, taken: Taken) -> dict[str, int]:
    return {one.code: one.count for one in exposure(house) if one.taken is taken}


def a_town(house: House, folder: Path) -> None:
    """Eight people with ZIP codes, two of them hard to hide, on a sensitive list; an alert that went out."""
    add_list(house, sensitive=True)
    add_list(house, "budget-watch")
    ids = add_people(house, 6)
    own = add_person(house, email="rosa@delgado.example", phone="+13125550101", language="es")
    add_person(house, email="person99@gmail.com", lists=["budget-watch"])
    write_campaign(folder)
    send(house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    with house.db.transaction() as session:
        session.execute(update(Subscriber).where(Subscriber.id.in_([*ids, own])).values(postal_code="60608"))
        session.execute(update(Message).where(Message.subscriber_id.in_(ids)).values(status=Status.SENT))
        session.add(AttributeValue(subscriber_id=own, name_key=b"n" * 16, number=1990.0))
        session.add(Action(campaign_id=1, subscriber_id=own, how=next(iter(ActionHow))))
        told = {"message_id": 1, "alert_id": 1, "channel": Channel.EMAIL, "status": Status.SENT}
        session.add(DeliveryLogEntry(**told, at=db_now(), provider_ref="4bXQ", detail="queued as 4bXQ"))


def test_what_a_copy_of_the_database_tells_is_counted(any_house: House, tmp_path: Path) -> None:
    a_town(any_house, tmp_path)
    assert counts(any_house, Taken.DATABASE) == {
        "people": 8,
        "postal_codes": 7,
        "attribute_numbers": 1,
        "alone_in_their_place": 1,  # the only one there who reads Spanish
        "domains_of_their_own": 1,
        "on_sensitive_lists": 7,
        "messages": 6,
        "clicks": 0,
        "actions": 1,
        "servers_words": 1,
        "provider_references": 1,
    }


def test_what_nobody_has_is_told_as_nothing_and_needs_no_mending(house: House) -> None:
    for one in exposure(house):
        if one.taken is not Taken.MACHINE:
            assert (one.tells, one.count, one.shrink) in ((False, 0, ""), (None, 0, "")), one.code


def test_providers_have_what_left_this_house_and_not_what_was_practised(
    open_house_with: OpenHouse, tmp_path: Path
) -> None:
    house = open_house_with(email_url="smtp://127.0.0.1:1")
    a_town(house, tmp_path)
    send(house, opening(frozen_campaign(), channels=[Channel.SMS], again="practice"))
    with house.db.transaction() as session:
        session.execute(update(Message).where(Message.channel == Channel.SMS).values(status=Status.SENT))
    emails, texts = found(house)["emails_sent"], found(house)["texts_sent"]
    assert emails.words.startswith("6 emails left this house, 6 of them to sensitive lists")
    assert (texts.tells, texts.count) == (False, 0)
    assert "(the sender is an outbox now)" in texts.words


def test_the_data_key_on_this_machine_opens_everything(open_house_with: OpenHouse) -> None:
    given = found(open_house_with())["data_key"]
    assert given.tells
    assert "lies in this machine's settings, beside the database" in given.words


def test_a_key_that_was_made_here_lies_in_a_file(tmp_path: Path, house: House) -> None:
    made = tmp_path / "var" / "data.key"
    house = House(house.settings.model_copy(update={"data_key": None}), house.keys, house.db)
    assert f"in {made}" in found(house)["data_key"].words


def test_with_a_database_elsewhere_its_password_is_here(any_house: House) -> None:
    words = found(any_house)["data_key"].words
    assert ("beside the database" in words) is any_house.db.sqlite
    assert ("password of the database" in words) is not any_house.db.sqlite


def test_files_that_others_may_read_are_named_with_the_command_that_closes_them(
    tmp_path: Path, house: House
) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "var").chmod(0o755)
    for name in ("dispatch.toml", "var/data.key", "var/closed", "var/link"):
        (tmp_path / name).touch(mode=0o600)
    (tmp_path / "var/folder").mkdir(mode=0o700)
    (tmp_path / "var/folder/within").touch(mode=0o644)
    (tmp_path / "var/dispatch.db").chmod(0o600)
    (tmp_path / "var/link").unlink()
    (tmp_path / "var/link").symlink_to(tmp_path / "var/data.key")
    (tmp_path / "var/data.key").chmod(0o640)
    one = found(house)["readable_files"]
    assert str(tmp_path / "var/data.key") in one.shrink
    assert "closed" not in one.words + one.shrink
    for path in one.shrink.split()[2:]:
        Path(path).chmod(0o600)
    (tmp_path / "var").chmod(0o700)
    assert found(house)["readable_files"].tells is False


def test_passwords_in_the_settings_file_are_named_by_their_setting_alone(
    tmp_path: Path, house: House
) -> None:
    (tmp_path / "dispatch.toml").write_text(
        'email_url = "smtp://u:s3cret@mail.example.org"\norg_name = "We"\n'
    )
    one = found(house)["secrets_in_settings"]
    assert one.count == 1
    assert "email_url" in one.words
    assert "s3cret" not in one.words


def test_practice_messages_and_spreadsheets_that_lie_about_are_counted(tmp_path: Path, house: House) -> None:
    (tmp_path / "var" / "outbox").mkdir()
    for name in ("0000000001.eml", "0000000002.txt"):
        (tmp_path / "var" / "outbox" / name).touch()
    (tmp_path / "people.csv").touch()
    (tmp_path / "notes.txt").touch()
    assert (found(house)["outbox"].count, found(house)["outbox"].shrink) == (2, "rm -r var/outbox")
    assert found(house)["spreadsheets"].count == 1


def test_a_journal_of_an_earlier_release_is_told_until_it_is_written_anew(house: House) -> None:
    laid_out = LaidOut(1, "2026-05-12T00:00:00+00:00", "daca", "", practice=False, messages=6)
    for fact in (sealed(laid_out), Pulse()):
        with house.db.transaction() as session:
            note(session, fact)
    assert found(house)["journal"].tells is False
    with house.db.transaction() as session:
        note(session, laid_out)
    assert found(house)["journal"].count == 1


def test_redis_has_domains_and_nobody(open_house_with: OpenHouse, redis_url: str) -> None:
    import redis

    with redis.Redis.from_url(redis_url) as client:
        client.set("dispatch:lane:domain:example.org", "1")
        client.set("dispatch:lane:provider:sms", "1")
    one = found(open_house_with(redis_url=redis_url))["redis"]
    assert (one.tells, one.count) == (None, 2)
    assert "1 mail domains" in one.words
