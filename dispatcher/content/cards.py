"""The cards of the Calls to Action page: what campaign.toml, its languages and before.txt say of each."""

import math
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dispatcher.content.files import read_text, shown
from dispatcher.content.frozen import pick_language
from dispatcher.content.load import BEFORE, CampaignSource, LanguageSource, list_campaigns
from dispatcher.errors import BrokenCampaign
from dispatcher.paths import campaign_folders

LARGEST_PICTURE = 400_000  # bytes: a slow phone waits for it
_MOST_LINES = 5  # of before.txt
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_LOOK_AGAIN = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Face:
    """A card in one language."""

    language: str
    words: str
    button: str  # "": the page has a word for it
    action_url: str
    read_more: str
    picture_says: str  # the alternative text; "" for a picture that only decorates


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is served."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Card:
    """One campaign's."""

    slug: str  # stands in no address and on no page
    level: str
    color: str
    sign_up: str  # the list that its button is for; "" when the button leads to the action
    own_language: str
    faces: Mapping[str, Face]  # by language
    before: Mapping[str, tuple[str, ...]]  # by language: lines to read before acting
    picture: Picture | None
    deadline: datetime | None  # nobody needs to act after it

    def face(self, reader: str) -> Face:
        """The card in a reader's language, else in the campaign's own."""
        return self.faces[pick_language(reader, self.faces) or self.own_language]

    def before_for(self, reader: str) -> tuple[tuple[str, ...], str]:
        """The lines to read before acting, and their language; no lines when there are none."""
        language = pick_language(reader, self.before) or self.own_language
        return self.before.get(language, ()), language


@dataclass(frozen=True, slots=True)
class Cards:
    """All that can be shown, what ends soonest first; and how many can't, or not whole."""

    cards: tuple[Card, ...]
    troubles: int


class CardRack:
    """The cards of one organisation, read again when a file has changed. Threads may share it."""

    def __init__(self, organisation: str, told: Callable[[int], None]) -> None:
        """`told` hears, once for each reading that has any, how many campaigns can't be shown whole."""
        self._organisation = organisation
        self._told = told
        self._lock = threading.Lock()
        self._looked = 0.0
        self._seen: object = None
        self._cards: tuple[Card, ...] = ()

    def cards(self) -> tuple[Card, ...]:
        """As the files are now, or were a second ago."""
        with self._lock:
            if self._seen is None or time.monotonic() - self._looked >= _LOOK_AGAIN:
                self._look()
            return self._cards

    def _look(self) -> None:
        seen = _state_of_files()
        if seen != self._seen:
            read = read_cards(self._organisation)
            self._cards = read.cards
            if read.troubles:
                self._told(read.troubles)
        self._seen, self._looked = seen, time.monotonic()


def read_cards(organisation: str) -> Cards:
    """The cards of every campaign that may be shown. A broken one is left out: it hides no other."""
    cards, troubles = [], 0
    for listed in list_campaigns():
        if listed.source is None:
            troubles += 1
        elif listed.source.manifest.public and listed.source.manifest.organisation in {"", organisation}:
            card, whole = _card(listed.source)
            cards.append(card)
            troubles += not whole
    return Cards(tuple(sorted(cards, key=_turn)), troubles)


def read_picture(path: Path) -> Picture:
    """A picture that is what its name says and not too large. Raises BrokenCampaign."""
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST_PICTURE else None
    except OSError as error:
        raise BrokenCampaign(
            file=shown(path), place="", problem=f"can't be read: {error.strerror}."
        ) from None
    if content is None:
        limit = f"{LARGEST_PICTURE // 1000} KB"
        raise BrokenCampaign(file=shown(path), place="", problem=f"is larger than {limit}. Make it smaller.")
    kind = next((kind for start, kind in _BEGINNINGS.items() if content.startswith(start)), "")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        kind = "image/webp"
    if not kind:
        raise BrokenCampaign(file=shown(path), place="", problem="isn't a PNG, JPEG or WebP picture.")
    return Picture(kind, content)


def _card(source: CampaignSource) -> tuple[Card, bool]:
    """A campaign's card, and whether all of it can be shown."""
    facts = source.manifest
    picture, before, whole = None, {}, True
    try:
        picture = read_picture(source.folder / facts.image) if facts.image else None
        before = {name: lines for name, each in source.languages.items() if (lines := _before(source, each))}
    except BrokenCampaign:
        whole = False
    own = source.languages[facts.language]
    faces = {
        language: _face(written, own)
        for language, written in source.languages.items()
        if written is own or written.facts.card or written.facts.title
    }
    sign_up = facts.lists[0] if facts.sign_up else ""
    card = Card(
        slug=source.slug,
        level=facts.level,
        color=facts.color,
        sign_up=sign_up,
        own_language=facts.language,
        faces=faces,
        before=before,
        picture=picture,
        deadline=facts.deadline,
    )
    return card, whole


def _turn(card: Card) -> tuple[bool, float, str]:
    """What asks for an act stands before what asks to join, what ends soon before what doesn't."""
    return bool(card.sign_up), card.deadline.timestamp() if card.deadline else math.inf, card.slug


def _face(written: LanguageSource, own: LanguageSource) -> Face:
    facts = written.facts
    return Face(
        language=written.language,
        words=facts.card or facts.title or written.title,
        button=facts.button or (own.button if written is own else ""),
        action_url=written.action_url,
        read_more=facts.read_more or own.facts.read_more or "",
        picture_says=facts.image_alt or "",
    )


def _before(source: CampaignSource, written: LanguageSource) -> tuple[str, ...]:
    path = source.folder / written.folder / BEFORE
    if not path.is_file():
        return ()
    lines = tuple(line.strip() for line in read_text(path).splitlines() if line.strip())
    return lines[:_MOST_LINES]


def _state_of_files() -> object:
    """What changes when a file of a campaign does."""
    states = []
    for folder in campaign_folders():
        for path in sorted(folder.rglob("*")):
            with suppress(OSError):  # an editor's own file, gone already
                status = path.stat()
                states.append((str(path), status.st_mtime_ns, status.st_size))
    return states
