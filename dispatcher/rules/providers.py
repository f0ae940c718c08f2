"""Who is behind a relay, by its host name, and what it takes for its reports to be proved and understood."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """One that sends our emails by SMTP, and calls us back."""

    name: str  # its receiver's
    relay: str  # how the host name ends that people log in to
    proved_by: str  # the setting, without its prefix
    header: str = ""  # our reference stands in it, where the Message-ID doesn't come back


PROVIDERS = (
    Provider("mailgun", "mailgun.org", "MAILGUN_KEY"),
    Provider("postmark", "postmarkapp.com", "CALLBACK_SECRET", header="X-PM-Metadata-dispatch"),
    Provider("resend", "resend.com", "RESEND_SECRET", header="X-Dispatch"),
    Provider("sendgrid", "sendgrid.net", "SENDGRID_KEY"),
    Provider("ses", "amazonaws.com", "SES_TOPICS"),
)


def provider_behind(host: str) -> Provider | None:
    """Whose relay it is; None for one that nobody knows."""
    name = f".{host.lower().rstrip('.')}"
    return next((one for one in PROVIDERS if name.endswith(f".{one.relay}")), None)


def echoed_header(host: str) -> str:
    """The header that our reference stands in for the relay `host`; "" where none is needed."""
    provider = provider_behind(host)
    return provider.header if provider else ""
