"""`dispatch doctor` tries every part for real; one that isn't right hides no other."""

from pathlib import Path

import pytest
from campaigns import write_campaign
from conftest import OpenHouse
from pydantic import SecretStr

from dispatcher.crew import Crew, this_worker
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.redis_client import redis_of
from dispatcher.settings import Settings, load_settings
from dispatcher.usecases.examine import Finding, examine
from dispatcher.usecases.hold import begin_hold
from fakes.chat import ChatServer
from fakes.dns import DnsServer
from fakes.health_page import HealthPage
from fakes.smtp import SmtpServer
from houses import DATA_KEY, SECRET_KEY
from servers.certificates import write_certificate

WHO = {"org_name": "Tenants United", "org_address": "1 Main St", "from_email": "us@tenants.org"}
EVERY_PART = [
    "database",
    "keys",
    "backup",
    "journal",
    "hold",
    "server",
    "queue",
    "limiter",
    "worker",
    "notices",
    "email",
    "sms",
    "organisation",
    "sender domain",
    "templates",
    "public pages",
    "replies",
    "mailbox",
    "callbacks",
    "email reports",
    "sms reports",
    "webhooks",
    "privacy",
    "alarms",
]


def examined(settings: Settings, *, alarm: bool = False, dns: DnsServer | None = None) -> dict[str, Finding]:
    """Each part's last finding. Without `dns` the DNS knows nobody."""
    with dns or DnsServer() as server:
        return {
            finding.part: finding
            for finding in examine(settings, alarm=alarm, name_server=server.name_server)
        }


def test_a_practice_house_is_well_in_every_part(house: House) -> None:
    found = examined(house.settings)
    assert list(found) == EVERY_PART
    assert all(finding.ok is not False for finding in found.values())
    assert found["database"].words == f"{house.db.shown} is up to date, and its key is ours."
    assert (found["worker"].ok, found["organisation"].ok, found["public pages"].ok) == (None, None, None)
    assert "dispatch send" in found["worker"].words
    assert found["webhooks"].words == "none: no other program is told what happens."


def test_an_empty_folder_lacks_its_database_alone() -> None:
    found = examined(load_settings())
    assert [part for part, finding in found.items() if finding.ok is False] == ["database"]
    assert "dispatch db upgrade" in found["database"].words
    assert (found["keys"].ok, found["keys"].words) == (None, "are made together with the database.")


def test_keys_that_were_made_must_be_kept_and_given_ones_need_no_word(house: House) -> None:
    made = load_settings(database_url=house.settings.database_url)
    assert "isn't the key that this database was made with" in examined(made)["keys"].words
    Path("var/data.key").write_text(DATA_KEY)
    keys = examined(made)["keys"]
    assert (keys.ok, keys.words) == (None, f"the data key is {Path('var/data.key').resolve()}.")
    assert "another machine" in keys.mend
    assert examined(house.settings)["keys"].ok is True


def test_real_services_are_reached_and_without_a_worker_it_says_so(
    open_house_with: OpenHouse, redis_url: str, smtp_server: SmtpServer
) -> None:
    settings = open_house_with(redis_url=redis_url, email_url=smtp_server.url, **WHO).settings
    found = examined(settings)
    assert "server" not in found
    assert (found["worker"].ok, found["worker"].mend) == (False, "Start one: `dispatch worker`.")
    assert found["email"].ok is True
    assert found["email"].words.startswith(f"SMTP relay 127.0.0.1:{smtp_server.port}: ")
    assert found["organisation"].words == "Tenants United, writing as us@tenants.org."
    assert smtp_server.received == []


def test_live_workers_are_counted(open_house_with: OpenHouse, redis_url: str) -> None:
    settings = open_house_with(redis_url=redis_url).settings
    crew = Crew(redis_of(settings))
    crew.say_alive(this_worker(concurrency=4))
    crew.close()
    worker = examined(settings)["worker"]
    assert (worker.ok, worker.words) == (True, "1 alive, with 4 processes.")


def test_what_cannot_be_reached_is_told_for_each_part(open_house_with: OpenHouse) -> None:
    house = open_house_with(redis_url="redis://127.0.0.1:1/0", email_url="smtp://127.0.0.1:1")
    found = examined(house.settings)
    wrong = {part for part, finding in found.items() if finding.ok is False}
    assert wrong == {"queue", "limiter", "worker", "email", "organisation"}
    assert "127.0.0.1:1" in found["queue"].words
    assert "DISPATCH_ORG_NAME" in found["organisation"].words
    assert found["templates"].ok is True


def test_a_server_that_cannot_start_hides_nothing(house: House) -> None:
    Path("var/redis").write_text("in the way")
    found = examined(house.settings)
    assert found["server"].ok is False
    assert found["templates"].ok is True


def test_what_nobody_thought_of_is_named_by_its_kind_alone(open_house_with: OpenHouse) -> None:
    # The tests' own network guard raises what no sender expects.
    found = examined(open_house_with(email_url="smtp://192.0.2.1", **WHO).settings)
    assert found["email"].ok is False
    assert found["email"].words.startswith("Something that should not happen did (")
    assert "192.0.2.1" not in found["email"].words
    assert found["templates"].ok is True


