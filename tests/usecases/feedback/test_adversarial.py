"""Whatever is told of a message, in whatever order, between whatever our own workers and staff do with it."""

from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from what_came_back import Maria, apply_all, open_alert, statuses, suppressed, take_in, told

from dispatcher.models import DeliveryLogEntry, Message, ProviderEvent
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.feedback import KEPT
from dispatcher.rules.moves import Status, may_move
from dispatcher.usecases.moves import Move, begin, move_all, settle_each
from dispatcher.usecases.suppress import lift

K = EventKind
S = Status
GONE_OUT = {S.DELIVERED, S.BOUNCED, S.COMPLAINED}  # whichever attempt it was: never sent again
ANSWERS = (S.SENT, S.FAILED, S.BOUNCED, S.UNCERTAIN, S.QUEUED)
SUPPRESS = {
    Channel.EMAIL: {K.HARD_BOUNCE: "bounced", K.COMPLAINED: "complained"},
    Channel.SMS: {K.HARD_BOUNCE: "bounced", K.COMPLAINED: "complained", K.UNSUBSCRIBED: "stop"},
}

# What happens: a provider tells something (of an attempt, by its own id or none), a worker applies, begins,
# has its answer, or a person puts the message back.
HAPPENS = st.one_of(
    st.tuples(st.just("told"), st.sampled_from(sorted(K)), st.sampled_from(("", "first", "second", "other"))),
    st.tuples(st.just("told again"), st.integers(0, 20)),
    st.tuples(st.just("applied")),
    st.tuples(st.just("begun")),
    st.tuples(st.just("answered"), st.sampled_from(ANSWERS), st.sampled_from(("", "first", "second"))),
    st.tuples(st.just("put back")),
)


@dataclass
class Tale:
    """One message, and all that has happened to it."""

    maria: Maria
    channel: Channel
    number: int
    mark: str
    events: list[Event] = field(default_factory=list)

    def happens(self, what: str, *how: object) -> None:
        house = self.maria.house
        match what, how:
            case "told", (EventKind() as kind, str(attempt)):
                self.events.append(self._event(kind, attempt))
                assert take_in(house, self.events[-1]) == (kind in KEPT)
            case "told again", (int(nth),) if self.events:
                assert take_in(house, self.events[nth % len(self.events)]) == 0
            case "applied", ():
                apply_all(house)
            case "begun", ():
                with house.db.transaction() as session:
                    begin(session, [self.number])
            case "answered", (Status() as status, str(attempt)):
                with house.db.transaction() as session:
                    tried = session.get_one(Message, self.number).attempt
                    of = (self.number, self.maria.alert, self.channel, self.maria.id)
                    settle_each(session, [Move(*of, status, tried, provider_ref=self._ref(attempt))])
            case "put back", ():
                with house.db.transaction() as session:
                    one = (Message.id == self.number, Message.status.in_((S.UNCERTAIN, S.FAILED)))
                    move_all(session, self.maria.alert, S.QUEUED, *one, by_person=True)
            case _:
                pass  # nothing was told yet that could be told again

    def _event(self, kind: EventKind, attempt: str) -> Event:
        provider = "twilio" if self.channel is Channel.SMS else "sendgrid"
        return told(kind, provider, reference=self.mark, provider_ref=self._ref(attempt))

    def _ref(self, attempt: str) -> str:
        return f"{attempt} of {self.number}" if attempt else ""

    @property
    def status(self) -> Status:
        return statuses(self.maria.house, [self.number])[0]

    def log(self) -> Counter[tuple[object, ...]]:
        """Every line of it."""
        columns = (DeliveryLogEntry.at, DeliveryLogEntry.status, DeliveryLogEntry.error)
        with self.maria.house.db.reading() as session:
            lines = session.execute(select(*columns).where(DeliveryLogEntry.message_id == self.number))
            return Counter(tuple(line) for line in lines)

    def reason(self) -> str | None:
        """Why the address isn't written to any more."""
        key = self.maria.email_key if self.channel is Channel.EMAIL else self.maria.phone_key
        return suppressed(self.maria.house).get(key)

    def lift(self) -> None:
        """As if nobody had told anything of the address: the next tale begins."""
        key = self.maria.email_key if self.channel is Channel.EMAIL else self.maria.phone_key
        with self.maria.house.db.transaction() as session:
            for reason in SuppressionReason:
                lift(session, self.channel, key, reason)


def reachable(old: Status) -> set[Status]:
    """What events may make of a message, one after the other."""
    found = {old}
    while more := {new for one in found for new in S if may_move(one, new, by_event=True)} - found:
        found |= more
    return found


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(channel=st.sampled_from(sorted(Channel)), story=st.lists(HAPPENS, min_size=3, max_size=14))
def test_whatever_happens_a_message_goes_forward_and_nothing_is_forgotten(
    maria: Maria, channel: Channel, story: list[tuple[object, ...]]
) -> None:
    alert = Maria(maria.house, maria.id, open_alert(maria.house))
    tale = Tale(alert, channel, *alert.sent(channel, status=S.QUEUED, attempt=0))
    tale.lift()
    for what, *how in story:
        old, lines = tale.status, tale.log()
        tale.happens(str(what), *how)
        new = tale.status
        if what in {"told", "told again"}:
            assert (new, tale.log()) == (old, lines)
        elif what == "applied":
            assert new in reachable(old)
        elif what == "begun":
            assert new is (S.SENDING if old is S.QUEUED else old)
        elif what == "put back":
            assert new is (S.QUEUED if old in {S.UNCERTAIN, S.FAILED} else old)
        if old in GONE_OUT:
            assert new in GONE_OUT
        assert lines <= tale.log()  # the log loses no line
        expected = {SUPPRESS[channel].get(event.kind) for event in tale.events}
        assert tale.reason() in {*expected, None}
    apply_all(maria.house)
    expected = {SUPPRESS[channel].get(event.kind) for event in tale.events} - {None}
    assert (tale.reason() is not None) is bool(expected)
    assert_nothing_more_to_say(tale)


def assert_nothing_more_to_say(tale: Tale) -> None:
    """Everything told and applied once more changes nothing."""
    before = (tale.status, tale.log(), tale.reason())
    assert take_in(tale.maria.house, *tale.events) == 0
    assert apply_all(tale.maria.house) == 0
    assert (tale.status, tale.log(), tale.reason()) == before


@pytest.mark.parametrize("channel", list(Channel))
def test_two_messages_of_one_person_know_nothing_of_each_other(any_maria: Maria, channel: Channel) -> None:
    first, mark = any_maria.sent(channel)
    tale = Tale(any_maria, channel, first, mark)
    second, _ = Maria(any_maria.house, any_maria.id, open_alert(any_maria.house)).sent(channel)
    for kind in sorted(K):
        tale.happens("told", kind, "")
    tale.happens("applied")
    assert statuses(any_maria.house, [second]) == [S.SENT]
    with any_maria.house.db.reading() as session:
        assert set(session.scalars(select(ProviderEvent.message_id))) == {first}
