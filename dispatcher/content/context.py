"""What a template can say: the variables of one person in one language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dispatcher.content.cleaning import one_line
from dispatcher.content.parts import LanguageContent, Organisation
from dispatcher.content.templating import Words

# Everything that a template can name.
VARIABLES = frozenset(
    {
        *("first_name", "last_name", "name", "attributes", "list_name", "leave_url", "view_url"),
        *("title", "action_url", "button", "language", "dir", "start", "chrome", "org"),
        *("deadline", "greeting"),
    }
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who a message is for, and what it may say of them. Nothing of it is shown in a repr."""

    message_id: int  # our messages.id; 0 for a preview
    to: str = field(repr=False)  # a normalised email address or E.164 number
    first_name: str | None = field(repr=False)
    last_name: str | None = field(repr=False)
    language: str  # one of the edition's
    attributes: Mapping[str, str] = field(repr=False)  # columns kept at import
    list_name: str  # the public one, never a slug
    leave_url: str = field(repr=False)  # the page behind the footer's link
    one_click_url: str = field(repr=False)  # answers the mailbox provider's POST (RFC 8058)
    stop_due: bool = True  # the number wasn't told lately how to stop
    leave_mail: str = field(default="", repr=False)  # an address that takes their request to leave
    sensitive: bool = False  # one of the lists is: no header may name it
    visitor_code: str = field(default="", repr=False)  # behind our own links: which message it is
    view_url: str = field(default="", repr=False)  # the email in the browser; "" where it is nowhere


def same_for_all(language: str, content: LanguageContent, organisation: Organisation) -> dict[str, Any]:
    """The variables that everybody's message in one language has in common."""
    direction = content.chrome.get("dir", "ltr")
    deadline = {"deadline": datetime.fromisoformat(content.deadline)} if content.deadline else {}
    return {
        **deadline,
        "title": content.title,
        "action_url": content.action_url,
        "button": content.button,
        "language": language,
        "dir": direction,
        "start": "right" if direction == "rtl" else "left",  # for align=, which Outlook needs
        "chrome": Words(content.chrome),
        "org": Words({"name": organisation.name, "address": organisation.address}),
    }


def variables(person: Person, same: Mapping[str, Any]) -> dict[str, Any]:
    """Every variable of one person's message. What people wrote is one line without invisible characters."""
    first_name = one_line(person.first_name or "")
    greeting = same["chrome"].get("greeting" if first_name else "greeting_nobody", "")
    return {
        **same,
        "greeting": greeting.format(name=first_name),
        "first_name": first_name,
        "name": first_name,
        "last_name": one_line(person.last_name or ""),
        "list_name": one_line(person.list_name),
        "leave_url": one_line(person.leave_url),
        "view_url": one_line(person.view_url),
        "attributes": Words({key: one_line(str(value)) for key, value in person.attributes.items()}),
    }
