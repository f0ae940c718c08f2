"""The queue, on a real Redis."""

import base64
import json

import pytest
import redis

from dispatcher.embedded import Embedded
from dispatcher.errors import QueueUnreachable
from dispatcher.queue import (
    DELIVER,
    FEEDBACK,
    MAILBOX,
    NOTICES,
    QUEUES,
    SWEEP,
    WEBHOOKS,
    ask_for_errand,
    ask_for_sweep,
    fill_up,
    make_celery,
    waiting,
    wake,
    wake_all,
    wake_for_notices,
)
from dispatcher.rules.alert import Channel
from dispatcher.settings import Settings, load_settings


@pytest.fixture
def settings(redis_url: str) -> Settings:
    return load_settings(redis_url=redis_url)


def test_a_wake_up_carries_the_channel_and_nothing_else(settings: Settings, redis_url: str) -> None:
    wake(settings, Channel.SMS)
    with redis.Redis.from_url(redis_url) as client:
        message = json.loads(client.lindex("dispatch:queue:sms", 0))
    assert message["headers"]["task"] == DELIVER
    arguments, options, _ = json.loads(base64.b64decode(message["body"]))
    assert (arguments, options) == (["sms"], {})
    assert message["headers"]["eta"] is None
    assert message["headers"]["expires"] is None


def test_each_channel_has_a_queue_of_its_own(settings: Settings) -> None:
    wake_all(settings)
    ask_for_sweep(settings)
    wake_for_notices(settings, Channel.SMS)
    waits = {queue: waiting(settings, queue) for queue in QUEUES}
    asked = {"email": 1, "sms": 1, "sweep": 1, "notices": 1}
    assert waits == dict.fromkeys(QUEUES, 0) | asked


def test_wake_ups_do_not_pile_up(settings: Settings) -> None:
    for _ in range(5):
        fill_up(settings, Channel.EMAIL, 3)
        wake_for_notices(settings, Channel.EMAIL)
        ask_for_errand(settings, MAILBOX)
    assert waiting(settings, "email") == 3
    assert waiting(settings, "notices") == 2
    assert waiting(settings, "errands") == 2


def test_every_task_that_is_queued_exists_in_the_worker() -> None:
    from workers import tasks

    assert [tasks.deliver.name, tasks.sweep.name, tasks.notices.name] == [DELIVER, SWEEP, NOTICES]
    assert [tasks.mailbox.name, tasks.webhooks.name, tasks.feedback.name] == [MAILBOX, WEBHOOKS, FEEDBACK]


def test_the_worker_listens_to_every_queue(settings: Settings) -> None:
    assert set(make_celery(settings).amqp.queues.consume_from) == set(QUEUES)


def test_the_queue_works_over_the_embedded_server() -> None:
    settings = load_settings()
    with Embedded(settings):
        wake(settings, Channel.EMAIL)
        assert waiting(settings, "email") == 1


def test_a_celery_setting_of_another_program_does_not_lead_us_astray(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1")
    wake(settings, Channel.EMAIL)
    assert waiting(settings, "email") == 1


@pytest.mark.parametrize(
    "where",
    [
        {"redis_url": "redis://:secret-word@127.0.0.1:1/0"},
        {"redis_url": "redis+socket:///nowhere/redis.sock"},
        {"broker_url": "amqp://guest:secret-word@127.0.0.1:1//"},
        {},  # embedded, and not started
    ],
)
def test_a_queue_that_is_away_is_named_without_its_password(where: dict[str, str]) -> None:
    with pytest.raises(QueueUnreachable) as refusal:
        wake(load_settings(**where), Channel.EMAIL)
    assert refusal.value.__cause__ is not None
    assert "secret-word" not in str(refusal.value)


def test_a_wrong_password_is_told_from_a_server_that_is_away(redis_url: str) -> None:
    wrong = redis_url.replace("redis://", "redis://nobody:wrong@")
    with pytest.raises(QueueUnreachable, match=r"(?i)password"):
        wake(load_settings(redis_url=wrong), Channel.EMAIL)
