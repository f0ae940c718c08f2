"""`dispatch campaigns translate`, and who has read what as `send` and `check` show it."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from campaigns import frozen_campaign, write_campaign
from cli_desk import CliDesk
from people import add_list, add_people

from dispatcher.cli.sign_off_words import sign_off_json, sign_off_lines
from dispatcher.cli.times import clock
from dispatcher.rules.alert import Channel
from dispatcher.usecases.sign_offs import SignedOff, Standing, sign_off

TRANSLATE = ("campaigns", "translate")
AT = datetime.fromisoformat("2026-11-22T20:51:00+00:00")


@pytest.fixture(autouse=True)
def budget(tmp_path: Path) -> Path:
    """The folder of a campaign in English and Spanish."""
    return write_campaign(tmp_path, languages=["en", "es"])


def test_out_and_back_in_words(cli: CliDesk) -> None:
    told = cli.run(*TRANSLATE, "export", "budget", "--language", "es").stdout
    assert told.startswith("budget-es.xlsx: es. ")
    told = cli.run(*TRANSLATE, "import", "budget", "budget-es.xlsx").stdout
    assert told.splitlines() == [
        "es: subject.txt, body.html, body.txt, sms.txt",
        "Now: dispatch check budget",
    ]


def test_out_and_back_in_json(cli: CliDesk) -> None:
    answer = json.loads(cli.run(*TRANSLATE, "export", "budget", "--out", "x.xlsx", "--json").stdout)
    assert answer == {"file": "x.xlsx", "languages": ["es"]}
    answer = json.loads(cli.run(*TRANSLATE, "import", "budget", "x.xlsx", "--json").stdout)
    assert answer == {
        "campaign": "budget",
        "languages": {"es": ["subject.txt", "body.html", "body.txt", "sms.txt"]},
    }


def test_a_sheet_without_translations_is_told_and_names_left_out_too(cli: CliDesk, budget: Path) -> None:
    cli.run(*TRANSLATE, "export", "budget", "--language", "pl", "--out", "pl.xlsx")
    assert "pl: nothing was translated" in cli.run(*TRANSLATE, "import", "budget", "pl.xlsx").stdout
    (budget / "subject.txt").write_text("For {{ name }}")
    cli.run(*TRANSLATE, "export", "budget", "--language", "es", "--out", "es.xlsx")
    told = cli.run(*TRANSLATE, "import", "budget", "es.xlsx").stderr
    assert "es: Row 4: subject.txt 1 leaves the reader's name out." in told
    (budget / "sms.txt").write_text("Two.\n\nParagraphs. STOP")  # what there was can't be put beside them
    cli.run(*TRANSLATE, "export", "budget", "--language", "es", "--out", "es.xlsx")
    told = cli.run(*TRANSLATE, "import", "budget", "es.xlsx").stderr
    assert "es: templates/campaigns/budget/es/sms.txt stays: the sheet has nothing for it." in told


def test_a_translation_is_accepted(cli: CliDesk) -> None:
    parts = "body.html, body.txt, sms.txt, subject.txt"
    assert cli.run(*TRANSLATE, "accept", "budget", "--language", "es").stdout == f"es: {parts}\n"
    answer = json.loads(cli.run(*TRANSLATE, "accept", "budget", "--language", "es", "--json").stdout)
    assert answer["parts"] == parts.split(", ")


def test_a_reading_is_written_down_by_hand(cli: CliDesk, budget: Path) -> None:
    told = cli.run(*TRANSLATE, "ok", "budget", "--language", "es", "--by", "H.").stdout
    assert [line.rpartition(" ")[0] for line in told.splitlines()] == [
        "email: es: read by H.",
        "sms: es: read by H.",
    ]
    (budget / "es/sms.txt").write_text("Other words. STOP")
    answer = json.loads(
        cli.run(
            *TRANSLATE, "ok", "budget", "--language", "es", "--by", "J.", "--channel", "email", "--json"
        ).stdout
    )
    assert [(one["channel"], one["standing"], one["reader"]) for one in answer["read"]] == [
        ("email", "read", "J."),
        ("sms", "stale", "H."),
    ]


def test_send_and_check_show_who_has_read_what(cli: CliDesk) -> None:
    add_list(cli.house)
    add_people(cli.house, 2, language="es")
    with cli.house.db.transaction() as session:
        sign_off(session, frozen_campaign(), "es", Channel.SMS, "H.")
    for command in (("send", "--campaign", "budget", "--dry-run"), ("check", "budget")):
        told = cli.run(*command).stdout
        assert "  es: read by H. " in told
        assert "  es: not read yet by somebody who speaks it" in told
        answer = json.loads(cli.run(*command, "--json").stdout)
        assert [(one["channel"], one["standing"]) for one in answer["read"]] == [
            ("email", "unread"),
            ("sms", "read"),
        ]


def test_the_standings_in_words_and_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        SignedOff("ar", Channel.SMS, Standing.READ, "H.", AT),
        SignedOff("es", Channel.SMS, Standing.STALE, "J.", AT),
        SignedOff("ko", Channel.SMS, Standing.ASKED, "P.", AT),
        SignedOff("pl", Channel.SMS, Standing.UNREAD),
        SignedOff("uk", Channel.SMS, Standing.UNREAD),
    ]
    assert [*sign_off_lines(found)] == [
        f"ar: read by H. {clock(AT)}",
        f"\x1b[31mes: stale: read by J. {clock(AT)}, before the last change\x1b[0m",
        f"\x1b[33mko: P. was asked {clock(AT)} and hasn't answered\x1b[0m",
        "\x1b[33mpl, uk: not read yet by somebody who speaks it\x1b[0m",
    ]
    assert sign_off_json(found[3:4])[0] == {
        "language": "pl",
        "channel": "sms",
        "standing": "unread",
        "reader": None,
        "at": None,
    }
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in "".join(sign_off_lines(found))


def test_asking_needs_one_language_and_a_number(cli: CliDesk) -> None:
    test = ("test", "--campaign", "budget", "--to", "312-555-0100", "--ask-ok")
    assert "name it with --language" in cli.run(*test, expect=2).stderr
    assert "name it with --language" in cli.run(*test, "--language", "all", expect=2).stderr
    told = cli.run(*test, "--language", "es", "--reader", "H.").stdout.splitlines()
    assert len([line for line in told if line.startswith("sms in es: ")]) == 2
    refused = cli.run(
        "test", "--campaign", "budget", "--to", "a@b.org", "--ask-ok", "--language", "es", expect=1
    )
    assert "give a phone number with --to" in refused.stderr


def test_a_language_is_begun(cli: CliDesk) -> None:
    assert cli.run(*TRANSLATE, "words", "pt").stdout.startswith("templates/locale/pt.po is there.")
    answer = json.loads(cli.run(*TRANSLATE, "words", "so", "--json").stdout)
    assert answer == {"language": "so", "file": "templates/locale/so.po"}
