"""What a reader of one language gets to read: told apart from another wording by its hash."""

import hashlib
import json
import re

from dispatcher.content.frozen import Frozen
from dispatcher.content.manifest import MANIFEST
from dispatcher.content.parts import LanguageContent
from dispatcher.rules.alert import Channel

_NAMED = re.compile(r"\bchrome\.(\w+)|\b(greeting)\b")
# What belongs to one channel alone.
OF_CHANNEL = {
    Channel.EMAIL: {"subject.txt", "preheader.txt", "body.html", "body.txt"},
    Channel.SMS: {"sms.txt"},
}


def words_sha256(frozen: Frozen, language: str, channel: Channel) -> str:
    """Of one language's words on one channel, in hex: the campaign's files, and the frame's words.

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
    said = [files, content.title, content.action_url, content.button, _frame_words(content, channel)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _frame_words(content: LanguageContent, channel: Channel) -> dict[str, str]:
    """The catalogue's words that a message shows, by their name; how to stop, which is added to any text."""
    email = (content.subject, content.html, content.text)
    written = email if channel is Channel.EMAIL else (content.sms, "{{ chrome.reply_stop }}")
    named = {name or variable for name, variable in _NAMED.findall("\n".join(filter(None, written)))}
    if "greeting" in named:
        named.add("greeting_nobody")
    return {name: text for name, text in content.chrome.items() if name in named}
