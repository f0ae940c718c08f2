"""An edition as everybody may read it: rendered for nobody in particular."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from dispatcher.content.frozen import Frozen
from dispatcher.content.render import Compiled, Person
from dispatcher.errors import RenderFailed
from dispatcher.rules.alert import Channel
from dispatcher.rules.same_words import BLANK, Said, reduced
from dispatcher.usecases.samples import sample_attributes

_ELLIPSIS: Final = "…"  # where each reader has words of their own


@dataclass(frozen=True, slots=True)
class Wording:
    """One language of one edition; a channel that it wasn't sent by is empty."""

    language: str
    direction: str  # ltr or rtl
    sms: str
    subject: str
    email: str  # its plain-text part
    compared: tuple[Said, ...]  # as a reader with a name and one without got it


@dataclass(frozen=True, slots=True)
class EditionWords:
    """All languages of one edition, the campaign's own first."""

    from_name: str
    from_email: str
    wordings: tuple[Wording, ...]


def words_of(
    frozen: Frozen, channels: Collection[Channel], short_links: Mapping[str, str], public_url: str
) -> EditionWords:
    """The words of an edition on these channels; `short_links` as `Compiled` takes them."""
    compiled = Compiled(frozen, short_links=short_links)
    spoken = [
        language
        for language in frozen.languages
        if any(language in frozen.languages_for(channel) for channel in channels)
    ]
    return EditionWords(
        frozen.organisation.from_name,
        frozen.organisation.from_email,
        tuple(_wording(compiled, language, channels, public_url) for language in spoken),
    )


def email_page(frozen: Frozen, language: str, public_url: str) -> str | None:
    """The HTML of an email without its reader: no name, no link of theirs. None when there is none."""
    if language not in frozen.languages_for(Channel.EMAIL):
        return None
    try:
        return Compiled(frozen).preview_html(_nobody(frozen, language, public_url))
    except RenderFailed:
        return None


def _wording(compiled: Compiled, language: str, channels: Collection[Channel], public_url: str) -> Wording:
    nobody, somebody = (_nobody(compiled.frozen, language, public_url, name) for name in ("", BLANK))
    sms, subject, email = _rendered(compiled, nobody, channels)
    others = _rendered(compiled, somebody, channels)
    return Wording(
        language,
        compiled.frozen.languages[language].chrome.get("dir", "ltr"),
        sms,
        subject,
        email,
        tuple(reduced(text) for text in (sms, others[0], f"{subject}\n{email}", f"{others[1]}\n{others[2]}")),
    )


def _rendered(compiled: Compiled, person: Person, channels: Collection[Channel]) -> tuple[str, str, str]:
    """The text, the email's subject and its words; empty where they weren't sent or can't be made."""
    frozen, sms, subject, email = compiled.frozen, "", "", ""
    try:
        if Channel.SMS in channels and person.language in frozen.languages_for(Channel.SMS):
            sms = compiled.sms(person).body
        if Channel.EMAIL in channels and person.language in frozen.languages_for(Channel.EMAIL):
            subject, email = compiled.preview_subject(person), compiled.preview_text(person)
    except RenderFailed:  # words for somebody with an attribute that nobody in particular has
        pass
    return sms, subject, email


def _nobody(frozen: Frozen, language: str, public_url: str, name: str = "") -> Person:
    """A reader without a name, or with `name` for each thing that is a reader's own."""
    return Person(
        message_id=0,
        to="",
        first_name=name or None,
        last_name=name or None,
        language=language,
        attributes=dict.fromkeys(sample_attributes(frozen, language), name or _ELLIPSIS),
        list_name=frozen.organisation.from_name,
        leave_url=f"{public_url}/lost",
        one_click_url="",
    )
