"""Texts through Twilio's Messages API (https://www.twilio.com/docs/messaging/api/message-resource).

It has no idempotency parameter: an answer that never came, or a fault of theirs, leaves a text UNCERTAIN.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dispatcher.channels.at_once import Threads, connections_of
from dispatcher.channels.base import Health, Outcome, Result, out_of_time
from dispatcher.channels.feed import Fed
from dispatcher.channels.twilio_api import PooledHttp, Remains, TwilioApi
from dispatcher.channels.twilio_status import status_address
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import Rendered, RenderedSms
from dispatcher.rules.urls import ServiceUrl, is_loopback, parse_service_url

_API = "https://api.twilio.com"
_OPTIONS = ("from", "messaging_service", "account", "api_base", "connections", "redaction")
_NUMBER = re.compile(r"\+\d{7,15}|\d{5,6}")  # E.164, or a short code
_SENDER_ID = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")  # alphanumeric; not in the US and Canada


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """Whose account, by which key, and from which number."""

    account_sid: str
    user: str  # the account's SID, or an API key's
    password: str = field(repr=False)
    origin: dict[str, str]  # {"from_": number}, or {"messaging_service_sid": sid}
    api_base: str
    timeout: float  # seconds for connecting, and for the answer
    connections: int
    redaction: bool = True  # Twilio is asked to forget texts of sensitive lists
    reports_to: str = ""  # the public address where it can say what became of a text; "": nowhere


class TwilioSender:
    """Hands texts to Twilio, and says how long each may wait there, so that none arrives at night."""

    channel = Channel.SMS
    practice = False

    def __init__(self, account: TwilioAccount) -> None:
        self.account = account
        self.connections = account.connections
        self.handles_stop = _takes_replies(account.origin)
        self.echoes_our_id = bool(account.reports_to)
        self.beyond_loopback = not is_loopback(parse_service_url(account.api_base).host)
        self._threads = Threads(account.connections, "twilio")
        self._opened: TwilioApi | None = self._open()  # now: it loads half of the package

    @property
    def name(self) -> str:
        return f"Twilio, from {next(iter(self.account.origin.values()))}"

    def send(self, batch: Iterable[Fed], stop_at: float) -> Iterator[Outcome]:
        """As Sender.send."""
        api = self._api()

        def hand_over(message: Rendered) -> Outcome:
            assert isinstance(message, RenderedSms)
            if message.valid_for is not None and message.valid_for < 1:
                return out_of_time(message)
            return api.create(
                message,
                self.account.origin,
                forget=message.private and self.account.redaction,
                reports_to=self._reports_to(message),
            )

        return self._threads.each(batch, hand_over, stop_at)

    def remains(self, reference: str) -> Remains | None:
        """What Twilio still has of a text; None when it doesn't say."""
        return self._api().remains(reference)

    def check(self) -> Health:
        """Ask how the account stands: that takes the credentials and sends nothing."""
        standing = self._api().standing()
        if isinstance(standing, str):
            active = standing.startswith("active")
            mend = "" if active else "Log in at console.twilio.com: it says why."
            return Health(ok=active, words=f"the account is {standing}", mend=mend)
        broken = standing.result is Result.BROKEN
        mend = (
            "Check SID and token in DISPATCH_SMS_URL, and the account at console.twilio.com."
            if broken
            else f"Check that {self.account.api_base} can be reached from here."
        )
        return Health(ok=False, words=f"{standing.code}: {standing.detail}".rstrip(": "), mend=mend)

    def close(self) -> None:
        self._threads.close()
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _reports_to(self, message: RenderedSms) -> str:
        if not (self.account.reports_to and message.reference):
            return ""
        return status_address(self.account.reports_to, message.reference)

    def _api(self) -> TwilioApi:
        self._opened = self._opened or self._open()
        return self._opened

    def _open(self) -> TwilioApi:
        ours = self.account
        http = PooledHttp(ours.connections, ours.timeout)
        return TwilioApi(ours.user, ours.password, ours.account_sid, base=ours.api_base, http=http)


def account_of(url: ServiceUrl, timeout: float, reports_to: str = "") -> TwilioAccount:
    """The account of `twilio://SID:TOKEN@?from=+1...` or `?messaging_service=MG...`; ValueError says what is
    wrong with it.

    `&redaction=off` is for an account without Message Redaction. With an API key it is `twilio://SK...:SECRET@?account=AC...&from=+1...`.
    `reports_to` is as in TwilioAccount.
    """
    if unknown := sorted(set(url.options) - set(_OPTIONS)):
        raise ValueError(f"has no option {unknown[0]!r}; it knows {', '.join(_OPTIONS)}")
    account_sid = url.options.get("account", url.user)
    if not account_sid.startswith("AC") or not url.password:
        raise ValueError("needs the account's SID and token: twilio://AC...:TOKEN@?from=+1...")
    api_base = url.options.get("api_base", _API).rstrip("/")
    if not api_base.startswith("https://") and not is_loopback(parse_service_url(api_base).host):
        raise ValueError(f"has api_base={api_base}; beyond this machine it must be https://")
    return TwilioAccount(
        account_sid=account_sid,
        user=url.user,
        password=url.password,
        origin=_origin(url.options),
        api_base=api_base,
        timeout=timeout,
        connections=connections_of(url),
        redaction=_redaction(url.options.get("redaction", "on")),
        reports_to=reports_to,
    )


def _takes_replies(origin: dict[str, str]) -> bool:
    """Whether people can answer STOP there, and Twilio acts on it by itself: not to a name instead of a
    number.
    """
    number = origin.get("from_", "")
    return not number or bool(_NUMBER.fullmatch(number))


def _redaction(written: str) -> bool:
    if written not in ("on", "off"):
        raise ValueError(f"has redaction={written}; it is on, or off where the account can't do it")
    return written == "on"


def _origin(options: dict[str, str]) -> dict[str, str]:
    number, service = options.get("from", ""), options.get("messaging_service", "")
    if bool(number) == bool(service):
        raise ValueError("needs either from=+1... or messaging_service=MG...")
    if service:
        if not service.startswith("MG"):
            raise ValueError(f"has messaging_service={service}; a messaging service's SID begins with MG")
        return {"messaging_service_sid": service}
    number = number.replace(" ", "+", 1) if number.startswith(" ") else number
    if not (_NUMBER.fullmatch(number) or _SENDER_ID.fullmatch(number)):
        raise ValueError(f"has from={number}; it must be a number such as +13125550100")
    return {"from_": number}
