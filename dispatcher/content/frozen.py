"""A frozen edition: everything that rendering needs, as the database keeps it. Light: it renders nothing."""

import difflib
import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from dispatcher.content.parts import LanguageContent, Organisation
from dispatcher.rules.alert import Channel


@dataclass(frozen=True, slots=True)
class Frozen:
    """Everything that rendering needs: workers read this and never a file."""

    slug: str
    title: str
    level: str
    sensitive: bool
    lists: tuple[str, ...]
    channels: tuple[Channel, ...]
    deadline: datetime | None  # UTC
    default_language: str
    organisation: Organisation
    languages: dict[str, LanguageContent]
    inline_each: bool  # CSS couldn't be inlined beforehand: each message pays about 10 ms
    # Every file that it was made of, as written, by name: `es/subject.txt`, `layouts/email.html`.
    sources: dict[str, str]
    smart_text: bool = False  # texts spell typographic signs plainly where that saves a segment
    count_clicks: bool = False  # the links of emails lead over our own pages; editions of earlier days: not
    count_opens: bool = False  # emails carry a picture that tells that they were opened

    def languages_for(self, channel: Channel) -> frozenset[str]:
        """The languages that have all parts of a channel."""
        return frozenset(
            language
            for language, content in self.languages.items()
            if (content.subject if channel is Channel.EMAIL else content.sms) is not None
        )

    @property
    def sha256(self) -> str:
        """Of the sources, in hex: another one means that somebody changed a file, or who we are."""
        return hashlib.sha256(json.dumps(self.sources, sort_keys=True).encode()).hexdigest()

    def differences(self, other: "Frozen") -> list[str]:
        """Unified-diff lines (without line ends) from this edition to `other`, by file; none when alike."""
        return [
            line
            for name in sorted(self.sources.keys() | other.sources.keys())
            for line in difflib.unified_diff(
                self.sources.get(name, "").splitlines(),
                other.sources.get(name, "").splitlines(),
                fromfile=name,
                tofile=name,
                lineterm="",
            )
        ]

    def to_json(self) -> str:
        """For the editions table."""
        return json.dumps(asdict(self), ensure_ascii=False, default=lambda moment: moment.isoformat())

    @classmethod
    def from_json(cls, text: str) -> "Frozen":
        """The edition that `to_json` wrote."""
        kept: dict[str, Any] = json.loads(text)
        kept["lists"] = tuple(kept["lists"])
        kept["channels"] = tuple(map(Channel, kept["channels"]))
        kept["deadline"] = datetime.fromisoformat(kept["deadline"]) if kept["deadline"] else None
        kept["organisation"] = Organisation(**kept["organisation"])
        kept["languages"] = {name: LanguageContent(**content) for name, content in kept["languages"].items()}
        return cls(**kept)


# The same language by another tag (CLDR's likely subtags and aliases). zh-TW isn't among them: it is written
# in other characters.
_ALSO = {"zh": "zh-hans", "zh-cn": "zh-hans", "zh-hans": "zh", "fil": "tl", "tl": "fil"}


def pick_language(reader: str, available: Collection[str]) -> str | None:
    """The language to write to somebody in: theirs, else theirs without script and region, else None."""
    known = {language.lower(): language for language in available}
    wanted = reader.replace("_", "-").lower()
    if wanted not in known and _ALSO.get(wanted) in known:
        return known[_ALSO[wanted]]
    while wanted and wanted not in known:
        wanted = wanted.rpartition("-")[0]
    return known.get(wanted)
