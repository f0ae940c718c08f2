"""The same code with PostgreSQL, Redis, an SMTP relay and Twilio, by settings alone."""

from collections import Counter
from collections.abc import Iterator, Mapping

import pytest
from commands import Done, dispatch, dispatched, worker
from conftest import OpenHouse
from people import add_list, add_people, add_person
from sqlalchemy import select, text

from dispatcher.house import House
from dispatcher.models import Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from fakes.smtp import SmtpServer
from fakes.twilio import TwilioServer, error
from houses import environment_of, migrate
from servers.postgres import PostgresServer

pytestmark = pytest.mark.waits


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with TwilioServer() as server:
        yield server


@pytest.fixture
def production(
    postgres: PostgresServer,
    redis_url: str,
    smtp_server: SmtpServer,
    twilio: TwilioServer,
    open_house_with: OpenHouse,
) -> Iterator[House]:
    with postgres.database(postgres.template("migrated", migrate)) as url:
        yield open_house_with(
            database_url=url,
            redis_url=redis_url,
            email_url=smtp_server.url,
            sms_url=twilio.url,
            rate_email="none",
            rate_sms="none",
            sms_hours="none",
            org_name="Example Coalition",
            org_address="1 Main Street, Springfield",
            from_email="alerts@coalition.example",
            lease_seconds=3,
        )


@pytest.fixture
def env(production: House) -> Mapping[str, str]:
    return environment_of(production.settings)


def send(env: Mapping[str, str], *more: str) -> Done:
    return dispatch("send", "--campaign", "daca", "--yes", "--wait", "--json", *more, env=env)


def statuses(house: House) -> Counter[tuple[Channel, Status]]:
    with house.db.reading() as session:
        return Counter((m.channel, m.status) for m in session.scalars(select(Message)))


def test_everybody_gets_the_alert_once_dead_addresses_are_suppressed_and_a_rerun_reaches_who_is_missing(
    production: House, env: Mapping[str, str], smtp_server: SmtpServer, twilio: TwilioServer
) -> None:
    add_list(production)
    for language in ("en", "es", "pl", "ar"):
        add_people(production, 30, language=language)
    add_person(production, email="gone@example.org", phone="+13125550177")
    smtp_server.answer("gone@example.org", "550 5.1.1 <gone@example.org>: no such user here")
    twilio.answer("+13125550177", error(21610))
    with worker(env):
        done = send(env)
        add_person(production, email="late@example.org")
        again = send(env)
    assert (done.code, again.code) == (0, 0), done.err
    assert (done.json["state"], done.json["practice"]) == ("finished", False)
    each = {"sent": 120, "bounced": 1}
    assert done.json["counts"] == {"email": each, "sms": each}
    assert again.json["counts"]["email"] == {"sent": 121, "bounced": 1}
    assert len(smtp_server.recipients) == len(set(smtp_server.recipients)) == 121
    assert len(twilio.texts) == len({taken.to for taken in twilio.texts}) == 120
    with production.db.reading() as session:
        suppressed = session.execute(text("SELECT channel, reason FROM suppressions ORDER BY channel")).all()
    assert [tuple(row) for row in suppressed] == [("email", "bounced"), ("sms", "bounced")]
    log = dispatched("log", "--format", "jsonl", env=env).rows
    assert Counter(row["status"] for row in log) == {"sent": 241, "bounced": 2}
    assert all(row["provider_ref"] for row in log if row["status"] == "sent")
    assert all("gone@" not in str(row) and "+1312" not in str(row) for row in log)


def test_credentials_that_are_refused_stop_before_anybody_is_asked(
    production: House, env: Mapping[str, str], twilio: TwilioServer
) -> None:
    add_list(production)
    add_people(production, 3)
    wrong = {**env, "DISPATCH_SMS_URL": twilio.url.replace("a-token-for-tests", "not-the-token")}
    done = send(wrong)
    assert done.code == 1
    assert done.json["error"]["code"] == "sender_not_ready"
    assert "not-the-token" not in done.out + done.err
    assert statuses(production) == Counter()
