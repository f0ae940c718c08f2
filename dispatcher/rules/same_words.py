"""Whether a text that somebody got is one of ours: the same words in the same order, and no other link.

Case, accents, punctuation and line breaks count for nothing, since phones and people change them. A link
counts for everything: a fraud that copies our words has another.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

BLANK = "zqblankzq"  # stands in our words where each reader has their own, such as a name
FEWEST = 8  # words: fewer could be anybody's
_LONGEST_BLANK = 3  # words
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")  # a Chinese character is a word
_LINK = re.compile(r"\S+@\S+|https?://\S+|[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}(?::\d+)?(?:/\S*)?", re.IGNORECASE)
_AFTER_A_LINK = ".,;:!?)]}>\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\"'/"


class Verdict(StrEnum):
    """What can be said of the words that somebody pasted; the best comes first."""

    OURS = "ours"
    OTHER_LINK = "other_link"
    NOT_OURS = "not_ours"
    TOO_SHORT = "too_short"


@dataclass(frozen=True, slots=True)
class Said:
    """A text, reduced to what is compared."""

    words: str  # with one blank between them
    links: frozenset[str]


def reduced(text: str) -> Said:
    """A text as it is compared with others."""
    links = frozenset(_same_link(link) for link in _LINK.findall(text))
    plain = unicodedata.normalize("NFKD", _LINK.sub(" ", text).casefold())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return Said(" ".join(_WORD.findall(bare)), links)


def is_enough(said: Said) -> bool:
    """Whether there are words enough to tell ours from anybody's."""
    return len(said.words.split()) >= FEWEST


def compare(said: Said, ours: Said, our_host: str) -> Verdict:
    """How `said` stands to one of our texts. Links to `our_host` are ours: each person has their own."""
    if not _holds(ours.words, said.words):
        return Verdict.NOT_OURS
    strange = {link for link in said.links - ours.links if link.partition("/")[0] != our_host}
    return Verdict.OTHER_LINK if strange else Verdict.OURS


def _same_link(link: str) -> str:
    """Without scheme, `www.`, and what a sentence puts behind it; hosts have no case."""
    bare = re.sub(r"^https?://", "", link, flags=re.IGNORECASE).rstrip(_AFTER_A_LINK)
    host, slash, path = bare.partition("/")
    return host.casefold().removeprefix("www.") + slash + path


def _holds(ours: str, said: str) -> bool:
    """Whether `said` is a stretch of `ours`, with a few words of any kind where ours has a blank."""
    if f" {said} " in f" {ours} ":
        return True
    blanks = ours.count(BLANK)
    if not blanks:
        return False
    known, spoken = ours.split(), said.split()
    if len(set(spoken) - set(known)) > blanks * _LONGEST_BLANK:  # most texts are told apart by this
        return False
    slots = [slot for word in known for slot in ([BLANK] * _LONGEST_BLANK if word == BLANK else [word])]
    places: Collection[int] = set(range(len(slots)))
    for word in spoken:
        places = {place + 1 for place in _reachable(slots, places) if slots[place] in {BLANK, word}}
    return bool(places)


def _reachable(slots: Sequence[str], places: Collection[int]) -> Iterator[int]:
    """These places, and those behind blanks that begin there: a blank may be empty."""
    for place in places:
        for further in range(place, len(slots)):
            yield further
            if slots[further] != BLANK:
                break
