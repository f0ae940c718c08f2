"""A campaign's folder, read and checked: `templates/campaigns/<slug>/`, other languages in `es/`, `pl/`."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from dispatcher.content.files import read_text, shown
from dispatcher.content.manifest import (
    LANGUAGE,
    MANIFEST,
    SLUG,
    LanguageManifest,
    Manifest,
    own_facts,
    read_language_manifest,
    read_manifest,
)
from dispatcher.content.record import Marks, read_record
from dispatcher.content.templating import parse
from dispatcher.errors import BrokenCampaign, UnknownCampaign
from dispatcher.paths import campaign_folders
from dispatcher.rules.alert import Channel

PARTS: dict[Channel, tuple[str, ...]] = {
    Channel.EMAIL: ("subject.txt", "body.html"),  # and body.txt, which is made from body.html where it isn't
    Channel.SMS: ("sms.txt",),
}
BEFORE = "before.txt"  # said on our page ahead of the action: no part of a message


@dataclass(frozen=True, slots=True)
class LanguageSource:
    """One language's files as written, by their name: the parts, and what they include."""

    language: str
    folder: str  # "" beside campaign.toml, else "es/": what its files' names begin with
    files: Mapping[str, str]
    title: str
    action_url: str
    button: str
    translated_from: Mapping[str, Marks] = field(default_factory=dict)  # part -> what its source was
    facts: LanguageManifest = field(default_factory=LanguageManifest)  # what its own campaign.toml says

    def has(self, channel: Channel) -> bool:
        """A language counts for a channel only when all its parts exist."""
        return all(part in self.files for part in PARTS[channel])


@dataclass(frozen=True)
class CampaignSource:
    """A campaign as its folder has it now."""

    slug: str
    folder: Path
    manifest: Manifest
    languages: Mapping[str, LanguageSource]  # the campaign's own language first
    manifests: Mapping[str, str]  # the text of each campaign.toml, by its name

    @property
    def title(self) -> str:
        return self.manifest.title

    def without(self, languages: Collection[str]) -> "CampaignSource":
        """The campaign as if it had no folders of these languages."""
        return replace(
            self,
            languages={name: words for name, words in self.languages.items() if name not in languages},
            manifests={
                name: text for name, text in self.manifests.items() if name.split("/")[0] not in languages
            },
        )

    def shown(self, name: str) -> str:
        """The path of a file by its name within the folder (`es/subject.txt`), as staff know it."""
        return shown(self.folder / name)

    @cached_property
    def sources(self) -> dict[str, str]:
        """Every file's text by its name within the folder: `campaign.toml`, `es/subject.txt`."""
        parts = {
            f"{source.folder}{name}": text
            for source in self.languages.values()
            for name, text in source.files.items()
        }
        return dict(self.manifests) | parts


@dataclass(frozen=True, slots=True)
class ListedCampaign:
    """A line of `dispatch campaigns ls`: a broken campaign doesn't hide the others."""

    slug: str
    source: CampaignSource | None
    problem: str = ""


def load_campaign(slug: str) -> CampaignSource:
    """Read and check one campaign; the working folder's own comes before a shipped one of the same name.

    Raises UnknownCampaign, with the nearest names and where they were looked for, or BrokenCampaign.
    """
    if SLUG.fullmatch(slug):
        for root in campaign_folders():
            if (root / slug).is_dir():
                return _read_campaign(root / slug)
    raise UnknownCampaign(slug=slug, suggestion=_suggestion(slug))


def list_campaigns() -> list[ListedCampaign]:
    """Every campaign that `load_campaign` would find, by name."""
    return [_listed(slug) for slug in _slugs()]


def _listed(slug: str) -> ListedCampaign:
    try:
        return ListedCampaign(slug, load_campaign(slug))
    except BrokenCampaign as error:
        return ListedCampaign(slug, None, str(error))


def _slugs() -> list[str]:
    folders = (folder for root in campaign_folders() for folder in root.iterdir())
    return sorted({folder.name for folder in folders if folder.is_dir() and SLUG.fullmatch(folder.name)})


def _suggestion(slug: str) -> str:
    known = _slugs()
    near = difflib.get_close_matches(slug.lower(), known, n=3, cutoff=0.5)
    words = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(known) or 'none'}."
    return f"{words} Looked in {' and '.join(shown(root) for root in campaign_folders())}."


def _read_campaign(folder: Path) -> CampaignSource:
    if not (folder / MANIFEST).is_file():
        raise BrokenCampaign(file=shown(folder / MANIFEST), place="", problem="is missing.")
    manifests = {MANIFEST: read_text(folder / MANIFEST)}
    manifest = read_manifest(manifests[MANIFEST], shown(folder / MANIFEST))
    own = own_facts(manifest)
    languages = {manifest.language: _read_language(folder, "", manifest.language, own, own)}
    for sub in sorted(path for path in folder.iterdir() if path.is_dir() and _holds_parts(path)):
        if not LANGUAGE.fullmatch(sub.name) or sub.name in languages:
            problem = (
                f"isn't another language than {manifest.language}; a folder's name is es, pl, zh-Hans ..."
            )
            raise BrokenCampaign(file=shown(sub), place="", problem=problem)
        facts = LanguageManifest()
        if (sub / MANIFEST).is_file():
            manifests[f"{sub.name}/{MANIFEST}"] = text = read_text(sub / MANIFEST)
            facts = read_language_manifest(text, shown(sub / MANIFEST))
        languages[sub.name] = _read_language(sub, f"{sub.name}/", sub.name, facts, own)
    return CampaignSource(folder.name, folder, manifest, languages, manifests)


def _holds_parts(folder: Path) -> bool:
    names = (MANIFEST, *PARTS[Channel.EMAIL], "body.txt", *PARTS[Channel.SMS])
    return any((folder / name).is_file() for name in names)


def _read_language(
    folder: Path, prefix: str, language: str, facts: LanguageManifest, own: LanguageManifest
) -> LanguageSource:
    files = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in {".txt", ".html"} and path.name != BEFORE and path.is_file():
            files[path.name] = read_text(path)
            parse(files[path.name], shown(path))
    return LanguageSource(
        language,
        prefix,
        files,
        facts.title or own.title or "",
        facts.action_url or own.action_url or "",
        facts.button or own.button or "",
        read_record(folder) if prefix else {},
        facts,
    )
