"""What one person would get, without sending anything."""

from pathlib import Path

import pytest
from campaigns import messages_of, write_campaign
from people import add_list, add_person
from sqlalchemy import update

from dispatcher.errors import BrokenCampaign, RenderFailed, UnknownSubscriber
from dispatcher.house import House
from dispatcher.models import Subscriber
from dispatcher.usecases.preview import preview


@pytest.fixture
def budget(tmp_path: Path) -> Path:
    """The folder of a campaign in English and Spanish."""
    return write_campaign(tmp_path, languages=["en", "es"])


@pytest.fixture
def jo(house: House) -> House:
    """A house with one person, Jo, who reads Spanish as Mexico writes it."""
    add_list(house)
    add_person(house, email="jo@example.org", first_name="Jo", language="es-MX")
    return house


@pytest.mark.usefixtures("budget")
def test_somebody_made_up_reads_the_campaigns_own_language(house: House) -> None:
    seen = preview(house, "budget", to=None, language=None)
    assert (seen.language, seen.subject) == ("en", "[en] Keep the budget whole")
    assert "Hello Maria, call today" in seen.text
    assert seen.sms.startswith("[en] ICIRR: Maria")
    assert seen.segments == 1
    assert seen.html_file
    assert "Hello Maria" in seen.html_file.read_text()
    assert not messages_of(house)


@pytest.mark.usefixtures("budget")
def test_a_subscriber_reads_their_own_language_unless_another_is_asked_for(jo: House) -> None:
    assert "[es] Hello Jo" in preview(jo, "budget", to="jo@example.org", language=None).text
    assert "[en] Hello Jo" in preview(jo, "budget", to="1", language="en").text


def test_a_subscriber_is_shown_with_their_own_attributes(jo: House, budget: Path) -> None:
    (budget / "es" / "sms.txt").write_text("Call from {{ attributes.city }}. STOP")
    with jo.db.transaction() as session:
        session.execute(update(Subscriber).values(attributes='{"city": "Cicero"}'))
    assert preview(jo, "budget", to="1", language=None).sms == "Call from Cicero. STOP"
    assert preview(jo, "budget", to=None, language="es").sms == "Call from Sample. STOP"


def test_who_cannot_be_written_to_is_told_why(jo: House, budget: Path) -> None:
    (budget / "es" / "sms.txt").write_text("Call from {{ attributes.city }}. STOP")
    with pytest.raises(RenderFailed, match="undefined variable: city"):
        preview(jo, "budget", to="1", language=None)


def test_a_channel_that_is_not_complete_is_empty(house: House, budget: Path) -> None:
    (budget / "sms.txt").unlink()
    seen = preview(house, "budget", to=None, language=None)
    assert (seen.sms, seen.segments, bool(seen.html_file)) == ("", 0, True)
    (budget / "es" / "body.html").unlink()
    seen = preview(house, "budget", to=None, language="es")
    assert (seen.subject, seen.text, seen.html_file) == ("", "", None)
    assert seen.as_json()["html_file"] is None
    assert seen.sms


def test_a_language_that_is_not_there_is_refused_with_those_that_are(house: House, budget: Path) -> None:
    with pytest.raises(
        BrokenCampaign, match=r"templates/campaigns/budget: nothing is complete in 'pl'; .* en, es"
    ):
        preview(house, "budget", to=None, language="pl")
    for part in budget.rglob("*.txt"):
        part.unlink()
    with pytest.raises(BrokenCampaign, match="complete are: none"):
        preview(house, "budget", to=None, language=None)


@pytest.mark.usefixtures("budget")
def test_who_is_not_here_cannot_be_shown(house: House) -> None:
    with pytest.raises(UnknownSubscriber):
        preview(house, "budget", to="jo@example.org", language=None)
