"""Where our Redis is, and clients of it that fail fast: the limiter and the workers' coordination share
them.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from dispatcher.paths import state_folder
from dispatcher.rules.urls import ServiceUrl
from dispatcher.settings import Settings

if TYPE_CHECKING:
    from redis import Redis

_CONNECT_SECONDS = 1.0
_ANSWER_SECONDS = 2.0
_LONGEST_SOCKET_PATH = 100  # bytes; sun_path holds 107 on Linux, 103 on macOS and the BSDs


def redis_of(settings: Settings) -> ServiceUrl:
    """The Redis of this installation: the one that was set, or the embedded server's socket."""
    return settings.redis or ServiceUrl(scheme="redis+socket", path=str(socket_path()))


def broker_of(settings: Settings) -> ServiceUrl:
    """Where the queue is: DISPATCH_BROKER_URL, else beside the limiter in Redis."""
    return settings.broker or redis_of(settings)


def embedded_folder() -> Path:
    """Where the embedded server keeps its locks and its log."""
    return state_folder() / "redis"


def socket_path() -> Path:
    """The embedded server's unix socket: in its folder, or where that path is too long, in a private folder
    for temporary files that is named after it.
    """
    own = embedded_folder() / "redis.sock"
    if len(os.fsencode(own)) <= _LONGEST_SOCKET_PATH:
        return own
    name = hashlib.sha256(os.fsencode(own)).hexdigest()[:16]
    shared = Path(tempfile.gettempdir()) / f"dispatch-{os.getuid()}-{name}" / "redis.sock"
    if len(os.fsencode(shared)) <= _LONGEST_SOCKET_PATH:
        return shared
    return Path("/tmp") / shared.parent.name / shared.name  # noqa: S108 - the embedded server checks whose it is


def connect(url: ServiceUrl) -> "Redis":
    """A client that gives up within seconds. Nothing is sent until it is used; never carry it over a fork.

    One immediate retry gets over connections that a restarted server has dropped.
    """
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Redis.from_url(
        client_address(url),
        protocol=2,  # what every server understands, without an exchange about versions on each connection
        socket_connect_timeout=_CONNECT_SECONDS,
        socket_timeout=_ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )


def client_address(url: ServiceUrl) -> str:
    """The address as redis-py wants it: a socket's is `unix://`, its database `?db=`. Holds the password."""
    if url.scheme != "redis+socket":
        return url.encoded()
    return _with_option(url, "unix", "virtual_host", "db").encoded()


def celery_address(url: ServiceUrl) -> str:
    """The address as Celery wants it: a socket's database is `?virtual_host=`. Holds the password.

    Celery doesn't verify the certificate of a `rediss://` server unless told to; we tell it.
    """
    if url.scheme == "redis+socket":
        return _with_option(url, url.scheme, "db", "virtual_host").encoded()
    if url.scheme == "rediss" and "ssl_cert_reqs" not in url.options:
        url = _changed(url, url.scheme, {**url.options, "ssl_cert_reqs": "required"})
    return url.encoded()


def _with_option(url: ServiceUrl, scheme: str, theirs: str, ours: str) -> ServiceUrl:
    options = {ours if name == theirs else name: value for name, value in url.options.items()}
    return _changed(url, scheme, options)


def _changed(url: ServiceUrl, scheme: str, options: dict[str, str]) -> ServiceUrl:
    return ServiceUrl(scheme, url.user, url.password, url.host, url.port, url.path, options)
