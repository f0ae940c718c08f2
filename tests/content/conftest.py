"""A small campaign in the test's folder, file by file, and sample organisations and readers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatcher.content.edition import Frozen, LanguageContent, Organisation
from dispatcher.content.load import CampaignSource, load_campaign
from dispatcher.content.record import write_record
from dispatcher.content.render import Person
from dispatcher.content.translated import current_record

WriteCampaign = Callable[..., CampaignSource]

FILES = {
    "campaign.toml": """title = "Keep the budget whole"
level = "state"
lists = ["budget"]
action_url = "https://p2a.co/budget"
button = "Call now"
""",
    "subject.txt": "Keep the budget whole\n",
    "body.html": '<p>Hello {{ first_name or "friend" }}.</p>\n{% include "button.html" %}\n',
    "body.txt": "Hello {{ first_name or 'friend' }}: {{ action_url }}\n",
    "sms.txt": "Coalition: call today {{ action_url }}\n{{ chrome.reply_stop }}\n",
}


@pytest.fixture
def write_campaign(tmp_path: Path) -> WriteCampaign:
    """Write a campaign (FILES, with what is given added, replaced or, as None, left out) and load it.

    Its translations are `recorded` as made from the words that are there.
    """

    def write(
        slug: str = "budget", files: dict[str, str | bytes | None] | None = None, *, recorded: bool = True
    ) -> CampaignSource:
        folder = tmp_path / "templates" / "campaigns" / slug
        for name, text in (FILES | (files or {})).items():
            if text is not None:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        source = load_campaign(slug)
        for language in source.languages if recorded else ():
            if language != source.manifest.language:
                write_record(folder / language, current_record(source, language))
        return load_campaign(slug)

    return write


@pytest.fixture
def write_layout(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file into the test's own templates/layouts."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / "templates" / "layouts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    return Organisation("Coalition, Chicago", "1 Main St, Chicago", "alerts@example.org", "Coalition alerts")


@pytest.fixture(scope="session")
def person() -> Callable[..., Person]:
    """A reader of an email, with anything changed."""

    def make(**changed: Any) -> Person:
        facts: dict[str, Any] = {
            "message_id": 7,
            "to": "ana@example.org",
            "first_name": "Ana",
            "last_name": "Ruiz",
            "language": "en",
            "attributes": {},
            "list_name": "Budget alerts",
            "leave_url": "https://alerts.example.org/leave/x",
            "one_click_url": "https://alerts.example.org/one-click/x",
        }
        return Person(**facts | changed)

    return make


@pytest.fixture(scope="session")
def frozen(organisation: Organisation) -> Callable[..., Frozen]:
    """An edition in English without files, its parts as given."""

    def make(*, inline_each: bool = False, **parts: Any) -> Frozen:
        content = LanguageContent(
            title="Keep the budget whole",
            action_url="https://p2a.co/budget?a=1&b=2",
            button="Call now",
            chrome={"dir": "ltr", "reply_stop": "Reply STOP to stop"},
            **{
                "subject": "A word for {{ first_name or 'you' }}",
                "html": "<!DOCTYPE html>\n<html><body><p>Hello {{ first_name }}</p></body></html>",
                "text": "Hello {{ first_name }}\n",
                "sms": "ICIRR: {{ first_name }} {{ chrome.reply_stop }}",
            }
            | parts,
        )
        return Frozen(
            slug="budget",
            title="Keep the budget whole",
            level="state",
            sensitive=False,
            lists=("budget",),
            channels=(),
            deadline=None,
            default_language="en",
            organisation=organisation,
            languages={"en": content},
            inline_each=inline_each,
            sources={"subject.txt": "A word"},
        )

    return make
