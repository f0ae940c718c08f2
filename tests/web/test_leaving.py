"""The page behind a link, its button, and the one-click that mail providers send (RFC 8058)."""

import re
from collections.abc import Callable

import pytest
from people import add_list, add_person
from sqlalchemy import select, text
from web_site import Site

from dispatcher.models import ConsentEvent, Notice, Subscription, Suppression
from dispatcher.rules.alert import Channel
from servers.processes import wait_until

ONE_CLICK = b"List-Unsubscribe=One-Click"


def main_of(page: str) -> str:
    """What a page says within its frame."""
    return page.partition("<main")[2].partition("</main")[0]


def left(site: Site) -> dict[tuple[int, str], bool]:
    """Subscriber and channel -> whether they have left."""
    with site.house.db.reading() as session:
        held = session.scalars(select(Subscription))
        return {(one.subscriber_id, str(one.channel)): one.left_at is not None for one in held}


def notices(site: Site) -> list[str]:
    """The kinds of what is on its way."""
    with site.house.db.reading() as session:
        return list(session.scalars(select(Notice.kind)))


@pytest.fixture
def maria(site: Site) -> str:
    """A link for leaving daca by email, of somebody who is on it by email and by text."""
    daca = add_list(site.house, "daca", "ICIRR alerts", sensitive=True)
    person = add_person(site.house, email="maria@example.org", phone="312-555-0100", language="es")
    return site.link(person, [daca], Channel.EMAIL)


def test_opening_a_link_changes_nothing_and_its_first_button_leaves(site: Site, maria: str) -> None:
    answer = site.get(maria)
    assert answer.status == 200
    assert site.ask("HEAD", maria).status == 200
    assert not any(left(site).values())
    forms = re.findall(r'<form method="post" action="([^"]+)">', answer.text)
    assert forms == [maria, f"{maria}/everything", f"{maria}/choose"]


def test_the_page_speaks_the_readers_language_and_names_the_public_name_alone(site: Site, maria: str) -> None:
    answer = site.get(maria, accept_language="pl,en;q=0.8")
    assert 'lang="es" dir="ltr"' in answer.text
    assert "¿Dejar de recibir correos de ICIRR alerts?" in answer.text
    assert answer.headers["content-language"] == "es"
    assert "daca" not in answer.text
    assert "maria" not in answer.text


def test_the_button_leaves_by_that_channel_and_says_so_plainly(site: Site, maria: str) -> None:
    answer = site.post(maria, b"")
    assert answer.status == 200
    assert "Ya no recibirá correos de ICIRR alerts." in answer.text
    assert "<button" not in answer.text
    assert "<a " not in main_of(answer.text)
    assert left(site) == {(1, "email"): True, (1, "sms"): False}
    with site.house.db.reading() as session:
        assert (
            session.scalars(select(ConsentEvent.source).order_by(ConsentEvent.id.desc())).first()
            == "leave page"
        )


def test_a_one_click_is_answered_without_cookie_and_without_being_sent_elsewhere(
    site: Site, maria: str
) -> None:
    answer = site.post(maria, ONE_CLICK)
    assert (answer.status, answer.text) == (200, "Done.\n")
    assert not {"set-cookie", "location"} & set(answer.headers)
    assert left(site)[1, "email"]
    with site.house.db.reading() as session:
        assert (
            session.scalars(select(ConsentEvent.source).order_by(ConsentEvent.id.desc())).first()
            == "one-click"
        )


