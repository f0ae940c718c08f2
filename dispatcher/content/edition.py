"""An edition: a campaign's content frozen, so that what is being sent can't change under it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

from jinja2 import TemplateSyntaxError

from dispatcher.content.catalogue import chrome
from dispatcher.content.frozen import Frozen, pick_language
from dispatcher.content.inline import inline_once
from dispatcher.content.layout import Shelf
from dispatcher.content.load import CampaignSource, LanguageSource
from dispatcher.content.palette import painted
from dispatcher.content.parts import LanguageContent, Organisation
from dispatcher.content.plain_text import text_once
from dispatcher.content.protect import NotSafe
from dispatcher.content.proving import sampled
from dispatcher.errors import BrokenCampaign
from dispatcher.rules.alert import Channel

__all__ = ["Frozen", "LanguageContent", "Organisation", "freeze", "pick_language"]


def freeze(source: CampaignSource, organisation: Organisation) -> Frozen:
    """Resolve layouts and includes, inline the CSS where that is proved safe. Raises BrokenCampaign."""
    sources = {**source.manifests, **_settings(organisation)}
    languages = {}
    for language, written in source.languages.items():
        shelf = Shelf(source.folder / written.folder, written.files, written.folder)
        languages[language] = resolved(written, source, shelf, organisation)
        sources |= shelf.used | _chrome_source(language, languages[language].chrome)
    inlined, inline_each = _inlined(languages, organisation)
    facts = source.manifest
    return Frozen(
        slug=source.slug,
        title=facts.title,
        level=facts.level,
        sensitive=facts.sensitive,
        lists=facts.lists,
        channels=facts.channels,
        deadline=facts.deadline.astimezone(UTC) if facts.deadline else None,
        default_language=facts.language,
        organisation=organisation,
        languages=inlined,
        inline_each=inline_each,
        sources=sources,
        smart_text=facts.smart_text,
        count_clicks=facts.count_clicks,
        count_opens=facts.count_opens,
    )


def why_inline_each(language: str, content: LanguageContent, organisation: Organisation) -> str:
    """Why CSS must be inlined in each message of this language; nothing when once is enough."""
    try:
        _inlined_once(language, content, organisation)
    except NotSafe as reason:
        return str(reason)
    return ""


def resolved(
    written: LanguageSource, source: CampaignSource, shelf: Shelf, organisation: Organisation
) -> LanguageContent:
    """One language with layouts and includes in place, its CSS as it was written. Raises BrokenCampaign."""
    deadline = source.manifest.deadline
    content = LanguageContent(
        title=written.title,
        action_url=written.action_url,
        button=written.button,
        chrome=chrome(written.language),
        deadline=deadline.isoformat() if deadline else "",
    )
    layout = source.manifest.layout
    if Channel.EMAIL in source.manifest.channels and written.has(Channel.EMAIL):
        html = painted(shelf.framed(f"{layout}.html", "body.html"), source.manifest.color, f"{layout}.html")
        made = None
        if "body.txt" not in written.files:
            made = _made_text(shelf.part("body.html"), written, source, content, organisation)
        content = replace(
            content,
            subject=shelf.part("subject.txt"),
            html=html,
            text=shelf.framed(f"{layout}.txt", "body.txt", made),
        )
    if Channel.SMS in source.manifest.channels and written.has(Channel.SMS):
        content = replace(content, sms=shelf.part("sms.txt"))
    return content


def _made_text(
    body: str,
    written: LanguageSource,
    source: CampaignSource,
    content: LanguageContent,
    organisation: Organisation,
) -> str:
    """The words of body.html as plain text; BrokenCampaign where that can't be proved right."""
    html = painted(body, source.manifest.color, "body.html")
    try:
        return text_once(html, sampled(written.language, content, organisation, html))
    except (NotSafe, TemplateSyntaxError) as reason:
        file = source.shown(f"{written.folder}body.txt")
        problem = f"is missing, and can't be made from body.html: {reason}. Write it."
        raise BrokenCampaign(file=file, place="", problem=problem) from None


def _inlined(
    languages: Mapping[str, LanguageContent], organisation: Organisation
) -> tuple[dict[str, LanguageContent], bool]:
    """Every language with its CSS inlined and False; or all as they were and True, when one isn't safe."""
    try:
        return {
            language: replace(content, html=_inlined_once(language, content, organisation))
            for language, content in languages.items()
        }, False
    except NotSafe:
        return dict(languages), True


def _inlined_once(language: str, content: LanguageContent, organisation: Organisation) -> str | None:
    if content.html is None:
        return None
    return inline_once(content.html, sampled(language, content, organisation, content.html))


def _settings(organisation: Organisation) -> dict[str, str]:
    return {
        "settings": f"DISPATCH_ORG_NAME = {organisation.name}\n"
        f"DISPATCH_ORG_ADDRESS = {organisation.address}\n"
        f"DISPATCH_FROM_EMAIL = {organisation.from_email}\n"
        f"DISPATCH_FROM_NAME = {organisation.from_name}\n"
    }


def _chrome_source(language: str, words: Mapping[str, str]) -> dict[str, str]:
    return {f"locale/{language}": "\n".join(f"{key} = {text}" for key, text in sorted(words.items()))}
