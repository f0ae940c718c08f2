"""What a mail that came back tells us, as events. It always answers, whatever it is given."""

import hashlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from dispatcher.bounces import verp
from dispatcher.bounces.addresses import addresses_in
from dispatcher.bounces.arf import complaint_of
from dispatcher.bounces.autoreply import is_auto_reply
from dispatcher.bounces.dsn import findings_of_report
from dispatcher.bounces.finding import Finding
from dispatcher.bounces.mail import Part, read_mail
from dispatcher.bounces.meaning import kind_of
from dispatcher.bounces.notices import findings_of_notice, is_notice, words_about
from dispatcher.bounces.returned import split_notice
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.references import reference_in

_PROVIDER = "mailbox"
_ANY_MAILS = frozenset(  # a text that has none of these in front of it is no mail
    "from to cc subject date received return-path message-id mime-version content-type".split()
)
_TELLING_LETTERS = 12  # a diagnosis with fewer says nothing: "smtp; 550"


def read_bounce(raw: bytes, mailbox: str = "") -> list[Event]:
    """The events of one mail, at least one: UNKNOWN for a report or notice that names nobody.

    A text that is no mail at all is UNKNOWN, too, whatever stands in it.

    `mailbox` is the address for bounces: what stands behind its plus is our own word, and the surest, on
    which message came back. An UNSUBSCRIBED from `mailbox+leave.TOKEN@` has `leave.TOKEN` as its reference.
    """
    mail = read_mail(raw)
    if _ANY_MAILS.isdisjoint(mail.headers):
        return [_Writing(raw, mail, "").event(EventKind.UNKNOWN, Finding(""))]
    lines, returned = split_notice(mail)
    token = verp.token_of(mail, mailbox)
    writing = _Writing(raw, mail, token or reference_in(*_message_ids(mail, returned)))
    complaint = complaint_of(mail, returned)
    if complaint:
        kind, who = complaint
        return [writing.event(kind, Finding(address)) for address in who[:1] or [""]]
    findings = _findings(mail, lines, returned)
    if findings:
        return [writing.event(kind_of(one), one) for one in findings]
    sender = Finding((addresses_in(mail.header("from")) or [""])[0])
    if verp.leave_token(token) and not is_auto_reply(mail):
        return [writing.event(EventKind.UNSUBSCRIBED, sender)]
    if is_auto_reply(mail):
        return [writing.event(EventKind.AUTO_REPLY, sender)]
    return [writing.event(EventKind.UNKNOWN if is_notice(mail) else EventKind.REPLY, sender)]


def _message_ids(mail: Part, returned: dict[str, list[str]]) -> list[str]:
    """Every id that may be of the message that came back; never the bounce's own."""
    names = ("in-reply-to", "references", "x-original-message-id")
    given = [returned.get("message-id", []), *(mail.headers.get(name, []) for name in names)]
    return [value for values in given for value in values]


def _findings(mail: Part, lines: list[str], returned: dict[str, list[str]]) -> list[Finding]:
    """By the report, with words and recipients that it lacks from the notice; else by the notice alone."""
    from_server = is_notice(mail)
    reported = findings_of_report(mail, unmarked=from_server)
    noticed = findings_of_notice(mail, lines, returned) if from_server or reported else []
    if not reported:
        return noticed
    return [_completed(one, noticed, lines) for one in reported]


def _completed(one: Finding, noticed: list[Finding], lines: list[str]) -> Finding:
    recipient = one.recipient or (noticed[0].recipient if noticed else "")
    letters = sum(map(str.isalpha, one.words))
    around = words_about(recipient, lines) if recipient else "\n".join(lines)[:1000]
    words = one.words if letters >= _TELLING_LETTERS else f"{one.words}\n{around}".strip()
    return Finding(recipient, one.action, one.status, words, around)


class _Writing:
    """Writes the events of one mail."""

    def __init__(self, raw: bytes, mail: Part, reference: str) -> None:
        self._mail_id = mail.header("message-id").encode() or raw
        self._at = _moment(mail.header("date"))
        self._reference = reference

    def event(self, kind: EventKind, finding: Finding) -> Event:
        identity = (kind, self._reference, finding.recipient.lower())
        digest = hashlib.sha256(
            b"\0".join((*(part.encode("utf-8", "replace") for part in identity), self._mail_id))
        )
        return Event(
            kind=kind,
            provider=_PROVIDER,
            event_id=digest.hexdigest()[:32],
            at=self._at,
            reference=self._reference,
            recipient=finding.recipient,
            code=finding.status or finding.enhanced or (str(finding.code) if finding.code else ""),
            words=finding.words or finding.around,
        )


def _moment(date: str) -> datetime | None:
    """A Date header in UTC; None when it is none."""
    try:
        moment = parsedate_to_datetime(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
