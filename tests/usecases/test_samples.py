"""Somebody who isn't anybody, to try words on."""

from pathlib import Path

from campaigns import frozen_campaign, write_campaign

from dispatcher.content.render import Compiled
from dispatcher.rules.alert import Channel
from dispatcher.rules.reserved import is_reserved
from dispatcher.usecases.samples import sample_attributes, sample_person

SITE = "https://alerts.example.org"


def test_a_sample_has_an_address_that_belongs_to_nobody() -> None:
    for channel in Channel:
        person = sample_person("en", channel, list_name="ICIRR alerts", public_url=SITE)
        assert is_reserved(person.to)
        assert person.leave_url.startswith(SITE)
        assert (person.language, person.list_name, person.attributes) == ("en", "ICIRR alerts", {})


def test_a_campaign_that_names_what_an_import_kept_can_be_tried(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path)
    (folder / "sms.txt").write_text("ICIRR: {{ attributes.alderman }} votes today. Reply STOP to stop.")
    frozen = frozen_campaign()
    person = sample_person(
        "en",
        Channel.SMS,
        list_name="ICIRR alerts",
        public_url=SITE,
        attributes=sample_attributes(frozen, "en"),
    )
    assert Compiled(frozen).sms(person).body == "ICIRR: Sample votes today. Reply STOP to stop."


def test_words_that_name_no_attribute_need_none(tmp_path: Path) -> None:
    write_campaign(tmp_path, channels=[Channel.EMAIL])
    assert sample_attributes(frozen_campaign(), "en") == {}
