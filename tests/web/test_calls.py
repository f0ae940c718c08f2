"""The Calls to Action page, what is read before acting, and the way on."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from campaigns import write_campaign
from people import add_list
from web_site import Site

from dispatcher.tokens import Signer
from dispatcher.usecases.clicks.tally import page_clicks
from dispatcher.usecases.organisation import PRACTICE
from servers.processes import wait_until

SEED = {"org_name": PRACTICE.name, "org_address": PRACTICE.address}
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 10


def say(folder: Path, *lines: str) -> None:
    with (folder / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))


def ref(site: Site, slug: str = "budget") -> str:
    return Signer.load(site.house.settings).references(slug)[0]


def test_the_page_has_the_seeds_words_in_its_sections_and_footer(site_with: Callable[..., Site]) -> None:
    page = site_with(**SEED).get("/").text
    assert "Each individual action helps us get one step closer" in page
    assert page.index('id="federal"') < page.index("EVERYBODY In 2024!") < page.index("preserve DACA")
    assert page.index("preserve DACA") < page.index('id="state"') < page.index("Durbin and Duckworth")
    assert 'id="local"' not in page
    for words in (
        "full and equal participation",
        "228 S. Wabash, Suite 800",
        "https://www.icirr.org/contact",
        "https://www.instagram.com/ICIRR_IL/",
        "kindful.com",
    ):
        assert words in page


def test_three_volunteers_see_nothing_of_anybody_else(site_with: Callable[..., Site]) -> None:
    site = site_with(org_name="Three Volunteers")
    page = site.get("/").text
    assert "Three Volunteers" in page
    assert "There is nothing to do just now." in page
    assert not any(word in page for word in ("ICIRR", "icirr", "DACA", "Durbin", "kindful"))
    assert site.get(f"/go/{ref(site, 'senators')}").status == 404


@pytest.mark.parametrize(("language", "words"), [("es", "luchen por TODA"), ("pl", "Szczebel stanowy")])
def test_the_page_is_in_the_language_that_was_chosen_and_its_links_keep_it(
    site_with: Callable[..., Site], language: str, words: str
) -> None:
    answer = site_with(**SEED).get(f"/?lang={language}", accept_language="en")
    assert words in answer.text
    assert answer.headers["content-language"] == language
    assert f'href="/texts?lang={language}"' in answer.text


def test_a_card_that_is_not_in_the_readers_language_says_which_it_is_in(
    site_with: Callable[..., Site],
) -> None:
    page = site_with(**SEED).get("/", accept_language="ar").text
    assert '<html lang="ar" dir="rtl">' in page
    assert 'lang="en" dir="auto">Ask Your IL Senators' in page
    assert "تابعوا فرص المشاركة" in page


def test_no_address_names_a_campaign_or_a_list(site_with: Callable[..., Site]) -> None:
    site = site_with(**SEED)
    number = add_list(site.house, "daca", sensitive=True, is_open=True)
    page = site.get("/").text
    assert f'href="/join/{number}"' in page  # on the list that is open; the other leads to its own page
    assert f'href="/go/{ref(site, "healthcare")}"' in page
    ours = [piece.partition('"')[0] for piece in page.replace('src="', 'href="').split('href="/')[1:]]
    assert not any(slug in address for slug in ("daca", "healthcare", "senators") for address in ours)


def test_what_to_know_comes_before_the_way_on(site_with: Callable[..., Site]) -> None:
    site = site_with(**SEED)
    before = f"/before/{ref(site, 'senators')}"
    assert f'href="{before}"' in site.get("/").text
    page = site.get(before, accept_language="es").text
    assert "Su mensaje llega a las oficinas de los dos senadores." in page
    assert "p2a.co" in page
    onward = f"/go/{ref(site, 'senators')}"
    assert f'href="{onward}"' in page
    answer = site.get(onward)
    assert (answer.status, answer.headers["location"]) == (302, "https://p2a.co/d7dkbnc")
    assert answer.headers["cache-control"] == "no-store"


def test_the_way_on_leads_to_the_page_of_the_readers_language(site: Site, tmp_path: Path) -> None:
    folder = write_campaign(tmp_path, languages=("en", "es"))
    (folder / "es" / "campaign.toml").write_text('title = "Llame"\naction_url = "https://p2a.co/es"\n')
    onward = f"/go/{ref(site)}"
    assert f'href="{onward}"' in site.get("/").text
    assert site.get(onward).headers["location"] == "https://p2a.co/budget"
    assert site.get(f"{onward}?lang=es", user_agent="A phone's").headers["location"] == "https://p2a.co/es"

    def counted() -> list[tuple[str, int, int]]:
        with site.house.db.reading() as session:
            return [(one.url, one.by_people, one.by_machines) for one in page_clicks(session)]

    wait_until(lambda: sum(people + machines for _, people, machines in counted()) == 2)
    assert counted() == [("https://p2a.co/budget", 0, 1), ("https://p2a.co/es", 1, 0)]


@pytest.mark.parametrize(
    "path", ["/go/budget", "/go/x", "/before/x", "/pictures/x", "/go/..%2f..", "/texts/9"]
)
def test_what_is_not_ours_leads_nowhere(site: Site, tmp_path: Path, path: str) -> None:
    write_campaign(tmp_path)
    answer = site.get(f"{path}?url=https://evil.example")
    assert answer.status == 404
    assert "location" not in answer.headers


def test_a_campaign_without_a_page_to_act_on_leads_nowhere(site: Site, tmp_path: Path) -> None:
    manifest = write_campaign(tmp_path) / "campaign.toml"
    manifest.write_text(manifest.read_text().replace('action_url = "https://p2a.co/budget"\n', ""))
    assert "/go/" not in site.get("/").text
    assert site.get(f"/go/{ref(site)}").status == 404


def test_after_its_deadline_a_card_is_gone(site: Site, tmp_path: Path) -> None:
    say(write_campaign(tmp_path), "deadline = 2020-01-01T00:00:00Z")
    assert "Keep the budget whole" not in site.get("/").text


def test_a_cards_picture_is_its_file_else_a_landscape(site: Site, tmp_path: Path) -> None:
    folder = write_campaign(tmp_path)
    landscape = site.get(f"/pictures/{ref(site)}")
    assert (landscape.status, landscape.headers["content-type"]) == (200, "image/svg+xml")
    (folder.parent / "march").mkdir()
    other = write_campaign(tmp_path, "march")
    (other / "march.png").write_bytes(b"\x89PNG\r\n\x1a\n plain")
    say(other, 'image = "march.png"', 'image_alt = "People march <together>"')
    fresh = _until_seen(site, "People march &lt;together&gt;")
    assert f'src="/pictures/{ref(site, "march")}"' in fresh


def _until_seen(site: Site, words: str) -> str:
    """The page, once the files have been looked at again (they are, each second)."""
    from servers.processes import wait_until

    wait_until(lambda: words in site.get("/").text)
    return site.get("/").text


def test_a_broken_campaign_is_left_out_and_the_log_names_nobody(
    site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_campaign(tmp_path)
    (write_campaign(tmp_path, "secret-list") / "campaign.toml").write_text("title =")
    with caplog.at_level(logging.WARNING):
        page = site.get("/")
    assert page.status == 200
    assert "Keep the budget whole" in page.text
    assert "1 of the campaigns can't be shown whole" in caplog.text
    assert "secret-list" not in caplog.text + page.text
