"""What the values of settings may be. Each raises ValueError, saying what would be right."""

import base64
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, SecretStr, ValidationInfo

from dispatcher.rules.rates import Rate, parse_rate
from dispatcher.rules.urls import ServiceUrl, is_loopback, parse_service_url

_LONGEST_HOTLINE = 60  # characters


def service_url(text: str) -> ServiceUrl:
    if text.startswith("outbox:"):
        return ServiceUrl(scheme="outbox", path=text.removeprefix("outbox:") or "var/outbox")
    return parse_service_url(text)


def address_of(*schemes: str) -> AfterValidator:
    def check(value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            url = service_url(value.get_secret_value())
            if url.scheme not in schemes:
                forms = [f"{s}:FOLDER" if s == "outbox" else f"{s}://..." for s in schemes]
                raise ValueError(f"must be one of {', '.join(forms)}")
            _refuse_incomplete(url)
        return value

    return AfterValidator(check)


def _refuse_incomplete(url: ServiceUrl) -> None:
    """What the address of each kind of service can't do without."""
    if url.scheme in {"smtp", "smtps", "redis", "rediss", "amqp", "amqps"} and not url.host:
        raise ValueError(f"names no server; write {url.scheme}://user:password@host:port")
    if url.scheme == "redis+socket" and not url.path:
        raise ValueError("names no socket; write redis+socket:///path/of/the/socket")
    if url.scheme == "sqlite":
        if url.path in {"", "/", "/:memory:"}:
            raise ValueError("must name a file, which several processes share: sqlite:///var/dispatch.db")
        if not re.fullmatch(r"[\d.]+", url.options.get("timeout", "30")):
            raise ValueError("has a timeout that isn't a number of seconds")
    if url.scheme == "twilio":
        if not (url.user and url.password):
            raise ValueError("needs the account and its token; write twilio://SID:TOKEN@?from=+13125550100")
        if ("from" in url.options) == ("messaging_service" in url.options):
            raise ValueError("needs one sender: ?from=+13125550100, or ?messaging_service=MG...")


def parsed_by(parse: Callable[[str], object]) -> AfterValidator:
    def check(value: str) -> str:
        parse(value)
        return value

    return AfterValidator(check)


def rate_or_default(value: str) -> Rate | None:
    return parse_rate(value) if value else None


def web_address(value: str) -> str:
    url = parse_service_url(value)
    if url.scheme not in {"http", "https"} or not url.host or url.user or url.options:
        raise ValueError("must be https://your.site (or http://localhost:8000 for practice)")
    return value.rstrip("/")


def _refuse_short(key: str) -> None:
    if len(key.strip()) < 32:
        raise ValueError("needs at least 32 characters; make one with `openssl rand -base64 32`")


def one_key(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        _refuse_short(value.get_secret_value())
    return value


def list_of_keys(value: SecretStr | None) -> SecretStr | None:
    for key in value.get_secret_value().split(",") if value is not None else ():
        _refuse_short(key)
    return value


def alarm_address(value: SecretStr | None) -> SecretStr | None:
    """Where alarms are posted; None for the empty file of a secret that nobody has filled in."""
    given = value.get_secret_value() if value is not None else ""
    if not given:
        return None
    url = parse_service_url(given)
    if not url.host or url.scheme not in ({"http", "https"} if is_loopback(url.host) else {"https"}):
        raise ValueError("must be https://...: what is told there is for staff alone")
    return value


def split_addresses(value: str) -> tuple[str, ...]:
    return tuple(filter(None, (address.strip() for address in value.split(","))))


def email_addresses(value: str) -> str:
    for address in split_addresses(value):
        email_address(address)
    return value


def zone_name(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):  # a folder's name, an absolute path, no such zone
        raise ValueError("must be a time zone by its IANA name, such as America/Chicago") from None
    return value


def email_address(value: str) -> str:
    if value and not (value.count("@") == 1 and "." in value.split("@")[1] and value.isprintable()):
        raise ValueError("must be an address such as alerts@your.site")
    return value


def one_line(value: str) -> str:
    if not value.isprintable():
        raise ValueError("must be one line of plain text")
    return value.strip()


def hotline_line(value: str) -> str:
    """A number or a page, short enough for a text."""
    value = one_line(value)
    if len(value) > _LONGEST_HOTLINE:
        raise ValueError(f"must have at most {_LONGEST_HOTLINE} characters: it stands in texts")
    return value


def bounces_mailbox(value: str) -> str:
    """A mailbox that takes `name+anything@...` too (RFC 5233), where a message's number fits behind the +."""
    if value and not re.fullmatch(r"[A-Za-z0-9._-]{1,16}@.+", email_address(value)):
        raise ValueError("must be an address with at most 16 letters before the @: bounces@your.site")
    return value


def mailbox_address(value: SecretStr | None) -> SecretStr | None:
    """A folder on an IMAP server; None for the empty file of a secret that nobody has filled in."""
    given = value.get_secret_value() if value is not None else ""
    if not given:
        return None
    url = parse_service_url(given)
    if url.scheme not in {"imap", "imaps"} or not url.host:
        raise ValueError("must be imaps://user:password@host:993/INBOX")
    if url.options not in ({}, {"starttls": "1"}):
        raise ValueError("takes no option but ?starttls=1")
    if not all(part and part.isascii() and part.isprintable() for part in (url.user, url.password)):
        raise ValueError(
            "needs a user and a password, in plain letters: imaps://user:password@host:993/INBOX"
        )
    if not (url.path.isascii() and url.path.isprintable()):
        raise ValueError("names a folder in letters that servers write differently; take one such as INBOX")
    if url.scheme == "imap" and not url.options and not is_loopback(url.host):
        raise ValueError("would send the password in the clear: write imaps://..., or imap://...?starttls=1")
    return value


def rsa_key(value: SecretStr | None) -> SecretStr | None:
    """A key for DKIM; None for the empty file of a secret that nobody has filled in."""
    if value is None or not value.get_secret_value():
        return None
    from dispatcher.dkim_keys import read_rsa

    read_rsa(value.get_secret_value())
    return value


def ed25519_key(value: SecretStr | None, others: ValidationInfo) -> SecretStr | None:
    if value is None or not value.get_secret_value():
        return None
    from dispatcher.dkim_keys import read_ed25519

    read_ed25519(value.get_secret_value())
    if others.data.get("dkim_key") is None:
        raise ValueError("needs DISPATCH_DKIM_KEY beside it: many receivers know RSA signatures alone")
    return value


def selector_label(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]{0,48}[A-Za-z0-9])?", value):
        raise ValueError("must be letters, digits and hyphens, such as dispatch2027")
    return value


def split_secret(value: SecretStr | None) -> tuple[str, ...]:
    """The parts of a secret that is a comma-separated list; none of an empty one."""
    given = value.get_secret_value() if value is not None else ""
    return tuple(filter(None, (part.strip() for part in given.split(","))))


def logins(value: SecretStr | None) -> SecretStr | None:
    """User and password for HTTP basic authentication (RFC 7617), or several: the old and the new."""
    for login in split_secret(value):
        if ":" not in login.strip(":") or len(login) < 16:
            raise ValueError(
                "must be user:password, of at least 16 characters; make one with "
                '`echo "us:$(openssl rand -hex 32)"`'
            )
    return value


def signing_keys(value: SecretStr | None) -> SecretStr | None:
    """Mailgun's, or several: the old and the new."""
    if any(len(key) < 16 for key in split_secret(value)):
        raise ValueError("must be the webhook signing key that Mailgun shows, of at least 16 characters")
    return value


def sns_topics(value: str) -> frozenset[str]:
    topics = frozenset(filter(None, (part.strip() for part in value.split(","))))
    if not all(re.fullmatch(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d+:[A-Za-z0-9_-]+", topic) for topic in topics):
        raise ValueError("must be ARNs of topics, by commas: arn:aws:sns:us-east-1:123456789012:NAME")
    return topics


def p256_key(value: str) -> str:
    """The public key that SendGrid shows: base64 of DER."""
    key = "".join(value.split())
    if key and not (re.fullmatch(r"MFkw[A-Za-z0-9+/]{118}==", key) and _loads(base64.b64decode(key))):
        raise ValueError("must be the verification key that SendGrid shows, which begins with MFkw")
    return key


def _loads(der: bytes) -> bool:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def webhook_secrets(value: SecretStr | None) -> SecretStr | None:
    """Secrets of Standard Webhooks, or several: the old and the new."""
    for secret in split_secret(value):
        webhook_key(secret)
    return value


def webhook_key(secret: str) -> bytes:
    """The key inside "whsec_...", of at least the 24 bytes that standardwebhooks.com asks for."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith("whsec_") or len(key) < 24:
        raise ValueError('must begin with whsec_; make one with `echo "whsec_$(openssl rand -base64 32)"`')
    return key


def svix_secret(value: SecretStr | None) -> SecretStr | None:
    given = value.get_secret_value() if value is not None else ""
    whole_bytes = len(given.removeprefix("whsec_")) % 4 == 0
    if given and not (whole_bytes and re.fullmatch(r"whsec_[A-Za-z0-9+/]{22,}={0,2}", given)):
        raise ValueError("must be the webhook's signing secret, which begins with whsec_")
    return value
