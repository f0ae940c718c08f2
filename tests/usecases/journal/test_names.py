"""The journal tells what was sent to nobody but us, also what an earlier release wrote into it."""

from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, send, write_campaign
from earlier import kept
from journals import inside, jot, name_of, outside
from people import add_list, add_people

from dispatcher.house import House
from dispatcher.rules.journal import Entry, LaidOut, facts_of
from dispatcher.usecases.journal.keeping import tidy
from dispatcher.usecases.journal.names import opened, sealed, sealed_entry
from dispatcher.usecases.restoring.by_hand import replay_journal

PLAIN = LaidOut(1, "2026-05-12T00:00:00+00:00", "budget", "second try", practice=True, messages=6)


@pytest.mark.usefixtures("house")  # the key is that of the open database
def test_what_is_sealed_is_sealed_once_and_opens_again() -> None:
    assert opened(sealed(PLAIN)) == opened(PLAIN) == PLAIN
    assert sealed(sealed(PLAIN)) == sealed(PLAIN)
    assert len(sealed(PLAIN).campaign) == len(sealed(PLAIN).name)  # however short it is


def test_lines_of_an_earlier_release_are_sealed_when_the_file_is_written_anew(house: House) -> None:
    jot(house, PLAIN)
    assert facts_of(outside(house), LaidOut) == [PLAIN]
    tidy(house)
    (fact,) = facts_of(outside(house), LaidOut)
    assert opened(fact) == PLAIN
    assert "budget" not in house.db.journal.own(name_of(house)).read_text()


def test_an_alert_that_only_an_older_line_knows_comes_back_under_its_name(
    house: House, tmp_path: Path
) -> None:
    add_list(house)
    add_people(house, 3)
    write_campaign(tmp_path)
    with kept(house) as put_back:
        send(house, opening(frozen_campaign(), again="second try"))
        file = house.db.journal.own(name_of(house))
        put_back()
    told = file.read_text()
    for fact in facts_of(outside(house), LaidOut):
        told = told.replace(fact.campaign, opened(fact).campaign).replace(fact.name, opened(fact).name)
    file.write_text(told)
    replayed = replay_journal(house)
    assert replayed is not None
    (lost,) = replayed.lost_alerts
    assert (lost.campaign, lost.name, lost.messages) == ("budget", "second try", 6)
    assert all(sealed_entry(entry) == entry for entry in inside(house))


def test_entries_without_names_are_kept_as_they_are(house: House) -> None:
    jot(house)
    entries: list[Entry] = inside(house)
    assert [sealed_entry(entry) for entry in entries] == entries
