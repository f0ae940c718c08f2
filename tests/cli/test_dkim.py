"""`dispatch dkim new`."""

import json
import shlex
from pathlib import Path

from cli_desk import CliDesk
from conftest import OpenHouse

from dispatcher.settings import load_settings


def test_it_says_what_to_add_to_the_dns_and_to_the_settings_and_that_works(
    open_house_with: OpenHouse,
) -> None:
    told = CliDesk(open_house_with(from_email="us@tenants.example")).run("dkim", "new").stdout
    lines = [line.strip() for line in told.splitlines()]
    first = lines.index("dispatch._domainkey.tenants.example") + 1
    record = "".join(shlex.split(" ".join(lines[first : first + 2])))
    assert record.startswith("v=DKIM1; k=rsa; p=")
    given = dict(line.split("=", 1) for line in lines if line.startswith("DISPATCH_"))
    assert given.pop("DISPATCH_DKIM_SELECTOR") == "dispatch"
    keys = [Path(given[f"DISPATCH_DKIM_{name}_FILE"]).read_text() for name in ("KEY", "ED25519_KEY")]
    settings = load_settings(dkim_key=keys[0], dkim_ed25519_key=keys[1])
    assert settings.dkim_key is not None
    assert "PRIVATE" not in told


def test_domain_selector_and_folder_can_be_given_and_the_answer_is_json(cli: CliDesk) -> None:
    options = ("--domain", "Bücher.example", "--selector", "d2027", "--folder", "mine", "--json")
    answer = json.loads(cli.run("dkim", "new", *options).stdout)
    assert (answer["domain"], answer["selector"]) == ("xn--bcher-kva.example", "d2027")
    assert [key["name"] for key in answer["keys"]] == [
        "d2027._domainkey.xn--bcher-kva.example",
        "d2027-ed25519._domainkey.xn--bcher-kva.example",
    ]
    assert {Path(key["file"]) for key in answer["keys"]} == set(Path("mine").iterdir())


def test_without_a_domain_it_asks_for_one_and_a_wrong_one_is_refused(cli: CliDesk) -> None:
    assert "--domain your.site" in cli.run("dkim", "new", expect=2).stderr
    assert "isn't a domain" in cli.run("dkim", "new", "--domain", "no domain", expect=2).stderr
    wrong = cli.run("dkim", "new", "--domain", "a.example", "--selector", "_", expect=1)
    assert "DISPATCH_DKIM_SELECTOR" in wrong.stderr


def test_a_key_that_is_there_stays(cli: CliDesk) -> None:
    cli.run("dkim", "new", "--domain", "tenants.example")
    assert "--selector dispatch2" in cli.run("dkim", "new", "--domain", "tenants.example", expect=1).stderr
