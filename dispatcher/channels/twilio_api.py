"""Twilio's API by its own package: pooled connections, a time-out on everything, one try and no second.

Loading the package takes up to half a second. Whoever chooses this sender pays that at once: when a message
is marked as being sent, every second counts.
"""

import json
import logging
from dataclasses import dataclass
from ssl import SSLCertVerificationError
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectTimeout, ProxyError, ReadTimeout
from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import MaxRetryError, NewConnectionError, SSLError

from dispatcher.channels.base import Outcome, Result
from dispatcher.channels.twilio_codes import meaning
from dispatcher.rules.redaction import without_addresses
from dispatcher.rules.rendered import RenderedSms

_OBFUSCATED = "XXXX"  # instead of a number's last digits
_LONGEST_VALIDITY = 36_000  # seconds that Twilio may hold a text


@dataclass(frozen=True, slots=True)
class Remains:
    """Whether Twilio has the words of a text, and its whole number."""

    words: bool
    number: bool


class TurnedAway(Exception):
    """An answer that isn't a success; unlike the package's exceptions it keeps the header Retry-After."""

    def __init__(self, answer: requests.Response) -> None:
        super().__init__(answer.status_code)
        self.status = answer.status_code
        self.retry_after = _seconds(answer.headers.get("Retry-After"))
        self.code, self.words = _error_in(answer.text)


class PooledHttp(HttpClient):  # type: ignore[misc]  # the package has no types
    """For several threads at once: the package's own keeps the last answer in itself, and threads that share
    it can get each other's.
    """

    def __init__(self, connections: int, timeout: float) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), is_async=False, timeout=timeout)
        self._session = requests.Session()
        for scheme in ("https://", "http://"):
            adapter = HTTPAdapter(pool_connections=1, pool_maxsize=connections, max_retries=0)
            self._session.mount(scheme, adapter)

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request. Raises TurnedAway, and requests.RequestException when there was no answer."""
        answer = self._session.request(
            method,
            uri,
            params=params,
            data=data,
            headers=headers,
            auth=auth,
            timeout=timeout or self.timeout,
            allow_redirects=allow_redirects,
        )
        if not 200 <= answer.status_code < 300:
            raise TurnedAway(answer)
        return Response(answer.status_code, answer.text, answer.headers)

    def close(self) -> None:
        self._session.close()


class TwilioApi:
    """What we ask of one account; for several threads at once."""

    def __init__(self, user: str, password: str, account_sid: str, *, base: str, http: PooledHttp) -> None:
        self._http = http
        self._client = Client(user, password, account_sid, http_client=http)
        self._client.api.base_url = base

    def create(
        self, message: RenderedSms, origin: dict[str, str], *, forget: bool = False, reports_to: str = ""
    ) -> Outcome:
        """Hand one text over. `origin` is `from_`, or `messaging_service_sid`. `reports_to` is the address
        that is told what becomes of it; "": none.

        `forget`: Twilio is to keep neither its words nor the last digits of its number, once it has arrived
        (https://www.twilio.com/docs/messaging/guides/privacy-message-redaction). An account without Message
        Redaction refuses such a text.
        """
        # As it was counted: Twilio would spell typographic signs otherwise than we have decided.
        limits: dict[str, Any] = {"smart_encoded": False}
        if message.valid_for is not None:
            limits["validity_period"] = min(message.valid_for, _LONGEST_VALIDITY)
        if forget:
            limits |= {"content_retention": "discard", "address_retention": "obfuscate"}
        if reports_to:
            limits["status_callback"] = reports_to
        try:
            taken = self._client.messages.create(message.to, body=message.body, **origin, **limits)
        except (TurnedAway, requests.RequestException, TwilioException, ValueError) as error:
            return outcome_of(error, message.message_id, message.to)
        return Outcome(message.message_id, Result.ACCEPTED, "twilio 201", provider_ref=str(taken.sid or ""))

    def standing(self) -> str | Outcome:
        """How the account stands ("active, Full"), or what went wrong in asking; sends nothing."""
        account_sid = self._client.account_sid
        try:
            if self._client.username != account_sid:
                self._client.messages.list(limit=1)  # an API key may not read its account
                return "active"
            account = self._client.api.v2010.accounts(account_sid).fetch()
        except (TurnedAway, requests.RequestException, TwilioException, ValueError) as error:
            return outcome_of(error, 0, "")
        return f"{account.status}, {account.type}"

    def remains(self, reference: str) -> Remains | None:
        """What is kept of a text that was sent; None where that can't be told."""
        try:
            kept = self._client.messages(reference).fetch()
        except (TurnedAway, requests.RequestException, TwilioException, ValueError):
            return None
        return Remains(words=bool(kept.body), number=not str(kept.to or "").endswith(_OBFUSCATED))

    def close(self) -> None:
        self._http.close()


def outcome_of(error: Exception, message_id: int, to: str) -> Outcome:
    """What an exception of the client means for the message."""
    match error:
        case TurnedAway():
            result = meaning(error.code, error.status)
            code = f"twilio {error.code}" if error.code else f"http {error.status}"
            words = without_addresses(error.words, to)
            return Outcome(message_id, result, code, words, retry_after=error.retry_after)
        case requests.RequestException() if never_sent(error):
            return Outcome(message_id, Result.RETRY, "unreachable", "no connection to Twilio")
        case ReadTimeout():
            return Outcome(message_id, Result.UNCERTAIN, "timeout")
        case requests.JSONDecodeError() | ValueError() | TwilioException():
            return Outcome(message_id, Result.UNCERTAIN, "unreadable answer")
        case _:
            return Outcome(message_id, Result.UNCERTAIN, "connection lost")


def never_sent(error: requests.RequestException) -> bool:
    """Whether no byte of the request can have left: no connection was made, or none to be trusted."""
    if isinstance(error, (ConnectTimeout, ProxyError)):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    untrusted = isinstance(reason, SSLError) and isinstance(reason.args[0], SSLCertVerificationError)
    return untrusted or isinstance(reason, NewConnectionError)


def _error_in(text: str) -> tuple[int | None, str]:
    """Twilio's code and words: `{"code": 21211, "message": ...}`, or RFC 9457 with `title` and `detail`."""
    try:
        error = json.loads(text)
        words = error.get("message") or error.get("detail") or error.get("title") or ""
        return int(error["code"]), str(words)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, ""


def _seconds(retry_after: str | None) -> float | None:
    """Twilio sends seconds; the date that RFC 9110 10.2.3 also allows is passed over."""
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else None
