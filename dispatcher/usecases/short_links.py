"""Our own links in messages: made when an edition is frozen for an alert, followed on our own pages."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.content.frozen import Frozen
from dispatcher.content.own_links import OwnLinks, countable
from dispatcher.db import Database
from dispatcher.models import Edition, ShortLink
from dispatcher.rules.alert import Channel
from dispatcher.rules.visits import ACTION, OUR_PAGE, PICTURE
from dispatcher.settings import Settings
from dispatcher.tokens import Signer, short_number, short_url

PICTURE_URL = "a picture of one pixel"  # where the link that counts opens leads
_BEFORE_ANY = 0  # the number in a text that is only being reckoned: links have the same length whatever it is


class Made(NamedTuple):
    """A short link that is there."""

    language: str
    number: int
    url: str  # where it leads
    place: int = ACTION  # rules.visits


def make_short_links(session: Session, settings: Settings, edition_id: int, frozen: Frozen) -> None:
    """Our links for each language of a new edition, where the settings want any."""
    for language, url in _destinations(settings, frozen).items():
        session.add(ShortLink(edition_id=edition_id, language=language, channel=Channel.SMS, url=url))
    for language, place, url in email_places(settings, frozen):
        session.add(
            ShortLink(edition_id=edition_id, language=language, channel=Channel.EMAIL, place=place, url=url)
        )


def short_links_of(
    session: Session, alert_id: int, edition_number: int, channel: Channel = Channel.SMS
) -> tuple[Made, ...]:
    """Our links in an edition's messages; none when it was frozen without."""
    links = (
        select(ShortLink.language, ShortLink.id, ShortLink.url, ShortLink.place)
        .join(Edition, Edition.id == ShortLink.edition_id)
        .where(Edition.alert_id == alert_id, Edition.number == edition_number, ShortLink.channel == channel)
        .order_by(ShortLink.id)
    )
    return tuple(Made(*link) for link in session.execute(links))


def as_written(links: Iterable[Made], settings: Settings, signer: Signer) -> dict[str, str]:
    """Language -> the link as it stands in a text."""
    return {
        link.language: short_url(settings.public_url, signer.short_token(link.number, link.url))
        for link in links
    }


def in_emails(
    links: Iterable[Made], settings: Settings, signer: Signer, *, with_picture: bool
) -> dict[str, OwnLinks]:
    """Language -> our links as they stand in an email, and the picture that counts opens where wanted."""
    written: dict[str, list[tuple[str, str]]] = {}
    pictures: dict[str, str] = {}
    for link in links:
        ours = short_url(settings.public_url, signer.short_token(link.number, link.url))
        if link.place != PICTURE:
            written.setdefault(link.language, []).append((link.url, ours))
        elif with_picture:
            pictures[link.language] = ours
    return {
        language: OwnLinks(tuple(written.get(language, ())), pictures.get(language, ""))
        for language in sorted(written.keys() | pictures.keys())
    }


def sample_short_links(settings: Settings, signer: Signer, frozen: Frozen) -> dict[str, str]:
    """Language -> a link as long as the one that the texts of this content will have; it leads nowhere."""
    made = [Made(language, _BEFORE_ANY, url) for language, url in _destinations(settings, frozen).items()]
    return as_written(made, settings, signer)


def trial_short_links(
    database: Database, settings: Settings, signer: Signer, frozen: Frozen
) -> dict[str, str]:
    """Language -> a link that works, for a message that belongs to no alert: a TEST, or a preview."""
    wanted = _destinations(settings, frozen)
    if not wanted:
        return {}
    with database.transaction() as session:
        made = [
            Made(language, link_of_no_edition(session, language, url), url)
            for language, url in wanted.items()
        ]
    return as_written(made, settings, signer)


def link_on_our_page(database: Database, language: str, url: str) -> int:
    """The number under which it is counted how often the Calls to Action page led there."""
    ours = (ShortLink.edition_id.is_(None), ShortLink.place == OUR_PAGE, ShortLink.url == url)
    with database.reading() as session:
        found = session.scalars(select(ShortLink.id).where(*ours, ShortLink.language == language)).first()
    if found is not None:
        return found
    with database.transaction() as session:
        return link_of_no_edition(session, language, url, OUR_PAGE)


def destination(session: Session, signer: Signer, token: str) -> ShortLink | None:
    """Where a token leads; None when no such link was made, or it was made for another address.

    Raises BadToken for what can't be a token. Nobody can make one lead anywhere that we didn't freeze.
    """
    link = session.get(ShortLink, short_number(token))
    return link if link is not None and signer.proves(token, link.url) else None


def email_places(settings: Settings, frozen: Frozen) -> list[tuple[str, int, str]]:
    """Language, place and destination of every link of the emails that is to be counted."""
    if not settings.shortens_links:
        return []
    found: list[tuple[str, int, str]] = []
    for language in sorted(frozen.languages_for(Channel.EMAIL)):
        if frozen.count_clicks:
            links = countable(frozen.languages[language])
            found += [(language, place, url) for place, url in enumerate(links, ACTION)]
        if frozen.count_opens and not frozen.sensitive:
            found.append((language, PICTURE, PICTURE_URL))
    return found


def _destinations(settings: Settings, frozen: Frozen) -> Mapping[str, str]:
    """Language -> the action link, of the languages that have a text and such a link."""
    if not settings.shortens_links:
        return {}
    languages = sorted(frozen.languages_for(Channel.SMS))
    links = {language: frozen.languages[language].action_url for language in languages}
    return {language: url for language, url in links.items() if url}


def link_of_no_edition(session: Session, language: str, url: str, place: int = ACTION) -> int:
    """The number of the link that leads there outside of any alert, made where there is none yet."""
    same = (ShortLink.edition_id.is_(None), ShortLink.language == language, ShortLink.url == url)
    found = select(ShortLink).where(*same, ShortLink.place == place).order_by(ShortLink.id).limit(1)
    link = session.scalars(found).one_or_none()
    if link is None:
        link = ShortLink(edition_id=None, language=language, place=place, url=url)
        session.add(link)
        session.flush()
    return link.id
