"""`dispatch campaigns ls|new|show|translate`."""

from typing import Any

import click

from dispatcher.cli.out import emit, json_option, say, table
from dispatcher.cli.translate import translate
from dispatcher.cli.whole_help import Group
from dispatcher.rules.alert import Channel


@click.group(cls=Group)
def command() -> None:
    """The campaigns that can be sent: folders under templates/campaigns."""


command.add_command(translate)


@command.command("ls")
@json_option
def list_all(as_json: bool) -> None:
    """Every campaign, the working folder's own and the shipped ones; a broken one says what is wrong."""
    from dispatcher.content.load import list_campaigns

    listed = list_campaigns()
    if as_json:
        emit(
            {
                "campaigns": [
                    {
                        "slug": one.slug,
                        "title": one.source.title if one.source else None,
                        "level": one.source.manifest.level if one.source else None,
                        "problem": one.problem or None,
                    }
                    for one in listed
                ]
            }
        )
        return
    rows = [
        (one.slug, one.source.manifest.level, one.source.title)
        if one.source
        else (one.slug, "BROKEN", one.problem)
        for one in listed
    ]
    table(("campaign", "level", "title"), rows)


@command.command()
@click.argument("slug")
@json_option
def show(slug: str, as_json: bool) -> None:
    """One campaign: its card, its lists, its link, and which languages are complete for which channel."""
    from dispatcher.content.load import load_campaign

    source = load_campaign(slug)
    manifest = source.manifest
    languages = {
        str(channel): [name for name, words in source.languages.items() if words.has(channel)]
        for channel in Channel
    }
    facts = {
        "slug": slug,
        "title": manifest.title,
        "level": manifest.level,
        "button": manifest.button,
        "action_url": manifest.action_url,
        "lists": list(manifest.lists),
        "channels": [str(channel) for channel in manifest.channels],
        "deadline": manifest.deadline.isoformat() if manifest.deadline else None,
        "sensitive": manifest.sensitive,
        "languages": languages,
        "folder": str(source.folder),
    }
    if as_json:
        emit(facts)
        return
    for name, value in facts.items():
        say(f"{name:<11}{_in_words(value)}")


def _in_words(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return "; ".join(f"{key}: {_in_words(found)}" for key, found in value.items())
        case list():
            return ", ".join(value) or "none"
        case _:
            return str(value or "-")


@command.command()
@click.argument("slug")
@json_option
def new(slug: str, as_json: bool) -> None:
    """Begin a campaign: a folder under ./templates/campaigns with files to write into."""
    from dispatcher.usecases.new_campaign import new_campaign

    folder = new_campaign(slug)
    if as_json:
        emit({"campaign": slug, "folder": str(folder)})
        return
    say(f"{folder} is there. Put your own words into its files, then:")
    for step in ("check {}", "preview {}", "send --campaign {} --dry-run"):
        say(f"  dispatch {step.format(slug)}")
