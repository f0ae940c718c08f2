"""A database that was put back to an earlier day: its timer does nothing until the journal is replayed."""

import pytest
from campaigns import frozen_campaign, real, send
from earlier import kept
from people import add_people
from town import Town

from dispatcher.errors import DatabaseOlder
from dispatcher.rules.alert import Channel
from dispatcher.usecases import deliver
from dispatcher.usecases.restoring.by_hand import replay_journal


def test_nothing_is_swept_until_the_journal_is_replayed(town: Town) -> None:
    add_people(town.house, 3, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    with kept(town.house) as put_back:
        town.turn()
        assert deliver.sweep(town.house) == set()  # and leaves a pulse
        put_back()
        with pytest.raises(DatabaseOlder):
            deliver.sweep(town.house)
        replay_journal(town.house)
    assert deliver.sweep(town.house) == set()
    assert town.statuses() == {"uncertain": 3}
    assert len(town.email.recipients) == 3
