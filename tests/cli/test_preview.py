"""`dispatch preview`."""

import json
import webbrowser
from pathlib import Path

import pytest
from campaigns import messages_of, write_campaign
from cli_desk import CliDesk
from people import add_list, add_person


@pytest.fixture(autouse=True)
def _budget(tmp_path: Path) -> None:
    write_campaign(tmp_path, languages=["en", "es"])


def test_subject_text_and_text_message_are_shown_and_the_html_is_kept(cli: CliDesk) -> None:
    seen = cli.run("preview", "budget")
    assert "Subject: [en] Keep the budget whole" in seen.stdout
    assert "[en] Hello Maria, call today: https://p2a.co/budget" in seen.stdout
    assert "--- text message, 1 segment\n[en] ICIRR: Maria, call today" in seen.stdout
    html = Path("var/preview/budget-en.html")
    assert str(html.resolve()) in seen.stderr
    assert "Hello Maria" in html.read_text()
    assert html.parent.stat().st_mode & 0o077 == 0
    assert not messages_of(cli.house)


def test_another_language_can_be_read(cli: CliDesk) -> None:
    seen = json.loads(cli.run("preview", "budget", "--language", "es-MX", "--json").stdout)
    assert (seen["language"], seen["subject"]) == ("es", "[es] Keep the budget whole")
    assert (seen["segments"], seen["html_file"]) == (1, str(Path("var/preview/budget-es.html").resolve()))


def test_one_subscribers_messages_can_be_read(cli: CliDesk) -> None:
    add_list(cli.house)
    add_person(cli.house, email="jo@example.org", first_name="Jo", language="es")
    for who in ("1", "jo@example.org"):
        assert "[es] Hello Jo, call today" in cli.run("preview", "budget", "--to", who).stdout
    assert "[en] Hello Jo, call" in cli.run("preview", "budget", "--to", "1", "--language", "en").stdout


def test_a_channel_without_words_is_left_out(cli: CliDesk, tmp_path: Path) -> None:
    folder = write_campaign(tmp_path, "rents")
    (folder / "sms.txt").unlink()
    assert "text message" not in cli.run("preview", "rents").stdout
    (folder / "body.html").unlink()
    (folder / "sms.txt").write_text("ICIRR: € " + "x" * 160 + " Reply STOP to stop.")
    seen = cli.run("preview", "rents")
    assert "Subject" not in seen.stdout
    assert "--- text message, 2 segments" in seen.stdout
    assert seen.stderr == ""


def test_both_messages_open_in_the_browser_or_their_files_are_named(
    cli: CliDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webbrowser, "_tryorder", [])  # a machine without any
    told = cli.run("preview", "budget", "--open").stderr.splitlines()
    pages = [Path("var/preview", name).resolve() for name in ("budget-en.html", "budget-en-text.html")]
    assert told[1:] == [f"No browser was found here; open it yourself: {pages[0]} and {pages[1]}"]

    opened: list[str] = []

    class Browser(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            opened.append(url)
            return True

    webbrowser.register("here", None, Browser())
    assert len(cli.run("preview", "budget", "--open").stderr.splitlines()) == 1
    assert opened == [page.as_uri() for page in pages]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("bugdet",), "unknown_campaign", "Did you mean budget?"),
        (
            ("budget", "--language", "fr"),
            "broken_campaign",
            "nothing is complete in 'fr'; complete are: en, es.",
        ),
        (("budget", "--to", "nobody@example.org"), "unknown_subscriber", "Nobody here has that address"),
        (("budget", "--to", "maria"), "invalid_address", "neither an email address nor a phone number"),
    ],
)
def test_what_cannot_be_shown_says_why(
    cli: CliDesk, arguments: tuple[str, ...], code: str, words: str
) -> None:
    refused = cli.run("preview", *arguments, "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == code
    assert words in refused.stderr


@pytest.mark.usefixtures("chromium")
def test_pictures_are_taken_where_they_are_wanted(cli: CliDesk) -> None:
    seen = json.loads(cli.run("preview", "budget", "--png", "pictures", "--json").stdout)
    assert len(seen["pictures"]) == 6
    assert all(Path(path).parent == Path("pictures").resolve() for path in seen["pictures"])
    assert "6 pictures: " in cli.run("preview", "budget", "--language", "es", "--png").stderr
    assert Path("var/preview/budget-es-phone-dark.png").is_file()


def test_without_chromium_the_words_say_what_to_install(
    cli: CliDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = cli.run("preview", "budget", "--png", "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "chromium_missing"
    assert "apt-get install chromium" in refused.stderr
