"""An edition: a campaign's content frozen, so that what is being sent can't change under it."""

from collections.abc import Mapping
from dataclasses import replace

from dispatcher.content.context import same_for_all, variables
from dispatcher.content.frozen import Frozen, pick_language
from dispatcher.content.inline import inline_once
from dispatcher.content.layout import Shelf, chrome
from dispatcher.content.load import CampaignSource, LanguageSource
from dispatcher.content.parts import LanguageContent, Organisation
from dispatcher.content.protect import NotSafe
from dispatcher.content.samples import sample_people
from dispatcher.content.templating import compile_part, render_part
from dispatcher.errors import RenderFailed
from dispatcher.rules.alert import Channel

__all__ = ["Frozen", "LanguageContent", "Organisation", "freeze", "pick_language"]


def freeze(source: CampaignSource, organisation: Organisation) -> Frozen:
    """Resolve layouts and includes, inline the CSS where that is proved safe. Raises BrokenCampaign."""
    sources = {**source.manifests, **_settings(organisation)}
    languages = {}
    for language, written in source.languages.items():
        shelf = Shelf(source.folder / written.folder, written.files, written.folder)
        languages[language] = _resolved(written, source, shelf)
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
        deadline=facts.deadline,
        default_language=facts.language,
        organisation=organisation,
        languages=inlined,
        inline_each=inline_each,
        sources=sources,
    )


def why_inline_each(language: str, content: LanguageContent, organisation: Organisation) -> str:
    """Why CSS must be inlined in each message of this language; nothing when once is enough."""
    try:
        _inlined_once(language, content, organisation)
    except NotSafe as reason:
        return str(reason)
    return ""


def _resolved(written: LanguageSource, source: CampaignSource, shelf: Shelf) -> LanguageContent:
    content = LanguageContent(written.title, written.action_url, written.button, chrome(written.language))
    layout = source.manifest.layout
    if Channel.EMAIL in source.manifest.channels and written.has(Channel.EMAIL):
        content = replace(
            content,
            subject=shelf.part("subject.txt"),
            html=shelf.framed(f"{layout}.html", "body.html"),
            text=shelf.framed(f"{layout}.txt", "body.txt"),
        )
    if Channel.SMS in source.manifest.channels and written.has(Channel.SMS):
        content = replace(content, sms=shelf.part("sms.txt"))
    return content


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
    same = same_for_all(language, content, organisation)
    people = sample_people(language, [content.html])

    def render_all(html: str) -> list[str]:
        template = compile_part(html, "body.html")
        rendered = []
        for person in people:
            try:
                rendered.append(render_part(template, variables(person, same)))
            except RenderFailed:  # an attribute that not everybody has; `check` speaks of it
                continue
        return rendered

    return inline_once(content.html, render_all)


def _settings(organisation: Organisation) -> dict[str, str]:
    return {
        "settings": f"DISPATCH_ORG_NAME = {organisation.name}\n"
        f"DISPATCH_ORG_ADDRESS = {organisation.address}\n"
        f"DISPATCH_FROM_EMAIL = {organisation.from_email}\n"
        f"DISPATCH_FROM_NAME = {organisation.from_name}\n"
    }


def _chrome_source(language: str, words: Mapping[str, str]) -> dict[str, str]:
    return {
        f"layouts/chrome.toml [{language}]": "\n".join(
            f"{key} = {text}" for key, text in sorted(words.items())
        )
    }
