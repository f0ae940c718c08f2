"""Short links in texts: made when an edition is frozen for an alert, followed on our own pages."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.content.frozen import Frozen
from dispatcher.db import Database
from dispatcher.models import Edition, ShortLink
from dispatcher.rules.alert import Channel
from dispatcher.settings import Settings
from dispatcher.tokens import Signer, short_number, short_url

_BEFORE_ANY = 0  # the number in a text that is only being reckoned: links have the same length whatever it is


class Made(NamedTuple):
    """A short link that is there."""

    language: str
    number: int
    url: str  # where it leads


def make_short_links(session: Session, settings: Settings, edition_id: int, frozen: Frozen) -> None:
    """A short link for each language of the texts of a new edition, where the settings want any."""
    for language, url in _destinations(settings, frozen).items():
        session.add(ShortLink(edition_id=edition_id, language=language, url=url))


def short_links_of(session: Session, alert_id: int, edition_number: int) -> tuple[Made, ...]:
    """The short links of an edition's texts; none when it was frozen without."""
    links = (
        select(ShortLink.language, ShortLink.id, ShortLink.url)
        .join(Edition, Edition.id == ShortLink.edition_id)
        .where(Edition.alert_id == alert_id, Edition.number == edition_number)
        .order_by(ShortLink.id)
    )
    return tuple(Made(*link) for link in session.execute(links))


def as_written(links: Iterable[Made], settings: Settings, signer: Signer) -> dict[str, str]:
    """Language -> the link as it stands in a text."""
    return {
        link.language: short_url(settings.public_url, signer.short_token(link.number, link.url))
        for link in links
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
        made = [Made(language, _trial_link(session, language, url), url) for language, url in wanted.items()]
    return as_written(made, settings, signer)


def destination(session: Session, signer: Signer, token: str) -> ShortLink | None:
    """Where a token leads; None when no such link was made, or it was made for another address.

    Raises BadToken for what can't be a token. Nobody can make one lead anywhere that we didn't freeze.
    """
    link = session.get(ShortLink, short_number(token))
    return link if link is not None and signer.proves(token, link.url) else None


def _destinations(settings: Settings, frozen: Frozen) -> Mapping[str, str]:
    """Language -> the action link, of the languages that have a text and such a link."""
    if not settings.shortens_links:
        return {}
    languages = sorted(frozen.languages_for(Channel.SMS))
    links = {language: frozen.languages[language].action_url for language in languages}
    return {language: url for language, url in links.items() if url}


def _trial_link(session: Session, language: str, url: str) -> int:
    """The number of the link that trials of these words have, made where there is none yet."""
    same = (ShortLink.edition_id.is_(None), ShortLink.language == language, ShortLink.url == url)
    link = session.scalars(select(ShortLink).where(*same).limit(1)).one_or_none()
    if link is None:
        link = ShortLink(edition_id=None, language=language, url=url)
        session.add(link)
        session.flush()
    return link.id
