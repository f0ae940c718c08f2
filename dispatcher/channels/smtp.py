"""Email through an SMTP relay: several kept-open connections, each in a thread of its own."""

import re
import ssl
import time
from collections import deque
from collections.abc import Iterable, Iterator

from dispatcher.channels.at_once import Threads, out_of_time
from dispatcher.channels.base import Health, Outcome, Result
from dispatcher.channels.smtp_connection import Lost, NoAnswer, Reply, SmtpConnection, Stage, Unusable
from dispatcher.channels.smtp_relay import RESULTS, CannotOpen, Relay, reply_code
from dispatcher.rules.alert import Channel
from dispatcher.rules.redaction import without_addresses
from dispatcher.rules.rendered import Rendered, RenderedEmail
from dispatcher.rules.smtp_replies import classify, split_enhanced

# The relay's own id in its last answer: Postfix and SendGrid; Exim; Exchange; Amazon SES; Sendmail.
_QUEUE_ID = re.compile(
    r"queued as ([\w.-]+)|\bid=([\w.-]+)|InternalId=(\d+)|^ok ([\w.-]{20,})|(\w+) message accepted",
    re.MULTILINE | re.IGNORECASE,
)


class SmtpSender:
    """Hands emails to one relay. A message whose answer never came is UNCERTAIN, and not tried again."""

    channel = Channel.EMAIL
    practice = False

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.connections = relay.connections
        self.beyond_loopback = not relay.on_loopback
        self._threads = Threads(relay.connections, "smtp")
        self._kept: deque[SmtpConnection] = deque()

    @property
    def name(self) -> str:
        return f"SMTP relay {self.relay.host}:{self.relay.port}"

    def send(self, batch: Iterable[Rendered], stop_at: float) -> Iterator[Outcome]:
        """As Sender.send. When one connection can't be opened, the rest of the batch doesn't try to."""
        trouble: list[CannotOpen] = []

        def hand_over(message: Rendered) -> Outcome:
            assert isinstance(message, RenderedEmail)
            return self._hand_over(message, stop_at, trouble)

        return self._threads.each(batch, hand_over, stop_at)

    def check(self) -> Health:
        """Greeting, STARTTLS and login, without a message."""
        try:
            smtp = self.relay.open()
        except CannotOpen as error:
            return Health(ok=False, words=error.words, mend=error.mend)
        socket = smtp.sock
        tls = socket.version() if isinstance(socket, ssl.SSLSocket) else None
        login = ", login accepted" if self.relay.user else ""
        SmtpConnection(smtp).close()
        return Health(ok=True, words=f"answers, {tls or 'no encryption'}{login}")

    def close(self) -> None:
        self._threads.close()
        while self._kept:
            self._kept.pop().close()

    def _hand_over(self, message: RenderedEmail, stop_at: float, trouble: list[CannotOpen]) -> Outcome:
        try:
            kept = self._kept.pop()
        except IndexError:
            kept = None
        if kept is not None:
            outcome = self._over(kept, message, stop_at)
            if kept.usable or outcome.result not in {Result.RETRY, Result.SLOW_DOWN}:
                return outcome
            if time.monotonic() >= stop_at:
                return out_of_time(message)
        return self._over_a_new_one(message, stop_at, trouble)

    def _over_a_new_one(self, message: RenderedEmail, stop_at: float, trouble: list[CannotOpen]) -> Outcome:
        """Also the second try of a message whose kept connection the relay had closed meanwhile."""
        try:
            if trouble:
                raise trouble[0]
            connection = SmtpConnection(self.relay.open())
        except CannotOpen as error:
            trouble.append(error)
            return Outcome(message.message_id, error.result, error.code, error.words)
        return self._over(connection, message, stop_at)

    def _over(self, connection: SmtpConnection, message: RenderedEmail, stop_at: float) -> Outcome:
        try:
            reply = connection.deliver(message, stop_at)
        except Lost as lost:
            return Outcome(message.message_id, Result.RETRY, str(lost))
        except NoAnswer as silence:
            return Outcome(message.message_id, Result.UNCERTAIN, str(silence))
        except Unusable as unusable:
            return Outcome(message.message_id, Result.DROPPED, str(unusable))
        finally:
            if connection.usable:
                self._kept.append(connection)
        return _outcome_of(message, reply)


def _outcome_of(message: RenderedEmail, reply: Reply) -> Outcome:
    enhanced, words = split_enhanced(reply.text)
    code = reply_code(reply.code, enhanced)
    if reply.agrees:
        found = _QUEUE_ID.search(words)
        queue_id = next(filter(None, found.groups())) if found else ""
        return Outcome(message.message_id, Result.ACCEPTED, code, provider_ref=queue_id[:100])
    kind = classify(reply.code, enhanced, words, about_sender=reply.stage is Stage.SENDER)
    return Outcome(message.message_id, RESULTS[kind], code, without_addresses(words, message.to))
