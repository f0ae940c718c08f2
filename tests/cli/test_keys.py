"""`dispatch keys`."""

import json

from cli_desk import CliDesk

from dispatcher.usecases.api_keys import Scope, holder_of


def test_a_key_is_shown_once_and_listed_without_it(cli: CliDesk) -> None:
    made = cli.run("keys", "add", "our-website", "--scope", "read", "--scope", "subscribe")
    key = made.stdout.strip()
    assert key.startswith("dispatch_1_")
    assert "shown once" in made.stderr
    with cli.house.db.reading() as session:
        holder = holder_of(session, key)
    assert holder is not None
    assert holder.scopes == {Scope.READ, Scope.SUBSCRIBE}
    listed = cli.run("keys", "ls").stdout
    assert "our-website  subscribe read  never" in listed
    assert key.rpartition("_")[2] not in listed


def test_a_key_is_taken_back_for_good(cli: CliDesk) -> None:
    key = json.loads(cli.run("keys", "add", "site", "--scope", "read", "--json").stdout)["key"]
    assert "site is refused from now on." in cli.run("keys", "revoke", "site").stdout
    assert json.loads(cli.run("keys", "revoke", "site", "--json").stdout) == {
        "name": "site",
        "revoked": False,
    }
    assert "was taken back before" in cli.run("keys", "revoke", "site").stdout
    with cli.house.db.reading() as session:
        assert holder_of(session, key) is None
    (shown,) = json.loads(cli.run("keys", "ls", "--json").stdout)["keys"]
    assert shown == {"name": "site", "scopes": ["read"], "last_used": None, "revoked": True}
    assert "revoked" in cli.run("keys", "ls").stdout


def test_without_a_key_the_next_step_is_told(cli: CliDesk) -> None:
    assert "dispatch keys add our-website --scope subscribe" in cli.run("keys", "ls").stderr


def test_a_wrong_name_a_taken_one_and_an_unknown_one_are_refused(cli: CliDesk) -> None:
    cli.run("keys", "add", "site", "--scope", "read")
    refused = [
        cli.run("keys", *words, expect=1).stderr
        for words in (
            ("add", "Our Site", "--scope", "read"),
            ("add", "site", "--scope", "read"),
            ("revoke", "nobody"),
        )
    ]
    assert "can't be called 'Our Site'" in refused[0]
    assert "There is, or was, a key 'site' already" in refused[1]
    assert "There is no key 'nobody'. See `dispatch keys ls`." in refused[2]