def test_what_receivers_find_in_the_dns_is_told_when_email_reaches_people(open_house_with: OpenHouse) -> None:
    assert examined(open_house_with().settings)["sender domain"].ok is None
    settings = open_house_with(email_url="smtp://192.0.2.1", **WHO).settings
    found = examined(settings, dns=DnsServer({"tenants.org": ["v=spf1 mx -all"]}))
    assert (found["spf"].ok, found["dkim"].ok, found["dmarc"].ok) == (True, None, False)
    assert found["spf"].words == "tenants.org: v=spf1 mx -all"
    assert "_dmarc.tenants.org" in found["dmarc"].mend
    assert "sender domain" not in found


def test_lanes_that_were_slowed_down_are_named(open_house_with: OpenHouse, redis_url: str) -> None:
    settings = open_house_with(redis_url=redis_url).settings
    assert examined(settings)["limiter"].ok is True
    limiter = Limiter(redis_of(settings))
    limiter.lower("provider:sms", 0.5, 600)
    limiter.close()
    found = examined(settings)["limiter"]
    assert found.ok is None
    assert found.words.endswith("their providers asked for it: provider:sms.")


def test_it_is_said_who_is_told_of_troubles_and_that_it_can_be_tried(
    house: House, open_house_with: OpenHouse
) -> None:
    nobody = examined(house.settings)["alarms"]
    assert (nobody.ok, nobody.words) == (None, "nobody is told when something goes wrong.")
    assert "DISPATCH_ALARM_URL" in nobody.mend
    url = "https://hooks.example.org/a-secret"
    somebody = examined(open_house_with(alarm_url=url, alarm_email="ana@staff.example").settings)["alarms"]
    assert somebody.words == "go to hooks.example.org, ana@staff.example."
    assert (somebody.ok, somebody.mend) == (True, "Try it with `dispatch doctor --alarm`.")


def test_a_test_alarm_shows_whether_each_of_them_can_be_told(open_house_with: OpenHouse) -> None:
    with ChatServer() as chat:
        settings = open_house_with(alarm_url=chat.url, alarm_email="ana@staff.example").settings
        chat.answer(403)
        url, mail = (one for one in examine(settings, alarm=True) if one.part == "alarms")
        assert (url.ok, url.words) == (False, "127.0.0.1: 127.0.0.1 answered 403")
        assert (mail.ok, mail.words) == (True, "ana@staff.example: a test alarm was taken.")
        assert examined(settings, alarm=True)["alarms"].ok is True
        assert [posted["event"] for posted in chat.posted] == ["test"]
    assert examined(open_house_with().settings, alarm=True)["alarms"].ok is False


def test_a_broken_campaign_is_named_beside_the_whole_ones(house: House, tmp_path: Path) -> None:
    (write_campaign(tmp_path) / "campaign.toml").write_text("title =")
    broken, whole = (finding for finding in examine(house.settings) if finding.part == "templates")
    assert broken.ok is False
    assert broken.words.startswith("templates/campaigns/budget/campaign.toml")
    assert whole.words == "4 campaigns can be read."


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HealthPage:
    """Public pages whose certificate this test trusts."""
    pem = tmp_path / "page.pem"
    write_certificate(pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    return HealthPage(pem)


def test_public_pages_are_tried_when_people_are_reached(house: House, page: HealthPage) -> None:
    with page:
        given = {
            "database_url": house.settings.database_url,
            "data_key": DATA_KEY,
            "secret_key": SECRET_KEY,
            "public_url": page.settings.public_url,
            "email_url": "smtp://relay.invalid",
        }
        well = examined(load_settings(**given))["public pages"]
        page.answer = b"HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n"
        down = examined(load_settings(**given))["public pages"]
    assert (well.ok, well.words, well.mend) == (True, f"{page.settings.public_url} is well.", "")
    assert down.ok is False
    assert "DISPATCH_PUBLIC_URL" in down.mend


def test_an_api_key_cannot_prove_what_twilio_calls_with(house: House) -> None:
    own = house.settings.model_copy(
        update={"sms_url": SecretStr("twilio://AC1:t@?from=+13125550100&api_base=http://127.0.0.1:9")}
    )
    assert examined(own)["replies"].ok is True
    key = SecretStr("twilio://SK1:s@?account=AC1&from=+13125550100&api_base=http://127.0.0.1:9")
    found = examined(house.settings.model_copy(update={"sms_url": key}))["replies"]
    assert (found.ok, "auth token" in found.mend) == (None, True)


def test_a_hold_is_worth_knowing(house: House) -> None:
    assert examined(house.settings)["hold"].ok is True
    with house.db.transaction() as session:
        begin_hold(session, "a subpoena")
    found = examined(house.settings)["hold"]
    assert (found.ok, "nothing is deleted" in found.words) == (None, True)