def test_a_one_click_in_multipart_counts_as_well(site: Site, maria: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    answer = site.post(maria, body, Content_Type="multipart/form-data; boundary=x")
    assert (answer.status, answer.text) == (200, "Done.\n")
    assert left(site)[1, "email"]


def test_leaving_twice_is_harmless_and_is_written_down_once(site: Site, maria: str) -> None:
    assert [site.post(maria, ONE_CLICK).status for _ in range(3)] == [200, 200, 200]
    with site.house.db.reading() as session:
        assert len(session.scalars(select(ConsentEvent).where(ConsentEvent.source == "one-click")).all()) == 1


def test_a_link_in_a_text_stops_texts_for_everybody_who_shares_the_phone(site: Site) -> None:
    daca = add_list(site.house)
    maria = add_person(site.house, email="maria@example.org", phone="312-555-0100")
    jose = add_person(site.house, email="jose@example.org", phone="312-555-0100")
    answer = site.post(site.link(maria, [daca], Channel.SMS))
    assert "get any more texts from ICIRR alerts." in answer.text
    expected = {(maria, "email"): False, (maria, "sms"): True, (jose, "email"): False, (jose, "sms"): True}
    assert left(site) == expected


def test_every_list_of_the_link_is_left_and_named_once(site: Site) -> None:
    ids = [
        add_list(site.house, "daca", "ICIRR alerts"),
        add_list(site.house, "healthcare", "Health <alerts>"),
    ]
    person = add_person(site.house, email="maria@example.org", lists=("daca", "healthcare"))
    other = add_list(site.house, "senators", "ICIRR alerts")
    answer = site.post(site.link(person, [*ids, other], Channel.EMAIL))
    assert "from ICIRR alerts, Health &lt;alerts&gt;." in answer.text
    with site.house.db.reading() as session:
        lists = session.scalars(select(ConsentEvent.list_id).where(ConsentEvent.act == "left"))
        assert sorted(lists) == sorted([*ids, other])


def test_a_forged_or_cut_off_link_gets_help_and_tells_nothing(site: Site, maria: str) -> None:
    forged = maria[:-2] + ("AA" if not maria.endswith("AA") else "BB")
    pages = [site.get(path) for path in (forged, maria[:-5], "/l/x", "/l/" + "A" * 300)]
    pages += [site.post(forged, ONE_CLICK)]
    assert {page.status for page in pages} == {404}
    assert len({main_of(page.text) for page in pages}) == 1
    assert "Please open it again from the message" in pages[0].text
    assert "alerts@example.org" in pages[0].text
    assert not any(left(site).values())


def test_a_link_of_somebody_forgotten_answers_like_any_other(site: Site) -> None:
    daca = add_list(site.house)
    nobody = site.link(4711, [daca, 99], Channel.EMAIL)
    assert "Stop emails from ICIRR alerts?" in site.get(nobody).text
    assert site.post(nobody, ONE_CLICK).status == 200
    assert "get any more emails from ICIRR alerts." in site.post(nobody).text


def test_a_link_of_lists_that_are_gone_speaks_of_the_organisation(site: Site) -> None:
    assert "Stop emails from ICIRR alerts?" in site.get(site.link(4711, [99], Channel.EMAIL)).text


@pytest.mark.parametrize(
    ("asked", "language"),
    [("ar", "ar"), ("de-DE,es-MX;q=0.7", "es"), ("PL", "pl"), ("de", "en"), ("", "en"), (";;,,-", "en")],
)
def test_where_we_do_not_know_the_reader_their_browser_is_asked(
    site: Site, asked: str, language: str
) -> None:
    answer = site.get("/l/broken", accept_language=asked)
    assert answer.headers["content-language"] == language
    assert f'lang="{language}"' in answer.text


def test_arabic_reads_from_right_to_left(site: Site) -> None:
    daca = add_list(site.house)
    person = add_person(site.house, email="layla@example.org", language="ar-EG")
    assert re.search(r'<html lang="ar" dir="rtl">', site.get(site.link(person, [daca], Channel.EMAIL)).text)


def test_when_the_database_fails_people_and_mail_providers_are_asked_to_try_again(
    site: Site, maria: str
) -> None:
    with site.house.db.transaction() as session:
        session.execute(text("DROP TABLE subscriptions"))
    answer = site.post(maria, ONE_CLICK)
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    assert "No se cambió nada" not in answer.text
    assert "Nothing was changed." in answer.text


def test_a_key_that_was_changed_still_opens_links_of_last_year(site_with: Callable[..., Site]) -> None:
    old, new = "x" * 40, "y" * 40
    last_year = site_with(secret_key=old)
    daca = add_list(last_year.house)
    link = last_year.link(add_person(last_year.house, email="maria@example.org"), [daca], Channel.EMAIL)
    assert site_with(secret_key=f"{new},{old}").get(link).status == 200
    assert site_with(secret_key=new).get(link).status == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_with_a_slash_too_many_is_sent_nowhere(site: Site, maria: str, method: str) -> None:
    answer = site.ask(method, f"{maria}/", headers={"Host": "evil.example.net"})
    assert (answer.status, answer.text) == (404, "Not Found\n")
    assert "location" not in answer.headers


def test_one_button_of_the_page_leaves_everything_on_both_channels(site: Site, maria: str) -> None:
    answer = site.post(f"{maria}/everything")
    assert "Ya no recibirá correos ni textos nuestros." in answer.text
    assert all(left(site).values())
    with site.house.db.reading() as session:
        assert sorted(session.scalars(select(Suppression.reason))) == ["opted_out", "stop"]


def test_a_fresh_link_is_sent_to_where_the_person_is_reached_and_not_shown(site: Site, maria: str) -> None:
    answer = site.post(f"{maria}/choose")
    assert answer.status == 200
    assert "/m/" not in answer.text
    wait_until(lambda: notices(site) == ["manage"])
    assert not any(left(site).values())


def test_a_link_of_somebody_forgotten_leaves_everything_and_asks_for_a_link_like_any_other(
    site: Site,
) -> None:
    nobody = site.link(4711, [add_list(site.house)], Channel.EMAIL)
    assert [site.post(f"{nobody}/{way}").status for way in ("everything", "choose")] == [200, 200]


@pytest.mark.parametrize("way", ["everything", "choose"])
def test_a_forged_link_leaves_nothing_else_either(site: Site, maria: str, way: str) -> None:
    assert site.post(f"{maria[:-2]}xx/{way}").status == 404
    assert not any(left(site).values())
