"""What an edition is made of: who speaks, and the words of one language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who we are: DISPATCH_ORG_NAME, _ORG_ADDRESS (postal), _FROM_EMAIL and _FROM_NAME."""

    name: str
    address: str
    from_email: str
    from_name: str


@dataclass(frozen=True, slots=True)
class LanguageContent:
    """One language as Jinja, layout and includes resolved. A channel's parts are all there, or all None."""

    title: str
    action_url: str
    button: str
    chrome: dict[str, str]  # the frame's words, from the language's catalogue
    subject: str | None = None
    html: str | None = None
    text: str | None = None
    sms: str | None = None
    deadline: str = ""  # ISO 8601, on the clock that campaign.toml was written by; none: empty
