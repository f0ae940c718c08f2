"""Ten thousand texts, and everything that Twilio says of them: five times, in no order, some of it before its
own answer to us, some of it instead.
"""

import random
from collections import Counter

import pytest
from sqlalchemy import insert, select
from what_came_back import apply_all, open_alert, suppressed, take_in, told

from dispatcher.house import House
from dispatcher.models import DeliveryLogEntry, Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.moves import MOVES, Status
from dispatcher.usecases.moves import Move, settle_each

TEXTS = 10_000
K = EventKind
S = Status

# What becomes of a text: how many in a hundred, what Twilio says one after the other, and where it ends.
FATES: dict[str, tuple[int, list[tuple[str, EventKind, str]], Status]] = {
    "arrived": (71, [("sent", K.ACCEPTED, ""), ("delivered", K.DELIVERED, "")], S.DELIVERED),
    "unheard of": (10, [("sending", K.ACCEPTED, ""), ("sent", K.ACCEPTED, "")], S.SENT),
    "dead": (6, [("sent", K.ACCEPTED, ""), ("undelivered", K.HARD_BOUNCE, "30005")], S.BOUNCED),
    "off": (7, [("sent", K.ACCEPTED, ""), ("undelivered", K.SOFT_BOUNCE, "30003")], S.FAILED),
    "filtered": (5, [("undelivered", K.BLOCKED, "30007")], S.FAILED),
    "stopped": (1, [("undelivered", K.UNSUBSCRIBED, "21610")], S.FAILED),
}


@pytest.mark.no_cover  # the tests beside it cover the same
def test_every_text_ends_in_its_true_state_whatever_order_twilio_tells_it_in(house: House) -> None:
    """Settled at once were 70 of a hundred texts, 20 only after Twilio had told all, 10 never."""
    chance = random.Random(6)
    alert = open_alert(house)
    ids = _being_sent(house, alert)
    fates = chance.choices(list(FATES), [share for share, _, _ in FATES.values()], k=TEXTS)
    of_text = list(zip(ids, fates, strict=True))
    answers = [_answer(alert, number) for number in ids]
    lost = set(chance.sample(ids, TEXTS // 10))
    late = set(chance.sample(sorted(set(ids) - lost), TEXTS // 5))

    _settle(house, [one for one in answers if one.message_id not in late | lost])
    _lose(house, alert, lost)
    once = [event for number, fate in of_text for event in _callbacks(number, fate)]
    for repeat in range(5):
        chance.shuffle(once)
        for first in range(0, len(once), 2_000):
            news = take_in(house, *once[first : first + 2_000])
            assert news == (0 if repeat else len(once[first : first + 2_000]))
        apply_all(house)
    _settle(house, [one for one in answers if one.message_id in late])

    truth = {number: FATES[fate][2] for number, fate in of_text}
    with house.db.reading() as session:
        found = dict(session.execute(select(Message.id, Message.status)).all())
        refs = set(session.scalars(select(Message.provider_ref)))
        lines = session.execute(select(DeliveryLogEntry.message_id, DeliveryLogEntry.status)).all()
    assert Counter(found.values()) == Counter(truth.values())
    assert found == truth
    assert refs == {f"SM{number}" for number in ids}  # of the lost answers, too
    _look_at(Counter((number, status) for number, status in lines), truth, lost)
    reasons = {"dead": "bounced", "stopped": "stop"}
    assert suppressed(house) == {
        house.keys.address_key(_phone(number)): reasons[fate] for number, fate in of_text if fate in reasons
    }


def _look_at(lines: Counter[tuple[int, Status]], truth: dict[int, Status], lost: set[int]) -> None:
    """No line twice but `sent`, which an event and our own answer may both say; each end is told once, and
    nothing that can't be beside it.
    """
    for (number, status), times in lines.items():
        ends = status is truth[number]
        on_the_way = status is S.SENT or (status is S.UNCERTAIN and number in lost)
        assert ends or on_the_way, (status, truth[number])
        assert times == 1 or status is S.SENT
        assert ends or truth[number] in MOVES[status]
    assert all(lines[number, status] for number, status in truth.items())


def _being_sent(house: House, alert: int) -> list[int]:
    """As many texts as there are, in the hands of a worker; their numbers."""
    texts = [
        {"id": number, "address_key": house.keys.address_key(_phone(number))}
        for number in range(1, TEXTS + 1)
    ]
    of_all = {"alert_id": alert, "channel": Channel.SMS, "edition_number": 1, "language": "en"}
    with house.db.transaction() as session:
        sending = insert(Message).values(**of_all, status=Status.SENDING, attempt=1)
        session.connection().execute(sending, texts)
    return list(range(1, TEXTS + 1))


def _phone(number: int) -> str:
    return f"+1312{2_000_000 + number}"


def _callbacks(number: int, fate: str) -> list[Event]:
    return [
        told(
            kind,
            "twilio",
            event_id=f"SM{number}:{state}",
            reference=str(number),
            provider_ref=f"SM{number}",
            recipient=_phone(number),
            code=code,
        )
        for state, kind, code in FATES[fate][1]
    ]


def _answer(alert: int, number: int) -> Move:
    return Move(number, alert, Channel.SMS, None, S.SENT, 1, provider_ref=f"SM{number}", segments=1)


def _settle(house: House, answers: list[Move]) -> None:
    for first in range(0, len(answers), 1_000):
        with house.db.transaction() as session:
            settle_each(session, answers[first : first + 1_000])


def _lose(house: House, alert: int, lost: set[int]) -> None:
    """Their worker is killed after Twilio has taken them."""
    gone = [Move(number, alert, Channel.SMS, None, S.UNCERTAIN, 1) for number in sorted(lost)]
    _settle(house, gone)
