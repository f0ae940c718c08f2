"""`dispatch dkim new`: keys to sign with."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dispatcher.cli.out import emit, json_option, say
from dispatcher.cli.whole_help import Group

if TYPE_CHECKING:
    from dispatcher.usecases.new_dkim import NewKey


@click.group(cls=Group)
def command() -> None:
    """Keys with which receivers tell our mail from forgeries."""


@command.command()
@click.option("--domain", help="Of your From address; by default that of DISPATCH_FROM_EMAIL.")
@click.option("--selector", help="The keys' name in the DNS; by default DISPATCH_DKIM_SELECTOR.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="By default var/dkim.")
@json_option
def new(domain: str | None, selector: str | None, folder: Path | None, as_json: bool) -> None:
    """Make an RSA and an Ed25519 key, and say what to add to the DNS and to the settings.

    Nothing is signed before the settings name the keys: first the DNS, then the settings.
    """
    from dispatcher.paths import make_private, state_folder
    from dispatcher.settings import load_settings
    from dispatcher.usecases.new_dkim import new_dkim

    settings = load_settings(**({"dkim_selector": selector} if selector else {}))
    where = _domain_of(domain or settings.from_email.rpartition("@")[2])
    folder = folder or make_private(state_folder()) / "dkim"
    keys = new_dkim(where, settings.dkim_selector, folder)
    if as_json:
        emit({"domain": where, "selector": settings.dkim_selector, "keys": [_as_json(key) for key in keys]})
    else:
        _say_what_to_do(where, settings.dkim_selector, keys)


def _domain_of(written: str) -> str:
    """The domain as DNS has it."""
    from dispatcher.addresses import AddressProblem, parse_email

    if not written:
        raise click.UsageError("Whose keys? Set DISPATCH_FROM_EMAIL, or say --domain your.site.")
    try:
        return parse_email(f"postmaster@{written}").domain
    except AddressProblem:
        raise click.BadParameter(f"{written!r} isn't a domain.", param_hint="--domain") from None


def _as_json(key: "NewKey") -> dict[str, str]:
    return {"file": str(key.file), "setting": key.setting, "name": key.name, "record": key.record}


def _say_what_to_do(domain: str, selector: str, keys: list["NewKey"]) -> None:
    say(f"1. Add these TXT records to the DNS of {domain}. Each is one text; where it is in several pieces,")
    say("   a form with one box wants them without the quotation marks and the spaces between.")
    for key in keys:
        say(f"\n   {key.name}")
        for piece in key.pieces:
            say(f'   "{piece}"')
    say("\n2. When they can be found (minutes, sometimes a day), set:\n")
    for key in keys:
        say(f"   {key.setting}={key.file}")
    say(f"   DISPATCH_DKIM_SELECTOR={selector}")
    say("\n3. Run `dispatch doctor`, and start the workers again: from then on every email is signed.\n")
    say("The files are this user's alone. Whoever has them can write in your name; lost, you make new ones.")
