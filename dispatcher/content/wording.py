"""What a reader of one language gets to read: told apart from another wording by its hash."""

import hashlib
import json

from dispatcher.content.frozen import Frozen
from dispatcher.content.manifest import MANIFEST
from dispatcher.rules.alert import Channel

# What belongs to one channel alone.
OF_CHANNEL = {
    Channel.EMAIL: {"subject.txt", "preheader.txt", "body.html", "body.txt"},
    Channel.SMS: {"sms.txt"},
}


def words_sha256(frozen: Frozen, language: str, channel: Channel) -> str:
    """Of one language's words on one channel, in hex: the campaign's files, not the frame around them.

    A new layout, another postal address or a longer list doesn't change what a native speaker has read.
    """
    folder = "" if language == frozen.default_language else f"{language}/"
    elsewhere = set().union(*(names for other, names in OF_CHANNEL.items() if other is not channel))
    files = {
        name: text
        for name, text in frozen.sources.items()
        if name.startswith(folder)
        and "/" not in (rest := name.removeprefix(folder))
        and rest not in {MANIFEST, *elsewhere}
        and rest.endswith((".txt", ".html"))
    }
    content = frozen.languages[language]
    said = [files, content.title, content.action_url, content.button]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
