"""The queue: the Celery application, and the only ways to put something into it.

A task carries a channel's name or nothing: the database says what there is to do. So a task may be lost,
repeated or late without harm, and none is ever retried or scheduled here.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dispatcher.errors import QueueUnreachable
from dispatcher.redis_client import broker_of, celery_address
from dispatcher.rules.alert import Channel
from dispatcher.settings import Settings

if TYPE_CHECKING:
    from celery import Celery
    from kombu.connection import Connection

DELIVER = "dispatch.deliver"  # with a channel: work at it for some seconds
SWEEP = "dispatch.sweep"  # reap, open what is scheduled, and wake who has work
NOTICES = "dispatch.notices"  # with a channel: send the single messages that are due
WEBHOOKS = "dispatch.webhooks"  # find what others are to be told, and tell it, for some seconds
MAILBOX = "dispatch.mailbox"  # read what is new in the mailbox, for some seconds
FEEDBACK = "dispatch.feedback"  # apply what providers told, for some seconds
SWEEP_QUEUE = "sweep"
NOTICES_QUEUE = "notices"  # apart from the alerts': somebody is waiting for each of them
FEEDBACK_QUEUE = "feedback"
ERRANDS_QUEUE = "errands"  # what asks servers of others that may be slow, and is urgent to nobody
QUEUES = (*(str(channel) for channel in Channel), SWEEP_QUEUE, NOTICES_QUEUE, FEEDBACK_QUEUE, ERRANDS_QUEUE)

_ERRANDS = 2  # kinds of them
_KEYS = "dispatch:queue:"  # in Redis, so that another Celery application may share the server
_CONNECT_SECONDS = 2
_ANSWER_SECONDS = 5  # longer than the second for which a worker's read blocks
_CHILD_STARTS_WITHIN = 30  # seconds; Celery's own 4 are short on a busy machine
_ONE_MORE_TRY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.1}


def make_celery(settings: Settings) -> "Celery":
    """The process's Celery application on the settings' broker. Nothing is connected yet."""
    broker = broker_of(settings)
    return _application(celery_address(broker), over_redis=not broker.scheme.startswith("amqp"))


@functools.lru_cache(maxsize=4)
def _application(address: str, *, over_redis: bool) -> "Celery":
    from celery import Celery
    from kombu.entity import Queue

    app = Celery("dispatch", fixups=set(), include=["workers.tasks"])
    app.conf.update(
        broker_read_url=address,  # not broker_url: that one gives way to CELERY_BROKER_URL
        broker_write_url=address,
        broker_connection_timeout=_CONNECT_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # a worker waits for its broker for as long as it takes
        task_queues=[Queue(name, routing_key=name) for name in QUEUES],
        task_create_missing_queues=False,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_publish_retry_policy=_ONE_MORE_TRY,
        worker_prefetch_multiplier=1,
        worker_proc_alive_timeout=_CHILD_STARTS_WITHIN,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
    )
    if over_redis:
        app.conf.update(
            worker_disable_prefetch=True,  # a wake-up that waits here could be worked on by another worker
            broker_transport_options={
                "global_keyprefix": _KEYS,
                "socket_connect_timeout": _CONNECT_SECONDS,
                "socket_timeout": _ANSWER_SECONDS,
            },
        )
    return app


def wake(settings: Settings, channel: Channel) -> None:
    """Say that a channel has work. Raises QueueUnreachable within seconds; the workers' own timer finds the
    work anyway, within about a second of being back.
    """
    _put(settings, DELIVER, str(channel), [str(channel)])


def wake_all(settings: Settings) -> None:
    """Say that every channel may have work. Raises QueueUnreachable."""
    for channel in Channel:
        wake(settings, channel)


def fill_up(settings: Settings, channel: Channel, number: int) -> None:
    """See to it that at least `number` wake-ups of a channel wait: one for each process that could come.

    Looking first keeps them from piling up, however often this is called. Raises QueueUnreachable.
    """
    for _ in range(number - waiting(settings, str(channel))):
        wake(settings, channel)


def ask_for_sweep(settings: Settings) -> None:
    """Have some process sweep. Raises QueueUnreachable."""
    _put(settings, SWEEP, SWEEP_QUEUE, [])


def wake_for_notices(settings: Settings, channel: Channel) -> None:
    """Have some process send a channel's notices, unless as many as there are channels are asked already.

    Raises QueueUnreachable.
    """
    if waiting(settings, NOTICES_QUEUE) < len(Channel):
        _put(settings, NOTICES, NOTICES_QUEUE, [str(channel)])


def wake_for_feedback(settings: Settings) -> None:
    """Have some process apply what providers told, unless one is asked already. Raises QueueUnreachable."""
    if not waiting(settings, FEEDBACK_QUEUE):
        _put(settings, FEEDBACK, FEEDBACK_QUEUE, [])


def ask_for_errand(settings: Settings, task: str) -> None:
    """Have some process run an errand, unless as many wait as there are kinds of them: a task that was lost
    or is late is asked for again. Raises QueueUnreachable.
    """
    if waiting(settings, ERRANDS_QUEUE) < _ERRANDS:
        _put(settings, task, ERRANDS_QUEUE, [])


def waiting(settings: Settings, queue: str) -> int:
    """How many tasks wait in a queue. Raises QueueUnreachable."""
    app = make_celery(settings)
    with _connected(settings) as connection, connection.channel() as channel:
        return int(app.amqp.queues[queue](channel).queue_declare().message_count)


def _put(settings: Settings, task: str, queue: str, arguments: list[str]) -> None:
    with _connected(settings) as connection:
        make_celery(settings).send_task(task, arguments, queue=queue, connection=connection)


@contextmanager
def _connected(settings: Settings) -> Iterator["Connection"]:
    """A connection of its own, soon closed: a pool's locks could be carried over a fork by the worker's
    timer.
    """
    from amqp import AMQPError
    from kombu.exceptions import OperationalError
    from redis import RedisError

    try:
        with make_celery(settings).connection_for_write() as connection:
            connection.ensure_connection(**_ONE_MORE_TRY)
            yield connection
    except (OperationalError, RedisError, AMQPError, OSError) as error:
        raise QueueUnreachable(where=broker_of(settings), reason=str(error).rstrip(".")) from error
