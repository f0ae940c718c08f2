"""`dispatch keys add|ls|revoke`."""

from typing import TYPE_CHECKING, Any

import click

from dispatcher.cli.out import emit, json_option, note, say, table
from dispatcher.cli.whole_help import Group

if TYPE_CHECKING:
    from dispatcher.models import ApiKey

# usecases.api_keys.Scope; here, so that --help imports nothing
_SCOPES = (
    *("subscribe", "read", "actions:write", "follow"),
    *("people", "replies", "replies:words", "sensitive"),
)


@click.group(cls=Group)
def command() -> None:
    """Keys to use the API with, for the organisation's own site or its CRM (docs/api.md)."""


@command.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(_SCOPES),
    multiple=True,
    required=True,
    help="What it may do; give it once for each.",
)
@json_option
def add(name: str, scopes: tuple[str, ...], as_json: bool) -> None:
    """Make a key, named after who will use it, such as our-website. It is shown once and kept nowhere."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.api_keys import Scope, add_key

    with open_house().db.transaction() as session:
        key = add_key(session, name, {Scope(scope) for scope in scopes})
    if as_json:
        emit({"name": name, "key": key, "scopes": sorted(set(scopes))})
        return
    note("This is shown once. Put it where the site or the CRM keeps its secrets, never into a page.")
    say(key)


@command.command("ls")
@json_option
def list_all(as_json: bool) -> None:
    """Every key by name, what it may do, and the last day on which it was used."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.api_keys import keys_of_api

    with open_house().db.reading() as session:
        keys = keys_of_api(session)
    if as_json:
        emit({"keys": [_facts(key) for key in keys]})
        return
    table(
        ("key", "may", "last used", ""),
        [
            (key.name, key.scopes, key.last_used or "never", "revoked" if key.revoked_at else "")
            for key in keys
        ],
    )
    if not keys:
        note("There is none yet. Make one with `dispatch keys add our-website --scope subscribe`.")


@command.command()
@click.argument("name")
@json_option
def revoke(name: str, as_json: bool) -> None:
    """Take a key back for good: whoever shows it is refused from now on."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.api_keys import revoke_key

    with open_house().db.transaction() as session:
        revoked = revoke_key(session, name)
    if as_json:
        emit({"name": name, "revoked": revoked})
        return
    say(f"{name} is refused from now on." if revoked else f"{name} was taken back before.")


def _facts(key: "ApiKey") -> dict[str, Any]:
    return {
        "name": key.name,
        "scopes": key.scopes.split(),
        "last_used": key.last_used,
        "revoked": key.revoked_at is not None,
    }
