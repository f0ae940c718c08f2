"""What we sent, for everybody to read: which alerts, in which words, and whether a text is one of ours."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, send, write_campaign
from people import add_list
from went_out import alert_that_went_out

from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.rules.same_words import Verdict
from dispatcher.tokens import Signer
from dispatcher.usecases.archive.shelf import Archive
from dispatcher.usecases.archive.wording import email_page, words_of

REAL = {"email_url": "smtp://127.0.0.1:1", "sms_url": "twilio://AC1:t@?from=%2B13125550199"}
SITE = "https://go.example.org"


def archive_of(house: House) -> Archive:
    add_list(house)
    return Archive(house, Signer.load(house.settings))


def test_an_alert_is_public_once_a_worker_has_had_it_in_hand(any_house: House, tmp_path: Path) -> None:
    archive = archive_of(any_house)
    write_campaign(tmp_path, "later")
    send(any_house, opening(frozen_campaign("later")))
    assert archive.page(limit=10) == []
    assert archive.alert(1) is None
    out = alert_that_went_out(any_house, tmp_path)
    assert [entry.alert.alert_id for entry in archive.page(limit=10)] == [out]
    assert archive.alert(2**40) is None


def test_practice_is_public_only_where_a_house_does_nothing_else(
    open_house_with: Callable[..., House], tmp_path: Path
) -> None:
    house = open_house_with()
    archive = archive_of(house)
    practised = alert_that_went_out(house, tmp_path)
    real = alert_that_went_out(house, tmp_path, "real", practice=False)
    mixed = alert_that_went_out(house, tmp_path, "mixed", practice=False, practice_channels="sms")
    only = alert_that_went_out(
        house, tmp_path, "only", practice=False, practice_channels="sms", on=(Channel.SMS,)
    )
    assert [entry.alert.alert_id for entry in archive.page(limit=10)] == [only, mixed, real, practised]
    earnest = open_house_with(**REAL)
    shown = Archive(earnest, Signer.load(earnest.settings)).page(limit=10)
    assert [entry.alert.alert_id for entry in shown] == [mixed, real]
    assert shown[0].alert.channels == {Channel.EMAIL}
    wording = shown[0].wording("en")
    assert wording
    assert (wording.sms, wording.subject) == ("", "[en] Keep the budget whole")


def test_alerts_are_read_a_page_at_a_time_the_newest_first(house: House, tmp_path: Path) -> None:
    archive = archive_of(house)
    ids = [alert_that_went_out(house, tmp_path, again=name) for name in ("one", "two", "three")]
    assert [entry.alert.alert_id for entry in archive.page(limit=2)] == [ids[2], ids[1]]
    assert [entry.alert.alert_id for entry in archive.page(limit=2, before=ids[1])] == [ids[0]]


def test_the_words_are_as_sent_without_anybodys_name_and_with_the_short_link(
    open_house_with: Callable[..., House], tmp_path: Path
) -> None:
    house = open_house_with(public_url=SITE)
    archive = archive_of(house)
    entry = archive.alert(alert_that_went_out(house, tmp_path))
    assert entry
    english, spanish = entry.wording("en"), entry.wording("es-MX")
    assert english
    assert spanish
    assert english.sms.startswith(f"[en] ICIRR: friend, call today: {SITE}/k/")
    assert spanish.sms.startswith(f"[es] ICIRR: friend, call today: {SITE}/k/")
    assert english.email.startswith("[en] Hello friend, call today: https://p2a.co/budget")
    assert entry.wording("ko") == english


def test_an_email_in_the_browser_has_no_link_of_a_person(
    open_house_with: Callable[..., House], tmp_path: Path
) -> None:
    house = open_house_with(public_url=SITE)
    archive = archive_of(house)
    alert = alert_that_went_out(house, tmp_path)
    html = archive.email(alert, 1, "es")
    assert html
    assert "Hello friend" in html
    assert f"{SITE}/lost" in html
    assert "/l/" not in html
    for wrong in ((alert, 2, "es"), (alert, 1, "ko"), (alert + 1, 1, "es")):
        assert archive.email(*wrong) is None
    texts = alert_that_went_out(house, tmp_path, "texts", on=(Channel.SMS,))
    assert archive.email(texts, 1, "en") is None


@pytest.mark.parametrize(
    ("pasted", "verdict"),
    [
        ("[en] ICIRR: Maria, call today: https://p2a.co/budget Reply STOP to stop.", Verdict.OURS),
        ("ICIRR: friend, call today: https://evil.example/budget Reply STOP to stop.", Verdict.OTHER_LINK),
        ("Your case is about to be closed, pay the fee today", Verdict.NOT_OURS),
        ("call today", Verdict.TOO_SHORT),
        ("call today: https://p2a.co/budget", Verdict.TOO_SHORT),
        ("ICIRR: pay now https://evil.example/x", Verdict.OTHER_LINK),
    ],
)
def test_somebody_learns_whether_a_text_is_ours(
    house: House, tmp_path: Path, pasted: str, verdict: Verdict
) -> None:
    archive = archive_of(house)
    first, second = (alert_that_went_out(house, tmp_path, again=name) for name in ("one", "two"))
    assert first < second
    answer = archive.compare(pasted)
    assert answer.verdict is verdict
    found = answer.alert.alert_id if answer.alert else None
    assert found == (second if verdict in {Verdict.OURS, Verdict.OTHER_LINK} else None)  # the newest


def test_only_so_many_alerts_are_compared_and_kept_in_mind(house: House, tmp_path: Path) -> None:
    add_list(house)
    archive = Archive(house, Signer.load(house.settings), compared=1, at_once=1)
    folder = write_campaign(tmp_path, "old", languages=("en", "es"))
    (folder / "sms.txt").write_text("An old text that nobody sends again these days")
    for slug in ("old", "budget", "newer", "newest"):
        alert_that_went_out(house, tmp_path, slug)
    assert archive.compare("An old text that nobody sends again these days").verdict is Verdict.NOT_OURS
    assert len(archive.page(limit=9)) == 4
    everything = Archive(house, Signer.load(house.settings), compared=4, at_once=1)
    assert everything.compare("An old text that nobody sends again these days").verdict is Verdict.OURS


def test_what_cannot_be_made_for_nobody_in_particular_is_left_out(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path)
    (folder / "sms.txt").write_text("{{ 'call today ' * (attributes.calls|int(300)) }}")
    frozen = frozen_campaign()
    [wording] = words_of(frozen, frozen.channels, {}, SITE).wordings
    assert (wording.sms, wording.subject) == ("", "")
    broken = replace(frozen.languages["en"], html="{{ attributes.x.y }}")
    assert email_page(replace(frozen, languages={"en": broken}), "en", SITE) is None


def test_an_edition_without_words_for_a_channel_says_nothing(house: House, tmp_path: Path) -> None:
    archive = archive_of(house)
    write_campaign(tmp_path, "mail", channels=(Channel.EMAIL,))
    alert = alert_that_went_out(house, tmp_path, "mail", on=(Channel.SMS,))
    entry = archive.alert(alert)
    assert entry
    assert entry.wording("en") is None
    assert archive.compare("one two three four five six seven eight").verdict is Verdict.NOT_OURS
