"""A made-up person in every language of an edition, for previews and tests."""

from collections.abc import Mapping

from dispatcher.content.frozen import Frozen
from dispatcher.content.render import Person
from dispatcher.content.samples import sample_people
from dispatcher.rules.alert import Channel
from dispatcher.tokens import LEAVE_PATH, VIEW_PATH


def sample_person(
    language: str,
    channel: Channel,
    *,
    list_name: str,
    public_url: str,
    to: str = "",
    message_id: int = 0,
    attributes: Mapping[str, str] | None = None,
) -> Person:
    """Somebody who isn't anybody, with a name of ordinary length, as `render` wants them."""
    link = f"{public_url}{LEAVE_PATH}sample"
    return Person(
        message_id=message_id,
        to=to or ("maria@example.org" if channel is Channel.EMAIL else "+13125550123"),
        first_name="Maria",
        last_name="Garcia",
        language=language,
        attributes=attributes or {},
        leave_url=link,
        one_click_url=link,
        view_url=f"{public_url}{VIEW_PATH}sample",
        list_name=list_name,
    )


def sample_attributes(frozen: Frozen, language: str) -> Mapping[str, str]:
    """A value for each attribute that the words of this language name, so that they can be tried out."""
    content = frozen.languages[language]
    parts = (content.subject, content.html, content.text, content.sms)
    return sample_people(language, [part for part in parts if part])[0].attributes
